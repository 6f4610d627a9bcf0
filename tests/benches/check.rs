//! `nhi check` on a plan of 2,000 changes beside a bare typed parse of the same file: as processes, in memory, and on
//! ten times the plan. Run with `cargo bench -p nhi-tests --bench check` after `cargo build --release --workspace`.

#![expect(clippy::print_stdout, reason = "a benchmark speaks to whoever runs it")]

use std::error::Error;
use std::ffi::OsString;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use criterion::Criterion;
use flate2::read::GzDecoder;
use nhi::{Actor, Exit, Surroundings};
use nhi_analyzer_output::Colour;
use nhi_tests::{floor, ratio};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut text = String::new();
    let data =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../analyzer/input/tests/plans/large-update.json.gz");
    GzDecoder::new(File::open(data)?).read_to_string(&mut text)?;
    let tenfold = replicate(&text, 10)?;
    let once = folder.path().join("plan.json");
    let ten = folder.path().join("tenfold.json");
    fs::write(&once, &text)?;
    fs::write(&ten, &tenfold)?;

    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    let mut group = criterion.benchmark_group("process");
    group.bench_function("floor", |bench| bench.iter(|| run(&release("floor"), &[&once])));
    group.bench_function("check", |bench| bench.iter(|| run(&release("nhi"), &check(&once))));
    group.finish();

    let mut group = criterion.benchmark_group("memory");
    group.bench_function("floor", |bench| bench.iter(|| floor::parse(black_box(&text))));
    group.bench_function("check", |bench| bench.iter(|| in_memory(black_box(&text))));
    group.bench_function("tenfold", |bench| bench.iter(|| in_memory(black_box(&tenfold))));
    group.finish();
    criterion.final_summary();

    println!("{}", ratio::line("process", "check", "floor", 2.2)?);
    println!("{}", ratio::line("memory", "check", "floor", 2.0)?);
    println!("{}", ratio::line("memory", "tenfold", "check", 12.0)?);
    Ok(())
}

fn release(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    target.join("release").join(name)
}

fn check(plan: &Path) -> Vec<&Path> {
    ["check", "--fail-on", "never", "--format", "json"].map(Path::new).into_iter().chain([plan]).collect()
}

/// The whole of `nhi check` without a process: from the plan's text to the report's.
fn in_memory(text: &str) -> usize {
    let arguments = ["nhi", "check", "--fail-on", "never", "--format", "json", "-"].map(OsString::from);
    let (mut report, mut said) = (Vec::new(), Vec::new());
    let mut surroundings = Surroundings {
        stdin: &mut text.as_bytes(),
        stdout: &mut report,
        stderr: &mut said,
        colour: Colour::Never,
        now: jiff::Timestamp::UNIX_EPOCH,
        path: None,
        actor: Actor { name: "nobody".to_owned(), source: "none".to_owned() },
    };
    let exit = nhi::run(arguments, &mut surroundings);
    assert!(matches!(exit, Exit::Pass), "{}", String::from_utf8_lossy(&said));
    report.len()
}

fn run(program: &Path, arguments: &[impl AsRef<std::ffi::OsStr>]) {
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "`{}` fails: build the release binaries first",
        program.display()
    );
}

/// The same plan `times` over, each copy with services of its own name.
fn replicate(text: &str, times: usize) -> Result<String, serde_json::Error> {
    let mut plan: serde_json::Value = serde_json::from_str(text)?;
    for list in [
        "/resource_changes",
        "/prior_state/values/root_module/child_modules",
        "/planned_values/root_module/child_modules",
    ] {
        let Some(items) = plan.pointer_mut(list).and_then(serde_json::Value::as_array_mut) else { continue };
        let written = serde_json::to_string(items)?;
        for copy in 1..times {
            let renamed: Vec<serde_json::Value> =
                serde_json::from_str(&written.replace("svc-", &format!("sv{copy}-")))?;
            items.extend(renamed);
        }
    }
    serde_json::to_string(&plan)
}
