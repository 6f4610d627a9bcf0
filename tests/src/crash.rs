//! Providers killed in the midst of an apply, driven over the real calls: afterwards the register holds all of the change
//! or nothing of it, its chain verifies, and the next process gets to the end of the same change.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use nhi_proto::value::Number;
use nhi_proto::{Type, Value};
use nhi_register::{DEFAULT_ORGANISATION, KeptBody, Location, Register, fault};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::differential::dice::Dice;
use crate::simulator::{Applied, Core, Instance};

/// More points than any change reaches; how many there are shows when a process survives.
const MANY: usize = 24;

/// A moment at random falls within so many microseconds of the call.
const MOMENT: usize = 5_000;

/// What is done to an object when the process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Create,
    Update,
    Delete,
}

const DEEDS: [Deed; 3] = [Deed::Create, Deed::Update, Deed::Delete];

/// An object to kill over: its kind, its configuration, and a change to it.
struct Case {
    kind: &'static str,
    first: Json,
    second: Json,
}

fn cases() -> [Case; 3] {
    let member = |purpose: &str| json!({ "kind": "agent", "owner": "team", "tier": 2, "purpose": purpose });
    let identity = |tier: u8, app: &str| json!({ "name": "robot", "kind": "agent", "owner": "team", "tier": tier, "labels": { "app": app } });
    let exception = |action: &str| {
        json!({ "name": "legacy", "identity": "deploy", "owner": "team", "permits": { "actions": [action] },
                "reason": "the vendor has nothing else", "compensating_controls": ["alerts"], "valid_for": "30d" })
    };
    [
        Case { kind: "nhi_identity", first: identity(2, "shop"), second: identity(1, "bank") },
        Case { kind: "nhi_exception", first: exception("s3:GetObject"), second: exception("s3:PutObject") },
        Case {
            kind: "nhi_manifest",
            first: json!({ "name": "fleet", "identities": { "one": member("Runs."), "two": member("Runs."), "three": member("Runs.") } }),
            second: json!({ "name": "fleet", "identities": { "one": member("Walks."), "two": member("Runs."), "four": member("Runs.") } }),
        },
    ]
}

/// What the runs came to.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many runs there were.
    pub runs: usize,
    /// Runs by the change and the place of the kill.
    pub points: BTreeMap<String, usize>,
    /// In how many of them all of the change was kept.
    pub whole: usize,
    /// In how many nothing of it was.
    pub nothing: usize,
    /// What broke a promise.
    pub wrong: Vec<String>,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (point, runs) in &self.points {
            writeln!(f, "{runs:>5} {point}")?;
        }
        let Self { runs, whole, nothing, wrong, .. } = self;
        write!(
            f,
            "{runs} runs: the change was kept whole in {whole}, not at all in {nothing}; {} wrong",
            wrong.len()
        )?;
        wrong.iter().try_for_each(|one| write!(f, "\n{one}"))
    }
}

/// Kills so many providers, each in a folder of its own; the dice choose where.
pub fn run(program: &Path, runs: usize, seed: u64) -> Tally {
    let mut dice = Dice::new(seed);
    let mut tally = Tally::default();
    let cases = cases();
    let mut all: Vec<(&Case, Deed, usize)> =
        cases.iter().flat_map(|case| DEEDS.map(|deed| (case, deed, MANY))).collect();
    let turns = all.len();
    for number in 0..runs {
        let Some((case, deed, most)) = all.get_mut(number % turns) else { break };
        let at =
            if dice.once_in(6) { At::Moment(dice.roll(MOMENT)) } else { At::Point(dice.roll(*most) + 1) };
        tally.runs += 1;
        let told = match one(program, case, *deed, at) {
            Err(error) => {
                tally.wrong.push(format!("run {number}, {deed:?} of {} at {at:?}: {error:#}", case.kind));
                continue;
            }
            Ok(end) => {
                *(if end.kept { &mut tally.whole } else { &mut tally.nothing }) += 1;
                match at {
                    At::Moment(_) if end.answered => "after the answer, by chance".to_owned(),
                    At::Moment(_) => "at a moment by chance".to_owned(),
                    At::Point(point) if end.answered => {
                        *most = point.min(*most);
                        "after the answer".to_owned()
                    }
                    At::Point(point) => format!("at point {point:02}"),
                }
            }
        };
        *tally.points.entry(format!("{} {deed:?} {told}", case.kind)).or_default() += 1;
    }
    tally
}

/// Where the process dies.
#[derive(Clone, Copy, Debug)]
enum At {
    /// At this point of the register.
    Point(usize),
    /// So many microseconds after the call went out.
    Moment(usize),
}

/// What became of a kill.
struct End {
    kept: bool,
    answered: bool,
}

fn one(program: &Path, case: &Case, deed: Deed, at: At) -> Result<End> {
    let folder = TempDir::new()?;
    let core = start(program, folder.path(), None)?;
    for (kind, config) in [
        (
            "nhi_owner",
            json!({ "name": "team", "accountable": ["alice@example.com"], "backup": ["bob@example.com"] }),
        ),
        ("nhi_identity", json!({ "name": "deploy", "kind": "agent", "owner": "team", "tier": 2 })),
    ] {
        core.bring(kind, None, &value(&config, &core.kind(kind)?.ty)?).context("what is needed first")?;
    }
    let ty = core.kind(case.kind)?.ty.clone();
    let first = value(&case.first, &ty)?;
    let prior: Option<Instance> = match deed {
        Deed::Create => None,
        Deed::Update | Deed::Delete => Some(core.bring(case.kind, None, &first)?.instance),
    };
    let config = match deed {
        Deed::Create => first,
        Deed::Update => value(&case.second, &ty)?,
        Deed::Delete => Value::Null,
    };
    drop(core);
    let before = bodies(folder.path()).context("before the kill")?;

    let point = match at {
        At::Point(point) => Some(point),
        At::Moment(_) => None,
    };
    let core = start(program, folder.path(), point)?;
    let plan = core.next(case.kind, prior.as_ref(), &config)?;
    let (answered_by, answer) = mpsc::channel::<()>();
    let process = core.plugin().id();
    let answered = std::thread::scope(|scope| {
        if let At::Moment(moment) = at {
            scope.spawn(move || {
                let moment = Duration::from_micros(u64::try_from(moment).unwrap_or(0));
                if answer.recv_timeout(moment).is_err() {
                    drop(Command::new("kill").args(["-9", &process.to_string()]).status());
                }
            });
        }
        let applied = core.apply(&plan, &config).and_then(Applied::whole);
        // Who listens for it may have been too quick for it.
        let _ = answered_by.send(());
        applied.is_ok()
    });
    drop(core);
    let left = bodies(folder.path()).context("after the kill")?;

    let core = start(program, folder.path(), None)?;
    match (deed, &prior) {
        (Deed::Delete, Some(prior)) => {
            if let Some(known) = core.refresh(case.kind, prior)? {
                core.end(case.kind, &known).context("the second delete")?;
            }
        }
        _ => {
            core.bring(case.kind, prior.as_ref(), &config).context("the second try")?;
        }
    }
    drop(core);
    let after = bodies(folder.path()).context("after the second try")?;
    ensure!(before != after, "the change changes nothing");
    let kept = left == after;
    ensure!(kept || left == before, "half of the change was kept: {left:?}, not {before:?} or {after:?}");
    ensure!(kept || !answered, "what was answered is not kept");
    Ok(End { kept, answered })
}

fn start(program: &Path, folder: &Path, point: Option<usize>) -> Result<Core> {
    let mut command = Command::new(program);
    command.current_dir(folder).env("TMPDIR", folder).env("NHI_ACTOR", "alice").stderr(Stdio::null());
    command.env_remove(fault::VARIABLE);
    if let Some(point) = point {
        command.env(fault::VARIABLE, point.to_string());
    }
    let core = Core::start(command)?;
    let config = value(&json!({ "workspace": "platform" }), &core.schemas().provider.value_type())?;
    core.configure(&config)?;
    Ok(core)
}

/// Everything that is kept, by kind and name, out of a register whose chain verifies.
fn bodies(folder: &Path) -> Result<Kept> {
    let path = folder.join(".nhi/register.db");
    let location = Location::parse(&format!("sqlite:{}", path.display()))?;
    let register = Register::open_read_only(&location, DEFAULT_ORGANISATION)?;
    let verified = register.verify()?;
    ensure!(verified.faults.is_empty(), "the chain does not verify: {:?}", verified.faults);
    let all = register.snapshot(|snapshot| snapshot.bodies_after(("", ""), usize::MAX))?;
    let one = |kept: KeptBody| ((kept.kind, kept.name), (kept.body, kept.manifest));
    Ok(all.into_iter().map(one).collect())
}

/// Bodies and the manifests that keep them, by kind and name.
type Kept = BTreeMap<(String, String), (String, Option<String>)>;

/// The value of type `ty` that `json` says; what is left out is null.
fn value(json: &Json, ty: &Type) -> Result<Value> {
    let each = |all: &[Json], ty: &Type| all.iter().map(|one| value(one, ty)).collect::<Result<Vec<_>>>();
    Ok(match (ty, json) {
        (_, Json::Null) => Value::Null,
        (Type::String, Json::String(text)) => Value::string(text.as_str()),
        (Type::Number, Json::Number(number)) => match number.to_string().parse::<Number>() {
            Ok(number) => Value::Number(number),
            Err(_) => bail!("{number} is no number"),
        },
        (Type::List(element), Json::Array(all)) => Value::List(each(all, element)?),
        (Type::Set(element), Json::Array(all)) => Value::Set(each(all, element)?),
        (Type::Map(element), Json::Object(all)) => {
            let one = |(key, one): (&String, &Json)| Ok((key.clone(), value(one, element)?));
            Value::Map(all.iter().map(one).collect::<Result<_>>()?)
        }
        (Type::Object(attributes), Json::Object(all)) => {
            let one = |(name, ty): (&String, &Type)| {
                Ok((name.clone(), value(all.get(name).unwrap_or(&Json::Null), ty)?))
            };
            Value::Object(attributes.iter().map(one).collect::<Result<_>>()?)
        }
        _ => bail!("{json} is no {ty:?}"),
    })
}
