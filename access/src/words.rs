//! The sentences for regions, witnesses and reasons; every surface prints these.

use crate::comparison::{Region, Undecided};
use crate::request::Request;

/// "may now `iam:PassRole` on any role, if MFA is absent".
pub fn region(region: &Region) -> String {
    request(&region.witness)
}

/// One request in words.
pub fn request(request: &Request) -> String {
    format!("`{}` may `{}` on `{}`", request.principal, request.action, request.resource)
}

/// Why something is undecided, in words.
pub fn undecided(_reason: &Undecided) -> String {
    String::new()
}
