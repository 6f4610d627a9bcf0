//! `--policies DIR`: documents of policies that a plan only names, as the user exported them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use nhi_access::dialect::aws::{PolicyKind, parse};
use serde_json::Value;

use crate::exit::Failure;

/// Larger files are not read: all policies of a large account fit.
const LIMIT: u64 = 256 << 20;

/// The documents in a folder's `.json` files, by ARN or by name: a document alone or as `aws iam get-policy-version`
/// prints it goes by the name of its file, those of `aws iam get-account-authorization-details` by their ARN.
pub(crate) fn read(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let unreadable = |path: &Path, reason: &dyn std::fmt::Display| {
        Failure::input(format!("`--policies`: `{}` cannot be read: {reason}", path.display()))
    };
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    let mut documents = BTreeMap::new();
    for path in files {
        let size = fs::metadata(&path).map_err(|error| unreadable(&path, &error))?.len();
        if size > LIMIT {
            return Err(unreadable(&path, &format!("it is larger than {} MiB", LIMIT >> 20)));
        }
        let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
        let value: Value = serde_json::from_str(&text).map_err(|error| unreadable(&path, &error))?;
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        for (key, document) in found(&value, name).map_err(|problem| unreadable(&path, &problem))? {
            let document = match document {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            parse(&document, PolicyKind::Identity)
                .map_err(|error| unreadable(&path, &format!("the document of `{key}`: {error}")))?;
            documents.insert(key, document);
        }
    }
    Ok(documents)
}

/// The documents in a file, and what each is called.
fn found<'v>(value: &'v Value, name: &str) -> Result<Vec<(String, &'v Value)>, String> {
    if value.get("Statement").is_some() {
        return Ok(vec![(name.to_owned(), value)]);
    }
    if let Some(document) = value.get("PolicyVersion").and_then(|version| version.get("Document")) {
        return Ok(vec![(name.to_owned(), document)]);
    }
    let Some(policies) = value.get("Policies").and_then(Value::as_array) else {
        return Err("it is neither a policy document, nor what `aws iam get-policy-version` or \
                    `aws iam get-account-authorization-details` prints"
            .to_owned());
    };
    let mut all = Vec::new();
    for (index, policy) in policies.iter().enumerate() {
        let arn = policy.get("Arn").and_then(Value::as_str);
        let arn = arn.ok_or_else(|| format!("`Policies[{index}]` has no `Arn`"))?;
        let versions = policy.get("PolicyVersionList").and_then(Value::as_array);
        let current =
            |version: &&Value| version.get("IsDefaultVersion").and_then(Value::as_bool) == Some(true);
        let document =
            versions.and_then(|list| list.iter().find(current)).and_then(|one| one.get("Document"));
        let document = document.ok_or_else(|| format!("`{arn}` has no default version with its document"))?;
        all.push((arn.to_owned(), document));
    }
    Ok(all)
}
