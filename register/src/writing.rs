//! A write under way: what the rules of keeping allow, each change with its entry in the audit chain, all in one
//! transaction.

use nhi_identity::Timestamp;

use crate::chain::{self, Action, Change, Entry, Head};
use crate::declaration::{Declaration, Kept, ObjectKind, Referrer};
use crate::error::RegisterError;
use crate::facets::Facets;
use crate::frozen;
use crate::run::{self, Claim, Run};
use crate::session::Session;
use crate::store::{Dialect, Transaction};
use crate::surroundings;
use crate::tables::{self, New, Stored};

/// Several changes that are kept together or not at all. A name stands for what an earlier change of the same write made
/// of it.
pub struct Writing<'a, 't> {
    pub(crate) transaction: &'a mut Transaction<'t>,
    pub(crate) session: &'a Session,
    pub(crate) run: &'a Run,
    head: Head,
    written: i64,
    pub(crate) created: bool,
    manifest: Option<String>,
}

impl std::fmt::Debug for Writing<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writing")
            .field("session", self.session)
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}

impl<'a, 't> Writing<'a, 't> {
    /// Begins after `head`, which the transaction has locked.
    pub(crate) fn new(
        transaction: &'a mut Transaction<'t>,
        (session, run): (&'a Session, &'a Run),
        head: Head,
    ) -> Self {
        let written = head.seq;
        Self { transaction, session, run, head, written, created: false, manifest: None }
    }

    /// Writes down where the chain ends now.
    pub(crate) fn finish(&mut self) -> Result<(), RegisterError> {
        if self.head.seq == self.written {
            return Ok(());
        }
        chain::set_head(self.transaction, &self.session.organisation, &self.head)
    }

    /// The time of the session's clock.
    pub fn now(&self) -> Timestamp {
        self.session.clock.now()
    }

    /// On whose behalf it writes.
    pub fn session(&self) -> &Session {
        self.session
    }

    /// From now on writes on behalf of a manifest: what it creates is kept by that manifest, and only that is changed or
    /// removed. `None` ends it.
    pub fn within(&mut self, manifest: Option<&str>) {
        self.manifest = manifest.map(str::to_owned);
    }

    /// One declaration.
    pub fn get<T: Declaration>(&mut self, name: &str) -> Result<Option<Kept<T>>, RegisterError> {
        Ok(self.find::<T>(name)?.map(|stored| stored.kept))
    }

    /// An entry of the audit chain, one of this write included.
    pub fn entry(&mut self, seq: i64) -> Result<Option<Entry>, RegisterError> {
        chain::entry(self.transaction, &self.session.organisation, seq)
    }

    /// See [`crate::Register::create`].
    pub fn create<T: Declaration>(&mut self, declaration: &T) -> Result<Kept<T>, RegisterError> {
        let name = declaration.name().as_str();
        if let Some(stored) = self.find::<T>(name)? {
            return self.adopt(stored, declaration);
        }
        let declaration = self.permitted(None, declaration)?;
        let body = declaration.to_body();
        let entry = self.append((T::KIND.word(), name), Action::Create.word(), (None, Some(&body)))?;
        let new = New {
            workspace: &self.session.workspace,
            body: &body,
            entry,
            run: self.run.mark(),
            manifest: self.manifest.as_deref(),
        };
        let key = (self.session.organisation.as_str(), T::KIND, name);
        tables::insert(self.transaction, key, &new, &Facets::all_of(&declaration))?;
        self.keep_identities(name, (None, Some(&declaration)))?;
        self.note_run()?;
        Ok(self.kept(declaration, entry))
    }

    fn adopt<T: Declaration>(&mut self, stored: Stored<T>, asked: &T) -> Result<Kept<T>, RegisterError> {
        let (kind, name) = (T::KIND, asked.name().to_string());
        let workspace = stored.kept.workspace.clone();
        let earlier = workspace == self.session.workspace && stored.since <= self.run.opened_at;
        // An identity may go into a manifest, and out of one, as it is: it stays declared all the time.
        let handed_over = earlier
            && stored.kept.manifest != self.manifest
            && (stored.kept.manifest.is_none() || self.manifest.is_none())
            && stored.kept.declaration.answers(asked);
        let left = earlier && !stored.confirmed && stored.kept.manifest == self.manifest;
        let claim = match stored.run.as_deref() {
            _ if !left && !handed_over => Claim::Held,
            _ if stored.confirmed => Claim::Ended,
            Some(mark) => run::claim(self.transaction, mark)?,
            None => Claim::Ended,
        };
        match claim {
            Claim::Ended => {}
            Claim::Held => {
                // Whoever is to change it has to know where it is kept.
                let elsewhere =
                    stored.kept.manifest.filter(|manifest| Some(manifest) != self.manifest.as_ref());
                return Err(match elsewhere {
                    Some(manifest) => RegisterError::InManifest { kind, name, manifest },
                    None => RegisterError::Taken { kind, name, workspace },
                });
            }
            Claim::Seen(seconds) => {
                return Err(RegisterError::Elsewhere {
                    kind,
                    name,
                    workspace,
                    seconds,
                    silence: run::SILENCE,
                });
            }
        }
        if !stored.kept.declaration.answers(asked) {
            return Err(RegisterError::LeftBehind { kind, name, workspace });
        }
        let body = Some(stored.body.as_str());
        let entry = self.append((kind.word(), &name), Action::Adopt.word(), (body, body))?;
        let key = (self.session.organisation.as_str(), kind, name.as_str());
        tables::take_up(self.transaction, key, (entry, self.run.mark()))?;
        if handed_over {
            tables::hand_over(self.transaction, key, self.manifest.as_deref())?;
        }
        self.note_run()?;
        Ok(Kept { manifest: self.manifest.clone(), ..stored.kept })
    }

    /// Where other machines cannot see this process, they are told with the first thing it makes.
    fn note_run(&mut self) -> Result<(), RegisterError> {
        self.created = true;
        match (self.transaction.dialect(), self.run.mark()) {
            (Dialect::Postgres, Some(mark)) if self.run.is_unannounced() => run::show(self.transaction, mark),
            _ => Ok(()),
        }
    }

    /// See [`crate::Register::read`].
    pub(crate) fn confirm<T: Declaration>(&mut self, name: &str) -> Result<Option<Kept<T>>, RegisterError> {
        let Some(stored) = self.find::<T>(name)? else { return Ok(None) };
        if !stored.confirmed && stored.kept.workspace == self.session.workspace {
            let body = Some(stored.body.as_str());
            self.append((T::KIND.word(), name), Action::Confirm.word(), (body, body))?;
            tables::confirm(self.transaction, (&self.session.organisation, T::KIND, name))?;
        }
        Ok(Some(stored.kept))
    }

    /// See [`crate::Register::update`].
    pub fn update<T: Declaration>(
        &mut self,
        declaration: &T,
        expected: Option<i64>,
    ) -> Result<Kept<T>, RegisterError> {
        let name = declaration.name().as_str();
        let Some(stored) = self.find::<T>(name)? else {
            return Err(RegisterError::Gone { kind: T::KIND, name: name.to_owned() });
        };
        self.require_own(&stored, name)?;
        self.require_expected(&stored, (name, expected))?;
        let declaration = self.permitted(Some(&stored.kept.declaration), declaration)?;
        let body = declaration.to_body();
        if body == stored.body && declaration == stored.kept.declaration {
            // Written in other words, it is still what was asked for and approved: nobody is named as having changed it.
            self.confirm::<T>(name)?;
            return Ok(stored.kept);
        }
        let bodies = (Some(stored.body.as_str()), Some(body.as_str()));
        let entry = self.append((T::KIND.word(), name), Action::Update.word(), bodies)?;
        let key = (self.session.organisation.as_str(), T::KIND, name);
        tables::replace(self.transaction, key, (&body, entry), &Facets::all_of(&declaration))?;
        self.keep_identities(name, (Some(&stored.kept.declaration), Some(&declaration)))?;
        Ok(self.kept(declaration, entry))
    }

    /// See [`crate::Register::delete`].
    pub fn delete<T: Declaration>(
        &mut self,
        name: &str,
        expected: Option<i64>,
    ) -> Result<Vec<Referrer>, RegisterError> {
        let Some(stored) = self.find::<T>(name)? else { return Ok(Vec::new()) };
        self.require_own(&stored, name)?;
        self.require_expected(&stored, (name, expected))?;
        let organisation = self.session.organisation.as_str();
        let (own, others): (Vec<Referrer>, Vec<Referrer>) =
            surroundings::referrers::<T>(self.transaction, (organisation, name))?
                .into_iter()
                .partition(|referrer| referrer.workspace == self.session.workspace);
        if !others.is_empty() {
            let name = name.to_owned();
            return Err(RegisterError::StillNamed { kind: T::KIND, name, referrers: others });
        }
        let mut own = own;
        own.extend(self.keep_identities::<T>(name, (Some(&stored.kept.declaration), None))?);
        let bodies = (Some(stored.body.as_str()), None);
        self.append((T::KIND.word(), name), Action::Delete.word(), bodies)?;
        tables::remove(self.transaction, (organisation, T::KIND, name))?;
        Ok(own)
    }

    /// Adds an entry to the chain and answers its number.
    pub(crate) fn append(
        &mut self,
        (object, name): (&str, &str),
        action: &str,
        (before, after): (Option<&str>, Option<&str>),
    ) -> Result<i64, RegisterError> {
        let change = Change { object, name, action, before, after };
        let now = self.session.clock.now();
        self.head = chain::append(self.transaction, self.session, now, (&self.head, change))?;
        Ok(self.head.seq)
    }

    fn find<T: Declaration>(&mut self, name: &str) -> Result<Option<Stored<T>>, RegisterError> {
        tables::find(self.transaction, (&self.session.organisation, name))
    }

    fn kept<T>(&self, declaration: T, version: i64) -> Kept<T> {
        let workspace = self.session.workspace.clone();
        Kept { declaration, workspace, version, manifest: self.manifest.clone() }
    }

    fn require_own<T: Declaration>(&self, stored: &Stored<T>, name: &str) -> Result<(), RegisterError> {
        let (kind, name) = (T::KIND, name.to_owned());
        let owner = stored.kept.workspace.clone();
        if owner != self.session.workspace {
            return Err(RegisterError::Foreign {
                kind,
                name,
                owner,
                workspace: self.session.workspace.clone(),
            });
        }
        match &stored.kept.manifest {
            manifest if *manifest == self.manifest => Ok(()),
            Some(manifest) => Err(RegisterError::InManifest { kind, name, manifest: manifest.clone() }),
            // A manifest does not take what was declared beside it.
            None => Err(RegisterError::Taken { kind, name, workspace: owner }),
        }
    }

    /// Says who wrote it meanwhile, when it is not what was expected.
    fn require_expected<T: Declaration>(
        &mut self,
        stored: &Stored<T>,
        (name, expected): (&str, Option<i64>),
    ) -> Result<(), RegisterError> {
        let found = stored.kept.version;
        let Some(expected) = expected.filter(|expected| *expected != found) else { return Ok(()) };
        Err(self.stale((T::KIND, name), (expected, found))?)
    }

    fn stale(
        &mut self,
        (kind, name): (ObjectKind, &str),
        (expected, found): (i64, i64),
    ) -> Result<RegisterError, RegisterError> {
        let Some(entry) = self.entry(found)? else {
            let reason = format!("entry {found} of the audit chain, which wrote {kind} `{name}`, is missing");
            return Err(RegisterError::Damaged { place: self.transaction.place().clone(), reason });
        };
        Ok(RegisterError::Stale { kind, name: name.to_owned(), expected, entry: Box::new(entry) })
    }

    /// The declaration as it is to be kept, unless it breaks a rule among the others or a freeze keeps it out. `before` is
    /// what it was until now.
    fn permitted<T: Declaration>(&mut self, before: Option<&T>, declaration: &T) -> Result<T, RegisterError> {
        let here = (self.session.organisation.as_str(), self.session.workspace.as_str());
        let around = surroundings::around(self.transaction, here, &declaration.mentions())?;
        let mut violations = declaration.violations(&around);
        let at = (here.0, self.session.clock.now());
        violations.extend(frozen::kept_out(self.transaction, at, (before, declaration))?);
        if !violations.is_empty() {
            return Err(RegisterError::Rules(violations));
        }
        let fixed = declaration.clone().fixed(self.session.clock.now());
        fixed.map_err(|violation| RegisterError::Rules(vec![violation]))
    }
}
