//! Remarks on statements, in words.

use crate::lint::{Lint, Remark};

/// "never matches: no request obeys all of its elements".
pub fn remark(remark: &Remark) -> String {
    match &remark.what {
        Lint::NeverMatches => "never matches: no request obeys all of its elements".to_owned(),
        Lint::Denied => "allows nothing: what it allows, the policy denies".to_owned(),
        Lint::Covered(by) if by.is_empty() => "is covered by the other statements together".to_owned(),
        Lint::Covered(by) => {
            let numbers: Vec<String> = by.iter().map(|index| (index + 1).to_string()).collect();
            format!("is covered by statement {}", numbers.join(", as by statement "))
        }
        Lint::Disputed(entry) => {
            format!(
                "`{entry}` is read in more than one way: how far its `*` reaches, or what an absent key says"
            )
        }
        Lint::UnknownService(action) => format!("`{action}`: no service of this prefix is known"),
        Lint::UnknownAction(action) => format!("`{action}`: no such action is known"),
        Lint::TakesNoResource(action) => {
            format!("`{action}` takes no resource: beside resources that are named it allows nothing")
        }
        Lint::NotCompared => "and those after it are too many to be compared with each other".to_owned(),
    }
}

/// The remark's short name, for programs.
pub fn remark_id(remark: &Remark) -> &'static str {
    match remark.what {
        Lint::NeverMatches => "never-matches",
        Lint::Denied => "denied",
        Lint::Covered(_) => "covered",
        Lint::Disputed(_) => "disputed",
        Lint::UnknownService(_) => "unknown-service",
        Lint::UnknownAction(_) => "unknown-action",
        Lint::TakesNoResource(_) => "takes-no-resource",
        Lint::NotCompared => "not-compared",
    }
}
