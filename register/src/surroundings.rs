//! What the rules among declarations are asked with: the others that a declaration mentions.

use std::collections::BTreeSet;

use nhi_identity::{Holder, Name, Surroundings};

use crate::declaration::{Declaration, Mentions, ObjectKind, Referrer};
use crate::error::RegisterError;
use crate::store::{Dialect, Transaction, Value};

/// How many declarations one statement asks for.
const AT_ONCE: usize = 8;

/// The declarations around one, as far as it mentions them.
pub(crate) fn around(
    transaction: &mut Transaction<'_>,
    (organisation, workspace): (&str, &str),
    mentions: &Mentions<'_>,
) -> Result<Surroundings, RegisterError> {
    let mut around = Surroundings::default();
    let mentioned: Vec<(ObjectKind, &Name)> =
        mentions.names.iter().chain(&mentions.besides).copied().collect();
    for some in mentioned.chunks(AT_ONCE) {
        for (kind, name) in present(transaction, organisation, some)? {
            around.note(kind, name.clone());
        }
    }
    if let Some((platform, principal)) = mentions.principal {
        // The planner of a server is to find it by the principal, and not to walk through the organisation.
        let organisation_is = match transaction.dialect() {
            Dialect::Sqlite => "organisation = ?1",
            Dialect::Postgres => "organisation || '' = ?1",
        };
        let sql = format!(
            "SELECT name, workspace, platform FROM declaration WHERE {organisation_is} AND kind = 'identity' \
             AND principal = ?2 AND workspace <> ?3 ORDER BY name"
        );
        let rows = transaction.rows(&sql, &[organisation.into(), principal.into(), workspace.into()])?;
        for mut row in rows {
            let (name, workspace, other) = (row.text()?, row.text()?, row.optional_text()?);
            if let (Ok(identity), true) = (Name::new(&name), other.as_deref() == platform) {
                around.holders.push(Holder { identity, workspace });
            }
        }
    }
    Ok(around)
}

/// Those of the declarations that are there, asked for in one statement.
fn present<'a>(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    asked: &[(ObjectKind, &'a Name)],
) -> Result<Vec<(ObjectKind, &'a Name)>, RegisterError> {
    let mut values: Vec<Value<'_>> = vec![organisation.into()];
    let mut lookups = Vec::new();
    for (kind, name) in asked {
        values.extend([Value::from(kind.word()), Value::from(name.as_str())]);
        lookups.push(format!(
            "SELECT kind, name FROM declaration WHERE organisation = ?1 AND kind = ?{} AND name = ?{}",
            values.len() - 1,
            values.len()
        ));
    }
    let mut there = Vec::new();
    for mut row in transaction.rows(&lookups.join(" UNION ALL "), &values)? {
        there.push((row.text()?, row.text()?));
    }
    let is_there = |kind: ObjectKind, name: &Name| {
        there.iter().any(|(word, found)| word == kind.word() && found == name.as_str())
    };
    Ok(asked.iter().copied().filter(|(kind, name)| is_there(*kind, name)).collect())
}

/// The declarations that name one of kind `T`.
pub(crate) fn referrers<T: Declaration>(
    transaction: &mut Transaction<'_>,
    (organisation, name): (&str, &str),
) -> Result<Vec<Referrer>, RegisterError> {
    let (mut all, mut known) = (Vec::new(), BTreeSet::new());
    for (kind, attribute) in T::NAMED_BY {
        let sql = format!(
            "SELECT name, workspace FROM declaration WHERE organisation = ?1 AND kind = ?2 AND {} ORDER BY name",
            names(transaction.dialect(), attribute, "?3")
        );
        let rows = transaction.rows(&sql, &[organisation.into(), kind.word().into(), name.into()])?;
        for mut row in rows {
            let referrer = Referrer { kind: *kind, name: row.text()?, workspace: row.text()? };
            // One may name it in several attributes.
            if known.insert(referrer.clone()) {
                all.push(referrer);
            }
        }
    }
    Ok(all)
}

/// The condition that an attribute, a text or a set of texts, names the value at a place of the statement: by its column, where it has one, else by the
/// body. The attributes come from
/// [`Declaration::NAMED_BY`] and [`Declaration::SEVERAL`], never from a user.
pub(crate) fn names(dialect: Dialect, attribute: &str, place: &str) -> String {
    match (attribute, dialect) {
        ("owner" | "zone" | "identity", _) => format!("{attribute} = {place}"),
        (_, Dialect::Sqlite) => {
            format!("EXISTS (SELECT 1 FROM json_each(body, '$.{attribute}') WHERE value = {place})")
        }
        // A set holds what is one of its elements, and a text holds itself.
        (_, Dialect::Postgres) => {
            let steps = attribute.replace('.', ",");
            format!("(CAST(body AS JSONB) #> '{{{steps}}}') @> to_jsonb(CAST({place} AS TEXT))")
        }
    }
}
