//! What tells one object of a kind from all others: its identity, apart from its attributes.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::value::Type;

/// The shape of an identity: one flat object.
#[derive(Debug, Clone, Default)]
pub struct IdentitySchema {
    /// Counts the forms it has had, from zero.
    pub version: u32,
    /// Its attributes by name.
    pub attributes: BTreeMap<String, IdentityAttribute>,
}

/// One part of an identity.
#[derive(Debug, Clone)]
pub struct IdentityAttribute {
    /// Text, number or boolean.
    pub ty: Type,
    /// Must an import name it?
    pub import: Import,
    /// What it is, as plain text.
    pub description: String,
}

/// What an import has to say of one part of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Import {
    /// It must name it.
    Required,
    /// It may leave it out.
    Optional,
}

/// An identity that Terraform would refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdentityError {
    /// Nothing tells objects apart.
    #[error("the identity has no attribute that an import must name")]
    Empty,
    /// A part that is no primitive.
    #[error("attribute `{0}` of the identity is neither text nor number nor boolean")]
    NotPrimitive(String),
}

impl IdentitySchema {
    /// The `version`th form, without attributes yet.
    pub fn new(version: u32) -> Self {
        Self { version, attributes: BTreeMap::new() }
    }

    /// This shape with one part more.
    #[must_use]
    pub fn with(mut self, name: &str, attribute: IdentityAttribute) -> Self {
        self.attributes.insert(name.to_owned(), attribute);
        self
    }

    /// The type of the whole identity.
    pub fn value_type(&self) -> Type {
        Type::object(self.attributes.iter().map(|(name, attribute)| (name.clone(), attribute.ty.clone())))
    }

    /// Checks the rules of Terraform; the first that is broken is the error.
    pub fn validate(&self) -> Result<(), IdentityError> {
        let primitive = |ty: &Type| matches!(ty, Type::String | Type::Number | Type::Bool);
        match self.attributes.iter().find(|(_, attribute)| !primitive(&attribute.ty)) {
            Some((name, _)) => Err(IdentityError::NotPrimitive(name.clone())),
            None if self.attributes.values().all(|attribute| attribute.import == Import::Optional) => {
                Err(IdentityError::Empty)
            }
            None => Ok(()),
        }
    }
}

impl IdentityAttribute {
    /// A text that an import must name.
    pub fn required(ty: Type, description: &str) -> Self {
        Self { ty, import: Import::Required, description: description.to_owned() }
    }

    /// A part that an import may leave out.
    pub fn optional(ty: Type, description: &str) -> Self {
        Self { ty, import: Import::Optional, description: description.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_flat_and_names_something() {
        let check = |attributes: &[(&str, IdentityAttribute)], expected: Result<(), IdentityError>| {
            let all = attributes.iter().cloned();
            let schema = all.fold(IdentitySchema::new(0), |schema, (name, one)| schema.with(name, one));
            assert_eq!(schema.validate(), expected);
        };
        let name = ("name", IdentityAttribute::required(Type::String, "Its name."));
        let place = ("place", IdentityAttribute::optional(Type::Number, "Where."));
        let tags = ("tags", IdentityAttribute::optional(Type::list(Type::String), "What else."));
        check(&[name.clone(), place.clone()], Ok(()));
        check(&[], Err(IdentityError::Empty));
        check(&[place], Err(IdentityError::Empty));
        check(&[name, tags], Err(IdentityError::NotPrimitive("tags".to_owned())));
    }
}
