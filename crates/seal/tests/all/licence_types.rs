//! Every licence type of the demo catalogue on its own face, short and long.

use std::collections::BTreeMap;
use std::path::Path;

use crate::city::*;
use crate::renderings::{Issuer, faces};
use crate::typed::{WITH_ANNEX, typed};
use domain::catalog::LicenceType;
use domain::catalog::face::Face;
use seal::licence::{LicenceData, SurfaceField};
use seal::page::{Fonts, Paper, Sheets, lay_out};
use seal::render::{ofd, pdf};

fn types() -> Vec<LicenceType> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/licence-types");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut types: Vec<LicenceType> = files
        .filter(|path| path.is_file())
        .map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
        .collect();
    types.sort_by(|a, b| a.id.cmp(&b.id));
    types
}

/// What stands in a field, as long as such fields are.
fn value(key: &str) -> &'static str {
    match key {
        "holder" | "name" | "employer" | "applicant" => "海澜市滨海新区海风餐饮管理有限公司",
        "holder_code" => "91370211MA3EXAMP6X",
        "representative" | "principal" | "manager" | "head" | "guardian" | "operator" | "child" => "欧阳静怡",
        "address" | "residence" | "site" | "place" | "location" | "warehouse" | "household" | "home" => {
            "海澜市滨海新区长江中路 128 号金融大厦 B 座 3 层 301 室"
        }
        "scope" | "items" | "content" | "intended_use" => {
            "热食类食品制售；冷食类食品制售；糕点类食品制售；自制饮品制售；预包装食品（含冷藏冷冻食品）销售"
        }
        "issued" | "since" | "decided" => "2026年11月20日",
        "valid_to" => "2031年11月19日",
        "number" | "licence_number" => "JY23702020000421",
        _ => "按批准的内容执行",
    }
}

fn data(kind: &LicenceType) -> LicenceData {
    let mut data = licence();
    data.kind.name = kind.name.clone();
    data.holder.name = "海澜市滨海新区海风餐饮管理有限公司".into();
    data.holder.code = "91370211MA3EXAMP6X".into();
    data.surface = kind
        .surface
        .iter()
        .map(|line| SurfaceField { key: line.key.clone(), label: line.label.clone(), value: value(&line.key).into() })
        .collect();
    data
}

fn printed(face: &Face, data: &LicenceData, url: &str, annex: &[String]) -> Sheets {
    let paper = Paper { qr: Some(url), annex, ..Paper::of(data) };
    lay_out(Fonts::standard().unwrap(), face, &paper).unwrap()
}

/// A one-page licence is at most so large, in bytes.
const OFD_BYTES: usize = 60 * 1024;
const PDF_BYTES: usize = 90 * 1024;

#[test]
fn every_licence_type_becomes_a_file_of_one_page() {
    let issuer = Issuer::new();
    let (licence, url) = issuer.licence(&licence());
    let faces: BTreeMap<String, Face> = faces().into_iter().map(|face| (face.id.clone(), face)).collect();
    let types = types();
    assert!(types.len() >= 20, "{} types", types.len());
    let (mut portrait, mut landscape) = (0, 0);
    let (mut largest_ofd, mut largest_pdf) = (0, 0);
    for kind in &types {
        let face = &faces[kind.face.as_ref().unwrap()];
        *if face.page.width > face.page.height { &mut landscape } else { &mut portrait } += 1;
        let sheets = printed(face, &data(kind), &url, &kind.annex);
        assert_eq!(sheets.pages.len(), 1, "{}", kind.id);
        let (ofd, pdf) = (issuer.ofd(&sheets, &licence), issuer.pdf(&sheets, &licence));
        assert!(ofd::verify(&ofd, &issuer.roots(), now()).valid, "{}", kind.id);
        assert!(pdf::verify(&pdf, &issuer.roots(), now()).valid, "{}", kind.id);
        println!("{} {} {}", kind.id, ofd.len(), pdf.len());
        assert!(ofd.len() <= OFD_BYTES && pdf.len() <= PDF_BYTES, "{}: {} {}", kind.id, ofd.len(), pdf.len());
        (largest_ofd, largest_pdf) = (largest_ofd.max(ofd.len()), largest_pdf.max(pdf.len()));
        if let Ok(folder) = std::env::var("YICHUANG_LOOK") {
            std::fs::write(Path::new(&folder).join(format!("type-{}.pdf", kind.id)), pdf).unwrap();
        }
    }
    println!("{portrait} portrait, {landscape} landscape; largest OFD {largest_ofd}, largest PDF {largest_pdf}");
    assert!(portrait >= 10 && landscape >= 10);
}

/// A list goes to annex pages, and so does what is too long for the face; each page says which one it is.
#[test]
fn long_lists_go_to_annex_pages() {
    let issuer = Issuer::new();
    let permit = typed().into_iter().find(|one| one.kind.id == WITH_ANNEX).unwrap().with_components(70);
    let (licence, url) = issuer.licence(&permit.data);
    assert_eq!(permit.kind.annex, ["components"]);
    for annex in [permit.kind.annex.clone(), Vec::new()] {
        let sheets = printed(&permit.face, &permit.data, &url, &annex);
        assert!(sheets.pages.len() >= 3, "{} pages", sheets.pages.len());
        // Without blanks, since lines break at them.
        let words: Vec<String> = sheets
            .pages
            .iter()
            .map(|page| page.text().flat_map(|run| run.text.chars()).filter(|c| !c.is_whitespace()).collect())
            .collect();
        assert!(words[0].contains("共70项，见附页"));
        // Each component with name, number, issuer and validity, each in a column of its own.
        let starts = |word: &str| {
            let at = sheets.pages[1].text().filter(|run| run.text.starts_with(word)).map(|run| run.x.to_bits());
            at.collect::<std::collections::BTreeSet<u64>>().len()
        };
        assert_eq!([starts("食品经营许可证"), starts("JY3370211"), starts("江城市海澜区"), starts("2029年")], [1; 4]);
        assert!(words[1].contains("食品经营许可证JY33702112026000001江城市海澜区行政审批服务局2029年11月19日"));
        assert!(words.last().unwrap().contains("出版物经营许可证（零售）新出发海澜零字第2026000070号"));
        let total = sheets.pages.len();
        for (index, page) in words.iter().enumerate().skip(1) {
            let number = index + 1;
            assert!(page.contains("行业综合许可证附页") && page.contains(&permit.data.number), "{page}");
            assert!(page.contains(&format!("第{number}页共{total}页")), "{page}");
        }
        let (ofd, pdf) = (issuer.ofd(&sheets, &licence), issuer.pdf(&sheets, &licence));
        assert!(ofd::verify(&ofd, &issuer.roots(), now()).valid);
        assert!(pdf::verify(&pdf, &issuer.roots(), now()).valid);
    }
}

/// A character that no font has is an error that names it and its field.
#[test]
fn a_character_that_cannot_be_printed_is_named() {
    let kind = types().into_iter().find(|kind| kind.id == "food-operation").unwrap();
    let mut data = data(&kind);
    data.surface.iter_mut().find(|field| field.key == "representative").unwrap().value = "王𱍊".into();
    let fonts = Fonts::standard().unwrap();
    let error = lay_out(fonts, &Face::standard().unwrap(), &Paper::of(&data)).unwrap_err().to_string();
    assert!(error.contains('𱍊') && error.contains("U+3134A") && error.contains("法定代表人"), "{error}");
}
