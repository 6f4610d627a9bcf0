//! Links between resources: by value where it is known, by the configuration's references where it is not.

use nhi_analyzer_input::Value;
use nhi_analyzer_input::configuration::{Reference, References};
use nhi_analyzer_model::{Address, Key};

use crate::aws::arn;
use crate::kinds::Kind;
use crate::moments::{Moment, Moments, Number};
use crate::value::{items, path, text};

/// One end of a link.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// A resource of the plan.
    Resource(Number),
    /// A name or ARN that no resource of the plan bears.
    Named(String),
}

/// The ends of a link, and why some of them could not be told.
#[derive(Debug, Default)]
pub(crate) struct Ends {
    pub(crate) found: Vec<End>,
    pub(crate) lost: Option<&'static str>,
}

const MASKED: &str = "it is masked as sensitive";
const NO_TEXT: &str = "it holds something else than a text";
const NO_REFERENCE: &str =
    "it is only known after apply, and its expression leads to no resource of this plan";
const AMBIGUOUS: &str = "it is only known after apply, and its expression may mean several resources";

/// The attribute of a resource that links it to others.
pub(crate) struct Link<'a> {
    pub(crate) from: Number,
    pub(crate) attribute: &'a str,
    pub(crate) to: Kind,
}

impl Link<'_> {
    /// What the link means at a moment.
    pub(crate) fn ends(&self, moments: &Moments<'_>, moment: Moment) -> Ends {
        let Some(state) = moments.state(self.from, moment) else { return Ends::default() };
        let value = state.get(self.attribute);
        let mut ends = Ends::default();
        let mut unknown = 0_usize;
        for item in items(value) {
            match item {
                Value::String(_) => {
                    ends.found
                        .extend(text(item).iter().flat_map(|name| self.by_value(moments, moment, name)));
                }
                Value::Unknown => unknown += 1,
                Value::Sensitive(_) => ends.lost = Some(MASKED),
                Value::Null => {}
                _ => ends.lost = Some(NO_TEXT),
            }
        }
        if unknown > 0 {
            let many = matches!(value, Value::List(_)) || self.attribute.ends_with('s');
            match self.by_reference(moments, moment) {
                found if found.is_empty() => ends.lost = Some(NO_REFERENCE),
                found if found.len() > 1 && !many => ends.lost = Some(AMBIGUOUS),
                found => {
                    if matches!(value, Value::List(_)) && found.len() < unknown {
                        ends.lost = Some(NO_REFERENCE);
                    }
                    ends.found.extend(found.into_iter().map(End::Resource));
                }
            }
        }
        ends.found.sort();
        ends.found.dedup();
        ends
    }

    fn by_value(&self, moments: &Moments<'_>, moment: Moment, value: &str) -> Vec<End> {
        if let Some(number) = moments.by_arn(moment, value) {
            return vec![End::Resource(number)];
        }
        let same_account = |number: &Number| {
            let known = moments.state(*number, moment).and_then(|state| text(state.get("arn")));
            match (arn::account(value), known.and_then(arn::account)) {
                // What AWS itself manages is never a resource of a plan, whatever its name.
                (Some("aws"), _) => false,
                (Some(wanted), Some(found)) => wanted == found,
                _ => true,
            }
        };
        let mut candidates = moments.named(moment, self.to, arn::name_of(value));
        candidates.retain(same_account);
        if candidates.len() > 1 {
            // One name in two accounts: the configuration tells which is meant. Where it does not, every bearer is
            // taken: too many ends raise a question, too few would hide a grant.
            let referred = self.referred(moments, moment);
            let narrowed: Vec<Number> =
                candidates.iter().copied().filter(|number| referred.contains(number)).collect();
            if !narrowed.is_empty() {
                candidates = narrowed;
            }
            candidates = self.nearest(moments, candidates);
            candidates = self.same_provider(moments, candidates);
        }
        if candidates.is_empty() {
            return vec![End::Named(value.to_owned())];
        }
        candidates.into_iter().map(End::Resource).collect()
    }

    /// Those in the same module instance, where there are some.
    fn nearest(&self, moments: &Moments<'_>, candidates: Vec<Number>) -> Vec<Number> {
        let Some(from) = moments.get(self.from) else { return candidates };
        let near: Vec<Number> = candidates
            .iter()
            .copied()
            .filter(|number| {
                moments.get(*number).is_some_and(|one| one.address.modules == from.address.modules)
            })
            .collect();
        if near.len() == 1 { near } else { candidates }
    }

    /// Those of the same provider configuration, which is the same account.
    fn same_provider(&self, moments: &Moments<'_>, candidates: Vec<Number>) -> Vec<Number> {
        let key = |number: Number| moments.plan.configuration.provider_key(moments.get(number)?.address);
        let Some(mine) = key(self.from).filter(|_| candidates.len() > 1) else { return candidates };
        let same: Vec<Number> =
            candidates.iter().copied().filter(|number| key(*number).as_ref() == Some(&mine)).collect();
        if same.is_empty() { candidates } else { same }
    }

    /// Every resource of the wanted kind that the expression can mean.
    fn referred(&self, moments: &Moments<'_>, moment: Moment) -> Vec<Number> {
        let Some(from) = moments.get(self.from) else { return Vec::new() };
        let expression = moments.plan.configuration.expression(from.address, &path(self.attribute));
        let Some(references) = expression.references() else { return Vec::new() };
        let mut found = Vec::new();
        for reference in references.of_kind(self.to.type_name()) {
            let instances = moments.instances(moment, &reference.address);
            found.extend(narrow(moments, instances, (reference, references, from.address)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What an unknown value can mean: only a resource whose own name is not known yet.
    fn by_reference(&self, moments: &Moments<'_>, moment: Moment) -> Vec<Number> {
        let mut found = self.referred(moments, moment);
        if found.len() > 1 {
            let open: Vec<Number> = found
                .iter()
                .copied()
                .filter(|number| {
                    moments.state(*number, moment).is_some_and(|state| {
                        ["name", "arn", "id"].iter().any(|name| *state.get(name) == Value::Unknown)
                    })
                })
                .collect();
            if !open.is_empty() {
                found = open;
            }
        }
        found
    }
}

/// Of several instances that a reference leaves open, those under the keys that the referring instance bears itself.
pub(crate) fn narrow(
    moments: &Moments<'_>,
    instances: Vec<Number>,
    (reference, references, from): (&Reference, &References, &Address),
) -> Vec<Number> {
    if instances.len() < 2 {
        return instances;
    }
    let mine: Vec<&Key> = keys(from).into_iter().flatten().chain(&references.keys).collect();
    let bears_my_keys = |number: &Number| {
        moments.get(*number).is_some_and(|one| {
            let open = keys(&reference.address).into_iter().zip(keys(one.address));
            open.filter(|(pinned, _)| pinned.is_none())
                .all(|(_, key)| key.is_none_or(|key| mine.contains(&key)))
        })
    };
    let narrowed: Vec<Number> = instances.iter().copied().filter(bears_my_keys).collect();
    if narrowed.is_empty() { instances } else { narrowed }
}

/// The instance keys of an address, module calls first.
fn keys(address: &Address) -> Vec<Option<&Key>> {
    address.modules.iter().map(|step| step.key.as_ref()).chain([address.key.as_ref()]).collect()
}
