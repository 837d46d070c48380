//! Gateways of short messages and WeChat: one signed request for each message.

use std::time::Duration;

use anyhow::{Result, bail};
use axum::http::Uri;
use domain::accounts::Channel;
use seal::digest::hmac_sha256_hex;
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::messages::{Letter, Sender, Unsent};
use ureq::Agent;
use ureq::tls::TlsConfig;

use super::{File, check_timeout, is_gateway, secret, ten};
use crate::run::peer::authority;

/// A gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayConfig {
    /// What it passes on: `sms` or `wechat`.
    pub channel: Channel,
    /// Where it takes requests: `https://…`, or `http://` on this machine.
    pub url: String,
    /// File with the secret under which requests are signed.
    pub secret_file: File,
    /// Authority (PEM) of its certificate, where no public one has certified it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<File>,
    /// How long a call may take as a whole, in seconds, 1 to 60.
    #[serde(default = "ten")]
    pub timeout_seconds: u32,
}

impl GatewayConfig {
    /// Refuses what could never be sent, and addresses of people in the open.
    pub fn check(&self) -> Result<()> {
        check_timeout(self.timeout_seconds)?;
        if !is_gateway(self.channel) {
            bail!("e-mail goes out over messages.email");
        }
        let uri: Option<Uri> = self.url.parse().ok();
        let local = |uri: &Uri| matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let fits = uri.is_some_and(|uri| match uri.scheme_str() {
            Some("https") => uri.host().is_some(),
            Some("http") => local(&uri),
            _ => false,
        });
        if !fits || self.url.contains(['#', '@']) {
            bail!("write its url as https://host/path; http:// only on this machine");
        }
        Ok(())
    }
}

/// A gateway behind its address.
pub struct Gateway {
    channel: Channel,
    agent: Agent,
    url: String,
    secret: String,
}

impl Gateway {
    pub fn new(config: &GatewayConfig) -> Result<Gateway> {
        let secret = secret(&config.secret_file)?;
        if secret.len() < 32 {
            bail!("its secret must be at least 32 characters long");
        }
        let mut settings = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(config.timeout_seconds.into())))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .user_agent("yichuang");
        if let Some(path) = &config.ca_file {
            let pem = std::fs::read_to_string(path)?;
            settings = settings.tls_config(TlsConfig::builder().root_certs(authority(&pem)?).build());
        }
        Ok(Gateway { channel: config.channel, agent: settings.build().into(), url: config.url.clone(), secret })
    }
}

/// What is signed: the instant in seconds since 1970, a full stop, the body.
fn signature(secret: &str, seconds: i64, body: &str) -> String {
    format!("v1={}", hmac_sha256_hex(secret.as_bytes(), format!("{seconds}.{body}").as_bytes()))
}

impl Sender for Gateway {
    fn channel(&self) -> Channel {
        self.channel
    }

    fn send(&self, letter: &Letter) -> Result<(), Unsent> {
        let body = json!({
            "id": letter.id,
            "channel": self.channel,
            "to": letter.to,
            "lang": letter.lang.tag(),
            "text": letter.text,
        })
        .to_string();
        let seconds = letter.at.micros() / 1_000_000;
        let call = self
            .agent
            .post(&self.url)
            .header("content-type", "application/json")
            .header("idempotency-key", &letter.id)
            .header("x-yichuang-timestamp", seconds.to_string())
            .header("x-yichuang-signature", signature(&self.secret, seconds, &body));
        let answer = match call.send(body) {
            Ok(answer) => answer.status().as_u16(),
            Err(error) => {
                tracing::warn!(id = letter.id, channel = self.channel.as_str(), %error, "a gateway does not answer");
                0
            }
        };
        match answer {
            200..=299 => Ok(()),
            // No answer, too slow, too early, too many, or its own fault: it may go better later.
            0 | 408 | 425 | 429 | 500..=599 => Err(Unsent { answer, for_good: false }),
            _ => Err(Unsent { answer, for_good: true }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_instant_and_body() {
        // Computed with `printf '%s' '1700000000.{"id":"x"}' | openssl dgst -sha256 -hmac key`.
        let known = "v1=c275209bfed50f54f9b0d8dafaf250f3f08155fdaadece7fc4d3f5c7e3c8b6ba";
        assert_eq!(signature("key", 1_700_000_000, "{\"id\":\"x\"}"), known);
    }

    #[test]
    fn addresses_of_people_never_travel_in_the_open() {
        let good = GatewayConfig {
            channel: Channel::Sms,
            url: "https://sms.example.cn/send".into(),
            secret_file: "secret".into(),
            ca_file: None,
            timeout_seconds: 5,
        };
        good.check().unwrap();
        GatewayConfig { url: "http://127.0.0.1:9000/".into(), ..good.clone() }.check().unwrap();
        for wrong in [
            GatewayConfig { url: "http://sms.example.cn/".into(), ..good.clone() },
            GatewayConfig { url: "http://localhost.example.cn/".into(), ..good.clone() },
            GatewayConfig { url: "https://u@sms.example.cn/".into(), ..good.clone() },
            GatewayConfig { channel: Channel::Email, ..good.clone() },
            GatewayConfig { timeout_seconds: 61, ..good },
        ] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
    }
}
