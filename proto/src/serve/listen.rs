//! Where the host connects: a unix socket that vanishes with us, or a port where there are no sockets.

use std::io;
use std::ops::RangeInclusive;
#[cfg(unix)]
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::sync::Notify;
use tonic::transport::server::Connected;

use super::environment::Place;
#[cfg(unix)]
use super::environment::Socket;

/// Bytes both ways, secured or not.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// One connection of the host.
pub(super) struct Connection {
    stream: Box<dyn Stream>,
    closed: Option<Arc<Notify>>,
}

impl Connection {
    pub(super) fn new(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Self {
        Self { stream: Box::new(stream), closed: None }
    }

    /// This connection; whoever waits for `closed` at its end learns of it.
    pub(super) fn watched(mut self, closed: &Arc<Notify>) -> Self {
        self.closed = Some(Arc::clone(closed));
        self
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(closed) = &self.closed {
            closed.notify_waiters();
        }
    }
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// An open listener.
pub(super) struct Listener {
    kind: Kind,
    address: String,
}

enum Kind {
    #[cfg(unix)]
    Unix(UnixListener, #[expect(dead_code, reason = "removes the socket when it is dropped")] SocketFile),
    Tcp(TcpListener),
}

impl Listener {
    /// Opens a listener where the host wants it.
    pub(super) async fn open(place: &Place) -> io::Result<Self> {
        match place {
            #[cfg(unix)]
            Place::Socket(socket) => unix(socket),
            #[cfg(not(unix))]
            Place::Socket(_) => Err(io::Error::from(io::ErrorKind::Unsupported)),
            Place::Port(range) => tcp(range.clone()).await,
        }
    }

    /// The name of the kind of address, as the handshake spells it.
    pub(super) fn network(&self) -> &'static str {
        match self.kind {
            #[cfg(unix)]
            Kind::Unix(..) => "unix",
            Kind::Tcp(_) => "tcp",
        }
    }

    /// Path or host and port.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// The next connection.
    pub(super) async fn accept(&self) -> io::Result<Connection> {
        match &self.kind {
            #[cfg(unix)]
            Kind::Unix(listener, _) => Ok(Connection::new(listener.accept().await?.0)),
            Kind::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Calls are small and one waits for another: nothing is gained by collecting them.
                stream.set_nodelay(true)?;
                Ok(Connection::new(stream))
            }
        }
    }
}

async fn tcp(range: RangeInclusive<u16>) -> io::Result<Listener> {
    let mut last = io::Error::new(io::ErrorKind::InvalidInput, "the range of ports is empty");
    for port in range {
        match TcpListener::bind(("127.0.0.1", port)).await {
            Ok(listener) => {
                let address = listener.local_addr()?.to_string();
                return Ok(Listener { kind: Kind::Tcp(listener), address });
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A socket's name in the file system, gone when this is.
#[cfg(unix)]
struct SocketFile {
    path: PathBuf,
}

#[cfg(unix)]
impl Drop for SocketFile {
    fn drop(&mut self) {
        // Nobody is left to tell, and a stale name does no harm.
        drop(std::fs::remove_file(&self.path));
    }
}

#[cfg(unix)]
fn unix(socket: &Socket) -> io::Result<Listener> {
    let folder = socket.folder.clone().unwrap_or_else(std::env::temp_dir);
    let listener = match bind(&folder) {
        // Socket paths are short by law of the system; a deep temporary folder is no reason to fail.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput && socket.folder.is_none() => {
            bind(Path::new("/tmp"))
        }
        bound => bound,
    };
    let (listener, file) = listener?;
    if let Some(group) = &socket.group {
        share(&file.path, group)?;
    }
    let address = file.path.to_str().map(str::to_owned).ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, "the folder of the socket has a name that is not UTF-8")
    })?;
    Ok(Listener { kind: Kind::Unix(listener, file), address })
}

#[cfg(unix)]
fn bind(folder: &Path) -> io::Result<(UnixListener, SocketFile)> {
    let mut random = [0; 8];
    ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut random)
        .map_err(|_| io::Error::other("no random numbers"))?;
    let path = folder.join(format!("plugin{:x}", u64::from_ne_bytes(random)));
    let listener = UnixListener::bind(&path)?;
    Ok((listener, SocketFile { path }))
}

/// Lets a group connect.
#[cfg(unix)]
fn share(path: &Path, group: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let id = match group.parse() {
        Ok(id) => id,
        Err(_) => group_id(&std::fs::read_to_string("/etc/group")?, group)
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("there is no group `{group}`")))?,
    };
    std::os::unix::fs::chown(path, None, Some(id))?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660))
}

#[cfg(unix)]
fn group_id(groups: &str, name: &str) -> Option<u32> {
    let line = groups.lines().find(|line| line.split(':').next() == Some(name))?;
    line.split(':').nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn takes_a_free_port_of_the_range() {
        let first = tcp(40_000..=50_000).await.unwrap();
        let port: u16 = first.address().rsplit(':').next().unwrap().parse().unwrap();
        let second = tcp(port..=50_000).await.unwrap();
        assert_ne!(first.address(), second.address());
        assert_eq!(first.network(), "tcp");
        let nowhere = RangeInclusive::new(2, 1);
        assert!(tcp(nowhere).await.is_err());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_socket_vanishes_with_its_listener() {
        let folder = tempfile::tempdir().unwrap();
        let socket = Socket { folder: Some(folder.path().to_owned()), group: None };
        let listener = Listener::open(&Place::Socket(socket)).await.unwrap();
        let path = PathBuf::from(listener.address());
        assert!(path.exists() && path.starts_with(folder.path()));
        drop(listener);
        assert!(!path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn reads_group_ids() {
        let groups = "root:x:0:\nplugdev:x:46:someone\n";
        assert_eq!(group_id(groups, "plugdev"), Some(46));
        assert_eq!(group_id(groups, "plug"), None);
    }
}
