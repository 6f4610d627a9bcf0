//! The plain evaluator: one request against one world, written from the rules alone. It confirms what the search
//! finds and shares no matching code with it.

mod caller;
pub(crate) mod condition;
pub(crate) mod matching;
pub(crate) mod reading;
pub(crate) mod texts;

use crate::dialect::aws::catalogue;
use crate::dialect::aws::{Effect, Element, Item, Policy, PolicyKind, PrincipalItem, Principals, Statement};
use crate::request::Request;
use crate::settings::{CallerKeys, Reading};
use crate::world::{Content, Layer, LayerKind, World};

/// What a world says to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Granted, and nothing takes it away.
    Allowed,
    /// Not granted, or taken away.
    Denied,
    /// It depends on something the world does not know.
    Unknown,
}

/// A truth that may depend on what is not known; *and* is the least, *or* the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    No,
    /// It depends on something the world does not know.
    Maybe,
    /// It holds.
    Yes,
}

impl Truth {
    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }

    /// Yes or no, where it is known.
    pub(crate) fn as_bool(self) -> Option<bool> {
        match self {
            Self::No => Some(false),
            Self::Maybe => None,
            Self::Yes => Some(true),
        }
    }

    fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut least = Self::Yes;
        for truth in truths {
            least = least.min(truth);
            if least == Self::No {
                break;
            }
        }
        least
    }

    fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut greatest = Self::No;
        for truth in truths {
            greatest = greatest.max(truth);
            if greatest == Self::Yes {
                break;
            }
        }
        greatest
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

/// Decides one request under one reading of the disputed points. A key that the request's context does not hold is
/// absent.
pub fn evaluate(world: &World, request: &Request, reading: Reading) -> Decision {
    Judge { world, request, reading }.decision()
}

/// One request before one world.
pub(crate) struct Judge<'a> {
    pub(crate) world: &'a World,
    pub(crate) request: &'a Request,
    pub(crate) reading: Reading,
}

/// What each part of a statement says to a request; `None` where the part does not count in its layer.
pub(crate) struct Parts {
    pub(crate) principal: Option<Truth>,
    pub(crate) action: Truth,
    pub(crate) resource: Option<Truth>,
    /// In the order written.
    pub(crate) conditions: Vec<Truth>,
}

impl Judge<'_> {
    pub(crate) fn decision(&self) -> Decision {
        if self.always() {
            return Decision::Allowed;
        }
        let granted = self.granted();
        // What nobody grants need not be denied.
        let truth = if granted == Truth::No { granted } else { granted.min(self.denied().not()) };
        match truth {
            Truth::Yes => Decision::Allowed,
            Truth::No => Decision::Denied,
            Truth::Maybe => Decision::Unknown,
        }
    }

    /// Is it the call that everyone may make, whatever policies say? AWS's own comparer makes nothing special of it.
    fn always(&self) -> bool {
        self.request.action.eq_ignore_ascii_case("sts:GetCallerIdentity")
            && self.reading.caller == CallerKeys::Derived
            && self.layers(LayerKind::Trust).next().is_none()
    }

    /// A statement part by part, all of them looked at.
    pub(crate) fn parts(&self, kind: LayerKind, policy: &Policy, statement: &Statement) -> Parts {
        let named = names_principals(kind, statement);
        let context = condition::Context::new(self.request, self.derived());
        let holds = |one| condition::holds(one, &context, policy.variables, self.reading.any_if_exists);
        Parts {
            principal: named.then(|| self.principal(statement, &|_| true)),
            action: self.action(statement),
            resource: (kind != LayerKind::Trust).then(|| {
                let elsewhere = kind == LayerKind::Resource && self.elsewhere(statement);
                if elsewhere { Truth::No } else { self.resources(policy, statement) }
            }),
            conditions: statement.conditions.iter().map(holds).collect(),
        }
    }

    /// The kinds of layer whose permission the request needs and does not have.
    pub(crate) fn lacking(&self) -> Vec<LayerKind> {
        use LayerKind::{Boundary, Endpoint, Identity, Resource, ServiceControl, Session, Trust};
        let has = |kind: &LayerKind| self.layers(*kind).next().is_some();
        let anyone = |_: &str| true;
        let caps = [Boundary, Session, ServiceControl, Endpoint];
        let counts = |kind: &LayerKind| *kind != ServiceControl || self.controlled();
        let mut lacking: Vec<LayerKind> =
            caps.into_iter().filter(counts).filter(|kind| self.every(*kind) == Truth::No).collect();
        // Where there is a trust policy it must allow; elsewhere one of the granting kinds is enough.
        let granting: Vec<LayerKind> = if has(&Trust) { vec![Trust] } else { vec![Identity, Resource] }
            .into_iter()
            .filter(has)
            .collect();
        if granting.iter().all(|kind| self.some(*kind, &anyone) == Truth::No) {
            lacking.extend(granting);
        }
        lacking
    }

    /// Do the keys that say who calls follow from the request's principal? Where identity policies stand without
    /// their principal, it may be anyone's.
    fn derived(&self) -> bool {
        let has = |kinds: &[LayerKind]| self.world.layers.iter().any(|layer| kinds.contains(&layer.kind));
        self.reading.caller == CallerKeys::Derived
            && (self.world.principal.is_some() && has(&[LayerKind::Identity])
                || has(&[LayerKind::Resource, LayerKind::Trust]))
    }

    fn layers(&self, kind: LayerKind) -> impl Iterator<Item = &Layer> {
        self.world.layers.iter().filter(move |layer| layer.kind == kind)
    }

    /// Some layer of the kind allows.
    fn some(&self, kind: LayerKind, of: &dyn Fn(&str) -> bool) -> Truth {
        Truth::any(self.layers(kind).map(|layer| self.says(layer, Effect::Allow, of)))
    }

    /// Every layer of the kind allows.
    fn every(&self, kind: LayerKind) -> Truth {
        Truth::all(self.layers(kind).map(|layer| self.says(layer, Effect::Allow, &|_| true)))
    }

    fn granted(&self) -> Truth {
        use LayerKind::{Boundary, Endpoint, Identity, Resource, ServiceControl, Session, Trust};
        let has = |kind| self.layers(kind).next().is_some();
        let anyone = |_: &str| true;
        // What caps resources of an organisation only ever takes away: everything else is always allowed beside it.
        let controlled = if self.controlled() { self.every(ServiceControl) } else { Truth::Yes };
        let outer = Truth::all([controlled, self.every(Endpoint)]);
        let inner = Truth::all([self.every(Boundary), self.every(Session)]);
        let own = self.some(Identity, &anyone);
        let kind = if has(Trust) { Trust } else { Resource };
        let trusts = matching::TRUST_ACTIONS;
        if kind == Trust && !trusts.iter().any(|action| action.eq_ignore_ascii_case(&self.request.action)) {
            return Truth::No;
        }
        if !has(Identity) {
            return Truth::all([outer, self.some(kind, &anyone)]);
        }
        if !has(kind) {
            return Truth::all([own, inner, outer]);
        }
        let there = self.some(kind, &anyone);
        let alone = Truth::all([self.some(kind, &|text| !matching::is_account(text)), inner]);
        let direct =
            self.some(kind, &|text| text == "*" || !(matching::is_account(text) || text.contains(":role/")));
        let mine = kind == Trust || self.on_its_resource();
        let must = kind == Trust || self.world.on_key() || self.world.across();
        let limited = Truth::all([own, inner, if must && mine { there } else { Truth::Yes }]);
        let granted =
            if self.world.across() && mine { limited } else { Truth::any([limited, alone, direct]) };
        Truth::all([outer, granted])
    }

    /// Is the request's principal one that an organisation's caps hold for? Services and callers without credentials
    /// are nobody's accounts, and roles that services link are left alone.
    fn controlled(&self) -> bool {
        let principal = &self.request.principal;
        if matching::kind_of(principal) != "AWS" {
            return false;
        }
        if self.layers(LayerKind::Identity).next().is_some() {
            return !self.linked();
        }
        match (matching::account_of(&matching::canonical(principal)), &self.world.account) {
            (Some(own), Some(account)) => own == account,
            (own, None) => own.is_some(),
            (None, _) => false,
        }
    }

    /// Is it a role that a service links, as the world knows it?
    fn linked(&self) -> bool {
        self.layers(LayerKind::Identity).next().is_some()
            && self.world.principal.as_ref().is_some_and(|own| own.contains(":role/aws-service-role/"))
    }

    /// Is the request on the resource that the world's resource layers are attached to?
    fn on_its_resource(&self) -> bool {
        let on = &self.request.resource;
        self.world.resource.as_ref().is_none_or(|own| {
            on.strip_prefix(own.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':']))
        })
    }

    /// Beside identity policies, every resource of a resource policy is every one it is attached to.
    fn elsewhere(&self, statement: &Statement) -> bool {
        self.layers(LayerKind::Identity).next().is_some()
            && statement.resource == Element::In(vec![Item::from("*")])
            && !self.on_its_resource()
    }

    fn denied(&self) -> Truth {
        let counts = |layer: &&Layer| match layer.kind {
            LayerKind::ServiceControl => self.controlled(),
            LayerKind::ResourceControl => !self.linked(),
            _ => true,
        };
        let layers = self.world.layers.iter().filter(counts);
        Truth::any(layers.map(|layer| self.says(layer, Effect::Deny, &|_| true)))
    }

    /// Does a statement of this effect in the layer match, counting principals that `of` takes?
    fn says(&self, layer: &Layer, effect: Effect, of: &dyn Fn(&str) -> bool) -> Truth {
        Truth::any(layer.documents.iter().map(|document| {
            match &document.content {
                Content::Unknown(_) => Truth::Maybe,
                Content::Aws(policy) => Truth::any(
                    policy
                        .statements
                        .iter()
                        .filter(|statement| statement.effect == effect)
                        .map(|statement| self.matches(layer.kind, policy, statement, of)),
                ),
            }
        }))
    }

    fn matches(
        &self,
        kind: LayerKind,
        policy: &Policy,
        statement: &Statement,
        of: &dyn Fn(&str) -> bool,
    ) -> Truth {
        let named = names_principals(kind, statement);
        let who = if named { self.principal(statement, of) } else { Truth::Yes };
        let action = match kind {
            LayerKind::ResourceControl => self.held(statement).min(self.action(statement)),
            _ => self.action(statement),
        };
        // One "no" settles a conjunction.
        if Truth::all([who, action]) == Truth::No {
            return Truth::No;
        }
        let resource = match kind {
            LayerKind::Trust => Truth::Yes,
            LayerKind::Resource if self.elsewhere(statement) => Truth::No,
            _ => self.resources(policy, statement),
        };
        if resource == Truth::No {
            return Truth::No;
        }
        if statement.conditions.is_empty() {
            return Truth::all([who, action, resource]);
        }
        let context = condition::Context::new(self.request, self.derived());
        let conditions = statement
            .conditions
            .iter()
            .map(|one| condition::holds(one, &context, policy.variables, self.reading.any_if_exists));
        let conditions = Truth::all(conditions);
        Truth::all([who, action, resource, conditions])
    }

    /// Does a resource control policy hold for the service called? One that says `NotAction`, which none can, is taken
    /// at its word.
    fn held(&self, statement: &Statement) -> Truth {
        let service = self.request.action.split(':').next().unwrap_or_default().to_lowercase();
        let listed = catalogue::resource_controlled().any(|own| own == service);
        Truth::from(listed || matches!(statement.action, Element::NotIn(_)))
    }

    fn action(&self, statement: &Statement) -> Truth {
        element(&statement.action, |text| Truth::from(matching::action(text, &self.request.action)))
    }

    fn resources(&self, policy: &Policy, statement: &Statement) -> Truth {
        element(&statement.resource, |text| self.resource(policy, text))
    }

    fn resource(&self, policy: &Policy, text: &str) -> Truth {
        // Most patterns begin otherwise.
        let head = text.find(['*', '?', '$']).and_then(|at| text.get(..at)).unwrap_or(text);
        if !self.request.resource.starts_with(head) {
            return Truth::No;
        }
        let context = condition::Context::new(self.request, self.derived());
        let Some(parts) = condition::substituted(text, &context, policy.variables, condition::Wild::Yes)
        else {
            return Truth::No;
        };
        let identity = policy.kind == PolicyKind::Identity;
        Truth::from(matching::resource(parts, &self.request.resource, self.reading.stars, identity))
    }

    fn principal(&self, statement: &Statement, of: &dyn Fn(&str) -> bool) -> Truth {
        let one = |item: &PrincipalItem| match item.value.text() {
            None => Truth::Maybe,
            Some(text) => Truth::from(matching::principal(&item.kind, text, &self.request.principal)),
        };
        let counts =
            |item: &&PrincipalItem| statement.effect == Effect::Deny || item.value.text().is_none_or(of);
        match &statement.principals {
            Principals::Absent => Truth::No,
            Principals::In(items) => Truth::any(items.iter().filter(counts).map(one)),
            Principals::NotIn(items) => Truth::any(items.iter().map(one)).not(),
        }
    }
}

/// Do the statements of such a layer say whom they speak of?
fn names_principals(kind: LayerKind, statement: &Statement) -> bool {
    match kind {
        LayerKind::Resource | LayerKind::Trust => true,
        LayerKind::Endpoint => statement.principals != Principals::Absent,
        _ => false,
    }
}

fn element(element: &Element, matches: impl Fn(&str) -> Truth) -> Truth {
    let any =
        |items: &[Item]| Truth::any(items.iter().map(|item| item.text().map_or(Truth::Maybe, &matches)));
    match element {
        Element::In(items) => any(items),
        Element::NotIn(items) => any(items).not(),
    }
}
