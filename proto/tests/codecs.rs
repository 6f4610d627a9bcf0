//! Laws of the codecs: what is written can be read, and no bytes do harm.
#![expect(clippy::unwrap_used, reason = "a panic here is the failure")]

use std::collections::BTreeMap;

use nhi_proto::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting, Presence, Schema};
use nhi_proto::value::{Bound, Number, Problem, Refinements, Strangers};
use nhi_proto::{Type, Value};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

fn types() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String), Just(Type::Dynamic)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            btree_map("[a-c]", inner.clone(), 0..3).prop_map(Type::Object),
            vec(inner, 0..3).prop_map(Type::Tuple),
        ]
    })
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        (-1e30..1e30).prop_map(|float| Number::from_f64(float).unwrap()),
        "-?[0-9]{1,40}(\\.[0-9]{1,40})?(e-?[0-9]{1,3})?".prop_map(|text| text.parse().unwrap()),
    ]
}

fn refinements() -> impl Strategy<Value = Refinements> {
    let bound = || {
        proptest::option::of(
            (number(), any::<bool>()).prop_map(|(number, inclusive)| Bound { number, inclusive }),
        )
    };
    let length = || proptest::option::of(0..1000_u64);
    let prefix = proptest::option::of("[a-zé]{0,8}");
    (proptest::option::of(any::<bool>()), prefix, bound(), bound(), length(), length()).prop_map(
        |(null, prefix, least, most, shortest, longest)| Refinements {
            null,
            prefix,
            least,
            most,
            shortest,
            longest,
        },
    )
}

fn known(ty: Type) -> BoxedStrategy<Value> {
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => number().prop_map(Value::Number).boxed(),
        Type::String => any::<String>().prop_map(Value::String).boxed(),
        Type::Dynamic => {
            prop_oneof![Just(Type::Bool), Just(Type::list(Type::String)), Just(Type::map(Type::Number))]
                .prop_flat_map(|ty| {
                    values(ty.clone())
                        .prop_map(move |inner| Value::Dynamic(Box::new(ty.clone()), Box::new(inner)))
                })
                .boxed()
        }
        Type::List(element) => vec(values(*element), 0..3).prop_map(Value::List).boxed(),
        Type::Set(element) => vec(values(*element), 0..3).prop_map(Value::Set).boxed(),
        Type::Map(element) => btree_map("[a-zé]{0,3}", values(*element), 0..3).prop_map(Value::Map).boxed(),
        Type::Object(types) => {
            let start = Just(BTreeMap::new()).boxed();
            let all = types.into_iter().fold(start, |all, (name, ty)| {
                (all, values(ty))
                    .prop_map(move |(mut all, value)| {
                        all.insert(name.clone(), value);
                        all
                    })
                    .boxed()
            });
            all.prop_map(Value::Object).boxed()
        }
        Type::Tuple(types) => {
            types.into_iter().map(values).collect::<Vec<_>>().prop_map(Value::Tuple).boxed()
        }
    }
}

fn values(ty: Type) -> BoxedStrategy<Value> {
    let unknown = refinements().prop_map(|refinements| {
        let certain = refinements != Refinements::default();
        Value::Unknown(certain.then(|| Box::new(refinements)))
    });
    prop_oneof![1 => Just(Value::Null), 1 => Just(Value::unknown()), 1 => unknown, 8 => known(ty)].boxed()
}

fn typed() -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(|ty| (Just(ty.clone()), values(ty)))
}

proptest! {
    #[test]
    fn messagepack_round_trips((ty, value) in typed()) {
        let bytes = value.to_msgpack(&ty).unwrap();
        let read = Value::from_msgpack(&bytes, &ty).unwrap();
        prop_assert_eq!(&read, &value);
        prop_assert_eq!(read.to_msgpack(&ty).unwrap(), bytes);
    }

    #[test]
    fn refinements_round_trip(certain in refinements()) {
        let value = Value::Unknown(Some(Box::new(certain.clone())));
        let bytes = value.to_msgpack(&Type::String).unwrap();
        let Value::Unknown(read) = Value::from_msgpack(&bytes, &Type::String).unwrap() else {
            return Err(TestCaseError::fail("not unknown"));
        };
        prop_assert_eq!(read.map(|boxed| *boxed).unwrap_or_default().null, certain.null);
    }

    #[test]
    fn json_round_trips_what_is_known((ty, value) in typed()) {
        match value.to_json(&ty) {
            Ok(json) => {
                prop_assert!(value.is_wholly_known());
                let bytes = json.to_string().into_bytes();
                prop_assert_eq!(Value::from_json(&bytes, &ty, Strangers::Refuse).unwrap(), value);
            }
            Err(error) => {
                prop_assert_eq!(error.problem, Problem::Unknown);
                prop_assert!(!value.is_wholly_known());
            }
        }
    }

    #[test]
    fn numbers_keep_their_value(number in number()) {
        prop_assert_eq!(number.to_string().parse::<Number>().unwrap(), number);
    }

    #[test]
    fn no_bytes_do_harm(bytes in vec(any::<u8>(), 0..200), ty in types()) {
        drop(Value::from_msgpack(&bytes, &ty));
        drop(Value::from_json(&bytes, &ty, Strangers::Leave));
        drop(Type::from_json(&bytes));
    }

    #[test]
    fn no_damage_does_harm((ty, value) in typed(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = value.to_msgpack(&ty).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        drop(Value::from_msgpack(&bytes, &ty));
        bytes.truncate(at);
        prop_assert!(Value::from_msgpack(&bytes, &ty).is_err());
    }
}

/// Bytes as Terraform writes them, and the value they mean.
#[test]
fn reads_what_terraform_writes() {
    let text = |text: &str| text.parse().map(Value::Number).unwrap();
    for (bytes, ty, value) in [
        (&b"\xd4\x00\x00"[..], Type::String, Value::unknown()),
        (b"\xc7\x03\x0c\x81\x01\xc2", Type::String, Value::unknown()),
        (b"\xd4\x63\x07", Type::Bool, Value::unknown()),
        (b"\xc0", Type::list(Type::Bool), Value::Null),
        (b"\x2a", Type::Number, text("42")),
        (b"\xcb\x3f\xe0\x00\x00\x00\x00\x00\x00", Type::Number, text("0.5")),
        (b"\xa30.1", Type::Number, text("0.1")),
        (b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", Type::Number, text("18446744073709551615")),
        (
            b"\x92\xc4\x06\"bool\"\xc3",
            Type::Dynamic,
            Value::Dynamic(Box::new(Type::Bool), Box::new(Value::Bool(true))),
        ),
        (
            b"\x82\xa1a\xc3\xa1b\xc0",
            Type::object([("a", Type::Bool), ("b", Type::Bool)]),
            Value::Object([("a".to_owned(), Value::Bool(true)), ("b".to_owned(), Value::Null)].into()),
        ),
    ] {
        assert_eq!(Value::from_msgpack(bytes, &ty).unwrap(), value, "{bytes:x?}");
    }
    let Value::Unknown(Some(certain)) =
        Value::from_msgpack(b"\xc7\x03\x0c\x81\x01\xc2", &Type::String).unwrap()
    else {
        unreachable!("it is refined");
    };
    assert_eq!(certain.null, Some(false));
}

#[test]
fn says_what_is_wrong_and_where() {
    let object = Type::object([("a", Type::Bool), ("b", Type::list(Type::Number))]);
    for (bytes, says) in [
        (&b""[..], "ends early"),
        (b"\x81\xa1a\xc3", "attribute `b` is missing"),
        (b"\x82\xa1a\xc3\xa1c\xc0", "no attribute `c`"),
        (b"\x82\xa1a\xc3\xa1b\x91\xa1x", "`b[0]`: `x` is not a decimal number"),
        (b"\x82\xa1a\x01\xa1b\xc0", "`a`: expected a bool, found a number"),
        (b"\xc0\xc0", "bytes follow"),
        (b"\xdf\xff\xff\xff\xff", "ends early"),
    ] {
        let error = Value::from_msgpack(bytes, &object).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    let json = |text: &str, strangers| Value::from_json(text.as_bytes(), &object, strangers);
    assert!(json("{\"c\":1}", Strangers::Refuse).unwrap_err().to_string().contains("no attribute `c`"));
    assert_eq!(json("{\"c\":1}", Strangers::Leave).unwrap(), json("{}", Strangers::Refuse).unwrap());
    assert!(json("{\"a\":", Strangers::Leave).is_err());
}

#[test]
fn depth_is_an_error_and_not_a_crash() {
    // Each level is a dynamic value whose type is dynamic again.
    let level = b"\x92\xc4\x09\"dynamic\"";
    let mut bytes: Vec<u8> = level.iter().copied().cycle().take(level.len() * 100_000).collect();
    bytes.push(0xc0);
    assert_eq!(Value::from_msgpack(&bytes, &Type::Dynamic).unwrap_err().problem, Problem::TooDeep);
    let json = format!("{}null{}", r#"{"type":"dynamic","value":"#.repeat(100_000), "}".repeat(100_000));
    assert!(Value::from_json(json.as_bytes(), &Type::Dynamic, Strangers::Refuse).is_err());
    let ty = format!("{}\"bool\"{}", "[\"set\",".repeat(100_000), "]".repeat(100_000));
    assert!(Type::from_json(ty.as_bytes()).is_err());
}

#[test]
fn text_is_written_as_the_core_keeps_it() {
    let written = Value::string("cafe\u{301}").to_msgpack(&Type::String).unwrap();
    assert_eq!(written, Value::string("caf\u{e9}").to_msgpack(&Type::String).unwrap());
}

/// One broken rule a schema.
#[test]
fn schemas_are_checked() {
    let text = || Attribute::optional(Type::String);
    let with = |name: &str, attribute: Attribute| Block::new("").attribute(name, attribute);
    let nest =
        |nesting, inner: Attribute| with("a", Attribute::nested(nesting, Presence::Optional, [("b", inner)]));
    let block = |nested: NestedBlock| Block::new("").nested("b", nested);
    let of = |nesting| NestedBlock::new(nesting, with("a", text()));
    for good in [
        with("a", text()),
        with("version", text()),
        nest(Nesting::List, text().write_only()),
        nest(Nesting::Map, Attribute::computed(Type::Dynamic)),
        with("a", Attribute::optional_computed(Type::String).or_default(Value::string("x"))),
        block(of(BlockNesting::Single).at_least(1).at_most(1)),
        block(of(BlockNesting::Set).at_least(1)),
    ] {
        Schema::new(0, good).validate().unwrap();
    }
    let provider = |name| Schema::new(0, with(name, text())).validate_provider();
    assert!(provider("version").is_err() && provider("count").is_ok());
    for (bad, path) in [
        (with("A", text()), "A"),
        (with("", text()), ""),
        (with("count", text()), "count"),
        (with("a", Attribute::optional(Type::set(Type::Dynamic))), "a"),
        (with("a", Attribute::optional(Type::list(Type::set(Type::list(Type::Dynamic))))), "a"),
        (with("a", Attribute::computed(Type::String).write_only()), "a"),
        (with("a", text().or_default(Value::string("x"))), "a"),
        (with("a", Attribute::optional_computed(Type::String).or_default(Value::Bool(true))), "a"),
        (nest(Nesting::Set, text().write_only()), "a.b"),
        (nest(Nesting::Set, Attribute::optional(Type::Dynamic)), "a"),
        (block(of(BlockNesting::Single).at_most(2)), "b"),
        (block(of(BlockNesting::Group).at_least(1)), "b"),
        (block(of(BlockNesting::Map).at_most(1)), "b"),
        (block(of(BlockNesting::List).at_least(3).at_most(2)), "b"),
        (block(NestedBlock::new(BlockNesting::Set, with("a", text().write_only()))), "b.a"),
        (block(of(BlockNesting::List)).attribute("b", text()), "b"),
        (block(NestedBlock::new(BlockNesting::List, with("a", Attribute::optional(Type::Dynamic)))), "b"),
    ] {
        assert_eq!(Schema::new(0, bad).validate().unwrap_err().path.to_string(), path);
    }
}
