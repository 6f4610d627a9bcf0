//! A provider's process: started as go-plugin starts it, spoken to over its socket, ended or killed.

use std::future::Future;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tokio::runtime::Runtime;
use tonic::transport::{Channel, Endpoint};
use tonic::{Response, Status};

use super::breach::{Breach, Rule};
use super::wire::plugin::Empty;
use super::wire::plugin::grpc_controller_client::GrpcControllerClient;
use super::wire::provider_client::ProviderClient;

/// By this the core says who it is.
pub const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// No answer takes this long; only what hangs gets here.
const PATIENCE: Duration = Duration::from_mins(1);

/// A provider that runs. It is killed when it is dropped.
pub struct Plugin {
    child: Child,
    stdout: BufReader<ChildStdout>,
    runtime: Runtime,
    channel: Channel,
}

impl Drop for Plugin {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn lost(what: impl Into<String>) -> Breach {
    Breach::of(Rule::Responds, what)
}

impl Plugin {
    /// Starts `command` and connects to it. Nothing of the core's variables may be set in it yet.
    pub fn start(mut command: Command) -> Result<Self, Breach> {
        let mut child = command
            .env(COOKIE.0, COOKIE.1)
            .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .env_remove("PLUGIN_CLIENT_CERT")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| lost(format!("it does not start: {error}")))?;
        let Some(stdout) = child.stdout.take() else { return Err(lost("it has no standard output")) };
        let mut stdout = BufReader::new(stdout);
        match connect(&mut stdout) {
            Ok((runtime, channel)) => Ok(Self { child, stdout, runtime, channel }),
            Err(breach) => {
                drop(child.kill());
                drop(child.wait());
                Err(breach)
            }
        }
    }

    /// Makes one call; what is not an answer is a breach.
    pub fn call<F, A>(&self, call: impl FnOnce(ProviderClient<Channel>) -> F) -> Result<A, Breach>
    where
        F: Future<Output = Result<Response<A>, Status>>,
    {
        let client = ProviderClient::new(self.channel.clone()).max_decoding_message_size(usize::MAX);
        let answer = self.runtime.block_on(call(client));
        answer.map(Response::into_inner).map_err(|status| {
            lost(format!("the plugin did not respond: {:?}: {}", status.code(), status.message()))
        })
    }

    /// Makes one call that is answered in a stream, at most `most` messages of it.
    pub fn stream<F, A>(
        &self,
        most: usize,
        call: impl FnOnce(ProviderClient<Channel>) -> F,
    ) -> Result<Vec<A>, Breach>
    where
        F: Future<Output = Result<Response<tonic::Streaming<A>>, Status>>,
    {
        let client = ProviderClient::new(self.channel.clone());
        let all = self.runtime.block_on(async {
            let mut stream = call(client).await?.into_inner();
            let mut all = Vec::new();
            while all.len() < most {
                let Some(one) = stream.message().await? else { break };
                all.push(one);
            }
            Ok(all)
        });
        all.map_err(|status: Status| {
            lost(format!("the stream broke: {:?}: {}", status.code(), status.message()))
        })
    }

    /// Number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills the process at once, as a power cut would.
    pub fn kill(mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Lets the process go as a core does that has every answer; it ends well, and has said nothing more.
    pub fn leave(mut self) -> Result<(), Breach> {
        let channel = self.channel.clone();
        let asked =
            self.runtime.block_on(async { GrpcControllerClient::new(channel).shutdown(Empty {}).await });
        asked.map_err(|status| lost(format!("it does not shut down: {status}")))?;
        let status = self.child.wait().map_err(|error| lost(error.to_string()))?;
        let mut rest = String::new();
        drop(self.stdout.read_to_string(&mut rest));
        match (status.success(), rest.is_empty()) {
            (true, true) => Ok(()),
            (false, _) => Err(lost(format!("it leaves with {status}"))),
            (true, false) => Err(lost(format!("it prints on standard output: {rest}"))),
        }
    }
}

fn connect(stdout: &mut BufReader<ChildStdout>) -> Result<(Runtime, Channel), Breach> {
    let mut line = String::new();
    stdout.read_line(&mut line).map_err(|error| lost(error.to_string()))?;
    let fields: Vec<&str> = line.trim_end().split('|').collect();
    let socket = match fields.as_slice() {
        ["1", "6", "unix", socket, "grpc", ..] => (*socket).to_owned(),
        _ => return Err(lost(format!("unrecognized remote plugin message: {line:?}"))),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| lost(error.to_string()))?;
    let connector = tower::service_fn(move |_| {
        let socket = socket.clone();
        async move { UnixStream::connect(socket).await.map(TokioIo::new) }
    });
    let endpoint = Endpoint::from_static("http://localhost").timeout(PATIENCE);
    let channel = runtime.block_on(endpoint.connect_with_connector(connector));
    channel.map(|channel| (runtime, channel)).map_err(|error| lost(error.to_string()))
}
