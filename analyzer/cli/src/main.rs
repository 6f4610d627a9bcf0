//! The command nhi.

fn main() {}
