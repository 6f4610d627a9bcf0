//! What one world allows and another does not, statement by statement.
//!
//! Statements that stand on both sides in the same words, with nothing lifted that held them back, are passed over
//! before anything is read. What is left is taken apart by actions (`parts`), and each part is asked against the few
//! statements that speak of it (`ask`), under every reading that it exercises.

use crate::ask::{Asked, Asking};
use crate::comparison::{Comparison, Newly, Undecided, Verdict};
use crate::dialect::aws::{Item, Statement};
use crate::merge::Gathered;
use crate::parts::{Part, Parts, plainly_covers};
use crate::region;
use crate::settings::{AnyIfExists, Reading, Settings, Stars};
use crate::side::{Cap, Classes, Making, Place, Side, Unchanged};
use crate::space::clause::Dim;
use crate::space::glob::Patterns;
use crate::world::World;

/// What is allowed in `after` and was not in `before`, and the reverse.
pub fn compare(before: &World, after: &World, settings: &Settings) -> Comparison {
    if before == after {
        return Comparison::default();
    }
    let Newly { verdict, new, undecided, mismatches } = newly(before, after, settings);
    Comparison { verdict, new, reduced: newly(after, before, settings).new, undecided, mismatches }
}

/// What is allowed in `after` and was not in `before`: half the work of [`compare`].
pub fn newly(before: &World, after: &World, settings: &Settings) -> Newly {
    if before == after {
        return Newly::default();
    }
    Question { before, after, scope: &[], held: &[], settings }.answer()
}

/// What is allowed in `after`, within `scope`, and not in `before`?
pub(crate) struct Question<'a> {
    pub(crate) before: &'a World,
    pub(crate) after: &'a World,
    /// Patterns that a dimension must match; dimensions not named are free.
    pub(crate) scope: &'a [(Dim, Patterns)],
    /// Context keys that hold one of these values; keys not named are free.
    pub(crate) held: &'a [(&'a str, Vec<String>)],
    pub(crate) settings: &'a Settings,
}

impl Question<'_> {
    pub(crate) fn answer(&self) -> Newly {
        crate::hole::answer::answer(self)
    }

    /// The answer with holes read as values of their own, about which nothing is known.
    pub(crate) fn plain(&self) -> Newly {
        let unchanged = Unchanged::between(self.before, self.after);
        let stripped = (unchanged.stripped(self.before), Unchanged::known(unchanged.stripped(self.after)));
        let mut classes = Classes::default();
        let mut making = Making { unchanged: &unchanged, classes: &mut classes };
        let (before, mut after) = (making.side(self.before), making.side(self.after));
        after.base.extend(self.scope.iter().cloned());
        let plain = Plain::of(&before, &after);
        let mut gathered = Gathered::default();
        let work: Vec<(usize, Vec<Place>)> = after
            .ways
            .iter()
            .enumerate()
            .map(|(number, way)| {
                let granting = way.first().map_or(&[][..], |cap| &cap.entries);
                let changed = |place: &&Place| !plain.unchanged(&before, &after, way, **place);
                (number, granting.iter().filter(changed).copied().collect())
            })
            .collect();
        if work.iter().all(|(_, granting)| granting.is_empty()) {
            return gathered.newly(self.settings);
        }
        let base: Vec<Patterns> =
            after.base.iter().filter(|(dim, _)| *dim == Dim::Action).map(|(_, own)| own.clone()).collect();
        let mut asking = Asking::new(self, &before, &after, (&stripped.0, &stripped.1));
        for (number, granting) in work {
            let Some((_, caps)) = after.ways.get(number).and_then(|way| way.split_first()) else { continue };
            let parts = Parts::new(&before, &after, &granting, base.clone()).without(asking.always());
            let spoken = parts.spoken();
            for (granting, parts) in parts.each(&spoken) {
                for part in parts {
                    if asking.is_exhausted() {
                        return gathered.newly_but(&after, granting, self.settings);
                    }
                    if plain.covered(&before, &after, caps, (granting, &part)) {
                        continue;
                    }
                    let asked = Asked { granting, caps, part: &part };
                    every_reading(&mut asking, &asked, &mut gathered);
                }
            }
        }
        gathered.newly(self.settings)
    }
}

/// Asks about one part under every reading that it exercises.
fn every_reading(asking: &mut Asking<'_>, asked: &Asked<'_>, gathered: &mut Gathered) {
    let (stars, any) = asking.exercises(asked);
    let mut readings: Vec<Reading> = Vec::new();
    let all = asking.question.settings.semantics.readings();
    if let Some(usual) = all.first() {
        // What the part does not exercise is read as usual, and so once.
        for reading in &all {
            let mut reading = *reading;
            if !stars {
                reading.stars = usual.stars;
            }
            if !any {
                reading.any_if_exists = usual.any_if_exists;
            }
            if !readings.contains(&reading) {
                readings.push(reading);
            }
        }
    }
    let mut found: Option<(Reading, region::New)> = None;
    let mut held = 0;
    for reading in &readings {
        // The same request most often shows it under the other readings too.
        if let Some((_, new)) = &found
            && asking.confirms(&new.request, *reading)
        {
            held += 1;
            continue;
        }
        let answer = asking.ask(asked, *reading);
        gathered.undecided.extend(answer.undecided);
        gathered.mismatches += answer.mismatches;
        if let Some(new) = answer.new {
            held += 1;
            found.get_or_insert((*reading, new));
        }
    }
    if let Some((reading, new)) = found {
        gathered.add(new, (held < readings.len()).then_some(reading));
    }
}

/// What is told without reading any statement.
struct Plain {
    /// Everything that denied before denies after.
    denies_kept: bool,
    /// By way of `before`: the classes of its granting cap.
    granted: Vec<Vec<u32>>,
}

fn classes(side: &Side<'_>, places: &[Place]) -> Option<Vec<u32>> {
    let mut classes = places
        .iter()
        .map(|place| side.entries.get(*place).and_then(|entry| entry.class))
        .collect::<Option<Vec<u32>>>()?;
    classes.sort_unstable();
    classes.dedup();
    Some(classes)
}

impl Plain {
    fn of(before: &Side<'_>, after: &Side<'_>) -> Self {
        let kept = match (classes(before, &before.denies), classes(after, &after.denies)) {
            (Some(before), Some(after)) => before.iter().all(|class| after.binary_search(class).is_ok()),
            _ => false,
        };
        let granted = |way: &Vec<Cap>| {
            let places = way.first().map_or(&[][..], |cap| &cap.entries);
            let mut classes: Vec<u32> =
                places.iter().filter_map(|place| before.entries.get(*place)?.class).collect();
            classes.sort_unstable();
            classes
        };
        let kept = kept && before.may_deny.is_empty();
        Self { denies_kept: kept, granted: before.ways.iter().map(granted).collect() }
    }

    /// Did the same statement grant before, under no more caps and denies than now?
    fn unchanged(&self, before: &Side<'_>, after: &Side<'_>, way: &[Cap], place: Place) -> bool {
        let Some(class) = after.entries.get(place).and_then(|entry| entry.class) else { return false };
        self.denies_kept
            && before.ways.iter().zip(&self.granted).any(|(was, granted)| {
                granted.binary_search(&class).is_ok()
                    && was
                        .iter()
                        .skip(1)
                        .all(|cap| stands(before, cap, after, way.get(1..).unwrap_or_default()))
            })
    }

    /// Did a statement that takes all of the part grant before, under no more caps and denies than now?
    fn covered(
        &self,
        before: &Side<'_>,
        after: &Side<'_>,
        caps: &[Cap],
        (granting, part): (Place, &Part),
    ) -> bool {
        let Some(entry) = after.entries.get(granting) else { return false };
        let all = |(place, speaks): &(Place, crate::parts::Speaks)| {
            (*speaks == crate::parts::Speaks::All).then_some(*place)
        };
        let covers = |place: &Place| before.entries.get(*place).is_some_and(|own| plainly_covers(own, entry));
        let speaking: Vec<Place> = part.before.iter().filter_map(all).filter(covers).collect();
        if speaking.is_empty() {
            return false;
        }
        let takes = |cap: &Cap| cap.entries.iter().any(|place| speaking.binary_search(place).is_ok());
        let lifted = !self.denies_kept
            && part.before.iter().filter(|(place, _)| before.denies.contains(place)).any(|(place, _)| {
                let class = before.entries.get(*place).and_then(|entry| entry.class);
                let kept = |other: &Place| after.entries.get(*other).is_some_and(|own| own.class == class);
                class.is_none() || !after.denies.iter().any(kept)
            });
        !lifted
            && before.may_deny.is_empty()
            && before.ways.iter().any(|way| {
                way.first().is_some_and(takes)
                    && way.iter().skip(1).all(|cap| takes(cap) || stands(before, cap, after, caps))
            })
    }
}

/// Is one of `caps` the same as `cap`, word by word?
fn stands(before: &Side<'_>, cap: &Cap, after: &Side<'_>, caps: &[Cap]) -> bool {
    let own = classes(before, &cap.entries);
    own.is_some() && caps.iter().any(|other| classes(after, &other.entries) == own)
}

/// May a resource entry of the statement mean different things under different readings of its stars?
pub(crate) fn disputed_stars(statement: &Statement) -> bool {
    let disputed = |text: &str| {
        let wild = |text: &str| text.contains(['*', '?']);
        match text.match_indices(':').nth(4) {
            _ if text == "*" => false,
            _ if text.contains("${") => wild(text),
            Some((fifth, _)) => wild(text.get(..fifth).unwrap_or(text)),
            // A short entry is completed with stars.
            None => true,
        }
    };
    let known = |item: &&Item| **item != Item::Unknown;
    statement.resource.items().iter().filter(known).any(|item| disputed(&item.outline()))
}

/// Has the statement a condition that says different things of absent keys under different readings?
pub(crate) fn disputed_absence(statement: &Statement) -> bool {
    let starts =
        |text: &str, start: &str| text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
    let ends = |text: &str, end: &str| {
        let at = text.len().checked_sub(end.len());
        at.and_then(|at| text.get(at..)).is_some_and(|own| own.eq_ignore_ascii_case(end))
    };
    statement
        .conditions
        .iter()
        .any(|condition| starts(&condition.operator, "foranyvalue:") && ends(&condition.operator, "ifexists"))
}

/// The verdict on what was found.
pub(crate) fn verdict(new: usize, undecided: &[Undecided]) -> Verdict {
    if new > 0 {
        Verdict::NewAccess
    } else if undecided.is_empty() {
        Verdict::NoNewAccess
    } else {
        Verdict::Undecided
    }
}

/// The name of a reading's stars and absent keys.
pub(crate) fn reading_words(reading: Reading) -> &'static str {
    match (reading.any_if_exists, reading.stars) {
        (AnyIfExists::Fails, _) => "`ForAnyValue:…IfExists` fails when its key is absent",
        (AnyIfExists::Holds, Stars::Crossing) => "a `*` in a resource reaches over `:`",
        (AnyIfExists::Holds, Stars::Segment) => {
            "a `*` in a resource stays in its segment, unless it is the segment's last character"
        }
        (AnyIfExists::Holds, Stars::Strict) => "a `*` in a resource stays in its segment",
    }
}
