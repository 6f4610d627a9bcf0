//! The provider as a gRPC service: every call is decode, act, encode, on a thread that may block.

mod action;
mod apply;
mod configure;
mod data;
mod describe;
mod ephemeral;
mod function;
mod identity;
mod list;
mod plan;
mod refuse;
mod state;
mod wait;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::task::{JoinError, spawn_blocking};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use self::action::Doable;
use self::data::Source;
pub use self::describe::describe;
use self::ephemeral::Passing;
use self::function::Callable;
use self::list::Browsable;
use self::refuse::Refuse;
use crate::call::{Call, Cancellation};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::erased::AnyResource;
use crate::generated::tfplugin6 as wire;
use crate::generated::tfplugin6::provider_server::Provider as Rpc;
use crate::identity::IdentitySchema;
use crate::log;
use crate::provider::Provider;
use crate::schema::Schema;
use crate::value::{Type, Value, ValueError};

/// A provider with everything that lasts between its calls.
pub(crate) struct Served<P: Provider> {
    provider: P,
    schema: Schema,
    kinds: BTreeMap<&'static str, Kind<P::Context>>,
    functions: BTreeMap<&'static str, Callable>,
    ephemerals: BTreeMap<&'static str, Passing<P::Context>>,
    actions: BTreeMap<&'static str, Doable<P::Context>>,
    sources: BTreeMap<&'static str, Source<P::Context>>,
    lists: BTreeMap<&'static str, Browsable<P::Context>>,
    context: RwLock<Option<Arc<P::Context>>>,
    cancellation: RwLock<Cancellation>,
}

/// A resource with what follows from its schema.
struct Kind<C> {
    resource: Box<dyn AnyResource<C>>,
    schema: Schema,
    ty: Type,
    identity: Option<IdentitySchema>,
}

/// The service; cheap to clone, all clones share one provider.
pub(crate) struct Server<P: Provider> {
    served: Arc<Served<P>>,
}

impl<P: Provider> Served<P> {
    fn kind(&self, name: &str) -> Result<&Kind<P::Context>, Diagnostics> {
        self.kinds.get(name).ok_or_else(|| {
            let detail = format!("This provider has no resource type `{name}`.");
            Diagnostic::error("Unknown resource type", detail).into()
        })
    }

    fn call(&self) -> Result<Call<P::Context>, Diagnostics> {
        let context = self.context.read().unwrap_or_else(PoisonError::into_inner).clone();
        let context = context.ok_or_else(|| {
            let detail = "Terraform asked for work before it configured the provider.";
            Diagnostic::error("Provider not configured", detail)
        })?;
        Ok(Call::new(context, self.cancellation()))
    }

    fn cancellation(&self) -> Cancellation {
        self.cancellation.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A value that Terraform sent and that its own schema does not allow.
fn unreadable(what: &str, error: &ValueError) -> Diagnostics {
    let detail = format!("The {what} that Terraform sent cannot be read: {error}.");
    Diagnostic::error("Malformed request", detail).at(error.path.clone()).into()
}

/// A value that the provider made and that its own schema does not allow.
fn unwritable(what: &str, error: &ValueError) -> Diagnostics {
    let detail = format!("The {what} does not fit the schema: {error}. This is a bug of the provider.");
    Diagnostic::internal(detail).at(error.path.clone()).into()
}

/// The attributes of an object that must be there.
fn attributes(what: &str, value: Value) -> Result<BTreeMap<String, Value>, Diagnostics> {
    match value {
        Value::Object(attributes) => Ok(attributes),
        other => {
            let detail = format!("The {what} that Terraform sent is {}, not an object.", other.kind());
            Err(Diagnostic::error("Malformed request", detail).into())
        }
    }
}

impl<P: Provider> Server<P> {
    pub(crate) fn new(provider: P) -> Self {
        let schema = provider.schema();
        let kinds = provider.resources().all.into_iter().map(|resource| {
            let schema = resource.schema();
            let ty = schema.value_type();
            let identity = resource.identity_schema();
            (resource.type_name(), Kind { resource, schema, ty, identity })
        });
        let kinds = kinds.collect();
        let functions = provider.functions().all.into_iter().map(|function| {
            let signature = function.signature();
            (function.name(), Callable { function, signature })
        });
        let functions = functions.collect();
        let ephemerals = provider.ephemeral_resources().all.into_iter().map(|ephemeral| {
            let schema = ephemeral.schema();
            (ephemeral.type_name(), Passing { ephemeral, schema })
        });
        let ephemerals = ephemerals.collect();
        let actions = provider.actions().all.into_iter().map(|action| {
            let schema = action.schema();
            (action.type_name(), Doable { action, schema })
        });
        let actions = actions.collect();
        let sources = provider.data_sources().all.into_iter().map(|data| {
            let schema = data.schema();
            (data.type_name(), Source { data, schema })
        });
        let sources = sources.collect();
        let lists = provider.list_resources().all.into_iter().map(|list| {
            let schema = list.schema();
            (list.type_name(), Browsable { list, schema })
        });
        let lists = lists.collect();
        let (context, cancellation) = (RwLock::new(None), RwLock::new(Cancellation::default()));
        let served = Served {
            provider,
            schema,
            kinds,
            functions,
            ephemerals,
            actions,
            sources,
            lists,
            context,
            cancellation,
        };
        Self { served: Arc::new(served) }
    }

    /// What the provider does last; it may block.
    pub(crate) fn farewell(&self) -> impl FnOnce() + Send + 'static {
        let served = Arc::clone(&self.served);
        move || {
            let context = served.context.read().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(context) = context {
                served.provider.leave(&context);
            }
        }
    }

    /// Runs `act` where it may block. What goes wrong in it, even a panic, becomes a diagnostic.
    async fn run<Q, A>(
        &self,
        request: Request<Q>,
        act: fn(&Served<P>, Q) -> Result<A, Diagnostics>,
    ) -> Result<Response<A>, Status>
    where
        Q: Send + 'static,
        A: Refuse + Send + 'static,
    {
        let (served, request) = (Arc::clone(&self.served), request.into_inner());
        let answer = outcome(spawn_blocking(move || act(&served, request)).await);
        Ok(Response::new(answer.unwrap_or_else(|diagnostics| A::refuse(&diagnostics))))
    }
}

/// What work on a thread of its own came to; a panic becomes a diagnostic.
fn outcome<A>(ended: Result<Result<A, Diagnostics>, JoinError>) -> Result<A, Diagnostics> {
    ended.unwrap_or_else(|failed| {
        let text = match failed.try_into_panic() {
            Ok(payload) => log::panic_text(payload.as_ref()).to_owned(),
            Err(failed) => failed.to_string(),
        };
        let detail = format!("The provider panicked: {text}. This is a bug of the provider.");
        Err(Diagnostic::internal(detail).into())
    })
}

/// The rest of the protocol answers that it is not implemented: see the generated defaults.
#[tonic::async_trait]
impl<P: Provider> Rpc for Server<P> {
    async fn get_metadata(
        &self,
        request: Request<wire::get_metadata::Request>,
    ) -> Result<Response<wire::get_metadata::Response>, Status> {
        self.run(request, |served, request| Ok(served.metadata(request))).await
    }

    async fn get_provider_schema(
        &self,
        request: Request<wire::get_provider_schema::Request>,
    ) -> Result<Response<wire::get_provider_schema::Response>, Status> {
        self.run(request, Served::schemas).await
    }

    async fn get_resource_identity_schemas(
        &self,
        request: Request<wire::get_resource_identity_schemas::Request>,
    ) -> Result<Response<wire::get_resource_identity_schemas::Response>, Status> {
        self.run(request, Served::identity_schemas).await
    }

    async fn get_functions(
        &self,
        request: Request<wire::get_functions::Request>,
    ) -> Result<Response<wire::get_functions::Response>, Status> {
        self.run(request, Served::functions).await
    }

    async fn call_function(
        &self,
        request: Request<wire::call_function::Request>,
    ) -> Result<Response<wire::call_function::Response>, Status> {
        self.run(request, Served::call_function).await
    }

    async fn validate_provider_config(
        &self,
        request: Request<wire::validate_provider_config::Request>,
    ) -> Result<Response<wire::validate_provider_config::Response>, Status> {
        self.run(request, Served::validate_provider).await
    }

    async fn configure_provider(
        &self,
        request: Request<wire::configure_provider::Request>,
    ) -> Result<Response<wire::configure_provider::Response>, Status> {
        self.run(request, Served::configure).await
    }

    async fn validate_resource_config(
        &self,
        request: Request<wire::validate_resource_config::Request>,
    ) -> Result<Response<wire::validate_resource_config::Response>, Status> {
        self.run(request, Served::validate_resource).await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<wire::upgrade_resource_state::Request>,
    ) -> Result<Response<wire::upgrade_resource_state::Response>, Status> {
        self.run(request, Served::upgrade_state).await
    }

    async fn read_resource(
        &self,
        request: Request<wire::read_resource::Request>,
    ) -> Result<Response<wire::read_resource::Response>, Status> {
        self.run(request, Served::read).await
    }

    async fn plan_resource_change(
        &self,
        request: Request<wire::plan_resource_change::Request>,
    ) -> Result<Response<wire::plan_resource_change::Response>, Status> {
        self.run(request, Served::plan).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<wire::apply_resource_change::Request>,
    ) -> Result<Response<wire::apply_resource_change::Response>, Status> {
        self.run(request, Served::apply).await
    }

    async fn import_resource_state(
        &self,
        request: Request<wire::import_resource_state::Request>,
    ) -> Result<Response<wire::import_resource_state::Response>, Status> {
        self.run(request, Served::import).await
    }

    async fn generate_resource_config(
        &self,
        request: Request<wire::generate_resource_config::Request>,
    ) -> Result<Response<wire::generate_resource_config::Response>, Status> {
        self.run(request, Served::generate_config).await
    }

    async fn move_resource_state(
        &self,
        request: Request<wire::move_resource_state::Request>,
    ) -> Result<Response<wire::move_resource_state::Response>, Status> {
        self.run(request, Served::refuse_move).await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<wire::upgrade_resource_identity::Request>,
    ) -> Result<Response<wire::upgrade_resource_identity::Response>, Status> {
        self.run(request, Served::upgrade_identity).await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<wire::validate_data_resource_config::Request>,
    ) -> Result<Response<wire::validate_data_resource_config::Response>, Status> {
        self.run(request, Served::validate_data).await
    }

    async fn read_data_source(
        &self,
        request: Request<wire::read_data_source::Request>,
    ) -> Result<Response<wire::read_data_source::Response>, Status> {
        self.run(request, Served::read_data).await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<wire::validate_ephemeral_resource_config::Request>,
    ) -> Result<Response<wire::validate_ephemeral_resource_config::Response>, Status> {
        self.run(request, Served::validate_ephemeral).await
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<wire::open_ephemeral_resource::Request>,
    ) -> Result<Response<wire::open_ephemeral_resource::Response>, Status> {
        self.run(request, Served::open_ephemeral).await
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<wire::renew_ephemeral_resource::Request>,
    ) -> Result<Response<wire::renew_ephemeral_resource::Response>, Status> {
        self.run(request, Served::renew_ephemeral).await
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<wire::close_ephemeral_resource::Request>,
    ) -> Result<Response<wire::close_ephemeral_resource::Response>, Status> {
        self.run(request, Served::close_ephemeral).await
    }

    async fn validate_action_config(
        &self,
        request: Request<wire::validate_action_config::Request>,
    ) -> Result<Response<wire::validate_action_config::Response>, Status> {
        self.run(request, Served::validate_action).await
    }

    async fn plan_action(
        &self,
        request: Request<wire::plan_action::Request>,
    ) -> Result<Response<wire::plan_action::Response>, Status> {
        self.run(request, Served::plan_action).await
    }

    async fn invoke_action(
        &self,
        request: Request<wire::invoke_action::Request>,
    ) -> Result<Response<BoxStream<wire::invoke_action::Event>>, Status> {
        Ok(Response::new(action::events(Arc::clone(&self.served), request.into_inner())))
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<wire::validate_list_resource_config::Request>,
    ) -> Result<Response<wire::validate_list_resource_config::Response>, Status> {
        self.run(request, Served::validate_list).await
    }

    async fn list_resource(
        &self,
        request: Request<wire::list_resource::Request>,
    ) -> Result<Response<BoxStream<wire::list_resource::Event>>, Status> {
        Ok(Response::new(list::events(Arc::clone(&self.served), request.into_inner())))
    }

    async fn stop_provider(
        &self,
        _: Request<wire::stop_provider::Request>,
    ) -> Result<Response<wire::stop_provider::Response>, Status> {
        // Not on the blocking pool: it may be full of the very work that is to end.
        self.served.cancellation().request();
        Ok(Response::new(wire::stop_provider::Response::default()))
    }
}
