//! An inventory as text, one fact a line: enough to see every value that a rule could read.

use nhi_access::dialect::aws::{Condition, Effect, Element, Item, Policy, Principals, Statement};
use nhi_access::{Content, World};
use nhi_analyzer_model::{
    Credential, Declarations, Delta, Facts, GuardedResource, Inventory, Known, Origin, Ownership, Principal,
};

/// The whole inventory.
pub(crate) fn inventory(inventory: &Inventory) -> String {
    let mut out = String::new();
    delta(&mut out, "planned", &inventory.planned);
    if let Some(drift) = &inventory.drift {
        delta(&mut out, "drift", drift);
    }
    for part in &inventory.not_understood {
        let grants = if part.may_grant { ", may grant" } else { "" };
        line(
            &mut out,
            0,
            &format!("not understood: {} {}: {}{grants}", part.address, part.attribute, part.reason),
        );
    }
    out
}

fn line(out: &mut String, depth: usize, text: &str) {
    out.push_str(&"  ".repeat(depth));
    out.push_str(text);
    out.push('\n');
}

fn delta(out: &mut String, name: &str, delta: &Delta) {
    for (side, facts) in [("before", &delta.before), ("after", &delta.after)] {
        line(out, 0, &format!("{name} {side}"));
        side_of(out, facts);
    }
}

fn side_of(out: &mut String, facts: &Facts) {
    for one in facts.principals.values() {
        principal(out, one);
    }
    for one in facts.resources.values() {
        resource(out, one);
    }
    for (id, fact) in &facts.documents {
        let through: Vec<String> = fact.through.iter().map(Origin::to_string).collect();
        let text = if fact.text.is_some() { "text" } else { "no text" };
        let statements: Vec<String> = fact.statements.iter().map(Origin::to_string).collect();
        line(
            out,
            1,
            &format!(
                "document [{}] at {}, {text}{}{}",
                id.0,
                fact.origin,
                list(", through", &through),
                list(", statements", &statements)
            ),
        );
    }
    for one in &facts.credentials {
        credential(out, one);
    }
    for one in &facts.identity_providers {
        line(out, 1, &format!("provider {} {} {}", one.origin, known(&one.url), known(&one.audiences)));
    }
    for one in &facts.instance_profiles {
        let role = one.role.as_ref().map_or("-", |role| role.0.as_str());
        line(out, 1, &format!("profile {} {} role [{role}]", one.origin, known(&one.name)));
    }
    declarations(out, &facts.declarations);
}

fn list(name: &str, items: &[String]) -> String {
    if items.is_empty() { String::new() } else { format!("{name} {}", items.join(" + ")) }
}

fn known<T: std::fmt::Debug>(value: &Known<T>) -> String {
    match value {
        Known::Is(value) => format!("{value:?}"),
        Known::Unknown => "(unknown)".to_owned(),
    }
}

fn principal(out: &mut String, one: &Principal) {
    let owner = match &one.ownership {
        Ownership::Tagged { key, value } => format!("owner {key}={value}"),
        other => format!("{other:?}").to_lowercase(),
    };
    let place = one.origin.as_ref().map_or_else(|| "declared nowhere".to_owned(), Origin::to_string);
    let from = one.previous_address.as_ref().map_or_else(String::new, |old| format!(", was {old}"));
    line(
        out,
        1,
        &format!(
            "{:?} {:?} {} [{}] at {place}{from}, arn {}, account {}, {owner}",
            one.platform,
            one.kind,
            known(&one.name),
            one.id.0,
            one.arn.as_deref().unwrap_or("-"),
            one.account.as_deref().unwrap_or("-"),
        ),
    );
    for group in &one.groups {
        line(out, 2, &format!("member of [{}]", group.0));
    }
    world(out, &one.world);
    if let Some(trust) = &one.trust {
        world(out, trust);
    }
}

fn resource(out: &mut String, one: &GuardedResource) {
    let place = one.origin.as_ref().map_or_else(|| "declared nowhere".to_owned(), Origin::to_string);
    let from = one.previous_address.as_ref().map_or_else(String::new, |old| format!(", was {old}"));
    line(
        out,
        1,
        &format!(
            "{:?} {} {} [{}] at {place}{from}, arn {}, account {}, {:?}",
            one.platform,
            one.noun,
            known(&one.name),
            one.id.0,
            one.arn.as_deref().unwrap_or("-"),
            one.account.as_deref().unwrap_or("-"),
            one.guard,
        ),
    );
    world(out, &one.world);
}

fn world(out: &mut String, world: &World) {
    for layer in &world.layers {
        line(out, 2, &format!("{:?}", layer.kind));
        for document in &layer.documents {
            match &document.content {
                Content::Unknown(reason) => line(out, 3, &format!("[{}] unknown: {reason:?}", document.id.0)),
                Content::Aws(policy) => {
                    line(out, 3, &format!("[{}]", document.id.0));
                    statements(out, policy);
                }
            }
        }
    }
}

fn statements(out: &mut String, policy: &Policy) {
    for one in &policy.statements {
        line(out, 4, &statement(one));
    }
}

fn statement(one: &Statement) -> String {
    let sid = one.sid.as_ref().map_or_else(String::new, |sid| format!("{sid}: "));
    let effect = if one.effect == Effect::Allow { "allow" } else { "deny" };
    let principals = match &one.principals {
        Principals::Absent => String::new(),
        Principals::In(list) | Principals::NotIn(list) => {
            let not = if matches!(one.principals, Principals::NotIn(_)) { "not " } else { "" };
            let list: Vec<String> =
                list.iter().map(|one| format!("{}:{}", one.kind, item(&one.value))).collect();
            format!(" {not}{{{}}}", list.join(", "))
        }
    };
    let conditions: Vec<String> = one.conditions.iter().map(condition).collect();
    format!(
        "{sid}{effect}{principals} {} on {}{}",
        element(&one.action),
        element(&one.resource),
        list(" if", &conditions),
    )
}

fn condition(one: &Condition) -> String {
    format!("{} {} {}", one.operator, one.key, items(&one.values))
}

fn element(one: &Element) -> String {
    match one {
        Element::In(list) => items(list),
        Element::NotIn(list) => format!("not {}", items(list)),
    }
}

fn items(list: &[Item]) -> String {
    let list: Vec<String> = list.iter().map(item).collect();
    format!("({})", list.join(" "))
}

fn item(one: &Item) -> String {
    if *one == Item::Unknown { "(unknown)".to_owned() } else { one.shown().into_owned() }
}

fn credential(out: &mut String, one: &Credential) {
    let whose = one.principal_id.as_ref().map_or("-", |id| id.0.as_str());
    let human = if one.human { ", human" } else { "" };
    let disabled = if one.disabled { ", disabled" } else { "" };
    line(
        out,
        1,
        &format!(
            "credential {} at {}, {:?}, principal {} [{whose}], expires {}{human}{disabled}",
            one.kind,
            one.origin,
            one.platform,
            known(&one.principal),
            known(&one.expires),
        ),
    );
}

fn declarations(out: &mut String, all: &Declarations) {
    for one in &all.owners {
        line(out, 1, &format!("owner {}", known(&one.name)));
    }
    for one in &all.zones {
        line(out, 1, &format!("zone {} reaches {}", known(&one.name), known(&one.reaches)));
    }
    for one in &all.identities {
        let references: Vec<String> = one.principal_refs.iter().map(ToString::to_string).collect();
        line(
            out,
            1,
            &format!(
                "identity {} owner {} tier {} zone {} platform {} principal {} federation {}{}",
                known(&one.name),
                known(&one.owner),
                known(&one.tier),
                known(&one.zone),
                known(&one.platform),
                known(&one.principal),
                known(&one.federation),
                list(" refers to", &references),
            ),
        );
    }
    for one in &all.exceptions {
        line(
            out,
            1,
            &format!(
                "exception {} identity {} rules {} actions {} resources {} expires {} valid for {} owner {}",
                known(&one.name),
                known(&one.identity),
                known(&one.rules),
                known(&one.actions),
                known(&one.resources),
                known(&one.expires_at),
                known(&one.valid_for),
                known(&one.owner),
            ),
        );
    }
}
