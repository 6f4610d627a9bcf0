//! From a comparison of two documents to what is told of it.

use nhi_access::dialect::aws::Policy;
use nhi_access::{Comparison, Realizable, Region, realizable, weigh, words};
use nhi_analyzer_output::policy::{Nearly, Part, Place};

use super::document::Document;

/// A document and what it says.
pub(crate) struct Side {
    pub(crate) document: Document,
    pub(crate) policy: Policy,
}

impl Side {
    fn place(&self, index: usize) -> Option<Place> {
        self.document.place(&self.policy, index)
    }

    /// A condition key as the statement writes it.
    fn spelled(&self, index: usize, key: &str) -> String {
        let conditions = self.policy.statements.get(index).map(|statement| statement.conditions.as_slice());
        let mut keys = conditions.unwrap_or_default().iter().map(|condition| &condition.key);
        keys.find(|own| own.eq_ignore_ascii_case(key)).map_or(key, String::as_str).to_owned()
    }
}

/// Regions that `to` allows and `from` does not, told by `words`.
pub(crate) fn parts(
    regions: &[Region],
    (from, to): (&Side, &Side),
    words: impl Fn(&Region) -> String,
) -> Vec<Part> {
    let mut ranked: Vec<(&Region, Realizable)> =
        regions.iter().map(|region| (region, realizable(region))).collect();
    // The heaviest first, and of two alike the one that somebody can make use of today.
    ranked.sort_by_key(|(region, known)| std::cmp::Reverse((weigh(region), *known)));
    ranked
        .into_iter()
        .map(|(region, realizable)| Part {
            text: words(region),
            witness: region.witness.clone(),
            realizable,
            cause: words::cause(region.because),
            reading: region.reading.clone(),
            granted_by: to.place(region.granted_by.statement),
            nearly: region.nearly_covered_by.as_ref().and_then(|near| {
                let place = from.place(near.statement.statement)?;
                Some(Nearly { place, escaped: from.spelled(near.statement.statement, &near.escaped) })
            }),
        })
        .collect()
}

/// Regions that `to` allowed and `from` no longer does, told by `words`.
pub(crate) fn lost(
    regions: &[Region],
    sides: (&Side, &Side),
    words: impl Fn(&Region) -> String,
) -> Vec<Part> {
    // What made a grant possible says nothing of why it is gone.
    parts(regions, sides, words).into_iter().map(|part| Part { cause: "", ..part }).collect()
}

/// What could not be settled, in words.
pub(crate) fn undecided(comparison: &Comparison) -> Vec<String> {
    comparison.undecided.iter().map(words::undecided).collect()
}
