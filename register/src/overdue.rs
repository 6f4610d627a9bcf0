//! Identities that nobody looked at in time, where a review says that such an identity does not count as active.

use nhi_identity::{
    Attestation, Due, Identity, Known, Name, ObjectKind, OnOverdue, Outcome, Review, Standing, Timestamp,
};

use crate::attestation;
use crate::chain;
use crate::declaration::Declaration;
use crate::error::RegisterError;
use crate::revocation::created;
use crate::store::Transaction;
use crate::tables;

/// The review that an identity is overdue for, if one says that it therefore does not count as active: the longest
/// overdue one.
pub(crate) fn standing(
    transaction: &mut Transaction<'_>,
    (organisation, name): (&str, &str),
    (strict, now): (&[Review], Timestamp),
) -> Result<Option<Standing>, RegisterError> {
    if strict.is_empty() {
        return Ok(None);
    }
    let Some(stored) = tables::find::<Identity>(transaction, (organisation, name))? else { return Ok(None) };
    let identity = stored.kept.declaration;
    let mut overdue: Option<(Timestamp, Name)> = None;
    for review in strict.iter().filter(|review| review.scope.covers(&identity)) {
        let created = created(transaction, (organisation, ObjectKind::Identity, name))?;
        let entry = chain::entry(transaction, organisation, created)?;
        // An identity whose beginning nobody knows was there from the first round on.
        let declared_at = entry.and_then(|entry| entry.at.parse().ok()).unwrap_or(Timestamp::MIN);
        let said = attestation::of_identity(transaction, organisation, (review.name.as_str(), name))?;
        let kept = said.filter(|attested| attested.outcome == Outcome::Keep);
        let attestations: Vec<Attestation> = kept
            .map(|one| Attestation { identity: identity.name.clone(), by: one.by, at: one.at })
            .into_iter()
            .collect();
        let known = Known { identity: &identity, declared_at };
        for (_, due) in review.due([known], &attestations, now) {
            if let Due::Overdue { since } = due
                && overdue.as_ref().is_none_or(|(first, _)| since < *first)
            {
                overdue = Some((since, review.name.clone()));
            }
        }
    }
    Ok(overdue.map(|(since, review)| Standing::Overdue { review: review.to_string(), since }))
}

/// The reviews that take what is overdue for not active.
pub(crate) fn strict_reviews(
    transaction: &mut Transaction<'_>,
    organisation: &str,
) -> Result<Vec<Review>, RegisterError> {
    let sql = "SELECT name, body FROM declaration WHERE organisation = ?1 AND kind = ?2 ORDER BY name";
    let mut strict = Vec::new();
    for mut row in transaction.rows(sql, &[organisation.into(), ObjectKind::Review.word().into()])? {
        let (name, body) = (row.text()?, row.text()?);
        let review = Review::from_body(&body).map_err(|problem| RegisterError::Damaged {
            place: transaction.place().clone(),
            reason: format!("{} `{name}` cannot be read: {problem}", ObjectKind::Review),
        })?;
        strict.extend(Some(review).filter(|review| review.on_overdue == OnOverdue::Inactive));
    }
    Ok(strict)
}
