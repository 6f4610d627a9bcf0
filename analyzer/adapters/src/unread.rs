//! What no adapter reads and may still grant something: told, so that nothing is dropped in silence.

mod table;

use nhi_access::dialect::aws::{Effect, PolicyKind};
use nhi_analyzer_input::configuration::Expression;
use nhi_analyzer_input::{Actions, Change, Plan, Value};
use nhi_analyzer_model::{AttributePath, Mode, NotUnderstood, Origin};

use self::table::{Carrier, carrier_of, mirrors};
use crate::aws::documents::parse;
use crate::halves::{Halves, halves};
use crate::kinds::reading_of;
use crate::value::{get, is_empty, path, same};

/// Every change of a type that can carry a grant and that no adapter reads, and every part that cannot be read.
pub(crate) fn parts(plan: &Plan<'_>) -> Vec<NotUnderstood> {
    let unreadable = plan.unreadable.iter().map(|part| NotUnderstood {
        address: part.address.clone(),
        attribute: AttributePath::default(),
        reason: part.reason.clone(),
        may_grant: part.changes && part.kind.as_deref().is_none_or(may_grant),
        origin: None,
    });
    let planned = plan.changes.iter().filter_map(|change| part(plan, change));
    let drifted = plan.drift.iter().filter(|change| !mirrors(&change.address.kind)).filter_map(|change| {
        let part = part(plan, change)?;
        Some(NotUnderstood { reason: format!("{}; it changed outside of Terraform", part.reason), ..part })
    });
    unreadable.chain(planned).chain(drifted).collect()
}

/// Whether any adapter or the table knows the type as one that grants.
fn may_grant(kind: &str) -> bool {
    carrier_of(kind).is_some() || kind.starts_with("aws_iam_")
}

fn part(plan: &Plan<'_>, change: &Change<'_>) -> Option<NotUnderstood> {
    if change.deposed || change.address.mode != Mode::Managed || change.actions == Actions::NoOp {
        return None;
    }
    if reading_of(&change.address).is_some() {
        return None;
    }
    let carrier = carrier_of(&change.address.kind)?;
    let attribute = match carrier {
        Carrier::Whole => AttributePath::default(),
        Carrier::Policy(name) => path(name),
    };
    let may_grant = match carrier {
        // What is nothing but a grant only takes away when it goes.
        Carrier::Whole => !matches!(change.actions, Actions::Delete | Actions::Forget),
        Carrier::Policy(name) => {
            let Halves { before, after } = halves(change, &[name]);
            let (old, new) = (text(before.as_ref(), name), text(after.as_ref(), name));
            if same(&old, &new) || means_the_same(&old, &new) {
                return None;
            }
            // A text that appears only once it is applied, and that nobody wrote, is the platform's default.
            let written = || plan.configuration.expression(&change.address, &attribute) != Expression::Absent;
            if new == Value::Unknown && !written() {
                return None;
            }
            // A policy that goes takes its grants along, and with a Deny what held others back.
            !is_empty(&new) || may_deny(&old)
        }
    };
    Some(NotUnderstood {
        address: change.address.to_string(),
        origin: Some(Origin { address: change.address.clone(), attribute: attribute.clone() }),
        attribute,
        reason: format!("`{}` is not read yet, and it can carry a grant", change.address.kind),
        may_grant,
    })
}

fn text(object: Option<&Value>, name: &str) -> Value {
    object.map_or(Value::Null, |object| get(object, name).clone())
}

/// Two texts of one policy, written differently.
fn means_the_same(old: &Value, new: &Value) -> bool {
    let read = |value: &Value| match value {
        Value::String(text) => parse(text, PolicyKind::Resource).ok(),
        _ => None,
    };
    read(old).is_some_and(|old| Some(old) == read(new))
}

fn may_deny(policy: &Value) -> bool {
    let Value::String(text) = policy else { return !is_empty(policy) };
    parse(text, PolicyKind::Resource)
        .map_or(true, |policy| policy.statements.iter().any(|statement| statement.effect == Effect::Deny))
}
