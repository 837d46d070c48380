//! The code on a page, read back from what other programs draw.

use std::path::Path;

use crate::city::*;
use crate::judges::{Grey, pdf_picture, python, render_ofd, tool};
use crate::renderings::{Issuer, faces, laid_out};

/// Dots an inch at which a telephone's camera sees a page, or less.
const DPI: u32 = 200;

/// What ZXing, the reader inside most scanners, finds on a page.
fn codes(python: &str, folder: &Path, page: &Grey) -> Vec<String> {
    const READER: &str = "
import sys
import zxingcpp
width, height = map(int, sys.argv[1:])
page = memoryview(open('page.grey', 'rb').read()).cast('B', shape=[height, width])
print('\\n'.join(found.text for found in zxingcpp.read_barcodes(page)))
";
    std::fs::write(folder.join("page.grey"), page.pixels()).unwrap();
    let size = [page.width, page.height].map(|side| side.to_string());
    let said = tool(python, &["-c", READER, &size[0], &size[1]], folder).unwrap();
    said.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_code_is_read_from_the_page_of_every_face() {
    let Some(python) = python() else { return };
    let issuer = Issuer::new();
    let (licence, url) = issuer.licence(&licence());
    let folder = tempfile::tempdir().unwrap();
    for face in faces() {
        let sheets = laid_out(&face, &crate::city::licence(), &url);
        let ofd = folder.path().join("l.ofd");
        std::fs::write(&ofd, issuer.ofd(&sheets, &licence)).unwrap();
        let found = codes(&python, folder.path(), &render_ofd(&ofd, DPI.into()));
        assert_eq!(found, std::slice::from_ref(&url), "{}: OFD", face.id);
        std::fs::write(folder.path().join("l.pdf"), issuer.pdf(&sheets, &licence)).unwrap();
        if let Some(page) = pdf_picture(folder.path(), "l.pdf", DPI) {
            assert_eq!(codes(&python, folder.path(), &page), std::slice::from_ref(&url), "{}: PDF", face.id);
        }
    }
}

/// Both codes of a postal label say its number, however long name and address are; they stay inside of the sheet.
#[test]
fn the_number_is_read_from_a_label() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let end = |address: &str| seal::page::End {
        name: "欧阳震华".into(),
        phone: "13800000000".into(),
        address: address.to_owned(),
    };
    let long = "山东省青岛市黄岛区望海路一百二十八号海澜花园三期十二号楼二单元三〇一室（请放在东门丰巢快递柜，谢谢）"
        .repeat(2);
    for (number, to) in [("EZ473124829CN", "山东省青岛市黄岛区望海路 1 号"), ("EZ000000015CN", long.as_str())]
    {
        let own = seal::page::Label {
            service: "政务寄递 · 第 2 次投递".into(),
            number: number.into(),
            from: end("江城市海澜区政务大道 1 号政务服务中心"),
            to: end(to),
            note: "办件 370211202611230000001".into(),
            specimen: "演示 DEMO".into(),
        };
        let fonts = seal::page::Fonts::standard().unwrap();
        let sheets = seal::page::label(fonts, &own).unwrap();
        let (wide, high) = (sheets.width, sheets.height);
        let inside = |run: &seal::page::Run| run.x >= 0.0 && run.x + run.width() <= wide && run.y > 0.0 && run.y < high;
        assert!(sheets.pages[0].text().all(inside), "{number}");
        let bytes = seal::render::pdf::copy(&sheets, fonts, now()).unwrap();
        std::fs::write(folder.path().join("label.pdf"), &bytes).unwrap();
        if let Ok(look) = std::env::var("YICHUANG_LOOK") {
            std::fs::write(Path::new(&look).join(format!("label-{number}.pdf")), &bytes).unwrap();
        }
        if let Some(page) = pdf_picture(folder.path(), "label.pdf", DPI) {
            assert_eq!(codes(&python, folder.path(), &page), [number, number]);
        }
    }
}
