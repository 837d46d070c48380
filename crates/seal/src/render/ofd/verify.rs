//! Whether a package is one that a bureau sealed: everything that GB/T 38540 asks and what readers commonly leave out.

use std::collections::BTreeSet;

use domain::text::Text;
use domain::time::{Timestamp, moment_words};

use super::seal::{Seal, SignedValue, read_seal, read_signed_value};
use super::zip::{self, Entry};
use super::{LICENCE, PACKAGE, SEAL, SIGNATURE, SIGNED_VALUE, package_list, signature_xml};
use crate::cert::{Certificate, verify_chain};
use crate::digest::sm3;
use crate::key::Alg;
use crate::licence::{LicenceFile, verify_licence};
use crate::render::{asn1, embedded_chain};
use crate::report::{CheckName, Checks, Report};
use crate::signed::Moment;

/// What a package says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfdContent {
    /// The licence in it.
    pub licence: LicenceFile,
    /// Its signed data, byte for byte.
    pub data: Vec<u8>,
    /// When it was sealed.
    pub signed_at: Timestamp,
    /// Number of the seal.
    pub seal_id: String,
    /// The name on the seal.
    pub seal_name: String,
    /// Whose certificate signed.
    pub signer: String,
}

const ALL: [CheckName; 10] = [
    CheckName::Coverage,
    CheckName::Digests,
    CheckName::Binding,
    CheckName::Signature,
    CheckName::SealSigner,
    CheckName::SealMaker,
    CheckName::Chain,
    CheckName::SigningTime,
    CheckName::Issuer,
    CheckName::Embedded,
];

/// Whether bytes begin as a package does.
pub fn is_ofd(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Verifies a package offline, as of `at`: its form, that every file in it is covered, every digest, the seal and both
/// signatures, certificate chains and validity at signing time, and the licence data inside.
pub fn verify(bytes: &[u8], roots: &[Certificate], at: impl Into<Moment>) -> Report<OfdContent> {
    let at = at.into();
    let mut checks = Checks::default();
    let entries = match zip::read(bytes) {
        Ok(entries) => entries,
        Err(error) => {
            checks.add(CheckName::Canonical, false, "文件不是本平台的规范 OFD", error);
            checks.fail_unmade(&ALL);
            return checks.report(None);
        }
    };
    checks.add(CheckName::Canonical, true, "OFD 文件格式规范", "the package has its one regular form");
    checks.add_text(CheckName::Coverage, covered(&entries));
    let read = file(&entries, SIGNED_VALUE).and_then(read_signed_value);
    let seal = file(&entries, SEAL).and_then(read_seal);
    let described = file(&entries, SIGNATURE).unwrap_or_default();
    checks.add_text(CheckName::Digests, digests(&entries, described));
    let (Some(value), Some(seal)) = (read, seal) else {
        checks.add(CheckName::Binding, false, "电子印章或签名值无法读取", "the seal or its signature cannot be read");
        checks.fail_unmade(ALL.get(3..).unwrap_or_default());
        return checks.report(None);
    };
    checks.add_text(CheckName::Binding, bound(&entries, &value, described));
    check_signatures(&mut checks, &entries, &value, &seal, (roots, at))
}

fn file<'e>(entries: &'e [Entry], name: &str) -> Option<&'e [u8]> {
    entries.iter().find(|entry| entry.name == name).map(|entry| entry.bytes.as_slice())
}

fn no(zh: &str, en: &str) -> Result<Text, Text> {
    Err(Text::new(zh, en))
}

/// No name twice, the list of packed files is right, and nothing but the signature stands outside of it.
fn covered(entries: &[Entry]) -> Result<Text, Text> {
    let names: BTreeSet<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    if names.len() != entries.len() {
        return no("OFD 中有重名文件", "a name stands twice in the package");
    }
    let Some(listed) = entries.len().checked_sub(3).and_then(|count| entries.split_at_checked(count)) else {
        return no("OFD 中缺少文件", "files are missing from the package");
    };
    let last: Vec<(&str, bool)> = listed.1.iter().map(|entry| (entry.name.as_str(), entry.deflated)).collect();
    if last != [(PACKAGE, false), (SIGNATURE, false), (SIGNED_VALUE, false)] {
        return no("OFD 中有未列入签名的文件", "the package holds files that the signature does not cover");
    }
    if file(entries, PACKAGE) != Some(package_list(listed.0).as_slice()) {
        return no("OFD 中的文件与包内清单不一致", "the files are not those of the package's own list");
    }
    Ok(Text::new(
        format!("签名覆盖包内全部 {} 个文件", entries.len() - 2),
        format!("all {} files of the package are covered", entries.len() - 2),
    ))
}

/// Every digest in Signature.xml is that of its file, and the description has its only form.
fn digests(entries: &[Entry], described: &[u8]) -> Result<Text, Text> {
    let text = std::str::from_utf8(described).unwrap_or_default();
    let (Some(stamp), Some(at)) = (part(text, "PageRef=\"1\" ", "/>"), described_time(text)) else {
        return no("签名描述文件无法读取", "the description of the signature cannot be read");
    };
    let covered = entries.get(..entries.len().saturating_sub(2)).unwrap_or_default();
    let expected = signature_xml(covered, at, stamp);
    if expected == text {
        return Ok(Text::new("全部文件摘要（SM3）一致", "every digest (SM3) is right"));
    }
    for entry in covered {
        let reference = format!("FileRef=\"/{}\"><ofd:CheckValue>", entry.name);
        let wanted = part(&expected, &reference, "<");
        if part(text, &reference, "<") != wanted {
            let name = &entry.name;
            return no(&format!("文件摘要不符：{name}"), &format!("the digest of {name} is wrong"));
        }
    }
    no("签名描述文件不是规范格式", "the description of the signature is not in its only form")
}

fn part<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split_once(after).map(|(inside, _)| inside)
}

/// The time of signing that Signature.xml gives.
fn described_time(text: &str) -> Option<Timestamp> {
    asn1::instant(part(text, "<ofd:SignatureDateTime>", "<")?.as_bytes())
}

/// The signature is over this description, with this very seal.
fn bound(entries: &[Entry], value: &SignedValue, described: &[u8]) -> Result<Text, Text> {
    if file(entries, SEAL) != Some(value.seal.as_slice()) {
        return no(
            "签名中的印章与文件中的印章不一致（印章或印模被调换）",
            "the seal in the file is not the one in the signature",
        );
    }
    if value.digest != sm3(described) {
        return no("签名值与签名描述文件不符", "the signature is over another description");
    }
    Ok(Text::new("签名、印章与文件对应一致", "signature, seal and file belong together"))
}

fn check_signatures(
    checks: &mut Checks,
    entries: &[Entry],
    value: &SignedValue,
    seal: &Seal,
    (roots, at): (&[Certificate], Moment),
) -> Report<OfdContent> {
    let Ok(signer) = Certificate::from_der(&value.certificate) else {
        checks.add(CheckName::Signature, false, "无法读取签名证书", "the certificates cannot be read");
        checks.fail_unmade(ALL.get(4..).unwrap_or_default());
        return std::mem::take(checks).report(None);
    };
    let fits = signer.public_key().alg() == Alg::Sm2Sm3
        && signer.public_key().verify(&value.to_sign, &value.signature).is_ok();
    let words = if fits {
        ("签名（SM2）与内容相符", "the signature (SM2) fits")
    } else {
        ("签名与内容不符", "the signature does not fit")
    };
    checks.add(CheckName::Signature, fits, words.0, words.1);
    checks.add_text(CheckName::SealSigner, listed(value, seal));
    checks.add_text(CheckName::SealMaker, made(seal, roots));
    let data = file(entries, LICENCE).unwrap_or_default();
    let chain = embedded_chain(data, &signer);
    checks.add_text(CheckName::Chain, crate::render::chain(&chain, roots, value.at));
    let described = file(entries, SIGNATURE).and_then(|xml| described_time(std::str::from_utf8(xml).ok()?));
    checks.add_text(CheckName::SigningTime, timely(value, described, seal, &signer, at));
    let licence = verify_licence(data, roots, at);
    let issuer = licence.content.as_ref().map(|file| file.licence.issuer.clone());
    let named = issuer.is_some_and(|issuer| {
        signer.organisation() == Some(&issuer.name)
            && signer.code() == Some(&issuer.uscc)
            && seal.request.name == issuer.name
    });
    let words = if named {
        ("颁发机构、印章与签名证书一致", "issuer, seal and certificate agree")
    } else {
        ("颁发机构、印章与签名证书不一致", "issuer, seal and certificate differ")
    };
    checks.add(CheckName::Issuer, named, words.0, words.1);
    checks.add_text(CheckName::Embedded, crate::render::embedded(&licence));
    let content = licence.content.map(|licence| OfdContent {
        licence,
        data: data.to_vec(),
        signed_at: value.at,
        seal_id: seal.request.id.clone(),
        seal_name: seal.request.name.clone(),
        signer: signer.common_name().unwrap_or_default().to_owned(),
    });
    std::mem::take(checks).report(content)
}

fn listed(value: &SignedValue, seal: &Seal) -> Result<Text, Text> {
    if seal.request.signers.contains(&value.certificate) {
        Ok(Text::new("签名人在印章授权名单中", "the seal lists the signer"))
    } else {
        no("签名人不在印章授权名单中", "the seal does not list the signer")
    }
}

fn made(seal: &Seal, roots: &[Certificate]) -> Result<Text, Text> {
    let Ok(maker) = Certificate::from_der(&seal.maker) else {
        return no("无法读取制章人证书", "the certificate of the seal's maker cannot be read");
    };
    if maker.public_key().alg() != Alg::Sm2Sm3 || maker.public_key().verify(&seal.info, &seal.signature).is_err() {
        return no("制章人签名无效，印章可能被改动", "the signature of the seal's maker does not fit");
    }
    if let Err(error) = verify_chain(std::slice::from_ref(&maker), roots, seal.request.created) {
        return no("制章人证书不受信任", &format!("the seal's maker is not trusted: {error}"));
    }
    let name = maker.common_name().unwrap_or_default();
    Ok(Text::new(format!("印章由受信任的制章人制作：{name}"), format!("the seal was made by {name}")))
}

/// Both places give the same time, which is not in the future, and at which seal and certificate were valid.
fn timely(
    value: &SignedValue,
    described: Option<Timestamp>,
    seal: &Seal,
    signer: &Certificate,
    at: Moment,
) -> Result<Text, Text> {
    let moment = moment_words(value.at);
    if described != Some(value.at) {
        return no(
            "签名值中的时间与签名描述文件中的时间不一致",
            "the signature and its description give different times",
        );
    }
    if value.at > at.latest() {
        return no(&format!("签名时间在未来：{}", moment.zh), &format!("signed in the future: {}", moment.en));
    }
    if value.at < seal.request.valid_from || value.at > seal.request.valid_to {
        return no("签名时印章不在有效期内", "the seal was not valid when it was used");
    }
    if !signer.is_valid_at(value.at) {
        return no("签名时证书不在有效期内", "the certificate was not valid when it was used");
    }
    Ok(Text::new(format!("签章时间：{}", moment.zh), format!("sealed {}", moment.en)))
}
