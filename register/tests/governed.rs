//! Laws of keeping what governs identities: elevations, reviews and freezes are read back as they were kept.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use std::fmt::Debug;

use nhi_identity::{
    ElevationDraft, EndDraft, Event, Field, FreezeDraft, OccurrenceDraft, RecordingDraft, ReviewDraft,
    SelectionDraft, TargetDraft, Timestamp,
};
use nhi_register::Declaration;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn names() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9][a-zA-Z0-9._/:@+=-]{0,20}"
}

/// One line of text without blanks around it.
fn lines() -> impl Strategy<Value = String> {
    "[^\\p{C}\\p{Z}]([^\\p{C}\\p{Z}]| ){0,10}[^\\p{C}\\p{Z}]"
}

fn periods() -> impl Strategy<Value = String> {
    ("[1-9][0-9]?", select(vec!["h", "m", "s"])).prop_map(|(count, unit)| format!("{count}{unit}"))
}

fn moments(years: std::ops::Range<u16>) -> impl Strategy<Value = String> {
    (years, 1..13_u8, 1..29_u8, -11..12_i8)
        .prop_map(|(year, month, day, zone)| format!("{year:04}-{month:02}-{day:02}T12:00:00{zone:+03}:30"))
}

fn set(elements: BTreeSet<String>) -> Field<Vec<Field<String>>> {
    if elements.is_empty() { Field::Absent } else { Field::Is(elements.into_iter().map(Field::Is).collect()) }
}

fn labels() -> impl Strategy<Value = Field<Vec<(String, Field<String>)>>> {
    btree_map(lines(), lines(), 0..3)
        .prop_map(|all| Field::Is(all.into_iter().map(|(key, value)| (key, Field::Is(value))).collect()))
}

fn check<T: Declaration + Debug>(declaration: &T) {
    let body = declaration.to_body();
    let read = T::from_body(&body).unwrap();
    assert_eq!(&read, declaration);
    assert_eq!(read.to_body(), body, "spellings and all");
}

prop_compose! {
    fn selections()(
        identities in btree_set(names(), 0..3), owners in btree_set(names(), 0..3), zones in btree_set(names(), 0..3),
        tiers in btree_set(0..3_i64, 0..3), environments in btree_set(lines(), 0..3),
        kinds in btree_set(select(vec!["agent".to_owned(), "node".to_owned()]), 0..2), labels in labels(),
    ) -> SelectionDraft {
        SelectionDraft {
            identities: set(identities), owners: set(owners), zones: set(zones), environments: set(environments),
            tiers: Field::Is(tiers.into_iter().map(|tier| Field::Is(Ok(tier))).collect()),
            kinds: set(kinds), labels,
        }
    }
}

prop_compose! {
    fn occurrences()(event in select(Event::ALL.to_vec()), at in moments(2000..2100), description in option::of(lines()))
        -> Field<OccurrenceDraft> {
        Field::Is(OccurrenceDraft { event: event.0.into(), at: Field::Is(at), description: description.into() })
    }
}

proptest! {
    #[test]
    fn elevations(
        (name, owner, raised, target) in (names(), names(), option::of(names()), option::of(names())),
        (subjects, approvers) in (btree_set("[a-m]{3,9}", 1..3), btree_set("[n-z]{3,9}", 3..5)),
        (actions, sink) in (btree_set(lines(), 0..3), option::of(lines())),
        (length, life, valid_for) in (1..24_u8, periods(), option::of(periods())),
        (reason, ticket, end, labels) in (lines(), option::of(lines()), moments(2000..9000), labels()),
        (approvals, restricted) in (1..4_i64, any::<bool>()),
    ) {
        prop_assume!(raised.is_none() || raised != target);
        let recording = RecordingDraft {
            mode: Field::from(if sink.is_some() { "required" } else { "none" }),
            sink: sink.into(),
        };
        let role = if target.is_none() { Field::from("role") } else { Field::Absent };
        let elevation = ElevationDraft {
            name: Field::Is(name),
            subjects: if raised.is_none() { set(subjects) } else { Field::Absent },
            identity: raised.into(),
            target: Field::Is(TargetDraft { identity: target.into(), role, actions: set(actions), resources: Field::Absent }),
            duration: Field::Is(format!("{length}h")),
            approvals: Field::Is(Ok(approvals)),
            approvers: if restricted { set(approvers) } else { Field::Absent },
            approval_valid_for: Field::Is(life),
            recording: Field::Is(recording),
            reason: Field::Is(reason),
            owner: Field::Is(owner),
            ticket: ticket.into(),
            end: EndDraft {
                expires_at: if valid_for.is_none() { Field::Is(end) } else { Field::Absent },
                valid_for: valid_for.into(),
                ends: Field::Absent,
            },
            labels,
        };
        let asked = elevation.declare().unwrap();
        let kept = asked.clone().fixed(Timestamp::UNIX_EPOCH).unwrap();
        check(&kept);
        prop_assert!(kept.answers(&asked), "whenever it was asked for");
    }

    #[test]
    fn reviews(
        (name, owner, scope) in (names(), names(), selections()),
        (period, reviewers, start) in (periods(), btree_set(lines(), 1..4), moments(2000..2100)),
        (overdue, happened) in (select(vec!["warn", "inactive"]), vec(occurrences(), 0..3)),
        (description, labels) in (option::of(lines()), labels()),
    ) {
        let review = ReviewDraft {
            name: Field::Is(name),
            scope: Field::Is(scope),
            period: Field::Is(period),
            reviewers: set(reviewers),
            starts_on: Field::Is(start),
            on_overdue: overdue.into(),
            events: set(Event::ALL.iter().map(|(word, _)| (*word).to_owned()).collect()),
            occurrences: Field::Is(happened),
            description: description.into(),
            owner: Field::Is(owner),
            labels,
        };
        check(&review.declare().unwrap());
    }

    #[test]
    fn freezes(
        (name, owner, scope) in (names(), names(), selections()),
        (start, end) in (moments(2000..2050), moments(2051..2100)),
        (refuses, rule) in (btree_set(select(vec!["static_credentials".to_owned(), "expansions".to_owned()]), 1..3), select(vec!["allowed", "refused"])),
        (reason, ticket, labels) in (lines(), option::of(lines()), labels()),
    ) {
        let freeze = FreezeDraft {
            name: Field::Is(name),
            starts_at: Field::Is(start),
            ends_at: Field::Is(end),
            refuses: set(refuses),
            scope: Field::Is(scope),
            break_glass: rule.into(),
            reason: Field::Is(reason),
            owner: Field::Is(owner),
            ticket: ticket.into(),
            labels,
        };
        check(&freeze.declare().unwrap());
    }
}
