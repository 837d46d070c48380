//! A small city with a root and two bureaus, made from fixed bytes.

use domain::text::Text;
use domain::time::Timestamp;
use jiff::civil::date;
use seal::cert::{Certificate, Request, Subject, issue, issue_time_stamper, self_sign};
use seal::key::{Alg, KeySigner, PrivateKey};
use seal::licence::{CodeKind, Holder, LicenceData, LicenceType, StatusRef, SurfaceField};
use seal::signed::Issuer;

pub const BUREAU: &str = "青岛市行政审批服务局";
pub const USCC: &str = "11370200MB28559184";

/// Repeatable bytes that look random: SHA-256 of a counter.
pub fn bytes(seed: u8) -> impl FnMut(&mut [u8]) {
    let mut counter = u32::from(seed) << 16;
    move |out: &mut [u8]| {
        for chunk in out.chunks_mut(32) {
            counter += 1;
            chunk.iter_mut().zip(seal::digest::sha256(&counter.to_be_bytes())).for_each(|(to, from)| *to = from);
        }
    }
}

pub fn day(year: i16, month: i8, day: i8) -> Timestamp {
    Timestamp::start_of(date(year, month, day)).plus_seconds(9 * 3600)
}

pub fn now() -> Timestamp {
    day(2026, 11, 22)
}

pub struct Authority {
    pub key: PrivateKey,
    pub root: Certificate,
}

impl Authority {
    pub fn new(alg: Alg, seed: u8) -> Authority {
        let mut random = bytes(seed);
        let key = PrivateKey::generate(alg, &mut random);
        let subject =
            Subject {
                common_name: "青岛市电子证照根证书".into(), organisation: "青岛市人民政府".into(), code: None
            };
        let request = Request { subject, not_before: day(2026, 1, 1), not_after: day(2056, 1, 1) };
        let root = self_sign(&key, &request, &mut random).unwrap();
        Authority { key, root }
    }

    pub fn bureau(&self, from: Timestamp, to: Timestamp) -> KeySigner {
        self.signer(self.key.alg(), BUREAU, USCC, from, to)
    }

    pub fn time_stamper(&self) -> KeySigner {
        let mut random = bytes(78);
        let key = PrivateKey::generate(Alg::Es256, &mut random);
        let subject = Subject {
            common_name: "青岛市时间戳服务".into(),
            organisation: "青岛市人民政府".into(),
            code: Some(USCC.into()),
        };
        let request = Request { subject, not_before: day(2026, 1, 1), not_after: day(2046, 1, 1) };
        let cert = issue_time_stamper(&self.key, &self.root, &key.public_key(), &request, &mut random).unwrap();
        KeySigner::new(key, vec![cert.der().to_vec()])
    }

    pub fn signer(&self, alg: Alg, name: &str, code: &str, from: Timestamp, to: Timestamp) -> KeySigner {
        let mut random = bytes(77);
        let key = PrivateKey::generate(alg, &mut random);
        let subject = Subject {
            common_name: format!("{name}电子证照签名"),
            organisation: name.to_owned(),
            code: Some(code.to_owned()),
        };
        let request = Request { subject, not_before: from, not_after: to };
        let cert = issue(&self.key, &self.root, &key.public_key(), &request, &mut random).unwrap();
        KeySigner::new(key, vec![cert.der().to_vec()])
    }
}

pub fn sm2_city() -> (Authority, KeySigner) {
    let authority = Authority::new(Alg::Sm2Sm3, 1);
    let signer = authority.bureau(day(2026, 1, 1), day(2029, 1, 1));
    (authority, signer)
}

pub fn p256_city() -> (Authority, KeySigner) {
    let authority = Authority::new(Alg::Es256, 2);
    let signer = authority.bureau(day(2026, 1, 1), day(2029, 1, 1));
    (authority, signer)
}

pub fn licence() -> LicenceData {
    let field = |key: &str, zh: &str, en: &str, value: &str| SurfaceField {
        key: key.into(),
        label: Text::new(zh, en),
        value: value.into(),
    };
    LicenceData {
        identifier: "1.2.156.3005.2.11100000000013338W011.11370200MB28559184.20260000421.001.M".into(),
        public_id: seal::digest::public_id([7; 16]),
        kind: LicenceType {
            code: "11100000000013338W011".into(),
            name: Text::new("食品经营许可证", "Food business licence"),
        },
        number: "JY23702020000421".into(),
        version: 1,
        holder: Holder {
            name: "青岛海风餐饮有限公司".into(),
            code: "91370200MA3EXAMPL4".into(),
            code_kind: CodeKind::Uscc,
        },
        issuer: Issuer { name: BUREAU.into(), uscc: USCC.into() },
        issue_date: date(2026, 11, 20),
        valid_from: date(2026, 11, 20),
        valid_to: Some(date(2031, 11, 19)),
        surface: vec![
            field("holder", "经营者名称", "Operator", "青岛海风餐饮有限公司"),
            field("address", "经营场所", "Premises", "青岛市市南区香港中路 <12> 号 & 3 层"),
            field("scope", "经营项目", "Scope", "热食类食品制售，冷食类食品制售，自制饮品制售"),
        ],
        status: StatusRef { list: "2026-01".into(), index: 90_001 },
        case_number: "37020020261120000042".into(),
        specimen: true,
    }
}
