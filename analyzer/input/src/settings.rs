//! Settings in `nhi.hcl`, searched from the source directory upward.

use nhi_analyzer_model::Severity;

mod parse;

/// The name of the settings file.
pub const SETTINGS_FILE: &str = "nhi.hcl";

/// What a team sets for its plans; every field has a default.
///
/// ```hcl
/// # nhi.hcl
/// owner_tags    = ["owner", "team"] # tag and label keys that name an owner
/// fail_on       = "high"            # critical, high, medium, low, info or never
/// register      = "sqlite:nhi.db"   # declarations to join
/// expiring_days = 14                # 0 to 3650
/// ```
///
/// The file holds attributes only, and their values are constants. An unknown name, a value of another type and a
/// name written twice are errors: a setting that is misspelled must not quietly be the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `owner_tags`: tag and label keys that name an owner, compared exactly. Default `owner`, `Owner`, `team`.
    pub owner_tags: Vec<String>,
    /// `fail_on`: the threshold of `--fail-on`; `None` is `"never"`. Default `high`.
    pub fail_on: Option<Severity>,
    /// `register`: the register to join, as in `--register`, the text as written. Default none.
    pub register: Option<String>,
    /// `expiring_days`: days before its end from which an exception is worth a word. Default 14.
    pub expiring_days: u32,
    /// Documents of policies that the plan only names, which the user exported (`--policies`): by ARN, or by the last part
    /// of their ARN. Default none.
    pub policies: std::collections::BTreeMap<String, String>,
    /// The folder of the file these were read from, as the path given to [`Settings::parse`] has it (`""` when it
    /// has none); a relative path in `register` counts from there. `None`: no file, these are the defaults.
    pub directory: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            owner_tags: ["owner", "Owner", "team"].map(String::from).to_vec(),
            fail_on: Some(Severity::High),
            register: None,
            expiring_days: 14,
            policies: std::collections::BTreeMap::new(),
            directory: None,
        }
    }
}

/// What is wrong with a settings file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {problem}")]
pub struct SettingsError {
    /// The file, as given to [`Settings::parse`].
    pub file: String,
    /// The line, from one.
    pub line: usize,
    /// The column in characters, from one.
    pub column: usize,
    /// What is wrong there.
    pub problem: SettingsProblem,
}

/// What can be wrong with a settings file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsProblem {
    /// Not HCL at all.
    #[error("not valid HCL: {0}")]
    Syntax(String),
    /// Larger than any settings file.
    #[error("the file is larger than 1 MiB, which no settings file is")]
    TooLarge,
    /// A name that means nothing here.
    #[error("unknown setting `{0}`; the settings are {known}", known = parse::known())]
    Unknown(String),
    /// A setting written as a block.
    #[error("`{0}` is written as a block; settings are attributes: `{0} = …`")]
    Block(String),
    /// The same setting twice.
    #[error("`{0}` is set twice; keep one of them")]
    Duplicate(String),
    /// A value that is not what the setting takes.
    #[error("`{name}` takes {expected}, for example `{name} = {example}`")]
    Value {
        /// The setting.
        name: String,
        /// What it takes.
        expected: &'static str,
        /// A value that would do.
        example: &'static str,
    },
    /// A value that is computed.
    #[error("`{0}` is computed; values in a settings file are constants")]
    NotConstant(String),
}

impl Settings {
    /// Reads the text of a settings file; `file` is its path, for messages and for [`Settings::directory`].
    pub fn parse(text: &str, file: &str) -> Result<Self, SettingsError> {
        parse::settings(text, file)
    }

    /// The first of `directories` (the source directory, then the ones above it) in which `read` finds a settings
    /// file: the path that was read, and its text.
    pub fn search<E>(
        directories: impl IntoIterator<Item = String>,
        mut read: impl FnMut(&str) -> Result<Option<String>, E>,
    ) -> Result<Option<(String, String)>, E> {
        for directory in directories {
            let separator = if directory.is_empty() || directory.ends_with(['/', '\\']) { "" } else { "/" };
            let file = format!("{directory}{separator}{SETTINGS_FILE}");
            if let Some(text) = read(&file)? {
                return Ok(Some((file, text)));
            }
        }
        Ok(None)
    }
}
