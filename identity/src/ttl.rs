//! How long tokens should live: long enough to survive a bad day of their issuer, short enough that a stolen one is worth
//! little. All lengths are seconds.

mod bounds;

use crate::identity::Tier;

pub use bounds::{Bound, Infeasible};

/// What kind of work a token serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Short requests by a tool at hand.
    Interactive,
    /// A job of a pipeline.
    Ci,
    /// A long run, of training for example.
    Batch,
    /// A service that always runs.
    Serving,
    /// One call of an agent's tool.
    Agent,
    /// An emergency, once.
    BreakGlass,
}

/// What holds for a class as long as nobody says otherwise.
struct Habit {
    word: &'static str,
    class: Class,
    refreshes: Refresh,
    usual: u64,
    longest: u64,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

const HABITS: [Habit; 6] = [
    Habit {
        word: "interactive",
        class: Class::Interactive,
        refreshes: Refresh::Yes,
        usual: 15 * MINUTE,
        longest: HOUR,
    },
    Habit { word: "ci", class: Class::Ci, refreshes: Refresh::No, usual: 15 * MINUTE, longest: 12 * HOUR },
    Habit { word: "batch", class: Class::Batch, refreshes: Refresh::Yes, usual: HOUR, longest: 12 * HOUR },
    Habit {
        word: "serving",
        class: Class::Serving,
        refreshes: Refresh::Yes,
        usual: HOUR,
        longest: 24 * HOUR,
    },
    Habit {
        word: "agent",
        class: Class::Agent,
        refreshes: Refresh::Yes,
        usual: 5 * MINUTE,
        longest: 5 * MINUTE,
    },
    Habit {
        word: "break_glass",
        class: Class::BreakGlass,
        refreshes: Refresh::No,
        usual: HOUR,
        longest: HOUR,
    },
];

impl Class {
    /// Every class, as users write them.
    pub fn words() -> impl Iterator<Item = &'static str> {
        HABITS.iter().map(|habit| habit.word)
    }

    /// Reads the user's word.
    pub fn parse(text: &str) -> Option<Self> {
        HABITS.iter().find(|habit| habit.word == text).map(|habit| habit.class)
    }

    fn habit(self) -> &'static Habit {
        let [first, ..] = &HABITS;
        HABITS.iter().find(|habit| habit.class == self).unwrap_or(first)
    }
}

/// Whether the work can take a new token while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// It can.
    Yes,
    /// One token has to last.
    No,
}

/// The work, its issuer, and how patient it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// Its class.
    pub class: Class,
    /// How much harm it can do; caps every lifetime.
    pub tier: Option<Tier>,
    /// Whether it refreshes; by its class when nothing is said.
    pub refresh: Option<Refresh>,
    /// How long half of the runs take.
    pub run_p50: Option<u64>,
    /// How long all but one run of a hundred take.
    pub run_p99: Option<u64>,
    /// How long a run waits between getting its token and starting.
    pub queue: u64,
    /// How long the issuer takes, all but once in a hundred times.
    pub issue_p99: u64,
    /// How far clocks are apart at most.
    pub skew: u64,
    /// A reserve on top of all else.
    pub margin: u64,
    /// The shortest lifetime the issuer gives out.
    pub issuer_minimum: Option<u64>,
    /// The longest.
    pub issuer_maximum: Option<u64>,
    /// How often and how patiently it asks again.
    pub retry: Retry,
    /// How many copies of the work run at once.
    pub fleet: Option<u64>,
    /// How many tokens a second the issuer gives out.
    pub issuer_rate: Option<f64>,
    /// How likely one request to the issuer fails.
    pub failure_rate: Option<f64>,
}

/// Asking again after a failure, each wait twice as long as the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Requests altogether; at least one.
    pub attempts: u64,
    /// The first wait.
    pub base: u64,
    /// The longest wait.
    pub cap: u64,
}

impl Work {
    /// Work of a class about which nothing else is known: an issuer that answers within five seconds, clocks a minute
    /// apart, three attempts.
    pub fn new(class: Class) -> Self {
        Self {
            class,
            tier: None,
            refresh: None,
            run_p50: None,
            run_p99: None,
            queue: 0,
            issue_p99: 5,
            skew: MINUTE,
            margin: 0,
            issuer_minimum: None,
            issuer_maximum: None,
            retry: Retry { attempts: 3, base: 1, cap: 30 },
            fleet: None,
            issuer_rate: None,
            failure_rate: None,
        }
    }

    fn refreshes(&self) -> bool {
        self.refresh.unwrap_or(self.class.habit().refreshes) == Refresh::Yes
    }
}

/// The answer: a range of lifetimes that work, or the reason why none does.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// The shortest lifetime that works.
    pub minimum: Bound,
    /// The longest that may be.
    pub maximum: Bound,
    /// What to choose; none when the two bounds leave nothing.
    pub choice: Result<Choice, Infeasible>,
    /// What to look at besides.
    pub warnings: Vec<String>,
}

/// A lifetime, and what follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The lifetime.
    pub lifetime: u64,
    /// When to ask for the next token, counted from when this one was issued; none for work that does not refresh.
    pub refresh_after: Option<u64>,
    /// Requests a second that the whole fleet makes of the issuer.
    pub load: Option<f64>,
    /// How likely a refresh fails for good, all its attempts together.
    pub failure: Option<f64>,
}

/// The lifetime that tokens of this work should have.
pub fn advise(work: &Work) -> Advice {
    let (minimum, maximum) = bounds::of(work);
    let choice = if maximum.seconds < minimum.seconds {
        let refreshes = work.refreshes();
        Err(Infeasible { minimum: minimum.clone(), maximum: maximum.clone(), refreshes })
    } else {
        Ok(choose(work, minimum.seconds, maximum.seconds))
    };
    let warnings = warnings(work, choice.as_ref().ok());
    Advice { minimum, maximum, choice, warnings }
}

fn choose(work: &Work, minimum: u64, maximum: u64) -> Choice {
    let usual = work.class.habit().usual;
    // Work that cannot refresh gets what its longest run needs, and no more; whole minutes read better.
    let wished = match work.run_p99 {
        Some(_) if !work.refreshes() => minimum,
        _ => usual.max(minimum),
    };
    let lifetime = whole_minutes(wished).min(maximum).max(minimum);
    let refresh_after = work.refreshes().then(|| refresh_point(work, lifetime));
    Choice {
        lifetime,
        refresh_after,
        load: refresh_after.zip(work.fleet).map(|(every, fleet)| ratio(fleet, every.max(1))),
        failure: work
            .failure_rate
            .map(|rate| rate.powi(i32::try_from(work.retry.attempts).unwrap_or(i32::MAX))),
    }
}

/// Services refresh at half life, so that an issuer may fail for a while; other work as late as is safe.
fn refresh_point(work: &Work, lifetime: u64) -> u64 {
    let latest = lifetime.saturating_sub(bounds::renewal(work));
    if work.class == Class::Serving { latest.min(lifetime / 2) } else { latest }
}

fn whole_minutes(seconds: u64) -> u64 {
    seconds.div_ceil(MINUTE).saturating_mul(MINUTE)
}

#[expect(clippy::cast_precision_loss, reason = "a figure to look at, and fleets are smaller than 2^53")]
fn ratio(count: u64, seconds: u64) -> f64 {
    count as f64 / seconds as f64
}

fn warnings(work: &Work, choice: Option<&Choice>) -> Vec<String> {
    let mut found = Vec::new();
    let show = bounds::show;
    if !work.refreshes() && work.run_p99.is_none() {
        found.push(
            "how long a run takes is not told (`run_p99`), so nothing shows that the token outlives it"
                .to_owned(),
        );
    }
    if work.class == Class::Batch && !work.refreshes() {
        let text = "one token for a whole run is long exposure: let the run read its token anew from a projected file, and \
                    go on from a checkpoint when it loses it";
        found.push(text.to_owned());
    }
    if let (Some(half), Some(most), false) = (work.run_p50, work.run_p99, work.refreshes())
        && half.saturating_mul(4) <= most
    {
        found.push(format!(
            "half of the runs end within {}, and the token lives for the few that take {}: parting the long ones off would \
             shorten it for the others",
            show(half),
            show(most)
        ));
    }
    match (work.fleet, work.issuer_rate) {
        (Some(fleet), Some(rate)) => {
            let storm = fleet.saturating_mul(work.retry.attempts);
            let window = choice.map_or(0, |choice| choice.lifetime - choice.refresh_after.unwrap_or(0));
            let needed = bounds::serving(storm, rate);
            if needed > window && choice.is_some() {
                found.push(format!(
                    "if the issuer fails and all {fleet} ask again with {} attempts each, it needs {} for them, more than the \
                     {} that their tokens last: spread the requests by jitter",
                    work.retry.attempts,
                    show(needed),
                    show(window)
                ));
            }
        }
        (Some(_), None) => found.push(
            "what the issuer can bear is not told (`issuer_rate`), so nothing shows that it can serve the fleet".to_owned(),
        ),
        _ => {}
    }
    if work.class == Class::BreakGlass {
        found.push(
            "break-glass access is for one use: end it when the emergency ends, not when the token does"
                .to_owned(),
        );
    }
    found
}

#[cfg(test)]
mod tests;
