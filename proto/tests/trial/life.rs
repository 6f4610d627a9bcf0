//! Life and death of the process: handshake, signals, shutdown, silence.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value as Json;

use crate::host::{COOKIE, Host, command, plain};
use crate::wire::health::HealthCheckRequest;
use crate::wire::health::health_check_response::ServingStatus;
use crate::wire::health::health_client::HealthClient;
use crate::wire::plugin::ConnInfo;
use crate::wire::plugin::grpc_broker_client::GrpcBrokerClient;
use crate::wire::plugin::grpc_stdio_client::GrpcStdioClient;
use crate::wire::tfplugin6::get_provider_schema;
use crate::wire::tfplugin6::provider_client::ProviderClient;

fn signal(process: u32, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status().unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn says_one_line_and_leaves_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(&[("PLUGIN_UNIX_SOCKET_DIR", folder.path().to_str().unwrap())]);
    assert_eq!(host.line, format!("1|6|unix|{}|grpc|", host.socket().display()));
    assert!(host.socket().starts_with(folder.path()));
    let channel = host.connect().await;
    // The host keeps these two streams open for as long as it knows the provider.
    let stdio = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap();
    let offers = tokio_stream::pending::<ConnInfo>();
    let broker = GrpcBrokerClient::new(channel.clone()).start_stream(offers).await.unwrap();
    let socket = host.socket();
    let left = host.shut_down(channel).await;
    drop((stdio, broker));
    assert!(left.status.success());
    assert_eq!((left.stdout.as_str(), left.stderr.as_str()), ("", ""));
    assert!(!socket.exists());
}

#[tokio::test]
async fn an_interrupt_is_the_hosts_to_handle() {
    let host = Host::start(&[]);
    let channel = host.connect().await;
    signal(host.id(), "INT");
    let mut client = ProviderClient::new(channel.clone());
    client.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
    signal(host.id(), "INT");
    client.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
    assert!(host.shut_down(channel).await.status.success());
}

#[test]
fn a_termination_leaves_no_socket() {
    let host = Host::start(&[]);
    let socket = host.socket();
    signal(host.id(), "TERM");
    assert!(host.wait().status.success());
    assert!(!socket.exists());
}

#[test]
fn leaves_when_its_host_was_killed() {
    let trial = command(&[("TF_PLUGIN_MAGIC_COOKIE", COOKIE), ("PLUGIN_PROTOCOL_VERSIONS", "6")]);
    let mut killed = Command::new("sh");
    killed.args(["-c", "\"$0\" & wait"]).arg(trial.get_program());
    for (name, value) in trial.get_envs() {
        match value {
            Some(value) => killed.env(name, value),
            None => killed.env_remove(name),
        };
    }
    killed.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let host = Host::spawn(killed);
    let socket = host.socket();
    assert!(socket.exists());
    signal(host.id(), "KILL");
    // The outputs end when the provider has, which outlives the host.
    host.wait();
    assert!(!socket.exists());
}

#[tokio::test]
async fn answers_for_its_health() {
    let host = Host::start(&[]);
    let channel = host.connect().await;
    let mut client = HealthClient::new(channel.clone());
    let about = |service: &str| HealthCheckRequest { service: service.to_owned() };
    let healthy = client.check(about("plugin")).await.unwrap().into_inner();
    assert_eq!(healthy.status(), ServingStatus::Serving);
    assert_eq!(client.check(about("other")).await.unwrap_err().code(), tonic::Code::NotFound);
    host.shut_down(channel).await;
}

#[test]
fn refuses_to_be_run_by_hand() {
    let malformed = [("TF_PLUGIN_MAGIC_COOKIE", COOKIE), ("PLUGIN_CLIENT_CERT", "no certificate")];
    let folder = [("TF_PLUGIN_MAGIC_COOKIE", COOKIE), ("PLUGIN_UNIX_SOCKET_DIR", "/nowhere/at/all")];
    for (variables, says) in [
        (&[][..], "`terraform init`"),
        (&[("TF_PLUGIN_MAGIC_COOKIE", "other")][..], "`terraform init`"),
        (&malformed[..], "`PLUGIN_CLIENT_CERT`"),
        (&folder[..], "cannot listen"),
    ] {
        let output = command(variables).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(says), "{text}");
    }
}

#[tokio::test]
async fn can_be_attached_to() {
    let mut command = command(&[]);
    command.arg("--debug");
    let host = Host::spawn(command);
    let value = host.line.strip_prefix("TF_REATTACH_PROVIDERS='").unwrap().strip_suffix('\'').unwrap();
    let value: Json = serde_json::from_str(value).unwrap();
    let entry = &value["trial/trial"];
    assert_eq!(entry["Protocol"], "grpc");
    assert_eq!(entry["ProtocolVersion"], 6);
    assert_eq!(entry["Pid"], host.id());
    assert_eq!(entry["Test"], true);
    assert_eq!(entry["Addr"]["Network"], "unix");
    let socket = PathBuf::from(entry["Addr"]["String"].as_str().unwrap());
    let mut client = ProviderClient::new(plain(&socket).await);
    client.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
    signal(host.id(), "INT");
    assert!(host.wait().status.success());
    assert!(!socket.exists());
}

#[tokio::test]
async fn logs_as_much_as_it_is_asked_to() {
    for (variables, lines) in [
        (&[("TF_LOG", "trace")][..], true),
        (&[("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "error")][..], false),
        (&[("TF_LOG_PROVIDER", "error"), ("TF_LOG_PROVIDER_TRIAL", "DEBUG")][..], true),
        (&[("TF_LOG", "off")][..], false),
    ] {
        let host = Host::start(variables);
        let channel = host.connect().await;
        let left = host.shut_down(channel).await;
        assert_eq!(!left.stderr.is_empty(), lines, "{variables:?}: {}", left.stderr);
        for line in left.stderr.lines() {
            let line: Json = serde_json::from_str(line).unwrap();
            assert_eq!(line["@module"], "trial");
        }
    }
}
