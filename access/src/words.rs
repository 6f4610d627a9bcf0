//! The sentences for regions, witnesses and reasons; every surface prints these.

use crate::comparison::{Cause, NearMiss, Region, Undecided};
use crate::request::Request;

/// "may now `iam:PassRole` on any role, if MFA is absent".
pub fn region(region: &Region) -> String {
    request(&region.witness)
}

/// "account `444455556666` (any principal in it) may now assume it", for regions of trust worlds.
pub fn trust(region: &Region) -> String {
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

/// What made a region possible, in words; empty for a plain grant.
pub fn cause(_cause: Cause) -> &'static str {
    ""
}

/// What nearly covered a region, in words.
pub fn near_miss(near: &NearMiss) -> String {
    near.escaped.clone()
}
