//! What the fuzz targets do with their bytes, as plain functions: they build and run without libFuzzer.

pub mod bodies;
