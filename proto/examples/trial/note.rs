//! `trial_note`: writes lines to a file, one step each. Some names make it misbehave, for the tests.

use std::fs;

use nhi_proto::schema::{Attribute, Block, Schema};
use nhi_proto::{Action, Call, Checked, Diagnostic, Diagnostics, Field, Fields, Progress, Type};

use crate::{Folder, failed};

pub(crate) struct Note;

impl Action for Note {
    type Context = Folder;

    fn type_name(&self) -> &'static str {
        "trial_note"
    }

    fn schema(&self) -> Schema {
        let block = Block::new("A note.")
            .attribute("name", Attribute::required(Type::String))
            .attribute("lines", Attribute::optional(Type::list(Type::String)));
        Schema::new(0, block)
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        match config.get::<Field<String>>("name")?.known() {
            Some(name) if name.contains('/') => {
                let detail = "A note lies in the folder itself.";
                Err(Diagnostic::error("Not a name", detail).at(config.path("name")).into())
            }
            _ => Ok(Diagnostics::none()),
        }
    }

    fn plan(&self, call: &Call<Folder>, config: &Fields<'_>) -> Checked {
        match config.get::<Field<String>>("name")?.known() {
            Some(name) if call.0.join(name).exists() => {
                let detail = "The note would be overwritten.";
                Err(Diagnostic::error("There already", detail).at(config.path("name")).into())
            }
            _ => Ok(Diagnostics::none()),
        }
    }

    fn invoke(&self, call: &Call<Folder>, config: &Fields<'_>, progress: &Progress) -> Checked {
        let name: String = config.get("name")?;
        let lines: Vec<String> = config.get::<Option<_>>("lines")?.unwrap_or_default();
        let mut text = String::new();
        for line in &lines {
            text = text + line + "\n";
            progress.tell(format!("wrote {line}"));
        }
        match name.as_str() {
            "panic" => unreachable!("asked to panic"),
            "slow" => loop {
                call.cancellation().check()?;
                std::thread::park_timeout(std::time::Duration::from_millis(5));
            },
            _ => fs::write(call.0.join(&name), text).map_err(|error| failed(&error))?,
        }
        let warning = Diagnostic::warning("Short note", "It says nothing.").at(config.path("lines"));
        Ok(if lines.is_empty() { warning.into() } else { Diagnostics::none() })
    }
}
