//! A provider that can break each rule, for the simulator's own tests: it keeps one kind of things in memory, does
//! everything right, and is asked to do one thing wrong.

mod object;
mod service;
mod shape;

use std::io::{self, Write as _};
use std::path::Path;

use tokio::net::UnixListener;
use tokio_stream::wrappers::UnixListenerStream;
use tonic::transport::Server;

use super::Rule;
use super::wire::plugin::grpc_controller_server::GrpcControllerServer;
use super::wire::provider_server::ProviderServer;

/// By this variable the process is told what to do wrong; without it, nothing.
pub const FAULT: &str = "BROKEN_FAULT";
/// The type of its one resource.
pub const KIND: &str = "broken_thing";
/// The type of its one data source.
pub const DATA: &str = "broken_look";

macro_rules! faults {
    ($($(#[$doc:meta])* $fault:ident => $rule:ident),* $(,)?) => {
        /// What can be wrong with it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Fault {
            $($(#[$doc])* $fault),*
        }

        /// Each fault, and the rule by which the simulator has to name it.
        pub const FAULTS: &[(Fault, Rule)] = &[$((Fault::$fault, Rule::$rule)),*];
    };
}

faults! {
    /// F1: plans another value than the configuration gives.
    PlansOtherValue => PlanKeepsConfig,
    /// F2: plans a value for what is neither configured nor computed.
    InventsValue => PlanInventsNothing,
    /// F3: makes another value than it planned.
    AppliesOtherValue => ApplyKeepsPlan,
    /// F4: leaves something unknown after an apply.
    AppliesUnknown => Known,
    /// F5: makes nothing.
    AppliesNothing => ApplyExistence,
    /// F6: reads something unknown.
    ReadsUnknown => Known,
    /// F7: plans otherwise once everything is known.
    ChangesMind => FinalPlan,
    /// F8: plans anew each time it is asked.
    CountsPlans => Deterministic,
    /// F9: leaves an attribute out of an object.
    LosesAttribute => Type,
    /// F10: puts off what it may not put off.
    Defers => Deferred,
    /// F11: replaces because of an attribute that is not there.
    ReplacesNowhere => ReplacePath,
    /// F12: panics while it applies.
    Panics => Responds,
    /// F12b: ends while it applies.
    Exits => Responds,
    /// F13: plans to keep something when it is to be destroyed.
    PlansSurvival => PlanExistence,
    /// F14: gives what exists another identity.
    ChangesIdentity => Identity,
    /// F15: prints before its handshake.
    PrintsFirst => Responds,
    /// F16: keeps something when it destroys.
    SurvivesDestroy => ApplyExistence,
    /// F17: points at an attribute that is not there when it fails.
    PointsNowhere => Place,
    /// F18: forgets what it made.
    Forgets => ReadsBack,
    /// Plans absence for what is configured.
    PlansAbsence => PlanExistence,
    /// Plans fewer blocks than configured.
    LosesBlock => PlanKeepsShape,
    /// Plans null where no blocks are an empty list.
    NullsBlocks => PlanKeepsShape,
    /// Plans an object less in a nested attribute.
    LosesPart => PlanKeepsShape,
    /// Makes a set larger than planned.
    GrowsSet => ApplyKeepsPlan,
    /// Keeps a secret in its plan.
    PlansSecret => WriteOnly,
    /// Keeps a secret in state.
    KeepsSecret => WriteOnly,
    /// Marks its plan as that of an old provider.
    IsLegacy => Legacy,
    /// Reads another value than it made.
    Drifts => ReadsBack,
    /// Always wants to change something more.
    NeverSettles => Settles,
    /// Changes state of the current version.
    UpgradesAnyway => Upgrade,
    /// Imports two objects.
    ImportsTwo => Import,
    /// Imports nothing.
    ImportsNothing => Import,
    /// Has no identity for what it made.
    HasNoIdentity => Identity,
    /// Refuses what is not known yet.
    RefusesUnknown => AcceptsUnknown,
    /// Tells of a bug of its own.
    TellsBug => NoBug,
    /// Reads no data.
    ReadsNoData => Data,
    /// Reads data that it does not know.
    ReadsUnknownData => Data,
    /// Answers a function differently each time.
    CountsCalls => Function,
    /// Goes on after the limit of a list.
    ListsOn => List,
    /// Lists without identities.
    ListsNameless => List,
    /// Has an attribute that is required and optional.
    RequiredAndOptional => Schema,
    /// Has a type that is no JSON.
    BadType => Schema,
    /// Has a set of anything.
    SetOfAnything => Schema,
    /// Has an attribute and a block of one name.
    SameName => Schema,
}

impl Fault {
    /// What [`FAULT`] calls it.
    pub fn word(self) -> String {
        format!("{self:?}")
    }
}

/// Serves it on a socket in `folder` until it is told to leave.
pub fn serve(fault: Option<Fault>, folder: &Path) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let socket = folder.join(format!("broken-{}", std::process::id()));
    let (service, left) = service::Broken::new(fault);
    runtime.block_on(async {
        let listener = UnixListener::bind(&socket)?;
        if fault == Some(Fault::PrintsFirst) {
            writeln!(io::stdout(), "hello")?;
        }
        writeln!(io::stdout(), "1|6|unix|{}|grpc|", socket.display())?;
        let server = Server::builder()
            .add_service(ProviderServer::new(service.clone()))
            .add_service(GrpcControllerServer::new(service))
            .serve_with_incoming(UnixListenerStream::new(listener));
        tokio::select! {
            ended = server => ended.map_err(io::Error::other),
            () = left.notified() => Ok(()),
        }
    })?;
    std::fs::remove_file(socket)
}
