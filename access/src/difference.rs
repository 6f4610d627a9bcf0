//! What one world allows and another does not, statement by statement.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::comparison::{Cause, Comparison, Newly, Region, StatementRef, Undecided, Verdict};
use crate::dialect::aws::Item;
use crate::dialect::aws::compile::Lean;
use crate::evaluate::{Decision, evaluate};
use crate::region;
use crate::request::Request;
use crate::settings::{AnyIfExists, Reading, Settings, Stars};
use crate::side::{Cap, Making, Side, Unchanged};
use crate::space::Exhausted;
use crate::space::clause::{Clause, Dim, Lit, Numbers};
use crate::space::glob::Patterns;
use crate::space::search::{Search, Space, Tokens};
use crate::witness::witness;
use crate::world::{Content, World};

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
    Question { before, after, scope: &[], settings }.answer()
}

/// What is allowed in `after`, within `scope`, and not in `before`?
pub(crate) struct Question<'a> {
    pub(crate) before: &'a World,
    pub(crate) after: &'a World,
    /// Patterns that a dimension must match; dimensions not named are free.
    pub(crate) scope: &'a [(Dim, Patterns)],
    pub(crate) settings: &'a Settings,
}

/// A part of a statement: its action group, as written.
type Part = (StatementRef, Vec<String>);

/// A new part under one reading.
struct New {
    request: Request,
    cause: Cause,
    region: Region,
}

/// All that one reading found.
#[derive(Default)]
struct Round {
    new: BTreeMap<Part, New>,
    undecided: BTreeSet<Undecided>,
    mismatches: usize,
}

impl Question<'_> {
    pub(crate) fn answer(&self) -> Newly {
        let unchanged = Unchanged::between(self.before, self.after);
        let stripped = (unchanged.stripped(self.before), unchanged.stripped(self.after));
        let mut numbers = Numbers::default();
        let mut rounds: Vec<(Reading, Round)> = Vec::new();
        let mut shapes: HashSet<Shape> = HashSet::new();
        let any = exercises_any_if_exists(self.before) || exercises_any_if_exists(self.after);
        let readings = self.settings.semantics.readings();
        let stars = exercises_stars(self.before) || exercises_stars(self.after);
        let usual = readings.first().map(|reading| reading.stars);
        let mut nodes = self.settings.nodes;
        for reading in readings {
            // What no entry at hand can tell from the usual reading is not asked again.
            if (!any && reading.any_if_exists != AnyIfExists::Holds)
                || (!stars && Some(reading.stars) != usual)
            {
                continue;
            }
            let mut side = |world: &World, lean| {
                let mut side =
                    Making { reading, lean, unchanged: &unchanged, numbers: &mut numbers }.side(world);
                for (dim, patterns) in self.scope {
                    let lit = numbers.text(dim.clone(), patterns.clone(), true);
                    side.base = std::mem::take(&mut side.base).with(lit);
                }
                side
            };
            let certain = (side(self.before, Lean::Generous), side(self.after, Lean::Stingy));
            // Where all is known, all that is possible is certain.
            let doubted = !certain.0.doubts.is_empty() || !certain.1.doubts.is_empty();
            let possible =
                doubted.then(|| (side(self.before, Lean::Stingy), side(self.after, Lean::Generous)));
            let open = possible.as_ref().map(shape).unwrap_or_default();
            if !shapes.insert((reading.any_if_exists, shape(&certain), open)) {
                continue;
            }
            let mut work = Work {
                question: self,
                reading,
                numbers: &mut numbers,
                search: Search::new(reading.any_if_exists, nodes),
                round: Round::default(),
                stripped: &stripped,
            };
            work.run(&certain, possible.as_ref());
            nodes = work.search.nodes;
            rounds.push((reading, work.round));
        }
        gather(rounds, self.settings)
    }
}

type Shape = (AnyIfExists, Vec<Vec<(u32, bool)>>, Vec<Vec<(u32, bool)>>);

fn shape(sides: &(Side, Side)) -> Vec<Vec<(u32, bool)>> {
    let of = |side: &Side| {
        let caps = side.ways.iter().flatten().flat_map(|cap| cap.clauses.iter().map(Clause::signature));
        caps.chain(side.denies.iter().map(Clause::signature)).collect::<Vec<_>>()
    };
    [of(&sides.0), of(&sides.1)].concat()
}

fn exercises_any_if_exists(world: &World) -> bool {
    world.layers.iter().flat_map(|layer| &layer.documents).any(|document| match &document.content {
        Content::Aws(policy) => policy.statements.iter().flat_map(|one| &one.conditions).any(|condition| {
            let operator = condition.operator.to_lowercase();
            operator.starts_with("foranyvalue:") && operator.ends_with("ifexists")
        }),
        Content::Unknown(_) => false,
    })
}

/// May a resource entry mean different things under different readings of its stars?
fn exercises_stars(world: &World) -> bool {
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
    world.layers.iter().flat_map(|layer| &layer.documents).any(|document| match &document.content {
        Content::Aws(policy) => policy
            .statements
            .iter()
            .flat_map(|statement| statement.resource.items())
            .filter_map(Item::text)
            .any(disputed),
        Content::Unknown(_) => false,
    })
}

/// The regions of all readings, merged by statement and cause.
fn gather(rounds: Vec<(Reading, Round)>, settings: &Settings) -> Newly {
    let mut findings = Newly::default();
    let readings = rounds.len();
    let mut parts: BTreeMap<Part, Vec<(Reading, New)>> = BTreeMap::new();
    let mut undecided = BTreeSet::new();
    for (reading, round) in rounds {
        undecided.extend(round.undecided);
        findings.mismatches += round.mismatches;
        for (part, new) in round.new {
            parts.entry(part).or_default().push((reading, new));
        }
    }
    let mut merged: BTreeMap<(StatementRef, Cause, Option<String>), Region> = BTreeMap::new();
    for ((source, _), found) in parts {
        let disputed = found.len() < readings;
        let Some((reading, new)) = found.into_iter().next() else { continue };
        let label = disputed.then(|| crate::words::reading(reading).to_owned());
        let region = Region { reading: label.clone(), witness: new.request, ..new.region };
        match merged.entry((source, new.cause, label)) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(region);
            }
            std::collections::btree_map::Entry::Occupied(mut place) => region::unite(place.get_mut(), region),
        }
    }
    findings.new = merged.into_values().collect();
    findings.new.sort_by_key(|region| std::cmp::Reverse(crate::weight::weigh(region)));
    findings.new.truncate(settings.regions);
    findings.undecided = undecided.into_iter().collect();
    findings.verdict = if !findings.new.is_empty() {
        Verdict::NewAccess
    } else if !findings.undecided.is_empty() {
        Verdict::Undecided
    } else {
        Verdict::NoNewAccess
    };
    findings
}

struct Work<'a, 'q> {
    question: &'a Question<'q>,
    reading: Reading,
    numbers: &'a mut Numbers,
    search: Search,
    round: Round,
    /// Both worlds without what is unknown and unchanged, for the evaluator.
    stripped: &'a (Cow<'q, World>, Cow<'q, World>),
}

impl Work<'_, '_> {
    fn run(&mut self, certain: &(Side, Side), possible: Option<&(Side, Side)>) {
        self.side(&certain.0, &certain.1, None);
        if let Some(possible) = possible {
            let doubts: Vec<Undecided> = certain.0.doubts.iter().chain(&certain.1.doubts).cloned().collect();
            self.side(&possible.0, &possible.1, Some(&doubts));
        }
    }

    /// Goes through the granting statements of `after`. With `doubts`, what is found is only possible.
    fn side(&mut self, before: &Side, after: &Side, doubts: Option<&[Undecided]>) {
        let covers = Covers::of(before, after);
        for way in &after.ways {
            let Some((granting, caps)) = way.split_first() else { continue };
            for clause in &granting.clauses {
                if covers.unchanged(clause, caps) {
                    continue;
                }
                for (part, lits) in self.groups(clause, before, after) {
                    if self.round.new.contains_key(&part) {
                        continue;
                    }
                    let space = after.base.clone().with_all(&lits);
                    if self.part(&part, clause, &space, &Pair { before, after, caps }, doubts).is_err() {
                        self.search.tokens = Tokens::Fresh;
                        let so_far = region::asked(clause, &part.1);
                        self.round.undecided.insert(Undecided::Budget { statement: part.0, so_far });
                    }
                }
            }
        }
    }

    /// One action group of one statement: certain, possible through values nobody knows, or nothing.
    fn part(
        &mut self,
        part: &Part,
        clause: &Clause,
        space: &Space,
        pair: &Pair<'_>,
        doubts: Option<&[Undecided]>,
    ) -> Result<(), Exhausted> {
        let tokens = clause.lits.iter().any(Lit::has_tokens) || pair.has_tokens();
        for mode in [Tokens::Fresh, Tokens::Open] {
            if mode == Tokens::Open && !tokens {
                break;
            }
            self.search.tokens = mode;
            let found = self.newly(space, pair);
            self.search.tokens = Tokens::Fresh;
            let Some((found, cap)) = found? else { continue };
            let doubt = clause.doubt.clone().or_else(|| cap.and_then(|cap| cap.doubt.clone()));
            if let Some(doubts) = doubts {
                match doubt {
                    Some(doubt) => self.round.undecided.extend([doubt]),
                    None => self.round.undecided.extend(doubts.iter().cloned()),
                }
                return Ok(());
            }
            if let Some(doubt) = doubt {
                self.round.undecided.insert(doubt);
                return Ok(());
            }
            self.search.tokens = mode;
            let request = witness(&found, &self.search, self.numbers, self.question.after);
            self.search.tokens = Tokens::Fresh;
            let request = request?;
            let Some(request) = request else {
                self.undecided(part, "values that no request was found for");
                return Ok(());
            };
            let (was, is) = (&self.stripped.0, &self.stripped.1);
            let confirmed = evaluate(is, &request.request, self.reading) == Decision::Allowed
                && evaluate(was, &request.request, self.reading) == Decision::Denied;
            if confirmed {
                let new = region::describe(
                    &region::Granted { clause, actions: &part.1, space, request: &request },
                    pair.before,
                    pair.after,
                    self.question.after,
                    &mut self.search,
                );
                let because = new.because;
                self.round
                    .new
                    .insert(part.clone(), New { request: request.request, cause: because, region: new });
                return Ok(());
            }
            if mode == Tokens::Open || tokens || !request.settled {
                self.undecided(part, "it depends on the value of a policy variable or of an unknown entry");
            } else {
                self.round.mismatches += 1;
                self.undecided(part, "internal: witness not confirmed");
            }
            return Ok(());
        }
        Ok(())
    }

    fn undecided(&mut self, part: &Part, reason: &str) {
        let statement = part.0.clone();
        self.round.undecided.insert(Undecided::Statement { statement, reason: reason.to_owned() });
    }

    /// A part of `space` that every cap of `after` allows, nothing denies, and `before` did not allow.
    fn newly<'p>(
        &mut self,
        space: &Space,
        pair: &Pair<'p>,
    ) -> Result<Option<(Space, Option<&'p Clause>)>, Exhausted> {
        self.capped(space, pair.caps, None, pair)
    }

    fn capped<'p>(
        &mut self,
        space: &Space,
        caps: &'p [Cap],
        doubted: Option<&'p Clause>,
        pair: &Pair<'p>,
    ) -> Result<Option<(Space, Option<&'p Clause>)>, Exhausted> {
        let Some((cap, rest)) = caps.split_first() else {
            return Ok(self.escaped(space, pair)?.map(|space| (space, doubted)));
        };
        for clause in &cap.clauses {
            let inside = space.clone().with_all(&clause.lits);
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

    fn escaped(&mut self, space: &Space, pair: &Pair<'_>) -> Result<Option<Space>, Exhausted> {
        let denies: Vec<&Clause> = pair.after.denies.iter().collect();
        if let Some(found) = self.ungranted(space, &pair.before.ways, &denies)? {
            return Ok(Some(found));
        }
        let kept: HashSet<Vec<(u32, bool)>> = denies.iter().map(|clause| clause.signature()).collect();
        for deny in &pair.before.denies {
            if kept.contains(&deny.signature()) {
                continue;
            }
            let inside = space.clone().with_all(&deny.lits);
            if let Some(found) = self.search.outside(inside, &denies)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// A part of `space` in which every way of `before` has a cap that does not allow.
    fn ungranted(
        &mut self,
        space: &Space,
        ways: &[Vec<Cap>],
        avoided: &[&Clause],
    ) -> Result<Option<Space>, Exhausted> {
        let Some((way, rest)) = ways.split_first() else {
            return self.search.outside(space.clone(), avoided);
        };
        for cap in way {
            let mut avoided = avoided.to_vec();
            avoided.extend(&cap.clauses);
            if let Some(found) = self.ungranted(space, rest, &avoided)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The statement's actions, those together that every other statement treats alike.
    fn groups(&mut self, clause: &Clause, before: &Side, after: &Side) -> Vec<(Part, Vec<Lit>)> {
        let whole = || vec![((clause.source.clone(), Vec::new()), clause.lits.clone())];
        let (action, others): (Vec<Lit>, Vec<Lit>) =
            clause.lits.iter().cloned().partition(|lit| lit.dim == Dim::Action);
        let [Lit { ask, holds: true, .. }] = action.as_slice() else { return whole() };
        let crate::space::clause::Ask::Text(patterns) = &**ask else { return whole() };
        if patterns.literals.len() + patterns.globs.len() == 1 {
            return vec![((clause.source.clone(), patterns.texts.clone()), clause.lits.clone())];
        }
        let caps = before.ways.iter().chain(&after.ways).flatten();
        let mut asked: Vec<&Patterns> = Vec::new();
        let mut seen = HashSet::new();
        for other in caps.flat_map(|cap| &cap.clauses).chain(&before.denies).chain(&after.denies) {
            for lit in other.lits.iter().filter(|lit| lit.dim == Dim::Action && seen.insert(lit.id)) {
                if let crate::space::clause::Ask::Text(patterns) = &*lit.ask {
                    asked.push(patterns);
                }
            }
        }
        let mut alike: HashMap<Vec<bool>, Vec<String>> = HashMap::new();
        for literal in &patterns.literals {
            let matched = asked.iter().map(|patterns| patterns.matches(literal)).collect();
            alike.entry(matched).or_default().push(literal.clone());
        }
        let written = |lower: &String| {
            patterns.texts.iter().find(|text| text.eq_ignore_ascii_case(lower)).unwrap_or(lower).clone()
        };
        let literals = alike.into_values().map(|group| {
            let exact = group.iter().map(|text| crate::space::glob::Pattern::exact(text));
            (group.iter().map(written).collect(), Patterns::new(exact))
        });
        let globs =
            patterns.globs.iter().map(|glob| (vec![glob.text.clone()], Patterns::new([glob.clone()])));
        let mut groups: Vec<(Vec<String>, Patterns)> = literals.chain(globs).collect();
        groups.sort_by(|a, b| a.0.cmp(&b.0));
        groups
            .into_iter()
            .map(|(texts, mut group)| {
                group.texts.clone_from(&texts);
                let lit = self.numbers.text(Dim::Action, group, true);
                let lits = others.iter().cloned().chain([lit]).collect();
                ((clause.source.clone(), texts), lits)
            })
            .collect()
    }
}

/// The two sides, and the caps that the granting statement's way has besides.
struct Pair<'p> {
    before: &'p Side,
    after: &'p Side,
    caps: &'p [Cap],
}

impl Pair<'_> {
    fn has_tokens(&self) -> bool {
        let side = |side: &Side| {
            let caps = side.ways.iter().flatten().flat_map(|cap| &cap.clauses);
            caps.chain(&side.denies).any(|clause| clause.lits.iter().any(Lit::has_tokens))
        };
        side(self.before) || side(self.after)
    }
}

/// A clause at a glance.
type Signature = Vec<(u32, bool)>;

/// What is on both sides at a glance.
struct Covers {
    granted: Vec<HashSet<Signature>>,
    caps: Vec<Vec<BTreeSet<Signature>>>,
    denies_kept: bool,
}

impl Covers {
    fn of(before: &Side, after: &Side) -> Self {
        let set = |cap: &Cap| cap.clauses.iter().map(Clause::signature).collect::<BTreeSet<_>>();
        let kept: HashSet<Vec<(u32, bool)>> = after.denies.iter().map(Clause::signature).collect();
        Self {
            granted: before
                .ways
                .iter()
                .map(|way| {
                    way.first()
                        .map(|cap| cap.clauses.iter().map(Clause::signature).collect())
                        .unwrap_or_default()
                })
                .collect(),
            caps: before.ways.iter().map(|way| way.iter().skip(1).map(set).collect()).collect(),
            denies_kept: before.denies.iter().all(|deny| kept.contains(&deny.signature())),
        }
    }

    /// Did the same statement grant before, under no more caps and denies than now?
    fn unchanged(&self, clause: &Clause, caps: &[Cap]) -> bool {
        let now: Vec<BTreeSet<Vec<(u32, bool)>>> =
            caps.iter().map(|cap| cap.clauses.iter().map(Clause::signature).collect()).collect();
        let signature = clause.signature();
        self.denies_kept
            && self.granted.iter().zip(&self.caps).any(|(granted, caps)| {
                granted.contains(&signature) && caps.iter().all(|cap| now.contains(cap))
            })
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
