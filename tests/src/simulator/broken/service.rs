//! The calls of the provider that can break.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use nhi_proto::value::Strangers;
use nhi_proto::{Type, Value};
use tokio::sync::Notify;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::{Fault, KIND, object, shape};
use crate::simulator::wire;
use wire::plugin::Empty;
use wire::plugin::grpc_controller_server::GrpcController;
use wire::provider_server::Provider;

type Answer<T> = Result<Response<T>, Status>;

/// The provider, with its things by name.
#[derive(Clone)]
pub(super) struct Broken {
    fault: Option<Fault>,
    things: Arc<Mutex<BTreeMap<String, Value>>>,
    asked: Arc<AtomicI64>,
    left: Arc<Notify>,
}

/// An answer with nothing in it.
fn empty<A: Default>() -> Response<A> {
    Response::new(A::default())
}

fn wrong(error: impl std::fmt::Display) -> Status {
    Status::invalid_argument(error.to_string())
}

fn read(sent: Option<wire::DynamicValue>, ty: &Type) -> Result<Value, Status> {
    let sent = sent.unwrap_or_default();
    if sent.msgpack.is_empty() {
        Ok(Value::Null)
    } else {
        Value::from_msgpack(&sent.msgpack, ty).map_err(wrong)
    }
}

fn write(value: &Value, ty: &Type) -> Result<Option<wire::DynamicValue>, Status> {
    let msgpack = value.to_msgpack(ty).map_err(wrong)?;
    Ok(Some(wire::DynamicValue { msgpack, json: Vec::new() }))
}

fn name_of(value: &Value) -> String {
    match value.attribute("name") {
        Some(Value::String(name)) => name.clone(),
        _ => String::new(),
    }
}

fn error(summary: &str, attribute: &str) -> Vec<wire::Diagnostic> {
    use wire::attribute_path::{Step, step::Selector};
    let step = Step { selector: Some(Selector::AttributeName(attribute.to_owned())) };
    let attribute = Some(wire::AttributePath { steps: vec![step] });
    let severity = wire::diagnostic::Severity::Error.into();
    vec![wire::Diagnostic {
        severity,
        summary: summary.to_owned(),
        detail: "So it was asked to.".to_owned(),
        attribute,
    }]
}

impl Broken {
    pub(super) fn new(fault: Option<Fault>) -> (Self, Arc<Notify>) {
        let left = Arc::new(Notify::new());
        let (things, asked) = (Arc::default(), Arc::default());
        (Self { fault, things, asked, left: Arc::clone(&left) }, left)
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn next(&self) -> i64 {
        self.asked.fetch_add(1, Ordering::Relaxed)
    }

    fn keep(&self, name: String, thing: &Value) {
        let mut things = self.things.lock().unwrap_or_else(PoisonError::into_inner);
        if thing.is_null() {
            things.remove(&name);
        } else {
            things.insert(name, thing.clone());
        }
    }

    fn kept(&self, name: &str) -> Option<Value> {
        self.things.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn identity(&self, value: &Value) -> Result<Option<wire::ResourceIdentityData>, Status> {
        if value.is_null() || self.has(Fault::HasNoIdentity) {
            return Ok(None);
        }
        let name = value.attribute("name").cloned().unwrap_or(Value::Null);
        let identity = Value::Object(BTreeMap::from([("name".to_owned(), name)]));
        Ok(Some(wire::ResourceIdentityData { identity_data: write(&identity, &shape::names())? }))
    }
}

#[tonic::async_trait]
impl GrpcController for Broken {
    async fn shutdown(&self, _: Request<Empty>) -> Answer<Empty> {
        self.left.notify_one();
        Ok(Response::new(Empty {}))
    }
}

#[tonic::async_trait]
impl Provider for Broken {
    async fn get_provider_schema(
        &self,
        _: Request<wire::get_provider_schema::Request>,
    ) -> Answer<wire::get_provider_schema::Response> {
        Ok(Response::new(shape::schemas(self.fault)))
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<wire::get_resource_identity_schemas::Request>,
    ) -> Answer<wire::get_resource_identity_schemas::Response> {
        Ok(Response::new(shape::identities()))
    }

    async fn validate_provider_config(
        &self,
        _: Request<wire::validate_provider_config::Request>,
    ) -> Answer<wire::validate_provider_config::Response> {
        Ok(empty())
    }

    async fn configure_provider(
        &self,
        _: Request<wire::configure_provider::Request>,
    ) -> Answer<wire::configure_provider::Response> {
        Ok(empty())
    }

    async fn validate_resource_config(
        &self,
        request: Request<wire::validate_resource_config::Request>,
    ) -> Answer<wire::validate_resource_config::Response> {
        let config = read(request.into_inner().config, &shape::thing())?;
        let unknown = config.attribute("note").is_some_and(Value::is_unknown);
        let diagnostics = match self.fault {
            Some(Fault::RefusesUnknown) if unknown => error("The note is not known", "note"),
            Some(Fault::TellsBug) => error("Internal error of the provider", "note"),
            _ => Vec::new(),
        };
        Ok(Response::new(wire::validate_resource_config::Response { diagnostics }))
    }

    async fn plan_resource_change(
        &self,
        request: Request<wire::plan_resource_change::Request>,
    ) -> Answer<wire::plan_resource_change::Response> {
        let request = request.into_inner();
        let thing = shape::thing();
        let (prior, config) = (read(request.prior_state, &thing)?, read(request.config, &thing)?);
        let proposal = read(request.proposed_new_state, &thing)?;
        let planned = object::planned(self.fault, &proposal, &config, self.next());
        let path = |name: &str| error("", name).into_iter().filter_map(|one| one.attribute);
        let mut requires_replace: Vec<_> = path("name").collect();
        if self.has(Fault::ReplacesNowhere) {
            requires_replace.extend(path("bogus"));
        }
        let deferred = self.has(Fault::Defers).then(wire::Deferred::default);
        let planned_identity = match self.fault {
            Some(Fault::ChangesIdentity) if !prior.is_null() && !planned.is_null() => {
                let other = BTreeMap::from([("name".to_owned(), Value::string("other"))]);
                self.identity(&Value::Object(other))?
            }
            _ => self.identity(&planned)?,
        };
        Ok(Response::new(wire::plan_resource_change::Response {
            planned_state: write(&planned, &thing)?,
            requires_replace,
            legacy_type_system: self.has(Fault::IsLegacy),
            deferred,
            planned_identity,
            ..Default::default()
        }))
    }

    async fn apply_resource_change(
        &self,
        request: Request<wire::apply_resource_change::Request>,
    ) -> Answer<wire::apply_resource_change::Response> {
        let request = request.into_inner();
        match self.fault {
            #[expect(clippy::panic, reason = "it is the fault that is asked for")]
            Some(Fault::Panics) => panic!("asked to panic"),
            Some(Fault::Exits) => std::process::exit(3),
            _ => {}
        }
        let thing = shape::thing();
        let (prior, planned) = (read(request.prior_state, &thing)?, read(request.planned_state, &thing)?);
        let made = object::made(self.fault, &planned, &read(request.config, &thing)?);
        let name = name_of(if planned.is_null() { &prior } else { &planned });
        self.keep(name, if planned.is_null() { &planned } else { &made });
        let failed = self.has(Fault::PointsNowhere) || made.attribute("note") == Some(&Value::string("fail"));
        let place = if self.has(Fault::PointsNowhere) { "bogus" } else { "note" };
        let new_identity = self.identity(&made)?;
        let new_state = if self.has(Fault::LosesAttribute) {
            let parts = made.attributes().cloned().unwrap_or_default();
            let fewer: BTreeMap<_, _> = parts.into_iter().filter(|(name, _)| name != "note").collect();
            let Type::Object(mut types) = thing else { return Err(wrong("a thing is an object")) };
            types.remove("note");
            write(&Value::Object(fewer), &Type::Object(types))?
        } else {
            write(&made, &thing)?
        };
        let diagnostics = if failed { error("It went wrong", place) } else { Vec::new() };
        Ok(Response::new(wire::apply_resource_change::Response {
            new_state,
            new_identity,
            diagnostics,
            ..Default::default()
        }))
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<wire::upgrade_resource_state::Request>,
    ) -> Answer<wire::upgrade_resource_state::Response> {
        let thing = shape::thing();
        let stored = request.into_inner().raw_state.unwrap_or_default().json;
        let stored = Value::from_json(&stored, &thing, Strangers::Leave).map_err(wrong)?;
        let upgraded_state = write(&object::upgraded(self.fault, stored), &thing)?;
        Ok(Response::new(wire::upgrade_resource_state::Response { upgraded_state, ..Default::default() }))
    }

    async fn read_resource(
        &self,
        request: Request<wire::read_resource::Request>,
    ) -> Answer<wire::read_resource::Response> {
        let thing = shape::thing();
        let current = read(request.into_inner().current_state, &thing)?;
        let seen = object::seen(self.fault, self.kept(&name_of(&current)).as_ref());
        let (new_state, new_identity) = (write(&seen, &thing)?, self.identity(&seen)?);
        Ok(Response::new(wire::read_resource::Response { new_state, new_identity, ..Default::default() }))
    }

    async fn import_resource_state(
        &self,
        request: Request<wire::import_resource_state::Request>,
    ) -> Answer<wire::import_resource_state::Response> {
        let request = request.into_inner();
        let identity = request.identity.and_then(|identity| identity.identity_data);
        let name =
            if request.id.is_empty() { name_of(&read(identity, &shape::names())?) } else { request.id };
        let Some(kept) = self.kept(&name) else {
            let diagnostics = error("There is none", "name");
            return Ok(Response::new(wire::import_resource_state::Response {
                diagnostics,
                ..Default::default()
            }));
        };
        let one = wire::import_resource_state::ImportedResource {
            type_name: KIND.to_owned(),
            state: write(&kept, &shape::thing())?,
            identity: self.identity(&kept)?,
            ..Default::default()
        };
        let imported_resources = match self.fault {
            Some(Fault::ImportsTwo) => vec![one.clone(), one],
            Some(Fault::ImportsNothing) => Vec::new(),
            _ => vec![one],
        };
        Ok(Response::new(wire::import_resource_state::Response { imported_resources, ..Default::default() }))
    }

    async fn validate_data_resource_config(
        &self,
        _: Request<wire::validate_data_resource_config::Request>,
    ) -> Answer<wire::validate_data_resource_config::Response> {
        Ok(empty())
    }

    async fn read_data_source(
        &self,
        request: Request<wire::read_data_source::Request>,
    ) -> Answer<wire::read_data_source::Response> {
        let config = read(request.into_inner().config, &shape::look())?;
        let state = write(&object::look(self.fault, &config), &shape::look())?;
        Ok(Response::new(wire::read_data_source::Response { state, ..Default::default() }))
    }

    async fn call_function(
        &self,
        _: Request<wire::call_function::Request>,
    ) -> Answer<wire::call_function::Response> {
        let answer = if self.has(Fault::CountsCalls) { self.next() } else { 3 };
        let result = write(&Value::Number(answer.into()), &Type::Number)?;
        Ok(Response::new(wire::call_function::Response { result, error: None }))
    }

    async fn validate_list_resource_config(
        &self,
        _: Request<wire::validate_list_resource_config::Request>,
    ) -> Answer<wire::validate_list_resource_config::Response> {
        Ok(empty())
    }

    async fn list_resource(
        &self,
        request: Request<wire::list_resource::Request>,
    ) -> Answer<BoxStream<wire::list_resource::Event>> {
        let limit = usize::try_from(request.into_inner().limit).map_err(wrong)?;
        let limit = if self.has(Fault::ListsOn) { usize::MAX } else { limit };
        let things: Vec<Value> = self
            .things
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .take(limit)
            .cloned()
            .collect();
        let event = |thing: Value| {
            let identity = if self.has(Fault::ListsNameless) { None } else { self.identity(&thing)? };
            let display_name = name_of(&thing);
            let resource_object = write(&thing, &shape::thing())?;
            Ok(wire::list_resource::Event { identity, display_name, resource_object, ..Default::default() })
        };
        let events: Vec<Result<_, Status>> = things.into_iter().map(event).collect();
        Ok(Response::new(Box::pin(tokio_stream::iter(events))))
    }
}
