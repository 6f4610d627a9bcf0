//! `nhi_crossing`: a plan only asks for one. What was approved of it stands in a register, for the writing that was
//! approved; so what matters here is which ones the plan writes anew.

use nhi_analyzer_input::Value;

use crate::halves::Halves;
use crate::value::{get, text};

/// All of it: an approval is bound to the whole text.
pub(super) const NAMES: &[&str] = &[
    "name",
    "from_zone",
    "to_zone",
    "identities",
    "approver",
    "reason",
    "ticket",
    "log_sink",
    "expires_at",
    "valid_for",
    "labels",
];

/// The names of what the plan writes anew or removes here.
pub(super) fn rewritten(halves: &Halves) -> Vec<String> {
    if halves.before == halves.after {
        return Vec::new();
    }
    let name = |object: &Value| text(get(object, "name")).map(str::to_owned);
    [&halves.before, &halves.after].into_iter().flatten().filter_map(name).collect()
}
