//! A host for the provider's binary: it does what Terraform's core does, and holds the provider to what the core
//! demands of plans and results.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use hyper_util::rt::TokioIo;
use nhi_proto::schema::{Attribute, Nesting, Schema, Shape};
use nhi_proto::{Provider as _, Value};
use serde_json::Value as Json;
use terraform_provider_nhi::Nhi;
use tokio::net::UnixStream;
use tokio::runtime::Runtime;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::{Channel, Endpoint};

use crate::values::{shown, value};
use crate::wire;
use crate::wire::provider_client::ProviderClient;

/// By this Terraform says that it is Terraform.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// A running provider.
pub(crate) struct Host {
    child: Child,
    runtime: Runtime,
    client: ProviderClient<Channel>,
    channel: Channel,
    provider: Schema,
    kinds: BTreeMap<&'static str, Schema>,
}

/// An object in a state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Object {
    pub(crate) value: Value,
    pub(crate) private: Vec<u8>,
}

/// What was planned, with what the core sends along when it is applied.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "the protocol calls it the planned state")]
pub(crate) struct Planned {
    pub(crate) prior: Value,
    pub(crate) config: Value,
    pub(crate) planned: Value,
    pub(crate) private: Vec<u8>,
    pub(crate) replaced: Vec<String>,
    pub(crate) told: Vec<String>,
}

impl Object {
    /// Its attributes that are not null.
    pub(crate) fn shown(&self) -> Json {
        shown(&self.value)
    }
}

impl Planned {
    pub(crate) fn shown(&self) -> Json {
        shown(&self.planned)
    }

    pub(crate) fn is_no_change(&self) -> bool {
        self.prior == self.planned
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Host {
    /// Starts the provider in `folder`, as an unconfigured process.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_terraform-provider-nhi"))
            .current_dir(folder)
            .env(COOKIE.0, COOKIE.1)
            .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .env("NHI_ACTOR", "alice")
            .env_remove("PLUGIN_CLIENT_CERT")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let socket = line.split('|').nth(3).unwrap_or_else(|| panic!("{line:?} is no handshake")).to_owned();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let connect = tower::service_fn(move |_| {
            let socket = socket.clone();
            async move { UnixStream::connect(socket).await.map(TokioIo::new) }
        });
        let endpoint = Endpoint::from_static("http://localhost");
        let channel = runtime.block_on(endpoint.connect_with_connector(connect)).unwrap();
        let nhi = Nhi::of_process();
        let kinds = nhi.resources().schemas().collect();
        Self {
            child,
            runtime,
            client: ProviderClient::new(channel.clone()),
            channel,
            provider: nhi.schema(),
            kinds,
        }
    }

    /// Starts and configures the provider.
    pub(crate) fn configured(folder: &Path, config: &Json) -> Self {
        let mut host = Self::start(folder);
        assert_eq!(host.configure(config), [""; 0]);
        host
    }

    /// Lets the provider go, as a core does that has every answer; dropping it is what a crash looks like.
    pub(crate) fn leave(mut self) {
        let channel = self.channel.clone();
        self.runtime.block_on(async {
            let mut controller = tonic::client::Grpc::new(channel);
            controller.ready().await.unwrap();
            let path = PathAndQuery::from_static("/plugin.GRPCController/Shutdown");
            let codec = tonic_prost::ProstCodec::<(), ()>::default();
            controller.unary(tonic::Request::new(()), path, codec).await.unwrap();
        });
        assert!(self.child.wait().unwrap().success());
    }

    /// One call that has one answer.
    pub(crate) fn run<A, W>(&self, call: impl FnOnce(ProviderClient<Channel>) -> W) -> A
    where
        W: Future<Output = Result<tonic::Response<A>, tonic::Status>>,
    {
        self.runtime.block_on(call(self.client.clone())).unwrap().into_inner()
    }

    /// One call that has a stream of answers.
    pub(crate) fn run_stream<A, W>(&self, call: impl FnOnce(ProviderClient<Channel>) -> W) -> Vec<A>
    where
        W: Future<Output = Result<tonic::Response<tonic::Streaming<A>>, tonic::Status>>,
    {
        let mut stream = self.run(call);
        self.runtime.block_on(async {
            let mut all = Vec::new();
            while let Some(one) = stream.message().await.unwrap() {
                all.push(one);
            }
            all
        })
    }

    fn kind(&self, kind: &str) -> Schema {
        self.kinds.get(kind).unwrap().clone()
    }

    /// Asks for the schemas; what is wrong with them is told.
    pub(crate) fn schemas(&mut self) -> (Vec<String>, Vec<String>) {
        let request = wire::get_provider_schema::Request {};
        let answer = self.runtime.block_on(self.client.get_provider_schema(request)).unwrap().into_inner();
        (answer.resource_schemas.into_keys().collect(), told(&answer.diagnostics))
    }

    /// Calls a function. An answer that is unknown is `?`, an error `argument: text` with `-` where none is to blame.
    pub(crate) fn call(&mut self, name: &str, arguments: &[Json]) -> Json {
        let signatures: BTreeMap<_, _> = Nhi::of_process().functions().signatures().collect();
        let signature = signatures.get(name).unwrap();
        let dynamic = |value: &Value, ty: &nhi_proto::Type| wire::DynamicValue {
            msgpack: value.to_msgpack(ty).unwrap(),
            json: Vec::new(),
        };
        let arguments = arguments.iter().enumerate().map(|(index, one)| {
            let parameter = signature.parameter_at(index).unwrap();
            let unknown = one.as_str() == Some("?");
            dynamic(&if unknown { Value::unknown() } else { value(one, &parameter.ty) }, &parameter.ty)
        });
        let request = wire::call_function::Request { name: name.into(), arguments: arguments.collect() };
        let answer = self.runtime.block_on(self.client.call_function(request)).unwrap().into_inner();
        if let Some(error) = answer.error {
            let argument = error.function_argument.map_or_else(|| "-".to_owned(), |index| index.to_string());
            return Json::from(format!("{argument}: {}", error.text));
        }
        let answer = Value::from_msgpack(&answer.result.unwrap().msgpack, &signature.returns).unwrap();
        if answer.is_unknown() { Json::from("?") } else { answer.to_json(&signature.returns).unwrap() }
    }

    pub(crate) fn validate_provider(&mut self, config: &Json) -> Vec<String> {
        let config = Some(sent(&value(config, &self.provider.value_type()), &self.provider));
        let request = wire::validate_provider_config::Request { config };
        told(
            &self
                .runtime
                .block_on(self.client.validate_provider_config(request))
                .unwrap()
                .into_inner()
                .diagnostics,
        )
    }

    pub(crate) fn configure(&mut self, config: &Json) -> Vec<String> {
        let config = Some(sent(&value(config, &self.provider.value_type()), &self.provider));
        let request = wire::configure_provider::Request {
            terraform_version: "1.11.4".into(),
            config,
            ..Default::default()
        };
        told(
            &self.runtime.block_on(self.client.configure_provider(request)).unwrap().into_inner().diagnostics,
        )
    }

    pub(crate) fn validate(&mut self, kind: &str, config: &Json) -> Vec<String> {
        let schema = self.kind(kind);
        let request = wire::validate_resource_config::Request {
            type_name: kind.into(),
            config: Some(sent(&value(config, &schema.value_type()), &schema)),
            ..Default::default()
        };
        told(
            &self
                .runtime
                .block_on(self.client.validate_resource_config(request))
                .unwrap()
                .into_inner()
                .diagnostics,
        )
    }

    /// Plans a create, an update, or with a null `config` a destroy; a plan that the core would refuse fails the test.
    pub(crate) fn plan(
        &mut self,
        kind: &str,
        prior: Option<&Object>,
        config: &Json,
    ) -> Result<Planned, Vec<String>> {
        let schema = self.kind(kind);
        let config = value(config, &schema.value_type());
        let before = prior.map_or(Value::Null, |prior| prior.value.clone());
        let request = wire::plan_resource_change::Request {
            type_name: kind.into(),
            prior_state: Some(sent(&before, &schema)),
            proposed_new_state: Some(sent(&proposed(&schema, &before, &config), &schema)),
            config: Some(sent(&config, &schema)),
            prior_private: prior.map(|prior| prior.private.clone()).unwrap_or_default(),
            ..Default::default()
        };
        let answer = self.runtime.block_on(self.client.plan_resource_change(request)).unwrap().into_inner();
        let told = told(&answer.diagnostics);
        if told.iter().any(|line| line.starts_with("error")) {
            return Err(told);
        }
        let planned = received(answer.planned_state, &schema);
        keeps_the_configuration(&schema, &before, &config, &planned);
        let replaced = answer.requires_replace.iter().map(|path| place(Some(path))).collect();
        Ok(Planned { prior: before, config, planned, private: answer.planned_private, replaced, told })
    }

    /// Applies a plan. The object that is answered is what a state would hold, error or not.
    pub(crate) fn apply(&mut self, kind: &str, plan: &Planned) -> (Option<Object>, Vec<String>) {
        let schema = self.kind(kind);
        let request = wire::apply_resource_change::Request {
            type_name: kind.into(),
            prior_state: Some(sent(&plan.prior, &schema)),
            planned_state: Some(sent(&plan.planned, &schema)),
            config: Some(sent(&plan.config, &schema)),
            planned_private: plan.private.clone(),
            ..Default::default()
        };
        let answer = self.runtime.block_on(self.client.apply_resource_change(request)).unwrap().into_inner();
        let told = told(&answer.diagnostics);
        let value = received(answer.new_state, &schema);
        assert!(value.is_wholly_known());
        if !told.iter().any(|line| line.starts_with("error")) {
            assert_eq!(value.is_null(), plan.planned.is_null());
            keeps_the_plan(&plan.planned, &value);
        }
        ((!value.is_null()).then_some(Object { value, private: answer.private }), told)
    }

    /// Plans and applies what must work, and shows that a second plan has nothing to do.
    pub(crate) fn create(&mut self, kind: &str, config: &Json) -> Object {
        self.change(kind, None, config)
    }

    /// Plans and applies a change that must work.
    pub(crate) fn change(&mut self, kind: &str, prior: Option<&Object>, config: &Json) -> Object {
        let plan = self.plan(kind, prior, config).unwrap();
        let (object, told) = self.apply(kind, &plan);
        assert!(!told.iter().any(|line| line.starts_with("error")), "{told:?}");
        let object = self.read(kind, &object.unwrap()).unwrap().unwrap();
        assert!(self.plan(kind, Some(&object), config).unwrap().is_no_change(), "{}", object.shown());
        object
    }

    pub(crate) fn destroy(&mut self, kind: &str, object: &Object) -> Vec<String> {
        let plan = self.plan(kind, Some(object), &Json::Null).unwrap();
        assert!(plan.planned.is_null());
        self.apply(kind, &plan).1
    }

    pub(crate) fn read(&mut self, kind: &str, object: &Object) -> Result<Option<Object>, Vec<String>> {
        let schema = self.kind(kind);
        let request = wire::read_resource::Request {
            type_name: kind.into(),
            current_state: Some(sent(&object.value, &schema)),
            private: object.private.clone(),
            ..Default::default()
        };
        let answer = self.runtime.block_on(self.client.read_resource(request)).unwrap().into_inner();
        let told = told(&answer.diagnostics);
        if !told.is_empty() {
            return Err(told);
        }
        let value = received(answer.new_state, &schema);
        assert!(value.is_wholly_known());
        Ok((!value.is_null()).then_some(Object { value, private: answer.private }))
    }

    /// Imports exactly one object, and reads it as the core does.
    pub(crate) fn import(&mut self, kind: &str, id: &str) -> Result<Object, Vec<String>> {
        let schema = self.kind(kind);
        let request = wire::import_resource_state::Request {
            type_name: kind.into(),
            id: id.into(),
            ..Default::default()
        };
        let answer = self.runtime.block_on(self.client.import_resource_state(request)).unwrap().into_inner();
        let told = told(&answer.diagnostics);
        if !told.is_empty() {
            return Err(told);
        }
        assert_eq!(answer.imported_resources.len(), 1);
        let one = answer.imported_resources.into_iter().next().unwrap();
        assert_eq!(one.type_name, kind);
        let object = Object { value: received(one.state, &schema), private: one.private };
        Ok(self.read(kind, &object).unwrap().unwrap())
    }
}

/// What the core proposes: the configuration, and the prior value where the provider computes.
fn proposed(schema: &Schema, prior: &Value, config: &Value) -> Value {
    proposed_of(&schema.block.attributes, prior, config)
}

fn proposed_of(attributes: &BTreeMap<String, Attribute>, prior: &Value, config: &Value) -> Value {
    let Value::Object(config) = config else { return config.clone() };
    let one = |(name, given): (&String, &Value)| {
        let attribute = attributes.get(name);
        let before = prior.attribute(name);
        let value = match (attribute.map(|one| &one.shape), given) {
            _ if given.is_null() && attribute.is_some_and(|one| one.presence.is_computed()) => {
                before.unwrap_or(given).clone()
            }
            (Some(Shape::Nested(Nesting::Map, nested)), Value::Map(entries)) => {
                let entry = |(key, entry): (&String, &Value)| {
                    (key.clone(), proposed_of(nested, under(before, key), entry))
                };
                Value::Map(entries.iter().map(entry).collect())
            }
            _ => given.clone(),
        };
        (name.clone(), value)
    };
    Value::Object(config.iter().map(one).collect())
}

fn under<'v>(map: Option<&'v Value>, key: &str) -> &'v Value {
    match map {
        Some(Value::Map(entries)) => entries.get(key).unwrap_or(&Value::Null),
        _ => &Value::Null,
    }
}

fn keeps_the_configuration(schema: &Schema, prior: &Value, config: &Value, planned: &Value) {
    keeps_given(&schema.block.attributes, prior, (config, planned));
}

fn keeps_given(attributes: &BTreeMap<String, Attribute>, prior: &Value, (config, planned): (&Value, &Value)) {
    let (Value::Object(config), Value::Object(planned)) = (config, planned) else { return };
    for (name, given) in config {
        let attribute = attributes.get(name).unwrap();
        let planned = planned.get(name).unwrap();
        let before = prior.attribute(name);
        if let (Shape::Nested(Nesting::Map, nested), Value::Map(given)) = (&attribute.shape, given) {
            let Value::Map(planned) = planned else { panic!("{name}: {planned:?}") };
            assert!(given.keys().eq(planned.keys()), "{name}");
            for (key, given) in given {
                keeps_given(nested, under(before, key), (given, planned.get(key).unwrap()));
            }
            continue;
        }
        let free = given.is_null() && attribute.presence.is_computed();
        assert!(free || planned == given || before == Some(planned), "{name}: {planned:?}");
    }
}

fn keeps_the_plan(planned: &Value, made: &Value) {
    let (Value::Object(planned), Value::Object(made)) = (planned, made) else { return };
    for (name, planned) in planned {
        assert!(!planned.is_wholly_known() || made.get(name) == Some(planned), "{name}: {made:?}");
    }
}

fn sent(value: &Value, schema: &Schema) -> wire::DynamicValue {
    wire::DynamicValue { msgpack: value.to_msgpack(&schema.value_type()).unwrap(), json: Vec::new() }
}

fn received(sent: Option<wire::DynamicValue>, schema: &Schema) -> Value {
    let bytes = sent.map(|sent| sent.msgpack).unwrap_or_default();
    if bytes.is_empty() { Value::Null } else { Value::from_msgpack(&bytes, &schema.value_type()).unwrap() }
}

/// Each message as `severity path: summary`.
pub(crate) fn told(diagnostics: &[wire::Diagnostic]) -> Vec<String> {
    let one = |one: &wire::Diagnostic| {
        let severity = if one.severity == 1 { "error" } else { "warning" };
        assert!(!one.detail.is_empty(), "every message says what to do");
        format!("{severity} {}: {}", place(one.attribute.as_ref()), one.summary)
    };
    diagnostics.iter().map(one).collect()
}

fn place(path: Option<&wire::AttributePath>) -> String {
    use crate::wire::attribute_path::step::Selector;
    let steps = path.map(|path| path.steps.as_slice()).unwrap_or_default();
    let steps = steps.iter().map(|step| match step.selector.as_ref().unwrap() {
        Selector::AttributeName(name) => name.clone(),
        Selector::ElementKeyString(key) => key.clone(),
        Selector::ElementKeyInt(index) => index.to_string(),
    });
    steps.collect::<Vec<_>>().join(".")
}
