//! All findings of one run, with what surrounds them.

use crate::facts::NotUnderstood;
use crate::finding::{Finding, FindingKind, Severity};

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

/// Does the report stop a merge?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No finding reaches the threshold.
    Pass,
    /// At least one does.
    Fail,
}

/// How many of what; a finding that an exception permits counts in `excepted` and nowhere else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Findings of each severity, in the order of [`Severity::ALL`].
    pub by_severity: [usize; Severity::ALL.len()],
    /// Findings of new access, of a permission or of a trust.
    pub expansions: usize,
    /// Findings of access that goes away.
    pub reductions: usize,
    /// Findings that could not be settled.
    pub undecided: usize,
    /// Findings that an exception permits.
    pub excepted: usize,
    /// Parts no adapter reads.
    pub not_understood: usize,
}

impl Summary {
    /// Findings of one severity.
    pub fn of(&self, severity: Severity) -> usize {
        let at = Severity::ALL.iter().position(|one| *one == severity);
        at.and_then(|at| self.by_severity.get(at)).copied().unwrap_or(0)
    }
}

impl Report {
    /// Counts what the report holds.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { not_understood: self.not_understood.len(), ..Summary::default() };
        for finding in &self.findings {
            if finding.excepted_by.is_some() {
                summary.excepted += 1;
                continue;
            }
            for (count, severity) in summary.by_severity.iter_mut().zip(Severity::ALL) {
                *count += usize::from(*severity == finding.severity);
            }
            match finding.kind {
                FindingKind::Expansion | FindingKind::Trust => summary.expansions += 1,
                FindingKind::Reduction => summary.reductions += 1,
                FindingKind::Undecided => summary.undecided += 1,
                _ => {}
            }
        }
        summary
    }

    /// Fails when a finding that nothing excepts reaches the threshold.
    pub fn verdict(&self) -> Verdict {
        let reaches = |finding: &Finding| {
            finding.excepted_by.is_none() && self.fail_on.is_some_and(|least| finding.severity >= least)
        };
        if self.findings.iter().any(reaches) { Verdict::Fail } else { Verdict::Pass }
    }
}
