//! Uploaded files: begun, continued after a lost connection, finished with a digest, bound to a case when it is filed.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use domain::accounts::Actor;
use domain::cases::{Case, Provided, UploadRef};
use domain::ids::UploadId;
use domain::text::Text;
use domain::time::Timestamp;
use futures_util::Stream;
use store::cases::UPLOAD;
use store::{Change, PlainDelete, PlainWrite, UploadError, Value};
use tokio::io::AsyncReadExt;

use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// Largest file, in bytes.
pub const MAX_FILE_BYTES: u64 = 20 << 20;
/// Most files that one account may have waiting, so that nobody fills the disk.
const MAX_WAITING: i64 = 200;
/// How long a file waits for its application, in days. After that it can no longer be filed; a day later it is deleted, so
/// that none is deleted while it is being filed.
const WAITING_DAYS: i64 = 30;
const DAY_SECONDS: i64 = 24 * 3600;
/// Most files that one round of [`sweep_uploads`] deletes.
const SWEEP: i64 = 200;
/// Files of this owner may be used by everyone in a demo city: the specimens of the sample templates.
pub const SPECIMEN_OWNER: &str = "sample";

/// A file.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its id.
    pub id: String,
    /// Account that uploads it.
    pub owner: String,
    /// Name the person gave it.
    pub name: String,
    /// Bytes in all.
    pub size: i64,
    /// Bytes received so far.
    pub offset: i64,
    /// SHA-256, hex, once complete.
    pub sha256: Option<String>,
    /// Type found by its first bytes, once complete.
    pub media_type: Option<String>,
}

fn invalid(zh: &str, en: &str) -> ServiceError {
    ServiceError::Invalid(vec![FieldError::new("file", Text::new(zh, en))])
}

/// Begins a file of a known size.
pub async fn begin_upload(city: &City, actor: &Actor, name: &str, size: i64) -> Result<Upload, ServiceError> {
    begin_for(city, &actor.label(), name, size).await
}

/// Begins a file for an owner: an account, or [`SPECIMEN_OWNER`].
pub async fn begin_for(city: &City, owner: &str, name: &str, size: i64) -> Result<Upload, ServiceError> {
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
    let waiting = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT id FROM upload WHERE region = $1 AND owner = $2 \
                   AND casefile IS NULL AND created >= $3 LIMIT 201) AS waiting";
    let now = city.now();
    let params = [city.region().into(), owner.into(), waiting_since(now).micros().into()];
    let rows = city.store().query(waiting, &params).await?;
    let count = rows.first().map(|row| row.int(0)).transpose()?.unwrap_or(0);
    if count >= MAX_WAITING && owner != SPECIMEN_OWNER {
        return Err(invalid(
            "您有 200 个已上传、尚未随申请提交的文件。请先提交申请；30 天未提交的文件会自动删除。",
            "200 of your files wait for their application. File it first; files that are not filed go after 30 days.",
        ));
    }
    let id = UploadId::new(now, city.random()).to_string();
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let upload = Upload { id, owner: owner.to_owned(), name, size, offset: 0, sha256: None, media_type: None };
    city.uploads().await?.create(&upload.id, bytes, now).await.map_err(refused)?;
    let mut change = Change::new(city.region(), now);
    change.plain.push(row(&upload, None, now));
    city.store().commit(change).await?;
    Ok(upload)
}

/// Files begun before this can no longer be filed.
fn waiting_since(now: Timestamp) -> Timestamp {
    now.plus_seconds(-WAITING_DAYS * DAY_SECONDS)
}

fn row(upload: &Upload, case: Option<String>, created: Timestamp) -> PlainWrite {
    PlainWrite {
        table: &UPLOAD,
        id: upload.id.clone(),
        columns: vec![
            upload.owner.clone().into(),
            upload.name.clone().into(),
            upload.size.into(),
            upload.sha256.clone().into(),
            upload.media_type.clone().into(),
            case.into(),
            created.micros().into(),
        ],
    }
}

/// What the folder of uploads says, for the person. A full disk is the operator's business; the person may try again.
fn refused(error: UploadError) -> ServiceError {
    match error {
        UploadError::TooLarge { .. } => {
            invalid("文件比声明的大，请重新上传。", "The file is larger than announced. Upload it again.")
        }
        UploadError::WrongOffset { .. } | UploadError::Busy | UploadError::Finished | UploadError::Broken { .. } => {
            ServiceError::Changed
        }
        UploadError::Unknown | UploadError::BadId => ServiceError::NotFound("upload"),
        UploadError::Full => ServiceError::Storage(store::StoreError::Full),
        other => ServiceError::internal(other),
    }
}

/// One file of the actor's own, or a specimen in a demo city.
pub async fn upload(city: &City, actor: &Actor, id: &str) -> Result<Upload, ServiceError> {
    Ok(load(city, actor, id).await?.0)
}

async fn load(city: &City, actor: &Actor, id: &str) -> Result<(Upload, Timestamp), ServiceError> {
    let sql =
        "SELECT owner, name, size, sha256, media_type, created, casefile FROM upload WHERE region = $1 AND id = $2";
    let rows = city.store().query(sql, &[city.region().into(), id.into()]).await?;
    let row = rows.first().ok_or(ServiceError::NotFound("upload"))?;
    let owner = row.text(0)?;
    let specimen = city.settings().demo && owner == SPECIMEN_OWNER;
    let created = Timestamp::from_micros(row.int(5)?);
    if created < waiting_since(city.now()) && row.opt_text(6)?.is_none() && owner != SPECIMEN_OWNER {
        return Err(ServiceError::NotFound("upload"));
    }
    if owner != actor.label() && !specimen {
        return Err(ServiceError::NotFound("upload"));
    }
    let mut upload = Upload {
        id: id.to_owned(),
        owner: owner.to_owned(),
        name: row.text(1)?.to_owned(),
        size: row.int(2)?,
        offset: 0,
        sha256: row.opt_text(3)?.map(str::to_owned),
        media_type: row.opt_text(4)?.map(str::to_owned),
    };
    upload.offset = match upload.sha256 {
        Some(_) => upload.size,
        None => {
            let progress = city.uploads().await?.progress(id).await.map_err(refused)?;
            i64::try_from(progress.offset).unwrap_or(i64::MAX)
        }
    };
    Ok((upload, created))
}

/// Bytes that are all there already, as the stream that [`continue_upload`] takes.
pub fn whole(bytes: Bytes) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> {
    futures_util::stream::once(async { Ok(bytes) })
}

/// Appends a stream at an offset, which must be where the file ends now; the last bytes finish it. What arrived before
/// a connection broke is kept.
pub async fn continue_upload<E>(
    city: &City,
    actor: &Actor,
    id: &str,
    offset: i64,
    stream: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Upload, ServiceError> {
    let (mut upload, created) = load(city, actor, id).await?;
    if upload.sha256.is_some() {
        return if offset == upload.size { Ok(upload) } else { Err(ServiceError::Changed) };
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
async fn complete(city: &City, mut upload: Upload, created: Timestamp) -> Result<Upload, ServiceError> {
    let uploads = city.uploads().await?;
    let head = uploads.head(&upload.id, 8).await.map_err(refused)?;
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

/// Deletes files that were never filed, with their content where no other file has the same. Answers how many; call again
/// while there are any.
pub(crate) async fn sweep_uploads(city: &City) -> Result<usize, ServiceError> {
    let before = waiting_since(city.now()).plus_seconds(-DAY_SECONDS);
    let sql = "SELECT id, sha256 FROM upload WHERE region = $1 AND casefile IS NULL AND created < $2 AND owner <> $3 \
               ORDER BY created, id LIMIT $4";
    let params = [city.region().into(), before.micros().into(), SPECIMEN_OWNER.into(), SWEEP.into()];
    let rows = city.store().query(sql, &params).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut change = Change::new(city.region(), city.now());
    let mut digests = BTreeSet::new();
    for row in &rows {
        change.deletes.push(PlainDelete { table: &UPLOAD, id: row.text(0)?.to_owned() });
        digests.extend(row.opt_text(1)?.map(str::to_owned));
    }
    city.store().commit(change).await?;
    drop_unused(city, digests).await?;
    city.uploads().await?.sweep(before).await.map_err(refused)?;
    Ok(rows.len())
}

/// Deletes content that no file has any more.
async fn drop_unused(city: &City, digests: BTreeSet<String>) -> Result<(), ServiceError> {
    let _shelving = city.shelving().write().await;
    for sha256 in digests {
        let sql = "SELECT id FROM upload WHERE region = $1 AND sha256 = $2 LIMIT 1";
        if city.store().query(sql, &[city.region().into(), sha256.as_str().into()]).await?.is_empty() {
            match city.uploads().await?.delete(&sha256).await {
                Ok(()) | Err(UploadError::Unknown) => {}
                Err(error) => return Err(refused(error)),
            }
        }
    }
    Ok(())
}

/// The type by the first bytes; the name is not believed.
fn media_type(content: &[u8]) -> Option<&'static str> {
    match content {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("application/pdf"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some("image/png"),
        _ => None,
    }
}

/// The reference that a case keeps, if the file is complete and the actor may use it.
pub(super) async fn reference(city: &City, actor: &Actor, id: &str) -> Result<Option<UploadRef>, ServiceError> {
    let (mut upload, created) = match load(city, actor, id).await {
        Ok(found) => found,
        Err(ServiceError::NotFound(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    if upload.sha256.is_none() && upload.offset == upload.size {
        // All bytes are here; the last request was cut off before it could write that down.
        upload = complete(city, upload, created).await?;
    }
    let (Some(sha256), Some(media_type)) = (upload.sha256, upload.media_type) else { return Ok(None) };
    let id = id.parse().map_err(ServiceError::internal)?;
    Ok(Some(UploadRef { id, name: upload.name, sha256, size: upload.size, media_type }))
}

/// Marks the uploads of a case as its own, in the case's commit: those that it did not have `before`. Specimens stay
/// everybody's.
pub(super) async fn bind(city: &City, before: Option<&Case>, case: &Case) -> Result<Vec<PlainWrite>, ServiceError> {
    let had: BTreeSet<_> = before.map(files).into_iter().flatten().map(|file| file.id).collect();
    let new: BTreeMap<String, &UploadRef> =
        files(case).filter(|file| !had.contains(&file.id)).map(|file| (file.id.to_string(), file)).collect();
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let mut params: Vec<Value> = vec![city.region().into()];
    params.extend(new.keys().map(|id| id.as_str().into()));
    let places: Vec<String> = (2..=params.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT id, owner, created FROM upload WHERE region = $1 AND casefile IS NULL AND id IN ({})",
        places.join(", ")
    );
    let mut writes = Vec::new();
    for found in city.store().query(&sql, &params).await? {
        let Some(file) = new.get(found.text(0)?).filter(|_| found.text(1).is_ok_and(|owner| owner != SPECIMEN_OWNER))
        else {
            continue;
        };
        let upload = Upload {
            id: file.id.to_string(),
            owner: found.text(1)?.to_owned(),
            name: file.name.clone(),
            size: file.size,
            offset: file.size,
            sha256: Some(file.sha256.clone()),
            media_type: Some(file.media_type.clone()),
        };
        writes.push(row(&upload, Some(case.id.to_string()), Timestamp::from_micros(found.int(2)?)));
    }
    Ok(writes)
}

fn files(case: &Case) -> impl Iterator<Item = &UploadRef> {
    let lists = case.application.materials.iter().filter_map(|item| match &item.provided {
        Provided::Upload { files } => Some(files),
        _ => None,
    });
    lists.flatten()
}

/// A file of the actor's own with its bytes, once it is complete.
pub async fn own_file(city: &City, actor: &Actor, id: &str) -> Result<(Upload, Vec<u8>), ServiceError> {
    let found = upload(city, actor, id).await?;
    let sha256 = found.sha256.as_deref().ok_or(ServiceError::NotFound("upload"))?;
    let mut content = Vec::new();
    let mut file = city.uploads().await?.read(sha256).await.map_err(refused)?;
    file.read_to_end(&mut content).await.map_err(ServiceError::internal)?;
    Ok((found, content))
}

/// The bytes of a file that belongs to a case which the actor was shown. Never addressed by digest from outside.
pub async fn open_upload(city: &City, case: &Case, id: &str) -> Result<(UploadRef, Vec<u8>), ServiceError> {
    let mut files = case.application.materials.iter().filter_map(|item| match &item.provided {
        Provided::Upload { files } => Some(files),
        _ => None,
    });
    let found = files.find_map(|files| files.iter().find(|file| file.id.to_string() == id));
    let reference = found.cloned().ok_or(ServiceError::NotFound("upload"))?;
    let mut content = Vec::new();
    let mut file = city.uploads().await?.read(&reference.sha256).await.map_err(refused)?;
    file.read_to_end(&mut content).await.map_err(ServiceError::internal)?;
    if seal::digest::sha256_hex(&content) != reference.sha256 {
        return Err(ServiceError::Internal(format!("the file of upload {id} was changed on disk")));
    }
    Ok((reference, content))
}
