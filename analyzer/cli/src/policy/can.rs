//! `nhi policy can`: is one request allowed, and why?

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use nhi_access::dialect::aws::PolicyKind;
use nhi_access::{Decision, Explanation, Request, World, alone, explain, words};
use nhi_analyzer_output::policy::ReadAs;
use nhi_analyzer_output::policy::decision::{Decided, Reason, json, terminal};

use super::document::Document;
use super::kind::{self, Kind};
use super::semantics::Chosen;
use crate::arguments::Format;
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Decide one request by one policy, and say statement by statement why.
///
/// Exits with 0 when it is allowed, 10 when it is denied, 11 when that depends on a disputed reading.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Can {
    /// The policy, as JSON; `-` for standard input
    #[arg(value_name = "DOC")]
    document: PathBuf,

    /// What is to be done, as in `s3:GetObject`
    #[arg(long, value_name = "ACTION", value_parser = action)]
    action: String,

    /// What it is to be done to: an ARN, or `*` for actions that take none
    #[arg(long, value_name = "ARN", default_value = "*")]
    resource: String,

    /// Who is to do it: an ARN, an account, or a service; needed by policies that name principals
    #[arg(long, value_name = "PRINCIPAL")]
    principal: Option<String>,

    /// A condition key that is present, with its value; again for more keys, or for more values of one
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    context: Vec<(String, String)>,

    /// What kind of policy it is [default: by its looks]
    #[arg(long, value_enum)]
    kind: Option<Kind>,

    /// Which readings of disputed points to hold
    #[arg(long, value_enum, default_value_t)]
    semantics: Chosen,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

/// Whose policy it is where the caller does not say: no identity policy asks for the name.
const SOMEBODY: &str = "arn:aws:iam::111122223333:role/example";

/// Decides, and prints why.
pub(crate) fn run(can: &Can, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let document = Document::read(&can.document, surroundings)?;
    let (kind, because) = kind::settle(can.kind, &[&document.text])?;
    let policy = document.parse(kind)?;
    let principal = match (&can.principal, kind) {
        (Some(principal), _) => principal.clone(),
        (None, PolicyKind::Identity) => SOMEBODY.to_owned(),
        (None, _) => {
            return Err(Failure::usage(format!(
                "`{}` is read as a {} policy, which names principals: say who asks with `--principal`",
                document.name,
                kind::word(kind)
            )));
        }
    };
    let request = Request {
        principal,
        action: can.action.clone(),
        resource: can.resource.clone(),
        context: context(&can.context)?,
    };
    let own = can.principal.clone().filter(|_| kind == PolicyKind::Identity);
    let world = World { principal: own, ..alone(policy.clone()) };
    let reasons = reasons(&world, &request, can.semantics);
    let decided = Decided {
        decision: match reasons.as_slice() {
            [(_, only)] => only.decision,
            _ => Decision::Unknown,
        },
        reasons: reasons
            .into_iter()
            .map(|(reading, explanation)| Reason {
                reading,
                places: (0..policy.statements.len()).map(|index| document.place(&policy, index)).collect(),
                explanation,
            })
            .collect(),
        read: ReadAs { kind: kind::word(kind), because, semantics: can.semantics.word() },
        document: document.name.clone(),
        // The name that stands in for nobody in particular is not told.
        request: Request { principal: can.principal.clone().unwrap_or_default(), ..request },
    };
    let mut text = Vec::new();
    match can.format {
        Format::Terminal => terminal::write(&decided, surroundings.colour, &mut text),
        Format::Json => json::write(&decided, &mut text),
    }
    .map_err(|error| Failure::error(format!("the answer could not be made: {error}")))?;
    surroundings.print(&text)?;
    Ok(match decided.decision {
        Decision::Allowed => Exit::Pass,
        Decision::Denied => Exit::Findings,
        Decision::Unknown => Exit::Undecided,
    })
}

/// One explanation for each decision that some reading comes to; the reading is named where there are several.
fn reasons(world: &World, request: &Request, semantics: Chosen) -> Vec<(Option<&'static str>, Explanation)> {
    let mut found: Vec<(Option<&'static str>, Explanation)> = Vec::new();
    for reading in semantics.settings().semantics.readings() {
        let explanation = explain(world, request, reading);
        if found.iter().all(|(_, other)| other.decision != explanation.decision) {
            found.push((Some(words::reading(reading)), explanation));
        }
    }
    if let [(reading, _)] = found.as_mut_slice() {
        *reading = None;
    }
    found
}

/// One value a mention; a key written in two ways is the same key.
fn context(pairs: &[(String, String)]) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let mut context: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, value) in pairs {
        if let Some(other) = context.keys().find(|other| *other != key && other.eq_ignore_ascii_case(key)) {
            return Err(Failure::usage(format!(
                "`{key}` and `{other}` are the same condition key: write it one way"
            )));
        }
        context.entry(key.clone()).or_default().push(value.clone());
    }
    Ok(context)
}

fn action(text: &str) -> Result<String, String> {
    match text.split_once(':') {
        _ if text.contains(['*', '?']) => {
            Err("a request does one action; `nhi policy covers` compares whole sets".to_owned())
        }
        Some((service, name)) if !service.is_empty() && !name.is_empty() => Ok(text.to_owned()),
        _ => Err("an action is written `service:Name`, as in `s3:GetObject`".to_owned()),
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("a context key is written `KEY=VALUE`, as in `aws:SourceIp=10.0.0.1`".to_owned()),
    }
}
