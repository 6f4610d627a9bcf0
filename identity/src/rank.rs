//! Tiers as numbers that compare, from the many ways in which people write them.

use crate::identity::Tier;

/// The rule in words, for messages and documentation.
pub const RULE: &str = "Write the number (`0`, `1` or `2`), with a prefix if you like (`T0`, `tier1`, `tier-2`), or what the \
tier means: `control`, `data` or `non_production`.";

/// What each tier is called beside its number.
const WORDS: [(&str, Tier); 3] =
    [("control", Tier::Control), ("data", Tier::Data), ("nonproduction", Tier::NonProduction)];

/// A text that names no tier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not a tier: write `0`, `1`, `2`, `T0`, `tier-1`, `control`, `data` or `non_production`",
    .0.escape_debug()
)]
pub struct RankError(String);

/// Reads a tier as [`RULE`] says; case, spaces, hyphens and underscores make no difference.
pub fn tier(text: &str) -> Result<Tier, RankError> {
    let bare: String =
        text.chars().filter(|letter| !" -_".contains(*letter)).collect::<String>().to_ascii_lowercase();
    let number = bare.strip_prefix("tier").or_else(|| bare.strip_prefix('t')).unwrap_or(&bare);
    let level = match number {
        "0" => Some(Tier::Control),
        "1" => Some(Tier::Data),
        "2" => Some(Tier::NonProduction),
        _ => None,
    };
    let word = || WORDS.into_iter().find(|(word, _)| *word == bare).map(|(_, tier)| tier);
    level.or_else(word).ok_or_else(|| RankError(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_one_of_three() {
        for (texts, expected) in [
            (
                &["0", "t0", "T0", "tier0", "Tier 0", "tier-0", "TIER_0", "control", "Control"][..],
                Tier::Control,
            ),
            (&["1", "T1", "tier 1", "data"], Tier::Data),
            (
                &["2", "T2", "tier-2", "non_production", "non-production", "Non Production"],
                Tier::NonProduction,
            ),
        ] {
            for text in texts {
                assert_eq!(tier(text), Ok(expected), "{text}");
            }
        }
        for text in ["", "3", "-", "tier", "t", "00", "0.5", "gold", "tier0data", "t10"] {
            assert!(tier(text).is_err(), "{text}");
        }
    }
}
