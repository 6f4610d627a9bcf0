//! A finding before it is told: facts and regions; words, fingerprint and exception are added here, once for all rules.

use std::collections::BTreeMap;

use nhi_access::{DocumentId, Region, words};
use nhi_analyzer_model::{
    Address, Confidence, DeclaredIdentity, DocumentFact, Finding, FindingKind, GrantedBy, Known, Origin,
    Ownership, Platform, Principal, PrincipalSummary, Related, Severity, TextDiff, ToldRegion,
};

use crate::context::Context;
use crate::declared::is;
use crate::excepted::Word;
use crate::rule::Rule;
use crate::{excepted, fingerprint};

/// Whom or what a finding is about.
#[derive(Clone, Copy)]
pub enum Subject<'a> {
    /// A principal of the plan.
    Principal(&'a Principal),
    /// A name on a platform that the plan only mentions.
    Named(Platform, &'a str),
    /// A declared identity, whether or not its principal is in the plan.
    Identity(&'a DeclaredIdentity),
    /// The resource at the origin.
    Resource,
}

/// One thing worth telling.
pub struct Draft<'a> {
    /// What sort of thing it is.
    pub kind: FindingKind,
    /// How much became possible.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// The one place to look at first.
    pub origin: Origin,
    /// Whom it is about.
    pub subject: Subject<'a>,
    /// One or two sentences.
    pub message: String,
    /// What it is the same by from run to run, besides rule and subject.
    pub cause: String,
    /// Where the origin was before a move.
    pub previous_address: Option<Address>,
    /// What is newly (or no longer) allowed, heaviest first.
    pub regions: Vec<&'a Region>,
    /// How a region is put into words.
    pub words: fn(&Region) -> String,
    /// The documents those regions name.
    pub documents: Option<&'a BTreeMap<DocumentId, DocumentFact>>,
    /// Other parts to look at.
    pub related: Vec<Origin>,
    /// The changed document.
    pub diff: Option<TextDiff>,
}

impl<'a> Draft<'a> {
    /// A draft that is sure, has no region and nothing related.
    pub fn new(kind: FindingKind, severity: Severity, origin: Origin, subject: Subject<'a>) -> Self {
        Self {
            kind,
            severity,
            confidence: Confidence::High,
            origin,
            subject,
            message: String::new(),
            cause: String::new(),
            previous_address: None,
            regions: Vec::new(),
            words: words::region,
            documents: None,
            related: Vec::new(),
            diff: None,
        }
    }

    /// The finding.
    pub(crate) fn told(self, rule: &Rule, context: &Context<'_>) -> Finding {
        let identity = identity_of(self.subject, context);
        let principal = summary(self.subject, identity, &self.origin);
        let mut message = String::new();
        let excepted_by = match excepted::by(rule.id, identity, &self, context) {
            Some(Word::Permitted(one)) => is(&one.name).cloned(),
            Some(Word::Withheld(one, why)) => {
                let name = is(&one.name).map_or("", String::as_str);
                message = format!(" The exception `{name}` would permit it, and {why}.");
                None
            }
            None => None,
        };
        message.insert_str(0, &self.message);
        let regions: Vec<ToldRegion> = self.regions.iter().map(|region| self.told_region(region)).collect();
        let platform = principal.as_ref().map_or("", |one| one.platform.as_str());
        let fingerprint = fingerprint::of(&[
            rule.id,
            self.kind.as_str(),
            platform,
            &stable_name(self.subject, &self.origin),
            &self.cause,
        ]);
        let mut related = self.related;
        related.retain(|origin| *origin != self.origin);
        related.sort();
        related.dedup();
        Finding {
            rule: rule.id,
            kind: self.kind,
            severity: self.severity,
            confidence: self.confidence,
            origin: self.origin,
            previous_address: self.previous_address,
            message,
            advice: None,
            principal,
            witness: regions.first().map(|region| region.witness.clone()),
            regions,
            related: related.into_iter().map(|origin| Related { origin, place: None }).collect(),
            diff: self.diff,
            place: None,
            fingerprint,
            excepted_by,
        }
    }

    fn told_region(&self, region: &Region) -> ToldRegion {
        let document = self.documents.and_then(|all| all.get(&region.granted_by.document));
        ToldRegion {
            text: (self.words)(region),
            witness: region.witness.clone(),
            reading: region.reading.clone(),
            granted_by: document.map(|document| GrantedBy {
                origin: document
                    .statements
                    .get(region.granted_by.statement)
                    .unwrap_or(&document.origin)
                    .clone(),
                statement: region.granted_by.statement,
            }),
        }
    }
}

fn identity_of<'a>(subject: Subject<'_>, context: &Context<'a>) -> Option<&'a DeclaredIdentity> {
    match subject {
        Subject::Principal(principal) => {
            let after = context.declared.identity_of(principal);
            after.or_else(|| context.declared_before.identity_of(principal))
        }
        Subject::Named(platform, name) => context.declared.identity_named(platform, name),
        Subject::Identity(identity) => is(&identity.name).and_then(|name| context.declared.identity(name)),
        Subject::Resource => None,
    }
}

fn summary(
    subject: Subject<'_>,
    identity: Option<&DeclaredIdentity>,
    origin: &Origin,
) -> Option<PrincipalSummary> {
    let (platform, name, tagged) = match subject {
        Subject::Principal(principal) => {
            let tagged = match &principal.ownership {
                Ownership::Tagged { value, .. } => Some(value.clone()),
                _ => None,
            };
            (platform_word(principal.platform).to_owned(), name_of(principal), tagged)
        }
        Subject::Named(platform, name) => (platform_word(platform).to_owned(), name.to_owned(), None),
        Subject::Identity(identity) => {
            let platform = is(&identity.platform).cloned().flatten().unwrap_or_default();
            let name = is(&identity.principal).cloned().flatten();
            (platform, name.unwrap_or_else(|| origin.address.to_string()), None)
        }
        Subject::Resource => return None,
    };
    Some(PrincipalSummary {
        platform,
        name,
        identity: identity.and_then(|one| is(&one.name).cloned()),
        owner: identity.and_then(|one| is(&one.owner).cloned().flatten()).or(tagged),
        tier: identity.and_then(|one| is(&one.tier).copied().flatten()),
        zone: identity.and_then(|one| is(&one.zone).cloned().flatten()),
    })
}

/// The principal's name on its platform, else what the plan calls it.
pub(crate) fn name_of(principal: &Principal) -> String {
    match (&principal.name, &principal.arn, &principal.origin) {
        (Known::Is(name), _, _) => name.clone(),
        (Known::Unknown, Some(arn), _) => arn.clone(),
        (Known::Unknown, None, Some(origin)) => origin.address.to_string(),
        (Known::Unknown, None, None) => principal.id.0.clone(),
    }
}

/// What names the subject in a fingerprint: no address where a name is known.
fn stable_name(subject: Subject<'_>, origin: &Origin) -> String {
    match subject {
        Subject::Principal(principal) => match (&principal.arn, &principal.name) {
            (_, Known::Is(name)) => {
                format!("{:?} {} {name}", principal.kind, principal.account.as_deref().unwrap_or(""))
            }
            (Some(arn), Known::Unknown) => arn.clone(),
            (None, Known::Unknown) => name_of(principal),
        },
        Subject::Named(_, name) => name.to_owned(),
        Subject::Identity(identity) => {
            is(&identity.name).cloned().unwrap_or_else(|| origin.address.to_string())
        }
        Subject::Resource => origin.address.to_string(),
    }
}

/// The platform's word in reports.
fn platform_word(platform: Platform) -> &'static str {
    match platform {
        Platform::Aws => "aws",
        Platform::Google => "google",
        Platform::Azure => "azure",
        Platform::Kubernetes => "kubernetes",
    }
}
