//! The code on a page, read back from what other programs draw.

use std::path::Path;

use crate::city::*;
use crate::judges::{pdf_picture, render_ofd};
use crate::renderings::{Issuer, faces, laid_out};

/// Dots an inch of an office scanner; the camera of a telephone sees more of a code that it is held over.
const DPI: f64 = 300.0;

/// What an independent reader finds on a page, `dark` being its pixels.
fn codes(width: usize, height: usize, grey: impl Fn(usize, usize) -> u8) -> Vec<String> {
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    image.detect_grids().iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect()
}

fn codes_of_ofd(path: &Path) -> Vec<String> {
    let page = render_ofd(path, DPI);
    codes(page.width, page.height, |x, y| page.at(x, y))
}

#[test]
fn the_code_is_read_from_the_page_of_every_face() {
    let issuer = Issuer::new();
    let (licence, url) = issuer.licence(&licence());
    let folder = tempfile::tempdir().unwrap();
    for face in faces() {
        let sheets = laid_out(&face, &crate::city::licence(), &url);
        let ofd = folder.path().join("l.ofd");
        std::fs::write(&ofd, issuer.ofd(&sheets, &licence)).unwrap();
        assert_eq!(codes_of_ofd(&ofd), std::slice::from_ref(&url), "{}: OFD", face.id);
        std::fs::write(folder.path().join("l.pdf"), issuer.pdf(&sheets, &licence)).unwrap();
        if let Some(page) = pdf_picture(folder.path(), "l.pdf", 300) {
            let found = codes(page.width, page.height, |x, y| page.at(x, y));
            assert_eq!(found, std::slice::from_ref(&url), "{}: PDF", face.id);
        }
    }
}
