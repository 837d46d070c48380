//! The envelope that licences, documents and status lists share.
//!
//! A signed file is one canonical JSON object: the members of the body, and `signature`. What is signed is that object
//! without `signature.value`, so algorithm, certificates and time are covered as well as the body, and a body of one kind can never
//! pass as another (its members have other names).
//!
//! ```text
//! {"format":"…", "licence":{…}, "signature":{"alg":"SM2-SM3","certs":["<base64 DER, signer first>"],
//!  "distid":"1234567812345678","signed_at":"2026-11-22T09:30:00+08:00","value":"<base64 DER>"}}
//! ```

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::text::Text;
use domain::time::{Timestamp, moment_words};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::cert::{CertError, Certificate, verify_chain};
use crate::jcs::{self, JcsError};
use crate::key::{Alg, DISTID, KeyError, Signer};
use crate::report::{CheckName, Checks};

/// How far a signing time may lie in the future of the verifier's clock when nothing else is set, in seconds.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 300;

/// As of when something is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The verifier's clock.
    pub now: Timestamp,
    /// How far a signing time may lie in the future of it, in seconds.
    pub tolerance_seconds: i64,
}

impl From<Timestamp> for Moment {
    fn from(now: Timestamp) -> Moment {
        Moment { now, tolerance_seconds: CLOCK_TOLERANCE_SECONDS }
    }
}

impl Moment {
    /// The latest time that does not count as the future.
    pub(crate) fn latest(self) -> Timestamp {
        self.now.plus_seconds(self.tolerance_seconds)
    }
}

const SIGNATURE: &str = "signature";
const VALUE: &str = "value";

/// Why something cannot be signed.
#[derive(Debug, Error)]
pub enum SealError {
    /// The body cannot be written as canonical JSON.
    #[error(transparent)]
    Json(#[from] JcsError),
    /// The signer's certificate cannot be read.
    #[error(transparent)]
    Certificate(#[from] CertError),
    /// The key refused.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Signing would make a file that every verifier refuses: wrong algorithm, certificate not valid now or not the
    /// issuer's, wrong format, a QR code that does not fit.
    #[error("refusing to sign: {0}")]
    Refused(&'static str),
}

/// A body that takes part in numbers and seals: the bureau 颁发机构.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Its full name in Chinese, as in its certificate.
    pub name: String,
    /// Its unified social credit code, 18 characters.
    pub uscc: String,
}

/// What can be signed: a struct whose members become the members of the file.
pub trait Body: Serialize + DeserializeOwned + Clone {
    /// The value that the member `format` must have.
    const FORMAT: &'static str;
    /// The member `format` of this one.
    fn format(&self) -> &str;
    /// Who is responsible; the signer's certificate must be of the same body.
    fn issuer(&self) -> &Issuer;
}

/// The member `signature`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// `SM2-SM3`; nothing else is accepted.
    pub alg: Alg,
    /// The signer's certificate and those above it without the root, base64 of DER.
    pub certs: Vec<String>,
    /// The SM2 identity string; always the default one.
    pub distid: String,
    /// When it was signed.
    #[serde(with = "rfc3339")]
    pub signed_at: Timestamp,
    /// The signature, base64 of DER.
    pub value: String,
}

/// A file that was read: its body and its signature, neither of them to be believed before the checks.
#[derive(Debug, Clone)]
pub(crate) struct Opened<B> {
    pub(crate) body: B,
    pub(crate) signature: Signature,
}

/// Signs a body and returns the bytes of the file.
///
/// `signed_at` is cut to whole seconds. Signing the same body with the same key at the same instant gives the same bytes.
pub fn sign<B: Body>(body: &B, signer: &dyn Signer, signed_at: Timestamp) -> Result<Vec<u8>, SealError> {
    refuse_unfit(body, signer, signed_at)?;
    let signature = Signature {
        alg: signer.alg(),
        certs: signer.certificate_chain().iter().map(|der| STANDARD.encode(der)).collect(),
        distid: DISTID.to_owned(),
        signed_at,
        value: String::new(),
    };
    let mut signature = object(&signature)?;
    signature.remove(VALUE);
    let signature = Value::Object(signature);
    let own = [format!("\"{SIGNATURE}\":").as_bytes(), &jcs::of_value(&signature)?].concat();
    let mut file = object(body)?;
    file.insert(SIGNATURE.to_owned(), signature);
    let mut bytes = jcs::of_value(&Value::Object(file))?;
    let value = STANDARD.encode(signer.sign(&bytes)?);
    // Canonical forms are long to make, and `value` comes last among its siblings: it is put in where they end. The signature
    // is among the last members of every file, so it is looked for from there.
    let begin = bytes.windows(own.len()).rposition(|part| part == own).ok_or(SealError::Refused("no signature"))?;
    let end = begin + own.len() - 1;
    bytes.splice(end..end, format!(",\"{VALUE}\":\"{value}\"").into_bytes());
    Ok(bytes)
}

fn refuse_unfit<B: Body>(body: &B, signer: &dyn Signer, signed_at: Timestamp) -> Result<(), SealError> {
    if signer.alg() != Alg::Sm2Sm3 {
        return Err(SealError::Refused("only SM2 with SM3 is accepted"));
    }
    if body.format() != B::FORMAT {
        return Err(SealError::Refused("the format is not the current one"));
    }
    let Some(certificate) = signer.certificate() else {
        return Err(SealError::Refused("the signer has no certificate"));
    };
    if !certificate.is_valid_at(signed_at) {
        return Err(SealError::Refused("the signer's certificate is not valid at the time of signing"));
    }
    if issuer_fits(body.issuer(), &certificate).is_err() {
        return Err(SealError::Refused("the issuer is not the body of the signer's certificate"));
    }
    Ok(())
}

fn object<T: Serialize>(value: &T) -> Result<Map<String, Value>, SealError> {
    match serde_json::to_value(value).map_err(JcsError::from)? {
        Value::Object(map) => Ok(map),
        _ => Err(SealError::Refused("only an object can be signed")),
    }
}

/// Makes the checks that all signed files share, in this order: canonical, schema, algorithm, signature, chain, signing time,
/// issuer.
pub(crate) fn open<B: Body>(bytes: &[u8], roots: &[Certificate], at: Moment) -> (Checks, Option<Opened<B>>) {
    use CheckName::{Algorithm, Canonical, Chain, Issuer, Schema, Signature, SigningTime};
    let mut checks = Checks::default();
    let value = match jcs::value(bytes) {
        Ok(value) => value,
        Err(error) => {
            checks.add(Canonical, false, "文件不是规范格式（RFC 8785）", error.to_string());
            checks.fail_unmade(&[Schema, Algorithm, Signature, Chain, SigningTime, Issuer]);
            return (checks, None);
        }
    };
    checks.add(Canonical, true, "文件格式规范", "the file has its one regular form");
    let opened = match read::<B>(&value, bytes) {
        Ok(opened) => opened,
        Err(reason) => {
            checks.add(Schema, false, format!("文件内容不完整或有多余内容：{reason}"), reason);
            checks.fail_unmade(&[Algorithm, Signature, Chain, SigningTime, Issuer]);
            return (checks, None);
        }
    };
    checks.add(Schema, true, "内容项目齐全，无多余项目", "all fields present, none unknown");
    check_signature(&mut checks, value, &opened, roots, at);
    (checks, Some(opened))
}

fn read<B: Body>(value: &Value, bytes: &[u8]) -> Result<Opened<B>, String> {
    let mut members = value.as_object().cloned().ok_or("not an object")?;
    let signature = members.remove(SIGNATURE).ok_or("no signature")?;
    let signature: Signature = serde_json::from_value(signature).map_err(|error| error.to_string())?;
    let body: B = serde_json::from_value(Value::Object(members)).map_err(|error| error.to_string())?;
    if body.format() != B::FORMAT {
        return Err(format!("format is not {}", B::FORMAT));
    }
    // Writing it again must give the same bytes: nothing was ignored, nothing was filled in.
    let mut again = object(&body).map_err(|error| error.to_string())?;
    again.insert(SIGNATURE.to_owned(), serde_json::to_value(&signature).map_err(|error| error.to_string())?);
    match jcs::to_bytes(&again) {
        Ok(again) if again == bytes => Ok(Opened { body, signature }),
        _ => Err("some fields are not in their only form".to_owned()),
    }
}

fn check_signature<B: Body>(checks: &mut Checks, value: Value, opened: &Opened<B>, roots: &[Certificate], at: Moment) {
    use CheckName::{Chain, Issuer, Signature, SigningTime};
    let signature = &opened.signature;
    let algorithm_ok = signature.alg == Alg::Sm2Sm3 && signature.distid == DISTID;
    let named = format!("{} / {}", signature.alg.name(), signature.distid);
    checks.add(
        CheckName::Algorithm,
        algorithm_ok,
        if algorithm_ok {
            "签名算法是国家标准 SM2/SM3".to_owned()
        } else {
            format!("不接受的签名算法：{named}")
        },
        if algorithm_ok {
            "signed with the national standard SM2/SM3".to_owned()
        } else {
            format!("algorithm {named} is not accepted")
        },
    );
    let Some((chain, leaf)) = certificates(&signature.certs) else {
        checks.add(Signature, false, "无法读取签名证书", "the signer's certificates cannot be read");
        checks.fail_unmade(&[Chain, SigningTime, Issuer]);
        return;
    };
    let fits = signed_bytes(value)
        .and_then(|message| Some((message, STANDARD.decode(&signature.value).ok()?)))
        .is_some_and(|(message, value)| leaf.public_key().verify(&message, &value).is_ok())
        // Whatever the file says about itself: a P-256 key, such as that of the QR codes, seals no file.
        && leaf.public_key().alg() == Alg::Sm2Sm3;
    if fits {
        checks.add(Signature, true, "签名与内容相符，内容未被改动", "the signature fits: nothing was changed");
    } else {
        checks.add(Signature, false, "签名与内容不符，内容可能被改动", "the signature does not fit these bytes");
    }
    checks.add_text(Chain, chain_answer(&chain, roots, signature.signed_at));
    checks.add_text(SigningTime, time_answer(&leaf, signature.signed_at, at));
    checks.add_text(Issuer, issuer_fits(opened.body.issuer(), &leaf));
}

/// The certificates of a file and the signer's own.
pub(crate) fn certificates(encoded: &[String]) -> Option<(Vec<Certificate>, Certificate)> {
    if encoded.len() > crate::cert::MAX_CHAIN {
        return None;
    }
    let chain: Option<Vec<Certificate>> =
        encoded.iter().map(|text| Certificate::from_der(&STANDARD.decode(text).ok()?).ok()).collect();
    let chain = chain?;
    let leaf = chain.first()?.clone();
    Some((chain, leaf))
}

fn signed_bytes(mut value: Value) -> Option<Vec<u8>> {
    value.get_mut(SIGNATURE)?.as_object_mut()?.remove(VALUE)?;
    jcs::to_bytes(&value).ok()
}

fn chain_answer(chain: &[Certificate], roots: &[Certificate], at: Timestamp) -> Result<Text, Text> {
    match verify_chain(chain, roots, at) {
        Ok(root) => {
            let root = root.common_name().unwrap_or_default();
            Ok(Text::new(format!("证书链可追溯至受信任的根证书：{root}"), format!("trusted root: {root}")))
        }
        Err(error) => Err(Text::new("证书链不能追溯至受信任的根证书", error.to_string())),
    }
}

fn time_answer(leaf: &Certificate, signed_at: Timestamp, at: Moment) -> Result<Text, Text> {
    let moment = moment_words(signed_at);
    if signed_at > at.latest() {
        return Err(Text::new(
            format!("签名时间在未来：{}", moment.zh),
            format!("signed in the future: {}", moment.en),
        ));
    }
    if !leaf.is_valid_at(signed_at) {
        return Err(Text::new(
            format!("签名时证书不在有效期内：{}", moment.zh),
            format!("the certificate was not valid when it was used: {}", moment.en),
        ));
    }
    Ok(Text::new(
        format!("签名时间：{}，在证书有效期内", moment.zh),
        format!("signed {}, while the certificate was valid", moment.en),
    ))
}

fn issuer_fits(issuer: &Issuer, leaf: &Certificate) -> Result<Text, Text> {
    let name = &issuer.name;
    if leaf.code() == Some(issuer.uscc.as_str()) && leaf.organisation() == Some(name.as_str()) {
        Ok(Text::new(format!("颁发机构与签名证书一致：{name}"), format!("issuer and certificate agree: {name}")))
    } else {
        let signer = leaf.organisation().unwrap_or_default();
        Err(Text::new(
            format!("颁发机构（{name}）与签名证书（{signer}）不一致"),
            format!("the issuer ({name}) is not the signer ({signer})"),
        ))
    }
}

/// Instants in signed files: RFC 3339 with the Shanghai offset and whole seconds, in exactly one form.
pub mod rfc3339 {
    use super::{Deserialize, Deserializer, Serializer, Timestamp};

    /// Writes the form of [`Timestamp::rfc3339`].
    pub fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&at.rfc3339())
    }

    /// Reads it back and refuses every other form of the same instant.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::instant(&text)
    }
}

fn instant<E: serde::de::Error>(text: &str) -> Result<Timestamp, E> {
    let parsed: jiff::Timestamp = text.parse().map_err(E::custom)?;
    let at = Timestamp::from_micros(parsed.as_microsecond());
    if at.rfc3339() == text { Ok(at) } else { Err(E::custom("not in the form 2026-11-22T09:30:00+08:00")) }
}
