//! From statements as written to constraints that a search can hold or break.

use std::collections::BTreeSet;

use crate::comparison::StatementRef;
use crate::dialect::aws::{
    Condition as Written, Effect, Element, Item, PolicyKind, PrincipalItem, Principals, Statement,
};
use crate::glob::{Glob, Style};
use crate::search::condition::Condition;
use crate::search::condition::Kind;
use crate::search::operator;
use crate::search::variable::{has_variable, letters};
use crate::settings::AnyIfExists;

/// A dimension of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Axis {
    /// Who.
    Principal,
    /// What.
    Action,
    /// On what.
    Resource,
}

/// One entry of an element.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pattern {
    /// As written; two entries of one text match the same, whatever is unknown in them.
    pub(crate) text: String,
    /// As a reader wants to see it.
    pub(crate) shown: String,
    /// What it matches for sure, or at most; empty: nothing.
    pub(crate) globs: Vec<Glob>,
}

/// One demand of a statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Constraint {
    /// The value matches one of these, or (`negated`) none of them.
    Text { axis: Axis, patterns: Vec<Pattern>, negated: bool },
    /// A condition.
    Condition(Condition),
}

/// A statement as a conjunction.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Clause {
    pub(crate) source: StatementRef,
    pub(crate) constraints: Vec<Constraint>,
}

/// What unknown parts and variables are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// The most they could let through.
    Most,
    /// The least.
    Least,
}

/// How one side is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Of unknown parts in grants; denials take the opposite.
    pub(crate) bound: Bound,
    /// Variables are bounded like unknown parts; otherwise one text stands for one value.
    pub(crate) open_variables: bool,
    /// Wildcards of resources.
    pub(crate) resources: Style,
    /// Absent keys under `ForAnyValue:…IfExists`.
    pub(crate) any_if_exists: AnyIfExists,
}

/// Compiles a statement of a document.
pub(crate) fn clause(
    statement: &Statement,
    variables: bool,
    kind: PolicyKind,
    source: StatementRef,
    reading: Reading,
) -> Clause {
    let bound = match (statement.effect, reading.bound) {
        (Effect::Allow, bound) => bound,
        (Effect::Deny, Bound::Most) => Bound::Least,
        (Effect::Deny, Bound::Least) => Bound::Most,
    };
    let compiler = Compiler { bound, variables, kind, reading, source: &source };
    let mut constraints = Vec::new();
    match &statement.principals {
        // Attached to a resource, a statement that names nobody speaks of nobody.
        Principals::Absent if kind != PolicyKind::Identity => {
            constraints.push(Constraint::Text {
                axis: Axis::Principal,
                patterns: Vec::new(),
                negated: false,
            });
        }
        Principals::Absent => {}
        Principals::In(items) => constraints.push(compiler.principals(items, false)),
        Principals::NotIn(items) => constraints.push(compiler.principals(items, true)),
    }
    constraints.push(compiler.element(Axis::Action, &statement.action));
    constraints.push(compiler.element(Axis::Resource, &statement.resource));
    let who = !matches!(statement.principals, Principals::Absent);
    for condition in &statement.conditions {
        constraints.push(compiler.condition(condition, who));
    }
    // What lets everything through asks nothing.
    constraints.retain(|constraint| !constraint.is_free());
    Clause { source, constraints }
}

impl Constraint {
    /// Tells it from every other constraint of one search. Within a search an entry's text and the length of what it
    /// compiles to say how it was read.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Text { axis, patterns, negated } => {
                let mut name = format!("{axis:?}{negated}");
                for pattern in patterns {
                    name.push('\n');
                    name.push_str(&pattern.text);
                    for glob in &pattern.globs {
                        name.push('\t');
                        name.push_str(&glob.len().to_string());
                    }
                }
                name
            }
            Self::Condition(condition) => {
                let read = match &condition.kind {
                    Kind::Never => "never",
                    Kind::Presence { .. } => "presence",
                    Kind::Value { absent: true, .. } => "value or absent",
                    Kind::Value { absent: false, .. } => "value",
                };
                format!("{read}\n{}", condition.text)
            }
        }
    }

    fn is_free(&self) -> bool {
        match self {
            Self::Text { patterns, negated: false, .. } => {
                patterns.iter().any(|p| p.text == "*" && p.globs.contains(&Glob::everything()))
            }
            Self::Text { patterns, negated: true, .. } => patterns.is_empty(),
            Self::Condition(_) => false,
        }
    }
}

struct Compiler<'a> {
    bound: Bound,
    variables: bool,
    kind: PolicyKind,
    reading: Reading,
    source: &'a StatementRef,
}

impl Compiler<'_> {
    fn element(&self, axis: Axis, element: &Element) -> Constraint {
        let (items, negated) = match element {
            Element::In(items) => (items, false),
            Element::NotIn(items) => (items, true),
        };
        let patterns = items
            .iter()
            .enumerate()
            .map(|(index, item)| match item {
                Item::Unknown => self.soft(
                    format!("(unknown {} {} {index})", self.source.document.0, self.source.statement),
                    None,
                    negated,
                ),
                Item::Text(shown) if axis == Axis::Action => {
                    let text = shown.to_lowercase();
                    // No action has white space or a comma in its name: such an entry matches nothing.
                    let void = text.contains(|c: char| c.is_whitespace() || c == ',');
                    let globs = if void { Vec::new() } else { vec![Glob::crossing(&text)] };
                    Pattern { globs, shown: shown.clone(), text }
                }
                Item::Text(text) => self.resource(text, negated),
            })
            .collect();
        Constraint::Text { axis, patterns, negated }
    }

    fn resource(&self, text: &str, negated: bool) -> Pattern {
        if text == "*" {
            return Pattern {
                shown: text.to_owned(),
                text: text.to_owned(),
                globs: vec![Glob::everything()],
            };
        }
        let whole = self.whole(text);
        let letters = letters(&whole, self.variables);
        let glob = Glob::new(&letters, self.reading.resources);
        if self.variables && has_variable(&whole) && self.reading.open_variables {
            return self.soft(text.to_owned(), Some(&whole), negated);
        }
        Pattern { shown: text.to_owned(), text: text.to_owned(), globs: glob.into_iter().collect() }
    }

    /// A short ARN completed as its kind of document does it.
    fn whole(&self, text: &str) -> String {
        let colons = text.matches(':').count();
        if self.kind == PolicyKind::Identity && text.starts_with("arn:") && colons < 5 {
            return format!("{text}{}", ":*".repeat(5 - colons));
        }
        text.to_owned()
    }

    /// An entry whose value is open: all it could match, or nothing.
    fn soft(&self, text: String, known: Option<&str>, negated: bool) -> Pattern {
        let wide = (self.bound == Bound::Most) != negated;
        let globs = match (wide, known) {
            (false, _) => Vec::new(),
            (true, None) => vec![Glob::everything()],
            (true, Some(known)) => {
                let open: Vec<(char, bool)> = open_letters(known);
                Glob::new(&open, Style::Crossing).into_iter().collect()
            }
        };
        Pattern { shown: text.clone(), text, globs }
    }

    fn principals(&self, items: &[PrincipalItem], negated: bool) -> Constraint {
        let patterns = items
            .iter()
            .enumerate()
            .map(|(index, item)| match &item.value {
                Item::Unknown => self.soft(
                    format!(
                        "(unknown {} {} principal {index})",
                        self.source.document.0, self.source.statement
                    ),
                    None,
                    negated,
                ),
                Item::Text(text) => principal(&item.kind, text),
            })
            .collect();
        Constraint::Text { axis: Axis::Principal, patterns, negated }
    }

    fn condition(&self, written: &Written, who: bool) -> Constraint {
        let operator = operator::parse(&written.operator);
        let key = written.key.to_lowercase();
        // What is asked of the principal's own name is asked of the principal.
        if let (true, Some(operator)) = (who, &operator)
            && operator.is_plain()
            && written
                .values
                .iter()
                .all(|value| matches!(value, Item::Text(text) if !(self.variables && has_variable(text))))
            && let Some(patterns) = derived(&key, &written.values, *operator)
        {
            return Constraint::Text { axis: Axis::Principal, patterns, negated: operator.negated };
        }
        let mut sorted: Vec<&str> = written
            .values
            .iter()
            .map(|value| if let Item::Text(text) = value { text.as_str() } else { "(unknown)" })
            .collect();
        sorted.sort_unstable();
        let unknown = written.values.contains(&Item::Unknown);
        let mut text = format!("{} {key} {sorted:?} {}", written.operator.to_lowercase(), self.variables);
        if unknown {
            text = format!("{text} {} {}", self.source.document.0, self.source.statement);
        }
        let open = unknown
            || (self.variables
                && self.reading.open_variables
                && sorted.iter().any(|value| has_variable(value)));
        let kind = match operator {
            Some(operator) if !open => {
                operator.compile(&written.values, self.variables, self.reading.any_if_exists)
            }
            _ => None,
        };
        let kind = kind.unwrap_or(match self.bound {
            Bound::Most => Kind::Presence { present: true, absent: true },
            Bound::Least => Kind::Never,
        });
        let words = format!("{} {}", written.operator, sorted.join(", "));
        Constraint::Condition(Condition { key, shown: written.key.clone(), text, words, kind })
    }
}

/// Variables as `*`, everything else as it stands.
fn open_letters(text: &str) -> Vec<(char, bool)> {
    let mut open = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        open.extend(before.chars().map(|c| (c, false)));
        open.push(('*', false));
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    open.extend(rest.chars().map(|c| (c, false)));
    open
}

/// A principal entry over names of the form `type:text`.
fn principal(kind: &str, text: &str) -> Pattern {
    let shown = if kind == "AWS" { text.to_owned() } else { format!("{kind}:{text}") };
    let globs = match (kind, text) {
        ("AWS", "*") => vec![Glob::everything()],
        (kind, "*") => vec![Glob::crossing(&format!("{kind}:*"))],
        ("AWS", text) => match account(text) {
            Some(account) => vec![of_account(&account)],
            None => named(text),
        },
        (kind, text) => vec![Glob::crossing(&format!("{kind}:{text}"))],
    };
    Pattern { shown: shown.clone(), text: shown, globs }
}

/// The account that an id or a root ARN names.
fn account(text: &str) -> Option<String> {
    let digits = |text: &str| text.len() == 12 && text.chars().all(|c| c.is_ascii_digit());
    if digits(text) {
        return Some(text.to_owned());
    }
    let mut parts = text.splitn(6, ':');
    let (arn, _, iam, _) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let (account, name) = (parts.next()?, parts.next()?);
    (arn == "arn" && iam == "iam" && name == "root" && digits(account)).then(|| account.to_owned())
}

fn of_account(account: &str) -> Glob {
    Glob::crossing(&format!("AWS:arn:*::{account}:*"))
}

/// An ARN of a principal, with the sessions of a role.
fn named(text: &str) -> Vec<Glob> {
    let mut globs = vec![Glob::crossing(&format!("AWS:{text}"))];
    if let Some((head, name)) = text.split_once(":role/") {
        let name = name.rsplit('/').next().unwrap_or(name);
        let head = head.replacen(":iam:", ":sts:", 1);
        globs.push(Glob::crossing(&format!("AWS:{head}:assumed-role/{name}/*")));
    }
    globs
}

fn derived(key: &str, values: &[Item], operator: operator::Operator) -> Option<Vec<Pattern>> {
    let wild = operator.has_wildcards();
    let texts: BTreeSet<&str> = values
        .iter()
        .filter_map(|v| if let Item::Text(text) = v { Some(text.as_str()) } else { None })
        .collect();
    let exact = |text: &str| !wild && text.contains(['*', '?']);
    texts
        .into_iter()
        .map(|text| {
            let globs = match key {
                _ if exact(text) => Vec::new(),
                "aws:principalarn" => named(text),
                "aws:principalaccount" => vec![of_account(text)],
                _ => return None,
            };
            Some(Pattern { shown: text.to_owned(), text: text.to_owned(), globs })
        })
        .collect()
}
