//! Condition keys that say who the caller is: for the search they are constants of a known principal, or constraints
//! on the principal where that is a dimension.

use super::Condition;
use super::condition::{self, Operator, is_text};
use crate::settings::{CallerKeys, Reading};
use crate::space::atom::{Atom, Quantity, Test};
use crate::space::clause::Numbers;
use crate::space::glob::{Pattern, Patterns, Piece, Span};
use crate::world::{LayerKind, World};

/// What the search knows of the caller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Nothing: the keys are as free as any other.
    #[default]
    Free,
    /// It is this principal, with the keys' values as far as they follow from it.
    Known(String),
    /// It is a dimension of the search.
    Any,
}

/// What such a key holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// This follows from the caller.
    Is(String),
    /// The caller's requests do not carry it.
    Absent,
    /// Nothing follows from the caller.
    Free,
}

/// What a condition on such a key comes to.
pub(crate) enum Said {
    /// It is on another key, or nothing follows from the caller.
    Nothing,
    /// It always holds.
    Always,
    /// It never holds.
    Never,
    /// It holds for the principals of these patterns, or for all others.
    Principals(Patterns, bool),
    /// It does say who the caller is, in a way that the search reads as a free key.
    Loosely,
}

impl Caller {
    /// Who calls in two worlds that are compared.
    pub(crate) fn of(before: &World, after: &World, reading: Reading) -> Self {
        let layers = || before.layers.iter().chain(&after.layers);
        let identity = layers().any(|layer| layer.kind == LayerKind::Identity);
        let named = layers().any(|layer| matches!(layer.kind, LayerKind::Resource | LayerKind::Trust));
        match after.principal.as_ref().or(before.principal.as_ref()) {
            _ if reading.caller == CallerKeys::Symbolic => Self::Free,
            Some(principal) if identity => Self::Known(principal.clone()),
            _ if named => Self::Any,
            _ => Self::Free,
        }
    }

    /// What a key holds.
    pub(crate) fn value(&self, key: &str) -> Value {
        match self {
            Self::Known(principal) => Self::follows(principal, key).unwrap_or(Value::Free),
            Self::Free | Self::Any => Value::Free,
        }
    }

    /// What a key holds when this principal calls; `None` where that does not follow.
    fn follows(principal: &str, key: &str) -> Option<Value> {
        let fields: Vec<&str> = principal.splitn(6, ':').collect();
        let ["arn", partition, service, "", account, rest] = fields.as_slice() else { return None };
        if !super::patterns::is_account(account) {
            return None;
        }
        let (kind, name) = rest.split_once('/').unwrap_or((rest, ""));
        let kind = match (*service, kind) {
            ("iam", "user") => "User",
            ("iam", "role") | ("sts", "assumed-role") => "AssumedRole",
            ("sts", "federated-user") => "FederatedUser",
            ("iam", "root") => "Account",
            _ => return None,
        };
        let value = match key.to_lowercase().as_str() {
            "aws:principalarn" if *service == "sts" && kind == "AssumedRole" => {
                let role = name.split('/').next().unwrap_or(name);
                Some(format!("arn:{partition}:iam::{account}:role/{role}"))
            }
            "aws:principalarn" => Some(principal.to_owned()),
            "aws:principalaccount" => Some((*account).to_owned()),
            "aws:principaltype" => Some(kind.to_owned()),
            "aws:principalisawsservice" => Some("false".to_owned()),
            "aws:username" if kind == "User" => name.rsplit('/').next().map(str::to_owned),
            "aws:principalservicename" | "aws:username" => None,
            _ => return None,
        };
        Some(value.map_or(Value::Absent, Value::Is))
    }

    /// What a condition says of the caller.
    pub(super) fn says(
        &self,
        condition: &Condition,
        variables: bool,
        numbers: &mut Numbers,
        reading: Reading,
    ) -> Said {
        let key = condition.key.trim();
        let operator = Operator::read(&condition.operator);
        if operator.quantity == Quantity::Any && operator.if_exists {
            // It reads differently under different readings, and what is read is kept for all of them.
            return if about_caller(key) { Said::Loosely } else { Said::Nothing };
        }
        match self {
            Self::Free => Said::Nothing,
            Self::Known(principal) => {
                let value = self.value(key);
                if value == Value::Free {
                    return Said::Nothing;
                }
                let mut condition = condition.clone();
                if key.eq_ignore_ascii_case("aws:PrincipalArn") && principal.contains(":assumed-role/") {
                    let bare: Vec<_> =
                        condition.values.iter().filter_map(|item| pathless(item.text()?)).collect();
                    condition.values.extend(bare.into_iter().map(super::Item::Text));
                }
                let atom = condition::atom(&condition, variables, numbers);
                if atom.has_tokens() || atom.is_opaque() {
                    return Said::Loosely;
                }
                let holds = match &value {
                    Value::Is(value) => atom.holds(value),
                    Value::Absent | Value::Free => atom.holds_absent(reading.any_if_exists),
                };
                if holds { Said::Always } else { Said::Never }
            }
            Self::Any => {
                let Some(present) = present(key) else { return Said::Nothing };
                let atom = condition::atom(condition, variables, numbers);
                let texts: Vec<&str> = condition.values.iter().filter_map(super::Item::text).collect();
                if variables && texts.iter().any(|text| text.contains("${")) {
                    return Said::Loosely;
                }
                of_principals(&atom, (key, &operator.base, &texts), present, reading)
            }
        }
    }
}

/// A role's ARN or pattern without the path: a session's ARN does not tell it.
fn pathless(text: &str) -> Option<String> {
    let (head, rest) = text.split_once(":role/")?;
    let (_, name) = rest.rsplit_once('/')?;
    Some(format!("{head}:role/{name}"))
}

const ROLES: [&str; 2] = ["AWS|arn:*:iam::*:role/*", "AWS|arn:*:sts::*:assumed-role/*"];
const USERS: &str = "AWS|arn:*:iam::*:user/*";
const ARNS: [&str; 2] = ["AWS|arn:*:iam::*:*", "AWS|arn:*:sts::*:*"];
const SERVICES: &str = "Service|*";

/// The shapes of principals of AWS that can call.
const CALLERS: [&str; 7] = [
    "AWS|arn:?*:iam::?*:user/?*",
    "AWS|arn:?*:iam::?*:role/?*",
    "AWS|arn:?*:iam::?*:root",
    "AWS|arn:?*:sts::?*:assumed-role/?*/?*",
    "AWS|arn:?*:sts::?*:federated-user/?*",
    "AWS|anonymous",
    // A unique id, as it stands where the principal it named is gone.
    "AWS|A???????????????*",
];

/// Every principal that may call in a world: those of the usual shapes, and whatever else its statements name.
pub(crate) fn principals(world: &World) -> Vec<Pattern> {
    let mut found: Vec<Pattern> = CALLERS.iter().map(|text| segmented(text)).collect();
    found.extend(["Service|?*", "Federated|?*", "CanonicalUser|?*"].map(Pattern::glob));
    let named = |kind: LayerKind| !matches!(kind, LayerKind::Identity | LayerKind::Boundary);
    for layer in world.layers.iter().filter(|layer| named(layer.kind)) {
        for document in &layer.documents {
            let crate::world::Content::Aws(policy) = &document.content else { continue };
            let items = policy.statements.iter().flat_map(|statement| statement.principals.items());
            for text in items.filter(|item| item.kind == "AWS").filter_map(|item| item.value.text()) {
                let name = format!("AWS|{text}");
                let usual = text.contains('*')
                    || super::patterns::is_account(text)
                    || found.iter().any(|pattern| pattern.matches(&name));
                if !usual {
                    found.push(Pattern::exact(&name));
                }
            }
        }
    }
    found
}

/// The principals whose requests carry a key, and those whose do not; `None` for a key that is not about the caller.
fn present(key: &str) -> Option<(Vec<Pattern>, Vec<Pattern>)> {
    let unsigned = ["AWS|anonymous", "Federated|*", "CanonicalUser|*"];
    let ids = "AWS|A*";
    let (with, without): (Vec<&str>, Vec<&str>) = match key.to_lowercase().as_str() {
        "aws:principalarn" | "aws:principalaccount" => {
            (ARNS.to_vec(), [unsigned.as_slice(), &[SERVICES, ids]].concat())
        }
        "aws:principaltype" => (
            [ARNS.as_slice(), &["AWS|anonymous"]].concat(),
            vec!["Federated|*", "CanonicalUser|*", SERVICES, ids],
        ),
        "aws:principalisawsservice" => ([ARNS.as_slice(), &[SERVICES, ids]].concat(), unsigned.to_vec()),
        "aws:principalservicename" => {
            (vec![SERVICES], [ARNS.as_slice(), unsigned.as_slice(), &[ids]].concat())
        }
        "aws:username" => (
            vec![USERS],
            [&["AWS|arn:*:iam::*:root", ARNS[1], ROLES[0], SERVICES, ids][..], &unsigned].concat(),
        ),
        _ => return None,
    };
    let read = |texts: Vec<&str>| texts.into_iter().map(segmented).collect();
    Some((read(with), read(without)))
}

/// Does the key say who the caller is?
pub(super) fn about_caller(key: &str) -> bool {
    present(key).is_some()
}

/// A pattern of principals whose wildcards stay between colons, but for what stands behind the last.
pub(super) fn segmented(text: &str) -> Pattern {
    let mut pattern = Pattern::glob(text);
    let mut colons = 0;
    for piece in &mut pattern.pieces {
        match piece {
            Piece::Lit(':') => colons += 1,
            Piece::Star(span) | Piece::One(span) if colons < 5 && text.contains(':') => *span = Span::Segment,
            _ => {}
        }
    }
    pattern
}

fn of_principals(
    atom: &Atom,
    (key, base, texts): (&str, &str, &[&str]),
    (present, absent): (Vec<Pattern>, Vec<Pattern>),
    reading: Reading,
) -> Said {
    if let Test::Presence { present: there, absent: gone } = atom.test {
        return match (there, gone) {
            (true, true) => Said::Always,
            (false, false) => Said::Never,
            (there, _) => Said::Principals(Patterns::new(present), there),
        };
    }
    let Some(matched) = matched(atom, (key, base, texts), &present) else { return Said::Loosely };
    let when_absent = atom.holds_absent(reading.any_if_exists);
    match (atom.negated, when_absent) {
        (false, false) if matched.is_empty() => Said::Never,
        (false, false) => Said::Principals(Patterns::new(matched), true),
        (false, true) => Said::Principals(Patterns::new(matched.into_iter().chain(absent)), true),
        (true, true) if matched.is_empty() => Said::Always,
        (true, true) => Said::Principals(Patterns::new(matched), false),
        (true, false) => Said::Principals(Patterns::new(matched.into_iter().chain(absent)), false),
    }
}

/// The principals with a value that one of the texts takes.
fn matched(
    atom: &Atom,
    (key, base, texts): (&str, &str, &[&str]),
    present: &[Pattern],
) -> Option<Vec<Pattern>> {
    let takes = |value: &str| Atom { negated: false, quantity: Quantity::Plain, ..atom.clone() }.holds(value);
    let classes = |classes: &[(&str, &[&str])]| {
        let of = classes.iter().filter(|(value, _)| takes(value)).flat_map(|(_, texts)| texts.iter());
        of.map(|text| segmented(text)).collect::<Vec<_>>()
    };
    if atom.is_opaque() {
        return None;
    }
    let key = key.to_lowercase();
    match key.as_str() {
        "aws:principaltype" => {
            return Some(classes(&[
                ("User", &[USERS]),
                ("AssumedRole", &ROLES),
                ("Account", &["AWS|arn:*:iam::*:root"]),
                ("FederatedUser", &["AWS|arn:*:sts::*:federated-user/*"]),
                ("Anonymous", &["AWS|anonymous"]),
            ]));
        }
        "aws:principalisawsservice" => {
            return Some(classes(&[("true", &[SERVICES]), ("false", &[ARNS[0], ARNS[1], "AWS|A*"])]));
        }
        _ => {}
    }
    if !is_text(base) || base.contains("ignorecase") {
        return None;
    }
    let wild = !(base.starts_with("string") && base.ends_with("equals"));
    if base.starts_with("arn") && key != "aws:principalarn" {
        // What is not an ARN never is one.
        return Some(Vec::new());
    }
    let mut found = Vec::new();
    for text in texts {
        if !wild && text.contains(['*', '?']) {
            // Nobody's name has such a character.
            continue;
        }
        if wild && *text == "*" {
            found.extend(present.iter().cloned());
            continue;
        }
        match key.as_str() {
            "aws:principalarn" => found.extend(arn(text)?),
            "aws:principalaccount" if text.contains(':') => {}
            "aws:principalaccount" => found.extend(account(text)),
            "aws:principalservicename" => found.push(Pattern {
                text: format!("Service:{text}"),
                ..Pattern::glob(&format!("Service|{text}"))
            }),
            "aws:username" if text.contains(['*', '?', '/', ':']) => return None,
            "aws:username" => {
                let name = |glob: String| Pattern { text: (*text).to_owned(), ..segmented(&glob) };
                found.push(name(format!("AWS|arn:*:iam::*:user/{text}")));
                found.push(name(format!("AWS|arn:*:iam::*:user/*/{text}")));
            }
            _ => return None,
        }
    }
    Some(found)
}

/// Everyone of the accounts that a text without colons takes.
fn account(text: &str) -> Vec<Pattern> {
    if super::patterns::is_account(text) {
        return super::patterns::account(text, text);
    }
    ["iam", "sts"]
        .map(|service| Pattern {
            text: text.to_owned(),
            ..segmented(&format!("AWS|arn:*:{service}::{text}:*"))
        })
        .to_vec()
}

/// The principals whose ARN, or whose role's, a pattern takes; `None` where it is not of the usual shape.
fn arn(text: &str) -> Option<Vec<Pattern>> {
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let (partition, service, number, rest) = match fields.as_slice() {
        ["arn", partition, service, "", number, rest] => (*partition, *service, *number, *rest),
        // A star at the end takes the last field too.
        ["arn", partition, service, "", number] if number.ends_with('*') => {
            (*partition, *service, *number, "*")
        }
        ["arn", ..] if !text.contains(['*', '?']) => return Some(Vec::new()),
        _ => return None,
    };
    let named = |glob: String| Pattern { text: text.to_owned(), ..segmented(&glob) };
    match service {
        "iam" => {}
        "sts" if rest.starts_with("federated-user/") => return Some(vec![named(format!("AWS|{text}"))]),
        // The caller's ARN is that of the role, never that of a session.
        "sts" if rest.starts_with("assumed-role/") => return Some(Vec::new()),
        _ => return None,
    }
    let own = named(format!("AWS|arn:{partition}:iam::{number}:{rest}"));
    let sessions = |name: &str| named(format!("AWS|arn:{partition}:sts::{number}:assumed-role/{name}/*"));
    if let Some(role) = rest.strip_prefix("role/") {
        return Some(vec![own, sessions(role.rsplit('/').next().unwrap_or(role))]);
    }
    match rest {
        "*" => Some(vec![own, sessions("*")]),
        "root" => Some(vec![own]),
        _ if rest.starts_with("user/") => Some(vec![own]),
        _ => None,
    }
}
