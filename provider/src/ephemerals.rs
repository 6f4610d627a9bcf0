//! What is open while a run lasts, and kept in no state: one file a kind.

mod elevation_grant;

use nhi_proto::EphemeralResources;

use crate::context::Context;

/// Every ephemeral resource.
pub(crate) fn all() -> EphemeralResources<Context> {
    EphemeralResources::new().with(elevation_grant::ElevationGrant)
}
