//! Reads drafts field by field and collects what is wrong, so that one run tells everything.

use std::collections::BTreeSet;

use crate::Labels;
use crate::field::Field;
use crate::issuer::{self, Issuer};
use crate::moment::{self, Moment};
use crate::name::{self, Name};
use crate::period::{self, Period};
use crate::secret;
use crate::violation::{AttributePath, Step, Violation};

/// A set or list on its way: its elements may be unknown each on their own.
pub(crate) type Fields = Field<Vec<Field<String>>>;

/// A map on its way.
pub(crate) type FieldMap = Field<Vec<(String, Field<String>)>>;

/// How a value is read from its text.
type Parse<T, E> = fn(&str) -> Result<T, E>;

const LONGEST_LINE: usize = 2048;
const LONGEST_TEXT: usize = 16_384;

/// What to do where a value is missing. A client shows no line for what is not written, so the text names it.
fn missing(path: &AttributePath) -> String {
    match path.0.last() {
        Some(Step::Attribute(name)) if name == "owner" => {
            "Name an `nhi_owner` in `owner`, or set `defaults.owner` on the provider.".to_owned()
        }
        Some(Step::Attribute(name)) => format!("Set `{name}`."),
        _ => "Give this element a value, or leave it out.".to_owned(),
    }
}

/// Collects violations. Each reading method answers `None` when there is no usable value: absent where one is
/// required, unknown, or wrong. Where absence is fine, the answer is `Some(None)`.
#[derive(Debug, Default)]
pub(crate) struct Check {
    pub(crate) violations: Vec<Violation>,
    unknown: Vec<AttributePath>,
}

impl Check {
    /// The declaration, unless something is wrong or still unknown.
    pub(crate) fn finish<T>(mut self, declaration: Option<T>) -> Result<T, Vec<Violation>> {
        for path in std::mem::take(&mut self.unknown) {
            self.refuse(
                &path,
                "its value is not known yet",
                "A declaration is kept only when every value of it is known.",
            );
        }
        match declaration {
            Some(declaration) if self.violations.is_empty() => Ok(declaration),
            _ => Err(self.violations),
        }
    }

    pub(crate) fn refuse(
        &mut self,
        path: &AttributePath,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.violations.push(Violation {
            path: path.clone(),
            problem: problem.into(),
            remedy: remedy.into(),
        });
    }

    /// Takes over what was found in a part that was read on its own. What is said of the part's name is said of `at`.
    pub(crate) fn take(&mut self, part: Self, at: &AttributePath) {
        self.violations.extend(part.violations.into_iter().map(|violation| violation.within(at)));
        self.unknown.extend(part.unknown.iter().map(|path| path.within(at)));
    }

    /// The known value; an absent one is a violation.
    pub(crate) fn required<'a, T>(&mut self, path: &AttributePath, field: &'a Field<T>) -> Option<&'a T> {
        if matches!(field, Field::Absent) {
            self.refuse(path, "a value is required here", missing(path));
        }
        self.optional(path, field).flatten()
    }

    /// `None` when unknown; `Some(None)` when absent.
    #[expect(clippy::option_option, reason = "unknown and absent are different answers")]
    pub(crate) fn optional<'a, T>(
        &mut self,
        path: &AttributePath,
        field: &'a Field<T>,
    ) -> Option<Option<&'a T>> {
        match field {
            Field::Absent => Some(None),
            Field::Is(value) => Some(Some(value)),
            Field::Unknown => {
                self.unknown.push(path.clone());
                None
            }
        }
    }

    pub(crate) fn name(&mut self, path: &AttributePath, field: &Field<String>) -> Option<Name> {
        let text = self.required(path, field)?;
        self.read(path, text, (Name::new, name::RULE))
    }

    #[expect(clippy::option_option, reason = "wrong or unknown, and absent, are different answers")]
    pub(crate) fn optional_name(
        &mut self,
        path: &AttributePath,
        field: &Field<String>,
    ) -> Option<Option<Name>> {
        match self.optional(path, field)? {
            Some(text) => self.read(path, text, (Name::new, name::RULE)).map(Some),
            None => Some(None),
        }
    }

    #[expect(clippy::option_option, reason = "wrong or unknown, and absent, are different answers")]
    pub(crate) fn period(&mut self, path: &AttributePath, field: &Field<String>) -> Option<Option<Period>> {
        match self.optional(path, field)? {
            Some(text) => self.read(path, text, (Period::parse, period::RULE)).map(Some),
            None => Some(None),
        }
    }

    #[expect(clippy::option_option, reason = "wrong or unknown, and absent, are different answers")]
    pub(crate) fn moment(&mut self, path: &AttributePath, field: &Field<String>) -> Option<Option<Moment>> {
        match self.optional(path, field)? {
            Some(text) => self.read(path, text, (Moment::parse, moment::RULE)).map(Some),
            None => Some(None),
        }
    }

    /// A length of time that must be there.
    pub(crate) fn needed_period(&mut self, path: &AttributePath, field: &Field<String>) -> Option<Period> {
        let text = self.required(path, field)?;
        self.read(path, text, (Period::parse, period::RULE))
    }

    /// A point in time that must be there.
    pub(crate) fn needed_moment(&mut self, path: &AttributePath, field: &Field<String>) -> Option<Moment> {
        let text = self.required(path, field)?;
        self.read(path, text, (Moment::parse, moment::RULE))
    }

    /// One line of text that must be there.
    pub(crate) fn line(&mut self, path: &AttributePath, field: &Field<String>) -> Option<String> {
        let text = self.required(path, field)?;
        self.checked_line(path, text)
    }

    /// One line of text.
    #[expect(clippy::option_option, reason = "wrong or unknown, and absent, are different answers")]
    pub(crate) fn optional_line(
        &mut self,
        path: &AttributePath,
        field: &Field<String>,
    ) -> Option<Option<String>> {
        match self.optional(path, field)? {
            Some(text) => self.checked_line(path, text).map(Some),
            None => Some(None),
        }
    }

    /// Text of any number of lines.
    #[expect(clippy::option_option, reason = "wrong or unknown, and absent, are different answers")]
    pub(crate) fn optional_text(
        &mut self,
        path: &AttributePath,
        field: &Field<String>,
    ) -> Option<Option<String>> {
        match self.optional(path, field)? {
            Some(text) => self.checked_text(path, text).map(Some),
            None => Some(None),
        }
    }

    /// Text of any number of lines that must be there.
    pub(crate) fn text(&mut self, path: &AttributePath, field: &Field<String>) -> Option<String> {
        let text = self.required(path, field)?;
        self.checked_text(path, text)
    }

    /// One word out of a list; `what` completes "… is not".
    pub(crate) fn needed_word<T: Copy>(
        &mut self,
        path: &AttributePath,
        field: &Field<String>,
        (words, what): (&[(&'static str, T)], &str),
    ) -> Option<T> {
        let text = self.required(path, field)?;
        self.word(path, text, (words, what))
    }

    /// One word out of a list that nobody has to give; `what` completes "… is not".
    pub(crate) fn word<T: Copy>(
        &mut self,
        path: &AttributePath,
        text: &str,
        (words, what): (&[(&'static str, T)], &str),
    ) -> Option<T> {
        self.open(path, text)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let all: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            self.refuse(
                path,
                format!("`{}` is not {what}", text.escape_debug()),
                format!("Write one of {}.", all.join(", ")),
            );
        }
        found
    }

    /// A set with at least one element, each one line of text.
    pub(crate) fn filled_set(&mut self, path: &AttributePath, field: &Fields) -> Option<BTreeSet<String>> {
        let elements = self.required(path, field)?;
        if elements.is_empty() {
            self.refuse(path, "at least one element is required here", "Name at least one.");
            return None;
        }
        self.elements(path, elements)
    }

    /// A set, empty when absent.
    pub(crate) fn set(&mut self, path: &AttributePath, field: &Fields) -> Option<BTreeSet<String>> {
        match self.optional(path, field)? {
            Some(elements) => self.elements(path, elements),
            None => Some(BTreeSet::new()),
        }
    }

    /// A set of names, empty when absent.
    pub(crate) fn names(&mut self, path: &AttributePath, field: &Fields) -> Option<BTreeSet<Name>> {
        let texts = self.set(path, field)?;
        let count = texts.len();
        let names: BTreeSet<Name> =
            texts.iter().filter_map(|text| self.read(path, text, (Name::new, name::RULE))).collect();
        (names.len() == count).then_some(names)
    }

    /// A point in time, or the first instant of a day.
    pub(crate) fn day(&mut self, path: &AttributePath, text: &str) -> Option<Moment> {
        self.read(path, text, (Moment::parse_day, moment::DAY_RULE))
    }

    /// The key of a map, and the path of its value; a secret stands in neither.
    pub(crate) fn key(&mut self, path: &AttributePath, key: &str) -> (AttributePath, Option<String>) {
        let at = if secret::seen_in(key).is_some() { path.clone() } else { path.key(key) };
        let key = self.checked_line(&at, key);
        (at, key)
    }

    /// An issuer that must be there.
    pub(crate) fn issuer(&mut self, path: &AttributePath, field: &Field<String>) -> Option<Issuer> {
        let text = self.required(path, field)?;
        self.read(path, text, (Issuer::parse, issuer::RULE))
    }

    pub(crate) fn labels(&mut self, path: &AttributePath, field: &FieldMap) -> Option<Labels> {
        let Some(pairs) = self.optional(path, field)? else { return Some(Labels::new()) };
        let mut labels = Labels::new();
        for (key, value) in pairs {
            let (at, key) = self.key(path, key);
            // A label's value may be empty: the key alone can be the statement.
            let value = match self.optional(&at, value) {
                Some(Some(text)) => self.open(&at, text).map(|()| text.clone()),
                Some(None) => Some(String::new()),
                None => None,
            };
            if let (Some(key), Some(value)) = (key, value) {
                labels.insert(key, value);
            }
        }
        (labels.len() == pairs.len()).then_some(labels)
    }

    fn elements(&mut self, path: &AttributePath, elements: &[Field<String>]) -> Option<BTreeSet<String>> {
        if elements.contains(&Field::Absent) {
            self.refuse(path, "an element is null", "Give each element a value, or leave it out.");
            return None;
        }
        let read: Vec<Option<String>> = elements.iter().map(|element| self.line(path, element)).collect();
        read.into_iter().collect()
    }

    /// Reads a text, unless it looks like a secret: what says why it cannot be read shows the text.
    fn read<T, E: std::fmt::Display>(
        &mut self,
        path: &AttributePath,
        text: &str,
        (parse, rule): (Parse<T, E>, &str),
    ) -> Option<T> {
        self.open(path, text)?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(path, error.to_string(), rule);
                None
            }
        }
    }

    /// Refuses a text that looks like a secret, without showing it.
    fn open(&mut self, path: &AttributePath, text: &str) -> Option<()> {
        let Some(what) = secret::seen_in(text) else { return Some(()) };
        self.refuse(
            path,
            format!("this looks like {what}"),
            "Declarations hold no secrets: they are kept in the register, in the state and in the plan. Say where it is \
             kept instead, by its path in a secret store for example. If it is a real one, revoke it.",
        );
        None
    }

    fn checked_line(&mut self, path: &AttributePath, text: &str) -> Option<String> {
        self.open(path, text)?;
        let problem = if text.trim().is_empty() {
            "the text is empty".to_owned()
        } else if text.trim() != text {
            format!("`{}` begins or ends with blanks", text.escape_debug())
        } else if text.chars().any(char::is_control) {
            format!("`{}` holds a line break or another control character", text.escape_debug())
        } else if text.chars().count() > LONGEST_LINE {
            format!("the text is longer than {LONGEST_LINE} characters")
        } else {
            return Some(text.to_owned());
        };
        self.refuse(
            path,
            problem,
            "Write one line of text without blanks around it, or leave the attribute out.",
        );
        None
    }

    fn checked_text(&mut self, path: &AttributePath, text: &str) -> Option<String> {
        self.open(path, text)?;
        let problem = if text.trim().is_empty() {
            "the text is empty".to_owned()
        } else if text.chars().any(|character| character.is_control() && !"\n\r\t".contains(character)) {
            "the text holds a control character".to_owned()
        } else if text.chars().count() > LONGEST_TEXT {
            format!("the text is longer than {LONGEST_TEXT} characters")
        } else {
            return Some(text.to_owned());
        };
        self.refuse(
            path,
            problem,
            "Write a sentence that a colleague understands, or leave the attribute out.",
        );
        None
    }
}
