//! One object as an argument, whose attributes may be left out. Its parameter takes any type, because only then does a core
//! hand over what was written: converting to an object type drops the attributes it does not know, and with them every
//! misspelling.

use std::collections::BTreeMap;

use nhi_identity::Period;
use nhi_proto::value::Number;
use nhi_proto::{Arguments, FunctionError, Parameter, Type, Value};

/// An attribute: its name, and what to give.
pub(super) type Known = (&'static str, &'static str);

/// The attributes of one argument.
pub(super) struct Options<'a> {
    blame: Box<dyn Fn(String) -> FunctionError + 'a>,
    attributes: BTreeMap<String, Value>,
}

/// The parameter, and what to give for it.
pub(super) fn parameter(name: &str, what: &str) -> Parameter {
    Parameter::new(name, Type::Dynamic)
        .describe(&format!("An object that says {what}, with the attributes above."))
}

/// The attributes, for the description of a function.
pub(super) fn attributes(known: &[Known]) -> String {
    known.iter().flat_map(|(name, what)| ["\n- `", name, "`: ", what]).collect()
}

impl<'a> Options<'a> {
    /// The argument of `parameter`, which may have the attributes that are `known`, and no others.
    pub(super) fn of(
        arguments: &'a Arguments<'a>,
        parameter: &'static str,
        known: &[Known],
    ) -> Result<Self, FunctionError> {
        Self::read(arguments.get(parameter)?, known, move |text| arguments.wrong(parameter, text))
    }

    /// The variadic argument at `index`, if it is given.
    pub(super) fn of_rest(
        arguments: &'a Arguments<'a>,
        index: usize,
        known: &[Known],
    ) -> Result<Option<Self>, FunctionError> {
        let given: Vec<Value> = arguments.rest()?;
        let blame = move |text| arguments.wrong_in_rest(index, text);
        given.into_iter().nth(index).map(|value| Self::read(value, known, blame)).transpose()
    }

    fn read(
        value: Value,
        known: &[Known],
        blame: impl Fn(String) -> FunctionError + 'a,
    ) -> Result<Self, FunctionError> {
        let options = Self { attributes: object(value).map_err(&blame)?, blame: Box::new(blame) };
        options.check(known).map_err(|text| options.wrong(text))?;
        Ok(options)
    }

    fn check(&self, known: &[Known]) -> Result<(), String> {
        let strange = self.attributes.keys().find(|name| !known.iter().any(|(one, _)| one == name));
        match strange {
            None => Ok(()),
            Some(name) => {
                let all: Vec<String> = known.iter().map(|(one, _)| format!("`{one}`")).collect();
                Err(format!(
                    "there is no attribute `{}`; it may have {}",
                    name.escape_debug(),
                    all.join(", ")
                ))
            }
        }
    }

    /// A failure that this argument is to blame for.
    pub(super) fn wrong(&self, text: impl Into<String>) -> FunctionError {
        (self.blame)(text.into())
    }

    fn given(&self, name: &str) -> Option<&Value> {
        self.attributes.get(name).map(bare).filter(|value| !value.is_null())
    }

    fn unfit(&self, name: &str, needed: &str, found: &Value) -> FunctionError {
        self.wrong(format!("`{name}`: {needed} is needed, not {}", found.kind()))
    }

    /// A text; a number stands for its digits, as it does wherever HCL needs text.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, FunctionError> {
        self.given(name)
            .map(|value| one_text(value).ok_or_else(|| self.unfit(name, "a text", value)))
            .transpose()
    }

    /// A text that has to be there.
    pub(super) fn required(&self, name: &str) -> Result<String, FunctionError> {
        self.text(name)?.ok_or_else(|| self.wrong(format!("`{name}` is missing")))
    }

    /// One text or several.
    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, FunctionError> {
        self.given(name).map(|value| self.several(name, value)).transpose()
    }

    fn several(&self, name: &str, value: &Value) -> Result<Vec<String>, FunctionError> {
        match value {
            Value::List(all) | Value::Tuple(all) | Value::Set(all) => {
                let read = |one: &Value| {
                    one_text(bare(one))
                        .ok_or_else(|| self.unfit(name, "a text or a list of texts", bare(one)))
                };
                all.iter().map(read).collect()
            }
            one => match one_text(one) {
                Some(text) => Ok(vec![text]),
                None => Err(self.unfit(name, "a text or a list of texts", one)),
            },
        }
    }

    /// Texts, one or several under each key.
    pub(super) fn texts_by_key(&self, name: &str) -> Result<BTreeMap<String, Vec<String>>, FunctionError> {
        match self.given(name) {
            None => Ok(BTreeMap::new()),
            Some(Value::Object(all) | Value::Map(all)) => {
                let given =
                    all.iter().map(|(key, value)| (key, bare(value))).filter(|(_, value)| !value.is_null());
                given.map(|(key, value)| Ok((key.clone(), self.several(name, value)?))).collect()
            }
            Some(other) => Err(self.unfit(name, "an object", other)),
        }
    }

    /// `true` or `false`.
    pub(super) fn truth(&self, name: &str) -> Result<Option<bool>, FunctionError> {
        match self.given(name) {
            None => Ok(None),
            Some(Value::Bool(truth)) => Ok(Some(*truth)),
            Some(other) => Err(self.unfit(name, "`true` or `false`", other)),
        }
    }

    /// A number that is not negative.
    pub(super) fn number(&self, name: &str) -> Result<Option<f64>, FunctionError> {
        self.given(name)
            .map(|value| match value {
                Value::Number(number) if !number.is_negative() => {
                    number.to_string().parse().map_err(|_| self.unfit(name, "a number", value))
                }
                Value::Number(number) => Err(self.wrong(format!("`{name}`: {number} is below zero"))),
                other => Err(self.unfit(name, "a number", other)),
            })
            .transpose()
    }

    /// A whole number that is not negative.
    pub(super) fn whole(&self, name: &str) -> Result<Option<u64>, FunctionError> {
        self.given(name)
            .map(|value| match value {
                Value::Number(number) => {
                    number.to_i64().and_then(|whole| u64::try_from(whole).ok()).ok_or_else(|| {
                        self.wrong(format!("`{name}`: {number} is not a whole number from zero up"))
                    })
                }
                other => Err(self.unfit(name, "a whole number", other)),
            })
            .transpose()
    }

    /// A length of time in seconds: a text as `90s` and `1h30m`, or a number of seconds, of which a part counts whole.
    pub(super) fn seconds(&self, name: &str) -> Result<Option<u64>, FunctionError> {
        let Some(value) = self.given(name) else { return Ok(None) };
        match value {
            Value::String(text) => {
                let read = Period::parse(text).map_err(|error| self.wrong(format!("`{name}`: {error}")))?;
                Ok(Some(read.seconds()))
            }
            Value::Number(number) => self.whole_seconds(name, number).map(Some),
            other => Err(self.unfit(name, "a length of time (`90s`, `1h30m`) or a number of seconds", other)),
        }
    }

    fn whole_seconds(&self, name: &str, number: &Number) -> Result<u64, FunctionError> {
        let refuse = || self.wrong(format!("`{name}`: {number} is not a number of seconds from zero up"));
        let text = number.to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let whole: u64 = whole.parse().map_err(|_| refuse())?;
        let part = u64::from(fraction.bytes().any(|digit| digit != b'0'));
        whole.checked_add(part).filter(|seconds| *seconds <= 36_500 * 86_400).ok_or_else(refuse)
    }
}

/// A value without the type it brought along.
fn bare(value: &Value) -> &Value {
    match value {
        Value::Dynamic(_, inner) => bare(inner),
        other => other,
    }
}

fn object(value: Value) -> Result<BTreeMap<String, Value>, String> {
    match value {
        Value::Dynamic(_, inner) => object(*inner),
        Value::Object(attributes) | Value::Map(attributes) => Ok(attributes),
        other => Err(format!("an object is needed, not {}", other.kind())),
    }
}

fn one_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
