//! What a decision costs, from two texts to the confirmed answer, beside what reading the two texts alone costs.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use nhi_access::dialect::aws::{PolicyKind, parse};
use nhi_access::{Content, Document, DocumentId, Layer, LayerKind, Settings, UnknownReason, World, newly};

const BEFORE: &str = include_str!("data/pipeline-before.json");
const AFTER: &str = include_str!("data/pipeline-after.json");

fn world(text: &str) -> World {
    let content = match parse(text, PolicyKind::Identity) {
        Ok(policy) => Content::Aws(policy),
        Err(error) => Content::Unknown(UnknownReason::Unreadable(error.to_string())),
    };
    let document = Document { id: DocumentId("bench".to_owned()), content };
    World { layers: vec![Layer { kind: LayerKind::Identity, documents: vec![document] }], ..World::default() }
}

fn document(statements: &[String]) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}

/// Two statements that name over 1,100 actions each, of which some changed on both.
fn many_actions(step: usize) -> String {
    let verbs = ["Get", "List", "Describe", "BatchGet"];
    let list = |from: usize| {
        let name = |at: usize| {
            let verb = verbs.get(at % verbs.len()).copied().unwrap_or_default();
            let star = if at.is_multiple_of(7) { "*" } else { "" };
            format!(r#""service{}:{verb}Thing{}{star}""#, at % 90, at / 3)
        };
        (from..from + 1150).map(name).collect::<Vec<_>>().join(",")
    };
    let statement = |from| format!(r#"{{"Effect":"Allow","Action":[{}],"Resource":"*"}}"#, list(from));
    document(&[statement(step), statement(2000 + step)])
}

/// A fixed sequence that looks random.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Three random keys a statement, each asked to hold `true` or anything else, at the density that is hardest.
fn three_of(keys: u64, statements: usize) -> String {
    let mut dice = Dice(7);
    let statement = |_| {
        let (mut is, mut is_not): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let mut chosen: Vec<u64> = Vec::new();
        while chosen.len() < 3 {
            let key = dice.roll(keys);
            if !chosen.contains(&key) {
                chosen.push(key);
                let list = if dice.roll(2) == 0 { &mut is } else { &mut is_not };
                list.push(format!(r#""acme:Key{key}":"true""#));
            }
        }
        format!(
            r#"{{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{{"StringEquals":{{{}}},"StringNotEquals":{{{}}}}}}}"#,
            is.join(","),
            is_not.join(",")
        )
    };
    document(&(0..statements).map(statement).collect::<Vec<_>>())
}

/// Resources that contain each of ten pairs of letters, and none of some others.
fn ten_globs() -> String {
    let pair = |at: u8| char::from(b'a' + at % 10).to_string().repeat(2);
    let mut statements = vec![r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::*"}"#.to_owned()];
    let needed =
        |at| format!(r#"{{"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::*{}*"}}"#, pair(at));
    let refused = |at| {
        format!(
            r#"{{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::*{}{}*"}}"#,
            pair(at),
            pair(at + 1)
        )
    };
    statements.extend((0..10).map(needed));
    statements.extend((0..6).map(refused));
    document(&statements)
}

fn decide(criterion: &mut Criterion) {
    let all = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#.to_owned();
    let pairs = [
        ("typical", BEFORE.to_owned(), AFTER.to_owned()),
        ("1,150 actions a statement", many_actions(0), many_actions(40)),
        ("3-DNF of 30 keys", three_of(30, 127), document(std::slice::from_ref(&all))),
        ("ten globs", document(&[]), ten_globs()),
    ];
    for (name, before, after) in &pairs {
        let mut group = criterion.benchmark_group(*name);
        group.bench_function("read", |bencher| {
            bencher.iter(|| (world(black_box(before)), world(black_box(after))));
        });
        group.bench_function("decide", |bencher| {
            bencher.iter(|| newly(&world(black_box(before)), &world(black_box(after)), &Settings::default()));
        });
        group.finish();
    }
}

criterion_group!(benches, decide);
criterion_main!(benches);
