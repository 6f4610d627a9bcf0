//! A report with everything in it, and one with nothing.

use std::collections::BTreeMap;

use nhi_access::Request;
use nhi_analyzer_model::{
    Address, AttributePath, Confidence, Finding, FindingKind, GrantedBy, Mode, ModuleStep, NotUnderstood,
    Origin, Place, PlanSummary, Precision, PrincipalSummary, Related, Report, Severity, Step, TextDiff,
    ToldRegion,
};

pub(crate) fn origin(name: &str, attribute: &[Step]) -> Origin {
    let address = Address {
        modules: vec![ModuleStep { name: "service".to_owned(), key: None }],
        mode: Mode::Managed,
        kind: "aws_iam_role_policy".to_owned(),
        name: name.to_owned(),
        key: None,
    };
    Origin { address, attribute: AttributePath(attribute.to_vec()) }
}

pub(crate) fn place(file: &str, line: usize) -> Place {
    Place {
        file: file.to_owned(),
        line,
        column: 3,
        end_line: line,
        end_column: 9,
        precision: Precision::Attribute,
        calls: Vec::new(),
        excerpt: Some("  policy = jsonencode({".to_owned()),
    }
}

fn request() -> Request {
    Request {
        principal: "arn:aws:iam::111122223333:role/app".to_owned(),
        action: "iam:PassRole".to_owned(),
        resource: "arn:aws:iam::111122223333:role/admin".to_owned(),
        context: BTreeMap::from([("iam:PassedToService".to_owned(), vec!["ec2.amazonaws.com".to_owned()])]),
    }
}

pub(crate) fn expansion() -> Finding {
    let origin_of_policy = origin("app", &[Step::Name("policy".to_owned())]);
    Finding {
        rule: "privilege-expansion",
        kind: FindingKind::Expansion,
        severity: Severity::High,
        confidence: Confidence::High,
        origin: origin_of_policy.clone(),
        previous_address: Some(origin("old", &[]).address),
        message: "role `app`: may now `iam:PassRole` on any role".to_owned(),
        advice: None,
        principal: Some(PrincipalSummary {
            platform: "aws".to_owned(),
            name: "app".to_owned(),
            identity: None,
            owner: Some("team-payments".to_owned()),
            tier: Some(1),
            zone: None,
        }),
        witness: Some(request()),
        regions: vec![ToldRegion {
            text: "may now `iam:PassRole` on any role".to_owned(),
            witness: request(),
            reading: None,
            granted_by: Some(GrantedBy { origin: origin_of_policy, statement: 1 }),
        }],
        related: vec![Related { origin: origin("other", &[Step::Index(0)]), place: None }],
        diff: Some(TextDiff {
            before: r#"{"Statement":[]}"#.to_owned(),
            after: r#"{"Statement":["x"]}"#.to_owned(),
        }),
        place: Some(Place { calls: vec![place("main.tf", 40)], ..place("modules/service/main.tf", 12) }),
        fingerprint: "0123456789abcdef0123456789abcdef".to_owned(),
        excepted_by: None,
    }
}

pub(crate) fn excepted() -> Finding {
    Finding {
        rule: "static-credential",
        kind: FindingKind::StaticCredential,
        severity: Severity::Critical,
        message: "evil \u{1b}[2Jtext".to_owned(),
        principal: None,
        witness: None,
        regions: Vec::new(),
        related: Vec::new(),
        diff: None,
        place: None,
        previous_address: None,
        excepted_by: Some("migration".to_owned()),
        ..expansion()
    }
}

pub(crate) fn full() -> Report {
    Report {
        plan: PlanSummary { terraform_version: Some("1.11.4".to_owned()), complete: false, errored: false },
        fail_on: Some(Severity::High),
        findings: vec![expansion(), excepted()],
        not_understood: vec![NotUnderstood {
            address: "aws_s3_bucket_policy.b".to_owned(),
            attribute: AttributePath(vec![Step::Name("policy".to_owned())]),
            reason: "no adapter reads this type".to_owned(),
            may_grant: true,
            origin: None,
        }],
        notes: vec!["`a.tf` could not be read".to_owned()],
    }
}

pub(crate) fn empty() -> Report {
    Report {
        plan: PlanSummary { terraform_version: None, complete: true, errored: false },
        fail_on: None,
        findings: Vec::new(),
        not_understood: Vec::new(),
        notes: Vec::new(),
    }
}
