//! What can go wrong with a register; each text says what, where and what to do.

use nhi_identity::{ApprovalError, GrantError, Standing, Violation};

use crate::chain::Entry;
use crate::declaration::{ObjectKind, Referrer};
use crate::location;
use crate::place::Place;

/// Why a register did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// The location cannot be read.
    #[error("`{url}` does not say where a register is: {problem}. {}", location::RULE)]
    Url {
        /// As given.
        url: String,
        /// What is wrong with it.
        problem: String,
    },
    /// There is no file, and it is not to be created unasked.
    #[error(
        "there is no register at `{path}`. Check the path and the working directory. If the provider is to create a new \
         one there, write `sqlite:{path}?mode=create` in its `register`, or leave that out to use `{default}`",
        path = .0, default = location::DEFAULT
    )]
    Missing(Place),
    /// The file is something else.
    #[error(
        "`{}` is not a register: {found}. Nothing was changed; point to another file, or restore this one from a copy",
        .place
    )]
    NotARegister {
        /// Which register.
        place: Place,
        /// What it is instead.
        found: String,
    },
    /// A newer program wrote it.
    #[error(
        "the register at `{}` has version {found}, and this program reads versions up to {supported}. Nothing was \
         changed; use a newer version of nhi",
        .place
    )]
    Newer {
        /// Which register.
        place: Place,
        /// Its version.
        found: i64,
        /// The newest version this program reads.
        supported: i64,
    },
    /// An older program wrote it, and it may not be changed here.
    #[error(
        "the register at `{}` has version {found}, and this program needs version {needed}. It is open for reading only, \
         so it was not brought up to date: run `terraform plan` with the nhi provider and write access once",
        .place
    )]
    Older {
        /// Which register.
        place: Place,
        /// Its version.
        found: i64,
        /// The version this program needs.
        needed: i64,
    },
    /// What says where a server is does not suffice.
    #[error("the register at `{place}` cannot be reached: {problem}")]
    Address {
        /// Which register.
        place: Place,
        /// What is wrong.
        problem: String,
    },
    /// There is no connection to the server.
    #[error(
        "the register at `{place}` cannot be reached: {reason}. Check that the server runs there and lets you in, and that \
         its certificate is trusted (`sslmode`, `sslrootcert`)"
    )]
    Unreachable {
        /// Which register.
        place: Place,
        /// What the connection or the server says.
        reason: String,
    },
    /// The database holds no register, and none is to be made unasked.
    #[error(
        "there is no register at `{0}`. Check the name of the database; if a new register is to be made there, write \
         `?mode=create` at the end of the location once"
    )]
    NoTables(Place),
    /// The connection broke before anything was kept.
    #[error(
        "the connection to the register at `{0}` was lost. Nothing was changed; check that the server runs, and run again"
    )]
    Lost(Place),
    /// The connection broke while the server was asked to keep a change.
    #[error(
        "the connection to the register at `{0}` was lost while it was asked to keep a change, so it is not known whether \
         it did. Run again once the server is back: what was kept is found, and what was created is taken up"
    )]
    Unknown(Place),
    /// A run on another machine may still be at work on it.
    #[error(
        "{kind} `{name}` was created by a run of workspace `{workspace}` that this machine cannot see and that showed itself \
         {seconds} seconds ago. If that run was interrupted, wait until it has been silent for {silence} seconds and run again"
    )]
    Elsewhere {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: String,
        /// This workspace.
        workspace: String,
        /// How long ago that run showed itself.
        seconds: i64,
        /// After how long a silence it counts as ended.
        silence: i64,
    },
    /// The system refuses to open it.
    #[error(
        "the register at `{}` cannot be opened: {reason}. Check that it is a file, and that its folder is there and you \
         may read and write both",
        .place
    )]
    Unreadable {
        /// Which register.
        place: Place,
        /// What the system says.
        reason: String,
    },
    /// It may only be read.
    #[error(
        "the register at `{}` may only be read. Nothing was changed; ask for write access to the file and its folder",
        .0
    )]
    ReadOnly(Place),
    /// Another process kept it longer than we wait.
    #[error(
        "the register at `{}` was in use by another process for more than 30 seconds. Nothing was changed; wait for the \
         other run to end and try again",
        .0
    )]
    Busy(Place),
    /// No room to write.
    #[error("there is no room left to write the register at `{}`. Nothing was changed; make room and try again", .0)]
    Full(Place),
    /// The disk refuses.
    #[error(
        "reading or writing the register at `{}` failed: {reason}. Nothing was changed; check that its disk has room and is \
         healthy, and try again",
        .place
    )]
    Disk {
        /// Which register.
        place: Place,
        /// What the system says.
        reason: String,
    },
    /// The file is broken.
    #[error(
        "the register at `{}` is damaged: {reason}. Keep the file, restore the last good copy, and run again",
        .place
    )]
    Damaged {
        /// Which register.
        place: Place,
        /// What does not fit.
        reason: String,
    },
    /// The workspace's name is unusable.
    #[error("`{}` is not the name of a workspace. {}", .0.escape_debug(), nhi_identity::name::RULE)]
    Workspace(String),
    /// The organisation's name is unusable.
    #[error("`{}` is not the name of an organisation. {}", .0.escape_debug(), nhi_identity::name::RULE)]
    Organisation(String),
    /// The register has no such organisation, and it is not to be made unasked.
    #[error(
        "the register at `{place}` has no organisation `{organisation}`. Check the name; to begin a new one, write \
         `?mode=create` at the end of the location once"
    )]
    NoOrganisation {
        /// Which register.
        place: Place,
        /// As asked for.
        organisation: String,
    },
    /// Something stands where a backup would be put back.
    #[error(
        "the register at `{place}` keeps organisation `{organisation}` already, and what is there is never written over. \
         Nothing was changed; put the backup back into a new register, or replace what is there with `--replace`"
    )]
    Occupied {
        /// Which register.
        place: Place,
        /// The organisation that is in the way.
        organisation: String,
    },
    /// What a backup holds does not fit together.
    #[error("the backup cannot be put back: {0}. Nothing was changed; take another backup")]
    Backup(String),
    /// Somebody changed it since it was read.
    #[error(
        "{kind} `{name}` is not as this run last saw it: {} ({}) wrote it in workspace `{}` at {} (`{}`, entry {} of the \
         audit chain; this run knows entry {expected}). Nothing was changed; plan again to see what is there now",
        .entry.actor, .entry.source, .entry.workspace, .entry.at, .entry.action, .entry.seq
    )]
    Stale {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: String,
        /// The version that was expected.
        expected: i64,
        /// The entry that wrote it meanwhile: who, what and when.
        entry: Box<Entry>,
    },
    /// It is kept by a manifest.
    #[error(
        "{kind} `{name}` is kept by the manifest `{manifest}`. Change it there, or take it out of the manifest first"
    )]
    InManifest {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: String,
        /// The manifest's name.
        manifest: String,
    },
    /// The name is in use.
    #[error(
        "{kind} `{name}` is declared in workspace `{workspace}` already. A name is declared once: choose another one, \
         refer to the declaration that is there, or, if it belongs to this workspace and no state holds it, import it \
         (`terraform import {kind}.NAME {name}`)"
    )]
    Taken {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: String,
        /// Who has it.
        workspace: String,
    },
    /// An earlier run left a different object of this name behind.
    #[error(
        "{kind} `{name}` was left behind by an earlier, interrupted run of workspace `{workspace}`, and it differs from \
         this one. Import it (`terraform import {kind}.NAME {name}`) and plan again"
    )]
    LeftBehind {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: String,
        /// This workspace.
        workspace: String,
    },
    /// It belongs to somebody else.
    #[error(
        "{kind} `{name}` belongs to workspace `{owner}`, not to `{workspace}`. Change it there; to take it over, remove it \
         there first"
    )]
    Foreign {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: String,
        /// The workspace that has it.
        owner: String,
        /// The workspace that asked.
        workspace: String,
    },
    /// It was removed meanwhile.
    #[error(
        "{kind} `{name}` is no longer in the register: somebody removed it. Plan again to create it anew"
    )]
    Gone {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: String,
    },
    /// Other workspaces still name it.
    #[error(
        "{kind} `{name}` is still named by {}. Let each name another {}, or remove it, in its own workspace; apply that, and \
         then remove this one",
        Referrer::listed(.referrers),
        .kind.noun()
    )]
    StillNamed {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: String,
        /// Who names it.
        referrers: Vec<Referrer>,
    },
    /// It breaks rules among declarations.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Rules(Vec<Violation>),
    /// There is nothing of that name.
    #[error("there is no {kind} `{}` in the register. Check the kind and the name", .name.escape_debug())]
    NotDeclared {
        /// What it was to be.
        kind: ObjectKind,
        /// Its name.
        name: String,
    },
    /// Somebody's word does not count as an approval.
    #[error("{kind} `{name}` was not approved: {reason}. {}", remedy(.reason))]
    NotApproved {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: String,
        /// Why it does not count.
        reason: ApprovalError,
    },
    /// It does not hold at this time.
    #[error("{kind} `{name}` {standing}")]
    Inactive {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: String,
        /// Where it stands.
        standing: Standing,
    },
    /// There is nothing in it that could be taken away.
    #[error("{kind} `{name}` says nothing about what somebody may do, so there is nothing to revoke")]
    NotRevocable {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: String,
    },
    /// An elevation does not open, or not any longer.
    #[error("nobody is raised by nhi_elevation `{elevation}`: {reason}")]
    NotGranted {
        /// The name of the elevation.
        elevation: String,
        /// Why not.
        reason: GrantError,
    },
    /// The grant is not open.
    #[error("the grant `{}` is not open any more", .0.escape_debug())]
    NoGrant(String),
    /// Something else that the store says.
    #[error("the register at `{}` did not answer as it should: {reason}. Nothing was changed", .place)]
    Store {
        /// Which register.
        place: Place,
        /// What the store says.
        reason: String,
    },
}

fn remedy(reason: &ApprovalError) -> &'static str {
    match reason {
        ApprovalError::NotNeeded => "Nothing needs to be done",
        ApprovalError::Nameless => "Set NHI_ACTOR to the name of whoever approves",
        ApprovalError::RequestedByNobody => {
            "Let somebody apply it again with NHI_ACTOR set to their name and a change in it, and approve it then"
        }
        ApprovalError::Requester(_) | ApprovalError::Barred(_) | ApprovalError::Stranger { .. } => {
            "Ask somebody else to approve it"
        }
    }
}
