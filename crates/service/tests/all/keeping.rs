//! What is kept only for a while, and what of it is about a person.

use bytes::Bytes;
use domain::accounts::{Actor, Role};
use domain::cases::Origin;
use service::accounts::sweep;
use service::cases::{self, Outcome, Upload, begin_upload, continue_upload, whole};
use service::demo;
use service::{City, ServiceError};
use store::{UploadError, Uploads};

use crate::bed::{Bed, actor};

const DAY: i64 = 24 * 3600;
const PDF: &[u8] = b"%PDF-1.7 one page";

fn system() -> Actor {
    actor("测试系统", Role::Integrator)
}

async fn count(city: &City, sql: &str) -> i64 {
    city.store().query(sql, &[city.region().into()]).await.unwrap()[0].int(0).unwrap()
}

async fn upload(city: &City, bytes: &'static [u8]) -> Result<Upload, ServiceError> {
    let begun = begin_upload(city, &system(), "扫描件.pdf", bytes.len() as i64, None).await?;
    continue_upload(city, &system(), &begun.id, 0, whole(Bytes::from_static(bytes))).await
}

/// A second handle on the folder, as another look at the disk.
async fn disk(city: &City) -> Uploads {
    Uploads::open(city.settings().dir.join("uploads"), 1 << 20).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_repeated_from_its_case_and_forgotten_after_a_week() {
    let bed = Bed::new(71).await;
    let city = &bed.city;
    let drawn = demo::draw(city, "public-place-hygiene").await.unwrap();
    let mut submit = drawn.submit(Origin::Api);
    submit.key = Some(("token".into(), "key".into(), [7; 32]));
    let first = cases::submit(city, &system(), submit.clone()).await.unwrap();
    assert_eq!(first.outcome, Outcome::Approved);
    let again = cases::submit(city, &system(), submit).await.unwrap();
    assert_eq!(first, again);
    let rows = city.store().query("SELECT result FROM idempotency WHERE region = $1", &[city.region().into()]).await;
    let kept = rows.unwrap()[0].text(0).unwrap().to_owned();
    assert!(kept.contains(&first.number) && kept.len() < 100, "{kept}");
    let keys = "SELECT CAST(count(*) AS BIGINT) FROM idempotency WHERE region = $1";
    bed.clock.advance(7 * DAY);
    sweep(city).await.unwrap();
    assert_eq!(count(city, keys).await, 1);
    bed.clock.advance(1);
    sweep(city).await.unwrap();
    assert_eq!(count(city, keys).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_not_filed_go_and_content_that_another_has_stays() {
    let bed = Bed::new(72).await;
    let city = &bed.city;
    let old = upload(city, PDF).await.unwrap();
    let only = upload(city, b"%PDF-1.7 another page").await.unwrap();
    bed.clock.advance(20 * DAY);
    let young = upload(city, PDF).await.unwrap();
    assert_eq!(old.sha256, young.sha256);
    bed.clock.advance(10 * DAY + 1);
    // Too old to be filed, not yet deleted.
    assert!(matches!(cases::upload(city, &system(), &old.id).await, Err(ServiceError::NotFound(_))));
    assert_eq!(sweep(city).await.unwrap(), 0);
    bed.clock.advance(DAY);
    assert_eq!(sweep(city).await.unwrap(), 2);
    let (_, content) = cases::own_file(city, &system(), &young.id).await.unwrap();
    assert_eq!(content, PDF);
    let gone = disk(city).await.read(only.sha256.as_deref().unwrap()).await;
    assert!(matches!(gone, Err(UploadError::Unknown)), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_files_of_long_ago_do_not_stop_an_account() {
    let bed = Bed::new(73).await;
    let (city, person) = (&bed.city, actor("张三", Role::Citizen));
    let begin = |by: Actor| async move { begin_upload(city, &by, "a.pdf", 10, None).await };
    for _ in 0..200 {
        begin(person.clone()).await.unwrap();
    }
    let refused = begin(person.clone()).await;
    assert!(matches!(&refused, Err(ServiceError::Invalid(fields)) if fields[0].message.en.contains("30 days")));
    // A system passes on what many people hand in.
    begin(system()).await.unwrap();
    bed.clock.advance(30 * DAY + 1);
    begin(person).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_refused_type_leaves_nothing_behind() {
    let bed = Bed::new(74).await;
    let city = &bed.city;
    assert!(matches!(upload(city, b"MZ\x90 a program").await, Err(ServiceError::Invalid(_))));
    assert_eq!(count(city, "SELECT CAST(count(*) AS BIGINT) FROM upload WHERE region = $1").await, 0);
    let stored = std::fs::read_dir(disk(city).await.stored()).unwrap().count();
    assert_eq!(stored, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_last_row_was_not_written_can_be_taken_up_again() {
    let bed = Bed::new(75).await;
    let city = &bed.city;
    // All bytes arrive and are stored; then the process dies before the row says so.
    let begun = begin_upload(city, &system(), "扫描件.pdf", PDF.len() as i64, None).await.unwrap();
    let disk = disk(city).await;
    disk.append(&begun.id, 0, whole(Bytes::from_static(PDF))).await.unwrap();
    disk.finish(&begun.id).await.unwrap();
    let found = cases::upload(city, &system(), &begun.id).await.unwrap();
    assert_eq!((found.offset, found.sha256), (found.size, None));
    let size = PDF.len() as i64;
    let done = continue_upload(city, &system(), &begun.id, size, whole(Bytes::new())).await.unwrap();
    assert_eq!(done.media_type.as_deref(), Some("application/pdf"));
    // And once more, as a client that missed the answer does.
    let again = continue_upload(city, &system(), &begun.id, size, whole(Bytes::new())).await.unwrap();
    assert_eq!(again.sha256, done.sha256);
    assert_eq!(cases::own_file(city, &system(), &begun.id).await.unwrap().1, PDF);
}
