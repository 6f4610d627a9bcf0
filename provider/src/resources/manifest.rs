//! `nhi_manifest`: many identities in one resource.

use std::collections::BTreeMap;

use nhi_identity::{Field, Identity, Manifest, ManifestDraft, Name, Timestamp, Violation};
use nhi_proto::schema::{Attribute, Block, Nesting, Presence};
use nhi_proto::{Diagnostics, Fields, Object, Path, Plan, Value};

use super::{Defaulted, Reading, Subject, identity};
use crate::attributes::{entries, labels, labels_value, text};
use crate::context::Defaults;
use crate::{spelling, told};

fn draft(fields: &Fields<'_>) -> Result<ManifestDraft, Diagnostics> {
    let entry = |key: &str, fields: &Fields<'_>| identity::draft_of(Field::Is(key.to_owned()), fields);
    Ok(ManifestDraft {
        name: text(fields, "name")?,
        description: text(fields, "description")?,
        labels: labels(fields)?,
        identities: entries(fields, "identities", entry)?,
    })
}

/// The identity of this name that a known object declares.
fn declared(name: &Name, object: &BTreeMap<String, Value>) -> Option<Identity> {
    let object = Value::Object(object.clone());
    let fields = Fields::of(&object, &Path::root()).ok()?;
    identity::draft_of(Field::Is(name.to_string()), &fields).ok()?.declare().ok()
}

impl Subject for Manifest {
    const TYPE: &'static str = "nhi_manifest";
    const DEFAULTED: &'static [Defaulted] = &[];

    fn block() -> Block {
        Block::new(
            "Many identities in one resource, for more of them than Terraform handles well one by one: beyond about a thousand \
             instances every plan takes noticeable time. Each is declared under its name with the attributes of \
             `nhi_identity`, and is in the register an identity like any other that knows its manifest. A plan shows what \
             changes in which identity; an apply keeps all of it or nothing. A name that an `nhi_identity` or another \
             manifest has is refused; the same identity, as it is, can be taken over from an `nhi_identity` of an earlier run, and \
             back: the guide to many identities tells how.\n\n\
             How far one manifest goes, measured with Terraform 1.15.5 as processor time of core and provider together: \
             1,000 identities plan and apply in about 1 s each (140 MB in the core, 35 MB in the provider), 5,000 in 8 s and \
             9 s (300 MB and 110 MB), 20,000 in 81 s and 85 s (680 MB and 380 MB). The provider's part of that is even, \
             about 0.1 ms an identity for a plan and 0.25 ms for an apply; the core's grows with the square of the map. \
             Several manifests of up to 5,000 identities are therefore quicker than a larger one.",
        )
        .attribute("name", super::name("What the manifest is called."))
        .attribute("description", super::text("What the identities have in common, in a sentence."))
        .attribute("labels", super::labels())
        .attribute(
            "identities",
            Attribute::nested(Nesting::Map, Presence::Required, identity::attributes()).describe(
                "The identities, each under its name. A name that is changed here is one identity removed and another one \
                 created.",
            ),
        )
    }

    fn violations_in(fields: &Fields<'_>, reading: Reading) -> Result<Vec<Violation>, Diagnostics> {
        let draft = draft(fields)?;
        let mut found = draft.violations();
        if reading == Reading::Object {
            found.extend(draft.ownerless());
        }
        Ok(found)
    }

    fn declared(object: &Fields<'_>) -> Result<Self, Diagnostics> {
        draft(object)?.declare().map_err(|violations| told::errors(&violations))
    }

    fn attributes(&self) -> Object {
        let one = |(name, identity): (&Name, &Identity)| (name.to_string(), identity::shown(identity).into());
        Object::new()
            .with("name", self.name.as_str())
            .with("description", &self.description)
            .with("labels", &labels_value(&self.labels))
            .with("identities", &Value::Map(self.identities.iter().map(one).collect()))
    }

    /// Each identity takes the defaults as one that is declared alone does.
    fn fill(plan: &mut Plan, defaults: &Defaults) -> Result<(), Diagnostics> {
        let Value::Map(entries) = plan.config().value("identities")?.clone() else { return Ok(()) };
        let path = Path::of("identities");
        for (key, entry) in &entries {
            let Some(attributes) = entry.attributes() else { continue };
            for defaulted in Identity::DEFAULTED {
                let (name, default) = defaulted.of(defaults);
                if attributes.get(name).is_some_and(Value::is_null) {
                    plan.set_within(&path.key(key).attribute(name), default)?;
                }
            }
        }
        Ok(())
    }

    /// Each identity keeps its spelling, whatever became of the others.
    fn respelled(&self, name: &str, known: &Value) -> Option<Value> {
        let Value::Map(known) = known else { return None };
        if name != "identities" {
            return None;
        }
        let one = |(name, identity): (&Name, &Identity)| {
            let fresh = Value::from(identity::shown(identity));
            let known = known.get(name.as_str()).and_then(Value::attributes);
            let spelled = match (&fresh, known) {
                (Value::Object(fresh), Some(known)) if fresh != known => {
                    let same = |spelled: &_| declared(name, spelled).as_ref() == Some(identity);
                    Value::Object(spelling::respelled(fresh, known, same))
                }
                _ => fresh,
            };
            (name.to_string(), spelled)
        };
        Some(Value::Map(self.identities.iter().map(one).collect()))
    }

    fn warnings_in(planned: &Fields<'_>, _now: Timestamp) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(planned)?.warnings())
    }
}
