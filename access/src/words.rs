//! The sentences for regions, witnesses and reasons; every surface prints these.

mod demand;
mod lint;
mod place;
mod statement;
mod verdict;

pub use lint::{remark, remark_id};
pub use statement::statement;
pub use verdict::{reason, verdict};

use std::borrow::Cow;

use crate::comparison::{Cause, NearMiss, Region, Undecided};
use crate::dialect::aws::PolicyKind;
use crate::request::{Dimension, Request};
use crate::space::glob::{Pattern, is_token};
use crate::world::UnknownReason;
use demand::Clause;

/// "may now `iam:PassRole` on any role, if MFA is absent", for regions of identity worlds: the subject is the principal.
pub fn region(region: &Region) -> String {
    format!("may now {}{}", deed(region), conditions(region))
}

/// "account `444455556666` (any principal in it) may now `s3:GetObject` on objects of bucket `acme-data`", for regions
/// of resource worlds.
pub fn resource(region: &Region) -> String {
    format!("{} may now {}{}", who(region), deed(region), conditions(region))
}

/// "account `444455556666` (any principal in it) may now assume it", for regions of trust worlds.
pub fn trust(region: &Region) -> String {
    // What else a trust policy speaks of lets nobody in.
    let beside =
        |text: &String| ["sts:tagsession", "sts:setsourceidentity"].contains(&text.to_lowercase().as_str());
    let deed = match find(region, "action") {
        Some(actions) if !actions.within.is_empty() && actions.within.iter().all(beside) => {
            format!("{} on it", some(Some(actions), "do anything", Spelling::Actions))
        }
        _ => "assume it".to_owned(),
    };
    format!("{} may now {deed}{}", who(region), conditions(region))
}

/// The words for regions between documents of a kind.
pub fn of(kind: PolicyKind) -> fn(&Region) -> String {
    match kind {
        PolicyKind::Identity => region,
        PolicyKind::Resource => resource,
        PolicyKind::Trust => trust,
    }
}

/// The sentence of a region that is newly allowed, said of one that no longer is.
pub fn no_longer(sentence: &str) -> String {
    sentence.replacen("may now", "may no longer", 1)
}

/// The same sentence without a word on what was before.
pub fn at_all(sentence: &str) -> String {
    sentence.replacen("may now", "may", 1)
}

/// "the resource", "the condition on `aws:SourceIp`": a dimension by what a document calls it.
pub fn dimension(name: &str) -> String {
    match name {
        "principal" | "action" | "resource" => format!("the {name}"),
        key => format!("the condition on `{key}`"),
    }
}

fn find<'a>(region: &'a Region, name: &str) -> Option<&'a Dimension> {
    region.set.dimensions.iter().find(|dimension| dimension.name == name)
}

/// "`iam:PassRole` on any role".
fn deed(region: &Region) -> String {
    let what = some(find(region, "action"), "do anything", Spelling::Actions);
    let which = some(find(region, "resource"), "anything", Spelling::Resources);
    // What is left out of all actions is left out of a noun.
    let what = what.replacen("do anything except", "anything except", 1);
    format!("{what} on {which}")
}

/// ", only from `10.0.0.0/8`, if MFA is absent"; empty without conditions.
fn conditions(region: &Region) -> String {
    let of = |dimension: &&Dimension| !["principal", "action", "resource"].contains(&dimension.name.as_str());
    let clauses = region.set.dimensions.iter().filter(of).flat_map(demand::clauses);
    let (mut ways, mut ifs): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for clause in clauses {
        let (list, text) = match clause {
            Clause::Way(text) => (&mut ways, text),
            Clause::If(text) => (&mut ifs, text),
        };
        if !list.contains(&text) {
            list.push(text);
        }
    }
    let ifs = (!ifs.is_empty()).then(|| format!("if {}", ifs.join(" and ")));
    ways.extend(ifs);
    ways.insert(0, String::new());
    ways.join(", ")
}

/// Whom a region of a trust or resource world lets in.
fn who(region: &Region) -> String {
    let who = find(region, "principal");
    let each = |texts: &[String]| -> Vec<String> {
        let mut names: Vec<String> = Vec::with_capacity(texts.len());
        for name in texts.iter().map(|text| principal(text)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let mut left_out = who.map(|who| each(&who.without)).unwrap_or_default();
    let mut names = who.map(|who| each(&who.within)).unwrap_or_default();
    // Who could do it before is not told at all, as long as somebody else is.
    if names.iter().any(|name| !left_out.contains(name)) {
        let all = names.clone();
        names.retain(|name| !left_out.contains(name));
        left_out.retain(|name| !all.contains(name));
    }
    let mut sentence = if names.is_empty() { "anyone".to_owned() } else { list(&names, "and") };
    if !left_out.is_empty() {
        sentence = format!("{sentence} except {}", list(&left_out, "and"));
    }
    sentence
}

fn principal(text: &str) -> String {
    let typed = |(kind, name): (&str, &str)| match kind {
        "AWS" => Some(name.to_owned()),
        "Service" | "Federated" | "CanonicalUser" => Some(format!("{kind}:{name}")),
        _ => None,
    };
    let untyped = text.split_once('|').and_then(typed);
    let text = untyped.as_deref().unwrap_or(text);
    match text.split_once(':') {
        _ if text == "*" || text == "AWS:*" => "anyone".to_owned(),
        Some(("Service", name)) => format!("the service `{name}`"),
        Some(("Federated", name)) => format!("an identity of `{name}`"),
        Some(("CanonicalUser", name)) => format!("the canonical user `{name}`"),
        Some(("arn", rest)) if rest.ends_with(":root") => {
            let account = rest.split(':').nth(3).unwrap_or(rest);
            let account = account.strip_prefix("${").and_then(|one| one.strip_suffix('}')).unwrap_or(account);
            format!("account `{account}` (any principal in it)")
        }
        None if text.len() == 12 && text.chars().all(|c| c.is_ascii_digit()) => {
            format!("account `{text}` (any principal in it)")
        }
        None if text.starts_with("${data.") && text.ends_with(".account_id}") => {
            let reference = text.trim_start_matches("${").trim_end_matches('}');
            format!("account `{reference}` (any principal in it)")
        }
        _ => crate::hole::spoken(text),
    }
}

fn quoted(text: &str) -> String {
    crate::hole::spoken(text)
}

/// How the texts of a dimension are written and read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// In any case; told as they are.
    Actions,
    /// Letter by letter; told in words where these are exact.
    Resources,
}

impl Spelling {
    fn words(self, text: &str) -> String {
        let text: String = text.chars().map(readable).collect();
        match self {
            Self::Actions => crate::hole::spoken_actions(&text),
            Self::Resources => place::words(&text),
        }
    }

    fn pattern(self, text: &str) -> Pattern {
        match self {
            Self::Actions => Pattern::glob(&text.to_lowercase()),
            Self::Resources => Pattern::glob(text),
        }
    }
}

/// A letter that stands for a value nobody knows has no look of its own.
fn readable(letter: char) -> Cow<'static, str> {
    if is_token(letter) { Cow::Borrowed("${…}") } else { Cow::Owned(letter.to_string()) }
}

/// What a dimension takes, and what it leaves out.
fn some(dimension: Option<&Dimension>, all: &str, spelling: Spelling) -> String {
    let Some(dimension) = dimension else { return all.to_owned() };
    let each =
        |texts: &[&String]| list(&texts.iter().map(|text| spelling.words(text)).collect::<Vec<_>>(), "and");
    let (within, without) = told_apart(dimension, spelling);
    let taken = if within.is_empty() || within.iter().any(|text| *text == "*") {
        all.to_owned()
    } else {
        each(&within)
    };
    if without.is_empty() {
        return taken;
    }
    format!("{taken} except {}", each(&without).replace("do whatever `", "whatever `"))
}

/// What is taken and wholly left out again is not told at all, as long as something else is taken.
fn told_apart(dimension: &Dimension, spelling: Spelling) -> (Vec<&String>, Vec<&String>) {
    let (within, without) = (&dimension.within, &dimension.without);
    let excluded: Vec<Pattern> = without.iter().map(|text| spelling.pattern(text)).collect();
    let gone = |text: &&String| {
        let own = spelling.pattern(text);
        let covers = |(text, pattern): (&String, &Pattern)| {
            // How far an earlier star reaches is disputed.
            let sure = spelling == Spelling::Actions || text.matches(':').count() >= 5;
            sure && pattern.plainly_covers(&own)
        };
        without.contains(text) || without.iter().zip(&excluded).any(covers)
    };
    let rest: Vec<&String> = within.iter().filter(|text| !gone(text)).collect();
    if rest.is_empty() || rest.len() == within.len() {
        return (within.iter().collect(), without.iter().collect());
    }
    // What is left out of nothing that is still told goes without saying.
    let own: Vec<Pattern> = rest.iter().map(|text| spelling.pattern(text)).collect();
    let without = without.iter().zip(&excluded);
    let without = without.filter(|(_, pattern)| own.iter().any(|one| one.may_meet(pattern)));
    (rest, without.map(|(text, _)| text).collect())
}

/// `a`, `b` and `c`; a long list is cut and counted.
fn list(texts: &[String], last_word: &str) -> String {
    const MOST: usize = 6;
    match texts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if texts.len() <= MOST => format!("{} {last_word} {last}", first.join(", ")),
        _ => {
            let shown: Vec<&str> = texts.iter().take(MOST - 1).map(String::as_str).collect();
            format!("{} {last_word} {} more", shown.join(", "), texts.len() + 1 - MOST)
        }
    }
}

/// One request that is allowed, in words.
pub fn request(request: &Request) -> String {
    format!("`{}` may {}", request.principal, asked(request))
}

/// One request that no longer is, in words.
pub fn past_request(request: &Request) -> String {
    format!("`{}` could {}", request.principal, asked(request))
}

/// "may `…` `s3:GetObject` on `…`?": one request of which it is not said yet whether it is allowed. Where the request
/// names no principal it is whoever has the policy.
pub fn question(request: &Request) -> String {
    let who = Some(&request.principal).filter(|name| !name.is_empty()).map(|name| quoted(name));
    format!("may {} {}?", who.as_deref().unwrap_or("whoever has the policy"), asked(request))
}

fn asked(request: &Request) -> String {
    let mut sentence = format!("`{}` on `{}`", request.action, request.resource);
    let context: Vec<String> =
        request.context.iter().map(|(key, values)| format!("`{key}` = `{}`", values.join("`, `"))).collect();
    if !context.is_empty() {
        sentence = format!("{sentence} with {}", context.join(", "));
    }
    sentence
}

/// Why something is undecided, in words.
pub fn undecided(reason: &Undecided) -> String {
    match reason {
        Undecided::Document { reason, .. } => match reason {
            UnknownReason::AfterApply => "the policy's text is only known after apply".to_owned(),
            UnknownReason::Sensitive => "the policy's text is masked as sensitive".to_owned(),
            UnknownReason::Elsewhere(name) => format!("the text of `{name}` is not at hand"),
            UnknownReason::Unreadable(problem) => format!("the policy's text cannot be read: {problem}"),
        },
        Undecided::Statement { statement, reason } => {
            format!("statement {}: {reason}", statement.statement + 1)
        }
        Undecided::Budget { statement, .. } => {
            format!("statement {}: the search was given up at its budget", statement.statement + 1)
        }
    }
}

/// What made a region possible, in words; empty for a plain grant.
pub fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Granted => "",
        Cause::DenyRemoved => "a `Deny` that held it back is gone or narrower",
        Cause::BoundaryRemoved => "a boundary that capped it is gone or wider",
        Cause::ConditionLoosened => "the condition that held it back is gone or looser",
    }
}

/// What nearly covered a region, in words.
pub fn near_miss(near: &NearMiss) -> String {
    format!(
        "statement {} nearly covered it; what escapes is {}",
        near.statement.statement + 1,
        dimension(&near.escaped)
    )
}

/// A reading of disputed points, by what sets it apart.
pub fn reading(reading: crate::settings::Reading) -> &'static str {
    crate::difference::reading_words(reading)
}

/// What the catalogue of actions adds to a region, in words; empty where it can be made use of today.
pub fn realizable(known: crate::Realizable) -> &'static str {
    match known {
        crate::Realizable::Today => "",
        crate::Realizable::Uncatalogued => "no action that is known today is among them",
        crate::Realizable::Never => "no action that is known today takes such a resource",
    }
}

/// Where a way to other rights leads, in words that follow what may newly be done.
pub fn escalation(path: &crate::escalation::Path) -> String {
    use crate::escalation::Leads;
    let (alone, end) = match (path.method.leads(), &path.role) {
        (Leads::AnyRole, Some(role)) => (false, format!("may act as {}", role_of(role))),
        (Leads::Administrator, _) => (true, "may make itself an administrator".to_owned()),
        (Leads::AnyRole, None) => (true, "may act as any role of the account".to_owned()),
        (Leads::AnyUser, _) => (true, "may act as any user of the account".to_owned()),
        (Leads::RoleInUse, _) => (true, "may act as the role of whatever it changes or enters".to_owned()),
    };
    let besides =
        if alone && path.method.actions().len() == 1 { "that way" } else { "with what it holds besides" };
    format!("{besides}, it {end}")
}

/// "role `deploy-admin`", "any role that `app-*` names".
fn role_of(arn: &str) -> String {
    let name = arn.split_once(":role/").map_or(arn, |(_, name)| name);
    if name.contains(['*', '?']) { format!("any role that `{name}` names") } else { format!("role `{name}`") }
}
