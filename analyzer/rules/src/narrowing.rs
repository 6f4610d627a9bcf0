//! What narrows a grant to anyone or to a service: the conditions that only some callers can meet.

use nhi_access::hole::{OWN_ACCOUNT, names_resource};
use nhi_access::request::Dimension;
use nhi_access::{Hole, Region, Shape};

/// To whom conditions hold a grant, the narrowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Narrowing {
    /// The resource's own account.
    Own,
    /// One named source, or one that only apply tells.
    Named,
    /// A network.
    Network,
    /// An organisation.
    Organisation,
    /// Another account.
    Other,
}

/// A source ARN that only apply tells, as a pattern that takes any.
pub(crate) const ANY_ARN: &str = "arn:*:*:*:*:*";

const ORGANISATIONS: &[&str] =
    &["aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"];
const ACCOUNTS: &[&str] = &[
    "aws:principalaccount",
    "aws:sourceaccount",
    "aws:sourceowner",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
];
const ARNS: &[&str] = &["aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn"];
const NETWORKS: &[&str] = &["aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"];
/// Secrets that a caller has to know, and users by their ids.
const NAMES: &[&str] = &["lambda:eventsourcetoken", "aws:userid", "sts:externalid"];

/// The narrowest of a region's conditions; `None` where none holds anybody back for sure.
pub(crate) fn of(region: &Region, own: Option<&str>) -> Option<Narrowing> {
    region.set.dimensions.iter().filter_map(|dimension| one(dimension, own, region)).min()
}

fn one(dimension: &Dimension, own: Option<&str>, region: &Region) -> Option<Narrowing> {
    let key = dimension.name.to_lowercase();
    // Held words read `Operator value, value`; the widest value counts, and several demands must all be met.
    let demands = dimension.within.iter().filter_map(|words| {
        let (operator, values) = words.split_once(' ')?;
        let operator = operator.to_lowercase();
        let operator = operator.strip_prefix("foranyvalue:").unwrap_or(&operator).to_owned();
        let sure = ["string", "arn", "ipaddress"].iter().any(|family| operator.starts_with(family))
            && !operator.contains("not")
            && !operator.ends_with("ifexists");
        if !sure {
            return None;
        }
        let each: Option<Vec<Narrowing>> =
            values.split(", ").map(|value| value_of((&key, &operator), value, (own, region))).collect();
        each?.into_iter().max()
    });
    demands.min()
}

fn value_of(
    (key, operator): (&str, &str),
    value: &str,
    (own, region): (Option<&str>, &Region),
) -> Option<Narrowing> {
    if let Some(hole) = region.holes.iter().find(|hole| value.contains(&format!("${{{}}}", hole.reference))) {
        return of_hole(hole, key, operator, own);
    }
    if value == ANY_ARN || value == "(known after apply)" {
        return Some(Narrowing::Named);
    }
    if value.is_empty() || value.chars().all(|c| matches!(c, '*' | '?')) {
        return None;
    }
    let account = |account: &str| match own {
        _ if account.contains(['*', '?']) => None,
        Some(own) if own == account => Some(Narrowing::Own),
        _ => Some(Narrowing::Other),
    };
    if ORGANISATIONS.contains(&key) {
        Some(Narrowing::Organisation)
    } else if ACCOUNTS.contains(&key) {
        account(value)
    } else if ARNS.contains(&key) {
        let parts: Vec<&str> = value.splitn(6, ':').collect();
        match parts.as_slice() {
            [_, _, _, _, "", rest] if !rest.starts_with('*') => Some(Narrowing::Named),
            [_, _, _, _, number, _] => account(number),
            _ => None,
        }
    } else if NETWORKS.contains(&key) {
        (!value.ends_with("/0")).then_some(Narrowing::Network)
    } else if NAMES.contains(&key) {
        Some(Narrowing::Named)
    } else {
        None
    }
}

/// What is only known after apply narrows as what it will be: to what the plan makes, to its own account. Any text at
/// all is one value where values are compared letter by letter, and may be a wildcard elsewhere.
fn of_hole(hole: &Hole, key: &str, operator: &str, own: Option<&str>) -> Option<Narrowing> {
    let narrows = [ORGANISATIONS, ACCOUNTS, ARNS, NETWORKS, NAMES].iter().any(|keys| keys.contains(&key));
    if !narrows {
        return None;
    }
    match &hole.shape {
        Shape::Like(glob) => {
            let account = glob.split(':').find(|part| is_account(part) || *part == OWN_ACCOUNT);
            match (account, own) {
                (Some(OWN_ACCOUNT), _) => Some(Narrowing::Own),
                (Some(account), Some(own)) if account == own => Some(Narrowing::Own),
                (Some(_), Some(_)) => Some(Narrowing::Other),
                _ if ORGANISATIONS.contains(&key) => Some(Narrowing::Organisation),
                _ if NETWORKS.contains(&key) => Some(Narrowing::Network),
                _ => Some(Narrowing::Named),
            }
        }
        Shape::Value | Shape::Text => {
            let exact = !operator.contains("like") && !operator.contains("arn");
            (exact || names_resource(&hole.reference)).then_some(Narrowing::Named)
        }
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn principals(region: &Region) -> &[String] {
    let who = region.set.dimensions.iter().find(|dimension| dimension.name == "principal");
    who.map_or(&[], |who| who.within.as_slice())
}

/// Does the region speak of nobody but whole accounts?
pub(crate) fn names_account_alone(region: &Region) -> bool {
    let whole = |text: &String| {
        let text = text.strip_prefix("AWS:").unwrap_or(text);
        text.ends_with(":root") || is_account(text) || text.ends_with(".account_id}")
    };
    principals(region).iter().all(whole)
}

/// Identities that the platform makes for its own services: those of its content network, and the accounts from which
/// its load balancers write logs.
pub(crate) fn is_of_the_platform(region: &Region) -> bool {
    let principals = principals(region);
    !principals.is_empty()
        && principals.iter().all(|text| {
            let account =
                text.split(':').find(|part| part.len() == 12 && part.bytes().all(|b| b.is_ascii_digit()));
            text.contains(":iam::cloudfront:user/")
                || account.is_some_and(|one| LOAD_BALANCERS.contains(&one))
        })
}

/// By the pages of Elastic Load Balancing on access logs.
const LOAD_BALANCERS: &[&str] = &[
    "127311923021",
    "033677994240",
    "027434742980",
    "797873946194",
    "098369216593",
    "754344448648",
    "589379963580",
    "718504428378",
    "383597477331",
    "600734575887",
    "114774131450",
    "783225319266",
    "582318560864",
    "985666609251",
    "054676820928",
    "156460612806",
    "652711504416",
    "635631232127",
    "009996457667",
    "897822967062",
    "076674570225",
    "507241528517",
];
