//! What a reader sees.

use nhi_analyzer_output::{Colour, terminal};

use crate::sample;

fn told(report: &nhi_analyzer_model::Report, colour: Colour) -> String {
    let mut text = Vec::new();
    terminal::write(report, colour, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn a_full_report() {
    let text = told(&sample::full(), Colour::Never);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("HIGH privilege-expansion "), "{text}");
    for expected in [
        "  role `app`: may now `iam:PassRole` on any role",
        "  --> modules/service/main.tf:12:3",
        "  12 |   policy = jsonencode({",
        "     |   ^^^^^^",
        "    called from main.tf:40:3",
        "    +    \"x\"",
        "  permitted by the exception `migration`",
        "note: the plan leaves parts for later (deferred, or `-target`): this report is partial",
        "note: `a.tf` could not be read",
        "1 high · 1 expansion, 0 reductions, 0 undecided, 1 excepted, 1 not understood",
        "fail (fails at high)",
    ] {
        assert!(lines.contains(&expected), "missing {expected:?} in:\n{text}");
    }
}

#[test]
fn an_empty_report() {
    let text = told(&sample::empty(), Colour::Never);
    let expected = "\
nothing to tell · 0 expansions, 0 reductions, 0 undecided, 0 excepted, 0 not understood
pass (never fails)
";
    assert_eq!(text, expected);
}

#[test]
fn text_of_the_plan_cannot_drive_the_terminal() {
    let text = told(&sample::full(), Colour::Never);
    assert!(!text.contains('\u{1b}'));
    assert!(text.contains("evil \\u{1b}[2Jtext"));
}

#[test]
fn colour_is_only_ours() {
    let text = told(&sample::full(), Colour::Always);
    assert!(text.contains("\u{1b}[31mHIGH\u{1b}[0m"));
    assert!(text.contains("evil \\u{1b}[2Jtext"));
}
