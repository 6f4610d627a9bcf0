//! Parts that are new, gathered into few regions: one a statement, cause and reading.

use std::collections::{BTreeMap, BTreeSet};

use crate::comparison::{Cause, Newly, Region, StatementRef, Undecided};
use crate::dialect::aws::{Element, Item};
use crate::difference::verdict;
use crate::region::{self, New};
use crate::request::{Dimension, RequestBox};
use crate::settings::{Reading, Settings};
use crate::side::{Place, Side};
use crate::weight::{Weight, weigh};

/// What regions have in common that are told as one: statement, cause, reading.
type Like = (StatementRef, Cause, Option<String>);

/// All that a question found.
#[derive(Default)]
pub(crate) struct Gathered {
    regions: BTreeMap<Like, (Region, Option<Weight>)>,
    pub(crate) undecided: BTreeSet<Undecided>,
    pub(crate) mismatches: usize,
}

impl Gathered {
    /// Takes in a part; `only` is the reading without which it is not new.
    pub(crate) fn add(&mut self, new: New, only: Option<Reading>) {
        let label = only.map(|reading| crate::words::reading(reading).to_owned());
        let region = Region { reading: label.clone(), witness: new.request, ..new.region };
        match self.regions.entry((region.granted_by.clone(), region.because, label)) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert((region, None));
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                let (own, heaviest) = place.get_mut();
                // The witness is the heaviest part's.
                let (heavy, weight) = (heaviest.unwrap_or_else(|| weigh(own)), weigh(&region));
                *heaviest = Some(heavy.max(weight));
                if weight > heavy {
                    own.witness.clone_from(&region.witness);
                    own.nearly_covered_by.clone_from(&region.nearly_covered_by);
                }
                region::unite(own, region);
            }
        }
    }

    /// What was found until the budget was used up, at this statement and all behind it.
    pub(crate) fn newly_but(mut self, side: &Side<'_>, place: Place, settings: &Settings) -> Newly {
        if let Some(entry) = side.entries.get(place) {
            let texts = |items: &[Item]| items.iter().filter_map(Item::text).map(str::to_owned).collect();
            let dimension = |name: &str, element: &Element| {
                let list: Vec<String> = texts(element.items());
                let name = name.to_owned();
                match element {
                    Element::In(_) => Dimension { name, within: list, without: Vec::new() },
                    Element::NotIn(_) => Dimension { name, within: Vec::new(), without: list },
                }
            };
            let dimensions = entry.statement().map(|(_, statement)| {
                vec![dimension("action", &statement.action), dimension("resource", &statement.resource)]
            });
            let so_far = RequestBox { dimensions: dimensions.unwrap_or_default() };
            self.undecided.insert(Undecided::Budget { statement: entry.source.clone(), so_far });
        }
        self.newly(settings)
    }

    pub(crate) fn newly(self, settings: &Settings) -> Newly {
        let mut new: Vec<Region> = self.regions.into_values().map(|(region, _)| region).collect();
        if new.len() > 1 {
            new.sort_by_cached_key(|region| std::cmp::Reverse(weigh(region)));
        }
        new.truncate(settings.regions);
        let undecided: Vec<Undecided> = self.undecided.into_iter().collect();
        Newly { verdict: verdict(new.len(), &undecided), new, undecided, mismatches: self.mismatches }
    }
}
