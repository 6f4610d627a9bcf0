//! Amazon Web Services: what the IAM resource types say.

pub(crate) mod arn;
pub(crate) mod documents;
pub(crate) mod graph;
pub(crate) mod holes;
pub(crate) mod identity;
pub(crate) mod link;
pub(crate) mod managed;
pub(crate) mod mirror;
pub(crate) mod ownership;
pub(crate) mod policy_document;
pub(crate) mod principal;
pub(crate) mod resource_policy;
pub(crate) mod shape;
pub(crate) mod touched;
