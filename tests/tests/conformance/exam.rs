//! One life with everything the simulator looks at: whoever passes it breaks no rule that it exercises.

use nhi_tests::simulator::broken::{DATA, KIND};
use nhi_tests::simulator::{Breach, Core, Rule, Trouble};
use serde_json::json;

use crate::values::value;

/// Examines the provider that can break.
pub(crate) fn take(core: &Core) -> Result<(), Trouble> {
    let ty = core.kind(KIND)?.ty.clone();
    let config = |note: &str, mounts: usize| {
        let mounts: Vec<_> = (0..mounts).map(|index| json!({ "path": format!("/{index}") })).collect();
        let parts = json!([{ "kind": "wheel" }, { "kind": "bell" }]);
        let all = json!({ "name": "a", "note": note, "secret": "s", "tags": ["x"], "parts": parts, "mount": mounts });
        value(&all, &ty)
    };
    core.configure(&value(&json!({}), &core.schemas().provider.value_type()))?;
    let unknown = value(&json!({ "name": "?", "note": "?", "tags": "?", "parts": "?", "mount": [] }), &ty);
    match core.validate(KIND, &unknown) {
        Err(Trouble::Refused(told)) => {
            return Err(Breach::of(Rule::AcceptsUnknown, format!("{told:?}")).into());
        }
        other => other?,
    };
    let plain = value(&json!({ "name": "a", "mount": [] }), &ty);
    core.plan(KIND, None, &plain)?;
    // Planned while something is unknown, then planned and applied when it is known: as a reference resolves.
    let early = core.plan(KIND, None, &config("?", 2))?;
    let whole = config("first", 2);
    core.apply(&early, &whole)?.whole()?;
    let first = core.bring(KIND, None, &whole)?.instance;
    core.adopted(KIND, &first, &whole)?;
    let second = core.bring(KIND, Some(&first), &config("second", 0))?.instance;
    let third = core.bring(KIND, Some(&second), &plain)?.instance;
    let renamed = value(&json!({ "name": "b", "note": "new", "mount": [] }), &ty);
    let fourth = core.bring(KIND, Some(&third), &renamed)?.instance;
    core.data(DATA, &value(&json!({ "name": "b" }), &core.schemas().data[DATA].value_type()))?;
    core.call_function("three", &[])?.map_err(|text| Breach::of(Rule::Function, text))?;
    core.bring(KIND, None, &value(&json!({ "name": "c", "mount": [] }), &ty))?;
    core.list(KIND, &value(&json!({}), &core.schemas().lists[KIND].value_type()), 1)?;
    refusal(core, &ty)?;
    core.end(KIND, &fourth)
}

/// A failure is told where it is.
fn refusal(core: &Core, ty: &nhi_proto::Type) -> Result<(), Trouble> {
    let config = value(&json!({ "name": "refuse", "mount": [] }), ty);
    match core.bring(KIND, None, &config) {
        Ok(_) | Err(Trouble::Refused(_)) => Ok(()),
        Err(broke) => Err(broke),
    }
}
