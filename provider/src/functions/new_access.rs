//! `new_access`: what a policy allows that another does not, in sentences.

use nhi_access::{Region, words};
use nhi_proto::{Arguments, Function, FunctionError, Parameter, Signature, Type};

use super::{KIND, Policies, TEXT, reasons};

/// `provider::nhi::new_access(before, after)`.
pub(super) struct NewAccess;

impl Function for NewAccess {
    type Answer = Vec<String>;

    fn name(&self) -> &'static str {
        "new_access"
    }

    fn signature(&self) -> Signature {
        let description = format!(
            "Compares two policy documents and answers one sentence for each part of what `after` allows and `before` does \
             not, with one request as an example of it. The list is empty exactly when every request that `after` allows was \
             allowed before: so `length(…) == 0` is a precondition that nothing new is allowed. What cannot be decided is \
             possible new access, and a sentence of its own that says why. {KIND}"
        );
        let before = format!("{TEXT} Null stands for no policy, so that all of `after` is new.");
        Signature::new("Tells what a policy allows that another does not.", Type::list(Type::String))
            .describe(&description)
            .parameter(Parameter::new("before", Type::String).describe(&before).or_null())
            .parameter(Parameter::new("after", Type::String).describe(TEXT))
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<Vec<String>, FunctionError> {
        let policies = Policies::of(arguments, "before", "after")?;
        let found = policies.newly()?;
        let words = words::of(policies.kind);
        let mut sentences: Vec<String> = found.new.iter().map(|region| sentence(region, words)).collect();
        if !found.undecided.is_empty() {
            sentences.push(format!("undecided, so new access is possible: {}", reasons(&found)));
        }
        Ok(sentences)
    }
}

fn sentence(region: &Region, words: fn(&Region) -> String) -> String {
    let mut sentence = words(region);
    let cause = words::cause(region.because);
    if !cause.is_empty() {
        sentence = format!("{sentence}; {cause}");
    }
    if let Some(reading) = &region.reading {
        sentence = format!("{sentence}; read as: {reading}");
    }
    format!("{sentence}; for example: {}", words::request(&region.witness))
}
