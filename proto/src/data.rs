//! The typed side of a data source: something that is looked up and not managed.

use crate::call::{Answer, Call};
use crate::diagnostics::Diagnostics;
use crate::fields::{Fields, Object};
use crate::resource::Checked;
use crate::schema::Schema;

/// One kind of data source.
pub trait DataSource: Send + Sync + 'static {
    /// What configuring the provider made.
    type Context: Send + Sync + 'static;

    /// The full type name, `nhi_owners` for example.
    fn type_name(&self) -> &'static str;

    /// The shape of its configuration and of its answer, which are one object.
    fn schema(&self) -> Schema;

    /// Checks a configuration, in which anything may still be unknown. Asks neither clock nor remote.
    fn validate(&self, config: &Fields<'_>) -> Checked {
        let _ = config;
        Ok(Diagnostics::none())
    }

    /// Looks it up. The configuration is wholly known here. The answer is the whole object: what was configured as it
    /// was configured, and what is computed, all of it known; that something is not there is an error.
    fn read(&self, call: &Call<Self::Context>, config: &Fields<'_>) -> Result<Answer<Object>, Diagnostics>;
}
