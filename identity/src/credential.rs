//! Credentials that still exist: a stored secret that somebody keeps, why, and until when. The secret itself never
//! stands in a declaration.

use std::fmt;

use jiff::Timestamp;

use crate::Labels;
use crate::check::{Check, FieldMap};
use crate::end::{End, EndDraft, Status};
use crate::field::Field;
use crate::name::Name;
use crate::object::ObjectKind;
use crate::occasion::{Occasion, OccasionDraft};
use crate::period::Period;
use crate::surroundings::Surroundings;
use crate::violation::{AttributePath, Violation};

/// How seldom a secret may be exchanged without a warning: 90 days, as the benchmarks of the large clouds ask.
pub const SELDOM: u64 = 90 * 86_400;

/// What kind of secret it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CredentialKind {
    /// An id and a secret that sign requests.
    AccessKey,
    /// A token that is shown as it is.
    ApiToken,
    /// The private key of a certificate.
    CertificateKey,
    /// The secret of an application at an identity provider.
    ClientSecret,
    /// An address with a password in it.
    ConnectionString,
    /// Keys of a Kerberos principal in a file.
    Keytab,
    /// A password.
    Password,
    /// The key file of a platform's service account.
    ServiceAccountKey,
    /// A key that whoever reaches a store shares.
    SharedKey,
    /// A key that signs artifacts or tokens.
    SigningKey,
    /// A key for logging on to machines or repositories.
    SshKey,
    /// What proves a call to come from a service.
    WebhookSecret,
    /// Something else.
    Other,
}

impl CredentialKind {
    /// Every kind, as users write them.
    pub const ALL: [(&'static str, Self); 13] = [
        ("access_key", Self::AccessKey),
        ("api_token", Self::ApiToken),
        ("certificate_key", Self::CertificateKey),
        ("client_secret", Self::ClientSecret),
        ("connection_string", Self::ConnectionString),
        ("keytab", Self::Keytab),
        ("password", Self::Password),
        ("service_account_key", Self::ServiceAccountKey),
        ("shared_key", Self::SharedKey),
        ("signing_key", Self::SigningKey),
        ("ssh_key", Self::SshKey),
        ("webhook_secret", Self::WebhookSecret),
        ("other", Self::Other),
    ];

    /// The user's word.
    pub fn as_str(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

impl fmt::Display for CredentialKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a credential is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Daily work; then it has an end.
    Regular,
    /// Emergencies alone; then it may stay.
    BreakGlass,
}

/// A stored secret that still exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its name.
    pub name: Name,
    /// Whose it is: the name of an identity.
    pub identity: Name,
    /// What it is.
    pub kind: CredentialKind,
    /// Why it still exists.
    pub why: String,
    /// Who answers for it: the name of an owner.
    pub owner: Name,
    /// How often it is exchanged.
    pub rotation_period: Period,
    /// When it was exchanged last, where anybody says.
    pub last_rotation: Option<Occasion>,
    /// Where it is kept.
    pub location: Option<String>,
    /// What it is kept for.
    pub used_for: Use,
    /// Until when; only one that is kept for emergencies may go without.
    pub end: Option<End>,
    /// Free labels.
    pub labels: Labels,
}

/// A credential on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CredentialDraft {
    /// See [`Credential::name`].
    pub name: Field<String>,
    /// See [`Credential::identity`].
    pub identity: Field<String>,
    /// See [`Credential::kind`].
    pub kind: Field<String>,
    /// See [`Credential::why`].
    pub why: Field<String>,
    /// See [`Credential::owner`].
    pub owner: Field<String>,
    /// See [`Credential::rotation_period`].
    pub rotation_period: Field<String>,
    /// See [`Credential::last_rotation`].
    pub last_rotation: Field<OccasionDraft>,
    /// See [`Credential::location`].
    pub location: Field<String>,
    /// Is it kept for emergencies alone?
    pub break_glass: Field<bool>,
    /// See [`Credential::end`].
    pub end: EndDraft,
    /// See [`Credential::labels`].
    pub labels: FieldMap,
}

impl CredentialDraft {
    /// What is wrong with what is known.
    pub fn violations(&self) -> Vec<Violation> {
        let mut check = Check::default();
        self.read(&mut check);
        check.violations
    }

    /// The credential; or what is wrong with it, values that are not known yet included.
    pub fn declare(&self) -> Result<Credential, Vec<Violation>> {
        let mut check = Check::default();
        let credential = self.read(&mut check);
        check.finish(credential)
    }

    /// What is worth a warning at `now` in what is known: a near end, a rotation that is overdue or seldom.
    pub fn warnings(&self, now: Timestamp) -> Vec<Violation> {
        let mut check = Check::default();
        check.violations = self.end.warnings((ObjectKind::Credential, &self.name), now);
        let period = self.rotation_period.known().and_then(|text| Period::parse(text).ok());
        if let Some(period) = period.filter(|period| period.seconds() > SELDOM) {
            check.refuse(
                &AttributePath::of("rotation_period"),
                format!("a secret that is exchanged only every {period}"),
                "Whoever finds it can use it until then. Exchange it at least every 90 days, or replace it by federation.",
            );
        }
        let due = OccasionDraft::due(&self.last_rotation, &self.rotation_period);
        if let Some(due) = due.filter(|due| *due < now) {
            check.refuse(
                &AttributePath::of("last_rotation"),
                format!("its rotation was due on {due}"),
                "Exchange the secret, and write down here when that was and where it is recorded.",
            );
        }
        check.violations
    }

    fn read(&self, check: &mut Check) -> Option<Credential> {
        let at = AttributePath::of;
        let name = check.name(&at("name"), &self.name);
        let identity = check.name(&at("identity"), &self.identity);
        let kind = check.needed_word(&at("kind"), &self.kind, (&CredentialKind::ALL, "a kind of credential"));
        let why = check.text(&at("why"), &self.why);
        let owner = check.name(&at("owner"), &self.owner);
        let rotation_period = check.needed_period(&at("rotation_period"), &self.rotation_period);
        let last_rotation = OccasionDraft::read(check, &at("last_rotation"), &self.last_rotation);
        let location = check.optional_line(&at("location"), &self.location);
        let used_for = check.optional(&at("break_glass"), &self.break_glass).map(|set| match set {
            Some(true) => Use::BreakGlass,
            Some(false) | None => Use::Regular,
        });
        // As long as nobody knows what it is for, nobody knows whether it needs an end.
        let end = match used_for {
            Some(Use::Regular) => self.end.read(check, ObjectKind::Credential).map(Some),
            Some(Use::BreakGlass) | None => self.end.read_optional(check, ObjectKind::Credential),
        };
        let labels = check.labels(&at("labels"), &self.labels);
        Some(Credential {
            name: name?,
            identity: identity?,
            kind: kind?,
            why: why?,
            owner: owner?,
            rotation_period: rotation_period?,
            last_rotation: last_rotation?,
            location: location?,
            used_for: used_for?,
            end: end?,
            labels: labels?,
        })
    }
}

impl Credential {
    /// What it breaks among the declarations around it: an identity or an owner that nobody declared.
    pub fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        let mut check = Check::default();
        around.require(&mut check, &AttributePath::of("identity"), (ObjectKind::Identity, &self.identity));
        around.require(&mut check, &AttributePath::of("owner"), (ObjectKind::Owner, &self.owner));
        check.violations
    }

    /// The credential with its end fixed, counted from `now` where it has a length and no end yet.
    pub fn fixed(self, now: Timestamp) -> Result<Self, Violation> {
        let end = self.end.map(|end| end.fixed(now)).transpose()?;
        Ok(Self { end, ..self })
    }

    /// Where it stands at `now`; one without an end stays.
    pub fn status(&self, now: Timestamp) -> Status {
        self.end.as_ref().map_or(Status::Active, |end| end.status(now))
    }

    /// When its secret has to be exchanged again; `None` when nobody says when it was exchanged last.
    pub fn rotation_due(&self) -> Option<Timestamp> {
        crate::moment::Moment::after(self.last_rotation.as_ref()?.at.at(), &self.rotation_period)
            .ok()
            .map(|due| due.at())
    }
}
