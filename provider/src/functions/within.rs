//! `within`: does a policy allow nothing that a ceiling does not?

use nhi_access::Verdict;
use nhi_proto::{Arguments, Function, FunctionError, Parameter, Signature, Type};

use super::{KIND, Policies, TEXT, reasons};

/// `provider::nhi::within(policy, ceiling)`.
pub(super) struct Within;

impl Function for Within {
    type Answer = bool;

    fn name(&self) -> &'static str {
        "within"
    }

    fn signature(&self) -> Signature {
        let description = format!(
            "Answers `true` when `ceiling` allows every request that `policy` allows, and `false` when some request escapes \
             it; `new_access(ceiling, policy)` says which. Where that cannot be decided the call fails and says why: it never \
             answers by a guess. {KIND}"
        );
        Signature::new("Tells whether a policy stays within a ceiling.", Type::Bool)
            .describe(&description)
            .parameter(Parameter::new("policy", Type::String).describe(TEXT))
            .parameter(Parameter::new("ceiling", Type::String).describe(TEXT))
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<bool, FunctionError> {
        let found = Policies::of(arguments, "ceiling", "policy")?.newly()?;
        match found.verdict {
            Verdict::NoNewAccess => Ok(true),
            Verdict::NewAccess => Ok(false),
            Verdict::Undecided => Err(FunctionError::new(format!(
                "whether the policy stays within the ceiling is undecided: {}",
                reasons(&found)
            ))),
        }
    }
}
