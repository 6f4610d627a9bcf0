//! The search's answer on one pair, held against brute force and against the evaluator.

use std::panic::{AssertUnwindSafe, catch_unwind};

use nhi_access::dialect::aws::Policy;
use nhi_access::{
    Content, Decision, Document, Layer, Reading, Request, Settings, Verdict, World, evaluate, newly, proof,
};

use super::pool::Pool;
use super::profiles::Profile;
use super::sketch::{self, Pair, Worlds};

/// What is wrong, if anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing.
    Agreed,
    /// The search says that nothing is new, and this request is.
    Missed(Box<Request>),
    /// The search says that something is new, and shows a request that is not.
    False(Box<Request>),
    /// The search shows a request that is new, and none of those that stand for all is: the alphabet has a hole.
    Unlisted(Box<Request>),
    /// Brute force says that something is new, and no request of the list is.
    Lost,
    /// The search does not know.
    Undecided,
    /// A witness of the search was not confirmed.
    Mismatch,
    /// The search gave up altogether.
    Panicked,
}

impl Answer {
    /// In words.
    pub fn title(&self) -> String {
        match self {
            Self::Agreed => "agreed",
            Self::Missed(_) => "nothing new by the search, but this request is",
            Self::False(_) => "new access by the search, but this witness is none",
            Self::Unlisted(_) => {
                "new access by the search, but no request of the alphabet is new; its witness is"
            }
            Self::Lost => "new access by brute force, but none of its requests is new",
            Self::Undecided => "undecided by the search",
            Self::Mismatch => "a witness of the search was not confirmed",
            Self::Panicked => "the search panicked",
        }
        .to_owned()
    }

    /// The request it is about.
    pub fn request(&self) -> Option<&Request> {
        match self {
            Self::Missed(request) | Self::False(request) | Self::Unlisted(request) => Some(request),
            _ => None,
        }
    }

    /// Is it the same thing that is wrong?
    pub fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// What came of a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proved {
    /// There is one and nothing is new, or there is none and something is.
    Agreed,
    /// Nothing is new, and there is none: proofs of this form do not reach everything.
    Unproved,
    /// It says what is not so.
    Wrong(String),
}

/// The only document of a world of which nothing else is known.
fn document(world: &World) -> Option<&Policy> {
    match (&world.principal, world.layers.as_slice()) {
        (None, [Layer { documents, .. }]) => match documents.as_slice() {
            [Document { content: Content::Aws(policy), .. }] => Some(policy),
            _ => None,
        },
        _ => None,
    }
}

/// Judges pairs of one pool.
pub struct Judge<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// The pool.
    pub pool: &'a Pool,
}

impl Judge<'_> {
    /// The two worlds of a pair.
    pub fn worlds(&self, pair: &Pair) -> Worlds {
        let world = |of| sketch::world(self.profile, self.pool, of);
        Worlds { before: world(&pair.before), after: world(&pair.after), semantics: pair.semantics }
    }

    /// Is any request of the alphabet new, one by one?
    pub fn brute(&self, worlds: &Worlds) -> bool {
        self.found(worlds).is_some()
    }

    fn found(&self, worlds: &Worlds) -> Option<&Request> {
        let readings = worlds.semantics.readings();
        let new = |request: &&Request| is_new(&worlds.before, &worlds.after, request, &readings);
        self.pool.requests.iter().find(new)
    }

    /// Asks the search; `new` is what brute force says, asked where it matters.
    pub fn answer(&self, worlds: &Worlds, new: impl FnOnce() -> bool) -> Answer {
        let settings = Settings { semantics: worlds.semantics, ..Settings::default() };
        let found = catch_unwind(AssertUnwindSafe(|| newly(&worlds.before, &worlds.after, &settings)));
        let Ok(found) = found else { return Answer::Panicked };
        if found.mismatches > 0 {
            return Answer::Mismatch;
        }
        let readings = settings.semantics.readings();
        let holds = |request: &Request| is_new(&worlds.before, &worlds.after, request, &readings);
        if let Some(wrong) = found.new.iter().find(|region| !holds(&region.witness)) {
            return Answer::False(Box::new(wrong.witness.clone()));
        }
        if found.verdict == Verdict::Undecided {
            return Answer::Undecided;
        }
        match (found.verdict, new()) {
            (Verdict::NewAccess, true) | (Verdict::NoNewAccess, false) => Answer::Agreed,
            (_, false) => match found.new.first() {
                Some(region) => Answer::Unlisted(Box::new(region.witness.clone())),
                None => Answer::Mismatch,
            },
            (_, true) => match self.found(worlds) {
                Some(request) => Answer::Missed(Box::new(request.clone())),
                // Brute force has one, so it must be found again.
                None => Answer::Lost,
            },
        }
    }

    /// Makes a proof of the pair and walks it; `new` is what brute force says. `None` where the worlds are not one
    /// document each.
    pub fn proof(worlds: &Worlds, new: bool) -> Option<Proved> {
        let (before, after) = (document(&worlds.before)?, document(&worlds.after)?);
        Some(match proof::prove(before, after, worlds.semantics) {
            Err(_) if new => Proved::Agreed,
            Err(_) => Proved::Unproved,
            Ok(_) if new => Proved::Wrong("a proof that nothing is new, though something is".to_owned()),
            Ok(made) => match proof::check(&made, before, after) {
                Ok(()) => Proved::Agreed,
                Err(flaw) => Proved::Wrong(format!("its own proof does not hold: {flaw}")),
            },
        })
    }

    /// Both answers from the worlds alone.
    pub fn again(&self, worlds: &Worlds) -> Answer {
        self.answer(worlds, || self.brute(worlds))
    }
}

fn is_new(before: &World, after: &World, request: &Request, readings: &[Reading]) -> bool {
    readings.iter().any(|reading| {
        evaluate(after, request, *reading) == Decision::Allowed
            && evaluate(before, request, *reading) == Decision::Denied
    })
}
