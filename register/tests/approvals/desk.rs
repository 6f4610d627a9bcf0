//! A register with a clock of its own, which several people open, and what is declared in it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use nhi_identity::{
    Elevation, ElevationDraft, EndDraft, Exception, ExceptionDraft, Field, Identity, IdentityDraft,
    ObjectKind, Owner, OwnerDraft, PermitsDraft, RecordingDraft, Standing, TargetDraft, Timestamp,
};
use nhi_register::{Actor, Clock, Location, Register, Session};
use tempfile::TempDir;

pub(crate) const KIND: ObjectKind = ObjectKind::Exception;

/// A register with a clock of its own, which several people open.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    clock: Arc<AtomicI64>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap(), clock: Arc::new(AtomicI64::new(0)) };
        let alice = desk.open("alice");
        alice.create(&owner()).unwrap();
        alice.create(&identity("deploy")).unwrap();
        alice.create(&exception("debug", "Debugging.")).unwrap();
        desk
    }

    pub(crate) fn open(&self, person: &str) -> Register {
        self.open_as(Actor { name: person.into(), source: "NHI_ACTOR".into() })
    }

    pub(crate) fn open_as(&self, actor: Actor) -> Register {
        let clock = Arc::clone(&self.clock);
        let session = Session {
            organisation: "default".into(),
            workspace: "here".into(),
            actor,
            clock: Clock::new(move || at(clock.load(Ordering::Relaxed))),
        };
        Register::open(&place(self.folder.path()), session).unwrap()
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn standing(&self) -> Standing {
        let register = self.open("eve");
        register.standing(KIND, "debug", register.now()).unwrap().unwrap()
    }
}

pub(crate) fn place(folder: &Path) -> Location {
    Location::parse(&format!("sqlite:{}?mode=create", folder.join("register.db").display())).unwrap()
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

pub(crate) fn set(elements: &[&str]) -> Field<Vec<Field<String>>> {
    Field::Is(elements.iter().map(|element| Field::from(*element)).collect())
}

pub(crate) fn owner() -> Owner {
    let draft = OwnerDraft {
        name: "platform".into(),
        accountable: set(&["alice@example.com"]),
        backup: set(&["bob@example.com"]),
        ..OwnerDraft::default()
    };
    draft.declare().unwrap()
}

pub(crate) fn identity(name: &str) -> Identity {
    let draft = IdentityDraft {
        name: name.into(),
        kind: "ci_runner".into(),
        owner: "platform".into(),
        tier: Field::Is(Ok(2)),
        ..IdentityDraft::default()
    };
    draft.declare().unwrap()
}

pub(crate) fn exception(name: &str, reason: &str) -> Exception {
    let draft = ExceptionDraft {
        name: name.into(),
        identity: "deploy".into(),
        permits: Field::Is(PermitsDraft { rules: set(&["admin-grant"]), ..PermitsDraft::default() }),
        reason: reason.into(),
        owner: "platform".into(),
        compensating_controls: set(&["log"]),
        end: EndDraft { valid_for: "1h".into(), ..EndDraft::default() },
        ..ExceptionDraft::default()
    };
    draft.declare().unwrap()
}

pub(crate) fn waits(given: u8) -> Standing {
    Standing::Unapproved { needed: 1, given }
}

/// Raises people to the role `admin` for an hour at a time, on one approval that stays live for two hours.
pub(crate) fn elevation_draft(name: &str) -> ElevationDraft {
    ElevationDraft {
        name: name.into(),
        subjects: set(&["carol@example.com"]),
        target: Field::Is(TargetDraft { role: "admin".into(), ..TargetDraft::default() }),
        duration: "1h".into(),
        approval_valid_for: "2h".into(),
        recording: Field::Is(RecordingDraft { mode: "none".into(), ..RecordingDraft::default() }),
        reason: "Incidents.".into(),
        owner: "platform".into(),
        end: EndDraft { valid_for: "30d".into(), ..EndDraft::default() },
        ..ElevationDraft::default()
    }
}

pub(crate) fn elevation(name: &str) -> Elevation {
    elevation_draft(name).declare().unwrap()
}
