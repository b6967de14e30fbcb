use std::time::Duration;

use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body, Proxy};

use super::file_url::{origin, redirected};
use super::hub::Hub;
use crate::HubError;

/// How often a hub may send on from one address to another.
const MAX_REDIRECTIONS: usize = 10;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// Until the first bytes of an answer; how long all of it takes depends on its size.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// A hub that can be asked.
pub(super) struct Connection {
    agent: Agent,
    pub(super) endpoint: String,
    token: Option<String>,
}

/// What a hub answered.
pub(super) struct Answer {
    /// The address that it came from at last.
    pub(super) url: String,
    pub(super) status: u16,
    /// The SHA-256 of a large file, which the hub gives before it sends on to a storage.
    pub(super) sha256: Option<String>,
    /// The commit that the file is of.
    pub(super) commit: Option<String>,
    /// The number of the bytes that follow, if it is said.
    pub(super) length: Option<u64>,
    pub(super) body: Body,
}

/// Why there is no answer.
pub(super) enum Unanswered {
    /// The connection failed; it may not fail again.
    Broken(String),
    /// The hub sends on to where nobody goes.
    Astray(String),
}

impl Connection {
    pub(super) fn open(hub: &Hub) -> Result<Connection, HubError> {
        let endpoint = hub.endpoint.trim_end_matches('/').to_owned();
        if !endpoint.starts_with("https://") && !endpoint.starts_with("http://") {
            return Err(HubError::Download {
                url: endpoint,
                found: "no address of a hub".to_owned(),
                mend: format!("give one such as {}", Hub::HUGGING_FACE),
            });
        }
        let proxy = hub.proxy.as_deref().map(Proxy::new).transpose();
        let proxy = proxy.map_err(|error| HubError::Download {
            url: hub.proxy.clone().unwrap_or_default(),
            found: error.to_string(),
            mend: "give the address of a proxy as http://host:port".to_owned(),
        })?;
        let config = Agent::config_builder()
            // Redirections are followed here: what the hub says before it sends on would be lost, and the token is for
            // the hub alone.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_recv_response(Some(ANSWER_TIMEOUT))
            .proxy(proxy)
            .user_agent(concat!("ner/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Connection { agent: config.into(), endpoint, token: hub.token.clone() })
    }

    /// Asks for a file from the byte `from` on.
    pub(super) fn ask(&self, url: &str, from: u64) -> Result<Answer, Unanswered> {
        let (mut url, mut sha256, mut commit) = (url.to_owned(), None, None);
        for _ in 0..=MAX_REDIRECTIONS {
            let response = self.ask_once(&url, from).map_err(Unanswered::Broken)?;
            let headers = response.headers();
            sha256 = sha256.or_else(|| header(headers, "x-linked-etag").and_then(|etag| hex(&etag, 64)));
            commit = commit.or_else(|| header(headers, "x-repo-commit").and_then(|commit| hex(&commit, 40)));
            let status = response.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                let length = header(headers, "content-length").and_then(|length| length.parse().ok());
                return Ok(Answer { url, status, sha256, commit, length, body: response.into_body() });
            }
            let location = header(headers, "location").unwrap_or_default();
            let astray = || Unanswered::Astray(format!("redirected to {location:?}"));
            url = redirected(&url, &location).ok_or_else(astray)?;
        }
        Err(Unanswered::Astray(format!("redirected more than {MAX_REDIRECTIONS} times")))
    }

    fn ask_once(&self, url: &str, from: u64) -> Result<Response<Body>, String> {
        let mut request = self.agent.get(url);
        if let Some(token) = self.token.as_deref().filter(|_| origin(url) == origin(&self.endpoint)) {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if from > 0 {
            request = request.header("range", format!("bytes={from}-"));
        }
        request.call().map_err(|error| error.to_string())
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// A text, perhaps in quotes, of so many hexadecimal digits.
fn hex(text: &str, length: usize) -> Option<String> {
    let text = text.trim_start_matches("W/").trim_matches('"').to_ascii_lowercase();
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(text)
}
