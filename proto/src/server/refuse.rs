//! How each kind of answer says that nothing came of the call.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::generated::tfplugin6 as wire;
use crate::wire::write_diagnostics;

/// An answer that can consist of diagnostics alone.
pub(super) trait Refuse {
    /// Nothing but these diagnostics.
    fn refuse(diagnostics: &Diagnostics) -> Self;
}

macro_rules! refuse {
    ($($message:ident),* $(,)?) => {
        $(impl Refuse for wire::$message::Response {
            fn refuse(diagnostics: &Diagnostics) -> Self {
                let mut answer = Self::default();
                answer.diagnostics = write_diagnostics(diagnostics);
                answer
            }
        })*
    };
}

refuse!(
    get_metadata,
    get_provider_schema,
    get_resource_identity_schemas,
    get_functions,
    validate_provider_config,
    configure_provider,
    validate_resource_config,
    validate_data_resource_config,
    upgrade_resource_state,
    upgrade_resource_identity,
    read_resource,
    plan_resource_change,
    apply_resource_change,
    import_resource_state,
    generate_resource_config,
    move_resource_state,
    read_data_source,
    validate_ephemeral_resource_config,
    open_ephemeral_resource,
    renew_ephemeral_resource,
    close_ephemeral_resource,
    validate_action_config,
    plan_action,
    validate_list_resource_config,
);

/// This provider has nothing of that kind and name.
pub(super) fn not_offered(kind: &str, name: &str) -> Diagnostics {
    let detail = format!("This provider has no {kind} `{name}`.");
    Diagnostic::error(format!("Unknown {kind}"), detail).into()
}
