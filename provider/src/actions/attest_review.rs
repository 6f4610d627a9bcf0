//! `nhi_attest_review`: writes down what a reviewer found.

use nhi_identity::approval::remark;
use nhi_identity::{Field, Outcome};
use nhi_proto::schema::{Block, Schema};
use nhi_proto::{Action, Call, Checked, Diagnostic, Diagnostics, Fields, Progress};
use nhi_register::AttestationDraft;

use crate::attributes::text;
use crate::context::Context;
use crate::resources;
use crate::told;

pub(crate) struct AttestReview;

fn outcome(config: &Fields<'_>) -> Result<Field<Outcome>, Diagnostics> {
    let word = match text(config, "outcome")? {
        Field::Is(word) => word,
        Field::Absent => return Ok(Field::Absent),
        Field::Unknown => return Ok(Field::Unknown),
    };
    Outcome::parse(&word).map(Field::Is).ok_or_else(|| {
        let detail = format!("Write one of {}.", words());
        let summary = format!("`{}` is not an outcome of a review", word.escape_debug());
        Diagnostic::error(summary, detail).at(config.path("outcome")).into()
    })
}

fn words() -> String {
    Outcome::ALL.map(|(word, _)| format!("`{word}`")).join(", ")
}

impl Action for AttestReview {
    type Context = Context;

    fn type_name(&self) -> &'static str {
        "nhi_attest_review"
    }

    fn schema(&self) -> Schema {
        let outcome = format!(
            "What the reviewer found, one of {}: it stays as it is, something about it has to change, or it has to go. Only \
             `keep` settles a round of the review; the others are kept and the identity stays due.",
            words()
        );
        let block = Block::new(
            "Attests an identity, or every identity in the scope of an `nhi_review`: one of its reviewers looked at it and says \
             what they found. Who runs the action has to be among the `reviewers` of the review. With a register on PostgreSQL \
             that is the role of the session; with a register in a file nobody is authenticated, and an attestation is a record \
             of what people say they did.",
        )
        .attribute("review", resources::required_text("Name of the `nhi_review`."))
        .attribute(
            "identity",
            resources::text("Name of the `nhi_identity` that was looked at. Left out, it is every identity in the scope of the review."),
        )
        .attribute("outcome", resources::required_text(&outcome))
        .attribute("note", resources::text("What the reviewer has to say to it; it is kept with the attestation."));
        Schema::new(0, block)
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        let mut wrong = Diagnostics::none();
        for attribute in ["review", "identity"] {
            if let Field::Is(name) = text(config, attribute)? {
                wrong.extend(told::bad_name(&name, config.path(attribute)));
            }
        }
        wrong.extend(outcome(config).err().into_iter().flatten());
        wrong.extend(told::errors(&remark("note", &text(config, "note")?)));
        if wrong.has_errors() { Err(wrong) } else { Ok(wrong) }
    }

    fn invoke(&self, call: &Call<Context>, config: &Fields<'_>, progress: &Progress) -> Checked {
        let Field::Is(outcome) = outcome(config)? else {
            return Err(Diagnostic::internal("There is no outcome.").at(config.path("outcome")).into());
        };
        let draft = AttestationDraft {
            review: config.get("review")?,
            identity: config.get("identity")?,
            outcome,
            note: config.get("note")?,
        };
        let attested = call.register()?.attest(&draft).map_err(|error| told::register_error(&error))?;
        for one in &attested {
            progress.tell(format!(
                "{} ({}) attested nhi_identity `{}` in nhi_review `{}`: {}",
                one.by,
                one.source,
                one.identity,
                one.review,
                one.outcome.as_str()
            ));
        }
        if attested.is_empty() {
            progress.tell(format!("no identity is in the scope of nhi_review `{}`", draft.review));
        }
        Ok(Diagnostics::none())
    }
}
