//! The typed side of an ephemeral resource: something that is open while a run lasts and is kept nowhere.

use jiff::Timestamp;

use crate::call::{Answer, Call, Private};
use crate::diagnostics::Diagnostics;
use crate::fields::{Fields, Object};
use crate::resource::Checked;
use crate::schema::Schema;

/// One kind of ephemeral resource.
///
/// A run opens it while it plans and again while it applies, and closes it each time: opening twice must do no harm.
pub trait Ephemeral: Send + Sync + 'static {
    /// What configuring the provider made.
    type Context: Send + Sync + 'static;

    /// The full type name, `nhi_elevation_grant` for example.
    fn type_name(&self) -> &'static str;

    /// The shape of its configuration and of its result, which are one object.
    fn schema(&self) -> Schema;

    /// Checks a configuration, in which anything may still be unknown. Asks neither clock nor remote.
    fn validate(&self, config: &Fields<'_>) -> Checked {
        let _ = config;
        Ok(Diagnostics::none())
    }

    /// Opens it. The configuration is wholly known here.
    fn open(&self, call: &Call<Self::Context>, config: &Fields<'_>) -> Result<Answer<Opened>, Diagnostics>;

    /// Extends it, at the time its lease named; the new lease takes the place of the old one.
    fn renew(&self, call: &Call<Self::Context>, private: &Private) -> Result<Answer<Lease>, Diagnostics> {
        let _ = call;
        Ok(Lease::new(private.clone()).into())
    }

    /// Closes it. That it is closed already is success.
    fn close(&self, call: &Call<Self::Context>, private: &Private) -> Checked {
        let _ = (call, private);
        Ok(Diagnostics::none())
    }
}

/// What is open, and what keeps it so.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The whole object: what was configured as it was configured, and what is computed.
    pub result: Object,
    /// What keeps it open.
    pub lease: Lease,
}

/// How long something stays open, and what the provider must remember of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What closing or extending it needs to know. Terraform forgets it with the run.
    pub private: Private,
    /// When Terraform is to ask for more time; `None` when it need not.
    pub renew_at: Option<Timestamp>,
}

impl Lease {
    /// A lease that needs no renewal.
    pub fn new(private: Private) -> Self {
        Self { private, renew_at: None }
    }

    /// This lease, to be renewed at a time.
    #[must_use]
    pub fn renewed_at(mut self, at: Timestamp) -> Self {
        self.renew_at = Some(at);
        self
    }
}
