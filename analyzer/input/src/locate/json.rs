//! JSON text with spans: the JSON form of configuration files, and policies written as JSON inside a heredoc.

use super::tree::{Attribute, Block, Entry, Item, Kind, Node, Span};

/// Deeper than any configuration, and far from the end of the stack.
const DEEPEST: usize = 100;

/// The top-level blocks of a `.tf.json` file, or what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Vec<Block>, String> {
    let node = value(text, 0..text.len())
        .map_err(|at| format!("not valid JSON at byte {at}, or nested more than {DEEPEST} levels"))?;
    let mut blocks = Vec::new();
    for entry in entries(&node) {
        let Some(kind) = &entry.key else { continue };
        let labels = match kind.as_str() {
            "resource" | "data" | "ephemeral" => 2,
            "module" | "check" => 1,
            "locals" | "moved" | "removed" | "import" => 0,
            _ => continue,
        };
        labelled(kind, entry, labels, &mut Vec::new(), &mut blocks);
    }
    Ok(blocks)
}

/// The value that fills `range` of `text` up to white space; spans count from the start of `text`.
/// The error is the offset of the first byte that does not fit.
pub(super) fn value(text: &str, range: Span) -> Result<Node, usize> {
    let bytes = text.as_bytes().get(..range.end).ok_or(range.start)?;
    let mut reader = Reader { text, bytes, at: range.start };
    reader.space();
    let node = reader.value(0)?;
    reader.space();
    if reader.at == bytes.len() { Ok(node) } else { Err(reader.at) }
}

/// One block for each object under `labels` more names; every level may be a list of objects as well.
fn labelled(kind: &str, entry: &Entry, labels: usize, so_far: &mut Vec<String>, blocks: &mut Vec<Block>) {
    if labels > 0 {
        for inner in entries(&entry.value) {
            let Some(label) = &inner.key else { continue };
            so_far.push(label.clone());
            labelled(kind, inner, labels - 1, so_far, blocks);
            so_far.pop();
        }
        return;
    }
    let block = |object: &Node, header: &Span, span: &Span| {
        let Kind::Object(members) = &object.kind else { return None };
        let items = members.iter().flat_map(|member| member_items(kind, member)).collect();
        let (kind, labels) = (kind.to_owned(), so_far.clone());
        Some(Block { kind, labels, header: header.clone(), span: span.clone(), items })
    };
    match &entry.value.kind {
        Kind::List(list) if so_far.is_empty() => {
            blocks.extend(list.iter().filter_map(|object| block(object, &object.span, &object.span)));
        }
        Kind::List(list) => {
            blocks.extend(list.iter().filter_map(|object| block(object, &entry.key_span, &object.span)));
        }
        _ => blocks.extend(block(&entry.value, &entry.key_span, &entry.span)),
    }
}

fn member_items(kind: &str, member: &Entry) -> Vec<Item> {
    let Some(name) = &member.key else { return Vec::new() };
    if kind == "check" && name == "data" {
        let mut scoped = Vec::new();
        labelled("data", member, 2, &mut Vec::new(), &mut scoped);
        return scoped.into_iter().map(Item::Block).collect();
    }
    let value = member.value.clone();
    vec![Item::Attribute(Attribute { name: name.clone(), span: member.span.clone(), value })]
}

fn entries(node: &Node) -> Vec<&Entry> {
    match &node.kind {
        Kind::Object(entries) => entries.iter().collect(),
        Kind::List(list) => list.iter().flat_map(entries).collect(),
        _ => Vec::new(),
    }
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), usize> {
        if self.peek() != Some(byte) {
            return Err(self.at);
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<Node, usize> {
        if depth > DEEPEST {
            return Err(self.at);
        }
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => Kind::Object(self.members(depth)?),
            Some(b'[') => Kind::List(self.elements(depth)?),
            Some(b'"') => Kind::Text(self.string()?),
            _ => self.word()?,
        };
        Ok(Node { span: start..self.at, kind })
    }

    fn members(&mut self, depth: usize) -> Result<Vec<Entry>, usize> {
        self.expect(b'{')?;
        let mut members = Vec::new();
        self.space();
        while self.peek() != Some(b'}') {
            if !members.is_empty() {
                self.expect(b',')?;
                self.space();
            }
            let start = self.at;
            let key = self.string()?;
            let key_span = start..self.at;
            self.space();
            self.expect(b':')?;
            self.space();
            let value = self.value(depth + 1)?;
            members.push(Entry { key: Some(key), key_span, span: start..self.at, value });
            self.space();
        }
        self.at += 1;
        Ok(members)
    }

    fn elements(&mut self, depth: usize) -> Result<Vec<Node>, usize> {
        self.expect(b'[')?;
        let mut elements = Vec::new();
        self.space();
        while self.peek() != Some(b']') {
            if !elements.is_empty() {
                self.expect(b',')?;
                self.space();
            }
            elements.push(self.value(depth + 1)?);
            self.space();
        }
        self.at += 1;
        Ok(elements)
    }

    fn string(&mut self) -> Result<String, usize> {
        let start = self.at;
        self.expect(b'"')?;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(b'\n') | None => return Err(self.at),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let quoted = self.text.get(start..self.at).ok_or(start)?;
        serde_json::from_str(quoted).map_err(|_| start)
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Result<Kind, usize> {
        let start = self.at;
        while matches!(self.peek(), Some(b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-' | b'.' | b'E')) {
            self.at += 1;
        }
        let word = self.text.get(start..self.at).ok_or(start)?;
        match serde_json::from_str::<serde_json::Value>(word) {
            Ok(_) => Ok(Kind::Other),
            Err(_) => Err(start),
        }
    }
}
