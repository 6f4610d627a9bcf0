//! The bodies of the fuzz targets. A panic is a finding; so is an answer that breaks a law.

use std::collections::BTreeMap;

use nhi_access::dialect::aws::{self, Policy, PolicyKind};
use nhi_access::{
    Decision, Hole, Request, Semantics, Settings, Shape, Verdict, World, alone, compare, evaluate, explain,
};

const KINDS: [PolicyKind; 3] = [PolicyKind::Identity, PolicyKind::Resource, PolicyKind::Trust];

/// Stands between the two documents of a pair.
const BETWEEN: &str = "\n---\n";

/// One text as a policy of each kind: it is read or refused, and what is read is told in a way that reads the same.
pub fn parser(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = aws::guess_kind(&[text]);
    for kind in KINDS {
        let hole = Hole { reference: "aws_s3_bucket.logs.arn".to_owned(), shape: Shape::Text };
        let _ = aws::parse_with_holes(
            &text.replace("HOLE", &nhi_access::hole::mark(0).to_string()),
            kind,
            &[hole],
        );
        let Ok(policy) = aws::parse(text, kind) else { continue };
        let told = policy.display_text();
        match aws::parse(&told, kind) {
            Ok(again) => assert_eq!(told, again.display_text(), "told twice, it is another text"),
            Err(error) => panic!("its own text is no policy: {error}\n{told}"),
        }
        let world = alone(policy);
        for reading in Semantics::Every.readings() {
            let _ = evaluate(&world, &request(), reading);
            let _ = explain(&world, &request(), reading);
        }
    }
}

fn request() -> Request {
    Request {
        principal: "arn:aws:iam::111122223333:role/example".to_owned(),
        action: "s3:GetObject".to_owned(),
        resource: "arn:aws:s3:::example/key".to_owned(),
        context: BTreeMap::from([("aws:SourceIp".to_owned(), vec!["192.0.2.1".to_owned()])]),
    }
}

/// Two texts as policies of one kind: every witness is one, and a document differs in nothing from itself retold.
pub fn pair(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some((before, after)) = text.split_once(BETWEEN) else { return };
    for kind in KINDS {
        let (Ok(before), Ok(after)) = (aws::parse(before, kind), aws::parse(after, kind)) else { continue };
        differ(&alone(before.clone()), &alone(after.clone()));
        for policy in [before, after] {
            let retold = retold(&policy);
            let found = compare(&alone(policy), &alone(retold), &settings());
            assert_ne!(found.verdict, Verdict::NewAccess, "it differs from itself retold");
            assert_eq!(found.mismatches, 0, "a witness was not confirmed");
        }
    }
}

/// The same statements, the last one first, each with another name.
fn retold(policy: &Policy) -> Policy {
    let mut other = policy.clone();
    other.statements.reverse();
    for (number, statement) in other.statements.iter_mut().enumerate() {
        statement.sid = Some(format!("s{number}"));
    }
    other
}

/// A small budget: what takes longer is undecided, and no finding.
fn settings() -> Settings {
    Settings { nodes: 2_000, states: 20_000, ..Settings::default() }
}

fn differ(before: &World, after: &World) {
    let found = compare(before, after, &settings());
    assert_eq!(found.mismatches, 0, "a witness was not confirmed");
    let readings = settings().semantics.readings();
    for (regions, from, to) in [(&found.new, before, after), (&found.reduced, after, before)] {
        for region in regions {
            let holds = |reading: &_| {
                evaluate(to, &region.witness, *reading) == Decision::Allowed
                    && evaluate(from, &region.witness, *reading) == Decision::Denied
            };
            assert!(readings.iter().any(holds), "{:?} is no witness", region.witness);
        }
    }
}
