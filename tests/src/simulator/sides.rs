//! What is asked beside the life of objects: data, lists, functions.

use nhi_proto::{Type, Value};

use super::breach::{Breach, Rule, Told, Trouble};
use super::core::{Core, capabilities, dynamic, heard, known, received, type_of};
use super::rules::plan_valid;
use super::wire;

/// One element of a list: its identity, its name, and the object where it was asked for.
pub(super) type Found = (Value, String, Option<Value>);

impl Core {
    /// Checks and reads a data source.
    pub fn data(&self, name: &str, config: &Value) -> Result<Value, Trouble> {
        let none = || Breach::of(Rule::Schema, format!("there is no data source `{name}`"));
        let schema = self.schemas.data.get(name).ok_or_else(none)?;
        let ty = type_of(schema);
        self.validate_data(name, config)?;
        let request = wire::read_data_source::Request {
            type_name: name.to_owned(),
            config: Some(dynamic(config, &ty)?),
            client_capabilities: capabilities(),
            ..Default::default()
        };
        let answer = self.plugin.call(|mut client| async move { client.read_data_source(request).await })?;
        heard(&answer.diagnostics, Some(&ty))?;
        let value = received(answer.state, &ty)?;
        if value.is_null() {
            return Err(Breach::of(Rule::Data, "the provider produced a null object").into());
        }
        let as_data = |breach: Breach| Breach { rule: Rule::Data, ..breach };
        known(&value).map_err(as_data)?;
        plan_valid(&schema.block, &Value::Null, config, &value).map_err(as_data)?;
        Ok(value)
    }

    /// Checks the configuration of a data source.
    pub fn validate_data(&self, name: &str, config: &Value) -> Result<Vec<Told>, Trouble> {
        let none = || Breach::of(Rule::Schema, format!("there is no data source `{name}`"));
        let ty = type_of(self.schemas.data.get(name).ok_or_else(none)?);
        let config = Some(dynamic(config, &ty)?);
        let request = wire::validate_data_resource_config::Request { type_name: name.to_owned(), config };
        let answer = self
            .plugin
            .call(|mut client| async move { client.validate_data_resource_config(request).await })?;
        heard(&answer.diagnostics, Some(&ty))
    }

    /// Lists objects, at most `limit` of them, with the objects themselves.
    pub fn list(&self, name: &str, config: &Value, limit: usize) -> Result<Vec<Found>, Trouble> {
        let none = || Breach::of(Rule::Schema, format!("there is no list of `{name}`"));
        let ty = type_of(self.schemas.lists.get(name).ok_or_else(none)?);
        let kind = self.kind(name)?;
        let config = Some(dynamic(config, &ty)?);
        let request = wire::validate_list_resource_config::Request {
            type_name: name.to_owned(),
            config: config.clone(),
            ..Default::default()
        };
        let answer = self
            .plugin
            .call(|mut client| async move { client.validate_list_resource_config(request).await })?;
        heard(&answer.diagnostics, None)?;
        let request = wire::list_resource::Request {
            type_name: name.to_owned(),
            config,
            include_resource_object: true,
            limit: i64::try_from(limit).unwrap_or(i64::MAX),
        };
        let events = self.plugin.stream(limit.saturating_add(1), |mut client| async move {
            client.list_resource(request).await
        })?;
        if events.len() > limit {
            return Err(Breach::of(Rule::List, "the list goes on after its limit").into());
        }
        let mut all = Vec::new();
        for event in events {
            heard(&event.diagnostic, None)?;
            let identity = super::core::identity_received(kind, event.identity)?;
            let identity = identity.ok_or_else(|| Breach::of(Rule::List, "an element without identity"))?;
            known(&identity).map_err(|breach| Breach { rule: Rule::List, ..breach })?;
            let object = received(event.resource_object, &kind.ty)?;
            known(&object).map_err(|breach| Breach { rule: Rule::List, ..breach })?;
            all.push((identity, event.display_name, Some(object).filter(|object| !object.is_null())));
        }
        Ok(all)
    }

    /// Calls a function twice; an error of the function is its text.
    pub fn call_function(&self, name: &str, arguments: &[Value]) -> Result<Result<Value, String>, Trouble> {
        let none = || Breach::of(Rule::Schema, format!("there is no function `{name}`"));
        let (parameters, rest, returns) = self.schemas.functions.get(name).ok_or_else(none)?;
        let types = parameters.iter().chain(rest.iter().cycle());
        let sent = arguments.iter().zip(types).map(|(value, ty)| dynamic(value, ty));
        let arguments = sent.collect::<Result<Vec<_>, _>>()?;
        let once = self.call_once(name, arguments.clone(), returns)?;
        if self.call_once(name, arguments, returns)? != once {
            return Err(Breach::of(Rule::Function, "function returned an inconsistent result").into());
        }
        Ok(once)
    }

    fn call_once(
        &self,
        name: &str,
        arguments: Vec<wire::DynamicValue>,
        returns: &Type,
    ) -> Result<Result<Value, String>, Trouble> {
        let count = arguments.len();
        let request = wire::call_function::Request { name: name.to_owned(), arguments };
        let answer = self.plugin.call(|mut client| async move { client.call_function(request).await })?;
        if let Some(error) = answer.error {
            let blamed = error.function_argument.map(usize::try_from);
            if blamed.is_some_and(|blamed| blamed.is_err() || blamed.is_ok_and(|index| index >= count)) {
                return Err(Breach::of(Rule::Function, "an argument is blamed that was not given").into());
            }
            if error.text.contains("panicked") {
                return Err(Breach::of(Rule::NoBug, error.text).into());
            }
            return Ok(Err(error.text));
        }
        if answer.result.is_none() {
            return Err(Breach::of(Rule::Function, "neither a result nor an error").into());
        }
        Ok(Ok(received(answer.result, returns)?))
    }
}
