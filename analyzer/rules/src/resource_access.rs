//! Drafts of what changes on resources through their own policies: one for each part of the plan that brings it about.

use std::cmp::Reverse;

use nhi_access::{Cause, Reach, Region, trust_reach, words};
use nhi_analyzer_model::{Confidence, Delta, FindingKind, Guard, GuardedResource, Known, Severity};

use crate::draft::{Draft, Subject};
use crate::grant::{self, Direction, Grant};
use crate::guarded::{OTHERS, ResourceChange};
use crate::{fingerprint, narrowing, severity};

/// Everything new on a resource, then everything that goes away.
pub(crate) fn drafts<'a>(
    delta: &'a Delta,
    change: &'a ResourceChange<'a>,
    kind: FindingKind,
) -> Vec<Draft<'a>> {
    let Some(resource) = change.resource() else { return Vec::new() };
    let sides = [(&change.direct, Held::Direct), (&change.lifted, Held::Back)];
    let compared = sides.into_iter().filter_map(|(compared, held)| Some((compared.as_ref()?, held)));
    compared
        .flat_map(|(compared, held)| {
            let telling = Telling { delta, change, resource, kind, held };
            let of = |direction| {
                let grants = grant::grants(delta, resource.origin.as_ref(), compared, direction);
                grants.into_iter().filter_map(|grant| telling.draft(grant, direction)).collect::<Vec<_>>()
            };
            // What a stricter `Deny` takes away of what others may grant is nobody's loss that is known.
            let reduced = if held == Held::Direct { of(Direction::Reduced) } else { Vec::new() };
            of(Direction::New).into_iter().chain(reduced).collect::<Vec<_>>()
        })
        .collect()
}

/// Which of the two comparisons of a resource is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    /// What its policies grant.
    Direct,
    /// What they held back of what others grant.
    Back,
}

#[derive(Clone, Copy)]
struct Telling<'a> {
    delta: &'a Delta,
    change: &'a ResourceChange<'a>,
    resource: &'a GuardedResource,
    kind: FindingKind,
    held: Held,
}

impl<'a> Telling<'a> {
    fn draft(self, grant: Grant<'a>, direction: Direction) -> Option<Draft<'a>> {
        let mut weighed: Vec<(Severity, &'a Region)> = grant
            .regions
            .iter()
            .filter(|region| self.held == Held::Direct || region.granted_by.document.0 == OTHERS)
            .filter_map(|region| Some((self.weigh(region)?, *region)))
            .collect();
        weighed.sort_by_key(|(severity, _)| Reverse(*severity));
        let heaviest = weighed.first().map(|(severity, _)| *severity)?;
        let regions: Vec<&'a Region> = weighed.into_iter().map(|(_, region)| region).collect();
        let (kind, severity) = match direction {
            Direction::New => (self.kind, heaviest),
            Direction::Reduced => (FindingKind::Reduction, Severity::Info),
        };
        let mut draft = Draft::new(kind, severity, grant.origin, Subject::Resource);
        draft.words = match (self.resource.guard, direction) {
            (Guard::Organisation, Direction::New) => words::region,
            (Guard::Organisation, Direction::Reduced) => |region| words::no_longer(&words::region(region)),
            (_, Direction::New) => on_it,
            (_, Direction::Reduced) => |region| words::no_longer(&on_it(region)),
        };
        draft.message = self.message(&regions, draft.words, direction);
        draft.confidence = self.confidence(&regions);
        draft.cause =
            format!("{} {}\n{}", self.resource.noun, name_of(self.resource), fingerprint::cause(&regions));
        let origin = &draft.origin.address;
        let own = self.resource.origin.as_ref().filter(|own| own.address != *origin);
        draft.previous_address = match own {
            None => self.resource.previous_address.clone(),
            Some(_) => None,
        };
        draft.related = grant.related;
        draft.related.extend(own.cloned());
        draft.diff = grant.diff;
        draft.documents = Some(match direction {
            Direction::New => &self.delta.after.documents,
            Direction::Reduced => &self.delta.before.documents,
        });
        draft.regions = regions;
        Some(draft)
    }

    /// How heavy a region is; `None` where it lets nobody do what their own policies would not.
    fn weigh(self, region: &Region) -> Option<Severity> {
        match (self.resource.guard, self.held) {
            (Guard::Cap, _) => Some(Severity::Medium),
            (_, Held::Back) | (Guard::Organisation, _) => Some(Severity::High),
            // What is told of all that other policies may grant holds for what this one grants to the account's own.
            _ if region.because == Cause::DenyRemoved && self.is_told_of_all(region) => None,
            _ => severity::of_resource(region, self.resource, self.change.before.is_none()),
        }
    }

    fn is_told_of_all(self, region: &Region) -> bool {
        let account = self.resource.account.as_deref();
        let own = match trust_reach(region, account) {
            Reach::SameAccount => true,
            Reach::OtherAccount => account.is_none(),
            _ => false,
        };
        own && self.change.lifted.as_ref().is_some_and(|lifted| !lifted.comparison.new.is_empty())
    }

    fn message(self, regions: &[&Region], words: fn(&Region) -> String, direction: Direction) -> String {
        let name = name_of(self.resource);
        let outside = if self.kind == FindingKind::Drift { "Outside of Terraform: " } else { "" };
        let new = if self.change.before.is_none() { "new " } else { "" };
        let noun = match self.resource.guard {
            Guard::Cap => format!("through {}", self.resource.noun),
            Guard::Organisation => "whoever is under organisation policy".to_owned(),
            _ => self.resource.noun.to_owned(),
        };
        let what = regions.first().map(|region| words(region)).unwrap_or_default();
        let more = match regions.len().saturating_sub(1) {
            0 => String::new(),
            1 => ", and one thing more".to_owned(),
            rest => format!(", and {rest} things more"),
        };
        let limit = match (self.held, self.resource.guard) {
            (Held::Back, _) | (_, Guard::Cap | Guard::Organisation) => ", as far as other policies allow it",
            _ => "",
        };
        let cause = regions.first().map(|region| words::cause(region.because)).unwrap_or_default();
        let cause = match (direction, cause) {
            (Direction::Reduced, _) | (_, "") => String::new(),
            (_, cause) => format!("; {cause}"),
        };
        format!("{outside}{new}{noun} `{name}`: {what}{limit}{more}{cause}")
    }

    /// Whether another account is another one cannot be told where this one's is not known.
    fn confidence(self, regions: &[&Region]) -> Confidence {
        let sure = regions.iter().any(|region| region.reading.is_none());
        let placed = self.resource.account.is_some()
            || regions.iter().any(|region| trust_reach(region, None) != Reach::OtherAccount);
        if sure && placed && self.held == Held::Direct { Confidence::High } else { Confidence::Medium }
    }
}

/// What a reader calls a resource: its name, else its ARN, else what the plan calls it.
pub(crate) fn name_of(resource: &GuardedResource) -> String {
    match (&resource.name, &resource.arn, &resource.origin) {
        (Known::Is(name), _, _) => name.clone(),
        (Known::Unknown, Some(arn), _) => arn.clone(),
        (Known::Unknown, None, Some(origin)) => origin.address.to_string(),
        (Known::Unknown, None, None) => resource.id.0.clone(),
    }
}

/// Who may do what; everything on the resource is all that a policy of its own can speak of.
fn on_it(region: &Region) -> String {
    let mut region = region.clone();
    for who in region.set.dimensions.iter_mut().filter(|dimension| dimension.name == "principal") {
        // Whom a named caller is not need not be said.
        if !who.within.iter().all(|text| text == "*" || text == "AWS:*") {
            who.without.clear();
        }
    }
    let source = format!("matches `{}`", narrowing::ANY_ARN);
    words::resource(&region).replacen(" on anything", " on it", 1).replace(&source, "is what apply makes it")
}
