//! Byte offsets to lines and columns: the one place where positions count from one.

use nhi_analyzer_model::{Place, Precision};

use super::excerpt;
use super::tree::Span;

/// A file's text and where its lines begin.
pub(crate) struct Text {
    pub(crate) text: String,
    starts: Vec<usize>,
}

impl Text {
    pub(crate) fn new(text: String) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(breaks).collect();
        Self { text, starts }
    }

    /// The place of a span; the end is past its last character.
    pub(super) fn place(&self, file: &str, span: &Span, precision: Precision) -> Place {
        // Some spans reach over the white space that follows.
        let kept = self.text.get(span.clone()).map_or(0, |inside| inside.trim_end().len());
        let (line, column) = self.line_and_column(span.start);
        let (end_line, end_column) = self.line_and_column(span.start + kept);
        let excerpt = self.line(line).map(excerpt::excerpt);
        let file = file.to_owned();
        Place { file, line, column, end_line, end_column, precision, calls: Vec::new(), excerpt }
    }

    /// A line without its end, counted from one.
    fn line(&self, line: usize) -> Option<&str> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        Some(self.text.get(start..end)?.trim_end_matches(['\n', '\r']))
    }

    pub(crate) fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..offset).map_or(0, |before| before.chars().count());
        (line, before + 1)
    }
}
