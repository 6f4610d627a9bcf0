//! Whether two values are the same, where unknown is an answer.

use nhi_analyzer_model::Known;

use super::Value;

impl Value {
    /// Whether both are the same; `null` and empty are. An unknown part is unknown, unless a known part differs.
    pub fn same(&self, other: &Self) -> Known<bool> {
        match (self, other) {
            (Self::Sensitive(one), Self::Sensitive(two)) => Known::Is(one == two),
            (Self::Sensitive(_) | Self::Unknown, _) | (_, Self::Sensitive(_) | Self::Unknown) => {
                Known::Unknown
            }
            (Self::List(one), Self::List(two)) if one.len() == two.len() => {
                all(one.iter().zip(two).map(|(a, b)| a.same(b)))
            }
            (Self::Object(one), Self::Object(two)) => {
                let ours = one.iter().map(|(key, value)| value.same(other.get(key)));
                let theirs = two.iter().filter(|(key, _)| !one.contains_key(*key));
                all(ours.chain(theirs.map(|(_, value)| Self::Null.same(value))))
            }
            (Self::Null, Self::Object(map)) | (Self::Object(map), Self::Null) => {
                all(map.values().map(|value| Self::Null.same(value)))
            }
            (one, two) => Known::Is(one == two || (one.is_empty() && two.is_empty())),
        }
    }
}

fn all(answers: impl Iterator<Item = Known<bool>>) -> Known<bool> {
    let mut sum = Known::Is(true);
    for answer in answers {
        match answer {
            Known::Is(true) => {}
            Known::Is(false) => return Known::Is(false),
            Known::Unknown => sum = Known::Unknown,
        }
    }
    sum
}
