//! Patterns of text, and the question whether some text matches these and none of those.

use std::collections::HashSet;

/// One step of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Token {
    /// This character.
    Char(char),
    /// This character in either case.
    Fold(char),
    /// Any one character; `:` too if `colon`.
    One { colon: bool },
    /// Any text; over `:` too if `colon`.
    Star { colon: bool },
}

/// How the wildcards of a text are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    /// There are none.
    Exact,
    /// There are none, and letter case does not matter.
    Folded,
    /// They cross everything.
    Crossing,
    /// They stay in their segment up to the sixth; a `*` at the very end crosses.
    Segmented,
    /// Six parts, each with its own wildcards; other text is no pattern at all.
    Arn,
}

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Glob {
    tokens: Vec<Token>,
    /// The characters before its first wildcard.
    lead: String,
}

impl From<Vec<Token>> for Glob {
    fn from(tokens: Vec<Token>) -> Self {
        let lead = tokens.iter().map_while(|token| if let Token::Char(c) = token { Some(*c) } else { None });
        Self { lead: lead.collect(), tokens }
    }
}

/// The search for a matching text was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GaveUp;

impl Glob {
    /// Matches everything.
    pub(crate) fn everything() -> Self {
        Self::from(vec![Token::Star { colon: true }])
    }

    /// A pattern from its characters, each with whether it only ever stands for itself.
    pub(crate) fn new(letters: &[(char, bool)], style: Style) -> Option<Self> {
        if style == Style::Arn && letters.iter().filter(|(c, _)| *c == ':').count() < 5 {
            return None;
        }
        let mut colons = 0_usize;
        let last = letters.len().saturating_sub(1);
        let tokens = letters.iter().enumerate().map(|(index, &(c, itself))| {
            if c == ':' {
                colons += 1;
            }
            let colon = match style {
                Style::Arn => colons >= 5,
                Style::Segmented => colons >= 5 || (c == '*' && index == last),
                _ => true,
            };
            match (style, c) {
                (Style::Folded, c) => Token::Fold(c),
                (Style::Exact, c) => Token::Char(c),
                (_, '*') if !itself => Token::Star { colon },
                (_, '?') if !itself => Token::One { colon },
                (_, c) => Token::Char(c),
            }
        });
        Some(Self::from(tokens.collect::<Vec<_>>()))
    }

    /// A pattern whose wildcards cross everything.
    pub(crate) fn crossing(text: &str) -> Self {
        let letters: Vec<(char, bool)> = text.chars().map(|c| (c, false)).collect();
        Self::new(&letters, Style::Crossing).unwrap_or_else(Self::everything)
    }

    /// How many steps it has.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Its one text, if it has only one.
    pub(crate) fn literal(&self) -> Option<&str> {
        let only = self.tokens.iter().all(|token| matches!(token, Token::Char(_)));
        only.then_some(self.lead.as_str())
    }

    /// The characters before its first wildcard.
    pub(crate) fn lead(&self) -> &str {
        &self.lead
    }

    /// Does it match?
    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut tokens = self.tokens.as_slice();
        let mut rest = text.chars();
        // Most patterns differ in how they begin.
        while let [first @ (Token::Char(_) | Token::Fold(_) | Token::One { .. }), behind @ ..] = tokens {
            if !rest.next().is_some_and(|c| first.takes(c)) {
                return false;
            }
            tokens = behind;
        }
        match tokens {
            [] => return rest.next().is_none(),
            [Token::Star { colon: true }] => return true,
            _ => {}
        }
        // Which of the remaining positions are reached.
        let mut reached = vec![false; tokens.len() + 1];
        enter(tokens, &mut reached, 0);
        for c in rest {
            let mut following = vec![false; tokens.len() + 1];
            for (at, token) in tokens.iter().enumerate() {
                if reached.get(at) == Some(&true) && token.takes(c) {
                    let next = if matches!(token, Token::Star { .. }) { at } else { at + 1 };
                    enter(tokens, &mut following, next);
                }
            }
            reached = following;
        }
        reached.last() == Some(&true)
    }

    /// A plain example of it: wildcards become `filler`.
    pub(crate) fn example(&self, filler: &str) -> String {
        let mut text = String::new();
        for token in &self.tokens {
            match token {
                Token::Char(c) | Token::Fold(c) => text.push(*c),
                Token::One { .. } => text.push('x'),
                Token::Star { .. } => text.push_str(filler),
            }
        }
        text
    }
}

impl Token {
    /// Can it stand for this character?
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Char(own) => *own == c,
            Self::Fold(own) => own.eq_ignore_ascii_case(&c),
            Self::One { colon } | Self::Star { colon } => *colon || c != ':',
        }
    }
}

/// Reaches a position, and those behind it that need no character.
fn enter(tokens: &[Token], reached: &mut [bool], mut at: usize) {
    loop {
        if let Some(known) = reached.get_mut(at) {
            *known = true;
        }
        if !matches!(tokens.get(at), Some(Token::Star { .. })) {
            return;
        }
        at += 1;
    }
}

/// Finds text that matches a pattern of every group and none of `without`: the first of `wishes` that does, else the
/// shortest there is.
pub(crate) fn find(
    groups: &[Vec<&Glob>],
    without: &[&Glob],
    wishes: &[String],
    states: usize,
) -> Result<Option<String>, GaveUp> {
    let fits = |text: &str| {
        groups.iter().all(|group| group.iter().any(|glob| glob.matches(text)))
            && !without.iter().any(|glob| glob.matches(text))
    };
    // A group of single texts leaves nothing to search.
    if let Some(texts) = groups
        .iter()
        .filter_map(|group| group.iter().map(|glob| glob.literal()).collect::<Option<Vec<_>>>())
        .min_by_key(Vec::len)
    {
        return Ok(texts.into_iter().find(|text| fits(text)).map(str::to_owned));
    }
    if let Some(wish) = wishes.iter().find(|wish| fits(wish)) {
        return Ok(Some(wish.clone()));
    }
    let slices: Vec<&[&Glob]> = groups.iter().map(Vec::as_slice).collect();
    let mut machine = Machine::new(&slices, without);
    let start = machine.start();
    let mut seen: HashSet<Vec<u64>> = HashSet::from([start.clone()]);
    let mut queue = vec![(start, usize::MAX, '\0')];
    let mut next = 0;
    while let Some((state, ..)) = queue.get(next).cloned() {
        if machine.accepts(&state) {
            return Ok(Some(spell(&queue, next)));
        }
        for c in machine.letters(&state) {
            let following = machine.step(&state, c);
            if machine.alive(&following) && seen.insert(following.clone()) {
                if seen.len() > states {
                    return Err(GaveUp);
                }
                queue.push((following, next, c));
            }
        }
        next += 1;
    }
    Ok(None)
}

fn spell(queue: &[(Vec<u64>, usize, char)], mut at: usize) -> String {
    let mut letters = Vec::new();
    while let Some((_, parent, c)) = queue.get(at) {
        if *parent == usize::MAX {
            break;
        }
        letters.push(*c);
        at = *parent;
    }
    letters.iter().rev().collect()
}

/// All patterns walked side by side: one bit for each position in each of them.
struct Machine<'a> {
    tokens: Vec<Option<&'a Token>>,
    /// The bits of each group, and which of them end a pattern.
    groups: Vec<(usize, usize)>,
    ends: Vec<bool>,
    starts: Vec<usize>,
    /// Where the patterns that must not match begin.
    without: usize,
    fresh: char,
}

impl<'a> Machine<'a> {
    fn new(groups: &[&[&'a Glob]], without: &[&'a Glob]) -> Self {
        let mut machine = Self {
            tokens: Vec::new(),
            groups: Vec::new(),
            ends: Vec::new(),
            starts: Vec::new(),
            without: 0,
            fresh: 'x',
        };
        for group in groups {
            let from = machine.tokens.len();
            for glob in *group {
                machine.add(glob);
            }
            machine.groups.push((from, machine.tokens.len()));
        }
        machine.without = machine.tokens.len();
        for glob in without {
            machine.add(glob);
        }
        let used: HashSet<char> = machine
            .tokens
            .iter()
            .filter_map(|token| match token {
                Some(Token::Char(c)) => Some(*c),
                Some(Token::Fold(c)) => Some(c.to_ascii_lowercase()),
                _ => None,
            })
            .collect();
        machine.fresh = ('a'..='z')
            .rev()
            .chain('0'..='9')
            .chain('\u{a1}'..='\u{2fff}')
            .find(|c| !used.contains(c))
            .unwrap_or('x');
        machine
    }

    fn add(&mut self, glob: &'a Glob) {
        self.starts.push(self.tokens.len());
        self.tokens.extend(glob.tokens.iter().map(Some));
        self.ends.resize(self.tokens.len(), false);
        self.tokens.push(None);
        self.ends.push(true);
    }

    fn start(&self) -> Vec<u64> {
        let mut state = vec![0; self.tokens.len() / 64 + 1];
        for &start in &self.starts {
            self.enter(&mut state, start);
        }
        state
    }

    /// Sets a position, and those reachable from it without a character.
    fn enter(&self, state: &mut [u64], mut at: usize) {
        loop {
            if let Some(word) = state.get_mut(at / 64) {
                *word |= 1 << (at % 64);
            }
            match self.tokens.get(at) {
                Some(Some(Token::Star { .. })) => at += 1,
                _ => return,
            }
        }
    }

    fn positions(state: &[u64]) -> impl Iterator<Item = usize> + '_ {
        state.iter().enumerate().flat_map(|(index, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }

    fn step(&mut self, state: &[u64], c: char) -> Vec<u64> {
        let mut following = vec![0; state.len()];
        for at in Self::positions(state) {
            match self.tokens.get(at).copied().flatten() {
                Some(token @ Token::Star { .. }) if token.takes(c) => self.enter(&mut following, at),
                Some(token) if token.takes(c) => self.enter(&mut following, at + 1),
                _ => {}
            }
        }
        following
    }

    /// The characters that lead to different places, and one that stands for all others.
    fn letters(&self, state: &[u64]) -> Vec<char> {
        let mut letters = vec![self.fresh, ':'];
        for at in Self::positions(state) {
            match self.tokens.get(at).copied().flatten() {
                Some(Token::Char(c)) => letters.push(*c),
                Some(Token::Fold(c)) => letters.extend([c.to_ascii_lowercase(), c.to_ascii_uppercase()]),
                _ => {}
            }
        }
        let mut seen = HashSet::new();
        letters.retain(|c| seen.insert(*c));
        letters
    }

    fn alive(&self, state: &[u64]) -> bool {
        self.groups.iter().all(|&(from, to)| any_bit(state, from, to))
    }

    fn accepts(&self, state: &[u64]) -> bool {
        let ended =
            |from: usize, to: usize| (from..to).any(|at| self.ends.get(at) == Some(&true) && bit(state, at));
        self.groups.iter().all(|&(from, to)| ended(from, to)) && !ended(self.without, self.tokens.len())
    }
}

fn bit(state: &[u64], at: usize) -> bool {
    state.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
}

fn any_bit(state: &[u64], from: usize, to: usize) -> bool {
    (from..to).any(|at| bit(state, at))
}
