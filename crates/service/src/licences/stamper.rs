//! An outside time-stamping authority over HTTP (RFC 3161 §3.4).

use std::sync::OnceLock;
use std::time::Duration;

use seal::render::pdf::TimeAuthority;
use ureq::Agent;

/// No call takes longer than this as a whole.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer, in bytes.
const MAX_ANSWER: u64 = 64 << 10;

/// The authority at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpAuthority {
    url: String,
}

impl HttpAuthority {
    /// The authority at `url`, `http://…` or `https://…`.
    ///
    /// # Errors
    /// The address is none.
    pub fn new(url: &str) -> Result<HttpAuthority, String> {
        let web =
            ["http://", "https://"].iter().any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
        if web {
            Ok(HttpAuthority { url: url.to_owned() })
        } else {
            Err(format!("time_authority {url}: write https://host/path"))
        }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }
}

fn agent() -> &'static Agent {
    static AGENT: OnceLock<Agent> = OnceLock::new();
    AGENT.get_or_init(|| {
        let settings = Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0).proxy(None);
        settings.user_agent("yichuang").build().into()
    })
}

impl TimeAuthority for HttpAuthority {
    fn ask(&self, request: &[u8]) -> Result<Vec<u8>, String> {
        let call = agent().post(&self.url).header("content-type", "application/timestamp-query").send(request);
        let mut response = call.map_err(|error| format!("{}: {error}", self.url))?;
        let body = response.body_mut().with_config().limit(MAX_ANSWER).read_to_vec();
        body.map_err(|error| format!("{}: {error}", self.url))
    }
}
