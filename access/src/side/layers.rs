//! Statements of layers that speak of fewer requests than they say: those of one account's principals, those on the
//! resource that a policy is attached to.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::{Entry, Place, What};
use crate::comparison::StatementRef;
use crate::dialect::aws::catalogue;
use crate::dialect::aws::{Effect, Element, Item, Policy, PolicyKind, PrincipalItem, Principals, Statement};
use crate::space::glob::Pattern;
use crate::world::{DocumentId, LayerKind, World};

/// The document of statements that no document holds.
fn unwritten() -> &'static Policy {
    static UNWRITTEN: OnceLock<Policy> = OnceLock::new();
    UNWRITTEN.get_or_init(|| Policy::new(PolicyKind::Identity, Vec::new()))
}

fn push(entries: &mut Vec<Entry<'_>>, kind: LayerKind, statement: Statement) -> Place {
    let source = StatementRef { document: DocumentId(String::new()), statement: 0 };
    let what = What::Statement(unwritten(), Cow::Owned(statement));
    entries.push(Entry { kind, source, what, same: None, class: None });
    entries.len() - 1
}

fn allowing(resource: Element, principals: Principals) -> Statement {
    let everything = Statement::new(Effect::Allow, Element::In(vec![Item::from("*")]));
    Statement { principals, resource, ..everything }
}

/// Makes entries of a service control policy, from `from` on, speak of the principals it holds for where these are a
/// dimension. The entry whose place comes back allows everyone else.
pub(super) fn of_account(entries: &mut Vec<Entry<'_>>, from: Place, world: &World) -> Place {
    let account = world.account.clone().unwrap_or_else(|| "arn:*".to_owned());
    let under = vec![PrincipalItem { kind: "AWS".to_owned(), value: Item::Text(account) }];
    for entry in entries.iter_mut().skip(from) {
        if let What::Statement(_, statement) = &mut entry.what
            && statement.effect == Effect::Deny
        {
            statement.to_mut().principals = Principals::In(under.clone());
        } else if let What::Statement(_, statement) = &mut entry.what {
            statement.to_mut().principals = Principals::Absent;
        }
        entry.class = None;
    }
    let others = allowing(Element::In(vec![Item::from("*")]), Principals::NotIn(under));
    push(entries, LayerKind::ServiceControl, others)
}

/// Makes entries of a resource control policy, from `from` on, speak of the actions of services that it holds for.
/// Such a policy cannot hold `NotAction`; what says it all the same is left as it stands.
pub(super) fn of_services(entries: &mut [Entry<'_>], from: Place) {
    for entry in entries.iter_mut().skip(from) {
        if let What::Statement(_, statement) = &mut entry.what
            && let Element::In(items) = &statement.action
        {
            let within = |item: &Item| match item.text() {
                Some(text) => within_services(text).into_iter().map(Item::Text).collect(),
                None => vec![item.clone()],
            };
            let held: Vec<Item> = items.iter().flat_map(within).collect();
            if held != *items {
                statement.to_mut().action = Element::In(held);
                entry.class = None;
            }
        }
    }
}

/// What an action pattern says of the services that resource control policies hold for: for each way in which a part
/// of it can be the prefix, what is left for the name.
fn within_services(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        let behind = at + c.len_utf8();
        let (prefix, rest) = match c {
            ':' | '?' => (text.get(..at), text.get(behind..)),
            '*' => (text.get(..behind), text.get(at..)),
            _ => continue,
        };
        let prefix = Pattern::glob(&prefix.unwrap_or_default().to_lowercase());
        let services = catalogue::resource_controlled().filter(|service| prefix.matches(service));
        found.extend(services.map(|service| format!("{service}:{}", rest.unwrap_or_default())));
        if c == ':' {
            break;
        }
    }
    found
}

/// The texts of a resource and of what is in it.
fn own(resource: &str) -> Vec<Item> {
    ["", "/*", ":*"].map(|rest| Item::Text(format!("{resource}{rest}"))).to_vec()
}

/// Makes entries of a resource policy, from `from` on, that speak of every resource speak of their own.
pub(super) fn on_own(entries: &mut [Entry<'_>], from: Place, world: &World) {
    let Some(resource) = &world.resource else { return };
    for entry in entries.iter_mut().skip(from) {
        if let What::Statement(_, statement) = &mut entry.what
            && statement.resource == Element::In(vec![Item::from("*")])
        {
            statement.to_mut().resource = Element::In(own(resource));
            entry.class = None;
        }
    }
}

/// An entry that allows everyone everything on other resources; none where the resource is not known.
pub(super) fn elsewhere(entries: &mut Vec<Entry<'_>>, world: &World) -> Option<Place> {
    let resource = world.resource.as_ref()?;
    let everyone = Principals::In(vec![PrincipalItem { kind: "AWS".to_owned(), value: Item::from("*") }]);
    Some(push(entries, LayerKind::Resource, allowing(Element::NotIn(own(resource)), everyone)))
}
