//! How Terraform and OpenTofu talk to a provider: wire types, handshake, mutual TLS, values, schemas,
//! and the typed traits a provider is written against.
//!
//! A provider implements [`Provider`], one [`Resource`] for each kind of thing it manages, one [`Ephemeral`] for each
//! it holds open while a run lasts, one [`Action`] for each it does on request, and one [`Function`] for each question
//! it answers. Nothing of the wire passes these traits: they see [`Value`]s, [`Diagnostics`] and their own Rust types.

mod action;
mod call;
mod data;
mod diagnostics;
mod ephemeral;
mod erased;
mod fields;
mod function;
mod generated;
mod identity;
mod list;
pub mod log;
mod path;
mod plan;
mod provider;
mod resource;
pub mod schema;
mod serve;
mod server;
pub mod value;
mod wire;

pub use action::{Action, Progress};
pub use call::{Answer, Call, Cancellation, Failure, Private, Stored};
pub use data::DataSource;
pub use diagnostics::{Diagnostic, Diagnostics, Severity};
pub use ephemeral::{Ephemeral, Lease, Opened};
pub use fields::{Field, Fields, FromValue, Object, ToValue};
pub use function::{Arguments, Function, FunctionError, Parameter, Signature, SignatureError};
pub use identity::{IdentityAttribute, IdentityError, IdentitySchema, Import};
pub use list::{Appetite, Detail, Found, ListResource, Listed, Listing};
pub use path::{Path, Step};
pub use plan::Plan;
pub use provider::{
    Actions, Configure, DataSources, EphemeralResources, Functions, ListResources, Provider, Resources,
};
pub use resource::{Checked, Create, OldState, Resource, Update};
pub use serve::{EnvironmentError, Mode, ServeError, TlsError, serve};
pub use server::describe;
pub use value::{Type, Value};
