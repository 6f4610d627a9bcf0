//! Text from a plan, made safe for a terminal: what could move the cursor or turn the line around is shown, not obeyed.

use std::borrow::Cow;
use std::fmt::Write as _;

/// One line of text: line breaks and tabs are escaped like every other control character.
pub fn line(text: &str) -> Cow<'_, str> {
    escape(text, &[])
}

/// Text of several lines, whose breaks and tabs stay.
pub fn lines(text: &str) -> Cow<'_, str> {
    escape(text, &['\n', '\t'])
}

fn escape<'a>(text: &'a str, keep: &[char]) -> Cow<'a, str> {
    let acts = |c: char| is_acting(c) && !keep.contains(&c);
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if acts(c) {
            // Writing to a string does not fail.
            let _ = write!(safe, "{}", c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// Control characters, and the marks that reorder, hide or break a line.
fn is_acting(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_is_shown() {
        assert_eq!(line("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(line("right\u{202e}left"), "right\\u{202e}left");
    }

    #[test]
    fn breaks_stay_only_where_lines_are_meant() {
        assert_eq!(line("a\nb"), "a\\u{a}b");
        assert_eq!(lines("a\nb\r"), "a\nb\\u{d}");
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(line("arn:aws:iam::111122223333:role/größe"), Cow::Borrowed(_)));
    }
}
