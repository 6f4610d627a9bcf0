//! The search against brute force: random pairs of worlds over alphabets so small that a finite list of requests stands
//! for all of them, each answered by the search and by asking the plain evaluator about every request of the list.

pub mod alphabet;
pub mod dice;
pub mod judge;
pub mod pool;
pub mod profiles;
pub mod show;
pub mod shrink;
pub mod sketch;

use std::time::{Duration, Instant};

use nhi_access::Request;

use alphabet::Alphabet;
use judge::{Answer, Judge, Proved};
use pool::Pool;
use profiles::{Letters, Profile};

/// How long to go on.
#[derive(Clone, Copy, Debug)]
pub enum Length {
    /// So many pairs.
    Pairs(u64),
    /// So long.
    For(Duration),
}

/// How big a pool of statements is, and how many pairs are drawn from it before the next.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// Statements of each kind.
    pub statements: usize,
    /// Pairs.
    pub pairs: u64,
    /// One in so many pairs is also evaluated whole, request by request; where a list is short, more often.
    pub whole: u64,
    /// Of one in so many pairs the proof is made and walked.
    pub proof: u64,
}

impl Default for Round {
    fn default() -> Self {
        Self { statements: 400, pairs: 100_000, whole: 9_973, proof: 97 }
    }
}

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Pairs answered.
    pub pairs: u64,
    /// Of them, with new access by brute force.
    pub new: u64,
    /// Undecided by the search.
    pub undecided: u64,
    /// Of them, with new access by the search alone, shown by a request that is new and that stands for none of the list:
    /// it joins the list of the next pool.
    pub unlisted: u64,
    /// Proofs that were asked for and came out as they should.
    pub proved: u64,
    /// Pairs with nothing new of which there is no proof.
    pub unproved: u64,
    /// The most requests that stood for all.
    pub requests: usize,
    /// Disagreements, shrunk, each as text.
    pub wrong: Vec<String>,
    /// The first few undecided pairs, shrunk, each as text.
    pub open: Vec<String>,
}

impl Tally {
    /// Both together.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.pairs += other.pairs;
        self.new += other.new;
        self.undecided += other.undecided;
        self.unlisted += other.unlisted;
        self.proved += other.proved;
        self.unproved += other.unproved;
        self.requests = self.requests.max(other.requests);
        self.wrong.extend(other.wrong);
        self.open.extend(other.open);
        self
    }
}

/// Disagreements after which a run stops: the next ones are most often the same.
const ENOUGH: usize = 5;

/// Requests that a list may learn before it is left as it is.
const LEARNED: usize = 200;

/// Requests up to which a list is short, and how much more often whole worlds are evaluated then.
const SHORT: usize = 1_000;
const OFTENER: u64 = 20;

/// Undecided pairs that are shown.
const SHOWN: usize = 3;

/// Runs one profile on this thread; the same seed gives the same pairs.
pub fn run(profile: &Profile, seed: u64, length: Length, round: Round) -> Tally {
    let start = Instant::now();
    let mut dice = dice::Dice::new(seed);
    let mut tally = Tally::default();
    let over = |tally: &Tally| match length {
        Length::Pairs(most) => tally.pairs >= most,
        Length::For(most) => start.elapsed() >= most,
    };
    let listed = |alphabet: Alphabet| {
        let requests = alphabet.requests(profile);
        (alphabet, requests)
    };
    let fixed = match profile.alphabet {
        Letters::Fixed(make) => Some(listed(make())),
        Letters::Drawn(_) => None,
    };
    let mut learned: Vec<Request> = Vec::new();
    while !over(&tally) && tally.wrong.len() < ENOUGH {
        let (alphabet, mut requests) = match (&fixed, profile.alphabet) {
            (Some(fixed), _) => fixed.clone(),
            (None, Letters::Fixed(make)) => listed(make()),
            (None, Letters::Drawn(draw)) => listed(draw(&mut dice)),
        };
        requests.extend(learned.iter().cloned());
        tally.requests = tally.requests.max(requests.len());
        let pool = Pool::new(profile, (&alphabet, requests), round.statements, &mut dice);
        let judge = Judge { profile, pool: &pool };
        let whole = if pool.requests.len() <= SHORT { (round.whole / OFTENER).max(1) } else { round.whole };
        for number in 0..round.pairs {
            if (number % 256 == 0 && over(&tally)) || tally.wrong.len() >= ENOUGH {
                break;
            }
            if let Length::Pairs(most) = length
                && tally.pairs >= most
            {
                break;
            }
            let extra =
                Extra { whole: number.is_multiple_of(whole), proof: number.is_multiple_of(round.proof) };
            if let Some(request) = one(&judge, &mut dice, extra, &mut tally) {
                learned.push(request);
                // With more requests the same pairs come to more; a pool is not made anew for each.
                if fixed.is_some() && learned.len() < LEARNED && learned.len().is_multiple_of(8) {
                    break;
                }
            }
        }
        if fixed.is_none() {
            learned.clear();
        }
    }
    tally
}

/// What else is asked about a pair.
#[derive(Clone, Copy)]
struct Extra {
    whole: bool,
    proof: bool,
}

/// One pair. Returns a request that no other of the list stands for.
fn one(judge: &Judge<'_>, dice: &mut dice::Dice, extra: Extra, tally: &mut Tally) -> Option<Request> {
    let pair = sketch::Pair::random(judge.profile, judge.pool, dice);
    let new = judge.pool.is_new(judge.profile, &pair);
    tally.pairs += 1;
    tally.new += u64::from(new);
    let worlds = judge.worlds(&pair);
    if extra.whole && judge.brute(&worlds) != new {
        tally.wrong.push(show::pair("the combination of statements is not the whole", &worlds, None));
        return None;
    }
    if extra.proof {
        match Judge::proof(&worlds, new) {
            Some(Proved::Wrong(title)) => tally.wrong.push(show::pair(&title, &worlds, None)),
            Some(Proved::Agreed) => tally.proved += 1,
            Some(Proved::Unproved) => tally.unproved += 1,
            None => {}
        }
    }
    let answer = judge.answer(&worlds, || new);
    match &answer {
        Answer::Agreed => {}
        Answer::Unlisted(request) => {
            tally.unlisted += 1;
            return Some((**request).clone());
        }
        Answer::Undecided => {
            tally.undecided += 1;
            if tally.open.len() < SHOWN {
                let small = shrink::shrink(judge, worlds, &answer);
                tally.open.push(show::pair(&answer.title(), &small, None));
            }
            if !judge.profile.may_be_open {
                tally.wrong.push("undecided, where all can be decided".to_owned());
            }
        }
        _ => {
            let small = shrink::shrink(judge, worlds, &answer);
            let answer = judge.again(&small);
            tally.wrong.push(show::pair(&answer.title(), &small, answer.request()));
        }
    }
    None
}
