//! What the provider offers: one file a kind of declaration, and what all of them have in common.

mod break_glass;
mod credential;
mod crossing;
mod elevation;
pub(crate) mod end;
mod exception;
mod federation;
mod freeze;
mod identity;
mod manifest;
mod occasion;
mod owner;
mod review;
mod selection;
mod zone;

use nhi_identity::{
    BreakGlass, Credential, Crossing, Elevation, Exception, Federation, Field, Freeze, Identity, Manifest,
    Owner, Review, Timestamp, Violation, Zone,
};
use nhi_proto::schema::{Attribute, Block};
use nhi_proto::{Diagnostics, Field as Sent, Fields, Object, Plan, Resources, Type, Value};
use nhi_register::Declaration;

use crate::context::{Context, Defaults};
use crate::managed::Managed;

/// Every resource.
pub(crate) fn all() -> Resources<Context> {
    each(Resources::new())
}

/// Something that is gathered from every kind of declaration.
pub(crate) trait Collect: Sized {
    /// This collection with what it has for the kind `T`.
    fn and<T: Subject>(self) -> Self;
}

impl Collect for Resources<Context> {
    fn and<T: Subject>(self) -> Self {
        self.with(Managed::<T>::new())
    }
}

/// The list of all kinds: what has a line here is a resource, two data sources and a list.
pub(crate) fn each<C: Collect>(collection: C) -> C {
    collection
        .and::<Owner>()
        .and::<Zone>()
        .and::<Identity>()
        .and::<Exception>()
        .and::<Federation>()
        .and::<Elevation>()
        .and::<Review>()
        .and::<Freeze>()
        .and::<Credential>()
        .and::<Crossing>()
        .and::<BreakGlass>()
        .and::<Manifest>()
}

/// Whose word the attributes of an object are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The user's alone: what is computed is absent, and the provider's defaults are not in it yet.
    Config,
    /// A plan or a state: what is computed stands in it as well.
    Object,
}

/// An attribute that the provider block has a default for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defaulted {
    Owner,
    Environment,
}

impl Defaulted {
    /// The attribute, and its default.
    fn of(self, defaults: &Defaults) -> (&'static str, &Sent<String>) {
        match self {
            Self::Owner => ("owner", &defaults.owner),
            Self::Environment => ("environment", &defaults.environment),
        }
    }
}

/// A declaration, seen as a resource.
pub(crate) trait Subject: Declaration + Send + Sync + 'static {
    /// The full type name.
    const TYPE: &'static str;
    /// Its attributes that the provider block has defaults for.
    const DEFAULTED: &'static [Defaulted];

    /// Its attributes but `id`.
    fn block() -> Block;

    /// What is wrong with what is known of it.
    fn violations_in(fields: &Fields<'_>, reading: Reading) -> Result<Vec<Violation>, Diagnostics>;

    /// The declaration that a wholly known object makes.
    fn declared(object: &Fields<'_>) -> Result<Self, Diagnostics>;

    /// Its attributes but `id`; absent where empty.
    fn attributes(&self) -> Object;

    /// Fills in what the provider block has defaults for.
    fn fill(plan: &mut Plan, defaults: &Defaults) -> Result<(), Diagnostics> {
        for defaulted in Self::DEFAULTED {
            let (name, default) = defaulted.of(defaults);
            if plan.config().value(name)?.is_null() {
                plan.set(name, default)?;
            }
        }
        Ok(())
    }

    /// The value of an attribute, spelled part by part as `known` spells what means the same; `None` where an attribute is
    /// spelled one way or the other as a whole.
    fn respelled(&self, name: &str, known: &Value) -> Option<Value> {
        let _ = (name, known);
        None
    }

    /// Decides what only this kind computes.
    fn complete(plan: &mut Plan) -> Result<(), Diagnostics> {
        let _ = plan;
        Ok(())
    }

    /// What is worth a warning in what is known of a plan.
    fn warnings_in(planned: &Fields<'_>, now: Timestamp) -> Result<Vec<Violation>, Diagnostics> {
        let _ = (planned, now);
        Ok(Vec::new())
    }
}

/// The attribute that names a declaration.
fn name(description: &str) -> Attribute {
    let rule = format!("{description} {} A new name replaces the declaration.", nhi_identity::name::RULE);
    Attribute::required(Type::String).describe(&rule).replaces()
}

/// The attribute for labels.
fn labels() -> Attribute {
    Attribute::optional(Type::map(Type::String))
        .describe("Free labels: keys and values that mean something to you; the provider only keeps them.")
}

/// An attribute that takes the provider's default.
fn defaulted(default: Defaulted, description: &str) -> Attribute {
    let default = match default {
        Defaulted::Owner => "owner",
        Defaulted::Environment => "environment",
    };
    let text = format!("{description} Left out, it is `defaults.{default}` of the provider block.");
    Attribute::optional_computed(Type::String).describe(&text).lasting()
}

/// Name of an owner that the provider block may give instead: in a configuration without one it may still come.
fn owner(fields: &Fields<'_>, reading: Reading) -> Result<Field<String>, Diagnostics> {
    Ok(match crate::attributes::text(fields, "owner")? {
        Field::Absent if reading == Reading::Config => Field::Unknown,
        owner => owner,
    })
}

pub(crate) fn text(description: &str) -> Attribute {
    Attribute::optional(Type::String).describe(description)
}

pub(crate) fn required_text(description: &str) -> Attribute {
    Attribute::required(Type::String).describe(description)
}

fn set(description: &str) -> Attribute {
    Attribute::optional(Type::set(Type::String)).describe(description)
}

fn required_set(description: &str) -> Attribute {
    Attribute::required(Type::set(Type::String)).describe(description)
}
