//! What each platform's resource types say, as facts.

mod aws;
mod credential;
mod delta;
mod halves;
mod kinds;
mod moments;
mod nhi;
mod platforms;
mod unread;
mod value;

use std::collections::BTreeSet;

use nhi_analyzer_input::{Actions, Change, Plan, Settings, Sources};
use nhi_analyzer_model::{Credential, Delta, Facts, Inventory, Known, PrincipalId};

use crate::aws::graph::Graph;
use crate::aws::identity::Identities;
use crate::delta::{Breadth, Reading};
use crate::kinds::Kind;
use crate::moments::{Moment, Moments};

/// Reads what a plan says of principals, credentials and declarations, before and after; and what drifted before it.
///
/// Principals that the plan does not touch are left out, unless the plan declares identities of ours or
/// `settings.register` names a register that may: then everything is told, with worlds.
///
/// Without `sources`, a value that the plan does not know is known only where its expression is one name.
pub fn read(plan: &Plan<'_>, settings: &Settings, sources: Option<&dyn Sources>) -> Inventory {
    let prior = plan.untouched();
    let moments = Moments::of(plan, &prior, sources);
    let identities = Identities::of(&moments);
    let declared = nhi::declares(plan) || settings.register.is_some();
    let breadth = if declared { Breadth::All } else { Breadth::Touched };
    let mut credentials = credential::credentials(plan.changes.iter());
    let wanted = holders(&moments, &identities, &credentials);
    let reading = Reading { moments: &moments, identities: &identities, settings, breadth, wanted: &wanted };
    let refreshed = Graph::of(&moments, &identities, Moment::Refreshed);
    let planned = Graph::of(&moments, &identities, Moment::Planned);
    let told = reading.between(&refreshed, &planned);
    let Delta { mut before, mut after } = told.delta;

    let (others_before, others_after) = platforms::principals(plan, settings);
    before.principals.extend(others_before);
    after.principals.extend(others_after);
    (before.declarations, after.declarations) = nhi::declarations(plan);
    let [old, new] = &mut credentials;
    for (facts, mine) in [(&mut before, old), (&mut after, new)] {
        join(plan, facts, std::mem::take(mine));
    }

    let mut not_understood = unread::parts(plan);
    not_understood.extend(told.not_understood);
    let drift = (!plan.drift.is_empty()).then(|| {
        let recorded = Graph::of(&moments, &identities, Moment::Recorded);
        let Delta { mut before, mut after } = reading.between(&recorded, &refreshed).delta;
        let [old, new] = credential::credentials(plan.drift.iter());
        join(plan, &mut before, old);
        join(plan, &mut after, new);
        Delta { before, after }
    });
    Inventory { planned: Delta { before, after }, drift, not_understood }
}

fn join(plan: &Plan<'_>, facts: &mut Facts, credentials: Vec<Credential>) {
    for mut credential in credentials {
        credential.principal_id = credential::join(plan, &credential, facts.principals.values());
        facts.credentials.push(credential);
    }
}

/// The AWS principals whose credentials the plan changes.
fn holders(
    moments: &Moments<'_>,
    identities: &Identities,
    credentials: &[Vec<Credential>; 2],
) -> BTreeSet<PrincipalId> {
    let changed: BTreeSet<&nhi_analyzer_model::Address> = moments
        .plan
        .changes
        .iter()
        .filter(|change: &&Change<'_>| change.actions != Actions::NoOp)
        .map(|change| &change.address)
        .collect();
    let mut holders = BTreeSet::new();
    for credential in credentials.iter().flatten().filter(|one| changed.contains(&one.origin.address)) {
        if let Known::Is(Some(name)) = &credential.principal {
            holders.insert(identities.named(moments, Kind::User, name));
        }
        for address in credential::referred(moments.plan, credential) {
            for number in moments.instances(Moment::Planned, &address) {
                holders.insert(identities.id_at(number, Moment::Planned));
            }
        }
    }
    holders
}
