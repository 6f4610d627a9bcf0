//! Statements as clauses of the search: what is unknown is read as the question needs it.

use super::caller::Said;
use super::condition;
pub(crate) use super::condition::opaque;
use super::{Condition, Effect, Element, Item, Policy, PolicyKind, Principals, Statement, patterns};
use crate::comparison::{StatementRef, Undecided};
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
    Text(&'a str),
    Named(String),
    Unknown,
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

    fn entries<'i>(items: &'i [Item], same: Option<&str>) -> Vec<Entry<'i>> {
        let entry = |(index, item): (usize, &'i Item)| match (item, same) {
            (Item::Text(text), _) => Entry::Text(text),
            (Item::Unknown, Some(name)) => Entry::Named(format!("{name}#{index}")),
            (Item::Unknown, None) => Entry::Unknown,
        };
        items.iter().enumerate().map(entry).collect()
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
        for entry in Self::entries(element.items(), same) {
            match entry {
                Entry::Text(text) if dim == Dim::Action => found.extend(patterns::action(text)),
                Entry::Text(text) => {
                    found.extend(patterns::resource(text, document, self.reading.stars, self.numbers));
                }
                Entry::Named(name) => found.push(self.named(&name)),
                // An entry of a list that matches widens it, an entry of an exception narrows it.
                Entry::Unknown if wide == holds => found.push(Pattern::glob("*")),
                Entry::Unknown => {}
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
            match (&item.value, same) {
                (Item::Text(text), _) => found.extend(patterns::principal(&item.kind, text)),
                (Item::Unknown, Some(name)) => found.push(self.named(&format!("{name}p{index}"))),
                (Item::Unknown, None) if wide == holds => {
                    found.push(Pattern::glob(&format!("{}|*", item.kind)));
                }
                (Item::Unknown, None) => {}
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
        let unknown = condition.values.contains(&Item::Unknown);
        if unknown {
            match same {
                Some(name) => {
                    // The same statement stands on the other side: the condition is the same, whatever it is.
                    let reason = format!("{name}{}{:?}", condition.operator.to_lowercase(), condition.values);
                    let atom = opaque(reason);
                    return Ok(Some(self.numbers.key(&condition.key, atom, &words)));
                }
                None if wide => return Ok(None),
                None => return Err(Void),
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
