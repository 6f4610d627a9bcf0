//! The quick way through JSON that is as usual. Whatever is not, the full reader reads, or says what is wrong with it.

use std::collections::HashSet;

use super::json::Json;

/// How deep values nest before the full reader is asked.
const DEEP: usize = 64;

/// The value, where the text is JSON of the usual kind and no object has a key twice.
pub(super) fn read(text: &str) -> Option<Json> {
    let mut reader = Quick { text, at: 0 };
    let value = reader.value(0)?;
    reader.space();
    (reader.at == text.len()).then_some(value)
}

struct Quick<'t> {
    text: &'t str,
    at: usize,
}

impl Quick<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Takes this byte, behind white space.
    fn take(&mut self, byte: u8) -> bool {
        self.space();
        let is = self.peek() == Some(byte);
        self.at += usize::from(is);
        is
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.space();
        match self.peek()? {
            b'"' => self.string().map(Json::Text),
            b'{' if depth < DEEP => self.object(depth),
            b'[' if depth < DEEP => self.list(depth),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'n' => self.word("null", Json::Null),
            b'0'..=b'9' => self.number(),
            _ => None,
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Option<Json> {
        let is = self.text.get(self.at..)?.starts_with(word);
        self.at += word.len();
        is.then_some(value)
    }

    /// A whole number; fractions and signs are rare in policies.
    fn number(&mut self) -> Option<Json> {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        let digits = self.text.get(from..self.at)?;
        let odd =
            matches!(self.peek(), Some(b'.' | b'e' | b'E')) || (digits.len() > 1 && digits.starts_with('0'));
        (!odd).then(|| Json::Number(digits.to_owned()))
    }

    /// A string without escapes.
    fn string(&mut self) -> Option<String> {
        let from = self.at + 1;
        let rest = self.text.as_bytes().get(from..)?;
        let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))?;
        if rest.get(end) != Some(&b'"') {
            return None;
        }
        self.at = from + end + 1;
        self.text.get(from..from + end).map(str::to_owned)
    }

    fn list(&mut self, depth: usize) -> Option<Json> {
        self.at += 1;
        let mut list = Vec::new();
        if self.take(b']') {
            return Some(Json::List(list));
        }
        loop {
            list.push(self.value(depth + 1)?);
            if !self.take(b',') {
                return self.take(b']').then_some(Json::List(list));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.at += 1;
        let mut object: Vec<(String, Json)> = Vec::new();
        if self.take(b'}') {
            return Some(Json::Object(object));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return None;
            }
            let key = self.string()?;
            if !self.take(b':') {
                return None;
            }
            let value = self.value(depth + 1)?;
            object.push((key, value));
            if !self.take(b',') {
                let ends = self.take(b'}') && is_simple(&object);
                return ends.then_some(Json::Object(object));
            }
        }
    }
}

/// Is every key there once?
fn is_simple(object: &[(String, Json)]) -> bool {
    if object.len() > 12 {
        let keys: HashSet<&str> = object.iter().map(|(key, _)| key.as_str()).collect();
        return keys.len() == object.len();
    }
    object.iter().enumerate().all(|(at, (key, _))| object.iter().take(at).all(|(earlier, _)| earlier != key))
}

#[cfg(test)]
mod tests {
    use super::{Json, read};

    /// The quick way says what the full reader says, or nothing.
    fn check(text: &str, is_usual: bool) {
        let quick = read(text);
        assert_eq!(quick.is_some(), is_usual, "{text}");
        if let Some(quick) = quick {
            assert_eq!(serde_json::from_str::<Json>(text).ok(), Some(quick), "{text}");
        }
    }

    #[test]
    fn what_is_usual_is_read_alike() {
        check(r#" {"a" : [ "x", "é*", true ,false,null, 12, 0 ], "b":{}, "c": [] } "#, true);
        check("\"\"", true);
        for text in [
            "",
            "{",
            "[1,]",
            "{,}",
            r#"{"a":1,}"#,
            r#"{"a" 1}"#,
            r#"{"a":1}x"#,
            "[1 2]",
            "tru",
            "truer",
            "01",
            "1.5",
            "-1",
            "1e3",
            r#""a\n""#,
            "\"a\nb\"",
            "\"a",
            r#"{"a":1,"a":2}"#,
            "\u{feff}{}",
            "[",
            "]",
            "+1",
        ] {
            check(text, false);
        }
        check(&"[".repeat(400), false);
        check(&format!("{}{}", "[".repeat(60), "]".repeat(60)), true);
    }
}
