//! Whether a PDF is one that a bureau signed, in the one form that is written here.

use domain::text::Text;
use domain::time::{Timestamp, moment_words};

use super::cms::{self, Content, Signed};
use super::dss::{self, LongTerm};
use super::stamp;
use crate::cert::{Certificate, RevocationList};
use crate::digest::sha256;
use crate::licence::{LicenceFile, verify_licence};
use crate::report::{CheckName, Checks, Report};
use crate::signed::Moment;

/// What a PDF says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfContent {
    /// The licence in it.
    pub licence: LicenceFile,
    /// Its signed data, byte for byte.
    pub data: Vec<u8>,
    /// When it was signed, by the signer's own clock.
    pub signed_at: Timestamp,
    /// When it was signed, by the time stamp.
    pub stamped_at: Option<Timestamp>,
    /// Whose certificate signed.
    pub signer: String,
}

const ALL: [CheckName; 9] = [
    CheckName::Coverage,
    CheckName::Digests,
    CheckName::Binding,
    CheckName::Signature,
    CheckName::TimeStamp,
    CheckName::Chain,
    CheckName::SigningTime,
    CheckName::Issuer,
    CheckName::Embedded,
];

/// Whether bytes begin as a PDF does.
pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
}

/// A signature found in a file.
struct Found {
    /// The four numbers of the byte range.
    range: [usize; 4],
    signed: Signed,
    /// The signer's own time.
    at: Timestamp,
}

/// Verifies a PDF offline, as of `at`: its form, that the signature covers the whole file, digest, that the certificates are those that
/// the signature names, signature, time stamp, certificate chains and validity at signing time, and the licence data inside.
pub fn verify(bytes: &[u8], roots: &[Certificate], at: impl Into<Moment>) -> Report<PdfContent> {
    let at = at.into();
    let mut checks = Checks::default();
    let found = match find(bytes) {
        Ok(found) => found,
        Err(error) => {
            checks.add(CheckName::Canonical, false, "文件不是本平台签名的规范 PDF", error);
            checks.fail_unmade(&ALL);
            return checks.report(None);
        }
    };
    checks.add(CheckName::Canonical, true, "签名格式规范", "the signature has its one regular form");
    let [start, open, close, rest] = found.range;
    let covered_bytes = close.checked_add(rest).filter(|_| start == 0);
    let long_term = covered_bytes.filter(|end| *end < bytes.len()).and_then(|end| dss::read(bytes, end));
    let whole = covered_bytes == Some(bytes.len()) || long_term.is_some();
    let words = if long_term.is_some() {
        ("签名覆盖整个文件，其后只有长期验证数据", "the signature covers the whole file up to the long-term data")
    } else if whole {
        ("签名覆盖整个文件", "the signature covers the whole file")
    } else {
        ("签名没有覆盖整个文件", "the signature does not cover the whole file")
    };
    checks.add(CheckName::Coverage, whole, words.0, words.1);
    let end = covered_bytes.unwrap_or(bytes.len());
    let covered = [bytes.get(..open).unwrap_or_default(), bytes.get(close..end).unwrap_or_default()].concat();
    let same = found.signed.content == Content::Detached(sha256(&covered));
    let words = if same {
        ("文件摘要（SHA-256）一致", "the digest (SHA-256) is right")
    } else {
        ("文件摘要不符，内容可能被改动", "the digest is wrong: something was changed")
    };
    checks.add(CheckName::Digests, same, words.0, words.1);
    let own = found.signed.has_its_certificates();
    let words = if own {
        ("证书与签名对应一致", "certificates and signature belong together")
    } else {
        (
            "证书不是签名时所用的证书（证书被调换或改动）",
            "a certificate is not the one that was signed with: it was exchanged or changed",
        )
    };
    checks.add(CheckName::Binding, own, words.0, words.1);
    let Some(chain) = stamp::chain(&found.signed) else {
        checks.add(CheckName::Signature, false, "无法读取签名证书", "the certificates cannot be read");
        checks.fail_unmade(ALL.get(4..).unwrap_or_default());
        return checks.report(None);
    };
    if let Some(data) = &long_term {
        checks.add_text(CheckName::LongTerm, kept(data, &found, &chain, roots));
    }
    check_signature(checks, bytes, &found, &chain, (roots, at))
}

/// The certificates of signature and time stamp, the signer's first.
pub(super) fn certificates_of(bytes: &[u8]) -> Option<Vec<Certificate>> {
    let found = find(bytes).ok()?;
    let mut all = stamp::chain(&found.signed)?;
    if let Some(token) = &found.signed.token {
        all.extend(stamp::chain_of_token(token)?);
    }
    Some(all)
}

/// Nothing stands in the long-term data but what belongs to the signature, and no list there revokes who signed.
fn kept(data: &LongTerm, found: &Found, chain: &[Certificate], roots: &[Certificate]) -> Result<Text, Text> {
    let no = |zh: &str, en: &str| Err(Text::new(zh, en));
    let token = found.signed.token.as_ref();
    let stamped = token.and_then(|token| stamp::chain_of_token(token)).unwrap_or_default();
    let known: Vec<&Certificate> = chain.iter().chain(&stamped).chain(roots).collect();
    if data.certificates.iter().any(|der| known.iter().all(|own| own.der() != der)) {
        return no("长期验证数据中有不属于此签名的证书", "the long-term data hold a certificate of something else");
    }
    let when = token.and_then(|token| stamp::time_of(token)).unwrap_or(found.at);
    for der in &data.lists {
        let Some(list) = RevocationList::from_der(der).filter(|list| known.iter().any(|own| list.is_of(own))) else {
            return no("长期验证数据中的吊销列表无效", "a revocation list in the long-term data is not validly signed");
        };
        if chain.iter().chain(&stamped).any(|own| list.revokes(own, when)) {
            return no("签名时证书已被吊销", "the certificate had been revoked when it was used");
        }
    }
    Ok(Text::new(
        format!("长期验证数据完整：{} 张证书、{} 份吊销列表", data.certificates.len(), data.lists.len()),
        format!("long-term data: {} certificates, {} revocation lists", data.certificates.len(), data.lists.len()),
    ))
}

fn check_signature(
    mut checks: Checks,
    bytes: &[u8],
    found: &Found,
    chain: &[Certificate],
    (roots, at): (&[Certificate], Moment),
) -> Report<PdfContent> {
    let fits = stamp::fits(&found.signed, chain);
    let words = if fits {
        ("签名（P-256）有效", "the signature (P-256) fits")
    } else {
        ("签名无效", "the signature does not fit")
    };
    checks.add(CheckName::Signature, fits, words.0, words.1);
    let mut stamped_at = None;
    if let Some(token) = &found.signed.token {
        let (time, answer) = stamp::check(token, &found.signed.signature, roots);
        stamped_at = time;
        checks.add_text(CheckName::TimeStamp, answer);
    }
    let when = stamped_at.unwrap_or(found.at);
    checks.add_text(CheckName::Chain, crate::render::chain(chain, roots, when));
    checks.add_text(CheckName::SigningTime, timely(found, stamped_at, chain, at));
    let data = embedded(bytes).unwrap_or_default();
    let licence = verify_licence(data, roots, at);
    let signer = chain.first();
    let named = licence.content.as_ref().is_some_and(|file| {
        let issuer = &file.licence.issuer;
        signer.and_then(Certificate::organisation) == Some(issuer.name.as_str())
            && signer.and_then(Certificate::code) == Some(issuer.uscc.as_str())
    });
    let words = if named {
        ("颁发机构与签名证书一致", "issuer and certificate agree")
    } else {
        ("颁发机构与签名证书不一致", "issuer and certificate differ")
    };
    checks.add(CheckName::Issuer, named, words.0, words.1);
    checks.add_text(CheckName::Embedded, crate::render::embedded(&licence));
    let content = licence.content.map(|licence| PdfContent {
        licence,
        data: data.to_vec(),
        signed_at: found.at,
        stamped_at,
        signer: signer.and_then(Certificate::common_name).unwrap_or_default().to_owned(),
    });
    checks.report(content)
}

/// The signer's own time and that of the stamp must agree, as far as two clocks do, and neither lie in the future.
fn timely(found: &Found, stamped_at: Option<Timestamp>, chain: &[Certificate], at: Moment) -> Result<Text, Text> {
    let no = |zh: String, en: String| Err(Text::new(zh, en));
    let when = stamped_at.unwrap_or(found.at);
    let moment = moment_words(when);
    if when > at.latest() || found.at > at.latest() {
        return no(format!("签名时间在未来：{}", moment.zh), format!("signed in the future: {}", moment.en));
    }
    if (when.micros() - found.at.micros()).abs() > at.tolerance_seconds * 1_000_000 {
        return no("签名时间与时间戳不一致".into(), "the signer's time is not that of the time stamp".into());
    }
    if !chain.first().is_some_and(|signer| signer.is_valid_at(when)) {
        return no("签名时证书不在有效期内".into(), "the certificate was not valid when it was used".into());
    }
    Ok(Text::new(format!("签名时间：{}", moment.zh), format!("signed {}", moment.en)))
}

/// The signature of the last update.
fn find(bytes: &[u8]) -> Result<Found, &'static str> {
    if !is_pdf(bytes) || !bytes.ends_with(b"\n%%EOF\n") {
        return Err("not a PDF, or there are bytes behind its end");
    }
    let begin = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:";
    let mut places = positions(bytes, begin);
    let start = places.next().ok_or("there is no signature of the form that is written here")?;
    if places.next().is_some() {
        return Err("there is more than one signature");
    }
    let head = bytes.get(start + begin.len()..).unwrap_or_default();
    let date = head.get(..14).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or_default();
    let at =
        time(date).filter(|_| head.get(14..22) == Some(b"+08'00')")).ok_or("the time of signing cannot be read")?;
    let word = b"/ByteRange[";
    let from = positions(head, word).next().ok_or("there is no byte range")? + word.len();
    let text = head.get(from..from + 35).and_then(|range| std::str::from_utf8(range).ok()).unwrap_or_default();
    let range = numbers(text).ok_or("the byte range cannot be read")?;
    let [_, open, close, _] = range;
    let before = start + begin.len() + from + 35;
    let value = bytes.get(open..close).unwrap_or_default();
    if bytes.get(before..open) != Some(b"/Contents") || bytes.get(close..close.saturating_add(2)) != Some(b">>") {
        return Err("the byte range does not leave out the signature alone");
    }
    let digits =
        value.strip_prefix(b"<").and_then(|value| value.strip_suffix(b">")).ok_or("the signature cannot be read")?;
    let signed = decode(digits).ok_or("the signature is not in its only form")?;
    Ok(Found { range, signed, at })
}

fn positions<'b>(bytes: &'b [u8], what: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    bytes.windows(what.len()).enumerate().filter(move |(_, window)| *window == what).map(|(at, _)| at)
}

/// `0`, then three numbers of ten digits, as they are written here.
fn numbers(text: &str) -> Option<[usize; 4]> {
    let parts: Vec<&str> = text.strip_suffix(']')?.split(' ').collect();
    let [start, rest @ ..] = parts.as_slice() else { return None };
    let fixed = *start == "0" && rest.len() == 3 && rest.iter().all(|part| part.len() == 10);
    let read: Vec<usize> = rest.iter().filter_map(|part| part.parse().ok()).collect();
    match read.as_slice() {
        [open, close, length] if fixed => Some([0, *open, *close, *length]),
        _ => None,
    }
}

/// Lower-case digits of one DER value, then nothing but zeros.
fn decode(digits: &[u8]) -> Option<Signed> {
    let bytes = hex::decode(digits).ok()?;
    if hex::encode(&bytes).as_bytes() != digits {
        return None;
    }
    let (_, _, value) = super::super::asn1::Reader::new(&bytes).next()?;
    let padding = bytes.get(value.len()..)?;
    if padding.iter().any(|byte| *byte != 0) {
        return None;
    }
    cms::decode(value)
}

/// `20261122093000`, Shanghai time.
fn time(digits: &str) -> Option<Timestamp> {
    let civil = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", digits).ok()?;
    let offset = jiff::tz::Offset::constant(8);
    Some(Timestamp::from_micros(offset.to_timestamp(civil).ok()?.as_microsecond()))
}

/// The attached licence file, as the PDF library embeds it: not compressed.
fn embedded(bytes: &[u8]) -> Option<&[u8]> {
    let word = b"/Type/EmbeddedFile/Subtype/application#2Fjson";
    let at = positions(bytes, word).next()?;
    let head = bytes.get(..at)?;
    let from = head.windows(10).rposition(|window| window == b"<</Length ")? + 10;
    let length: usize = std::str::from_utf8(head.get(from..)?).ok()?.parse().ok()?;
    let behind = bytes.get(at..)?;
    let start = positions(behind, b"stream\n").next()? + 7;
    behind.get(start..start.checked_add(length)?)
}
