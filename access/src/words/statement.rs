//! A statement on one line, as its document would write it, with long lists cut and counted.

use crate::dialect::aws::{Effect, Element, Item, Policy, PolicyKind, Principals};

/// Entries of a list before the rest is only counted.
const ENTRIES: usize = 4;
/// Characters of a text before the rest is left out.
const LETTERS: usize = 120;

/// `"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"`; `None` where the policy has no such
/// statement.
pub fn statement(policy: &Policy, index: usize) -> Option<String> {
    let statement = policy.statements.get(index)?;
    let mut parts = Vec::new();
    if let Some(sid) = &statement.sid {
        parts.push(format!("\"Sid\": {}", text(sid)));
    }
    let effect = if statement.effect == Effect::Allow { "Allow" } else { "Deny" };
    parts.push(format!("\"Effect\": \"{effect}\""));
    let (name, principals) = match &statement.principals {
        Principals::Absent => ("", &[][..]),
        Principals::In(items) => ("Principal", items.as_slice()),
        Principals::NotIn(items) => ("NotPrincipal", items.as_slice()),
    };
    let mut kinds: Vec<&str> = principals.iter().map(|item| item.kind.as_str()).collect();
    kinds.dedup();
    let kinds: Vec<String> = kinds
        .into_iter()
        .map(|kind| {
            let of_kind = principals.iter().filter(|item| item.kind == kind).map(|item| &item.value);
            format!("\"{kind}\": {}", entries(of_kind))
        })
        .collect();
    if !name.is_empty() {
        parts.push(format!("\"{name}\": {{{}}}", kinds.join(", ")));
    }
    parts.push(element("Action", &statement.action));
    if policy.kind != PolicyKind::Trust {
        parts.push(element("Resource", &statement.resource));
    }
    let conditions: Vec<String> = statement
        .conditions
        .iter()
        .map(|one| format!("{}: {{{}: {}}}", text(&one.operator), text(&one.key), entries(one.values.iter())))
        .collect();
    if !conditions.is_empty() {
        parts.push(format!("\"Condition\": {{{}}}", conditions.join(", ")));
    }
    Some(parts.join(", "))
}

fn element(name: &str, element: &Element) -> String {
    match element {
        Element::In(items) => format!("\"{name}\": {}", entries(items.iter())),
        Element::NotIn(items) => format!("\"Not{name}\": {}", entries(items.iter())),
    }
}

fn entries<'a>(items: impl Iterator<Item = &'a Item>) -> String {
    let mut texts: Vec<String> =
        items.map(|item| item.text().map_or_else(|| "(known after apply)".to_owned(), text)).collect();
    let count = texts.len();
    if let [only] = texts.as_slice() {
        return only.clone();
    }
    if count > ENTRIES + 1 {
        texts.truncate(ENTRIES);
        texts.push(format!("… {} more", count - ENTRIES));
    }
    format!("[{}]", texts.join(", "))
}

fn text(text: &str) -> String {
    let mut shown: String = text.chars().take(LETTERS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    serde_json::to_string(&shown).unwrap_or_default()
}
