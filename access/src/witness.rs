//! One request out of a box: the most telling one that is in it.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use crate::dialect::aws::caller::{Caller, Value};
use crate::parts::Taken;
use crate::request::Request;
use crate::space::Exhausted;
use crate::space::atom::Atom;
use crate::space::clause::{ACTION, Lit, Numbers, PRINCIPAL, RESOURCE, Slot};
use crate::space::glob::{Pattern, Patterns, Piece, is_token};
use crate::space::key::Held;
use crate::space::sample::Sample;
use crate::space::search::Search;
use crate::weight::actions::TELLING;
use crate::world::World;

/// A request, and whether values nobody knows stayed in it.
pub(crate) struct Found {
    pub(crate) request: Request,
    /// `false` when a part of the request stands for something unknown.
    pub(crate) settled: bool,
    /// Action, resource and principal as the search writes them, to ask which constraints they obey.
    pub(crate) texts: [String; 3],
}

/// What a request is wanted of.
pub(crate) struct Wanted<'a> {
    /// The box, in order of dimensions.
    pub(crate) space: &'a [Lit],
    pub(crate) taken: &'a Taken,
    /// The actions as written.
    pub(crate) texts: &'a [String],
    pub(crate) world: &'a World,
}

/// The text of a policy variable that nothing else constrains.
const VALUE: &str = "example";

pub(crate) fn witness(wanted: &Wanted<'_>, search: &mut Search) -> Result<Option<Found>, Exhausted> {
    let mut settled = true;
    let mut context = BTreeMap::new();
    for lits in wanted.space.chunk_by(|a, b| a.slot == b.slot) {
        let Some((slot, key)) =
            lits.first().and_then(|lit| Some((lit.slot, search.numbers.key_of(lit.slot)?.0)))
        else {
            continue;
        };
        let hidden = key.starts_with('\u{0}');
        if lits.iter().any(|lit| search.numbers.atom(*lit).is_some_and(Atom::is_opaque)) {
            settled = false;
        }
        match search.sample(lits)? {
            None => return Ok(None),
            Some(Sample::Key(Held::Unsure)) => settled = false,
            Some(Sample::Key(Held::Values(values))) if !hidden => {
                let name = search.numbers.key_of(slot).map_or("", |(_, written)| written).to_owned();
                context.insert(name, values);
            }
            Some(_) => {}
        }
    }
    let Some(action) = action(wanted, search)? else { return Ok(None) };
    let Some(resource) = resource(wanted, search, &action)? else { return Ok(None) };
    let Some(principal) = principal(wanted, search)? else { return Ok(None) };
    let texts = [action.to_lowercase(), resource.clone(), principal.clone()];
    let (kind, name) = principal.split_once('|').unwrap_or(("AWS", &principal));
    // A name whose form does not tell its type says it.
    let told = crate::side::typed(name) == principal;
    let name = if told { name.to_owned() } else { format!("{kind}:{name}") };
    let mut request = Request { principal: name, action, resource, context };
    settled &= fill(&mut request, &search.numbers);
    // A name without the shape of its kind is somebody else to whoever reads the request.
    settled &= principal.split_once('|').is_none_or(|(kind, _)| is_of_kind(kind, &request.principal));
    Ok(Some(Found { request, settled, texts }))
}

fn is_of_kind(kind: &str, name: &str) -> bool {
    name == "anonymous" || crate::side::typed(name).split_once('|').is_some_and(|(own, _)| own == kind)
}

/// Gives policy variables a value; `false` where an unknown entry stays.
fn fill(request: &mut Request, numbers: &Numbers) -> bool {
    let mut wanted: Vec<char> = Vec::new();
    let values = request.context.values().flatten();
    for text in [&request.resource, &request.principal, &request.action].into_iter().chain(values) {
        wanted.extend(text.chars().filter(|c| is_token(*c)));
    }
    wanted.sort_unstable();
    wanted.dedup();
    let mut settled = true;
    for (number, c) in wanted.into_iter().enumerate() {
        let Some(key) = numbers.named(c).and_then(|name| name.strip_prefix("${")?.strip_suffix('}')) else {
            settled = false;
            continue;
        };
        // What follows the comma is the default.
        let key = key.split(',').next().unwrap_or(key);
        let own = request.context.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        let value = match own.and_then(|(_, values)| values.first()) {
            Some(value) if !value.contains(c) => value.clone(),
            _ if called(request, numbers, key).is_some() => called(request, numbers, key).unwrap_or_default(),
            // Two variables seldom hold the same.
            _ if number > 0 => format!("{VALUE}-{}", number + 1),
            _ => VALUE.to_owned(),
        };
        let put = |text: &mut String| *text = text.replace(c, &value);
        put(&mut request.resource);
        put(&mut request.principal);
        request.context.values_mut().flatten().for_each(put);
        if !request.context.keys().any(|name| name.eq_ignore_ascii_case(key)) {
            request.context.insert(key.to_owned(), vec![value]);
        }
    }
    settled
}

/// What the request's principal makes of a key that says who calls.
fn called(request: &Request, numbers: &Numbers, key: &str) -> Option<String> {
    let value = match &numbers.caller {
        Caller::Any => Caller::Known(request.principal.clone()).value(key),
        own => own.value(key),
    };
    if let Value::Is(value) = value { Some(value) } else { None }
}

fn of(space: &[Lit], slot: Slot) -> &[Lit] {
    let from = space.partition_point(|lit| lit.slot < slot);
    let to = space.partition_point(|lit| lit.slot <= slot);
    space.get(from..to).unwrap_or_default()
}

/// Does a text obey all constraints?
fn fits(lits: &[Lit], numbers: &Numbers, text: &str) -> bool {
    let obeys = |plain: bool| {
        lits.iter().all(|lit| match numbers.patterns(*lit) {
            Some(patterns) if patterns.globs.is_empty() == plain => patterns.matches(text) == lit.holds,
            _ => true,
        })
    };
    // Plain texts tell quickest.
    obeys(true) && obeys(false)
}

/// The patterns a value must match, as written.
fn positive<'a>(lits: &'a [Lit], numbers: &'a Numbers) -> impl Iterator<Item = &'a Patterns> {
    lits.iter().filter(|lit| lit.holds).filter_map(|lit| numbers.patterns(*lit))
}

/// How telling an action is, in lower case; the least is the most.
fn rank(lower: &str) -> usize {
    static RANKS: OnceLock<HashMap<String, usize>> = OnceLock::new();
    let ranks = RANKS.get_or_init(|| {
        TELLING.iter().enumerate().map(|(rank, action)| (action.to_lowercase(), rank)).collect()
    });
    ranks.get(lower).copied().unwrap_or(usize::MAX)
}

fn action(wanted: &Wanted<'_>, search: &mut Search) -> Result<Option<String>, Exhausted> {
    let lits = of(wanted.space, ACTION);
    if let Taken::Literals(literals) = wanted.taken {
        let fitting =
            literals.iter().zip(wanted.texts).filter(|(lower, _)| fits(lits, &search.numbers, lower));
        if let Some((_, written)) = fitting.min_by_key(|(lower, _)| rank(lower)) {
            return Ok(Some(written.clone()));
        }
    }
    // What a glob's first letters rule out needs no closer look.
    let may = |action: &&&str| match wanted.taken {
        Taken::Glob(glob) => begins(glob, action),
        _ => true,
    };
    let telling =
        TELLING.iter().filter(may).find(|action| fits(lits, &search.numbers, &action.to_lowercase()));
    if let Some(action) = telling {
        return Ok(Some((*action).to_owned()));
    }
    let Some(Sample::Text(text)) = search.sample(lits)? else { return Ok(None) };
    let own =
        |patterns: &Patterns| patterns.texts.iter().find(|own| own.eq_ignore_ascii_case(&text)).cloned();
    let written = positive(lits, &search.numbers).find_map(own);
    Ok(Some(written.unwrap_or(text)))
}

/// Does an action begin as a glob does?
fn begins(glob: &Pattern, action: &str) -> bool {
    let literal =
        glob.pieces.iter().map_while(|piece| if let Piece::Lit(c) = piece { Some(*c) } else { None });
    let mut chars = action.chars();
    literal.into_iter().all(|own| chars.next().is_some_and(|c| own.eq_ignore_ascii_case(&c)))
}

/// A resource's pattern with usual values for its wildcards.
fn usual(pattern: &Pattern, account: &str) -> String {
    let mut text = String::with_capacity(pattern.pieces.len() + 24);
    let mut segment = 0;
    let mut begins = true;
    for (at, piece) in pattern.pieces.iter().enumerate() {
        let ends = matches!(pattern.pieces.get(at + 1), None | Some(Piece::Lit(':')));
        match piece {
            Piece::Lit(c) | Piece::Fold(c) => {
                text.push(*c);
                if *c == ':' {
                    segment += 1;
                    begins = true;
                    continue;
                }
            }
            Piece::One(_) => text.push('x'),
            Piece::Star(_) if begins && ends && segment == 1 => text.push_str("aws"),
            Piece::Star(_) if begins && ends && segment == 3 => text.push_str("us-east-1"),
            Piece::Star(_) if begins && ends && segment == 4 => text.push_str(account),
            Piece::Star(_) => text.push_str(VALUE),
        }
        begins = false;
    }
    text
}

fn resource(wanted: &Wanted<'_>, search: &mut Search, action: &str) -> Result<Option<String>, Exhausted> {
    let lits = of(wanted.space, RESOURCE);
    let fit = |text: &str| fits(lits, &search.numbers, text);
    if let Some(own) =
        wanted.world.resource.as_deref().filter(|text| !text.contains(['*', '?', '$']) && fit(text))
    {
        return Ok(Some(own.to_owned()));
    }
    let account = wanted.world.account.as_deref().unwrap_or("111122223333");
    for patterns in positive(lits, &search.numbers) {
        let plain = |text: &&String| !text.contains(['*', '?', '$']) && fit(text);
        if let Some(found) = patterns.literals.iter().find(plain) {
            return Ok(Some(found.clone()));
        }
        let globs = patterns.globs.iter().filter(|glob| !glob.has_token()).map(|glob| usual(glob, account));
        if let Some(found) = globs.take(64).find(|text| fit(text)) {
            return Ok(Some(found));
        }
    }
    let common = match action.split(':').next().unwrap_or_default() {
        "iam"
            if action.contains("User") || action.contains("AccessKey") || action.contains("LoginProfile") =>
        {
            format!("arn:aws:iam::{account}:user/example")
        }
        "iam" if action.contains("Policy") && !action.contains("Role") => {
            format!("arn:aws:iam::{account}:policy/example")
        }
        "iam" | "sts" => format!("arn:aws:iam::{account}:role/example"),
        "s3" => "arn:aws:s3:::example/object".to_owned(),
        "secretsmanager" => format!("arn:aws:secretsmanager:us-east-1:{account}:secret:example"),
        _ => "*".to_owned(),
    };
    if let Some(found) = [common.as_str(), "*"].into_iter().find(|text| fit(text)) {
        return Ok(Some(found.to_owned()));
    }
    let arn = Patterns::new([Pattern::glob("arn:?*:?*:*:*:?*")]);
    let shaped = {
        let (mut within, mut without) = (vec![&arn], Vec::new());
        for lit in lits {
            let Some(patterns) = search.numbers.patterns(*lit) else { continue };
            if lit.holds { within.push(patterns) } else { without.push(patterns) }
        }
        crate::space::oracle::text(&within, &without).unwrap_or(None)
    };
    match shaped {
        Some(found) => Ok(Some(found)),
        None => Ok(match search.sample(lits)? {
            Some(Sample::Text(text)) => Some(text),
            _ => None,
        }),
    }
}

fn principal(wanted: &Wanted<'_>, search: &mut Search) -> Result<Option<String>, Exhausted> {
    let lits = of(wanted.space, PRINCIPAL);
    if lits.is_empty() {
        let fallback = || {
            let account = wanted.world.account.as_deref().unwrap_or("111122223333");
            format!("arn:aws:iam::{account}:role/example")
        };
        return Ok(Some(crate::side::typed(&wanted.world.principal.clone().unwrap_or_else(fallback))));
    }
    let mut tries = Vec::new();
    for patterns in positive(lits, &search.numbers) {
        for text in &patterns.texts {
            let number = if crate::dialect::aws::patterns::is_account(text) {
                Some(text.as_str())
            } else {
                text.strip_suffix(":root")
                    .and_then(|text| text.rsplit(':').next())
                    .filter(|number| crate::dialect::aws::patterns::is_account(number))
            };
            if search.numbers.loose {
                // Most keys that are read as free here are those of users.
                tries.extend(number.map(|number| format!("AWS|arn:aws:iam::{number}:user/example")));
            }
            tries.extend(number.map(|number| format!("AWS|arn:aws:iam::{number}:root")));
            tries.extend(number.map(|number| format!("AWS|arn:aws:iam::{number}:role/example")));
        }
        tries.extend(patterns.literals.iter().cloned());
    }
    let common = ["444455556666:user/anyone", "444455556666:role/example", "111122223333:role/example"];
    tries.extend(common.map(|text| format!("AWS|arn:aws:iam::{text}")));
    tries.extend(
        ["Service|ec2.amazonaws.com", "Federated|arn:aws:iam::111122223333:oidc-provider/example.com"]
            .map(str::to_owned),
    );
    // Somebody says more than nobody.
    tries.sort_by_key(|text| text == "AWS|anonymous");
    if let Some(found) = tries.into_iter().find(|text| fits(lits, &search.numbers, text)) {
        return Ok(Some(found));
    }
    Ok(match search.sample(lits)? {
        Some(Sample::Text(text)) => Some(text),
        _ => None,
    })
}
