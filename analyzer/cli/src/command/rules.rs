//! `nhi rules` and `nhi explain`: what is looked for, and why.

use std::fmt::Write as _;

use nhi_analyzer_rules::RULES;

use crate::arguments::Explain;
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Lists the rules with the title of their pages.
pub(crate) fn list(surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let width = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let mut lines = String::new();
    for rule in RULES {
        // Writing to a string does not fail.
        let _ = writeln!(lines, "{:width$}  {:8}  {}", rule.id, rule.severity, rule.title());
    }
    surroundings.print(lines.as_bytes())?;
    Ok(Exit::Pass)
}

/// Prints the page of one rule.
pub(crate) fn explain(explain: &Explain, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let Some(rule) = RULES.iter().find(|rule| rule.id == explain.rule) else {
        let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        return Err(Failure::usage(format!(
            "there is no rule `{}`; there are: {}",
            explain.rule,
            ids.join(", ")
        )));
    };
    surroundings.print(rule.page.as_bytes())?;
    Ok(Exit::Pass)
}
