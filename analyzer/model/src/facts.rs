//! What a plan says, before and after, in words that no platform's attributes reach.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nhi_access::{DocumentId, World};

use crate::address::Address;
use crate::origin::{AttributePath, Origin};

/// A value the plan knows, or does not know yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known<T> {
    /// Known.
    Is(T),
    /// Only known after apply, or masked.
    Unknown,
}

/// Where principals live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// Amazon Web Services.
    Aws,
    /// Google Cloud.
    Google,
    /// Azure and Entra ID.
    Azure,
    /// Kubernetes.
    Kubernetes,
}

/// What a principal is on its platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalKind {
    /// Assumed through its trust.
    Role,
    /// Holds credentials of its own.
    User,
    /// Hands its grants to its members.
    Group,
    /// A service account, managed identity or service principal.
    ServiceAccount,
    /// Whoever a policy is attached to, where no principal at hand is: a policy that changes without its attachments.
    Holder,
    /// The machines that hold an instance profile, and act as the role in it.
    Machines,
}

/// One principal through the whole plan: the same before and after, under a new address or a new name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrincipalId(pub String);

/// Who owns a principal, as tags or labels say; declarations are joined later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// An owner tag with a value that is not empty: its key and value.
    Tagged {
        /// As written.
        key: String,
        /// As written.
        value: String,
    },
    /// Tags are known and none names an owner.
    Untagged,
    /// The tags are not known.
    Unknown,
    /// The type takes no tags (a group).
    Untaggable,
}

/// A principal on one side of a change, with everything that decides what it may do.
#[derive(Clone, Debug, PartialEq)]
pub struct Principal {
    /// The same on both sides.
    pub id: PrincipalId,
    /// Its platform.
    pub platform: Platform,
    /// What it is there.
    pub kind: PrincipalKind,
    /// Its name there (a role's name, a service account's email), where known.
    pub name: Known<String>,
    /// Its ARN or full resource name, where known or derivable.
    pub arn: Option<String>,
    /// The account or project it lives in, where known.
    pub account: Option<String>,
    /// Where it is declared. `None`: only attachments name it.
    pub origin: Option<Origin>,
    /// Its address before a move.
    pub previous_address: Option<Address>,
    /// What its tags say of an owner.
    pub ownership: Ownership,
    /// The origin of the tags attribute, for findings on ownership.
    pub tags_origin: Option<Origin>,
    /// Identity documents (its groups' included), boundary, and control policies. Left empty on both sides where the
    /// plan changes nothing in it and declares no identity that could be asked about.
    pub world: World,
    /// A role's trust, as a world of its own; under the same terms.
    pub trust: Option<World>,
    /// The groups it is a member of.
    pub groups: Vec<PrincipalId>,
    /// The documents it has through a group alone, each with what makes it a member there.
    pub memberships: BTreeMap<DocumentId, Origin>,
}

/// One resource through the whole plan, under a new address or a new name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId(pub String);

/// How the policy of a resource counts beside those of the principals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guard {
    /// For the principals of its own account, either grants: its own policy or theirs.
    Beside,
    /// It alone grants: to name its own account is what lets that account's policies count (a key of KMS).
    Alone,
    /// It grants nothing and caps what passes (a network endpoint).
    Cap,
    /// It grants nothing and caps what whole accounts may do (an organisation's policy).
    Organisation,
}

/// A resource that a policy of its own speaks of, on one side of a change.
#[derive(Clone, Debug, PartialEq)]
pub struct GuardedResource {
    /// The same on both sides.
    pub id: ResourceId,
    /// Its platform.
    pub platform: Platform,
    /// What a reader calls such a thing: `bucket`, `queue`.
    pub noun: &'static str,
    /// Its name, where known.
    pub name: Known<String>,
    /// Its ARN, where known or derivable.
    pub arn: Option<String>,
    /// The account it lives in, where known.
    pub account: Option<String>,
    /// Where it is declared. `None`: only its policies are.
    pub origin: Option<Origin>,
    /// Its address before a move.
    pub previous_address: Option<Address>,
    /// How its policy counts.
    pub guard: Guard,
    /// Every document attached to it, as one resource layer.
    pub world: World,
}

/// Where a document's text stands, and the text itself for display.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentFact {
    /// The attribute that holds the text (`policy`, `assume_role_policy`, a data source's `statement`).
    pub origin: Origin,
    /// The origin of a statement in it, where it has one of its own (`statement[1]` of a data source); by index.
    pub statements: Vec<Origin>,
    /// The text, where it is known and not masked.
    pub text: Option<String>,
    /// Other resources that carry it here (the attachment).
    pub through: Vec<Origin>,
}

/// A credential that lives until somebody revokes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Credential {
    /// The resource type, as a user knows it.
    pub kind: String,
    /// Where it is declared.
    pub origin: Origin,
    /// Its platform.
    pub platform: Platform,
    /// The principal it speaks for: its name there, where known.
    pub principal: Known<Option<String>>,
    /// That principal in these facts, where it is among them.
    pub principal_id: Option<PrincipalId>,
    /// When it ends by itself; `Is(None)`: never.
    pub expires: Known<Option<String>>,
    /// What to use instead.
    pub instead: &'static str,
    /// It belongs to a person (a console password) rather than to a machine.
    pub human: bool,
    /// Disabled (an access key with `status = "Inactive"`).
    pub disabled: bool,
}

/// A provider of web identities that trusts may name.
#[derive(Clone, Debug, PartialEq)]
pub struct IdentityProvider {
    /// Where it is declared.
    pub origin: Origin,
    /// Its issuer.
    pub url: Known<String>,
    /// The audiences it takes.
    pub audiences: Known<Vec<String>>,
    /// Its ARN, where known.
    pub arn: Option<String>,
}

/// What hands a role to the machines that name it.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceProfile {
    /// Where it is declared.
    pub origin: Origin,
    /// Its name.
    pub name: Known<String>,
    /// The role it hands out, where that is among these facts.
    pub role: Option<PrincipalId>,
}

/// A declared owner.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredOwner {
    /// Its name.
    pub name: Known<String>,
    /// Where; `None` when it came from a register.
    pub origin: Option<Origin>,
}

/// A declared zone.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredZone {
    /// Its name.
    pub name: Known<String>,
    /// The zones it may cross into.
    pub reaches: Known<Vec<String>>,
    /// Where; `None` when it came from a register.
    pub origin: Option<Origin>,
}

/// A declared identity.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredIdentity {
    /// Its name in the register.
    pub name: Known<String>,
    /// Its owner's name.
    pub owner: Known<Option<String>>,
    /// 0, 1 or 2.
    pub tier: Known<Option<u8>>,
    /// Its zone's name.
    pub zone: Known<Option<String>>,
    /// Its platform, as written.
    pub platform: Known<Option<String>>,
    /// Its name on the platform (an ARN, a role name, an email), as written; unknown values keep the resource they refer to in `principal_refs`.
    pub principal: Known<Option<String>>,
    /// Resources that an unknown `principal` refers to.
    pub principal_refs: Vec<Address>,
    /// How many federation entries it has.
    pub federation: Known<usize>,
    /// Its environment, as written.
    pub environment: Known<Option<String>>,
    /// The word of its kind, `ci_runner` for example.
    pub kind: Known<Option<String>>,
    /// Its labels.
    pub labels: Known<BTreeMap<String, String>>,
    /// Where; `None` when it came from a register.
    pub origin: Option<Origin>,
}

/// A declared exception.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredException {
    /// Its name.
    pub name: Known<String>,
    /// The identity it is for.
    pub identity: Known<Option<String>>,
    /// Rule ids it permits.
    pub rules: Known<Vec<String>>,
    /// Action globs it permits.
    pub actions: Known<Vec<String>>,
    /// Resource globs it permits.
    pub resources: Known<Vec<String>>,
    /// Its end. `Is(None)`: it has none.
    pub expires_at: Known<Option<Timestamp>>,
    /// It has a `valid_for` that fixes its end at apply.
    pub valid_for: Known<Option<String>>,
    /// Its owner.
    pub owner: Known<Option<String>>,
    /// Why it does not hold although it has not ended, as its register says: nobody approved it, or somebody revoked it.
    /// `None` when it holds, and when it did not come from a register.
    pub objection: Option<String>,
    /// Where; `None` when it came from a register.
    pub origin: Option<Origin>,
}

/// A crossing from one zone into another that holds: it is approved, and has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveCrossing {
    /// Its name.
    pub name: String,
    /// The zone that identities come from.
    pub from_zone: String,
    /// The zone that they cross into.
    pub to_zone: String,
    /// Which of them, by name; empty for every identity of the zone.
    pub identities: Vec<String>,
}

/// A federation that stands beside its identity and holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveFederation {
    /// Its name.
    pub name: String,
    /// The name of the identity that it is for.
    pub identity: String,
}

/// A declared freeze: while it lasts nothing new of a kind is let in.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredFreeze {
    /// Its name.
    pub name: Known<String>,
    /// Its first instant; `Is(None)`: it has none that could be read.
    pub starts_at: Known<Option<Timestamp>>,
    /// The first instant after it.
    pub ends_at: Known<Option<Timestamp>>,
    /// What it keeps out: `static_credentials`, `expansions`.
    pub refuses: Known<Vec<String>>,
    /// `refused` when it does not even let in what is kept for emergencies.
    pub break_glass: Known<Option<String>>,
    /// For which identities.
    pub scope: DeclaredScope,
    /// Its owner.
    pub owner: Known<Option<String>>,
    /// Where; `None` when it came from a register.
    pub origin: Option<Origin>,
}

/// Which identities a declaration is about: what is empty leaves its dimension open.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredScope {
    /// Names of identities.
    pub identities: Known<Vec<String>>,
    /// Names of owners.
    pub owners: Known<Vec<String>>,
    /// 0, 1, 2, as texts.
    pub tiers: Known<Vec<String>>,
    /// Names of zones.
    pub zones: Known<Vec<String>>,
    /// Environments.
    pub environments: Known<Vec<String>>,
    /// Words of kinds.
    pub kinds: Known<Vec<String>>,
    /// Labels, all of which an identity has.
    pub labels: Known<BTreeMap<String, String>>,
}

/// What the organisation declares, in this plan or in a register.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declarations {
    /// Owners.
    pub owners: Vec<DeclaredOwner>,
    /// Zones.
    pub zones: Vec<DeclaredZone>,
    /// Identities.
    pub identities: Vec<DeclaredIdentity>,
    /// Exceptions.
    pub exceptions: Vec<DeclaredException>,
    /// Freezes.
    pub freezes: Vec<DeclaredFreeze>,
    /// Crossings that hold: only a register knows what is approved.
    pub crossings: Vec<LiveCrossing>,
    /// Names of crossings that a plan writes anew or removes; what was approved of them no longer counts.
    pub rewritten_crossings: BTreeSet<String>,
    /// Federations of a register that stand beside their identities and hold.
    pub federations: Vec<LiveFederation>,
    /// Names of federations that a plan speaks of: it counts them with their identities, and what a register says of them
    /// no longer counts.
    pub spoken_federations: BTreeSet<String>,
}

/// One side of a change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Principals by id.
    pub principals: BTreeMap<PrincipalId, Principal>,
    /// Every document that a world names.
    pub documents: BTreeMap<DocumentId, DocumentFact>,
    /// Static credentials.
    pub credentials: Vec<Credential>,
    /// Providers of web identities.
    pub identity_providers: Vec<IdentityProvider>,
    /// Resources with a policy of their own; those whose policies the change touches.
    pub resources: BTreeMap<ResourceId, GuardedResource>,
    /// Instance profiles.
    pub instance_profiles: Vec<InstanceProfile>,
    /// Declarations made in the plan.
    pub declarations: Declarations,
}

/// Two sides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delta {
    /// Before.
    pub before: Facts,
    /// After.
    pub after: Facts,
}

/// A part that no adapter reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUnderstood {
    /// The resource.
    pub address: String,
    /// The part of it.
    pub attribute: AttributePath,
    /// Why.
    pub reason: String,
    /// Its type can carry a grant and the plan changes it: an undecided finding is due.
    pub may_grant: bool,
    /// Where, when the address could be read.
    pub origin: Option<Origin>,
}

/// Everything the adapters read out of a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    /// The planned change: refreshed state before, plan after.
    pub planned: Delta,
    /// Drift: last recorded state before, refreshed state after. `None`: the plan shows none.
    pub drift: Option<Delta>,
    /// Parts no adapter reads.
    pub not_understood: Vec<NotUnderstood>,
}
