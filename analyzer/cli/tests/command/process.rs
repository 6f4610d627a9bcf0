//! Runs the command in this process, with streams held in memory and a fixed clock.

use std::ffi::OsString;
use std::io;

use nhi::Surroundings;
use nhi_analyzer_output::Colour;
use nhi_register::Actor;

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) exit: u8,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// `nhi` with these arguments, nothing on `PATH`, and the clock at 2026-11-23. An argument `@NAME` says who calls.
pub(crate) fn run<S: AsRef<str>>(arguments: &[S], stdin: &[u8]) -> Ran {
    run_with(arguments, stdin, None)
}

/// The same with a `PATH`.
pub(crate) fn run_with<S: AsRef<str>>(arguments: &[S], mut stdin: &[u8], path: Option<OsString>) -> Ran {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let exit = into(arguments, &mut stdin, (&mut stdout, &mut stderr), path);
    Ran { exit, stdout: String::from_utf8(stdout).unwrap(), stderr: String::from_utf8(stderr).unwrap() }
}

/// The same with streams of the caller's.
pub(crate) fn into<S: AsRef<str>>(
    arguments: &[S],
    stdin: &mut (dyn io::Read + Send),
    (stdout, stderr): (&mut dyn io::Write, &mut dyn io::Write),
    path: Option<OsString>,
) -> u8 {
    let caller = arguments.iter().find_map(|argument| argument.as_ref().strip_prefix('@'));
    let mut surroundings = Surroundings {
        stdin,
        stdout,
        stderr,
        colour: Colour::Never,
        now: "2026-11-23T00:00:00Z".parse().unwrap(),
        path,
        actor: Actor { name: caller.unwrap_or("nobody").to_owned(), source: "NHI_ACTOR".to_owned() },
    };
    let arguments = arguments.iter().map(AsRef::as_ref).filter(|argument| !argument.starts_with('@'));
    let arguments = std::iter::once("nhi").chain(arguments).map(OsString::from);
    nhi::run(arguments, &mut surroundings).into()
}
