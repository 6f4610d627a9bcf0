//! The host's side: starts the trial provider, reads the handshake, connects.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint, Uri};
use tower::service_fn;

use crate::wire::plugin::Empty;
use crate::wire::plugin::grpc_controller_client::GrpcControllerClient;

/// What Terraform says in its magic variable.
pub(crate) const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
/// Long enough for any machine: only a process that hangs gets here.
const PATIENCE: Duration = Duration::from_secs(20);

/// A trial provider that runs.
pub(crate) struct Host {
    running: Option<(Child, BufReader<ChildStdout>)>,
    id: u32,
    /// The line it said, without its end.
    pub(crate) line: String,
}

/// A test that fails leaves no provider behind.
impl Drop for Host {
    fn drop(&mut self) {
        if let Some((mut child, _)) = self.running.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// A command for the trial provider in an environment that holds nothing else of Terraform.
pub(crate) fn command(variables: &[(&str, &str)]) -> Command {
    let exe = std::env::current_exe().unwrap();
    let program = exe.parent().unwrap().parent().unwrap().join("examples").join("trial");
    assert!(program.exists(), "build the trial provider first: `cargo build -p nhi-proto --example trial`");
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("TF_") || name.starts_with("PLUGIN_") {
            command.env_remove(name);
        }
    }
    command
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Host {
    /// Starts it as Terraform does, with further variables.
    pub(crate) fn start(variables: &[(&str, &str)]) -> Self {
        let mut all = vec![("TF_PLUGIN_MAGIC_COOKIE", COOKIE), ("PLUGIN_PROTOCOL_VERSIONS", "5,6")];
        all.extend(variables);
        Self::spawn(command(&all))
    }

    /// Starts `command` and waits for its line.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let line = line.strip_suffix('\n').expect("a line that ends").to_owned();
        Self { id: child.id(), running: Some((child, stdout)), line }
    }

    /// The fields of the handshake.
    pub(crate) fn fields(&self) -> Vec<&str> {
        self.line.split('|').collect()
    }

    /// The socket it listens on.
    pub(crate) fn socket(&self) -> PathBuf {
        PathBuf::from(self.fields()[3])
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    /// A plain connection.
    pub(crate) async fn connect(&self) -> Channel {
        plain(&self.socket()).await
    }

    /// Asks it to leave, and waits until it has.
    pub(crate) async fn shut_down(self, channel: Channel) -> Left {
        GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
        self.wait()
    }

    /// Waits until it has left by itself.
    pub(crate) fn wait(mut self) -> Left {
        let (mut child, mut stdout) = self.running.take().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let (ended, end) = mpsc::channel();
        std::thread::spawn(move || {
            let mut told =
                Left { status: child.wait().unwrap(), stdout: String::new(), stderr: String::new() };
            stdout.read_to_string(&mut told.stdout).unwrap();
            stderr.read_to_string(&mut told.stderr).unwrap();
            drop(ended.send(told));
        });
        end.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            drop(Command::new("kill").args(["-KILL", &self.id.to_string()]).status());
            panic!("the provider does not leave");
        })
    }
}

/// What a provider left when it was gone.
pub(crate) struct Left {
    pub(crate) status: ExitStatus,
    /// What it printed after its line.
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A plain connection to a socket.
pub(crate) async fn plain(socket: &Path) -> Channel {
    let socket = socket.to_owned();
    let connect = service_fn(move |_: Uri| {
        let socket = socket.clone();
        async move { UnixStream::connect(socket).await.map(TokioIo::new) }
    });
    endpoint().connect_with_connector(connect).await.unwrap()
}

/// A secure connection to a socket, made when it is first used.
pub(crate) fn secure(socket: &Path, config: ClientConfig) -> Channel {
    let (socket, config) = (socket.to_owned(), Arc::new(config));
    let connect = service_fn(move |_: Uri| {
        let (socket, connector) = (socket.clone(), TlsConnector::from(Arc::clone(&config)));
        async move {
            let name = ServerName::try_from("localhost").unwrap();
            connector.connect(name, UnixStream::connect(socket).await?).await.map(TokioIo::new)
        }
    });
    endpoint().connect_with_connector_lazy(connect)
}

fn endpoint() -> Endpoint {
    Endpoint::from_static("http://localhost").timeout(PATIENCE)
}
