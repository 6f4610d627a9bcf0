//! How violations and errors of the register are told to the user of Terraform.

use nhi_identity::{AttributePath, Name, Step, Violation, name};
use nhi_proto::{Diagnostic, Diagnostics, Path};
use nhi_register::{Referrer, RegisterError};

/// The path in the terms of the protocol.
fn path(attribute: &AttributePath) -> Path {
    attribute.0.iter().fold(Path::root(), |path, step| match step {
        Step::Attribute(name) => path.attribute(name),
        Step::Index(index) => path.index(*index),
        Step::Key(key) => path.key(key),
    })
}

/// A clause as a headline. What begins with the name of a resource type begins small.
pub(crate) fn headline(clause: &str) -> String {
    if clause.starts_with("nhi_") {
        return clause.to_owned();
    }
    let mut characters = clause.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A broken rule, as an error.
pub(crate) fn error(violation: &Violation) -> Diagnostic {
    Diagnostic::error(headline(&violation.problem), remedy(violation)).at(path(&violation.path))
}

/// Something worth a warning.
pub(crate) fn warning(violation: &Violation) -> Diagnostic {
    Diagnostic::warning(headline(&violation.problem), remedy(violation)).at(path(&violation.path))
}

/// What to do. Inside nested attributes the cores show no line but that of the whole resource, so there the text says
/// where it is.
fn remedy(violation: &Violation) -> String {
    if violation.path.0.len() < 2 {
        return violation.remedy.clone();
    }
    format!("This is about `{}`. {}", violation.path, violation.remedy)
}

/// All broken rules, as errors.
pub(crate) fn errors(violations: &[Violation]) -> Diagnostics {
    violations.iter().map(error).collect()
}

/// What is wrong with a name, if anything.
pub(crate) fn bad_name(text: &str, at: Path) -> Diagnostics {
    match Name::new(text) {
        Ok(_) => Diagnostics::none(),
        Err(error) => Diagnostic::error(headline(&error.to_string()), name::RULE).at(at).into(),
    }
}

/// An error of the register while the provider is configured.
pub(crate) fn provider_error(error: &RegisterError) -> Diagnostics {
    let attribute = match error {
        RegisterError::Workspace(_) => "workspace",
        RegisterError::Organisation(_) | RegisterError::NoOrganisation { .. } => "organisation",
        _ => "register",
    };
    let summary = match error {
        RegisterError::Url { .. } => "Not a location of a register",
        RegisterError::Missing(_) => "There is no register",
        RegisterError::NoOrganisation { .. } => "There is no such organisation",
        RegisterError::NotARegister { .. } => "Not a register",
        RegisterError::Newer { .. } => "The register is newer than this provider",
        _ => "The register cannot be opened",
    };
    Diagnostic::error(summary, sentence(error)).at(Path::of(attribute)).into()
}

/// An error of the register while it works on one object.
pub(crate) fn register_error(error: &RegisterError) -> Diagnostics {
    let name = Path::of("name");
    let diagnostic = match error {
        RegisterError::Rules(violations) => return errors(violations),
        RegisterError::Taken { .. } => Diagnostic::error("The name is taken", sentence(error)).at(name),
        RegisterError::LeftBehind { .. } => {
            Diagnostic::error("An interrupted run left another object of this name", sentence(error)).at(name)
        }
        RegisterError::Foreign { .. } => {
            Diagnostic::error("It belongs to another workspace", sentence(error)).at(name)
        }
        RegisterError::Gone { .. } => {
            Diagnostic::error("It is no longer in the register", sentence(error)).at(name)
        }
        RegisterError::Stale { .. } => {
            Diagnostic::error("Somebody changed it meanwhile", sentence(error)).at(name)
        }
        RegisterError::InManifest { .. } => {
            Diagnostic::error("A manifest keeps it", sentence(error)).at(name)
        }
        RegisterError::StillNamed { .. } => {
            Diagnostic::error("Other workspaces still name it", sentence(error)).at(name)
        }
        RegisterError::NotDeclared { .. } => {
            Diagnostic::error("There is nothing of that name", sentence(error)).at(name)
        }
        RegisterError::NotApproved { .. } => {
            Diagnostic::error("It was not approved", sentence(error)).at(name)
        }
        RegisterError::Inactive { .. } => Diagnostic::error("It is not active", sentence(error)).at(name),
        RegisterError::NotRevocable { .. } => {
            Diagnostic::error("There is nothing to revoke", sentence(error)).at(name)
        }
        RegisterError::Full(_) => Diagnostic::error("No room for the register", sentence(error)),
        RegisterError::Busy(_) => Diagnostic::error("The register is in use", sentence(error)),
        _ => Diagnostic::error("The register did not do it", sentence(error)),
    };
    diagnostic.into()
}

/// Declarations of the same workspace that still name what was removed.
pub(crate) fn still_named(kind: &str, name: &str, referrers: &[Referrer]) -> Diagnostics {
    if referrers.is_empty() {
        return Diagnostics::none();
    }
    let detail = format!(
        "{kind} `{name}` was removed while it was named by {}. If the same run changes or removes what named it, all is well; \
         if not, let it name another one. References (`{kind}.NAME.name`) instead of plain names let Terraform choose the \
         order.",
        Referrer::listed(referrers)
    );
    Diagnostic::warning("Others still named it", detail).into()
}

/// The words of an error as a sentence.
pub(crate) fn sentence(error: &RegisterError) -> String {
    // Some end with a whole sentence already.
    format!("{}.", headline(&error.to_string()).trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_once() {
        let missing = RegisterError::Missing("r.db".into());
        for error in [missing, RegisterError::Workspace("a b".into())] {
            let text = sentence(&error);
            assert!(text.ends_with('.') && !text.ends_with(".."), "{text}");
        }
    }

    #[test]
    fn inside_nested_attributes_the_text_says_where() {
        let check = |path: AttributePath, expected: &str| {
            let violation =
                Violation { path, problem: "the text is empty".into(), remedy: "Write one line.".into() };
            assert_eq!(remedy(&violation), expected);
            assert_eq!(headline(&violation.problem), "The text is empty");
        };
        let federation = AttributePath::of("federation");
        check(federation.clone(), "Write one line.");
        let issuer = federation.index(1).attribute("issuer");
        check(issuer, "This is about `federation[1].issuer`. Write one line.");
        check(AttributePath::of("labels").key("a b"), "This is about `labels[\"a b\"]`. Write one line.");
    }
}
