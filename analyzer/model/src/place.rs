//! Where a reader looks: file, line and column.

/// How near a place is to what a finding speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// The very expression.
    Exact,
    /// The attribute that holds it.
    Attribute,
    /// The resource's block.
    Block,
    /// The nearest module call in the user's own files.
    Call,
}

impl Precision {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Attribute => "attribute",
            Self::Block => "block",
            Self::Call => "call",
        }
    }
}

/// A span of a source file; lines and columns count from one, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path as a reader would type it, relative to the source directory, with `/`.
    pub file: String,
    /// First line.
    pub line: usize,
    /// First column.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// Column after the last character.
    pub end_column: usize,
    /// How near it is.
    pub precision: Precision,
    /// The module calls that lead here, outermost first.
    pub calls: Vec<Place>,
    /// The text of the first line, for the caret under it.
    pub excerpt: Option<String>,
}
