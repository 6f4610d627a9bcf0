//! The evaluator's own account of the condition keys that say who calls.

use super::matching;

/// The keys that follow from the principal of a request, `None` for those that it is known not to carry.
pub(super) fn keys(principal: &str) -> Vec<(&'static str, Option<String>)> {
    let arn = matching::canonical(principal);
    let text = |text: &str| Some(text.to_owned());
    let nobody = || {
        vec![
            ("aws:principalarn", None),
            ("aws:principalaccount", None),
            ("aws:principaltype", None),
            ("aws:username", None),
            ("aws:principalisawsservice", None),
            ("aws:principalservicename", None),
        ]
    };
    let with = |mut keys: Vec<(&'static str, Option<String>)>, own: Vec<(&'static str, Option<String>)>| {
        keys.retain(|(key, _)| own.iter().all(|(other, _)| other != key));
        keys.extend(own);
        keys
    };
    match matching::kind_of(principal) {
        "Service" => {
            let name = principal.strip_prefix("Service:").unwrap_or(principal);
            let own =
                vec![("aws:principalisawsservice", text("true")), ("aws:principalservicename", text(name))];
            with(nobody(), own)
        }
        "AWS" if arn == "anonymous" => with(nobody(), vec![("aws:principaltype", text("Anonymous"))]),
        "AWS" => {
            let fields: Vec<&str> = arn.splitn(6, ':').collect();
            let ["arn", _, service @ ("iam" | "sts"), "", account, rest] = fields.as_slice() else {
                return with(nobody(), vec![("aws:principalisawsservice", text("false"))]);
            };
            let kind = match (*service, rest.split('/').next().unwrap_or(rest)) {
                ("iam", "user") => "User",
                ("iam", "role") | ("sts", "assumed-role") => "AssumedRole",
                ("sts", "federated-user") => "FederatedUser",
                ("iam", "root") => "Account",
                // A group, say: it calls nothing itself, so nothing follows from it.
                _ => return Vec::new(),
            };
            let own_arn = matching::role_of_session(&arn).unwrap_or_else(|| arn.clone());
            let mut own = vec![
                ("aws:principalarn", Some(own_arn)),
                ("aws:principalaccount", text(account)),
                ("aws:principaltype", text(kind)),
                ("aws:principalisawsservice", text("false")),
            ];
            if kind == "User" {
                own.push(("aws:username", rest.rsplit('/').next().map(str::to_owned)));
            }
            with(nobody(), own)
        }
        _ => nobody(),
    }
}

/// A role's ARN or pattern without the role's path.
pub(super) fn without_path(text: &str) -> Option<String> {
    let at = text.find(":role/")? + ":role/".len();
    let (head, path) = text.split_at_checked(at)?;
    let slash = path.rfind('/')?;
    Some(format!("{head}{}", path.get(slash + 1..)?))
}
