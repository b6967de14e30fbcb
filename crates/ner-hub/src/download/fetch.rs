use std::io::{self, Read, Write};
use std::thread;
use std::time::Duration;

use ner_files::NewDirectory;
use sha2::{Digest, Sha256};

use super::connection::{Answer, Connection, Unanswered};
use super::hub::{Progress, Report};
use crate::HubError;

/// How often a file is asked for in all. A gigabyte over a bad line breaks more than once, and goes on where it broke.
const MAX_ATTEMPTS: u32 = 5;
/// Before the second attempt; twice that before the third, and so on.
const PAUSE: Duration = Duration::from_millis(200);
/// Bytes of a file at most that is kept in memory as well.
const MAX_KEPT: usize = 64 << 20;

/// A file that has come.
pub(super) struct Fetched {
    /// The commit that it is of.
    pub(super) commit: Option<String>,
    /// Its bytes, if they were to be kept.
    pub(super) kept: Vec<u8>,
}

/// Gets a file into a new directory; `None` if there is none.
pub(super) fn fetch(
    connection: &Connection,
    url: &str,
    file: &str,
    new: &mut NewDirectory,
    keep: bool,
    report: Report<'_>,
) -> Result<Option<Fetched>, HubError> {
    let Some(first) = ask(connection, url, 0)? else { return Ok(None) };
    let commit = first.commit.clone();
    let mut transfer = Transfer {
        connection,
        file,
        sha256: first.sha256.clone(),
        total: first.length,
        received: 0,
        hash: Sha256::new(),
        kept: keep.then(Vec::new),
        report,
    };
    let mut result = Ok(());
    new.write_with(file, |out| {
        result = transfer.run(url, first, out);
        // The cause is told below; here it matters that the directory is given up.
        result.as_ref().map(drop).map_err(|error| io::Error::other(error.to_string()))
    })
    .or_else(|error| if result.is_err() { Ok(()) } else { Err(error) })?;
    result?;
    Ok(Some(Fetched { commit, kept: transfer.kept.unwrap_or_default() }))
}

/// Asks until there is an answer; `None` if it is that there is no such file.
fn ask(connection: &Connection, url: &str, from: u64) -> Result<Option<Answer>, HubError> {
    let mut attempt = 1;
    loop {
        let (found, mend) = match connection.ask(url, from) {
            Ok(answer) if matches!(answer.status, 200 | 206) => return Ok(Some(answer)),
            Ok(answer) if answer.status == 404 => return Ok(None),
            Ok(answer) => match answer.status {
                // A hub says 401 of encoders that do not exist, too, so as not to tell which private ones do.
                401 => return Err(failed(url, "status 401: no such encoder, or not for everyone", UNKNOWN)),
                403 => return Err(failed(url, "status 403: not for everyone", GATED)),
                status @ (408 | 429 | 500..) => (format!("status {status}"), "try again later"),
                status => {
                    let mend = "look at the address of the hub, the name and the revision";
                    return Err(failed(url, format!("status {status}"), mend));
                }
            },
            Err(Unanswered::Astray(found)) => {
                return Err(failed(url, found, "look at the address of the hub"));
            }
            Err(Unanswered::Broken(error)) => {
                (error, "look at the connection and the address of the hub, and try again")
            }
        };
        if attempt == MAX_ATTEMPTS {
            return Err(failed(url, found, mend));
        }
        thread::sleep(PAUSE * attempt);
        attempt += 1;
    }
}

const UNKNOWN: &str = "look at the name; for an encoder that is not for everyone, give the token of an account that may have it";
const GATED: &str = "accept the encoder's terms on its page, and give the token of the account that did";

fn failed(url: &str, found: impl Into<String>, mend: impl Into<String>) -> HubError {
    HubError::Download { url: url.to_owned(), found: found.into(), mend: mend.into() }
}

/// A file on its way.
struct Transfer<'a> {
    connection: &'a Connection,
    file: &'a str,
    sha256: Option<String>,
    total: Option<u64>,
    received: u64,
    hash: Sha256,
    kept: Option<Vec<u8>>,
    report: Report<'a>,
}

impl Transfer<'_> {
    fn run(&mut self, url: &str, first: Answer, out: &mut dyn Write) -> Result<(), HubError> {
        let mut answer = first;
        let mut attempt = 1;
        loop {
            let place = answer.url.clone();
            match self.receive(answer, out)? {
                None => return self.check(&place),
                Some(broken) if attempt == MAX_ATTEMPTS => {
                    let found = format!("{broken} after {} bytes", self.received);
                    return Err(failed(&place, found, "look at the connection, and try again"));
                }
                Some(_) => thread::sleep(PAUSE * attempt),
            }
            attempt += 1;
            let again = ask(self.connection, url, self.received)?;
            answer = again.ok_or_else(|| failed(url, "status 404 in the middle of the file", "try again"))?;
        }
    }

    /// Takes what comes, to the end (`None`) or until the connection breaks.
    fn receive(&mut self, answer: Answer, out: &mut dyn Write) -> Result<Option<String>, HubError> {
        let place = answer.url;
        // A storage that cannot begin in the middle sends all once more.
        let mut to_skip = if answer.status == 206 { 0 } else { self.received };
        let mut body = answer.body.into_reader();
        let mut bytes = vec![0; 1 << 16];
        loop {
            let n = match body.read(&mut bytes) {
                Ok(0) => break,
                Ok(n) => n,
                Err(error) => return Ok(Some(error.to_string())),
            };
            let skipped = to_skip.min(n as u64);
            to_skip -= skipped;
            let new = &bytes[skipped as usize..n];
            self.received += new.len() as u64;
            self.hash.update(new);
            if let Some(kept) = &mut self.kept {
                kept.extend(new);
                if kept.len() > MAX_KEPT {
                    let mend = "choose another encoder or hub";
                    return Err(failed(&place, format!("more than {MAX_KEPT} bytes"), mend));
                }
            }
            out.write_all(new).map_err(|error| failed(&place, error.to_string(), "make room on the disk"))?;
            (self.report)(Progress { file: self.file, received: self.received, total: self.total });
        }
        // A connection that is closed early looks like an end.
        let is_short = self.total.is_some_and(|total| self.received < total);
        Ok(is_short.then(|| "the connection was closed".to_owned()))
    }

    fn check(&mut self, place: &str) -> Result<(), HubError> {
        let mend = "what came is damaged; try again, or look at the proxies on the way";
        if self.total.is_some_and(|total| self.received != total) {
            let found = format!("{} bytes in place of {}", self.received, self.total.unwrap_or_default());
            return Err(failed(place, found, mend));
        }
        let found: String = self.hash.finalize_reset().iter().map(|byte| format!("{byte:02x}")).collect();
        match &self.sha256 {
            Some(expected) if *expected != found => {
                Err(failed(place, format!("SHA-256 {found} in place of {expected}"), mend))
            }
            _ => Ok(()),
        }
    }
}
