//! What of a federation is allowed, and yet worth a warning.

use std::collections::BTreeMap;

use super::{FederationDraft, Guard, is_open};
use crate::check::Check;
use crate::field::Field;
use crate::issuer::Issuer;
use crate::lifetime::{self, WorkClass};
use crate::period::Period;
use crate::reach::Reach;
use crate::violation::{AttributePath, Violation};

/// Audiences that tokens of an issuer have when nobody asks for one, by how they begin.
const DEFAULTS: [(&str, &str); 2] = [
    ("token.actions.githubusercontent.com", "https://github.com/"),
    ("agent.buildkite.com", "https://buildkite.com/"),
];

impl FederationDraft {
    /// What is worth a warning in what is known: a wide subject, audiences that keep little apart, long lives.
    pub fn warnings(&self) -> Vec<Violation> {
        let mut check = Check::default();
        self.warn_of_subject(&mut check);
        self.warn_of_audiences(&mut check);
        self.warn_of_claims(&mut check);
        self.warn_of_lifetimes(&mut check);
        check.violations
    }

    fn warn_of_subject(&self, check: &mut Check) {
        let Some(subject) = self.subject.known() else { return };
        let (why, enough) = match Reach::of(subject) {
            Reach::Unreviewed(why) => (why, Guard::Chosen),
            Reach::Wide(why) => (why, Guard::Firm),
            // Here the claims are all that keeps anybody out; without them it is an error.
            Reach::Anybody(_) if self.guard() == Guard::Firm => {
                ("only its claims tell who gets in", Guard::Unknown)
            }
            Reach::Anybody(_) | Reach::Narrow => return,
        };
        if self.guard() < enough {
            check.refuse(
                &AttributePath::of("subject"),
                format!("`{}` is wide: {why}", subject.escape_debug()),
                "Name the subject more closely, the branch or the environment for example, or pin what tells who it is in \
                 `claims`.",
            );
        }
    }

    fn warn_of_audiences(&self, check: &mut Check) {
        let at = AttributePath::of("audiences");
        let host = self.issuer.known().and_then(|text| Issuer::parse(text).ok());
        let host = host.as_ref().and_then(Issuer::host);
        let mut first: BTreeMap<&str, &str> = BTreeMap::new();
        for (service, audience) in self.audiences.known().into_iter().flatten() {
            let Some(audience) = audience.known() else { continue };
            if let Some(other) = first.get(audience.as_str()) {
                check.refuse(
                    &at.key(service),
                    format!("`{}` is the audience of `{other}` as well", audience.escape_debug()),
                    "A token for one of the services opens the other: give each service an audience of its own.",
                );
            } else {
                first.insert(audience, service);
            }
            if DEFAULTS.iter().any(|(of, begins)| host == Some(*of) && audience.starts_with(begins)) {
                check.refuse(
                    &at.key(service),
                    format!("`{}` is what tokens are for when nobody says so", audience.escape_debug()),
                    "Any token of the issuer that was fetched for something else fits: ask for an audience of this service.",
                );
            }
        }
    }

    fn warn_of_claims(&self, check: &mut Check) {
        for (claim, values) in self.claims.known().into_iter().flatten() {
            let mut known = values.known().into_iter().flatten().filter_map(Field::known);
            if known.any(|value| !value.is_empty() && is_open(value)) {
                check.refuse(
                    &AttributePath::of("claims").key(claim),
                    "it lets any value through",
                    "A condition that everything fulfils is none: name the values, or leave the claim out.",
                );
            }
        }
    }

    fn warn_of_lifetimes(&self, check: &mut Check) {
        for (word, length) in self.lifetimes.known().into_iter().flatten() {
            let class = WorkClass::ALL.iter().find(|(known, _)| known == word).map(|(_, class)| class);
            let period = length.known().and_then(|text| Period::parse(text).ok());
            let (Some(class), Some(period)) = (class, period) else { continue };
            if (class.limit() + 1..=lifetime::LONGEST).contains(&period.seconds()) {
                let limit = class.limit() / 60;
                check.refuse(
                    &AttributePath::of("lifetimes").key(word),
                    format!("a token that lives {period} is long for `{class}`"),
                    format!("Whoever finds it can use it until then. Up to {limit}m is what this class of work needs."),
                );
            }
        }
    }
}
