//! Actions: planned without a trace, then invoked as a stream of progress with one end.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::codegen::BoxStream;

use super::configure::{configuration, told};
use super::ephemeral::not_known_yet;
use super::refuse::not_offered;
use super::wait::for_the_provider;
use super::{Served, outcome};
use crate::action::{Action, Progress};
use crate::diagnostics::Diagnostics;
use crate::fields::Fields;
use crate::generated::tfplugin6 as wire;
use crate::path::Path;
use crate::provider::Provider;
use crate::schema::Schema;
use crate::wire::write_diagnostics;
use wire::invoke_action::Event;
use wire::invoke_action::event;

/// An action with its schema.
pub(super) struct Doable<C> {
    pub(super) action: Box<dyn Action<Context = C>>,
    pub(super) schema: Schema,
}

impl<P: Provider> Served<P> {
    fn doable(&self, name: &str) -> Result<&Doable<P::Context>, Diagnostics> {
        self.actions.get(name).ok_or_else(|| not_offered("action", name))
    }

    pub(super) fn validate_action(
        &self,
        request: wire::validate_action_config::Request,
    ) -> Result<wire::validate_action_config::Response, Diagnostics> {
        let doable = self.doable(&request.type_name)?;
        let config = configuration(request.config, &doable.schema)?;
        let checked = doable.action.validate(&Fields::of(&config, &Path::root())?);
        Ok(wire::validate_action_config::Response { diagnostics: told(checked) })
    }

    pub(super) fn plan_action(
        &self,
        request: wire::plan_action::Request,
    ) -> Result<wire::plan_action::Response, Diagnostics> {
        let doable = self.doable(&request.action_type)?;
        let config = configuration(request.config, &doable.schema)?;
        let checked = doable.action.plan(&self.call()?, &Fields::of(&config, &Path::root())?);
        let deferred = self.waits(request.client_capabilities)?.then(for_the_provider);
        Ok(wire::plan_action::Response { diagnostics: told(checked), deferred })
    }

    fn invoke(
        &self,
        request: wire::invoke_action::Request,
        progress: &Progress,
    ) -> Result<Diagnostics, Diagnostics> {
        let doable = self.doable(&request.action_type)?;
        let config = configuration(request.config, &doable.schema)?;
        if !config.is_wholly_known() {
            return Err(not_known_yet(&config));
        }
        let call = self.call()?;
        call.cancellation().check()?;
        doable.action.invoke(&call, &Fields::of(&config, &Path::root())?, progress)
    }
}

/// Starts an invocation. What it tells comes at once, its end last and once, even when it panics.
pub(super) fn events<P: Provider>(
    served: Arc<Served<P>>,
    request: wire::invoke_action::Request,
) -> BoxStream<Event> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let tell = sender.clone();
    // The action goes on when nobody listens any more: half of it is worse than all of it.
    let progress = Progress::new(move |message| {
        drop(tell.send(event::Type::Progress(event::Progress { message })));
    });
    tokio::spawn(async move {
        let ended = spawn_blocking(move || served.invoke(request, &progress)).await;
        let diagnostics = write_diagnostics(&outcome(ended).unwrap_or_else(|errors| errors));
        drop(sender.send(event::Type::Completed(event::Completed { diagnostics })));
    });
    Box::pin(UnboundedReceiverStream::new(receiver).map(|one| Ok(Event { r#type: Some(one) })))
}
