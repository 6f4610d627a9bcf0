//! Approvals of what was asked for: given by somebody else, bound to what was written, withdrawn by whoever gave them.

use std::collections::BTreeMap;

use nhi_identity::approval::remark;
use nhi_identity::{Approval, ApprovalError, Field, ObjectKind, Person, Request, Standing, Timestamp};
use serde::{Deserialize, Serialize};

use crate::body;
use crate::error::RegisterError;
use crate::record::{self, Asked, Record, RecordDraft};
use crate::recorded;
use crate::register::Register;
use crate::request::{self, APPROVED};
use crate::session::Session;
use crate::standing;
use crate::store::Transaction;
use crate::tables::Key;

/// The collection of their records, and the word for them in the audit chain.
pub(crate) const COLLECTION: &str = "approval";

/// How many declarations are looked at in one transaction.
const PAGE: i64 = 1_000;

/// An approval with everything that was recorded of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Who, when, and of which writing.
    pub approval: Approval,
    /// How we know who.
    pub source: String,
    /// What they said to it.
    pub note: Option<String>,
    /// The workspace they approved from.
    pub workspace: String,
}

/// What came of an approval or its withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approved {
    /// The approval.
    pub given: Given,
    /// Who asked.
    pub requester: String,
    /// Where the request stands now.
    pub standing: Standing,
}

/// A request that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
    /// The workspace that declares it.
    pub workspace: String,
    /// Who asked, where that is known.
    pub requester: Option<String>,
    /// When it was written as it is now, in RFC 3339.
    pub at: String,
    /// How many approvals it needs.
    pub needed: u8,
    /// The approvals that count.
    pub given: Vec<Approval>,
    /// When it ends.
    pub ends: Option<Timestamp>,
    /// Whether the one who looks may approve it; `None` where nobody knows who looks.
    pub admits: Option<Result<(), ApprovalError>>,
}

/// How an approval is kept.
#[derive(Serialize, Deserialize)]
struct Body {
    kind: String,
    name: String,
    by: String,
    source: String,
    at: String,
    version: i64,
    digest: String,
    /// Who asked, so that one record shows both pairs of eyes.
    requested_by: String,
    #[serde(default)]
    note: Option<String>,
}

/// The approvals of a declaration, of whatever writing of it.
pub(crate) fn given(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
) -> Result<Vec<Given>, RegisterError> {
    let records = record::records(transaction, (organisation, COLLECTION), Asked::Subject(kind, name))?;
    records.into_iter().map(|record| read(transaction, record)).collect()
}

/// The approvals of some declarations of a kind, by their names; what nobody approved is left out.
pub(crate) fn of(
    transaction: &mut Transaction<'_>,
    (organisation, kind): (&str, ObjectKind),
    names: &[&str],
) -> Result<BTreeMap<String, Vec<Approval>>, RegisterError> {
    let mut all: BTreeMap<String, Vec<Approval>> = BTreeMap::new();
    for record in record::records(transaction, (organisation, COLLECTION), Asked::Subjects(kind, names))? {
        let Some((_, name)) = record.subject.clone() else { continue };
        all.entry(name).or_default().push(read(transaction, record)?.approval);
    }
    Ok(all)
}

fn read(transaction: &Transaction<'_>, record: Record) -> Result<Given, RegisterError> {
    let body: Body = recorded::read(&record, transaction.place())?;
    let at = recorded::time(&record, transaction.place(), &body.at)?;
    let approval = Approval { by: body.by, at, version: body.version, digest: body.digest };
    Ok(Given { approval, source: body.source, note: body.note, workspace: record.workspace })
}

/// Who acts, as far as anybody knows.
pub(crate) fn who(session: &Session) -> Option<&str> {
    Some(session.actor.name.as_str()).filter(|_| session.actor.source != "none")
}

fn key_of(kind: ObjectKind, name: &str, person: &Person) -> String {
    format!("{}/{name}/{person}", kind.word())
}

fn refused((_, kind, name): Key<'_>, reason: ApprovalError) -> RegisterError {
    RegisterError::NotApproved { kind, name: name.to_owned(), reason }
}

impl Register {
    /// Approves what somebody else asked for, as it is written now. Approving again renews the approval.
    pub fn approve(
        &self,
        kind: ObjectKind,
        name: &str,
        note: Option<&str>,
    ) -> Result<Approved, RegisterError> {
        let violations = remark("note", &note.map_or(Field::Absent, |note| Field::Is(note.to_owned())));
        if !violations.is_empty() {
            return Err(RegisterError::Rules(violations));
        }
        self.together(|writing| {
            let session = writing.session().clone();
            let key = (session.organisation.as_str(), kind, name);
            let found = request::require(writing.transaction, key)?;
            let identities = found.identities.clone();
            if let Some(revocation) = standing::said(writing.transaction, key, &identities)?.revocation {
                let standing = revocation.standing();
                return Err(RegisterError::Inactive { kind, name: name.to_owned(), standing });
            }
            let request = request::request(writing.transaction, key, found)?;
            let person = request.admits(who(&session)).map_err(|reason| refused(key, reason))?;
            let at = writing.now();
            let body = Body {
                kind: kind.word().to_owned(),
                name: name.to_owned(),
                by: session.actor.name.clone(),
                source: session.actor.source.clone(),
                at: at.to_string(),
                version: request.version,
                digest: request.digest.clone(),
                requested_by: request.requester.clone(),
                note: note.map(str::to_owned),
            };
            writing.put_record(&RecordDraft {
                collection: COLLECTION,
                key: &key_of(kind, name, &person),
                action: "approve",
                body: &body::text(&body),
                subject: Some((kind, name)),
                ends: request.terms.ends,
            })?;
            let approval = Approval { by: body.by, at, version: body.version, digest: body.digest };
            let workspace = session.workspace.clone();
            let given = Given { approval, source: body.source, note: body.note, workspace };
            let said = standing::said(writing.transaction, key, &identities)?;
            let standing = request.standing(&said.approvals, None, at);
            Ok(Approved { given, requester: request.requester, standing })
        })
    }

    /// Whether the word of whoever opened the register would count as an approval now; `None` when there is no such
    /// declaration.
    pub fn admits(
        &self,
        kind: ObjectKind,
        name: &str,
    ) -> Result<Option<Result<(), ApprovalError>>, RegisterError> {
        let request = self.request(kind, name)?;
        let viewer = self.session().and_then(who);
        Ok(request.map(|request| request.admits(viewer).map(|_| ())))
    }

    /// Takes back what this actor approved; `None` when there is nothing to take back.
    pub fn withdraw(&self, kind: ObjectKind, name: &str) -> Result<Option<Approved>, RegisterError> {
        self.together(|writing| {
            let session = writing.session().clone();
            let key = (session.organisation.as_str(), kind, name);
            let found = request::require(writing.transaction, key)?;
            let Some(person) = who(&session).and_then(Person::named) else {
                return Err(refused(key, ApprovalError::Nameless));
            };
            let all = given(writing.transaction, key)?;
            let own =
                all.into_iter().find(|given| Person::named(&given.approval.by).as_ref() == Some(&person));
            let Some(given) = own else { return Ok(None) };
            writing.remove_record((COLLECTION, &key_of(kind, name, &person)), "withdraw")?;
            let said = standing::said(writing.transaction, key, &found.identities)?;
            let request = request::request(writing.transaction, key, found)?;
            let standing = request.standing(&said.approvals, said.revocation.as_ref(), writing.now());
            Ok(Some(Approved { given, requester: request.requester, standing }))
        })
    }

    /// Everything that was approved of a declaration and not withdrawn, whether it still counts or not.
    pub fn approvals(&self, kind: ObjectKind, name: &str) -> Result<Vec<Given>, RegisterError> {
        self.store.read(|transaction| given(transaction, (self.organisation(), kind, name)))
    }

    /// What was asked for, by whom; `None` when there is no such declaration.
    pub fn request(&self, kind: ObjectKind, name: &str) -> Result<Option<Request>, RegisterError> {
        self.store.read(|transaction| {
            let key = (self.organisation(), kind, name);
            request::find(transaction, key)?
                .map(|found| request::request(transaction, key, found))
                .transpose()
        })
    }

    /// What waits for approvals at `now`, by kind and name, with what `viewer` may do about it.
    pub fn pending(&self, now: Timestamp, viewer: Option<&str>) -> Result<Vec<Pending>, RegisterError> {
        let mut all = Vec::new();
        for kind in APPROVED {
            let mut after = String::new();
            loop {
                let names = self.store.read(|transaction| {
                    let sql = "SELECT name FROM declaration WHERE organisation = ?1 AND kind = ?2 AND name > ?3 \
                               ORDER BY name LIMIT ?4";
                    let values =
                        [self.organisation().into(), kind.word().into(), (&after).into(), PAGE.into()];
                    transaction.rows(sql, &values)?.into_iter().map(|mut row| row.text()).collect::<Result<Vec<_>, _>>()
                })?;
                let Some(last) = names.last().cloned() else { break };
                self.store
                    .read(|transaction| {
                        let keys = names.iter().map(|name| (self.organisation(), kind, name.as_str()));
                        keys.map(|key| waiting(transaction, key, (now, viewer)))
                            .collect::<Result<Vec<_>, _>>()
                    })?
                    .into_iter()
                    .for_each(|pending| all.extend(pending));
                after = last;
            }
        }
        Ok(all)
    }
}

/// What there is to say of a declaration that waits; `None` when it does not.
fn waiting(
    transaction: &mut Transaction<'_>,
    key: Key<'_>,
    (now, viewer): (Timestamp, Option<&str>),
) -> Result<Option<Pending>, RegisterError> {
    let (organisation, kind, name) = key;
    let Some(found) = request::find(transaction, key)? else { return Ok(None) };
    let workspace = found.workspace.clone();
    let said = standing::said(transaction, key, &found.identities)?;
    let request = request::request(transaction, key, found)?;
    let standing = request.standing(&said.approvals, said.revocation.as_ref(), now);
    let Standing::Unapproved { needed, .. } = standing else { return Ok(None) };
    let entry = crate::chain::entry(transaction, organisation, request.version)?;
    Ok(Some(Pending {
        kind,
        name: name.to_owned(),
        workspace,
        requester: Some(request.requester.clone()).filter(|name| !name.is_empty()),
        at: entry.map(|entry| entry.at).unwrap_or_default(),
        needed,
        given: request.live(&said.approvals, now).into_values().cloned().collect(),
        ends: request.terms.ends,
        admits: viewer.map(|viewer| request.admits(Some(viewer)).map(|_| ())),
    }))
}
