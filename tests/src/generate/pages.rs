//! The pages of the provider, its resources and its functions, in the form of the Terraform Registry, made from schemas
//! and signatures. Their examples are blocks of the configuration under `examples/quickstart/`, and for functions whole
//! configurations under `examples/functions/`; tests apply them all.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nhi_proto::schema::{Attribute, Block, Nesting, Presence, Shape};
use nhi_proto::value::Type;
use nhi_proto::{Parameter, Provider as _, Signature};
use terraform_provider_nhi::Nhi;

/// The configuration that the examples come from, relative to the root of the repository.
const EXAMPLES: &str = "examples/quickstart/main.tf";

/// Where each function has a folder of its own, relative to the root of the repository.
const FUNCTIONS: &str = "examples/functions";

/// The index and one page for each resource and function: paths relative to the root of the repository, each with its text.
pub fn pages(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let examples =
        fs::read_to_string(root.join(EXAMPLES)).with_context(|| format!("cannot read `{EXAMPLES}`"))?;
    let nhi = Nhi::of_process();
    let mut made = vec![(PathBuf::from("docs/index.md"), index(&nhi.schema().block, &examples))];
    for (name, schema) in nhi.resources().schemas() {
        let short = name.strip_prefix("nhi_").unwrap_or(name);
        made.push((
            PathBuf::from(format!("docs/resources/{short}.md")),
            resource(name, &schema.block, &examples),
        ));
    }
    for (name, signature) in nhi.functions().signatures() {
        let path = format!("{FUNCTIONS}/{name}/function.tf");
        let example =
            fs::read_to_string(root.join(&path)).with_context(|| format!("cannot read `{path}`"))?;
        made.push((PathBuf::from(format!("docs/functions/{name}.md")), function(name, &signature, &example)));
    }
    Ok(made)
}

fn function(name: &str, signature: &Signature, example: &str) -> String {
    let mut page = front(&format!("{name} function - nhi"), &signature.summary);
    page.extend(["# function: ", name, "\n\n", &signature.description, "\n\n"]);
    page.extend(["## Example Usage\n\n```terraform\n", example, "```\n\n"]);
    let parameters = signature.parameters.iter().map(|one| format!("{} {}", one.name, short(&one.ty)));
    let rest = signature.variadic.iter().map(|one| format!("{} {}...", one.name, short(&one.ty)));
    let parameters: Vec<String> = parameters.chain(rest).collect();
    let returns = short(&signature.returns);
    page.extend([
        "## Signature\n\n```text\n",
        name,
        "(",
        &parameters.join(", "),
        ") ",
        &returns,
        "\n```\n\n",
    ]);
    page += "## Arguments\n\n";
    page.extend(signature.parameters.iter().map(|one| argument(one, "")));
    page.extend(signature.variadic.iter().map(|one| argument(one, "Variadic, ")));
    page
}

fn argument(parameter: &Parameter, count: &str) -> String {
    let null = if parameter.takes_null { ", Nullable" } else { "" };
    format!("1. `{}` ({count}{}{null}) {}\n", parameter.name, plain(&parameter.ty), parameter.description)
}

/// A type as signatures spell it: `list of string`.
fn short(ty: &Type) -> String {
    plain(ty).to_lowercase()
}

fn index(block: &Block, examples: &str) -> String {
    let mut page = front("nhi Provider", &block.description);
    page.extend(["# nhi Provider\n\n", &block.description, "\n\n"]);
    page += &example(examples, "provider \"nhi\"");
    page + &schema(block)
}

fn resource(name: &str, block: &Block, examples: &str) -> String {
    let mut page = front(&format!("{name} Resource - nhi"), &block.description);
    page.extend(["# ", name, " (Resource)\n\n", &block.description, "\n\n"]);
    page += &example(examples, &format!("resource \"{name}\""));
    page += &schema(block);
    page + &format!(
        "\n## Import\n\nThe id is the name. Only declarations of the provider's own workspace can be imported.\n\n\
             ```shell\nterraform import {name}.example NAME\n```\n"
    )
}

fn front(title: &str, description: &str) -> String {
    format!("---\npage_title: \"{title}\"\nsubcategory: \"\"\ndescription: |-\n  {description}\n---\n\n")
}

/// The first block of the examples that begins so.
fn example(examples: &str, beginning: &str) -> String {
    let mut lines = examples.lines().skip_while(|line| !line.starts_with(beginning)).peekable();
    if lines.peek().is_none() {
        return String::new();
    }
    let mut text = String::from("## Example Usage\n\n```terraform\n");
    for line in lines {
        text.push_str(line);
        text.push('\n');
        if line == "}" {
            break;
        }
    }
    text + "```\n\n"
}

fn schema(block: &Block) -> String {
    let mut text = String::from("## Schema\n");
    text += &attributes(&block.attributes, 3);
    for (name, attribute) in &block.attributes {
        if let Shape::Nested(_, inner) = &attribute.shape {
            text.extend(["\n<a id=\"nested--", name, "\"></a>\n### Nested Schema for `", name, "`\n"]);
            text += &attributes(inner, 4);
        }
    }
    text
}

/// The attributes under the headings that the Registry uses.
fn attributes(all: &BTreeMap<String, Attribute>, level: usize) -> String {
    let headings: [(&str, &[Presence]); 3] = [
        ("Required", &[Presence::Required]),
        ("Optional", &[Presence::Optional, Presence::OptionalComputed]),
        ("Read-Only", &[Presence::Computed]),
    ];
    let mut text = String::new();
    for (heading, presences) in headings {
        let mut listed =
            all.iter().filter(|(_, attribute)| presences.contains(&attribute.presence)).peekable();
        if listed.peek().is_none() {
            continue;
        }
        text.extend(["\n", &"#".repeat(level), " ", heading, "\n\n"]);
        for (name, attribute) in listed {
            let see = match attribute.shape {
                Shape::Nested(..) => format!(" (see [below](#nested--{name}))"),
                Shape::Plain(_) => String::new(),
            };
            text.extend([
                "- `",
                name,
                "` (",
                &type_name(attribute),
                ") ",
                &attribute.description,
                &see,
                "\n",
            ]);
        }
    }
    text
}

fn type_name(attribute: &Attribute) -> String {
    match &attribute.shape {
        Shape::Plain(ty) => plain(ty),
        Shape::Nested(Nesting::Single, _) => "Attributes".to_owned(),
        Shape::Nested(Nesting::List, _) => "Attributes List".to_owned(),
        Shape::Nested(Nesting::Set, _) => "Attributes Set".to_owned(),
        Shape::Nested(Nesting::Map, _) => "Attributes Map".to_owned(),
    }
}

fn plain(ty: &Type) -> String {
    match ty {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", plain(element)),
        Type::Set(element) => format!("Set of {}", plain(element)),
        Type::Map(element) => format!("Map of {}", plain(element)),
        Type::Object(_) => "Object".to_owned(),
        Type::Tuple(_) => "Tuple".to_owned(),
    }
}
