//! A hub on this machine, of which every file may be damaged in its own way.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use sha2::{Digest, Sha256};

/// What is asked for: a path, and the byte to begin at.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) from: Option<usize>,
    pub(crate) token: Option<String>,
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// The connection is closed after so many bytes of the body.
    pub(crate) cut: Option<usize>,
}

impl Answer {
    pub(crate) fn status(status: u16) -> Answer {
        Answer { status, headers: Vec::new(), body: Vec::new(), cut: None }
    }

    /// A file, from where it was asked for.
    pub(crate) fn file(bytes: &[u8], asked: &Asked) -> Answer {
        let status = if asked.from.is_some() { 206 } else { 200 };
        let body = bytes[asked.from.unwrap_or(0)..].to_vec();
        Answer { status, headers: Vec::new(), body, cut: None }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn cut(mut self, place: usize) -> Answer {
        self.cut = Some(place);
        self
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A server that answers until the test ends.
pub(crate) struct Server {
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Asked) -> Answer + Send + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                // A client that has gone away is no fault of the server.
                let _ = serve(stream.unwrap(), &answer, &log);
            }
        });
        Server { address, asked }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    answer: &impl Fn(&Asked) -> Answer,
    log: &Mutex<Vec<Asked>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap()?;
    let mut asked = Asked { path: first.split(' ').nth(1).unwrap().to_owned(), from: None, token: None };
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ").unwrap();
        match name.to_ascii_lowercase().as_str() {
            "range" => asked.from = value["bytes=".len()..].trim_end_matches('-').parse().ok(),
            "authorization" => asked.token = Some(value.to_owned()),
            _ => {}
        }
    }
    log.lock().unwrap().push(asked.clone());
    let answer = answer(&asked);
    write!(stream, "HTTP/1.1 {} x\r\ncontent-length: {}\r\n", answer.status, answer.body.len())?;
    for (name, value) in &answer.headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    write!(stream, "connection: close\r\n\r\n")?;
    stream.write_all(&answer.body[..answer.cut.unwrap_or(answer.body.len())])
}
