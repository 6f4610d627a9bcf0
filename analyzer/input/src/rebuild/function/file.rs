//! Files of the configuration, as far as the sources hold them.

use super::{Answer, known_text, only};
use crate::locate::module::LARGEST;
use crate::rebuild::Rebuilder;
use crate::rebuild::error::RebuildError;
use crate::rebuild::scope::Frame;
use crate::rebuild::value::Value;
use crate::sources::{SourceError, path};

pub(super) fn call(
    work: &Rebuilder<'_, '_, '_>,
    name: &str,
    arguments: &[Value],
    frame: Frame<'_>,
) -> Answer {
    let (file, values) = match (name, arguments) {
        ("templatefile", [file, values]) => (file, Some(values)),
        ("templatefile", _) => return Err(RebuildError::fails("it takes two arguments")),
        _ => (only(arguments)?, None),
    };
    let Some(file) = known_text(file)? else { return Ok(None) };
    // Paths are told from where the tool was started, which is the root module as a rule.
    let Some(sources) = work.sources else { return Ok(None) };
    let bytes = match sources.read(&path::join("", &file), LARGEST) {
        Ok(bytes) => bytes,
        // The sources are not all that Terraform can reach.
        Err(SourceError::Missing) => return Ok(None),
        Err(error) => return Err(RebuildError::fails(format!("`{file}`: {error}"))),
    };
    work.spend(bytes.len())?;
    let text = String::from_utf8(bytes).map_err(|_| RebuildError::fails(format!("`{file}` is not UTF-8")))?;
    match (name, values) {
        ("fileexists", _) => Ok(Some(Value::Bool(true))),
        (_, Some(values @ Value::Object(_))) => work.template_file(&text, values, frame).map(Some),
        (_, Some(_)) => Ok(None),
        (_, None) => Ok(Some(Value::from(text))),
    }
}
