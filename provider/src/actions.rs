//! What a run may do once, on request: one file an action, and what they have in common.

mod approve;
mod attest_review;
mod revoke;
mod rotate_due;

use nhi_identity::{Field, ObjectKind};
use nhi_proto::schema::Attribute;
use nhi_proto::{Actions, Diagnostic, Diagnostics, Fields, Path, Type};

use crate::attributes::text;
use crate::context::Context;
use crate::told;

/// Every action.
pub(crate) fn all() -> Actions<Context> {
    Actions::new()
        .with(approve::Approve)
        .with(attest_review::AttestReview)
        .with(revoke::Revoke)
        .with(rotate_due::RotateDue)
}

/// The attribute that says what kind of declaration an action is about.
fn kind_attribute(description: &str, kinds: &[ObjectKind]) -> Attribute {
    let description = format!("{description} One of {}.", listed(kinds));
    Attribute::required(Type::String).describe(&description)
}

/// The attribute that says which declaration an action is about.
fn name_attribute(description: &str) -> Attribute {
    let description = format!(
        "{description} Refer to it (`nhi_exception.NAME.name` for example), so that Terraform makes it first."
    );
    Attribute::required(Type::String).describe(&description)
}

fn listed(kinds: &[ObjectKind]) -> String {
    let words: Vec<String> = kinds.iter().map(|kind| format!("`{}`", kind.word())).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// Which declaration an action is about, as far as that is known.
struct Target {
    kind: Field<ObjectKind>,
    name: Field<String>,
}

impl Target {
    /// Reads `kind`, one of `kinds`, and `name`.
    fn of(config: &Fields<'_>, kinds: &[ObjectKind]) -> Result<Self, Diagnostics> {
        let mut wrong = Diagnostics::none();
        let kind = match text(config, "kind")? {
            Field::Is(word) => {
                let kind = ObjectKind::parse(&word).filter(|kind| kinds.contains(kind));
                if kind.is_none() {
                    wrong.push(unknown_kind(&word, kinds, config.path("kind")));
                }
                kind.map_or(Field::Unknown, Field::Is)
            }
            Field::Absent => Field::Absent,
            Field::Unknown => Field::Unknown,
        };
        let name = text(config, "name")?;
        if let Field::Is(name) = &name {
            wrong.extend(told::bad_name(name, config.path("name")));
        }
        if wrong.has_errors() { Err(wrong) } else { Ok(Self { kind, name }) }
    }

    /// Both, when both are known.
    fn known(&self) -> Option<(ObjectKind, &str)> {
        Some((*self.kind.known()?, self.name.known()?.as_str()))
    }

    /// Both, in a configuration that is wholly known.
    fn required(&self) -> Result<(ObjectKind, &str), Diagnostics> {
        self.known().ok_or_else(|| {
            let detail = "Set `kind` and `name`.";
            Diagnostic::error("It is not said what this is about", detail).at(Path::root()).into()
        })
    }
}

fn unknown_kind(word: &str, kinds: &[ObjectKind], at: Path) -> Diagnostic {
    let known = word.strip_prefix("nhi_").and_then(ObjectKind::parse).filter(|kind| kinds.contains(kind));
    let detail = match known {
        Some(kind) => format!("Write `{}`, without the name of the provider.", kind.word()),
        None => format!("Write one of {}.", listed(kinds)),
    };
    Diagnostic::error(format!("`{}` is not a kind for this action", word.escape_debug()), detail).at(at)
}
