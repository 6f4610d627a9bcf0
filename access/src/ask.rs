//! One part of a granting statement under one reading: certain, possible through values nobody knows, or nothing.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use crate::assign::{self, Assignment};
use crate::comparison::Undecided;
use crate::dialect::aws::caller::Caller;
use crate::dialect::aws::compile::{Lean, Reader, Void, opaque};
use crate::difference::{Question, disputed_absence, disputed_stars};
use crate::evaluate::{Decision, evaluate};
use crate::parts::{self, Part, Speaks, Taken};
use crate::region::{self, New};
use crate::request::Request;
use crate::settings::{AnyIfExists, Reading, Semantics, Stars};
use crate::side::{Cap, Place, Side, What};
use crate::space::Exhausted;
use crate::space::atom::Atom;
use crate::space::clause::{ACTION, Clause, Dim, Lit, Numbers};
use crate::space::glob::{Pattern, Patterns};
use crate::space::search::{Search, Tokens};
use crate::witness::{Found, Wanted, witness};
use crate::world::World;

/// A part of a granting entry of the new side, and the caps that its way has besides.
pub(crate) struct Asked<'a> {
    pub(crate) granting: Place,
    pub(crate) caps: &'a [Cap],
    pub(crate) part: &'a Part,
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) new: Option<New>,
    pub(crate) undecided: Vec<Undecided>,
    pub(crate) mismatches: usize,
}

/// The statements that matter to a part, ready for the search.
pub(crate) struct Pair {
    pub(crate) granting: Rc<Clause>,
    /// The part: its base, what grants it, its actions where the search needs them.
    pub(crate) space: Vec<Lit>,
    /// What the granting statement asks of actions, where the part is all of it.
    pub(crate) action: Option<Lit>,
    /// The granting way's other caps, in `after`.
    pub(crate) caps: Vec<Vec<Rc<Clause>>>,
    /// The ways of `before`, by cap.
    pub(crate) ways: Vec<Vec<Vec<Rc<Clause>>>>,
    pub(crate) was_denied: Vec<Rc<Clause>>,
    pub(crate) denies: Vec<Rc<Clause>>,
}

/// In lower case.
const ALWAYS: &str = "sts:getcalleridentity";

type Key = (bool, Place, Reading, Lean);

/// A box of new requests, and the uncertain cap that lets it through, or the uncertain denial that is gone, if any.
type Escaped = (Vec<Lit>, Option<Rc<Clause>>);

/// Asks about parts, and remembers what it read.
pub(crate) struct Asking<'a> {
    pub(crate) question: &'a Question<'a>,
    pub(crate) before: &'a Side<'a>,
    pub(crate) after: &'a Side<'a>,
    /// Both worlds without what is unknown and unchanged, for the evaluator.
    stripped: (&'a World, &'a World),
    search: Search,
    base: Vec<Lit>,
    clauses: HashMap<Key, Option<Rc<Clause>>>,
    doubts: Vec<Undecided>,
}

impl<'a> Asking<'a> {
    pub(crate) fn new(
        question: &'a Question<'a>,
        before: &'a Side<'a>,
        after: &'a Side<'a>,
        stripped: (&'a World, &'a World),
    ) -> Self {
        let mut search = Search::new(question.settings);
        let reading = question.settings.semantics.readings().first().copied().unwrap_or_default();
        search.numbers.caller = Caller::of(question.before, question.after, reading);
        let mut base: Vec<Lit> =
            after.base.iter().map(|(dim, own)| search.numbers.text(*dim, own.clone(), true)).collect();
        base.extend(question.held.iter().map(|(key, values)| {
            let words = format!("StringEquals {}", values.join(", "));
            search.numbers.key(key, Atom::one_of(values), &words)
        }));
        let doubts = before.doubts.iter().chain(&after.doubts).cloned().collect();
        Self { question, before, after, stripped, search, base, clauses: HashMap::new(), doubts }
    }

    /// Do the statements that matter to a part read differently under different readings of stars, of absent keys?
    pub(crate) fn exercises(&self, asked: &Asked<'_>) -> (bool, bool) {
        let before = asked.part.before.iter().filter_map(|(place, _)| self.before.entries.get(*place));
        let after = asked.part.after.iter().map(|(place, _)| place).chain([&asked.granting]);
        let entries = before.chain(after.filter_map(|place| self.after.entries.get(*place)));
        let (mut stars, mut any) = (false, false);
        for (_, statement) in entries.filter_map(|entry| entry.statement()) {
            stars |= disputed_stars(statement);
            any |= disputed_absence(statement);
        }
        (stars, any)
    }

    /// Was the request refused and is it allowed?
    pub(crate) fn confirms(&self, request: &Request, reading: Reading) -> bool {
        evaluate(self.stripped.1, request, reading) == Decision::Allowed
            && evaluate(self.stripped.0, request, reading) == Decision::Denied
    }

    /// The action that everyone may do at any time, whatever policies say, where it is read so.
    pub(crate) fn always(&self) -> Option<&'static str> {
        (self.question.settings.semantics != Semantics::Zelkova).then_some(ALWAYS)
    }

    /// Is nothing left of the budget?
    pub(crate) fn is_exhausted(&self) -> bool {
        self.search.nodes == 0 || self.search.states == 0
    }

    pub(crate) fn ask(&mut self, asked: &Asked<'_>, reading: Reading) -> Answer {
        let mut answer = Answer::default();
        // Reading what speaks of the part costs as well.
        let cost = (asked.part.before.len() + asked.part.after.len()) / 64;
        self.search.nodes = self.search.nodes.saturating_sub(cost);
        self.search.any_if_exists = reading.any_if_exists;
        let certain = (Lean::Generous, Lean::Stingy);
        let possible = (Lean::Stingy, Lean::Generous);
        // Where all is known, all that is possible is certain.
        let leans = if self.doubts.is_empty() { vec![certain] } else { vec![certain, possible] };
        for (number, leans) in leans.into_iter().enumerate() {
            if answer.new.is_some() {
                break;
            }
            let Some(pair) = self.pair(asked, reading, leans) else { continue };
            if self.part(asked, &pair, (reading, number > 0), &mut answer).is_err() {
                let so_far = region::asked(&pair.granting, &asked.part.texts, &self.search.numbers);
                let statement = pair.granting.source.clone();
                answer.undecided.push(Undecided::Budget { statement, so_far });
            }
            self.search.tokens = Tokens::Fresh;
        }
        answer
    }

    /// With `doubtful`, what is found is only possible.
    fn part(
        &mut self,
        asked: &Asked<'_>,
        pair: &Pair,
        (reading, doubtful): (Reading, bool),
        answer: &mut Answer,
    ) -> Result<(), Exhausted> {
        self.search.tokens = Tokens::Fresh;
        let found = self.newly(pair)?;
        if let Some((space, cap)) = &found {
            let doubt =
                pair.granting.doubt.clone().or_else(|| cap.as_ref().and_then(|cap| cap.doubt.clone()));
            if doubtful || doubt.is_some() {
                match doubt {
                    Some(doubt) => answer.undecided.push(doubt),
                    None => answer.undecided.extend(self.doubts.iter().cloned()),
                }
                return Ok(());
            }
            if self.confirmed(asked, pair, (space, reading), answer)? {
                return Ok(());
            }
        }
        let tokens = pair.tokens(&self.search);
        if tokens.is_empty() {
            if found.is_some() && self.search.numbers.loose {
                let reason = "it compares the caller with a pattern that is read as one of a free key";
                answer.undecided.push(unsettled(pair, reason));
            } else if found.is_some() {
                answer.mismatches += 1;
                answer.undecided.push(unsettled(pair, "internal: witness not confirmed"));
            }
            return Ok(());
        }
        // A value that some other text spells may do what a value of its own does not.
        for assignment in assign::candidates(pair, &tokens, &self.search.numbers) {
            let filled = pair.filled(&assignment, &mut self.search.numbers);
            if let Some((space, _)) = self.newly(&filled)?
                && self.confirmed(asked, &filled, (&space, reading), answer)?
            {
                return Ok(());
            }
        }
        self.search.tokens = Tokens::Open;
        if found.is_some() || self.newly(pair)?.is_some() {
            let reason = "it depends on the value of a policy variable or of an unknown entry";
            answer.undecided.push(unsettled(pair, reason));
        }
        Ok(())
    }

    /// Makes a request of what was found; is it one that was refused and is allowed?
    fn confirmed(
        &mut self,
        asked: &Asked<'_>,
        pair: &Pair,
        (space, reading): (&[Lit], Reading),
        answer: &mut Answer,
    ) -> Result<bool, Exhausted> {
        let wanted =
            Wanted { space, taken: &asked.part.taken, texts: &asked.part.texts, world: self.question.after };
        let Some(request) = witness(&wanted, &mut self.search)? else {
            if pair.tokens(&self.search).is_empty() {
                answer.undecided.push(unsettled(pair, "values that no request was found for"));
                return Ok(true);
            }
            return Ok(false);
        };
        if !self.confirms(&request.request, reading) {
            if !request.settled && pair.tokens(&self.search).is_empty() {
                let reason = "conditions of different kinds meet on one key, and no value was found";
                answer.undecided.push(unsettled(pair, reason));
                return Ok(true);
            }
            return Ok(false);
        }
        answer.new = Some(self.describe(asked, pair, request));
        Ok(true)
    }

    fn describe(&mut self, asked: &Asked<'_>, pair: &Pair, request: Found) -> New {
        let granted = region::Granted { asked, pair, request: &request };
        let region =
            region::describe(&granted, (self.before, self.after), self.question.after, &mut self.search);
        New { request: request.request, region }
    }

    /// The statements that matter to a part; `None` when it grants nothing.
    fn pair(
        &mut self,
        asked: &Asked<'_>,
        reading: Reading,
        (before_lean, after_lean): (Lean, Lean),
    ) -> Option<Pair> {
        let granting = self.clause((true, asked.granting), reading, after_lean)?;
        let mut space = self.base.clone();
        space.extend(&granting.lits);
        let part = asked.part;
        let mut action = None;
        let open = part.before.iter().chain(&part.after).any(|(_, speaks)| *speaks != Speaks::All);
        match &part.taken {
            Taken::Literals(literals) => {
                // Every one of them is spoken of alike, so which they are matters only where that is not known.
                if open {
                    let patterns = Patterns::new(literals.iter().map(|text| Pattern::exact(text)));
                    space.push(self.search.numbers.text(Dim::Action, patterns, true));
                } else {
                    space.retain(|lit| lit.slot != ACTION);
                }
            }
            Taken::Glob(glob) => {
                space.push(self.search.numbers.text(Dim::Action, Patterns::new([glob.clone()]), true));
            }
            Taken::Whole => {
                action = self.action((true, asked.granting), reading, after_lean).ok()?;
                space.extend(action);
            }
        }
        let wide = match &part.taken {
            Taken::Literals(_) => false,
            Taken::Glob(glob) => glob.matches(ALWAYS),
            Taken::Whole => true,
        };
        if let Some(always) = self.always().filter(|_| wide) {
            let patterns = Patterns::new([Pattern::exact(always)]);
            space.push(self.search.numbers.text(Dim::Action, patterns, false));
        }
        // Among many statements those on other resources are told at first sight; among few they are neighbours that a
        // reader is told of.
        let many = part.before.len() + part.after.len() > 64;
        let granter = self.after.entries.get(asked.granting)?;
        let near = |side: &Side<'_>, place: Place| {
            !many || side.entries.get(place).is_none_or(|entry| parts::resources_may_meet(entry, granter))
        };
        let mut before: HashMap<Place, Rc<Clause>> = HashMap::new();
        for (place, speaks) in part.before.iter().filter(|(place, _)| near(self.before, *place)) {
            let clause = self.speaking((false, *place), speaks, reading, before_lean);
            before.extend(clause.map(|clause| (*place, clause)));
        }
        let mut after: HashMap<Place, Rc<Clause>> = HashMap::new();
        for (place, speaks) in part.after.iter().filter(|(place, _)| near(self.after, *place)) {
            let clause = self.speaking((true, *place), speaks, reading, after_lean);
            after.extend(clause.map(|clause| (*place, clause)));
        }
        let pick = |from: &HashMap<Place, Rc<Clause>>, places: &[Place]| -> Vec<Rc<Clause>> {
            // One list is looked up in the other, whichever is shorter.
            if from.len() < places.len() {
                let mut own: Vec<Place> = from.keys().copied().collect();
                own.sort_unstable();
                own.retain(|place| places.binary_search(place).is_ok());
                return own.iter().filter_map(|place| from.get(place).cloned()).collect();
            }
            places.iter().filter_map(|place| from.get(place).cloned()).collect()
        };
        let way = |way: &Vec<Cap>| way.iter().map(|cap| pick(&before, &cap.entries)).collect();
        let mut was_denied = pick(&before, &self.before.denies);
        if before_lean == Lean::Stingy {
            was_denied.extend(self.before.may_deny.iter().filter_map(|place| self.may_have_denied(*place)));
        }
        Some(Pair {
            granting,
            space,
            action,
            caps: asked.caps.iter().map(|cap| pick(&after, &cap.entries)).collect(),
            ways: self.before.ways.iter().map(way).collect(),
            was_denied,
            denies: pick(&after, &self.after.denies),
        })
    }

    /// An old document of which nothing is known, as one that denied everything.
    fn may_have_denied(&self, place: Place) -> Option<Rc<Clause>> {
        let entry = self.before.entries.get(place)?;
        Some(Rc::new(Clause { lits: Vec::new(), source: entry.source.clone(), doubt: entry.doubt() }))
    }

    /// The clause of an entry as it speaks of a part.
    fn speaking(
        &mut self,
        at: (bool, Place),
        speaks: &Speaks,
        reading: Reading,
        lean: Lean,
    ) -> Option<Rc<Clause>> {
        let clause = self.clause(at, reading, lean)?;
        let action = match speaks {
            Speaks::All => None,
            Speaks::Items(items) => {
                let side = if at.0 { self.after } else { self.before };
                let (patterns, holds) = parts::patterns(side.entries.get(at.1)?, items)?;
                Some(self.search.numbers.text(Dim::Action, patterns, holds))
            }
            Speaks::Whole => self.action(at, reading, lean).ok()?,
        };
        let Some(action) = action else { return Some(clause) };
        let mut clause = Clause::clone(&clause);
        clause.lits.insert(0, action);
        Some(Rc::new(clause))
    }

    /// What an entry asks of actions; `None` where it matches none.
    fn action(
        &mut self,
        (is_after, place): (bool, Place),
        reading: Reading,
        lean: Lean,
    ) -> Result<Option<Lit>, Void> {
        let side = if is_after { self.after } else { self.before };
        let entry = side.entries.get(place).ok_or(Void)?;
        let Some((policy, statement)) = entry.statement() else { return Ok(None) };
        let mut reader = Reader { reading, lean, naming: entry.naming(), numbers: &mut self.search.numbers };
        reader.action(policy, statement, entry.same.as_deref())
    }

    /// The clause of an entry but for its actions; `None` where it matches nothing.
    fn clause(
        &mut self,
        (is_after, place): (bool, Place),
        reading: Reading,
        lean: Lean,
    ) -> Option<Rc<Clause>> {
        let side = if is_after { self.after } else { self.before };
        let entry = side.entries.get(place)?;
        // What reads the same under every reading is read once.
        let stars = match entry.statement() {
            Some((_, statement)) if disputed_stars(statement) => reading.stars,
            _ => Stars::default(),
        };
        let mut reading = reading;
        reading.stars = stars;
        reading.any_if_exists = AnyIfExists::default();
        let lean = if entry.class.is_some() { Lean::Generous } else { lean };
        if let Some(known) = self.clauses.get(&(is_after, place, reading, lean)) {
            return known.clone();
        }
        let source = entry.source.clone();
        let clause = match &entry.what {
            What::Statement(policy, statement) => {
                let mut reader =
                    Reader { reading, lean, naming: entry.naming(), numbers: &mut self.search.numbers };
                reader.clause(policy, statement, source, entry.same.as_deref())
            }
            What::Unknown(reason) => {
                let doubt = Undecided::Document { document: source.document.clone(), reason: reason.clone() };
                let named = entry
                    .same
                    .as_ref()
                    .map(|name| self.search.numbers.key(&format!("\u{0}{name}"), opaque(name.clone()), ""));
                let lits: Vec<Lit> = named.into_iter().collect();
                (!lits.is_empty() || lean == Lean::Generous).then_some(Clause {
                    lits,
                    source,
                    doubt: Some(doubt),
                })
            }
        };
        let clause = clause.map(Rc::new);
        self.clauses.insert((is_after, place, reading, lean), clause.clone());
        clause
    }

    /// A part of `pair.space` that every cap allows, nothing denies, and `before` did not allow.
    fn newly(&mut self, pair: &Pair) -> Result<Option<Escaped>, Exhausted> {
        self.capped(&pair.space, &pair.caps, None, pair)
    }

    fn capped(
        &mut self,
        space: &[Lit],
        caps: &[Vec<Rc<Clause>>],
        doubted: Option<&Rc<Clause>>,
        pair: &Pair,
    ) -> Result<Option<Escaped>, Exhausted> {
        let Some((cap, rest)) = caps.split_first() else {
            let escaped = self.escaped(space, pair)?;
            return Ok(escaped.map(|(space, lifted)| (space, doubted.cloned().or(lifted))));
        };
        for clause in cap {
            let inside = [space, &clause.lits].concat();
            if self.search.is_empty(&inside)? {
                continue;
            }
            let doubted = doubted.or_else(|| clause.doubt.is_some().then_some(clause));
            if let Some(found) = self.capped(&inside, rest, doubted, pair)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// With the uncertain denial that is gone, if it is one.
    fn escaped(&mut self, space: &[Lit], pair: &Pair) -> Result<Option<Escaped>, Exhausted> {
        let denies: Vec<&Clause> = pair.denies.iter().map(|clause| &**clause).collect();
        if let Some(found) = self.ungranted(space, &pair.ways, &denies)? {
            return Ok(Some((found, None)));
        }
        for deny in pair.lifted() {
            let inside = [space, &deny.lits].concat();
            if let Some(found) = self.search.outside(&inside, &denies)? {
                return Ok(Some((found, deny.doubt.is_some().then(|| Rc::clone(deny)))));
            }
        }
        Ok(None)
    }

    /// A part of `space` in which every way of `before` has a cap that does not allow.
    fn ungranted(
        &mut self,
        space: &[Lit],
        ways: &[Vec<Vec<Rc<Clause>>>],
        avoided: &[&Clause],
    ) -> Result<Option<Vec<Lit>>, Exhausted> {
        let Some((way, rest)) = ways.split_first() else {
            return self.search.outside(space, avoided);
        };
        // A cap of which nothing speaks allows nothing: no other can be easier to escape.
        let silent = way.iter().find(|cap| cap.is_empty());
        let caps: Cow<'_, [Vec<Rc<Clause>>]> = match silent {
            Some(_) => Cow::Owned(vec![Vec::new()]),
            None => Cow::Borrowed(way),
        };
        for cap in caps.iter() {
            let mut avoided = avoided.to_vec();
            avoided.extend(cap.iter().map(|clause| &**clause));
            if let Some(found) = self.ungranted(space, rest, &avoided)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

fn unsettled(pair: &Pair, reason: &str) -> Undecided {
    Undecided::Statement { statement: pair.granting.source.clone(), reason: reason.to_owned() }
}

impl Pair {
    /// Denials of `before` that `after` does not have word by word.
    pub(crate) fn lifted(&self) -> impl Iterator<Item = &Rc<Clause>> {
        let kept: Vec<Vec<Lit>> = self.denies.iter().map(|clause| clause.signature()).collect();
        self.was_denied.iter().filter(move |deny| !kept.contains(&deny.signature()))
    }

    /// Is what capped before, beside the granting statements, among what caps now?
    pub(crate) fn caps_stand(&self) -> bool {
        let signatures = |cap: &Vec<Rc<Clause>>| {
            let mut all: Vec<Vec<Lit>> = cap.iter().map(|clause| clause.signature()).collect();
            all.sort_unstable();
            all
        };
        let now: Vec<Vec<Vec<Lit>>> = self.caps.iter().map(signatures).collect();
        self.ways.iter().all(|way| way.iter().skip(1).all(|cap| now.contains(&signatures(cap))))
    }

    /// All clauses but the granting one.
    pub(crate) fn others(&self) -> impl Iterator<Item = &Rc<Clause>> {
        let caps = self.caps.iter().chain(self.ways.iter().flatten()).flatten();
        caps.chain(&self.was_denied).chain(&self.denies)
    }

    /// The constraints with values nobody knows.
    fn tokens(&self, search: &Search) -> Vec<Lit> {
        let all = self.space.iter().chain(self.others().flat_map(|clause| &clause.lits));
        let mut lits: Vec<Lit> = all.filter(|lit| search.numbers.has_tokens(**lit)).copied().collect();
        lits.sort_unstable();
        lits.dedup();
        lits
    }

    /// The same with a value put in.
    fn filled(&self, assignment: &Assignment, numbers: &mut Numbers) -> Self {
        let mut clause = |clause: &Rc<Clause>| {
            let lits = clause.lits.iter().map(|lit| assignment.filled(*lit, numbers)).collect();
            Rc::new(Clause { lits, source: clause.source.clone(), doubt: clause.doubt.clone() })
        };
        let mut caps = |caps: &[Vec<Rc<Clause>>]| -> Vec<Vec<Rc<Clause>>> {
            caps.iter().map(|cap| cap.iter().map(&mut clause).collect()).collect()
        };
        let filled_caps = caps(&self.caps);
        let ways = self.ways.iter().map(|way| caps(way)).collect();
        let was_denied = self.was_denied.iter().map(&mut clause).collect();
        let denies = self.denies.iter().map(&mut clause).collect();
        let granting = clause(&self.granting);
        let mut space: Vec<Lit> = self.space.iter().map(|lit| assignment.filled(*lit, numbers)).collect();
        space.push(assignment.held(numbers));
        Self { granting, space, action: self.action, caps: filled_caps, ways, was_denied, denies }
    }
}
