//! Laws of holes: whatever their values turn out to be, "nothing new" stays true; and an example is found where there is
//! one among values of their own.

use std::collections::BTreeMap;

use nhi_access::dialect::aws::{PolicyKind, parse_with_holes};
use nhi_access::hole::mark;
use nhi_access::{
    Comparison, Content, Decision, Document, DocumentId, Hole, Layer, LayerKind, Reading, Request, Settings,
    Shape, Verdict, World, compare, evaluate,
};

/// A die with a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 16) % u64::try_from(sides).unwrap()).unwrap()
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }
}

/// Holes by the name under which the texts below say them.
fn holes() -> Vec<(&'static str, Hole)> {
    let like = |glob: &str| Shape::Like(glob.to_owned());
    let hole = |reference: &str, shape| Hole { reference: reference.to_owned(), shape };
    vec![
        ("<b>", hole("aws_s3_bucket.b.arn", like("arn:aws:s3:::*"))),
        ("<c>", hole("aws_s3_bucket.c.arn", like("arn:aws:s3:::*"))),
        ("<n>", hole("random_pet.n.id", like("*"))),
        ("<r>", hole("aws_iam_role.r.arn", like("arn:aws:iam::111122223333:role/*"))),
        ("<t>", hole("var.t", Shape::Text)),
        ("<v>", hole("var.v", Shape::Value)),
    ]
}

/// JSON values that each may turn out to have.
fn values(name: &str) -> &'static [&'static str] {
    match name {
        "<b>" | "<c>" => &[
            "\"arn:aws:s3:::a\"",
            "\"arn:aws:s3:::b\"",
            "\"arn:aws:s3:::bb\"",
            "\"arn:aws:s3:::x\"",
            "\"arn:aws:s3:::new1\"",
        ],
        "<n>" => &["\"a\"", "\"b\"", "\"ba\"", "\"x\"", "\"A\"", "\"new2\""],
        "<r>" => &["\"arn:aws:iam::111122223333:role/app\"", "\"arn:aws:iam::111122223333:role/new\""],
        "<t>" => &[
            "\"a\"",
            "\"*\"",
            "\"b*\"",
            "\"\"",
            "\"5\"",
            "\"true\"",
            "\"false\"",
            "\"A\"",
            "\"a/x\"",
            "\"?\"",
            "\"arn:aws:s3:::a\"",
            "\"arn:aws:s3:::*\"",
            "\"10.0.0.0/8\"",
            "\"s3:GetObject\"",
            "\"new3\"",
            "\"arn:aws:iam::111122223333:role/app\"",
        ],
        _ => &[
            "\"a\"",
            "\"*\"",
            "[\"a\",\"b\"]",
            "[\"arn:aws:s3:::a\",\"arn:aws:s3:::b/*\"]",
            "[\"s3:*\",\"a\"]",
            "\"arn:aws:iam::111122223333:role/app\"",
            "[\"5\",\"true\"]",
        ],
    }
}

/// Which holes a draw may use.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Like,
    Any,
}

fn list(dice: &mut Dice, pool: &[&str]) -> String {
    let count = 1 + dice.roll(2);
    let texts: Vec<String> = (0..count).map(|_| format!("\"{}\"", dice.of(pool))).collect();
    format!("[{}]", texts.join(","))
}

fn statement(dice: &mut Dice, kind: PolicyKind, holes: Kind) -> String {
    let pick = |plain: &[&'static str], like: &[&'static str], any: &[&'static str]| -> Vec<&'static str> {
        let any = if holes == Kind::Any { any } else { &[] };
        plain.iter().chain(like).chain(any).copied().collect()
    };
    let actions =
        pick(&["s3:GetObject", "s3:*", "s3:Get*", "*", "s3:PutObject"], &[], &["<v>", "<t>", "s3:<t>"]);
    let resources = pick(
        &["*", "arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::b*", "arn:aws:s3:::*"],
        &[
            "<b>",
            "<b>/*",
            "<b>/x",
            "<c>",
            "<c>/*",
            "arn:aws:s3:::<n>",
            "arn:aws:s3:::a/<n>/*",
            "arn:aws:s3:::a<n>",
        ],
        &["<t>", "<t>/*", "arn:aws:s3:::<t>/*", "arn:aws:s3:::a<t>", "<v>"],
    );
    let people = pick(
        &["*", "111122223333", "arn:aws:iam::111122223333:role/app"],
        &["<r>", "arn:aws:iam::111122223333:role/<n>"],
        &["<t>", "<v>"],
    );
    let effect = if dice.roll(3) == 0 { "Deny" } else { "Allow" };
    let not = |dice: &mut Dice| if dice.roll(5) == 0 { "Not" } else { "" };
    let mut fields = vec![format!("\"Effect\":\"{effect}\"")];
    if kind == PolicyKind::Resource {
        fields.push(format!("\"{}Principal\":{{\"AWS\":{}}}", not(dice), list(dice, &people)));
    }
    fields.push(format!("\"{}Action\":{}", not(dice), list(dice, &actions)));
    fields.push(format!("\"{}Resource\":{}", not(dice), list(dice, &resources)));
    if dice.roll(3) == 0 {
        let texts = pick(&["a", "b*", "A"], &["<n>", "x<n>", "<b>"], &["<t>", "<v>", "b<t>"]);
        let (operator, values) = match dice.roll(8) {
            0 => ("NumericLessThan", pick(&["3", "7"], &["<n>"], &["<t>", "<v>"])),
            1 => ("Bool", pick(&["true", "false"], &[], &["<t>", "<v>"])),
            2 => ("Null", pick(&["true", "false"], &[], &["<t>"])),
            3 => ("IpAddress", pick(&["10.0.0.0/16", "11.0.0.1"], &[], &["<t>", "<v>"])),
            4 => ("StringLike", texts),
            5 => ("StringEqualsIgnoreCase", texts),
            6 => ("ArnLike", pick(&["arn:aws:s3:::a", "arn:aws:s3:::*"], &["<b>", "<c>"], &["<t>"])),
            _ => ("StringEquals", texts),
        };
        let base = match operator {
            "StringLike" if dice.roll(3) == 0 => "StringNotLike",
            "StringEquals" if dice.roll(3) == 0 => "StringNotEquals",
            other => other,
        };
        let set = if operator.starts_with("String") {
            dice.of(&["", "", "ForAllValues:", "ForAnyValue:"])
        } else {
            ""
        };
        let end = if operator != "Null" && dice.roll(5) == 0 { "IfExists" } else { "" };
        let values = list(dice, &values);
        fields.push(format!("\"Condition\":{{\"{set}{base}{end}\":{{\"k\":{values}}}}}"));
    }
    format!("{{{}}}", fields.join(","))
}

fn document(dice: &mut Dice, kind: PolicyKind, holes: Kind) -> String {
    let count = 1 + dice.roll(3);
    let statements: Vec<String> = (0..count).map(|_| statement(dice, kind, holes)).collect();
    format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{}]}}", statements.join(","))
}

/// Changes a document a little, so that both sides share statements.
fn neighbour(dice: &mut Dice, text: &str, kind: PolicyKind, holes: Kind) -> String {
    match dice.roll(4) {
        0 => document(dice, kind, holes),
        1 => text.replacen("\"Allow\"", "\"Deny\"", 1),
        2 => text.replacen("s3:*", "s3:GetObject", 1).replacen("arn:aws:s3:::*", "<b>", 1),
        _ => {
            let more = statement(dice, kind, holes);
            text.replacen("\"Statement\":[", &format!("\"Statement\":[{more},"), 1)
        }
    }
}

/// The world of a text; holes with a value have it.
fn world(text: &str, kind: PolicyKind, values: &BTreeMap<&str, String>) -> World {
    let mut text = text.to_owned();
    let mut list = Vec::new();
    for (index, (name, hole)) in holes().into_iter().enumerate() {
        match values.get(name) {
            None => text = text.replace(name, &mark(index).to_string()),
            // A list in a list of entries is its entries.
            Some(json) if json.starts_with('[') => {
                text = text.replace(&format!("\"{name}\""), json.trim_matches(['[', ']']));
            }
            Some(json) => text = text.replace(name, json.trim_matches('"')),
        }
        list.push(hole);
    }
    let policy = parse_with_holes(&text, kind, &list).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let layer = if kind == PolicyKind::Identity { LayerKind::Identity } else { LayerKind::Resource };
    let document = Document { id: DocumentId("d".to_owned()), content: Content::Aws(policy) };
    World {
        principal: (kind == PolicyKind::Identity).then(|| "arn:aws:iam::111122223333:role/app".to_owned()),
        resource: None,
        account: Some("111122223333".to_owned()),
        layers: vec![Layer { kind: layer, documents: vec![document] }],
    }
}

fn asked(before: &World, after: &World) -> Comparison {
    compare(before, after, &Settings { nodes: 5_000, ..Settings::default() })
}

fn drawn(dice: &mut Dice) -> BTreeMap<&'static str, String> {
    holes().into_iter().map(|(name, _)| (name, dice.of(values(name)).to_owned())).collect()
}

/// Requests that tell the pools above apart.
fn requests() -> Vec<Request> {
    let mut requests = Vec::new();
    for principal in ["arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/new"] {
        for action in ["s3:GetObject", "s3:PutObject", "sns:Publish"] {
            for resource in ["a", "a/x", "a/a/q", "b", "b/x", "bb", "x", "new1", "new1/x", "ax", "q/x"] {
                for value in ["", "a", "b", "5", "true", "10.1.0.1", "xa", "arn:aws:s3:::a"] {
                    let mut context = BTreeMap::new();
                    if !value.is_empty() {
                        context.insert("k".to_owned(), vec![value.to_owned()]);
                    }
                    requests.push(Request {
                        principal: principal.to_owned(),
                        action: action.to_owned(),
                        resource: format!("arn:aws:s3:::{resource}"),
                        context,
                    });
                }
            }
        }
    }
    requests
}

fn pairs(seed: u64, count: usize, holes: Kind, mut check: impl FnMut(&mut Dice, PolicyKind, &str, &str)) {
    let mut dice = Dice(seed);
    for _ in 0..count {
        let kind = if dice.roll(2) == 0 { PolicyKind::Identity } else { PolicyKind::Resource };
        let before = document(&mut dice, kind, holes);
        let after = neighbour(&mut dice, &before, kind, holes);
        check(&mut dice, kind, &before, &after);
    }
}

#[test]
fn nothing_new_stays_true_for_all_values() {
    let nothing = BTreeMap::new();
    let mut proven = 0;
    let requests = requests();
    pairs(0x5eed_0001, 700, Kind::Any, |dice, kind, before, after| {
        let found = asked(&world(before, kind, &nothing), &world(after, kind, &nothing));
        assert_eq!(found.mismatches, 0, "{before}\n{after}\n{found:?}");
        if found.verdict != Verdict::NoNewAccess {
            return;
        }
        proven += 1;
        for _ in 0..12 {
            let values = drawn(dice);
            let (before, after) = (world(before, kind, &values), world(after, kind, &values));
            let exact = asked(&before, &after);
            assert_ne!(exact.verdict, Verdict::NewAccess, "{values:?}\n{before:?}\n{after:?}\n{exact:?}");
            for request in requests.iter().skip(dice.roll(7)).step_by(7) {
                let new = evaluate(&after, request, Reading::default()) == Decision::Allowed
                    && evaluate(&before, request, Reading::default()) == Decision::Denied;
                assert!(!new, "{values:?}\n{request:?}\n{before:?}\n{after:?}");
            }
        }
    });
    assert!(proven > 150, "only {proven} pairs said anything");
}

#[test]
fn a_witness_holds_with_the_values_it_assumes() {
    let nothing = BTreeMap::new();
    let mut confirmed = 0;
    pairs(0x5eed_0002, 500, Kind::Any, |_, kind, before, after| {
        let found = asked(&world(before, kind, &nothing), &world(after, kind, &nothing));
        for region in found.new.iter().filter(|region| region.reading.is_none()) {
            let value = |(name, hole): (&'static str, Hole)| {
                let value = region.assuming.get(&hole.reference).cloned();
                let value = value.unwrap_or_else(|| hole.shape.example("zzfresh"));
                (name, format!("\"{value}\""))
            };
            let values: BTreeMap<&str, String> = holes().into_iter().map(value).collect();
            let (before, after) = (world(before, kind, &values), world(after, kind, &values));
            let decisions = (
                evaluate(&before, &region.witness, Reading::default()),
                evaluate(&after, &region.witness, Reading::default()),
            );
            assert_eq!(decisions, (Decision::Denied, Decision::Allowed), "{region:?}\n{before:?}\n{after:?}");
            confirmed += 1;
        }
    });
    assert!(confirmed > 150, "only {confirmed} regions");
}

#[test]
fn identical_sides_allow_nothing_new() {
    let nothing = BTreeMap::new();
    pairs(0x5eed_0003, 300, Kind::Any, |_, kind, before, _| {
        let same = world(before, kind, &nothing);
        assert_eq!(asked(&same, &same).verdict, Verdict::NoNewAccess, "{before}");
        // The same with a denial more.
        let more = "{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:Get*\",\"Resource\":\"<b>/*\"}";
        let narrower = before.replacen("\"Statement\":[", &format!("\"Statement\":[{more},"), 1);
        let found = asked(&same, &world(&narrower, kind, &nothing));
        assert_eq!(found.verdict, Verdict::NoNewAccess, "{before}\n{found:?}");
    });
}

#[test]
fn values_of_their_own_are_found() {
    let nothing = BTreeMap::new();
    let mut found_new = 0;
    let mut undecided = 0;
    pairs(0x5eed_0004, 500, Kind::Like, |_, kind, before, after| {
        let found = asked(&world(before, kind, &nothing), &world(after, kind, &nothing));
        let fresh = |(name, hole): (&'static str, Hole)| {
            let word = format!("qz{}", name.trim_matches(['<', '>']));
            (name, format!("\"{}\"", hole.shape.example(&word)))
        };
        let values: BTreeMap<&str, String> = holes().into_iter().map(fresh).collect();
        let exact = asked(&world(before, kind, &values), &world(after, kind, &values));
        if exact.verdict == Verdict::NewAccess {
            found_new += 1;
            assert_eq!(found.verdict, Verdict::NewAccess, "{before}\n{after}\n{exact:?}\n{found:?}");
        }
        undecided += usize::from(found.verdict == Verdict::Undecided);
    });
    assert!(found_new > 100, "only {found_new} pairs");
    assert!(undecided * 20 <= 500, "{undecided} of 500 pairs undecided");
}
