//! A state backend over HTTP on loopback: keeps one state in memory, with a lock, for as long as it is held.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// One state, served until the process ends.
#[derive(Debug)]
pub struct StateServer {
    port: u16,
}

/// What is kept.
#[derive(Default)]
struct Kept {
    state: Option<Vec<u8>>,
    lock: Option<Vec<u8>>,
}

impl StateServer {
    /// Starts on a free port of the loopback address.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let kept = Arc::new(Mutex::new(Kept::default()));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                // A client that breaks off has nobody to tell.
                thread::spawn(move || drop(serve(&stream, &kept)));
            }
        });
        Ok(Self { port })
    }

    /// The block for a configuration.
    pub fn backend(&self) -> String {
        let url = format!("http://127.0.0.1:{}/state", self.port);
        format!(
            "terraform {{\n  backend \"http\" {{\n    address        = \"{url}\"\n    lock_address   = \"{url}\"\n    \
             unlock_address = \"{url}\"\n  }}\n}}\n"
        )
    }
}

/// Answers the requests of one connection, one after the other.
fn serve(stream: &TcpStream, kept: &Mutex<Kept>) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream.try_clone()?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let method = line.split(' ').next().unwrap_or_default().to_owned();
        let mut length = 0;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header)?;
            let header = header.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(number) = header.strip_prefix("content-length:") {
                length = number.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let (status, answer) = answer(&method, body, kept);
        write!(writer, "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", answer.len())?;
        writer.write_all(&answer)?;
        writer.flush()?;
    }
}

fn answer(method: &str, body: Vec<u8>, kept: &Mutex<Kept>) -> (&'static str, Vec<u8>) {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    match method {
        "GET" => kept.state.clone().map_or(("404 Not Found", Vec::new()), |state| ("200 OK", state)),
        "POST" => {
            kept.state = Some(body);
            ("200 OK", Vec::new())
        }
        "DELETE" => {
            kept.state = None;
            ("200 OK", Vec::new())
        }
        "LOCK" => {
            if let Some(holder) = &kept.lock {
                return ("423 Locked", holder.clone());
            }
            kept.lock = Some(body);
            ("200 OK", Vec::new())
        }
        "UNLOCK" => {
            kept.lock = None;
            ("200 OK", Vec::new())
        }
        _ => ("405 Method Not Allowed", Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, Mutex, answer};

    #[test]
    fn a_state_is_kept_and_locked() {
        let kept = Mutex::new(Kept::default());
        let ask = |method: &str, body: &str| {
            let (status, answer) = answer(method, body.as_bytes().to_vec(), &kept);
            (status.split(' ').next().unwrap().to_owned(), String::from_utf8(answer).unwrap())
        };
        let check = |method: &str, body: &str, status: &str, expected: &str| {
            assert_eq!(ask(method, body), (status.to_owned(), expected.to_owned()), "{method}");
        };
        check("GET", "", "404", "");
        check("LOCK", "first", "200", "");
        check("LOCK", "second", "423", "first");
        check("POST", "{}", "200", "");
        check("GET", "", "200", "{}");
        check("UNLOCK", "first", "200", "");
        check("LOCK", "third", "200", "");
        check("DELETE", "", "200", "");
        check("GET", "", "404", "");
        check("PUT", "", "405", "");
    }
}
