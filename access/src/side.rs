//! One world made ready for the search: what must allow a request, and what takes it away.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::comparison::{StatementRef, Undecided};
use crate::dialect::aws::compile::{Lean, Naming, Reader};
use crate::dialect::aws::{Effect, Policy, Principals, Statement};
use crate::settings::Reading;
use crate::space::clause::{Clause, Dim, Numbers};
use crate::space::glob::{Pattern, Patterns};
use crate::space::search::Space;
use crate::world::{Content, Document, Layer, LayerKind, World};

/// Statements of which one must allow.
#[derive(Clone, Debug)]
pub(crate) struct Cap {
    pub(crate) kind: LayerKind,
    pub(crate) clauses: Vec<Clause>,
}

/// A world as the search needs it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    /// Ways to be allowed; of one of them every cap must allow. The first cap of each is the granting one.
    pub(crate) ways: Vec<Vec<Cap>>,
    /// Statements that take away, whatever allows.
    pub(crate) denies: Vec<Clause>,
    /// What is not certain on this side.
    pub(crate) doubts: Vec<Undecided>,
    /// The requests this kind of world speaks of.
    pub(crate) base: Space,
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

/// How one world is read.
pub(crate) struct Making<'a> {
    pub(crate) reading: Reading,
    pub(crate) lean: Lean,
    pub(crate) unchanged: &'a Unchanged,
    pub(crate) numbers: &'a mut Numbers,
}

/// The actions that a trust policy decides.
pub(crate) const TRUST_ACTIONS: [&str; 5] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithWebIdentity",
    "sts:AssumeRoleWithSAML",
    "sts:TagSession",
    "sts:SetSourceIdentity",
];

impl Making<'_> {
    pub(crate) fn side(&mut self, world: &World) -> Side {
        let mut side = Side::default();
        let has = |kind| world.layers.iter().any(|layer| layer.kind == kind);
        let (identity, resource, trust) =
            (has(LayerKind::Identity), has(LayerKind::Resource), has(LayerKind::Trust));
        let mut caps = Vec::new();
        let (mut granted, mut on_resource, mut direct, mut trusted) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for layer in &world.layers {
            let (allows, denies) = self.layer(&mut side, layer, &|_| true);
            side.denies.extend(denies);
            match layer.kind {
                LayerKind::Identity => granted.extend(allows),
                LayerKind::Trust => trusted.extend(allows),
                LayerKind::Resource if identity => {
                    let named = |text: &str| !is_account(text);
                    on_resource.extend(self.layer(&mut Side::default(), layer, &named).0);
                    let alone = |text: &str| is_direct(text);
                    direct.extend(self.layer(&mut Side::default(), layer, &alone).0);
                }
                LayerKind::Resource => on_resource.extend(allows),
                kind => caps.push(Cap { kind, clauses: allows }),
            }
        }
        let organisation = |cap: &Cap| !matches!(cap.kind, LayerKind::Boundary | LayerKind::Session);
        let outer: Vec<Cap> = caps.iter().filter(|cap| organisation(cap)).cloned().collect();
        let way = |kind, clauses, caps: &[Cap]| {
            let mut way = vec![Cap { kind, clauses }];
            way.extend_from_slice(caps);
            way
        };
        if trust {
            let mut way = way(LayerKind::Trust, trusted, &outer);
            if identity {
                way.extend(caps.iter().filter(|cap| !organisation(cap)).cloned());
                way.push(Cap { kind: LayerKind::Identity, clauses: granted });
            }
            side.ways.push(way);
        } else if identity {
            granted.extend(on_resource);
            side.ways.push(way(LayerKind::Identity, granted, &caps));
            if !direct.is_empty() {
                side.ways.push(way(LayerKind::Resource, direct, &outer));
            }
        } else if resource {
            side.ways.push(way(LayerKind::Resource, on_resource, &outer));
        }
        side.base = self.base(world, (identity, resource, trust));
        side
    }

    /// The requests that can be at all.
    fn base(&mut self, world: &World, (identity, resource, trust): (bool, bool, bool)) -> Space {
        let actions = if trust {
            Patterns::new(TRUST_ACTIONS.map(|text| Pattern::exact(&text.to_lowercase())))
        } else {
            Patterns::new([Pattern::glob("?*:?*")])
        };
        let mut space = Space::default().with(self.numbers.text(Dim::Action, actions, true));
        let principals = match &world.principal {
            Some(principal) if identity => Patterns::new([Pattern::exact(&typed(principal))]),
            _ => {
                Patterns::new(["AWS|?*", "Service|?*", "Federated|?*", "CanonicalUser|?*"].map(Pattern::glob))
            }
        };
        if trust || resource {
            space = space.with(self.numbers.text(Dim::Principal, principals, true));
        }
        space
    }

    /// The allowing and the denying clauses of a layer, of principals that `keep` takes.
    fn layer(
        &mut self,
        side: &mut Side,
        layer: &Layer,
        keep: &dyn Fn(&str) -> bool,
    ) -> (Vec<Clause>, Vec<Clause>) {
        let (mut allows, mut denies) = (Vec::new(), Vec::new());
        for document in &layer.documents {
            match &document.content {
                Content::Aws(policy) => {
                    for (index, statement) in policy.statements.iter().enumerate() {
                        let source = StatementRef { document: document.id.clone(), statement: index };
                        let Some(statement) = kept(statement, keep) else { continue };
                        let same = self.unchanged.statement(document, policy, &statement);
                        let same = same.filter(|_| statement.has_unknown());
                        if statement.has_unknown() && same.is_none() {
                            side.doubts.push(Undecided::Statement {
                                statement: source.clone(),
                                reason: "a part of it is only known after apply".to_owned(),
                            });
                        }
                        let mut reader = Reader {
                            reading: self.reading,
                            lean: self.lean,
                            naming: naming(layer.kind, &statement),
                            numbers: self.numbers,
                        };
                        let clause = reader.clause(policy, &statement, source, same.as_deref());
                        match statement.effect {
                            Effect::Allow => allows.extend(clause),
                            Effect::Deny => denies.extend(clause),
                        }
                    }
                }
                Content::Unknown(reason) => {
                    let doubt = Undecided::Document { document: document.id.clone(), reason: reason.clone() };
                    let source = StatementRef { document: document.id.clone(), statement: 0 };
                    if let Some(name) = self.unchanged.document(layer.kind, document) {
                        let atom = crate::dialect::aws::compile::opaque(name.clone());
                        let lits = vec![self.numbers.key(&format!("\u{0}{name}"), atom, "")];
                        allows.push(Clause { lits, source, doubt: Some(doubt) });
                        continue;
                    }
                    side.doubts.push(doubt.clone());
                    if self.lean == Lean::Generous {
                        allows.push(Clause { lits: Vec::new(), source, doubt: Some(doubt) });
                    }
                }
            }
        }
        (allows, denies)
    }
}

fn naming(kind: LayerKind, statement: &Statement) -> Naming {
    match kind {
        LayerKind::Trust => Naming::Trust,
        LayerKind::Resource => Naming::Resource,
        LayerKind::Endpoint if statement.principals != Principals::Absent => Naming::Resource,
        _ => Naming::Unnamed,
    }
}

/// The statement with those of its principals that `keep` takes; `None` when it named some and none is left.
fn kept(statement: &Statement, keep: &dyn Fn(&str) -> bool) -> Option<Statement> {
    let mut statement = statement.clone();
    if let Principals::In(items) = &mut statement.principals
        && statement.effect == Effect::Allow
    {
        let any = !items.is_empty();
        items.retain(|item| item.value.text().is_none_or(keep));
        if any && items.is_empty() {
            return None;
        }
    }
    Some(statement)
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
    } else if principal.starts_with("arn:") || crate::dialect::aws::patterns::is_account(principal) {
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
