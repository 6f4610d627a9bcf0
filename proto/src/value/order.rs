//! Equality and order by meaning: sets without order, text normalised.

use std::cmp::Ordering;

use unicode_normalization::UnicodeNormalization;

use super::Value;

impl Value {
    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Unknown(_) => 1,
            Self::Bool(_) => 2,
            Self::Number(_) => 3,
            Self::String(_) => 4,
            Self::List(_) => 5,
            Self::Set(_) => 6,
            Self::Map(_) => 7,
            Self::Object(_) => 8,
            Self::Tuple(_) => 9,
            Self::Dynamic(..) => 10,
        }
    }
}

/// Text as Terraform's core compares it: in normalisation form C.
pub(super) fn compare_text(left: &str, right: &str) -> Ordering {
    if left == right {
        Ordering::Equal
    } else if left.is_ascii() && right.is_ascii() {
        left.cmp(right)
    } else {
        left.nfc().cmp(right.nfc())
    }
}

/// The elements of a set, in one order and once each.
pub(super) fn distinct(elements: &[Value]) -> Vec<&Value> {
    let mut sorted: Vec<&Value> = elements.iter().collect();
    sorted.sort();
    sorted.dedup_by(|left, right| left == right && !left.is_unknown());
    sorted
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(left), Self::Bool(right)) => left.cmp(right),
            (Self::Number(left), Self::Number(right)) => left.cmp(right),
            (Self::String(left), Self::String(right)) => compare_text(left, right),
            (Self::List(left), Self::List(right)) | (Self::Tuple(left), Self::Tuple(right)) => {
                left.cmp(right)
            }
            (Self::Set(left), Self::Set(right)) => distinct(left).cmp(&distinct(right)),
            (Self::Map(left), Self::Map(right)) | (Self::Object(left), Self::Object(right)) => {
                let by_text = |(a, x): (&String, &Self), (b, y): (&String, &Self)| {
                    compare_text(a, b).then_with(|| x.cmp(y))
                };
                let pairs = left.iter().zip(right).map(|(l, r)| by_text(l, r));
                pairs.fold(left.len().cmp(&right.len()), Ordering::then)
            }
            (Self::Dynamic(left_type, left), Self::Dynamic(right_type, right)) => {
                left_type.cmp(right_type).then_with(|| left.cmp(right))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value {}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(parts: &[&str]) -> Value {
        Value::Set(parts.iter().map(|part| Value::string(*part)).collect())
    }

    #[test]
    fn sets_have_no_order_and_no_duplicates() {
        assert_eq!(set(&["a", "b"]), set(&["b", "a", "b"]));
        assert_ne!(set(&["a"]), set(&["a", "b"]));
        assert_ne!(set(&["a"]), Value::List(vec![Value::string("a")]));
    }

    #[test]
    fn text_compares_normalised() {
        assert_eq!(Value::string("caf\u{e9}"), Value::string("cafe\u{301}"));
        assert_ne!(Value::string("cafe"), Value::string("caf\u{e9}"));
    }

    #[test]
    fn null_and_unknown_and_empty_differ() {
        let states = [Value::Null, Value::unknown(), Value::string(""), set(&[]), Value::List(vec![])];
        for (i, left) in states.iter().enumerate() {
            for (j, right) in states.iter().enumerate() {
                assert_eq!(left == right, i == j, "{left:?} {right:?}");
            }
        }
    }
}
