//! Names of branches and tags, by the rules that git itself has for them.

use super::{SubjectError, Wanted};

const WANTED: Wanted = Wanted {
    what: "a name git knows",
    rule: "no spaces, none of `~ ^ : ? * [ \\`, no `..` or `@{`, no part that is empty, begins with a dot or ends with `.lock`",
};

/// Whether `name` can follow `refs/heads/` or `refs/tags/`.
pub(super) fn check(attribute: &'static str, name: &str) -> Result<(), SubjectError> {
    WANTED.check(attribute, name, fits)
}

fn fits(name: &str) -> bool {
    let part = |part: &str| {
        let lock = part.rsplit_once('.').is_some_and(|(_, extension)| extension == "lock");
        !part.is_empty() && !part.starts_with('.') && !lock
    };
    let plain = |letter: char| !(letter.is_ascii_control() || " ~^:?*[\\".contains(letter));
    name.split('/').all(part)
        && name.chars().all(plain)
        && !name.contains("..")
        && !name.contains("@{")
        && !name.ends_with('.')
        && name != "@"
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn names_are_those_of_git() {
        for good in ["main", "release/1.2", "v1.2.3", "feature/a@b", "a-b_c", "ümlaut", "lock", "a.locks"] {
            assert!(fits(good), "{good}");
        }
        for bad in [
            "",
            "/main",
            "main/",
            "a//b",
            ".main",
            "a/.b",
            "main.lock",
            "a..b",
            "a b",
            "a:b",
            "v*",
            "a?",
            "a[b",
            "a\\b",
            "a~1",
            "a^",
            "a@{0}",
            "@",
            "main.",
            "a\u{7f}b",
            "a\nb",
        ] {
            assert!(!fits(bad), "{bad:?}");
        }
    }
}
