//! What `nhi.hcl` may say, and what is said to those who write something else.

use nhi_analyzer_input::Settings;
use nhi_analyzer_model::Severity;

#[test]
fn reads_every_setting() {
    let text = "# ours\nowner_tags = [\"Owner\", \"squad\"]\nfail_on = \"never\"\n\nregister = \"sqlite:../nhi.db\"\nexpiring_days = 30\n";
    let expected = Settings {
        owner_tags: vec!["Owner".to_owned(), "squad".to_owned()],
        fail_on: None,
        register: Some("sqlite:../nhi.db".to_owned()),
        expiring_days: 30,
        policies: std::collections::BTreeMap::default(),
        directory: Some("live/prod".to_owned()),
    };
    assert_eq!(Settings::parse(text, "live/prod/nhi.hcl"), Ok(expected));
}

#[test]
fn what_is_not_set_is_the_default() {
    for text in ["", "\n# nothing\n", "\u{feff}"] {
        let settings = Settings::parse(text, "nhi.hcl").unwrap();
        assert_eq!(settings, Settings { directory: Some(String::new()), ..Settings::default() });
    }
    let settings = Settings::parse("fail_on = \"low\"", "/nhi.hcl").unwrap();
    assert_eq!((settings.fail_on, settings.directory.as_deref()), (Some(Severity::Low), Some("/")));
}

#[test]
fn says_what_is_wrong_and_where() {
    let check = |text: &str, expected: &str| {
        let error = Settings::parse(text, "a/nhi.hcl").unwrap_err().to_string();
        assert_eq!(error, expected, "for {text}");
    };
    check(
        "owner_tag = [\"x\"]",
        "a/nhi.hcl:1:1: unknown setting `owner_tag`; the settings are `owner_tags`, `fail_on`, `register`, \
         `expiring_days`",
    );
    check(
        "thresholds {\n}\n",
        "a/nhi.hcl:1:1: unknown setting `thresholds`; the settings are `owner_tags`, `fail_on`, `register`, \
         `expiring_days`",
    );
    check(
        "register {\n}\n",
        "a/nhi.hcl:1:1: `register` is written as a block; settings are attributes: `register = …`",
    );
    check(
        "fail_on = \"low\"\nfail_on = \"high\"\n",
        "a/nhi.hcl:2:1: `fail_on` is set twice; keep one of them",
    );
    check(
        "register = env(\"X\")",
        "a/nhi.hcl:1:12: `register` is computed; values in a settings file are constants",
    );
    check(
        "register = \"sqlite:${x}\"",
        "a/nhi.hcl:1:12: `register` is computed; values in a settings file are constants",
    );
    check(
        "owner_tags = [var.x]",
        "a/nhi.hcl:1:14: `owner_tags` is computed; values in a settings file are constants",
    );
}

#[test]
fn takes_values_of_the_right_kind_only() {
    let tags = "`owner_tags` takes a list of one or more different keys, for example `owner_tags = [\"owner\", \"team\"]`";
    let fail = "`fail_on` takes one of `critical`, `high`, `medium`, `low`, `info`, `never`, for example `fail_on = \
                \"high\"`";
    let register = "`register` takes the URL of a register, for example `register = \"sqlite:nhi.db\"`";
    let days =
        "`expiring_days` takes a whole number of days from 0 to 3650, for example `expiring_days = 14`";
    let check = |name: &str, values: &[&str], expected: &str| {
        for value in values {
            let error = Settings::parse(&format!("{name} = {value}\n"), "nhi.hcl").unwrap_err();
            assert_eq!((error.line, error.column), (1, name.len() + 4), "{value}");
            assert_eq!(error.problem.to_string(), expected, "{value}");
        }
    };
    check("owner_tags", &["[]", "\"owner\"", "[\"a\", 1]", "[\" \"]", "[\"a\", \"a\"]", "null", "{}"], tags);
    check("fail_on", &["\"severe\"", "\"High\"", "[\"high\"]", "3", "null", "true"], fail);
    check("register", &["\"\"", "\"nhi.db\"", "\"sqlite:\"", "1", "null", "\"C:x\""], register);
    check("expiring_days", &["\"14\"", "-1", "1.5", "3651", "99999999999999999999", "null"], days);
}

#[test]
fn refuses_what_is_no_settings_file() {
    let check = |text: &str, expected: &str| {
        let error = Settings::parse(text, "nhi.hcl").unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    };
    check("owner_tags = [", "nhi.hcl:1:14: not valid HCL: ");
    check("ü = 1\nfail_on == 1", "nhi.hcl:");
    check(&"#".repeat(2 << 20), "nhi.hcl:1:1: the file is larger than 1 MiB");
    check(&"[".repeat(100_000), "nhi.hcl:1:1: not valid HCL: ");
    check(&format!("owner_tags = {}", "[".repeat(100_000)), "nhi.hcl:1:");
}

#[test]
fn the_nearest_file_counts() {
    let directories = || ["/r/live/prod", "/r/live", "/r", "/"].map(String::from);
    let mut asked = Vec::new();
    let found = Settings::search(directories(), |file| {
        asked.push(file.to_owned());
        Ok::<_, ()>((file == "/r/nhi.hcl").then(|| "text".to_owned()))
    });
    assert_eq!(found, Ok(Some(("/r/nhi.hcl".to_owned(), "text".to_owned()))));
    assert_eq!(asked, ["/r/live/prod/nhi.hcl", "/r/live/nhi.hcl", "/r/nhi.hcl"]);
    assert_eq!(Settings::search(directories(), |file| Err::<Option<String>, _>(file.len())), Err(20));
    assert_eq!(Settings::search(["", "/"].map(String::from), |_| Ok::<_, ()>(None)), Ok(None));
}

#[test]
fn the_page_tells_the_truth() {
    let page = include_str!("../../../docs/settings.md");
    let example = page.split("```hcl\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let expected = Settings {
        owner_tags: vec!["owner".to_owned(), "team".to_owned()],
        register: Some("sqlite:nhi.db".to_owned()),
        directory: Some(String::new()),
        ..Settings::default()
    };
    assert_eq!(Settings::parse(example, "nhi.hcl"), Ok(expected));
    let error = Settings::parse("x = 1", "nhi.hcl").unwrap_err().to_string();
    let known: Vec<&str> = error.split('`').skip(3).step_by(2).collect();
    let told: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("## `")?.strip_suffix('`')).collect();
    assert_eq!(told, known);
}
