//! From JSON manifests (one object, a list of them, or a `List`) to roles and bindings.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Binding, Expression, Operator, Rbac, Role, RoleRef, Rule, Selector, Subject};

/// Why a text is not RBAC objects.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RbacError {
    /// Not JSON, or not the shape of such an object.
    #[error("the objects cannot be read: {message} (line {line}, column {column})")]
    Shape {
        /// What is wrong.
        message: String,
        /// Line, from one.
        line: usize,
        /// Column, from one.
        column: usize,
    },
    /// An object of another kind.
    #[error("object {index}: `{kind}` is not an object of RBAC")]
    Kind {
        /// Its number in the list, from one.
        index: usize,
        /// What it says it is.
        kind: String,
    },
    /// A part that says what the cluster refuses.
    #[error("object {index}, {place}: {message}")]
    Part {
        /// Its number in the list, from one.
        index: usize,
        /// Where in it.
        place: &'static str,
        /// What is wrong.
        message: String,
    },
}

/// Reads RBAC objects out of JSON, as `kubectl get … -o json` prints them.
pub fn parse(text: &str) -> Result<Rbac, RbacError> {
    let shape = |error: &serde_json::Error| RbacError::Shape {
        message: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
        line: error.line(),
        column: error.column(),
    };
    let whole: Whole = serde_json::from_str(text).map_err(|error| shape(&error))?;
    let objects = match whole {
        Whole::Many(objects) => objects,
        Whole::One(object) => match object.items {
            Some(items) if object.kind.ends_with("List") => items,
            _ => vec![*object],
        },
    };
    let mut rbac = Rbac::default();
    for (index, object) in objects.into_iter().enumerate() {
        let index = index + 1;
        match object.kind.as_str() {
            "Role" | "ClusterRole" => rbac.roles.push(role(object, index)?),
            "RoleBinding" | "ClusterRoleBinding" => rbac.bindings.push(binding(object, index)?),
            _ => return Err(RbacError::Kind { index, kind: object.kind }),
        }
    }
    Ok(rbac)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Whole {
    Many(Vec<Object>),
    One(Box<Object>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    kind: String,
    items: Option<Vec<Object>>,
    #[serde(default)]
    metadata: Metadata,
    rules: Option<Vec<ObjectRule>>,
    aggregation_rule: Option<Aggregation>,
    role_ref: Option<Reference>,
    subjects: Option<Vec<ObjectSubject>>,
}

#[derive(Default, Deserialize)]
struct Metadata {
    #[serde(default)]
    name: String,
    namespace: Option<String>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct ObjectRule {
    api_groups: Option<Vec<String>>,
    resources: Option<Vec<String>>,
    verbs: Vec<String>,
    resource_names: Option<Vec<String>>,
    #[serde(rename = "nonResourceURLs")]
    non_resource_urls: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Aggregation {
    #[serde(default)]
    cluster_role_selectors: Vec<ObjectSelector>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct ObjectSelector {
    match_labels: BTreeMap<String, String>,
    match_expressions: Vec<ObjectExpression>,
}

#[derive(Deserialize)]
struct ObjectExpression {
    key: String,
    operator: String,
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Deserialize)]
struct Reference {
    kind: String,
    name: String,
}

#[derive(Deserialize)]
struct ObjectSubject {
    kind: String,
    name: String,
    namespace: Option<String>,
}

fn role(object: Object, index: usize) -> Result<Role, RbacError> {
    let rule = |rule: ObjectRule| Rule {
        groups: rule.api_groups.unwrap_or_default(),
        resources: rule.resources.unwrap_or_default(),
        verbs: rule.verbs,
        names: rule.resource_names.unwrap_or_default(),
        urls: rule.non_resource_urls.unwrap_or_default(),
    };
    let cluster = object.kind == "ClusterRole";
    let aggregates = match object.aggregation_rule {
        Some(aggregation) => {
            let selectors = aggregation.cluster_role_selectors.into_iter();
            Some(selectors.map(|one| selector(one, index)).collect::<Result<_, _>>()?)
        }
        None => None,
    };
    Ok(Role {
        namespace: if cluster {
            None
        } else {
            Some(object.metadata.namespace.unwrap_or_else(|| "default".to_owned()))
        },
        name: object.metadata.name,
        labels: object.metadata.labels,
        rules: object.rules.unwrap_or_default().into_iter().map(rule).collect(),
        aggregates,
    })
}

fn selector(selector: ObjectSelector, index: usize) -> Result<Selector, RbacError> {
    let expression = |one: ObjectExpression| {
        let operator = match one.operator.as_str() {
            "In" => Operator::In,
            "NotIn" => Operator::NotIn,
            "Exists" => Operator::Exists,
            "DoesNotExist" => Operator::DoesNotExist,
            other => {
                let message = format!("`{other}` is no operator on labels");
                return Err(RbacError::Part { index, place: "aggregationRule", message });
            }
        };
        Ok(Expression { key: one.key, operator, values: one.values })
    };
    let expressions = selector.match_expressions.into_iter().map(expression).collect::<Result<_, _>>()?;
    Ok(Selector { labels: selector.match_labels, expressions })
}

fn binding(object: Object, index: usize) -> Result<Binding, RbacError> {
    let cluster = object.kind == "ClusterRoleBinding";
    let role = match object.role_ref {
        Some(Reference { kind, name }) if kind == "ClusterRole" => RoleRef::ClusterRole(name),
        Some(Reference { kind, name }) if kind == "Role" && !cluster => RoleRef::Role(name),
        Some(Reference { kind, name }) => {
            let message = format!("it cannot refer to the `{kind}` `{name}`");
            return Err(RbacError::Part { index, place: "roleRef", message });
        }
        None => return Err(RbacError::Part { index, place: "roleRef", message: "it is missing".to_owned() }),
    };
    let subject = |one: ObjectSubject| match (one.kind.as_str(), one.namespace) {
        ("User", _) => Ok(Subject::User(one.name)),
        ("Group", _) => Ok(Subject::Group(one.name)),
        ("ServiceAccount", Some(namespace)) => Ok(Subject::ServiceAccount(namespace, one.name)),
        ("ServiceAccount", None) => {
            let message = format!("the service account `{}` has no namespace", one.name);
            Err(RbacError::Part { index, place: "subjects", message })
        }
        (other, _) => {
            let message = format!("`{other}` is not a kind of subject");
            Err(RbacError::Part { index, place: "subjects", message })
        }
    };
    Ok(Binding {
        namespace: if cluster {
            None
        } else {
            Some(object.metadata.namespace.unwrap_or_else(|| "default".to_owned()))
        },
        name: object.metadata.name,
        role,
        subjects: object.subjects.unwrap_or_default().into_iter().map(subject).collect::<Result<_, _>>()?,
    })
}
