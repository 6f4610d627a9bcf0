//! Is there a text that every one of some unions of patterns matches and none of others does?

use super::Exhausted;
use super::glob::{Pattern, Patterns, Piece};
use super::product::Product;

/// States that a question outside of any search may visit.
const STATES: usize = 100_000;

/// A text in all of `within` and in none of `without`; not the empty text where another will do.
pub(crate) fn text(within: &[&Patterns], without: &[&Patterns]) -> Result<Option<String>, Exhausted> {
    text_in(within, without, &mut STATES.clone())
}

/// The same, with `budget` states left to visit.
pub(crate) fn text_in(
    within: &[&Patterns],
    without: &[&Patterns],
    budget: &mut usize,
) -> Result<Option<String>, Exhausted> {
    if without.iter().any(|union| union.all) || within.iter().any(|union| union.is_empty()) {
        return Ok(None);
    }
    let within: Vec<&Patterns> = within.iter().copied().filter(|union| !union.all).collect();
    let holds = |text: &str| {
        within.iter().all(|union| union.matches(text)) && !without.iter().any(|union| union.matches(text))
    };
    let free;
    let driver =
        if let Some(driver) = within.iter().min_by_key(|union| (union.globs.len(), union.literals.len())) {
            *driver
        } else {
            free = Patterns::new([Pattern::glob("*")]);
            &free
        };
    if let Some(literal) = driver.literals.iter().find(|literal| holds(literal)) {
        return Ok(Some(literal.clone()));
    }
    let others: Vec<&Patterns> =
        within.iter().copied().filter(|union| !std::ptr::eq(*union, driver)).collect();
    let mut exhausted = false;
    for glob in &driver.globs {
        // What one glob does not settle another may.
        match below(glob, &others, without, budget) {
            Ok(None) => {}
            Ok(found) => return Ok(found),
            Err(Exhausted) => exhausted = true,
        }
    }
    if exhausted { Err(Exhausted) } else { Ok(None) }
}

/// One of the plainest texts, where it will do. None says nothing; it only spares the search.
pub(crate) fn plainly(within: &[&Patterns], without: &[&Patterns]) -> Option<String> {
    let holds = |text: &String| {
        within.iter().all(|union| union.matches(text)) && !without.iter().any(|union| union.matches(text))
    };
    let literals = within.iter().flat_map(|union| union.literals.iter().take(3)).cloned();
    let globs = within.iter().flat_map(|union| union.globs.iter().take(3)).map(plain);
    let rest = within.is_empty().then(|| "x".to_owned());
    literals.chain(globs).chain(rest).find(holds)
}

/// A pattern with its wildcards at their plainest.
fn plain(glob: &Pattern) -> String {
    let letters = glob.pieces.iter().map(|piece| match piece {
        Piece::Lit(c) | Piece::Fold(c) => *c,
        Piece::One(_) | Piece::Star(_) => 'x',
    });
    letters.collect()
}

/// The same question below one glob.
fn below(
    glob: &Pattern,
    others: &[&Patterns],
    without: &[&Patterns],
    budget: &mut usize,
) -> Result<Option<String>, Exhausted> {
    let holds = |text: &str| {
        others.iter().all(|union| union.matches(text)) && !without.iter().any(|union| union.matches(text))
    };
    let mut groups: Vec<Vec<&Pattern>> = vec![vec![glob]];
    for union in others {
        if let Some(literal) = union.literals.iter().find(|literal| glob.matches(literal) && holds(literal)) {
            return Ok(Some(literal.clone()));
        }
        let group: Vec<&Pattern> = union.globs.iter().filter(|other| other.may_meet(glob)).collect();
        if group.is_empty() {
            return Ok(None);
        }
        // A group that the glob lies in asks nothing.
        if !group.iter().any(|other| other.plainly_covers(glob)) {
            groups.push(group);
        }
    }
    let mut taken = Vec::new();
    let mut exact = Vec::new();
    for union in without {
        for other in union.globs.iter().filter(|other| other.may_meet(glob)) {
            if other.plainly_covers(glob) {
                return Ok(None);
            }
            taken.push(other);
        }
        exact.extend(
            union
                .literals
                .iter()
                .filter(|literal| glob.matches(literal))
                .map(|literal| Pattern::exact(literal)),
        );
    }
    taken.extend(&exact);
    Product::new(&groups, &taken).find(budget)
}
