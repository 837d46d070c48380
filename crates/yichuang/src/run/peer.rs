//! Other issuers, reached over HTTP: other instances of this program, or whoever answers the same two requests.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use axum::http::Uri;
use domain::text::Text;
use seal::cert::Certificate;
use seal::tlog::logged::LogTrust;
use seal::tlog::note::VerifierKey;
use serde::{Deserialize, Serialize};
use service::City;
use service::licences::{Asked, Exchange, MAX_ANSWER, Peer};
use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

/// Limits of `timeout_seconds`.
const TIMEOUT_SECONDS: std::ops::RangeInclusive<u32> = 1..=30;

fn five() -> u32 {
    5
}

/// A peer in `city.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerConfig {
    /// Short name, lower-case letters, digits and hyphens; it is written into the journal and must stay.
    pub id: String,
    /// Its name for people.
    pub name: Text,
    /// Its address, without a trailing slash.
    pub url: String,
    /// File with the token that it has given us, with the scope `exchange`.
    pub token_file: PathBuf,
    /// File with the certificates (PEM) that its signatures must lead to, compared with what its operator publishes.
    pub roots_file: PathBuf,
    /// Verifier key of its public log (`NAME+HASH+KEY`): with it, a licence older than ten minutes counts only with its proof of the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_key: Option<String>,
    /// Instead of `log_key`: this issuer keeps no public log, and what it signs is believed on its signature alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_log: bool,
    /// Verifier keys of witnesses, of whom one must have countersigned that log.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witness_keys: Vec<String>,
    /// Ids in our catalogue of the licence types that it issues.
    pub licence_types: Vec<String>,
    /// How long a call may take as a whole, in seconds, 1 to 30.
    #[serde(default = "five")]
    pub timeout_seconds: u32,
    /// Authority (PEM) of its web server's certificate, where no public one has certified it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
}

impl PeerConfig {
    /// Refuses what could never be asked.
    pub fn check(all: &[PeerConfig]) -> Result<()> {
        for (place, one) in all.iter().enumerate() {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if one.id.is_empty() || one.id.len() > 40 || !one.id.bytes().all(plain) {
                bail!("peer {:?}: write its id in lower-case letters, digits and hyphens", one.id);
            }
            if all.iter().take(place).any(|other| other.id == one.id) {
                bail!("two peers are called {}", one.id);
            }
            let uri: Option<Uri> = one.url.parse().ok();
            let web =
                uri.is_some_and(|uri| matches!(uri.scheme_str(), Some("https" | "http")) && uri.query().is_none());
            if !web || one.url.ends_with('/') || one.url.contains(['#', '@']) {
                bail!("peer {}: write its url as https://host", one.id);
            }
            if !TIMEOUT_SECONDS.contains(&one.timeout_seconds) {
                bail!("peer {}: timeout_seconds must lie between 1 and 30", one.id);
            }
            if one.licence_types.is_empty() {
                bail!("peer {}: name the licence_types that it issues", one.id);
            }
            one.log().with_context(|| format!("peer {}", one.id))?;
        }
        Ok(())
    }

    /// Whom we trust about its log.
    fn log(&self) -> Result<Option<LogTrust>> {
        let key = |text: &String| VerifierKey::parse(text).with_context(|| format!("{text:?} is no verifier key"));
        let witnesses = self.witness_keys.iter().map(key).collect::<Result<Vec<_>>>()?;
        match &self.log_key {
            Some(_) if self.without_log => {
                bail!("it has a log_key and is said to be without_log: leave one of them out")
            }
            Some(log) => Ok(Some(LogTrust { log: key(log)?, witnesses })),
            None if !witnesses.is_empty() => bail!("witness_keys countersign a log: name its log_key too"),
            None if self.without_log => Ok(None),
            None => {
                bail!("name the log_key of its public log; for an issuer that keeps none write \"without_log\": true")
            }
        }
    }
}

/// The peers of a configuration, with their files read. Nothing is asked of them yet.
pub fn open(city: &City, configs: &[PeerConfig]) -> Result<Vec<Peer>> {
    let shelf = city.shelf();
    let one = |config: &PeerConfig| {
        for kind in &config.licence_types {
            if shelf.licence_type(kind).is_err() {
                bail!("the published catalogue has no licence type {kind}");
            }
        }
        let roots = certificates(&read(&config.roots_file)?)?;
        Ok(Peer {
            id: config.id.clone(),
            name: config.name.clone(),
            base_url: config.url.clone(),
            licence_types: config.licence_types.clone(),
            roots,
            log: config.log()?,
            exchange: Arc::new(HttpExchange::new(config)?),
        })
    };
    configs.iter().map(|config| one(config).with_context(|| format!("peer {}", config.id))).collect()
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// All certificates of a PEM file.
fn certificates(pem: &str) -> Result<Vec<Certificate>> {
    let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----");
    let blocks = pem.split_inclusive(end).filter_map(|block| block.get(block.find(begin)?..));
    let found: Vec<Certificate> = blocks
        .map(|block| Certificate::from_pem(block).context("a certificate of its roots_file cannot be read"))
        .collect::<Result<_>>()?;
    if found.is_empty() {
        bail!("its roots_file holds no certificate");
    }
    Ok(found)
}

/// A peer behind its address.
struct HttpExchange {
    agent: Agent,
    url: String,
    bearer: String,
}

impl HttpExchange {
    fn new(config: &PeerConfig) -> Result<HttpExchange> {
        let token = read(&config.token_file)?.trim().to_owned();
        if token.is_empty() || token.contains(char::is_whitespace) {
            bail!("its token_file must hold one token");
        }
        let patience = Duration::from_secs(config.timeout_seconds.into());
        let mut settings = Agent::config_builder()
            .timeout_global(Some(patience))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(32 << 10)
            .http_status_as_error(false)
            .proxy(None)
            .user_agent("yichuang");
        if let Some(path) = &config.ca_file {
            settings = settings.tls_config(TlsConfig::builder().root_certs(authority(&read(path)?)?).build());
        }
        let agent = settings.build().into();
        Ok(HttpExchange { agent, url: config.url.clone(), bearer: format!("Bearer {token}") })
    }
}

/// The authority of a web server's certificate.
pub(super) fn authority(pem: &str) -> Result<RootCerts> {
    let mut found: Vec<ureq::tls::Certificate<'static>> = Vec::new();
    for item in parse_pem(pem.as_bytes()) {
        if let PemItem::Certificate(certificate) = item? {
            found.push(certificate);
        }
    }
    if found.is_empty() {
        bail!("its ca_file holds no certificate");
    }
    Ok(RootCerts::from(found))
}

/// The body of an answer with status 200.
fn body(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Vec<u8>, String> {
    let mut answer = answer.map_err(|error| error.to_string())?;
    let status = answer.status().as_u16();
    if status != 200 {
        return Err(format!("status {status}"));
    }
    let most = u64::try_from(MAX_ANSWER).unwrap_or(u64::MAX);
    answer.body_mut().with_config().limit(most).read_to_vec().map_err(|error| error.to_string())
}

impl Exchange for HttpExchange {
    fn fetch(&self, asked: &Asked) -> Result<Vec<u8>, String> {
        let question = serde_json::to_string(asked).map_err(|error| error.to_string())?;
        let call = self.agent.post(format!("{}/api/v1/licence-fetches", self.url));
        let call = call.header("authorization", &self.bearer).header("content-type", "application/json");
        body(call.send(question))
    }

    fn status_list(&self, list: &str) -> Result<Vec<u8>, String> {
        body(self.agent.get(format!("{}/api/v1/status-list/{list}", self.url)).call())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer() -> PeerConfig {
        PeerConfig {
            id: "haibin".into(),
            name: Text::new("海滨区一窗", "Haibin District"),
            url: "https://haibin.example".into(),
            token_file: "token".into(),
            roots_file: "roots.pem".into(),
            log_key: None,
            without_log: true,
            witness_keys: Vec::new(),
            licence_types: vec!["business-licence".into()],
            timeout_seconds: 5,
            ca_file: None,
        }
    }

    #[test]
    fn whoever_takes_the_call_and_says_nothing_is_not_waited_for() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let token_file = folder.path().join("token");
        std::fs::write(&token_file, "yct_secret\n").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let exchange = HttpExchange::new(&PeerConfig { url, token_file, timeout_seconds: 1, ..peer() }).unwrap();
        let refused = exchange.status_list("1").unwrap_err();
        assert!(refused.contains("timeout"), "{refused}");
    }

    #[test]
    fn a_peer_that_could_never_be_asked_is_refused() {
        assert!(PeerConfig::check(&[peer(), PeerConfig { id: "other".into(), ..peer() }]).is_ok());
        for wrong in [
            PeerConfig { id: "海滨".into(), ..peer() },
            PeerConfig { id: String::new(), ..peer() },
            PeerConfig { url: "ftp://haibin.example".into(), ..peer() },
            PeerConfig { url: "https://haibin.example/".into(), ..peer() },
            PeerConfig { url: "https://u@haibin.example".into(), ..peer() },
            PeerConfig { timeout_seconds: 0, ..peer() },
            PeerConfig { timeout_seconds: 31, ..peer() },
            PeerConfig { licence_types: Vec::new(), ..peer() },
            PeerConfig { without_log: false, ..peer() },
            PeerConfig { log_key: Some("haibin.example/log".into()), ..peer() },
            PeerConfig { witness_keys: vec!["haibin.example/witness".into()], ..peer() },
        ] {
            assert!(PeerConfig::check(std::slice::from_ref(&wrong)).is_err(), "{wrong:?}");
        }
        assert!(PeerConfig::check(&[peer(), peer()]).is_err(), "twice");
    }
}
