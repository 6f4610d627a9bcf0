//! `expires_in_days`: how many days are left.

use nhi_identity::{Moment, moment};
use nhi_proto::{Arguments, Function, FunctionError, Parameter, Signature, Type};

/// `provider::nhi::expires_in_days(at, now)`.
pub(super) struct ExpiresInDays;

impl Function for ExpiresInDays {
    type Answer = i64;

    fn name(&self) -> &'static str {
        "expires_in_days"
    }

    fn signature(&self) -> Signature {
        let text = |name: &str, what: &str| {
            Parameter::new(name, Type::String).describe(&format!("{what} {}", moment::DAY_RULE))
        };
        Signature::new("Tells how many whole days are left until a moment.", Type::Number)
            .describe(
                "Rounds down: `0` is less than a day, and the answer is below zero as soon as the moment has passed. A \
                 function has no clock, so `now` is given: `plantimestamp()` in a `check` block or an output. Do not put the \
                 answer into an attribute of a resource: it would change with every day.",
            )
            .parameter(text("at", "The moment."))
            .parameter(text("now", "The moment to count from."))
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<i64, FunctionError> {
        let moment = |name: &str| {
            let text: String = arguments.get(name)?;
            Moment::parse_day(&text).map_err(|error| arguments.wrong(name, error.to_string()))
        };
        Ok(moment("at")?.days_after(&moment("now")?))
    }
}
