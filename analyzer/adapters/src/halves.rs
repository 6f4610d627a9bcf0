//! The two objects of a change, as what exists before and after it.

use nhi_analyzer_input::{Actions, Change, Value};

/// What exists before a change and after it, with the named attributes; `None` where nothing does.
pub(crate) struct Halves {
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
}

/// Decodes both objects; what Terraform forgets lives on.
pub(crate) fn halves(change: &Change<'_>, names: &[&str]) -> Halves {
    let there = |value: Value| (value != Value::Null).then_some(value);
    let before = || there(change.before_of(names));
    let after = || there(change.after_of(names));
    match change.actions {
        Actions::NoOp => {
            let state = after();
            Halves { before: state.clone(), after: state }
        }
        Actions::Forget => {
            let state = before();
            Halves { before: state.clone(), after: state }
        }
        _ => Halves { before: before(), after: after() },
    }
}
