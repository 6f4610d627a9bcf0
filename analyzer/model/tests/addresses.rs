//! Addresses as plans write them, and the law that reading undoes writing.

use nhi_analyzer_model::{Address, AttributePath, Key, Mode, ModuleStep, Step};
use proptest::prelude::*;

/// Columns: text, canonical text (`=`: the same) or `!` and how the error begins, module key (`-`: root), text
/// without keys.
#[test]
fn addresses() {
    for row in include_str!("addresses.tsv").lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let &[text, canonical, module, bare] = columns.as_slice() else { panic!("{row}") };
        let read = text.parse::<Address>();
        if let Some(error) = canonical.strip_prefix('!') {
            let told = read.unwrap_err().to_string();
            assert!(told.starts_with(error), "{row}: {told}");
            continue;
        }
        let address = read.unwrap();
        assert_eq!(address.to_string(), if canonical == "=" { text } else { canonical });
        assert_eq!(address.module_key(), if module == "-" { "" } else { module }, "{row}");
        assert_eq!(address.config_text(), bare, "{row}");
        assert_eq!(address.without_keys().to_string(), bare, "{row}");
        assert!(bare.ends_with(&address.local_text()), "{row}");
    }
}

#[test]
fn references_carry_their_attribute() {
    let (address, path) =
        Address::parse_reference(r#"data.aws_iam_policy_document.p["a.b"].statement[0].tags["x.y"]"#)
            .unwrap();
    assert_eq!(address.to_string(), r#"data.aws_iam_policy_document.p["a.b"]"#);
    assert_eq!(path.to_string(), r#"statement[0].tags["x.y"]"#);
    assert_eq!(path.first(), Some("statement"));
    assert_eq!(AttributePath::default().to_string(), "");
    let odd = AttributePath(vec![Step::Name("a b".to_owned()), Step::Index(3), Step::Name("c".to_owned())]);
    assert_eq!(odd.to_string(), r#"["a b"][3].c"#);
}

fn key() -> impl Strategy<Value = Option<Key>> {
    prop_oneof![
        Just(None),
        any::<i64>().prop_map(|number| Some(Key::Int(number))),
        any::<String>().prop_map(|text| Some(Key::Text(text))),
        r#"[\[\]"\\.${%a\n\u{200b}]{0,12}"#.prop_map(|text| Some(Key::Text(text))),
    ]
}

fn module() -> impl Strategy<Value = ModuleStep> {
    ("[a-z_][a-z0-9_-]{0,6}|data|module", key()).prop_map(|(name, key)| ModuleStep { name, key })
}

fn address() -> impl Strategy<Value = Address> {
    let mode = prop_oneof![Just(Mode::Managed), Just(Mode::Data), Just(Mode::Ephemeral)];
    (
        proptest::collection::vec(module(), 0..4),
        mode,
        "[a-z]{2}_[a-z0-9_]{1,8}",
        "[a-zà-ü_][a-z0-9_-]{0,8}",
        key(),
    )
        .prop_map(|(modules, mode, kind, name, key)| Address { modules, mode, kind, name, key })
}

proptest! {
    #[test]
    fn reading_undoes_writing(address in address()) {
        prop_assert_eq!(address.to_string().parse::<Address>(), Ok(address));
    }

    #[test]
    fn no_text_breaks_the_reader(text in r#"([a-z]{0,3}[.\[\]"\\${%0-9 ]{0,3}){0,12}|\PC*"#) {
        if let Ok(address) = text.parse::<Address>() {
            prop_assert_eq!(address.to_string().parse::<Address>(), Ok(address));
        }
    }
}
