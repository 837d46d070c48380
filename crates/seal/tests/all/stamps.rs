//! The round seal alone. Set `YICHUANG_STAMP_DIR` to a folder to look at what was drawn.

use seal::stamp::seal_svg;

fn keep(name: &str, svg: &str) {
    if let Ok(folder) = std::env::var("YICHUANG_STAMP_DIR") {
        std::fs::write(format!("{folder}/{name}.svg"), svg).unwrap();
    }
}

/// Works inline under a strict policy: no style, no script, nothing fetched, no ids that a second seal would repeat.
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
fn a_seal_stands_alone() {
    for (name, specimen) in [("seal", false), ("seal-specimen", true)] {
        let svg = seal_svg("青岛市黄岛区行政审批服务局<&>", specimen);
        keep(name, &svg);
        assert_inline(&svg);
        assert_eq!(svg.contains("样本"), specimen);
    }
}
