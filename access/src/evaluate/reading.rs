//! Single entries of a policy as patterns, with a character of its own for each policy variable.

use std::collections::BTreeMap;

use super::condition::{self, Context, Wild};
use super::matching::{self, Sign};
use crate::dialect::aws::{Condition, Element, Item, Policy, PolicyKind};
use crate::settings::{CallerKeys, Reading};

/// Reads entries under one reading; the same variable is the same character throughout.
pub(crate) struct Reader {
    pub(crate) reading: Reading,
    tokens: BTreeMap<String, char>,
}

/// Does a character stand for the value of a variable?
pub(crate) fn is_token(c: char) -> bool {
    ('\u{f0000}'..='\u{ffffd}').contains(&c)
}

/// The actions that there can be.
pub(crate) fn every_action(kind: PolicyKind) -> Vec<Vec<Sign>> {
    match kind {
        PolicyKind::Trust => {
            matching::TRUST_ACTIONS.map(|name| matching::signs(&name.to_lowercase())).to_vec()
        }
        _ => vec![matching::signs("?*:?*")],
    }
}

impl Reader {
    pub(crate) fn new(reading: Reading) -> Self {
        Self { reading, tokens: BTreeMap::new() }
    }

    /// What is always allowed, under the readings that say so.
    pub(crate) fn always(&self, kind: PolicyKind) -> Vec<Vec<Sign>> {
        let special = self.reading.caller == CallerKeys::Derived && kind != PolicyKind::Trust;
        special.then(|| matching::signs("sts:getcalleridentity")).into_iter().collect()
    }

    /// The patterns of an `Action` or `NotAction`.
    pub(crate) fn actions(element: &Element) -> Vec<Vec<Sign>> {
        element.items().iter().filter_map(Item::text).filter_map(matching::action_signs).collect()
    }

    /// The patterns of a `Resource` or `NotResource`.
    pub(crate) fn resources(&mut self, policy: &Policy, element: &Element) -> Vec<Vec<Sign>> {
        let identity = policy.kind == PolicyKind::Identity;
        let texts = element.items().iter().filter_map(Item::text);
        let read = |text| {
            let signs = self.signs(text, policy.variables, Wild::Yes)?;
            matching::resource_signs(signs, self.reading.stars, identity)
        };
        texts.filter_map(read).collect()
    }

    /// The patterns of a condition on text.
    pub(crate) fn values(&mut self, condition: &Condition, variables: bool) -> Vec<Vec<Sign>> {
        let parts = condition::Parts::of(condition);
        let wild = if parts.is_literal() { Wild::No } else { Wild::Yes };
        let read = |text| {
            let signs = self.signs(text, variables, wild)?;
            if parts.base.starts_with("arn") { matching::arn_signs(signs) } else { Some(signs) }
        };
        condition.values.iter().filter_map(Item::text).filter_map(read).collect()
    }

    fn signs(&mut self, text: &str, variables: bool, wild: Wild) -> Option<Vec<Sign>> {
        if text.contains(is_token) {
            return None;
        }
        let nothing = Context::empty();
        if !variables {
            return condition::substituted(text, &nothing, false, wild);
        }
        let (mut named, mut rest) = (String::new(), text);
        while let Some((head, tail)) = rest.split_once("${") {
            let Some((inside, after)) = tail.split_once('}') else { break };
            named.push_str(head);
            if matches!(inside, "*" | "?" | "$") {
                named.extend(["${", inside, "}"]);
            } else {
                let next = u32::try_from(self.tokens.len()).ok()?.checked_add(0xf_0000)?;
                // With its default a variable is another value than without.
                let (key, default) = inside.split_once(',').unwrap_or((inside, ""));
                let name = format!("{},{}", key.trim().to_lowercase(), default.trim());
                named.push(*self.tokens.entry(name).or_insert(char::from_u32(next)?));
            }
            rest = after;
        }
        named.push_str(rest);
        condition::substituted(&named, &nothing, true, wild)
    }
}
