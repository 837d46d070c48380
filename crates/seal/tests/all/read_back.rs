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
