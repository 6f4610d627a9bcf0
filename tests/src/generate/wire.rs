//! The Rust code of the wire, made from the `.proto` texts without `protoc`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The `.proto` texts, relative to the root of the repository.
const TEXTS: &str = "proto/proto";
/// The folder of the generated code, relative to the root of the repository.
const CODE: &str = "proto/src/generated";
/// The texts, each of which declares one package.
const FILES: [&str; 3] = ["tfplugin6.proto", "goplugin.proto", "health.proto"];

/// Generates the wire code: paths relative to the root of the repository, each with its text.
pub fn wire(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let descriptors =
        protox::compile(FILES, [root.join(TEXTS)]).context("the .proto texts do not compile")?;
    let folder = tempfile::tempdir()?;
    tonic_prost_build::configure()
        .build_transport(false)
        .generate_default_stubs(true)
        .emit_rerun_if_changed(false)
        .btree_map(".")
        .out_dir(folder.path())
        .compile_fds(descriptors)?;
    let mut made = Vec::new();
    for entry in fs::read_dir(folder.path())? {
        let entry = entry?;
        made.push((Path::new(CODE).join(entry.file_name()), fs::read_to_string(entry.path())?));
    }
    made.sort();
    Ok(made)
}
