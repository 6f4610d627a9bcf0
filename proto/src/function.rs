//! The typed side of a function: a signature, and a pure answer to its arguments.

mod check;
mod signature;

use thiserror::Error;

pub use check::SignatureError;
pub use signature::{Parameter, Signature};

use crate::diagnostics::Diagnostics;
use crate::fields::{FromValue, ToValue};
use crate::path::Path;
use crate::value::Value;

/// One function that configurations call as `provider::TYPE::NAME(…)`.
///
/// It runs in a process that nobody configured, several times at once, and must give the same answer for the same
/// arguments: cores compare the answers of one run. Marks (sensitive, ephemeral) never get here; the core takes them
/// off the arguments and puts them on the answer.
pub trait Function: Send + Sync + 'static {
    /// What it answers, in the type that the signature returns.
    type Answer: ToValue;

    /// The name within the provider, `new_access` for example.
    fn name(&self) -> &'static str;

    /// Parameters, answer and words about both; the same at every call.
    fn signature(&self) -> Signature;

    /// The answer. Arguments are of their parameters' types, and null or unknown only where the parameter takes that.
    fn call(&self, arguments: &Arguments<'_>) -> Result<Self::Answer, FunctionError>;
}

/// Why a function has no answer.
///
/// Cores put the text into a sentence of their own, so it begins small and ends without a full stop.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text}")]
pub struct FunctionError {
    text: String,
    argument: Option<usize>,
}

impl FunctionError {
    /// A failure that no single argument is to blame for.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: None }
    }

    pub(crate) fn of_argument(index: usize, text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: Some(index) }
    }

    /// What went wrong.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The argument to blame, counted from zero over parameters and variadic arguments alike.
    pub fn argument(&self) -> Option<usize> {
        self.argument
    }
}

/// The arguments of one call, read by the names of their parameters.
#[derive(Debug, Clone, Copy)]
pub struct Arguments<'c> {
    signature: &'c Signature,
    values: &'c [Value],
}

impl<'c> Arguments<'c> {
    pub(crate) fn new(signature: &'c Signature, values: &'c [Value]) -> Self {
        Self { signature, values }
    }

    /// The argument of the parameter `name`; its Rust type says which states it may have.
    pub fn get<T: FromValue>(&self, name: &str) -> Result<T, FunctionError> {
        let index = self.index(name)?;
        let value = self.values.get(index).ok_or_else(|| absent(name))?;
        read(value, index)
    }

    /// The variadic arguments.
    pub fn rest<T: FromValue>(&self) -> Result<Vec<T>, FunctionError> {
        let named = self.signature.parameters.len();
        self.values.iter().enumerate().skip(named).map(|(index, value)| read(value, index)).collect()
    }

    /// A failure that the argument of the parameter `name` is to blame for.
    pub fn wrong(&self, name: &str, text: impl Into<String>) -> FunctionError {
        match self.index(name) {
            Ok(index) => FunctionError::of_argument(index, text),
            Err(bug) => bug,
        }
    }

    /// A failure that one of the variadic arguments is to blame for, counted from zero among them.
    pub fn wrong_in_rest(&self, index: usize, text: impl Into<String>) -> FunctionError {
        FunctionError::of_argument(self.signature.parameters.len().saturating_add(index), text)
    }

    fn index(&self, name: &str) -> Result<usize, FunctionError> {
        let mut parameters = self.signature.parameters.iter();
        parameters.position(|parameter| parameter.name == name).ok_or_else(|| absent(name))
    }
}

fn absent(name: &str) -> FunctionError {
    FunctionError::new(format!("the signature has no parameter `{name}`; this is a bug of the provider"))
}

fn read<T: FromValue>(value: &Value, index: usize) -> Result<T, FunctionError> {
    T::from_value(value, &Path::root())
        .map_err(|diagnostics| FunctionError::of_argument(index, in_one_clause(&diagnostics)))
}

/// Diagnostics as the text of a function's error.
pub(crate) fn in_one_clause(diagnostics: &Diagnostics) -> String {
    let all: Vec<String> =
        diagnostics.iter().map(|one| one.to_string().trim_end_matches('.').to_owned()).collect();
    all.join("; ")
}
