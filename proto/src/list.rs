//! The typed side of a list resource: finding the objects of a managed kind that exist already.

use std::fmt;

use crate::call::Call;
use crate::diagnostics::Diagnostics;
use crate::fields::{Fields, Object};
use crate::resource::Checked;
use crate::schema::Schema;

/// The list of one kind of managed resource, which has an identity.
pub trait ListResource: Send + Sync + 'static {
    /// What configuring the provider made.
    type Context: Send + Sync + 'static;

    /// The full type name: that of the managed resource.
    fn type_name(&self) -> &'static str;

    /// The shape of the `config` block: what narrows the list.
    fn schema(&self) -> Schema;

    /// Checks a configuration, in which anything may still be unknown. Asks neither clock nor remote.
    fn validate(&self, config: &Fields<'_>) -> Checked {
        let _ = config;
        Ok(Diagnostics::none())
    }

    /// Finds the objects and hands over one after the other, as long as somebody wants more.
    fn list(&self, call: &Call<Self::Context>, listing: &Listing<'_>, found: &mut Found<'_>) -> Checked;
}

/// What is asked for. The configuration is wholly known here.
#[derive(Debug)]
pub struct Listing<'v> {
    /// What narrows the list.
    pub config: Fields<'v>,
    /// How much of each object is wanted.
    pub detail: Detail,
    /// How many at most; `None` for no limit.
    pub limit: Option<usize>,
}

/// How much of an object a list tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Its identity and a name for people.
    Identity,
    /// All its attributes besides.
    Object,
}

/// One object of a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// What tells it from the others; wholly known.
    pub identity: Object,
    /// What people call it.
    pub display_name: String,
    /// All its attributes; needed only where [`Detail::Object`] was asked for.
    pub object: Option<Object>,
    /// What the user should know of it.
    pub warnings: Diagnostics,
}

/// Does somebody want more?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appetite {
    /// The list goes on.
    More,
    /// The limit is reached, or nobody listens any more.
    Enough,
}

/// Where a list hands its objects over.
pub struct Found<'f> {
    take: Box<dyn FnMut(Listed) -> Appetite + 'f>,
}

impl<'f> Found<'f> {
    /// A taker of objects.
    pub fn new(take: impl FnMut(Listed) -> Appetite + 'f) -> Self {
        Self { take: Box::new(take) }
    }

    /// Hands over one object, and learns whether another one is wanted.
    #[must_use]
    pub fn tell(&mut self, listed: Listed) -> Appetite {
        (self.take)(listed)
    }
}

impl fmt::Debug for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Found")
    }
}
