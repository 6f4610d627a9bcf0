//! What can be looked up: every kind of declaration, one and many, and what the register says as a whole.

mod audit;
mod clock;
mod debt;
mod many;
mod metrics;
mod one;
mod parts;

use std::collections::BTreeMap;

use nhi_identity::Standing;
use nhi_proto::schema::{Attribute, OnChange, Presence, Recompute, Schema, Shape};
use nhi_proto::{Checked, DataSources, Diagnostics, Fields, Object, Type};
use nhi_register::{Kept, ObjectKind, Register};

use self::audit::Audit;
use self::debt::ExceptionDebt;
use self::many::Many;
use self::metrics::Overview;
use self::one::One;
use crate::context::Context;
use crate::resources::{Collect, Subject, each};

/// Every data source.
pub(crate) fn all() -> DataSources<Context> {
    each(DataSources::new()).with(Audit).with(ExceptionDebt).with(Overview)
}

impl Collect for DataSources<Context> {
    fn and<T: Subject>(self) -> Self {
        self.with(One::<T>::new()).with(Many::<T>::new())
    }
}

/// The type name of the data source that finds many of a kind.
pub(crate) fn plural(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Owner => "nhi_owners",
        ObjectKind::Zone => "nhi_zones",
        ObjectKind::Identity => "nhi_identities",
        ObjectKind::Exception => "nhi_exceptions",
        ObjectKind::Federation => "nhi_federations",
        ObjectKind::Credential => "nhi_credentials",
        ObjectKind::Crossing => "nhi_crossings",
        ObjectKind::Elevation => "nhi_elevations",
        ObjectKind::BreakGlass => "nhi_break_glasses",
        ObjectKind::Review => "nhi_reviews",
        ObjectKind::Freeze => "nhi_freezes",
        ObjectKind::Manifest => "nhi_manifests",
    }
}

/// Does it make a difference whether such a declaration holds now?
fn stands(kind: ObjectKind) -> bool {
    !matches!(kind, ObjectKind::Owner | ObjectKind::Zone | ObjectKind::Review | ObjectKind::Manifest)
}

/// The attributes of a declaration that is looked up: all that were declared, and where it stands.
fn attributes<T: Subject>() -> BTreeMap<String, Attribute> {
    let mut all: BTreeMap<String, Attribute> =
        T::block().attributes.iter().map(|(name, attribute)| (name.clone(), told(attribute))).collect();
    let noun = T::KIND.noun();
    let mut add = |name: &str, ty: Type, description: &str| {
        all.insert(name.to_owned(), Attribute::computed(ty).describe(description));
    };
    add("id", Type::String, "The name again, for tools that ask for an id.");
    add("workspace", Type::String, "The workspace that declares it.");
    if stands(T::KIND) {
        let reviewed = T::KIND == ObjectKind::Identity;
        let overdue =
            if reviewed { ", and not overdue for an `nhi_review` that takes this for inactive" } else { "" };
        let names = matches!(
            T::KIND,
            ObjectKind::Exception
                | ObjectKind::Federation
                | ObjectKind::Credential
                | ObjectKind::Crossing
                | ObjectKind::Elevation
                | ObjectKind::BreakGlass
        );
        let with = if names { ", nor naming an identity that was revoked" } else { "" };
        let active = format!(
            "Whether the {noun} holds at the time of the reading: approved where it needs approval, neither ended nor \
             revoked{with}{overdue}. Make what it permits depend on this, and it disappears with the next plan."
        );
        add("active", Type::Bool, &active);
        let standing = format!(
            "Where the {noun} stands, in a word: {}.",
            Standing::WORDS.map(|word| format!("`{word}`")).join(", ")
        );
        add("standing", Type::String, &standing);
        let reason = format!(
            "Why the {noun} does not hold, in a few words, for example who revoked it and when; absent while it holds."
        );
        add("standing_reason", Type::String, &reason);
    }
    all
}

/// An attribute as an answer has it: computed, and nothing follows from a change of it.
fn told(declared: &Attribute) -> Attribute {
    let shape = match &declared.shape {
        Shape::Plain(ty) => Shape::Plain(ty.clone()),
        Shape::Nested(nesting, attributes) => {
            let inner = attributes.iter().map(|(name, attribute)| (name.clone(), told(attribute)));
            Shape::Nested(*nesting, inner.collect())
        }
    };
    Attribute {
        shape,
        presence: Presence::Computed,
        on_change: OnChange::Update,
        recompute: Recompute::OnUpdate,
        default: None,
        ..declared.clone()
    }
}

/// Declarations as they are looked up.
fn objects<T: Subject>(register: &Register, kept: &[Kept<T>]) -> Result<Vec<Object>, Diagnostics> {
    let names: Vec<&str> = kept.iter().map(|kept| kept.declaration.name().as_str()).collect();
    let standings = if stands(T::KIND) {
        let standings = register.standings(T::KIND, &names, register.now());
        standings.map_err(|error| crate::told::register_error(&error))?
    } else {
        BTreeMap::new()
    };
    Ok(kept.iter().map(|kept| object(kept, &standings)).collect())
}

fn object<T: Subject>(kept: &Kept<T>, standings: &BTreeMap<String, Standing>) -> Object {
    let name = kept.declaration.name().as_str();
    let object = kept.declaration.attributes().with("id", name).with("workspace", &kept.workspace);
    if !stands(T::KIND) {
        return object;
    }
    // Between the two looks somebody may have removed it: then it holds no longer.
    let standing = standings.get(name);
    let active = standing.is_some_and(Standing::active);
    let reason = match standing {
        Some(Standing::Active) => None,
        Some(other) => Some(format!("{} {other}", T::KIND.noun())),
        None => Some(format!("{} was removed", T::KIND.noun())),
    };
    let word = standing.map_or("expired", Standing::word);
    object.with("active", &active).with("standing", word).with("standing_reason", &reason)
}

/// Everything that two checks found.
fn both(one: Checked, other: Checked) -> Checked {
    let (Ok(found) | Err(found)) = one;
    let (Ok(more) | Err(more)) = other;
    let found = found.and(more);
    if found.has_errors() { Err(found) } else { Ok(found) }
}

/// What a configuration gives, to build the answer on.
fn given(schema: Schema, config: &Fields<'_>) -> Result<Object, Diagnostics> {
    let attributes = schema.block.attributes.into_iter();
    let mut object = Object::new();
    for (name, _) in attributes.filter(|(_, attribute)| !attribute.presence.is_computed()) {
        object = object.with(&name, config.value(&name)?);
    }
    Ok(object)
}
