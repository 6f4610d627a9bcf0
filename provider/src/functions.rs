//! What configurations may ask without a register, one file a function; and the two documents that the questions about
//! access take.

mod audience_for;
mod aws_trust_policy;
mod expires_in_days;
mod github_subject;
mod gitlab_subject;
mod kubernetes_subject;
mod new_access;
mod options;
mod parse_spiffe_id;
mod terraform_cloud_subject;
mod tier_rank;
mod ttl_recommend;
mod within;

use std::thread;

use nhi_access::dialect::aws::{self, Policy, PolicyKind, Principals, guess_kind};
use nhi_access::{Newly, Settings, newly, pair, words};
use nhi_proto::{Arguments, FunctionError, Functions};

/// What a policy of a hundred thousand statements may need of a thread's stack.
const STACK: usize = 256 << 20;

/// Every function.
pub(crate) fn all() -> Functions {
    Functions::new()
        .with(audience_for::AudienceFor)
        .with(aws_trust_policy::AwsTrustPolicy)
        .with(expires_in_days::ExpiresInDays)
        .with(github_subject::GithubSubject)
        .with(gitlab_subject::GitlabSubject)
        .with(kubernetes_subject::KubernetesSubject)
        .with(new_access::NewAccess)
        .with(parse_spiffe_id::ParseSpiffeId)
        .with(terraform_cloud_subject::TerraformCloudSubject)
        .with(tier_rank::TierRank)
        .with(ttl_recommend::TtlRecommend)
        .with(within::Within)
}

/// How a document is handed over, for descriptions.
const TEXT: &str = "The text of a policy document: `jsonencode({ … })`, `file(…)`, or the `json` of an \
                    `aws_iam_policy_document`.";

/// How documents are read, for descriptions.
const KIND: &str = "Two documents whose statements name principals are read as resource policies, or as trust policies where \
                    they speak of assuming roles alone; two that name none as policies of an identity. Disputed points of the \
                    policy language are read every way at once.";

/// Two documents of one kind, of which the second may allow more than the first.
struct Policies {
    kind: PolicyKind,
    narrow: Policy,
    wide: Policy,
}

impl Policies {
    /// Reads the arguments `narrow` and `wide`; an absent `narrow` is a document that allows nothing.
    fn of(arguments: &Arguments<'_>, narrow: &str, wide: &str) -> Result<Self, FunctionError> {
        let first: Option<String> = arguments.get(narrow)?;
        let second: String = arguments.get(wide)?;
        let texts: Vec<&str> = first.iter().chain([&second]).map(|text| bare(text)).collect();
        let kind = guess_kind(&texts).ok_or_else(|| {
            let text = "one of the documents names principals and the other does not: only two of one kind can be compared";
            FunctionError::new(text)
        })?;
        let read =
            |name: &str, text: &str| document(text, kind).map_err(|error| arguments.wrong(name, error));
        Ok(Self {
            kind,
            narrow: match &first {
                Some(text) => read(narrow, text)?,
                None => Policy::new(kind, Vec::new()),
            },
            wide: read(wide, &second)?,
        })
    }

    /// What `wide` allows and `narrow` does not.
    fn newly(&self) -> Result<Newly, FunctionError> {
        let broken = || {
            let text = "a contradiction inside the engine: its answer was not confirmed; please report these two policies";
            FunctionError::new(text)
        };
        let (before, after) = pair(self.narrow.clone(), self.wide.clone());
        let found = thread::scope(|scope| {
            let asked = || newly(&before, &after, &Settings::default());
            let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, asked);
            let thread =
                thread.map_err(|error| FunctionError::new(format!("no thread could be started: {error}")))?;
            thread.join().map_err(|_| broken())
        })?;
        if found.mismatches > 0 { Err(broken()) } else { Ok(found) }
    }
}

/// Why the engine could not decide, in one clause.
fn reasons(found: &Newly) -> String {
    let all: Vec<String> = found.undecided.iter().map(words::undecided).collect();
    all.join("; ")
}

/// The text without the mark that some editors put first.
fn bare(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn document(text: &str, kind: PolicyKind) -> Result<Policy, String> {
    let text = bare(text);
    if !text.trim_start().starts_with('{') {
        return Err("it is not the text of a policy document; `jsonencode` makes one of an object, `file` reads one, and \
                    `aws_iam_policy_document` has one in `json`"
            .to_owned());
    }
    let policy = aws::parse(text, kind).map_err(|error| error.to_string())?;
    let nameless = policy.statements.iter().position(|statement| statement.principals == Principals::Absent);
    match nameless.filter(|_| kind != PolicyKind::Identity) {
        Some(index) => Err(format!(
            "statement {} names no principal, while others do: only documents of one kind can be compared",
            index + 1
        )),
        None => Ok(policy),
    }
}
