//! Is there a text that every one of some unions of patterns matches and none of others does? The shortest is the answer.

use std::collections::{HashSet, VecDeque};

use super::Exhausted;
use super::glob::{Pattern, Patterns, Piece, Positions, Span};

/// States one question may visit.
const STATES: usize = 30_000;

/// A text in all of `within` and in none of `without`; not the empty text where another will do.
pub(crate) fn text(within: &[&Patterns], without: &[&Patterns]) -> Result<Option<String>, Exhausted> {
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
    for glob in &driver.globs {
        if let Some(found) = below(glob, &others, without, &holds)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Will one of the plainest texts do? `false` says nothing; it only spares the search.
pub(crate) fn plainly(within: &[&Patterns], without: &[&Patterns]) -> bool {
    let holds = |text: &str| {
        within.iter().all(|union| union.matches(text)) && !without.iter().any(|union| union.matches(text))
    };
    within.iter().flat_map(|union| union.globs.iter().take(3)).any(|glob| holds(&plain(glob)))
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
    holds: &dyn Fn(&str) -> bool,
) -> Result<Option<String>, Exhausted> {
    let mut groups: Vec<Vec<Pattern>> = vec![vec![glob.clone()]];
    for union in others {
        if let Some(literal) = union.literals.iter().find(|literal| glob.matches(literal) && holds(literal)) {
            return Ok(Some(literal.clone()));
        }
        let group: Vec<Pattern> = union.globs.iter().filter(|other| other.may_meet(glob)).cloned().collect();
        if group.is_empty() {
            return Ok(None);
        }
        groups.push(group);
    }
    let mut taken = Vec::new();
    for union in without {
        for other in union.globs.iter().filter(|other| other.may_meet(glob)) {
            if other.plainly_covers(glob) {
                return Ok(None);
            }
            taken.push(other.clone());
        }
        taken.extend(
            union
                .literals
                .iter()
                .filter(|literal| glob.matches(literal))
                .map(|literal| Pattern::exact(literal)),
        );
    }
    Product { groups, taken }.shortest()
}

/// Patterns read side by side.
struct Product {
    /// Of each group one must match.
    groups: Vec<Vec<Pattern>>,
    /// None of these may match.
    taken: Vec<Pattern>,
}

type State = Vec<Positions>;

impl Product {
    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.groups.iter().flatten().chain(&self.taken)
    }

    fn shortest(&self) -> Result<Option<String>, Exhausted> {
        let start: State = self.patterns().map(|pattern| Positions::start(&pattern.pieces)).collect();
        let empty_will_do = self.accepts(&start);
        let mut seen: HashSet<State> = HashSet::from([start.clone()]);
        // Each visited state with the index of the one it came from and the character between.
        let mut trail: Vec<(usize, char)> = vec![(0, ' ')];
        let mut queue: VecDeque<(State, usize)> = VecDeque::from([(start, 0)]);
        while let Some((state, index)) = queue.pop_front() {
            for c in self.characters(&state) {
                let next: State =
                    self.patterns().zip(&state).map(|(pattern, at)| at.step(&pattern.pieces, c)).collect();
                if !self.alive(&next) {
                    continue;
                }
                if self.accepts(&next) {
                    trail.push((index, c));
                    return Ok(Some(spell(&trail)));
                }
                if seen.contains(&next) {
                    continue;
                }
                if seen.len() >= STATES {
                    return Err(Exhausted);
                }
                seen.insert(next.clone());
                trail.push((index, c));
                queue.push_back((next, trail.len() - 1));
            }
        }
        Ok(empty_will_do.then(String::new))
    }

    fn alive(&self, state: &State) -> bool {
        let mut at = state.iter();
        self.groups.iter().all(|group| {
            let mut any = false;
            for _ in group {
                any |= at.next().is_some_and(|positions| !positions.is_empty());
            }
            any
        })
    }

    fn accepts(&self, state: &State) -> bool {
        let mut at = state.iter();
        let mut accepts = |pattern: &Pattern| at.next().is_some_and(|at| at.accepts(&pattern.pieces));
        let mut all = true;
        for group in &self.groups {
            let mut any = false;
            for pattern in group {
                any |= accepts(pattern);
            }
            all &= any;
        }
        let mut none = true;
        for pattern in &self.taken {
            none &= !accepts(pattern);
        }
        all && none
    }

    /// The characters worth trying: those a wanted pattern spells next, one that nobody spells, and `:` where a
    /// wildcard stops at it. A character only an unwanted pattern spells never helps to get away from it.
    fn characters(&self, state: &State) -> Vec<char> {
        let wanted = self.groups.iter().map(Vec::len).sum::<usize>();
        let (mut spelled, mut unwanted) = (Vec::new(), Vec::new());
        let (mut wild, mut stops) = (false, false);
        for (number, (pattern, at)) in self.patterns().zip(state).enumerate() {
            let list = if number < wanted { &mut spelled } else { &mut unwanted };
            for place in at.iter() {
                match pattern.pieces.get(place) {
                    Some(Piece::Lit(c)) => list.push(*c),
                    Some(Piece::Fold(c)) => {
                        list.push(*c);
                        list.extend(c.to_uppercase());
                    }
                    Some(Piece::Star(span) | Piece::One(span)) => {
                        wild |= number < wanted;
                        stops |= *span == Span::Segment;
                    }
                    None => {}
                }
            }
        }
        spelled.sort_unstable();
        spelled.dedup();
        if wild {
            let used = |c: char| spelled.contains(&c) || unwanted.contains(&c);
            let fresh =
                FRESH.chars().find(|&c| !used(c)).or_else(|| ('\u{a1}'..'\u{2000}').find(|&c| !used(c)));
            if stops && !spelled.contains(&':') {
                spelled.push(':');
            }
            // First, so that shortest answers stay away from what the patterns spell.
            spelled.splice(0..0, fresh);
        }
        spelled
    }
}

/// Characters for places where any will do; lower case, for actions are compared in it.
const FRESH: &str = "xyzwvutsrqponmlkjihgfedcba1234567890-_";

fn spell(trail: &[(usize, char)]) -> String {
    let mut word = Vec::new();
    let mut index = trail.len() - 1;
    while index != 0 {
        let Some((from, c)) = trail.get(index) else { break };
        word.push(*c);
        index = *from;
    }
    word.into_iter().rev().collect()
}
