//! Rotations: that a credential has to be exchanged was said to somebody, and that it was exchanged.

use nhi_identity::approval::remark;
use nhi_identity::{AttributePath, Credential, Field, ObjectKind, Period, Rotation, Timestamp, Violation};
use serde::{Deserialize, Serialize};

use crate::body;
use crate::error::RegisterError;
use crate::query::{Filter, Page};
use crate::record::{self, Asked, RecordDraft};
use crate::recorded::{read, time};
use crate::register::Register;
use crate::request;
use crate::revocation::created;
use crate::standing;
use crate::store::Transaction;
use crate::tables::Key;
use crate::writing::Writing;

/// The collection of their records, and the word for them in the audit chain.
pub(crate) const COLLECTION: &str = "rotation";

/// How many credentials are looked at in one go.
const PAGE: usize = 1_000;

/// Which credentials are asked for; what is absent leaves its dimension open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueFilter {
    /// Name of the credential.
    pub credential: Option<String>,
    /// Name of the owner.
    pub owner: Option<String>,
    /// Name of the identity.
    pub identity: Option<String>,
    /// Also those that will be due within this time.
    pub within: Option<Period>,
}

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// Who.
    pub by: String,
    /// How we know who.
    pub source: String,
    /// When, in RFC 3339.
    pub at: String,
}

/// A credential whose rotation is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRotation {
    /// Its name.
    pub credential: String,
    /// Whose it is: the name of an identity.
    pub identity: String,
    /// Who answers for it: the name of an owner.
    pub owner: String,
    /// Where it stands.
    pub rotation: Rotation,
    /// Who asked for the rotation first since the last one.
    pub asked: Deed,
    /// Whether that was now, or before.
    pub news: News,
}

/// Whether something was written down now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Now.
    Now,
    /// It stood there already.
    Before,
}

/// How rotations are kept: of each credential the last.
#[derive(Clone, Serialize, Deserialize)]
struct Body {
    credential: String,
    /// Asked for since the last rotation.
    asked: Option<Deed>,
    rotated: Option<Deed>,
    /// What the new secret is called where it is kept; never what is secret.
    reference: Option<String>,
    /// The entry that created the credential: one that was created anew was never rotated.
    created: i64,
}

/// What is recorded of a credential, and when it was exchanged last.
fn recorded(
    transaction: &mut Transaction<'_>,
    key: Key<'_>,
) -> Result<(Body, Option<Timestamp>), RegisterError> {
    let (organisation, _, name) = key;
    let created = created(transaction, key)?;
    let record =
        record::records(transaction, (organisation, COLLECTION), Asked::Key(name))?.into_iter().next();
    let none = Body { credential: name.to_owned(), asked: None, rotated: None, reference: None, created };
    let Some(record) = record else { return Ok((none, None)) };
    let place = transaction.place().clone();
    let body: Body = read(&record, &place)?;
    if body.created != created {
        return Ok((none, None));
    }
    let last = body.rotated.as_ref().map(|deed| time(&record, &place, &deed.at)).transpose()?;
    Ok((body, last))
}

fn deed(writing: &Writing<'_, '_>) -> Deed {
    let actor = writing.session().actor.clone();
    Deed { by: actor.name, source: actor.source, at: writing.now().to_string() }
}

fn put(writing: &mut Writing<'_, '_>, body: &Body, action: &str) -> Result<(), RegisterError> {
    writing.put_record(&RecordDraft {
        collection: COLLECTION,
        key: &body.credential,
        action,
        body: &body::text(body),
        subject: Some((ObjectKind::Credential, &body.credential)),
        ends: None,
    })?;
    Ok(())
}

impl Register {
    /// Asks for the rotation of every credential that is due, and says which; who asked first since the last rotation
    /// stands. What has ended or was revoked is not rotated any more.
    pub fn ask_rotations(&self, filter: &DueFilter) -> Result<Vec<DueRotation>, RegisterError> {
        let names = self.rotating(filter)?;
        self.together(|writing| {
            let mut due = Vec::new();
            for name in &names {
                due.extend(ask(writing, name, filter.within.as_ref())?);
            }
            Ok(due)
        })
    }

    /// Writes down that a credential was exchanged; `reference` is what the new secret is called where it is kept.
    pub fn record_rotation(&self, credential: &str, reference: &str) -> Result<Deed, RegisterError> {
        let violations = remark("reference", &Field::Is(reference.to_owned()));
        if !violations.is_empty() {
            return Err(RegisterError::Rules(violations));
        }
        self.together(|writing| {
            let organisation = writing.session().organisation.clone();
            let key = (organisation.as_str(), ObjectKind::Credential, credential);
            request::find(writing.transaction, key)?.ok_or_else(|| unknown(credential))?;
            let (before, _) = recorded(writing.transaction, key)?;
            let rotated = deed(writing);
            let reference = Some(reference.to_owned());
            let body = Body { asked: None, rotated: Some(rotated.clone()), reference, ..before };
            put(writing, &body, "rotate")?;
            Ok(rotated)
        })
    }

    /// Where a credential stands with its rotation at `now`, by what is declared and recorded; `None` when there is no
    /// such credential.
    pub fn rotation(&self, credential: &str, now: Timestamp) -> Result<Option<Rotation>, RegisterError> {
        let Some(kept) = self.get::<Credential>(credential)? else { return Ok(None) };
        let key = (self.organisation(), ObjectKind::Credential, credential);
        let (_, last) = self.store.read(|transaction| recorded(transaction, key))?;
        Ok(Some(kept.declaration.rotation(last, now)))
    }

    /// The names of the credentials that are asked for, whether due or not.
    fn rotating(&self, filter: &DueFilter) -> Result<Vec<String>, RegisterError> {
        if let Some(name) = &filter.credential {
            return match self.get::<Credential>(name)? {
                Some(_) => Ok(vec![name.clone()]),
                None => Err(unknown(name)),
            };
        }
        let stored =
            Filter { owner: filter.owner.clone(), identity: filter.identity.clone(), ..Filter::default() };
        let (mut names, mut page) = (Vec::new(), Page::first(PAGE));
        loop {
            let found = self.find::<Credential>(&stored, page)?;
            let Some(last) = found.last() else { return Ok(names) };
            page = Page { after: Some(last.declaration.name.to_string()), limit: PAGE };
            names.extend(found.iter().map(|kept| kept.declaration.name.to_string()));
        }
    }
}

fn unknown(credential: &str) -> RegisterError {
    RegisterError::Rules(vec![Violation {
        path: AttributePath::of("credential"),
        problem: format!("there is no credential `{}`", credential.escape_debug()),
        remedy: "Declare an `nhi_credential` of this name, or check the name.".to_owned(),
    }])
}

fn ask(
    writing: &mut Writing<'_, '_>,
    name: &str,
    within: Option<&Period>,
) -> Result<Option<DueRotation>, RegisterError> {
    let now = writing.now();
    let Some(kept) = writing.get::<Credential>(name)? else { return Ok(None) };
    let credential = kept.declaration;
    let organisation = writing.session().organisation.clone();
    let key = (organisation.as_str(), ObjectKind::Credential, name);
    let ended = credential.end.as_ref().and_then(|end| end.moment()).is_some_and(|end| end.at() <= now);
    let identity = [credential.identity.to_string()];
    if ended || standing::said(writing.transaction, key, &identity)?.revocation.is_some() {
        return Ok(None);
    }
    let (body, last) = recorded(writing.transaction, key)?;
    let rotation = credential.rotation(last, now);
    let soon = |due: Timestamp| {
        let wait = due.duration_since(now).as_secs();
        within.is_some_and(|within| u64::try_from(wait).is_ok_and(|wait| wait <= within.seconds()))
    };
    if matches!(rotation, Rotation::Ahead(due) if !soon(due)) {
        return Ok(None);
    }
    let (asked, news) = match body.asked.clone() {
        Some(asked) => (asked, News::Before),
        None => (deed(writing), News::Now),
    };
    if news == News::Now {
        put(writing, &Body { asked: Some(asked.clone()), ..body }, "ask")?;
    }
    Ok(Some(DueRotation {
        credential: name.to_owned(),
        identity: credential.identity.to_string(),
        owner: credential.owner.to_string(),
        rotation,
        asked,
        news,
    }))
}
