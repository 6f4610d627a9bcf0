//! Pairs of worlds as lists of statements out of a pool, and the worlds they stand for.

use nhi_access::dialect::aws::{Policy, PolicyKind, Statement};
use nhi_access::{Content, Document, DocumentId, Layer, LayerKind, Semantics, World};

use super::dice::Dice;
use super::pool::Pool;
use super::profiles::{Profile, Shape, Version};

/// Which statements stand in which layer, by their place in the pool.
pub type Sketch = Vec<(LayerKind, Vec<usize>)>;

/// Two sketches and the semantics to compare them under.
#[derive(Clone, Debug)]
pub struct Pair {
    /// What was.
    pub before: Sketch,
    /// What is.
    pub after: Sketch,
    /// The readings.
    pub semantics: Semantics,
}

/// Two worlds and the semantics to compare them under.
#[derive(Clone, Debug)]
pub struct Worlds {
    /// What was.
    pub before: World,
    /// What is.
    pub after: World,
    /// The readings.
    pub semantics: Semantics,
}

/// Does a layer of this kind take statements that name principals?
pub fn is_named(kind: LayerKind) -> bool {
    matches!(kind, LayerKind::Resource | LayerKind::Trust)
}

impl Pair {
    /// A random pair; half of the time the second world is the first with something changed.
    pub fn random(profile: &Profile, pool: &Pool, dice: &mut Dice) -> Self {
        let semantics = dice.one(profile.semantics).copied().unwrap_or_default();
        let mut before = random(profile, pool, dice);
        let mut after = before.clone();
        if dice.once_in(3) {
            after = random(profile, pool, dice);
        } else {
            for _ in 0..=dice.roll(2) {
                change(pool, &mut after, dice);
            }
        }
        if dice.once_in(2) {
            std::mem::swap(&mut before, &mut after);
        }
        Self { before, after, semantics }
    }
}

fn random(profile: &Profile, pool: &Pool, dice: &mut Dice) -> Sketch {
    let mut sketch = Vec::new();
    let layer =
        |kind, most, dice: &mut Dice| (kind, (0..=dice.roll(most)).map(|_| draw(pool, kind, dice)).collect());
    match profile.shape {
        Shape::Identity => sketch.push(layer(LayerKind::Identity, 4, dice)),
        Shape::Resource => sketch.push(layer(LayerKind::Resource, 4, dice)),
        Shape::Trust => sketch.push(layer(LayerKind::Trust, 4, dice)),
        Shape::Layers => {
            sketch.push(layer(LayerKind::Identity, 3, dice));
            let caps = [
                LayerKind::Boundary,
                LayerKind::Session,
                LayerKind::ServiceControl,
                LayerKind::ServiceControl,
                LayerKind::ResourceControl,
                LayerKind::Endpoint,
            ];
            for kind in caps {
                if dice.once_in(4) {
                    sketch.push(layer(kind, 2, dice));
                }
            }
        }
        Shape::Beside => {
            sketch.push(layer(LayerKind::Identity, 2, dice));
            sketch.push(layer(LayerKind::Resource, 2, dice));
            for kind in [LayerKind::Boundary, LayerKind::ServiceControl] {
                if dice.once_in(3) {
                    sketch.push(layer(kind, 2, dice));
                }
            }
        }
    }
    sketch
}

fn draw(pool: &Pool, kind: LayerKind, dice: &mut Dice) -> usize {
    dice.roll(pool.slots(is_named(kind)).len())
}

/// A statement more, less or another, or a cap more or less.
fn change(pool: &Pool, sketch: &mut Sketch, dice: &mut Dice) {
    let layers = sketch.len();
    let at = dice.roll(layers);
    let what = dice.roll(6);
    if what == 0 && layers > 1 && sketch.get(at).is_some_and(|(kind, _)| !is_granting(*kind)) {
        sketch.remove(at);
        return;
    }
    let Some((kind, statements)) = sketch.get_mut(at) else { return };
    let place = dice.roll(statements.len());
    match what {
        1 if statements.len() > 1 => {
            statements.remove(place);
        }
        2 => statements.push(draw(pool, *kind, dice)),
        _ => {
            // Neighbours in the pool are variations of each other.
            let far = dice.once_in(4);
            let count = pool.slots(is_named(*kind)).len().max(1);
            if let Some(statement) = statements.get_mut(place) {
                *statement = if far { dice.roll(count) } else { (*statement ^ 1).min(count - 1) };
            }
        }
    }
}

/// Does a layer of this kind grant, and not cap?
pub fn is_granting(kind: LayerKind) -> bool {
    matches!(kind, LayerKind::Identity | LayerKind::Resource | LayerKind::Trust)
}

fn document(name: &str, kind: PolicyKind, version: Version, statements: Vec<Statement>) -> Document {
    let policy = Policy { variables: version == Version::Variables, ..Policy::new(kind, statements) };
    Document { id: DocumentId(name.to_owned()), content: Content::Aws(policy) }
}

/// A world of the profile without layers.
fn empty(profile: &Profile) -> World {
    World {
        principal: profile.principal.map(str::to_owned),
        resource: None,
        account: profile.principal.is_some().then(|| "111122223333".to_owned()),
        layers: Vec::new(),
    }
}

/// One statement as the only one of its world.
pub fn alone(profile: &Profile, kind: PolicyKind, statement: Statement, version: Version) -> World {
    let layer = match kind {
        PolicyKind::Identity => LayerKind::Identity,
        PolicyKind::Resource => LayerKind::Resource,
        PolicyKind::Trust => LayerKind::Trust,
    };
    let documents = vec![document("alone", kind, version, vec![statement])];
    World { layers: vec![Layer { kind: layer, documents }], ..empty(profile) }
}

/// The world a sketch stands for: a layer's statements lie in one document a version.
pub fn world(profile: &Profile, pool: &Pool, sketch: &Sketch) -> World {
    let mut world = empty(profile);
    for (number, (kind, statements)) in sketch.iter().enumerate() {
        let policy_kind = match kind {
            LayerKind::Resource => PolicyKind::Resource,
            LayerKind::Trust => PolicyKind::Trust,
            _ => PolicyKind::Identity,
        };
        let mut documents = Vec::new();
        for version in [Version::Variables, Version::Old] {
            let slots = pool.slots(is_named(*kind));
            let own = statements.iter().filter_map(|place| slots.get(*place));
            let own: Vec<Statement> =
                own.filter(|slot| slot.version == version).map(|slot| slot.statement.clone()).collect();
            if !own.is_empty() || (version == Version::Variables && statements.is_empty()) {
                documents.push(document(
                    &format!("{kind:?} {number} {version:?}"),
                    policy_kind,
                    version,
                    own,
                ));
            }
        }
        world.layers.push(Layer { kind: *kind, documents });
    }
    world
}
