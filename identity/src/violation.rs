//! What is wrong with a declaration, and at which attribute.

use std::fmt;

/// One step into a declaration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// An attribute by name.
    Attribute(String),
    /// An element of a list, from zero.
    Index(usize),
    /// An element of a map.
    Key(String),
}

/// The way to an attribute. Elements of sets have no way of their own: the path ends at the set.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttributePath(pub Vec<Step>);

impl AttributePath {
    /// The path of a top-level attribute.
    pub fn of(attribute: &str) -> Self {
        Self(vec![Step::Attribute(attribute.to_owned())])
    }

    /// This path and one attribute further.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Self {
        self.with(Step::Attribute(name.to_owned()))
    }

    /// This path and one list element further.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    /// This path and one map element further.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    /// This path as a part of what stands at `whole`. The part's name is where it stands.
    #[must_use]
    pub fn within(&self, whole: &Self) -> Self {
        if *self == Self::of("name") {
            return whole.clone();
        }
        Self(whole.0.iter().chain(&self.0).cloned().collect())
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if place == 0 => write!(f, "{name}")?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
            }
        }
        Ok(())
    }
}

/// A rule that a declaration breaks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Where.
    pub path: AttributePath,
    /// What is wrong: a short clause without a full stop.
    pub problem: String,
    /// What to do about it: whole sentences.
    pub remedy: String,
}

impl Violation {
    /// The same, said of a part of what stands at `whole`.
    #[must_use]
    pub fn within(self, whole: &AttributePath) -> Self {
        Self { path: self.path.within(whole), ..self }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}. {}", self.path, self.problem, self.remedy)
    }
}
