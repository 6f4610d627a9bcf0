//! Policies whose text has holes: marks in it stand for values that are only known after apply.

use super::json::Json;
use super::parse::{self, shape};
use super::{Item, Policy, PolicyError, PolicyKind, Statement};
use crate::hole::{Hole, Part, marked, shown};
use crate::space::glob::is_token;

/// The operator of a block of conditions that is only known after apply as a whole.
const WHOLE: &str = "(known after apply)";

/// Reads a policy document in which [`crate::hole::mark`] of an index stands for one of `holes`.
///
/// A hole stands inside a JSON string. One that may be any JSON value stands for a list or an object as well when it is
/// the whole string: an element's entries, a `Principal`, a `Condition`, a statement.
pub fn parse_with_holes(text: &str, kind: PolicyKind, holes: &[Hole]) -> Result<Policy, PolicyError> {
    let reader = Holes(holes);
    // An escape would be a mark only once it is read, and nobody has written such a one in good faith.
    let lower = text.to_ascii_lowercase();
    if ["\\udbb", "\\udbc", "\\udbd", "\\udbe", "\\udbf"].iter().any(|escape| lower.contains(escape)) {
        return Err(shape("policy", "an escaped character that stands for a hole"));
    }
    if let Some(hole) = reader.outside_a_string(text) {
        let message = format!("`{}` is only known after apply and stands outside a string", hole.reference);
        return Err(shape("policy", message));
    }
    let json = reader.widened(parse::json(text)?, kind)?;
    let mut policy = parse::policy(json, kind).map_err(|error| reader.told(error))?;
    for statement in &mut policy.statements {
        reader.fill(statement);
    }
    Ok(policy)
}

/// Refuses text with characters that mean something of their own here; no policy may hold them.
pub(super) fn refuse_marks(json: &Json) -> Result<(), PolicyError> {
    let odd = |text: &String| text.chars().any(is_token);
    let found = match json {
        Json::Text(text) => odd(text),
        Json::List(list) => return list.iter().try_for_each(refuse_marks),
        Json::Object(fields) => {
            fields.iter().try_for_each(|(_, value)| refuse_marks(value))?;
            fields.iter().any(|(name, _)| odd(name))
        }
        _ => false,
    };
    if found { Err(shape("policy", "it holds a private-use character, which no policy may")) } else { Ok(()) }
}

struct Holes<'h>(&'h [Hole]);

impl Holes<'_> {
    fn of(&self, c: char) -> Option<&Hole> {
        marked(c).and_then(|index| self.0.get(index))
    }

    /// The hole that is the whole text.
    fn whole(&self, text: &str) -> Option<&Hole> {
        let mut chars = text.chars();
        let first = chars.next()?;
        if chars.next().is_some() { None } else { self.of(first) }
    }

    fn outside_a_string(&self, text: &str) -> Option<&Hole> {
        let (mut inside, mut escaped) = (false, false);
        for c in text.chars() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = inside,
                '"' => inside = !inside,
                c if !inside && marked(c).is_some() => return self.of(c),
                _ => {}
            }
        }
        None
    }

    /// Holes that stand for a statement, a `Principal` or a `Condition` as a whole become ones in every entry of it.
    fn widened(&self, json: Json, kind: PolicyKind) -> Result<Json, PolicyError> {
        let Json::Object(mut fields) = json else { return Ok(json) };
        for (name, value) in &mut fields {
            if name != "Statement" {
                continue;
            }
            let list = match std::mem::replace(value, Json::Null) {
                Json::List(list) => list,
                single => vec![single],
            };
            let statements = list.into_iter().flat_map(|statement| self.statement(statement, kind));
            *value = Json::List(statements.collect());
        }
        let foreign = |c: char| is_token(c) && self.of(c).is_none();
        let odd = Self::any_text(&fields, &|text| text.chars().any(foreign));
        if odd {
            return Err(shape("policy", "it holds a private-use character, which no policy may"));
        }
        Ok(Json::Object(fields))
    }

    fn any_text(fields: &[(String, Json)], odd: &dyn Fn(&str) -> bool) -> bool {
        fn of(json: &Json, odd: &dyn Fn(&str) -> bool) -> bool {
            match json {
                Json::Text(text) => odd(text),
                Json::List(list) => list.iter().any(|one| of(one, odd)),
                Json::Object(fields) => Holes::any_text(fields, odd),
                _ => false,
            }
        }
        fields.iter().any(|(name, value)| odd(name) || of(value, odd))
    }

    fn statement(&self, json: Json, kind: PolicyKind) -> Vec<Json> {
        let text = |text: &str| Json::Text(text.to_owned());
        let field = |name: &str, value: Json| (name.to_owned(), value);
        let kinds = ["AWS", "Service", "Federated", "CanonicalUser"];
        let anyone = |mark: &str| Json::Object(kinds.map(|kind| field(kind, text(mark))).into());
        match json {
            // Whatever it allows, and whatever it denies.
            Json::Text(mark) if self.whole(&mark).is_some() => ["Allow", "Deny"]
                .map(|effect| {
                    let mut fields = vec![
                        field("Effect", text(effect)),
                        field("Action", text(&mark)),
                        field("Resource", text(&mark)),
                    ];
                    if kind != PolicyKind::Identity {
                        fields.push(field("Principal", anyone(&mark)));
                    }
                    Json::Object(fields)
                })
                .into(),
            Json::Object(fields) => {
                let widen = |(name, value): (String, Json)| match value {
                    Json::Text(mark) if self.whole(&mark).is_some() => match name.as_str() {
                        "Principal" | "NotPrincipal" => (name, anyone(&mark)),
                        "Condition" => {
                            let keys = Json::Object(vec![field(&mark, text(&mark))]);
                            (name, Json::Object(vec![field(WHOLE, keys)]))
                        }
                        _ => (name, Json::Text(mark)),
                    },
                    Json::Object(operators) if name == "Condition" => {
                        let keyed = |(operator, keys): (String, Json)| match keys {
                            Json::Text(mark) if self.whole(&mark).is_some() => {
                                (operator, Json::Object(vec![field(&mark, text(&mark))]))
                            }
                            other => (operator, other),
                        };
                        (name, Json::Object(operators.into_iter().map(keyed).collect()))
                    }
                    other => (name, other),
                };
                vec![Json::Object(fields.into_iter().map(widen).collect())]
            }
            other => vec![other],
        }
    }

    fn parts(&self, text: &str) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for c in text.chars() {
            match (self.of(c), parts.last_mut()) {
                (Some(hole), _) => parts.push(Part::Hole(hole.clone())),
                (None, Some(Part::Text(text))) => text.push(c),
                (None, _) => parts.push(Part::Text(c.to_string())),
            }
        }
        parts
    }

    fn shown(&self, text: &str) -> String {
        shown(&self.parts(text))
    }

    fn fill(&self, statement: &mut Statement) {
        for item in statement.items_mut() {
            if let Item::Text(text) = item
                && text.chars().any(|c| self.of(c).is_some())
            {
                *item = Item::Holed(self.parts(text));
            }
        }
        statement.sid = statement.sid.take().map(|sid| self.shown(&sid));
        for condition in &mut statement.conditions {
            // A key by an unknown name: as a key of its own it bears as much as by any name it may get.
            condition.key = self.shown(&condition.key);
            condition.operator = self.shown(&condition.operator);
        }
    }

    fn told(&self, error: PolicyError) -> PolicyError {
        match error {
            PolicyError::Shape { place, message } => {
                PolicyError::Shape { place: self.shown(&place), message: self.shown(&message) }
            }
            PolicyError::Syntax { .. } => error,
        }
    }
}

impl Statement {
    /// Reads [`crate::hole::mark`]s in its texts as these holes.
    pub fn mark_holes(&mut self, holes: &[Hole]) {
        Holes(holes).fill(self);
    }
}

impl Policy {
    /// The same document with a value in the place of each hole that `value` knows.
    pub(crate) fn filled(&self, value: &dyn Fn(&Hole) -> Option<String>) -> Self {
        let mut policy = self.clone();
        for item in policy.statements.iter_mut().flat_map(Statement::items_mut) {
            let Item::Holed(parts) = &*item else { continue };
            let parts: Vec<Part> = parts
                .iter()
                .map(|part| match part {
                    Part::Hole(hole) => value(hole).map_or_else(|| part.clone(), Part::Text),
                    Part::Text(_) => part.clone(),
                })
                .collect();
            *item = if parts.iter().all(|part| matches!(part, Part::Text(_))) {
                Item::Text(shown(&parts))
            } else {
                Item::Holed(parts)
            };
        }
        policy
    }

    /// All its holes, as often as they stand in it.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.statements.iter().flat_map(Statement::items).flat_map(Item::holes)
    }
}
