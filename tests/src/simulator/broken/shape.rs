//! What the provider that can break says of itself.

use std::collections::BTreeMap;

use nhi_proto::Type;

use super::{DATA, Fault, KIND};
use crate::simulator::wire;
use wire::schema::{Attribute, Block, NestedBlock, Object};

/// The type of its things.
pub(super) fn thing() -> Type {
    let text = || Type::String;
    let part = Type::object([("kind", text()), ("code", text())]);
    Type::object([
        ("id", text()),
        ("name", text()),
        ("size", Type::Number),
        ("note", text()),
        ("secret", text()),
        ("tags", Type::set(text())),
        ("parts", Type::list(part)),
        ("mount", Type::list(Type::object([("path", text())]))),
    ])
}

/// The type of its data.
pub(super) fn look() -> Type {
    Type::object([("name", Type::String), ("size", Type::Number)])
}

/// The type of an identity.
pub(super) fn names() -> Type {
    Type::object([("name", Type::String)])
}

fn json(ty: &Type) -> Vec<u8> {
    ty.to_json().to_string().into_bytes()
}

fn attribute(name: &str, ty: &Type) -> Attribute {
    Attribute { name: name.to_owned(), r#type: json(ty), ..Attribute::default() }
}

fn required(name: &str) -> Attribute {
    Attribute { required: true, ..attribute(name, &Type::String) }
}

fn computed(name: &str, ty: &Type) -> Attribute {
    Attribute { computed: true, ..attribute(name, ty) }
}

fn optional(name: &str, ty: &Type) -> Attribute {
    Attribute { optional: true, ..attribute(name, ty) }
}

fn schema(attributes: Vec<Attribute>, block_types: Vec<NestedBlock>) -> wire::Schema {
    let block = Block { attributes, block_types, ..Block::default() };
    wire::Schema { version: 0, block: Some(block) }
}

pub(super) fn schemas(fault: Option<Fault>) -> wire::get_provider_schema::Response {
    let parts = Object {
        attributes: vec![required("kind"), computed("code", &Type::String)],
        nesting: wire::schema::object::NestingMode::List.into(),
        ..Object::default()
    };
    let mut attributes = vec![
        computed("id", &Type::String),
        Attribute { optional: fault == Some(Fault::RequiredAndOptional), ..required("name") },
        Attribute { optional: true, ..computed("size", &Type::Number) },
        optional("note", &Type::String),
        Attribute { write_only: true, ..optional("secret", &Type::String) },
        optional("tags", &Type::set(Type::String)),
        Attribute {
            name: "parts".to_owned(),
            optional: true,
            nested_type: Some(parts),
            ..Attribute::default()
        },
    ];
    match fault {
        Some(Fault::BadType) => {
            attributes.push(Attribute { r#type: b"strin".to_vec(), ..optional("bad", &Type::String) });
        }
        Some(Fault::SetOfAnything) => attributes.push(optional("any", &Type::set(Type::Dynamic))),
        Some(Fault::SameName) => attributes.push(optional("mount", &Type::String)),
        _ => {}
    }
    let mount = NestedBlock {
        type_name: "mount".to_owned(),
        block: schema(vec![required("path")], Vec::new()).block,
        nesting: wire::schema::nested_block::NestingMode::List.into(),
        ..NestedBlock::default()
    };
    let function = wire::Function {
        r#return: Some(wire::function::Return { r#type: json(&Type::Number) }),
        ..wire::Function::default()
    };
    wire::get_provider_schema::Response {
        provider: Some(schema(Vec::new(), Vec::new())),
        resource_schemas: one(KIND, schema(attributes, vec![mount])),
        data_source_schemas: one(
            DATA,
            schema(vec![required("name"), computed("size", &Type::Number)], Vec::new()),
        ),
        list_resource_schemas: one(KIND, schema(Vec::new(), Vec::new())),
        functions: one("three", function),
        server_capabilities: Some(wire::ServerCapabilities { plan_destroy: true, ..Default::default() }),
        ..Default::default()
    }
}

pub(super) fn identities() -> wire::get_resource_identity_schemas::Response {
    let name = wire::resource_identity_schema::IdentityAttribute {
        name: "name".to_owned(),
        r#type: json(&Type::String),
        required_for_import: true,
        ..Default::default()
    };
    let schema = wire::ResourceIdentitySchema { version: 0, identity_attributes: vec![name] };
    wire::get_resource_identity_schemas::Response {
        identity_schemas: one(KIND, schema),
        ..Default::default()
    }
}

fn one<T>(name: &str, value: T) -> BTreeMap<String, T> {
    BTreeMap::from([(name.to_owned(), value)])
}
