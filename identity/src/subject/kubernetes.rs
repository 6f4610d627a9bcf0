//! Subjects of service accounts in Kubernetes: `system:serviceaccount:NAMESPACE:NAME`.

use super::{SubjectError, Wanted};

const NAMESPACE: Wanted = Wanted {
    what: "a namespace",
    rule: "write 1 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends",
};

const ACCOUNT: Wanted = Wanted {
    what: "a service account",
    rule: "write 1 to 253 lower-case letters, digits, hyphens and dots, with a letter or digit at both ends of each part",
};

/// The subject that the tokens of a service account carry.
pub fn kubernetes(namespace: &str, account: &str) -> Result<String, SubjectError> {
    NAMESPACE.check("namespace", namespace, |name| name.len() <= 63 && label(name))?;
    ACCOUNT.check("service_account", account, |name| name.len() <= 253 && name.split('.').all(label))?;
    Ok(format!("system:serviceaccount:{namespace}:{account}"))
}

fn label(text: &str) -> bool {
    let edge = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    text.starts_with(edge) && text.ends_with(edge) && text.chars().all(|letter| edge(letter) || letter == '-')
}

#[cfg(test)]
mod tests {
    use super::kubernetes;

    #[test]
    fn names_are_those_of_kubernetes() {
        let long = "a".repeat(64);
        for (namespace, account, expected) in [
            ("prod", "checkout", "system:serviceaccount:prod:checkout"),
            ("kube-system", "0.a-b", "system:serviceaccount:kube-system:0.a-b"),
            ("", "x", "`namespace`: `` is not a namespace"),
            ("Prod", "x", "`namespace`: `Prod` is not a namespace"),
            (long.as_str(), "x", "`namespace`: `aaaa"),
            ("*", "x", "`namespace`: `*` holds a wildcard"),
            ("a.b", "x", "`namespace`: `a.b` is not a namespace"),
            ("prod", "x:y", "`service_account`: `x:y` is not a service account"),
            ("prod", "-x", "`service_account`: `-x` is not a service account"),
            ("prod", "x..y", "`service_account`: `x..y` is not a service account"),
        ] {
            let told = kubernetes(namespace, account).unwrap_or_else(|error| error.to_string());
            assert!(told.starts_with(expected), "{told}");
        }
    }
}
