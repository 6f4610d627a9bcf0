//! One name for one thing through a whole plan: over moves, replacements, new addresses and new names.

use std::collections::BTreeSet;

use nhi_analyzer_model::PrincipalId;

use crate::aws::arn::{self, Home};
use crate::kinds::Kind;
use crate::moments::{Moment, Moments, Number};
use crate::value::text;

/// The ids of principals and policies, by the number of their resource.
pub(crate) struct Identities {
    ids: Vec<Option<String>>,
    home: Option<Home>,
}

impl Identities {
    /// Names everything: a resource by its address; one that goes while another of its kind and name comes is that other.
    pub(crate) fn of(moments: &Moments<'_>) -> Self {
        let mut ids: Vec<Option<String>> = Vec::with_capacity(moments.resources.len());
        let mut taken = BTreeSet::new();
        for resource in &moments.resources {
            let id = (resource.kind.is_principal() || resource.kind == Kind::Policy).then(|| {
                let address = resource.address.to_string();
                // Only what is forgotten while a new one is made shares its address with another.
                let id = if taken.contains(&address) { format!("{address} (new)") } else { address };
                taken.insert(id.clone());
                id
            });
            ids.push(id);
        }
        let mut identities = Self { ids, home: only_home(moments) };
        identities.join_reborn(moments);
        identities
    }

    fn join_reborn(&mut self, moments: &Moments<'_>) {
        for (made, resource) in moments.resources.iter().enumerate() {
            if self.ids.get(made).is_none_or(Option::is_none) || resource.at(Moment::Refreshed).is_some() {
                continue;
            }
            let Some(state) = resource.at(Moment::Planned) else { continue };
            let Some(name) = text(state.link("name")) else { continue };
            let gone: Vec<Number> = moments
                .named(Moment::Refreshed, resource.kind, name)
                .into_iter()
                .filter(|gone| moments.state(*gone, Moment::Planned).is_none())
                .collect();
            if let [gone] = gone.as_slice()
                && let Some(id) = self.ids.get(made).cloned()
                && let Some(slot) = self.ids.get_mut(*gone)
            {
                *slot = id;
            }
        }
    }

    /// The id of a principal or policy.
    pub(crate) fn id(&self, number: Number) -> PrincipalId {
        PrincipalId(self.ids.get(number).cloned().flatten().unwrap_or_default())
    }

    /// The id of a principal that a link names without a resource at that moment: if one bears the name at another
    /// moment, they are one.
    pub(crate) fn named(&self, moments: &Moments<'_>, kind: Kind, link: &str) -> PrincipalId {
        let name = arn::name_of(link);
        match moments.ever_named(kind, name) {
            [only] => self.id(*only),
            _ => PrincipalId(format!("{} {name}", kind.type_name())),
        }
    }

    /// The account that everything without an ARN of its own lives in, when the plan shows only one.
    pub(crate) fn home(&self) -> Option<&Home> {
        self.home.as_ref()
    }
}

fn only_home(moments: &Moments<'_>) -> Option<Home> {
    let mut only = None;
    for resource in &moments.resources {
        for moment in Moment::ALL {
            let Some(home) = resource.at(moment).and_then(|state| Home::of(text(state.link("arn"))?)) else {
                continue;
            };
            match &only {
                None => only = Some(home),
                Some(other) if *other == home => {}
                Some(_) => return None,
            }
        }
    }
    only
}
