//! `nhi_zone`.

use nhi_analyzer_model::DeclaredZone;

use super::Declared;
use crate::value::{get, known_name, known_texts};

pub(super) const NAMES: &[&str] = &["name", "reaches"];

pub(super) fn read(declared: &Declared<'_, '_>) -> DeclaredZone {
    DeclaredZone {
        name: known_name(get(declared.object, "name")),
        reaches: known_texts(get(declared.object, "reaches")),
        origin: Some(declared.origin()),
    }
}
