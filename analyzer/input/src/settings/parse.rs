//! The text of `nhi.hcl` to settings, or to the first thing that is wrong with it.

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Structure};
use nhi_analyzer_model::Severity;

use super::{Settings, SettingsError, SettingsProblem};

const LARGEST: usize = 1 << 20;

/// One setting: what it takes, an example, and how a value is taken in (`None`: not such a value).
struct Setting {
    name: &'static str,
    expected: &'static str,
    example: &'static str,
    set: fn(&mut Settings, &Expression) -> Option<()>,
}

static SETTINGS: [Setting; 4] = [
    Setting {
        name: "owner_tags",
        expected: "a list of one or more different keys",
        example: r#"["owner", "team"]"#,
        set: |settings, value| {
            let tags: Option<Vec<String>> = value.as_array()?.iter().map(word).collect();
            let tags = tags.filter(|tags| !tags.is_empty())?;
            let differ =
                tags.iter().enumerate().all(|(at, tag)| !tags.iter().skip(at + 1).any(|other| other == tag));
            differ.then(|| settings.owner_tags = tags)
        },
    },
    Setting {
        name: "fail_on",
        expected: "one of `critical`, `high`, `medium`, `low`, `info`, `never`",
        example: r#""high""#,
        set: |settings, value| {
            let name = value.as_str()?;
            let severity = Severity::ALL.iter().copied().find(|severity| severity.as_str() == name);
            (severity.is_some() || name == "never").then(|| settings.fail_on = severity)
        },
    },
    Setting {
        name: "register",
        expected: "the URL of a register",
        example: r#""sqlite:nhi.db""#,
        set: |settings, value| {
            let url = word(value)?;
            let (scheme, rest) = url.split_once(':')?;
            let is_scheme = !scheme.is_empty() && scheme.chars().all(|letter| letter.is_ascii_lowercase());
            (is_scheme && !rest.is_empty()).then(|| settings.register = Some(url))
        },
    },
    Setting {
        name: "expiring_days",
        expected: "a whole number of days from 0 to 3650",
        example: "14",
        set: |settings, value| {
            let days = value.as_number()?.as_u64()?;
            let days = u32::try_from(days).ok().filter(|days| *days <= 3650)?;
            settings.expiring_days = days;
            Some(())
        },
    },
];

/// The names of all settings, for a message.
pub(super) fn known() -> String {
    SETTINGS.iter().map(|setting| format!("`{}`", setting.name)).collect::<Vec<_>>().join(", ")
}

pub(super) fn settings(text: &str, file: &str) -> Result<Settings, SettingsError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let at = |offset: usize, problem: SettingsProblem| {
        let before = text.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        SettingsError { file: file.to_owned(), line, column, problem }
    };
    if text.len() > LARGEST {
        return Err(at(0, SettingsProblem::TooLarge));
    }
    let body = hcl_edit::parser::parse_body(text).map_err(|error| {
        let offset = error.location().offset();
        at(offset, duplicate(text, offset, error.message()))
    })?;
    let mut settings = Settings { directory: Some(folder(file)), ..Settings::default() };
    for structure in &body {
        let start = structure.span().map_or(0, |span| span.start);
        match structure {
            Structure::Block(block) => {
                let name = block.ident.as_str().to_owned();
                let problem = match setting(&name) {
                    Some(_) => SettingsProblem::Block(name),
                    None => SettingsProblem::Unknown(name),
                };
                return Err(at(start, problem));
            }
            Structure::Attribute(attribute) => {
                let value = attribute.value.span().map_or(start, |span| span.start);
                take(&mut settings, attribute).map_err(|problem| match problem {
                    SettingsProblem::Unknown(_) => at(start, problem),
                    _ => at(value, problem),
                })?;
            }
        }
    }
    Ok(settings)
}

fn take(settings: &mut Settings, attribute: &Attribute) -> Result<(), SettingsProblem> {
    let name = attribute.key.as_str().to_owned();
    let Some(setting) = setting(&name) else { return Err(SettingsProblem::Unknown(name)) };
    if !is_constant(&attribute.value) {
        return Err(SettingsProblem::NotConstant(name));
    }
    let problem = SettingsProblem::Value { name, expected: setting.expected, example: setting.example };
    (setting.set)(settings, &attribute.value).ok_or(problem)
}

fn setting(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

fn is_constant(value: &Expression) -> bool {
    match value {
        Expression::Null(_)
        | Expression::Bool(_)
        | Expression::Number(_)
        | Expression::String(_)
        | Expression::Object(_)
        | Expression::HeredocTemplate(_) => true,
        Expression::Array(items) => items.iter().all(is_constant),
        _ => false,
    }
}

fn word(value: &Expression) -> Option<String> {
    value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// The parser itself refuses an attribute that is written twice; it deserves the words of the other messages.
fn duplicate(text: &str, offset: usize, message: &str) -> SettingsProblem {
    let rest = text.get(offset..).unwrap_or_default();
    let name =
        rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default();
    if message.contains("redefined") && setting(name).is_some() {
        SettingsProblem::Duplicate(name.to_owned())
    } else {
        SettingsProblem::Syntax(message.to_owned())
    }
}

fn folder(file: &str) -> String {
    match file.rfind(['/', '\\']) {
        Some(0) => file.chars().take(1).collect(),
        Some(end) => file.get(..end).unwrap_or_default().to_owned(),
        None => String::new(),
    }
}
