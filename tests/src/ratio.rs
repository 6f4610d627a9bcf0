//! Ratios between what criterion has just measured, so that no absolute time has to be believed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The median of a benchmark in nanoseconds, as criterion left it under `target/criterion`.
///
/// # Errors
/// When the benchmark did not run in this target directory.
pub fn median(group: &str, name: &str) -> Result<f64> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), Into::into);
    let path = target.join("criterion").join(group).join(name).join("new/estimates.json");
    let text =
        fs::read_to_string(&path).with_context(|| format!("no measurement at `{}`", path.display()))?;
    let estimates: serde_json::Value = serde_json::from_str(&text)?;
    estimates
        .pointer("/median/point_estimate")
        .and_then(serde_json::Value::as_f64)
        .context("criterion wrote no median")
}

/// One line of a summary: a ratio beside its goal.
///
/// # Errors
/// When either benchmark did not run.
pub fn line(group: &str, name: &str, floor: &str, goal: f64) -> Result<String> {
    let ratio = median(group, name)? / median(group, floor)?;
    Ok(format!("{group}: {name} is {ratio:.2} times {floor} (goal: at most {goal})"))
}
