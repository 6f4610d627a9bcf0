//! What a reader of one policy wants to be told of its statements: those that say nothing, say it twice, or say it in a
//! way that the sources do not read alike, and actions that nobody knows.

use crate::comparison::Verdict;
use crate::dialect::aws::catalogue::{self, Action};
use crate::dialect::aws::{Effect, Element, Item, Policy, PolicyKind, Statement};
use crate::difference::newly;
use crate::pair::alone;
use crate::settings::Settings;
use crate::space::glob::Pattern;

/// Something about one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The statement, from zero.
    pub statement: usize,
    /// What.
    pub what: Lint,
}

/// What there is to say of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lint {
    /// No request obeys all of its elements.
    NeverMatches,
    /// It allows what the policy's denying statements deny, and nothing else.
    Denied,
    /// All that it says is said by these statements each, from zero; by several together where the list is empty.
    Covered(Vec<usize>),
    /// An entry that the sources do not read alike.
    Disputed(String),
    /// No service of this prefix is known.
    UnknownService(String),
    /// No action of this name, or none that the pattern matches, is known.
    UnknownAction(String),
    /// The action takes no resource: of the statement's resources only a `*` would speak of it.
    TakesNoResource(String),
    /// The policy has too many statements to compare each with all others.
    NotCompared,
}

/// Beyond this, statements are not compared with each other.
const MOST: usize = 1_000;

/// Everything there is to say, statement by statement.
pub fn lint(policy: &Policy) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let whole = policy.statements.len() <= MOST;
    if whole {
        remarks.extend(idle(policy));
    } else {
        remarks.push(Remark { statement: MOST, what: Lint::NotCompared });
    }
    for (statement, own) in policy.statements.iter().enumerate() {
        let found = disputed(policy, own).into_iter().chain(actions(policy, own));
        remarks.extend(found.map(|what| Remark { statement, what }));
    }
    remarks.sort_by_key(|remark| remark.statement);
    remarks
}

/// The policy with these statements alone, each as if it allowed.
fn allowing<'a>(policy: &Policy, statements: impl IntoIterator<Item = &'a Statement>) -> Policy {
    let allow = |one: &Statement| Statement { effect: Effect::Allow, ..one.clone() };
    Policy { statements: statements.into_iter().map(allow).collect(), ..policy.clone() }
}

/// Does the second allow nothing that the first does not?
fn nothing_new(before: Policy, after: Policy) -> bool {
    let settings = Settings { regions: 1, ..Settings::default() };
    newly(&alone(before), &alone(after), &settings).verdict == Verdict::NoNewAccess
}

/// Statements without which the policy would be the same.
fn idle(policy: &Policy) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut left: Vec<(usize, &Statement)> = policy.statements.iter().enumerate().collect();
    let denies = || policy.statements.iter().filter(|one| one.effect == Effect::Deny);
    // From the last: of two that say the same, the later one is told.
    for (index, own) in policy.statements.iter().enumerate().rev() {
        let same = |(other, one): &&(usize, &Statement)| *other != index && one.effect == own.effect;
        let what = if nothing_new(allowing(policy, []), allowing(policy, [own])) {
            Lint::NeverMatches
        } else if own.effect == Effect::Allow && denied(policy, own, denies()) {
            Lint::Denied
        } else {
            let others: Vec<(usize, &Statement)> = left.iter().filter(same).copied().collect();
            let covered = |others: Policy| nothing_new(others, allowing(policy, [own]));
            if !covered(allowing(policy, others.iter().map(|(_, one)| *one))) {
                continue;
            }
            let alone = others.iter().filter(|(_, one)| covered(allowing(policy, [*one])));
            Lint::Covered(alone.map(|(other, _)| *other).collect())
        };
        left.retain(|(other, _)| *other != index);
        remarks.push(Remark { statement: index, what });
    }
    remarks
}

fn denied<'a>(policy: &Policy, own: &Statement, denies: impl Iterator<Item = &'a Statement>) -> bool {
    let mut after = allowing(policy, [own]);
    after.statements.extend(denies.cloned());
    nothing_new(allowing(policy, []), after)
}

/// Entries on whose meaning the sources disagree and where it matters.
fn disputed(policy: &Policy, statement: &Statement) -> Vec<Lint> {
    let mut found = Vec::new();
    if policy.kind != PolicyKind::Trust {
        let entries = statement.resource.items().iter().filter_map(Item::text);
        found.extend(entries.filter(|text| unlike(text)).map(|text| Lint::Disputed(text.to_owned())));
    }
    for condition in &statement.conditions {
        let operator = condition.operator.to_lowercase();
        if operator.starts_with("foranyvalue:") && operator.ends_with("ifexists") {
            found.push(Lint::Disputed(condition.operator.clone()));
        }
    }
    found
}

/// A star that has to reach over a `:`, or stands inside one of the first five fields. One that is a whole field is
/// read alike for every ARN there is.
fn unlike(text: &str) -> bool {
    if text.chars().all(|c| c == '*') || !text.contains('*') {
        return false;
    }
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    fields.len() < 6 || fields.iter().take(5).any(|field| field.contains('*') && *field != "*")
}

/// Actions that the catalogue does not know, or that take no resource where the statement names some.
fn actions(policy: &Policy, statement: &Statement) -> Vec<Lint> {
    let mut found = Vec::new();
    let named = matches!(&statement.resource, Element::In(items)
        if items.iter().all(|item| item.text().is_some_and(|text| text != "*")));
    for text in statement.action.items().iter().filter_map(Item::text) {
        let service = text.split(':').next().unwrap_or_default().to_lowercase();
        if text == "*" || service.contains(['*', '?']) {
            continue;
        }
        if !catalogue::is_service(&service) {
            found.push(Lint::UnknownService(text.to_owned()));
            continue;
        }
        let pattern = Pattern::glob(&text.to_lowercase());
        let mut known =
            catalogue::actions_of(&service).filter(|one| pattern.matches(&one.text().to_lowercase()));
        let Some(first) = known.next() else {
            found.push(Lint::UnknownAction(text.to_owned()));
            continue;
        };
        let without = first.is_wildcard_only() && known.all(|one: Action| one.is_wildcard_only());
        let inside = matches!(statement.action, Element::In(_));
        if named && inside && without && policy.kind == PolicyKind::Identity {
            found.push(Lint::TakesNoResource(text.to_owned()));
        }
    }
    found
}
