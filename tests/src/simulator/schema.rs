//! The schemas a provider offers, as read from the wire, and the rules by which the core loads them.

use std::collections::{BTreeMap, BTreeSet};

use nhi_proto::Type;
use nhi_proto::schema::{
    Attribute, Block, BlockNesting, NestedBlock, Nesting, Presence, Schema, Secrecy, Shape,
};

use super::breach::{Breach, Rule};
use super::wire;

/// A managed resource.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Its shape.
    pub schema: Schema,
    /// The type of its objects.
    pub ty: Type,
    /// The type of its identity, with the attributes an import must name.
    pub identity: Option<(Type, BTreeSet<String>)>,
}

/// Everything a provider offers.
#[derive(Debug, Clone)]
pub struct Schemas {
    /// The provider block.
    pub provider: Schema,
    /// Managed resources.
    pub kinds: BTreeMap<String, Kind>,
    /// Data sources.
    pub data: BTreeMap<String, Schema>,
    /// Lists.
    pub lists: BTreeMap<String, Schema>,
    /// Ephemeral resources.
    pub ephemerals: BTreeMap<String, Schema>,
    /// Actions.
    pub actions: BTreeMap<String, Schema>,
    /// Functions: the types of their parameters, of the variadic one, and of the answer.
    pub functions: BTreeMap<String, (Vec<Type>, Option<Type>, Type)>,
}

impl Schemas {
    pub(super) fn read(
        sent: wire::get_provider_schema::Response,
        identities: &wire::get_resource_identity_schemas::Response,
    ) -> Result<Self, Breach> {
        let all = |sent: BTreeMap<String, wire::Schema>| -> Result<BTreeMap<_, _>, Breach> {
            sent.iter().map(|(name, one)| Ok((name.clone(), schema(name, one)?))).collect()
        };
        let provider = sent.provider.ok_or_else(|| wrong("provider", "missing provider schema"))?;
        let mut kinds = BTreeMap::new();
        for (name, schema) in all(sent.resource_schemas)? {
            let identity = identities.identity_schemas.get(&name);
            let identity = identity.map(|sent| identity_type(&name, sent)).transpose()?;
            kinds.insert(name, Kind { ty: schema.value_type(), schema, identity });
        }
        let actions = sent.action_schemas.into_iter();
        let actions = actions.filter_map(|(name, sent)| Some((name, sent.schema?))).collect();
        let functions = sent.functions.iter().map(|(name, one)| Ok((name.clone(), signature(name, one)?)));
        let read = Self {
            provider: schema("provider", &provider)?,
            kinds,
            data: all(sent.data_source_schemas)?,
            lists: all(sent.list_resource_schemas)?,
            ephemerals: all(sent.ephemeral_resource_schemas)?,
            actions: all(actions)?,
            functions: functions.collect::<Result<_, Breach>>()?,
        };
        let unnamed =
            read.lists.keys().find(|name| read.kinds.get(*name).is_none_or(|kind| kind.identity.is_none()));
        match unnamed {
            Some(name) => Err(wrong(name, "identity schema not found for the resource type of a list")),
            None => Ok(read),
        }
    }
}

fn wrong(place: &str, what: impl Into<String>) -> Breach {
    Breach { rule: Rule::Schema, place: place.to_owned(), what: what.into() }
}

fn schema(place: &str, sent: &wire::Schema) -> Result<Schema, Breach> {
    let version = u32::try_from(sent.version).map_err(|_| wrong(place, "a version is not negative"))?;
    let sent = sent.block.as_ref().ok_or_else(|| wrong(place, "a schema has a block"))?;
    Ok(Schema::new(version, block(place, sent)?))
}

fn block(place: &str, sent: &wire::schema::Block) -> Result<Block, Breach> {
    let mut made = Block { attributes: attributes(place, &sent.attributes)?, ..Block::default() };
    described(place, &sent.description)?;
    for one in &sent.block_types {
        let place = format!("{place}.{}", one.type_name);
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if one.type_name.is_empty() || !one.type_name.chars().all(allowed) {
            return Err(wrong(
                &place,
                "the name of a block holds lower case letters, digits and underscores",
            ));
        }
        let nested = nested_block(&place, one)?;
        let taken = made.attributes.contains_key(&one.type_name);
        if taken || made.blocks.insert(one.type_name.clone(), nested).is_some() {
            return Err(wrong(&place, "an attribute or block of this name is there already"));
        }
    }
    Ok(made)
}

fn nested_block(place: &str, sent: &wire::schema::NestedBlock) -> Result<NestedBlock, Breach> {
    use wire::schema::nested_block::NestingMode;
    let nesting = match sent.nesting() {
        NestingMode::Invalid => return Err(wrong(place, "a block has a nesting mode")),
        NestingMode::Single => BlockNesting::Single,
        NestingMode::Group => BlockNesting::Group,
        NestingMode::List => BlockNesting::List,
        NestingMode::Set => BlockNesting::Set,
        NestingMode::Map => BlockNesting::Map,
    };
    let counts = (sent.min_items, sent.max_items);
    let counted = match nesting {
        BlockNesting::Single => counts.0 == counts.1 && (0..=1).contains(&counts.0),
        BlockNesting::Group | BlockNesting::Map => counts == (0, 0),
        BlockNesting::List | BlockNesting::Set => counts.0 >= 0 && (counts.1 == 0 || counts.0 <= counts.1),
    };
    if !counted {
        return Err(wrong(place, "the least and most number of blocks do not fit how they nest"));
    }
    let inner = sent.block.as_ref().ok_or_else(|| wrong(place, "a nested block has a block"))?;
    let inner = block(place, inner)?;
    if nesting == BlockNesting::Set {
        no_sets_of(place, &inner.value_type(), &inner.attributes)?;
    }
    let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(NestedBlock::new(nesting, inner).at_least(count(counts.0)).at_most(count(counts.1)))
}

fn attributes(place: &str, sent: &[wire::schema::Attribute]) -> Result<BTreeMap<String, Attribute>, Breach> {
    let mut all = BTreeMap::new();
    for one in sent {
        let place = format!("{place}.{}", one.name);
        if all.insert(one.name.clone(), attribute(&place, one)?).is_some() {
            return Err(wrong(&place, "an attribute of this name is there already"));
        }
    }
    Ok(all)
}

fn attribute(place: &str, sent: &wire::schema::Attribute) -> Result<Attribute, Breach> {
    let presence = match (sent.required, sent.optional, sent.computed) {
        (true, false, false) => Presence::Required,
        (false, true, false) => Presence::Optional,
        (false, false, true) => Presence::Computed,
        (false, true, true) => Presence::OptionalComputed,
        _ => {
            return Err(wrong(
                place,
                "must set optional, required or computed, and no two that exclude each other",
            ));
        }
    };
    if sent.write_only && presence.is_computed() {
        return Err(wrong(place, "what is write-only is not computed"));
    }
    if !sent.deprecation_message.is_empty() && !sent.deprecated {
        return Err(wrong(place, "a message about deprecation belongs to what is deprecated"));
    }
    described(place, &sent.description)?;
    let shape = match (&sent.nested_type, sent.r#type.is_empty()) {
        (None, false) => Shape::Plain(read_type(place, &sent.r#type)?),
        (Some(nested), true) => nested_attributes(place, nested)?,
        _ => return Err(wrong(place, "either a type or a nested type is set")),
    };
    let mut made = Attribute::nested(Nesting::Single, presence, [] as [(String, Attribute); 0]);
    made.shape = shape;
    if sent.write_only {
        made.secrecy = Secrecy::WriteOnly;
    } else if sent.sensitive {
        made.secrecy = Secrecy::Sensitive;
    }
    sent.description.clone_into(&mut made.description);
    Ok(made)
}

fn nested_attributes(place: &str, sent: &wire::schema::Object) -> Result<Shape, Breach> {
    use wire::schema::object::NestingMode;
    let nesting = match sent.nesting() {
        NestingMode::Invalid => return Err(wrong(place, "a nested type has a nesting mode")),
        NestingMode::Single => Nesting::Single,
        NestingMode::List => Nesting::List,
        NestingMode::Set => Nesting::Set,
        NestingMode::Map => Nesting::Map,
    };
    let inner = attributes(place, &sent.attributes)?;
    if nesting == Nesting::Set {
        let ty = Type::object(inner.iter().map(|(name, one)| (name.clone(), one.value_type())));
        no_sets_of(place, &ty, &inner)?;
    }
    Ok(Shape::Nested(nesting, inner))
}

/// The elements of a set are compared: nothing in them may be of any type or write-only.
fn no_sets_of(place: &str, ty: &Type, inner: &BTreeMap<String, Attribute>) -> Result<(), Breach> {
    if ty.has_dynamic() {
        return Err(wrong(place, "the elements of a set are of one type"));
    }
    if inner.values().any(|one| one.secrecy == Secrecy::WriteOnly) {
        return Err(wrong(place, "nothing in a set is write-only"));
    }
    Ok(())
}

fn read_type(place: &str, sent: &[u8]) -> Result<Type, Breach> {
    let ty = Type::from_json(sent).map_err(|error| wrong(place, error.to_string()))?;
    if dynamic_in_set(&ty) { Err(wrong(place, "the elements of a set are of one type")) } else { Ok(ty) }
}

fn dynamic_in_set(ty: &Type) -> bool {
    match ty {
        Type::Set(element) => element.has_dynamic(),
        Type::List(element) | Type::Map(element) => dynamic_in_set(element),
        Type::Object(all) => all.values().any(dynamic_in_set),
        Type::Tuple(all) => all.iter().any(dynamic_in_set),
        Type::Bool | Type::Number | Type::String | Type::Dynamic => false,
    }
}

/// The core does not ask for a description, and a reader does.
fn described(place: &str, text: &str) -> Result<(), Breach> {
    if text.contains('\u{0}') { Err(wrong(place, "a description is text")) } else { Ok(()) }
}

fn identity_type(
    name: &str,
    sent: &wire::ResourceIdentitySchema,
) -> Result<(Type, BTreeSet<String>), Breach> {
    let mut types = BTreeMap::new();
    let mut required = BTreeSet::new();
    for one in &sent.identity_attributes {
        let place = format!("{name}.{}", one.name);
        let ty = read_type(&place, &one.r#type)?;
        if !matches!(ty, Type::String | Type::Number | Type::Bool) {
            return Err(wrong(&place, "an identity is flat"));
        }
        if one.required_for_import == one.optional_for_import {
            return Err(wrong(&place, "an import must name it, or may"));
        }
        if one.required_for_import {
            required.insert(one.name.clone());
        }
        types.insert(one.name.clone(), ty);
    }
    if required.is_empty() {
        return Err(wrong(name, "an import must name something"));
    }
    Ok((Type::Object(types), required))
}

fn signature(name: &str, sent: &wire::Function) -> Result<(Vec<Type>, Option<Type>, Type), Breach> {
    let of = |one: &wire::function::Parameter| read_type(name, &one.r#type);
    let parameters = sent.parameters.iter().map(of).collect::<Result<_, _>>()?;
    let rest = sent.variadic_parameter.as_ref().map(of).transpose()?;
    let returns = sent.r#return.as_ref().ok_or_else(|| wrong(name, "a function returns something"))?;
    Ok((parameters, rest, read_type(name, &returns.r#type)?))
}
