//! Between attributes as Terraform sends them and the fields of a draft.

use std::collections::{BTreeMap, BTreeSet};

use nhi_identity::{Field, Labels};
use nhi_proto::{Diagnostics, Field as Sent, Fields, FromValue, ToValue, Value};

/// A set or list of texts on its way.
pub(crate) type Texts = Field<Vec<Field<String>>>;

/// A map of texts on its way.
pub(crate) type Pairs = Field<Vec<(String, Field<String>)>>;

fn state<T>(sent: Sent<T>) -> Field<T> {
    match sent {
        Sent::Null => Field::Absent,
        Sent::Unknown => Field::Unknown,
        Sent::Known(value) => Field::Is(value),
    }
}

/// One attribute of any type.
pub(crate) fn field<T: FromValue>(fields: &Fields<'_>, name: &str) -> Result<Field<T>, Diagnostics> {
    Ok(state(fields.get::<Sent<T>>(name)?))
}

/// One text.
pub(crate) fn text(fields: &Fields<'_>, name: &str) -> Result<Field<String>, Diagnostics> {
    field(fields, name)
}

/// A set or list of texts.
pub(crate) fn texts(fields: &Fields<'_>, name: &str) -> Result<Texts, Diagnostics> {
    let all: Field<Vec<Sent<String>>> = field(fields, name)?;
    Ok(all.map(|elements| elements.into_iter().map(state).collect()))
}

/// A map of texts.
pub(crate) fn pairs(fields: &Fields<'_>, name: &str) -> Result<Pairs, Diagnostics> {
    let all: Field<BTreeMap<String, Sent<String>>> = field(fields, name)?;
    Ok(all.map(|pairs| pairs.into_iter().map(|(key, value)| (key, state(value))).collect()))
}

/// The labels.
pub(crate) fn labels(fields: &Fields<'_>) -> Result<Pairs, Diagnostics> {
    pairs(fields, "labels")
}

/// A map of sets of texts.
pub(crate) fn sets_by_key(
    fields: &Fields<'_>,
    name: &str,
) -> Result<Field<Vec<(String, Texts)>>, Diagnostics> {
    let all: Field<BTreeMap<String, Sent<Vec<Sent<String>>>>> = field(fields, name)?;
    let texts = |sent: Sent<Vec<Sent<String>>>| -> Texts {
        state(sent).map(|elements| elements.into_iter().map(state).collect())
    };
    Ok(all.map(|pairs| pairs.into_iter().map(|(key, value)| (key, texts(value))).collect()))
}

/// Objects in a list, each read by `read`.
pub(crate) fn objects<T>(
    fields: &Fields<'_>,
    name: &str,
    read: impl Fn(&Fields<'_>) -> Result<T, Diagnostics>,
) -> Result<Field<Vec<Field<T>>>, Diagnostics> {
    let all: Field<Vec<Sent<Value>>> = field(fields, name)?;
    let Field::Is(elements) = all else { return Ok(all.map(|_| Vec::new())) };
    let path = fields.path(name);
    let read = elements.into_iter().enumerate().map(|(index, element)| match state(element) {
        Field::Is(object) => Ok(Field::Is(read(&Fields::of(&object, &path.index(index))?)?)),
        Field::Absent => Ok(Field::Absent),
        Field::Unknown => Ok(Field::Unknown),
    });
    read.collect::<Result<_, Diagnostics>>().map(Field::Is)
}

/// Objects in a map on their way.
pub(crate) type Entries<T> = Field<Vec<(String, Field<T>)>>;

/// Objects in a map, each read by `read` from its key and its attributes.
pub(crate) fn entries<T>(
    fields: &Fields<'_>,
    name: &str,
    read: impl Fn(&str, &Fields<'_>) -> Result<T, Diagnostics>,
) -> Result<Entries<T>, Diagnostics> {
    let path = fields.path(name);
    let all: Field<BTreeMap<String, Value>> = field(fields, name)?;
    let Field::Is(entries) = all else { return Ok(all.map(|_| Vec::new())) };
    let read = entries.iter().map(|(key, entry)| {
        let entry = match entry {
            Value::Null => Field::Absent,
            Value::Unknown(_) => Field::Unknown,
            object => Field::Is(read(key, &Fields::of(object, &path.key(key))?)?),
        };
        Ok((key.clone(), entry))
    });
    read.collect::<Result<_, Diagnostics>>().map(Field::Is)
}

/// One object, read by `read`.
pub(crate) fn object<T>(
    fields: &Fields<'_>,
    name: &str,
    read: impl Fn(&Fields<'_>) -> Result<T, Diagnostics>,
) -> Result<Field<T>, Diagnostics> {
    match field::<Value>(fields, name)? {
        Field::Is(object) => Ok(Field::Is(read(&Fields::of(&object, &fields.path(name))?)?)),
        Field::Absent => Ok(Field::Absent),
        Field::Unknown => Ok(Field::Unknown),
    }
}

/// A set as Terraform shows one that nobody set: absent when empty.
pub(crate) fn set_value(elements: impl IntoIterator<Item = impl ToString>) -> Value {
    let elements: BTreeSet<String> = elements.into_iter().map(|element| element.to_string()).collect();
    if elements.is_empty() { Value::Null } else { elements.to_value() }
}

/// Labels, absent when there are none.
pub(crate) fn labels_value(labels: &Labels) -> Value {
    if labels.is_empty() { Value::Null } else { labels.to_value() }
}
