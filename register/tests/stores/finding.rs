//! Finding: each filter and all of them together against a look at every declaration.

use std::collections::BTreeMap;

use nhi_identity::{Exception, Field, Identity, IdentityDraft, Owner, Timestamp};
use nhi_register::{Declaration, Filter, Kept, Ownership, Page, Register};

use crate::sample::{exception, identity_draft, owner, zone};
use crate::stand::Stand;

/// Forty identities with every combination of what can be filtered by, and exceptions of them.
fn furnish(stand: &Stand) -> Register {
    let register = stand.open("platform");
    for name in ["platform", "shop"] {
        register.create(&owner(name)).unwrap();
    }
    for name in ["build", "run"] {
        register.create(&zone(name)).unwrap();
    }
    for number in 0..40_usize {
        let pick =
            |choices: &[&'static str]| choices.get(number % choices.len()).copied().unwrap_or_default();
        let optional = |text: &str| if text.is_empty() { Field::Absent } else { Field::from(text) };
        let draft = IdentityDraft {
            kind: pick(&["ci_runner", "microservice", "microservice"]).into(),
            owner: optional(pick(&["platform", "shop", "", "platform", "shop"])),
            tier: Field::Is(Ok(2)),
            zone: optional(pick(&["build", "run", ""])),
            environment: optional(pick(&["prod", "", "dev", "dev"])),
            platform: pick(&["aws", "google"]).into(),
            principal: format!("principal-{number}").as_str().into(),
            labels: Field::Is(vec![
                ("team".into(), Field::from(pick(&["core", "edge"]))),
                ("cost".into(), Field::from(pick(&["1", "2", "3"]))),
            ]),
            ..identity_draft(&format!("id-{number:02}"))
        };
        let draft = if number % 7 == 0 {
            IdentityDraft { tier: Field::Is(Ok(1)), owner: "shop".into(), ..draft }
        } else {
            draft
        };
        register.create(&draft.declare().unwrap()).unwrap();
    }
    for (number, length) in ["1d", "20d", "90d"].into_iter().enumerate() {
        let one =
            Exception { identity: "id-03".parse_name(), ..exception(&format!("exception-{number}"), length) };
        register.create(&one).unwrap();
    }
    register
}

trait ParseName {
    fn parse_name(self) -> nhi_identity::Name;
}

impl ParseName for &str {
    fn parse_name(self) -> nhi_identity::Name {
        nhi_identity::Name::new(self).unwrap()
    }
}

fn fits<T: Declaration>(kept: &Kept<T>, filter: &Filter) -> bool {
    let facets = kept.declaration.facets();
    let same = |asked: &Option<String>, found: &Option<String>| asked.is_none() || asked == found;
    same(&filter.owner, &facets.owner)
        && (filter.tier.is_none() || filter.tier == facets.tier)
        && same(&filter.zone, &facets.zone)
        && same(&filter.environment, &facets.environment)
        && same(&filter.kind, &facets.kind)
        && same(&filter.identity, &facets.identity)
        && same(&filter.platform, &facets.platform)
        && same(&filter.principal, &facets.principal)
        && (filter.unowned == Ownership::Any || facets.owner.is_none())
        && filter.ends_before.is_none_or(|end| facets.ends.is_some_and(|ends| ends < end))
        && filter.labels.iter().all(|(key, value)| facets.labels.get(key) == Some(value))
        && filter.workspace.as_ref().is_none_or(|workspace| *workspace == kept.workspace)
        && same(&filter.manifest, &kept.manifest)
}

fn check<T: Declaration + std::fmt::Debug>(register: &Register, filter: &Filter) -> usize {
    let all = register.list::<T>().unwrap();
    let expected: Vec<_> = all.into_iter().filter(|kept| fits(kept, filter)).collect();
    assert_eq!(register.find::<T>(filter, Page::first(1000)).unwrap(), expected, "{filter:?}");
    assert_eq!(register.count::<T>(filter).unwrap(), expected.len() as u64, "{filter:?}");
    expected.len()
}

pub(crate) fn every_filter_finds_what_a_look_at_each_finds(stand: &Stand) {
    let register = furnish(stand);
    let text = |text: &str| Some(text.to_owned());
    let labels = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let filters = [
        Filter { owner: text("shop"), ..Filter::default() },
        Filter { tier: Some(1), ..Filter::default() },
        Filter { zone: text("run"), ..Filter::default() },
        Filter { environment: text("prod"), ..Filter::default() },
        Filter { kind: text("ci_runner"), ..Filter::default() },
        Filter { platform: text("google"), ..Filter::default() },
        Filter { principal: text("principal-17"), ..Filter::default() },
        Filter { unowned: Ownership::Unowned, ..Filter::default() },
        Filter { labels: labels(&[("team", "edge")]), ..Filter::default() },
        Filter { workspace: text("platform"), ..Filter::default() },
    ];
    for filter in &filters {
        assert!(check::<Identity>(&register, filter) > 0, "{filter:?}");
    }
    // Any two of them together, and what fits nothing.
    for one in &filters {
        for other in &filters {
            let mut both = one.clone();
            both.owner = both.owner.or(other.owner.clone());
            both.tier = both.tier.or(other.tier);
            both.zone = both.zone.or(other.zone.clone());
            both.environment = both.environment.or(other.environment.clone());
            both.kind = both.kind.or(other.kind.clone());
            both.platform = both.platform.or(other.platform.clone());
            both.labels.extend(other.labels.clone());
            check::<Identity>(&register, &both);
        }
    }
    for none in [
        Filter { owner: text("nobody"), ..Filter::default() },
        Filter { workspace: text("shop"), ..Filter::default() },
        Filter { manifest: text("fleet"), ..Filter::default() },
        Filter { labels: labels(&[("team", "edge"), ("team ", "edge")]), ..Filter::default() },
    ] {
        assert_eq!(check::<Identity>(&register, &none), 0);
    }
    assert_eq!(check::<Identity>(&register, &Filter::default()), 40);
    let before =
        |at: &str| Filter { ends_before: Some(at.parse::<Timestamp>().unwrap()), ..Filter::default() };
    for (at, expected) in
        [("2026-11-24T01:00:00Z", 0), ("2026-11-24T01:00:00.000001Z", 1), ("2027-01-01T00:00:00Z", 2)]
    {
        assert_eq!(check::<Exception>(&register, &before(at)), expected, "{at}");
    }
    assert_eq!(
        check::<Exception>(&register, &Filter { identity: text("id-03"), ..before("2030-01-01T00:00:00Z") }),
        3
    );
    assert_eq!(
        check::<Identity>(&register, &before("2030-01-01T00:00:00Z")),
        0,
        "what has no end does not end"
    );
}

pub(crate) fn pages_follow_each_other(stand: &Stand) {
    let register = furnish(stand);
    for filter in [
        Filter::default(),
        Filter { platform: Some("aws".into()), ..Filter::default() },
        Filter { labels: [("team".to_owned(), "core".to_owned())].into(), ..Filter::default() },
        Filter { unowned: Ownership::Unowned, ..Filter::default() },
    ] {
        let all = register.find::<Identity>(&filter, Page::first(usize::MAX)).unwrap();
        for limit in [1, 3, 7, 100] {
            let mut paged = Vec::new();
            loop {
                let after = paged.last().map(|kept: &Kept<Identity>| kept.declaration.name.to_string());
                let page = register.find::<Identity>(&filter, Page { after, limit }).unwrap();
                assert!(page.len() <= limit);
                if page.is_empty() {
                    break;
                }
                paged.extend(page);
            }
            assert_eq!(paged, all, "{limit} at a time: {filter:?}");
        }
        assert_eq!(register.find::<Identity>(&filter, Page::first(0)).unwrap(), []);
    }
}

pub(crate) fn what_can_be_filtered_by_follows_an_update(stand: &Stand) {
    let register = stand.open("platform");
    register.create(&owner("platform")).unwrap();
    let by =
        |team: &str| Filter { labels: [("team".to_owned(), team.to_owned())].into(), ..Filter::default() };
    let found = |filter: &Filter| register.count::<Owner>(filter).unwrap();
    assert_eq!((found(&by("core")), found(&by("edge"))), (1, 0));
    let changed = Owner { labels: [("team".to_owned(), "edge".to_owned())].into(), ..owner("platform") };
    register.update(&changed, None).unwrap();
    assert_eq!((found(&by("core")), found(&by("edge"))), (0, 1));
    register.delete::<Owner>("platform", None).unwrap();
    assert_eq!((found(&by("core")), found(&by("edge"))), (0, 0));
}

pub(crate) fn names_come_in_the_order_of_their_bytes(stand: &Stand) {
    let register = stand.open("platform");
    let names = ["Zeta", "a", "a-b", "a.b", "a/b", "a_b", "ab", "b", "B", "1"];
    for name in names {
        register.create(&owner(name)).unwrap();
    }
    let mut sorted = names;
    sorted.sort_unstable();
    let listed = register.list::<Owner>().unwrap();
    assert_eq!(listed.iter().map(|kept| kept.declaration.name.as_str()).collect::<Vec<_>>(), sorted);
}
