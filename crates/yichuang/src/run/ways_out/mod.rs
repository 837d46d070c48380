//! How messages leave the platform: e-mail over SMTP, everything else through gateways that take signed requests.

mod gateway;
mod smtp;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use domain::accounts::Channel;
use serde::{Deserialize, Serialize};
use service::City;
use service::messages::Sender;

pub use gateway::GatewayConfig;
pub use smtp::EmailConfig;

/// Limits of `timeout_seconds`.
const TIMEOUT_SECONDS: std::ops::RangeInclusive<u32> = 1..=60;

fn ten() -> u32 {
    10
}

/// `messages` in `city.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WaysOut {
    /// The mail server that takes our e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailConfig>,
    /// Gateways, each for one channel.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gateways: Vec<GatewayConfig>,
}

impl WaysOut {
    /// Whether nothing leaves.
    pub fn is_empty(&self) -> bool {
        *self == WaysOut::default()
    }

    /// Refuses what could never be sent.
    pub fn check(&self) -> Result<()> {
        if let Some(email) = &self.email {
            email.check().context("messages.email")?;
        }
        for (place, own) in self.gateways.iter().enumerate() {
            let name = own.channel.as_str();
            own.check().with_context(|| format!("messages.gateways: {name}"))?;
            if self.gateways.iter().take(place).any(|other| other.channel == own.channel) {
                bail!("messages.gateways: {name} stands twice");
            }
        }
        Ok(())
    }
}

/// The ways out of a configuration, with their secrets read. Nothing is sent yet.
pub fn open(city: &City, config: &WaysOut) -> Result<Vec<Arc<dyn Sender>>> {
    let mut found: Vec<Arc<dyn Sender>> = Vec::new();
    if let Some(email) = &config.email {
        found.push(Arc::new(smtp::Smtp::new(city, email).context("messages.email")?));
    }
    for own in &config.gateways {
        let gateway =
            gateway::Gateway::new(own).with_context(|| format!("messages.gateways: {}", own.channel.as_str()))?;
        found.push(Arc::new(gateway));
    }
    Ok(found)
}

/// One secret of a file.
fn secret(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let secret = text.trim_end_matches(['\r', '\n']).to_owned();
    if secret.is_empty() || secret.contains(['\r', '\n']) {
        bail!("{} must hold one line", path.display());
    }
    Ok(secret)
}

fn check_timeout(seconds: u32) -> Result<()> {
    if !TIMEOUT_SECONDS.contains(&seconds) {
        bail!("timeout_seconds must lie between 1 and 60");
    }
    Ok(())
}

/// A file of a configuration that must not be read before it is needed.
type File = PathBuf;

/// E-mail has a way of its own.
fn is_gateway(channel: Channel) -> bool {
    channel != Channel::Email
}
