//! How a file is begun, goes on and is taken.

use bytes::Bytes;
use domain::accounts::{Actor, Role};
use domain::cases::Origin;
use service::cases::{self, Upload, begin_upload, continue_upload, whole};
use service::{City, ServiceError, demo};

use crate::bed::{Bed, actor};

const PDF: &[u8] = b"%PDF-1.7 one page";

fn system() -> Actor {
    actor("测试系统", Role::Integrator)
}

async fn begin(city: &City, name: &str, size: i64) -> Result<Upload, ServiceError> {
    begin_upload(city, &system(), name, size, None).await
}

async fn send(city: &City, id: &str, offset: i64, bytes: &'static [u8]) -> Result<Upload, ServiceError> {
    continue_upload(city, &system(), id, offset, whole(Bytes::from_static(bytes))).await
}

/// The field that a refusal names.
fn field<T: std::fmt::Debug>(answer: Result<T, ServiceError>) -> String {
    match answer {
        Err(ServiceError::Invalid(fields)) => fields[0].field.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_has_no_folders_and_nothing_hidden() {
    let bed = Bed::new(81).await;
    let city = &bed.city;
    for (given, kept) in [
        ("../../../etc/passwd", "passwd"),
        ("C:\\fakepath\\营业执照（正本）.pdf", "营业执照（正本）.pdf"),
        ("\u{202e}gpj.exe", "gpj.exe"),
        (" a\u{0}b\r\nc.pdf ", "abc.pdf"),
        ("𠮷·㐂.png", "𠮷·㐂.png"),
    ] {
        assert_eq!(begin(city, given, 10).await.unwrap().name, kept);
    }
    for empty in ["", "  ", "..", "a/", "\u{202e}\u{200b}"] {
        assert_eq!(field(begin(city, empty, 10).await), "name", "{empty:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_offset_is_told_the_right_one() {
    let bed = Bed::new(82).await;
    let city = &bed.city;
    let size = PDF.len() as i64;
    let id = begin(city, "a.pdf", size).await.unwrap().id;
    for at in [3, -1, i64::MAX] {
        assert!(matches!(send(city, &id, at, b"%PDF").await, Err(ServiceError::Offset(0))), "{at}");
    }
    assert_eq!(send(city, &id, 0, b"%PDF").await.unwrap().offset, 4);
    assert!(matches!(send(city, &id, 0, b"%PDF").await, Err(ServiceError::Offset(4))));
    assert!(send(city, &id, 4, &PDF[4..]).await.unwrap().sha256.is_some());
    assert!(matches!(send(city, &id, 4, b"x").await, Err(ServiceError::Offset(own)) if own == size));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_beginning_is_the_same_file() {
    let bed = Bed::new(83).await;
    let city = &bed.city;
    let key = |body: u8| Some(("token".to_owned(), "key".to_owned(), [body; 32]));
    let first = begin_upload(city, &system(), "a.pdf", 10, key(1)).await.unwrap();
    let again = begin_upload(city, &system(), "a.pdf", 10, key(1)).await.unwrap();
    assert_eq!(first.id, again.id);
    let other = begin_upload(city, &system(), "b.pdf", 10, key(2)).await;
    assert!(matches!(other, Err(ServiceError::KeyReused)), "{other:?}");
    let rows = city.store().query("SELECT id FROM upload WHERE region = $1", &[city.region().into()]).await.unwrap();
    assert_eq!(rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_bytes_must_be_those_of_the_type() {
    let bed = Bed::new(84).await;
    let city = &bed.city;
    let files: [(&'static [u8], Option<&str>); 7] = [
        (b"%PDF-1.4 x", Some("application/pdf")),
        (b"%PDF-<html><script>", None),
        (b"\xff\xd8\xff\xe0 JFIF", Some("image/jpeg")),
        (b"\xff\xd8\xff", None),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some("image/png")),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"<svg onload=x>", None),
    ];
    for (bytes, wanted) in files {
        let id = begin(city, "f", bytes.len() as i64).await.unwrap().id;
        match (send(city, &id, 0, bytes).await, wanted) {
            (Ok(upload), Some(_)) => assert_eq!(upload.media_type.as_deref(), wanted),
            (Err(ServiceError::Invalid(_)), None) => {
                assert!(matches!(cases::upload(city, &system(), &id).await, Err(ServiceError::NotFound(_))));
            }
            other => panic!("{bytes:?}: {other:?}"),
        }
    }
}

/// A photograph is asked for as JPG or PNG.
#[tokio::test(flavor = "multi_thread")]
async fn a_material_takes_the_types_that_it_names() {
    let bed = Bed::new(85).await;
    let city = &bed.city;
    let drawn = demo::draw(city, "residence-permit").await.unwrap();
    let png: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let mut last = None;
    for bytes in [PDF, png] {
        let id = begin(city, "相片", bytes.len() as i64).await.unwrap().id;
        send(city, &id, 0, bytes).await.unwrap();
        let mut submit = drawn.submit(Origin::Api);
        let photo = submit.materials.iter_mut().find(|given| given.slot == "photo").unwrap();
        // The same file twice is one file.
        photo.uploads = vec![id.clone(), id];
        last = Some(cases::submit(city, &system(), submit).await);
        if bytes == PDF {
            assert_eq!(field(last.take().unwrap()), "/materials/photo");
        }
    }
    let number = last.unwrap().unwrap().number;
    let clerk = actor("窗口", Role::Clerk);
    let case = cases::case_by_number(city, &clerk, &number).await.unwrap().case;
    let photo = case.application.materials.iter().find(|item| item.slot == "photo").unwrap();
    match &photo.provided {
        domain::cases::Provided::Upload { files } => assert_eq!(files.len(), 1),
        other => panic!("{other:?}"),
    }
}
