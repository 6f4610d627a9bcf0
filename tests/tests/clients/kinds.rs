//! The examples beside those of the resources: data sources, lists, actions and grants, on a register that holds what the
//! resources' examples declare. Where a client does not have a kind yet, its examples are left out. And the schema that
//! the program prints by hand, beside the one that a client asks it for.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use nhi_tests::client::provider;
use nhi_tests::process::run;
use nhi_tests::repository::{files, text};
use nhi_tests::sandbox::Sandbox;
use serde_json::Value as Json;

const PROVIDER: &str = "terraform {\n  required_providers {\n    nhi = {\n      source = \"nhi/nhi\"\n    }\n  }\n}\n\n\
                        provider \"nhi\" {\n  workspace = \"platform\"\n}\n";

pub(crate) fn of_every_example(sandbox: &Sandbox) -> Result<()> {
    sandbox.write("main.tf", &format!("{PROVIDER}\n{}", declared()?))?;
    sandbox.run(&["init", "-no-color"])?.ended_with(0)?;
    apply(sandbox, &[])?;
    // The run after a creation confirms it, so that from then on nothing moves the audit chain.
    sandbox.run(&["plan", "-no-color", "-detailed-exitcode"])?.ended_with(0)?;

    ensure!(take(sandbox, "examples/data-sources", ".tf")? >= 27, "an example of each data source");
    apply(sandbox, &[])?;
    sandbox.run(&["plan", "-no-color", "-detailed-exitcode"])?.ended_with(0)?;

    let has = Abilities::of(sandbox)?;
    if has.lists {
        let lists = take(sandbox, "examples/list-resources", ".tfquery.hcl")?;
        let told = sandbox.run(&["query", "-no-color"])?.ended_with(0)?.stdout;
        let found = told.lines().filter(|line| line.starts_with("list.")).count();
        ensure!(lists >= 12 && found > lists, "{found} found by {lists} lists:\n{told}");
    }
    if has.actions {
        take(sandbox, "examples/actions", ".tf")?;
        for (actor, action) in [
            ("carol@example.com", "nhi_approve.promote"),
            ("carol@example.com", "nhi_attest_review.deploy"),
            ("erin@example.com", "nhi_rotate_due.week"),
            ("erin@example.com", "nhi_rotate_due.mirror"),
        ] {
            let invoke = format!("-invoke=action.{action}");
            let told = sandbox.run_as(actor, &["apply", "-no-color", "-auto-approve", &invoke])?;
            told.ended_with(0).with_context(|| action.to_owned())?;
        }
        // What was approved holds at the next run, and what was revoked does not any more.
        apply(sandbox, &["route_is_open = true", "legacy_bucket_standing = \"unapproved\""])?;
        let revoke = ["apply", "-no-color", "-auto-approve", "-invoke=action.nhi_revoke.legacy_bucket"];
        sandbox.run_as("carol@example.com", &revoke)?.ended_with(0)?;
        apply(sandbox, &["legacy_bucket_standing = \"revoked\""])?;
    }
    if has.ephemerals {
        take(sandbox, "examples/ephemeral-resources", ".tf")?;
        let told = sandbox.run(&["plan", "-no-color"])?.ended_with(1)?;
        ensure!(told.stderr.contains("approv"), "an elevation opened that nobody approved:\n{}", told.stderr);
    }
    if has.actions && has.ephemerals {
        // The grant itself opens with every run, so the approvals are made before it is declared.
        let grant = "nhi_elevation_grant.tf";
        sandbox.write(grant, "# Not yet.\n")?;
        sandbox.write("approve.tf", APPROVE)?;
        for actor in ["bob@example.com", "carol@example.com"] {
            let invoke = ["apply", "-no-color", "-auto-approve", "-invoke=action.nhi_approve.repair"];
            sandbox.run_as(actor, &invoke)?.ended_with(0)?;
        }
        take(sandbox, "examples/ephemeral-resources", ".tf")?;
        apply(sandbox, &["Apply complete!"])?;
    }
    Ok(())
}

const APPROVE: &str = "action \"nhi_approve\" \"repair\" {\n  config {\n    kind = \"elevation\"\n    name = \"repair-production\"\n  }\n}\n";

/// The schema by hand is the one that the newest core prints.
pub(crate) fn of_the_schema(sandbox: &Sandbox) -> Result<()> {
    let has = Abilities::of(sandbox)?;
    if !(has.lists && has.actions) {
        return Ok(());
    }
    let Some(program) = provider().or_skip("the schema by hand")? else { return Ok(()) };
    sandbox.write("main.tf", PROVIDER)?;
    sandbox.run(&["init", "-no-color"])?.ended_with(0)?;
    let asked = sandbox.run(&["providers", "schema", "-json"])?.ended_with(0)?.stdout;
    let by_hand = run(sandbox.command(Path::new(&program)).arg("--schema"))?.ended_with(0)?.stdout;
    let (asked, by_hand): (Json, Json) = (serde_json::from_str(&asked)?, serde_json::from_str(&by_hand)?);
    for (kind, all) in inside(&asked)? {
        let printed = inside(&by_hand)?.get(kind).with_context(|| format!("no `{kind}` by hand"))?;
        ensure!(printed == all, "`{kind}` differs:\n{printed:#}\n{all:#}");
    }
    ensure!(asked == by_hand, "something else differs");
    Ok(())
}

fn inside(schema: &Json) -> Result<&serde_json::Map<String, Json>> {
    let providers = schema.get("provider_schemas").and_then(Json::as_object).context("no providers")?;
    providers.values().next().and_then(Json::as_object).context("no provider")
}

/// What a client has beside resources, data sources and functions.
struct Abilities {
    ephemerals: bool,
    lists: bool,
    actions: bool,
}

impl Abilities {
    fn of(sandbox: &Sandbox) -> Result<Self> {
        let told = sandbox.run(&["version", "-json"])?.ended_with(0)?.stdout;
        let told: Json = serde_json::from_str(&told)?;
        let version = told.get("terraform_version").and_then(Json::as_str).context("no version")?;
        let minor: u32 =
            version.split('.').nth(1).and_then(|minor| minor.parse().ok()).context("no minor version")?;
        let terraform = !sandbox.client().starts_with("tofu");
        let newest = terraform && minor >= 14;
        let ephemerals = if terraform { minor >= 10 } else { minor >= 11 };
        Ok(Self { ephemerals, lists: newest, actions: newest })
    }
}

/// Applies, and holds what is told of the outputs to what it should say.
fn apply(sandbox: &Sandbox, says: &[&str]) -> Result<()> {
    let told = sandbox.run(&["apply", "-no-color", "-auto-approve"])?.ended_with(0)?.stdout;
    for part in says {
        ensure!(told.contains(part), "apply does not say `{part}`:\n{told}");
    }
    Ok(())
}

/// Takes every example of a kind into the configuration, each as a file named after its object.
fn take(sandbox: &Sandbox, folder: &str, extension: &str) -> Result<usize> {
    let paths: Vec<String> = files(folder)?.into_iter().filter(|path| path.ends_with(extension)).collect();
    for path in &paths {
        let example = text(path)?.with_context(|| format!("`{path}` is no text"))?;
        let parts: Vec<&str> = path.split('/').collect();
        let [.., kind, object, _] = parts.as_slice() else { continue };
        let name =
            if *kind == "ephemeral-resources" { (*object).to_owned() } else { format!("{kind}_{object}") };
        sandbox.write(&format!("{name}{extension}"), &example)?;
    }
    Ok(paths.len())
}

/// Every block of the resources' examples; what several of them declare alike, once.
fn declared() -> Result<String> {
    let (mut seen, mut whole) = (BTreeSet::new(), String::new());
    for path in files("examples/resources")?.iter().filter(|path| path.ends_with("/resource.tf")) {
        let example = text(path)?.with_context(|| format!("`{path}` is no text"))?;
        let mut taking = false;
        for line in example.lines() {
            if line.starts_with("resource ") || line.starts_with("locals ") {
                taking = seen.insert(line.to_owned());
            }
            if taking {
                whole.extend([line, "\n"]);
            }
            taking &= line != "}";
        }
    }
    Ok(whole)
}
