//! What every rule may ask, computed once: the comparison of each principal, and who is declared as what.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use jiff::Timestamp;
use nhi_access::escalation::{Path, new_paths};
use nhi_access::{Comparison, Region, Settings, Undecided, World, compare};
use nhi_analyzer_model::{
    Declarations, Delta, Inventory, NotUnderstood, Origin, Principal, PrincipalId, PrincipalKind,
};

use crate::declared::Declared;
use crate::guarded::{self, ResourceChange};

/// What is asked of the rules.
pub struct Question<'a> {
    /// What the adapters read out of the plan.
    pub inventory: &'a Inventory,
    /// What a register declares; empty when none was joined.
    pub register: &'a Declarations,
    /// The time to judge expiries by.
    pub at: Timestamp,
}

/// The question with everything that more than one rule needs.
pub struct Context<'a> {
    /// The planned change.
    pub planned: &'a Delta,
    /// Each principal through the planned change.
    pub changes: Vec<Change<'a>>,
    /// Each resource with a policy of its own through the planned change.
    pub resources: Vec<ResourceChange<'a>>,
    /// What the world did outside of the plan, and each principal through it.
    pub drift: Option<(&'a Delta, Vec<Change<'a>>)>,
    /// The same of each resource.
    pub drifted_resources: Vec<ResourceChange<'a>>,
    /// Parts no adapter reads.
    pub not_understood: &'a [NotUnderstood],
    /// What was declared.
    pub declared_before: Declared<'a>,
    /// What will be declared.
    pub declared: Declared<'a>,
    /// What a register declares; empty when none was joined.
    pub register: &'a Declarations,
    /// The time to judge expiries by.
    pub at: Timestamp,
    /// Regions that the two procedures of `nhi-access` disagree about; more than none is a mistake in it.
    pub mismatches: usize,
}

/// One principal through a change.
pub struct Change<'a> {
    /// As it was.
    pub before: Option<&'a Principal>,
    /// As it will be.
    pub after: Option<&'a Principal>,
    /// What it may do; `None` when nothing about that changes.
    pub permissions: Option<Compared<'a>>,
    /// Who may become it; `None` when nothing about that changes.
    pub trust: Option<Compared<'a>>,
}

/// Two worlds and their difference.
pub struct Compared<'a> {
    /// Before; empty when the principal was not there.
    pub before: Cow<'a, World>,
    /// After; empty when the principal will not be there.
    pub after: Cow<'a, World>,
    /// The difference.
    pub comparison: Comparison,
    /// Ways to rights of others that the difference opens, in worlds of what a principal may do.
    pub paths: Vec<Path>,
}

impl<'a> Context<'a> {
    /// Compares every principal whose worlds differ, and joins the declarations.
    pub fn of(question: &Question<'a>) -> Self {
        let planned = &question.inventory.planned;
        let changes_planned = changes(planned);
        let drift = question.inventory.drift.as_ref().map(|drift| (drift, changes(drift)));
        let all = changes_planned.iter().chain(drift.iter().flat_map(|(_, changes)| changes));
        let resources = guarded::changes(planned);
        let drifted_resources = drift.as_ref().map(|(delta, _)| guarded::changes(delta)).unwrap_or_default();
        let of_resources = resources.iter().chain(&drifted_resources);
        let mismatches = all
            .flat_map(|change| [&change.permissions, &change.trust].into_iter().flatten())
            .chain(of_resources.flat_map(|change| [&change.direct, &change.lifted].into_iter().flatten()))
            .map(|compared| compared.comparison.mismatches)
            .sum();
        let mine = (&planned.before.declarations, &planned.after.declarations);
        Self {
            planned,
            changes: changes_planned,
            resources,
            drift,
            drifted_resources,
            not_understood: &question.inventory.not_understood,
            declared_before: Declared::of(mine.0, question.register, mine),
            declared: Declared::of(mine.1, question.register, mine),
            register: question.register,
            at: question.at,
            mismatches,
        }
    }
}

fn changes(delta: &Delta) -> Vec<Change<'_>> {
    let ids: BTreeSet<&PrincipalId> =
        delta.before.principals.keys().chain(delta.after.principals.keys()).collect();
    let pairs: Vec<Pair<'_>> =
        ids.into_iter().map(|id| (delta.before.principals.get(id), delta.after.principals.get(id))).collect();
    let mut changes = compared(&pairs);
    tell_group_grants_once(&mut changes);
    changes
}

/// A principal before and after.
type Pair<'a> = (Option<&'a Principal>, Option<&'a Principal>);

/// Principals from which on the work is shared among threads.
const SHARED_FROM: usize = 64;

/// Compares each principal. They do not depend on each other, so a large plan is shared among the processors.
fn compared<'a>(pairs: &[Pair<'a>]) -> Vec<Change<'a>> {
    let one_after_another =
        |pairs: &[Pair<'a>]| pairs.iter().map(|pair| Change::of(*pair)).collect::<Vec<_>>();
    let workers =
        if pairs.len() < SHARED_FROM { 1 } else { thread::available_parallelism().map_or(1, usize::from) };
    if workers == 1 {
        return one_after_another(pairs);
    }
    thread::scope(|scope| {
        let shares: Vec<_> = pairs
            .chunks(pairs.len().div_ceil(workers))
            .map(|share| scope.spawn(move || one_after_another(share)))
            .collect();
        shares
            .into_iter()
            .flat_map(|share| share.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

impl<'a> Compared<'a> {
    pub(crate) fn of(before: Option<&'a World>, after: Option<&'a World>) -> Option<Self> {
        let (before, after) = match (before, after) {
            (None, None) => return None,
            (Some(before), Some(after)) if before == after => return None,
            (Some(before), Some(after)) => (Cow::Borrowed(before), Cow::Borrowed(after)),
            (Some(before), None) => (Cow::Borrowed(before), Cow::Owned(nothing_of(before))),
            (None, Some(after)) => (Cow::Owned(nothing_of(after)), Cow::Borrowed(after)),
        };
        let comparison = compare(&before, &after, &Settings::default());
        Some(Self { before, after, comparison, paths: Vec::new() })
    }

    /// The same with the ways to rights of others: only something new opens one.
    fn with_paths(mut self) -> Self {
        if !self.comparison.new.is_empty() {
            self.paths = new_paths(&self.before, &self.after);
        }
        self
    }
}

/// The world of the same subject with no document in it: it allows nothing.
fn nothing_of(world: &World) -> World {
    World { layers: Vec::new(), ..world.clone() }
}

impl<'a> Change<'a> {
    fn of((before, after): Pair<'a>) -> Self {
        let trusts = (before.and_then(|one| one.trust.as_ref()), after.and_then(|one| one.trust.as_ref()));
        Self {
            before,
            after,
            permissions: Compared::of(before.map(|one| &one.world), after.map(|one| &one.world))
                .map(Compared::with_paths),
            trust: Compared::of(trusts.0, trusts.1),
        }
    }

    /// The principal as it will be, else as it was.
    pub fn principal(&self) -> Option<&'a Principal> {
        self.after.or(self.before)
    }

    /// Whether the plan makes this principal.
    pub fn is_new(&self) -> bool {
        self.before.is_none()
    }
}

/// A grant that reaches users through their group is the group's to tell: leave out of each member what its group
/// tells in the very same words. A membership is the member's own: the group has nothing to tell then.
fn tell_group_grants_once(changes: &mut [Change<'_>]) {
    let groups: BTreeMap<PrincipalId, Comparison> = changes
        .iter()
        .filter_map(|change| {
            let principal = change.principal().filter(|one| one.kind == PrincipalKind::Group)?;
            Some((principal.id.clone(), change.permissions.as_ref()?.comparison.clone()))
        })
        .collect();
    if groups.is_empty() {
        return;
    }
    for change in changes {
        let own: BTreeSet<&PrincipalId> =
            [change.before, change.after].into_iter().flatten().flat_map(|one| &one.groups).collect();
        let told: Vec<&Comparison> = own.into_iter().filter_map(|id| groups.get(id)).collect();
        let Some(compared) = change.permissions.as_mut().filter(|_| !told.is_empty()) else { continue };
        let comparison = &mut compared.comparison;
        comparison.new.retain(|region| !told.iter().any(|group| says(&group.new, region)));
        comparison.reduced.retain(|region| !told.iter().any(|group| says(&group.reduced, region)));
        comparison.undecided.retain(|reason| !told.iter().any(|group| leaves_open(&group.undecided, reason)));
    }
}

/// Does one of `regions` say the same as `region`, but for whose it is?
fn says(regions: &[Region], region: &Region) -> bool {
    let set = |region: &Region| {
        let dimensions = region.set.dimensions.iter().filter(|dimension| dimension.name != "principal");
        dimensions.cloned().collect::<Vec<_>>()
    };
    regions.iter().any(|one| one.granted_by == region.granted_by && set(one) == set(region))
}

fn leaves_open(reasons: &[Undecided], reason: &Undecided) -> bool {
    // A used-up budget says nothing of what the member's own documents add.
    !matches!(reason, Undecided::Budget { .. }) && reasons.contains(reason)
}

impl Context<'_> {
    /// The origins of a group's members, for the reader who asks whom a grant reaches.
    pub fn members(delta: &Delta, group: &Principal) -> Vec<Origin> {
        let users = delta.after.principals.values();
        users.filter(|user| user.groups.contains(&group.id)).filter_map(|user| user.origin.clone()).collect()
    }
}
