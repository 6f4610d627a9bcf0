//! The typed side of an action: something that is done once when a run asks for it, and leaves no state.

use std::fmt;

use crate::call::Call;
use crate::diagnostics::Diagnostics;
use crate::fields::Fields;
use crate::resource::Checked;
use crate::schema::Schema;

/// One kind of action.
pub trait Action: Send + Sync + 'static {
    /// What configuring the provider made.
    type Context: Send + Sync + 'static;

    /// The full type name, `nhi_approve` for example.
    fn type_name(&self) -> &'static str;

    /// The shape of its configuration; an action computes no attribute.
    fn schema(&self) -> Schema;

    /// Checks a configuration, in which anything may still be unknown. Asks neither clock nor remote.
    fn validate(&self, config: &Fields<'_>) -> Checked {
        let _ = config;
        Ok(Diagnostics::none())
    }

    /// Says beforehand what there is to say about a planned invocation; an error refuses it. Changes nothing. Anything
    /// in the configuration may still be unknown.
    fn plan(&self, call: &Call<Self::Context>, config: &Fields<'_>) -> Checked {
        let _ = (call, config);
        Ok(Diagnostics::none())
    }

    /// Does it. The configuration is wholly known here.
    fn invoke(&self, call: &Call<Self::Context>, config: &Fields<'_>, progress: &Progress) -> Checked;
}

/// Where an action tells how far it is; the user reads along.
pub struct Progress {
    tell: Box<dyn Fn(String) + Send + Sync>,
}

impl Progress {
    /// A reader of messages.
    pub fn new(tell: impl Fn(String) + Send + Sync + 'static) -> Self {
        Self { tell: Box::new(tell) }
    }

    /// Tells one step, in a sentence.
    pub fn tell(&self, message: impl Into<String>) {
        (self.tell)(message.into());
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Progress")
    }
}
