//! Ways to rights that are not a principal's own, made of one step or several: handing a role to a service and making the
//! service act with it, making something that has a role do one's own work, becoming a user.

mod holder;
mod methods;
mod named;

use crate::comparison::{Region, Undecided};
use crate::weight::takes;
use crate::world::World;
use holder::{Holder, State};

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

/// A method that is open to a principal and was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The method.
    pub method: &'static Method,
    /// The role it ends at, as a policy names it, where only roles singled out can be handed over.
    pub role: Option<String>,
    /// Why it cannot be settled that it is new; empty where it is new for sure.
    pub unsettled: Vec<Undecided>,
}

const PASS: &str = "iam:PassRole";

/// The paths that are open after and were not before. What is done to things rather than with a role handed over is
/// open to whoever nobody held to things singled out: an administrator's machine is among those it may enter. The
/// steps may come from different statements, old and new.
pub fn new_paths(before: &World, after: &World) -> Vec<Path> {
    let (mut was, mut is) = (Holder::of(before), Holder::of(after));
    methods::METHODS.iter().flat_map(|method| opened(method, &mut was, &mut is)).collect()
}

fn opened(method: &'static Method, was: &mut Holder<'_>, is: &mut Holder<'_>) -> Vec<Path> {
    let now = is.state(method, None);
    let any = newly(&now, || was.state(method, None));
    let mut paths: Vec<Path> =
        any.into_iter().map(|unsettled| Path { method, role: None, unsettled }).collect();
    if now == State::Open || method.service.is_none() {
        return paths;
    }
    // One role is enough to tell of; one that is sure is told before one that is not.
    let mut open: Option<Path> = None;
    for role in is.named_roles(method) {
        let now = is.state(method, Some(&role.arn));
        let Some(unsettled) = newly(&now, || was.state(method, Some(&role.arn))) else { continue };
        let sure = unsettled.is_empty();
        let path = Path { method, role: Some(role.written), unsettled };
        if sure {
            open = Some(path);
            break;
        }
        open.get_or_insert(path);
    }
    paths.extend(open);
    paths
}

/// Why it is open whether it is new; nothing to say where it is new for sure, `None` where it is not new, and where
/// what is not known of it was not known before either.
fn newly(now: &State, was: impl FnOnce() -> State) -> Option<Vec<Undecided>> {
    match now {
        State::Closed => None,
        State::Open => match was() {
            State::Open => None,
            State::Closed => Some(Vec::new()),
            State::Unsettled(reasons) => Some(reasons),
        },
        State::Unsettled(reasons) => (was() == State::Closed).then(|| reasons.clone()),
    }
}

impl Path {
    /// Is it open now and was it not, whatever the values are that nobody knows yet?
    pub fn is_sure(&self) -> bool {
        self.unsettled.is_empty()
    }
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
}
