//! The keys of QR codes: with which a licence's code is signed, and which ones an offline check trusts.
//!
//! A code is judged by the day on which its licence was issued, so a certificate that signed codes stays in the trust list
//! after it has been renewed: paper cannot be signed anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use seal::cert::{Certificate, RevocationList, verify_chain};
use seal::key::{Alg, Signer};
use store::licences::CERTIFICATE;
use store::{Change, PlainWrite};

use super::LicenceView;
use crate::city::City;
use crate::error::ServiceError;

const PURPOSE: &str = "qr";

/// The signer of a department's codes, whose certificate is kept before it signs the first.
pub(super) async fn signer(city: &City, department: &str) -> Result<Option<Arc<dyn Signer>>, ServiceError> {
    let Some(signer) = city.keys().qr.get(department) else { return Ok(None) };
    if let Some(certificate) = signer.certificate() {
        keep(city, &certificate).await?;
    }
    Ok(Some(signer.clone()))
}

async fn keep(city: &City, certificate: &Certificate) -> Result<(), ServiceError> {
    let kid = certificate.kid();
    if city.is_kept(&kid) {
        return Ok(());
    }
    let mut change = Change::new(city.region(), city.now());
    change.plain.push(PlainWrite {
        table: &CERTIFICATE,
        id: hex::encode(kid),
        columns: vec![PURPOSE.into(), certificate.der().to_vec().into()],
    });
    city.store().commit(change).await?;
    city.note_kept(kid);
    Ok(())
}

/// The P-256 certificates that an offline check of a QR code trusts: those of today, and every one that ever signed a code
/// here and that leads to a root of the city.
pub async fn qr_trust(city: &City) -> Result<Vec<Certificate>, ServiceError> {
    let mut trusted = BTreeMap::new();
    let sql = "SELECT der FROM certificate WHERE region = $1 AND purpose = $2 ORDER BY id";
    for row in city.store().query(sql, &[city.region().into(), PURPOSE.into()]).await? {
        let certificate = Certificate::from_der(row.bytes(0)?).map_err(ServiceError::internal)?;
        // The database alone makes nobody trustworthy.
        let since = certificate.not_before();
        match verify_chain(std::slice::from_ref(&certificate), &city.keys().roots, since) {
            Ok(_) => drop(trusted.insert(certificate.kid(), certificate)),
            Err(error) => {
                tracing::warn!(kid = hex::encode(certificate.kid()), %error, "a kept certificate is not trusted")
            }
        }
    }
    for former in city.keys().former.iter().filter(|own| own.public_key().alg() == Alg::Es256) {
        trusted.insert(former.kid(), former.clone());
    }
    for signer in city.keys().qr.values() {
        if let Some(certificate) = signer.certificate() {
            trusted.insert(certificate.kid(), certificate.into_owned());
        }
    }
    // Who holds a stolen key signs codes of any day, so none of its codes is believed without asking the city.
    let (roots, lists) = (&city.keys().roots, &city.keys().revocation_lists);
    let lists: Vec<RevocationList> = lists.iter().filter_map(|der| RevocationList::from_der(der)).collect();
    let signed: Vec<&RevocationList> = lists.iter().filter(|list| roots.iter().any(|root| list.is_of(root))).collect();
    let is_good = |own: &Certificate| signed.iter().all(|list| list.since(own).is_none());
    Ok(trusted.into_values().filter(is_good).collect())
}

/// What the QR symbol of a licence holds: the code that was signed when it was issued. Licences from before codes were kept get one
/// on demand from the key of the issuing department; without that key it is the plain address, which still opens the
/// online check.
pub fn symbol(city: &City, view: &LicenceView) -> String {
    if let Some(part) = &view.file.qr {
        return part.url.clone();
    }
    let settings = city.settings();
    let part = city.keys().qr.get(&view.licence.department).and_then(|signer| {
        let part = seal::qr::encode(&view.file.licence, settings.host(), signer.as_ref()).ok()?;
        // A key that was certified only after the day of issue makes codes that nobody believes.
        let own = signer.certificate()?.into_owned();
        seal::qr::verify(&part.url, &[own], city.moment()).valid.then_some(part)
    });
    part.map_or_else(|| format!("{}/v/{}", settings.base_url, view.licence.public_id), |part| part.url)
}
