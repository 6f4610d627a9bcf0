//! Holes: values that are only known after apply, inside a policy that is otherwise known.
//!
//! A hole is one value, the same wherever its reference stands and the same on both sides of a comparison. Something is
//! newly allowed when some values that conform to the shapes, put in everywhere, newly allow it.

pub(crate) mod answer;
mod assignment;
mod candidates;
mod told;

use crate::space::glob::Pattern;

pub use told::{assuming, names_resource, spoken};
pub(crate) use told::{spoken_actions, widened, widest};

/// A value that is only known after apply.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hole {
    /// What the configuration calls it: `aws_s3_bucket.logs.arn`.
    pub reference: String,
    /// What is known of it.
    pub shape: Shape,
}

/// What is known of a value that is not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// Any JSON value: a list, an object, a text.
    Value,
    /// Any one text, wildcards included.
    Text,
    /// One text without wildcards of its own that this glob matches, as `arn:aws:s3:::*`. A `*` stands for one or more
    /// characters other than `:`, `/`, `*`, `?`, `$` and space; `**` lets `/` in as well; a `?` is one of them.
    /// [`OWN_ACCOUNT`] in it is twelve digits that are not known either.
    Like(String),
}

/// In a [`Shape::Like`]: the account in which whoever the policies speak for lives, where nobody knows its number.
pub const OWN_ACCOUNT: &str = "<own-account>";
/// Any account, in a glob.
const ANY_ACCOUNT: &str = "????????????";

/// A part of a text with holes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// As written.
    Text(String),
    /// Only known after apply.
    Hole(Hole),
}

impl Hole {
    /// What takes every value it may have. The name of a resource is no wildcard, and an ARN begins as ARNs do; the
    /// account of the policies stays [`OWN_ACCOUNT`].
    pub(crate) fn widest(&self) -> &str {
        match &self.shape {
            Shape::Like(glob) => glob,
            Shape::Value | Shape::Text
                if names_resource(&self.reference) && self.reference.ends_with("arn") =>
            {
                "arn:*"
            }
            Shape::Value | Shape::Text => "*",
        }
    }
}

/// The first of the characters that stand for holes in a text given to the parser; the plane before it is the search's.
const FIRST_MARK: u32 = 0x10_0000;
const LAST_MARK: u32 = 0x10_FFFD;

/// The character that stands for the hole number `index` in the text of a policy.
pub fn mark(index: usize) -> char {
    let number = u32::try_from(index).ok().and_then(|index| FIRST_MARK.checked_add(index));
    number
        .filter(|number| *number <= LAST_MARK)
        .and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The hole that a character of a policy's text stands for.
pub(crate) fn marked(c: char) -> Option<usize> {
    let number = u32::from(c);
    (FIRST_MARK..=LAST_MARK).contains(&number).then(|| usize::try_from(number - FIRST_MARK).ok())?
}

/// Texts with holes for a reader: `${aws_s3_bucket.logs.arn}/*`.
pub(crate) fn shown(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Hole(hole) => format!("${{{}}}", hole.reference),
    };
    parts.iter().map(part).collect()
}

/// The text as far as it is written; a hole shows as its shape.
pub(crate) fn outline(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Hole(hole) => hole.shape.glob(),
    };
    parts.iter().map(part).collect()
}

/// A piece of a shape: what is written, or a run that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Run {
    /// As written.
    Text(String),
    /// `*`, `**`, or this many `?`.
    Open(String),
}

impl Shape {
    /// What takes every value of the shape.
    pub(crate) fn glob(&self) -> String {
        match self {
            Self::Like(glob) => glob.replace(OWN_ACCOUNT, ANY_ACCOUNT),
            Self::Value | Self::Text => "*".to_owned(),
        }
    }

    /// The runs of a `Like` shape; nothing for the others.
    pub(crate) fn runs(&self) -> Vec<Run> {
        let Self::Like(glob) = self else { return Vec::new() };
        let mut runs: Vec<Run> = Vec::new();
        for c in glob.chars() {
            match (c, runs.last_mut()) {
                ('*' | '?', Some(Run::Open(open))) => open.push(c),
                ('*' | '?', _) => runs.push(Run::Open(c.to_string())),
                (_, Some(Run::Text(text))) => text.push(c),
                _ => runs.push(Run::Text(c.to_string())),
            }
        }
        runs
    }

    /// Can the value be this text?
    pub fn takes(&self, text: &str) -> bool {
        let Self::Like(_) = self else { return true };
        let glob = self.glob();
        let spaces = |text: &str| text.matches(' ').count();
        if !Pattern::glob(&glob).matches(text)
            || text.contains(['*', '?', '$'])
            || spaces(text) != spaces(&glob)
        {
            return false;
        }
        // Each run is read on its own: the shortest text before the next literal will do, as no run holds `:`.
        let count = |text: &str, c: char| text.chars().filter(|own| *own == c).count();
        let slashes = glob.contains("**") || count(text, '/') == count(&glob, '/');
        slashes && count(text, ':') == count(&glob, ':') && text.len() >= glob.replace("**", "*").len()
    }

    /// A text that conforms, with `word` where nothing is said.
    pub fn example(&self, word: &str) -> String {
        let Self::Like(glob) = self else { return word.to_owned() };
        if glob.contains(OWN_ACCOUNT) {
            return Self::Like(glob.replace(OWN_ACCOUNT, "111122223333")).example(word);
        }
        let mut colons = None;
        let run = |run: Run| match run {
            Run::Text(text) => {
                // The fields of an ARN before its last have words of their own.
                colons = match colons {
                    None => text.starts_with("arn:").then(|| text.matches(':').count()),
                    Some(before) => Some(before + text.matches(':').count()),
                };
                text
            }
            Run::Open(open) if open.contains('*') => match colons {
                Some(1) => "aws".to_owned(),
                Some(3) => "us-east-1".to_owned(),
                Some(4) => "444455556666".to_owned(),
                _ => word.to_owned(),
            },
            Run::Open(open) => {
                // Accounts on their own differ by the number in their words.
                let number = word.chars().filter(char::is_ascii_digit).collect::<String>();
                let even = number.parse::<usize>().is_ok_and(|number| number % 2 == 0);
                let account = if even && colons != Some(4) { "111122223333" } else { "444455556666" };
                account.chars().cycle().take(open.len()).collect()
            }
        };
        self.runs().into_iter().map(run).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, mark, marked};

    #[test]
    fn a_mark_is_read_back() {
        for index in [0, 1, 700, 65_533] {
            assert_eq!(marked(mark(index)), Some(index));
        }
        assert_eq!(marked(mark(65_534)), None);
        assert_eq!(marked('x'), None);
    }

    #[test]
    fn shapes_take_what_conforms() {
        let bucket = Shape::Like("arn:aws:s3:::*".to_owned());
        for (text, taken) in [
            ("arn:aws:s3:::logs", true),
            ("arn:aws:s3:::", false),
            ("arn:aws:s3:::logs/*", false),
            ("arn:aws:s3:::logs/a", false),
            ("arn:aws:s3:::a:b", false),
            ("arn:aws:sqs:::logs", false),
        ] {
            assert_eq!(bucket.takes(text), taken, "{text}");
        }
        assert!(Shape::Like("arn:aws:iam::1:role/**".to_owned()).takes("arn:aws:iam::1:role/a/b"));
        assert!(Shape::Text.takes("*"));
        assert_eq!(bucket.example("example"), "arn:aws:s3:::example");
        let queue = Shape::Like("arn:*:sqs:*:????????????:acme-*".to_owned());
        assert_eq!(queue.example("example"), "arn:aws:sqs:us-east-1:444455556666:acme-example");
        let origin = Shape::Like("arn:aws:iam::cloudfront:user/Origin Access *".to_owned());
        assert!(
            origin.takes("arn:aws:iam::cloudfront:user/Origin Access E1")
                && origin.takes(&origin.example("x"))
        );
        assert!(!origin.takes("arn:aws:iam::cloudfront:user/Origin Access E 1"));
        let role = Shape::Like(format!("arn:aws:iam::{}:role/reader", super::OWN_ACCOUNT));
        assert!(role.takes("arn:aws:iam::444455556666:role/reader"));
        assert!(!role.takes("arn:aws:iam::4444:role/reader"));
        assert_eq!(role.example("example"), "arn:aws:iam::111122223333:role/reader");
        assert_eq!(Shape::Like("????????????".to_owned()).example("example"), "444455556666");
    }
}
