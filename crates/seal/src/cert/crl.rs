//! Certificate revocation lists (RFC 5280 §5) of P-256 authorities: what readers of PDF ask for when they validate a signature years
//! later.

use der::asn1::ObjectIdentifier;
use domain::time::Timestamp;

use super::{CertError, Certificate};
use crate::key::{Alg, PrivateKey};
use crate::render::asn1::{
    GENERALIZED, INTEGER, Reader, SEQUENCE, bits, instant, integer, octets, oid, sequence, text, tlv, unsigned, utc,
};

const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const CRL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");
const UTC_TIME: u8 = 0x17;
const CONTEXT_0: u8 = 0xa0;

/// A list that was read, its signature still unchecked.
#[derive(Debug, Clone)]
pub struct RevocationList {
    tbs: Vec<u8>,
    signature: Vec<u8>,
    issuer: Vec<u8>,
    /// As of when it is right.
    pub this_update: Timestamp,
    /// Until when it may be relied on.
    pub next_update: Timestamp,
    /// Numbers of certificates with the instants from which they count no more.
    revoked: Vec<Revoked>,
}

/// A certificate's own number, as its issuer gave it, and the instant from which it counts no more.
pub type Revoked = (Vec<u8>, Timestamp);

/// The number of a certificate, as its issuer gave it.
fn serial(certificate: &Certificate) -> Option<Vec<u8>> {
    let mut tbs = Reader::new(certificate.der()).enter(SEQUENCE)?.enter(SEQUENCE)?;
    tbs.take(CONTEXT_0)?;
    tbs.take(INTEGER).map(<[u8]>::to_vec)
}

/// The entry of a certificate that counts no more from `at` on; cut to whole seconds.
pub fn revoked(certificate: &Certificate, at: Timestamp) -> Option<Revoked> {
    Some((serial(certificate)?, at))
}

/// UTCTime until 2049, GeneralizedTime after (RFC 5280 §5.1.2.4).
fn time(at: Timestamp) -> Vec<u8> {
    match at.civil().year() < 2050 {
        true => text(UTC_TIME, &utc(at, "%y%m%d%H%M%SZ")),
        false => text(GENERALIZED, &utc(at, "%Y%m%d%H%M%SZ")),
    }
}

fn read_time(reader: &mut Reader<'_>) -> Option<Timestamp> {
    match reader.next()? {
        (UTC_TIME, digits, _) => instant(&[b"20", digits].concat()),
        (GENERALIZED, digits, _) => instant(digits),
        _ => None,
    }
}

/// Signs a list. `number` grows from list to list of an authority.
///
/// # Errors
/// The authority's key is not P-256, or refuses.
pub fn revocation_list(
    key: &PrivateKey,
    issuer: &Certificate,
    revoked: &[Revoked],
    (this_update, next_update): (Timestamp, Timestamp),
    number: u64,
) -> Result<Vec<u8>, CertError> {
    if key.alg() != Alg::Es256 || issuer.public_key() != &key.public_key() || !issuer.is_ca() {
        return Err(CertError::Request("revocation lists are signed with the P-256 key of an authority"));
    }
    let algorithm = sequence(&[oid(ECDSA_WITH_SHA256)]);
    let mut parts = vec![integer(1), algorithm.clone(), issuer.subject.clone(), time(this_update), time(next_update)];
    let entries: Vec<Vec<u8>> = revoked.iter().map(|(number, at)| sequence(&[unsigned(number), time(*at)])).collect();
    if !entries.is_empty() {
        parts.push(sequence(&entries));
    }
    let extension = sequence(&[oid(CRL_NUMBER), octets(&integer(number))]);
    parts.push(tlv(CONTEXT_0, &sequence(&[extension])));
    let tbs = sequence(&parts);
    let signature = key.sign(&tbs)?;
    Ok(sequence(&[tbs, algorithm, bits(&signature)]))
}

impl RevocationList {
    /// Reads a list of the kind that P-256 authorities sign; `None` for others.
    pub fn from_der(der: &[u8]) -> Option<RevocationList> {
        let mut whole = Reader::new(der);
        let mut outer = whole.enter(SEQUENCE)?;
        let (_, content, tbs) = outer.next()?;
        let algorithm = outer.take(SEQUENCE)?;
        let signature = outer.bits()?.to_vec();
        let mut fields = Reader::new(content);
        fields.small().filter(|version| *version == 1)?;
        let named = fields.take(SEQUENCE)?;
        let (tag, _, issuer) = fields.next()?;
        let mut times = || read_time(&mut fields);
        let (this_update, next_update) = (times()?, times()?);
        let mut revoked = Vec::new();
        if let Some((SEQUENCE, list, _)) = fields.next() {
            let mut list = Reader::new(list);
            while !list.is_empty() {
                let mut entry = list.enter(SEQUENCE)?;
                revoked.push((entry.take(INTEGER)?.to_vec(), read_time(&mut entry)?));
            }
        }
        let only = sequence(&[tbs.to_vec(), sequence(&[oid(ECDSA_WITH_SHA256)]), bits(&signature)]) == der;
        let right = tag == SEQUENCE && algorithm == named && whole.is_empty() && outer.is_empty() && only;
        right.then(|| RevocationList {
            tbs: tbs.to_vec(),
            signature,
            issuer: issuer.to_vec(),
            this_update,
            next_update,
            revoked,
        })
    }

    /// Whether this authority signed it.
    pub fn is_of(&self, issuer: &Certificate) -> bool {
        self.issuer == issuer.subject && issuer.public_key().verify(&self.tbs, &self.signature).is_ok()
    }

    /// Everything that it revokes.
    pub fn entries(&self) -> &[Revoked] {
        &self.revoked
    }

    /// Since when a certificate of its authority counts no more.
    pub fn since(&self, certificate: &Certificate) -> Option<Timestamp> {
        let number = serial(certificate).filter(|_| certificate.issuer == self.issuer)?;
        self.revoked.iter().find(|(own, _)| *own == number).map(|(_, since)| *since)
    }

    /// Whether a certificate of its authority counted no more at an instant.
    pub fn revokes(&self, certificate: &Certificate, at: Timestamp) -> bool {
        self.since(certificate).is_some_and(|since| since <= at)
    }
}
