//! What can go wrong with a register; each text says what, where and what to do.

use std::path::PathBuf;

use nhi_identity::Violation;

use crate::declaration::{ObjectKind, Referrer};
use crate::location;

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
        path = .0.display(), default = location::DEFAULT
    )]
    Missing(PathBuf),
    /// The file is something else.
    #[error(
        "`{}` is not a register: {found}. Nothing was changed; point to another file, or restore this one from a copy",
        .path.display()
    )]
    NotARegister {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        found: String,
    },
    /// A newer program wrote it.
    #[error(
        "the register at `{}` has version {found}, and this program reads versions up to {supported}. Nothing was \
         changed; use a newer version of nhi",
        .path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version this program reads.
        supported: i64,
    },
    /// An older program wrote it, and it may not be changed here.
    #[error(
        "the register at `{}` has version {found}, and this program needs version {needed}. It is open for reading only, \
         so it was not brought up to date: run `terraform plan` with the nhi provider and write access once",
        .path.display()
    )]
    Older {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The version this program needs.
        needed: i64,
    },
    /// The system refuses to open it.
    #[error(
        "the register at `{}` cannot be opened: {reason}. Check that it is a file, and that its folder is there and you \
         may read and write both",
        .path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// It may only be read.
    #[error(
        "the register at `{}` may only be read. Nothing was changed; ask for write access to the file and its folder",
        .0.display()
    )]
    ReadOnly(PathBuf),
    /// Another process kept it longer than we wait.
    #[error(
        "the register at `{}` was in use by another process for more than 30 seconds. Nothing was changed; wait for the \
         other run to end and try again",
        .0.display()
    )]
    Busy(PathBuf),
    /// No room to write.
    #[error("there is no room left to write the register at `{}`. Nothing was changed; make room and try again", .0.display())]
    Full(PathBuf),
    /// The disk refuses.
    #[error(
        "reading or writing the register at `{}` failed: {reason}. Nothing was changed; check that its disk has room and is \
         healthy, and try again",
        .path.display()
    )]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file is broken.
    #[error(
        "the register at `{}` is damaged: {reason}. Keep the file, restore the last good copy, and run again",
        .path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// The workspace's name is unusable.
    #[error("`{}` is not the name of a workspace. {}", .0.escape_debug(), nhi_identity::name::RULE)]
    Workspace(String),
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
        "{kind} `{name}` is still named by {}. Change these declarations first",
        .referrers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
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
    /// Something else that the store says.
    #[error("the register at `{}` did not answer as it should: {reason}. Nothing was changed", .path.display())]
    Store {
        /// The file.
        path: PathBuf,
        /// What the store says.
        reason: String,
    },
}
