//! A slice of the differential, always the same: the search against brute force over small alphabets.

#[cfg(test)]
mod slice {
    use nhi_tests::differential::profiles::PROFILES;
    use nhi_tests::differential::{Length, Round, Tally, run};

    const PAIRS: u64 = 800;

    /// Every `step`th profile from `first` on, so that they share the machine's cores.
    fn check(first: usize) {
        let round = Round { statements: 24, pairs: PAIRS / 2, whole: 199, proof: 37 };
        for profile in PROFILES.iter().skip(first).step_by(4) {
            let Tally { pairs, new, wrong, .. } = run(profile, 7, Length::Pairs(PAIRS), round);
            assert!(wrong.is_empty(), "{}: {} wrong\n{}", profile.name, wrong.len(), wrong.join("\n"));
            assert_eq!(pairs, PAIRS, "{}", profile.name);
            // Both answers occur, or the slice shows nothing.
            assert!(new > PAIRS / 20 && new < PAIRS * 19 / 20, "{}: {new} new", profile.name);
        }
    }

    #[test]
    fn the_search_agrees_with_brute_force_first_quarter() {
        check(0);
    }

    #[test]
    fn the_search_agrees_with_brute_force_second_quarter() {
        check(1);
    }

    #[test]
    fn the_search_agrees_with_brute_force_third_quarter() {
        check(2);
    }

    #[test]
    fn the_search_agrees_with_brute_force_last_quarter() {
        check(3);
    }
}
