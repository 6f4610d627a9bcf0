//! Functions: what there is, and what one answers. Neither needs a configured provider.

use super::Served;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::erased::AnyFunction;
use crate::function::{Arguments, FunctionError, Signature, in_one_clause};
use crate::generated::tfplugin6 as wire;
use crate::provider::Provider;
use crate::server::refuse::{Refuse, not_offered};
use crate::value::Value;
use crate::wire::{read_value, write_function, write_function_error, write_value};

/// A function with its signature.
pub(super) struct Callable {
    pub(super) function: Box<dyn AnyFunction>,
    pub(super) signature: Signature,
}

impl Refuse for wire::call_function::Response {
    /// A function's error has one text and no path.
    fn refuse(diagnostics: &Diagnostics) -> Self {
        failed(&FunctionError::new(in_one_clause(diagnostics)))
    }
}

fn failed(error: &FunctionError) -> wire::call_function::Response {
    wire::call_function::Response { result: None, error: Some(write_function_error(error)) }
}

impl<P: Provider> Served<P> {
    /// What is wrong with the signatures, each a bug of the provider.
    pub(super) fn wrong_signatures(&self) -> Diagnostics {
        let checked = self.functions.iter().map(|(name, one)| (name, one.signature.validate(name)));
        let wrong = checked.filter_map(|(name, checked)| {
            Some(Diagnostic::internal(format!("Function `{name}`: {}.", checked.err()?)))
        });
        wrong.collect()
    }

    pub(super) fn signatures(&self) -> impl Iterator<Item = (String, wire::Function)> {
        self.functions.iter().map(|(name, one)| ((*name).to_owned(), write_function(&one.signature)))
    }

    pub(super) fn functions(
        &self,
        _: wire::get_functions::Request,
    ) -> Result<wire::get_functions::Response, Diagnostics> {
        let wrong = self.wrong_signatures();
        if wrong.has_errors() {
            return Err(wrong);
        }
        Ok(wire::get_functions::Response { functions: self.signatures().collect(), diagnostics: Vec::new() })
    }

    pub(super) fn call_function(
        &self,
        request: wire::call_function::Request,
    ) -> Result<wire::call_function::Response, Diagnostics> {
        let callable = self
            .functions
            .get(request.name.as_str())
            .ok_or_else(|| not_offered("function", &request.name))?;
        Ok(match callable.serve(request.arguments) {
            Ok(result) => wire::call_function::Response { result: Some(result), error: None },
            Err(error) => failed(&error),
        })
    }
}

impl Callable {
    fn serve(&self, sent: Vec<wire::DynamicValue>) -> Result<wire::DynamicValue, FunctionError> {
        let arguments = sent.into_iter().enumerate().map(|(index, sent)| self.read(index, sent));
        let arguments: Vec<Value> = arguments.collect::<Result<_, _>>()?;
        let answer = self.answer(&arguments)?;
        write_value(&answer, &self.signature.returns).map_err(|error| {
            FunctionError::new(format!(
                "the answer does not fit the signature: {error}; this is a bug of the provider"
            ))
        })
    }

    fn read(&self, index: usize, sent: wire::DynamicValue) -> Result<Value, FunctionError> {
        let Some(parameter) = self.signature.parameter_at(index) else {
            let most = self.signature.parameters.len();
            return Err(FunctionError::of_argument(
                index,
                format!("the function takes {most} arguments, no more"),
            ));
        };
        read_value(Some(sent), &parameter.ty)
            .map_err(|error| FunctionError::of_argument(index, format!("it cannot be read: {error}")))
    }

    /// Asks the function, unless the arguments already say that there is no answer, or none yet. Cores see to that
    /// themselves; whoever does not gets the same answers.
    fn answer(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        if let Some(missing) = self.signature.parameters.get(arguments.len()) {
            return Err(FunctionError::new(format!("the argument `{}` is missing", missing.name)));
        }
        let given = || {
            let with_index = arguments.iter().enumerate();
            with_index.filter_map(|(index, value)| Some((index, value, self.signature.parameter_at(index)?)))
        };
        if let Some((index, ..)) = given().find(|(_, value, one)| value.is_null() && !one.takes_null) {
            return Err(FunctionError::of_argument(index, "it must not be null"));
        }
        if given().any(|(_, value, one)| !one.takes_unknown && !value.is_wholly_known()) {
            return Ok(Value::unknown());
        }
        let answer = self.function.call(&Arguments::new(&self.signature, arguments))?;
        if !answer.is_wholly_known() && arguments.iter().all(Value::is_wholly_known) {
            let text = "the answer is unknown though every argument is known; this is a bug of the provider";
            return Err(FunctionError::new(text));
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::erased::Typed;
    use crate::function::{Function, Parameter};
    use crate::value::Type;

    /// Answers how many arguments it got.
    #[derive(Debug)]
    struct Count(Vec<Parameter>, Option<Parameter>);

    impl Function for Count {
        type Answer = i64;

        fn name(&self) -> &'static str {
            "count"
        }

        fn signature(&self) -> Signature {
            let empty = Signature::new("Counts.", Type::Number);
            Signature { parameters: self.0.clone(), variadic: self.1.clone(), ..empty }
        }

        fn call(&self, arguments: &Arguments<'_>) -> Result<i64, FunctionError> {
            let mut seen = arguments.rest::<Value>()?;
            let signature = self.signature();
            for parameter in &signature.parameters {
                seen.push(arguments.get(&parameter.name)?);
            }
            Ok(i64::try_from(seen.len()).unwrap())
        }
    }

    fn parameter(name: String) -> impl Strategy<Value = Parameter> {
        (any::<bool>(), any::<bool>()).prop_map(move |(takes_null, takes_unknown)| Parameter {
            takes_null,
            takes_unknown,
            ..Parameter::new(&name, Type::list(Type::String))
        })
    }

    fn argument() -> impl Strategy<Value = Value> {
        let part = Value::List(vec![Value::string("a"), Value::unknown()]);
        prop_oneof![
            6 => Just(Value::List(vec![Value::string("a")])),
            1 => Just(Value::Null),
            1 => Just(Value::unknown()),
            1 => Just(part),
        ]
    }

    fn count() -> impl Strategy<Value = Count> {
        let parameters: Vec<_> = (0..3).map(|index| parameter(format!("p{index}"))).collect();
        let variadic = prop::option::of(parameter("more".to_owned()));
        (parameters, variadic, 0..4_usize).prop_map(|(mut parameters, variadic, named)| {
            parameters.truncate(named);
            Count(parameters, variadic)
        })
    }

    proptest! {
        #[test]
        fn a_function_sees_what_its_parameters_take_and_nothing_else(
            count in count(),
            arguments in prop::collection::vec(argument(), 0..6),
        ) {
            let signature = count.signature();
            let callable = Callable { function: Box::new(Typed(count)), signature };
            let ty = Type::list(Type::String);
            let sent = arguments.iter().map(|value| write_value(value, &ty).unwrap()).collect();
            let signature = &callable.signature;
            let parameter = |index| signature.parameter_at(index);
            let beyond = (0..arguments.len()).find(|index| parameter(*index).is_none());
            let null = arguments.iter().enumerate().find(|(index, value)| {
                value.is_null() && parameter(*index).is_some_and(|one| !one.takes_null)
            });
            let unknown = arguments.iter().enumerate().any(|(index, value)| {
                !value.is_wholly_known() && parameter(index).is_some_and(|one| !one.takes_unknown)
            });
            let answer = callable.serve(sent).map(|sent| read_value(Some(sent), &Type::Number).unwrap());
            if let Some(index) = beyond {
                prop_assert_eq!(answer.unwrap_err().argument(), Some(index));
            } else if arguments.len() < signature.parameters.len() {
                prop_assert_eq!(answer.unwrap_err().argument(), None);
            } else if let Some((index, _)) = null {
                prop_assert_eq!(answer.unwrap_err().argument(), Some(index));
            } else if unknown {
                prop_assert!(answer.unwrap().is_unknown());
            } else {
                let count = i64::try_from(arguments.len()).unwrap();
                prop_assert_eq!(answer.unwrap(), Value::Number(count.into()));
            }
        }
    }
}
