//! Statements as clauses of the search: what is unknown is read as the question needs it.

use std::borrow::Cow;

use super::caller::Said;
pub(crate) use super::condition::opaque;
use super::condition::{self, Operator};
use super::{
    Condition, Effect, Element, Item, Policy, PolicyKind, Principals, Statement, patterns, variables,
};
use crate::comparison::{StatementRef, Undecided};
use crate::hole::{self, Part, Run};
use crate::settings::Reading;
use crate::space::clause::{Clause, Dim, Lit, Numbers};
use crate::space::glob::{Pattern, Patterns};

/// Which way unknown entries are read: as letting through as much, or as little, as any value could.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Lean {
    /// As much.
    Generous,
    /// As little.
    Stingy,
}

/// Do the layer's statements name principals?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// They must, and resources count.
    Resource,
    /// They must, and the resource is the role.
    Trust,
    /// They do not.
    Unnamed,
}

/// How the statements of one document are read.
pub(crate) struct Reader<'a> {
    pub(crate) reading: Reading,
    pub(crate) lean: Lean,
    pub(crate) naming: Naming,
    pub(crate) numbers: &'a mut Numbers,
}

/// An entry's text, or the name of the value it will have.
enum Entry<'a> {
    Text(Cow<'a, str>),
    Named(String),
    /// Anything that this pattern matches.
    Unknown(Pattern),
}

impl Reader<'_> {
    /// What a statement asks of actions, if anything. `same` as in [`Reader::clause`].
    pub(crate) fn action(
        &mut self,
        policy: &Policy,
        statement: &Statement,
        same: Option<&str>,
    ) -> Result<Option<Lit>, Void> {
        let wide = (statement.effect == Effect::Allow) == (self.lean == Lean::Generous);
        let mut lits = Vec::new();
        let document = (policy.kind, policy.variables);
        let any = self.element(&mut lits, Dim::Action, &statement.action, document, (wide, same));
        if any { Ok(lits.pop()) } else { Err(Void) }
    }

    /// The clause of a statement but for its actions; `None` where it matches nothing. `same` names its unknown
    /// entries when the other side has the very same statement.
    pub(crate) fn clause(
        &mut self,
        policy: &Policy,
        statement: &Statement,
        source: StatementRef,
        same: Option<&str>,
    ) -> Option<Clause> {
        // Wide: unknown entries match everything. A generous reading widens what allows and narrows what denies.
        let wide = (statement.effect == Effect::Allow) == (self.lean == Lean::Generous);
        let mut lits = Vec::new();
        let unknown = statement.has_unknown();
        let document = (policy.kind, policy.variables);
        if policy.variables && self.naming != Naming::Trust && variables::wants_absent(statement) {
            return None;
        }
        if self.naming != Naming::Trust
            && !self.element(&mut lits, Dim::Resource, &statement.resource, document, (wide, same))
        {
            return None;
        }
        if self.naming != Naming::Unnamed && !self.principals(&mut lits, &statement.principals, (wide, same))
        {
            return None;
        }
        for condition in &statement.conditions {
            match self.condition(condition, policy.variables, (wide, same)) {
                Ok(lit) => lits.extend(lit),
                Err(Void) => return None,
            }
        }
        let doubt = unknown.then(|| Undecided::Statement {
            statement: source.clone(),
            reason: "a part of it is only known after apply".to_owned(),
        });
        Some(Clause { lits, source, doubt })
    }

    fn entry<'i>(&mut self, item: &'i Item, same: Option<String>) -> Entry<'i> {
        match (item, same) {
            (Item::Text(text), _) => Entry::Text(Cow::Borrowed(text)),
            (Item::Holed(parts), _) if !item.is_open() => Entry::Text(Cow::Owned(self.spelled(parts, ""))),
            (_, Some(name)) => Entry::Named(name),
            (Item::Holed(parts), None) => Entry::Unknown(anything_like(parts)),
            (Item::Unknown, None) => Entry::Unknown(Pattern::glob("*")),
        }
    }

    /// A text whose holes are values of their own: as characters that nothing else spells. `manner` tells apart ways
    /// of comparing under which the same value takes different texts.
    fn spelled(&mut self, parts: &[Part], manner: &str) -> String {
        let mut text = String::new();
        for part in parts {
            let hole = match part {
                Part::Text(own) => {
                    text.push_str(own);
                    continue;
                }
                Part::Hole(hole) => hole,
            };
            for (index, run) in hole.shape.runs().into_iter().enumerate() {
                match run {
                    Run::Text(own) => text.push_str(&own),
                    Run::Open(_) => {
                        let name = format!("{manner} {} {index} {:?}", hole.reference, hole.shape);
                        text.push(self.numbers.hole(&name));
                    }
                }
            }
        }
        text
    }

    /// Adds the constraint of an element; `false` when nothing matches it.
    fn element(
        &mut self,
        lits: &mut Vec<Lit>,
        dim: Dim,
        element: &Element,
        document: (PolicyKind, bool),
        (wide, same): (bool, Option<&str>),
    ) -> bool {
        let holds = matches!(element, Element::In(_));
        let mut found = Vec::new();
        for (index, item) in element.items().iter().enumerate() {
            match self.entry(item, same.map(|name| format!("{name}#{index}"))) {
                Entry::Text(text) if dim == Dim::Action => found.extend(patterns::action(&text)),
                Entry::Text(text) => {
                    found.extend(patterns::resource(&text, document, self.reading.stars, self.numbers));
                }
                Entry::Named(name) => found.push(self.named(&name)),
                // An entry of a list that matches widens it, an entry of an exception narrows it.
                Entry::Unknown(pattern) if wide == holds => found.push(pattern),
                Entry::Unknown(_) => {}
            }
        }
        self.constrain(lits, dim, Patterns::new(found), holds)
    }

    fn named(&mut self, name: &str) -> Pattern {
        let token = self.numbers.token(name);
        Pattern { text: "(known after apply)".to_owned(), ..Pattern::exact(&token.to_string()) }
    }

    fn constrain(&mut self, lits: &mut Vec<Lit>, dim: Dim, patterns: Patterns, holds: bool) -> bool {
        if (holds && patterns.is_empty()) || (!holds && patterns.all) {
            return false;
        }
        if (holds && patterns.all) || (!holds && patterns.is_empty()) {
            return true;
        }
        lits.push(self.numbers.text(dim, patterns, holds));
        true
    }

    fn principals(
        &mut self,
        lits: &mut Vec<Lit>,
        principals: &Principals,
        (wide, same): (bool, Option<&str>),
    ) -> bool {
        let holds = match principals {
            Principals::Absent => return false,
            Principals::In(_) => true,
            Principals::NotIn(_) => false,
        };
        let mut found = Vec::new();
        for (index, item) in principals.items().iter().enumerate() {
            let named = same.map(|name| format!("{name}p{index}"));
            let entry = if item.is_open() { None } else { Some(self.entry(&item.value, None)) };
            match (entry, named) {
                (Some(Entry::Text(text)), _) => found.extend(patterns::principal(&item.kind, &text)),
                (_, Some(name)) => found.push(self.named(&name)),
                // `*` as one of AWS is anyone at all.
                _ if wide == holds && item.kind == "AWS" => found.push(Pattern::glob("*")),
                _ if wide == holds => found.push(Pattern::glob(&format!("{}|*", item.kind))),
                _ => {}
            }
        }
        self.constrain(lits, Dim::Principal, Patterns::new(found), holds)
    }

    fn condition(
        &mut self,
        condition: &Condition,
        with_variables: bool,
        (wide, same): (bool, Option<&str>),
    ) -> Result<Option<Lit>, Void> {
        let words = condition.words();
        let mut condition = condition.clone();
        if condition.has_open() {
            if let Some(name) = same {
                // The same statement stands on the other side: the condition is the same, whatever it is.
                let reason = format!("{name}{}{:?}", condition.operator.to_lowercase(), condition.values);
                return Ok(Some(self.numbers.key(&condition.key, opaque(reason), &words)));
            }
            // One more value lets more through, or less where the operator is negated. What is known stays, then, on
            // the side where the rest could only be in the way of the reading asked for.
            let operator = Operator::read(&condition.operator);
            match (wide, operator.negated() || !operator.is_known()) {
                (true, false) => return Ok(None),
                (true, true) if !operator.is_known() => return Ok(None),
                (false, true) => return Err(Void),
                (true, true) | (false, false) => condition.drop_open(),
            }
        }
        let manner = condition::manner(&condition.operator);
        for item in &mut condition.values {
            if let Item::Holed(parts) = item {
                *item = Item::Text(self.spelled(parts, manner));
            }
        }
        let caller = std::mem::take(&mut self.numbers.caller);
        let said = caller.says(&condition, with_variables, self.numbers, self.reading);
        self.numbers.caller = caller;
        match said {
            Said::Always => return Ok(None),
            Said::Never => return Err(Void),
            Said::Principals(patterns, holds) => {
                return Ok(Some(self.numbers.text(Dim::Principal, patterns, holds)));
            }
            Said::Loosely => self.numbers.loose = true,
            Said::Nothing => {}
        }
        condition.key = condition.key.trim().to_owned();
        let atom = condition::atom(&condition, with_variables, self.numbers);
        Ok(Some(self.numbers.key(&condition.key, atom, &words)))
    }
}

/// The statement matches nothing.
pub(crate) struct Void;

/// What a resource or an action with holes of any kind may match at most.
fn anything_like(parts: &[Part]) -> Pattern {
    let outline = hole::outline(parts);
    let written: String = parts
        .iter()
        .map_while(|part| if let Part::Text(text) = part { Some(text.as_str()) } else { None })
        .collect();
    // A text with colons of its own moves what follows into other segments, so all five have to be written before.
    if written.matches(':').count() >= 5 { Pattern::glob(&outline) } else { Pattern::glob("*") }
}
