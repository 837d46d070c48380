//! What the city certifies with its own roots, whose keys are brought to the machine for as long as it takes: keys that it lacks, new
//! ones in the place of those in use, and its revocation list.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use seal::cert::Certificate;
use serde_json::json;
use service::Clock;

use super::{certificates, pem, roots};
use crate::cli::{Answer, say};
use crate::run::clock::SystemClock;
use crate::run::device::DeviceConfig;
use crate::run::folder::Folder;
use crate::run::keys::{self, Devices};
use crate::run::open;

pub(super) async fn complete(folder: &Folder, root_key: &Path, json: bool) -> Result<Answer> {
    let root_keys = pem(root_key)?;
    let config = folder.config()?;
    let roots = roots(folder)?;
    let (mut store, passphrase) = keys::open(folder)?;
    let shelf = open::city(folder).await?.shelf();
    let departments: Vec<_> = shelf.departments().collect();
    let devices = Devices { configs: &config.devices, folder: folder.path().to_path_buf() };
    let made = keys::add_missing(&mut store, &roots, &root_keys, &departments, &devices, SystemClock.now())
        .with_context(|| root_key.display().to_string())?;
    // What a device has taken over is taken out of the file; its certificate stays believed.
    for name in made.iter().filter(|name| DeviceConfig::find(&config.devices, name).is_some()) {
        if let Some(der) = store.remove(name).and_then(|entry| entry.certs.first().cloned()) {
            keys::keep_former(folder, &Certificate::from_der(&der)?)?;
        }
    }
    if !made.is_empty() {
        keys::replace(folder, &store, &passphrase)?;
    }
    let line = match made.is_empty() {
        true => "the city has all its keys".to_owned(),
        false => format!("made {}; restart the server, and take the root keys away again", made.join(", ")),
    };
    say(json, &json!({ "made": made }), &line);
    Ok(Answer::Yes)
}

pub(super) fn rotate(folder: &Folder, names: &[String], root_key: &Path, json: bool) -> Result<Answer> {
    let config = folder.config()?;
    if let Some(name) = names.iter().find(|name| DeviceConfig::find(&config.devices, name).is_some()) {
        bail!(
            "{name} lies in a device: give it another `label` and file of certificates in city.json, then run `keys complete`"
        );
    }
    let roots = roots(folder)?;
    let (mut store, passphrase) = keys::open(folder)?;
    let former = keys::rotate(&mut store, &roots, &pem(root_key)?, names, SystemClock.now())
        .with_context(|| root_key.display().to_string())?;
    // First what verifiers must go on to believe, then the new keys.
    for certificate in &former {
        keys::keep_former(folder, certificate)?;
    }
    keys::replace(folder, &store, &passphrase)?;
    let line = format!("new keys for {}; restart the servers, and take the root keys away again", names.join(", "));
    say(json, &json!({ "rotated": names }), &line);
    Ok(Answer::Yes)
}

pub(super) fn crl(folder: &Folder, root_key: &Path, revoke: &[PathBuf], days: u32, json: bool) -> Result<Answer> {
    let roots = roots(folder)?;
    let mut revoked = Vec::new();
    for path in revoke {
        let certificate = certificates(path)?.into_iter().next();
        revoked.push(certificate.with_context(|| path.display().to_string())?);
    }
    let now = SystemClock.now();
    let next = now.plus_seconds(i64::from(days) * 86_400);
    keys::revoke(folder, &roots, &pem(root_key)?, &revoked, (now, next))?;
    let line = format!("{} written, good until {next}; take the root keys away again", keys::REVOCATION_FILE);
    say(json, &json!({ "written": keys::REVOCATION_FILE, "next_update": next.rfc3339() }), &line);
    Ok(Answer::Yes)
}
