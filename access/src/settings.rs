//! How to read the points on which the sources disagree, and how long to search.
//!
//! A disputed point is a reading here when a request can be allowed under one choice and refused under another, and
//! neither choice is the careful one for both sides of a comparison: how far a `*` in a resource reaches, and what
//! `ForAnyValue:…IfExists` says of an absent key. These points are settled without a reading:
//!
//! - Several values under an operator without a set operator: the search gives such a key one value, as AWS does for
//!   every key that has one; the evaluator takes any of the values where a request brings more.
//! - Letter case of partition, service, region and account in an ARN: compared as written.
//! - Wildcards in the value of a variable: literal, which is what AWS says of the escapes `${*}` and `${?}` too.
//! - A session that a resource policy names: its session policy's silence does not hold it back, as the documentation
//!   of resource policies says; a `Deny` does.
//! - Keys that are said to be always present, as `aws:SecureTransport`: never assumed to be there, since calls that a
//!   service makes for someone do not carry all of them and AWS's own comparer assumes none. Keys that follow from a
//!   known principal are there.

/// Which readings of disputed points to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Semantics {
    /// "No new access" only when it holds under every reading.
    #[default]
    Every,
    /// A `*` in a resource crosses segments.
    Crossing,
    /// A `*` in a resource stays in its segment, except as the last character of one.
    Segment,
    /// As AWS's own comparer answers.
    Zelkova,
}

/// How far a `*` in a resource pattern reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stars {
    /// Over every `:`.
    #[default]
    Crossing,
    /// Within its segment, unless it is the segment's last character.
    Segment,
    /// Within its segment, in all of the first five.
    Strict,
}

/// What `ForAnyValue:…IfExists` says when its key is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnyIfExists {
    /// It holds, as the page on `IfExists` says.
    #[default]
    Holds,
    /// It fails, as the page on `ForAnyValue` says.
    Fails,
}

/// Whether condition keys that say who the caller is follow from the principal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallerKeys {
    /// `aws:PrincipalArn` and its kin are functions of the principal, as AWS fills them in.
    #[default]
    Derived,
    /// They are keys like any other, and `sts:GetCallerIdentity`, which everyone may always call, is an action like any
    /// other, as for AWS's own comparer.
    Symbolic,
}

/// One choice for every disputed point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reading {
    /// The stars of resource patterns.
    pub stars: Stars,
    /// Absent keys under `ForAnyValue:…IfExists`.
    pub any_if_exists: AnyIfExists,
    /// Keys that say who the caller is.
    pub caller: CallerKeys,
}

impl Semantics {
    /// The readings it holds, the most usual one first.
    pub fn readings(self) -> Vec<Reading> {
        let stars: &[Stars] = match self {
            Self::Every => &[Stars::Crossing, Stars::Segment, Stars::Strict],
            Self::Crossing => &[Stars::Crossing],
            Self::Segment => &[Stars::Segment],
            Self::Zelkova => &[Stars::Strict],
        };
        let absent: &[AnyIfExists] = match self {
            Self::Zelkova => &[AnyIfExists::Holds],
            _ => &[AnyIfExists::Holds, AnyIfExists::Fails],
        };
        let caller = if self == Self::Zelkova { CallerKeys::Symbolic } else { CallerKeys::Derived };
        absent
            .iter()
            .flat_map(|&any_if_exists| {
                stars.iter().map(move |&stars| Reading { stars, any_if_exists, caller })
            })
            .collect()
    }
}

/// Settings of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The readings.
    pub semantics: Semantics,
    /// Search nodes that one question may visit, in all of its readings together, before the answer is *undecided*.
    pub nodes: usize,
    /// States of texts read side by side that one question may visit, in all of its readings together.
    pub states: usize,
    /// Regions to list on each side.
    pub regions: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { semantics: Semantics::Every, nodes: 200_000, states: 1_000_000, regions: 50 }
    }
}
