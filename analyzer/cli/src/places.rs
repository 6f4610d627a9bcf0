//! Gives every finding its place, once, after the rules.

use nhi_analyzer_input::locate::Locator;
use nhi_analyzer_input::sources::{PlanZip, Sources};
use nhi_analyzer_model::{Finding, Place, Step};

use crate::directory::Directory;
use crate::input::Source;

/// Opens the configuration; the error is a remark for the reader.
pub(crate) fn open(source: Source) -> Result<Box<dyn Sources>, String> {
    match source {
        Source::Directory(root) => Ok(Box::new(Directory::new(&root))),
        Source::Plan(bytes) => match PlanZip::open(bytes) {
            Ok(plan) => Ok(Box::new(plan)),
            Err(error) => Err(format!("the configuration in the binary plan cannot be read: {error}")),
        },
    }
}

/// Fills in the places of findings and answers what could not be read on the way.
pub(crate) fn resolve(findings: &mut [Finding], sources: &Result<Box<dyn Sources>, String>) -> Vec<String> {
    if findings.is_empty() {
        return Vec::new();
    }
    let mut notes = Vec::new();
    let sources = match sources {
        Ok(sources) => sources.as_ref(),
        Err(note) => return vec![note.clone()],
    };
    let locator = Locator::new(sources);
    for finding in findings {
        finding.place = place(&locator, finding);
        for related in &mut finding.related {
            related.place = locator.locate(&related.origin);
        }
    }
    notes.extend(locator.notes().into_iter().map(|note| {
        format!("`{}` could not be read, so places in it are missing: {}", note.file, note.reason)
    }));
    notes
}

/// The granting statement where all regions come from one statement of the finding's own document.
fn place(locator: &Locator<'_>, finding: &Finding) -> Option<Place> {
    let mut granted = finding.regions.iter().map(|region| region.granted_by.as_ref());
    let first = granted.next().flatten().filter(|one| one.origin == finding.origin);
    match first {
        // A statement that is a block of its own is its own origin.
        Some(one)
            if !matches!(one.origin.attribute.0.last(), Some(Step::Index(_)))
                && granted.all(|other| other == Some(one)) =>
        {
            locator.locate_statement(&finding.origin, one.statement)
        }
        _ => locator.locate(&finding.origin),
    }
}
