//! What a step of the schema does that no statement can: filling in what is read out of bodies.

use nhi_identity::{Exception, Identity, Owner, Zone};

use crate::declaration::{Declaration, ObjectKind};
use crate::error::RegisterError;
use crate::facets::Facets;
use crate::store::Transaction;
use crate::tables;

/// Fills in the facets of declarations that an older program wrote. A body that cannot be read stays without: reading it
/// says so, by name.
pub(crate) fn fill_facets(transaction: &mut Transaction<'_>) -> Result<(), RegisterError> {
    for (kind, read) in [
        (ObjectKind::Owner, facets_of::<Owner> as fn(&str) -> Option<Facets>),
        (ObjectKind::Zone, facets_of::<Zone>),
        (ObjectKind::Identity, facets_of::<Identity>),
        (ObjectKind::Exception, facets_of::<Exception>),
    ] {
        let sql = "SELECT organisation, name, body FROM declaration WHERE kind = ?1 ORDER BY name";
        for mut row in transaction.rows(sql, &[kind.word().into()])? {
            let (organisation, name, body) = (row.text()?, row.text()?, row.text()?);
            if let Some(facets) = read(&body) {
                tables::write_facets(transaction, (&organisation, kind, &name), &facets)?;
            }
        }
    }
    Ok(())
}

fn facets_of<T: Declaration>(body: &str) -> Option<Facets> {
    T::from_body(body).ok().map(|declaration| Facets::all_of(&declaration))
}
