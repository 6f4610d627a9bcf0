//! Shows a binary plan through the program that made it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::exit::Failure;
use crate::surroundings::Surroundings;

/// Lines of the program's own words that are passed on.
const TAIL: usize = 12;

/// Runs `show -json` on a binary plan in `directory`, saying so. `program`: the one the caller chose.
pub(crate) fn show(
    plan: &Path,
    directory: &Path,
    program: Option<&Path>,
    surroundings: &mut Surroundings<'_>,
) -> Result<Vec<u8>, Failure> {
    let programs = match program {
        Some(program) => vec![program.to_owned()],
        None => found(surroundings.path.as_deref()),
    };
    if programs.is_empty() {
        return Err(Failure::input(format!(
            "`{}` is a binary plan, and neither `terraform` nor `tofu` was found to show it\n{}",
            plan.display(),
            by_hand(plan, directory, "terraform"),
        )));
    }
    let absolute = std::path::absolute(plan)
        .map_err(|error| Failure::input(format!("`{}` cannot be found: {error}", plan.display())))?;
    let mut first = None;
    for program in programs {
        surroundings.say(&format!(
            "showing the binary plan with `{} show -json {}` in `{}`",
            program.display(),
            plan.display(),
            shown(directory),
        ));
        match run(&program, &absolute, directory) {
            Ok(json) => return Ok(json),
            // A plan of OpenTofu is shown by OpenTofu alone, so the next program may do; the first error is told.
            Err(words) => first = first.or(Some((program, words))),
        }
    }
    let (program, words) = first.unwrap_or_default();
    let name = program.file_stem().and_then(OsStr::to_str).unwrap_or("terraform").to_owned();
    Err(Failure::input(format!(
        "`{}` could not show the binary plan `{}` in `{}`:\n{words}\n{}",
        program.display(),
        plan.display(),
        shown(directory),
        by_hand(plan, directory, &name),
    )))
}

/// What to type instead, where the providers of the plan are at hand.
fn by_hand(plan: &Path, directory: &Path, program: &str) -> String {
    format!(
        "run these two commands in `{}` and check `plan.json` instead:\n  {program} init\n  {program} show -json {} > plan.json",
        shown(directory),
        std::path::absolute(plan).unwrap_or_else(|_| plan.to_owned()).display(),
    )
}

fn shown(directory: &Path) -> String {
    if directory.as_os_str().is_empty() { ".".to_owned() } else { directory.display().to_string() }
}

/// The programs on `PATH`, in the order in which they are tried.
fn found(path: Option<&OsStr>) -> Vec<PathBuf> {
    let Some(path) = path else { return Vec::new() };
    let names = ["terraform", "tofu"].map(|name| format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let folders: Vec<PathBuf> = std::env::split_paths(path).filter(|folder| folder.is_absolute()).collect();
    names
        .iter()
        .filter_map(|name| folders.iter().map(|folder| folder.join(name)).find(|program| program.is_file()))
        .collect()
}

fn run(program: &Path, plan: &Path, directory: &Path) -> Result<Vec<u8>, String> {
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    // A relative program is meant from here, not from the directory it will run in.
    let program = if program.components().count() > 1 {
        std::path::absolute(program).unwrap_or_else(|_| program.to_owned())
    } else {
        program.to_owned()
    };
    let output = Command::new(program)
        .args(["show", "-json", "-no-color"])
        .arg(plan)
        .current_dir(directory)
        .env("TF_IN_AUTOMATION", "1")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("  {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = words.lines().filter(|line| !line.trim().is_empty()).collect();
    let tail = lines.iter().take(TAIL).map(|line| format!("  {line}"));
    Err(tail.collect::<Vec<_>>().join("\n"))
}
