//! One request out of a box: the most telling one that is in it.

use std::collections::BTreeMap;

use crate::request::Request;
use crate::space::Exhausted;
use crate::space::clause::{Ask, Dim, Lit, Numbers};
use crate::space::glob::{Pattern, Patterns, is_token};
use crate::space::key::Held;
use crate::space::search::{Search, Space};
use crate::weight::actions::TELLING;
use crate::world::World;

/// A request, and whether values nobody knows stayed in it.
pub(crate) struct Found {
    pub(crate) request: Request,
    /// `false` when a part of the request stands for something unknown.
    pub(crate) settled: bool,
    /// The request as the search writes it, to ask which constraints it obeys.
    pub(crate) texts: BTreeMap<Dim, String>,
}

/// The text of a policy variable that nothing else constrains.
const VALUE: &str = "example";

pub(crate) fn witness(
    space: &Space,
    search: &Search,
    numbers: &Numbers,
    world: &World,
) -> Result<Option<Found>, Exhausted> {
    let mut settled = true;
    let mut context = BTreeMap::new();
    for (dim, lits) in &space.lits {
        let Dim::Key(key) = dim else { continue };
        if lits.iter().any(|lit| matches!(&*lit.ask, Ask::Key(atom) if atom.is_opaque())) {
            settled = false;
        }
        match search.held(lits)? {
            None => return Ok(None),
            Some(Held::Unsure) => settled = false,
            Some(Held::Values(values)) if !key.starts_with('\u{0}') => {
                let name = numbers.spelling.get(key).cloned().unwrap_or_else(|| key.to_string());
                context.insert(name, values);
            }
            Some(Held::Absent | Held::Values(_)) => {}
        }
    }
    let Some(action) = action(space, search)? else { return Ok(None) };
    let Some(resource) = resource(space, search, world, &action)? else { return Ok(None) };
    let Some(principal) = principal(space, search, world)? else { return Ok(None) };
    let texts = BTreeMap::from([
        (Dim::Action, action.to_lowercase()),
        (Dim::Resource, resource.clone()),
        (Dim::Principal, principal.clone()),
    ]);
    let name = principal.split_once('|').map_or(principal.as_str(), |(_, name)| name).to_owned();
    let mut request = Request { principal: name, action, resource, context };
    settled &= fill(&mut request, numbers);
    Ok(Some(Found { request, settled, texts }))
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
    for c in wanted {
        let Some(key) = numbers.named(c).and_then(|name| name.strip_prefix("${")?.strip_suffix('}')) else {
            settled = false;
            continue;
        };
        let own = request.context.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        let value = match own.and_then(|(_, values)| values.first()) {
            Some(value) if !value.contains(c) => value.clone(),
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

fn of<'a>(space: &'a Space, dim: &Dim) -> &'a [Lit] {
    space.lits.get(dim).map_or(&[], Vec::as_slice)
}

/// Does a text obey all constraints?
pub(crate) fn fits(lits: &[Lit], text: &str) -> bool {
    let obeys = |plain: bool| {
        lits.iter().all(|lit| match &*lit.ask {
            Ask::Text(patterns) if patterns.globs.is_empty() == plain => patterns.matches(text) == lit.holds,
            _ => true,
        })
    };
    // Plain texts tell quickest.
    obeys(true) && obeys(false)
}

/// The patterns a value must match, as written.
fn wanted(lits: &[Lit]) -> impl Iterator<Item = &Patterns> {
    lits.iter().filter(|lit| lit.holds).filter_map(|lit| match &*lit.ask {
        Ask::Text(patterns) => Some(patterns),
        Ask::Key(_) => None,
    })
}

fn action(space: &Space, search: &Search) -> Result<Option<String>, Exhausted> {
    let lits = of(space, &Dim::Action);
    let telling = TELLING.iter().find(|action| fits(lits, &action.to_lowercase()));
    if let Some(action) = telling {
        return Ok(Some((*action).to_owned()));
    }
    let found = search.text(lits)?;
    Ok(found.map(|text| {
        let written =
            |patterns: &Patterns| patterns.texts.iter().find(|own| own.eq_ignore_ascii_case(&text)).cloned();
        wanted(lits).find_map(written).unwrap_or(text)
    }))
}

fn resource(
    space: &Space,
    search: &Search,
    world: &World,
    action: &str,
) -> Result<Option<String>, Exhausted> {
    let lits = of(space, &Dim::Resource);
    let account = world.account.as_deref().unwrap_or("111122223333");
    let service = action.split(':').next().unwrap_or_default();
    let usual = match service {
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
    let own = world.resource.clone();
    let mut tries: Vec<String> = own.into_iter().collect();
    tries.extend(
        wanted(lits).flat_map(|patterns| patterns.texts.iter().map(|text| text.replace("/*", "/example"))),
    );
    tries.extend([usual, "*".to_owned()]);
    let plain = |text: &String| text == "*" || !text.contains(['*', '?', '$']);
    if let Some(found) = tries.into_iter().filter(plain).find(|text| fits(lits, text)) {
        return Ok(Some(found));
    }
    let arn = Patterns::new([Pattern::glob("arn:?*:?*:*:*:?*")]);
    let shaped = {
        let (mut within, mut without) = (vec![&arn], Vec::new());
        for lit in lits {
            if let Ask::Text(patterns) = &*lit.ask {
                if lit.holds { within.push(patterns) } else { without.push(patterns) }
            }
        }
        crate::space::oracle::text(&within, &without).unwrap_or(None)
    };
    match shaped {
        Some(found) => Ok(Some(found)),
        None => search.text(lits),
    }
}

fn principal(space: &Space, search: &Search, world: &World) -> Result<Option<String>, Exhausted> {
    let lits = of(space, &Dim::Principal);
    if lits.is_empty() {
        let fallback = || {
            let account = world.account.as_deref().unwrap_or("111122223333");
            format!("arn:aws:iam::{account}:role/example")
        };
        return Ok(Some(crate::side::typed(&world.principal.clone().unwrap_or_else(fallback))));
    }
    let mut tries = Vec::new();
    for patterns in wanted(lits) {
        for text in &patterns.texts {
            let number = if crate::dialect::aws::patterns::is_account(text) {
                Some(text.as_str())
            } else {
                text.strip_suffix(":root").and_then(|text| text.rsplit(':').next())
            };
            tries.extend(number.map(|number| format!("AWS|arn:aws:iam::{number}:root")));
            tries.extend(number.map(|number| format!("AWS|arn:aws:iam::{number}:role/example")));
        }
        tries.extend(patterns.literals.iter().cloned());
    }
    let usual = ["444455556666:user/anyone", "444455556666:role/example", "111122223333:role/example"];
    tries.extend(usual.map(|text| format!("AWS|arn:aws:iam::{text}")));
    tries.extend(
        ["Service|ec2.amazonaws.com", "Federated|arn:aws:iam::111122223333:oidc-provider/example.com"]
            .map(str::to_owned),
    );
    if let Some(found) = tries.into_iter().find(|text| fits(lits, text)) {
        return Ok(Some(found));
    }
    search.text(lits)
}
