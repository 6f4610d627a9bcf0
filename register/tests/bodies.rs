//! Laws of keeping credentials, crossings, federations and break-glass access: what is read back is what was kept.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeMap;

use nhi_identity::{
    BreakGlass, Credential, CredentialKind, Crossing, End, Federation, Issuer, Moment, Name, Occasion,
    Period, Use, WorkClass,
};
use nhi_register::Declaration;
use proptest::collection::{btree_map, btree_set};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn names() -> impl Strategy<Value = Name> {
    "[a-zA-Z0-9][a-zA-Z0-9._/:@+=-]{0,15}".prop_map(|text| Name::new(&text).unwrap())
}

/// One line of text without blanks around it, too short to look like a secret.
fn lines() -> impl Strategy<Value = String> {
    "[^\\p{C}\\p{Z}]([^\\p{C}\\p{Z}]| ){0,10}[^\\p{C}\\p{Z}]"
}

fn hours() -> impl Strategy<Value = Period> {
    ("[1-9]", select(vec!["h", "m", "s"]))
        .prop_map(|(count, unit)| Period::parse(&format!("{count}{unit}")).unwrap())
}

fn periods() -> impl Strategy<Value = Period> {
    ("[1-9][0-9]{0,2}", select(vec!["w", "d", "h"]))
        .prop_map(|(count, unit)| Period::parse(&format!("{count}{unit}")).unwrap())
}

fn moments() -> impl Strategy<Value = Moment> {
    (2000..9000_u16, 1..13_u8, 1..29_u8, -11..12_i8).prop_map(|(year, month, day, zone)| {
        Moment::parse(&format!("{year:04}-{month:02}-{day:02}T12:00:00{zone:+03}:30")).unwrap()
    })
}

fn ends() -> impl Strategy<Value = End> {
    (moments(), option::of(periods())).prop_map(|(moment, period)| match period {
        Some(period) => End::For { period, ends: Some(moment) },
        None => End::At(moment),
    })
}

fn occasions() -> impl Strategy<Value = Option<Occasion>> {
    option::of((moments(), lines()).prop_map(|(at, reference)| Occasion { at, reference }))
}

fn labels() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map(lines(), lines(), 0..4)
}

fn check<T: Declaration + std::fmt::Debug>(declaration: &T) {
    let body = declaration.to_body();
    let read = T::from_body(&body).unwrap();
    assert_eq!(&read, declaration);
    assert_eq!(read.to_body(), body, "spellings and all");
    assert!(read.answers(declaration));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn credentials_are_read_back(
        (name, identity, owner) in (names(), names(), names()),
        kind in select(CredentialKind::ALL.to_vec()),
        (why, location) in (lines(), option::of(lines())),
        (rotation_period, last_rotation) in (periods(), occasions()),
        end in option::of(ends()), labels in labels(),
    ) {
        let used_for = if end.is_none() { Use::BreakGlass } else { Use::Regular };
        let credential = Credential {
            name, identity, kind: kind.1, why, owner, rotation_period, last_rotation, location, used_for, end, labels,
        };
        check(&credential);
        let asked = Credential { end: credential.end.clone().map(End::unfixed), ..credential.clone() };
        prop_assert!(credential.answers(&asked));
        prop_assert_eq!(credential.facets().ends, credential.end.as_ref().and_then(End::moment).map(Moment::at));
    }

    #[test]
    fn crossings_are_read_back(
        (name, approver) in (names(), names()), zones in btree_set(names(), 2), identities in btree_set(names(), 0..3),
        (reason, ticket, log_sink) in (lines(), option::of(lines()), lines()),
        end in ends(), labels in labels(),
    ) {
        let mut zones = zones.into_iter();
        let (from_zone, to_zone) = (zones.next().unwrap(), zones.next().unwrap());
        let crossing =
            Crossing { name, from_zone, to_zone, identities, approver, reason, ticket, log_sink, end, labels };
        check(&crossing);
        prop_assert_eq!(crossing.mentions().names.len(), 3 + crossing.identities.len());
        let asked = Crossing { end: crossing.end.clone().unfixed(), ..crossing.clone() };
        prop_assert!(crossing.answers(&asked));
    }

    #[test]
    fn break_glass_access_is_read_back(
        (name, identity, owner) in (names(), names(), names()),
        custodians in btree_set("[a-z]{3,6}@example[.]com", 2..4),
        (sealed_location, alert_channel, monitoring, reason) in (lines(), lines(), lines(), lines()),
        (test_period, last_test, max_duration) in (periods(), occasions(), hours()), labels in labels(),
    ) {
        check(&BreakGlass {
            name, identity, custodians, sealed_location, test_period, last_test, max_duration, alert_channel,
            monitoring, reason, owner, labels,
        });
    }

    #[test]
    fn federations_are_read_back(
        (name, identity, owner) in (names(), names(), option::of(names())),
        issuer in select(vec!["https://token.example.com", "https://a:8443/x/", "spiffe://example.com"]),
        audiences in btree_map(lines(), "[a-z]{1,9}", 1..4),
        claims in btree_map("[a-z_]{4,9}", btree_set(lines(), 1..3), 0..3),
        lifetimes in btree_map(select(WorkClass::ALL.to_vec()).prop_map(|(_, class)| class), hours(), 0..4),
        labels in labels(),
    ) {
        check(&Federation {
            name, issuer: Issuer::parse(issuer).unwrap(), audiences, subject: "repo:acme/shop:*".into(), claims,
            lifetimes, identity: Some(identity), owner, labels,
        });
    }
}
