//! Lists: a stream of objects, each checked on its way, that ends at its limit or when nobody listens.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codegen::BoxStream;

use super::configure::{configuration, told};
use super::ephemeral::not_known_yet;
use super::refuse::not_offered;
use super::{Kind, Served, outcome, unwritable};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::fields::{Fields, Object};
use crate::generated::tfplugin6 as wire;
use crate::list::{Appetite, Detail, Found, ListResource, Listed, Listing};
use crate::path::Path;
use crate::plan::complete;
use crate::provider::Provider;
use crate::schema::Schema;
use crate::value::Value;
use crate::wire::{write_diagnostics, write_value};
use wire::list_resource::Event;

/// How many objects may wait for the core to take them.
const WAITING: usize = 64;

/// A list with its schema.
pub(super) struct Browsable<C> {
    pub(super) list: Box<dyn ListResource<Context = C>>,
    pub(super) schema: Schema,
}

impl<P: Provider> Served<P> {
    fn browsable(&self, name: &str) -> Result<&Browsable<P::Context>, Diagnostics> {
        self.lists.get(name).ok_or_else(|| not_offered("list resource", name))
    }

    pub(super) fn validate_list(
        &self,
        request: wire::validate_list_resource_config::Request,
    ) -> Result<wire::validate_list_resource_config::Response, Diagnostics> {
        let browsable = self.browsable(&request.type_name)?;
        let config = configuration(request.config, &browsable.schema)?;
        let checked = browsable.list.validate(&Fields::of(&config, &within())?);
        Ok(wire::validate_list_resource_config::Response { diagnostics: told(checked) })
    }

    /// Lists what `request` asks for. What goes wrong with one object is told in its place and ends the list.
    fn list(
        &self,
        request: wire::list_resource::Request,
        sender: &mpsc::Sender<Event>,
    ) -> Result<Diagnostics, Diagnostics> {
        let browsable = self.browsable(&request.type_name)?;
        let kind = self.kind(&request.type_name)?;
        let config = configuration(request.config, &browsable.schema)?;
        if !config.is_wholly_known() {
            return Err(not_known_yet(&Object::new().with("config", &config).into()));
        }
        let call = self.call()?;
        let limit = usize::try_from(request.limit).ok().filter(|limit| *limit > 0);
        let detail = if request.include_resource_object { Detail::Object } else { Detail::Identity };
        let listing = Listing { config: Fields::of(&config, &within())?, detail, limit };
        let mut told = 0;
        let mut broken = None;
        let checked = {
            let mut found = Found::new(|listed| {
                if limit.is_some_and(|limit| told >= limit) || call.cancellation().is_requested() {
                    return Appetite::Enough;
                }
                let event = match kind.event(listed, detail) {
                    Ok(event) => event,
                    Err(errors) => {
                        broken = Some(errors);
                        return Appetite::Enough;
                    }
                };
                told += 1;
                let enough = sender.blocking_send(event).is_err() || limit.is_some_and(|limit| told >= limit);
                if enough { Appetite::Enough } else { Appetite::More }
            });
            browsable.list.list(&call, &listing, &mut found)
        };
        match broken {
            Some(errors) => Err(errors),
            None => checked,
        }
    }
}

impl<C: Send + Sync + 'static> Kind<C> {
    fn event(&self, listed: Listed, detail: Detail) -> Result<Event, Diagnostics> {
        let identity = self.written_identity(&listed.identity.into())?;
        let resource_object = match (detail, listed.object) {
            (Detail::Identity, _) => None,
            (Detail::Object, None) => {
                let detail = format!("The list of `{}` left an object out.", listed.display_name);
                return Err(Diagnostic::internal(detail).into());
            }
            (Detail::Object, Some(object)) => {
                let object = complete(&self.schema.block, Value::from(object));
                Some(write_value(&object, &self.ty).map_err(|error| unwritable("object", &error))?)
            }
        };
        Ok(Event {
            identity: Some(identity),
            display_name: listed.display_name,
            resource_object,
            diagnostic: write_diagnostics(&listed.warnings),
        })
    }
}

/// Where the configuration stands in the block that a diagnostic is about: Terraform finds the line by it.
fn within() -> Path {
    Path::of("config")
}

/// Starts a list. The objects come as they are found; what is to be said of the whole list comes last, even when it
/// panics.
pub(super) fn events<P: Provider>(
    served: Arc<Served<P>>,
    request: wire::list_resource::Request,
) -> BoxStream<Event> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let last = sender.clone();
    tokio::spawn(async move {
        let ended = spawn_blocking(move || served.list(request, &sender)).await;
        let told = outcome(ended).unwrap_or_else(|errors| errors);
        if !told.is_empty() {
            let event = Event { diagnostic: write_diagnostics(&told), ..Event::default() };
            drop(last.send(event).await);
        }
    });
    Box::pin(ReceiverStream::new(receiver).map(Ok))
}
