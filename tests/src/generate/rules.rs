//! The pages of the rules: each as it stands beside its rule, and one that lists them.

use std::path::PathBuf;

use nhi_analyzer_rules::RULES;

/// The list and one page for each rule: paths relative to the root of the repository, each with its text.
pub fn rules() -> Vec<(PathBuf, String)> {
    let mut made = vec![(PathBuf::from("docs/rules/README.md"), list())];
    for rule in RULES {
        let (title, text) = rule.page.split_once('\n').unwrap_or((rule.page, ""));
        let page = format!(
            "{title}\n\nRule `{}`, at most `{}`. `nhi explain {}` prints this page.\n{text}",
            rule.id, rule.severity, rule.id
        );
        made.push((PathBuf::from(format!("docs/rules/{}.md", rule.id)), page));
    }
    made
}

fn list() -> String {
    let mut page = "# Rules\n\nWhat `nhi check` tells. The ids stand in reports and in the `permits` of an \
                    `nhi_exception`.\n\n| rule | at most | what it tells |\n|---|---|---|\n"
        .to_owned();
    for rule in RULES {
        page.extend([
            "| [`",
            rule.id,
            "`](",
            rule.id,
            ".md) | ",
            rule.severity.as_str(),
            " | ",
            rule.title(),
            " |\n",
        ]);
    }
    page
}
