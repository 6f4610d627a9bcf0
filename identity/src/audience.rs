//! Audiences: whom a token is meant for. Each service that takes tokens has one of its own, so that a token given to one
//! cannot be used at another.

/// What decides an audience beside the platform's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AudienceParts {
    /// Azure: which of its clouds.
    pub cloud: Option<String>,
    /// Google: the number of the project that holds the pool.
    pub project_number: Option<String>,
    /// Google: the pool.
    pub pool: Option<String>,
    /// Google: the provider in the pool.
    pub provider: Option<String>,
    /// GitHub, Buildkite: the organisation that the runs belong to.
    pub organization: Option<String>,
    /// A service of one's own: its name.
    pub name: Option<String>,
    /// A service of one's own: the environment it runs in.
    pub environment: Option<String>,
    /// A service of one's own: the domain that the organisation owns.
    pub domain: Option<String>,
}

/// Why there is no such audience.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AudienceError {
    /// Another platform.
    #[error("`{}` is not a platform whose audience is known: write one of {known}", .text.escape_debug())]
    Platform {
        /// What was given.
        text: String,
        /// What there is.
        known: String,
    },
    /// A part that this audience is made of and that is not there.
    #[error("the audience of `{platform}` is made of {parts}: `{missing}` is missing")]
    Missing {
        /// The platform.
        platform: &'static str,
        /// All parts.
        parts: String,
        /// The one that is missing.
        missing: &'static str,
    },
    /// A part that this audience has no place for.
    #[error("the audience of `{platform}` has no place for `{part}`{}", takes(.parts))]
    Strange {
        /// The platform.
        platform: &'static str,
        /// The part.
        part: &'static str,
        /// What it takes.
        parts: String,
    },
    /// A part with characters that it cannot have.
    #[error("`{part}`: `{}` is not {what}", .text.escape_debug())]
    Part {
        /// The part.
        part: &'static str,
        /// What was given.
        text: String,
        /// What it should be.
        what: &'static str,
    },
}

fn takes(parts: &str) -> String {
    if parts.is_empty() { String::new() } else { format!("; it takes {parts}") }
}

/// A platform: its name, the parts its audience is made of, and how.
struct Platform {
    name: &'static str,
    /// Required parts.
    parts: &'static [&'static str],
    /// What may be left out.
    optional: &'static [&'static str],
    make: fn(&AudienceParts) -> Result<String, AudienceError>,
}

const PLATFORMS: [Platform; 12] = [
    Platform { name: "aws", parts: &[], optional: &[], make: |_| fixed("sts.amazonaws.com") },
    Platform { name: "azure", parts: &[], optional: &["cloud"], make: azure },
    Platform {
        name: "buildkite",
        parts: &["organization"],
        optional: &[],
        make: |parts| below("https://buildkite.com", parts),
    },
    Platform {
        name: "github",
        parts: &["organization"],
        optional: &[],
        make: |parts| below("https://github.com", parts),
    },
    Platform { name: "google", parts: &["project_number", "pool", "provider"], optional: &[], make: google },
    Platform {
        name: "hcp_terraform_aws",
        parts: &[],
        optional: &[],
        make: |_| fixed("aws.workload.identity"),
    },
    Platform {
        name: "hcp_terraform_azure",
        parts: &[],
        optional: &[],
        make: |_| fixed("api://AzureADTokenExchange"),
    },
    Platform {
        name: "hcp_terraform_hcp",
        parts: &[],
        optional: &[],
        make: |_| fixed("hcp.workload.identity"),
    },
    Platform { name: "hcp_terraform_kubernetes", parts: &[], optional: &[], make: |_| fixed("kubernetes") },
    Platform {
        name: "hcp_terraform_vault",
        parts: &[],
        optional: &[],
        make: |_| fixed("vault.workload.identity"),
    },
    Platform { name: "service", parts: &["name", "domain"], optional: &["environment"], make: service },
    Platform { name: "vault", parts: &[], optional: &[], make: |_| fixed("vault") },
];

/// Every platform's name, and the parts its audience is made of: those needed, then those that may be left out.
pub fn platforms() -> impl Iterator<Item = (&'static str, &'static [&'static str], &'static [&'static str])> {
    PLATFORMS.iter().map(|one| (one.name, one.parts, one.optional))
}

/// The audience that tokens for `platform` should have.
pub fn audience(platform: &str, parts: &AudienceParts) -> Result<String, AudienceError> {
    let Some(found) = PLATFORMS.iter().find(|one| one.name == platform) else {
        let known: Vec<String> = PLATFORMS.iter().map(|one| format!("`{}`", one.name)).collect();
        return Err(AudienceError::Platform { text: platform.to_owned(), known: known.join(", ") });
    };
    let words: Vec<String> =
        found.parts.iter().chain(found.optional).map(|part| format!("`{part}`")).collect();
    for (part, value) in parts.named() {
        let (needed, welcome) = (found.parts.contains(&part), found.optional.contains(&part));
        match value {
            None if needed => {
                return Err(AudienceError::Missing {
                    platform: found.name,
                    parts: words.join(", "),
                    missing: part,
                });
            }
            Some(_) if !needed && !welcome => {
                return Err(AudienceError::Strange { platform: found.name, part, parts: words.join(", ") });
            }
            _ => {}
        }
    }
    (found.make)(parts)
}

impl AudienceParts {
    fn named(&self) -> [(&'static str, Option<&str>); 8] {
        [
            ("cloud", &self.cloud),
            ("project_number", &self.project_number),
            ("pool", &self.pool),
            ("provider", &self.provider),
            ("organization", &self.organization),
            ("name", &self.name),
            ("environment", &self.environment),
            ("domain", &self.domain),
        ]
        .map(|(name, value)| (name, value.as_deref()))
    }

    fn part(
        &self,
        part: &'static str,
        what: &'static str,
        fits: impl Fn(char) -> bool,
    ) -> Result<&str, AudienceError> {
        let text =
            self.named().into_iter().find_map(|(name, value)| value.filter(|_| name == part)).unwrap_or("");
        if !text.is_empty() && text.chars().all(fits) {
            return Ok(text);
        }
        Err(AudienceError::Part { part, text: text.to_owned(), what })
    }
}

#[expect(clippy::unnecessary_wraps, reason = "one entry of a table whose others can fail")]
fn fixed(text: &str) -> Result<String, AudienceError> {
    Ok(text.to_owned())
}

fn azure(parts: &AudienceParts) -> Result<String, AudienceError> {
    match parts.cloud.as_deref() {
        None | Some("public") => fixed("api://AzureADTokenExchange"),
        Some("usgovernment") => fixed("api://AzureADTokenExchangeUSGov"),
        Some("china") => fixed("api://AzureADTokenExchangeChina"),
        Some(other) => Err(AudienceError::Part {
            part: "cloud",
            text: other.to_owned(),
            what: "a cloud of Azure: write `public`, `usgovernment` or `china`",
        }),
    }
}

fn google(parts: &AudienceParts) -> Result<String, AudienceError> {
    let slug = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let number = parts.part("project_number", "the number of a project", |letter| letter.is_ascii_digit())?;
    let pool = parts.part("pool", "the id of a pool", slug)?;
    let provider = parts.part("provider", "the id of a provider", slug)?;
    Ok(format!(
        "https://iam.googleapis.com/projects/{number}/locations/global/workloadIdentityPools/{pool}/providers/{provider}"
    ))
}

fn below(address: &str, parts: &AudienceParts) -> Result<String, AudienceError> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let organization = parts.part("organization", "the name of an organisation", plain)?;
    Ok(format!("{address}/{organization}"))
}

fn service(parts: &AudienceParts) -> Result<String, AudienceError> {
    let label = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let name = parts.part("name", "the name of a service: lower-case letters, digits and hyphens", label)?;
    let domain = parts.part("domain", "a domain", |letter| label(letter) || letter == '.')?;
    if parts.environment.is_none() {
        return Ok(format!("https://{name}.{domain}"));
    }
    let what = "the name of an environment: lower-case letters, digits and hyphens";
    let environment = parts.part("environment", what, label)?;
    Ok(format!("https://{name}.{environment}.{domain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(platform: &str, parts: &AudienceParts, expected: &str) {
        let told = audience(platform, parts).unwrap_or_else(|error| error.to_string());
        assert!(told.starts_with(expected), "{platform} {parts:?}\nis     {told}\nand not {expected}");
    }

    #[test]
    fn each_platform_has_its_own() {
        let none = AudienceParts::default;
        let text = |text: &str| Some(text.to_owned());
        check("aws", &none(), "sts.amazonaws.com");
        check("azure", &none(), "api://AzureADTokenExchange");
        check("azure", &AudienceParts { cloud: text("china"), ..none() }, "api://AzureADTokenExchangeChina");
        check("hcp_terraform_aws", &none(), "aws.workload.identity");
        check("vault", &none(), "vault");
        check("github", &AudienceParts { organization: text("acme"), ..none() }, "https://github.com/acme");
        let google = AudienceParts {
            project_number: text("123456789"),
            pool: text("ci"),
            provider: text("github"),
            ..none()
        };
        check(
            "google",
            &google,
            "https://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/ci/providers/github",
        );
        let own = AudienceParts { name: text("checkout"), domain: text("example.com"), ..none() };
        check("service", &own, "https://checkout.example.com");
        let own = AudienceParts { environment: text("prod"), ..own };
        check("service", &own, "https://checkout.prod.example.com");
    }

    #[test]
    fn refusals() {
        let none = AudienceParts::default;
        let text = |text: &str| Some(text.to_owned());
        check("oracle", &none(), "`oracle` is not a platform whose audience is known: write one of `aws`, ");
        check(
            "google",
            &none(),
            "the audience of `google` is made of `project_number`, `pool`, `provider`: `project_number`",
        );
        check(
            "aws",
            &AudienceParts { pool: text("x"), ..none() },
            "the audience of `aws` has no place for `pool`",
        );
        check(
            "azure",
            &AudienceParts { pool: text("x"), ..none() },
            "the audience of `azure` has no place for `pool`; it takes `cloud`",
        );
        check(
            "azure",
            &AudienceParts { cloud: text("mars"), ..none() },
            "`cloud`: `mars` is not a cloud of Azure",
        );
        check(
            "github",
            &AudienceParts { organization: text("a/b"), ..none() },
            "`organization`: `a/b` is not",
        );
        check("github", &AudienceParts { organization: text(""), ..none() }, "`organization`: `` is not");
    }
}
