//! What the command needs of the outside: streams, the clock, where programs are found.

use std::ffi::OsString;
use std::io;

use jiff::Timestamp;
use nhi_analyzer_output::Colour;
use nhi_register::Actor;

use crate::exit::Failure;

/// Everything a run may touch besides the files it is told of.
pub struct Surroundings<'a> {
    /// Read where the command line says `-`.
    pub stdin: &'a mut (dyn io::Read + Send),
    /// The report, and nothing else.
    pub stdout: &'a mut dyn io::Write,
    /// Everything else there is to say.
    pub stderr: &'a mut dyn io::Write,
    /// Whether the report may use escape sequences.
    pub colour: Colour,
    /// The time, unless `--at` names another.
    pub now: Timestamp,
    /// Where `terraform` and `tofu` are looked for, in the form of the variable `PATH`.
    pub path: Option<OsString>,
    /// Who calls, for what is written down.
    pub actor: Actor,
}

impl Surroundings<'_> {
    /// Writes the report. A reader that has seen enough (`| head`) is no error.
    pub(crate) fn print(&mut self, report: &[u8]) -> Result<(), Failure> {
        let written = self.stdout.write_all(report).and_then(|()| self.stdout.flush());
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::error(format!("the report could not be written: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Says something beside the report. Where nobody listens there is nobody to tell.
    pub(crate) fn say(&mut self, text: &str) {
        let _ = writeln!(self.stderr, "{}", nhi_analyzer_output::plain::lines(text));
        let _ = self.stderr.flush();
    }
}
