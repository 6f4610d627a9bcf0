//! The declarations as rows, schema `declarations 1`: what can be filtered by in columns of their own, and all of it as
//! JSON.

use nhi_register::{Facets, KeptBody, RegisterError, Snapshot};

use super::Source;
use super::columns::Column;
use crate::register::body::Body;

pub(super) struct Declarations;

/// A declaration as programs read it.
#[derive(serde::Serialize)]
struct Line<'a> {
    kind: &'a str,
    name: &'a str,
    workspace: &'a str,
    since: i64,
    version: i64,
    confirmed: bool,
    manifest: Option<&'a str>,
    body: Body<'a>,
}

impl Source for Declarations {
    type Row = KeptBody;

    const NAME: &'static str = "declarations 1";

    /// `since` and `version` are the entries of the audit chain that created it and wrote it last. What follows
    /// `manifest` is missing where the kind has no such thing, and where the body cannot be read.
    const SCHEMA: &'static str = "message declarations {
        REQUIRED BYTE_ARRAY organisation (STRING);
        REQUIRED BYTE_ARRAY kind (STRING);
        REQUIRED BYTE_ARRAY name (STRING);
        REQUIRED BYTE_ARRAY workspace (STRING);
        REQUIRED INT64 since;
        REQUIRED INT64 version;
        REQUIRED BOOLEAN confirmed;
        OPTIONAL BYTE_ARRAY manifest (STRING);
        OPTIONAL BYTE_ARRAY owner (STRING);
        OPTIONAL INT32 tier;
        OPTIONAL BYTE_ARRAY zone (STRING);
        OPTIONAL BYTE_ARRAY environment (STRING);
        OPTIONAL BYTE_ARRAY identity_kind (STRING);
        OPTIONAL BYTE_ARRAY identity (STRING);
        OPTIONAL BYTE_ARRAY platform (STRING);
        OPTIONAL BYTE_ARRAY principal (STRING);
        OPTIONAL INT64 ends (TIMESTAMP(MICROS,true));
        REQUIRED BYTE_ARRAY labels (JSON);
        REQUIRED BYTE_ARRAY body (JSON);
    }";

    fn page(
        snapshot: &mut Snapshot<'_, '_>,
        after: Option<&KeptBody>,
        limit: usize,
    ) -> Result<Vec<KeptBody>, RegisterError> {
        let after = after.map_or(("", ""), |kept| (kept.kind.as_str(), kept.name.as_str()));
        snapshot.bodies_after(after, limit)
    }

    fn line(kept: &KeptBody) -> String {
        let line = Line {
            kind: &kept.kind,
            name: &kept.name,
            workspace: &kept.workspace,
            since: kept.since,
            version: kept.version,
            confirmed: kept.confirmed != 0,
            manifest: kept.manifest.as_deref(),
            body: Body::of(&kept.body),
        };
        // A struct of texts and numbers always is JSON.
        serde_json::to_string(&line).map(|line| line + "\n").unwrap_or_default()
    }

    fn columns(rows: &[KeptBody], organisation: &str) -> Vec<Column> {
        let facets: Vec<Facets> = rows.iter().map(|row| row.facets().unwrap_or_default()).collect();
        let texts = |of: fn(&KeptBody) -> &String| Column::texts(rows.iter().map(|row| of(row).clone()));
        let some = |of: fn(&Facets) -> &Option<String>| {
            Column::MaybeText(facets.iter().map(|facets| of(facets).clone()).collect())
        };
        let ends = facets.iter().map(|facets| facets.ends.map(jiff::Timestamp::as_microsecond));
        let labels = facets.iter().map(|facets| serde_json::to_string(&facets.labels).unwrap_or_default());
        vec![
            Column::texts(rows.iter().map(|_| organisation.to_owned())),
            texts(|row| &row.kind),
            texts(|row| &row.name),
            texts(|row| &row.workspace),
            Column::Number(rows.iter().map(|row| row.since).collect()),
            Column::Number(rows.iter().map(|row| row.version).collect()),
            Column::Truth(rows.iter().map(|row| row.confirmed != 0).collect()),
            Column::MaybeText(rows.iter().map(|row| row.manifest.clone()).collect()),
            some(|facets| &facets.owner),
            Column::MaybeSmall(facets.iter().map(|facets| facets.tier.map(i32::from)).collect()),
            some(|facets| &facets.zone),
            some(|facets| &facets.environment),
            some(|facets| &facets.kind),
            some(|facets| &facets.identity),
            some(|facets| &facets.platform),
            some(|facets| &facets.principal),
            Column::MaybeNumber(ends.collect()),
            Column::texts(labels),
            texts(|row| &row.body),
        ]
    }
}
