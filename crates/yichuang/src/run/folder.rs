//! The folder of a city (`--dir`): configuration, key file, trust roots, tokens, uploads and, by default, the database.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use axum::http::Uri;
use domain::codes::division;
use domain::text::Text;
use seal::render::ofd::SealVersion;
use serde::{Deserialize, Serialize};
use service::Operation;
use service::accounts::provider::ProviderConfig;
use service::licences::HttpAuthority;
use service::log::{Peers, WitnessConfig};

use super::device::DeviceConfig;
use super::peer::PeerConfig;
use super::ways_out::WaysOut;

/// `city.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CityConfig {
    /// The tenant, six digits.
    pub region: String,
    /// The district, six digits.
    pub district: String,
    /// Printed name of the city.
    pub city_name: Text,
    /// Printed name of the district.
    pub district_name: Text,
    /// Address under which citizens reach it, without a trailing slash.
    pub base_url: String,
    /// Database: path of an embedded one, or `postgres://…`.
    pub database: String,
    /// Header in which a trusted proxy names the client.
    #[serde(default)]
    pub client_header: Option<String>,
    /// Where the passphrase of the key file lies; outside this folder, except in a demo city.
    pub passphrase_file: PathBuf,
    /// Folder of an outside witness that is handed each checkpoint.
    #[serde(default)]
    pub witness_dir: Option<PathBuf>,
    /// Outside witnesses that countersign the public log.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<WitnessConfig>,
    /// Verifier keys of others' logs that this city countersigns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witness_for: Vec<String>,
    /// Origin of the public log; by default host and port of `base_url` with `/log`. It must stay when the address changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_origin: Option<String>,
    /// Identity providers where citizens may sign in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<ProviderConfig>,
    /// Edition of the electronic seals: 4 (GB/T 38540-2020) or 5 (GM/T 0031-2025).
    #[serde(default)]
    pub seal_version: SealVersion,
    /// Address of an outside time-stamping authority (RFC 3161), in the place of the built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_authority: Option<String>,
    /// Other issuers that are asked for licences instead of asking their holders for paper.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub peers: Vec<PeerConfig>,
    /// How messages leave the platform; nowhere when it names nothing.
    #[serde(default, skip_serializing_if = "WaysOut::is_empty")]
    pub messages: WaysOut,
    /// Devices that hold some of its keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<DeviceConfig>,
    /// 机关代字 of its documents; by default the district's name without 区, 市 or 县, and 政务.
    #[serde(default)]
    pub document_word: Option<String>,
    /// What its operator may set.
    #[serde(default)]
    pub operation: Operation,
}

impl CityConfig {
    /// 机关代字 of its documents.
    pub fn document_word(&self) -> String {
        let name = self.district_name.zh.trim_end_matches(['区', '市', '县']);
        self.document_word.clone().unwrap_or_else(|| format!("{name}政务"))
    }

    /// Host and port of its address.
    fn host(&self) -> &str {
        self.base_url.split_once("://").map_or(self.base_url.as_str(), |(_, rest)| rest)
    }

    /// Origin of the public log, which is also the name of its key.
    pub fn log_origin(&self) -> String {
        self.log_origin.clone().unwrap_or_else(|| format!("{}/log", self.host()))
    }

    /// Name of the key with which the city countersigns the logs of others.
    pub fn witness_name(&self) -> String {
        format!("{}/witness", self.log_origin().trim_end_matches("/log"))
    }

    /// The outside time-stamping authority.
    pub fn time_authority(&self) -> Result<Option<HttpAuthority>> {
        self.time_authority.as_deref().map(HttpAuthority::new).transpose().map_err(anyhow::Error::msg)
    }

    /// Witnesses and watched logs, with their keys read.
    pub fn log_peers(&self) -> Result<Peers> {
        Peers::new(&self.witnesses, &self.witness_for).map_err(anyhow::Error::msg)
    }

    /// The numbers of its operation, refused when one lies outside its bounds.
    pub fn operation(&self) -> Result<Operation> {
        if let Some((name, least, most)) = self.operation.out_of_bounds() {
            bail!("city.json: operation.{name} must lie between {least} and {most}");
        }
        Ok(self.operation)
    }
}

impl CityConfig {
    /// Refuses an address or a place that would go wrong into every QR code and every number.
    pub fn check(&self) -> Result<()> {
        for (what, code) in [("region", &self.region), ("district", &self.district)] {
            division::get(code).with_context(|| format!("{what} {code}"))?;
        }
        // GB/T 2260: two digits each for province, city and district; 00 stands for all of them.
        let mut tenant = self.region.as_str();
        while let Some(shorter) = tenant.strip_suffix("00") {
            tenant = shorter;
        }
        if !self.district.starts_with(tenant) {
            bail!("district {} does not lie in region {}", self.district, self.region);
        }
        if !is_base_url(&self.base_url) {
            bail!("base_url {}: write https://host or https://host:port, with nothing behind it", self.base_url);
        }
        self.log_peers()?;
        self.time_authority()?;
        PeerConfig::check(&self.peers)?;
        DeviceConfig::check(&self.devices)?;
        self.messages.check()?;
        Ok(())
    }
}

/// `https://host[:port]`, or `http://…` on a closed network.
fn is_base_url(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let web = matches!(uri.scheme_str(), Some("http" | "https"));
    let host =
        uri.authority().is_some_and(|authority| !authority.host().is_empty() && !authority.as_str().contains('@'));
    web && host && uri.path() == "/" && !text.ends_with('/') && !text.contains(['?', '#'])
}

/// A city's folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at a path; it need not exist yet.
    pub fn at(path: impl Into<PathBuf>) -> Folder {
        Folder(path.into())
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Whether a city was initialised here.
    pub fn is_city(&self) -> bool {
        self.file("city.json").is_file()
    }

    /// Creates the folder, for its owner only.
    pub fn create(&self) -> Result<()> {
        fs::create_dir_all(&self.0).with_context(|| format!("cannot create {}", self.0.display()))?;
        restrict(&self.0, 0o700)
    }

    /// Reads `city.json`.
    pub fn config(&self) -> Result<CityConfig> {
        let path = self.file("city.json");
        if !path.is_file() {
            bail!(
                "{} holds no city. Create one with `yichuang init --dir {0}`, or try `yichuang demo`.",
                self.0.display()
            );
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let bad = || format!("{} is not a valid configuration", path.display());
        let config: CityConfig = serde_json::from_str(&text).with_context(bad)?;
        config.check().with_context(bad)?;
        Ok(config)
    }

    /// Writes `city.json`.
    pub fn write_config(&self, config: &CityConfig) -> Result<()> {
        self.write("city.json", serde_json::to_string_pretty(config)?.as_bytes())
    }

    /// Writes a file whole or not at all, readable by its owner only.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        write_private(&self.file(name), bytes)
    }
}

/// Writes beside the target and renames, so that a crash leaves the old file or the new one.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let partial = path.with_extension("partial");
    let written = write_whole(&partial, bytes).and_then(|()| {
        fs::rename(&partial, path)?;
        Ok(())
    });
    if written.is_err() {
        // On a full disk the part that fitted would stay for ever.
        let _ = fs::remove_file(&partial);
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = fs::File::create(path)?;
    restrict(path, 0o600)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(())
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .with_context(|| format!("cannot restrict {}", path.display()))
}

#[cfg(not(unix))]
fn restrict(_: &Path, _: u32) -> Result<()> {
    Ok(())
}
