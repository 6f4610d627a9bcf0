//! Spellings: what means the same is shown as its user wrote it.

use std::collections::BTreeMap;

use nhi_proto::Value;

/// The attributes `fresh`, each spelled as `known` spells it where all of them together still mean the same.
pub(crate) fn respelled(
    fresh: &BTreeMap<String, Value>,
    known: &BTreeMap<String, Value>,
    means_the_same: impl Fn(&BTreeMap<String, Value>) -> bool,
) -> BTreeMap<String, Value> {
    let mut spelled = fresh.clone();
    for (name, value) in known {
        let Some(own) = fresh.get(name).filter(|own| *own != value) else { continue };
        spelled.insert(name.clone(), value.clone());
        if !means_the_same(&spelled) {
            spelled.insert(name.clone(), own.clone());
        }
    }
    spelled
}
