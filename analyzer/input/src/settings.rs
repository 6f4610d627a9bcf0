//! Settings in `nhi.hcl`, searched from the source directory upward.

use nhi_analyzer_model::Severity;

/// What a team sets for its plans; every field has a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Tag and label keys that name an owner.
    pub owner_tags: Vec<String>,
    /// The threshold of `--fail-on`.
    pub fail_on: Option<Severity>,
    /// The register to join, as in `--register`.
    pub register: Option<String>,
    /// Days before its end from which an exception is worth a word.
    pub expiring_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            owner_tags: ["owner", "Owner", "team"].map(String::from).to_vec(),
            fail_on: Some(Severity::High),
            register: None,
            expiring_days: 14,
        }
    }
}
