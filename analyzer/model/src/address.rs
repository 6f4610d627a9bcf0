//! Addresses of resource instances, as plans write them.

use std::fmt;
use std::str::FromStr;

pub mod token;

pub use token::{Token, tokens};

use crate::origin::{AttributePath, Step};

/// `managed`, `data` or `ephemeral`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// A resource the plan may change.
    Managed,
    /// A data source.
    Data,
    /// A resource that lives for one run.
    Ephemeral,
}

/// The key of an instance under `count` or `for_each`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `[0]`
    Int(i64),
    /// `["a.b"]`, unescaped
    Text(String),
}

/// One `module.name[key]` of an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleStep {
    /// The name of the call.
    pub name: String,
    /// Its instance key.
    pub key: Option<Key>,
}

/// The address of a resource instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The module calls from the root down.
    pub modules: Vec<ModuleStep>,
    /// Managed, data or ephemeral.
    pub mode: Mode,
    /// The resource type.
    pub kind: String,
    /// The resource name.
    pub name: String,
    /// Its instance key.
    pub key: Option<Key>,
}

/// Why a text is no address of a resource.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is nothing to read.
    #[error("an address is empty")]
    Empty,
    /// A name is missing between two dots, or at the end.
    #[error("`{text}` lacks a name at byte {at}")]
    NameMissing {
        /// The whole text.
        text: String,
        /// Byte offset in it.
        at: usize,
    },
    /// An instance key in brackets that is neither a number nor a quoted text, or has no end.
    #[error("`{text}` has an instance key at byte {at} that cannot be read")]
    Key {
        /// The whole text.
        text: String,
        /// Byte offset of its bracket.
        at: usize,
    },
    /// It ends before the resource's name, or goes on after its instance key.
    #[error("`{text}` is not the address of a resource: write `TYPE.NAME`, with `module.NAME.` before it")]
    NotAResource {
        /// The whole text.
        text: String,
    },
}

impl Address {
    /// The names of the module calls joined with dots, as module manifests key them; empty for the root.
    pub fn module_key(&self) -> String {
        let names: Vec<&str> = self.modules.iter().map(|step| step.name.as_str()).collect();
        names.join(".")
    }

    /// The same resource as the configuration knows it: no instance keys anywhere.
    #[must_use]
    pub fn without_keys(&self) -> Self {
        let bare = |step: &ModuleStep| ModuleStep { name: step.name.clone(), key: None };
        Self { modules: self.modules.iter().map(bare).collect(), key: None, ..self.clone() }
    }

    /// The text of the address without instance keys: `module.outer.module.inner.aws_iam_role.r`.
    pub fn config_text(&self) -> String {
        self.without_keys().to_string()
    }

    /// The text within its module, without instance keys: `aws_iam_role.r`, `data.aws_iam_policy_document.p`.
    pub fn local_text(&self) -> String {
        let mode = mode_prefix(self.mode);
        format!("{mode}{}.{}", self.kind, self.name)
    }

    /// Reads what an expression refers to: an address, and the path of the attribute behind it.
    pub fn parse_reference(text: &str) -> Result<(Self, AttributePath), AddressError> {
        let tokens = tokens(text)?;
        Self::from_tokens(&tokens).ok_or_else(|| AddressError::NotAResource { text: text.to_owned() })
    }

    /// Takes an address from the front of `tokens`, and the rest as an attribute path.
    pub fn from_tokens(tokens: &[Token<'_>]) -> Option<(Self, AttributePath)> {
        let mut rest = tokens;
        let mut modules = Vec::new();
        while let [Token::Name(word), Token::Name(name), tail @ ..] = rest
            && *word == "module"
        {
            let (key, tail) = split_key(tail);
            modules.push(ModuleStep { name: (*name).to_owned(), key });
            rest = tail;
        }
        let mode = match rest {
            [Token::Name(word), ..] if *word == "data" => Mode::Data,
            [Token::Name(word), ..] if *word == "ephemeral" => Mode::Ephemeral,
            _ => Mode::Managed,
        };
        if mode != Mode::Managed {
            rest = rest.get(1..)?;
        }
        let [Token::Name(kind), Token::Name(name), tail @ ..] = rest else { return None };
        let (key, tail) = split_key(tail);
        let path = tail.iter().map(Token::to_step).collect::<Option<Vec<Step>>>()?;
        let address = Self { modules, mode, kind: (*kind).to_owned(), name: (*name).to_owned(), key };
        Some((address, AttributePath(path)))
    }
}

fn split_key<'k, 't>(tokens: &'k [Token<'t>]) -> (Option<Key>, &'k [Token<'t>]) {
    match tokens {
        [Token::Key(key), tail @ ..] => (Some(key.clone()), tail),
        _ => (None, tokens),
    }
}

fn mode_prefix(mode: Mode) -> &'static str {
    match mode {
        Mode::Managed => "",
        Mode::Data => "data.",
        Mode::Ephemeral => "ephemeral.",
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, rest) = Self::parse_reference(text)?;
        if rest.0.is_empty() {
            Ok(address)
        } else {
            Err(AddressError::NotAResource { text: text.to_owned() })
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.modules {
            write!(f, "{step}.")?;
        }
        write!(f, "{}{}.{}", mode_prefix(self.mode), self.kind, self.name)?;
        self.key.iter().try_for_each(|key| write!(f, "{key}"))
    }
}

impl fmt::Display for ModuleStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "module.{}", self.name)?;
        self.key.iter().try_for_each(|key| write!(f, "{key}"))
    }
}

impl fmt::Display for Key {
    /// With its brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => write!(f, "[{number}]"),
            Self::Text(text) => write!(f, "[{}]", token::quoted(text)),
        }
    }
}
