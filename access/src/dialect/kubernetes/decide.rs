//! The plain decision of one request, as the cluster's authorizer makes it; it shares nothing with the sets.

use super::{Binding, Rbac, Rule, Subject};
use crate::request::Request;

impl Rbac {
    /// Does some binding grant the request?
    pub fn allows(&self, request: &Request) -> bool {
        let key =
            |name: &str| request.context.get(name).and_then(|values| values.first()).map(String::as_str);
        let (namespace, name) = (key("namespace"), key("name"));
        self.grants().iter().any(|grant| {
            let here = match &grant.binding.namespace {
                Some(own) => namespace == Some(own.as_str()),
                None => true,
            };
            here && bound(grant.binding, &request.principal)
                && matches(grant.rule, grant.binding, request, name)
        })
    }
}

fn bound(binding: &Binding, who: &str) -> bool {
    let (kind, name) = who.split_once('|').unwrap_or(("User", who));
    let anonymous =
        matches!((kind, name), ("User", "system:anonymous") | ("Group", "system:unauthenticated"));
    binding.subjects.iter().any(|subject| match subject {
        Subject::User(own) => match kind {
            "User" => own == name,
            "ServiceAccount" => own.strip_prefix("system:serviceaccount:") == Some(name),
            _ => false,
        },
        Subject::ServiceAccount(namespace, own) => {
            kind == "ServiceAccount" && name.split_once(':') == Some((namespace.as_str(), own.as_str()))
        }
        Subject::Group(group) => match group.as_str() {
            "system:authenticated" => !anonymous && ["User", "Group", "ServiceAccount"].contains(&kind),
            "system:unauthenticated" => anonymous,
            _ if kind == "Group" => group == name,
            "system:serviceaccounts" => kind == "ServiceAccount",
            _ => {
                let namespace = name.split(':').next();
                kind == "ServiceAccount" && group.strip_prefix("system:serviceaccounts:") == namespace
            }
        },
    })
}

fn matches(rule: &Rule, binding: &Binding, request: &Request, name: Option<&str>) -> bool {
    let listed = |list: &[String], text: &str| list.iter().any(|own| own == "*" || own == text);
    if !listed(&rule.verbs, &request.action) {
        return false;
    }
    if request.resource.starts_with('/') {
        let path = |url: &String| match url.strip_suffix('*') {
            Some(start) => request.resource.starts_with(start),
            None => *url == request.resource,
        };
        return binding.namespace.is_none() && rule.urls.iter().any(path);
    }
    let Some((group, resource)) = request.resource.split_once(':') else { return false };
    let sub = resource.split_once('/').map(|(_, sub)| sub);
    let takes = |own: &String| {
        own == "*" || own == resource || sub.is_some_and(|sub| own.strip_prefix("*/") == Some(sub))
    };
    listed(&rule.groups, group)
        && rule.resources.iter().any(takes)
        && (rule.names.is_empty() || name.is_some_and(|name| rule.names.iter().any(|own| own == name)))
}
