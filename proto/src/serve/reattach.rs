//! What Terraform needs to attach to a process that was started by hand.

use serde_json::json;

use super::APP_PROTOCOL;
use super::listen::Listener;

/// The line to paste into a shell: the short address is completed by each core with its own default host.
pub(super) fn line(address: &str, listener: &Listener) -> String {
    let config = json!({
        address: {
            "Protocol": "grpc",
            "ProtocolVersion": APP_PROTOCOL,
            "Pid": std::process::id(),
            "Test": true,
            "Addr": { "Network": listener.network(), "String": listener.address() },
        }
    });
    format!("TF_REATTACH_PROVIDERS='{config}'\n")
}
