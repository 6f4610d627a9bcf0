//! Finding declarations: by what they can be filtered by, in order of name, a page at a time.

use std::collections::BTreeMap;

use nhi_identity::Timestamp;

use crate::declaration::{Declaration, Kept};
use crate::error::RegisterError;
use crate::members;
use crate::store::{Dialect, Transaction, Value};
use crate::surroundings;
use crate::tables::{self, COLUMNS};

/// Does it matter whether somebody answers for it?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ownership {
    /// No.
    #[default]
    Any,
    /// Only what names no owner.
    Unowned,
}

/// Which declarations are asked for: those that fit every filter that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Name of the owner.
    pub owner: Option<String>,
    /// Level of the tier.
    pub tier: Option<u8>,
    /// Name of the zone.
    pub zone: Option<String>,
    /// The environment.
    pub environment: Option<String>,
    /// The word of an identity's kind, for example `ci_runner`.
    pub kind: Option<String>,
    /// Name of the identity it is about.
    pub identity: Option<String>,
    /// The platform.
    pub platform: Option<String>,
    /// The name on that platform.
    pub principal: Option<String>,
    /// Only what nobody answers for?
    pub unowned: Ownership,
    /// Only what ends before this time; what has no end does not.
    pub ends_before: Option<Timestamp>,
    /// Every one of these labels, with this value.
    pub labels: BTreeMap<String, String>,
    /// The workspace it belongs to.
    pub workspace: Option<String>,
    /// Name of the manifest that keeps it.
    pub manifest: Option<String>,
}

/// A part of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Only names after this one: the last of the page before.
    pub after: Option<String>,
    /// At most so many.
    pub limit: usize,
}

impl Page {
    /// The first so many.
    pub fn first(limit: usize) -> Self {
        Self { after: None, limit }
    }
}

/// A filter that has an index.
#[derive(Clone, Debug)]
enum Term<'a> {
    Text(&'static str, &'a str),
    Tier(i64),
    Unowned,
    EndsBefore(i64),
    Label(&'a str, &'a str),
    /// Named in one of these attributes of the body: there is no index, and it never leads.
    Named(&'static [&'static str], &'a str),
}

/// Up to here it matters which filter leads: counting further costs more than it saves.
const ENOUGH: i64 = 1000;

impl Filter {
    fn terms<T: Declaration>(&self) -> Vec<Term<'_>> {
        let several = |column: &str| T::SEVERAL.iter().find(|(one, _)| *one == column);
        let texts = [
            ("principal", &self.principal),
            ("identity", &self.identity),
            ("owner", &self.owner),
            ("manifest", &self.manifest),
            ("zone", &self.zone),
            ("workspace", &self.workspace),
            ("sort", &self.kind),
            ("platform", &self.platform),
            ("environment", &self.environment),
        ];
        let mut terms: Vec<Term<'_>> = texts
            .into_iter()
            .filter_map(|(column, text)| {
                let text = text.as_deref()?;
                Some(several(column).map_or(Term::Text(column, text), |(_, named)| Term::Named(named, text)))
            })
            .collect();
        terms.extend(self.labels.iter().map(|(key, value)| Term::Label(key, value)));
        terms.extend(self.tier.map(|tier| Term::Tier(tier.into())));
        terms.extend((self.unowned == Ownership::Unowned).then_some(Term::Unowned));
        terms.extend(self.ends_before.map(|end| Term::EndsBefore(end.as_microsecond())));
        terms
    }
}

/// A statement on its way: whose rows it reads, its conditions, and the values in their order.
struct Statement<'a> {
    scope: &'static str,
    conditions: Vec<String>,
    values: Vec<Value<'a>>,
}

impl<'a> Statement<'a> {
    fn of(organisation: &'a str, kind: &'a str) -> Self {
        Self {
            scope: "d.organisation = ?1 AND d.kind = ?2",
            conditions: Vec::new(),
            values: vec![organisation.into(), kind.into()],
        }
    }

    /// Adds a value and answers its place.
    fn value(&mut self, value: impl Into<Value<'a>>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    /// Adds a condition that only looks at rows found by other means: a plus sign keeps SQLite from taking its index.
    /// The planner of a server knows its own numbers and is left alone.
    fn follow(&mut self, dialect: Dialect, term: &Term<'a>) {
        let plus = match dialect {
            Dialect::Sqlite => "+",
            Dialect::Postgres => "",
        };
        let condition = match term {
            Term::Text(column, text) => format!("{plus}d.{column} = {}", self.value(*text)),
            Term::Tier(tier) => format!("{plus}d.tier = {}", self.value(*tier)),
            Term::Unowned => format!("{plus}d.owner IS NULL"),
            Term::EndsBefore(end) => format!("{plus}d.ends < {}", self.value(*end)),
            Term::Named(attributes, text) => {
                let place = self.value(*text);
                let each = attributes.iter().map(|attribute| surroundings::names(dialect, attribute, &place));
                format!("({})", each.collect::<Vec<_>>().join(" OR "))
            }
            Term::Label(key, value) => {
                let (key, value) = (self.value(*key), self.value(*value));
                format!(
                    "EXISTS (SELECT 1 FROM label l WHERE l.organisation = d.organisation AND l.kind = d.kind \
                     AND l.name = d.name AND l.key = {key} AND l.value = {value})"
                )
            }
        };
        self.conditions.push(condition);
    }

    /// Adds the condition whose index finds the rows, and answers the tables to read.
    fn lead(&mut self, dialect: Dialect, term: &Term<'a>) -> String {
        match (dialect, term) {
            (_, Term::Label(key, value)) => {
                let (key, value) = (self.value(*key), self.value(*value));
                self.conditions.push(format!(
                    "l.organisation = ?1 AND l.kind = ?2 AND l.key = {key} AND l.value = {value} AND l.name = d.name"
                ));
                if dialect == Dialect::Postgres {
                    // Each row is to be looked up by its whole key. From constants the planner of a server would make
                    // a walk through the kind for each label.
                    self.scope = "d.organisation = l.organisation || '' AND d.kind = l.kind || ''";
                }
                "label l CROSS JOIN declaration d".to_owned()
            }
            (_, term @ Term::Named(..)) | (Dialect::Postgres, term) => {
                self.follow(dialect, term);
                "declaration d".to_owned()
            }
            (Dialect::Sqlite, term) => {
                let (index, condition) = match term {
                    Term::Text(column, text) => {
                        let index = if *column == "sort" { "sort" } else { column };
                        (index, format!("d.{column} = {}", self.value(*text)))
                    }
                    Term::Tier(tier) => ("tier", format!("d.tier = {}", self.value(*tier))),
                    Term::Unowned => ("owner", "d.owner IS NULL".to_owned()),
                    Term::EndsBefore(end) => ("end", format!("d.ends < {}", self.value(*end))),
                    Term::Label(..) | Term::Named(..) => return "declaration d".to_owned(),
                };
                self.conditions.push(condition);
                format!("declaration d INDEXED BY declaration_by_{index}")
            }
        }
    }

    fn text(&self) -> String {
        let conditions = self.conditions.iter().map(String::as_str);
        std::iter::once(self.scope).chain(conditions).collect::<Vec<_>>().join(" AND ")
    }
}

/// A page of the declarations that fit, in order of name.
pub(crate) fn find<T: Declaration>(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    filter: &Filter,
    (after, limit): (Option<&str>, usize),
) -> Result<Vec<Kept<T>>, RegisterError> {
    let kind = T::KIND.word();
    let dialect = transaction.dialect();
    let terms = filter.terms::<T>();
    if let (Dialect::Postgres, [Term::Label(key, value)]) = (dialect, terms.as_slice()) {
        let (sql, values) = labelled((organisation, kind), (key, value), (after, limit));
        return kept(transaction, organisation, (&sql, &values));
    }
    let mut statement = Statement::of(organisation, kind);
    let lead = leading(transaction, (organisation, kind), &terms)?;
    let mut tables = "declaration d".to_owned();
    let mut order = "d.name";
    for (index, term) in terms.iter().enumerate() {
        if Some(index) == lead {
            tables = statement.lead(dialect, term);
            if matches!(term, Term::Label(..)) {
                order = "l.name";
            }
        } else {
            statement.follow(dialect, term);
        }
    }
    if let Some(after) = after {
        let place = statement.value(after);
        statement.conditions.push(format!("{order} > {place}"));
    }
    let limit = statement.value(i64::try_from(limit).unwrap_or(i64::MAX));
    let sql =
        format!("SELECT {COLUMNS} FROM {tables} WHERE {} ORDER BY {order} LIMIT {limit}", statement.text());
    kept(transaction, organisation, (&sql, &statement.values))
}

/// A page by one label alone, for a server: the page is cut among the labels, so that no more rows are looked up than it
/// has.
fn labelled<'a>(
    (organisation, kind): (&'a str, &'a str),
    (key, value): (&'a str, &'a str),
    (after, limit): (Option<&'a str>, usize),
) -> (String, Vec<Value<'a>>) {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut values: Vec<Value<'a>> =
        vec![organisation.into(), kind.into(), key.into(), value.into(), limit.into()];
    let mut beyond = "";
    if let Some(after) = after {
        values.push(after.into());
        beyond = " AND name > ?6";
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT organisation, kind, name FROM label WHERE organisation = ?1 AND kind = ?2 AND key = ?3 \
         AND value = ?4{beyond} ORDER BY name LIMIT ?5) AS l JOIN declaration d \
         ON d.organisation = l.organisation || '' AND d.kind = l.kind || '' AND d.name = l.name ORDER BY l.name"
    );
    (sql, values)
}

/// The declarations that a statement finds.
fn kept<T: Declaration>(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    (sql, values): (&str, &[Value<'_>]),
) -> Result<Vec<Kept<T>>, RegisterError> {
    let rows = transaction.rows(sql, values)?;
    let kept = |row| {
        let kept = tables::stored::<T>(transaction, row)?.kept;
        members::gathered(transaction, organisation, kept)
    };
    rows.into_iter().map(kept).collect()
}

/// How many declarations fit.
pub(crate) fn count<T: Declaration>(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    filter: &Filter,
) -> Result<u64, RegisterError> {
    let kind = T::KIND.word();
    let dialect = transaction.dialect();
    let mut statement = Statement::of(organisation, kind);
    let terms = filter.terms::<T>();
    let lead = leading(transaction, (organisation, kind), &terms)?.or((terms.len() == 1).then_some(0));
    let mut tables = "declaration d".to_owned();
    for (index, term) in terms.iter().enumerate() {
        if Some(index) == lead {
            tables = statement.lead(dialect, term);
        } else {
            statement.follow(dialect, term);
        }
    }
    let sql = format!("SELECT count(*) FROM {tables} WHERE {}", statement.text());
    let counted = match transaction.row(&sql, &statement.values)? {
        Some(mut row) => row.integer()?,
        None => 0,
    };
    Ok(u64::try_from(counted).unwrap_or(0))
}

/// The filter whose index leaves the fewest rows to look at; `None` where walking along the names is as good. What many
/// rows end before would have to be sorted, so there the walk along the names wins.
fn leading(
    transaction: &mut Transaction<'_>,
    (organisation, kind): (&str, &str),
    terms: &[Term<'_>],
) -> Result<Option<usize>, RegisterError> {
    if transaction.dialect() == Dialect::Postgres {
        // Labels stand in a table of their own, in the order of the names: the server does not see that by itself while
        // it knows little of a table that was filled just now.
        return Ok(terms.iter().position(|term| matches!(term, Term::Label(..))));
    }
    let sorted = |term: &Term<'_>| !matches!(term, Term::EndsBefore(_) | Term::Named(..));
    if let [term] = terms
        && sorted(term)
    {
        return Ok(Some(0));
    }
    let mut best: Option<(i64, usize)> = None;
    for (index, term) in terms.iter().enumerate() {
        if matches!(term, Term::Named(..)) {
            continue;
        }
        let mut statement = Statement::of(organisation, kind);
        let tables = statement.lead(transaction.dialect(), term);
        let limit = statement.value(ENOUGH);
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {tables} WHERE {} LIMIT {limit}) AS some_of_them",
            statement.text()
        );
        let counted = match transaction.row(&sql, &statement.values)? {
            Some(mut row) => row.integer()?,
            None => 0,
        };
        if (counted < ENOUGH || sorted(term)) && best.is_none_or(|(least, _)| counted < least) {
            best = Some((counted, index));
        }
    }
    Ok(best.map(|(_, index)| index))
}
