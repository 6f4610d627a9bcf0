//! Where in a resource a value stands: the address that diagnostics and replacements carry.

use std::fmt;

/// One step from a value into a part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// An attribute or block of an object, by name.
    Attribute(String),
    /// An element of a map, by key.
    Key(String),
    /// An element of a list, counted from zero.
    Index(usize),
}

/// The steps from the root of a resource (or of the provider's configuration) to a value.
///
/// An element of a set has no address of its own in the protocol: the path of the set stands for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path {
    steps: Vec<Step>,
}

impl Path {
    /// The whole object.
    pub fn root() -> Self {
        Self::default()
    }

    /// The attribute `name` of the root object.
    pub fn of(name: &str) -> Self {
        Self::root().attribute(name)
    }

    /// This path, continued into an attribute or block.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Self {
        self.then(Step::Attribute(name.to_owned()))
    }

    /// This path, continued into a map element.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.then(Step::Key(key.to_owned()))
    }

    /// This path, continued into a list element.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    /// The steps, outermost first.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether this is the whole object.
    pub fn is_root(&self) -> bool {
        self.steps.is_empty()
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { steps }
    }
}

/// Written as in a configuration: `federation[0].audiences` or `labels["team"]`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.steps.iter().enumerate() {
            match step {
                Step::Attribute(name) if position == 0 => f.write_str(name)?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_in_a_configuration() {
        let path = Path::of("federation").index(0).attribute("labels").key("a\"b");
        assert_eq!(path.to_string(), r#"federation[0].labels["a\"b"]"#);
        assert_eq!(Path::root().to_string(), "");
    }
}
