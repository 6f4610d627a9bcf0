//! `tier_rank`: tiers as numbers that compare.

use nhi_identity::rank;
use nhi_proto::{Arguments, Function, FunctionError, Parameter, Signature, Type};

/// `provider::nhi::tier_rank(tier)`.
pub(super) struct TierRank;

impl Function for TierRank {
    type Answer = i64;

    fn name(&self) -> &'static str {
        "tier_rank"
    }

    fn signature(&self) -> Signature {
        Signature::new("Tells the number of a tier, however it is spelled.", Type::Number)
            .describe(
                "Tier 0 controls production, tier 1 touches production data, tier 2 is everything else. The answer is `0`, \
                 `1` or `2`, so that tiers from tags, variables and file names compare: `tier_rank(var.tier) <= 1` is \
                 production. What names no tier is an error, never a guess.",
            )
            .parameter(Parameter::new("tier", Type::String).describe(rank::RULE))
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<i64, FunctionError> {
        let tier: String = arguments.get("tier")?;
        match rank::tier(&tier) {
            Ok(tier) => Ok(i64::from(tier.level())),
            Err(error) => Err(arguments.wrong("tier", error.to_string())),
        }
    }
}
