//! Configurations made to exhaust or mislead the evaluator: an error each time, never a hang and never a wrong text.
#![expect(clippy::expect_used, reason = "what stands around the tests reads fixed texts")]

use std::fmt::Write as _;

use nhi_analyzer_input::rebuild::Segment;
use nhi_analyzer_input::{Holed, MemorySources, Plan, Rebuilder};
use nhi_analyzer_model::AttributePath;

const PLAN: &str = r#"{"format_version":"1.2","resource_changes":[],"configuration":{"root_module":{}}}"#;

/// What `x` of `aws_x.y` is said to be.
fn told(text: &str) -> String {
    let plan = Plan::parse(PLAN).expect("a plan");
    let sources = MemorySources::default().with("main.tf", text);
    let rebuilder = Rebuilder::new(&plan, Some(&sources));
    match rebuilder.evaluate(&"aws_x.y".parse().expect("an address"), &AttributePath::of("x")) {
        Ok(Holed::Text(text)) => {
            let segments = text.segments.iter().map(|segment| match segment {
                Segment::Text(text) => text.clone(),
                Segment::Reference(reference) => format!("‹{}›", reference.text),
            });
            segments.collect()
        }
        Ok(Holed::Reference(reference)) => format!("Reference {}", reference.text),
        Ok(value) => format!("{value:?}"),
        Err(error) => error.to_string(),
    }
}

fn check(text: &str, expected: &str) {
    let told = told(text);
    let start: String = told.chars().take(300).collect();
    assert!(told.contains(expected), "{}\n{start}", text.chars().take(300).collect::<String>());
}

fn resource(expression: &str) -> String {
    format!("resource \"aws_x\" \"y\" {{\n  x = {expression}\n}}\n")
}

#[test]
fn names_that_lead_back_to_themselves() {
    check(&(resource("local.a") + "locals {\n a = local.b\n b = [local.a]\n}"), "refers to itself");
    check(&(resource("local.a") + "locals {\n a = try(local.a, 1)\n}"), "refers to itself");
}

#[test]
fn growth_without_bounds() {
    let mut locals = String::from("locals {\n a0 = \"0123456789\"\n b0 = [\"x\"]\n");
    for at in 1..80 {
        let before = at - 1;
        writeln!(locals, " a{at} = \"${{local.a{before}}}${{local.a{before}}}\"").expect("memory");
        writeln!(locals, " b{at} = concat(local.b{before}, local.b{before})").expect("memory");
    }
    locals.push('}');
    check(&(resource("local.a79") + &locals), "takes too much");
    check(&(resource("local.b79") + &locals), "takes too much");
    check(&resource("range(1000000)"), "takes too much");
    let ranges = "range(1000), range(1000), range(1000)";
    check(&resource(&format!("setproduct({ranges})")), "takes too much");
    let nested = "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]";
    check(&resource(nested), "takes too much");
    let text = "x".repeat(3 << 20);
    let replaced = format!("replace(\"{text}\", \"x\", \"{}\")", "y".repeat(100_000));
    check(&resource(&replaced), "takes too much");
}

#[test]
fn nesting_without_end() {
    let mut locals = String::from("locals {\n a0 = \"end\"\n");
    for at in 1..2000 {
        writeln!(locals, " a{at} = [[[local.a{}]]]", at - 1).expect("memory");
    }
    locals.push('}');
    check(&(resource("local.a1999") + &locals), "nested too deep");
    check(&resource(&format!("{}1{}", "[".repeat(60), "]".repeat(60))), "List");
    check(&resource(&format!("{}1{}", "[".repeat(5000), "]".repeat(5000))), "not found");
    check(&resource(&format!("jsondecode(\"{}\")", "[".repeat(5000))), "no JSON");
    check(&resource(&vec!["1"; 100].join(" + ")), "100");
}

#[test]
fn what_only_terraform_knows_is_never_guessed() {
    let unknown = "resource \"aws_b\" \"c\" {\n}\n";
    let cases = [
        ("replace(aws_b.c.arn, \"a\", \"b\")", "replace(aws_b.c.arn, \"a\", \"b\")"),
        ("\"x\" == aws_b.c.arn", "==(\"x\", aws_b.c.arn)"),
        ("aws_b.c.arn == null ? \"a\" : \"b\"", "if("),
        ("length(aws_b.c.arn)", "length(aws_b.c.arn)"),
        ("concat(aws_b.c.list...)", "aws_b.c"),
        ("format(\"%05s\", aws_b.c.arn)", "format("),
        ("lookup({ a = 1 }, aws_b.c.arn, 2)", "lookup("),
        ("{ a = 1 }[aws_b.c.arn]", "index("),
        ("[1, 2][aws_b.c.n]", "index("),
        ("{ for k in [aws_b.c.arn] : k => 1 }", "aws_b.c.arn"),
        ("[for k in [1, 2] : k if aws_b.c.n > k]", "aws_b.c.n"),
        ("sha256(aws_b.c.arn)", "sha256("),
        ("split(\":\", aws_b.c.arn)", "split("),
        ("split(\":\", aws_b.c.arn)[4]", "split(\":\", aws_b.c.arn)[4]"),
        ("one(toset([aws_b.c.arn, \"x\"]))", "one("),
        ("contains([aws_b.c.arn], \"x\")", "contains("),
        ("jsondecode(aws_b.c.json).a", "jsondecode(aws_b.c.json).a"),
        ("regex(\"a\", \"a\")", "regex(\"a\", \"a\")"),
        ("uuid()", "uuid() (#"),
        ("provider::x::y(1)", "provider::x::y(1)"),
        ("merge({ a = 1 }, aws_b.c.tags)", "merge("),
        ("!aws_b.c.flag", "!(aws_b.c.flag)"),
        ("aws_b.c.arn[*]", "aws_b.c.arn[*]"),
        ("can(aws_b.c.a.b)", "can(aws_b.c.a.b)"),
        ("trimspace(aws_b.c.arn)", "trimspace("),
        ("abs(aws_b.c.n) + 1", "+(abs(aws_b.c.n), 1)"),
    ];
    for (expression, expected) in cases {
        check(&(resource(expression) + unknown), expected);
        let told = told(&(resource(expression) + unknown));
        assert!(told.contains("Reference"), "{expression}: {told}");
    }
    check(&(resource("local.missing") + unknown), "is not in the sources");
    check(&(resource("aws_z.c.arn") + unknown), "is not in the sources");
    check(&resource("1 / 3"), "more digits");
    check(&resource("nonsense"), "no value here");
}

#[test]
fn what_is_not_written_is_named_itself() {
    let json = r#"{"format_version":"1.2","configuration":{"root_module":{}},"resource_changes":[{"address":"aws_x.y",
      "change":{"actions":["create"],"before":null,"after":{"x":null},"after_unknown":{"arn":true}}}]}"#;
    let plan = Plan::parse(json).expect("a plan");
    let sources = MemorySources::default().with("main.tf", resource("1"));
    let rebuilder = Rebuilder::new(&plan, Some(&sources));
    let of = |name| {
        let address = "aws_x.y".parse().expect("an address");
        let rebuilt = rebuilder.rebuild(&address, &AttributePath::of(name));
        rebuilt.map(|text| text.references().map(|reference| reference.text.clone()).collect::<Vec<_>>())
    };
    assert_eq!(of("arn"), Ok(vec!["aws_x.y.arn".to_owned()]));
    assert!(of("none").is_err());
}

#[test]
fn masked_values_stay_masked() {
    let variable = "variable \"v\" {\n  default = \"hush\"\n  sensitive = true\n}\n";
    for expression in ["var.v", "\"${var.v}-x\"", "upper(var.v)", "[for c in [var.v] : c]", "{ (var.v) = 1 }"]
    {
        check(&(resource(expression) + variable), "is sensitive");
        assert!(!told(&(resource(expression) + variable)).contains("hush"));
    }
    check(&resource("sensitive(\"a\")"), "is sensitive");
    check(&resource("nonsensitive(sensitive(\"a\"))"), "is sensitive");
}

#[test]
fn blocks_are_lists_and_dynamic_ones_are_among_them() {
    let text = r#"
      locals {
        more = { b = ["s3:Put*"], a = ["s3:Get*"] }
      }
      resource "aws_b" "c" {}
      resource "aws_x" "y" {
        x {
          n = 1
        }
        dynamic "x" {
          for_each = local.more
          iterator = it
          content {
            n       = it.key
            actions = it.value
            inner {
              arn = "${aws_b.c.arn}/${it.key}"
            }
          }
        }
        dynamic "x" {
          for_each = aws_b.c.list
          content {}
        }
      }
    "#;
    let plan = Plan::parse(PLAN).expect("a plan");
    let sources = MemorySources::default().with("main.tf", text);
    let rebuilder = Rebuilder::new(&plan, Some(&sources));
    let address = "aws_x.y".parse().expect("an address");
    let Ok(Holed::List(blocks)) = rebuilder.evaluate(&address, &AttributePath::of("x")) else {
        panic!("no list")
    };
    assert_eq!(blocks.len(), 4);
    assert_eq!(blocks[0].get("n"), Some(&Holed::Number("1".to_owned())));
    let Some(Holed::List(inner)) = blocks[1].get("inner") else { panic!("no inner block") };
    let Some(Holed::Text(arn)) = inner[0].get("arn") else { panic!("no text") };
    let references: Vec<&str> = arn.references().map(|reference| reference.text.as_str()).collect();
    assert_eq!(references, ["aws_b.c.arn"]);
    assert_eq!(arn.segments.last(), Some(&Segment::Text("/a".to_owned())));
    assert!(matches!(blocks[3], Holed::Reference(_)), "{:?}", blocks[3]);
}

#[test]
fn sources_of_another_plan_are_refused() {
    let json = r#"{"format_version":"1.2","resource_changes":[],"configuration":{"root_module":{"resources":[
      {"address":"aws_x.y","mode":"managed","type":"aws_x","name":"y","expressions":{"x":{"references":["aws_b.c.arn","aws_b.c"]}}}]}}}"#;
    let plan = Plan::parse(json).expect("a plan");
    let answer = |text: &str| {
        let sources = MemorySources::default().with("main.tf", text);
        let rebuilder = Rebuilder::new(&plan, Some(&sources));
        rebuilder
            .rebuild(&"aws_x.y".parse().expect("an address"), &AttributePath::of("x"))
            .map_or_else(|error| error.to_string(), |_| "rebuilt".to_owned())
    };
    let unknown = "resource \"aws_b\" \"c\" {\n}\nresource \"aws_b\" \"d\" {\n}\n";
    assert_eq!(answer(&(resource("aws_b.c.arn") + unknown)), "rebuilt");
    assert!(answer(&(resource("aws_b.d.arn") + unknown)).contains("not those the plan was made from"));
    assert!(answer(&(resource("\"constant\"") + unknown)).contains("not those the plan was made from"));
    let bare = Rebuilder::new(&plan, None);
    let error = bare.rebuild(&"aws_x.y".parse().expect("an address"), &AttributePath::of("x"));
    assert!(error.is_err_and(|error| error.to_string().contains("--source DIR")));
}
