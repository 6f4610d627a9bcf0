//! `audience_for`: whom the tokens for a platform are meant for.

use nhi_identity::audience::{AudienceError, AudienceParts, audience, platforms};
use nhi_proto::{Arguments, Function, FunctionError, Parameter, Signature, Type, Value};

use super::options::{Known, Options, attributes};

/// `provider::nhi::audience_for(platform, parts…)`.
pub(super) struct AudienceFor;

const KNOWN: [Known; 8] = [
    ("cloud", "for `azure`: `public`, `usgovernment` or `china`."),
    ("project_number", "for `google`: the number of the project that holds the pool."),
    ("pool", "for `google`: the id of the workload identity pool."),
    ("provider", "for `google`: the id of the provider in the pool."),
    ("organization", "for `github` and `buildkite`: the organisation whose runs ask for tokens."),
    ("name", "for `service`: the name of a service of your own."),
    ("environment", "for `service`: the environment it runs in."),
    ("domain", "for `service`: a domain that your organisation owns."),
];

impl Function for AudienceFor {
    type Answer = String;

    fn name(&self) -> &'static str {
        "audience_for"
    }

    fn signature(&self) -> Signature {
        let description = format!(
            "Answers the audience (`aud`) that tokens for a platform carry. An audience of its own for each service that takes \
             tokens keeps a token given to one from being used at another; one for a whole environment does not. \
             `audience_for(\"aws\")` is `sts.amazonaws.com`; `audience_for(\"service\", {{ name = \"checkout\", environment = \
             \"prod\", domain = \"example.com\" }})` is `https://checkout.prod.example.com`. For `github` and `buildkite` it is \
             the audience that their tokens have when the job asks for none; the names that begin with `hcp_terraform` say \
             what its runs ask for by default.\n\nThe object, where the platform needs one, has these attributes:\n{}",
            attributes(&KNOWN)
        );
        let names: Vec<String> = platforms().map(|(name, ..)| format!("`{name}`")).collect();
        let platform = format!("The platform or service that takes the token: one of {}.", names.join(", "));
        Signature::new("Tells the audience of tokens for a platform or service.", Type::String)
            .describe(&description)
            .parameter(Parameter::new("platform", Type::String).describe(&platform))
            .variadic(Parameter::new("parts", Type::Dynamic).describe(
                "At most one object, with the attributes above that the platform's audience is made of.",
            ))
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<String, FunctionError> {
        let platform: String = arguments.get("platform")?;
        let given: Vec<Value> = arguments.rest()?;
        if given.len() > 1 {
            return Err(arguments.wrong_in_rest(1, "one object says all parts of an audience"));
        }
        let parts = match Options::of_rest(arguments, 0, &KNOWN)? {
            None => AudienceParts::default(),
            Some(options) => AudienceParts {
                cloud: options.text("cloud")?,
                project_number: options.text("project_number")?,
                pool: options.text("pool")?,
                provider: options.text("provider")?,
                organization: options.text("organization")?,
                name: options.text("name")?,
                environment: options.text("environment")?,
                domain: options.text("domain")?,
            },
        };
        audience(&platform, &parts).map_err(|error| match error {
            AudienceError::Platform { .. } | AudienceError::Missing { .. } => {
                arguments.wrong("platform", error.to_string())
            }
            AudienceError::Strange { .. } | AudienceError::Part { .. } => {
                arguments.wrong_in_rest(0, error.to_string())
            }
        })
    }
}
