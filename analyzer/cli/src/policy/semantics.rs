//! `--semantics`: which readings of disputed points to hold.

use clap::ValueEnum;
use nhi_access::{Semantics, Settings};

/// The value of `--semantics`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Chosen {
    /// Nothing is new only when nothing is under every reading
    #[default]
    Every,
    /// A `*` in a resource reaches over `:`
    Crossing,
    /// A `*` in a resource stays in its segment, unless it is the segment's last character
    Segment,
    /// As AWS's own comparer answers
    Zelkova,
}

impl Chosen {
    pub(crate) fn settings(self) -> Settings {
        let semantics = match self {
            Self::Every => Semantics::Every,
            Self::Crossing => Semantics::Crossing,
            Self::Segment => Semantics::Segment,
            Self::Zelkova => Semantics::Zelkova,
        };
        Settings { semantics, ..Settings::default() }
    }

    /// By the word for it.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::value_variants().iter().copied().find(|own| own.word() == word)
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Every => "every",
            Self::Crossing => "crossing",
            Self::Segment => "segment",
            Self::Zelkova => "zelkova",
        }
    }
}
