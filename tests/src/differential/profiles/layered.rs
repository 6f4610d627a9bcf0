//! Alphabets of layers: what caps identity policies, and what stands beside them.

use crate::differential::alphabet::{Alphabet, Holds, Key, owned};

/// Boundaries, session policies, organisation policies at several levels, endpoints. Policies on the resources of an
/// organisation hold for `s3` and `sqs` and not for `a` and `c`.
pub(super) fn layers() -> Alphabet {
    Alphabet {
        actions: owned(&["a:x", "a:y", "a:*", "*", "s3:*", "s3:x", "sqs:*"]),
        resources: owned(&["*", "arn:aws:a:::p", "arn:aws:a:::p*"]),
        keys: vec![Key {
            name: "m",
            operators: &["Bool", "BoolIfExists", "Null"],
            wanted: &["true", "false"],
            held: owned(&["true", "false", "x"]),
            holds: Holds::One,
            variable: false,
        }],
        asked_actions: owned(&["a:x", "a:y", "a:z", "s3:x", "s3:z", "sqs:z", "c:z"]),
        asked_resources: owned(&["*", "arn:aws:a:::p", "arn:aws:a:::pz"]),
        asked_principals: owned(&["arn:aws:iam::111122223333:role/r"]),
        ..Alphabet::default()
    }
}

/// A resource policy beside identity policies of a role of the same account.
pub(super) fn beside() -> Alphabet {
    Alphabet {
        principals: vec![
            ("AWS", "*"),
            ("AWS", "111122223333"),
            ("AWS", "arn:aws:iam::111122223333:role/r"),
            ("AWS", "arn:aws:iam::111122223333:role/s"),
            ("AWS", "444455556666"),
            ("Service", "a.amazonaws.com"),
        ],
        ..layers()
    }
}
