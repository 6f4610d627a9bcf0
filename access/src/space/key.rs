//! What may a context key hold so that some conditions hold and others fail?

use super::Exhausted;
use super::atom::{Atom, Quantity, Test};
use super::glob::{Pattern, Patterns};
use super::oracle;
use crate::settings::AnyIfExists;

/// An answer of the key's question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Held {
    /// Nothing: the key is absent.
    Absent,
    /// These values.
    Values(Vec<String>),
    /// Something may exist, but conditions of different kinds meet and none was found.
    Unsure,
}

/// One condition and whether it must hold.
pub(crate) type Wanted<'a> = (&'a Atom, bool);

/// A content of the key under which each condition is as wanted; `None` when there is none.
pub(crate) fn held(
    wanted: &[Wanted<'_>],
    reading: AnyIfExists,
    states: &mut usize,
) -> Result<Option<Held>, Exhausted> {
    if wanted.iter().all(|(atom, holds)| atom.is_opaque() || atom.holds_absent(reading) == *holds) {
        return Ok(Some(Held::Absent));
    }
    let there = |(atom, holds): &Wanted<'_>| match atom.test {
        Test::Presence { present, .. } => present == *holds,
        _ => true,
    };
    if !wanted.iter().all(there) {
        return Ok(None);
    }
    let wanted: Vec<Wanted<'_>> = wanted.iter().copied().filter(|(atom, _)| atom.kind() != 0).collect();
    let single = one(&wanted, states)?;
    if let Some(Held::Values(_)) = single {
        return Ok(single);
    }
    if wanted.iter().any(|(atom, _)| atom.quantity == Quantity::Plain) {
        return Ok(single);
    }
    // A set: every value obeys what is asked of all of them, and each thing asked of some value has one.
    let of_all: Vec<Wanted<'_>> =
        wanted.iter().copied().filter(|(atom, holds)| (atom.quantity == Quantity::All) == *holds).collect();
    let mut values = Vec::new();
    let mut unsure = false;
    for some in wanted.iter().copied().filter(|(atom, holds)| (atom.quantity == Quantity::Any) == *holds) {
        let question: Vec<Wanted<'_>> = of_all.iter().copied().chain([some]).collect();
        match one(&question, states)? {
            Some(Held::Values(found)) => values.extend(found),
            Some(_) => unsure = true,
            None => return Ok(None),
        }
    }
    if unsure {
        return Ok(Some(Held::Unsure));
    }
    values.sort();
    values.dedup();
    Ok((!values.is_empty()).then_some(Held::Values(values)))
}

/// One value under which each condition is as wanted.
fn one(wanted: &[Wanted<'_>], states: &mut usize) -> Result<Option<Held>, Exhausted> {
    let mut kinds: Vec<u8> = wanted.iter().map(|(atom, _)| atom.kind()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds == [1] || kinds.is_empty() {
        let (mut within, mut without): (Vec<&Patterns>, Vec<&Patterns>) = (Vec::new(), Vec::new());
        for (atom, holds) in wanted {
            if let Test::Text(patterns) = &atom.test {
                if *holds == atom.negated { without.push(patterns) } else { within.push(patterns) }
            }
        }
        return Ok(oracle::text_in(&within, &without, states)?.map(|text| Held::Values(vec![text])));
    }
    let mut samples: Vec<String> = wanted.iter().flat_map(|(atom, _)| atom.samples()).collect();
    samples.extend(middles(wanted));
    samples.push("x".to_owned());
    let fits = |text: &String| wanted.iter().all(|(atom, holds)| atom.holds(text) == *holds);
    if let Some(sample) = samples.into_iter().find(fits) {
        return Ok(Some(Held::Values(vec![sample])));
    }
    Ok((kinds.len() > 1 && !listed(wanted)).then_some(Held::Unsure))
}

/// Is every value that can be wanted spelled by one of the conditions? Then each of them was a sample.
fn listed(wanted: &[Wanted<'_>]) -> bool {
    let spells = |(atom, holds): &Wanted<'_>| match &atom.test {
        Test::Text(patterns) => *holds != atom.negated && patterns.globs.is_empty(),
        Test::Binary(_) => *holds != atom.negated,
        _ => false,
    };
    wanted.iter().any(spells) && !wanted.iter().any(|(atom, _)| atom.has_tokens())
}

/// What a key holds that AWS fills itself and documents as Boolean: `true`, `false`, or it is absent.
pub(crate) fn form(key: &str) -> Option<Atom> {
    let boolean = matches!(key, "aws:securetransport" | "aws:multifactorauthpresent" | "aws:viaawsservice");
    boolean.then(|| {
        let values = Patterns::new(["true", "false"].map(Pattern::exact));
        Atom { quantity: Quantity::Plain, if_exists: true, negated: false, test: Test::Text(values) }
    })
}

/// Points between the bounds of different conditions on ordered values.
fn middles(wanted: &[Wanted<'_>]) -> Vec<String> {
    let mut united: Option<Atom> = None;
    for (atom, _) in wanted {
        match (&mut united, &atom.test) {
            (Some(Atom { test: Test::Number(_, all), .. }), Test::Number(_, bounds))
            | (Some(Atom { test: Test::Time(_, all), .. }), Test::Time(_, bounds)) => all.extend(bounds),
            (None, Test::Number(..) | Test::Time(..)) => united = Some((*atom).clone()),
            _ => {}
        }
    }
    united.map(|atom| atom.samples()).unwrap_or_default()
}
