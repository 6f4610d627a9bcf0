//! Log lines on stderr in the form that Terraform's core reads, at the level `TF_LOG` asks for.

use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::sync::OnceLock;

use serde_json::{Map, Value as Json};

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Every step.
    Trace,
    /// What helps to find a fault.
    Debug,
    /// What happened.
    Info,
    /// What looks wrong and was survived.
    Warn,
    /// What failed.
    Error,
}

static SETTING: OnceLock<Setting> = OnceLock::new();

#[derive(Debug)]
struct Setting {
    least: Option<Level>,
    module: String,
}

/// Writes one line, if the level is asked for. `fields` stand beside the message under their names.
pub fn line(level: Level, message: &str, fields: &[(&str, &str)]) {
    let (least, module) = match SETTING.get() {
        Some(setting) => (setting.least, setting.module.as_str()),
        None => (Some(Level::Error), "provider"),
    };
    if least.is_none_or(|least| level < least) {
        return;
    }
    let text = format(level, module, message, fields);
    // There is nowhere to complain to when stderr itself is gone.
    drop(std::io::stderr().lock().write_all(text.as_bytes()));
}

/// Takes the level from the environment: `TF_LOG_PROVIDER_<NAME>`, else `TF_LOG_PROVIDER`, else `TF_LOG`;
/// without any of them only errors are written.
pub(crate) fn set_up(name: &str, variable: impl Fn(&str) -> Option<String>) {
    let own = format!("TF_LOG_PROVIDER_{}", name.to_uppercase().replace('-', "_"));
    let names = [own.as_str(), "TF_LOG_PROVIDER", "TF_LOG"];
    let asked = names.into_iter().filter_map(&variable).find(|value| !value.is_empty());
    let setting =
        Setting { least: asked.map_or(Some(Level::Error), |text| level(&text)), module: name.to_owned() };
    // A second set-up in one process changes nothing; the first one asked the same environment.
    drop(SETTING.set(setting));
}

/// Turns a panic into one line of the log; Terraform would bury the usual text.
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let text = panic_text(panic.payload());
        line(Level::Error, &format!("panic: {text}"), &[("at", &place)]);
    }));
}

/// What a panic said.
pub(crate) fn panic_text(payload: &(dyn std::any::Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("(no message)")
}

/// The least level that a setting asks for; `None` for silence.
fn level(text: &str) -> Option<Level> {
    match text.to_ascii_uppercase().as_str() {
        "OFF" => None,
        "DEBUG" => Some(Level::Debug),
        "INFO" => Some(Level::Info),
        "WARN" => Some(Level::Warn),
        "ERROR" => Some(Level::Error),
        // `TRACE`, `JSON`, and what the core also takes for trace: anything else.
        _ => Some(Level::Trace),
    }
}

fn format(level: Level, module: &str, message: &str, fields: &[(&str, &str)]) -> String {
    let name = match level {
        Level::Trace => "trace",
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    };
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
    let mut parts: Map<String, Json> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), Json::from(*value))).collect();
    parts.insert("@level".to_owned(), Json::from(name));
    parts.insert("@message".to_owned(), Json::from(message));
    parts.insert("@module".to_owned(), Json::from(module));
    parts.insert("@timestamp".to_owned(), Json::from(now));
    format!("{}\n", Json::Object(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_the_core_parses() {
        let text = format(Level::Warn, "trial", "two\nlines", &[("at", "here")]);
        assert_eq!(text.matches('\n').count(), 1);
        let parsed: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(parsed["@level"], "warn");
        assert_eq!(parsed["@message"], "two\nlines");
        assert_eq!(parsed["at"], "here");
        let stamp = parsed["@timestamp"].as_str().unwrap();
        assert_eq!(stamp.len(), "2006-01-02T15:04:05.000000Z".len(), "{stamp}");
    }

    #[test]
    fn levels_are_those_of_the_core() {
        assert_eq!(level("off"), None);
        assert_eq!(level("info"), Some(Level::Info));
        assert_eq!(level("JSON"), Some(Level::Trace));
        assert_eq!(level("anything"), Some(Level::Trace));
    }
}
