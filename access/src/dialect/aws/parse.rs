//! From the text of a policy to its statements. Lenient where AWS is, and clear about everything else.

use std::fmt;

use super::json::Json;
use super::{Condition, Effect, Element, Item, Policy, PolicyKind, PrincipalItem, Principals, Statement};

/// Why a text is not a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Not JSON, or a key written twice.
    #[error("the policy is not readable: {message} (line {line}, column {column})")]
    Syntax {
        /// What is wrong.
        message: String,
        /// Line, from one.
        line: usize,
        /// Column, from one.
        column: usize,
    },
    /// JSON, but not a policy.
    #[error("{place}: {message}")]
    Shape {
        /// Where, as `statement 2, Condition`; statements count from one.
        place: String,
        /// What is wrong.
        message: String,
    },
}

impl PolicyError {
    /// The statement that is wrong, by its index from zero, where it is one alone.
    pub fn statement(&self) -> Option<usize> {
        let Self::Shape { place, .. } = self else { return None };
        let number = place.strip_prefix("statement ")?.split(',').next()?;
        number.parse::<usize>().ok()?.checked_sub(1)
    }
}

pub(super) fn shape(place: impl fmt::Display, message: impl Into<String>) -> PolicyError {
    PolicyError::Shape { place: place.to_string(), message: message.into() }
}

/// Where in a document something stands; it becomes text only when it is told.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The statement's index, from zero.
    statement: usize,
    element: &'a str,
    operator: &'a str,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {}", self.statement + 1)?;
        for name in [self.element, self.operator].into_iter().filter(|name| !name.is_empty()) {
            write!(f, ", {name}")?;
        }
        Ok(())
    }
}

/// Reads a policy document. `kind` decides which elements a statement must and must not have.
pub fn parse(text: &str, kind: PolicyKind) -> Result<Policy, PolicyError> {
    let json = json(text)?;
    // Written out or escaped: everything else is spared the look.
    if text.bytes().any(|byte| byte >= 0xf3) || text.contains("\\u") {
        super::holed::refuse_marks(&json)?;
    }
    policy(json, kind)
}

pub(super) fn json(text: &str) -> Result<Json, PolicyError> {
    if text.starts_with('\u{feff}') {
        let message = "it begins with a byte order mark; save it without".to_owned();
        return Err(PolicyError::Syntax { message, line: 1, column: 1 });
    }
    Json::read(text).map_err(|error| {
        let message = error.to_string();
        let end = message.rfind(" at line ").unwrap_or(message.len());
        PolicyError::Syntax {
            message: message.get(..end).unwrap_or(&message).to_owned(),
            line: error.line(),
            column: error.column(),
        }
    })
}

pub(super) fn policy(json: Json, kind: PolicyKind) -> Result<Policy, PolicyError> {
    let Json::Object(fields) = json else {
        return Err(shape("policy", format!("an object is needed, this is {}", json.noun())));
    };
    let mut variables = false;
    let mut statements = None;
    for (name, value) in fields {
        match name.as_str() {
            "Version" => variables = version(&value)?,
            "Id" => {}
            "Statement" => statements = Some(value),
            _ => return Err(shape("policy", format!("`{name}` is not an element of a policy"))),
        }
    }
    let statements = match statements {
        None => return Err(shape("policy", "`Statement` is missing")),
        Some(Json::List(list)) => list,
        Some(single @ Json::Object(_)) => vec![single],
        Some(other) => return Err(shape("Statement", format!("a list is needed, this is {}", other.noun()))),
    };
    let statements = statements
        .into_iter()
        .enumerate()
        .map(|(index, json)| statement(json, index, kind))
        .collect::<Result<_, _>>()?;
    Ok(Policy { kind, variables, statements })
}

fn version(value: &Json) -> Result<bool, PolicyError> {
    match value {
        Json::Text(text) if text == "2012-10-17" => Ok(true),
        Json::Text(text) if text == "2008-10-17" => Ok(false),
        Json::Text(text) => {
            Err(shape("Version", format!("`{text}` is neither `2012-10-17` nor `2008-10-17`")))
        }
        other => Err(shape("Version", format!("a string is needed, this is {}", other.noun()))),
    }
}

fn statement(json: Json, index: usize, kind: PolicyKind) -> Result<Statement, PolicyError> {
    let place = Place { statement: index, element: "", operator: "" };
    let Json::Object(fields) = json else {
        return Err(shape(place, format!("an object is needed, this is {}", json.noun())));
    };
    let mut sid = None;
    let mut effect = None;
    let mut found = Principals::Absent;
    let (mut action, mut resource) = (None, None);
    let mut conditions = Vec::new();
    let twice = |name: &str| shape(place, format!("`{name}` and `Not{name}` exclude each other"));
    for (name, value) in fields {
        let at = Place { element: &name, ..place };
        match name.as_str() {
            "Sid" => sid = texts(value, at)?.into_iter().find(|text| !text.is_empty()),
            "Effect" => effect = Some(read_effect(&value, at)?),
            "Principal" | "NotPrincipal" => {
                if found != Principals::Absent {
                    return Err(twice("Principal"));
                }
                let items = principals(value, at)?;
                found = if name == "Principal" { Principals::In(items) } else { Principals::NotIn(items) };
            }
            "Action" | "NotAction" => {
                if action.is_some() {
                    return Err(twice("Action"));
                }
                action = Some(element(&name, value, at)?);
            }
            "Resource" | "NotResource" => {
                if resource.is_some() {
                    return Err(twice("Resource"));
                }
                resource = Some(element(&name, value, at)?);
            }
            "Condition" => conditions = read_conditions(value, at)?,
            _ => return Err(shape(place, format!("`{name}` is not an element of a statement"))),
        }
    }
    if kind == PolicyKind::Identity && found != Principals::Absent && !everyone(&found) {
        return Err(shape(place, "a policy attached to a principal has no `Principal`"));
    }
    let resource = match resource {
        Some(resource) => resource,
        None if kind == PolicyKind::Identity => return Err(shape(place, "`Resource` is missing")),
        None => Element::In(vec![Item::from("*")]),
    };
    Ok(Statement {
        sid,
        effect: effect.ok_or_else(|| shape(place, "`Effect` is missing"))?,
        principals: found,
        action: action.ok_or_else(|| shape(place, "`Action` is missing"))?,
        resource,
        conditions,
    })
}

/// Service and resource control policies may say `"Principal": "*"`, which says nothing.
fn everyone(principals: &Principals) -> bool {
    matches!(principals, Principals::In(items)
        if items.iter().all(|item| item.kind == "AWS" && item.value == Item::from("*")))
}

fn read_effect(value: &Json, at: Place<'_>) -> Result<Effect, PolicyError> {
    match value {
        Json::Text(text) if text.eq_ignore_ascii_case("allow") => Ok(Effect::Allow),
        Json::Text(text) if text.eq_ignore_ascii_case("deny") => Ok(Effect::Deny),
        Json::Text(text) => Err(shape(at, format!("`{text}` is neither `Allow` nor `Deny`"))),
        other => Err(shape(at, format!("a string is needed, this is {}", other.noun()))),
    }
}

fn element(name: &str, value: Json, at: Place<'_>) -> Result<Element, PolicyError> {
    let items = texts(value, at)?.into_iter().map(Item::Text).collect();
    Ok(if name.starts_with("Not") { Element::NotIn(items) } else { Element::In(items) })
}

/// One string, number or boolean, or a list of them.
fn texts(value: Json, at: Place<'_>) -> Result<Vec<String>, PolicyError> {
    let one = |value: Json| match value {
        Json::Text(text) | Json::Number(text) => Ok(text),
        Json::Bool(value) => Ok(value.to_string()),
        other => Err(shape(at, format!("a string is needed, this is {}", other.noun()))),
    };
    match value {
        Json::List(list) => list.into_iter().map(one).collect(),
        single => Ok(vec![one(single)?]),
    }
}

fn principals(value: Json, at: Place<'_>) -> Result<Vec<PrincipalItem>, PolicyError> {
    let Json::Object(fields) = value else {
        return match texts(value, at)?.as_slice() {
            [star] if star == "*" => {
                Ok(vec![PrincipalItem { kind: "AWS".to_owned(), value: Item::from("*") }])
            }
            other => {
                Err(shape(at, format!("`{}` needs its type, as in `{{\"AWS\": …}}`", other.join("`, `"))))
            }
        };
    };
    let mut items = Vec::new();
    for (kind, value) in fields {
        if !matches!(kind.as_str(), "AWS" | "Service" | "Federated" | "CanonicalUser") {
            return Err(shape(at, format!("`{kind}` is not a type of principal")));
        }
        for text in texts(value, at)? {
            items.push(PrincipalItem { kind: kind.clone(), value: Item::Text(text) });
        }
    }
    Ok(items)
}

fn read_conditions(value: Json, at: Place<'_>) -> Result<Vec<Condition>, PolicyError> {
    let Json::Object(operators) = value else {
        return Err(shape(at, format!("an object is needed, this is {}", value.noun())));
    };
    let mut conditions = Vec::new();
    for (operator, keys) in operators {
        let at = Place { operator: &operator, ..at };
        let Json::Object(keys) = keys else {
            return Err(shape(at, format!("an object is needed, this is {}", keys.noun())));
        };
        for (key, values) in keys {
            let values = texts(values, at)?.into_iter().map(Item::Text).collect();
            conditions.push(Condition { operator: operator.clone(), key, values });
        }
    }
    Ok(conditions)
}
