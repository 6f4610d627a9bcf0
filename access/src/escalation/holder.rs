//! What a principal holds, asked of one world step by step; each question once.

use std::collections::BTreeMap;

use super::named::{self, Home, Role};
use super::{Method, PASS};
use crate::comparison::Undecided;
use crate::dialect::aws::{Element, Item, catalogue};
use crate::scope::{Answer, Scope};
use crate::space::glob::Pattern;
use crate::world::{Content, World};

/// Is a way, or a step of it, open?
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    Open,
    /// It hangs on something that is not known.
    Unsettled(Vec<Undecided>),
    Closed,
}

/// An action, the resources it is done to, and the service a role is handed to.
type Asked = (&'static str, Vec<String>, Option<&'static str>);

/// One side of a change.
pub(super) struct Holder<'w> {
    world: &'w World,
    homes: Vec<Home>,
    known: BTreeMap<Asked, State>,
}

impl<'w> Holder<'w> {
    pub(super) fn of(world: &'w World) -> Self {
        Self { world, homes: named::homes(world), known: BTreeMap::new() }
    }

    /// Is the method open with the role, or with a role that no policy names?
    pub(super) fn state(&mut self, method: &Method, role: Option<&str>) -> State {
        // Most steps are not so much as named.
        let named = |step: &&'static str| self.world.may_name(step);
        if !method.steps.iter().all(named) || (method.service.is_some() && !self.world.may_name(PASS)) {
            return State::Closed;
        }
        let mut unsettled = Vec::new();
        let passed = method.service.map(|service| self.passes(service, role.map(str::to_owned)));
        for step in method.steps {
            match passed {
                // What is made for the role is one's own, and may be what a policy names.
                Some(State::Open | State::Unsettled(_)) => match self.may((step, Vec::new(), None)) {
                    State::Open => {}
                    State::Unsettled(reasons) => unsettled.extend(reasons),
                    State::Closed => return State::Closed,
                },
                Some(State::Closed) => return State::Closed,
                None => match self.may_on_any(step) {
                    State::Open => {}
                    State::Unsettled(reasons) => unsettled.extend(reasons),
                    State::Closed => return State::Closed,
                },
            }
        }
        if let Some(State::Unsettled(reasons)) = passed {
            unsettled.extend(reasons);
        }
        unsettled.sort();
        unsettled.dedup();
        if unsettled.is_empty() { State::Open } else { State::Unsettled(unsettled) }
    }

    /// Roles that policies single out and that may be handed to the method's service.
    pub(super) fn named_roles(&mut self, method: &Method) -> Vec<Role> {
        let Some(service) = method.service else { return Vec::new() };
        if !self.world.may_name(PASS) || !method.steps.iter().all(|step| self.world.may_name(step)) {
            return Vec::new();
        }
        let roles = named::roles(self.world, &self.homes);
        let all: Vec<String> = roles.iter().map(|role| role.arn.clone()).collect();
        if all.is_empty() || self.may((PASS, all, Some(service))) == State::Closed {
            return Vec::new();
        }
        roles
    }

    /// May it hand the role, or one that no policy names, to the service?
    fn passes(&mut self, service: &'static str, role: Option<String>) -> State {
        let roles = role.map_or_else(|| self.homes.iter().map(Home::any_role).collect(), |role| vec![role]);
        self.may((PASS, roles, Some(service)))
    }

    /// Is the action allowed on something that no policy names?
    fn may_on_any(&mut self, action: &'static str) -> State {
        let Some(known) = catalogue::action(action) else { return State::Closed };
        let mut resources: Vec<String> = known
            .resources()
            .flat_map(|glob| self.homes.iter().map(move |home| home.nobody(&glob)))
            .collect();
        if known.is_wildcard_only() {
            resources.push("*".to_owned());
        }
        if resources.is_empty() { State::Closed } else { self.may((action, resources, None)) }
    }

    fn may(&mut self, asked: Asked) -> State {
        if let Some(state) = self.known.get(&asked) {
            return state.clone();
        }
        let (action, resources, service) = &asked;
        let scope =
            Scope { actions: vec![(*action).to_owned()], resources: resources.clone(), ..Scope::default() };
        let chinese = self.homes.iter().any(Home::is_chinese);
        let spelled = |service: &&str| {
            let regional = chinese.then(|| format!("{service}.cn"));
            std::iter::once((*service).to_owned()).chain(regional).collect()
        };
        let held: Vec<(&str, Vec<String>)> =
            service.iter().map(|service| ("iam:PassedToService", spelled(service))).collect();
        let state = match self.world.may_with(&scope, &held) {
            Answer::Yes(_) => State::Open,
            Answer::No => State::Closed,
            Answer::Undecided(mut reasons) => {
                reasons.retain(|reason| self.is_about(reason, action));
                if reasons.is_empty() { State::Closed } else { State::Unsettled(reasons) }
            }
        };
        self.known.insert(asked, state.clone());
        state
    }

    /// Is it a statement that speaks of the action? A document of which nothing is known may say anything, so that
    /// every step would hang on it; where it changes, the comparison tells.
    fn is_about(&self, reason: &Undecided, action: &str) -> bool {
        let (Undecided::Statement { statement, .. } | Undecided::Budget { statement, .. }) = reason else {
            return false;
        };
        let action = action.to_lowercase();
        let takes = |items: &[Item]| {
            items.iter().any(|item| {
                item.text().is_none_or(|text| Pattern::glob(&text.to_lowercase()).matches(&action))
            })
        };
        let documents = self.world.layers.iter().flat_map(|layer| &layer.documents);
        documents.filter(|document| document.id == statement.document).any(|document| {
            let Content::Aws(policy) = &document.content else { return false };
            match policy.statements.get(statement.statement).map(|statement| &statement.action) {
                Some(Element::In(items)) => takes(items),
                Some(Element::NotIn(items)) => {
                    items.iter().any(|item| item.text().is_none()) || !takes(items)
                }
                None => false,
            }
        })
    }
}
