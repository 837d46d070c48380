//! Taking a file: begun with a size, continued after a lost connection, complete once its type is one that is accepted.

use bytes::Bytes;
use domain::accounts::{Actor, Role};
use domain::ids::UploadId;
use domain::time::Timestamp;
use futures_util::Stream;
use store::cases::UPLOAD;
use store::{Change, Idempotency, PlainDelete, StoreError, UploadError};

use super::kind::{self, media_type};
use super::{MAX_FILE_BYTES, SPECIMEN_OWNER, Upload, invalid, load, refused, row, upload, waiting_since};
use crate::cases::RequestKey;
use crate::city::City;
use crate::error::ServiceError;

/// Most files that one person may have waiting, so that nobody fills the disk.
const MAX_WAITING: i64 = 200;
/// The same for a system that passes on what many people hand in.
const MAX_WAITING_SYSTEM: i64 = 20_000;

/// Begins a file of a known size. With a key, the same request gets the same file again.
pub async fn begin_upload(
    city: &City,
    actor: &Actor,
    name: &str,
    size: i64,
    key: Option<RequestKey>,
) -> Result<Upload, ServiceError> {
    if let Some((token, key, body_hash)) = &key
        && let Some(id) = city.store().lookup(city.region(), token, key, body_hash).await?
    {
        return upload(city, actor, &id).await;
    }
    let owner = actor.label();
    let system = actor.grants.iter().any(|grant| grant.role == Role::Integrator);
    refuse_hoard(city, &owner, if system { MAX_WAITING_SYSTEM } else { MAX_WAITING }).await?;
    match begin(city, &owner, name, size, key).await {
        Err(ServiceError::Storage(StoreError::IdempotencyReplay { result })) => upload(city, actor, &result).await,
        other => other,
    }
}

/// Begins a file that everyone in a demo city may hand in.
pub(crate) async fn begin_specimen(city: &City, name: &str, size: i64) -> Result<Upload, ServiceError> {
    begin(city, SPECIMEN_OWNER, name, size, None).await
}

async fn begin(
    city: &City,
    owner: &str,
    name: &str,
    size: i64,
    key: Option<RequestKey>,
) -> Result<Upload, ServiceError> {
    if size <= 0 {
        return Err(invalid("文件是空的，请重新选择。", "The file is empty. Choose another."));
    }
    let bytes = u64::try_from(size).unwrap_or(u64::MAX);
    if bytes > MAX_FILE_BYTES {
        return Err(invalid(
            "文件超过 20 MB，请压缩或分成几个文件上传。",
            "The file is larger than 20 MB. Compress it or split it.",
        ));
    }
    let name = kind::plain_name(name)?;
    let now = city.now();
    let id = UploadId::new(now, city.random()).to_string();
    let upload = Upload { id, owner: owner.to_owned(), name, size, offset: 0, sha256: None, media_type: None };
    city.uploads().await?.create(&upload.id, bytes, now).await.map_err(refused)?;
    let mut change = Change::new(city.region(), now);
    change.plain.push(row(&upload, None, now));
    change.idempotency =
        key.map(|(token, key, body_hash)| Idempotency { token, key, body_hash, result: upload.id.clone() });
    match city.store().commit(change).await {
        Ok(_) => Ok(upload),
        Err(error) => {
            // The folder must not keep what no row names.
            if let Err(left) = city.uploads().await?.cancel(&upload.id).await {
                tracing::warn!(upload = upload.id, %left, "an upload that was not begun is left to the sweep");
            }
            Err(error.into())
        }
    }
}

/// Whoever has too many files waiting files them first. No waiting time: what helps is to file, or that they expire.
async fn refuse_hoard(city: &City, owner: &str, most: i64) -> Result<(), ServiceError> {
    let waiting = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT id FROM upload WHERE region = $1 AND owner = $2 \
                   AND casefile IS NULL AND created >= $3 LIMIT $4) AS waiting";
    let since = waiting_since(city.now()).micros();
    let params = [city.region().into(), owner.into(), since.into(), most.into()];
    let rows = city.store().query(waiting, &params).await?;
    if rows.first().map(|row| row.int(0)).transpose()?.unwrap_or(0) < most {
        return Ok(());
    }
    Err(invalid(
        &format!("您有 {most} 个已上传、尚未随申请提交的文件。请先提交申请；30 天未提交的文件会自动删除。"),
        &format!(
            "{most} of your files wait for their application. File it first; files that are not filed go after 30 days."
        ),
    ))
}

/// Bytes that are all there already, as the stream that [`continue_upload`] takes.
pub fn whole(bytes: Bytes) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> {
    futures_util::stream::once(async { Ok(bytes) })
}

/// Appends a stream at an offset, which must be where the file ends now; the last bytes finish it. What arrived before
/// a connection broke is kept.
///
/// # Errors
/// [`ServiceError::Offset`] with the right one, [`ServiceError::Busy`] while another request appends.
pub async fn continue_upload<E>(
    city: &City,
    actor: &Actor,
    id: &str,
    offset: i64,
    stream: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Upload, ServiceError> {
    let (mut upload, created) = load(city, actor, id).await?;
    if upload.sha256.is_some() {
        return if offset == upload.size { Ok(upload) } else { Err(ServiceError::Offset(upload.size)) };
    }
    let uploads = city.uploads().await?;
    match uploads.append(id, u64::try_from(offset).unwrap_or(u64::MAX), stream).await {
        Ok(at) => upload.offset = i64::try_from(at).unwrap_or(i64::MAX),
        // All of it is here since an earlier request; only the row was not written.
        Err(UploadError::Finished) => upload.offset = upload.size,
        Err(error) => return Err(refused(error)),
    }
    if upload.offset < upload.size { Ok(upload) } else { complete(city, upload, created).await }
}

/// Takes a file of which all bytes are here, once its type is one that is accepted; another is dropped. May be repeated
/// after a failure.
pub(super) async fn complete(city: &City, mut upload: Upload, created: Timestamp) -> Result<Upload, ServiceError> {
    let uploads = city.uploads().await?;
    let head = uploads.head(&upload.id, kind::HEAD).await.map_err(refused)?;
    let mut change = Change::new(city.region(), city.now());
    let Some(media) = media_type(&head) else {
        uploads.cancel(&upload.id).await.map_err(refused)?;
        change.deletes.push(PlainDelete { table: &UPLOAD, id: upload.id });
        city.store().commit(change).await?;
        return Err(invalid(
            "只接受 PDF、JPG、PNG 文件。请用手机拍照，或把文件另存为 PDF。",
            "Only PDF, JPG and PNG files are taken. Take a photo, or save the file as PDF.",
        ));
    };
    // Until the row names the content, the sweep must not take it for unused.
    let _shelving = city.shelving().read().await;
    let content = uploads.finish(&upload.id).await.map_err(refused)?;
    upload.sha256 = Some(content.sha256);
    upload.media_type = Some(media.to_owned());
    change.plain.push(row(&upload, None, created));
    city.store().commit(change).await?;
    Ok(upload)
}
