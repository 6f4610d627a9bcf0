//! The process: handshake with the host, one listener, and a quick end.

mod companions;
mod environment;
mod listen;
mod p521;
mod reattach;
mod tls;

use std::io::{self, Write as _};
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::{Notify, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::Router;

use self::environment::Environment;
pub use self::environment::EnvironmentError;
use self::listen::{Connection, Listener};
use self::tls::Tls;
pub use self::tls::TlsError;
use crate::generated::tfplugin6::provider_server::ProviderServer;
use crate::log::{self, Level};
use crate::provider::Provider;
use crate::server::Server;

/// The largest message in either direction.
const LARGEST_MESSAGE: usize = 256 << 20;
/// How long the host has to take the answer to its shutdown and close the connection.
const FAREWELL: Duration = Duration::from_millis(20);
/// How long the provider has for what it does last; the process is to be gone within 100 milliseconds.
const PARTING: Duration = Duration::from_millis(60);
/// How often to look whether the host is still there.
#[cfg(unix)]
const GLANCE: Duration = Duration::from_secs(1);
/// How long to wait before accepting again, when the system had no room for a connection.
const BREATH: Duration = Duration::from_millis(20);
/// Version of go-plugin's own protocol.
const CORE_PROTOCOL: u32 = 1;
/// Major version of Terraform's plugin protocol.
const APP_PROTOCOL: u32 = 6;

/// How the process is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Started by Terraform.
    Plugin,
    /// Started by hand; Terraform attaches to it through `TF_REATTACH_PROVIDERS`.
    Debug,
}

/// Why the provider cannot be served.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The host's side of the handshake is not right.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// No secure connection can be offered.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// No listener could be opened.
    #[error("cannot listen for Terraform: {0}")]
    Listen(io::Error),
    /// The handshake cannot be written.
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
    /// No runtime or no signal handler.
    #[error("cannot start: {0}")]
    Start(io::Error),
    /// The listener broke.
    #[error("the connection to Terraform broke: {0}")]
    Broken(#[from] tonic::transport::Error),
}

/// The whole `main` of a provider: serves until the host asks it to leave.
///
/// Standard output belongs to the handshake; nothing else in the process may write there.
pub fn serve<P: Provider>(provider: P, mode: Mode) -> ExitCode {
    let name = provider.address().rsplit('/').next().unwrap_or("provider");
    log::set_up(name, |variable| std::env::var(variable).ok());
    log::report_panics();
    match run(provider, mode) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nowhere to complain to when stderr itself is gone.
            drop(writeln!(io::stderr(), "{error}"));
            ExitCode::FAILURE
        }
    }
}

fn run<P: Provider>(provider: P, mode: Mode) -> Result<(), ServeError> {
    let environment = match mode {
        Mode::Plugin => Environment::of_plugin(|variable| std::env::var_os(variable))?,
        Mode::Debug => Environment::of_debug(),
    };
    let tls = environment.host_certificate.as_deref().map(Tls::pinned_to).transpose()?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(ServeError::Start)?;
    let address = provider.address();
    let server = Server::new(provider);
    let ended = runtime.block_on(async {
        // Handlers of signals stand before the host learns that there is anything to signal.
        let stopped = stopped_by_signal(mode).map_err(ServeError::Start)?;
        let listener = Listener::open(&environment.place).await.map_err(ServeError::Listen)?;
        let greeting = match mode {
            Mode::Plugin => handshake(&listener, tls.as_ref()),
            Mode::Debug => reattach::line(address, &listener),
        };
        say(&greeting).map_err(ServeError::Output)?;
        log::line(Level::Debug, "serving", &[("address", listener.address())]);
        tokio::select! {
            ended = answer(server, listener, tls) => ended,
            () = stopped => Ok(()),
        }
    });
    // Work that still blocks ends with the process; the host has asked it to leave.
    runtime.shutdown_background();
    ended
}

/// The one line that the host waits for.
fn handshake(listener: &Listener, tls: Option<&Tls>) -> String {
    let certificate = tls.map(Tls::certificate_field).unwrap_or_default();
    let (network, address) = (listener.network(), listener.address());
    format!("{CORE_PROTOCOL}|{APP_PROTOCOL}|{network}|{address}|grpc|{certificate}\n")
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}

/// Answers calls until the host asks the process to leave.
async fn answer<P: Provider>(
    server: Server<P>,
    listener: Listener,
    tls: Option<Tls>,
) -> Result<(), ServeError> {
    let (leave, closed) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (connections, accepted) = mpsc::channel(16);
    let accepting = tokio::spawn(accept(listener, tls, Outlet { connections, closed: Arc::clone(&closed) }));
    let farewell = server.farewell();
    let router = router(server, &leave);
    let serving = router.serve_with_incoming(ReceiverStream::new(accepted));
    let ended = tokio::select! {
        ended = serving => ended.map_err(ServeError::from),
        () = async {
            leave.notified().await;
            let parting = tokio::time::timeout(PARTING, tokio::task::spawn_blocking(farewell));
            let closing = tokio::time::timeout(FAREWELL, closed.notified());
            drop(tokio::join!(parting, closing));
        } => Ok(()),
    };
    accepting.abort();
    // Dropping the listener removes its socket; wait until that has happened.
    drop(accepting.await);
    ended
}

fn router<P: Provider>(server: Server<P>, leave: &Arc<Notify>) -> Router {
    let provider = ProviderServer::new(server)
        .max_decoding_message_size(LARGEST_MESSAGE)
        .max_encoding_message_size(LARGEST_MESSAGE);
    companions::beside(tonic::transport::Server::builder().add_service(provider), leave)
}

/// Where accepted connections go.
#[derive(Clone)]
struct Outlet {
    connections: mpsc::Sender<Result<Connection, io::Error>>,
    closed: Arc<Notify>,
}

/// Takes connections for as long as anyone answers them; each secures itself on its own task.
async fn accept(listener: Listener, tls: Option<Tls>, outlet: Outlet) {
    loop {
        let stream = match listener.accept().await {
            Ok(stream) => stream,
            Err(error) => {
                log::line(Level::Warn, "a connection was not accepted", &[("error", &error.to_string())]);
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let (tls, outlet) = (tls.clone(), outlet.clone());
        tokio::spawn(async move {
            let secured = match tls {
                Some(tls) => tls.secure(stream).await,
                None => Ok(stream),
            };
            match secured {
                Ok(connection) => {
                    // Nobody takes it any more only when the process is on its way out.
                    drop(outlet.connections.send(Ok(connection.watched(&outlet.closed))).await);
                }
                Err(error) => {
                    log::line(Level::Error, "a client was refused", &[("error", &error.to_string())]);
                }
            }
        });
    }
}

type Stopped = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Ends when a signal asks the process to leave, or its host is gone. An interrupt from the terminal reaches the whole group:
/// it is the host's to handle, which then says what to do.
#[cfg(unix)]
fn stopped_by_signal(mode: Mode) -> io::Result<Stopped> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut orphaned = Box::pin(orphaned());
    Ok(Box::pin(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = interrupt.recv() => if mode == Mode::Debug { return },
                () = &mut orphaned, if mode == Mode::Plugin => return,
            }
        }
    }))
}

/// Ends when the process that started this one is gone. A host that was killed can ask for nothing any more, and its
/// provider would wait for it for ever.
#[cfg(unix)]
fn orphaned() -> impl Future<Output = ()> + Send {
    use std::os::unix::process::parent_id;
    // Asked now and not when first waited for: by then the host may be gone already.
    let host = parent_id();
    async move {
        let mut glances = tokio::time::interval(GLANCE);
        while parent_id() == host {
            glances.tick().await;
        }
    }
}

/// Ends when a signal asks the process to leave.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same signature as where signals can fail")]
fn stopped_by_signal(mode: Mode) -> io::Result<Stopped> {
    Ok(Box::pin(async move {
        loop {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            if mode == Mode::Debug {
                return;
            }
        }
    }))
}
