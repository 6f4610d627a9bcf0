//! Paths of configuration files: relative to the root module, `/` between parts, never resolved on a disk.

/// `path` seen from `directory`, without `.` parts and with `..` taken back where something is left to take back.
/// Backslashes count as separators, because lists of modules written on Windows hold them.
pub fn join(directory: &str, path: &str) -> String {
    let path = path.replace('\\', "/");
    let base = if path.starts_with('/') || has_drive(&path) { "" } else { directory };
    let absolute = path.starts_with('/') || base.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if absolute { format!("/{joined}") } else { joined }
}

/// The folder and the name of a file.
pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// `path` as seen from `base`; both normalised. Unchanged when only one of them is absolute.
pub fn relative(base: &str, path: &str) -> String {
    let outside = base.split('/').any(|part| part == "..");
    if base.is_empty() || base.starts_with('/') != path.starts_with('/') || outside {
        return path.to_owned();
    }
    let mut base = base.split('/').filter(|part| !part.is_empty()).peekable();
    let mut path = path.split('/').filter(|part| !part.is_empty()).peekable();
    while let (Some(left), Some(right)) = (base.peek(), path.peek()) {
        if left != right {
            break;
        }
        base.next();
        path.next();
    }
    let up = base.map(|_| "..");
    up.chain(path).collect::<Vec<_>>().join("/")
}

/// Whether a module's `source` names a folder of the same tree, as `./x` and `../x` do.
pub fn is_local_source(source: &str) -> bool {
    ["./", "../", ".\\", "..\\"].iter().any(|start| source.starts_with(start))
        || source == "."
        || source == ".."
}

fn has_drive(path: &str) -> bool {
    let mut characters = path.chars();
    characters.next().is_some_and(|drive| drive.is_ascii_alphabetic()) && characters.next() == Some(':')
}

#[cfg(test)]
mod tests {
    use super::{join, relative};

    #[test]
    fn joins_without_touching_a_disk() {
        let check = |directory, path, expected| assert_eq!(join(directory, path), expected);
        check("", ".", "");
        check("", "./modules/a", "modules/a");
        check("modules/a", "../b", "modules/b");
        check("modules/a", "../../../b", "../b");
        check("..", "../b", "../../b");
        check("a", "/abs/./x", "/abs/x");
        check("/abs", "../../x", "/x");
        check("", ".terraform\\modules\\x", ".terraform/modules/x");
        check("a", "C:\\m", "C:/m");
    }

    #[test]
    fn sees_one_path_from_another() {
        let check = |base, path, expected| assert_eq!(relative(base, path), expected);
        check("", "a/b", "a/b");
        check("live/prod", "live/prod", "");
        check("live/prod", "live/prod/x", "x");
        check("live/prod", "modules/x", "../../modules/x");
        check("/r/live", "/r/m", "../m");
        check("/r/live", "m", "m");
        check("..", "../m", "../m");
    }
}
