//! `nhi_zone`: a part of a platform that identities stay in.

use nhi_identity::{Violation, Zone, ZoneDraft};
use nhi_proto::schema::Block;
use nhi_proto::{Diagnostics, Fields, Object};

use super::{Defaulted, Reading, Subject};
use crate::attributes::{labels, labels_value, set_value, text, texts};
use crate::told;

fn draft(fields: &Fields<'_>) -> Result<ZoneDraft, Diagnostics> {
    Ok(ZoneDraft {
        name: text(fields, "name")?,
        environment: text(fields, "environment")?,
        template: text(fields, "template")?,
        reaches: texts(fields, "reaches")?,
        labels: labels(fields)?,
    })
}

impl Subject for Zone {
    const TYPE: &'static str = "nhi_zone";
    const DEFAULTED: &'static [Defaulted] = &[Defaulted::Environment];

    fn block() -> Block {
        Block::new(
            "A part of a platform that identities stay in. When one identity may act as another, `nhi check` compares their \
             zones: a crossing that `reaches` does not name is a finding.",
        )
        .attribute("name", super::name("What identities and other zones refer to."))
        .attribute(
            "environment",
            super::defaulted(Defaulted::Environment, "The environment the zone belongs to, `production` for example."),
        )
        .attribute(
            "template",
            super::text("The kind of zone this one is modelled on, `build`, `train` or `serve` for example; a plain text."),
        )
        .attribute(
            "reaches",
            super::set(
                "Names of the zones that identities of this one may cross into. They may be declared later, or in another \
                 workspace.",
            ),
        )
        .attribute("labels", super::labels())
    }

    fn violations_in(fields: &Fields<'_>, _reading: Reading) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(fields)?.violations())
    }

    fn declared(object: &Fields<'_>) -> Result<Self, Diagnostics> {
        draft(object)?.declare().map_err(|violations| told::errors(&violations))
    }

    fn attributes(&self) -> Object {
        Object::new()
            .with("name", self.name.as_str())
            .with("environment", &self.environment)
            .with("template", &self.template)
            .with("reaches", &set_value(&self.reaches))
            .with("labels", &labels_value(&self.labels))
    }
}
