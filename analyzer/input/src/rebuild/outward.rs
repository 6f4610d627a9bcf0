//! From values to what the rest of the analyzer sees.

use std::rc::Rc;

use super::convert::to_text;
use super::error::RebuildError;
use super::reference::{Extent, Holed, Rebuilt, Reference, Segment};
use super::value::{Hole, Piece, Text, Value};

/// The text that a value is.
pub(super) fn text(value: &Value) -> Result<Rebuilt, RebuildError> {
    match to_text(value.clone())? {
        Value::Text(text) => Ok(rebuilt(&text)),
        Value::Hole(hole) => {
            Ok(Rebuilt { segments: vec![Segment::Reference(reference(&hole, Extent::Text))] })
        }
        other => Err(RebuildError::fails(format!("it is {}, not a text", other.word()))),
    }
}

/// The value with its holes named.
pub(super) fn holed(value: &Value) -> Result<Holed, RebuildError> {
    Ok(match value {
        Value::Null => Holed::Null,
        Value::Bool(answer) => Holed::Bool(*answer),
        Value::Number(number) => Holed::Number(number.to_string()),
        Value::Text(text) => Holed::Text(rebuilt(text)),
        Value::List(list) => Holed::List(list.items.iter().map(holed).collect::<Result<_, _>>()?),
        Value::Object(object) => {
            let entries = object.entries.iter();
            let entries = entries.map(|(key, value)| Ok((key.clone(), holed(value)?)));
            Holed::Object(entries.collect::<Result<_, RebuildError>>()?)
        }
        Value::Hole(hole) | Value::Spread(hole) => Holed::Reference(reference(hole, Extent::Value)),
    })
}

fn rebuilt(text: &Text) -> Rebuilt {
    let segment = |piece: &Piece| match piece {
        Piece::Known(text) => Segment::Text(text.clone()),
        Piece::Hole(hole, extent) => Segment::Reference(reference(hole, *extent)),
    };
    Rebuilt { segments: text.pieces().iter().map(segment).collect() }
}

fn reference(hole: &Rc<Hole>, extent: Extent) -> Reference {
    let (resource, attribute) = hole.of.clone().unzip();
    Reference { text: hole.text.clone(), resource, attribute, extent }
}
