//! How holes are told: in regions by their reference, in sentences by the resource whose value they are.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::assignment::{self, Assignment, Place};
use super::{Hole, shown};
use crate::comparison::{Region, StatementRef};
use crate::dialect::aws::{Item, Statement};
use crate::request::Dimension;
use crate::world::{Content, World};

/// The dimension in which a text stands; all conditions are one.
type Slot = &'static str;

fn slot(place: &Place) -> Slot {
    match place {
        Place::Action => "action",
        Place::Resource => "resource",
        Place::Principal(_) => "principal",
        Place::Condition { .. } => CONDITION,
    }
}

const CONDITION: Slot = "condition";

/// Texts that held a hole, by what stood in their place.
pub(super) struct Words<'v> {
    texts: BTreeMap<(Slot, String), String>,
    /// What policies say in so many words, and in which statement.
    plain: BTreeMap<(Slot, String), BTreeSet<StatementRef>>,
    values: &'v Assignment,
}

impl<'v> Words<'v> {
    pub(super) fn new(worlds: [&World; 2], values: &'v Assignment) -> Self {
        let mut told = Self { texts: BTreeMap::new(), plain: BTreeMap::new(), values };
        let documents = worlds.into_iter().flat_map(|world| &world.layers).flat_map(|layer| &layer.documents);
        for document in documents {
            let Content::Aws(policy) = &document.content else { continue };
            for (index, statement) in policy.statements.iter().enumerate() {
                told.learn(statement, &StatementRef { document: document.id.clone(), statement: index });
            }
        }
        told
    }

    fn learn(&mut self, statement: &Statement, own: &StatementRef) {
        for (place, item) in assignment::entries_of(statement) {
            let slot = slot(&place);
            let Item::Holed(parts) = item else {
                if let Some(text) = item.text() {
                    self.plain.entry((slot, text.to_owned())).or_default().insert(own.clone());
                }
                continue;
            };
            let (filled, shown) = (assignment::text(parts, self.values), shown(parts));
            if let Place::Principal(kind) = place {
                for between in [':', '|'] {
                    let typed = |text: &str| format!("{kind}{between}{text}");
                    self.texts.insert((slot, typed(&filled)), typed(&shown));
                }
            }
            self.texts.insert((slot, filled), shown);
        }
        for condition in &statement.conditions {
            if condition.values.iter().any(|item| item.holes().next().is_some()) {
                let filled = condition.values.iter().map(|item| match item {
                    Item::Holed(parts) => Item::Text(assignment::text(parts, self.values)),
                    other => other.clone(),
                });
                let filled = crate::dialect::aws::Condition { values: filled.collect(), ..condition.clone() };
                self.texts.insert((CONDITION, filled.words()), condition.words());
            }
        }
    }

    /// The text with references, unless a policy says it in so many words: of what is taken that is the granting one,
    /// of what is left out any.
    fn put_back(&self, slot: Slot, text: &mut String, granting: Option<&StatementRef>) {
        let bare = text.split_once([':', '|']).map_or("", |(_, bare)| bare);
        let own = match slot {
            "principal" => [text.as_str(), bare],
            _ => [text.as_str(), text.as_str()],
        };
        let plain = own.into_iter().filter_map(|own| self.plain.get(&(slot, own.to_owned())));
        let said = plain.into_iter().any(|by| granting.is_none_or(|granting| by.contains(granting)));
        if let Some(shown) = self.texts.get(&(slot, text.clone())).filter(|_| !said) {
            text.clone_from(shown);
        }
    }

    /// The region as found with values, told with references. `usual` holes count where they show; the value of each of
    /// the `chosen` was picked so that there is a region at all.
    pub(super) fn restored(&self, mut region: Region, usual: Vec<Hole>, chosen: Vec<Hole>) -> Region {
        for dimension in &mut region.set.dimensions {
            let slots = ["action", "resource", "principal"];
            let slot = slots.into_iter().find(|slot| *slot == dimension.name).unwrap_or(CONDITION);
            for text in &mut dimension.within {
                self.put_back(slot, text, Some(&region.granted_by));
            }
            for text in &mut dimension.without {
                self.put_back(slot, text, None);
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
            text.replace(&format!("${{{}}}", hole.reference), &hole.shape.glob())
        })
    };
    Dimension {
        name: dimension.name.clone(),
        within: dimension.within.iter().map(widen).collect(),
        without: dimension.without.iter().filter(|text| !names_one(text)).cloned().collect(),
    }
}

/// A region with the widest value that each of its holes may have; accounts that are the policies' own stay
/// [`super::OWN_ACCOUNT`].
pub(crate) fn widest(region: &Region) -> Cow<'_, Region> {
    if region.holes.is_empty() {
        return Cow::Borrowed(region);
    }
    let mut region = region.clone();
    for dimension in &mut region.set.dimensions {
        let named = ["principal", "action", "resource"].contains(&dimension.name.as_str());
        let put = |text: &String| {
            // What is compared letter by letter is one value, whichever it is.
            let operator = text.split(' ').next().unwrap_or_default().to_lowercase();
            let open = named || ["like", "arn"].iter().any(|family| operator.contains(family));
            region.holes.iter().fold(text.clone(), |text, hole| {
                let any = match hole.widest() {
                    "*" if !open => return text,
                    any => any,
                };
                text.replace(&format!("${{{}}}", hole.reference), any)
            })
        };
        let holed = |text: &String| {
            region.holes.iter().any(|hole| text.contains(&format!("${{{}}}", hole.reference)))
        };
        dimension.within = dimension.within.iter().map(put).collect();
        dimension.without.retain(|text| !holed(text));
    }
    Cow::Owned(region)
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

/// Is it what a resource that the plan makes goes by: its ARN, its name, its id?
pub fn names_resource(reference: &str) -> bool {
    subject(reference).1.is_some()
}

/// Actions of which only the reference is known: "do whatever `var.actions` names".
pub(crate) fn spoken_actions(text: &str) -> String {
    match reference(text) {
        Some(("", reference, "")) => format!("do whatever `{reference}` names"),
        _ => spoken(text),
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
    let naming = ["id", "name", "bucket", "url", "key_id"];
    match rest {
        [kind, _, attribute] if managed && (naming.contains(attribute) || attribute.ends_with("arn")) => {
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
