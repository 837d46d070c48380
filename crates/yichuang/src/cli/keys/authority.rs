//! Certificates of a licensed certification authority 电子认证服务机构 (DESIGN §7): the request, and the answer that comes back.

use std::path::Path;

use anyhow::{Context, Result, bail};
use domain::time::Timestamp;
use seal::cert::{Certificate, ChainError, Subject, request_pem, request_pem_by, verify_chain};
use seal::key::{Alg, PrivateKey, PublicKey};
use seal::keystore::{Entry, KeyStore, Role};
use serde_json::json;
use service::Clock;

use super::{Own, Purpose, certificates, roots};
use crate::cli::{Answer, say};
use crate::run::clock::{SystemClock, fill};
use crate::run::device::Device;
use crate::run::folder::{Folder, write_private};
use crate::run::keys::{self, subject_of};
use crate::run::open;

pub(super) async fn csr(
    folder: &Folder,
    department: &str,
    (purpose, new_key): (Purpose, bool),
    out: &Path,
    json: bool,
) -> Result<Answer> {
    if out.exists() {
        bail!("{} exists already: name another file", out.display());
    }
    let name = format!("{}/{department}", purpose.name());
    let config = folder.config()?;
    let (mut store, passphrase) = keys::open(folder)?;
    let own = Own::find(folder, &config, &store, &name)?;
    let subject = match &own.certificate {
        Some(certificate) => subject_of(certificate),
        None => subject_of_department(folder, department).await?,
    };
    let request = match own.device {
        Some(_) if new_key => bail!(
            "{name} lies in a device: give it another `label` and file of certificates in city.json, then ask without --new-key"
        ),
        Some((device, key)) => {
            let device = Device::open(device)?;
            let public = device.make_key(&key.label)?;
            request_pem_by(&public, &subject, |message| device.signs(&key.label, message))?
        }
        None => {
            let place = if new_key { next(&name) } else { name.clone() };
            request_pem(&key_of_store(folder, (&mut store, &passphrase), &place, purpose)?, &subject)?
        }
    };
    write_private(out, request.as_bytes())?;
    let line = format!("{} written; put the answer back with `yichuang keys import`", out.display());
    say(json, &json!({ "written": out, "subject": subject.organisation, "key": name }), &line);
    Ok(Answer::Yes)
}

/// Under which name a key waits until its certificate comes.
fn next(name: &str) -> String {
    format!("next/{name}")
}

/// The key of a name in the key file, made where there is none.
fn key_of_store(
    folder: &Folder,
    (store, passphrase): (&mut KeyStore, &[u8]),
    name: &str,
    purpose: Purpose,
) -> Result<PrivateKey> {
    if let Some(entry) = store.get(name) {
        return Ok(entry.key.clone());
    }
    let (alg, role) = match purpose {
        Purpose::Seal => (Alg::Sm2Sm3, Role::Signer),
        Purpose::Qr => (Alg::Es256, Role::Qr),
    };
    let key = PrivateKey::generate(alg, &mut fill);
    store.insert(name, Entry { role, key: key.clone(), certs: Vec::new() })?;
    keys::replace(folder, store, passphrase)?;
    Ok(key)
}

async fn subject_of_department(folder: &Folder, id: &str) -> Result<Subject> {
    let city = open::city(folder).await?;
    let shelf = city.shelf();
    let Ok(department) = shelf.department(id) else {
        let known: Vec<&str> = shelf.departments().map(|department| department.id.as_str()).collect();
        bail!("there is no department {id} in the published catalogue; there are {}", known.join(", "));
    };
    Ok(Subject {
        common_name: department.name.zh.clone(),
        organisation: department.name.zh.clone(),
        code: Some(department.uscc.clone()),
    })
}

pub(super) fn import(folder: &Folder, name: &str, cert: &Path, chain: Option<&Path>, json: bool) -> Result<Answer> {
    let mut given = certificates(cert)?;
    if let Some(path) = chain {
        given.extend(certificates(path)?);
    }
    let roots = roots(folder)?;
    // Roots are configured, never taken along.
    given.retain(|certificate| !roots.contains(certificate));
    let config = folder.config()?;
    let (mut store, passphrase) = keys::open(folder)?;
    let own = Own::find(folder, &config, &store, name)?;
    let waiting = store.get(&next(name)).map(|entry| entry.key.public_key());
    // A new key whose certificate has come takes the place of the present one.
    let takes_over = waiting.is_some() && waiting.as_ref() == given.first().map(Certificate::public_key);
    let public = match own.device {
        Some((device, key)) => Device::open(device)?.public_key(&key.label)?,
        None if takes_over => waiting,
        None => store.get(name).map(|entry| entry.key.public_key()),
    };
    let Some(public) = public else {
        bail!("there is no key {name} in this city: make it with `yichuang keys csr`");
    };
    let now = SystemClock.now();
    if let Err(why) = check((&public, own.certificate.as_ref()), &given, &roots, now) {
        say(json, &json!({ "error": why }), &why);
        return Ok(Answer::No);
    }
    let until = given.first().map_or(now, Certificate::not_after);
    // First what verifiers must go on to believe, then the new certificate.
    if let Some(former) = own.certificate.filter(|former| given.first() != Some(former)) {
        keys::keep_former(folder, &former)?;
    }
    if let Some((_, key)) = own.device {
        keys::put_certificates(folder.path(), key, &given)?;
        // The key in the file has done its work: what it signed is verified with its certificate.
        if store.remove(name).is_some() {
            keys::replace(folder, &store, &passphrase)?;
        }
    } else {
        if takes_over {
            store.remove(name);
            let entry = store.remove(&next(name)).with_context(|| format!("the new key {name} is gone"))?;
            store.insert(name, entry)?;
        }
        store.set_certificates(name, given.iter().map(|certificate| certificate.der().to_vec()).collect())?;
        keys::replace(folder, &store, &passphrase)?;
    }
    let line = format!("the key {name} has its certificate, valid until {until}; restart the server to use it");
    say(json, &json!({ "key": name, "valid_to": until.rfc3339() }), &line);
    Ok(Answer::Yes)
}

/// Why a certificate cannot be put to a key, with what to do.
fn check(
    (public, present): (&PublicKey, Option<&Certificate>),
    given: &[Certificate],
    roots: &[Certificate],
    now: Timestamp,
) -> Result<(), String> {
    let Some(leaf) = given.first() else {
        return Err("the certificate is one of the city's roots: give the one issued to the bureau".into());
    };
    if leaf.public_key() != public {
        return Err("the certificate is for another key: send the authority the request of `yichuang keys csr`".into());
    }
    if now < leaf.not_before() {
        return Err(format!("the certificate is valid from {} on: import it then", leaf.not_before()));
    }
    if !leaf.is_valid_at(now) {
        return Err(format!("the certificate expired on {}: ask the authority for a new one", leaf.not_after()));
    }
    if leaf.is_ca() || !leaf.may_sign() {
        return Err(
            "the certificate has the wrong usage: it must allow digital signatures and be no authority's".into()
        );
    }
    let named = |own: &Certificate| (own.organisation().map(str::to_owned), own.code().map(str::to_owned));
    if present.is_some_and(|present| named(present) != named(leaf)) || leaf.code().is_none() {
        return Err(
            "the certificate names another body: its organisation (O) and serialNumber, the credit code, must be the \
             bureau's, because licences name it as their issuer"
                .into(),
        );
    }
    match verify_chain(given, roots, now) {
        Ok(_) => Ok(()),
        Err(ChainError::NoAnchor) => Err(
            "the certificate does not lead to a root of this city: give the authorities in between with --chain, and \
             put the authority's root into roots.pem once you have compared its fingerprint"
                .into(),
        ),
        Err(error) => Err(format!("the chain of the certificate does not hold: {error}")),
    }
}
