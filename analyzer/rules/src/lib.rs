//! What is worth telling: one file and one page a rule, and the one list of them.

mod context;
mod declared;
mod draft;
mod drift_widened;
mod excepted;
mod exception_expired;
mod exception_without_end;
mod fingerprint;
mod frozen_expansion;
mod grant;
mod guarded;
mod narrowing;
mod privilege_expansion;
mod resource_access;
mod resource_access_widened;
mod rule;
mod severity;
mod static_credential;
mod trust_widened;
mod undecided;
mod undecided_policy;
mod undeclared_crossing;
mod unfederated_tier;
mod unowned_principal;
mod widened;

use nhi_analyzer_model::Finding;

pub use context::{Context, Question};
pub use draft::{Draft, Subject};
pub use rule::Rule;

/// Every rule, in the order in which documents list them.
pub static RULES: &[&Rule] = &[
    &privilege_expansion::RULE,
    &trust_widened::RULE,
    &resource_access_widened::RULE,
    &static_credential::RULE,
    &unowned_principal::RULE,
    &exception_without_end::RULE,
    &exception_expired::RULE,
    &unfederated_tier::RULE,
    &undeclared_crossing::RULE,
    &undecided_policy::RULE,
    &drift_widened::RULE,
    &frozen_expansion::RULE,
];

/// What the rules have to tell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// Findings, heaviest first, then by address, then by rule.
    pub findings: Vec<Finding>,
    /// Regions that the search found and the plain evaluator did not confirm; they stand among the undecided.
    pub mismatches: usize,
}

/// Asks every rule.
pub fn judge(question: &Question<'_>) -> Judgement {
    let context = Context::of(question);
    let mut findings: Vec<Finding> = RULES
        .iter()
        .flat_map(|rule| {
            let drafts = (rule.check)(&context);
            drafts.into_iter().map(|draft| draft.told(rule, &context)).collect::<Vec<_>>()
        })
        .collect();
    findings.sort_by(|a, b| {
        b.severity
            .cmp(&a.severity)
            .then_with(|| a.origin.cmp(&b.origin))
            .then_with(|| a.rule.cmp(b.rule))
            .then_with(|| a.fingerprint.cmp(&b.fingerprint))
            .then_with(|| a.message.cmp(&b.message))
    });
    Judgement { findings, mismatches: context.mismatches }
}
