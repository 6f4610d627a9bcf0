//! What the command line takes; help, completions and pages come from here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use nhi_analyzer_model::Severity;
use nhi_register::DEFAULT_ORGANISATION;

use crate::exit::Exit;
use crate::policy::Policy;
use crate::register;

/// Governs the identities that are not people: owners, ends, federation, and what they are allowed.
#[derive(Debug, Parser)]
#[command(name = "nhi", version = version(), after_help = Exit::HELP, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Tell what a Terraform or OpenTofu plan newly allows, and who answers for it
    Check(Check),
    /// Ask about policy documents themselves
    Policy {
        #[command(subcommand)]
        policy: Policy,
    },
    /// Ask a register, and take care of it
    Register {
        #[command(subcommand)]
        register: register::Command,
    },
    /// List the rules
    Rules,
    /// Print the page of a rule
    Explain(Explain),
}

/// Tell what a Terraform or OpenTofu plan newly allows, and who answers for it.
///
/// The report alone goes to standard output, everything else to standard error.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Check {
    /// The plan: JSON (`terraform show -json plan.bin`), a binary plan, or `-` for JSON on standard input
    #[arg(value_name = "PLAN")]
    pub(crate) plan: PathBuf,

    /// The configuration for file names and lines: its root directory, or the binary plan the JSON was made from
    /// [default: the plan's directory]
    #[arg(long, value_name = "DIR|PLANFILE")]
    pub(crate) source: Option<PathBuf>,

    /// Documents of policies that the plan only names: `NAME.json` with a document or what `aws iam get-policy-version`
    /// prints, or what `aws iam get-account-authorization-details` prints
    #[arg(long, value_name = "DIR")]
    pub(crate) policies: Option<PathBuf>,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    pub(crate) format: Format,

    /// The least severity that fails; `never` for a report without a verdict [default: high]
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub(crate) fail_on: Option<FailOn>,

    /// Join the declarations of this register, read only, as in `sqlite:nhi.db`
    #[arg(long, value_name = "URL")]
    pub(crate) register: Option<String>,

    /// The organisation in that register
    #[arg(long, value_name = "NAME", default_value = DEFAULT_ORGANISATION)]
    pub(crate) organisation: String,

    /// Judge expiries by this time, in RFC 3339, instead of the clock
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) at: Option<Timestamp>,

    /// The program that shows a binary plan [default: `terraform`, else `tofu`, on PATH]
    #[arg(long, value_name = "PATH")]
    pub(crate) terraform: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The rule's id, as in a report
    #[arg(value_name = "RULE")]
    pub(crate) rule: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a reader
    Terminal,
    /// For a program, version 1
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Critical,
    High,
    Medium,
    Low,
    Info,
    Never,
}

impl FailOn {
    /// The threshold; `None`: never fail.
    pub(crate) fn threshold(self) -> Option<Severity> {
        match self {
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "not a time in RFC 3339, such as 2026-01-31T00:00:00Z".to_owned())
}

/// The program's version, and the day of the catalogue of actions it annotates with.
fn version() -> &'static str {
    static VERSION: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    VERSION.get_or_init(|| {
        let date = nhi_access::dialect::aws::catalogue::date();
        format!("{} (actions of AWS as of {date})", env!("CARGO_PKG_VERSION"))
    })
}
