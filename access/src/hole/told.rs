//! How holes are told: in regions by their reference, in sentences by the resource whose value they are.

use std::collections::{BTreeMap, BTreeSet};

use super::assignment::{self, Assignment};
use super::{Hole, Shape, shown};
use crate::comparison::Region;
use crate::dialect::aws::Item;
use crate::request::Dimension;
use crate::world::World;

/// Texts that held a hole, by what stood in their place.
pub(super) struct Words<'v> {
    texts: BTreeMap<String, String>,
    values: &'v Assignment,
}

impl<'v> Words<'v> {
    pub(super) fn new(worlds: [&World; 2], values: &'v Assignment) -> Self {
        let policies = || worlds.into_iter().flat_map(assignment::policies);
        let mut texts = BTreeMap::new();
        let mut plain = BTreeSet::new();
        for (place, item) in policies().flat_map(assignment::entries) {
            let Item::Holed(parts) = item else {
                plain.extend(item.text().map(str::to_owned));
                continue;
            };
            let (filled, shown) = (assignment::text(parts, values), shown(parts));
            if let assignment::Place::Principal(kind) = place {
                texts.insert(format!("{kind}:{filled}"), format!("{kind}:{shown}"));
                texts.insert(format!("{kind}|{filled}"), format!("{kind}|{shown}"));
            }
            texts.insert(filled, shown);
        }
        for condition in policies().flat_map(|policy| &policy.statements).flat_map(|one| &one.conditions) {
            if condition.values.iter().any(|item| item.holes().next().is_some()) {
                let filled = condition.values.iter().map(|item| match item {
                    Item::Holed(parts) => Item::Text(assignment::text(parts, values)),
                    other => other.clone(),
                });
                let filled = crate::dialect::aws::Condition { values: filled.collect(), ..condition.clone() };
                texts.insert(filled.words(), condition.words());
            }
        }
        // What a policy says in so many words is told so.
        texts.retain(|filled, _| !plain.contains(filled));
        Self { texts, values }
    }

    /// The region as found with values, told with references. `usual` holes count where they show; the value of each of
    /// the `chosen` was picked so that there is a region at all.
    pub(super) fn restored(&self, mut region: Region, usual: Vec<Hole>, chosen: Vec<Hole>) -> Region {
        for dimension in &mut region.set.dimensions {
            for text in dimension.within.iter_mut().chain(&mut dimension.without) {
                if let Some(shown) = self.texts.get(text) {
                    text.clone_from(shown);
                }
            }
        }
        let witness = &region.witness;
        let said: Vec<&String> = [&witness.principal, &witness.action, &witness.resource]
            .into_iter()
            .chain(witness.context.values().flatten())
            .collect();
        let shows = |hole: &Hole| {
            let reference = format!("${{{}}}", hole.reference);
            let texts = region.set.dimensions.iter().flat_map(|one| one.within.iter().chain(&one.without));
            let mut texts = texts.filter(|text| text.contains(&reference));
            let value = self.values.get(&hole.reference);
            texts.next().is_some()
                || value.is_some_and(|value| said.iter().any(|text| text.contains(value.as_str())))
        };
        let holes: Vec<Hole> = usual.into_iter().filter(shows).chain(chosen).collect();
        let value = |hole: &Hole| Some((hole.reference.clone(), self.values.get(&hole.reference)?.clone()));
        region.assuming = holes.iter().filter_map(value).collect();
        region.holes = holes;
        region
    }
}

/// A dimension with every value its holes may have.
pub(crate) fn widened(dimension: &Dimension, holes: &[Hole]) -> Dimension {
    let names_one =
        |text: &String| holes.iter().any(|hole| text.contains(&format!("${{{}}}", hole.reference)));
    let widen = |text: &String| {
        holes.iter().fold(text.clone(), |text, hole| {
            let any = match &hole.shape {
                Shape::Like(glob) => glob.as_str(),
                Shape::Value | Shape::Text => "*",
            };
            text.replace(&format!("${{{}}}", hole.reference), any)
        })
    };
    Dimension {
        name: dimension.name.clone(),
        within: dimension.within.iter().map(widen).collect(),
        without: dimension.without.iter().filter(|text| !names_one(text)).cloned().collect(),
    }
}

/// A pattern of a region in words: "objects of `aws_s3_bucket.logs`", "the value of `var.topic`", "`arn:aws:s3:::x`".
pub fn spoken(text: &str) -> String {
    let plain = || format!("`{text}`");
    let Some((before, reference, after)) = reference(text) else { return plain() };
    let (subject, kind) = subject(reference);
    match (before, after) {
        ("", "") => subject,
        ("", "/*") if kind == Some("aws_s3_bucket") => format!("objects of {subject}"),
        _ => plain(),
    }
}

/// "with `arn:aws:s3:::example` for `aws_s3_bucket.logs.arn`", for what the witness of a region takes for granted.
pub fn assuming(region: &Region) -> Option<String> {
    let each: Vec<String> =
        region.assuming.iter().map(|(reference, value)| format!("`{value}` for `{reference}`")).collect();
    (!each.is_empty()).then(|| format!("with {}", each.join(" and ")))
}

/// The one reference of a text, with what stands around it. A policy variable is none: its key has a colon.
fn reference(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let mut quoted = false;
    let end = rest.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == '}' && !quoted).then_some(at)
    })?;
    let (inside, after) = (rest.get(..end)?, rest.get(end + 1..)?);
    let bare: String = inside.split('"').step_by(2).collect();
    let named = inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && bare.contains('.')
        && !bare.contains([':', ',', ' ']);
    (named && !after.contains("${")).then_some((before, inside, after))
}

/// What a reference speaks of, and the type of the resource where it is one.
fn subject(reference: &str) -> (String, Option<&str>) {
    let value = || (format!("the value of `{reference}`"), None);
    let steps = steps(reference);
    let mut rest = steps.as_slice();
    while let ["module", _, behind @ ..] = rest {
        rest = behind;
    }
    let managed = !matches!(rest, ["data" | "var" | "local" | "each" | "count" | "path" | "self", ..]);
    let naming = ["arn", "id", "name", "bucket", "url", "key_id", "invoke_arn"];
    match rest {
        [kind, _, attribute] if managed && naming.contains(attribute) => {
            let whole = reference.strip_suffix(attribute).and_then(|text| text.strip_suffix('.'));
            (format!("`{}`", whole.unwrap_or(reference)), Some(kind))
        }
        _ => value(),
    }
}

/// The steps of a reference; dots in keys do not count.
fn steps(reference: &str) -> Vec<&str> {
    let mut steps = Vec::new();
    let (mut start, mut quoted, mut depth) = (0, false, 0_usize);
    for (at, c) in reference.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            '.' if !quoted && depth == 0 => {
                steps.extend(reference.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    steps.extend(reference.get(start..));
    steps
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn references_are_told_by_what_they_are_of() {
        for (text, words) in [
            ("${aws_s3_bucket.logs.arn}/*", "objects of `aws_s3_bucket.logs`"),
            ("${aws_s3_bucket.logs.arn}", "`aws_s3_bucket.logs`"),
            ("${module.a[\"x.y:z\"].aws_sqs_queue.q[0].arn}", "`module.a[\"x.y:z\"].aws_sqs_queue.q[0]`"),
            ("${var.topic}", "the value of `var.topic`"),
            ("${module.net.bucket_arn}", "the value of `module.net.bucket_arn`"),
            ("${aws_s3_bucket.logs.arn}/a/*", "`${aws_s3_bucket.logs.arn}/a/*`"),
            ("home/${aws:username}", "`home/${aws:username}`"),
            ("home/${aws:PrincipalTag/a.b}", "`home/${aws:PrincipalTag/a.b}`"),
        ] {
            assert_eq!(spoken(text), words);
        }
    }
}
