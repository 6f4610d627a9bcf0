//! How Terraform and OpenTofu talk to a provider.
