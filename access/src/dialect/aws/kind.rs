//! What kind of document a text is, by its looks.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::PolicyKind;

/// How the actions begin that a role's trust policy speaks of.
const TRUST_ACTIONS: [&str; 3] = ["sts:assume", "sts:tagsession", "sts:setsourceidentity"];

#[derive(Deserialize)]
struct Glance {
    #[serde(rename = "Statement")]
    statements: Many<Statement>,
}

#[derive(Deserialize)]
struct Statement {
    #[serde(rename = "Principal")]
    principal: Option<IgnoredAny>,
    #[serde(rename = "NotPrincipal")]
    not_principal: Option<IgnoredAny>,
    #[serde(rename = "Action")]
    action: Option<Many<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Many<T> {
    List(Vec<T>),
    One(T),
}

impl<T> Many<T> {
    fn items(&self) -> &[T] {
        match self {
            Self::List(list) => list,
            Self::One(one) => std::slice::from_ref(one),
        }
    }
}

/// The kind the texts have together: one that names a principal makes all of them resource policies, or trust policies
/// when nothing but the assuming of roles is spoken of. A text that is no policy has no say.
pub fn guess_kind(texts: &[&str]) -> PolicyKind {
    let glances: Vec<Glance> = texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
    let statements = || glances.iter().flat_map(|glance| glance.statements.items());
    if !statements().any(|one| one.principal.is_some() || one.not_principal.is_some()) {
        return PolicyKind::Identity;
    }
    let assumes = |action: &String| {
        let action = action.to_lowercase();
        TRUST_ACTIONS.iter().any(|start| action.starts_with(start))
    };
    let trust = |one: &Statement| one.action.as_ref().is_some_and(|list| list.items().iter().all(assumes));
    if statements().all(trust) { PolicyKind::Trust } else { PolicyKind::Resource }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[&str], expected: PolicyKind) {
        assert_eq!(guess_kind(texts), expected, "{texts:?}");
    }

    #[test]
    fn kinds_show_by_principals_and_actions() {
        let identity = r#"{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}"#;
        let trust = r#"{"Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}}"#;
        let bucket = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*","Condition":{}}]}"#;
        let empty = r#"{"Version":"2012-10-17","Statement":[]}"#;
        check(&[identity, identity], PolicyKind::Identity);
        check(&[trust, empty], PolicyKind::Trust);
        check(&[empty, bucket], PolicyKind::Resource);
        check(&[trust, bucket], PolicyKind::Resource);
        check(&[empty, "no JSON", "{}"], PolicyKind::Identity);
        check(&["[[[["], PolicyKind::Identity);
    }
}
