//! The difference of two worlds: what the search finds outside everything that was allowed, told as regions.

use std::collections::BTreeMap;

use open::{open, open_denial};

use crate::comparison::{Cause, Comparison, NearMiss, Region, StatementRef, Undecided, Verdict};
use crate::dialect::aws::{Effect, Policy, Statement};
use crate::evaluate::{Decision, evaluate};
use crate::glob::{GaveUp, Style};
use crate::request::{Dimension, Request, RequestBox};
use crate::search::compile::{Axis, Bound, Constraint, Reading as Reads};
use crate::search::side::{Grant, Side, hidden, side};
use crate::search::variable::{MARK, fill, named};
use crate::search::{Held, Point, Search};
use crate::settings::{Reading, Settings, Stars};
use crate::world::{Content, Document, DocumentId, LayerKind, World};

mod held;
mod open;

/// What is allowed in `after` and was not in `before`, and the reverse.
pub fn compare(before: &World, after: &World, settings: &Settings) -> Comparison {
    if same(before, after) || alike(before, after) {
        return Comparison::default();
    }
    let forth = one_way(before, after, settings);
    let back = one_way(after, before, settings);
    let verdict = match (forth.regions.is_empty(), forth.undecided.is_empty()) {
        (false, _) => Verdict::NewAccess,
        (true, false) => Verdict::Undecided,
        (true, true) => Verdict::NoNewAccess,
    };
    Comparison {
        verdict,
        new: forth.regions,
        reduced: back.regions,
        undecided: forth.undecided,
        mismatches: forth.mismatches + back.mismatches,
    }
}

/// Do both worlds say the same, word for word?
fn same(before: &World, after: &World) -> bool {
    let documents = |one: &Document, other: &Document| match (&one.content, &other.content) {
        (Content::Aws(one), Content::Aws(other)) => {
            let open = |policy: &Policy| policy.statements.iter().any(Statement::has_unknown);
            one == other && !open(one)
        }
        _ => one == other,
    };
    before.layers.len() == after.layers.len()
        && before.layers.iter().zip(&after.layers).all(|(one, other)| {
            one.kind == other.kind
                && one.documents.len() == other.documents.len()
                && one.documents.iter().zip(&other.documents).all(|(one, other)| documents(one, other))
        })
}

/// Do both worlds say the same statements in the same layers, in whatever order and under whatever names?
fn alike(before: &World, after: &World) -> bool {
    let said = |world: &World| {
        let mut layers: Vec<(LayerKind, Vec<String>)> = world
            .layers
            .iter()
            .map(|layer| {
                let mut statements: Vec<String> = layer
                    .documents
                    .iter()
                    .flat_map(|document| match &document.content {
                        Content::Aws(policy) => meanings(policy, &document.id),
                        Content::Unknown(reason) => vec![format!("{} {reason:?}", document.id.0)],
                    })
                    .collect();
                statements.sort();
                statements.dedup();
                (layer.kind, statements)
            })
            // An empty grant layer gives nothing; an empty cap lets nothing through.
            .filter(|(kind, statements)| !statements.is_empty() || crate::search::side::is_cap(*kind))
            .collect();
        layers.sort();
        layers
    };
    said(before) == said(after)
}

pub(crate) fn meanings(policy: &Policy, id: &DocumentId) -> Vec<String> {
    policy
        .statements
        .iter()
        .enumerate()
        .map(|(index, statement)| {
            let mut said = statement.clone();
            said.sid = None;
            let place = if said.has_unknown() { format!("{} {index} ", id.0) } else { String::new() };
            format!("{place}{:?} {} {said:?}", policy.kind, policy.variables)
        })
        .collect()
}

#[derive(Default)]
struct OneWay {
    regions: Vec<Region>,
    undecided: Vec<Undecided>,
    mismatches: usize,
}

fn one_way(before: &World, after: &World, settings: &Settings) -> OneWay {
    let mut all: Vec<(Reading, OneWay)> = Vec::new();
    let readings = settings.semantics.readings();
    for &reading in &readings {
        // A reading that no pattern at hand can tell from another is not asked twice.
        if all.iter().any(|(known, _)| same_reading(*known, reading, before, after)) {
            continue;
        }
        all.push((reading, under(before, after, reading, settings)));
    }
    let distinct = all.len();
    let mut merged = OneWay::default();
    let mut seen: Vec<(Region, usize)> = Vec::new();
    for (reading, answer) in all {
        merged.mismatches += answer.mismatches;
        for reason in answer.undecided {
            if !merged.undecided.contains(&reason) {
                merged.undecided.push(reason);
            }
        }
        for mut region in answer.regions {
            let known = seen
                .iter_mut()
                .find(|(known, _)| known.granted_by == region.granted_by && known.set == region.set);
            if let Some((_, times)) = known {
                *times += 1;
            } else {
                region.reading = Some(name(reading));
                seen.push((region, 1));
            }
        }
    }
    // A grant that is new under every reading needs none, even where its regions differ in shape.
    let every = |source: &StatementRef, seen: &[(Region, usize)]| {
        seen.iter().filter(|(region, _)| region.granted_by == *source).map(|(_, times)| times).sum::<usize>()
            >= distinct
    };
    let free: Vec<bool> =
        seen.iter().map(|(region, times)| *times == distinct || every(&region.granted_by, &seen)).collect();
    merged.regions = seen
        .into_iter()
        .zip(free)
        .map(|((region, _), free)| if free { Region { reading: None, ..region } } else { region })
        .collect();
    merged
}

fn name(reading: Reading) -> String {
    match reading.stars {
        Stars::Crossing => "crossing",
        Stars::Segment => "segment",
        Stars::Strict => "strict",
    }
    .to_owned()
}

fn same_reading(one: Reading, other: Reading, before: &World, after: &World) -> bool {
    let documents = || before.layers.iter().chain(&after.layers).flat_map(|layer| &layer.documents);
    let policies = || {
        documents().filter_map(
            |document| if let Content::Aws(policy) = &document.content { Some(policy) } else { None },
        )
    };
    let statements = || policies().flat_map(|policy| &policy.statements);
    let stars = one.stars == other.stars
        || !statements().flat_map(|s| s.resource.items()).filter_map(|item| item.text()).any(|text| {
            let head = text.match_indices(':').nth(4).map_or(text, |(at, _)| text.get(..at).unwrap_or(text));
            head.len() > 1 && head.contains(['*', '?'])
        });
    let absent = one.any_if_exists == other.any_if_exists
        || !statements().flat_map(|s| &s.conditions).any(|condition| {
            let operator = condition.operator.to_ascii_lowercase();
            operator.starts_with("foranyvalue:") && operator.ends_with("ifexists")
        });
    stars && absent
}

fn under(before: &World, after: &World, reading: Reading, settings: &Settings) -> OneWay {
    let mut found = OneWay::default();
    let reads = |bound, open_variables| reads(reading, bound, open_variables);
    let mut search = Search::new(settings.nodes);
    // First what is new whatever the unknown parts turn out to be: little is granted now, much was.
    let (Some(now), Some(then)) =
        (side(after, before, reads(Bound::Least, false)), side(before, after, reads(Bound::Most, false)))
    else {
        found.undecided.push(Undecided::Budget);
        return found;
    };
    let gave_up = explore(&mut search, &now, &then, settings.regions, &mut |search, grant, space| {
        let account = after.account.as_deref().unwrap_or_default();
        let Ok(Some(point)) = search.point(space, account, after.resource.as_deref()) else { return };
        let witness = request(&point, after);
        let confirmed = evaluate(after, &witness, reading) != Decision::Denied
            && evaluate(before, &witness, reading) != Decision::Allowed;
        if confirmed {
            let (because, near) = cause(search, &then, before, &grant.source, space);
            found.regions.push(Region {
                set: told(search, space),
                witness,
                reading: None,
                because,
                granted_by: grant.source.clone(),
                nearly_covered_by: near,
            });
        } else {
            found.mismatches += usize::from(!point_has_variables(&point));
            found.undecided.push(Undecided::Statement {
                statement: grant.source.clone(),
                reason: "the witness of the search is not confirmed".to_owned(),
            });
        }
    });
    if gave_up {
        found.undecided.push(Undecided::Budget);
    }
    doubts(&mut found, before, after, &reads, settings);
    found
}

/// Then what the unknown parts could make new beyond that.
fn doubts(
    found: &mut OneWay,
    before: &World,
    after: &World,
    reads: &dyn Fn(Bound, bool) -> Reads,
    settings: &Settings,
) {
    for document in hidden(after, before).into_iter().filter(|document| !document.cap) {
        found.undecided.push(Undecided::Document { document: document.id, reason: document.reason });
    }
    if held::less(before, after) {
        found.undecided.extend(held::unchanged(before, after));
    }
    let gone = hidden(before, after);
    let caps: Vec<_> = hidden(after, before).into_iter().filter(|document| document.cap).collect();
    if gone.is_empty() && caps.is_empty() && !open(before) && !open(after) {
        return;
    }
    let (Some(now), Some(then)) =
        (side(after, before, reads(Bound::Most, true)), side(before, after, reads(Bound::Least, true)))
    else {
        found.undecided.push(Undecided::Budget);
        return;
    };
    let settled: Vec<StatementRef> = found.regions.iter().map(|region| region.granted_by.clone()).collect();
    // What is granted for sure was compared for sure, as long as nothing else is open around it.
    let mut now = now;
    let mut then = then;
    if gone.is_empty()
        && caps.is_empty()
        && !open(before)
        && !open_denial(after)
        && let Some(sure) = side(after, before, reads(Bound::Least, true))
    {
        then.grants.extend(sure.grants.into_iter().filter(|grant| !grant.constraints.is_empty()));
        now.grants.retain(|grant| !then.grants.iter().any(|known| known.constraints == grant.constraints));
    }
    let mut search = Search::new(settings.nodes);
    let mut reasons: BTreeMap<StatementRef, String> = BTreeMap::new();
    let gave_up = explore(&mut search, &now, &then, 1, &mut |_, grant, _| {
        if !settled.contains(&grant.source) && !grant.source.document.0.is_empty() {
            reasons.entry(grant.source.clone()).or_insert_with(|| {
                "whether it grants anything new depends on a value that is not known".to_owned()
            });
        }
    });
    if gave_up && !found.undecided.contains(&Undecided::Budget) {
        found.undecided.push(Undecided::Budget);
    }
    if reasons.is_empty() {
        return;
    }
    if gone.is_empty() && caps.is_empty() {
        found.undecided.extend(
            reasons.into_iter().map(|(statement, reason)| Undecided::Statement { statement, reason }),
        );
    } else {
        // The statements are known; what is not is what stood, or now stands, around them.
        found.undecided.extend(
            gone.into_iter()
                .chain(caps)
                .map(|document| Undecided::Document { document: document.id, reason: document.reason }),
        );
    }
}

/// How a side is read under a reading of the disputed points.
pub(crate) fn reads(reading: Reading, bound: Bound, open_variables: bool) -> Reads {
    Reads { bound, open_variables, resources: style(reading.stars), any_if_exists: reading.any_if_exists }
}

fn style(stars: Stars) -> Style {
    match stars {
        Stars::Crossing => Style::Crossing,
        Stars::Segment => Style::Segmented,
        Stars::Strict => Style::Arn,
    }
}

type Found<'f> = dyn FnMut(&Search, &Grant, &[Held]) + 'f;

/// Finds, grant by grant, the regions of `now` outside `then`; answers whether the budget ran out on the way.
fn explore(search: &mut Search, now: &Side, then: &Side, most: usize, found: &mut Found<'_>) -> bool {
    let denials: Vec<Vec<usize>> =
        now.denials.iter().map(|denial| search.numbers(&denial.constraints)).collect();
    let old: Vec<Vec<usize>> = then.grants.iter().map(|grant| search.numbers(&grant.constraints)).collect();
    let lifted: Vec<Vec<usize>> = then
        .denials
        .iter()
        .map(|denial| search.numbers(&denial.constraints))
        .filter(|numbers| !denials.contains(numbers))
        .collect();
    let mut gave_up = false;
    for grant in &now.grants {
        let own = search.numbers(&grant.constraints);
        let space: Vec<Held> = own.iter().map(|&number| (number, true)).collect();
        let mut told: Vec<Vec<Held>> = Vec::new();
        // Outside every old grant; then inside an old denial, whoever granted it before.
        let mut spaces = Vec::new();
        if !old.contains(&own) {
            spaces.push((space.clone(), old.as_slice()));
        }
        for denial in &lifted {
            let mut inside = space.clone();
            inside.extend(denial.iter().map(|&number| (number, true)).filter(|held| !space.contains(held)));
            spaces.push((inside, &[]));
        }
        for (space, covers) in spaces {
            while told.len() < most {
                let mut all: Vec<Vec<usize>> = denials.clone();
                all.extend(covers.iter().cloned());
                match outside(search, &space, &all, &told) {
                    Ok(Some(region)) => {
                        found(search, grant, &region);
                        told.push(region);
                    }
                    Ok(None) => break,
                    Err(GaveUp) => {
                        gave_up = true;
                        break;
                    }
                }
            }
        }
    }
    gave_up
}

/// A part of `space` outside `covers` and outside the regions told already.
fn outside(
    search: &mut Search,
    space: &[Held],
    covers: &[Vec<usize>],
    told: &[Vec<Held>],
) -> Result<Option<Vec<Held>>, GaveUp> {
    let Some((last, earlier)) = told.split_last() else { return search.outside(space, covers) };
    for &(number, holds) in last {
        if space.contains(&(number, holds)) {
            continue;
        }
        let mut part = space.to_vec();
        part.push((number, !holds));
        if let Some(found) = outside(search, &part, covers, earlier)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn point_has_variables(point: &Point) -> bool {
    point.action.contains(MARK)
        || point.resource.contains(MARK)
        || point.context.values().any(|(_, values)| values.iter().any(|value| value.contains(MARK)))
}

/// The point as a request, with every variable given a value.
pub(crate) fn request(point: &Point, world: &World) -> Request {
    let mut context: BTreeMap<String, Vec<String>> = point.context.values().cloned().collect();
    let mut names = named(&point.resource);
    names.extend(point.context.values().flat_map(|(_, values)| values.iter().flat_map(|value| named(value))));
    for name in names {
        let key = name.split(',').next().unwrap_or_default().trim().to_owned();
        if !context.keys().any(|known| known.eq_ignore_ascii_case(&key)) {
            context.insert(key, vec!["example".to_owned()]);
        }
    }
    let known = context.clone();
    let value = move |name: &str| {
        let key = name.split(',').next().unwrap_or_default().trim();
        known
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(key))
            .and_then(|(_, values)| values.first())
            .filter(|value| !value.contains(MARK))
            .cloned()
            .unwrap_or_else(|| "example".to_owned())
    };
    for values in context.values_mut() {
        for text in values.iter_mut() {
            *text = fill(text, &value);
        }
    }
    let principal = match &point.principal {
        Some(principal) => ["AWS:", "Service:", "Federated:", "CanonicalUser:"]
            .iter()
            .find_map(|kind| principal.strip_prefix(kind))
            .unwrap_or(principal)
            .to_owned(),
        None => world.principal.clone().unwrap_or_else(|| "the principal".to_owned()),
    };
    let action = fill(&point.action, &value);
    Request {
        principal,
        action: crate::search::spelled(&action),
        resource: fill(&point.resource, &value),
        context,
    }
}

/// Why it is new, and which old statement nearly covered it.
fn cause(
    search: &Search,
    then: &Side,
    before: &World,
    own: &StatementRef,
    space: &[Held],
) -> (Cause, Option<NearMiss>) {
    let broken = |constraints: &[Constraint]| -> Vec<Constraint> {
        constraints
            .iter()
            .filter(|constraint| {
                space.iter().any(|(number, holds)| !holds && search.constraint(*number) == Some(*constraint))
            })
            .cloned()
            .collect()
    };
    // An old grant is near when all that keeps it from the region is one demand the region breaks.
    let mut near: Option<(usize, &Grant, Vec<Constraint>)> = None;
    for grant in &then.grants {
        let escaped = broken(&grant.constraints);
        let count = escaped.len() + usize::from(grant.source != *own);
        if near.as_ref().is_none_or(|(known, ..)| count < *known)
            && (!escaped.is_empty() || then.grants.len() == 1)
        {
            near = Some((count, grant, escaped));
        }
    }
    let denied = then.denials.iter().any(|denial| {
        !denial.constraints.is_empty()
            && denial
                .constraints
                .iter()
                .all(|c| space.iter().any(|(n, holds)| *holds && search.constraint(*n) == Some(c)))
    });
    let miss = near.as_ref().and_then(|(_, grant, escaped)| {
        escaped.first().map(|constraint| NearMiss {
            statement: grant.source.clone(),
            escaped: dimension_name(constraint),
        })
    });
    if denied {
        return (Cause::DenyRemoved, miss);
    }
    if let Some((_, grant, escaped)) = &near
        && !escaped.is_empty()
    {
        let main = statement_of(before, &grant.source);
        let of_cap = |constraint: &Constraint| {
            main.is_some_and(|(policy, _)| !policy_says(policy, &grant.source, constraint))
        };
        if escaped.iter().all(of_cap) {
            return (Cause::BoundaryRemoved, miss);
        }
        if escaped.iter().all(|constraint| matches!(constraint, Constraint::Condition(_))) {
            return (Cause::ConditionLoosened, miss);
        }
    }
    (Cause::Granted, miss)
}

pub(crate) fn statement_of<'w>(world: &'w World, source: &StatementRef) -> Option<(&'w Policy, Effect)> {
    world
        .layers
        .iter()
        .flat_map(|layer| &layer.documents)
        .find(|document| document.id == source.document)
        .and_then(|document| match &document.content {
            Content::Aws(policy) => {
                policy.statements.get(source.statement).map(|statement| (policy, statement.effect))
            }
            Content::Unknown(_) => None,
        })
}

/// Does the statement itself make this demand, rather than a cap above it?
fn policy_says(policy: &Policy, source: &StatementRef, constraint: &Constraint) -> bool {
    [Style::Crossing, Style::Segmented, Style::Arn].into_iter().any(|resources| {
        let reads = Reads {
            bound: Bound::Most,
            open_variables: false,
            resources,
            any_if_exists: crate::settings::AnyIfExists::Holds,
        };
        policy.statements.get(source.statement).is_some_and(|statement| {
            crate::search::compile::clause(statement, policy.variables, policy.kind, source.clone(), reads)
                .constraints
                .contains(constraint)
        })
    })
}

fn dimension_name(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Text { axis: Axis::Principal, .. } => "principal".to_owned(),
        Constraint::Text { axis: Axis::Action, .. } => "action".to_owned(),
        Constraint::Text { axis: Axis::Resource, .. } => "resource".to_owned(),
        Constraint::Condition(condition) => condition.shown.clone(),
    }
}

/// The region as a box to show.
fn told(search: &Search, space: &[Held]) -> RequestBox {
    let mut dimensions: Vec<Dimension> = ["principal", "action", "resource"]
        .into_iter()
        .map(|name| Dimension { name: name.to_owned(), within: Vec::new(), without: Vec::new() })
        .collect();
    for (number, holds) in space {
        let Some(constraint) = search.constraint(*number) else { continue };
        let name = dimension_name(constraint);
        let at = dimensions.iter().position(|dimension| dimension.name == name).unwrap_or_else(|| {
            dimensions.push(Dimension { name, within: Vec::new(), without: Vec::new() });
            dimensions.len() - 1
        });
        let Some(dimension) = dimensions.get_mut(at) else { continue };
        match constraint {
            Constraint::Text { patterns, negated, .. } => {
                let texts = patterns.iter().map(|pattern| pattern.shown.clone());
                if negated == holds {
                    dimension.without.extend(texts);
                } else if dimension.within.is_empty() {
                    dimension.within.extend(texts);
                }
            }
            Constraint::Condition(condition) => {
                let list = if *holds { &mut dimension.within } else { &mut dimension.without };
                list.push(condition.words.clone());
            }
        }
    }
    for dimension in &mut dimensions {
        let without = dimension.without.clone();
        dimension.within.retain(|text| !without.iter().any(|left| left.eq_ignore_ascii_case(text)));
        // What lies apart from all that is taken need not be named as left out.
        if !dimension.within.is_empty() {
            let (within, left_out) = (search.globs(space, &dimension.within), dimension.without.clone());
            let apart = |text: &String| {
                let globs = search.globs(space, std::slice::from_ref(text));
                !globs.is_empty() && !within.is_empty() && !crate::search::may_meet(&within, &globs)
            };
            dimension.without = left_out.into_iter().filter(|text| !apart(text)).collect();
        }
        dimension.without.sort();
        dimension.without.dedup();
    }
    dimensions.retain(|d| !d.within.is_empty() || !d.without.is_empty());
    RequestBox { dimensions }
}
