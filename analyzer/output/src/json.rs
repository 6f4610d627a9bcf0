//! JSON, version 1: keys are only ever added; `null` and `[]` are written, never left out.

use std::collections::BTreeMap;
use std::io;

use nhi_access::Request;
use nhi_analyzer_model::finding::attribute_text;
use nhi_analyzer_model::{Finding, Origin, Place, PrincipalSummary, Report, Severity, ToldRegion, Verdict};
use serde::Serialize;

/// The version of this format.
pub const FORMAT_VERSION: &str = "1";

/// Writes the report as one indented JSON object with a line break at its end.
pub fn write(report: &Report, to: &mut dyn io::Write) -> io::Result<()> {
    let document = Document::of(report);
    serde_json::to_writer_pretty(&mut *to, &document).map_err(io::Error::from)?;
    to.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    format_version: &'static str,
    tool: Tool,
    plan: Plan<'a>,
    verdict: &'static str,
    fail_on: &'static str,
    summary: Counts,
    not_understood: Vec<NotUnderstood<'a>>,
    findings: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Plan<'a> {
    terraform_version: Option<&'a str>,
    complete: bool,
    errored: bool,
}

#[derive(Serialize)]
struct Counts {
    by_severity: BySeverity,
    expansions: usize,
    reductions: usize,
    undecided: usize,
    excepted: usize,
    not_understood: usize,
}

#[derive(Serialize)]
struct BySeverity {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
}

#[derive(Serialize)]
struct NotUnderstood<'a> {
    address: &'a str,
    attribute: Vec<String>,
    reason: &'a str,
}

#[derive(Serialize)]
struct Told<'a> {
    rule: &'static str,
    kind: &'static str,
    severity: &'static str,
    confidence: &'static str,
    address: String,
    previous_address: Option<String>,
    attribute: Vec<String>,
    message: String,
    principal: Option<Principal<'a>>,
    witness: Option<Witness<'a>>,
    regions: Vec<Region<'a>>,
    related: Vec<Related<'a>>,
    place: Option<Where<'a>>,
    fingerprint: &'a str,
    excepted_by: Option<&'a str>,
}

#[derive(Serialize)]
struct Principal<'a> {
    platform: &'a str,
    name: &'a str,
    identity: Option<&'a str>,
    owner: Option<&'a str>,
    tier: Option<u8>,
    zone: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct Witness<'a> {
    principal: Option<&'a str>,
    action: &'a str,
    resource: &'a str,
    context: &'a BTreeMap<String, Vec<String>>,
}

#[derive(Serialize)]
struct Region<'a> {
    text: &'a str,
    witness: Witness<'a>,
    reading: Option<&'a str>,
    granted_by: Option<GrantedBy>,
}

#[derive(Serialize)]
struct GrantedBy {
    address: String,
    attribute: Vec<String>,
    statement: usize,
}

#[derive(Serialize)]
struct Related<'a> {
    address: String,
    attribute: Vec<String>,
    place: Option<Where<'a>>,
}

#[derive(Serialize)]
struct Where<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    precision: &'static str,
    calls: Vec<Where<'a>>,
}

impl<'a> Document<'a> {
    fn of(report: &'a Report) -> Self {
        let summary = report.summary();
        Self {
            format_version: FORMAT_VERSION,
            tool: Tool { name: "nhi", version: env!("CARGO_PKG_VERSION") },
            plan: Plan {
                terraform_version: report.plan.terraform_version.as_deref(),
                complete: report.plan.complete,
                errored: report.plan.errored,
            },
            verdict: match report.verdict() {
                Verdict::Pass => "pass",
                Verdict::Fail => "fail",
            },
            fail_on: report.fail_on.map_or("never", Severity::as_str),
            summary: Counts {
                by_severity: BySeverity {
                    critical: summary.of(Severity::Critical),
                    high: summary.of(Severity::High),
                    medium: summary.of(Severity::Medium),
                    low: summary.of(Severity::Low),
                    info: summary.of(Severity::Info),
                },
                expansions: summary.expansions,
                reductions: summary.reductions,
                undecided: summary.undecided,
                excepted: summary.excepted,
                not_understood: summary.not_understood,
            },
            not_understood: report
                .not_understood
                .iter()
                .map(|part| NotUnderstood {
                    address: &part.address,
                    attribute: attribute_text(&part.attribute),
                    reason: &part.reason,
                })
                .collect(),
            findings: report.findings.iter().map(Told::of).collect(),
        }
    }
}

impl<'a> Told<'a> {
    fn of(finding: &'a Finding) -> Self {
        let (address, attribute) = split(&finding.origin);
        Self {
            rule: finding.rule,
            kind: finding.kind.as_str(),
            severity: finding.severity.as_str(),
            confidence: finding.confidence.as_str(),
            address,
            previous_address: finding.previous_address.as_ref().map(ToString::to_string),
            attribute,
            message: match &finding.advice {
                Some(advice) => format!("{} {advice}", finding.message),
                None => finding.message.clone(),
            },
            principal: finding.principal.as_ref().map(Principal::of),
            witness: finding.witness.as_ref().map(Witness::of),
            regions: finding.regions.iter().map(Region::of).collect(),
            related: finding
                .related
                .iter()
                .map(|related| {
                    let (address, attribute) = split(&related.origin);
                    Related { address, attribute, place: related.place.as_ref().map(Where::of) }
                })
                .collect(),
            place: finding.place.as_ref().map(Where::of),
            fingerprint: &finding.fingerprint,
            excepted_by: finding.excepted_by.as_deref(),
        }
    }
}

impl<'a> Principal<'a> {
    fn of(principal: &'a PrincipalSummary) -> Self {
        Self {
            platform: &principal.platform,
            name: &principal.name,
            identity: principal.identity.as_deref(),
            owner: principal.owner.as_deref(),
            tier: principal.tier,
            zone: principal.zone.as_deref(),
        }
    }
}

impl<'a> Witness<'a> {
    pub(crate) fn of(request: &'a Request) -> Self {
        Self {
            principal: Some(request.principal.as_str()).filter(|name| !name.is_empty()),
            action: &request.action,
            resource: &request.resource,
            context: &request.context,
        }
    }
}

impl<'a> Region<'a> {
    fn of(region: &'a ToldRegion) -> Self {
        Self {
            text: &region.text,
            witness: Witness::of(&region.witness),
            reading: region.reading.as_deref(),
            granted_by: region.granted_by.as_ref().map(|granted| {
                let (address, attribute) = split(&granted.origin);
                GrantedBy { address, attribute, statement: granted.statement }
            }),
        }
    }
}

impl<'a> Where<'a> {
    fn of(place: &'a Place) -> Self {
        Self {
            file: &place.file,
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
            precision: place.precision.as_str(),
            calls: place.calls.iter().map(Where::of).collect(),
        }
    }
}

fn split(origin: &Origin) -> (String, Vec<String>) {
    (origin.address.to_string(), attribute_text(&origin.attribute))
}
