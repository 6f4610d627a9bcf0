//! Alphabets of texts: globs, ARNs by segment, string and ARN operators, policy variables.

use crate::differential::alphabet::{Alphabet, Holds, Key, owned, texts};
use crate::differential::dice::Dice;

/// Random overlapping globs of `a`, `b`, `*`, `?`, drawn anew for each pool.
pub(super) fn globs(dice: &mut Dice) -> Alphabet {
    const SIGNS: [&str; 5] = ["a", "b", "*", "?", "a"];
    let mut words = |head: &str, always: &[&str]| {
        let mut words = owned(always);
        while words.len() < 9 {
            let length = 1 + dice.roll(4);
            let word: String = (0..length).filter_map(|_| dice.one(&SIGNS)).copied().collect();
            words.push(format!("{head}{word}"));
        }
        words
    };
    Alphabet {
        actions: words("s:", &["s:*", "S:A*", "*"]),
        resources: words("arn:aws:s:::", &["*", "arn:aws:s:::*"]),
        asked_actions: texts(&["s:a", "s:b", "s:z", "t:z"], &["a", "b", "z"], 5),
        asked_resources: texts(&["*", "arn:aws:s:::"], &["a", "b", "z"], 6),
        asked_principals: owned(&["arn:aws:iam::111122223333:role/r"]),
        ..Alphabet::default()
    }
}

/// Wildcards in every segment, short ARNs, text that is no ARN.
pub(super) fn segments() -> Alphabet {
    const ENTRIES: [&str; 18] = [
        "*",
        "arn:aws:a:r:1:p",
        "arn:aws:a:*:1:p",
        "arn:aws:a:*:p",
        "arn:aws:a:r*:1:p",
        "arn:aws:a:r:?:p",
        "arn:aws:*:*:*:p",
        "arn:aws:a:r:1:p*",
        "arn:aws:a:r:1:*/p",
        "arn:aws:a",
        "arn:aws:a:*",
        "arn:aws:a:r:1",
        "arn:aws:a:*r:1:p",
        "arn:*:p",
        "arn:aws:a:r:1:p:?",
        "a*",
        "p",
        "arn:aws:a:r:*p",
    ];
    let pieces = [":a", ":r", ":1", ":p", ":z", ":", "z", "r", "/p"];
    let mut asked = texts(&["arn:aws:a", "arn:aws:z"], &pieces, 3);
    // Deeper ones, where a `*` may run over several segments.
    let heads = [
        "arn:aws:a:r:1",
        "arn:aws:a:r:z",
        "arn:aws:a:r:1:p",
        "arn:aws:a:z:1:p",
        "arn:aws:p",
        "arn:z:p",
        "arn:z",
    ];
    asked.extend(texts(&heads, &[":r", ":1", ":p", ":z", ":", "z", "r", "/p"], 2));
    asked.extend(texts(&["arn:aws:p", "arn:z:p", "arn:z:z", "arn:aws:a:r:1:p"], &[":z", ":p", ":", "/p"], 4));
    asked.extend(owned(&[
        "*", "", "p", "z", "a", "az", "arn", "arn:aws", "arn:p", "arn:z:p", "arn:aws:", "ap", "a:p",
    ]));
    // Plain texts first, so that they stand for their class.
    asked.sort_by_key(String::len);
    Alphabet {
        actions: owned(&["s:x", "s:*"]),
        resources: owned(&ENTRIES),
        principals: vec![("AWS", "*")],
        asked_actions: owned(&["s:x", "s:z", "t:z"]),
        asked_resources: asked,
        asked_principals: owned(&["arn:aws:iam::111122223333:role/r"]),
        ..Alphabet::default()
    }
}

const STRINGS: [&str; 13] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "StringEqualsIfExists",
    "StringNotEqualsIfExists",
    "StringLikeIfExists",
    "StringNotLikeIfExists",
    "StringEqualsIgnoreCaseIfExists",
    "stringequals",
    "Null",
];

fn plain(keys: Vec<Key>) -> Alphabet {
    Alphabet {
        actions: owned(&["a:x", "a:*", "A:Y"]),
        resources: owned(&["*", "arn:aws:a:::p"]),
        asked_actions: owned(&["a:x", "a:y", "a:z", "b:z"]),
        asked_resources: owned(&["*", "arn:aws:a:::p"]),
        asked_principals: owned(&["arn:aws:iam::111122223333:role/r"]),
        keys,
        ..Alphabet::default()
    }
}

/// String operators on two keys.
pub(super) fn strings() -> Alphabet {
    const WANTED: &[&str] = &["v", "V", "v*", "w", "*", "?", "v?", "${*}", "${$}", "${?}x"];
    let mut held = texts(&[""], &["v", "V", "w", "W", "*", "?", "$", "z"], 3);
    // What old documents read as text, and neighbours of it.
    for head in ["${", "z{", "$z"] {
        for inside in ["*", "?", "$", "", "z", "zz"] {
            held.extend(["}", "}x", "}X", "}z", "z"].map(|end| format!("{head}{inside}{end}")));
        }
    }
    held.extend(owned(&["*x", "?x", "?X", "zx"]));
    let key = |name| Key {
        name,
        operators: &STRINGS,
        wanted: WANTED,
        held: held.clone(),
        holds: Holds::One,
        variable: false,
    };
    let other =
        Key { operators: &["StringEquals", "StringNotLike", "Null"], wanted: &["v", "v*"], ..key("l") };
    plain(vec![key("k"), other])
}

/// ARN operators, and string operators on the same key.
pub(super) fn arns() -> Alphabet {
    let heads = ["arn:aws:s", "arn:z:s", "arn:aws:z"];
    let mut held =
        owned(&["p", "z", "", "*", "arn:aws:p", "arn:aws:*:p", "arn:aws:s:r:*", "arn:aws:s:r:1:*:q"]);
    held.extend(owned(&["arn:aws:s:*:1:p", "arn:aws:s:*:1:z", "arn:aws:s:r:?:p*", "arn:*:s:r:1:*"]));
    held.extend(texts(&heads, &[":r", ":1", ":p", ":q", ":z", ":", "z"], 3));
    let deeper = [
        "arn:aws:s:r:1",
        "arn:aws:s:z:1",
        "arn:aws:s:r:z",
        "arn:z:s:r:1",
        "arn:aws:s:r::1",
        "arn:aws:s:r:zz",
    ];
    held.extend(texts(&deeper, &[":1", ":p", ":q", ":z", "z"], 3));
    held.sort_by_key(String::len);
    plain(vec![Key {
        name: "aws:SourceArn",
        operators: &[
            "ArnEquals",
            "ArnLike",
            "ArnNotEquals",
            "ArnNotLike",
            "ArnLikeIfExists",
            "ArnNotLikeIfExists",
            "StringLike",
            "StringNotEquals",
            "StringEquals",
            "Null",
        ],
        wanted: &[
            "arn:aws:s:r:1:p",
            "arn:aws:s:*:1:p",
            "arn:aws:s:r:?:p*",
            "arn:aws:*:p",
            "arn:*:s:r:1:*",
            "*",
            "arn:aws:s:r:1:*:q",
            "arn:aws:s:r:*",
            "p",
        ],
        held,
        holds: Holds::One,
        variable: false,
    }])
}

/// Policy variables in resources and conditions: absent, with defaults, escaped, and as text in old documents.
pub(super) fn variables() -> Alphabet {
    const USERS: &[&str] = &["u", "v", "z", "u/v", "zz", "*", "", "u*"];
    let user = Key {
        name: "aws:username",
        operators: &["StringEquals", "StringNotEquals", "StringLike", "Null"],
        wanted: &["u", "v", "u*"],
        held: owned(USERS),
        holds: Holds::One,
        variable: true,
    };
    let key = Key {
        name: "k",
        operators: &["StringEquals", "StringNotEquals", "StringLike", "StringEqualsIfExists", "Null"],
        wanted: &["${aws:username}", "u", "${AWS:UserName, 'v'}", "x${aws:username}", "*"],
        held: owned(&[
            "u",
            "v",
            "z",
            "u/v",
            "zz",
            "*",
            "",
            "z/z",
            "xu",
            "xv",
            "xz",
            "xu/v",
            "xzz",
            "x*",
            "x",
            "xz/z",
            "${aws:username}",
            "${AWS:UserName, 'v'}",
            "x${aws:username}",
            "q",
        ]),
        holds: Holds::One,
        variable: false,
    };
    let heads = ["arn:aws:s:::h/", "arn:aws:s:::"];
    let ends = [
        "",
        "u",
        "v",
        "z",
        "u/v",
        "zz",
        "*",
        "u*",
        "${aws:username}",
        "${aws:username, 'v'}",
        "q",
        "u/q",
        "z/q",
        "zz/q",
        "v/q",
        "${aws:username}/*",
        "${aws:username}/q",
    ];
    let asked = heads.iter().flat_map(|head| ends.map(|end| format!("{head}{end}")));
    Alphabet {
        actions: owned(&["s:x", "s:*"]),
        resources: owned(&[
            "*",
            "arn:aws:s:::h/${aws:username}",
            "arn:aws:s:::h/${aws:username}/*",
            "arn:aws:s:::h/*",
            "arn:aws:s:::h/u",
            "arn:aws:s:::h/?",
            "arn:aws:s:::h/${aws:username, 'v'}",
            "arn:aws:s:::h/v",
        ]),
        asked_actions: owned(&["s:x", "s:z", "t:z"]),
        asked_resources: owned(&["*", "z"]).into_iter().chain(asked).collect(),
        asked_principals: owned(&["arn:aws:iam::111122223333:role/r"]),
        keys: vec![user, key],
        ..Alphabet::default()
    }
}
