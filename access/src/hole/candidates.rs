//! Which values of holes are worth trying: values of their own, and those that other entries of the policies name.

use std::collections::{BTreeMap, BTreeSet};

use super::assignment::{self, Assignment, Place};
use super::{Hole, Part, Shape};
use crate::dialect::aws::{Effect, Element, Item, Policy, Statement};
use crate::space::glob::Pattern;
use crate::world::World;

/// Values tried in the place of one hole beside those of its own.
const EACH: usize = 16;
/// Assignments tried in all.
const ALL: usize = 96;
/// Values of two holes that are tried together.
const TOGETHER: usize = 4;

/// Words for values of their own; the first that no pattern at hand treats otherwise than it would a stranger is taken.
const WORDS: [&str; 8] = ["example", "acme", "north", "quartz", "vivid", "jolt", "umbra", "kiwi"];
/// A character that no policy holds.
const STRANGER: &str = "\u{e000}";

/// An entry with holes.
struct Use<'w> {
    place: Place,
    parts: &'w [Part],
}

/// What to try for the holes of two worlds.
pub(super) struct Candidates<'w> {
    holes: &'w BTreeMap<String, Vec<Hole>>,
    account: String,
    uses: Vec<Use<'w>>,
    texts: BTreeSet<(Place, String)>,
    /// References that are all that a statement allows: the widest value tells the most.
    actions: BTreeSet<String>,
}

impl<'w> Candidates<'w> {
    pub(super) fn new(before: &'w World, after: &'w World, holes: &'w BTreeMap<String, Vec<Hole>>) -> Self {
        let account = after.account.clone().unwrap_or_else(|| "111122223333".to_owned());
        let mut found =
            Self { holes, account, uses: Vec::new(), texts: BTreeSet::new(), actions: BTreeSet::new() };
        let policies = assignment::policies(before).chain(assignment::policies(after));
        let policies: Vec<&Policy> = policies.collect();
        for statement in policies.iter().flat_map(|policy| &policy.statements) {
            found.actions.extend(actions_of(statement).map(str::to_owned));
        }
        for (place, item) in policies.into_iter().flat_map(assignment::entries) {
            match item {
                Item::Text(text) => {
                    found.texts.insert((place, text.clone()));
                }
                Item::Holed(parts) => found.uses.push(Use { place, parts }),
                Item::Unknown => {}
            }
        }
        found
    }

    /// Values of their own for all holes; one that stands in different places has different ones to try.
    pub(super) fn fresh(&self) -> Vec<Assignment> {
        let styles: Vec<(&String, Vec<String>)> = self
            .holes
            .iter()
            .enumerate()
            .map(|(number, (reference, holes))| (reference, self.own(number, reference, holes)))
            .collect();
        let rounds = styles.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
        let round = |round: usize| {
            let value = |(reference, values): &(&String, Vec<String>)| {
                let value = values.get(round).or(values.last())?.clone();
                Some(((*reference).clone(), value))
            };
            styles.iter().filter_map(value).collect()
        };
        (0..rounds).map(round).collect()
    }

    /// Everything for what is all that a statement allows to do: its widest value tells the most.
    pub(super) fn widest(&self, fresh: &[Assignment]) -> Option<Assignment> {
        let open =
            |reference: &&String| self.holes.get(*reference).is_some_and(|holes| Self::takes(holes, "*"));
        let mut values = fresh.first()?.clone();
        let before = values.clone();
        values.extend(self.actions.iter().filter(open).map(|reference| (reference.clone(), "*".to_owned())));
        (values != before).then_some(values)
    }

    fn takes(holes: &[Hole], value: &str) -> bool {
        !value.is_empty() && holes.iter().all(|hole| hole.shape.takes(value))
    }

    fn uses_of<'s>(&'s self, reference: &'s str) -> impl Iterator<Item = (&'s Use<'w>, usize)> {
        self.uses.iter().flat_map(move |one| {
            let holes = one
                .parts
                .iter()
                .enumerate()
                .filter(move |(_, part)| matches!(part, Part::Hole(hole) if hole.reference == reference));
            holes.map(move |(index, _)| (one, index))
        })
    }

    /// The values of its own of one hole, one for each way it is used.
    fn own(&self, number: usize, reference: &str, holes: &[Hole]) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        let mut add = |value: String| {
            if Self::takes(holes, &value) && !values.contains(&value) {
                values.push(value);
            }
        };
        let word = self.word(number, reference);
        let like = holes.iter().find(|hole| matches!(hole.shape, Shape::Like(_)));
        if let Some(Hole { shape, .. }) = like {
            add(shape.example(&word));
        }
        let mut named = false;
        for (one, index) in self.uses_of(reference) {
            let alone = index == 0
                && !matches!(one.parts.get(1), Some(Part::Text(text)) if !text.starts_with(['/', ':']));
            match &one.place {
                Place::Condition { operator, .. } if alone && operator.contains("arn") => {
                    add(format!("arn:aws:s3:::{word}"));
                }
                Place::Resource if alone => add(format!("arn:aws:s3:::{word}")),
                Place::Principal(kind) if alone => {
                    named = true;
                    add(match kind.as_str() {
                        "AWS" => format!("arn:aws:iam::{}:role/{word}", self.account),
                        "Service" => format!("{word}.amazonaws.com"),
                        "CanonicalUser" => "a1".repeat(32),
                        _ => format!("{word}.example.com"),
                    });
                }
                _ => {}
            }
        }
        // No principal goes by a mere word.
        if !named {
            add(word);
        }
        values
    }

    /// A word for a hole that no entry speaks of, not even in passing.
    fn word(&self, number: usize, reference: &str) -> String {
        let words = WORDS.iter().map(|word| format!("{word}-{}", number + 1));
        let mut last = format!("example-{}", number + 1);
        for word in words {
            if self.texts.iter().any(|(_, text)| text.contains(&word)) {
                continue;
            }
            let strange = |(one, _): (&Use<'_>, usize)| {
                let spelled = |word: &str| {
                    let values = one.parts.iter().filter_map(|part| match part {
                        Part::Hole(hole) if hole.reference == reference => {
                            Some((hole.reference.clone(), hole.shape.example(word)))
                        }
                        _ => None,
                    });
                    instance(&assignment::text(one.parts, &values.collect()))
                };
                let (own, stranger) = (spelled(&word), spelled(STRANGER));
                let near = self.texts.iter().filter(|(place, _)| place.meets(&one.place));
                near.map(|(_, text)| Pattern::glob(text))
                    .all(|text| text.matches(&own) == text.matches(&stranger))
            };
            if self.uses_of(reference).all(strange) {
                return word;
            }
            last = word;
        }
        last
    }

    /// Values that other entries name: one hole at a time, then two together.
    pub(super) fn aligned(&self, fresh: &[Assignment]) -> Vec<Assignment> {
        let Some(usual) = fresh.first() else { return Vec::new() };
        let named: Vec<(&String, Vec<String>)> = self
            .holes
            .iter()
            .map(|(reference, holes)| (reference, self.named(reference, holes, usual)))
            .collect();
        let with = |values: &[(&String, &String)]| {
            let mut assignment = usual.clone();
            assignment
                .extend(values.iter().map(|(reference, value)| ((*reference).clone(), (*value).clone())));
            assignment
        };
        let mut all: Vec<Assignment> = Vec::new();
        for (reference, values) in &named {
            all.extend(values.iter().map(|value| with(&[(reference, value)])));
        }
        for (index, (one, first)) in named.iter().enumerate() {
            for (other, second) in named.iter().skip(index + 1) {
                for a in first.iter().take(TOGETHER) {
                    all.extend(second.iter().take(TOGETHER).map(|b| with(&[(one, a), (other, b)])));
                }
            }
        }
        all.truncate(ALL);
        all
    }

    fn named(&self, reference: &str, holes: &[Hole], usual: &Assignment) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        let mut add = |value: &str| {
            if Self::takes(holes, value)
                && !values.iter().any(|own| own == value)
                && usual.get(reference).is_none_or(|own| own != value)
            {
                values.push(value.to_owned());
            }
        };
        for (one, index) in self.uses_of(reference) {
            let (head, tail) = one.parts.split_at_checked(index).unwrap_or_default();
            let head = assignment::text(head, usual);
            let tail = assignment::text(tail.get(1..).unwrap_or_default(), usual);
            if let Place::Condition { operator, .. } = &one.place {
                for value in typed(operator) {
                    add(value);
                }
            }
            let others = self.uses.iter().filter(|other| other.place.meets(&one.place));
            let others = others.filter(|other| {
                !other
                    .parts
                    .iter()
                    .any(|part| matches!(part, Part::Hole(hole) if hole.reference == reference))
            });
            let others: Vec<String> = others.map(|other| assignment::text(other.parts, usual)).collect();
            let texts = self.texts.iter().filter(|(place, _)| place.meets(&one.place)).map(|(_, text)| text);
            for text in texts.chain(&others) {
                for value in between(&head, &tail, text) {
                    add(&value);
                }
                if let Place::Condition { operator, .. } = &one.place {
                    for value in neighbours(operator, text) {
                        add(&value);
                    }
                }
            }
        }
        values.truncate(EACH);
        if holes.iter().all(|hole| !matches!(hole.shape, Shape::Like(_))) {
            values.insert(0, "*".to_owned());
        }
        values
    }
}

/// The references that stand alone for what a statement allows to do.
pub(super) fn actions_of(statement: &Statement) -> impl Iterator<Item = &str> {
    let items = match (statement.effect, &statement.action) {
        (Effect::Allow, Element::In(items)) => items.as_slice(),
        _ => &[],
    };
    items.iter().filter_map(|item| match item {
        Item::Holed(parts) => match parts.as_slice() {
            [Part::Hole(hole)] => Some(hole.reference.as_str()),
            _ => None,
        },
        _ => None,
    })
}

/// A text that a glob matches.
fn instance(glob: &str) -> String {
    glob.replace('*', "example").replace('?', "x")
}

/// What may stand between `head` and `tail` so that the whole meets `text`.
fn between(head: &str, tail: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let stop = tail.find(['*', '?']);
    let lead = tail.get(..stop.unwrap_or(tail.len())).unwrap_or_default();
    for text in [instance(text), text.replace(['*', '?'], ""), text.to_owned()] {
        let Some(rest) = text.strip_prefix(head) else {
            // A text that begins with a wildcard is met by how it ends.
            let end = text.rsplit(['*', '?']).next().unwrap_or_default();
            found.push(end.strip_suffix(tail).unwrap_or(end).to_owned());
            continue;
        };
        if stop.is_none() {
            found.extend(rest.strip_suffix(tail).map(str::to_owned));
        } else if lead.is_empty() {
            found.push(rest.to_owned());
        } else {
            found.extend(rest.match_indices(lead).filter_map(|(at, _)| rest.get(..at)).map(str::to_owned));
        }
        found.push(rest.trim_end_matches(['/', '*']).to_owned());
    }
    found
}

/// Values that operators on other things than text read.
fn typed(operator: &str) -> &'static [&'static str] {
    if operator.contains("bool") || operator == "null" {
        &["true", "false"]
    } else if operator.contains("numeric") {
        &["0", "1", "1000000000000", "-1000000000000"]
    } else if operator.contains("date") {
        &["1970-01-02T00:00:00Z", "2199-01-01T00:00:00Z"]
    } else if operator.contains("ipaddress") {
        &["0.0.0.0/0", "::/0", "203.0.113.7/32", "203.0.113.7", "198.51.100.7", "2001:db8::7"]
    } else {
        &[]
    }
}

/// Values just beside one that another condition names.
fn neighbours(operator: &str, text: &str) -> Vec<String> {
    use crate::space::value::{decimal, decimal_text};
    if !operator.contains("numeric") {
        return vec![text.to_owned()];
    }
    let Some(number) = decimal(text) else { return Vec::new() };
    [0, -1_000_000_000, 1_000_000_000].iter().map(|step| decimal_text(number + step)).collect()
}
