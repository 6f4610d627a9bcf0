//! How far a subject reaches: whom a pattern over the subjects of tokens lets in, as the platforms spell them.

/// Whom a subject lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// One actor, or few that belong together.
    Narrow,
    /// What outsiders or unreviewed changes may become.
    Unreviewed(&'static str),
    /// Everything of one organisation, group, namespace or part of a trust domain.
    Wide(&'static str),
    /// Everybody whom the issuer knows, strangers among them.
    Anybody(&'static str),
}

impl Reach {
    /// How far this subject reaches.
    pub fn of(subject: &str) -> Self {
        if is_open(subject) {
            return Self::Anybody("every token of the issuer fits it");
        }
        let grammars: [(&str, Grammar); 6] = [
            ("repo:", repository),
            ("project_path:", project),
            ("system:serviceaccount:", service_account),
            ("spiffe://", workload),
            ("organization:", organization),
            ("org/", org),
        ];
        let known = grammars.iter().find_map(|(prefix, read)| Some(read(subject.strip_prefix(prefix)?)));
        known.unwrap_or(if subject.starts_with(WILD) {
            Self::Anybody("it may begin with anything, and the beginning is what says whose token it is")
        } else {
            Self::Narrow
        })
    }
}

/// Reads what follows the prefix of a platform.
type Grammar = fn(&str) -> Reach;

const WILD: [char; 2] = ['*', '?'];

fn is_open(text: &str) -> bool {
    text.chars().all(|character| WILD.contains(&character))
}

fn has_wild(text: &str) -> bool {
    text.contains(WILD)
}

/// `OWNER/REPOSITORY:CONTEXT`.
fn repository(rest: &str) -> Reach {
    let Some((owner, rest)) = rest.split_once('/').filter(|(owner, _)| !has_wild(owner) && !owner.is_empty())
    else {
        return Reach::Anybody("it leaves the owner of the repository open, and anybody can be one");
    };
    // A colon in the owner means that the slash belongs to what follows.
    if owner.contains(':') {
        return Reach::Narrow;
    }
    let (name, context) = rest.split_once(':').unwrap_or((rest, ""));
    if has_wild(name) {
        return Reach::Wide("it takes in every repository that the pattern fits, also ones made tomorrow");
    }
    match context {
        "pull_request" => {
            Reach::Unreviewed("whoever may open a pull request runs as it, before anybody has looked")
        }
        "" => Reach::Narrow,
        open if is_open(open) => {
            Reach::Unreviewed("it takes in every branch and tag, and pull requests before anybody has looked")
        }
        "ref:refs/heads/*" | "ref:refs/*" | "ref:*" => {
            Reach::Unreviewed("it takes in every branch, and whoever may push makes one")
        }
        _ => Reach::Narrow,
    }
}

/// `GROUP/PROJECT:ref_type:TYPE:ref:NAME`.
fn project(rest: &str) -> Reach {
    let (path, context) = rest.split_once(':').unwrap_or((rest, ""));
    match path.split_once('/') {
        Some((group, _)) if has_wild(group) || group.is_empty() => {
            Reach::Anybody("it leaves the group of the project open, and anybody can be one")
        }
        None if has_wild(path) => {
            Reach::Anybody("it leaves the group of the project open, and anybody can be one")
        }
        Some((_, project)) if has_wild(project) => {
            Reach::Wide("it takes in every project that the pattern fits, also ones made tomorrow")
        }
        _ if !context.is_empty() && is_open(context) || context.ends_with(":ref:*") => {
            Reach::Unreviewed("it takes in every branch, and whoever may push makes one")
        }
        _ => Reach::Narrow,
    }
}

/// `NAMESPACE:NAME`.
fn service_account(rest: &str) -> Reach {
    let (namespace, name) = rest.split_once(':').unwrap_or((rest, "*"));
    if is_open(namespace) {
        Reach::Anybody("every workload of the cluster fits it")
    } else if has_wild(namespace) {
        Reach::Wide("it takes in every namespace that the pattern fits, also ones made tomorrow")
    } else if has_wild(name) {
        Reach::Wide("it takes in every service account of the namespace, also ones made tomorrow")
    } else if name == "default" {
        Reach::Wide("every workload of the namespace that names no service account is `default`")
    } else {
        Reach::Narrow
    }
}

/// `TRUST-DOMAIN/PATH`.
fn workload(rest: &str) -> Reach {
    let (domain, path) = rest.split_once('/').unwrap_or((rest, ""));
    if has_wild(domain) {
        Reach::Anybody("it leaves the trust domain open")
    } else if is_open(path) {
        Reach::Anybody("every workload of the trust domain fits it")
    } else if has_wild(path) {
        Reach::Wide("it takes in every workload that the pattern fits, also ones made tomorrow")
    } else {
        Reach::Narrow
    }
}

/// `NAME:project:P:workspace:W:run_phase:R`, or `NAME:pipeline:P:ref:R…`.
fn organization(rest: &str) -> Reach {
    let (name, rest) = rest.split_once(':').unwrap_or((rest, "*"));
    if has_wild(name) || name.is_empty() {
        return Reach::Anybody("it leaves the organisation open, and anybody can be one");
    }
    let value_of = |key: &str| {
        let mut parts = rest.split(':');
        parts.find(|part| *part == key).and_then(|_| parts.next())
    };
    if rest.split(':').next().is_some_and(is_open)
        || ["workspace", "pipeline"].iter().any(|key| value_of(key).is_some_and(has_wild))
        || value_of("project").is_some_and(is_open) && value_of("workspace").is_none()
    {
        return Reach::Wide(
            "it takes in everything of the organisation that the pattern fits, also what is made tomorrow",
        );
    }
    match value_of("run_phase").or_else(|| value_of("ref")) {
        Some(open) if is_open(open) => {
            Reach::Unreviewed("it takes in plans and branches before anybody has looked at the change")
        }
        _ => Reach::Narrow,
    }
}

/// `ID/project/P/user/U`.
fn org(rest: &str) -> Reach {
    let (id, rest) = rest.split_once('/').unwrap_or((rest, "*"));
    if has_wild(id) || id.is_empty() {
        return Reach::Anybody("it leaves the organisation open, and anybody can be one");
    }
    match rest.strip_prefix("project/").map(|rest| rest.split('/').next().unwrap_or_default()) {
        Some(project) if !has_wild(project) => Reach::Narrow,
        Some(_) => Reach::Wide("it takes in every project of the organisation, also ones made tomorrow"),
        None if has_wild(rest) => {
            Reach::Wide("it takes in every project of the organisation, also ones made tomorrow")
        }
        None => Reach::Narrow,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn word(reach: Reach) -> &'static str {
        match reach {
            Reach::Narrow => "narrow",
            Reach::Unreviewed(_) => "unreviewed",
            Reach::Wide(_) => "wide",
            Reach::Anybody(_) => "anybody",
        }
    }

    #[test]
    fn subjects_by_platform() {
        for (subject, expected) in [
            ("*", "anybody"),
            ("**?", "anybody"),
            ("*:production", "anybody"),
            ("repo:*", "anybody"),
            ("repo:acme*", "anybody"),
            ("repo:acme-*/shop:*", "anybody"),
            ("repo:*/shop:ref:refs/heads/main", "anybody"),
            ("repo:acme/*", "wide"),
            ("repo:acme/shop*", "wide"),
            ("repo:acme/*:environment:production", "wide"),
            ("repo:acme/shop:*", "unreviewed"),
            ("repo:acme/shop:pull_request", "unreviewed"),
            ("repo:acme/shop:ref:refs/heads/*", "unreviewed"),
            ("repo:acme/shop:ref:refs/heads/release/*", "narrow"),
            ("repo:acme/shop:ref:refs/tags/v*", "narrow"),
            ("repo:acme/shop:environment:production", "narrow"),
            ("repo:acme@123/shop@456:ref:refs/heads/main", "narrow"),
            ("project_path:*", "anybody"),
            ("project_path:*/shop:ref_type:branch:ref:main", "anybody"),
            ("project_path:acme/*:ref_type:branch:ref:main", "wide"),
            ("project_path:acme/shop:ref_type:branch:ref:*", "unreviewed"),
            ("project_path:acme/shop:*", "unreviewed"),
            ("project_path:acme/shop:ref_type:branch:ref:main", "narrow"),
            ("system:serviceaccount:*", "anybody"),
            ("system:serviceaccount:*:deployer", "anybody"),
            ("system:serviceaccount:team-*:deployer", "wide"),
            ("system:serviceaccount:shop:*", "wide"),
            ("system:serviceaccount:shop:default", "wide"),
            ("system:serviceaccount:shop:deployer", "narrow"),
            ("spiffe://*", "anybody"),
            ("spiffe://example.com", "anybody"),
            ("spiffe://example.com/*", "anybody"),
            ("spiffe://example.com/ns/shop/*", "wide"),
            ("spiffe://example.com/ns/shop/sa/api", "narrow"),
            ("organization:*", "anybody"),
            ("organization:acme:*", "wide"),
            ("organization:acme:project:*", "wide"),
            ("organization:acme:project:*:workspace:net:run_phase:apply", "narrow"),
            ("organization:acme:project:net:workspace:*:run_phase:apply", "wide"),
            ("organization:acme:project:net:workspace:prod:run_phase:*", "unreviewed"),
            ("organization:acme:project:net:workspace:prod:run_phase:apply", "narrow"),
            ("organization:acme:pipeline:*", "wide"),
            ("organization:acme:pipeline:deploy:ref:*", "unreviewed"),
            ("organization:acme:pipeline:deploy:ref:refs/heads/main:commit:*:step:*", "narrow"),
            ("org/*", "anybody"),
            ("org/0a1b/*", "wide"),
            ("org/0a1b/project/2c3d/user/*", "narrow"),
            ("arn:aws:iam::111122223333:role/deploy", "narrow"),
            ("1234567890", "narrow"),
        ] {
            assert_eq!(word(Reach::of(subject)), expected, "{subject}");
        }
    }

    proptest! {
        /// What holds no wildcard names nobody but whom it names, trust domains without a path apart.
        #[test]
        fn plain_subjects_open_nothing(
            grammar in "(repo:[a-z]{1,5}/|project_path:[a-z]{1,5}/|org/[a-z]{1,5}/|spiffe://[a-z]{1,5}/|)",
            rest in "[a-z]{1,9}(:[a-z/]{1,9}){0,3}",
        ) {
            let reach = Reach::of(&format!("{grammar}{rest}"));
            prop_assert!(matches!(reach, Reach::Narrow), "{grammar}{rest}: {reach:?}");
        }

        #[test]
        fn any_text_is_an_answer(text in "(repo:|spiffe://|organization:|org/|project_path:)?[\\PC*?:/]{0,20}") {
            prop_assert!(!word(Reach::of(&text)).is_empty());
        }
    }
}
