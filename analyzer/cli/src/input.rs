//! The plan as the user hands it in: JSON from a file or standard input, or a binary plan.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use nhi_analyzer_input::plan::{ReadError, is_binary_plan, read_limited};

use crate::arguments::Check;
use crate::exit::Failure;
use crate::surroundings::Surroundings;
use crate::terraform;

/// What was handed in.
pub(crate) struct Input {
    /// The plan's JSON.
    pub(crate) json: Vec<u8>,
    /// What errors call it.
    pub(crate) name: String,
    /// Where file names and lines are looked up.
    pub(crate) source: Source,
    /// The directory that `nhi.hcl` is searched from.
    pub(crate) directory: PathBuf,
}

/// Where the configuration is.
pub(crate) enum Source {
    /// A root module's directory.
    Directory(PathBuf),
    /// The content of a binary plan.
    Plan(Vec<u8>),
}

impl Input {
    /// Reads the plan and settles where its configuration is.
    pub(crate) fn read(check: &Check, surroundings: &mut Surroundings<'_>) -> Result<Self, Failure> {
        let chosen = check.source.as_deref().map(source).transpose()?;
        if check.plan == Path::new("-") {
            return from_stdin(chosen, surroundings);
        }
        let name = format!("`{}`", check.plan.display());
        let content = file(&check.plan, "the plan")?;
        let own = folder(&check.plan);
        let directory = chosen.as_ref().map_or(&own, |(_, directory)| directory).clone();
        if !is_binary_plan(&content) {
            let source = chosen.map_or(Source::Directory(own), |(source, _)| source);
            return Ok(Self { json: content, name, source, directory });
        }
        let json = terraform::show(&check.plan, &directory, check.terraform.as_deref(), surroundings)?;
        // A binary plan carries the configuration it was made from, which is nearer the truth than what lies beside it.
        let source = chosen.map_or(Source::Plan(content), |(source, _)| source);
        Ok(Self { json, name, source, directory })
    }
}

fn from_stdin(
    chosen: Option<(Source, PathBuf)>,
    surroundings: &mut Surroundings<'_>,
) -> Result<Input, Failure> {
    let json = read_limited(&mut *surroundings.stdin)
        .map_err(|error| Failure::input(format!("the plan on standard input could not be read: {error}")))?;
    if is_binary_plan(&json) {
        return Err(Failure::input(
            "a binary plan cannot be read from standard input; name its file, or pipe `terraform show -json PLANFILE` in",
        ));
    }
    let (source, directory) = chosen.unwrap_or_else(|| (Source::Directory(PathBuf::new()), PathBuf::new()));
    Ok(Input { json, name: "standard input".to_owned(), source, directory })
}

/// What `--source` names, with the directory it is or lies in.
fn source(path: &Path) -> Result<(Source, PathBuf), Failure> {
    let metadata = fs::metadata(path)
        .map_err(|error| Failure::input(format!("`--source {}` cannot be read: {error}", path.display())))?;
    if metadata.is_dir() {
        return Ok((Source::Directory(path.to_owned()), path.to_owned()));
    }
    let content = file(path, "`--source`")?;
    if is_binary_plan(&content) {
        return Ok((Source::Plan(content), folder(path)));
    }
    Err(Failure::input(format!(
        "`--source {}` is neither a directory nor a binary plan; name the directory of the root module",
        path.display()
    )))
}

fn file(path: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    let metadata = fs::metadata(path)
        .map_err(|error| Failure::input(format!("{what} `{}` cannot be read: {error}", path.display())))?;
    if metadata.is_dir() {
        return Err(Failure::input(format!(
            "{what} `{0}` is a directory; name the plan file, made with `terraform show -json PLANFILE > plan.json`",
            path.display()
        )));
    }
    File::open(path)
        .map_err(ReadError::from)
        .and_then(read_limited)
        .map_err(|error| Failure::input(format!("{what} `{}` cannot be read: {error}", path.display())))
}

/// The folder a file lies in; empty for the current one.
fn folder(path: &Path) -> PathBuf {
    path.parent().map(Path::to_owned).unwrap_or_default()
}
