//! The name of a finding over time: the same while rule, principal and cause are the same.

use std::fmt::Write as _;

use nhi_access::Region;
use sha2::{Digest, Sha256};

/// Bytes of the hash that are kept.
const LENGTH: usize = 16;

/// 32 hex digits over the parts; where one part ends and the next begins counts.
pub(crate) fn of(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(LENGTH).fold(String::with_capacity(2 * LENGTH), |mut hex, byte| {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// What regions say, without wording, order, witness or the place of the statement that grants them.
pub(crate) fn cause(regions: &[&Region]) -> String {
    let mut texts: Vec<String> = regions.iter().map(|region| canonical(region)).collect();
    texts.sort();
    texts.dedup();
    texts.join("\n")
}

fn canonical(region: &Region) -> String {
    let mut dimensions: Vec<String> = region
        .set
        .dimensions
        .iter()
        // The principal of the finding is a part of the hash already; in a trust it is the other side.
        .map(|dimension| {
            let sorted = |patterns: &[String]| {
                let mut patterns = patterns.to_vec();
                patterns.sort();
                patterns
            };
            format!(
                "{}\u{1f}{:?}\u{1f}{:?}",
                dimension.name,
                sorted(&dimension.within),
                sorted(&dimension.without)
            )
        })
        .collect();
    dimensions.sort();
    dimensions.join("\u{1e}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_part_ends_counts() {
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
    }

    #[test]
    fn it_is_thirty_two_hex_digits() {
        let print = of(&["privilege-expansion", "aws", "app"]);
        assert_eq!(print.len(), 32);
        assert!(print.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
