//! The nhi provider: what we offer in HCL.
