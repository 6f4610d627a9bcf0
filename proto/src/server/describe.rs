//! Everything a provider offers, as JSON: what `terraform providers schema -json` prints, told without a client. It is made
//! from the answers on the wire, so that nothing a client would learn is left out.

use serde_json::{Map, Value as Json, json};

use super::Server;
use crate::diagnostics::Diagnostics;
use crate::generated::tfplugin6 as wire;
use crate::provider::Provider;

/// The host that a client completes a short source address with.
const HOST: &str = "registry.terraform.io";

/// Every schema of a provider, in version 1.0 of the format that Terraform prints.
pub fn describe<P: Provider>(provider: P) -> Result<Json, Diagnostics> {
    let address = format!("{HOST}/{}", provider.address());
    let server = Server::new(provider);
    let schemas = server.served.schemas(wire::get_provider_schema::Request::default())?;
    let identities =
        server.served.identity_schemas(wire::get_resource_identity_schemas::Request::default())?;
    let mut told = Map::new();
    told.insert("provider".to_owned(), schemas.provider.as_ref().map_or(Json::Null, schema));
    let versioned = [
        ("resource_schemas", &schemas.resource_schemas),
        ("data_source_schemas", &schemas.data_source_schemas),
        ("ephemeral_resource_schemas", &schemas.ephemeral_resource_schemas),
        ("list_resource_schemas", &schemas.list_resource_schemas),
    ];
    for (kind, all) in versioned {
        put(&mut told, kind, all.iter().map(|(name, one)| (name.clone(), schema(one))).collect());
    }
    let functions = schemas.functions.iter().map(|(name, one)| (name.clone(), function(one)));
    put(&mut told, "functions", functions.collect());
    let identities = identities.identity_schemas.iter().map(|(name, one)| (name.clone(), identity(one)));
    put(&mut told, "resource_identity_schemas", identities.collect());
    let actions = schemas.action_schemas.iter().map(|(name, one)| {
        let inner = one.schema.as_ref().and_then(|schema| schema.block.as_ref());
        (name.clone(), json!({ "block": inner.map(block) }))
    });
    put(&mut told, "action_schemas", actions.collect());
    Ok(json!({ "format_version": "1.0", "provider_schemas": { address: told } }))
}

/// What there is none of is not told.
fn put(told: &mut Map<String, Json>, name: &str, all: Map<String, Json>) {
    if !all.is_empty() {
        told.insert(name.to_owned(), Json::Object(all));
    }
}

fn schema(schema: &wire::Schema) -> Json {
    json!({ "version": schema.version, "block": schema.block.as_ref().map(block) })
}

fn block(block: &wire::schema::Block) -> Json {
    let mut told = Map::new();
    let attributes = block.attributes.iter().map(|one| (one.name.clone(), attribute(one)));
    put(&mut told, "attributes", attributes.collect());
    let blocks = block.block_types.iter().map(|one| (one.type_name.clone(), nested(one)));
    put(&mut told, "block_types", blocks.collect());
    words(&mut told, &block.description);
    told.insert("description_kind".to_owned(), kind(block.description_kind));
    mark(&mut told, "deprecated", block.deprecated);
    Json::Object(told)
}

fn nested(nested: &wire::schema::NestedBlock) -> Json {
    use wire::schema::nested_block::NestingMode;
    let mut told = Map::new();
    let nesting = match nested.nesting() {
        NestingMode::Group => "group",
        NestingMode::List => "list",
        NestingMode::Set => "set",
        NestingMode::Map => "map",
        NestingMode::Single | NestingMode::Invalid => "single",
    };
    told.insert("nesting_mode".to_owned(), nesting.into());
    told.insert("block".to_owned(), nested.block.as_ref().map_or(Json::Null, block));
    for (name, count) in [("min_items", nested.min_items), ("max_items", nested.max_items)] {
        if count != 0 {
            told.insert(name.to_owned(), count.into());
        }
    }
    Json::Object(told)
}

fn attribute(attribute: &wire::schema::Attribute) -> Json {
    use wire::schema::object::NestingMode;
    let mut told = Map::new();
    match &attribute.nested_type {
        None => drop(told.insert("type".to_owned(), ty(&attribute.r#type))),
        Some(object) => {
            let nesting = match object.nesting() {
                NestingMode::List => "list",
                NestingMode::Set => "set",
                NestingMode::Map => "map",
                NestingMode::Single | NestingMode::Invalid => "single",
            };
            let inner = object.attributes.iter().map(|one| (one.name.clone(), self::attribute(one)));
            let inner: Map<String, Json> = inner.collect();
            let object = json!({ "attributes": inner, "nesting_mode": nesting });
            told.insert("nested_type".to_owned(), object);
        }
    }
    words(&mut told, &attribute.description);
    told.insert("description_kind".to_owned(), kind(attribute.description_kind));
    for (name, holds) in [
        ("deprecated", attribute.deprecated),
        ("required", attribute.required),
        ("optional", attribute.optional),
        ("computed", attribute.computed),
        ("sensitive", attribute.sensitive),
        ("write_only", attribute.write_only),
    ] {
        mark(&mut told, name, holds);
    }
    Json::Object(told)
}

fn function(function: &wire::Function) -> Json {
    let mut told = Map::new();
    words(&mut told, &function.description);
    if !function.summary.is_empty() {
        told.insert("summary".to_owned(), function.summary.as_str().into());
    }
    if !function.deprecation_message.is_empty() {
        told.insert("deprecation_message".to_owned(), function.deprecation_message.as_str().into());
    }
    let returns = function.r#return.as_ref().map_or(Json::Null, |returns| ty(&returns.r#type));
    told.insert("return_type".to_owned(), returns);
    if !function.parameters.is_empty() {
        let all: Vec<Json> = function.parameters.iter().map(parameter).collect();
        told.insert("parameters".to_owned(), all.into());
    }
    if let Some(rest) = &function.variadic_parameter {
        told.insert("variadic_parameter".to_owned(), parameter(rest));
    }
    Json::Object(told)
}

fn parameter(parameter: &wire::function::Parameter) -> Json {
    let mut told = Map::new();
    told.insert("name".to_owned(), parameter.name.as_str().into());
    words(&mut told, &parameter.description);
    mark(&mut told, "is_nullable", parameter.allow_null_value);
    told.insert("type".to_owned(), ty(&parameter.r#type));
    Json::Object(told)
}

fn identity(identity: &wire::ResourceIdentitySchema) -> Json {
    let attributes = identity.identity_attributes.iter().map(|one| {
        let mut told = Map::new();
        told.insert("type".to_owned(), ty(&one.r#type));
        words(&mut told, &one.description);
        mark(&mut told, "required_for_import", one.required_for_import);
        mark(&mut told, "optional_for_import", one.optional_for_import);
        (one.name.clone(), Json::Object(told))
    });
    let attributes: Map<String, Json> = attributes.collect();
    json!({ "version": identity.version, "attributes": attributes })
}

fn words(told: &mut Map<String, Json>, description: &str) {
    if !description.is_empty() {
        told.insert("description".to_owned(), description.into());
    }
}

/// What does not hold is not told.
fn mark(told: &mut Map<String, Json>, name: &str, holds: impl Into<Json>) {
    let holds = holds.into();
    if holds == Json::Bool(true) {
        told.insert(name.to_owned(), holds);
    }
}

fn kind(kind: i32) -> Json {
    let markdown = kind == i32::from(wire::StringKind::Markdown);
    Json::from(if markdown { "markdown" } else { "plain" })
}

/// Types are sent as JSON already.
fn ty(bytes: &[u8]) -> Json {
    serde_json::from_slice(bytes).unwrap_or(Json::Null)
}
