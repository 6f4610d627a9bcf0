//! Between our types and those of the wire; no type of the wire goes further than the server.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::function::{FunctionError, Parameter, Signature};
use crate::generated::tfplugin6 as wire;
use crate::path::{Path, Step};
use crate::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting, Presence, Schema, Secrecy, Shape};
use crate::value::{Strangers, Type, Value, ValueError};

/// Reads a value of type `ty`; one that is not there at all is null.
pub(crate) fn read_value(sent: Option<wire::DynamicValue>, ty: &Type) -> Result<Value, ValueError> {
    match sent {
        Some(sent) if !sent.msgpack.is_empty() => Value::from_msgpack(&sent.msgpack, ty),
        Some(sent) if !sent.json.is_empty() => Value::from_json(&sent.json, ty, Strangers::Refuse),
        _ => Ok(Value::Null),
    }
}

/// Writes a value of type `ty`.
pub(crate) fn write_value(value: &Value, ty: &Type) -> Result<wire::DynamicValue, ValueError> {
    Ok(wire::DynamicValue { msgpack: value.to_msgpack(ty)?, json: Vec::new() })
}

pub(crate) fn write_path(path: &Path) -> wire::AttributePath {
    use wire::attribute_path::{Step as Sent, step::Selector};
    let steps = path.steps().iter().map(|step| {
        let selector = match step {
            Step::Attribute(name) => Selector::AttributeName(name.clone()),
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
            Step::Index(index) => Selector::ElementKeyInt(i64::try_from(*index).unwrap_or(i64::MAX)),
        };
        Sent { selector: Some(selector) }
    });
    wire::AttributePath { steps: steps.collect() }
}

pub(crate) fn write_diagnostics(diagnostics: &Diagnostics) -> Vec<wire::Diagnostic> {
    diagnostics.iter().map(write_diagnostic).collect()
}

fn write_diagnostic(diagnostic: &Diagnostic) -> wire::Diagnostic {
    let severity = match diagnostic.severity() {
        Severity::Error => wire::diagnostic::Severity::Error,
        Severity::Warning => wire::diagnostic::Severity::Warning,
    };
    wire::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary().to_owned(),
        detail: diagnostic.detail().to_owned(),
        attribute: diagnostic.path().map(write_path),
    }
}

pub(crate) fn write_schema(schema: &Schema) -> wire::Schema {
    let block = wire::schema::Block { version: i64::from(schema.version), ..write_block(&schema.block) };
    wire::Schema { version: i64::from(schema.version), block: Some(block) }
}

fn write_block(block: &Block) -> wire::schema::Block {
    wire::schema::Block {
        version: 0,
        attributes: block.attributes.iter().map(|(name, one)| write_attribute(name, one)).collect(),
        block_types: block.blocks.iter().map(|(name, one)| write_nested_block(name, one)).collect(),
        description: block.description.clone(),
        description_kind: wire::StringKind::Markdown.into(),
        deprecated: block.deprecation.is_some(),
        deprecation_message: block.deprecation.clone().unwrap_or_default(),
    }
}

fn write_attribute(name: &str, attribute: &Attribute) -> wire::schema::Attribute {
    let (ty, nested_type) = match &attribute.shape {
        Shape::Plain(ty) => (write_type(ty), None),
        Shape::Nested(nesting, attributes) => {
            use wire::schema::object::NestingMode;
            let nesting = match nesting {
                Nesting::Single => NestingMode::Single,
                Nesting::List => NestingMode::List,
                Nesting::Set => NestingMode::Set,
                Nesting::Map => NestingMode::Map,
            };
            let attributes = attributes.iter().map(|(name, one)| write_attribute(name, one)).collect();
            let object =
                wire::schema::Object { attributes, nesting: nesting.into(), min_items: 0, max_items: 0 };
            (Vec::new(), Some(object))
        }
    };
    wire::schema::Attribute {
        name: name.to_owned(),
        r#type: ty,
        nested_type,
        description: attribute.description.clone(),
        required: attribute.presence == Presence::Required,
        optional: matches!(attribute.presence, Presence::Optional | Presence::OptionalComputed),
        computed: attribute.presence.is_computed(),
        sensitive: attribute.secrecy == Secrecy::Sensitive,
        description_kind: wire::StringKind::Markdown.into(),
        deprecated: attribute.deprecation.is_some(),
        write_only: attribute.secrecy == Secrecy::WriteOnly,
        deprecation_message: attribute.deprecation.clone().unwrap_or_default(),
    }
}

fn write_nested_block(name: &str, nested: &NestedBlock) -> wire::schema::NestedBlock {
    use wire::schema::nested_block::NestingMode;
    let nesting = match nested.nesting {
        BlockNesting::Single => NestingMode::Single,
        BlockNesting::Group => NestingMode::Group,
        BlockNesting::List => NestingMode::List,
        BlockNesting::Set => NestingMode::Set,
        BlockNesting::Map => NestingMode::Map,
    };
    // A single block stands once at most, and the core wants both counts equal.
    let (min_items, max_items) = match nested.nesting {
        BlockNesting::Single => (nested.min_items, nested.min_items),
        _ => (nested.min_items, nested.max_items),
    };
    wire::schema::NestedBlock {
        type_name: name.to_owned(),
        block: Some(write_block(&nested.block)),
        nesting: nesting.into(),
        min_items: i64::from(min_items),
        max_items: i64::from(max_items),
    }
}

pub(crate) fn write_function(signature: &Signature) -> wire::Function {
    use wire::function::Return;
    wire::Function {
        parameters: signature.parameters.iter().map(write_parameter).collect(),
        variadic_parameter: signature.variadic.as_ref().map(write_parameter),
        r#return: Some(Return { r#type: write_type(&signature.returns) }),
        summary: signature.summary.clone(),
        description: signature.description.clone(),
        description_kind: wire::StringKind::Markdown.into(),
        deprecation_message: signature.deprecation.clone().unwrap_or_default(),
    }
}

fn write_parameter(parameter: &Parameter) -> wire::function::Parameter {
    wire::function::Parameter {
        name: parameter.name.clone(),
        r#type: write_type(&parameter.ty),
        allow_null_value: parameter.takes_null,
        allow_unknown_values: parameter.takes_unknown,
        description: parameter.description.clone(),
        description_kind: wire::StringKind::Markdown.into(),
    }
}

fn write_type(ty: &Type) -> Vec<u8> {
    ty.to_json().to_string().into_bytes()
}

pub(crate) fn write_function_error(error: &FunctionError) -> wire::FunctionError {
    let argument = error.argument().map(|index| i64::try_from(index).unwrap_or(i64::MAX));
    wire::FunctionError { text: error.text().to_owned(), function_argument: argument }
}
