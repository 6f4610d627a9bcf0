//! `parse_spiffe_id`: a SPIFFE ID in its parts.

use nhi_identity::spiffe::SpiffeId;
use nhi_proto::{Arguments, Function, FunctionError, Object, Parameter, Signature, Type};

/// `provider::nhi::parse_spiffe_id(id)`.
pub(super) struct ParseSpiffeId;

impl Function for ParseSpiffeId {
    type Answer = Object;

    fn name(&self) -> &'static str {
        "parse_spiffe_id"
    }

    fn signature(&self) -> Signature {
        let returns = Type::object([
            ("trust_domain", Type::String),
            ("path", Type::String),
            ("segments", Type::list(Type::String)),
        ]);
        Signature::new("Takes a SPIFFE ID apart.", returns)
            .describe(
                "Answers an object: `trust_domain`, who vouches for the workload; `path`, which begins with a slash and is \
                 empty where the ID names the trust domain itself; and `segments`, the parts of the path. The ID has to obey \
                 the SPIFFE ID specification, so a successful call is also a check: the scheme `spiffe`, a trust domain of \
                 lower-case letters, digits, dots, hyphens and underscores without user or port, a path without empty or \
                 relative parts, no query, fragment or percent escapes, at most 2048 bytes. Nothing is normalised.",
            )
            .parameter(
                Parameter::new("id", Type::String).describe("The ID, `spiffe://example.com/ns/prod/sa/checkout`."),
            )
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<Object, FunctionError> {
        let text: String = arguments.get("id")?;
        let id = SpiffeId::parse(&text).map_err(|error| arguments.wrong("id", error.to_string()))?;
        Ok(Object::new()
            .with("trust_domain", &id.trust_domain)
            .with("path", &id.path())
            .with("segments", &id.segments))
    }
}
