//! The rules that cores enforce on signatures, so that a mistake shows in our tests and not at a user's.

use std::collections::BTreeSet;

use thiserror::Error;

use super::Signature;
use crate::schema::set_of_anything;
use crate::value::Type;

/// A signature that cores would refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// A name that cannot stand in a configuration.
    #[error(
        "`{0}` is no name: one consists of lower-case letters, digits and underscores, and begins with a letter"
    )]
    Name(String),
    /// Messages could not tell two parameters apart.
    #[error("two parameters are named `{0}`")]
    Twice(String),
    /// A type that no value can have.
    #[error("`{0}`: a set cannot hold values of any type")]
    Type(String),
    /// Nothing to show to whoever looks the function up.
    #[error("there is no summary")]
    Unsaid,
}

impl Signature {
    /// Checks every rule for a function called `name`; the first that is broken is the error.
    pub fn validate(&self, name: &str) -> Result<(), SignatureError> {
        plain(name)?;
        if self.summary.is_empty() {
            return Err(SignatureError::Unsaid);
        }
        possible("return", &self.returns)?;
        let mut seen = BTreeSet::new();
        for parameter in self.parameters.iter().chain(&self.variadic) {
            plain(&parameter.name)?;
            possible(&parameter.name, &parameter.ty)?;
            if !seen.insert(&parameter.name) {
                return Err(SignatureError::Twice(parameter.name.clone()));
            }
        }
        Ok(())
    }
}

fn plain(name: &str) -> Result<(), SignatureError> {
    let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    if begins && name.bytes().all(rest) { Ok(()) } else { Err(SignatureError::Name(name.to_owned())) }
}

fn possible(place: &str, ty: &Type) -> Result<(), SignatureError> {
    if set_of_anything(ty) { Err(SignatureError::Type(place.to_owned())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::Parameter;

    #[test]
    fn what_a_core_would_refuse_is_told() {
        let good = || Signature::new("Says it.", Type::Bool).parameter(Parameter::new("one", Type::String));
        let anything = Type::set(Type::Dynamic);
        for (name, signature, expected) in [
            ("says", good(), None),
            ("says_2", good().variadic(Parameter::new("more", Type::Dynamic)), None),
            ("", good(), Some(SignatureError::Name(String::new()))),
            ("Says", good(), Some(SignatureError::Name("Says".into()))),
            ("2says", good(), Some(SignatureError::Name("2says".into()))),
            ("says", Signature::new("", Type::Bool), Some(SignatureError::Unsaid)),
            ("says", Signature::new("x", anything.clone()), Some(SignatureError::Type("return".into()))),
            (
                "says",
                good().parameter(Parameter::new("two", Type::list(anything))),
                Some(SignatureError::Type("two".into())),
            ),
            (
                "says",
                good().variadic(Parameter::new("one", Type::Bool)),
                Some(SignatureError::Twice("one".into())),
            ),
            (
                "says",
                good().parameter(Parameter::new("a-b", Type::Bool)),
                Some(SignatureError::Name("a-b".into())),
            ),
        ] {
            assert_eq!(signature.validate(name).err(), expected);
        }
    }
}
