//! Zones: parts of a platform that identities stay in, and the crossings between them.

use std::collections::BTreeSet;

use crate::Labels;
use crate::check::{Check, FieldMap, Fields};
use crate::field::Field;
use crate::name::Name;
use crate::violation::{AttributePath, Violation};

/// A part of a platform that identities stay in, unless a crossing is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// What identities and other zones refer to.
    pub name: Name,
    /// The environment it belongs to (`production`, `staging`, …).
    pub environment: Option<String>,
    /// The kind of zone it is modelled on (`build`, `train`, `serve`, `management`, …); a plain text.
    pub template: Option<String>,
    /// The zones that its identities may cross into. They may be declared later, or elsewhere: two zones that
    /// reach each other could not be declared otherwise.
    pub reaches: BTreeSet<Name>,
    /// Free labels.
    pub labels: Labels,
}

/// A zone on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ZoneDraft {
    /// See [`Zone::name`].
    pub name: Field<String>,
    /// See [`Zone::environment`].
    pub environment: Field<String>,
    /// See [`Zone::template`].
    pub template: Field<String>,
    /// See [`Zone::reaches`].
    pub reaches: Fields,
    /// See [`Zone::labels`].
    pub labels: FieldMap,
}

impl ZoneDraft {
    /// What is wrong with what is known.
    pub fn violations(&self) -> Vec<Violation> {
        let mut check = Check::default();
        self.read(&mut check);
        check.violations
    }

    /// The zone; or what is wrong with it, values that are not known yet included.
    pub fn declare(&self) -> Result<Zone, Vec<Violation>> {
        let mut check = Check::default();
        let zone = self.read(&mut check);
        check.finish(zone)
    }

    fn read(&self, check: &mut Check) -> Option<Zone> {
        let name = check.name(&AttributePath::of("name"), &self.name);
        let environment = check.optional_line(&AttributePath::of("environment"), &self.environment);
        let template = check.optional_line(&AttributePath::of("template"), &self.template);
        let reaches = check.names(&AttributePath::of("reaches"), &self.reaches);
        let labels = check.labels(&AttributePath::of("labels"), &self.labels);
        Some(Zone {
            name: name?,
            environment: environment?,
            template: template?,
            reaches: reaches?,
            labels: labels?,
        })
    }
}

impl Zone {
    /// May an identity of this zone act as one of `other`?
    pub fn allows(&self, other: &Name) -> bool {
        self.name == *other || self.reaches.contains(other)
    }
}
