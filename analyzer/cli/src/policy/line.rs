//! One line with a pair of policies, and its answer.

use std::borrow::Cow;
use std::time::Instant;

use nhi_access::dialect::aws::{PolicyKind, guess_kind, parse};
use nhi_access::{Newly, Settings, newly, pair};
use nhi_analyzer_output::policy::line::{Answered, answer, refusal};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::kind::Kind;

/// What holds for all lines.
#[derive(Clone, Copy)]
pub(crate) struct Judge {
    /// The kind of lines that name none.
    pub(crate) kind: Option<Kind>,
    pub(crate) settings: Settings,
}

/// An answer, and how often the comparison contradicted itself.
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) mismatches: usize,
}

/// A line as it comes; what it does not name is ignored.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    before: Option<&'a RawValue>,
    #[serde(borrow)]
    after: Option<&'a RawValue>,
}

impl Judge {
    /// Answers one line, whatever it holds.
    pub(crate) fn answer(&self, line: &[u8]) -> Answer {
        let refused = |id, error: &str| Answer { text: refusal(id, error), mismatches: 0 };
        let Ok(text) = std::str::from_utf8(line) else { return refused(None, "the line is not UTF-8") };
        let line: Line<'_> = match serde_json::from_str(text) {
            Ok(line) => line,
            Err(error) => {
                let reason = format!("the line is no JSON object with `before` and `after`: {error}");
                return refused(None, &reason);
            }
        };
        match self.decided(&line) {
            Ok((kind, found, micros)) => Answer {
                text: answer(Answered { id: line.id, kind, found: &found, micros }),
                mismatches: found.mismatches,
            },
            Err(error) => refused(line.id, &error),
        }
    }

    fn decided(&self, line: &Line<'_>) -> Result<(PolicyKind, Newly, u64), String> {
        let before = document("before", line.before)?;
        let after = document("after", line.after)?;
        let kind = match line.kind.map(named).transpose()?.or(self.kind) {
            Some(kind) => kind.policy(),
            None => guess_kind(&[&before, &after]).ok_or_else(|| {
                "one of the policies names principals and the other does not: `kind` is needed".to_owned()
            })?,
        };
        // From here on it is the policies that take time, and no longer the line.
        let start = Instant::now();
        let read = |name: &str, text: &str| parse(text, kind).map_err(|error| format!("`{name}`: {error}"));
        let (was, is) = pair(read("before", &before)?, read("after", &after)?);
        let found = newly(&was, &is, &self.settings);
        let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        Ok((kind, found, micros))
    }
}

fn named(raw: &RawValue) -> Result<Kind, String> {
    let name: Option<String> = serde_json::from_str(raw.get()).ok();
    name.as_deref().and_then(Kind::named).ok_or_else(|| {
        "`kind` is none of `identity`, `resource`, `trust` (nor `IDENTITY_POLICY`, `RESOURCE_POLICY`)"
            .to_owned()
    })
}

/// The text of a document that stands on the line as an object, or as a string that holds its text.
fn document<'a>(name: &str, raw: Option<&'a RawValue>) -> Result<Cow<'a, str>, String> {
    let Some(raw) = raw else { return Err(format!("`{name}` is missing")) };
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'{') => Ok(Cow::Borrowed(text)),
        Some(b'"') => serde_json::from_str(text)
            .map(Cow::Owned)
            .map_err(|error| format!("`{name}` is no text that can be read: {error}")),
        _ => Err(format!("`{name}` is neither an object nor a text that holds one")),
    }
}
