//! What a rebuilt text is made of: pieces that are known, and references to values that are not.

use nhi_analyzer_model::{Address, AttributePath};

/// A text of which some parts are only known after apply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// In order; put together they are the whole text. Two known pieces never stand side by side.
    pub segments: Vec<Segment>,
}

/// A piece of a rebuilt text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Known.
    Text(String),
    /// Only known after apply.
    Reference(Reference),
}

/// A value only known after apply. Two references of one text stand for one and the same value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// As HCL says it, with the module's own address in front: `module.x.aws_s3_bucket.logs["a"].arn`; of a value
    /// that a function makes from unknown ones the call: `upper(aws_s3_bucket.logs.id)`.
    pub text: String,
    /// The resource whose attribute it is; `None` for any other value.
    pub resource: Option<Address>,
    /// The attribute of that resource.
    pub attribute: Option<AttributePath>,
    /// How much of the text it stands for.
    pub extent: Extent,
}

/// How much of a text a reference stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extent {
    /// A whole JSON value: a text, a list, an object, `null`. In the rebuilt text it stands between quotation marks of
    /// its own, which are not part of the value.
    Value,
    /// Text inside a text.
    Text,
}

/// A value of which some parts are only known after apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holed {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, in decimal digits.
    Number(String),
    /// A text, known or in part.
    Text(Rebuilt),
    /// A list or set. An element that is [`Holed::Reference`] may stand for any number of elements.
    List(Vec<Holed>),
    /// An object, a map, or a block.
    Object(Vec<(String, Holed)>),
    /// Only known after apply.
    Reference(Reference),
}

impl Rebuilt {
    /// The text, if no part of it is unknown.
    pub fn as_known(&self) -> Option<&str> {
        match self.segments.as_slice() {
            [] => Some(""),
            [Segment::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The references in it, in order, repeated ones too.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Reference(reference) => Some(reference),
            Segment::Text(_) => None,
        })
    }
}

impl Holed {
    /// The entry of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }
}
