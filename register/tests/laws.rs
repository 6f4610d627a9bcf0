//! Laws of keeping: what is read back is what was kept, and no field of an audit entry changes unnoticed.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::{BTreeMap, BTreeSet};

use nhi_identity::{
    End, Exception, FederationEntry, Identity, Kind, Moment, Name, Owner, Period, Permits, Tier, Workload,
    Zone,
};
use nhi_register::{Declaration, Entry};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn names() -> impl Strategy<Value = Name> {
    "[a-zA-Z0-9][a-zA-Z0-9._/:@+=-]{0,20}".prop_map(|text| Name::new(&text).unwrap())
}

/// One line of text without blanks around it.
fn lines() -> impl Strategy<Value = String> {
    "[^\\p{C}\\p{Z}]([^\\p{C}\\p{Z}]| ){0,10}[^\\p{C}\\p{Z}]"
}

fn periods() -> impl Strategy<Value = Period> {
    ("[1-9][0-9]{0,3}", select(vec!["w", "d", "h", "m", "s"]))
        .prop_filter_map("too long", |(count, unit)| Period::parse(&format!("{count}{unit}")).ok())
}

fn moments() -> impl Strategy<Value = Moment> {
    (2000..9000_u16, 1..13_u8, 1..29_u8, -11..12_i8).prop_map(|(year, month, day, zone)| {
        Moment::parse(&format!("{year:04}-{month:02}-{day:02}T12:00:00{zone:+03}:30")).unwrap()
    })
}

fn labels() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map(lines(), lines(), 0..4)
}

fn check<T: Declaration + std::fmt::Debug>(declaration: &T) {
    let body = declaration.to_body();
    let read = T::from_body(&body).unwrap();
    assert_eq!(&read, declaration);
    assert_eq!(read.to_body(), body, "spellings and all");
}

prop_compose! {
    fn owners()(
        name in names(), accountable in btree_set(lines(), 1..4), backup in btree_set(lines(), 1..4),
        description in option::of(lines()), labels in labels(),
    ) -> Owner {
        let taken: BTreeSet<String> = accountable.iter().map(|text| text.to_lowercase()).collect();
        let mut backup: BTreeSet<String> =
            backup.into_iter().filter(|text| !taken.contains(&text.to_lowercase())).collect();
        if backup.is_empty() {
            backup.insert("somebody else entirely, by a long name".to_owned());
        }
        Owner { name, accountable, backup, description, labels }
    }
}

prop_compose! {
    fn federations()(
        issuer in lines(), audiences in btree_set(lines(), 1..3), subject in lines(),
        max_lifetime in option::of(periods()),
        workload in option::of(select(vec![Workload::Interactive, Workload::Batch])),
    ) -> FederationEntry {
        FederationEntry { issuer, audiences, subject, max_lifetime, workload }
    }
}

prop_compose! {
    fn identities()(
        (name, owner, zone) in (names(), option::of(names()), option::of(names())),
        (purpose, environment, platform, principal) in
            (option::of(lines()), option::of(lines()), option::of(lines()), option::of(lines())),
        (kind, tier) in (select(Kind::ALL.to_vec()), select(vec![Tier::Control, Tier::Data, Tier::NonProduction])),
        federation in vec(federations(), 0..3), review_period in option::of(periods()), labels in labels(),
    ) -> Identity {
        Identity {
            name, kind: kind.1, owner, purpose, environment, tier, zone, platform, principal, federation,
            review_period, labels,
        }
    }
}

prop_compose! {
    fn exceptions()(
        (name, identity, owner) in (names(), names(), names()),
        (rules, actions, resources) in (btree_set(lines(), 1..3), btree_set(lines(), 0..3), btree_set(lines(), 0..3)),
        (reason, ticket) in (lines(), option::of(lines())),
        compensating_controls in btree_set(lines(), 1..3),
        (moment, period) in (moments(), option::of(periods())),
    ) -> Exception {
        let end = match period {
            Some(period) => End::For { period, ends: Some(moment) },
            None => End::At(moment),
        };
        let permits = Permits { rules, actions, resources };
        Exception { name, identity, permits, reason, owner, compensating_controls, ticket, end }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn owners_are_read_back(owner in owners()) {
        check(&owner);
    }

    #[test]
    fn zones_are_read_back(
        name in names(), environment in option::of(lines()), template in option::of(lines()),
        reaches in btree_set(names(), 0..4), labels in labels(),
    ) {
        check(&Zone { name, environment, template, reaches, labels });
    }

    #[test]
    fn identities_are_read_back(identity in identities()) {
        check(&identity);
    }

    #[test]
    fn exceptions_are_read_back(exception in exceptions()) {
        check(&exception);
    }

    #[test]
    fn every_field_of_an_entry_is_in_its_hash(
        texts in vec("[ab]{0,2}", 10), seq in 0..5_i64, other in vec("[ab]{0,2}", 10), other_seq in 0..5_i64,
    ) {
        let entry = |seq: i64, texts: &[String]| {
            let text = |index: usize| texts.get(index).cloned().unwrap_or_default();
            // An empty text and an absent one are different, too.
            let absent = |index: usize| Some(text(index)).filter(|text| text != "a");
            Entry {
                seq, at: text(0), actor: text(1), source: text(2), workspace: text(3), object: text(4), name: text(5),
                action: text(6), before: absent(7), after: absent(8), previous: text(9), hash: String::new(),
            }
        };
        let (one, two) = (entry(seq, &texts), entry(other_seq, &other));
        prop_assert_eq!(one == two, one.expected_hash() == two.expected_hash());
    }
}
