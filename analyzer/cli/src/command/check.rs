//! `nhi check`: read, compare, judge, find the places, tell.

use jiff::Timestamp;
use nhi_analyzer_input::{Plan, Settings, Sources};
use nhi_analyzer_model::{Declarations, PlanSummary, Report, Severity, Verdict};
use nhi_analyzer_output::{json, terminal};
use nhi_analyzer_rules::{Question, judge};

use crate::arguments::{Check, FailOn, Format};
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::surroundings::Surroundings;
use crate::{exported, places, register, settings};

/// Checks a plan and prints the report.
pub(crate) fn run(check: &Check, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let input = Input::read(check, surroundings)?;
    let mut settings = settings::find(&input.directory)?;
    settings.register = register::joined::asked(check, &settings);
    if let Some(folder) = &check.policies {
        settings.policies = exported::read(folder)?;
    }
    let mut notes = Vec::new();
    let at = check.at.unwrap_or(surroundings.now);
    let joined = match &settings.register {
        Some(url) => {
            let declared = register::joined::join(url, &check.organisation, at)?;
            notes.push(format!("declarations of the register `{url}` are joined"));
            declared
        }
        None => Declarations::default(),
    };
    let standard = Standard {
        settings: &settings,
        register: &joined,
        at,
        fail_on: check.fail_on.map_or(settings.fail_on, FailOn::threshold),
    };
    let Input { json, name, source, .. } = input;
    let sources = places::open(source);
    let (mut report, mismatches) = report((&json, &name), sources.as_deref().ok(), &standard)?;
    notes.extend(places::resolve(&mut report.findings, &sources));
    report.notes = notes;
    let mut text = Vec::new();
    let told = match check.format {
        Format::Terminal => terminal::write(&report, surroundings.colour, &mut text),
        Format::Json => {
            // JSON has no room for remarks; a reader of the log still wants them.
            for note in &report.notes {
                surroundings.say(&format!("note: {note}"));
            }
            json::write(&report, &mut text)
        }
    };
    told.map_err(|error| Failure::error(format!("the report could not be made: {error}")))?;
    surroundings.print(&text)?;
    if mismatches > 0 {
        surroundings.say(&format!(
            "internal mismatch: {mismatches} requests that the comparison found were not confirmed by the evaluator; \
             they are reported as undecided. Please report this plan"
        ));
        return Ok(Exit::Internal);
    }
    Ok(match report.verdict() {
        Verdict::Pass => Exit::Pass,
        Verdict::Fail => Exit::Findings,
    })
}

/// What a plan is held against.
struct Standard<'a> {
    settings: &'a Settings,
    register: &'a Declarations,
    at: Timestamp,
    fail_on: Option<Severity>,
}

/// The report, without places, and how often the comparison contradicted itself.
fn report(
    (json, name): (&[u8], &str),
    sources: Option<&dyn Sources>,
    standard: &Standard<'_>,
) -> Result<(Report, usize), Failure> {
    let plan = Plan::parse(json).map_err(|error| Failure::input(format!("{name}: {error}")))?;
    let inventory = nhi_analyzer_adapters::read(&plan, standard.settings, sources);
    let judgement = judge(&Question { inventory: &inventory, register: standard.register, at: standard.at });
    let report = Report {
        plan: PlanSummary {
            terraform_version: plan.terraform_version.clone(),
            complete: plan.complete,
            errored: plan.errored,
        },
        fail_on: standard.fail_on,
        findings: judgement.findings,
        not_understood: inventory.not_understood.clone(),
        notes: Vec::new(),
    };
    // The process is about to end, and taking a large plan apart piece by piece would be a tenth of its time.
    std::mem::forget((plan, inventory));
    Ok((report, judgement.mismatches))
}
