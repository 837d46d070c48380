//! Licences 电子证照: signed structured data. OFD, PDF, the card and the QR code are renderings of it.

use domain::text::Text;
use domain::time::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::cert::{Certificate, verify_chain};
use crate::digest::{is_public_id, sm3};
use crate::identifier;
use crate::jcs;
use crate::key::Signer;
use crate::qr;
use crate::report::{CheckName, Report};
use crate::signed::{self, Body, Issuer, Moment, SealError};

/// The mark on everything that a demonstration city issues.
pub const SPECIMEN: &str = "演示样本 SPECIMEN";

/// The value of the member `format`.
pub const FORMAT: &str = "yichuang.licence.1";

/// What kind of licence it is 证照类型.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenceType {
    /// 证照类型代码: 18-character credit code of the body that defines the type + 3 digits (GB/T 36904).
    pub code: String,
    /// The name of the type.
    pub name: Text,
}

/// What kind of number identifies the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeKind {
    /// Unified social credit code 统一社会信用代码 (GB 32100).
    Uscc,
    /// Citizen number 公民身份号码 (GB 11643).
    CitizenId,
    /// Any other document of a person: passport, residence permit.
    Other,
}

/// Who holds it 持证主体.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// The name.
    pub name: String,
    /// The number; in full here, masked in the QR code and on public pages.
    pub code: String,
    /// Of which kind it is.
    pub code_kind: CodeKind,
}

/// A line on the face of the licence 照面信息.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurfaceField {
    /// The key in the licence type's definition.
    pub key: String,
    /// Its label.
    pub label: Text,
    /// What stands there; empty = printed as a dash.
    pub value: String,
}

/// Where the licence's status stands: bit pair `index` of the signed status list `list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusRef {
    /// The list's id.
    pub list: String,
    /// The place in the list, drawn at random so that neighbours say nothing.
    pub index: u32,
}

/// A licence as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenceData {
    /// 证照标识 (GB/T 36904): `1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>`.
    pub identifier: String,
    /// The random public id in addresses, see [`crate::digest::public_id`].
    pub public_id: String,
    /// The type.
    #[serde(rename = "type")]
    pub kind: LicenceType,
    /// 证照编号: the printed number, e.g. `鲁卫公证字〔2026〕第000042号`.
    pub number: String,
    /// 1, 2, 3 …: each change of a licence is a new version with a new identifier.
    pub version: u32,
    /// The holder.
    pub holder: Holder,
    /// The issuing bureau.
    pub issuer: Issuer,
    /// 颁发日期.
    pub issue_date: Date,
    /// First legal day of validity.
    pub valid_from: Date,
    /// Last legal day of validity; `None` = without limit 长期.
    pub valid_to: Option<Date>,
    /// The face, in order.
    pub surface: Vec<SurfaceField>,
    /// Where its status is found.
    pub status: StatusRef,
    /// 办件编号 of the case it came from.
    pub case_number: String,
    /// True in a demonstration city: every rendering says [`SPECIMEN`].
    pub specimen: bool,
}

impl LicenceData {
    /// The canonical bytes of the data alone, without envelope.
    pub fn canonical(&self) -> Result<Vec<u8>, jcs::JcsError> {
        jcs::to_bytes(self)
    }

    /// SM3 of the canonical bytes: what the QR code binds itself to.
    pub fn sm3(&self) -> Result<[u8; 32], jcs::JcsError> {
        Ok(sm3(&self.canonical()?))
    }

    /// Whether a legal day lies in the period of validity. Says nothing about revocation: that is the status list's.
    pub fn covers(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// The QR code that goes with a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QrPart {
    /// What the symbol holds: `https://<host>/v/<public id>#<payload>`.
    pub url: String,
    /// The P-256 certificate of its signer and those above it, base64 of DER.
    pub certs: Vec<String>,
}

/// The members of a licence file beside `signature`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenceFile {
    /// [`FORMAT`].
    pub format: String,
    /// The data.
    pub licence: LicenceData,
    /// Its QR code; `null` where none was made.
    pub qr: Option<QrPart>,
}

impl Body for LicenceFile {
    const FORMAT: &'static str = FORMAT;

    fn format(&self) -> &str {
        &self.format
    }

    fn issuer(&self) -> &Issuer {
        &self.licence.issuer
    }
}

/// Signs a licence with the bureau's SM2 key and returns the bytes of the file.
///
/// Refuses data that would not verify: an identifier with a wrong check character or of another type, a public id of the
/// wrong form, an end before the beginning, a signer that is not the issuer.
pub fn sign_licence(
    data: &LicenceData,
    qr: Option<QrPart>,
    signer: &dyn Signer,
    signed_at: Timestamp,
) -> Result<Vec<u8>, SealError> {
    if !is_public_id(&data.public_id) {
        return Err(SealError::Refused("the public id has not the form of one"));
    }
    if data.valid_to.is_some_and(|last| last < data.valid_from) {
        return Err(SealError::Refused("the licence ends before it begins"));
    }
    if identifier::answer(data).is_err() {
        return Err(SealError::Refused("the licence identifier is not one of this type, issuer and version"));
    }
    signed::sign(&LicenceFile { format: FORMAT.to_owned(), licence: data.clone(), qr }, signer, signed_at)
}

/// A licence file with the address that its QR symbol holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// `https://<host>/v/<public id>#<payload>`.
    pub qr_url: String,
}

/// Makes the QR code with the bureau's P-256 key, puts it into the file and signs that with the bureau's SM2 key.
pub fn issue_licence(
    data: &LicenceData,
    host: &str,
    signer: &dyn Signer,
    qr_signer: &dyn Signer,
    signed_at: Timestamp,
) -> Result<Issued, SealError> {
    let qr = qr::encode(data, host, qr_signer)?;
    let qr_url = qr.url.clone();
    Ok(Issued { bytes: sign_licence(data, Some(qr), signer, signed_at)?, qr_url })
}

/// Verifies a licence file against the configured roots, offline, as of `now`.
///
/// `roots` are those of both keys: the SM2 root for the file and the P-256 root for the QR code in it. Checks beyond those of every signed
/// file: the identifier is right, and the QR code, where there is one, is signed by the same body and says the same.
///
/// Whether the licence is in force today is another question: ask [`LicenceData::covers`] and the status list.
pub fn verify_licence(bytes: &[u8], roots: &[Certificate], at: impl Into<Moment>) -> Report<LicenceFile> {
    let at = at.into();
    let (mut checks, opened) = signed::open::<LicenceFile>(bytes, roots, at);
    match &opened {
        None => checks.fail_unmade(&[CheckName::Identifier, CheckName::Qr]),
        Some(opened) => {
            let file = &opened.body;
            checks.add_text(CheckName::Identifier, identifier::answer(&file.licence));
            if let Some(part) = &file.qr {
                checks.add_text(CheckName::Qr, qr_answer(part, &file.licence, opened.signature.signed_at, roots, at));
            }
        }
    }
    checks.report(opened.map(|opened| opened.body))
}

/// Whether the QR code in a file belongs to the licence in it.
fn qr_answer(
    part: &QrPart,
    data: &LicenceData,
    signed_at: Timestamp,
    roots: &[Certificate],
    at: Moment,
) -> Result<Text, Text> {
    let no = |zh: &str, en: &str| Err(Text::new(zh, en));
    let Some((chain, leaf)) = signed::certificates(&part.certs) else {
        return no("无法读取二维码的签名证书", "the certificates of the QR code cannot be read");
    };
    if let Err(error) = verify_chain(&chain, roots, signed_at) {
        return no("二维码的证书链不受信任", &format!("the QR code's certificates are not trusted: {error}"));
    }
    let report = qr::verify(&part.url, &[leaf], at);
    if !report.valid {
        return no("二维码签名无效", "the signature of the QR code is not valid");
    }
    let path = part.url.split_once('#').map_or("", |(address, _)| address);
    let expected = qr::QrClaims::of(data).ok();
    if report.content != expected || !path.ends_with(&format!("/v/{}", data.public_id)) {
        return no("二维码内容与证照不一致", "the QR code and the licence differ");
    }
    Ok(Text::new("二维码与证照一致", "the QR code and the licence agree"))
}
