//! What pairs are about: one profile for each part of the grammar, each with an alphabet of its own.

mod callers;
mod layered;
mod texts;
mod typed;

use nhi_access::dialect::aws::PolicyKind;
use nhi_access::{Reading, Semantics};

use super::alphabet::Alphabet;
use super::dice::Dice;

/// Which layers the worlds have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Identity policies alone.
    Identity,
    /// A resource policy alone.
    Resource,
    /// A trust policy alone.
    Trust,
    /// Identity policies and what caps them.
    Layers,
    /// Identity policies beside a resource policy, and what caps them.
    Beside,
}

impl Shape {
    /// Do its granting statements name principals, and no others grant?
    pub fn names_principals(self) -> bool {
        matches!(self, Self::Resource | Self::Trust)
    }

    /// Is there a layer whose statements name principals?
    pub fn has_named(self) -> bool {
        self.names_principals() || self == Self::Beside
    }

    /// Is there a layer whose statements do not?
    pub fn has_unnamed(self) -> bool {
        !self.names_principals()
    }

    /// Is it about who may become a role?
    pub fn is_trust(self) -> bool {
        self == Self::Trust
    }

    /// The kind of its documents that name principals.
    pub fn named_kind(self) -> PolicyKind {
        if self.is_trust() { PolicyKind::Trust } else { PolicyKind::Resource }
    }
}

/// The version a document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 2012-10-17: `${…}` is a variable.
    Variables,
    /// 2008-10-17: it is text.
    Old,
}

/// Which disputed points an alphabet can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disputes {
    /// None.
    Nothing,
    /// The stars of resources.
    Stars,
    /// Absent keys under `ForAnyValue:…IfExists`.
    Absence,
}

/// Where an alphabet comes from.
#[derive(Clone, Copy, Debug)]
pub enum Letters {
    /// It is always the same.
    Fixed(fn() -> Alphabet),
    /// It is drawn anew for each pool.
    Drawn(fn(&mut Dice) -> Alphabet),
}

/// One kind of pairs.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// What it is called.
    pub name: &'static str,
    /// The layers.
    pub shape: Shape,
    /// Whose identity policies these are.
    pub principal: Option<&'static str>,
    /// What statements say and requests ask.
    pub alphabet: Letters,
    /// One element in so many is a `Not…`.
    pub nots: usize,
    /// The most conditions of a statement.
    pub conditions: usize,
    /// Versions that documents say.
    pub versions: &'static [Version],
    /// Semantics that pairs are compared under.
    pub semantics: &'static [Semantics],
    /// What of a reading its alphabet can tell apart.
    pub disputes: Disputes,
    /// May the search leave pairs undecided? Only where values meet that it does not look into.
    pub may_be_open: bool,
}

const NEW: &[Version] = &[Version::Variables];
const BOTH: &[Version] = &[Version::Variables, Version::Old];
const EVERY: &[Semantics] = &[Semantics::Every];
const ALL: &[Semantics] = &[Semantics::Every, Semantics::Crossing, Semantics::Segment, Semantics::Zelkova];

/// What most profiles are like.
const PLAIN: Profile = Profile {
    name: "",
    shape: Shape::Identity,
    principal: None,
    alphabet: Letters::Drawn(texts::globs),
    nots: 5,
    conditions: 0,
    versions: NEW,
    semantics: EVERY,
    disputes: Disputes::Nothing,
    may_be_open: false,
};

/// Every profile.
pub const PROFILES: &[Profile] = &[
    Profile { name: "globs", alphabet: Letters::Drawn(texts::globs), ..PLAIN },
    Profile { name: "nots", alphabet: Letters::Drawn(texts::globs), nots: 2, ..PLAIN },
    Profile {
        name: "segments",
        alphabet: Letters::Fixed(texts::segments),
        semantics: ALL,
        disputes: Disputes::Stars,
        ..PLAIN
    },
    Profile {
        name: "segments-resource",
        shape: Shape::Resource,
        alphabet: Letters::Fixed(texts::segments),
        semantics: ALL,
        disputes: Disputes::Stars,
        ..PLAIN
    },
    Profile {
        name: "strings",
        alphabet: Letters::Fixed(texts::strings),
        conditions: 3,
        versions: BOTH,
        semantics: &[Semantics::Every, Semantics::Zelkova],
        ..PLAIN
    },
    Profile { name: "arns", alphabet: Letters::Fixed(texts::arns), conditions: 3, ..PLAIN },
    Profile {
        name: "variables",
        alphabet: Letters::Fixed(texts::variables),
        conditions: 2,
        versions: BOTH,
        semantics: ALL,
        may_be_open: true,
        ..PLAIN
    },
    Profile {
        name: "sets",
        alphabet: Letters::Fixed(typed::sets),
        conditions: 3,
        semantics: ALL,
        disputes: Disputes::Absence,
        ..PLAIN
    },
    Profile { name: "values", alphabet: Letters::Fixed(typed::values), conditions: 3, ..PLAIN },
    Profile { name: "addresses", alphabet: Letters::Fixed(typed::addresses), conditions: 3, ..PLAIN },
    Profile {
        name: "principals",
        shape: Shape::Resource,
        alphabet: Letters::Fixed(callers::principals),
        conditions: 1,
        ..PLAIN
    },
    Profile {
        name: "trusts",
        shape: Shape::Trust,
        alphabet: Letters::Fixed(callers::trusts),
        conditions: 2,
        ..PLAIN
    },
    Profile {
        name: "callers",
        alphabet: Letters::Fixed(callers::keys),
        principal: Some("arn:aws:iam::111122223333:role/r"),
        conditions: 3,
        semantics: &[Semantics::Every, Semantics::Crossing],
        ..PLAIN
    },
    Profile {
        name: "layers",
        shape: Shape::Layers,
        principal: Some("arn:aws:iam::111122223333:role/r"),
        alphabet: Letters::Fixed(layered::layers),
        conditions: 1,
        ..PLAIN
    },
    Profile {
        name: "beside",
        shape: Shape::Beside,
        principal: Some("arn:aws:iam::111122223333:role/r"),
        alphabet: Letters::Fixed(layered::beside),
        conditions: 1,
        ..PLAIN
    },
];

impl Profile {
    /// The reading as far as its alphabet can tell.
    pub fn told(&self, reading: Reading) -> Reading {
        match self.disputes {
            Disputes::Nothing => Reading::default(),
            Disputes::Stars => Reading { stars: reading.stars, ..Reading::default() },
            Disputes::Absence => Reading { any_if_exists: reading.any_if_exists, ..Reading::default() },
        }
    }

    /// Every reading that any of its semantics holds.
    pub fn readings(&self) -> Vec<Reading> {
        let mut readings: Vec<Reading> = Vec::new();
        for semantics in self.semantics {
            for reading in semantics.readings() {
                let reading = self.told(reading);
                if !readings.contains(&reading) {
                    readings.push(reading);
                }
            }
        }
        readings
    }
}
