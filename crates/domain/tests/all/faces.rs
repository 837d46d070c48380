//! Faces of licences: what can be printed, and what the lint finds.

use domain::catalog::face::Face;

#[test]
fn the_standard_face_has_no_faults() {
    assert_eq!(Face::standard().unwrap().faults(), []);
}

#[test]
fn what_could_not_be_printed_is_found() {
    let check = |pointer: &str, change: fn(&mut Face)| {
        let mut face = Face::standard().unwrap();
        change(&mut face);
        let faults = face.faults();
        assert!(faults.iter().any(|(at, _)| at == pointer), "{pointer}: {faults:?}");
        assert!(faults.iter().all(|(_, words)| !words.zh.is_empty() && !words.en.is_empty()));
    };
    check("/page", |face| face.page.width = 20.0);
    check("/fields/area", |face| face.fields.area.x = 290.0);
    check("/seal", |face| face.seal.y = 205.0);
    check("/qr", |face| (face.qr.x, face.qr.y) = (face.seal.x, face.seal.y));
    check("/qr/side", |face| face.qr.side = 12.0);
    check("/fields", |face| face.fields.smallest = 1.0);
    check("/texts/0", |face| face.texts[0].y = 400.0);
    check("/texts/0", |face| face.texts[0].y = face.fields.area.y + 4.0);
    check("/texts/0/text", |face| face.texts[0].text = "{nmae}".into());
    check("/texts/0/text", |face| face.texts[0].text = "{name".into());
    check("/frame/colour", |face| face.frame.colour = "gold".into());
}
