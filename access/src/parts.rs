//! A granting statement in parts that every other statement treats alike: the actions it names, grouped by who else
//! speaks of them. So an action is compared with each list of actions once, and a search sees only the statements that
//! matter to its part.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use crate::dialect::aws::compile::Naming;
use crate::dialect::aws::{Effect, Element};
use crate::side::{Entry, Place, Side};
use crate::space::glob::{Pattern, Patterns};
use crate::space::hash::{Mixer, Quick};

/// How an entry speaks of a part's actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    /// Of all of them.
    All,
    /// Through these of its items.
    Items(Vec<u32>),
    /// As its whole element says.
    Whole,
}

/// Which actions of the granting statement a part takes.
#[derive(Clone, Debug)]
pub(crate) enum Taken {
    /// These, in lower case.
    Literals(Vec<String>),
    /// What a glob matches.
    Glob(Pattern),
    /// All that its element says.
    Whole,
}

/// A part of a granting statement, and who else speaks of it.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) taken: Taken,
    /// The actions as written; nothing for the whole element.
    pub(crate) texts: Vec<String>,
    pub(crate) before: Vec<(Place, Speaks)>,
    pub(crate) after: Vec<(Place, Speaks)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Literal,
    Glob,
    /// Text that no action matches.
    Void,
}

/// Where an item ends, and how long it is before its first wildcard.
#[derive(Clone, Copy)]
struct Item {
    end: usize,
    head: usize,
    kind: Kind,
}

/// The action items of an entry in lower case, end to end.
#[derive(Default)]
struct Lowered {
    text: String,
    ends: Vec<Item>,
    /// It lists what it does not speak of.
    excepts: bool,
    /// An item is not known.
    unknown: bool,
    /// Nothing is known: it speaks of everything.
    everything: bool,
}

impl Lowered {
    fn of(entry: &Entry<'_>) -> Self {
        let Some((_, statement)) = entry.statement() else {
            return Self { everything: true, ..Self::default() };
        };
        let mut lowered = Self { excepts: matches!(statement.action, Element::NotIn(_)), ..Self::default() };
        let items = statement.action.items();
        lowered.ends.reserve(items.len());
        for item in items {
            let Some(text) = item.text() else {
                lowered.unknown = true;
                continue;
            };
            let kind = kind(text);
            let from = lowered.text.len();
            if text.is_ascii() {
                lowered.text.push_str(text);
                if let Some(own) = lowered.text.get_mut(from..) {
                    own.make_ascii_lowercase();
                }
            } else {
                lowered.text.push_str(&text.to_lowercase());
            }
            let end = lowered.text.len();
            let head = if kind == Kind::Glob {
                head(lowered.text.get(from..).unwrap_or_default()).len()
            } else {
                end - from
            };
            lowered.ends.push(Item { end, head, kind });
        }
        lowered
    }

    fn items(&self) -> impl Iterator<Item = (&str, Kind)> {
        self.headed().map(|(text, item)| (text, item.kind))
    }

    fn headed(&self) -> impl Iterator<Item = (&str, Item)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|item| item.end));
        starts.zip(&self.ends).map(|(from, item)| (self.text.get(from..item.end).unwrap_or_default(), *item))
    }

    /// How it speaks of what a glob matches; `None` where it does not.
    fn speaks(&self, glob: &str) -> Option<Speaks> {
        if self.everything {
            return Some(Speaks::All);
        }
        if self.unknown {
            return Some(Speaks::Whole);
        }
        let mut met = Vec::new();
        let begin = head(glob).as_bytes();
        for (number, (item, Item { head, kind, .. })) in (0..).zip(self.headed()) {
            // Most begin otherwise.
            let apart = item.as_bytes().iter().take(head).zip(begin).any(|(a, b)| a != b);
            if apart || kind == Kind::Void {
                continue;
            }
            if covers(item, glob) {
                return (!self.excepts).then_some(Speaks::All);
            }
            if may_meet(item, glob) {
                met.push(number);
            }
        }
        match (met.is_empty(), self.excepts) {
            (true, false) => None,
            (true, true) => Some(Speaks::All),
            (false, _) => Some(Speaks::Items(met)),
        }
    }

    fn speaks_of_everything(&self) -> bool {
        let any = self.items().any(|(item, kind)| kind == Kind::Glob && item == "*");
        self.everything || (!self.unknown && any && !self.excepts)
    }
}

fn kind(text: &str) -> Kind {
    let mut kind = Kind::Literal;
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | ':' => {}
            '*' | '?' => kind = Kind::Glob,
            ',' => return Kind::Void,
            c if c.is_whitespace() => return Kind::Void,
            _ => {}
        }
    }
    kind
}

/// Where the first wildcard stands.
fn wild(text: &str) -> Option<usize> {
    text.bytes().position(|byte| matches!(byte, b'*' | b'?'))
}

fn head(text: &str) -> &str {
    text.get(..wild(text).unwrap_or(text.len())).unwrap_or(text)
}

fn tail(text: &str) -> &str {
    text.get(text.bytes().rposition(|byte| matches!(byte, b'*' | b'?')).map_or(0, |at| at + 1)..)
        .unwrap_or(text)
}

/// Does the first pattern take all that the second does, at first sight?
fn covers(wide: &str, narrow: &str) -> bool {
    wide == narrow
        || wide.strip_suffix('*').is_some_and(|head| wild(head).is_none() && narrow.starts_with(head))
}

/// Can the two patterns share a text, as far as their literal ends say and whatever their case?
pub(crate) fn may_meet(a: &str, b: &str) -> bool {
    let (x, y) = (head(a), head(b));
    let starts = x.bytes().zip(y.bytes()).all(|(x, y)| x.eq_ignore_ascii_case(&y));
    let (x, y) = (tail(a), tail(b));
    starts && x.bytes().rev().zip(y.bytes().rev()).all(|(x, y)| x.eq_ignore_ascii_case(&y))
}

/// Does a pattern match a literal?
fn takes(glob: &str, pattern: &Pattern, literal: &str) -> bool {
    match glob.strip_suffix('*') {
        Some(head) if wild(head).is_none() => literal.starts_with(head),
        _ => literal.starts_with(head(glob)) && pattern.matches(literal),
    }
}

/// An entry in few bits: its place, its side, and whether only its whole element says how it speaks.
type Speaker = u32;

fn speaker(place: Place, is_after: bool, is_open: bool) -> Speaker {
    u32::try_from(place).unwrap_or(u32::MAX >> 2) << 2 | u32::from(is_after) << 1 | u32::from(is_open)
}

/// Takes granting statements apart.
pub(crate) struct Parts<'s, 'w> {
    after: &'s Side<'w>,
    granting: Vec<(Place, Lowered)>,
    others: Vec<(Place, bool, Lowered)>,
    /// Actions must match all of these.
    base: Vec<Patterns>,
    /// An action that everyone may do at any time.
    always: Option<&'static str>,
}

/// For each action that some granting statement names, who speaks of it.
pub(crate) struct Spoken<'p> {
    numbers: HashMap<&'p str, usize>,
    speakers: Vec<Vec<Speaker>>,
}

impl<'s, 'w> Parts<'s, 'w> {
    /// `granting` are entries of `after`, to be compared with those of `before` and with what caps and denies.
    pub(crate) fn new(
        before: &'s Side<'w>,
        after: &'s Side<'w>,
        granting: &[Place],
        base: Vec<Patterns>,
    ) -> Self {
        let mut others: Vec<(Place, bool)> = (0..before.entries.len()).map(|place| (place, false)).collect();
        let mut capping: Vec<Place> = after.denies.clone();
        capping.extend(after.ways.iter().flat_map(|way| way.iter().skip(1)).flat_map(|cap| &cap.entries));
        capping.sort_unstable();
        capping.dedup();
        others.extend(capping.into_iter().map(|place| (place, true)));
        let lowered = |side: &Side<'_>, place: Place| side.entries.get(place).map(Lowered::of);
        let others = others.into_iter().filter_map(|(place, is_after)| {
            Some((place, is_after, lowered(if is_after { after } else { before }, place)?))
        });
        let granting = granting.iter().filter_map(|place| Some((*place, lowered(after, *place)?)));
        Self { after, granting: granting.collect(), others: others.collect(), base, always: None }
    }

    /// The same without an action that everyone may do at any time.
    pub(crate) fn without(self, always: Option<&'static str>) -> Self {
        Self { always, ..self }
    }

    /// Who speaks of the actions that the granting statements name.
    pub(crate) fn spoken(&self) -> Spoken<'_> {
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        for (_, lowered) in &self.granting {
            for (text, kind) in lowered.items() {
                if kind == Kind::Literal && !lowered.excepts {
                    let next = numbers.len();
                    numbers.entry(text).or_insert(next);
                }
            }
        }
        let mut speakers: Vec<Vec<Speaker>> = vec![Vec::new(); numbers.len()];
        for (place, is_after, lowered) in &self.others {
            let open = lowered.unknown;
            let own = speaker(*place, *is_after, open);
            let mut matched: Vec<usize> = Vec::new();
            if !lowered.everything && !open {
                for (item, kind) in lowered.items() {
                    match kind {
                        Kind::Void => {}
                        Kind::Literal => matched.extend(numbers.get(item)),
                        Kind::Glob if item == "*" => matched.extend(0..numbers.len()),
                        Kind::Glob => {
                            let glob = Pattern::glob(item);
                            let of =
                                |(text, number): (&&str, &usize)| takes(item, &glob, text).then_some(*number);
                            matched.extend(numbers.iter().filter_map(of));
                        }
                    }
                }
            }
            let except = lowered.excepts || lowered.everything || open;
            let mut is_matched = Vec::new();
            if except {
                is_matched.resize(numbers.len(), false);
                for number in &matched {
                    if let Some(place) = is_matched.get_mut(*number) {
                        *place = true;
                    }
                }
                matched =
                    is_matched.iter().enumerate().filter(|(_, is)| !**is).map(|(number, _)| number).collect();
            }
            for number in matched {
                if let Some(list) = speakers.get_mut(number)
                    && list.last() != Some(&own)
                {
                    list.push(own);
                }
            }
        }
        Spoken { numbers, speakers }
    }

    /// The granting statements with their parts.
    pub(crate) fn each<'p>(
        &'p self,
        spoken: &'p Spoken<'p>,
    ) -> impl Iterator<Item = (Place, Vec<Part>)> + use<'p, 's, 'w> {
        self.granting.iter().map(|(place, lowered)| (*place, self.parts(*place, lowered, spoken)))
    }

    fn parts(&self, place: Place, lowered: &Lowered, spoken: &Spoken<'_>) -> Vec<Part> {
        let statement =
            self.after.entries.get(place).and_then(Entry::statement).map(|(_, statement)| statement);
        let (Some(statement), false) = (statement, lowered.excepts || lowered.unknown) else {
            return vec![self.whole()];
        };
        let mut groups: Vec<(&[Speaker], Part)> = Vec::new();
        let mut by_speakers: Quick<&[Speaker], usize> = Quick::default();
        let mut taken: HashSet<usize, BuildHasherDefault<Mixer>> = HashSet::default();
        let mut parts = Vec::new();
        for ((text, kind), item) in lowered.items().zip(statement.action.items()) {
            let written = item.text().unwrap_or(text);
            match kind {
                Kind::Void => {}
                Kind::Glob => parts.push(self.glob(text, written)),
                Kind::Literal => {
                    let Some(number) = spoken.numbers.get(text) else { continue };
                    if self.always == Some(text)
                        || !taken.insert(*number)
                        || !self.base.iter().all(|base| base.matches(text))
                    {
                        continue;
                    }
                    let speakers = spoken.speakers.get(*number).map_or(&[][..], Vec::as_slice);
                    let group = *by_speakers.entry(speakers).or_insert_with(|| {
                        let taken = Taken::Literals(Vec::new());
                        let part = Part { taken, texts: Vec::new(), before: Vec::new(), after: Vec::new() };
                        groups.push((speakers, part));
                        groups.len() - 1
                    });
                    if let Some((_, part)) = groups.get_mut(group) {
                        part.texts.push(written.to_owned());
                        if let Taken::Literals(literals) = &mut part.taken {
                            literals.push(text.to_owned());
                        }
                    }
                }
            }
        }
        parts.extend(groups.into_iter().map(|(speakers, mut part)| {
            for speaker in speakers {
                let speaks = if speaker & 1 == 1 { Speaks::Whole } else { Speaks::All };
                let list = if speaker & 2 == 2 { &mut part.after } else { &mut part.before };
                list.push((*speaker as usize >> 2, speaks));
            }
            part
        }));
        parts.sort_by(|a, b| a.texts.cmp(&b.texts));
        parts
    }

    fn glob(&self, text: &str, written: &str) -> Part {
        let glob = Pattern { text: written.to_owned(), ..Pattern::glob(text) };
        let texts = vec![written.to_owned()];
        let mut part = Part { taken: Taken::Glob(glob), texts, before: Vec::new(), after: Vec::new() };
        for (place, is_after, lowered) in &self.others {
            if let Some(speaks) = lowered.speaks(text) {
                let list = if *is_after { &mut part.after } else { &mut part.before };
                list.push((*place, speaks));
            }
        }
        part
    }

    fn whole(&self) -> Part {
        let mut part = Part { taken: Taken::Whole, texts: Vec::new(), before: Vec::new(), after: Vec::new() };
        for (place, is_after, lowered) in &self.others {
            let speaks = if lowered.speaks_of_everything() { Speaks::All } else { Speaks::Whole };
            let list = if *is_after { &mut part.after } else { &mut part.before };
            list.push((*place, speaks));
        }
        part
    }
}

/// Items of an entry's actions as patterns.
pub(crate) fn patterns(entry: &Entry<'_>, items: &[u32]) -> Option<(Patterns, bool)> {
    let (_, statement) = entry.statement()?;
    let all = statement.action.items();
    let pattern = |item: &u32| {
        let text = all.get(*item as usize)?.text()?;
        Some(Pattern { text: text.to_owned(), ..Pattern::glob(&text.to_lowercase()) })
    };
    let holds = matches!(statement.action, Element::In(_));
    Some((Patterns::new(items.iter().filter_map(pattern)), holds))
}

/// Does the first statement take all that the second does but for actions, at first sight and under every reading?
pub(crate) fn plainly_covers(wide: &Entry<'_>, narrow: &Entry<'_>) -> bool {
    let (Some((policy, one)), Some((other_policy, other))) = (wide.statement(), narrow.statement()) else {
        return false;
    };
    if wide.class.is_none()
        || narrow.class.is_none()
        || one.effect != Effect::Allow
        || wide.naming() != narrow.naming()
        || (policy.kind, policy.variables) != (other_policy.kind, other_policy.variables)
    {
        return false;
    }
    let resource = match (&one.resource, &other.resource) {
        (Element::In(wide), _) if wide.iter().any(|item| item.text() == Some("*")) => true,
        (Element::In(wide), Element::In(narrow)) => {
            wide == narrow || (wide.len() <= 64 && narrow.iter().all(|item| wide.contains(item)))
        }
        (wide, narrow) => wide == narrow,
    };
    resource
        && (one.principals == other.principals)
        && one.conditions.iter().all(|condition| other.conditions.contains(condition))
}

/// May the two speak of one resource, as far as the literal beginnings of their entries say?
pub(crate) fn resources_may_meet(a: &Entry<'_>, b: &Entry<'_>) -> bool {
    fn list<'e>(entry: &'e Entry<'_>) -> Option<Vec<&'e str>> {
        match entry.statement() {
            Some((_, statement)) => match &statement.resource {
                Element::In(items) if entry.naming() != Naming::Trust && items.len() <= 16 => {
                    items.iter().map(|item| item.text()).collect::<Option<Vec<&str>>>()
                }
                _ => None,
            },
            None => None,
        }
    }
    let (Some(a), Some(b)) = (list(a), list(b)) else { return true };
    let head = |text: &str| text.find(['*', '?', '$']).unwrap_or(text.len());
    let meet = |a: &str, b: &str| {
        let length = head(a).min(head(b));
        a.as_bytes().get(..length) == b.as_bytes().get(..length)
    };
    a.iter().any(|a| b.iter().any(|b| meet(a, b)))
}
