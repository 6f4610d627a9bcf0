//! The evaluator's patterns, read a character at a time: what matching says of one text, told for all texts at once.

use std::collections::BTreeSet;

use super::matching::{Sign, like};
use super::reading::is_token;

/// How far a text has been read: for each union of patterns the places, as (pattern, position).
pub(crate) type State = Vec<Vec<(usize, usize)>>;

/// Is there a text that one pattern of each of `within` matches, and none of `without`?
#[derive(Clone, Debug, Default)]
pub(crate) struct Question {
    within: Vec<Vec<Vec<Sign>>>,
    without: Vec<Vec<Vec<Sign>>>,
    /// Letters match in either case.
    pub(crate) folded: bool,
}

impl Question {
    /// Adds a union that has to match, or must not.
    pub(crate) fn put(&mut self, patterns: Vec<Vec<Sign>>, inside: bool) {
        if inside { &mut self.within } else { &mut self.without }.push(patterns);
    }

    /// Tries every text that one of `within` spells out, and asks for states for the rest of it.
    pub(crate) fn counted_out(mut self) -> Result<bool, Self> {
        if self.within.is_empty() {
            self.within.push(vec![vec![Sign::Run(true)]]);
        }
        // Where two patterns meet, the value of a variable in one may be anything to the other.
        if self.within.len() > 1 {
            let signs = self.within.iter_mut().flatten().flatten();
            signs
                .filter(|sign| matches!(sign, Sign::Char(c) if is_token(*c)))
                .for_each(|sign| *sign = Sign::Run(true));
        }
        if self.folded {
            return Err(self);
        }
        let spelled = |pattern: &Vec<Sign>| -> Option<String> {
            let letters = pattern.iter().map(|sign| if let Sign::Char(c) = sign { Some(*c) } else { None });
            letters.collect::<Option<String>>().filter(|text| !text.contains(is_token))
        };
        let open = |union: &Vec<Vec<Sign>>| union.iter().filter(|one| spelled(one).is_none()).count();
        let fewest = self.within.iter().enumerate().min_by_key(|(_, union)| open(union)).map(|(at, _)| at);
        let (texts, globs): (Vec<_>, Vec<_>) = self
            .within
            .get(fewest.unwrap_or_default())
            .into_iter()
            .flatten()
            .cloned()
            .partition(|pattern| spelled(pattern).is_some());
        let matches = |union: &Vec<Vec<Sign>>, text: &str| union.iter().any(|pattern| like(pattern, text));
        let refused = |text: String| {
            self.without.iter().any(|union| matches(union, &text))
                || !self.within.iter().all(|union| matches(union, &text))
        };
        if !texts.iter().filter_map(spelled).all(refused) {
            return Ok(false);
        }
        if globs.is_empty() {
            return Ok(true);
        }
        if let Some(union) = self.within.get_mut(fewest.unwrap_or_default()) {
            *union = globs;
        }
        Err(self)
    }

    fn unions(&self) -> impl Iterator<Item = &Vec<Vec<Sign>>> {
        self.within.iter().chain(&self.without)
    }

    /// The state before the first character.
    pub(crate) fn start(&self) -> State {
        self.unions().map(|union| stand(union, (0..union.len()).map(|number| (number, 0)))).collect()
    }

    /// The state one character later; `None` where some of `within` can no longer match.
    pub(crate) fn step(&self, state: &State, c: char) -> Option<State> {
        let takes = |sign: &Sign| match sign {
            Sign::Char(own) => *own == c || (self.folded && own.to_lowercase().eq(c.to_lowercase())),
            // The value of a variable may be of any length and hold any character.
            Sign::One(colon) => !is_token(c) && (*colon || c != ':'),
            Sign::Run(colon) => *colon || (c != ':' && !is_token(c)),
        };
        let next = |union: &Vec<Vec<Sign>>, places: &Vec<(usize, usize)>| {
            let moved = places.iter().filter_map(|&(number, at)| {
                let sign = union.get(number)?.get(at).filter(|sign| takes(sign))?;
                Some((number, if matches!(sign, Sign::Run(_)) { at } else { at + 1 }))
            });
            stand(union, moved)
        };
        let next: State = self.unions().zip(state).map(|(union, places)| next(union, places)).collect();
        (!next.iter().take(self.within.len()).any(Vec::is_empty)).then_some(next)
    }

    /// Would a text that ends here be an answer?
    pub(crate) fn accepts(&self, state: &State) -> bool {
        let mut ends = self.unions().zip(state).map(|(union, places)| {
            places.iter().any(|&(number, at)| union.get(number).is_some_and(|pattern| pattern.len() == at))
        });
        ends.by_ref().take(self.within.len()).all(|end| end) && !ends.any(|end| end)
    }

    /// A character for every class that the patterns can tell apart.
    pub(crate) fn alphabet(&self) -> Vec<char> {
        let spelled = self.unions().flatten().flatten().filter_map(|sign| match sign {
            Sign::Char(c) => Some([*c].into_iter().chain(c.to_lowercase()).chain(c.to_uppercase())),
            _ => None,
        });
        // Two letters beyond the alphabet whose lower case is in it.
        let letters: BTreeSet<char> = spelled.flatten().chain([':', '\u{212a}', '\u{212b}']).collect();
        let fresh = ('\u{4e00}'..'\u{9fff}').find(|c| !letters.contains(c));
        letters.into_iter().chain(fresh).collect()
    }
}

/// These places and those past the runs there, which may be empty.
fn stand(union: &[Vec<Sign>], places: impl Iterator<Item = (usize, usize)>) -> Vec<(usize, usize)> {
    let mut all = BTreeSet::new();
    for (number, mut at) in places {
        while all.insert((number, at))
            && matches!(union.get(number).and_then(|one| one.get(at)), Some(Sign::Run(_)))
        {
            at += 1;
        }
    }
    all.into_iter().collect()
}
