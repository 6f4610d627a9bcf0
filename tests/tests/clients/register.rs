//! `nhi register …`, as a person calls it at a time of ours on the register beside a configuration.

use anyhow::Result;
use nhi::Surroundings;
use nhi_analyzer_output::Colour;
use nhi_register::Actor;
use nhi_tests::sandbox::Sandbox;

/// The exit code, and all that was said. Without a time it is now.
pub(crate) fn register(
    sandbox: &Sandbox,
    (person, now): (&str, Option<&str>),
    arguments: &[&str],
) -> Result<(u8, String)> {
    let url = format!("sqlite:{}", sandbox.work().join(".nhi/register.db").display());
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut surroundings = Surroundings {
        stdin: &mut std::io::empty(),
        stdout: &mut stdout,
        stderr: &mut stderr,
        colour: Colour::Never,
        now: now.map_or_else(|| Ok(jiff::Timestamp::now()), str::parse)?,
        path: None,
        actor: Actor { name: person.to_owned(), source: "NHI_ACTOR".to_owned() },
    };
    let whole = [&["nhi", "register"], arguments, &["--register", &url]].concat();
    let exit = nhi::run(whole.into_iter().map(Into::into), &mut surroundings).into();
    Ok((exit, String::from_utf8(stdout)? + &String::from_utf8(stderr)?))
}
