//! Ways to rights that are not a principal's own, made of one step or several: handing a role to a service and making the
//! service act with it, making something that has a role do one's own work, becoming a user.

mod methods;

use crate::comparison::Region;
use crate::dialect::aws::catalogue;
use crate::request::Request;
use crate::scope::{Answer, Scope};
use crate::weight::takes;
use crate::world::World;

/// Where a method leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leads {
    /// To the role of something that is already there.
    RoleInUse,
    /// To the rights of any user.
    AnyUser,
    /// To any role of the account.
    AnyRole,
    /// To all rights, by rewriting one's own.
    Administrator,
}

/// All that one way takes.
#[derive(Debug, PartialEq, Eq)]
pub struct Method {
    leads: Leads,
    /// The service that a role has to be handed to.
    service: Option<&'static str>,
    steps: &'static [&'static str],
}

const PASS: &str = "iam:PassRole";

/// The methods that are open after and were not before, for a principal that nobody held to things singled out: an
/// administrator's role is among those it may hand over, an administrator's machine among those it may enter. The steps
/// may come from different statements, old and new.
pub fn new_methods(before: &World, after: &World) -> Vec<&'static Method> {
    let (passed, held) = (passes_any_role(after), passes_any_role(before));
    methods::METHODS
        .iter()
        .filter(|method| method.is_open(after, passed.as_ref()))
        .filter(|method| !method.is_open(before, held.as_ref()))
        .collect()
}

impl Method {
    /// Where it leads.
    pub fn leads(&self) -> Leads {
        self.leads
    }

    /// Does the region grant one of the steps?
    pub fn leads_through(&self, region: &Region) -> bool {
        (self.service.is_some() && takes(region, PASS)) || self.steps.iter().any(|step| takes(region, step))
    }

    /// All of its actions, handing over first.
    pub fn actions(&self) -> Vec<&'static str> {
        let pass = self.service.map(|_| PASS);
        pass.into_iter().chain(self.steps.iter().copied()).collect()
    }

    fn is_open(&self, world: &World, passed: Option<&Request>) -> bool {
        if !self.steps.iter().all(|step| world.may_name(step)) {
            return false;
        }
        let Some(service) = self.service else {
            return self.steps.iter().all(|step| may_on_any(world, step));
        };
        let Some(passed) = passed else { return false };
        let key = passed.context.iter().find(|(key, _)| key.eq_ignore_ascii_case("iam:PassedToService"));
        key.is_none_or(|(_, values)| values.iter().any(|value| value == service))
            && self.steps.iter().all(|step| may(world, step, Vec::new()).is_some())
    }
}

/// Is the action allowed on something that no policy names?
fn may_on_any(world: &World, action: &str) -> bool {
    let account = world.account.as_deref().unwrap_or("111122223333");
    let Some(known) = catalogue::action(action) else { return false };
    let mut resources: Vec<String> = known.resources().map(|glob| nobody_names(&glob, account)).collect();
    if known.is_wildcard_only() {
        resources.push("*".to_owned());
    }
    resources.into_iter().any(|resource| may(world, action, vec![resource]).is_some())
}

/// One resource of a kind, with a name that no policy singles out.
fn nobody_names(glob: &str, account: &str) -> String {
    let fields = glob.splitn(6, ':').enumerate().map(|(field, text)| match (field, text) {
        (1, "*") => "aws".to_owned(),
        (3, "*") => "us-east-1".to_owned(),
        (4, "*") => account.to_owned(),
        _ => text.replace('*', "any-one-at-all"),
    });
    fields.collect::<Vec<_>>().join(":")
}

/// A request to pass a role of the account that no policy names.
fn passes_any_role(world: &World) -> Option<Request> {
    let role = |account: &str| format!("arn:aws:iam::{account}:role/any-role-at-all");
    may(world, PASS, vec![role(world.account.as_deref().unwrap_or("*"))])
}

fn may(world: &World, action: &str, resources: Vec<String>) -> Option<Request> {
    // Most steps are not so much as named.
    if !world.may_name(action) {
        return None;
    }
    match world.may(&Scope { actions: vec![action.to_owned()], resources, ..Scope::default() }) {
        Answer::Yes(request) => Some(*request),
        Answer::No | Answer::Undecided(_) => None,
    }
}
