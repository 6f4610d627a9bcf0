//! Alphabets of keys that are no single text: sets, numbers, dates, booleans, addresses.

use crate::differential::alphabet::{Alphabet, Holds, Key, owned};

fn plain(keys: Vec<Key>) -> Alphabet {
    Alphabet {
        actions: owned(&["a:x", "a:*"]),
        resources: owned(&["*"]),
        asked_actions: owned(&["a:x", "a:z", "b:z"]),
        asked_resources: owned(&["*"]),
        asked_principals: owned(&["arn:aws:iam::111122223333:role/r"]),
        keys,
        ..Alphabet::default()
    }
}

/// Set operators, with and without negation and `IfExists`, on a key of several values; beside it a key of one.
pub(super) fn sets() -> Alphabet {
    let tags = Key {
        name: "aws:TagKeys",
        operators: &[
            "ForAllValues:StringEquals",
            "ForAllValues:StringNotEquals",
            "ForAllValues:StringLike",
            "ForAllValues:StringNotLike",
            "ForAllValues:StringEqualsIfExists",
            "ForAnyValue:StringEquals",
            "ForAnyValue:StringNotEquals",
            "ForAnyValue:StringLike",
            "ForAnyValue:StringNotLike",
            "ForAnyValue:StringEqualsIfExists",
            "ForAnyValue:StringNotEqualsIfExists",
            "forallvalues:StringEqualsIgnoreCase",
            "Null",
        ],
        wanted: &["v", "w", "v*", "*"],
        held: owned(&["v", "w", "vx", "z", "V", "W", "*", "v*", "V*"]),
        holds: Holds::Many,
        variable: false,
    };
    let one = Key {
        name: "k",
        operators: &["StringEquals", "StringNotEquals", "Null"],
        wanted: &["v"],
        held: owned(&["v", "z"]),
        holds: Holds::One,
        variable: false,
    };
    plain(vec![tags, one])
}

/// Numbers, dates and booleans, in every notation.
pub(super) fn values() -> Alphabet {
    let number = Key {
        name: "n",
        operators: &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
            "NumericLessThanIfExists",
            "NumericNotEqualsIfExists",
            "Null",
        ],
        wanted: &["5", "5.0", "7.5", "-1", "x"],
        held: owned(&["-2", "-1", "0", "5", "6", "7.5", "8", "x"]),
        holds: Holds::One,
        variable: false,
    };
    let date = Key {
        name: "d",
        operators: &[
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
            "DateGreaterThanIfExists",
            "Null",
        ],
        wanted: &["2024-01-01T00:00:00Z", "1704067200", "2024-01-01T02:00:00+02:00", "2024-06-01"],
        held: owned(&[
            "2023-12-31T23:59:59Z",
            "1704067200",
            "2024-03-01",
            "2024-06-01T00:00:00Z",
            "2024-07-01",
            "x",
        ]),
        holds: Holds::One,
        variable: false,
    };
    let flag = Key {
        name: "m",
        operators: &["Bool", "BoolIfExists", "Null"],
        wanted: &["true", "false", "True"],
        held: owned(&["true", "false", "x"]),
        holds: Holds::One,
        variable: false,
    };
    plain(vec![number, date, flag])
}

/// Networks of both kinds, and bytes.
pub(super) fn addresses() -> Alphabet {
    let address = Key {
        name: "aws:SourceIp",
        operators: &["IpAddress", "NotIpAddress", "IpAddressIfExists", "NotIpAddressIfExists", "Null"],
        wanted: &[
            "10.0.0.0/8",
            "10.1.0.0/16",
            "10.1.2.3",
            "10.1.2.3/24",
            "0.0.0.0/0",
            "2001:db8::/32",
            "2001:db8:1::/48",
            "::/0",
            "x",
        ],
        held: owned(&[
            "9.255.255.255",
            "10.0.0.0",
            "10.1.0.0",
            "10.1.2.0",
            "10.1.2.3",
            "10.2.0.0",
            "2001:db7::",
            "2001:db8::1",
            "2001:db8:1::1",
            "x",
        ]),
        holds: Holds::One,
        variable: false,
    };
    let bytes = Key {
        name: "b",
        operators: &["BinaryEquals", "BinaryEqualsIfExists", "Null"],
        wanted: &["QUI=", "QUM="],
        held: owned(&["QUI=", "QUM=", "QQ=="]),
        holds: Holds::One,
        variable: false,
    };
    plain(vec![address, bytes])
}
