//! What the register keeps of any kind of declaration, and what it must know of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
pub use nhi_identity::ObjectKind;
use nhi_identity::{Identity, Name, Refused, Surroundings, Use, Violation};

use crate::facets::Facets;

/// A declaration in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<T> {
    /// What was declared.
    pub declaration: T,
    /// The workspace it belongs to.
    pub workspace: String,
    /// The number of the audit entry that wrote it last; reading or adopting it writes nothing.
    pub version: i64,
    /// The manifest that keeps it.
    pub manifest: Option<String>,
}

/// A declaration that names another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Referrer {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
    /// The workspace it belongs to.
    pub workspace: String,
}

impl Referrer {
    /// How many of a list are named one by one.
    const NAMED: usize = 10;

    /// All of them, in words: the first by name, of all how many there are, and in how many workspaces.
    pub fn listed(all: &[Self]) -> String {
        let named: Vec<String> = all.iter().take(Self::NAMED).map(ToString::to_string).collect();
        let named = named.join(", ");
        if all.len() <= 1 {
            return named;
        }
        let workspaces: BTreeSet<&str> = all.iter().map(|one| one.workspace.as_str()).collect();
        let workspaces = match workspaces.len() {
            1 => "one workspace".to_owned(),
            many => format!("{many} workspaces"),
        };
        let more = match all.len().saturating_sub(Self::NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("{} declarations of {workspaces}: {named}{more}", all.len())
    }
}

impl fmt::Display for Referrer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}` (workspace `{}`)", self.kind, self.name, self.workspace)
    }
}

/// The other declarations that one mentions, for its rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions<'a> {
    /// Declarations by kind and name.
    pub names: Vec<(ObjectKind, &'a Name)>,
    /// Declarations that have to be there as well, and say nothing about this one: what it can be filtered by is not
    /// taken from them.
    pub besides: Vec<(ObjectKind, &'a Name)>,
    /// A platform, where it is named, and a principal on it.
    pub principal: Option<(Option<&'a str>, &'a str)>,
}

impl<'a> Mentions<'a> {
    /// Nothing but these.
    pub fn of(names: impl IntoIterator<Item = (ObjectKind, &'a Name)>) -> Self {
        Self { names: names.into_iter().collect(), ..Self::default() }
    }

    /// These as well, though they say nothing about the declaration.
    #[must_use]
    pub fn besides(mut self, names: impl IntoIterator<Item = (ObjectKind, &'a Name)>) -> Self {
        self.besides.extend(names);
        self
    }
}

/// Something new that a freeze may keep out, before anybody looked up whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival<'a> {
    /// What it is.
    pub what: Refused,
    /// The name of the identity whose it is; freezes show their refusal at the attribute `identity`.
    pub identity: &'a Name,
    /// What it is kept for.
    pub used_for: Use,
}

mod sealed {
    /// Closes the trait: the register keeps these and no others.
    pub trait Sealed {}
    impl Sealed for nhi_identity::Owner {}
    impl Sealed for nhi_identity::Zone {}
    impl Sealed for nhi_identity::Identity {}
    impl Sealed for nhi_identity::Exception {}
    impl Sealed for nhi_identity::Federation {}
    impl Sealed for nhi_identity::Elevation {}
    impl Sealed for nhi_identity::Review {}
    impl Sealed for nhi_identity::Freeze {}
    impl Sealed for nhi_identity::Manifest {}
    impl Sealed for nhi_identity::Credential {}
    impl Sealed for nhi_identity::Crossing {}
    impl Sealed for nhi_identity::BreakGlass {}
}

/// Something a register keeps.
pub trait Declaration: Clone + PartialEq + sealed::Sealed {
    /// Which of the kinds it is.
    const KIND: ObjectKind;

    /// Attributes of other kinds, texts or sets of texts, that name one of this kind.
    const NAMED_BY: &'static [(ObjectKind, &'static str)];

    /// Filters that one of several names in its body may answer: a column, and the attributes of the body, texts or sets of
    /// texts, that hold them.
    const SEVERAL: &'static [(&'static str, &'static [&'static str])] = &[];

    /// Does it keep identities in rows of their own?
    const KEEPS_IDENTITIES: bool = false;

    /// May one be something new that a freeze keeps out? See [`Declaration::newcomer`].
    const ARRIVES: bool = false;

    /// Its name.
    fn name(&self) -> &Name;

    /// Its text in the file: JSON with all keys in a fixed order.
    fn to_body(&self) -> String;

    /// Reads its text from the file; the error says what does not fit.
    fn from_body(body: &str) -> Result<Self, String>;

    /// The other declarations it mentions.
    fn mentions(&self) -> Mentions<'_>;

    /// What of it can be filtered by; where nothing is said, what it mentions.
    fn facets(&self) -> Facets {
        Facets::of(&self.mentions())
    }

    /// What it breaks among others.
    fn violations(&self, around: &Surroundings) -> Vec<Violation>;

    /// The identities that it keeps in rows of their own, where its kind does.
    fn identities(&self) -> Option<&BTreeMap<Name, Identity>> {
        None
    }

    /// The same with the identities that it keeps; other kinds keep none.
    #[must_use]
    fn keeping(self, identities: BTreeMap<Name, Identity>) -> Self {
        let _ = identities;
        self
    }

    /// Is it something new that a freeze may keep out? `before` is what it was until now, where it was there.
    fn newcomer(&self, before: Option<&Self>) -> Option<Arrival<'_>> {
        let _ = before;
        None
    }

    /// The same with everything fixed that depends on the time of the write.
    fn fixed(self, now: Timestamp) -> Result<Self, Violation> {
        let _ = now;
        Ok(self)
    }

    /// Would `asked` have been kept as this, whenever it was asked for?
    fn answers(&self, asked: &Self) -> bool {
        self == asked
    }
}

/// What is wrong with a stored declaration, in one line.
pub(crate) fn told(violations: &[Violation]) -> String {
    violations
        .iter()
        .map(|violation| format!("{}: {}", violation.path, violation.problem))
        .collect::<Vec<_>>()
        .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_referrers_are_counted_and_the_first_named() {
        let one = |number: usize| Referrer {
            kind: ObjectKind::Identity,
            name: format!("i{number:02}"),
            workspace: if number == 0 { "shop" } else { "platform" }.to_owned(),
        };
        let check = |count: usize, expected: &str| {
            let all: Vec<Referrer> = (0..count).map(one).collect();
            let told = Referrer::listed(&all);
            assert!(told.starts_with(expected), "{told}");
            assert_eq!(told.matches("nhi_identity").count(), count.min(10));
            assert_eq!(told.ends_with(" and 90 more"), count == 100, "{told}");
        };
        check(1, "nhi_identity `i00` (workspace `shop`)");
        check(2, "2 declarations of 2 workspaces: nhi_identity `i00` (workspace `shop`), nhi_identity `i01`");
        check(100, "100 declarations of 2 workspaces: nhi_identity `i00`");
    }
}
