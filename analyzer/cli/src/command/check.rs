//! `nhi check`: read, compare, judge, find the places, tell.

use nhi_analyzer_input::{Plan, Settings};
use nhi_analyzer_model::{Declarations, PlanSummary, Report, Verdict};
use nhi_analyzer_output::{json, terminal};
use nhi_analyzer_rules::{Question, judge};

use crate::arguments::{Check, FailOn, Format};
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::surroundings::Surroundings;
use crate::{places, register, settings};

/// Checks a plan and prints the report.
pub(crate) fn run(check: &Check, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let input = Input::read(check, surroundings)?;
    let mut settings = settings::find(&input.directory)?;
    settings.register = register::asked(check, &settings);
    let mut notes = Vec::new();
    let joined = match &settings.register {
        Some(url) => {
            let declared = register::join(url)?;
            notes.push(format!("declarations of the register `{url}` are joined"));
            declared
        }
        None => Declarations::default(),
    };
    let (mut report, mismatches) = report(&input, &settings, &joined, check, surroundings)?;
    notes.extend(places::resolve(&mut report.findings, input.source));
    report.notes = notes;
    let mut text = Vec::new();
    let told = match check.format {
        Format::Terminal => terminal::write(&report, surroundings.colour, &mut text),
        Format::Json => {
            // JSON has no room for remarks; a reader of the log still wants them.
            for note in &report.notes {
                surroundings.say(&format!("note: {note}"));
            }
            json::write(&report, &mut text)
        }
    };
    told.map_err(|error| Failure::error(format!("the report could not be made: {error}")))?;
    surroundings.print(&text)?;
    if mismatches > 0 {
        surroundings.say(&format!(
            "internal mismatch: {mismatches} requests that the comparison found were not confirmed by the evaluator; \
             they are reported as undecided. Please report this plan"
        ));
        return Ok(Exit::Internal);
    }
    Ok(match report.verdict() {
        Verdict::Pass => Exit::Pass,
        Verdict::Fail => Exit::Findings,
    })
}

fn report(
    input: &Input,
    settings: &Settings,
    joined: &Declarations,
    check: &Check,
    surroundings: &Surroundings<'_>,
) -> Result<(Report, usize), Failure> {
    let plan =
        Plan::parse(&input.json).map_err(|error| Failure::input(format!("{}: {error}", input.name)))?;
    let inventory = nhi_analyzer_adapters::read(&plan, settings);
    let at = check.at.unwrap_or(surroundings.now);
    let judgement = judge(&Question { inventory: &inventory, register: joined, at });
    let report = Report {
        plan: PlanSummary {
            terraform_version: plan.terraform_version.clone(),
            complete: plan.complete,
            errored: plan.errored,
        },
        fail_on: check.fail_on.map_or(settings.fail_on, FailOn::threshold),
        findings: judgement.findings,
        not_understood: inventory.not_understood,
        notes: Vec::new(),
    };
    Ok((report, judgement.mismatches))
}
