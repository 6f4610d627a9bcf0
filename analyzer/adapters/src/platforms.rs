//! Principals of the platforms whose grants are not read yet: who they are, where they live, who owns them.

use std::collections::BTreeMap;

use nhi_access::World;
use nhi_analyzer_input::{Plan, Settings, Value};
use nhi_analyzer_model::{
    Address, AttributePath, Known, Mode, Origin, Ownership, Platform, Principal, PrincipalId, PrincipalKind,
};

use crate::aws::ownership;
use crate::halves::{Halves, halves};
use crate::value::{block, get, is_empty, items, known_name, path, text};

/// How a type says who owns an instance.
#[derive(Clone, Copy)]
enum Owner {
    /// A map of tags.
    Tags,
    /// `metadata.labels` and `metadata.annotations`.
    Metadata,
    /// A list of owners, which may be managed elsewhere.
    List(&'static str),
    /// Nothing of the type can.
    Nothing,
}

struct Shape {
    types: &'static [&'static str],
    platform: Platform,
    /// The attribute that names it on its platform.
    name: &'static str,
    /// The attribute that is its full name there, and by which others refer to it.
    full: &'static str,
    /// The attribute that tells where it lives.
    home: &'static str,
    owner: Owner,
}

const SHAPES: &[Shape] = &[
    Shape {
        types: &["google_service_account"],
        platform: Platform::Google,
        name: "email",
        full: "name",
        home: "project",
        owner: Owner::Nothing,
    },
    Shape {
        types: &["azurerm_user_assigned_identity"],
        platform: Platform::Azure,
        name: "name",
        full: "id",
        home: "resource_group_name",
        owner: Owner::Tags,
    },
    Shape {
        types: &["azuread_service_principal"],
        platform: Platform::Azure,
        name: "display_name",
        full: "id",
        home: "application_tenant_id",
        owner: Owner::List("owners"),
    },
    Shape {
        types: &["kubernetes_service_account", "kubernetes_service_account_v1"],
        platform: Platform::Kubernetes,
        name: "name",
        full: "id",
        home: "namespace",
        owner: Owner::Metadata,
    },
];

const NAMES: &[&str] = &[
    "name",
    "email",
    "id",
    "project",
    "resource_group_name",
    "display_name",
    "application_tenant_id",
    "account_id",
    "metadata",
    "tags",
    "tags_all",
    "owners",
];

type Principals = BTreeMap<PrincipalId, Principal>;

/// These principals before and after the plan.
pub(crate) fn principals(plan: &Plan<'_>, settings: &Settings) -> (Principals, Principals) {
    let (mut before, mut after) = (Principals::new(), Principals::new());
    for change in plan.changes.iter().filter(|change| !change.deposed) {
        let Some(shape) = shape_of(&change.address) else { continue };
        let Halves { before: old, after: new } = halves(change, NAMES);
        let seen = Seen { plan, settings, address: &change.address, shape };
        for (object, principals) in [(old, &mut before), (new, &mut after)] {
            if let Some(object) = object {
                let principal = seen.principal(&object, change.previous_address.as_ref());
                principals.insert(principal.id.clone(), principal);
            }
        }
    }
    (before, after)
}

fn shape_of(address: &Address) -> Option<&'static Shape> {
    let fits = |shape: &&Shape| shape.types.contains(&address.kind.as_str());
    (address.mode == Mode::Managed).then(|| SHAPES.iter().find(fits)).flatten()
}

struct Seen<'s, 'p> {
    plan: &'s Plan<'p>,
    settings: &'s Settings,
    address: &'s Address,
    shape: &'static Shape,
}

impl Seen<'_, '_> {
    fn principal(&self, object: &Value, previous: Option<&Address>) -> Principal {
        let metadata = block(get(object, "metadata"));
        let holder = if matches!(self.shape.owner, Owner::Metadata) { metadata } else { object };
        let tags = match self.shape.owner {
            Owner::Tags => Some("tags"),
            Owner::Metadata => Some("metadata"),
            Owner::List(name) => Some(name),
            Owner::Nothing => None,
        };
        Principal {
            id: PrincipalId(self.address.to_string()),
            platform: self.shape.platform,
            kind: PrincipalKind::ServiceAccount,
            name: match known_name(get(holder, self.shape.name)) {
                Known::Is(name) => Known::Is(name),
                // A service account of Google is called by its email, which its id and its project make.
                Known::Unknown => email(object).map_or(Known::Unknown, Known::Is),
            },
            arn: text(get(object, self.shape.full)).map(str::to_owned),
            account: text(get(holder, self.shape.home)).map(str::to_owned),
            origin: Some(self.origin(AttributePath::default())),
            previous_address: previous.cloned(),
            ownership: self.ownership(object, metadata),
            tags_origin: tags.map(|name| self.origin(path(name))),
            world: World::default(),
            trust: None,
            groups: Vec::new(),
            memberships: BTreeMap::new(),
        }
    }

    fn ownership(&self, object: &Value, metadata: &Value) -> Ownership {
        let keys = &self.settings.owner_tags;
        match self.shape.owner {
            Owner::Nothing => Ownership::Untaggable,
            Owner::Tags => {
                ownership::of(self.plan, self.address, [get(object, "tags_all"), get(object, "tags")], keys)
            }
            Owner::Metadata => {
                let maps = [get(metadata, "labels"), get(metadata, "annotations")];
                let known: Vec<&BTreeMap<String, Value>> = maps
                    .iter()
                    .filter_map(|map| if let Value::Object(map) = map { Some(map) } else { None })
                    .collect();
                match ownership::told(&known, keys) {
                    Ownership::Untagged if known.len() < maps.iter().filter(|map| !is_empty(map)).count() => {
                        Ownership::Unknown
                    }
                    answer => answer,
                }
            }
            Owner::List(name) => match items(get(object, name)).first() {
                Some(Value::String(owner)) => {
                    Ownership::Tagged { key: name.to_owned(), value: owner.clone() }
                }
                Some(_) => Ownership::Unknown,
                None => Ownership::Untaggable,
            },
        }
    }

    fn origin(&self, attribute: AttributePath) -> Origin {
        Origin { address: self.address.clone(), attribute }
    }
}

fn email(object: &Value) -> Option<String> {
    let (id, project) = (text(get(object, "account_id"))?, text(get(object, "project"))?);
    Some(format!("{id}@{project}.iam.gserviceaccount.com"))
}
