//! `nhi_review`: who looks at which identities again, and how often.

use nhi_identity::review::{OccurrenceDraft, OnOverdue};
use nhi_identity::{Event, Review, ReviewDraft, Timestamp, Violation, moment, period};
use nhi_proto::schema::{Attribute, Block, Nesting, Presence};
use nhi_proto::{Diagnostics, Fields, Object, Type, Value};

use super::{Defaulted, Reading, Subject, selection};
use crate::attributes::{labels, labels_value, object, objects, set_value, text, texts};
use crate::told;

fn draft(fields: &Fields<'_>, reading: Reading) -> Result<ReviewDraft, Diagnostics> {
    Ok(ReviewDraft {
        name: text(fields, "name")?,
        scope: object(fields, "scope", selection::draft)?,
        period: text(fields, "period")?,
        reviewers: texts(fields, "reviewers")?,
        starts_on: text(fields, "starts_on")?,
        on_overdue: text(fields, "on_overdue")?,
        events: texts(fields, "events")?,
        occurrences: objects(fields, "occurrences", occurrence)?,
        description: text(fields, "description")?,
        owner: super::owner(fields, reading)?,
        labels: labels(fields)?,
    })
}

fn occurrence(fields: &Fields<'_>) -> Result<OccurrenceDraft, Diagnostics> {
    Ok(OccurrenceDraft {
        event: text(fields, "event")?,
        at: text(fields, "at")?,
        description: text(fields, "description")?,
    })
}

fn occurrences() -> Attribute {
    let at = format!("When it happened. {}", moment::DAY_RULE);
    let attributes = [
        ("event", super::required_text("What happened: one of the words in `events`.")),
        ("at", super::required_text(&at)),
        ("description", super::text("What exactly happened, in a sentence.")),
    ];
    Attribute::nested(Nesting::List, Presence::Optional, attributes).describe(
        "What of that happened. Each asks for one attestation more of every identity that was declared by then, within 14 \
         days.",
    )
}

impl Subject for Review {
    const TYPE: &'static str = "nhi_review";
    const DEFAULTED: &'static [Defaulted] = &[Defaulted::Owner];

    fn block() -> Block {
        let period = format!(
            "How long a round is: within each, somebody attests every identity once. At most `92d` where the scope may hold \
             tier 0 or 1. {}",
            period::RULE
        );
        let starts_on = format!("When the first round begins. {}", moment::DAY_RULE);
        let events: Vec<String> = Event::ALL.iter().map(|(word, _)| format!("`{word}`")).collect();
        let events =
            format!("What is reason enough for a review outside the rounds, of {}.", events.join(", "));
        Block::new(
            "A recertification: somebody looks at identities again, in rounds, and says that each of them may stay as it is. \
             The review says who and how often; attestations are kept beside it and change no plan.",
        )
        .attribute("name", super::name("What the review is called in reports."))
        .attribute("scope", selection::attribute("Which identities are looked at."))
        .attribute("period", super::required_text(&period))
        .attribute(
            "reviewers",
            super::required_set("Who may attest: at least one person, named as the register records those who write."),
        )
        .attribute("starts_on", super::required_text(&starts_on))
        .attribute(
            "on_overdue",
            Attribute::optional_computed(Type::String)
                .describe(
                    "What becomes of an identity that nobody attested in time: with `warn` it is told as overdue; with \
                     `inactive` it counts as not active besides, until somebody attests it. Neither changes anything on a \
                     platform by itself. Left out, it is `warn`.",
                )
                .or_default(Value::string(OnOverdue::default().as_str())),
        )
        .attribute("events", super::set(&events))
        .attribute("occurrences", occurrences())
        .attribute("description", super::text("What the review is for, in a sentence."))
        .attribute(
            "owner",
            super::defaulted(Defaulted::Owner, "Name of the `nhi_owner` who sees to it that the review happens; needed."),
        )
        .attribute("labels", super::labels())
    }

    fn violations_in(fields: &Fields<'_>, reading: Reading) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(fields, reading)?.violations())
    }

    fn declared(object: &Fields<'_>) -> Result<Self, Diagnostics> {
        draft(object, Reading::Object)?.declare().map_err(|violations| told::errors(&violations))
    }

    fn attributes(&self) -> Object {
        let occurrences = self.occurrences.iter().map(|one| {
            let object = Object::new()
                .with("event", one.event.as_str())
                .with("at", one.at.spelling())
                .with("description", &one.description);
            Value::from(object)
        });
        let occurrences = match self.occurrences.as_slice() {
            [] => Value::Null,
            _ => Value::List(occurrences.collect()),
        };
        Object::new()
            .with("name", self.name.as_str())
            .with("scope", &selection::value(&self.scope))
            .with("period", self.period.spelling())
            .with("reviewers", &set_value(&self.reviewers))
            .with("starts_on", self.starts_on.spelling())
            .with("on_overdue", self.on_overdue.as_str())
            .with("events", &set_value(self.events.iter().map(|event| Event::as_str(*event))))
            .with("occurrences", &occurrences)
            .with("description", &self.description)
            .with("owner", self.owner.as_str())
            .with("labels", &labels_value(&self.labels))
    }

    fn warnings_in(planned: &Fields<'_>, _now: Timestamp) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(planned, Reading::Object)?.warnings())
    }
}
