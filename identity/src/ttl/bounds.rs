//! The shortest lifetime that works and the longest that may be, each with what makes it so.

use super::{Class, HOUR, Work};
use crate::identity::Tier;
use crate::period::Period;

/// One end of the range, with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Where it lies.
    pub seconds: u64,
    /// What makes it so, in one clause.
    pub because: String,
}

/// A range with nothing in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no lifetime works: {}, so at least {} are needed; {}, so at most {} may be given; {}",
    .minimum.because,
    show(.minimum.seconds),
    .maximum.because,
    show(.maximum.seconds),
    if *.refreshes {
        "make the issuer quicker or the clocks more exact, ask less often, or lift the cap"
    } else {
        "let the work refresh its token while it runs, part it into shorter runs, or lift the cap"
    }
)]
pub struct Infeasible {
    /// What is needed.
    pub minimum: Bound,
    /// What may be.
    pub maximum: Bound,
    /// Whether the work refreshes.
    pub(super) refreshes: bool,
}

/// A length of time as people write it.
pub(super) fn show(seconds: u64) -> String {
    match Period::parse(&format!("{seconds}s")) {
        Ok(period) => period.to_string(),
        Err(_) => format!("{seconds}s"),
    }
}

/// How long before its end a token has to be renewed: every attempt at its slowest, the waits between, the clocks, and the
/// time in which the issuer serves the whole fleet.
pub(super) fn renewal(work: &Work) -> u64 {
    let asking = work.issue_p99.saturating_mul(work.retry.attempts);
    asking.saturating_add(waits(work)).saturating_add(clocks(work)).saturating_add(drain(work))
}

/// The difference of clocks at both ends of a lifetime, and the reserve.
fn clocks(work: &Work) -> u64 {
    work.skew.saturating_mul(2).saturating_add(work.margin)
}

/// The waits between attempts.
fn waits(work: &Work) -> u64 {
    let (mut wait, mut sum) = (work.retry.base, 0_u64);
    // Once the waits have reached their cap they are all alike.
    let mut left = work.retry.attempts.saturating_sub(1);
    while left > 0 && wait < work.retry.cap && wait > 0 {
        sum = sum.saturating_add(wait);
        wait = wait.saturating_mul(2);
        left -= 1;
    }
    sum.saturating_add(wait.min(work.retry.cap).saturating_mul(left))
}

/// How long the issuer takes to serve every copy once.
fn drain(work: &Work) -> u64 {
    work.fleet.zip(work.issuer_rate).map_or(0, |(fleet, rate)| serving(fleet, rate))
}

/// How long the issuer takes for so many requests at so many a second.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounded up to whole seconds, neither number is negative, and what is too large saturates"
)]
pub(super) fn serving(requests: u64, rate: f64) -> u64 {
    (requests as f64 / rate).ceil() as u64
}

pub(super) fn of(work: &Work) -> (Bound, Bound) {
    let bound = |seconds: u64, because: &str| Bound { seconds, because: because.to_owned() };
    let mut lower = vec![bound(1, "a token lives at all")];
    if let Some(least) = work.issuer_minimum {
        lower.push(bound(least, "the issuer gives out nothing shorter"));
    }
    if work.refreshes() {
        // Refreshing takes at most half of what the issuer can bear.
        let pause = drain(work).saturating_mul(2).max(1);
        let renewal = renewal(work);
        let whole = match work.class {
            Class::Serving => renewal.max(pause).saturating_add(pause),
            _ => renewal.saturating_add(pause),
        };
        lower.push(bound(
            whole,
            "renewing in time takes every attempt, the waits between them and the difference of clocks",
        ));
    } else {
        let once = work.issue_p99.saturating_add(clocks(work));
        lower.push(bound(once, "the issuer's latency and the difference of clocks use it up"));
        if let Some(run) = work.run_p99 {
            let whole = run.saturating_add(work.skew).saturating_add(work.margin).saturating_add(work.queue);
            lower.push(bound(whole, &format!("a run of {} cannot refresh its token", show(run))));
        }
    }
    let class = work.class.habit();
    let mut upper = vec![bound(class.longest, &format!("work of the class `{}` has its cap", class.word))];
    if let Some(most) = work.issuer_maximum {
        upper.push(bound(most, "the issuer gives out nothing longer"));
    }
    if let Some(tier) = work.tier {
        upper.push(bound(cap(tier), &format!("tier {} has its cap", tier.level())));
    }
    let minimum = lower.into_iter().max_by_key(|bound| bound.seconds);
    let maximum = upper.into_iter().min_by_key(|bound| bound.seconds);
    let none = || bound(1, "nothing else is told");
    (minimum.unwrap_or_else(none), maximum.unwrap_or_else(none))
}

/// The longest lifetime that a tier bears.
fn cap(tier: Tier) -> u64 {
    match tier {
        Tier::Control => HOUR,
        Tier::Data => 4 * HOUR,
        Tier::NonProduction => 12 * HOUR,
    }
}
