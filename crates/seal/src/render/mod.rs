//! The three renderings of a page, and the verification of those that are files of their own.

pub(crate) mod asn1;
pub mod ofd;
pub mod pdf;
mod svg;

pub use svg::{face_svg, svg};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::text::Text;
use domain::time::Timestamp;

use crate::cert::{Certificate, verify_chain};
use crate::licence::LicenceFile;
use crate::report::Report;

/// The certificates above a signer's, from the licence data beside the signature when it was signed with the same one: a seal's
/// signature has room for only one certificate.
fn embedded_chain(licence: &[u8], signer: &Certificate) -> Vec<Certificate> {
    let alone = || vec![signer.clone()];
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(licence) else { return alone() };
    let encoded = value.pointer("/signature/certs").and_then(serde_json::Value::as_array);
    let decode = |text: &serde_json::Value| Certificate::from_der(&STANDARD.decode(text.as_str()?).ok()?).ok();
    let chain: Option<Vec<Certificate>> = encoded.and_then(|certs| certs.iter().map(decode).collect());
    chain.filter(|chain| chain.first().is_some_and(|first| first.der() == signer.der())).unwrap_or_else(alone)
}

/// Whether a chain leads to a root, in words.
fn chain(chain: &[Certificate], roots: &[Certificate], at: Timestamp) -> Result<Text, Text> {
    match verify_chain(chain, roots, at) {
        Ok(root) => {
            let root = root.common_name().unwrap_or_default();
            Ok(Text::new(format!("证书链可追溯至受信任的根证书：{root}"), format!("trusted root: {root}")))
        }
        Err(error) => Err(Text::new("证书链不能追溯至受信任的根证书", error.to_string())),
    }
}

/// What the verification of the licence data inside a rendering found, in one sentence.
fn embedded(report: &Report<LicenceFile>) -> Result<Text, Text> {
    match report.checks.iter().find(|check| !check.ok) {
        None if report.valid => Ok(Text::new("内嵌的证照数据签名有效", "the licence data inside is validly signed")),
        Some(check) => Err(Text::new(
            format!("内嵌的证照数据无效：{}", check.detail.zh),
            format!("the licence data inside is not valid: {}", check.detail.en),
        )),
        None => Err(Text::new("没有内嵌的证照数据", "there is no licence data inside")),
    }
}
