//! What the rules among declarations are asked with: the others that a declaration mentions.

use nhi_identity::{Holder, Name, Surroundings};

use crate::declaration::{Declaration, Mentions, Referrer};
use crate::error::RegisterError;
use crate::store::{Dialect, Transaction};
use crate::tables;

/// The declarations around one, as far as it mentions them.
pub(crate) fn around(
    transaction: &mut Transaction<'_>,
    (organisation, workspace): (&str, &str),
    mentions: &Mentions<'_>,
) -> Result<Surroundings, RegisterError> {
    let mut around = Surroundings::default();
    for (kind, name) in mentions.names.iter().chain(&mentions.besides) {
        if tables::exists(transaction, (organisation, *kind, name.as_str()))? {
            around.note(*kind, (*name).clone());
        }
    }
    if let Some((platform, principal)) = mentions.principal {
        let rows = transaction.rows(
            "SELECT name, workspace, platform FROM declaration WHERE organisation = ?1 AND kind = 'identity' \
             AND principal = ?2 AND workspace <> ?3 ORDER BY name",
            &[organisation.into(), principal.into(), workspace.into()],
        )?;
        for mut row in rows {
            let (name, workspace, other) = (row.text()?, row.text()?, row.optional_text()?);
            if let (Ok(identity), true) = (Name::new(&name), other.as_deref() == platform) {
                around.holders.push(Holder { identity, workspace });
            }
        }
    }
    Ok(around)
}

/// The declarations that name one of kind `T`.
pub(crate) fn referrers<T: Declaration>(
    transaction: &mut Transaction<'_>,
    (organisation, name): (&str, &str),
) -> Result<Vec<Referrer>, RegisterError> {
    let mut all = Vec::new();
    for (kind, attribute) in T::NAMED_BY {
        let sql = format!(
            "SELECT name, workspace FROM declaration WHERE organisation = ?1 AND kind = ?2 AND {} ORDER BY name",
            names(transaction.dialect(), attribute)
        );
        let rows = transaction.rows(&sql, &[organisation.into(), kind.word().into(), name.into()])?;
        for mut row in rows {
            let referrer = Referrer { kind: *kind, name: row.text()?, workspace: row.text()? };
            // One may name it in several attributes.
            if !all.contains(&referrer) {
                all.push(referrer);
            }
        }
    }
    Ok(all)
}

/// The condition that an attribute, a text or a set of texts, names `?3`: by its column, where it has one, else by the
/// body. The attributes come from [`Declaration::NAMED_BY`], never from a user.
fn names(dialect: Dialect, attribute: &str) -> String {
    match (attribute, dialect) {
        ("owner" | "zone" | "identity", _) => format!("{attribute} = ?3"),
        (_, Dialect::Sqlite) => {
            format!("EXISTS (SELECT 1 FROM json_each(body, '$.{attribute}') WHERE value = ?3)")
        }
        // A set holds what is one of its elements, and a text holds itself.
        (_, Dialect::Postgres) => {
            let steps = attribute.replace('.', ",");
            format!("(CAST(body AS JSONB) #> '{{{steps}}}') @> to_jsonb(CAST(?3 AS TEXT))")
        }
    }
}
