//! The evaluator's own matching of actions, resources and principals.

use crate::dialect::aws::PrincipalItem;
use crate::settings::Stars;

pub(crate) const TRUST_ACTIONS: [&str; 5] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithWebIdentity",
    "sts:AssumeRoleWithSAML",
    "sts:TagSession",
    "sts:SetSourceIdentity",
];

/// A character of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Char(char),
    /// `?`; may it be a colon?
    One(bool),
    /// `*`; may it run over colons?
    Run(bool),
}

/// The signs of a text with `*` and `?`.
pub(crate) fn signs(text: &str) -> Vec<Sign> {
    text.chars()
        .map(|c| match c {
            '*' => Sign::Run(true),
            '?' => Sign::One(true),
            c => Sign::Char(c),
        })
        .collect()
}

/// Does the whole text match? Row by row: `row[i]` says whether the rest of the pattern from `i` matches the rest.
pub(crate) fn like(mut signs: &[Sign], mut text: &str) -> bool {
    // A pattern that begins otherwise is told at once.
    while let [Sign::Char(own), rest @ ..] = signs {
        let Some(behind) = text.strip_prefix(*own) else { return false };
        (signs, text) = (rest, behind);
    }
    match signs {
        [] => return text.is_empty(),
        [Sign::Run(true)] => return true,
        _ => {}
    }
    if !signs.contains(&Sign::Run(false)) {
        return freely(signs, text);
    }
    let mut below: Vec<bool> = vec![false; signs.len() + 1];
    for (i, slot) in below.iter_mut().enumerate() {
        *slot = signs.iter().skip(i).all(|sign| matches!(sign, Sign::Run(_)));
    }
    for c in text.chars().rev() {
        let mut row = vec![false; signs.len() + 1];
        for (i, sign) in signs.iter().enumerate().rev() {
            let after = |list: &[bool], at: usize| list.get(at).copied().unwrap_or(false);
            let value = match sign {
                Sign::Char(own) => *own == c && after(&below, i + 1),
                Sign::One(colon) => (*colon || c != ':') && after(&below, i + 1),
                Sign::Run(colon) => after(&row, i + 1) || ((*colon || c != ':') && after(&below, i)),
            };
            if let Some(slot) = row.get_mut(i) {
                *slot = value;
            }
        }
        below = row;
    }
    below.first().copied().unwrap_or(false)
}

/// The same where every run may hold anything: then the last run passed is the only one that can still give way.
fn freely(mut signs: &[Sign], mut text: &str) -> bool {
    let mut run: Option<(&[Sign], &str)> = None;
    loop {
        let mut rest = text.chars();
        let c = rest.next();
        let matches = match (signs, c) {
            ([Sign::Run(_), behind @ ..], _) => {
                run = Some((behind, text));
                signs = behind;
                continue;
            }
            ([], None) => return true,
            ([Sign::Char(own), ..], Some(c)) => *own == c,
            ([Sign::One(colon), ..], Some(c)) => *colon || c != ':',
            _ => false,
        };
        if matches {
            (signs, text) = (signs.get(1..).unwrap_or_default(), rest.as_str());
            continue;
        }
        // The run takes one character more, if there is one.
        let Some((behind, from)) = run else { return false };
        let mut longer = from.chars();
        if longer.next().is_none() {
            return false;
        }
        run = Some((behind, longer.as_str()));
        (signs, text) = (behind, longer.as_str());
    }
}

pub(crate) fn action(pattern: &str, action: &str) -> bool {
    // Most names differ in a plain letter before any wildcard.
    for (own, asked) in pattern.bytes().zip(action.bytes()) {
        if matches!(own, b'*' | b'?') || !own.is_ascii() || !asked.is_ascii() {
            break;
        }
        if !own.eq_ignore_ascii_case(&asked) {
            return false;
        }
    }
    action_signs(pattern).is_some_and(|signs| like(&signs, &action.to_lowercase()))
}

/// An action entry in lower case; `None` for text that no action matches.
pub(crate) fn action_signs(pattern: &str) -> Option<Vec<Sign>> {
    let void = pattern.chars().any(|c| c.is_whitespace() || c == ',');
    (!void).then(|| signs(&pattern.to_lowercase()))
}

/// `identity`: the pattern stands in a policy that is attached to a principal, so that missing fields are filled.
pub(crate) fn resource(pattern: Vec<Sign>, resource: &str, stars: Stars, identity: bool) -> bool {
    resource_signs(pattern, stars, identity).is_some_and(|signs| like(&signs, resource))
}

/// A resource entry with its missing fields and with wildcards that reach as far as the reading lets them; `None` for
/// text that no resource matches.
pub(crate) fn resource_signs(pattern: Vec<Sign>, stars: Stars, identity: bool) -> Option<Vec<Sign>> {
    let mut fields: Vec<Vec<Sign>> = vec![Vec::new()];
    for sign in pattern {
        if sign == Sign::Char(':') && fields.len() < 6 {
            fields.push(Vec::new());
        } else if let Some(field) = fields.last_mut() {
            field.push(sign);
        }
    }
    let single = fields.len() == 1
        && fields.iter().flatten().all(|sign| matches!(sign, Sign::Run(_)))
        && fields.iter().flatten().next().is_some();
    if single {
        return Some(vec![Sign::Run(true)]);
    }
    let arn = fields.first().is_some_and(|field| *field == signs("arn")) && fields.len() > 1;
    let wild = fields.iter().flatten().any(|sign| !matches!(sign, Sign::Char(_)));
    if fields.len() < 6 {
        if identity && arn {
            fields.resize(6, vec![Sign::Run(true)]);
        } else if !identity && !wild {
            return None;
        }
    }
    let last = fields.len() - 1;
    let mut whole = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            whole.push(Sign::Char(':'));
        }
        for (place, sign) in field.iter().enumerate() {
            let ends = place + 1 == field.len();
            let free = match (stars, sign) {
                (Stars::Crossing, _) => true,
                _ if index == 5 => true,
                (Stars::Segment, Sign::Run(_)) => ends,
                (Stars::Strict, Sign::Run(_)) => ends && index == last,
                _ => false,
            };
            whole.push(match sign {
                Sign::Run(_) => Sign::Run(free),
                Sign::One(_) => Sign::One(free),
                Sign::Char(_) => *sign,
            });
        }
    }
    Some(whole)
}

/// A pattern of an ARN operator: the wildcards of its first five fields stay in them; `None` for text that no ARN matches.
pub(crate) fn arn_signs(pattern: Vec<Sign>) -> Option<Vec<Sign>> {
    let mut fields: Vec<Vec<Sign>> = vec![Vec::new()];
    for sign in pattern {
        if sign == Sign::Char(':') && fields.len() < 6 {
            fields.push(Vec::new());
        } else if let Some(field) = fields.last_mut() {
            field.push(sign);
        }
    }
    if fields.len() < 6 {
        if !matches!(fields.last().and_then(|field| field.last()), Some(Sign::Run(_))) {
            return None;
        }
        fields.resize(6, vec![Sign::Run(true)]);
    }
    let last = fields.len() - 1;
    let mut whole = Vec::new();
    for (index, field) in fields.into_iter().enumerate() {
        if index > 0 {
            whole.push(Sign::Char(':'));
        }
        let free = index == last;
        whole.extend(field.into_iter().map(|sign| match sign {
            Sign::Run(_) => Sign::Run(free),
            Sign::One(_) => Sign::One(free),
            Sign::Char(_) => sign,
        }));
    }
    Some(whole)
}

/// Does the entry speak of a whole account?
pub(crate) fn is_account(text: &str) -> bool {
    number(text).is_some()
}

/// The account that `123456789012` or `arn:aws:iam::123456789012:root` stands for.
fn number(text: &str) -> Option<&str> {
    let fields: Vec<&str> = text.split(':').collect();
    let ([number] | ["arn", _, "iam", "", number, "root"]) = fields.as_slice() else { return None };
    (number.len() == 12 && number.chars().all(|c| c.is_ascii_digit())).then_some(*number)
}

/// The account a principal lives in.
pub(crate) fn account_of(principal: &str) -> Option<&str> {
    let fields: Vec<&str> = principal.splitn(6, ':').collect();
    match fields.as_slice() {
        ["arn", _, "iam" | "sts", _, number, _] => Some(number),
        _ => number(principal),
    }
}

/// A principal without its type, and an account's number as the ARN of its root.
pub(super) fn canonical(principal: &str) -> String {
    let bare = TYPES.iter().find_map(|kind| principal.strip_prefix(kind)?.strip_prefix(':'));
    let bare = bare.unwrap_or(principal);
    match number(bare) {
        Some(account) if bare.len() == 12 => format!("arn:aws:iam::{account}:root"),
        _ => bare.to_owned(),
    }
}

const TYPES: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

/// Which type a principal in a request is of: the one it says, as `Service:name`, or the one its form tells.
pub(crate) fn kind_of(principal: &str) -> &'static str {
    let said =
        TYPES.iter().find(|kind| principal.strip_prefix(**kind).is_some_and(|rest| rest.starts_with(':')));
    if let Some(said) = said {
        return said;
    }
    if principal == "anonymous" {
        return "AWS";
    }
    if principal.contains(":oidc-provider/") || principal.contains(":saml-provider/") {
        return "Federated";
    }
    if principal.starts_with("arn:") || number(principal).is_some() {
        return "AWS";
    }
    if principal.starts_with("cognito-identity.") {
        return "Federated";
    }
    if principal.ends_with(".amazonaws.com") || principal.ends_with(".amazonaws.com.cn") {
        return "Service";
    }
    let ascii = |test: fn(&char) -> bool| principal.chars().all(|c| test(&c));
    if principal.len() == 64 && ascii(char::is_ascii_hexdigit) {
        return "CanonicalUser";
    }
    if principal.len() > 15 && principal.starts_with('A') && ascii(char::is_ascii_alphanumeric) {
        return "AWS";
    }
    "Federated"
}

/// Does a principal entry of this type cover the principal of a request?
pub(crate) fn principal(kind: &str, entry: &str, principal: &str) -> bool {
    if kind == "AWS" && entry == "*" {
        return true;
    }
    if kind_of(principal) != kind {
        return false;
    }
    let principal = canonical(principal);
    let principal = principal.as_str();
    if kind == "AWS" {
        if let Some(number) = number(entry) {
            return account_of(principal) == Some(number);
        }
        if let Some(role) = role_of_session(principal)
            && let Some((head, path)) = entry.split_once(":role/")
        {
            let name = path.rsplit('/').next().unwrap_or(path);
            return like(&signs(&format!("{head}:role/{name}")), &role);
        }
    }
    like(&signs(entry), principal)
}

/// The role, without its path, of a session's ARN.
pub(crate) fn role_of_session(principal: &str) -> Option<String> {
    let (head, rest) = principal.split_once(":assumed-role/")?;
    let (role, _) = rest.split_once('/')?;
    Some(format!("{}:role/{role}", head.replacen(":sts:", ":iam:", 1)))
}

/// Does one principal entry cover everyone whom another covers, as far as their texts tell?
pub(crate) fn entry_covers(wide: &PrincipalItem, narrow: &PrincipalItem) -> bool {
    let (Some(own), Some(other)) = (wide.value.text(), narrow.value.text()) else { return false };
    if wide.kind == "AWS" && own == "*" {
        return true;
    }
    let account = wide.kind == "AWS" && number(own).is_some() && account_of(other) == number(own);
    wide.kind == narrow.kind && (own == other || account)
}

/// Do two principal entries have nobody in common, as far as their texts tell?
pub(crate) fn entries_apart(one: &PrincipalItem, other: &PrincipalItem) -> bool {
    let (Some(own), Some(others)) = (one.value.text(), other.value.text()) else { return false };
    let everyone = |item: &PrincipalItem, text: &str| item.kind == "AWS" && text == "*";
    if everyone(one, own)
        || everyone(other, others)
        || own.contains(['*', '?'])
        || others.contains(['*', '?'])
    {
        return false;
    }
    if one.kind != other.kind {
        return true;
    }
    match (account_of(own), account_of(others)) {
        (Some(a), Some(b)) if one.kind == "AWS" && a != b => true,
        // A role also stands for its sessions, whose text is another.
        _ if one.kind == "AWS" => false,
        _ => own != others,
    }
}

/// Is there nobody whom an entry of each wanted list covers and no unwanted entry, as far as their texts tell?
pub(crate) fn nobody(wanted: &[&[PrincipalItem]], unwanted: &[&[PrincipalItem]]) -> bool {
    let refused = || unwanted.iter().copied().flatten();
    if refused().any(|item| item.kind == "AWS" && item.value.text() == Some("*")) {
        return true;
    }
    let settled = |item: &PrincipalItem| {
        refused().any(|other| entry_covers(other, item))
            || wanted.iter().any(|list| list.iter().all(|other| entries_apart(other, item)))
    };
    wanted.iter().any(|list| list.iter().all(settled))
}
