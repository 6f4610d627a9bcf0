//! Grants: somebody is raised, for a while, on live approvals. Each opening, renewal and closing is an entry of the
//! audit chain; one that nobody closes is closed by time.

use std::collections::BTreeSet;

use nhi_identity::approval::remark;
use nhi_identity::{
    Approval, AttributePath, Elevation, Field, GrantError, Moment, ObjectKind, Period, Person, Raised, Role,
    Timestamp, Violation, Window,
};
use serde::{Deserialize, Serialize};

use crate::approval::who;
use crate::body;
use crate::error::RegisterError;
use crate::place::Place;
use crate::record::{Asked, Record, RecordDraft};
use crate::recorded::{damaged, read, time};
use crate::register::Register;
use crate::request;
use crate::standing;
use crate::writing::Writing;

/// The collection of their records, and the word for them in the audit chain.
pub(crate) const COLLECTION: &str = "grant";

/// How many grants are looked at in one go.
const PAGE: usize = 1_000;

/// A grant that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantDraft {
    /// The name of the elevation.
    pub elevation: String,
    /// Who is raised, where the elevation names several people or groups.
    pub subject: Option<String>,
    /// For how long each renewal keeps it open; see [`nhi_identity::grant::LEASE`].
    pub lease: Option<Period>,
    /// What for.
    pub reason: Option<String>,
}

/// A grant that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id, a UUID: whoever knows it may renew and close it.
    pub id: String,
    /// The name of the elevation.
    pub elevation: String,
    /// The declared identity that is raised, where it is one.
    pub identity: Option<String>,
    /// The person or group that is raised, where it is one.
    pub subject: Option<String>,
    /// Whose rights are lent: a declared identity, or a role as the platform names it.
    pub target: String,
    /// Who opened it.
    pub by: String,
    /// How we know who.
    pub source: String,
    /// What for.
    pub reason: Option<String>,
    /// Since when, and until when.
    pub window: Window,
}

/// How a grant is kept.
#[derive(Serialize, Deserialize)]
struct Body {
    elevation: String,
    identity: Option<String>,
    subject: Option<String>,
    target: String,
    /// The declared identity whose rights are lent, where it is one.
    lends: Option<String>,
    by: String,
    source: String,
    reason: Option<String>,
    opened: String,
    until: String,
    latest: String,
    lease: String,
}

impl Body {
    fn names(&self, identity: &str) -> bool {
        [&self.identity, &self.lends].into_iter().flatten().any(|name| name == identity)
    }

    fn grant(self, record: &Record, place: &Place) -> Result<Grant, RegisterError> {
        let lease = Period::parse(&self.lease).map_err(|error| damaged(record, place, &error.to_string()))?;
        let window = Window {
            opened: time(record, place, &self.opened)?,
            until: time(record, place, &self.until)?,
            latest: time(record, place, &self.latest)?,
            lease,
        };
        Ok(Grant {
            id: record.key.clone(),
            elevation: self.elevation,
            identity: self.identity,
            subject: self.subject,
            target: self.target,
            by: self.by,
            source: self.source,
            reason: self.reason,
            window,
        })
    }
}

impl Register {
    /// Opens a grant. Its elevation needs live approvals that do not come from whoever opens it.
    pub fn open_grant(&self, draft: &GrantDraft) -> Result<Grant, RegisterError> {
        let violations = remark("reason", &draft.reason.clone().map_or(Field::Absent, Field::Is));
        if !violations.is_empty() {
            return Err(RegisterError::Rules(violations));
        }
        self.together(|writing| {
            let now = writing.now();
            sweep(writing, now)?;
            let elevation = permitted(writing, &draft.elevation, now)?;
            let (identity, subject) = raised(&elevation, draft, who(writing.session()))?;
            let end = elevation.end.moment().map(Moment::at);
            let window = Window::open(now, draft.lease.as_ref(), &elevation.duration, end)
                .map_err(|reason| refused(&draft.elevation, reason))?;
            let (target, lends) = match &elevation.target.role {
                Role::Identity(name) => (name.to_string(), Some(name.to_string())),
                Role::Named(role) => (role.clone(), None),
            };
            let actor = writing.session().actor.clone();
            let body = Body {
                elevation: draft.elevation.clone(),
                identity,
                subject,
                target,
                lends,
                by: actor.name,
                source: actor.source,
                reason: draft.reason.clone(),
                opened: window.opened.to_string(),
                until: window.until.to_string(),
                latest: window.latest.to_string(),
                lease: window.lease.to_string(),
            };
            put(writing, (&uuid::Uuid::new_v4().to_string(), "open"), body, window.until)
        })
    }

    /// Keeps a grant open for another lease, as far as its elevation allows. What ended it meanwhile, a revocation or a
    /// change of the elevation, also ends its renewals; approvals that were live when it was opened still count.
    pub fn renew_grant(&self, id: &str) -> Result<Grant, RegisterError> {
        self.together(|writing| {
            let now = writing.now();
            let Some((mut body, grant)) = find(writing, id)? else {
                return Err(RegisterError::NoGrant(id.to_owned()));
            };
            let window = grant.window.renewed(now).map_err(|reason| refused(&grant.elevation, reason))?;
            still_permitted(writing, &grant, now)?;
            body.until = window.until.to_string();
            put(writing, (id, "renew"), body, window.until)
        })
    }

    /// Closes a grant; `None` when it is not open any more.
    pub fn close_grant(&self, id: &str) -> Result<Option<Grant>, RegisterError> {
        self.together(|writing| {
            let Some((_, grant)) = find(writing, id)? else { return Ok(None) };
            let open = grant.window.is_open(writing.now());
            writing.remove_record((COLLECTION, id), if open { "close" } else { "expire" })?;
            Ok(open.then_some(grant))
        })
    }

    /// The grants that are open at `now`, by their ids.
    pub fn grants(&self, now: Timestamp) -> Result<Vec<Grant>, RegisterError> {
        let mut open = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.records(COLLECTION, Asked::All(&after, PAGE))?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.key);
            for record in &page {
                let grant = read::<Body>(record, self.place())?.grant(record, self.place())?;
                open.extend(Some(grant).filter(|grant| grant.window.is_open(now)));
            }
        }
        Ok(open)
    }
}

/// Closes every open grant that a revocation ends: those of an elevation, or those that raise an identity or lend its
/// rights.
pub(crate) fn close_all(
    writing: &mut Writing<'_, '_>,
    (kind, name): (ObjectKind, &str),
) -> Result<Vec<Grant>, RegisterError> {
    let place = writing.transaction.place().clone();
    let now = writing.now();
    let asked = match kind {
        ObjectKind::Elevation => Asked::Subject(kind, name),
        ObjectKind::Identity => Asked::All("", usize::MAX),
        _ => return Ok(Vec::new()),
    };
    let mut closed = Vec::new();
    for record in writing.records(COLLECTION, asked)? {
        let body: Body = read(&record, &place)?;
        if kind == ObjectKind::Identity && !body.names(name) {
            continue;
        }
        let grant = body.grant(&record, &place)?;
        if grant.window.is_open(now) {
            writing.remove_record((COLLECTION, &record.key), "close")?;
            closed.push(grant);
        }
    }
    Ok(closed)
}

/// Writes down that time closed what nobody did.
fn sweep(writing: &mut Writing<'_, '_>, now: Timestamp) -> Result<(), RegisterError> {
    for record in writing.records(COLLECTION, Asked::EndsBefore(now))? {
        writing.remove_record((COLLECTION, &record.key), "expire")?;
    }
    Ok(())
}

fn find(writing: &mut Writing<'_, '_>, id: &str) -> Result<Option<(Body, Grant)>, RegisterError> {
    let Some(record) = writing.records(COLLECTION, Asked::Key(id))?.into_iter().next() else {
        return Ok(None);
    };
    let place = writing.transaction.place().clone();
    Ok(Some((read(&record, &place)?, read::<Body>(&record, &place)?.grant(&record, &place)?)))
}

fn put(
    writing: &mut Writing<'_, '_>,
    (id, action): (&str, &str),
    body: Body,
    until: Timestamp,
) -> Result<Grant, RegisterError> {
    let text = body::text(&body);
    let subject = Some((ObjectKind::Elevation, body.elevation.as_str()));
    let draft =
        RecordDraft { collection: COLLECTION, key: id, action, body: &text, subject, ends: Some(until) };
    writing.put_record(&draft)?;
    let record = Record {
        collection: COLLECTION.to_owned(),
        key: id.to_owned(),
        workspace: String::new(),
        body: text,
        version: 0,
        subject: None,
        ends: None,
    };
    body.grant(&record, &writing.transaction.place().clone())
}

fn refused(elevation: &str, reason: GrantError) -> RegisterError {
    RegisterError::NotGranted { elevation: elevation.to_owned(), reason }
}

/// The elevation, when a grant of it may be opened at `now` by whoever writes.
fn permitted(writing: &mut Writing<'_, '_>, name: &str, now: Timestamp) -> Result<Elevation, RegisterError> {
    let opener = who(writing.session()).and_then(Person::named);
    let others = |approvals: Vec<Approval>| {
        let other = |approval: &Approval| Person::named(&approval.by) != opener;
        approvals.into_iter().filter(other).collect()
    };
    judged(writing, name, (now, &others))
}

/// That nothing ended a grant since it was opened.
fn still_permitted(
    writing: &mut Writing<'_, '_>,
    grant: &Grant,
    now: Timestamp,
) -> Result<(), RegisterError> {
    let opener = Person::named(&grant.by);
    let organisation = writing.session().organisation.clone();
    let key = (organisation.as_str(), ObjectKind::Elevation, grant.elevation.as_str());
    let found = request::require(writing.transaction, key)?;
    let request = request::request(writing.transaction, key, found)?;
    let live = |approvals: Vec<Approval>| {
        let live = request.live(&approvals, grant.window.opened).into_values().cloned();
        // An age that counted at the opening counts no more: the approval is taken for as old as it was then.
        let then = live.map(|approval| Approval { at: now.max(approval.at), ..approval });
        then.filter(|approval| Person::named(&approval.by) != opener).collect()
    };
    judged(writing, &grant.elevation, (now, &live)).map(|_| ())
}

/// The elevation, when it is active at `now` by those of its approvals that `counted` leaves, and so is every identity
/// that it names.
fn judged(
    writing: &mut Writing<'_, '_>,
    name: &str,
    (now, counted): (Timestamp, &dyn Fn(Vec<Approval>) -> Vec<Approval>),
) -> Result<Elevation, RegisterError> {
    let kind = ObjectKind::Elevation;
    let organisation = writing.session().organisation.clone();
    let key = (organisation.as_str(), kind, name);
    let Some(kept) = writing.get::<Elevation>(name)? else {
        return Err(RegisterError::NotDeclared { kind, name: name.to_owned() });
    };
    let found = request::require(writing.transaction, key)?;
    let request = request::request(writing.transaction, key, found)?;
    let said = standing::said(writing.transaction, key, &[])?;
    // Of its identities it is told below which one does not hold.
    let standing = request.standing(&counted(said.approvals), said.revocation.as_ref(), now);
    if !standing.active() {
        return Err(RegisterError::Inactive { kind, name: name.to_owned(), standing });
    }
    for identity in kept.declaration.identities() {
        let key = (organisation.as_str(), ObjectKind::Identity, identity.as_str());
        let standing = standing::standing(writing.transaction, key, now)?;
        if let Some(standing) = standing.filter(|standing| !standing.active()) {
            let (kind, name) = (ObjectKind::Identity, identity.to_string());
            return Err(RegisterError::Inactive { kind, name, standing });
        }
    }
    Ok(kept.declaration)
}

/// Who is raised: the declared identity, or the person or group.
fn raised(
    elevation: &Elevation,
    draft: &GrantDraft,
    opener: Option<&str>,
) -> Result<(Option<String>, Option<String>), RegisterError> {
    let refuse = |problem: String, remedy: String| {
        let path = AttributePath::of("subject");
        Err(RegisterError::Rules(vec![Violation { path, problem, remedy }]))
    };
    let subjects = match &elevation.raised {
        Raised::Identity(identity) => {
            return match &draft.subject {
                None => Ok((Some(identity.to_string()), None)),
                Some(subject) => refuse(
                    format!(
                        "elevation `{}` raises the identity `{identity}` and not `{}`",
                        elevation.name,
                        subject.escape_debug()
                    ),
                    "Leave `subject` out.".to_owned(),
                ),
            };
        }
        Raised::Subjects(subjects) => subjects,
    };
    let among = |name: &str| {
        let person = Person::named(name)?;
        subjects.iter().find(|subject| Person::named(subject).as_ref() == Some(&person)).cloned()
    };
    match &draft.subject {
        Some(subject) => match among(subject) {
            Some(subject) => Ok((None, Some(subject))),
            None => refuse(
                format!("elevation `{}` does not raise `{}`", elevation.name, subject.escape_debug()),
                format!("It raises {}.", listed(subjects)),
            ),
        },
        None if subjects.len() == 1 => Ok((None, subjects.first().cloned())),
        None => match opener.and_then(among) {
            Some(subject) => Ok((None, Some(subject))),
            None => refuse(
                format!("elevation `{}` raises several, and nobody says which", elevation.name),
                format!("Set `subject` to one of {}.", listed(subjects)),
            ),
        },
    }
}

fn listed(names: &BTreeSet<String>) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.escape_debug())).collect();
    names.join(", ")
}
