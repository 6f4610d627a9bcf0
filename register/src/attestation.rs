//! Attestations: what a reviewer said of an identity, or of everything a review is about.

use nhi_identity::approval::remark;
use nhi_identity::{
    Attestation, AttributePath, Field, Identity, Name, ObjectKind, Outcome, Person, Review, Timestamp,
    Violation,
};
use serde::{Deserialize, Serialize};

use crate::approval::who;
use crate::body;
use crate::error::RegisterError;
use crate::query::{Filter, Page};
use crate::record::{self, Asked, Record, RecordDraft};
use crate::recorded::{damaged, read, time};
use crate::register::Register;
use crate::revocation::created;
use crate::store::Transaction;
use crate::writing::Writing;

/// The collection of their records, and the word for them in the audit chain.
pub(crate) const COLLECTION: &str = "attestation";

/// How many identities are looked at in one go.
const PAGE: usize = 1_000;

/// What is to be attested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestationDraft {
    /// The name of the review.
    pub review: String,
    /// Of which identity; of all in its scope where none is named.
    pub identity: Option<String>,
    /// What the reviewer found.
    pub outcome: Outcome,
    /// What they say to it.
    pub note: Option<String>,
}

/// What a reviewer said last of an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    /// The name of the review.
    pub review: String,
    /// Of which identity.
    pub identity: String,
    /// Who.
    pub by: String,
    /// How we know who.
    pub source: String,
    /// When.
    pub at: Timestamp,
    /// What they found.
    pub outcome: Outcome,
    /// What they said to it.
    pub note: Option<String>,
}

/// How an attestation is kept.
#[derive(Serialize, Deserialize)]
struct Body {
    review: String,
    identity: String,
    by: String,
    source: String,
    at: String,
    outcome: String,
    note: Option<String>,
    /// The entry that created the identity: one that was created anew is not attested.
    created: i64,
}

fn wrong(attribute: &str, problem: String, remedy: String) -> RegisterError {
    RegisterError::Rules(vec![Violation { path: AttributePath::of(attribute), problem, remedy }])
}

impl Register {
    /// Writes down what a reviewer found, identity by identity, and answers whom it is about.
    pub fn attest(&self, draft: &AttestationDraft) -> Result<Vec<Attested>, RegisterError> {
        let violations = remark("note", &draft.note.clone().map_or(Field::Absent, Field::Is));
        if !violations.is_empty() {
            return Err(RegisterError::Rules(violations));
        }
        let names = match &draft.identity {
            Some(identity) => vec![identity.clone()],
            None => self.scope(&draft.review)?,
        };
        self.together(|writing| {
            let review = permitted(writing, draft)?;
            let mut attested = Vec::new();
            for name in &names {
                // Within a scope the identity may have changed or gone since its name was read.
                match (writing.get::<Identity>(name)?, &draft.identity) {
                    (Some(kept), _) if review.scope.covers(&kept.declaration) => {
                        attested.push(attest(writing, draft, name)?);
                    }
                    (Some(_), Some(_)) => {
                        return Err(wrong(
                            "identity",
                            format!("review `{}` is not about identity `{name}`", review.name),
                            "Name an identity within its scope, or leave `identity` out for all of them."
                                .to_owned(),
                        ));
                    }
                    (None, Some(_)) => {
                        return Err(wrong(
                            "identity",
                            format!("there is no identity `{}`", name.escape_debug()),
                            "Check the name.".to_owned(),
                        ));
                    }
                    (_, None) => {}
                }
            }
            Ok(attested)
        })
    }

    /// What reviewers said last of the identities of a review, by identity.
    pub fn attested(&self, review: &str) -> Result<Vec<Attested>, RegisterError> {
        self.store.read(|transaction| {
            let asked = Asked::Subject(ObjectKind::Review, review);
            let records = record::records(transaction, (self.organisation(), COLLECTION), asked)?;
            let all = records.iter().map(|record| attested(transaction, self.organisation(), record));
            Ok(all.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        })
    }

    /// What counts for the rounds of a review: that an identity may stay as it is.
    pub fn attestations(&self, review: &str) -> Result<Vec<Attestation>, RegisterError> {
        let all = self.attested(review)?.into_iter().filter(|one| one.outcome == Outcome::Keep);
        let read = |one: Attested| {
            Some(Attestation { identity: Name::new(&one.identity).ok()?, by: one.by, at: one.at })
        };
        Ok(all.filter_map(read).collect())
    }

    /// The names of the identities that a review is about.
    fn scope(&self, review: &str) -> Result<Vec<String>, RegisterError> {
        let Some(review) = self.get::<Review>(review)? else { return Ok(Vec::new()) };
        let (mut names, mut page) = (Vec::new(), Page::first(PAGE));
        loop {
            let found = self.find::<Identity>(&Filter::default(), page)?;
            let Some(last) = found.last() else { return Ok(names) };
            page = Page { after: Some(last.declaration.name.to_string()), limit: PAGE };
            let covered = found.iter().filter(|kept| review.declaration.scope.covers(&kept.declaration));
            names.extend(covered.map(|kept| kept.declaration.name.to_string()));
        }
    }
}

/// What a reviewer said last of one identity.
pub(crate) fn of_identity(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    (review, identity): (&str, &str),
) -> Result<Option<Attested>, RegisterError> {
    let asked = Asked::Key(&format!("{review}/{identity}"));
    let record = record::records(transaction, (organisation, COLLECTION), asked)?.into_iter().next();
    record.map_or(Ok(None), |record| attested(transaction, organisation, &record))
}

/// What a record says; `None` when it is about an identity that was declared anew since.
fn attested(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    record: &Record,
) -> Result<Option<Attested>, RegisterError> {
    let place = transaction.place().clone();
    let body: Body = read(record, &place)?;
    let key = (organisation, ObjectKind::Identity, body.identity.as_str());
    if body.created != created(transaction, key)? {
        return Ok(None);
    }
    let outcome = Outcome::parse(&body.outcome)
        .ok_or_else(|| damaged(record, &place, "its outcome is none that there is"))?;
    let at = time(record, &place, &body.at)?;
    let Body { review, identity, by, source, note, .. } = body;
    Ok(Some(Attested { review, identity, by, source, at, outcome, note }))
}

/// The review, when whoever writes may attest it.
fn permitted(writing: &mut Writing<'_, '_>, draft: &AttestationDraft) -> Result<Review, RegisterError> {
    let Some(kept) = writing.get::<Review>(&draft.review)? else {
        return Err(wrong(
            "review",
            format!("there is no review `{}`", draft.review.escape_debug()),
            "Declare an `nhi_review` of this name, or check the name.".to_owned(),
        ));
    };
    let review = kept.declaration;
    let person = who(writing.session()).and_then(Person::named);
    let reviewer = person.is_some_and(|person| {
        review.reviewers.iter().any(|reviewer| Person::named(reviewer).as_ref() == Some(&person))
    });
    if reviewer {
        return Ok(review);
    }
    let names: Vec<String> =
        review.reviewers.iter().map(|name| format!("`{}`", name.escape_debug())).collect();
    Err(wrong(
        "review",
        format!("{} is not a reviewer of `{}`", writing.session().actor, review.name),
        format!("Its reviewers are {}. One of them has to attest.", names.join(", ")),
    ))
}

fn attest(
    writing: &mut Writing<'_, '_>,
    draft: &AttestationDraft,
    identity: &str,
) -> Result<Attested, RegisterError> {
    let session = writing.session().clone();
    let at = writing.now();
    let key = (session.organisation.as_str(), ObjectKind::Identity, identity);
    let body = Body {
        review: draft.review.clone(),
        identity: identity.to_owned(),
        by: session.actor.name.clone(),
        source: session.actor.source.clone(),
        at: at.to_string(),
        outcome: draft.outcome.as_str().to_owned(),
        note: draft.note.clone(),
        created: created(writing.transaction, key)?,
    };
    writing.put_record(&RecordDraft {
        collection: COLLECTION,
        key: &format!("{}/{identity}", draft.review),
        action: "attest",
        body: &body::text(&body),
        subject: Some((ObjectKind::Review, &draft.review)),
        ends: None,
    })?;
    let Body { review, identity, by, source, note, .. } = body;
    Ok(Attested { review, identity, by, source, at, outcome: draft.outcome, note })
}
