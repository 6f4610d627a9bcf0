//! What no adapter reads and may still grant something: told, so that nothing is dropped in silence.

mod table;

use nhi_access::dialect::aws::{
    Effect, Element, Item, Policy, PolicyKind, PrincipalItem, Principals, Statement,
};
use nhi_access::{Content, Document, DocumentId, Layer, LayerKind, Settings, Verdict, World, compare};
use nhi_analyzer_input::configuration::Expression;
use nhi_analyzer_input::{Actions, Change, Plan, Value};
use nhi_analyzer_model::{AttributePath, Mode, NotUnderstood, Origin};

use self::table::{Carrier, carrier_of};
use crate::aws::documents::parse;
use crate::aws::resource_policy::table::carries;
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
    let drifted = plan.drift.iter().filter_map(|change| {
        let part = part(plan, change)?;
        Some(NotUnderstood { reason: format!("{}; it changed outside of Terraform", part.reason), ..part })
    });
    unreadable.chain(planned).chain(drifted).collect()
}

/// Whether any adapter or the table knows the type as one that grants.
fn may_grant(kind: &str) -> bool {
    carrier_of(kind).is_some() || carries(kind) || kind.starts_with("aws_iam_")
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
        Carrier::Whole | Carrier::Limit => AttributePath::default(),
        Carrier::Policy(name) => path(name),
    };
    let may_grant = match carrier {
        // What is nothing but a grant only takes away when it goes.
        Carrier::Whole => !matches!(change.actions, Actions::Delete | Actions::Forget),
        // What only takes away grants when it goes, or when it takes away elsewhere.
        Carrier::Limit => !matches!(change.actions, Actions::Create | Actions::Forget),
        Carrier::Policy(name) => {
            let Halves { before, after } = halves(change, &[name]);
            let (old, new) = (text(before.as_ref(), name), text(after.as_ref(), name));
            if same(&old, &new) {
                return None;
            }
            // A text that appears only once it is applied, and that nobody wrote, is the platform's default.
            let written = || plan.configuration.expression(&change.address, &attribute) != Expression::Absent;
            if new == Value::Unknown && !written() {
                return None;
            }
            may_widen(&old, &new)
        }
    };
    Some(NotUnderstood {
        address: change.address.to_string(),
        origin: Some(Origin { address: change.address.clone(), attribute: attribute.clone() }),
        attribute,
        reason: match carrier {
            Carrier::Limit => {
                format!("`{}` is not read yet, and it can hold back what others grant", change.address.kind)
            }
            _ => format!("`{}` is not read yet, and it can carry a grant", change.address.kind),
        },
        may_grant,
    })
}

fn text(object: Option<&Value>, name: &str) -> Value {
    object.map_or(Value::Null, |object| get(object, name).clone())
}

/// Whether anything may be allowed under the new text that was not under the old one: by itself, or because a `Deny`
/// in it holds back less of what other policies grant.
fn may_widen(old: &Value, new: &Value) -> bool {
    let (Some(old), Some(new)) = (policy(old), policy(new)) else { return true };
    let everything = Statement {
        principals: anyone(),
        ..Statement::new(Effect::Allow, Element::In(vec![Item::from("*")]))
    };
    [None, Some(everything)].into_iter().any(|beside| {
        let [old, new] =
            [&old, &new].map(|statements| world(statements.iter().chain(&beside).cloned().collect()));
        compare(&old, &new, &Settings::default()).verdict != Verdict::NoNewAccess
    })
}

fn world(statements: Vec<Statement>) -> World {
    let id = DocumentId(String::new());
    let content = Content::Aws(Policy::new(PolicyKind::Resource, statements));
    let documents = vec![Document { id, content }];
    World { layers: vec![Layer { kind: LayerKind::Resource, documents }], ..World::default() }
}

/// The statements of a text; none where there is no text, `None` where it cannot be told.
fn policy(value: &Value) -> Option<Vec<Statement>> {
    match value {
        value if is_empty(value) => Some(Vec::new()),
        Value::String(text) => {
            let statements = parse(text, PolicyKind::Resource).ok()?.statements;
            Some(statements.into_iter().map(addressed).collect())
        }
        _ => None,
    }
}

/// Some of these texts are attached to whom they speak of (a permission set's, a device's), and name nobody.
fn addressed(statement: Statement) -> Statement {
    match statement.principals {
        Principals::Absent => Statement { principals: anyone(), ..statement },
        _ => statement,
    }
}

fn anyone() -> Principals {
    Principals::In(vec![PrincipalItem { kind: "AWS".to_owned(), value: Item::from("*") }])
}
