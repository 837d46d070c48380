//! How fast licences become files, how large these are, and how long it takes to verify them. One core, warm fonts.

use std::hint::black_box;
use std::time::{Duration, Instant};

use ::seal::key::Signer;
use ::seal::licence::{CodeKind, Holder, LicenceData, LicenceType, StatusRef, SurfaceField, issue_licence};
use ::seal::page::{Fonts, Paper, Sheets, lay_out};
use ::seal::render::{ofd, pdf, svg};
use ::seal::signed::Issuer;
use anyhow::{Context, Result, ensure};
use domain::catalog::face::Face;
use domain::catalog::{Catalogue, Department};
use domain::text::Text;
use domain::time::Timestamp;
use jiff::civil::date;

use super::Plan;
use super::report::Row;
use crate::run::{embedded, keys};

/// What renderings are made of.
struct Bench {
    fonts: &'static Fonts,
    face: Face,
    data: LicenceData,
    licence: Vec<u8>,
    url: String,
    keys: service::Keys,
    department: String,
    at: Timestamp,
}

/// Rates, sizes, verification, and memory over many renderings.
pub fn measure(plan: &Plan) -> Result<Vec<Row>> {
    let cold = Instant::now();
    let fonts = Fonts::standard().context("the bundled font cannot be read")?;
    let cold = cold.elapsed();
    let bench = Bench::new(fonts)?;
    let (ofd_file, pdf_file) = (bench.ofd()?, bench.pdf()?);
    let picture = svg(&bench.sheets()?, fonts);
    ensure!(ofd::verify(&ofd_file, &bench.keys.roots, bench.at).valid, "the measured OFD is not valid");
    ensure!(pdf::verify(&pdf_file, &bench.keys.roots, bench.at).valid, "the measured PDF is not valid");
    let rounds = plan.render_rounds;
    let ofds = best(rounds, || bench.ofd())?;
    let pdfs = best(rounds, || bench.pdf())?;
    let svgs = best(rounds, || Ok(svg(&bench.sheets()?, fonts)))?;
    let check_ofd = best(rounds, || Ok(ofd::verify(&ofd_file, &bench.keys.roots, bench.at)))?;
    let check_pdf = best(rounds, || Ok(pdf::verify(&pdf_file, &bench.keys.roots, bench.at)))?;
    let grown = memory(&bench, plan.renderings)?;
    let rate = |time: Duration| 1.0 / time.as_secs_f64();
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    let size = |bytes: usize| bytes as f64 / 1024.0;
    Ok(vec![
        Row::new("sealed OFD, one core", rate(ofds), "/s").at_least(60.0),
        Row::new("signed and stamped PDF, one core", rate(pdfs), "/s").at_least(40.0),
        Row::new("SVG, one core", rate(svgs), "/s"),
        Row::new("OFD of one page", size(ofd_file.len()), "KB").at_most(60.0),
        Row::new("PDF of one page", size(pdf_file.len()), "KB").at_most(90.0),
        Row::new("SVG of one page", size(picture.len()), "KB"),
        Row::new("verifying an OFD", millis(check_ofd), "ms").at_most(15.0),
        Row::new("verifying a PDF", millis(check_pdf), "ms").at_most(15.0),
        Row::new("reading the bundled font, once", millis(cold), "ms"),
        Row::new("memory grown over the later half", grown, "MB")
            .at_most(8.0)
            .note(format!("{} renderings", plan.renderings)),
    ])
}

impl Bench {
    fn new(fonts: &'static Fonts) -> Result<Bench> {
        let catalogue = Catalogue::load(&embedded::catalogue()).map_err(|findings| anyhow::anyhow!("{findings:?}"))?;
        let department = catalogue.departments.values().next().context("a catalogue without departments")?;
        let face = catalogue.faces.get("permit-landscape").context("a catalogue without this face")?.clone();
        let at = Timestamp::start_of(date(2026, 11, 20)).plus_seconds(9 * 3600);
        let keys = keys::for_bench(department, at.plus_seconds(-86_400))?;
        let data = data(department);
        let (signer, qr) = signers(&keys, &department.id)?;
        let issued = issue_licence(&data, "zwfw.example.gov.cn", signer, qr, at)?;
        let (licence, url) = (issued.bytes, issued.qr_url);
        Ok(Bench { fonts, face, data, licence, url, department: department.id.clone(), keys, at })
    }

    fn sheets(&self) -> Result<Sheets> {
        let paper = Paper { qr: Some(&self.url), ..Paper::of(&self.data) };
        Ok(lay_out(self.fonts, &self.face, &paper)?)
    }

    fn ofd(&self) -> Result<Vec<u8>> {
        let sheets = self.sheets()?;
        let (signer, _) = signers(&self.keys, &self.department)?;
        let maker = self.keys.maker.as_deref().context("no maker of seals")?;
        let request = ofd::SealRequest {
            id: "1".to_owned(),
            name: self.data.issuer.name.clone(),
            signers: signer.certificate_chain().first().cloned().into_iter().collect(),
            created: self.at,
            valid_from: self.at,
            valid_to: self.at.plus_seconds(86_400),
            picture: ofd::picture(&sheets.picture, sheets.seal.side),
            side: 42,
        };
        let seal = ofd::make_seal(ofd::SealVersion::V4, &request, maker)?;
        let sealing = ofd::Sealing { licence: &self.licence, seal: &seal, at: self.at };
        Ok(ofd::write(&sheets, self.fonts, &sealing, signer)?)
    }

    fn pdf(&self) -> Result<Vec<u8>> {
        let (_, signer) = signers(&self.keys, &self.department)?;
        let signing =
            pdf::Signing { licence: &self.licence, signer, authority: self.keys.stamper.as_deref(), at: self.at };
        Ok(pdf::write(&self.sheets()?, self.fonts, &signing)?)
    }
}

fn signers<'k>(keys: &'k service::Keys, department: &str) -> Result<(&'k dyn Signer, &'k dyn Signer)> {
    let signer = keys.signers.get(department).context("no SM2 key")?;
    let qr = keys.qr.get(department).context("no P-256 key")?;
    Ok((signer.as_ref(), qr.as_ref()))
}

/// A licence with as many words as the longer ones of the catalogue have.
fn data(department: &Department) -> LicenceData {
    let field = |key: &str, zh: &str, en: &str, value: &str| SurfaceField {
        key: key.to_owned(),
        label: Text::new(zh, en),
        value: value.to_owned(),
    };
    let uscc = &department.uscc;
    let (kind, serial) = (format!("{uscc}002"), "202600000001");
    let identifier = domain::codes::licence_id::compose(&kind, uscc, serial, 1).map(|id| id.to_string());
    LicenceData {
        identifier: identifier.unwrap_or_default(),
        public_id: ::seal::digest::public_id([7; 16]),
        kind: LicenceType { code: kind, name: Text::new("食品经营许可证", "Food operation licence") },
        number: "JY33702112026000001".to_owned(),
        version: 1,
        holder: Holder {
            name: "海澜市滨海新区海风餐饮有限公司".to_owned(),
            code: "91370211MA3EXAMP6X".to_owned(),
            code_kind: CodeKind::Uscc,
        },
        issuer: Issuer { name: department.name.zh.clone(), uscc: uscc.clone() },
        issue_date: date(2026, 11, 20),
        valid_from: date(2026, 11, 20),
        valid_to: Some(date(2031, 11, 19)),
        surface: vec![
            field("holder", "经营者名称", "Name of operator", "海澜市滨海新区海风餐饮有限公司"),
            field("holder_code", "统一社会信用代码", "Unified social credit code", "91370211MA3EXAMP6X"),
            field("representative", "法定代表人（负责人）", "Person in charge", "欧阳静怡"),
            field("residence", "住所", "Registered address", "海澜市滨海新区长江中路 128 号金融大厦 3 层 301 室"),
            field("address", "经营场所", "Place of operation", "海澜市滨海新区滨海大道 2288 号万达广场 B1 层 27 号铺"),
            field("format", "主体业态", "Kind of business", "餐饮服务经营者（含网络经营）"),
            field(
                "items",
                "经营项目",
                "Licensed items",
                "热食类食品制售，冷食类食品制售，糕点类食品制售，自制饮品制售，预包装食品销售",
            ),
            field("valid_to", "有效期至", "Valid until", "2031年11月19日"),
        ],
        status: StatusRef { list: "1".to_owned(), index: 90_001 },
        case_number: "37021120261120000042".to_owned(),
        specimen: true,
    }
}

/// The time of one call in the best of `rounds`: other work on the machine only ever adds to it.
fn best<T>(rounds: u32, mut work: impl FnMut() -> Result<T>) -> Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..rounds.max(1) {
        let start = Instant::now();
        black_box(work()?);
        best = best.min(start.elapsed());
    }
    Ok(best)
}

/// Megabytes by which the process has grown over the second half of so many renderings, both sorts in turn.
fn memory(bench: &Bench, renderings: u32) -> Result<f64> {
    let mut half = 0.0;
    for index in 0..renderings {
        if index == renderings / 2 {
            half = resident()?;
        }
        if index % 2 == 0 { bench.ofd().map(drop)? } else { bench.pdf().map(drop)? }
    }
    Ok(resident()? - half)
}

/// Resident memory of this process in megabytes.
fn resident() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status").context("cannot read the memory of this process")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
    let kilobytes: f64 = line.split_whitespace().nth(1).context("no VmRSS")?.parse()?;
    Ok(kilobytes / 1024.0)
}
