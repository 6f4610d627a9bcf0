//! One name for one thing through a whole plan: over moves, replacements, new addresses and new names.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use nhi_analyzer_model::{Address, PrincipalId};

use crate::aws::arn::{self, Home};
use crate::kinds::Kind;
use crate::moments::{Moment, Moments, Number};
use crate::value::{get, text};

/// The ids of principals and policies, by the number of their resource.
pub(crate) struct Identities {
    ids: Vec<Option<String>>,
    /// Ids after the plan, where a name passes from one resource to another that stays: as counts shift.
    heirs: HashMap<Number, String>,
    /// What comes under a new address, by what goes under the old one.
    gone: HashMap<Number, Number>,
    homes: OnceCell<BTreeMap<String, Option<Home>>>,
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
        let mut identities =
            Self { ids, heirs: HashMap::new(), gone: HashMap::new(), homes: OnceCell::new() };
        identities.join_reborn(moments);
        identities.follow_names(moments);
        identities
    }

    fn join_reborn(&mut self, moments: &Moments<'_>) {
        for (made, resource) in moments.resources.iter().enumerate() {
            if self.ids.get(made).is_none_or(Option::is_none) || resource.at(Moment::Refreshed).is_some() {
                continue;
            }
            let Some(state) = resource.at(Moment::Planned) else { continue };
            let Some(name) = text(state.get("name")) else { continue };
            let gone: Vec<Number> = moments
                .named(Moment::Refreshed, resource.kind, name)
                .into_iter()
                .filter(|gone| moments.state(*gone, Moment::Planned).is_none())
                .collect();
            if let [gone] = gone.as_slice()
                && self.same_home(moments, made, *gone)
                && let Some(id) = self.ids.get(made).cloned()
                && let Some(slot) = self.ids.get_mut(*gone)
            {
                *slot = id;
                self.gone.insert(made, *gone);
            }
        }
    }

    /// A principal is its name: one that a replacement calls as another was called until now is that other.
    fn follow_names(&mut self, moments: &Moments<'_>) {
        let named = |number: Number, moment| text(moments.state(number, moment)?.get("name"));
        let mut heirs: Vec<(Number, Number)> = Vec::new();
        for (heir, resource) in moments.resources.iter().enumerate() {
            let Some(name) = named(heir, Moment::Planned).filter(|_| resource.kind.is_principal()) else {
                continue;
            };
            if named(heir, Moment::Refreshed) == Some(name) {
                continue;
            }
            let mut bore = moments.named(Moment::Refreshed, resource.kind, name);
            bore.retain(|one| {
                named(*one, Moment::Planned) != Some(name) && self.same_home(moments, heir, *one)
            });
            if let [bore] = bore.as_slice()
                && self.id(heir) != self.id(*bore)
            {
                heirs.push((heir, *bore));
            }
        }
        for (heir, bore) in &heirs {
            self.heirs.insert(*heir, self.id(*bore).0);
        }
        for (_, bore) in heirs {
            // It has given its name away, and is somebody new.
            let new = format!("{} (new)", self.id(bore).0);
            self.heirs.entry(bore).or_insert(new);
        }
    }

    /// Whether two resources may live in one account.
    fn same_home(&self, moments: &Moments<'_>, one: Number, other: Number) -> bool {
        match (self.home(moments, one), self.home(moments, other)) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        }
    }

    /// The id of a policy, and of a principal whose name stays.
    pub(crate) fn id(&self, number: Number) -> PrincipalId {
        PrincipalId(self.ids.get(number).cloned().flatten().unwrap_or_default())
    }

    /// The id of a principal as it is called at a moment.
    pub(crate) fn id_at(&self, number: Number, moment: Moment) -> PrincipalId {
        let heir = self.heirs.get(&number).filter(|_| moment == Moment::Planned);
        heir.map_or_else(|| self.id(number), |id| PrincipalId(id.clone()))
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

    /// Where a resource lives: as its own ARN tells at any moment, or else as the ARNs of the same provider
    /// configuration do.
    pub(crate) fn home(&self, moments: &Moments<'_>, number: Number) -> Option<Home> {
        let resource = moments.get(number)?;
        let own = |number| {
            let told = |moment| Home::of(text(moments.state(number, moment)?.get("arn"))?);
            Moment::ALL.into_iter().find_map(told)
        };
        own(number)
            .or_else(|| own(*self.gone.get(&number)?))
            .or_else(|| self.home_of(moments, resource.address))
    }

    /// The partition, where all that the plan knows lives in one.
    pub(crate) fn partition(moments: &Moments<'_>) -> Option<String> {
        let arns = moments.resources.iter().filter_map(|resource| {
            Moment::ALL.into_iter().find_map(|moment| text(resource.at(moment)?.get("arn")))
        });
        let mut partitions = arns.filter_map(arn::partition);
        let first = partitions.next()?;
        partitions.all(|other| other == first).then(|| first.to_owned())
    }

    /// Where the resources of a provider configuration live, by one of them.
    pub(crate) fn home_of(&self, moments: &Moments<'_>, address: &Address) -> Option<Home> {
        let key = moments.plan.configuration.provider_key(address)?;
        self.homes.get_or_init(|| homes(moments)).get(&key).cloned().flatten()
    }
}

/// The home of each provider configuration; none where its resources tell of several.
fn homes(moments: &Moments<'_>) -> BTreeMap<String, Option<Home>> {
    let mut homes: BTreeMap<String, Option<Home>> = BTreeMap::new();
    let mut tell = |address: &Address, arn: &str| {
        let (Some(home), Some(key)) = (Home::of(arn), moments.plan.configuration.provider_key(address))
        else {
            return;
        };
        let known = homes.entry(key).or_insert_with(|| Some(home.clone()));
        if known.as_ref() != Some(&home) {
            *known = None;
        }
    };
    for resource in &moments.resources {
        let arn = |moment| text(resource.at(moment)?.get("arn"));
        if let Some(arn) = Moment::ALL.into_iter().find_map(arn) {
            tell(resource.address, arn);
        }
    }
    for data in moments.plan.prior_data.iter().filter(|data| data.address.kind == "aws_caller_identity") {
        if let Some(arn) = text(get(&data.values(), "arn")) {
            tell(&data.address, arn);
        }
    }
    homes
}
