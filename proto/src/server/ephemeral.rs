//! Ephemeral resources: opened, extended, closed; never left open behind an answer that Terraform cannot use.

use jiff::Timestamp;

use super::configure::{configuration, told};
use super::refuse::not_offered;
use super::wait::{for_the_object, for_the_provider, unknown};
use super::{Served, unwritable};
use crate::call::{Answer, Private};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::ephemeral::{Ephemeral, Lease, Opened};
use crate::fields::Fields;
use crate::generated::tfplugin6 as wire;
use crate::path::Path;
use crate::plan::contradiction;
use crate::provider::Provider;
use crate::schema::Schema;
use crate::value::Value;
use crate::wire::{write_diagnostics, write_value};

/// An ephemeral resource with its schema.
pub(super) struct Passing<C> {
    pub(super) ephemeral: Box<dyn Ephemeral<Context = C>>,
    pub(super) schema: Schema,
}

impl<P: Provider> Served<P> {
    fn passing(&self, name: &str) -> Result<&Passing<P::Context>, Diagnostics> {
        self.ephemerals.get(name).ok_or_else(|| not_offered("ephemeral resource", name))
    }

    pub(super) fn validate_ephemeral(
        &self,
        request: wire::validate_ephemeral_resource_config::Request,
    ) -> Result<wire::validate_ephemeral_resource_config::Response, Diagnostics> {
        let passing = self.passing(&request.type_name)?;
        let config = configuration(request.config, &passing.schema)?;
        let checked = passing.ephemeral.validate(&Fields::of(&config, &Path::root())?);
        Ok(wire::validate_ephemeral_resource_config::Response { diagnostics: told(checked) })
    }

    pub(super) fn open_ephemeral(
        &self,
        request: wire::open_ephemeral_resource::Request,
    ) -> Result<wire::open_ephemeral_resource::Response, Diagnostics> {
        let passing = self.passing(&request.type_name)?;
        let config = configuration(request.config, &passing.schema)?;
        if !config.is_wholly_known() {
            let may_wait = request.client_capabilities.is_some_and(|client| client.deferral_allowed);
            return if may_wait { passing.later(for_the_object()) } else { Err(not_known_yet(&config)) };
        }
        if self.waits(request.client_capabilities)? {
            return passing.later(for_the_provider());
        }
        let call = self.call()?;
        call.cancellation().check()?;
        let Answer { value, warnings } =
            passing.ephemeral.open(&call, &Fields::of(&config, &Path::root())?)?;
        let Opened { result, lease } = value;
        match passing.written(&result.into(), &config) {
            Ok(result) => Ok(wire::open_ephemeral_resource::Response {
                diagnostics: write_diagnostics(&warnings),
                renew_at: lease.renew_at.map(write_time),
                result: Some(result),
                private: Some(lease.private.into_bytes()),
                deferred: None,
            }),
            Err(broken) => {
                // Terraform closes only what it was told is open.
                let closed = passing.ephemeral.close(&call, &lease.private);
                Err(broken.and(closed.err().into_iter().flatten()))
            }
        }
    }

    pub(super) fn renew_ephemeral(
        &self,
        request: wire::renew_ephemeral_resource::Request,
    ) -> Result<wire::renew_ephemeral_resource::Response, Diagnostics> {
        let passing = self.passing(&request.type_name)?;
        let private = Private::new(request.private.unwrap_or_default());
        let Answer { value, warnings } = passing.ephemeral.renew(&self.call()?, &private)?;
        let Lease { private, renew_at } = value;
        Ok(wire::renew_ephemeral_resource::Response {
            diagnostics: write_diagnostics(&warnings),
            renew_at: renew_at.map(write_time),
            private: Some(private.into_bytes()),
        })
    }

    pub(super) fn close_ephemeral(
        &self,
        request: wire::close_ephemeral_resource::Request,
    ) -> Result<wire::close_ephemeral_resource::Response, Diagnostics> {
        let passing = self.passing(&request.type_name)?;
        let private = Private::new(request.private.unwrap_or_default());
        // A stop does not keep it open: closing is how a run that was stopped ends.
        let checked = passing.ephemeral.close(&self.call()?, &private);
        Ok(wire::close_ephemeral_resource::Response { diagnostics: told(checked) })
    }
}

impl<C> Passing<C> {
    /// The result on the wire, when Terraform can take it: wholly known, and what is configured as it is configured.
    fn written(&self, result: &Value, config: &Value) -> Result<wire::DynamicValue, Diagnostics> {
        let broken = |path: Path, how: &str| {
            let detail =
                format!("The opened object breaks its contract: {how}. This is a bug of the provider.");
            Diagnostics::from(Diagnostic::internal(detail).at(path))
        };
        if let Some((path, how)) = contradiction(&self.schema, result, config, &Value::Null) {
            return Err(broken(path, how));
        }
        if !result.is_wholly_known() {
            return Err(broken(unknown_attribute(result), "a value is unknown"));
        }
        write_value(result, &self.schema.value_type()).map_err(|error| unwritable("opened object", &error))
    }

    /// The answer to a client that can wait until everything is known.
    fn later(
        &self,
        deferred: wire::Deferred,
    ) -> Result<wire::open_ephemeral_resource::Response, Diagnostics> {
        Ok(wire::open_ephemeral_resource::Response {
            result: Some(unknown(&self.schema, "object that is not open yet")?),
            deferred: Some(deferred),
            ..Default::default()
        })
    }
}

/// The first attribute that is not wholly known.
pub(super) fn unknown_attribute(object: &Value) -> Path {
    let attributes = object.attributes().into_iter().flatten();
    let unknown = attributes.into_iter().find(|(_, value)| !value.is_wholly_known());
    unknown.map_or_else(Path::root, |(name, _)| Path::of(name))
}

/// What work on a configuration that is not wholly known comes to.
pub(super) fn not_known_yet(config: &Value) -> Diagnostics {
    let detail = "Here a value is needed, and it is known only after apply.";
    Diagnostic::error("Value not known yet", detail).at(unknown_attribute(config)).into()
}

fn write_time(at: Timestamp) -> prost_types::Timestamp {
    // A time before 1970 may count its nanoseconds backwards; the wire counts them forwards alone.
    let (seconds, nanos) = match (at.as_second(), at.subsec_nanosecond()) {
        (seconds, nanos) if nanos < 0 => (seconds - 1, nanos + 1_000_000_000),
        forwards => forwards,
    };
    prost_types::Timestamp { seconds, nanos }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_count_their_nanoseconds_forwards() {
        for (text, seconds, nanos) in [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("1970-01-01T00:00:01.5Z", 1, 500_000_000),
            ("1969-12-31T23:59:59.25Z", -1, 250_000_000),
            ("2026-11-01T00:00:00Z", 1_793_491_200, 0),
        ] {
            let sent = write_time(text.parse().unwrap());
            assert_eq!((sent.seconds, sent.nanos), (seconds, nanos), "{text}");
        }
    }
}
