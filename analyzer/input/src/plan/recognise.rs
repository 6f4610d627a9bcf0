//! Says what a document is that is not a plan, and what a JSON error means, without repeating any value.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::PlanError;

/// Keys that other documents of the same tools have at their top.
#[derive(Deserialize)]
struct Kind {
    #[serde(default)]
    format_version: Option<IgnoredAny>,
    #[serde(default)]
    values: Option<IgnoredAny>,
    #[serde(default)]
    lineage: Option<IgnoredAny>,
    #[serde(default)]
    serial: Option<IgnoredAny>,
    #[serde(default)]
    provider_schemas: Option<IgnoredAny>,
    #[serde(default)]
    diagnostics: Option<IgnoredAny>,
    #[serde(default, rename = "@level")]
    level: Option<IgnoredAny>,
    #[serde(default)]
    root_module: Option<IgnoredAny>,
}

const SHOW: &str = "write one with `terraform plan -out PLAN` and `terraform show -json PLAN`";

/// The error for a document, or the first document of several, that is JSON and no plan.
pub(super) fn not_a_plan(text: &str) -> PlanError {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Kind>();
    let what = match stream.next() {
        Some(Ok(kind)) if text.trim_ascii_start().starts_with('{') => name(&kind),
        _ => "JSON of another kind",
    };
    PlanError::NotAPlan { what, remedy: SHOW }
}

fn name(kind: &Kind) -> &'static str {
    match kind {
        Kind { level: Some(_), .. } => "the log that `plan -json` prints",
        Kind { lineage: Some(_), .. } | Kind { serial: Some(_), .. } => "a state file",
        Kind { values: Some(_), .. } => "a state as `terraform show -json` prints it",
        Kind { provider_schemas: Some(_), .. } => "a list of provider schemas",
        Kind { diagnostics: Some(_), .. } => "the result of `validate -json`",
        Kind { root_module: Some(_), .. } => "a configuration",
        Kind { format_version: Some(_), .. } => "an empty state as `terraform show -json` prints it",
        _ => "JSON of another kind",
    }
}

pub(super) mod syntax {
    //! JSON errors, retold.

    use serde::de::IgnoredAny;
    use serde_json::error::Category;

    use super::{PlanError, not_a_plan};

    /// The error of a key that comes twice.
    pub(in crate::plan) fn duplicate(error: &serde_json::Error) -> Option<PlanError> {
        let message = error.to_string();
        let key = message.strip_prefix("duplicate field `")?.split('`').next()?;
        Some(PlanError::DuplicateKey { key: key.to_owned(), line: error.line(), column: error.column() })
    }

    /// The error of a document that is not one JSON object.
    pub(in crate::plan) fn no_object(text: &str) -> PlanError {
        match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => not_a_plan(text),
            Err(error) => explain(text, &error),
        }
    }

    /// The error of a document that cannot be read even part by part.
    pub(in crate::plan) fn explain(text: &str, error: &serde_json::Error) -> PlanError {
        let (line, column) = (error.line(), error.column());
        if let Some(twice) = duplicate(error) {
            return twice;
        }
        match error.classify() {
            Category::Eof => PlanError::Truncated { line, column },
            Category::Data => not_a_plan(text),
            Category::Syntax | Category::Io => match not_a_plan(text) {
                log @ PlanError::NotAPlan { what: "the log that `plan -json` prints", .. } => log,
                _ => PlanError::NotJson { line, column, problem: reason(error) },
            },
        }
    }

    /// What is wrong, without the value that is wrong.
    pub(in crate::plan) fn reason(error: &serde_json::Error) -> String {
        let message = error.to_string();
        let plain = message.split(" at line ").next().unwrap_or_default();
        match error.classify() {
            Category::Data
                if !(plain.starts_with("missing field") || plain.starts_with("duplicate field")) =>
            {
                String::from("a part of it has another shape than plans have")
            }
            _ => plain.to_owned(),
        }
    }
}
