//! What a city says about an identity provider.

use std::path::PathBuf;

use domain::text::Text;
use serde::{Deserialize, Serialize};

/// One identity provider, as `city.json` names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderConfig {
    /// Short name in addresses: lower-case letters, digits and hyphens.
    pub id: String,
    /// Name on the button.
    pub name: Text,
    /// Issuer identifier: `https://…`, exactly as the provider writes it in its tokens.
    pub issuer: String,
    /// Our identifier at the provider.
    pub client_id: String,
    /// File that holds our secret at the provider.
    pub secret_file: PathBuf,
    /// Scopes to ask for beside `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// What of its answer proves identity; without it nobody's identity is proved by this provider.
    #[serde(default)]
    pub real_name: Option<RealName>,
    /// Certificates of a private authority that signs the provider's, as PEM; the public authorities when absent.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
}

/// What means that the provider has checked who somebody is 实名级别.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RealName {
    /// The claim that says so: `acr`, or one of the provider's own.
    pub claim: String,
    /// Values of it that are enough.
    pub values: Vec<String>,
    /// The claim that holds the citizen number.
    pub code_claim: String,
    /// The claim that holds the name as on the identity card.
    #[serde(default = "name")]
    pub name_claim: String,
}

fn name() -> String {
    "name".to_owned()
}

/// Scheme, host and port of an address, in lower case; `None` for one that is not plain.
pub(super) fn origin(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let fine = matches!(scheme, "http" | "https") && !authority.is_empty() && authority.chars().all(plain);
    fine.then(|| format!("{scheme}://{authority}").to_lowercase())
}

impl ProviderConfig {
    /// What is wrong with it, in a sentence for the operator.
    pub fn check(&self) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("identity provider {:?}: {what}", self.id));
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 30 || !self.id.chars().all(word) {
            return wrong("`id` must be 1 to 30 lower-case letters, digits or hyphens");
        }
        let loopback = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
        let origin = origin(&self.issuer).unwrap_or_default();
        let local = loopback.iter().any(|own| origin == *own || origin.starts_with(&format!("{own}:")));
        if !(origin.starts_with("https://") || local) || self.issuer.contains(['?', '#']) {
            return wrong("`issuer` must be an https address without query; plain http only on this machine");
        }
        if self.client_id.is_empty() || self.name.zh.is_empty() || self.name.en.is_empty() {
            return wrong("`client_id` and both names are needed");
        }
        match &self.real_name {
            Some(level) if level.values.is_empty() || level.claim.is_empty() || level.code_claim.is_empty() => {
                wrong("`real_name` needs `claim`, `values` and `code_claim`")
            }
            _ => Ok(()),
        }
    }
}
