//! The picture of a licence. Set `YICHUANG_CARD_DIR` to a folder to look at what was drawn.

use crate::city::*;
use domain::text::Text;
use seal::card::{CardOptions, card, seal_svg};
use seal::licence::{LicenceData, SPECIMEN, SurfaceField};
use seal::qr::encode;
use seal::status::Status;

fn url(data: &LicenceData) -> String {
    encode(data, "zwfw.example.gov.cn", &p256_city().1).unwrap().url
}

fn keep(name: &str, svg: &str) {
    if let Ok(folder) = std::env::var("YICHUANG_CARD_DIR") {
        std::fs::write(format!("{folder}/{name}.svg"), svg).unwrap();
    }
}

fn with_fields(count: usize) -> LicenceData {
    let mut data = licence();
    for index in data.surface.len()..count {
        data.surface.push(SurfaceField {
            key: format!("f{index}"),
            label: Text::new("许可范围与附加条件", "Scope and conditions"),
            value: "第Ⅲ类医疗器械经营：6821医用电子仪器设备，6823医用超声仪器及有关设备（含植入类）"
                .repeat(1 + index % 3),
        });
    }
    data
}

/// Works inline under a strict policy: no style, no script, nothing fetched, no ids that a second card would repeat.
fn assert_inline(svg: &str) {
    for wrong in ["style", "<script", "href", "url(", "<image", "id=\"", "NaN", "inf"] {
        assert!(!svg.contains(wrong), "{wrong}");
    }
    let mut depth = 0i32;
    for tag in svg.split('<').skip(1) {
        depth += if tag.starts_with('/') { -1 } else { i32::from(!tag.split('>').next().unwrap().ends_with('/')) };
    }
    assert_eq!(depth, 0, "every element is closed");
}

#[test]
fn a_specimen_says_so_and_text_stays_text() {
    let data = licence();
    let svg = card(&data, &CardOptions { qr: Some(&url(&data)), ..CardOptions::default() }).unwrap();
    keep("specimen", &svg);
    assert_inline(&svg);
    assert!(svg.matches(SPECIMEN).count() >= 5);
    assert!(svg.contains("样本"));
    assert!(svg.contains("&lt;12&gt;") && !svg.contains("<12>"));
    let real = LicenceData { specimen: false, ..data };
    let svg = card(&real, &CardOptions { qr: Some(&url(&real)), ..CardOptions::default() }).unwrap();
    keep("real", &svg);
    assert!(!svg.contains("SPECIMEN") && !svg.contains("样本"));
}

#[test]
fn short_long_and_crowded_faces_are_drawn() {
    let mut short = licence();
    short.surface.truncate(1);
    short.valid_to = None;
    short.kind.name = Text::new("护士执业证书", "Nurse licence");
    let mut long = licence();
    long.kind.name = Text::new(
        "第三类医疗器械经营许可及互联网药品信息服务资格联合证明书（副本）",
        "Licence for trade in class III medical devices and certificate for internet information on medicines",
    );
    long.holder.name = "青岛市黄岛区灵山卫街道海之韵国际生命健康科技产业园管理有限责任公司第一分公司".into();
    for (name, data) in [("short", short), ("long", long), ("six", with_fields(6)), ("twelve", with_fields(12))] {
        let svg = card(&data, &CardOptions { qr: Some(&url(&data)), ..CardOptions::default() }).unwrap();
        keep(name, &svg);
        assert_inline(&svg);
    }
    let svg = card(&with_fields(40), &CardOptions::default()).unwrap();
    keep("forty", &svg);
    assert_inline(&svg);
}

#[test]
fn a_public_card_hides_the_code_and_shows_the_end() {
    let data = licence();
    let options = CardOptions { qr: None, mask_holder: true, status: Some(Status::Ended) };
    let svg = card(&data, &options).unwrap();
    keep("ended", &svg);
    assert!(!svg.contains(&data.holder.code) && svg.contains("913***********MPL4"));
    assert!(svg.contains("已失效"));
    let valid = card(&data, &CardOptions { status: Some(Status::Valid), ..options }).unwrap();
    assert!(!valid.contains("已失效"));
}

#[test]
fn no_two_licences_have_the_same_rosette() {
    let other = LicenceData { number: "JY23702020000422".into(), ..licence() };
    let ellipses = |data| card(data, &CardOptions::default()).unwrap().split("<ellipse").nth(3).unwrap().to_owned();
    assert_ne!(ellipses(&licence()), ellipses(&other));
}

#[test]
fn a_seal_stands_alone() {
    for (name, specimen) in [("seal", false), ("seal-specimen", true)] {
        let svg = seal_svg("青岛市黄岛区行政审批服务局<&>", specimen);
        keep(name, &svg);
        assert_inline(&svg);
    }
}
