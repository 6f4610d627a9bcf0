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

/// The kind the texts have together: those that name principals are resource policies, or trust policies when nothing
/// but the assuming of roles is spoken of. A text without statements, or that is no policy, has no say. `None` where one
/// names principals and another does not.
pub fn guess_kind(texts: &[&str]) -> Option<PolicyKind> {
    let glances: Vec<Glance> = texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
    let mut named: Vec<bool> = glances
        .iter()
        .map(|glance| glance.statements.items())
        .filter(|statements| !statements.is_empty())
        .map(|statements| statements.iter().any(Statement::names_principals))
        .collect();
    named.sort_unstable();
    named.dedup();
    match named.as_slice() {
        [] | [false] => return Some(PolicyKind::Identity),
        [true] => {}
        _ => return None,
    }
    let mut statements = glances.iter().flat_map(|glance| glance.statements.items());
    Some(if statements.all(Statement::assumes) { PolicyKind::Trust } else { PolicyKind::Resource })
}

impl Statement {
    fn names_principals(&self) -> bool {
        self.principal.is_some() || self.not_principal.is_some()
    }

    fn assumes(&self) -> bool {
        let assumes = |action: &String| {
            let action = action.to_lowercase();
            TRUST_ACTIONS.iter().any(|start| action.starts_with(start))
        };
        self.action.as_ref().is_some_and(|list| list.items().iter().all(assumes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[&str], expected: Option<PolicyKind>) {
        assert_eq!(guess_kind(texts), expected, "{texts:?}");
    }

    #[test]
    fn kinds_show_by_principals_and_actions() {
        use PolicyKind::{Identity, Resource, Trust};
        let identity = r#"{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}"#;
        let trust = r#"{"Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}}"#;
        let bucket = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}"#;
        let empty = r#"{"Version":"2012-10-17","Statement":[]}"#;
        check(&[identity, identity], Some(Identity));
        check(&[trust, empty], Some(Trust));
        check(&[empty, bucket], Some(Resource));
        check(&[trust, bucket], Some(Resource));
        check(&[empty, "no JSON", "{}"], Some(Identity));
        check(&["[[[["], Some(Identity));
        check(&[trust, identity], None);
    }
}
