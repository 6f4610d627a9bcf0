//! Trust policies of AWS for a federation: the document that lets exactly the named subjects of an issuer assume a role.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The audience that AWS's own libraries and actions ask for.
pub const DEFAULT_AUDIENCE: &str = "sts.amazonaws.com";

/// Issuers that AWS knows without a provider in the account, and names by their host.
const BUILT_IN: [&str; 4] =
    ["accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"];

/// Claims of GitHub that AWS offers as condition keys; a condition on another one could never be met.
const GITHUB_CLAIMS: [&str; 9] = [
    "actor",
    "actor_id",
    "enterprise_id",
    "environment",
    "job_workflow_ref",
    "ref",
    "repository",
    "repository_id",
    "workflow",
];

/// The issuer of GitHub's own cloud, below which enterprises may have issuers of their own.
const GITHUB: &str = "token.actions.githubusercontent.com";

/// Beginnings of subjects that name a tenant: an issuer of many tenants, and what stands before the tenant's name.
const TENANTS: [(&str, &str, char); 3] = [
    (GITHUB, "repo:", '/'),
    ("gitlab.com", "project_path:", '/'),
    ("app.terraform.io", "organization:", ':'),
];

/// Whom to trust, and what their tokens have to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// The issuer's address, `https://…`.
    pub issuer: Option<String>,
    /// The account that the issuer's provider is registered in.
    pub account_id: Option<String>,
    /// The registered provider itself, instead of an account.
    pub provider_arn: Option<String>,
    /// The partition of AWS, `aws` by default.
    pub partition: Option<String>,
    /// Whom the tokens are meant for; [`DEFAULT_AUDIENCE`] when empty.
    pub audiences: Vec<String>,
    /// Subjects, compared letter by letter.
    pub subjects: Vec<String>,
    /// Patterns of subjects, with the wildcards `*` and `?`.
    pub subject_patterns: Vec<String>,
    /// Further claims, each with the values that it may have.
    pub claims: BTreeMap<String, Vec<String>>,
}

/// Why there is no such policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// Neither an issuer nor a registered provider.
    #[error("it must say whom to trust: `issuer` with `account_id`, or `provider_arn`")]
    NoProvider,
    /// An issuer that AWS could not register.
    #[error(
        "`issuer`: `{}` is not an issuer: write its address, `https://` with a host and perhaps a path, without port, \
         query or wildcard",
        .0.escape_debug()
    )]
    Issuer(String),
    /// Not an account.
    #[error("`account_id`: `{}` is not an account of AWS: it has twelve digits", .0.escape_debug())]
    Account(String),
    /// Not a partition.
    #[error("`partition`: `{}` is not a partition of AWS: write `aws`, `aws-cn` or `aws-us-gov`", .0.escape_debug())]
    Partition(String),
    /// Not the ARN of an OIDC provider.
    #[error(
        "`provider_arn`: `{}` is not the ARN of an OIDC provider, \
         `arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com`",
        .0.escape_debug()
    )]
    Arn(String),
    /// The provider stands for another issuer.
    #[error("`issuer`: the provider `{arn}` stands for `https://{stands_for}`, not for `{issuer}`")]
    Other {
        /// The provider.
        arn: String,
        /// Its issuer, without the scheme.
        stands_for: String,
        /// The issuer that was given.
        issuer: String,
    },
    /// Both ways of naming a provider.
    #[error("`{0}` is already told by `provider_arn`: leave one of them out")]
    Twice(&'static str),
    /// Whoever the issuer knows would be let in.
    #[error(
        "it must say which subjects may assume the role, in `subjects` or `subject_patterns`: without them every token of \
         the issuer would do"
    )]
    NoSubject,
    /// An empty text or one with control characters.
    #[error("`{attribute}`: `{}` is not a value of a claim", .text.escape_debug())]
    Value {
        /// Where.
        attribute: String,
        /// What was given.
        text: String,
    },
    /// A wildcard where values are compared letter by letter.
    #[error("`{attribute}`: `{}` holds a wildcard and is compared letter by letter; {remedy}", .text.escape_debug())]
    Wildcard {
        /// Where.
        attribute: String,
        /// What was given.
        text: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A pattern without wildcard.
    #[error("`subject_patterns`: `{}` holds no wildcard: it belongs in `subjects`", .0.escape_debug())]
    NoPattern(String),
    /// A pattern that takes in tenants of the issuer who are strangers.
    #[error(
        "`subject_patterns`: `{}` takes in strangers: before the first wildcard it must name whose workloads they are, \
         `{example}` for example",
        .text.escape_debug()
    )]
    Wide {
        /// The pattern.
        text: String,
        /// What would do.
        example: String,
    },
    /// A claim that has an attribute of its own, or no claim at all.
    #[error("`claims`: `{}` cannot be a condition here: {reason}", .claim.escape_debug())]
    Claim {
        /// The claim.
        claim: String,
        /// Why not.
        reason: String,
    },
}

impl Trust {
    /// The text of the policy, as `jsonencode` would write it.
    pub fn document(&self) -> Result<String, TrustError> {
        let (federated, host) = self.provider()?;
        let key = |claim: &str| format!("{host}:{claim}");
        let mut equals = Map::new();
        equals.insert(key("aud"), one_or_many(self.audience_values()?));
        for (claim, values) in &self.claims {
            check_claim(&host, claim)?;
            let attribute = format!("claims[\"{claim}\"]");
            let all: Vec<String> =
                values.iter().map(|value| exact(&attribute, value)).collect::<Result<_, _>>()?;
            if all.is_empty() {
                let reason = "it has no value, so that no token could meet it".to_owned();
                return Err(TrustError::Claim { claim: claim.clone(), reason });
            }
            equals.insert(key(claim), one_or_many(all));
        }
        let subjects: Vec<String> =
            self.subjects.iter().map(|subject| exact("subjects", subject)).collect::<Result<_, _>>()?;
        let patterns: Vec<String> =
            self.subject_patterns.iter().map(|pattern| wide(&host, pattern)).collect::<Result<_, _>>()?;
        let mut like = Map::new();
        match (subjects.is_empty(), patterns.is_empty()) {
            (true, true) => return Err(TrustError::NoSubject),
            (false, true) => drop(equals.insert(key("sub"), one_or_many(subjects))),
            // Values of one operator are alternatives, two operators are not: exact ones, which hold no wildcard, join
            // the patterns.
            (_, false) => {
                let all = subjects.into_iter().chain(patterns).collect();
                drop(like.insert(key("sub"), one_or_many(all)));
            }
        }
        let mut condition = Map::new();
        condition.insert("StringEquals".to_owned(), Value::Object(equals));
        if !like.is_empty() {
            condition.insert("StringLike".to_owned(), Value::Object(like));
        }
        let statement = json!({
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": condition,
            "Effect": "Allow",
            "Principal": { "Federated": federated },
        });
        Ok(json!({ "Statement": [statement], "Version": "2012-10-17" }).to_string())
    }

    /// The principal, and what its condition keys begin with.
    fn provider(&self) -> Result<(String, String), TrustError> {
        let issuer = self.issuer.as_deref().map(host).transpose()?;
        if let Some(arn) = &self.provider_arn {
            for (attribute, given) in
                [("account_id", self.account_id.is_some()), ("partition", self.partition.is_some())]
            {
                if given {
                    return Err(TrustError::Twice(attribute));
                }
            }
            let stands_for = provider_host(arn).ok_or_else(|| TrustError::Arn(arn.clone()))?;
            return match &self.issuer {
                Some(issuer_text) if issuer != Some(stands_for) => Err(TrustError::Other {
                    arn: arn.clone(),
                    stands_for: stands_for.to_owned(),
                    issuer: issuer_text.clone(),
                }),
                _ => Ok((arn.clone(), stands_for.to_owned())),
            };
        }
        let host = issuer.ok_or(TrustError::NoProvider)?;
        if BUILT_IN.contains(&host) && self.account_id.is_none() {
            return Ok((host.to_owned(), host.to_owned()));
        }
        let account = self.account_id.as_deref().ok_or(TrustError::NoProvider)?;
        if !is_account(account) {
            return Err(TrustError::Account(account.to_owned()));
        }
        let partition = self.partition.as_deref().unwrap_or("aws");
        if !is_partition(partition) {
            return Err(TrustError::Partition(partition.to_owned()));
        }
        Ok((format!("arn:{partition}:iam::{account}:oidc-provider/{host}"), host.to_owned()))
    }

    fn audience_values(&self) -> Result<Vec<String>, TrustError> {
        if self.audiences.is_empty() {
            return Ok(vec![DEFAULT_AUDIENCE.to_owned()]);
        }
        self.audiences.iter().map(|audience| exact("audiences", audience)).collect()
    }
}

fn one_or_many(mut values: Vec<String>) -> Value {
    values.sort();
    values.dedup();
    match values.as_slice() {
        [one] => Value::from(one.as_str()),
        _ => Value::from(values),
    }
}

/// A value for a comparison letter by letter, so that the policy language reads no variable into it.
fn exact(attribute: &str, text: &str) -> Result<String, TrustError> {
    if text.contains(['*', '?']) {
        let remedy = match attribute {
            "subjects" => "write it in `subject_patterns`",
            _ => "name each value",
        };
        return Err(TrustError::Wildcard { attribute: attribute.to_owned(), text: text.to_owned(), remedy });
    }
    literal(attribute, text)
}

fn literal(attribute: &str, text: &str) -> Result<String, TrustError> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(TrustError::Value { attribute: attribute.to_owned(), text: text.to_owned() });
    }
    Ok(text.replace("${", "${$}{"))
}

/// A pattern that stays with one tenant of the issuer.
fn wide(host: &str, text: &str) -> Result<String, TrustError> {
    let Some(fixed) = text.find(['*', '?']).and_then(|end| text.get(..end)) else {
        return Err(TrustError::NoPattern(text.to_owned()));
    };
    let of_issuer =
        |known: &str| host == known || host.strip_prefix(known).is_some_and(|rest| rest.starts_with('/'));
    let tenant = TENANTS.into_iter().find(|(known, ..)| of_issuer(known));
    let narrow = match tenant {
        // The tenant's name has to be ended, or a longer name would begin with it.
        Some((_, prefix, end)) => {
            let name = fixed.strip_prefix(prefix).and_then(|rest| rest.split_once(end));
            name.is_some_and(|(name, _)| !name.is_empty())
        }
        None => !fixed.is_empty(),
    };
    if !narrow {
        let example = match tenant {
            Some((_, prefix, end)) => format!("{prefix}acme{end}*"),
            None => "system:serviceaccount:prod:*".to_owned(),
        };
        return Err(TrustError::Wide { text: text.to_owned(), example });
    }
    literal("subject_patterns", text)
}

fn check_claim(host: &str, claim: &str) -> Result<(), TrustError> {
    let refuse = |reason: String| Err(TrustError::Claim { claim: claim.to_owned(), reason });
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    match claim {
        "aud" => refuse("it has the attribute `audiences`".to_owned()),
        "sub" => refuse("it has the attributes `subjects` and `subject_patterns`".to_owned()),
        _ if claim.is_empty() || !claim.chars().all(plain) => {
            refuse("it is not the name of a claim".to_owned())
        }
        _ if host.split('/').next() == Some(GITHUB) && !GITHUB_CLAIMS.contains(&claim) => refuse(format!(
            "of GitHub's claims AWS compares `{}` only, and a condition on another one is never met",
            GITHUB_CLAIMS.join("`, `")
        )),
        _ => Ok(()),
    }
}

/// An issuer without its scheme, which is how AWS names it.
fn host(issuer: &str) -> Result<&str, TrustError> {
    let refuse = || TrustError::Issuer(issuer.to_owned());
    let rest = issuer.strip_prefix("https://").ok_or_else(refuse)?;
    if is_host(rest) { Ok(rest) } else { Err(refuse()) }
}

/// A host with a dot or more, then perhaps a path.
fn is_host(text: &str) -> bool {
    let (host, path) = text.split_once('/').unwrap_or((text, ""));
    let label = |label: &str| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        !label.is_empty() && label.chars().all(plain) && !label.starts_with('-') && !label.ends_with('-')
    };
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.~/%+@=".contains(letter);
    host.contains('.') && host.split('.').all(label) && path.chars().all(plain)
}

fn provider_host(arn: &str) -> Option<&str> {
    let rest = arn.strip_prefix("arn:")?;
    let (partition, rest) = rest.split_once(":iam::")?;
    let (account, host) = rest.split_once(":oidc-provider/")?;
    (is_partition(partition) && is_account(account) && is_host(host)).then_some(host)
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_partition(text: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter == '-';
    text == "aws" || text.strip_prefix("aws-").is_some_and(|rest| !rest.is_empty() && rest.chars().all(plain))
}

#[cfg(test)]
mod tests;
