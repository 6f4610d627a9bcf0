//! What surrounds an operation: the provider's own state, cancellation, private data, and answers with warnings.

use std::ops::Deref;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::diagnostics::{Diagnostic, Diagnostics};

/// One call of Terraform, with what the configured provider shares between calls.
#[derive(Debug)]
pub struct Call<C> {
    context: Arc<C>,
    cancellation: Cancellation,
}

impl<C> Call<C> {
    /// A call on a configured provider.
    pub fn new(context: Arc<C>, cancellation: Cancellation) -> Self {
        Self { context, cancellation }
    }

    /// How to learn that the user has asked Terraform to stop.
    pub fn cancellation(&self) -> &Cancellation {
        &self.cancellation
    }
}

/// The provider's own state, as its `configure` made it.
impl<C> Deref for Call<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.context
    }
}

/// Whether the user has asked Terraform to stop.
#[derive(Debug, Clone, Default)]
pub struct Cancellation {
    token: CancellationToken,
}

impl Cancellation {
    /// Whether work should end as soon as nothing is left half done.
    pub fn is_requested(&self) -> bool {
        self.token.is_cancelled()
    }

    /// An error when work should end, for use with `?` between steps.
    pub fn check(&self) -> Result<(), Diagnostics> {
        if self.is_requested() {
            let detail = "Terraform asked the provider to stop; this operation ended before it was complete.";
            return Err(Diagnostic::error("Operation cancelled", detail).into());
        }
        Ok(())
    }

    /// Asks every operation that watches this to end.
    pub fn request(&self) {
        self.token.cancel();
    }

    /// Waits until stopping is requested.
    pub async fn requested(&self) {
        self.token.cancelled().await;
    }
}

/// Bytes that Terraform keeps beside an object and never shows: what the provider must remember.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Private {
    bytes: Vec<u8>,
}

impl Private {
    /// Nothing to remember.
    pub fn none() -> Self {
        Self::default()
    }

    /// These bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into() }
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// An object and the private bytes beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored<M> {
    /// The object.
    pub object: M,
    /// The bytes beside it.
    pub private: Private,
}

impl<M> Stored<M> {
    /// An object with nothing beside it.
    pub fn new(object: M) -> Self {
        Self { object, private: Private::none() }
    }

    /// This object with `private` beside it.
    #[must_use]
    pub fn with_private(mut self, private: Private) -> Self {
        self.private = private;
        self
    }
}

/// A success, with warnings that accompany it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// What was asked for.
    pub value: T,
    /// What the user should know besides.
    pub warnings: Diagnostics,
}

impl<T> Answer<T> {
    /// This answer with more warnings.
    #[must_use]
    pub fn warn(mut self, warnings: impl IntoIterator<Item = Diagnostic>) -> Self {
        self.warnings.extend(warnings);
        self
    }

    /// The same warnings around another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Answer<U> {
        Answer { value: f(self.value), warnings: self.warnings }
    }
}

impl<T> From<T> for Answer<T> {
    fn from(value: T) -> Self {
        Self { value, warnings: Diagnostics::none() }
    }
}

/// A failure that may have left something behind.
///
/// What exists must be told: an object that is not returned is lost to Terraform.
#[derive(Debug)]
pub struct Failure<M> {
    /// Why it failed.
    pub diagnostics: Diagnostics,
    /// The object as far as it exists; `None` leaves the state as it was before.
    pub left_behind: Option<Box<Stored<M>>>,
}

impl<M> Failure<M> {
    /// This failure, with the object as far as it exists.
    #[must_use]
    pub fn leaving(mut self, object: Stored<M>) -> Self {
        self.left_behind = Some(Box::new(object));
        self
    }
}

impl<M> From<Diagnostics> for Failure<M> {
    fn from(diagnostics: Diagnostics) -> Self {
        Self { diagnostics, left_behind: None }
    }
}

impl<M> From<Diagnostic> for Failure<M> {
    fn from(diagnostic: Diagnostic) -> Self {
        Diagnostics::from(diagnostic).into()
    }
}
