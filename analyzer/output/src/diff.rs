//! A document before and after as a unified diff of its canonical form, so that only meaning shows as a change.

use nhi_analyzer_model::TextDiff;
use serde_json::Value;

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// One line of a diff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Where a hunk starts.
    Hunk,
    /// Only before.
    Removed,
    /// Only after.
    Added,
    /// On both sides.
    Same,
}

/// The lines of the unified diff, marks included; empty when the canonical texts are equal.
pub(crate) fn unified(diff: &TextDiff) -> Vec<(Mark, String)> {
    let before = canonical(&diff.before);
    let after = canonical(&diff.after);
    if before == after {
        return Vec::new();
    }
    let text = similar::TextDiff::from_lines(&before, &after)
        .unified_diff()
        .context_radius(CONTEXT)
        .missing_newline_hint(false)
        .to_string();
    text.lines().map(|line| (mark(line), line.to_owned())).collect()
}

fn mark(line: &str) -> Mark {
    match line.bytes().next() {
        Some(b'@') => Mark::Hunk,
        Some(b'-') => Mark::Removed,
        Some(b'+') => Mark::Added,
        _ => Mark::Same,
    }
}

/// Indented JSON with sorted keys; text that is not JSON stays as it is.
fn canonical(text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    let pretty = serde_json::from_str::<Value>(text).and_then(|value| serde_json::to_string_pretty(&value));
    let mut text = pretty.unwrap_or_else(|_| text.to_owned());
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: &[&str]) {
        let diff = TextDiff { before: before.to_owned(), after: after.to_owned() };
        let lines: Vec<String> = unified(&diff).into_iter().map(|(_, line)| line).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn order_of_keys_and_spaces_are_no_change() {
        check(r#"{"a":1,"b":[2]}"#, r#"{ "b": [2], "a": 1 }"#, &[]);
    }

    #[test]
    fn one_value() {
        check(
            r#"{"a":"x"}"#,
            r#"{"a":"y"}"#,
            &["@@ -1,3 +1,3 @@", " {", "-  \"a\": \"x\"", "+  \"a\": \"y\"", " }"],
        );
    }

    #[test]
    fn a_new_document_is_all_added() {
        check("", "[1]", &["@@ -0,0 +1,3 @@", "+[", "+  1", "+]"]);
    }

    #[test]
    fn text_that_is_not_json_is_compared_as_lines() {
        check("a", "b", &["@@ -1 +1 @@", "-a", "+b"]);
    }
}
