//! PDF, OFD and SVG of every face: the same page three times, judged by tools that are not ours.

use std::path::{Path, PathBuf};

use crate::city::*;
use domain::catalog::face::Face;
use seal::key::{Alg, KeySigner, Signer};
use seal::licence::{LicenceData, issue_licence};
use seal::page::{Fonts, Paper, Sheets, lay_out};
use seal::render::ofd::{self, SealRequest, SealVersion, Sealing, make_seal};
use seal::render::pdf::{self, Signing};

pub fn faces() -> Vec<Face> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/licence-types/faces");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).collect()
}

pub struct Issuer {
    pub sm2: Authority,
    pub p256: Authority,
    pub signer: KeySigner,
    pub qr: KeySigner,
    pub maker: KeySigner,
    pub tsa: KeySigner,
}

impl Issuer {
    pub fn new() -> Issuer {
        let (sm2, signer) = sm2_city();
        let (p256, qr) = p256_city();
        let maker =
            sm2.signer(Alg::Sm2Sm3, "青岛市印章制作中心", "12370200MB2855919X", day(2026, 1, 1), day(2046, 1, 1));
        let tsa = p256.time_stamper();
        Issuer { sm2, p256, signer, qr, maker, tsa }
    }

    pub fn roots(&self) -> Vec<seal::cert::Certificate> {
        vec![self.sm2.root.clone(), self.p256.root.clone()]
    }

    pub fn licence(&self, data: &LicenceData) -> (Vec<u8>, String) {
        let issued = issue_licence(data, "zwfw.example.gov.cn", &self.signer, &self.qr, now()).unwrap();
        (issued.bytes, issued.qr_url)
    }

    pub fn seal(&self, picture: Vec<u8>) -> Vec<u8> {
        self.seal_of(SealVersion::V4, picture)
    }

    fn seal_of(&self, version: SealVersion, picture: Vec<u8>) -> Vec<u8> {
        let request = SealRequest {
            id: format!("{USCC}-01"),
            name: BUREAU.into(),
            signers: vec![self.signer.certificate_chain()[0].clone()],
            created: day(2026, 1, 2),
            valid_from: day(2026, 1, 2),
            valid_to: day(2028, 12, 31),
            picture,
            side: 42,
        };
        make_seal(version, &request, &self.maker).unwrap()
    }

    pub fn pdf(&self, sheets: &Sheets, licence: &[u8]) -> Vec<u8> {
        let signing = Signing { licence, signer: &self.qr, authority: Some(&self.tsa), at: now() };
        pdf::write(sheets, Fonts::standard().unwrap(), &signing).unwrap()
    }

    pub fn ofd(&self, sheets: &Sheets, licence: &[u8]) -> Vec<u8> {
        self.ofd_of(SealVersion::V4, sheets, licence)
    }

    pub fn ofd_of(&self, version: SealVersion, sheets: &Sheets, licence: &[u8]) -> Vec<u8> {
        let seal = self.seal_of(version, ofd::picture(&sheets.picture, sheets.seal.side));
        let sealing = Sealing { licence, seal: &seal, at: now() };
        ofd::write(sheets, Fonts::standard().unwrap(), &sealing, &self.signer).unwrap()
    }
}

pub fn laid_out(face: &Face, data: &LicenceData, url: &str) -> Sheets {
    let paper = Paper { qr: Some(url), ..Paper::of(data) };
    lay_out(Fonts::standard().unwrap(), face, &paper).unwrap()
}

/// Writes all renderings of all faces where a person can look at them.
#[test]
fn every_face_is_drawn() {
    let issuer = Issuer::new();
    let data = licence();
    let (bytes, url) = issuer.licence(&data);
    let fonts = Fonts::standard().unwrap();
    let folder = std::env::var("YICHUANG_LOOK").ok().map(PathBuf::from);
    for face in faces() {
        let sheets = laid_out(&face, &data, &url);
        let svg = seal::render::svg(&sheets, fonts);
        let pdf = issuer.pdf(&sheets, &bytes);
        let report = pdf::verify(&pdf, &issuer.roots(), now());
        assert!(report.valid, "{}: {:#?}", face.id, report.checks);
        let ofd = issuer.ofd(&sheets, &bytes);
        let report = ofd::verify(&ofd, &issuer.roots(), now());
        assert!(report.valid, "{}: {:#?}", face.id, report.checks);
        println!("{}: svg {} pdf {} ofd {}", face.id, svg.len(), pdf.len(), ofd.len());
        if let Some(folder) = &folder {
            std::fs::write(folder.join(format!("{}.svg", face.id)), svg).unwrap();
            std::fs::write(folder.join(format!("{}.pdf", face.id)), pdf).unwrap();
            std::fs::write(folder.join(format!("{}.ofd", face.id)), ofd).unwrap();
        }
    }
}
