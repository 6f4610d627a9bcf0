//! The headers in a file that does not parse, so that its resources keep at least a line.

use super::tree::{Block, Span};

const KINDS: [(&str, usize); 4] = [("resource", 2), ("data", 2), ("ephemeral", 2), ("module", 1)];

/// Blocks without content, one for each line that reads like the header of a resource or a module call.
pub(super) fn headers(text: &str) -> Vec<Block> {
    let mut start = 0;
    let mut blocks = Vec::new();
    for line in text.split_inclusive('\n') {
        blocks.extend(header(line, start));
        start += line.len();
    }
    blocks
}

fn header(line: &str, start: usize) -> Option<Block> {
    let (kind, count) = KINDS.into_iter().find(|(kind, _)| line.starts_with(kind))?;
    let mut rest = line.strip_prefix(kind)?.trim_start();
    let mut labels = Vec::new();
    for _ in 0..count {
        let (label, after) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
        labels.push(label.to_owned());
        rest = after;
    }
    let span: Span = start..start + (line.len() - rest.len());
    let opens = rest.trim_start().starts_with('{');
    opens.then(|| Block { kind: kind.to_owned(), labels, header: span.clone(), span, items: Vec::new() })
}
