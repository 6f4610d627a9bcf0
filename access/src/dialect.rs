//! The policy grammars of platforms. A dialect knows its grammar and never a Terraform attribute.

pub mod aws;
pub mod kubernetes;
