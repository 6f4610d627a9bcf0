//! `ttl_recommend`: how long tokens of some work should live.

use nhi_identity::ttl::{Advice, Choice, Class, Refresh, Retry, Work, advise};
use nhi_identity::{Period, rank};
use nhi_proto::value::Number;
use nhi_proto::{Arguments, Function, FunctionError, Object, Signature, Type};

use super::options::{Known, Options, attributes, parameter};

/// `provider::nhi::ttl_recommend({ … })`.
pub(super) struct TtlRecommend;

const KNOWN: [Known; 17] = [
    (
        "class",
        "what kind of work it is: `interactive` (short requests), `ci` (a job of a pipeline), `batch` (a long run), `serving` (a \
         service), `agent` (calls of an agent's tools) or `break_glass` (an emergency). Required.",
    ),
    (
        "tier",
        "its tier, which caps the lifetime: an hour in tier 0, four in tier 1, twelve in tier 2. No cap without it.",
    ),
    (
        "refreshable",
        "whether it can take a new token while it runs. By its class without it: `ci` and `break_glass` cannot, the others can.",
    ),
    ("run_p50", "how long half of its runs take."),
    (
        "run_p99",
        "how long 99 of 100 runs take at most; work that cannot refresh needs a token for all of it.",
    ),
    ("queue", "how long a run may wait between getting its token and starting; none without it."),
    ("issue_latency_p99", "how long the issuer takes for 99 of 100 tokens at most; `5s` without it."),
    ("clock_skew", "how far clocks may be apart; `1m` without it."),
    (
        "issuer_minimum",
        "the shortest lifetime the issuer gives out (AWS roles: `15m`, projected tokens of Kubernetes: `10m`).",
    ),
    (
        "issuer_maximum",
        "the longest lifetime the issuer gives out (AWS roles: `12h`, and `1h` from role to role).",
    ),
    ("attempts", "how often it asks the issuer at most; 3 without it."),
    ("retry_base", "how long it waits before it asks again, twice as long each time; `1s` without it."),
    ("retry_cap", "the longest such wait; `30s` without it."),
    ("fleet_size", "how many copies of it run at once."),
    ("issuer_rate", "how many tokens a second the issuer gives out."),
    ("failure_rate", "how likely one request to the issuer fails, between 0 and 1."),
    ("margin", "a reserve on top of all else; none without it."),
];

impl Function for TtlRecommend {
    type Answer = Object;

    fn name(&self) -> &'static str {
        "ttl_recommend"
    }

    fn signature(&self) -> Signature {
        let returns = Type::object([
            ("feasible", Type::Bool),
            ("reason", Type::String),
            ("recommended", Type::String),
            ("recommended_seconds", Type::Number),
            ("minimum_seconds", Type::Number),
            ("minimum_reason", Type::String),
            ("maximum_seconds", Type::Number),
            ("maximum_reason", Type::String),
            ("refresh_after_seconds", Type::Number),
            ("requests_per_second", Type::Number),
            ("refresh_failure_rate", Type::Number),
            ("warnings", Type::list(Type::String)),
        ]);
        let description = format!(
            "Answers the range of lifetimes in which tokens outlive the work and its issuer's bad days without being worth \
             stealing, and what to choose in it. A token has to last for every attempt to renew it, the waits between them, the \
             difference of clocks and the time in which the issuer serves the whole fleet; or, where the work cannot renew it, \
             for the longest run. It may last as long as issuer, class and tier allow.\n\nThe answer is an object: \
             `feasible`; `recommended` (as `nhi_identity` takes it) and `recommended_seconds`; `minimum_seconds` and \
             `maximum_seconds` with `minimum_reason` and `maximum_reason`; `refresh_after_seconds`, when to ask for the next \
             token, null for work that does not refresh; `requests_per_second` of the fleet; `refresh_failure_rate`, how likely \
             all attempts fail; and `warnings`. When no lifetime works, `feasible` is `false`, `reason` says why, and \
             `recommended` is null: an answer to act on, not an error. What was not told enough to compute is \
             null.\n\nThe object takes these attributes; lengths of time are texts as `90s` and `1h30m`, or numbers of \
             seconds:\n{}",
            attributes(&KNOWN)
        );
        Signature::new("Tells how long the tokens of some work should live.", returns)
            .describe(&description)
            .parameter(parameter("work", "what the tokens are for"))
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<Object, FunctionError> {
        Ok(answer(&advise(&work(&Options::of(arguments, "work", &KNOWN)?)?)))
    }
}

fn work(options: &Options<'_>) -> Result<Work, FunctionError> {
    let class = options.required("class")?;
    let class = Class::parse(&class).ok_or_else(|| {
        let words: Vec<String> = Class::words().map(|word| format!("`{word}`")).collect();
        let text = format!(
            "`class`: `{}` is not a class of work: write one of {}",
            class.escape_debug(),
            words.join(", ")
        );
        options.wrong(text)
    })?;
    let tier = options.text("tier")?;
    let tier = tier.map(|text| rank::tier(&text).map_err(|error| options.wrong(format!("`tier`: {error}"))));
    let usual = Work::new(class);
    let attempts = options.whole("attempts")?.unwrap_or(usual.retry.attempts);
    if attempts == 0 {
        return Err(options.wrong("`attempts`: at least one is needed"));
    }
    let failure_rate = options.number("failure_rate")?;
    if let Some(rate) = failure_rate.filter(|rate| *rate > 1.0) {
        return Err(options.wrong(format!("`failure_rate`: {rate} is more than 1")));
    }
    let issuer_rate = options.number("issuer_rate")?;
    if issuer_rate == Some(0.0) {
        return Err(options.wrong("`issuer_rate`: an issuer that gives out no tokens serves nobody"));
    }
    let skew = options.seconds("clock_skew")?.unwrap_or(usual.skew);
    Ok(Work {
        class,
        tier: tier.transpose()?,
        refresh: options.truth("refreshable")?.map(|yes| if yes { Refresh::Yes } else { Refresh::No }),
        run_p50: options.seconds("run_p50")?,
        run_p99: options.seconds("run_p99")?,
        queue: options.seconds("queue")?.unwrap_or(usual.queue),
        issue_p99: options.seconds("issue_latency_p99")?.unwrap_or(usual.issue_p99),
        skew,
        margin: options.seconds("margin")?.unwrap_or(usual.margin),
        issuer_minimum: options.seconds("issuer_minimum")?,
        issuer_maximum: options.seconds("issuer_maximum")?,
        retry: Retry {
            attempts,
            base: options.seconds("retry_base")?.unwrap_or(usual.retry.base),
            cap: options.seconds("retry_cap")?.unwrap_or(usual.retry.cap),
        },
        fleet: options.whole("fleet_size")?,
        issuer_rate,
        failure_rate,
    })
}

fn answer(advice: &Advice) -> Object {
    let choice = advice.choice.as_ref().ok();
    let seconds = |seconds: u64| Number::from(seconds);
    let lifetime = choice.map(|choice| choice.lifetime);
    let period = lifetime.and_then(|seconds| Period::parse(&format!("{seconds}s")).ok());
    Object::new()
        .with("feasible", &choice.is_some())
        .with("reason", &advice.choice.as_ref().err().map(ToString::to_string))
        .with("recommended", &period.map(|period| period.to_string()))
        .with("recommended_seconds", &lifetime.map(seconds))
        .with("minimum_seconds", &seconds(advice.minimum.seconds))
        .with("minimum_reason", &advice.minimum.because)
        .with("maximum_seconds", &seconds(advice.maximum.seconds))
        .with("maximum_reason", &advice.maximum.because)
        .with("refresh_after_seconds", &choice.and_then(|choice| choice.refresh_after).map(seconds))
        .with("requests_per_second", &choice.and_then(load))
        .with("refresh_failure_rate", &choice.and_then(|choice| figure(choice.failure?)))
        .with("warnings", &advice.warnings)
}

fn load(choice: &Choice) -> Option<Number> {
    figure(choice.load?)
}

/// A figure to look at: six digits after the point are enough, and the same on every machine.
fn figure(value: f64) -> Option<Number> {
    format!("{value:.6}").parse().ok()
}
