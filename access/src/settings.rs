//! How to read the points on which the sources disagree, and how long to search.

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

/// Settings of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The readings.
    pub semantics: Semantics,
    /// Search nodes before the answer is *undecided*.
    pub nodes: usize,
    /// Regions to list on each side.
    pub regions: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { semantics: Semantics::Every, nodes: 200_000, regions: 50 }
    }
}
