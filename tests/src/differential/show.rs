//! A pair as text: the worlds as policy JSON, the request that is wrong with them.

use std::fmt::Write;

use nhi_access::{Content, Request, World};

use super::sketch::Worlds;

/// A title, both worlds, and the request.
pub fn pair(title: &str, worlds: &Worlds, request: Option<&Request>) -> String {
    let mut text = format!("{title} (semantics {:?})\n", worlds.semantics);
    for (name, world) in [("before", &worlds.before), ("after", &worlds.after)] {
        let _ = writeln!(text, "{name}: {}", self::world(world));
    }
    if let Some(request) = request {
        let _ = writeln!(text, "request: {request:?}");
    }
    text
}

fn world(world: &World) -> String {
    let mut text = String::new();
    if let Some(principal) = &world.principal {
        let _ = write!(text, "of `{principal}` ");
    }
    for layer in &world.layers {
        for document in &layer.documents {
            let policy = match &document.content {
                Content::Aws(policy) => policy.display_text(),
                Content::Unknown(reason) => format!("{reason:?}"),
            };
            let compact: String = policy.lines().map(str::trim_start).collect();
            let _ = write!(text, "{:?} {compact} ", layer.kind);
        }
        if layer.documents.is_empty() {
            let _ = write!(text, "{:?} without documents ", layer.kind);
        }
    }
    text
}
