//! Figures by hand, and laws that hold for all of them.

use proptest::prelude::*;

use super::*;

/// Minimum, maximum, lifetime and refresh point; zero where there is none.
fn check(work: &Work, expected: [u64; 4], warns: &[&str]) {
    let advice = advise(work);
    let choice = advice.choice.as_ref().ok();
    let told = [
        advice.minimum.seconds,
        advice.maximum.seconds,
        choice.map_or(0, |choice| choice.lifetime),
        choice.and_then(|choice| choice.refresh_after).unwrap_or(0),
    ];
    assert_eq!(told, expected, "{advice:?}");
    let fits = advice.warnings.len() == warns.len()
        && advice.warnings.iter().zip(warns).all(|(told, begin)| told.starts_with(begin));
    assert!(fits, "{:?}\nand not {warns:?}", advice.warnings);
}

#[test]
fn each_class_has_its_answer() {
    let of = Work::new;
    // Three attempts of 5 s, waits of 1 s and 2 s, clocks 2 × 60 s apart: 138 s before the end.
    check(&of(Class::Interactive), [139, 3600, 900, 762], &[]);
    check(&of(Class::Batch), [139, 43_200, 3600, 3462], &[]);
    check(&of(Class::Serving), [139, 86_400, 3600, 1800], &[]);
    check(&of(Class::Agent), [139, 300, 300, 162], &[]);
    check(&of(Class::Ci), [125, 43_200, 900, 0], &["how long a run takes"]);
    check(&of(Class::BreakGlass), [125, 3600, 3600, 0], &["how long a run takes", "break-glass"]);
}

#[test]
fn a_run_that_cannot_refresh_needs_one_token_for_all_of_it() {
    let ci = Work { run_p99: Some(1500), queue: 120, ..Work::new(Class::Ci) };
    check(&ci, [1680, 43_200, 1680, 0], &[]);
    check(
        &Work { run_p50: Some(300), ..ci.clone() },
        [1680, 43_200, 1680, 0],
        &["half of the runs end within 5m"],
    );
    check(&Work { issuer_minimum: Some(3600), ..ci.clone() }, [3600, 43_200, 3600, 0], &[]);
    check(&Work { issuer_maximum: Some(1700), ..ci }, [1680, 1700, 1680, 0], &[]);
    let training = Work { run_p99: Some(6 * HOUR), refresh: Some(Refresh::No), ..Work::new(Class::Batch) };
    check(&training, [6 * HOUR + 60, 43_200, 6 * HOUR + 60, 0], &["one token for a whole run"]);
    let advice = advise(&Work { tier: Some(Tier::Control), ..training });
    assert_eq!(
        advice.choice.unwrap_err().to_string(),
        "no lifetime works: a run of 6h cannot refresh its token, so at least 6h1m are needed; tier 0 has its cap, so at most \
         1h may be given; let the work refresh its token while it runs, part it into shorter runs, or lift the cap"
    );
}

#[test]
fn a_fleet_leaves_its_issuer_room() {
    let fleet = Work { fleet: Some(6000), issuer_rate: Some(10.0), ..Work::new(Class::Interactive) };
    // 600 s to serve them all once, so refreshing may begin no more often than every 1200 s.
    check(&fleet, [138 + 600 + 1200, 3600, 1980, 1242], &["if the issuer fails and all 6000 ask again"]);
    let choice = advise(&fleet).choice.unwrap();
    assert!(choice.load.is_some_and(|load| load <= 5.0), "{choice:?}");
    let tight = Work { issuer_rate: Some(1.0), ..fleet.clone() };
    assert!(advise(&tight).choice.unwrap_err().to_string().ends_with("or lift the cap"));
    check(&Work { issuer_rate: None, ..fleet }, [139, 3600, 900, 762], &["what the issuer can bear"]);
}

#[test]
fn attempts_fail_together() {
    let work = Work { failure_rate: Some(0.1), ..Work::new(Class::Serving) };
    let failure = advise(&work).choice.unwrap().failure.unwrap();
    assert!((failure - 0.001).abs() < 1e-12, "{failure}");
}

fn work() -> impl Strategy<Value = Work> {
    let class = prop::sample::select(HABITS.iter().map(|habit| habit.class).collect::<Vec<_>>());
    let tier = prop::option::of(prop::sample::select(vec![Tier::Control, Tier::Data, Tier::NonProduction]));
    let refresh = prop::option::of(prop::sample::select(vec![Refresh::Yes, Refresh::No]));
    let some = |most: u64| prop::option::of(0..most);
    let times = (some(90_000), some(90_000), 0..4000_u64, 0..120_u64, 0..600_u64);
    let issuer = (
        some(7200),
        some(90_000),
        (1..9_u64, 0..60_u64, 0..600_u64),
        some(100_000),
        prop::option::of(0.01..2000.0),
    );
    (class, tier, refresh, times, issuer).prop_map(|(class, tier, refresh, times, issuer)| Work {
        tier,
        refresh,
        run_p50: times.0,
        run_p99: times.1,
        queue: times.2,
        issue_p99: times.3,
        skew: times.4,
        issuer_minimum: issuer.0,
        issuer_maximum: issuer.1,
        retry: Retry { attempts: issuer.2.0, base: issuer.2.1, cap: issuer.2.2 },
        fleet: issuer.3,
        issuer_rate: issuer.4,
        ..Work::new(class)
    })
}

proptest! {
    #[test]
    fn a_choice_lies_within_its_bounds_and_serves_the_work(work in work()) {
        let advice = advise(&work);
        let maximum = advice.maximum.seconds;
        match &advice.choice {
            Err(_) => prop_assert!(maximum < advice.minimum.seconds),
            Ok(choice) => {
                prop_assert!((advice.minimum.seconds..=maximum).contains(&choice.lifetime));
                prop_assert_eq!(choice.refresh_after.is_some(), work.refreshes());
                match choice.refresh_after {
                    Some(after) => prop_assert!(after > 0 && after + bounds::renewal(&work) <= choice.lifetime),
                    None => prop_assert!(work.run_p99.is_none_or(|run| run + work.skew <= choice.lifetime)),
                }
            }
        }
    }

    /// A slower issuer, worse clocks or a longer run never make do with less.
    #[test]
    fn what_is_worse_needs_no_less(work in work(), more in 1..600_u64) {
        let needed = |work: &Work| advise(work).minimum.seconds;
        let before = needed(&work);
        let run_p99 = Some(work.run_p99.unwrap_or(0) + more);
        for worse in [
            Work { skew: work.skew + more, ..work.clone() },
            Work { issue_p99: work.issue_p99 + more, ..work.clone() },
            Work { run_p99, ..work.clone() },
        ] {
            prop_assert!(needed(&worse) >= before);
        }
    }

    /// No figure is too large to be answered.
    #[test]
    fn extremes_are_answered(work in work(), most in prop::sample::select(vec![u64::MAX, u64::MAX / 2])) {
        let retry = Retry { attempts: most, base: most, cap: most };
        let extreme = Work { retry, skew: most, run_p99: Some(most), fleet: Some(most), ..work };
        drop(advise(&extreme));
    }
}
