//! How it is kept that something was done.

use nhi_identity::{Field, Occasion, OccasionDraft};
use serde::{Deserialize, Serialize};

/// The text of an occasion in the file.
#[derive(Serialize, Deserialize)]
pub(crate) struct OccasionBody {
    at: String,
    reference: String,
}

/// The text of an occasion.
pub(crate) fn body(occasion: Occasion) -> OccasionBody {
    OccasionBody { at: occasion.at.spelling().to_owned(), reference: occasion.reference }
}

/// The draft of an occasion from its text.
pub(crate) fn draft(body: Option<OccasionBody>) -> Field<OccasionDraft> {
    let draft =
        |body: OccasionBody| OccasionDraft { at: Field::Is(body.at), reference: Field::Is(body.reference) };
    Field::from(body.map(draft))
}
