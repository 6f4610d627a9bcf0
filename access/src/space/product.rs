//! Patterns read side by side, all of their places in one word of bits: a text that some match and others do not.
//!
//! The search goes best first: the least is what was read and what the wanted patterns still need. A place behind a
//! free star holds every reading that came to an earlier place of the same pattern, so those are dropped; a state
//! in which an unwanted pattern has come to its closing star has no way out.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::hash::BuildHasherDefault;

use super::Exhausted;
use super::glob::{Pattern, Piece, Span};
use super::hash::{Mixer, Quick};

/// One bit for each place of each pattern, and one for its end.
type State = Box<[u64]>;

/// Bits from the first to before the second.
#[derive(Clone, Copy)]
struct Range(usize, usize);

/// Patterns read side by side.
pub(super) struct Product {
    /// By bit; `None` at the ends of patterns.
    pieces: Vec<Option<Piece>>,
    /// Of each wanted group: its bits.
    groups: Vec<Range>,
    /// Of each pattern: its bits.
    patterns: Vec<Range>,
    /// By bit, which of `patterns` it belongs to.
    owner: Vec<u32>,
    /// By bit, what the pattern still needs from there on.
    needs: Vec<u32>,
    /// The first bit that no wanted pattern has.
    wanted: usize,
    words: usize,
    start: State,
    stars: State,
    free_stars: State,
    /// Ends of wanted and of unwanted patterns.
    ends: State,
    taken: State,
    /// Closing stars of unwanted patterns.
    doom: State,
}

/// What one character does: where it stays, and from where it goes on.
struct Moves {
    stay: State,
    go: State,
}

impl Product {
    /// Of each group one must match, of `taken` none may.
    pub(super) fn new(groups: &[Vec<&Pattern>], taken: &[&Pattern]) -> Self {
        let mut pieces: Vec<Option<Piece>> = Vec::new();
        let (mut patterns, mut owner, mut needs) = (Vec::new(), Vec::new(), Vec::new());
        let mut add = |pattern: &Pattern| {
            let from = pieces.len();
            for piece in &pattern.pieces {
                let last = if pieces.len() > from { pieces.last().copied().flatten() } else { None };
                match (last, piece) {
                    (Some(Piece::Star(Span::Any)), Piece::Star(_))
                    | (Some(Piece::Star(_)), Piece::Star(Span::Segment)) => {}
                    (Some(Piece::Star(Span::Segment)), Piece::Star(Span::Any)) => {
                        pieces.pop();
                        pieces.push(Some(*piece));
                    }
                    _ => pieces.push(Some(*piece)),
                }
            }
            pieces.push(None);
            let number = u32::try_from(patterns.len()).unwrap_or(u32::MAX);
            owner.resize(pieces.len(), number);
            let mut need = 0;
            let own = pieces.get(from..).unwrap_or_default().iter().rev().map(|piece| {
                need += u32::from(!matches!(piece, None | Some(Piece::Star(_))));
                need
            });
            let own: Vec<u32> = own.collect();
            needs.extend(own.into_iter().rev());
            patterns.push(Range(from, pieces.len()));
            pieces.len()
        };
        let mut group_ranges = Vec::new();
        let mut at = 0;
        for group in groups {
            let from = at;
            for pattern in group {
                at = add(pattern);
            }
            group_ranges.push(Range(from, at));
        }
        let wanted = at;
        for pattern in taken {
            add(pattern);
        }
        let words = pieces.len().div_ceil(64).max(1);
        let with = |test: &dyn Fn(usize, &Option<Piece>) -> bool| {
            let mut state = blank(words);
            for (bit, piece) in pieces.iter().enumerate() {
                if test(bit, piece) {
                    set(&mut state, bit);
                }
            }
            state
        };
        let stars = with(&|_, piece| matches!(piece, Some(Piece::Star(_))));
        let free_stars = with(&|_, piece| matches!(piece, Some(Piece::Star(Span::Any))));
        let ends = with(&|bit, piece| bit < wanted && piece.is_none());
        let taken = with(&|bit, piece| bit >= wanted && piece.is_none());
        let doom = with(&|bit, piece| {
            bit >= wanted
                && matches!(piece, Some(Piece::Star(Span::Any)))
                && matches!(pieces.get(bit + 1), Some(None))
        });
        let mut product = Self {
            pieces,
            groups: group_ranges,
            patterns,
            owner,
            needs,
            wanted,
            words,
            start: blank(words),
            stars,
            free_stars,
            ends,
            taken,
            doom,
        };
        let mut first = blank(words);
        for range in &product.patterns {
            set(&mut first, range.0);
        }
        product.settle(&mut first);
        product.start = first;
        product
    }

    /// A text, not the empty one where another will do. `budget` is what is left of the states to visit.
    pub(super) fn find(&self, budget: &mut usize) -> Result<Option<String>, Exhausted> {
        if !self.alive(&self.start) {
            return Ok(None);
        }
        let empty_will_do = self.accepts(&self.start);
        let cost = 1 + self.words / 8;
        let mut moves: Quick<char, Moves> = Quick::default();
        let mut seen: HashSet<State, BuildHasherDefault<Mixer>> = HashSet::default();
        seen.insert(self.start.clone());
        // Each visited state with the one it came from and the character between.
        let mut trail: Vec<(State, usize, char)> = vec![(self.start.clone(), 0, ' ')];
        // Least first: what is read and needed, then what is read furthest, then what came first.
        let mut queue = BinaryHeap::from([Reverse((self.need(&self.start), Reverse(0_u32), 0_usize))]);
        while let Some(Reverse((_, Reverse(read), index))) = queue.pop() {
            let Some((state, ..)) = trail.get(index) else { break };
            let state = state.clone();
            for c in self.characters(&state) {
                let moves = moves.entry(c).or_insert_with(|| self.moves(c));
                let next = self.step(&state, moves);
                if !self.alive(&next) {
                    continue;
                }
                if self.accepts(&next) {
                    return Ok(Some(spell(&trail, index, c)));
                }
                if seen.contains(&next) {
                    continue;
                }
                *budget = budget.saturating_sub(cost);
                if *budget == 0 {
                    return if empty_will_do { Ok(Some(String::new())) } else { Err(Exhausted) };
                }
                seen.insert(next.clone());
                let total = read + 1 + self.need(&next);
                queue.push(Reverse((total, Reverse(read + 1), trail.len())));
                trail.push((next, index, c));
            }
        }
        Ok(empty_will_do.then(String::new))
    }

    fn moves(&self, c: char) -> Moves {
        let (mut stay, mut go) = (blank(self.words), blank(self.words));
        for (bit, piece) in self.pieces.iter().enumerate() {
            match piece {
                Some(piece @ Piece::Star(_)) if piece.takes(c) => set(&mut stay, bit),
                Some(Piece::Star(_)) | None => {}
                Some(piece) if piece.takes(c) => set(&mut go, bit),
                Some(_) => {}
            }
        }
        Moves { stay, go }
    }

    fn step(&self, state: &State, moves: &Moves) -> State {
        let mut next = blank(self.words);
        let mut carry = 0;
        let masks = moves.stay.iter().zip(&moves.go);
        for ((to, from), (stay, go)) in next.iter_mut().zip(state).zip(masks) {
            let going = from & go;
            *to = (from & stay) | going << 1 | carry;
            carry = going >> 63;
        }
        self.settle(&mut next);
        next
    }

    /// Goes past stars, which may stand for nothing, and drops what a free star behind holds anyway.
    fn settle(&self, state: &mut State) {
        let mut carry = 0;
        for (word, stars) in state.iter_mut().zip(&self.stars) {
            *word |= carry;
            let passing = *word & stars;
            *word |= passing << 1;
            carry = passing >> 63;
        }
        let mut before = self.pieces.len();
        for index in (0..self.words).rev() {
            let (Some(word), Some(free)) = (state.get(index), self.free_stars.get(index)) else { continue };
            let mut found = word & free;
            while found != 0 {
                let bit = index * 64 + (63 - found.leading_zeros() as usize);
                found &= !(1 << (bit % 64));
                if bit >= before {
                    continue;
                }
                let own = self.owner.get(bit).and_then(|owner| self.patterns.get(*owner as usize));
                let Some(Range(from, _)) = own else { continue };
                clear(state, Range(*from, bit));
                before = *from;
            }
        }
    }

    /// Can each group still match, and does no unwanted pattern match whatever comes?
    fn alive(&self, state: &State) -> bool {
        !meets(state, &self.doom) && self.groups.iter().all(|group| any(state, *group))
    }

    fn accepts(&self, state: &State) -> bool {
        !meets(state, &self.taken)
            && self.groups.iter().all(|group| {
                bits(state, *group)
                    .any(|bit| self.ends.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1))
            })
    }

    /// What all groups together still need at least, each by itself.
    fn need(&self, state: &State) -> u32 {
        let least = |group: &Range| {
            bits(state, *group).filter_map(|bit| self.needs.get(bit)).min().copied().unwrap_or(0)
        };
        self.groups.iter().map(least).sum()
    }

    /// The characters worth trying: those a wanted pattern spells next, one that nobody spells, and `:` where a
    /// wildcard stops at it. A character only an unwanted pattern spells never helps to get away from it.
    fn characters(&self, state: &State) -> Vec<char> {
        let (mut spelled, mut unwanted) = (Vec::new(), Vec::new());
        let (mut wild, mut stops) = (false, false);
        for bit in bits(state, Range(0, self.pieces.len())) {
            let list = if bit < self.wanted { &mut spelled } else { &mut unwanted };
            match self.pieces.get(bit) {
                Some(Some(Piece::Lit(c))) => list.push(*c),
                Some(Some(Piece::Fold(c))) => {
                    list.push(*c);
                    list.extend(c.to_uppercase());
                }
                Some(Some(Piece::Star(span) | Piece::One(span))) => {
                    wild |= bit < self.wanted;
                    stops |= *span == Span::Segment;
                }
                Some(None) | None => {}
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

fn blank(words: usize) -> State {
    vec![0; words].into_boxed_slice()
}

fn set(state: &mut State, bit: usize) {
    if let Some(word) = state.get_mut(bit / 64) {
        *word |= 1 << (bit % 64);
    }
}

fn meets(state: &State, mask: &State) -> bool {
    state.iter().zip(mask).any(|(word, mask)| word & mask != 0)
}

/// The bits of a word that lie in a range.
fn within(index: usize, Range(from, to): Range) -> u64 {
    let low = from.saturating_sub(index * 64);
    let high = to.saturating_sub(index * 64);
    let below = |count: usize| if count >= 64 { u64::MAX } else { (1 << count) - 1 };
    below(high) & !below(low)
}

fn clear(state: &mut State, range: Range) {
    for index in range.0 / 64..=range.1 / 64 {
        if let Some(word) = state.get_mut(index) {
            *word &= !within(index, range);
        }
    }
}

fn any(state: &State, range: Range) -> bool {
    (range.0 / 64..=range.1 / 64)
        .any(|index| state.get(index).is_some_and(|word| word & within(index, range) != 0))
}

fn bits(state: &State, range: Range) -> impl Iterator<Item = usize> + '_ {
    (range.0 / 64..=range.1 / 64).flat_map(move |index| {
        let mut left = state.get(index).map_or(0, |word| word & within(index, range));
        std::iter::from_fn(move || {
            if left == 0 {
                return None;
            }
            let bit = left.trailing_zeros() as usize;
            left &= left - 1;
            Some(index * 64 + bit)
        })
    })
}

fn spell(trail: &[(State, usize, char)], from: usize, last: char) -> String {
    let mut word = vec![last];
    let mut index = from;
    while index != 0 {
        let Some((_, from, c)) = trail.get(index) else { break };
        word.push(*c);
        index = *from;
    }
    word.into_iter().rev().collect()
}
