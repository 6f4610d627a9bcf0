//! Putting back what a backup holds: the chain entry by entry as it was, the declarations and records as the chain says,
//! all in one transaction that is kept only when the chain verifies.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use nhi_identity::{Name, Timestamp};

use crate::chain::{self, Entry, Fault, Hand, Head};
use crate::error::RegisterError;
use crate::facets::Facets;
use crate::location::{Creation, Location, Target};
use crate::place::Place;
use crate::register::locked_organisation_of;
use crate::snapshot::{KeptBody, KeptRecord};
use crate::store::{Store, Transaction};
use crate::verify;

/// What is put back, and where.
#[derive(Clone, Debug)]
pub struct Restoration {
    /// The organisation it becomes.
    pub organisation: String,
    /// The id of the organisation.
    pub id: String,
    /// The end of its chain.
    pub head: Head,
    /// What else the register may hold.
    pub among: Among,
}

/// What a register that something is put back into may hold already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Nothing.
    Nobody,
    /// Other organisations.
    Others,
    /// Anything; what it keeps of this organisation gives way to what is put back.
    Predecessor,
}

/// A register that is being filled.
pub struct Restoring<'a, 't> {
    transaction: &'a mut Transaction<'t>,
    organisation: &'a str,
}

impl std::fmt::Debug for Restoring<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Restoring").field("organisation", &self.organisation).finish_non_exhaustive()
    }
}

/// Puts back what `fill` brings, and verifies it before it is kept; `fill` may run more than once. Where there was no
/// file, there is none afterwards unless all of it was kept.
pub fn restore(
    location: &Location,
    restoration: &Restoration,
    mut fill: impl FnMut(&mut Restoring<'_, '_>) -> Result<(), RegisterError>,
) -> Result<(), RegisterError> {
    if Name::new(&restoration.organisation).is_err() {
        return Err(RegisterError::Organisation(restoration.organisation.clone()));
    }
    match &location.0 {
        Target::File(path, Creation::Allowed) if path.symlink_metadata().is_err() => {
            let fresh = Fresh::at(path);
            let part = Location(Target::File(fresh.part.clone(), Creation::Allowed));
            // The store is closed here: what it keeps is in the one file then.
            put_back(&Store::open(&part)?, restoration, &mut fill)?;
            fresh.keep(path)
        }
        _ => put_back(&Store::open(location)?, restoration, &mut fill),
    }
}

fn put_back(
    store: &Store,
    restoration: &Restoration,
    fill: &mut impl FnMut(&mut Restoring<'_, '_>) -> Result<(), RegisterError>,
) -> Result<(), RegisterError> {
    let Restoration { organisation, id, head, among } = restoration;
    store.write(|transaction| {
        make_room(transaction, organisation, *among)?;
        transaction.execute(
            "INSERT INTO organisation (name, id, seq, hash) VALUES (?1, ?2, 0, '')",
            &[organisation.into(), id.into()],
        )?;
        fill(&mut Restoring { transaction: &mut *transaction, organisation })?;
        chain::set_head(transaction, organisation, head)?;
        let found = verify::verify(transaction, organisation, head)?;
        if found.faults.is_empty() {
            return Ok(());
        }
        let faults: Vec<String> = found.faults.iter().take(FAULTS).map(Fault::to_string).collect();
        let more = match found.faults.len().saturating_sub(FAULTS) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        Err(RegisterError::Backup(format!("{}{more}", faults.join("; "))))
    })
}

/// A file that is filled beside its place, and moved there when it is whole.
struct Fresh {
    part: PathBuf,
}

impl Fresh {
    fn at(path: &Path) -> Self {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let fresh = Self { part: PathBuf::from(part) };
        fresh.remove();
        fresh
    }

    /// Moves it to its place. If something was made there meanwhile, that stays.
    fn keep(self, path: &Path) -> Result<(), RegisterError> {
        let moved = match std::fs::hard_link(&self.part, path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists && path.symlink_metadata().is_err() => {
                // Not every file system has a second name for a file.
                std::fs::rename(&self.part, path)
            }
            other => other,
        };
        moved.map_err(|error| RegisterError::Unreadable {
            place: Place::file(path),
            reason: error.to_string(),
        })
    }

    fn remove(&self) {
        for end in ["", "-wal", "-shm"] {
            let mut file = self.part.clone().into_os_string();
            file.push(end);
            // What is not there need not be removed.
            drop(std::fs::remove_file(file));
        }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Faults that a message names.
const FAULTS: usize = 5;

/// Refuses where something is in the way, or removes it where that was asked for.
fn make_room(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    among: Among,
) -> Result<(), RegisterError> {
    let there = locked_organisation_of(transaction, organisation)?.is_some();
    let other = transaction.row("SELECT name FROM organisation ORDER BY name LIMIT 1", &[])?;
    let other = other.map(|mut row| row.text()).transpose()?;
    match other {
        _ if there && among == Among::Predecessor => remove(transaction, organisation),
        _ if there => Err(RegisterError::Occupied {
            place: transaction.place().clone(),
            organisation: organisation.to_owned(),
        }),
        Some(organisation) if among == Among::Nobody => {
            Err(RegisterError::Occupied { place: transaction.place().clone(), organisation })
        }
        _ => Ok(()),
    }
}

/// Removes everything of an organisation, its chain too.
fn remove(transaction: &mut Transaction<'_>, organisation: &str) -> Result<(), RegisterError> {
    transaction.without_guards(|transaction| {
        for table in ["label", "declaration", "record", "audit"] {
            transaction
                .execute(&format!("DELETE FROM {table} WHERE organisation = ?1"), &[organisation.into()])?;
        }
        transaction.execute("DELETE FROM organisation WHERE name = ?1", &[organisation.into()])?;
        Ok(())
    })
}

impl Restoring<'_, '_> {
    /// Puts back an entry of the chain.
    pub fn entry(&mut self, entry: &Entry) -> Result<(), RegisterError> {
        chain::insert(self.transaction, self.organisation, (entry, Hand::Earlier))
    }

    /// Puts back a declaration. What it can be filtered by is read out of it anew; one that this program cannot read is
    /// kept as it is, and found by its name alone.
    pub fn body(&mut self, kept: &KeptBody) -> Result<(), RegisterError> {
        let facets = kept.facets().unwrap_or_default();
        let KeptBody { kind, name, workspace, body, since, version, confirmed, manifest } = kept;
        let Facets {
            owner,
            tier,
            zone,
            environment,
            kind: sort,
            identity,
            platform,
            principal,
            ends,
            labels,
        } = &facets;
        self.transaction.execute(
            "INSERT INTO declaration (organisation, kind, name, workspace, body, since, version, run, confirmed, manifest, \
             owner, tier, zone, environment, sort, identity, platform, principal, ends) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            &[
                self.organisation.into(),
                kind.into(),
                name.into(),
                workspace.into(),
                body.into(),
                (*since).into(),
                (*version).into(),
                (*confirmed).into(),
                manifest.as_deref().into(),
                owner.as_deref().into(),
                tier.map(i64::from).into(),
                zone.as_deref().into(),
                environment.as_deref().into(),
                sort.as_deref().into(),
                identity.as_deref().into(),
                platform.as_deref().into(),
                principal.as_deref().into(),
                ends.map(Timestamp::as_microsecond).into(),
            ],
        )?;
        for (key, value) in labels {
            self.transaction.execute(
                "INSERT INTO label (organisation, kind, name, key, value) VALUES (?1, ?2, ?3, ?4, ?5)",
                &[self.organisation.into(), kind.into(), name.into(), key.into(), value.into()],
            )?;
        }
        Ok(())
    }

    /// Puts back a record.
    pub fn record(&mut self, kept: &KeptRecord) -> Result<(), RegisterError> {
        let KeptRecord { collection, key, workspace, body, version, subject_kind, subject_name, ends } = kept;
        self.transaction.execute(
            "INSERT INTO record (organisation, collection, key, workspace, body, version, subject_kind, subject_name, ends) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            &[
                self.organisation.into(),
                collection.into(),
                key.into(),
                workspace.into(),
                body.into(),
                (*version).into(),
                subject_kind.as_deref().into(),
                subject_name.as_deref().into(),
                (*ends).into(),
            ],
        )?;
        Ok(())
    }
}
