//! Joins the declarations of a register: read only, and only when somebody asked for it.

use std::collections::BTreeSet;
use std::path::Path;

use nhi_analyzer_input::Settings;
use nhi_analyzer_model::{
    Declarations, DeclaredException, DeclaredFreeze, DeclaredIdentity, DeclaredOwner, DeclaredScope,
    DeclaredZone, Known, LiveCrossing, LiveFederation,
};
use nhi_identity::{
    Crossing, End, Exception, Federation, Freeze, Identity, Name, ObjectKind, Owner, Standing, Timestamp,
    Zone,
};
use nhi_register::{Declaration, Location, Register, RegisterError};

use crate::arguments::Check;
use crate::exit::Failure;

/// The register to join: the one on the command line, else the one in the settings, whose path counts from their file.
pub(crate) fn asked(check: &Check, settings: &Settings) -> Option<String> {
    check.register.clone().or_else(|| {
        let url = settings.register.as_ref()?;
        let path = url.strip_prefix("sqlite:").filter(|path| !path.starts_with("//"));
        match (path, &settings.directory) {
            (Some(path), Some(directory)) if !Path::new(path).is_absolute() => {
                Some(format!("sqlite:{}", Path::new(directory).join(path).display()))
            }
            _ => Some(url.clone()),
        }
    })
}

/// Everything the register declares, and where it stands at a time.
pub(crate) fn join(url: &str, organisation: &str, at: Timestamp) -> Result<Declarations, Failure> {
    read(url, organisation, at)
        .map_err(|error| Failure::error(format!("the register `{url}` cannot be joined: {error}")))
}

fn read(url: &str, organisation: &str, at: Timestamp) -> Result<Declarations, RegisterError> {
    let register = Register::open_read_only(&Location::parse(url)?, organisation)?;
    let owners = register.list::<Owner>()?.into_iter().map(|kept| owner(&kept.declaration));
    let zones = register.list::<Zone>()?.into_iter().map(|kept| zone(&kept.declaration));
    let identities = register.list::<Identity>()?.into_iter().map(|kept| identity(kept.declaration));
    let exceptions = register.list::<Exception>()?;
    let names: Vec<&str> = exceptions.iter().map(|kept| kept.declaration.name.as_str()).collect();
    let standings = register.standings(ObjectKind::Exception, &names, at)?;
    let exceptions = exceptions.iter().map(|kept| {
        let standing = standings.get(kept.declaration.name.as_str());
        DeclaredException { objection: objection(standing), ..exception(&kept.declaration) }
    });
    let freezes = register.list::<Freeze>()?.into_iter().map(|kept| freeze(kept.declaration));
    let crossings = in_force::<Crossing>(&register, at)?;
    let crossings = crossings.iter().map(crossing);
    let federations = in_force::<Federation>(&register, at)?.into_iter().filter_map(|federation| {
        let identity = federation.identity?.to_string();
        Some(LiveFederation { name: federation.name.to_string(), identity })
    });
    Ok(Declarations {
        owners: owners.collect(),
        zones: zones.collect(),
        identities: identities.collect(),
        exceptions: exceptions.collect(),
        freezes: freezes.collect(),
        crossings: crossings.collect(),
        federations: federations.collect(),
        ..Declarations::default()
    })
}

/// The declarations of a kind that hold at a time.
fn in_force<T: Declaration>(register: &Register, at: Timestamp) -> Result<Vec<T>, RegisterError> {
    let all: Vec<T> = register.list::<T>()?.into_iter().map(|kept| kept.declaration).collect();
    let names: Vec<&str> = all.iter().map(|one| one.name().as_str()).collect();
    let standings = register.standings(T::KIND, &names, at)?;
    let holds = |one: &T| standings.get(one.name().as_str()).is_some_and(Standing::active);
    Ok(all.into_iter().filter(holds).collect())
}

fn owner(owner: &Owner) -> DeclaredOwner {
    DeclaredOwner { name: Known::Is(owner.name.to_string()), origin: None }
}

fn zone(zone: &Zone) -> DeclaredZone {
    DeclaredZone {
        name: Known::Is(zone.name.to_string()),
        reaches: Known::Is(zone.reaches.iter().map(ToString::to_string).collect()),
        origin: None,
    }
}

fn crossing(crossing: &Crossing) -> LiveCrossing {
    LiveCrossing {
        name: crossing.name.to_string(),
        from_zone: crossing.from_zone.to_string(),
        to_zone: crossing.to_zone.to_string(),
        identities: crossing.identities.iter().map(ToString::to_string).collect(),
    }
}

fn identity(identity: Identity) -> DeclaredIdentity {
    DeclaredIdentity {
        name: Known::Is(identity.name.to_string()),
        owner: Known::Is(identity.owner.as_ref().map(ToString::to_string)),
        tier: Known::Is(Some(identity.tier.level())),
        zone: Known::Is(identity.zone.as_ref().map(ToString::to_string)),
        platform: Known::Is(identity.platform),
        principal: Known::Is(identity.principal),
        principal_refs: Vec::new(),
        federation: Known::Is(identity.federation.len()),
        environment: Known::Is(identity.environment),
        kind: Known::Is(Some(identity.kind.to_string())),
        labels: Known::Is(identity.labels),
        origin: None,
    }
}

fn freeze(freeze: Freeze) -> DeclaredFreeze {
    let scope = freeze.scope;
    let names = |names: BTreeSet<Name>| Known::Is(names.iter().map(ToString::to_string).collect());
    DeclaredFreeze {
        name: Known::Is(freeze.name.to_string()),
        starts_at: Known::Is(Some(freeze.starts_at.at())),
        ends_at: Known::Is(Some(freeze.ends_at.at())),
        refuses: Known::Is(freeze.refuses.iter().map(ToString::to_string).collect()),
        break_glass: Known::Is(Some(freeze.break_glass.as_str().to_owned())),
        scope: DeclaredScope {
            identities: names(scope.identities),
            owners: names(scope.owners),
            tiers: Known::Is(scope.tiers.iter().map(|tier| tier.level().to_string()).collect()),
            zones: names(scope.zones),
            environments: Known::Is(scope.environments.into_iter().collect()),
            kinds: Known::Is(scope.kinds.iter().map(ToString::to_string).collect()),
            labels: Known::Is(scope.labels),
        },
        owner: Known::Is(Some(freeze.owner.to_string())),
        origin: None,
    }
}

/// Why it does not hold; that it ended is told by its end already.
fn objection(standing: Option<&Standing>) -> Option<String> {
    match standing? {
        standing @ (Standing::Unapproved { .. }
        | Standing::NotYet(_)
        | Standing::Revoked { .. }
        | Standing::Overdue { .. }) => Some(standing.to_string()),
        Standing::Active | Standing::Expired(_) => None,
    }
}

fn exception(exception: &Exception) -> DeclaredException {
    let permits = &exception.permits;
    let valid_for = match &exception.end {
        End::At(_) => None,
        End::For { period, .. } => Some(period.to_string()),
    };
    DeclaredException {
        name: Known::Is(exception.name.to_string()),
        identity: Known::Is(Some(exception.identity.to_string())),
        rules: Known::Is(permits.rules.iter().cloned().collect()),
        actions: Known::Is(permits.actions.iter().cloned().collect()),
        resources: Known::Is(permits.resources.iter().cloned().collect()),
        expires_at: Known::Is(exception.end.moment().map(nhi_identity::Moment::at)),
        valid_for: Known::Is(valid_for),
        owner: Known::Is(Some(exception.owner.to_string())),
        objection: None,
        origin: None,
    }
}
