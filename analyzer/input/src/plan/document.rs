//! From bytes to the text of one JSON document: size, encodings and byte order marks.

use std::io::{ErrorKind, Read};

use super::PlanError;
use crate::sources::PlanZip;

/// The largest document that is read, in bytes: seven times the plan of ten thousand services.
pub const LARGEST: usize = 512 * 1024 * 1024;

/// White space in front of a document that is kept, so that lines are counted as the reader sees them.
const KEPT_BLANK: usize = 64 * 1024;

/// Why a document cannot be read from where it comes.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It goes on and on.
    #[error("the document is larger than {} MiB, more than any plan", limit / (1024 * 1024))]
    TooLarge {
        /// In bytes.
        limit: usize,
    },
    /// The system said no.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Reads a whole document of at most [`LARGEST`] bytes. Endless white space before it is dropped as it comes.
pub fn read_limited(source: impl Read) -> Result<Vec<u8>, ReadError> {
    read_up_to(source, LARGEST)
}

fn read_up_to(mut source: impl Read, limit: usize) -> Result<Vec<u8>, ReadError> {
    let mut kept = Vec::new();
    let mut blank = true;
    let mut chunk = vec![0_u8; 64 * 1024];
    loop {
        let read = match source.read(&mut chunk) {
            Ok(0) => return Ok(kept),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        let fresh = chunk.get(..read).unwrap_or(&chunk);
        let dark = fresh.iter().position(|byte| !is_blank(*byte));
        if blank && kept.len() > KEPT_BLANK {
            kept.clear();
        }
        blank &= dark.is_none();
        if kept.len() + fresh.len() > limit {
            return Err(ReadError::TooLarge { limit });
        }
        kept.extend_from_slice(fresh);
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether these are the first bytes of a saved plan of `plan -out`, which is a zip.
pub fn is_binary_plan(bytes: &[u8]) -> bool {
    PlanZip::is_zip(bytes)
}

/// The text of a document, without a byte order mark.
pub(super) fn text_of(bytes: &[u8]) -> Result<&str, PlanError> {
    if is_binary_plan(bytes) {
        return Err(PlanError::Binary);
    }
    if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, b'{', ..] | [b'{', 0, ..]) {
        return Err(PlanError::Utf16);
    }
    let bare = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mark = bytes.len() - bare.len();
    let text = std::str::from_utf8(bare)
        .map_err(|error| PlanError::NotUtf8 { offset: mark + error.valid_up_to() })?;
    if text.bytes().all(is_blank) {
        return Err(PlanError::Empty);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, repeat};

    use super::*;

    #[test]
    fn endless_white_space_is_not_kept() {
        let blank = repeat(b' ').take(40 * 1024 * 1024);
        let kept = read_up_to(blank.chain(Cursor::new(b"{}")), 1024 * 1024).unwrap();
        assert!(kept.len() < 256 * 1024);
        assert!(kept.ends_with(b"{}"));
        let only = read_up_to(repeat(b'\n').take(9_000_000), 1024 * 1024).unwrap();
        assert_eq!(text_of(&only), Err(PlanError::Empty));
    }

    #[test]
    fn white_space_inside_a_document_counts() {
        let inside = Cursor::new(b"{").chain(repeat(b' ').take(2_000_000));
        assert!(matches!(read_up_to(inside, 1_000_000), Err(ReadError::TooLarge { limit: 1_000_000 })));
    }

    #[test]
    fn a_short_document_keeps_its_lines() {
        assert_eq!(read_limited(Cursor::new(b"\n\n{}\n")).unwrap(), b"\n\n{}\n");
    }

    #[test]
    fn encodings() {
        assert_eq!(text_of(b"\xef\xbb\xbf{}"), Ok("{}"));
        assert_eq!(text_of(b"\xff\xfe{\0}\0"), Err(PlanError::Utf16));
        assert_eq!(text_of(b"{\0}\0"), Err(PlanError::Utf16));
        assert_eq!(text_of(b"\xef\xbb\xbf{\"\xff\"}"), Err(PlanError::NotUtf8 { offset: 5 }));
        assert_eq!(text_of(b"PK\x03\x04rest"), Err(PlanError::Binary));
        assert_eq!(text_of(b" \n\t"), Err(PlanError::Empty));
    }
}
