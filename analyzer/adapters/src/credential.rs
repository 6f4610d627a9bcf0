//! Static credentials: what lives until somebody revokes it.

mod table;

use nhi_analyzer_input::{Change, Plan, Value};
use nhi_analyzer_model::{
    Address, AttributePath, Credential, Known, Mode, Origin, Platform, Principal, PrincipalId, Step,
};

use self::table::{Ends, ROWS, Row, When};
use crate::halves::{Halves, halves};
use crate::value::{block, get, is_empty, known_text, text};

/// Credentials of these changes, before and after; their principals are joined later.
pub(crate) fn credentials<'p>(changes: impl Iterator<Item = &'p Change<'p>>) -> [Vec<Credential>; 2] {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for change in changes.filter(|change| !change.deposed) {
        let Some(row) = row_of(&change.address) else { continue };
        let Halves { before: old, after: new } = halves(change, &names(row));
        for (object, credentials) in [(old, &mut before), (new, &mut after)] {
            credentials.extend(object.and_then(|object| read(row, &change.address, &object)));
        }
    }
    [before, after]
}

fn row_of(address: &Address) -> Option<&'static Row> {
    (address.mode == Mode::Managed).then(|| ROWS.iter().find(|row| row.kind == address.kind)).flatten()
}

fn names(row: &Row) -> Vec<&'static str> {
    let mut names = vec!["status", "state", "kind"];
    names.extend(row.principal.first());
    names.extend(match row.ends {
        Ends::Never => None,
        Ends::At(name) | Ends::AtOr(name, _) | Ends::After(name, _) => Some(name),
    });
    names.extend(match row.when {
        When::Always => None,
        When::Is(name, _) | When::Has(name) => Some(name),
    });
    names
}

fn read(row: &Row, address: &Address, object: &Value) -> Option<Credential> {
    match row.when {
        When::Is(name, texts) => match get(object, name) {
            Value::String(text) if texts.contains(&text.as_str()) => {}
            _ => return None,
        },
        When::Has(name) if is_empty(get(object, name)) => return None,
        When::Always | When::Has(_) => {}
    }
    let nested = match row.when {
        When::Has(name) => block(get(object, name)),
        _ => object,
    };
    Some(Credential {
        kind: row.kind.to_owned(),
        origin: Origin {
            address: address.clone(),
            attribute: match row.when {
                When::Has(_) => AttributePath(vec![Step::Name(row.value.to_owned())]),
                _ => AttributePath::default(),
            },
        },
        platform: row.platform,
        principal: principal(row, object),
        principal_id: None,
        expires: expires(row.ends, nested),
        instead: row.instead,
        human: row.human,
        disabled: ["status", "state"].iter().any(|name| {
            text(get(object, name)).is_some_and(|status| status.eq_ignore_ascii_case("inactive"))
        }),
    })
}

fn principal(row: &Row, object: &Value) -> Known<Option<String>> {
    if row.principal.is_empty() {
        return Known::Is(None);
    }
    let value = row.principal.iter().fold(object, |value, name| block(get(value, name)));
    match known_text(value) {
        Known::Is(Some(name)) => Known::Is(Some(short(row.platform, &name).to_owned())),
        other => other,
    }
}

/// Resource names end in the name that people use.
fn short(platform: Platform, name: &str) -> &str {
    match platform {
        Platform::Google | Platform::Azure => name.rsplit('/').next().unwrap_or(name),
        Platform::Aws | Platform::Kubernetes => name,
    }
}

fn expires(ends: Ends, object: &Value) -> Known<Option<String>> {
    match ends {
        Ends::Never => Known::Is(None),
        // A provider fills in an end that never comes once it has made the credential.
        Ends::At(name) => match text(get(object, name)) {
            Some(time) if !time.starts_with("9999") => Known::Is(Some(time.to_owned())),
            _ => Known::Is(None),
        },
        Ends::AtOr(name, server) => match known_text(get(object, name)) {
            Known::Is(Some(time)) => Known::Is(Some(time)),
            _ => Known::Is(Some(server.to_owned())),
        },
        Ends::After(name, unit) => match known_text(get(object, name)) {
            Known::Is(Some(number)) if number != "0" => {
                Known::Is(Some(format!("{number} {unit} after its creation")))
            }
            Known::Unknown => Known::Unknown,
            Known::Is(_) => Known::Is(None),
        },
    }
}

/// The principals that a credential may speak for: candidates by name, or else by what its expression refers to.
pub(crate) fn join<'c>(
    plan: &Plan<'_>,
    credential: &Credential,
    principals: impl Iterator<Item = &'c Principal> + Clone,
) -> Option<PrincipalId> {
    let mine = principals.filter(|one| one.platform == credential.platform);
    if let Known::Is(Some(name)) = &credential.principal {
        let bears = |one: &&Principal| {
            one.name == Known::Is(name.clone())
                || one.arn.as_deref().is_some_and(|full| short(credential.platform, full) == name)
        };
        let mut found = mine.clone().filter(bears);
        return match (found.next(), found.next()) {
            (Some(only), None) => Some(only.id.clone()),
            _ => None,
        };
    }
    let wanted = referred(plan, credential);
    let mut found = mine.filter(|one| {
        one.origin.as_ref().is_some_and(|origin| {
            wanted.iter().any(|wanted| crate::moments::meant_by(wanted, &origin.address))
        })
    });
    match (found.next(), found.next()) {
        (Some(only), None) => Some(only.id.clone()),
        _ => None,
    }
}

/// The resources that the expression of the principal refers to, with the key that the expression picks an instance by.
pub(crate) fn referred(plan: &Plan<'_>, credential: &Credential) -> Vec<Address> {
    let address = &credential.origin.address;
    let Some(name) = row_of(address).and_then(|row| row.principal.first()) else { return Vec::new() };
    let expression = plan.configuration.expression(address, &crate::value::path(name));
    let Some(references) = expression.references() else { return Vec::new() };
    references
        .to
        .iter()
        .map(|reference| {
            let mut wanted = reference.address.clone();
            if let (None, [only]) = (&wanted.key, references.keys.as_slice()) {
                wanted.key = Some(only.clone());
            }
            wanted
        })
        .collect()
}
