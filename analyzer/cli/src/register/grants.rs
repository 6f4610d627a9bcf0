//! `nhi register grants`: who is raised at this moment.

use clap::Args;
use nhi_analyzer_output::plain;
use nhi_register::Grant;
use serde_json::{Value, json};

use super::which::{Which, failure};
use crate::arguments::Format;
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Tell who is raised by an elevation at this moment, to what, and until when.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Grants {
    #[command(flatten)]
    which: Which,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

/// Prints the grants that are open.
pub(crate) fn run(asked: &Grants, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let register = asked.which.read()?;
    let open = register.grants(surroundings.now).map_err(|error| failure(&error))?;
    let text = match asked.format {
        Format::Json => {
            let report = json!({
                "version": 1,
                "register": register.place().to_string(),
                "organisation": register.organisation(),
                "grants": open.iter().map(entry).collect::<Vec<_>>(),
            });
            format!("{report:#}\n")
        }
        Format::Terminal => {
            open.iter().fold(String::new(), |text, one| text + &plain::line(&line(one)) + "\n")
        }
    };
    surroundings.print(text.as_bytes())?;
    if open.is_empty() {
        surroundings.say("nobody is raised at this moment");
    }
    Ok(Exit::Pass)
}

fn raised(grant: &Grant) -> &str {
    grant.identity.as_deref().or(grant.subject.as_deref()).unwrap_or("nobody")
}

fn line(grant: &Grant) -> String {
    let Grant { id, elevation, target, by, source, window, .. } = grant;
    let reason = grant.reason.as_deref().map_or_else(String::new, |reason| format!(": {reason}"));
    format!(
        "{} is raised to `{target}` by nhi_elevation `{elevation}` until {}, at the latest {}; {by} ({source}) opened {id} at \
         {}{reason}",
        raised(grant),
        window.until,
        window.latest,
        window.opened
    )
}

fn entry(grant: &Grant) -> Value {
    json!({
        "id": grant.id,
        "elevation": grant.elevation,
        "identity": grant.identity,
        "subject": grant.subject,
        "target": grant.target,
        "opened_by": grant.by,
        "source": grant.source,
        "reason": grant.reason,
        "opened_at": grant.window.opened.to_string(),
        "expires_at": grant.window.until.to_string(),
        "ends_at": grant.window.latest.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use nhi_identity::{Period, Window};

    use super::*;

    #[test]
    fn a_grant_is_told_with_its_end() {
        let opened = "2026-11-01T00:00:00Z".parse().unwrap();
        let hour = Period::parse("1h").unwrap();
        let mut grant = Grant {
            id: "G".into(),
            elevation: "admin".into(),
            identity: None,
            subject: Some("carol".into()),
            target: "root".into(),
            by: "dave".into(),
            source: "NHI_ACTOR".into(),
            reason: None,
            window: Window::open(opened, None, &hour, None).unwrap(),
        };
        assert_eq!(
            line(&grant),
            "carol is raised to `root` by nhi_elevation `admin` until 2026-11-01T00:15:00Z, at the latest \
             2026-11-01T01:00:00Z; dave (NHI_ACTOR) opened G at 2026-11-01T00:00:00Z"
        );
        grant.identity = Some("deploy".into());
        grant.reason = Some("An incident.".into());
        let told = line(&grant);
        assert!(told.starts_with("deploy is raised") && told.ends_with(": An incident."), "{told}");
        assert_eq!(entry(&grant)["expires_at"], "2026-11-01T00:15:00Z");
    }
}
