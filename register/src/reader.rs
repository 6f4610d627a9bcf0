//! From the word of a kind to the type that reads its bodies: one line a kind.

use nhi_identity::{
    BreakGlass, Credential, Crossing, Elevation, Exception, Federation, Freeze, Identity, Manifest, Owner,
    Review, Zone,
};

use crate::declaration::{Declaration, ObjectKind};
use crate::facets::Facets;

/// What a body says, whatever its kind.
pub(crate) struct Reading {
    pub(crate) name: String,
    pub(crate) facets: Facets,
    /// The other declarations that it names.
    pub(crate) mentioned: Vec<(ObjectKind, String)>,
}

/// Reads a body of the kind; the error says what does not fit.
pub(crate) fn read(kind: ObjectKind, body: &str) -> Result<Reading, String> {
    let read = match kind {
        ObjectKind::Owner => read_as::<Owner>,
        ObjectKind::Zone => read_as::<Zone>,
        ObjectKind::Identity => read_as::<Identity>,
        ObjectKind::Exception => read_as::<Exception>,
        ObjectKind::Federation => read_as::<Federation>,
        ObjectKind::Credential => read_as::<Credential>,
        ObjectKind::Crossing => read_as::<Crossing>,
        ObjectKind::Elevation => read_as::<Elevation>,
        ObjectKind::BreakGlass => read_as::<BreakGlass>,
        ObjectKind::Review => read_as::<Review>,
        ObjectKind::Freeze => read_as::<Freeze>,
        ObjectKind::Manifest => read_as::<Manifest>,
    };
    read(body)
}

fn read_as<T: Declaration>(body: &str) -> Result<Reading, String> {
    let declaration = T::from_body(body)?;
    let mentions = declaration.mentions();
    let mentioned = mentions.names.iter().map(|(kind, name)| (*kind, name.to_string())).collect();
    Ok(Reading { name: declaration.name().to_string(), facets: Facets::all_of(&declaration), mentioned })
}
