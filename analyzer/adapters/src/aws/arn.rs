//! Names and ARNs: reading one out of the other.

use nhi_analyzer_input::Value;

use crate::kinds::Kind;
use crate::moments::State;
use crate::value::text;

/// The account of an ARN, where it has one.
pub(crate) fn account(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| !account.is_empty())
}

/// The partition of an ARN.
pub(crate) fn partition(arn: &str) -> Option<&str> {
    let mut parts = arn.split(':');
    (parts.next() == Some("arn")).then(|| parts.next()).flatten()
}

/// The name that a link means: links take names and ARNs, and ARNs have paths before the name.
pub(crate) fn name_of(link: &str) -> &str {
    if link.starts_with("arn:") { link.rsplit('/').next().unwrap_or(link) } else { link }
}

/// The ARN of a resource: as known, or put together from its account, path and name.
pub(crate) fn of(state: &State<'_>, kind: Kind, home: Option<&Home>) -> Option<String> {
    if let Some(arn) = text(state.get("arn")) {
        return Some(arn.to_owned());
    }
    let home = home?;
    let name = text(state.get("name"))?;
    let path = match state.get("path") {
        Value::String(path) if !path.is_empty() => path.as_str(),
        Value::Null | Value::String(_) => "/",
        _ => return None,
    };
    Some(format!("arn:{}:iam::{}:{}{path}{name}", home.partition, home.account, kind.arn_word()))
}

/// Where resources of one provider configuration live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Home {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub(crate) partition: String,
    /// Twelve digits.
    pub(crate) account: String,
}

impl Home {
    /// The home that an ARN tells.
    pub(crate) fn of(arn: &str) -> Option<Self> {
        Some(Self { partition: partition(arn)?.to_owned(), account: account(arn)?.to_owned() })
    }
}
