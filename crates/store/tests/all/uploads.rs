//! Uploads: resuming, refusing, surviving a restart.

use crate::bed::AT;
use bytes::Bytes;
use futures_util::stream;
use sha2::{Digest, Sha256};
use store::{Progress, UploadError, Uploads};
use tokio::io::AsyncReadExt;

fn pieces(parts: &[&'static str]) -> impl futures_util::Stream<Item = Result<Bytes, ()>> + use<> {
    stream::iter(parts.iter().map(|p| Ok(Bytes::from_static(p.as_bytes()))).collect::<Vec<_>>())
}

fn breaking(part: &'static str) -> impl futures_util::Stream<Item = Result<Bytes, ()>> {
    stream::iter([Ok(Bytes::from_static(part.as_bytes())), Err(())])
}

async fn open(dir: &tempfile::TempDir) -> Uploads {
    Uploads::open(dir.path().join("uploads"), 1_000).await.unwrap()
}

#[tokio::test]
async fn an_upload_survives_a_lost_connection_and_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let uploads = open(&dir).await;
    uploads.create("u-1", 12, AT).await.unwrap();
    uploads.create("u-1", 12, AT).await.unwrap();
    assert_eq!(uploads.append("u-1", 0, pieces(&["hel", "lo"])).await.unwrap(), 5);
    let broken = uploads.append("u-1", 5, breaking(" wo")).await.unwrap_err();
    assert!(matches!(broken, UploadError::Broken { offset: 8 }), "{broken}");
    let uploads = open(&dir).await;
    assert_eq!(uploads.progress("u-1").await.unwrap(), Progress { size: 12, offset: 8, sha256: None });
    let wrong = uploads.append("u-1", 5, pieces(&["x"])).await.unwrap_err();
    assert!(matches!(wrong, UploadError::WrongOffset { offset: 8 }), "{wrong}");
    assert!(matches!(uploads.finish("u-1").await, Err(UploadError::Incomplete { offset: 8, size: 12 })));
    assert_eq!(uploads.append("u-1", 8, pieces(&["rld", "!"])).await.unwrap(), 12);
    let content = uploads.finish("u-1").await.unwrap();
    assert_eq!(content.sha256, hex::encode(Sha256::digest("hello world!")));
    assert_eq!(uploads.finish("u-1").await.unwrap(), content, "asking again gives the same answer");
    assert!(matches!(uploads.append("u-1", 12, pieces(&["x"])).await, Err(UploadError::Finished)));
    let mut text = String::new();
    uploads.read(&content.sha256).await.unwrap().read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "hello world!");
    // The same content twice lies there once.
    uploads.create("u-2", 12, AT).await.unwrap();
    uploads.append("u-2", 0, pieces(&["hello world!"])).await.unwrap();
    assert_eq!(uploads.finish("u-2").await.unwrap().path, content.path);
}

#[tokio::test]
async fn a_crash_between_note_and_move_is_mended() {
    let dir = tempfile::tempdir().unwrap();
    let uploads = open(&dir).await;
    uploads.create("u", 2, AT).await.unwrap();
    uploads.append("u", 0, pieces(&["ok"])).await.unwrap();
    let content = uploads.finish("u").await.unwrap();
    std::fs::rename(&content.path, dir.path().join("uploads/incoming/u.part")).unwrap();
    assert_eq!(uploads.finish("u").await.unwrap(), content);
    assert!(content.path.exists());
}

#[tokio::test]
async fn what_is_too_large_or_foreign_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let uploads = open(&dir).await;
    assert!(matches!(uploads.create("u", 1_001, AT).await, Err(UploadError::TooLarge { limit: 1_000 })));
    uploads.create("u", 4, AT).await.unwrap();
    assert!(matches!(uploads.create("u", 5, AT).await, Err(UploadError::TooLarge { limit: 4 })));
    uploads.append("u", 0, pieces(&["ab"])).await.unwrap();
    assert!(matches!(uploads.append("u", 2, pieces(&["cd", "e"])).await, Err(UploadError::TooLarge { limit: 4 })));
    assert_eq!(uploads.progress("u").await.unwrap().offset, 2, "the bytes of the refused request are gone");
    for id in ["", "../x", "a/b", "é", &"x".repeat(65), "."] {
        assert!(matches!(uploads.create(id, 1, AT).await, Err(UploadError::BadId)), "{id}");
        assert!(matches!(uploads.progress(id).await, Err(UploadError::BadId)), "{id}");
    }
    for hash in ["../../etc/passwd", "", "zz", &"A".repeat(64)] {
        assert!(matches!(uploads.read(hash).await, Err(UploadError::BadId)), "{hash}");
    }
    assert!(matches!(uploads.read(&"0".repeat(64)).await, Err(UploadError::Unknown)));
    assert!(matches!(uploads.append("nobody", 0, pieces(&["x"])).await, Err(UploadError::Unknown)));
}

#[tokio::test]
async fn one_request_at_a_time_and_old_ones_are_swept() {
    let dir = tempfile::tempdir().unwrap();
    let uploads = open(&dir).await;
    uploads.create("u", 8, AT).await.unwrap();
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Bytes, ()>>(1);
    let slow = stream::unfold(receiver, |mut r| async move { r.recv().await.map(|item| (item, r)) });
    let writer = uploads.clone();
    let first = tokio::spawn(async move { writer.append("u", 0, slow).await });
    sender.send(Ok(Bytes::from_static(b"1234"))).await.unwrap();
    sender.send(Ok(Bytes::from_static(b"5678"))).await.unwrap();
    assert!(matches!(uploads.append("u", 4, pieces(&["x"])).await, Err(UploadError::Busy)));
    assert_eq!(uploads.sweep(AT.plus_seconds(1)).await.unwrap(), 0, "not while it is written");
    drop(sender);
    assert_eq!(first.await.unwrap().unwrap(), 8);
    uploads.create("young", 8, AT.plus_seconds(5)).await.unwrap();
    assert_eq!(uploads.sweep(AT.plus_seconds(1)).await.unwrap(), 1);
    assert!(matches!(uploads.progress("u").await, Err(UploadError::Unknown)));
    assert_eq!(uploads.progress("young").await.unwrap().offset, 0);
}
