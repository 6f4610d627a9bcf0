//! All declarations that fit a filter, read part by part.

use nhi_proto::{Cancellation, Diagnostics};
use nhi_register::{Filter, Kept, Page, Register};

use crate::resources::Subject;
use crate::told;

/// How many are read at a time.
const PART: usize = 1_000;

/// Every declaration that fits, in order of name.
pub(crate) fn all<T: Subject>(
    register: &Register,
    filter: &Filter,
    cancellation: &Cancellation,
) -> Result<Vec<Kept<T>>, Diagnostics> {
    let mut found: Vec<Kept<T>> = Vec::new();
    let mut page = Page::first(PART);
    loop {
        cancellation.check()?;
        let part = register.find::<T>(filter, page.clone()).map_err(|error| told::register_error(&error))?;
        let full = part.len() == page.limit;
        page.after = part.last().map(|last| last.declaration.name().to_string());
        found.extend(part);
        if !full {
            return Ok(found);
        }
    }
}
