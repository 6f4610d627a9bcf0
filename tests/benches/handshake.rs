//! From the start of the provider's process to its handshake line, with and without mutual TLS, beside the start of the
//! same binary that only prints its version; and the memory it has taken by then. Run with
//! `cargo bench -p nhi-tests --bench handshake` after `cargo build --release -p terraform-provider-nhi`.

#![expect(clippy::print_stdout, reason = "a benchmark speaks to whoever runs it")]

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use criterion::Criterion;
use nhi_tests::ratio;

/// Terraform's side of the handshake, as every host sends it.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

fn main() -> Result<(), Box<dyn Error>> {
    // A host's certificate is P-521; what it is matters little here, as the provider only keeps its DER.
    let certificate = rcgen::generate_simple_self_signed(["localhost".to_owned()])?.cert.pem();

    let mut criterion = Criterion::default().sample_size(60).configure_from_args();
    let mut group = criterion.benchmark_group("start");
    group.bench_function("version", |bench| {
        bench.iter(|| Command::new(provider()).arg("--version").stdout(Stdio::null()).status());
    });
    group.bench_function("handshake", |bench| {
        bench.iter_custom(|runs| (0..runs).map(|_| handshake(None)).sum());
    });
    group.bench_function("handshake with mutual TLS", |bench| {
        bench.iter_custom(|runs| (0..runs).map(|_| handshake(Some(&certificate))).sum());
    });
    group.finish();
    criterion.final_summary();

    for name in ["handshake", "handshake with mutual TLS"] {
        println!(
            "start: {name} after {:.2} ms (goal: at most 3 ms), {:.2} times a start that prints its version",
            ratio::median("start", name)? / 1e6,
            ratio::median("start", name)? / ratio::median("start", "version")?,
        );
    }
    match peak_memory(&certificate)? {
        Some(kibibytes) => {
            println!("start: {kibibytes} KiB at the handshake line with mutual TLS (goal: at most 10,240)");
        }
        None => println!("start: this system does not tell the memory of a process under /proc"),
    }
    Ok(())
}

fn provider() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    target.join("release/terraform-provider-nhi")
}

/// The time until the line is read; ending the process is not counted.
fn handshake(certificate: Option<&str>) -> Duration {
    let start = Instant::now();
    let child = started(certificate);
    let elapsed = start.elapsed();
    assert!(child.is_ok(), "{child:?}");
    let Ok(mut child) = child else { return Duration::MAX };
    let _ = child.kill();
    let _ = child.wait();
    elapsed
}

/// The most a provider had in memory when its line was read, in KiB: pages of the program that were touched included.
/// `None` where the system keeps no such figure.
fn peak_memory(certificate: &str) -> Result<Option<u64>, Box<dyn Error>> {
    let mut child = started(Some(certificate))?;
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
    child.kill()?;
    child.wait()?;
    let Ok(status) = status else { return Ok(None) };
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    Ok(peak
        .and_then(|figure| figure.trim().strip_suffix("kB"))
        .map(|figure| figure.trim().parse())
        .transpose()?)
}

/// A provider that has printed its handshake line.
fn started(certificate: Option<&str>) -> Result<Child, Box<dyn Error>> {
    let mut command = Command::new(provider());
    command.env(COOKIE.0, COOKIE.1).env("PLUGIN_PROTOCOL_VERSIONS", "5,6");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    if let Some(certificate) = certificate {
        command.env("PLUGIN_CLIENT_CERT", certificate);
    }
    let mut child = command
        .spawn()
        .map_err(|error| format!("the release provider does not start: build it first ({error})"))?;
    let mut line = String::new();
    let read = child.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
    if matches!(read, Some(Ok(_))) && line.starts_with("1|6|") {
        return Ok(child);
    }
    child.kill()?;
    child.wait()?;
    Err(format!("no handshake line but `{line}`").into())
}
