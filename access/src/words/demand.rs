//! Conditions in words: what a context has to hold. No wording takes less than the condition does.

use super::list;
use crate::request::Dimension;

/// A part of the sentence.
pub(super) enum Clause {
    /// "only from `10.0.0.0/8`": stands for itself.
    Way(String),
    /// "MFA is absent": follows an "if".
    If(String),
}

/// What a dimension of the context demands.
pub(super) fn clauses(dimension: &Dimension) -> Vec<Clause> {
    let held = dimension.within.iter().map(|words| Demand::read(&dimension.name, words, Must::Hold));
    let broken = dimension.without.iter().map(|words| Demand::read(&dimension.name, words, Must::Fail));
    held.chain(broken).map(|demand| demand.clause()).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Must {
    Hold,
    Fail,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    Single,
    All,
    Any,
}

/// One operator on one key, taken apart.
struct Demand<'a> {
    key: &'a str,
    /// As written: operator and values.
    words: &'a str,
    must: Must,
    values: Values,
    /// Does the operator speak of values that are none of those listed?
    negated: bool,
    if_exists: bool,
    /// The operator in lower case, without set prefix, suffix and negation.
    base: String,
    texts: Vec<String>,
}

/// The values of a condition's words; one with a comma of its own is quoted.
fn values_of(words: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = words;
    loop {
        let quoted = rest.strip_prefix('"').and_then(|inside| {
            let end = inside.match_indices('"').find(|(at, _)| {
                let before = inside.get(..*at).unwrap_or_default();
                (before.len() - before.trim_end_matches('\\').len()) % 2 == 0
            });
            let (at, _) = end?;
            Some((inside.get(..at)?, inside.get(at + 1..)?))
        });
        let plain = || {
            let (value, _) = rest.split_once(", ").unwrap_or((rest, ""));
            (value.to_owned(), rest.get(value.len()..).unwrap_or_default())
        };
        let unescaped = |text: &str| text.replace("\\\"", "\"").replace("\\\\", "\\");
        let (value, after) = quoted.map_or_else(plain, |(value, after)| (unescaped(value), after));
        values.push(value);
        let Some(next) = after.strip_prefix(", ") else { return values };
        rest = next;
    }
}

impl<'a> Demand<'a> {
    fn read(key: &'a str, words: &'a str, must: Must) -> Self {
        let (operator, texts) = words.split_once(' ').unwrap_or((words, ""));
        let lower = operator.to_lowercase();
        let (values, rest) = match lower.split_once(':') {
            Some(("forallvalues", rest)) => (Values::All, rest),
            Some(("foranyvalue", rest)) => (Values::Any, rest),
            _ => (Values::Single, lower.as_str()),
        };
        let base = rest.strip_suffix("ifexists");
        let if_exists = base.is_some();
        let base = base.unwrap_or(rest);
        Self {
            key,
            words,
            must,
            values,
            negated: base.contains("not"),
            if_exists,
            base: base.replacen("not", "", 1),
            texts: values_of(texts),
        }
    }

    /// Do values have to be among those listed, rather than none of them?
    fn among(&self) -> bool {
        (self.must == Must::Hold) != self.negated
    }

    /// Does a context without the key do?
    fn absent_does(&self) -> bool {
        let holds_absent = match self.values {
            Values::All => true,
            Values::Any => self.if_exists,
            Values::Single => self.negated || self.if_exists,
        };
        holds_absent == (self.must == Must::Hold)
    }

    fn clause(&self) -> Clause {
        if let Some(told) = self.well_known() {
            return told;
        }
        if self.base == "null" && self.values == Values::Single {
            return Clause::If(self.presence().unwrap_or_else(|| self.verbatim()));
        }
        Clause::If(self.plain().unwrap_or_else(|| self.verbatim()))
    }

    /// "`aws:TokenIssueTime` is absent".
    fn presence(&self) -> Option<String> {
        let [only] = self.texts.as_slice() else { return None };
        let absent = only.to_lowercase().parse::<bool>().ok()? == (self.must == Must::Hold);
        Some(format!("`{}` is {}", self.key, if absent { "absent" } else { "present" }))
    }

    /// Keys whose meaning everybody knows.
    fn well_known(&self) -> Option<Clause> {
        let key = self.key.to_lowercase();
        let [only] = self.texts.as_slice() else { return self.address(&key) };
        let yes = only.eq_ignore_ascii_case("true");
        if self.base != "bool"
            || self.values != Values::Single
            || !(yes || only.eq_ignore_ascii_case("false"))
        {
            return self.address(&key);
        }
        // The truth it wants, and whether it is content with no truth at all.
        let wants = yes == (self.must == Must::Hold);
        match (key.as_str(), wants, self.absent_does()) {
            ("aws:multifactorauthpresent", false, _) => Some(Clause::If("MFA is absent".to_owned())),
            ("aws:multifactorauthpresent", true, false) => Some(Clause::If("MFA is present".to_owned())),
            ("aws:securetransport", false, _) => Some(Clause::Way("not over TLS".to_owned())),
            ("aws:securetransport", true, false) => Some(Clause::Way("only over TLS".to_owned())),
            _ => None,
        }
    }

    fn address(&self, key: &str) -> Option<Clause> {
        if key != "aws:sourceip" || self.base != "ipaddress" || self.values != Values::Single {
            return None;
        }
        match (self.among(), self.absent_does()) {
            (true, false) => Some(Clause::Way(format!("only from {}", self.quoted("or")))),
            (false, true) => Some(Clause::Way(format!("from anywhere but {}", self.quoted("and")))),
            _ => None,
        }
    }

    fn quoted(&self, last_word: &str) -> String {
        list(&self.texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>(), last_word)
    }

    /// "`aws:RequestTag/team` is `x` or absent".
    fn plain(&self) -> Option<String> {
        let wild = self.texts.iter().any(|text| text.contains(['*', '?', '$']));
        let (yes, no) = match self.base.as_str() {
            "stringlike" | "arnlike" | "arnequals" if wild => ("matches", "does not match"),
            "stringlike" | "arnlike" | "arnequals" | "stringequals" | "bool" | "numericequals"
            | "dateequals" => ("is", "is not"),
            "stringequalsignorecase" => ("is, in any case,", "is not, in any case,"),
            "ipaddress" => ("is in", "is not in"),
            "numericlessthan" => ("is less than", "is not less than"),
            "numericlessthanequals" => ("is at most", "is not at most"),
            "numericgreaterthan" => ("is more than", "is not more than"),
            "numericgreaterthanequals" => ("is at least", "is not at least"),
            "datelessthan" => ("is before", "is not before"),
            "datelessthanequals" => ("is not after", "is after"),
            "dategreaterthan" => ("is after", "is not after"),
            "dategreaterthanequals" => ("is not before", "is before"),
            _ => return None,
        };
        let key = self.key;
        let among = self.among();
        let several = self.texts.len() > 1;
        let (verb, told) = match no {
            _ if among => (yes, self.quoted("or")),
            "is not" if several => ("is none of", self.quoted("and")),
            "does not match" if several => ("matches none of", self.quoted("and")),
            _ => (no, self.quoted("or")),
        };
        if self.values == Values::Single {
            let told = format!("{verb} {told}");
            return Some(match (among, self.absent_does()) {
                (true, true) => format!("`{key}` {told} or absent"),
                (false, false) => {
                    format!("`{key}` is present and {}", told.strip_prefix("is ").unwrap_or(&told))
                }
                _ => format!("`{key}` {told}"),
            });
        }
        // A set that must fail is a set of the other sort whose members are judged the other way round.
        let every = (self.values == Values::All) == (self.must == Must::Hold);
        Some(match (every, among) {
            (true, true) => format!("every value of `{key}`, if any, {verb} {told}"),
            (true, false) => format!("no value of `{key}` {yes} {}", self.quoted("or")),
            (false, _) => {
                let or_none = if self.absent_does() { ", or there is none" } else { "" };
                format!("a value of `{key}` {verb} {told}{or_none}")
            }
        })
    }

    fn verbatim(&self) -> String {
        let verb = if self.must == Must::Hold { "matches" } else { "does not match" };
        format!("`{}` {verb} `{}`", self.key, self.words)
    }
}
