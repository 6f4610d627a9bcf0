//! Laws of planning, on random schemas and configurations, against a small copy of what the core does.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::{Attributes, Plan, contradiction, propose, settle, unfaithful};
use crate::path::Path;
use crate::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting, Presence, Schema, Shape};
use crate::value::{Type, Value};

fn plain() -> BoxedStrategy<Attribute> {
    let ty = prop_oneof![
        Just(Type::String),
        Just(Type::Bool),
        Just(Type::list(Type::String)),
        Just(Type::set(Type::String)),
        Just(Type::map(Type::String)),
    ];
    let of = prop_oneof![
        ty.clone().prop_map(Attribute::required),
        ty.clone().prop_map(Attribute::optional),
        ty.clone().prop_map(Attribute::computed),
        ty.clone().prop_map(|ty| Attribute::computed(ty).lasting()),
        ty.prop_map(Attribute::optional_computed),
        Just(Attribute::optional_computed(Type::String).or_default(Value::string("d"))),
        Just(Attribute::optional(Type::String).write_only()),
    ];
    (of, any::<bool>()).prop_map(|(one, replaces)| if replaces { one.replaces() } else { one }).boxed()
}

fn schemas() -> impl Strategy<Value = Schema> {
    let nesting = prop_oneof![Just(Nesting::Single), Just(Nesting::List), Just(Nesting::Map)];
    let presence =
        prop_oneof![Just(Presence::Required), Just(Presence::Optional), Just(Presence::OptionalComputed)];
    let nested = (nesting, presence, btree_map("[p-s]", plain(), 1..3))
        .prop_map(|(nesting, presence, inner)| Attribute::nested(nesting, presence, inner));
    let attributes = btree_map("[a-f]", prop_oneof![3 => plain(), 1 => nested], 1..5);
    let block_nesting =
        prop_oneof![Just(BlockNesting::Single), Just(BlockNesting::List), Just(BlockNesting::Map)];
    let inner = (block_nesting, btree_map("[p-s]", plain(), 1..3)).prop_map(|(nesting, attributes)| {
        NestedBlock::new(nesting, Block { attributes, ..Block::default() })
    });
    (attributes, btree_map("[x-z]", inner, 0..2))
        .prop_map(|(attributes, blocks)| Schema::new(0, Block { attributes, blocks, ..Block::default() }))
}

fn known(ty: &Type) -> BoxedStrategy<Value> {
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::List(element) => vec(known(element), 0..3).prop_map(Value::List).boxed(),
        Type::Set(element) => vec(known(element), 0..3).prop_map(Value::Set).boxed(),
        Type::Map(element) => btree_map("[a-c]", known(element), 0..3).prop_map(Value::Map).boxed(),
        _ => "[a-c]".prop_map(Value::String).boxed(),
    }
}

/// What a configuration can give one attribute.
fn given(attribute: &Attribute) -> BoxedStrategy<Value> {
    let some = match &attribute.shape {
        Shape::Plain(ty) => known(ty),
        Shape::Nested(nesting, inner) => collection(*nesting, objects(inner.clone())),
    };
    let unknown = Just(Value::unknown());
    match attribute.presence {
        Presence::Required => prop_oneof![6 => some, 1 => unknown].boxed(),
        Presence::Computed => Just(Value::Null).boxed(),
        _ => prop_oneof![3 => some, 3 => Just(Value::Null), 1 => unknown].boxed(),
    }
}

fn collection(nesting: Nesting, object: BoxedStrategy<Attributes>) -> BoxedStrategy<Value> {
    let object = object.prop_map(Value::Object);
    match nesting {
        Nesting::Single => object.boxed(),
        Nesting::List => vec(object, 0..3).prop_map(Value::List).boxed(),
        Nesting::Set => vec(object, 0..3).prop_map(Value::Set).boxed(),
        Nesting::Map => btree_map("[a-c]", object, 0..3).prop_map(Value::Map).boxed(),
    }
}

fn joined(all: BTreeMap<String, BoxedStrategy<Value>>) -> BoxedStrategy<Attributes> {
    all.into_iter().fold(Just(Attributes::new()).boxed(), |all, (name, value)| {
        let put = move |(mut all, value): (Attributes, Value)| {
            all.insert(name.clone(), value);
            all
        };
        (all, value).prop_map(put).boxed()
    })
}

fn objects(attributes: BTreeMap<String, Attribute>) -> BoxedStrategy<Attributes> {
    joined(attributes.into_iter().map(|(name, attribute)| (name, given(&attribute))).collect())
}

fn configurations(schema: &Schema) -> BoxedStrategy<Attributes> {
    let blocks = schema.block.blocks.iter().map(|(name, nested)| {
        let object = objects(nested.block.attributes.clone());
        let value = match nested.nesting {
            BlockNesting::List => collection(Nesting::List, object),
            BlockNesting::Map => collection(Nesting::Map, object),
            _ => prop_oneof![Just(Value::Null), object.prop_map(Value::Object)].boxed(),
        };
        (name.clone(), value)
    });
    let attributes = schema.block.attributes.iter().map(|(name, attribute)| (name.clone(), given(attribute)));
    joined(attributes.chain(blocks).collect())
}

/// What the core proposes: the configuration, with prior values where it leaves computed ones open.
fn proposed(all: &BTreeMap<String, Attribute>, config: &Value, prior: Option<&Value>) -> Value {
    let each = |config: &Value, prior: Option<&Value>| proposed(all, config, prior);
    match config {
        Value::Object(config) => {
            let one = |(name, config): (&String, &Value)| {
                let prior = prior.and_then(|prior| prior.attribute(name));
                let value = match all.get(name) {
                    Some(attribute) if attribute.presence.is_computed() && config.is_null() => {
                        prior.cloned().unwrap_or(Value::Null)
                    }
                    Some(Attribute { shape: Shape::Nested(_, inner), .. }) => proposed(inner, config, prior),
                    _ => config.clone(),
                };
                (name.clone(), value)
            };
            Value::Object(config.iter().map(one).collect())
        }
        Value::List(parts) => {
            let at = |index: usize| match prior {
                Some(Value::List(parts)) => parts.get(index),
                _ => None,
            };
            Value::List(parts.iter().enumerate().map(|(index, part)| each(part, at(index))).collect())
        }
        Value::Map(parts) => {
            let at = |key: &str| match prior {
                Some(Value::Map(parts)) => parts.get(key),
                _ => None,
            };
            Value::Map(parts.iter().map(|(key, part)| (key.clone(), each(part, at(key)))).collect())
        }
        other => other.clone(),
    }
}

fn proposal(schema: &Schema, config: &Attributes, prior: Option<&Value>) -> Attributes {
    let mut all = match proposed(&schema.block.attributes, &Value::Object(config.clone()), prior) {
        Value::Object(all) => all,
        _ => Attributes::new(),
    };
    for (name, nested) in &schema.block.blocks {
        let prior = prior.and_then(|prior| prior.attribute(name));
        all.insert(name.clone(), proposed(&nested.block.attributes, &config[name], prior));
    }
    all
}

/// A faithful provider: whatever is unknown becomes something.
fn applied(planned: &Value, ty: &Type) -> Value {
    match (planned, ty) {
        (Value::Unknown(_), Type::Bool) => Value::Bool(true),
        (Value::Unknown(_), Type::String) => Value::string("made"),
        (Value::Unknown(_), _) => Value::Null,
        (Value::Object(parts), Type::Object(types)) => Value::Object(
            parts.iter().map(|(name, part)| (name.clone(), applied(part, &types[name]))).collect(),
        ),
        (Value::List(parts), Type::List(ty)) => {
            Value::List(parts.iter().map(|part| applied(part, ty)).collect())
        }
        (Value::Map(parts), Type::Map(ty)) => {
            Value::Map(parts.iter().map(|(key, part)| (key.clone(), applied(part, ty))).collect())
        }
        (other, _) => other.clone(),
    }
}

fn without_unknowns(schema: &Schema, config: &Attributes) -> Attributes {
    match applied(&Value::Object(config.clone()), &schema.value_type()) {
        Value::Object(all) => all,
        _ => Attributes::new(),
    }
}

struct Round {
    planned: Value,
    replaced: Vec<Path>,
}

fn plan(schema: &Schema, prior: Option<&Value>, config: &Attributes) -> Round {
    let before = prior.and_then(Value::attributes).cloned();
    let plan = propose(schema, Plan::new(before, config.clone(), proposal(schema, config, prior)));
    let settled = settle(schema, plan);
    let breach = contradiction(
        schema,
        &settled.planned,
        &Value::Object(config.clone()),
        prior.unwrap_or(&Value::Null),
    );
    assert_eq!(breach, None, "{:#?}", settled.planned);
    Round { planned: settled.planned, replaced: settled.replaced }
}

fn cases() -> impl Strategy<Value = (Schema, Attributes, Attributes)> {
    schemas().prop_flat_map(|schema| {
        let (one, two) = (configurations(&schema), configurations(&schema));
        (Just(schema), one, two)
    })
}

proptest! {
    #[test]
    fn a_plan_keeps_its_contract_from_create_to_update((schema, one, two) in cases()) {
        let ty = schema.value_type();
        schema.validate().unwrap();
        let created = plan(&schema, None, &one);
        prop_assert!(created.replaced.is_empty());

        // The apply plans again with what is known by then: what was known stays.
        let one = without_unknowns(&schema, &one);
        let again = plan(&schema, None, &one).planned;
        prop_assert!(settles(&created.planned, &again), "{:#?} then {:#?}", created.planned, again);

        let state = applied(&again, &ty);
        prop_assert_eq!(unfaithful(&again, &state, &Path::root()), None);
        let same = plan(&schema, Some(&state), &one);
        prop_assert_eq!(&same.planned, &state, "a second plan is empty");
        prop_assert!(same.replaced.is_empty());

        let changed = plan(&schema, Some(&state), &two);
        for path in &changed.replaced {
            prop_assert!(changed.planned != state, "{} replaces though nothing changes", path);
        }
        let after = applied(&changed.planned, &ty);
        prop_assert_eq!(unfaithful(&changed.planned, &after, &Path::root()), None);
    }
}

/// Whether a later plan only fills in what was unknown in an earlier one.
fn settles(earlier: &Value, later: &Value) -> bool {
    match (earlier, later) {
        (Value::Unknown(_), _) => true,
        (Value::Object(earlier), Value::Object(later)) | (Value::Map(earlier), Value::Map(later)) => {
            earlier.len() == later.len()
                && earlier.iter().zip(later).all(|((_, earlier), (_, later))| settles(earlier, later))
        }
        (Value::List(earlier), Value::List(later)) => {
            earlier.len() == later.len() && earlier.iter().zip(later).all(|(one, two)| settles(one, two))
        }
        (earlier, later) => earlier == later,
    }
}
