//! Statements drawn once, and what each of them says to every request: documents are then judged by their formula,
//! many pairs a second.

use nhi_access::dialect::aws::{
    Condition, Effect, Element, Item, PolicyKind, PrincipalItem, Principals, Statement,
};
use nhi_access::{Decision, LayerKind, Reading, Request, evaluate};

use super::alphabet::{Alphabet, Key};
use super::dice::Dice;
use super::profiles::{Profile, Version};
use super::sketch::{self, Pair, Sketch};

/// A set of requests, by their place in the list.
type Bits = Vec<u64>;

/// One statement and what it says.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The statement.
    pub statement: Statement,
    /// The version of the document it stands in.
    pub version: Version,
    /// By reading: the requests it matches.
    matched: Vec<Bits>,
    /// Those of them that it matches as a resource control policy, which holds only for the services on AWS's list.
    held: Vec<Bits>,
    /// Where it names principals: those it matches by an entry that is no account, and by one that is nobody's role.
    unaccounted: Vec<Bits>,
    direct: Vec<Bits>,
}

/// A pool of statements over one alphabet.
pub struct Pool {
    unnamed: Vec<Slot>,
    named: Vec<Slot>,
    /// The requests that stand for all.
    pub requests: Vec<Request>,
    readings: Vec<Reading>,
}

impl Pool {
    /// Draws `count` statements of each kind that the profile needs.
    pub fn new(
        profile: &Profile,
        (alphabet, requests): (&Alphabet, Vec<Request>),
        count: usize,
        dice: &mut Dice,
    ) -> Self {
        let mut pool =
            Self { unnamed: Vec::new(), named: Vec::new(), requests, readings: profile.readings() };
        if profile.shape.has_unnamed() {
            pool.unnamed = pool.fill(profile, alphabet, (PolicyKind::Identity, count), dice);
        }
        if profile.shape.has_named() {
            pool.named = pool.fill(profile, alphabet, (profile.shape.named_kind(), count), dice);
        }
        pool
    }

    /// The statements that name principals, or the others.
    pub fn slots(&self, named: bool) -> &[Slot] {
        if named { &self.named } else { &self.unnamed }
    }

    fn fill(
        &self,
        profile: &Profile,
        alphabet: &Alphabet,
        (kind, count): (PolicyKind, usize),
        dice: &mut Dice,
    ) -> Vec<Slot> {
        let mut slots: Vec<Slot> = Vec::with_capacity(count);
        while slots.len() < count {
            let version = dice.one(profile.versions).copied().unwrap_or(Version::Variables);
            let own = random(profile, alphabet, kind, dice);
            let near = vary(profile, alphabet, &own, dice);
            slots.push(self.slot(profile, kind, own, version));
            slots.push(self.slot(profile, kind, near, version));
        }
        slots
    }

    fn slot(&self, profile: &Profile, kind: PolicyKind, statement: Statement, version: Version) -> Slot {
        let matched = self.bits(profile, kind, Some(statement.clone()), version);
        let among = |keep: &dyn Fn(&str) -> bool| {
            if kind == PolicyKind::Identity || !profile.shape.has_unnamed() {
                return Vec::new();
            }
            self.bits(profile, kind, kept(&statement, keep), version)
        };
        let held = self.held(&statement, &matched);
        let unaccounted = among(&|text| !is_account(text));
        let direct = among(&|text| text == "*" || !(is_account(text) || text.contains(":role/")));
        Slot { statement, version, matched, held, unaccounted, direct }
    }

    /// What is left of `matched` in a resource control policy; one that says `NotAction` is taken at its word.
    fn held(&self, statement: &Statement, matched: &[Bits]) -> Vec<Bits> {
        if matches!(statement.action, Element::NotIn(_)) {
            return matched.to_vec();
        }
        let mut listed: Bits = vec![0; self.requests.len().div_ceil(64)];
        for (place, request) in self.requests.iter().enumerate() {
            // Of the services that the alphabets speak of; written here once more.
            if ["s3:", "sqs:"].iter().any(|service| request.action.starts_with(service))
                && let Some(word) = listed.get_mut(place / 64)
            {
                *word |= 1_u64 << (place % 64);
            }
        }
        let only = |bits: &Bits| {
            let mut bits = bits.clone();
            and(&mut bits, &listed);
            bits
        };
        matched.iter().map(only).collect()
    }

    /// By reading: the requests that the statement would allow.
    fn bits(
        &self,
        profile: &Profile,
        kind: PolicyKind,
        statement: Option<Statement>,
        version: Version,
    ) -> Vec<Bits> {
        let words = self.requests.len().div_ceil(64);
        let Some(statement) = statement else { return vec![vec![0; words]; self.readings.len()] };
        let world = sketch::alone(profile, kind, Statement { effect: Effect::Allow, ..statement }, version);
        let one = |reading: &Reading| {
            let mut bits = vec![0; words];
            for (place, request) in self.requests.iter().enumerate() {
                if evaluate(&world, request, *reading) == Decision::Allowed
                    && let Some(word) = bits.get_mut(place / 64)
                {
                    *word |= 1_u64 << (place % 64);
                }
            }
            bits
        };
        self.readings.iter().map(one).collect()
    }

    /// Is any request allowed after and not before, under a reading of the pair's semantics?
    pub fn is_new(&self, profile: &Profile, pair: &Pair) -> bool {
        let mut readings: Vec<Reading> =
            pair.semantics.readings().into_iter().map(|reading| profile.told(reading)).collect();
        readings.sort_unstable();
        readings.dedup();
        readings.iter().any(|reading| {
            let Some(at) = self.readings.iter().position(|own| own == reading) else { return false };
            let (before, after) = (self.allowed(&pair.before, at), self.allowed(&pair.after, at));
            before.iter().zip(&after).any(|(before, after)| after & !before != 0)
        })
    }

    /// The requests that a world allows.
    fn allowed(&self, sketch: &Sketch, reading: usize) -> Bits {
        let words = self.requests.len().div_ceil(64);
        let says =
            |(kind, statements): &(LayerKind, Vec<usize>), effect: Effect, of: fn(&Slot) -> &[Bits]| {
                let mut bits = vec![0; words];
                let slots = self.slots(sketch::is_named(*kind));
                for slot in statements.iter().filter_map(|place| slots.get(*place)) {
                    if slot.statement.effect == effect
                        && let Some(own) = of(slot).get(reading)
                    {
                        or(&mut bits, own);
                    }
                }
                bits
            };
        let mut denied = vec![0; words];
        let mut outer = vec![u64::MAX; words];
        let mut inner = outer.clone();
        let (mut own, mut there, mut unaccounted, mut direct) =
            (vec![0; words], vec![0; words], vec![0; words], vec![0; words]);
        let (mut has_own, mut has_there) = (false, false);
        for layer in sketch {
            let refuses = match layer.0 {
                LayerKind::ResourceControl => says(layer, Effect::Deny, |slot| &slot.held),
                _ => says(layer, Effect::Deny, |slot| &slot.matched),
            };
            or(&mut denied, &refuses);
            let allows = says(layer, Effect::Allow, |slot| &slot.matched);
            match layer.0 {
                LayerKind::Identity => {
                    has_own = true;
                    or(&mut own, &allows);
                }
                LayerKind::Resource | LayerKind::Trust => {
                    has_there = true;
                    or(&mut there, &allows);
                    or(&mut unaccounted, &says(layer, Effect::Allow, |slot| &slot.unaccounted));
                    or(&mut direct, &says(layer, Effect::Allow, |slot| &slot.direct));
                }
                LayerKind::Boundary | LayerKind::Session => and(&mut inner, &allows),
                LayerKind::ServiceControl | LayerKind::Endpoint => and(&mut outer, &allows),
                // It only ever takes away.
                LayerKind::ResourceControl => {}
            }
        }
        let mut granted = if has_own { own } else { there };
        if has_own {
            if has_there {
                or(&mut granted, &unaccounted);
            }
            and(&mut granted, &inner);
            or(&mut granted, &direct);
        }
        and(&mut granted, &outer);
        granted.iter().zip(&denied).map(|(granted, denied)| granted & !denied).collect()
    }
}

fn or(bits: &mut Bits, more: &Bits) {
    bits.iter_mut().zip(more).for_each(|(own, more)| *own |= more);
}

fn and(bits: &mut Bits, only: &Bits) {
    bits.iter_mut().zip(only).for_each(|(own, only)| *own &= only);
}

/// Written here once more, so that the formula is not held to itself.
fn is_account(text: &str) -> bool {
    let number =
        text.strip_prefix("arn:aws:iam::").and_then(|rest| rest.strip_suffix(":root")).unwrap_or(text);
    number.len() == 12 && number.chars().all(|c| c.is_ascii_digit())
}

/// The statement with those of its principals that `keep` takes; `None` when none is left.
fn kept(statement: &Statement, keep: &dyn Fn(&str) -> bool) -> Option<Statement> {
    let mut statement = statement.clone();
    if let Principals::In(items) = &mut statement.principals {
        items.retain(|item| item.value.text().is_some_and(keep));
        if items.is_empty() {
            return None;
        }
    }
    Some(statement)
}

fn element(of: &[String], nots: usize, dice: &mut Dice) -> Element {
    let items = dice.some(of, 3).into_iter().map(|text| Item::from(text.as_str())).collect();
    if dice.once_in(nots) { Element::NotIn(items) } else { Element::In(items) }
}

fn principals(alphabet: &Alphabet, nots: usize, dice: &mut Dice) -> Principals {
    let items = dice
        .some(&alphabet.principals, 2)
        .into_iter()
        .map(|(kind, text)| PrincipalItem { kind: (*kind).to_owned(), value: Item::from(*text) })
        .collect();
    if dice.once_in(nots * 2) { Principals::NotIn(items) } else { Principals::In(items) }
}

fn condition(key: &Key, dice: &mut Dice) -> Condition {
    let operator = dice.one(key.operators).copied().unwrap_or("Null");
    let wanted: &[&str] = if operator == "Null" { &["true", "false"] } else { key.wanted };
    let values = dice.some(wanted, 2).into_iter().map(|value| Item::from(*value)).collect();
    let name = if dice.once_in(5) { key.name.to_uppercase() } else { key.name.to_owned() };
    Condition { operator: operator.to_owned(), key: name, values }
}

/// Adds a condition, unless a document could not say both.
fn add(statement: &mut Statement, condition: Condition) {
    let same = |own: &Condition| own.operator == condition.operator && own.key == condition.key;
    if !statement.conditions.iter().any(same) {
        statement.conditions.push(condition);
    }
}

fn random(profile: &Profile, alphabet: &Alphabet, kind: PolicyKind, dice: &mut Dice) -> Statement {
    let effect = if dice.once_in(3) { Effect::Deny } else { Effect::Allow };
    let mut statement = Statement::new(effect, element(&alphabet.actions, profile.nots, dice));
    if kind != PolicyKind::Trust {
        statement.resource = element(&alphabet.resources, profile.nots, dice);
    }
    if kind != PolicyKind::Identity {
        statement.principals = principals(alphabet, profile.nots, dice);
    }
    for _ in 0..dice.roll(profile.conditions + 1) {
        if let Some(key) = dice.one(&alphabet.keys) {
            add(&mut statement, condition(key, dice));
        }
    }
    statement
}

/// A statement like it, in all but one thing.
fn vary(profile: &Profile, alphabet: &Alphabet, statement: &Statement, dice: &mut Dice) -> Statement {
    let mut other = statement.clone();
    let kind =
        if statement.principals == Principals::Absent { PolicyKind::Identity } else { PolicyKind::Resource };
    match dice.roll(6) {
        0 => other.action = element(&alphabet.actions, profile.nots, dice),
        1 if !profile.shape.is_trust() => {
            other.resource = element(&alphabet.resources, profile.nots, dice);
        }
        2 if kind != PolicyKind::Identity => {
            other.principals = principals(alphabet, profile.nots, dice);
        }
        3 if !other.conditions.is_empty() => {
            let place = dice.roll(other.conditions.len());
            other.conditions.remove(place);
        }
        4 => {
            other.effect = if other.effect == Effect::Allow { Effect::Deny } else { Effect::Allow };
        }
        _ => match dice.one(&alphabet.keys) {
            Some(key) if other.conditions.len() <= profile.conditions => {
                add(&mut other, condition(key, dice));
            }
            _ => other.action = element(&alphabet.actions, profile.nots, dice),
        },
    }
    other
}
