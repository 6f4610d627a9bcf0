//! `trial_ticket`: a file that is there while a run holds it. Some holders make it misbehave, for the tests.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use nhi_proto::schema::{Attribute, Block, Schema};
use nhi_proto::{
    Answer, Call, Checked, Diagnostic, Diagnostics, Ephemeral, Field, Fields, Lease, Object, Opened, Private,
    Type, Value,
};

use crate::{Folder, failed};

pub(crate) struct Ticket;

fn file(folder: &Folder, private: &Private) -> Result<PathBuf, Diagnostics> {
    let name = String::from_utf8(private.as_bytes().to_vec());
    let name = name.map_err(|error| Diagnostic::internal(error.to_string()))?;
    Ok(folder.0.join(name))
}

impl Ephemeral for Ticket {
    type Context = Folder;

    fn type_name(&self) -> &'static str {
        "trial_ticket"
    }

    fn schema(&self) -> Schema {
        let block = Block::new("A ticket.")
            .attribute("holder", Attribute::required(Type::String))
            .attribute("seat", Attribute::optional_computed(Type::Number))
            .attribute("code", Attribute::computed(Type::String).sensitive());
        Schema::new(0, block)
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        let seat: Field<i64> = config.get("seat")?;
        match seat.known() {
            Some(seat) if *seat < 1 => Err(Diagnostic::error("No such seat", "Seats are counted from one.")
                .at(config.path("seat"))
                .into()),
            _ => Ok(Diagnostics::none()),
        }
    }

    fn open(&self, call: &Call<Folder>, config: &Fields<'_>) -> Result<Answer<Opened>, Diagnostics> {
        let holder: String = config.get("holder")?;
        let seat: Option<i64> = config.get("seat")?;
        assert!(holder != "panic", "asked to panic");
        let private = Private::new(format!("ticket-{holder}"));
        fs::write(file(call, &private)?, "open").map_err(|error| failed(&error))?;
        let told = if holder == "changed" { "another" } else { holder.as_str() };
        let code = if holder == "half" { Value::unknown() } else { Value::string(format!("<{holder}>")) };
        let result =
            Object::new().with("holder", told).with("seat", &Some(seat.unwrap_or(1))).with("code", &code);
        let lease = Lease { private, renew_at: "2027-01-01T00:00:00.5Z".parse().ok() };
        let warning = Diagnostic::warning("Opened", "It is open.").at(config.path("holder"));
        Ok(Answer::from(Opened { result, lease }).warn([warning]))
    }

    fn renew(&self, call: &Call<Folder>, private: &Private) -> Result<Answer<Lease>, Diagnostics> {
        let file = file(call, private)?;
        if !file.exists() {
            return Err(Diagnostic::error("Not open", "Nothing is open that could last longer.").into());
        }
        fs::write(file, "renewed").map_err(|error| failed(&error))?;
        Ok(Lease::new(private.clone()).into())
    }

    fn close(&self, call: &Call<Folder>, private: &Private) -> Checked {
        match fs::remove_file(file(call, private)?) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(&error)),
            _ => Ok(Diagnostics::none()),
        }
    }
}
