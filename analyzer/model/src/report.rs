//! All findings of one run, with what surrounds them.

use crate::facts::NotUnderstood;
use crate::finding::{Finding, Severity};

/// What the report says of the plan itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanSummary {
    /// The version of the tool that made it.
    pub terraform_version: Option<String>,
    /// `false`: parts were deferred or left out by `-target`; the report is partial.
    pub complete: bool,
    /// Planning stopped at an error.
    pub errored: bool,
}

/// Findings, sorted: heaviest first, then by address, then by rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The plan.
    pub plan: PlanSummary,
    /// The threshold; `None`: never fail.
    pub fail_on: Option<Severity>,
    /// What is worth telling.
    pub findings: Vec<Finding>,
    /// Parts no adapter reads.
    pub not_understood: Vec<NotUnderstood>,
    /// Things the reader should know of this run (files that do not parse, a register that was joined).
    pub notes: Vec<String>,
}
