//! What a function takes and gives, with the words that editors and pages show.

use crate::value::Type;

/// Parameters and answer of a function.
#[derive(Debug, Clone)]
pub struct Signature {
    /// The parameters that every call gives, in order.
    pub parameters: Vec<Parameter>,
    /// The parameter that takes any number of further arguments.
    pub variadic: Option<Parameter>,
    /// The type of the answer.
    pub returns: Type,
    /// What it answers, in one line.
    pub summary: String,
    /// How it answers, in Markdown.
    pub description: String,
    /// Why and in favour of what it should no longer be called.
    pub deprecation: Option<String>,
}

/// One parameter.
///
/// As long as it does not say otherwise, a call with an unknown argument is answered *unknown* without asking the
/// function, and null is an error.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name in messages and pages; calls go by position.
    pub name: String,
    /// The type arguments are converted to.
    pub ty: Type,
    /// What to give, in Markdown.
    pub description: String,
    /// Whether the function itself deals with null.
    pub takes_null: bool,
    /// Whether the function itself deals with arguments that are unknown, wholly or in part.
    pub takes_unknown: bool,
}

impl Signature {
    /// A function without parameters.
    pub fn new(summary: &str, returns: Type) -> Self {
        Self {
            parameters: Vec::new(),
            variadic: None,
            returns,
            summary: summary.to_owned(),
            description: String::new(),
            deprecation: None,
        }
    }

    /// This signature with a description.
    #[must_use]
    pub fn describe(mut self, description: &str) -> Self {
        description.clone_into(&mut self.description);
        self
    }

    /// This signature with one more parameter at the end.
    #[must_use]
    pub fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// This signature, taking any number of further arguments.
    #[must_use]
    pub fn variadic(mut self, parameter: Parameter) -> Self {
        self.variadic = Some(parameter);
        self
    }

    /// This signature, deprecated.
    #[must_use]
    pub fn deprecate(mut self, why: &str) -> Self {
        self.deprecation = Some(why.to_owned());
        self
    }

    /// What the argument at `index` is given to; `None` beyond what a call may give.
    pub fn parameter_at(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or(self.variadic.as_ref())
    }
}

impl Parameter {
    /// A parameter whose arguments are neither null nor unknown.
    pub fn new(name: &str, ty: Type) -> Self {
        Self {
            name: name.to_owned(),
            ty,
            description: String::new(),
            takes_null: false,
            takes_unknown: false,
        }
    }

    /// This parameter with a description.
    #[must_use]
    pub fn describe(mut self, description: &str) -> Self {
        description.clone_into(&mut self.description);
        self
    }

    /// This parameter, taking null too.
    #[must_use]
    pub fn or_null(mut self) -> Self {
        self.takes_null = true;
        self
    }

    /// This parameter, taking what is not known yet too.
    #[must_use]
    pub fn or_unknown(mut self) -> Self {
        self.takes_unknown = true;
        self
    }
}
