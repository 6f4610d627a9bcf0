//! One world made ready for the search: what must allow a request, and what takes it away.

mod layers;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::Hasher;

use crate::comparison::{StatementRef, Undecided};
use crate::dialect::aws::caller;
use crate::dialect::aws::compile::Naming;
use crate::dialect::aws::{Effect, Item, Policy, PrincipalItem, Principals, Statement};
use crate::space::clause::Dim;
use crate::space::glob::{Pattern, Patterns};
use crate::space::hash::{Mixer, Quick};
use crate::world::{Content, Document, Layer, LayerKind, UnknownReason, World};

/// A statement of a world, or a document of which nothing is known, where it takes part.
pub(crate) struct Entry<'w> {
    pub(crate) kind: LayerKind,
    pub(crate) source: StatementRef,
    pub(crate) what: What<'w>,
    /// Its name, where it has unknown parts and the other world has the very same.
    pub(crate) same: Option<String>,
    /// Equal for entries that say the same in the same words; `None` where something is unknown.
    pub(crate) class: Option<u32>,
}

/// What an entry says.
pub(crate) enum What<'w> {
    /// A statement, with those of its principals that count here.
    Statement(&'w Policy, Cow<'w, Statement>),
    /// Nothing is known of the document.
    Unknown(UnknownReason),
}

impl<'w> Entry<'w> {
    pub(crate) fn statement(&self) -> Option<(&'w Policy, &Statement)> {
        match &self.what {
            What::Statement(policy, statement) => Some((policy, statement)),
            What::Unknown(_) => None,
        }
    }

    pub(crate) fn naming(&self) -> Naming {
        match (self.kind, self.statement()) {
            (LayerKind::Trust, _) => Naming::Trust,
            (LayerKind::Resource, _) => Naming::Resource,
            (LayerKind::Endpoint | LayerKind::ServiceControl, Some((_, statement)))
                if statement.principals != Principals::Absent =>
            {
                Naming::Resource
            }
            _ => Naming::Unnamed,
        }
    }

    /// Why the comparison cannot be sure of it; nothing where all of it is known, or unchanged.
    pub(crate) fn doubt(&self) -> Option<Undecided> {
        match &self.what {
            _ if self.same.is_some() => None,
            What::Unknown(reason) => {
                Some(Undecided::Document { document: self.source.document.clone(), reason: reason.clone() })
            }
            What::Statement(_, statement) => statement.has_unknown().then(|| Undecided::Statement {
                statement: self.source.clone(),
                reason: "a part of it is only known after apply".to_owned(),
            }),
        }
    }
}

/// An entry by its place in the list of its world.
pub(crate) type Place = usize;

/// Entries of which one must allow.
#[derive(Clone, Debug)]
pub(crate) struct Cap {
    pub(crate) kind: LayerKind,
    pub(crate) entries: Vec<Place>,
}

/// A world as the search needs it; no entry is read yet.
#[derive(Default)]
pub(crate) struct Side<'w> {
    pub(crate) entries: Vec<Entry<'w>>,
    /// Ways to be allowed; of one of them every cap must allow. The first cap of each is the granting one.
    pub(crate) ways: Vec<Vec<Cap>>,
    /// Entries that take away, whatever allows.
    pub(crate) denies: Vec<Place>,
    /// Changed documents of which nothing is known, which may take away as well as allow.
    pub(crate) may_deny: Vec<Place>,
    /// What is not certain on this side.
    pub(crate) doubts: Vec<Undecided>,
    /// The requests this kind of world speaks of.
    pub(crate) base: Vec<(Dim, Patterns)>,
}

/// What stands on both sides with the same unknown parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unchanged(BTreeSet<String>);

impl Unchanged {
    /// Unknown documents, and statements with unknown parts, that both worlds have.
    pub(crate) fn between(before: &World, after: &World) -> Self {
        let before: BTreeSet<String> = names(before);
        Self(names(after).into_iter().filter(|name| before.contains(name)).collect())
    }

    fn document(&self, kind: LayerKind, document: &Document) -> Option<String> {
        Some(document_name(kind, document)).filter(|name| self.0.contains(name))
    }

    fn statement(&self, document: &Document, policy: &Policy, statement: &Statement) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        Some(statement_name(document, policy, statement)).filter(|name| self.0.contains(name))
    }

    /// The world without what is unknown and unchanged.
    pub(crate) fn stripped<'w>(&self, world: &'w World) -> Cow<'w, World> {
        if self.0.is_empty() {
            return Cow::Borrowed(world);
        }
        let mut world = world.clone();
        for layer in &mut world.layers {
            let kind = layer.kind;
            layer.documents.retain(|document| self.document(kind, document).is_none());
            for document in &mut layer.documents {
                let original = document.clone();
                if let Content::Aws(policy) = &mut document.content {
                    let whole = policy.clone();
                    policy.statements.retain(|statement| {
                        !statement.has_unknown() || self.statement(&original, &whole, statement).is_none()
                    });
                }
            }
        }
        Cow::Owned(world)
    }

    /// The world without any unknown document: nothing that such a one may grant or deny is counted.
    pub(crate) fn known(world: Cow<'_, World>) -> Cow<'_, World> {
        let unknown = |document: &Document| matches!(document.content, Content::Unknown(_));
        if !world.layers.iter().flat_map(|layer| &layer.documents).any(unknown) {
            return world;
        }
        let mut world = world.into_owned();
        for layer in &mut world.layers {
            layer.documents.retain(|document| !unknown(document));
        }
        Cow::Owned(world)
    }
}

fn document_name(kind: LayerKind, document: &Document) -> String {
    format!("document {kind:?} {:?} {:?}", document.id, document.content)
}

fn statement_name(document: &Document, policy: &Policy, statement: &Statement) -> String {
    let bare = Statement { sid: None, ..statement.clone() };
    format!("statement {:?} {} {bare:?}", document.id, policy.variables)
}

fn names(world: &World) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for layer in &world.layers {
        for document in &layer.documents {
            match &document.content {
                Content::Unknown(_) => {
                    names.insert(document_name(layer.kind, document));
                }
                Content::Aws(policy) => names.extend(
                    policy
                        .statements
                        .iter()
                        .filter(|statement| statement.has_unknown())
                        .map(|statement| statement_name(document, policy, statement)),
                ),
            }
        }
    }
    names
}

/// The actions that a trust policy decides.
pub(crate) const TRUST_ACTIONS: [&str; 5] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithWebIdentity",
    "sts:AssumeRoleWithSAML",
    "sts:TagSession",
    "sts:SetSourceIdentity",
];

/// Tells which entries of two worlds say the same in the same words.
#[derive(Default)]
pub(crate) struct Classes<'w>(Quick<u64, Vec<(u32, Naming, &'w Policy, &'w Statement)>>, u32);

impl<'w> Classes<'w> {
    fn of(&mut self, naming: Naming, policy: &'w Policy, statement: &'w Statement) -> u32 {
        let alike = self.0.entry(hash(policy, statement)).or_default();
        let same = |(_, name, other, own): &&(u32, Naming, &'w Policy, &'w Statement)| {
            *name == naming
                && (other.kind, other.variables) == (policy.kind, policy.variables)
                && own.action == statement.action
                && own.resource == statement.resource
                && own.principals == statement.principals
                && own.conditions == statement.conditions
                && own.effect == statement.effect
        };
        if let Some((class, ..)) = alike.iter().find(same) {
            return *class;
        }
        self.1 += 1;
        alike.push((self.1, naming, policy, statement));
        self.1
    }
}

fn hash(policy: &Policy, statement: &Statement) -> u64 {
    let mut mixer = Mixer::default();
    mixer.write_u32(u32::from(policy.variables) * 2 + u32::from(statement.effect == Effect::Allow));
    for item in statement.action.items().iter().chain(statement.resource.items()) {
        mixer.write(item.text().unwrap_or_default().as_bytes());
    }
    for condition in &statement.conditions {
        mixer.write(condition.key.as_bytes());
    }
    mixer.finish()
}

/// Makes the sides of one question.
pub(crate) struct Making<'a, 'w> {
    pub(crate) unchanged: &'a Unchanged,
    pub(crate) classes: &'a mut Classes<'w>,
}

impl<'w> Making<'_, 'w> {
    pub(crate) fn side(&mut self, world: &'w World) -> Side<'w> {
        let mut side = Side::default();
        let has = |kind| world.layers.iter().any(|layer| layer.kind == kind);
        let (identity, resource, trust) =
            (has(LayerKind::Identity), has(LayerKind::Resource), has(LayerKind::Trust));
        let mut caps = Vec::new();
        let (mut granted, mut on_resource, mut direct, mut trusted) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let linked =
            identity && world.principal.as_ref().is_some_and(|own| own.contains(":role/aws-service-role/"));
        let organisation = |kind| matches!(kind, LayerKind::ServiceControl | LayerKind::ResourceControl);
        for layer in world.layers.iter().filter(|layer| !linked || !organisation(layer.kind)) {
            let from = side.entries.len();
            let (mut allows, denies) = self.layer(&mut side, layer, Counted::Everyone);
            match layer.kind {
                LayerKind::ServiceControl if !identity => {
                    allows.push(layers::of_account(&mut side.entries, from, world));
                }
                LayerKind::Resource if identity => layers::on_own(&mut side.entries, from, world),
                LayerKind::ResourceControl => layers::of_services(&mut side.entries, from),
                _ => {}
            }
            side.denies.extend(denies);
            match layer.kind {
                LayerKind::Identity => granted.extend(allows),
                LayerKind::Trust | LayerKind::Resource if identity => {
                    let from = side.entries.len();
                    on_resource.extend(self.layer(&mut side, layer, Counted::Named).0);
                    direct.extend(self.layer(&mut side, layer, Counted::Direct).0);
                    if layer.kind == LayerKind::Resource {
                        layers::on_own(&mut side.entries, from, world);
                    }
                    trusted.extend(allows);
                }
                LayerKind::Trust => trusted.extend(allows),
                LayerKind::Resource => on_resource.extend(allows),
                // What caps resources of an organisation only ever takes away.
                LayerKind::ResourceControl => {}
                kind => caps.push(Cap { kind, entries: allows }),
            }
        }
        let around = |cap: &&Cap| !matches!(cap.kind, LayerKind::Boundary | LayerKind::Session);
        let outer: Vec<Cap> = caps.iter().filter(around).cloned().collect();
        let way = |kind, entries, caps: &[Cap]| {
            let mut way = vec![Cap { kind, entries }];
            way.extend_from_slice(caps);
            way
        };
        let kind = if trust { LayerKind::Trust } else { LayerKind::Resource };
        let must = trust || world.on_key() || world.across();
        if identity && must && (trust || resource) {
            if !trust {
                trusted.extend(layers::elsewhere(&mut side.entries, world));
            }
            let mut own = way(LayerKind::Identity, granted.clone(), &caps);
            own.push(Cap { kind, entries: trusted });
            side.ways.push(own);
            let other = world.across() && !trust;
            let elsewhere = if other { layers::elsewhere(&mut side.entries, world) } else { None };
            let apart: Vec<Cap> =
                elsewhere.into_iter().map(|place| Cap { kind, entries: vec![place] }).collect();
            if !world.across() || !apart.is_empty() {
                side.ways.push([way(kind, on_resource, &caps), apart.clone()].concat());
                side.ways.push([way(kind, direct, &outer), apart].concat());
            }
        } else if trust {
            side.ways.push(way(LayerKind::Trust, trusted, &outer));
        } else if identity {
            granted.extend(on_resource);
            side.ways.push(way(LayerKind::Identity, granted, &caps));
            if !direct.is_empty() {
                side.ways.push(way(LayerKind::Resource, direct, &outer));
            }
        } else if resource {
            side.ways.push(way(LayerKind::Resource, on_resource, &outer));
        }
        for cap in side.ways.iter_mut().flatten() {
            cap.entries.sort_unstable();
        }
        side.base = base(world, (identity, resource, trust));
        side
    }

    /// The allowing and the denying entries of a layer, of principals that count.
    fn layer(&mut self, side: &mut Side<'w>, layer: &'w Layer, counted: Counted) -> (Vec<Place>, Vec<Place>) {
        let (mut allows, mut denies) = (Vec::new(), Vec::new());
        for document in &layer.documents {
            let source = |statement| StatementRef { document: document.id.clone(), statement };
            match &document.content {
                Content::Aws(policy) => {
                    side.entries.reserve(policy.statements.len());
                    for (index, statement) in policy.statements.iter().enumerate() {
                        // Who is denied is denied, whoever counts; the full layer said so.
                        if counted != Counted::Everyone && statement.effect == Effect::Deny {
                            continue;
                        }
                        let Some(statement) = kept(statement, counted) else { continue };
                        let unknown = statement.has_unknown();
                        let same = if unknown {
                            self.unchanged.statement(document, policy, &statement)
                        } else {
                            None
                        };
                        let effect = statement.effect;
                        let what = What::Statement(policy, statement);
                        let mut entry =
                            Entry { kind: layer.kind, source: source(index), what, same, class: None };
                        if let (false, What::Statement(policy, Cow::Borrowed(statement))) =
                            (unknown, &entry.what)
                        {
                            entry.class = Some(self.classes.of(entry.naming(), policy, statement));
                        }
                        if counted == Counted::Everyone {
                            side.doubts.extend(entry.doubt());
                        }
                        match effect {
                            Effect::Allow => allows.push(side.entries.len()),
                            Effect::Deny => denies.push(side.entries.len()),
                        }
                        side.entries.push(entry);
                    }
                }
                Content::Unknown(reason) => {
                    let same = self.unchanged.document(layer.kind, document);
                    let what = What::Unknown(reason.clone());
                    let entry = Entry { kind: layer.kind, source: source(0), what, same, class: None };
                    if counted == Counted::Everyone {
                        side.doubts.extend(entry.doubt());
                        side.may_deny.extend(entry.same.is_none().then_some(side.entries.len()));
                    }
                    allows.push(side.entries.len());
                    side.entries.push(entry);
                }
            }
        }
        (allows, denies)
    }
}

/// The requests that can be at all.
fn base(world: &World, (identity, resource, trust): (bool, bool, bool)) -> Vec<(Dim, Patterns)> {
    let actions = if trust {
        Patterns::new(TRUST_ACTIONS.map(|text| Pattern::exact(&text.to_lowercase())))
    } else {
        Patterns::new([Pattern::glob("?*:?*")])
    };
    let mut base = vec![(Dim::Action, actions)];
    if trust || resource {
        let principals = match &world.principal {
            Some(principal) if identity => Patterns::new([Pattern::exact(&typed(principal))]),
            _ => Patterns::new(caller::principals(world)),
        };
        base.push((Dim::Principal, principals));
    }
    base
}

/// Which principals of a statement count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counted {
    Everyone,
    /// Not accounts as a whole.
    Named,
    /// Those whose own policies need not allow.
    Direct,
}

impl Counted {
    fn takes(self, text: &str) -> bool {
        match self {
            Self::Everyone => true,
            Self::Named => !is_account(text),
            Self::Direct => is_direct(text),
        }
    }
}

/// The statement with those of its principals that count; `None` when it named some and none is left.
fn kept(statement: &Statement, counted: Counted) -> Option<Cow<'_, Statement>> {
    let Principals::In(items) = &statement.principals else { return Some(Cow::Borrowed(statement)) };
    let counts = |item: &PrincipalItem| item.value == Item::Unknown || counted.takes(&item.value.outline());
    if statement.effect == Effect::Deny || items.iter().all(counts) {
        return Some(Cow::Borrowed(statement));
    }
    let left: Vec<PrincipalItem> = items.iter().filter(|item| counts(item)).cloned().collect();
    (!left.is_empty())
        .then(|| Cow::Owned(Statement { principals: Principals::In(left), ..statement.clone() }))
}

/// Does the entry name an account as a whole?
fn is_account(text: &str) -> bool {
    crate::dialect::aws::patterns::is_account(text) || (text.contains(":iam::") && text.ends_with(":root"))
}

/// Does the entry name someone whose own policies then need not allow?
fn is_direct(text: &str) -> bool {
    text == "*" || (!is_account(text) && !text.contains(":role/"))
}

/// A principal as the search writes it: `TYPE|NAME`.
pub(crate) fn typed(principal: &str) -> String {
    let federated = principal.contains(":oidc-provider/")
        || principal.contains(":saml-provider/")
        || principal == "cognito-identity.amazonaws.com";
    let kind = if federated {
        "Federated"
    } else if principal.starts_with("arn:")
        || principal == "anonymous"
        || crate::dialect::aws::patterns::is_account(principal)
    {
        "AWS"
    } else if principal.ends_with(".amazonaws.com") || principal.ends_with(".amazonaws.com.cn") {
        "Service"
    } else if principal.len() == 64 && principal.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        "CanonicalUser"
    } else if principal.len() > 15
        && principal.starts_with('A')
        && principal.bytes().all(|b| b.is_ascii_alphanumeric())
    {
        "AWS"
    } else {
        "Federated"
    };
    format!("{kind}|{principal}")
}
