//! `nhi_owner`.

use nhi_analyzer_model::DeclaredOwner;

use super::Declared;
use crate::value::{get, known_name};

pub(super) const NAMES: &[&str] = &["name"];

pub(super) fn read(declared: &Declared<'_, '_>) -> DeclaredOwner {
    DeclaredOwner { name: known_name(get(declared.object, "name")), origin: Some(declared.origin()) }
}
