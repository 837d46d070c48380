//! The calls to a provider: only to its own origin, each with a limit of time and size, no redirection followed.

use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use seal::jose::{self, KeySet, TokenError};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::ProviderError;
use super::config::{ProviderConfig, origin};

/// No call takes longer than this as a whole.
const PATIENCE: Duration = Duration::from_secs(8);
/// Longest answer, in bytes.
const MAX_BYTES: u64 = 256 << 10;
/// How long the provider's description and keys are used before they are read again, in seconds.
const FRESH_SECONDS: i64 = 3600;
/// How soon an unknown key makes the key set be read again, in seconds: not at once for everybody who invents one.
const REREAD_SECONDS: i64 = 30;
/// How long a provider that did not answer is left alone, in seconds, so that people do not queue up for its time limit.
const PAUSE_SECONDS: i64 = 10;

/// The provider's description of itself (OpenID Connect Discovery 1.0, 3).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    jwks_uri: String,
    pub(super) userinfo_endpoint: Option<String>,
    #[serde(default)]
    pub(super) token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

#[derive(Default)]
struct Known {
    metadata: Option<(Timestamp, Arc<Metadata>)>,
    keys: Option<(Timestamp, Arc<KeySet>)>,
    failed: Option<Timestamp>,
}

/// An identity provider, with what is known of it.
pub struct Provider {
    config: ProviderConfig,
    pub(super) secret: String,
    agent: Agent,
    known: Mutex<Known>,
}

/// What is sent.
pub(super) enum Call {
    Get,
    /// With a bearer token.
    GetAs(String),
    /// A form, with a header `Authorization` if there is one.
    Form(Vec<(String, String)>, Option<String>),
}

impl Provider {
    /// From its configuration, our secret, and the PEM of a private authority. The error is a sentence for the operator.
    pub fn new(config: ProviderConfig, secret: &str, authority: Option<&str>) -> Result<Provider, String> {
        config.check()?;
        let secret = secret.trim().to_owned();
        if secret.is_empty() {
            return Err(format!("identity provider {:?}: the secret file is empty", config.id));
        }
        let roots = match authority {
            Some(pem) => {
                let items = parse_pem(pem.as_bytes()).map(|item| item.map_err(|error| error.to_string()));
                let items = items.collect::<Result<Vec<_>, _>>()?;
                let certificates: Vec<Certificate<'static>> = items
                    .into_iter()
                    .filter_map(|item| if let PemItem::Certificate(own) = item { Some(own) } else { None })
                    .collect();
                if certificates.is_empty() {
                    return Err(format!("identity provider {:?}: there is no certificate in `ca_file`", config.id));
                }
                RootCerts::from(certificates)
            }
            None => RootCerts::WebPki,
        };
        let agent = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_response_header_size(32 << 10)
            .proxy(None)
            .user_agent("yichuang")
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .build();
        Ok(Provider { config, secret, agent: agent.into(), known: Mutex::default() })
    }

    /// What the city says about it.
    pub fn config(&self) -> &ProviderConfig {
        &self.config
    }

    /// One call; answers status and JSON.
    pub(super) async fn call(&self, address: &str, call: Call) -> Result<(u16, Value), ProviderError> {
        if origin(address).is_none() || origin(address) != origin(&self.config.issuer) {
            return Err(ProviderError::down(format!("{address} is not at the issuer")));
        }
        let (agent, address) = (self.agent.clone(), address.to_owned());
        let answer = spawn_blocking(move || {
            let mut response = match call {
                Call::Get => agent.get(&address).call(),
                Call::GetAs(token) => agent.get(&address).header("authorization", format!("Bearer {token}")).call(),
                Call::Form(form, authorization) => {
                    let request = agent.post(&address).header("accept", "application/json");
                    let request = match authorization {
                        Some(value) => request.header("authorization", value),
                        None => request,
                    };
                    request.send_form(form)
                }
            }?;
            let status = response.status().as_u16();
            response.body_mut().with_config().limit(MAX_BYTES).read_to_vec().map(|body| (status, body))
        });
        let (status, body) = answer.await.map_err(ProviderError::down)?.map_err(ProviderError::down)?;
        if !(200..500).contains(&status) || (300..400).contains(&status) {
            return Err(ProviderError::down(format!("status {status}")));
        }
        let value = serde_json::from_slice(&body).map_err(|_| ProviderError::down("it does not answer with JSON"))?;
        Ok((status, value))
    }

    async fn read<T: for<'de> Deserialize<'de>>(&self, address: &str) -> Result<T, ProviderError> {
        match self.call(address, Call::Get).await? {
            (200, value) => serde_json::from_value(value).map_err(ProviderError::down),
            (status, _) => Err(ProviderError::down(format!("status {status} of {address}"))),
        }
    }

    /// The provider's description of itself; one that was read before serves while it cannot be read again.
    pub(super) async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, ProviderError> {
        let mut known = self.known.lock().await;
        if let Some((at, metadata)) = &known.metadata
            && now < at.plus_seconds(FRESH_SECONDS)
        {
            return Ok(metadata.clone());
        }
        let old = known.metadata.as_ref().map(|(_, metadata)| metadata.clone());
        if known.failed.is_some_and(|at| now < at.plus_seconds(PAUSE_SECONDS)) {
            return old.ok_or_else(|| ProviderError::down("it did not answer a moment ago"));
        }
        let address = format!("{}/.well-known/openid-configuration", self.config.issuer.trim_end_matches('/'));
        match self.read::<Metadata>(&address).await.and_then(|metadata| self.checked(metadata)) {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                known.metadata = Some((now, metadata.clone()));
                Ok(metadata)
            }
            Err(error) => {
                known.failed = Some(now);
                old.ok_or(error)
            }
        }
    }

    fn checked(&self, metadata: Metadata) -> Result<Metadata, ProviderError> {
        if metadata.issuer != self.config.issuer {
            return Err(ProviderError::down(format!("it calls itself {}", metadata.issuer)));
        }
        let own = origin(&self.config.issuer);
        let addresses = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        if addresses.into_iter().chain(&metadata.userinfo_endpoint).any(|address| origin(address) != own) {
            return Err(ProviderError::down("an address of its description is not at the issuer"));
        }
        Ok(metadata)
    }

    async fn keys(&self, now: Timestamp, at_most: i64) -> Result<Arc<KeySet>, ProviderError> {
        let metadata = self.metadata(now).await?;
        let mut known = self.known.lock().await;
        if let Some((at, keys)) = &known.keys
            && now < at.plus_seconds(at_most)
        {
            return Ok(keys.clone());
        }
        let keys: Arc<KeySet> = Arc::new(self.read(&metadata.jwks_uri).await?);
        known.keys = Some((now, keys.clone()));
        Ok(keys)
    }

    /// The claims of a token that the provider signed; a key that is not known yet is looked for once.
    pub(super) async fn verified(&self, token: &str, now: Timestamp) -> Result<Value, ProviderError> {
        let verdict = match jose::verify(token, self.keys(now, FRESH_SECONDS).await?.as_ref()) {
            Err(TokenError::UnknownKey) => jose::verify(token, self.keys(now, REREAD_SECONDS).await?.as_ref()),
            other => other,
        };
        verdict.map_err(|error| ProviderError::wrong(&error.to_string()))
    }
}
