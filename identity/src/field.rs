//! A value on its way to a declaration: absent, not known yet, or there.

/// One value of a draft. *Unknown* is an answer of its own: it is never taken for absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Nobody set it.
    #[default]
    Absent,
    /// It will be known after apply.
    Unknown,
    /// It is known.
    Is(T),
}

impl<T> Field<T> {
    /// The value, where it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Absent | Self::Unknown => None,
        }
    }

    /// The same state with the value passed through `change`.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Is(value) => Field::Is(change(value)),
            Self::Absent => Field::Absent,
            Self::Unknown => Field::Unknown,
        }
    }
}

impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Is)
    }
}

impl From<&str> for Field<String> {
    fn from(value: &str) -> Self {
        Self::Is(value.to_owned())
    }
}
