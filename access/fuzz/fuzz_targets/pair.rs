//! Feeds random texts to the body `pair`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| nhi_access_fuzz::bodies::pair(bytes));
