//! Text of a document that is borrowed where it has no escapes.

use std::borrow::Cow;
use std::ops::Deref;

use serde::Deserialize;

/// A text. Inside `Option`, `Vec` and map keys a bare `Cow` would always be copied.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}
