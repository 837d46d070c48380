//! Uploaded files: begun, continued after a lost connection, finished with a digest, bound to a case when it is filed.

use std::path::PathBuf;

use domain::accounts::Actor;
use domain::cases::{Case, Provided, UploadRef};
use domain::ids::UploadId;
use domain::text::Text;
use domain::time::Timestamp;
use store::cases::UPLOAD;
use store::{Change, PlainWrite};
use tokio::fs::{self, OpenOptions};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt, SeekFrom};

use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// Largest file, in bytes.
pub const MAX_FILE_BYTES: i64 = 20 << 20;
/// Most files that one account may have waiting, so that nobody fills the disk.
const MAX_WAITING: i64 = 200;
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

fn folder(city: &City) -> PathBuf {
    city.settings().dir.join("uploads")
}

fn path(city: &City, id: &str) -> PathBuf {
    let short: String = id.chars().rev().take(2).collect();
    folder(city).join(short).join(id)
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
    if size > MAX_FILE_BYTES {
        return Err(invalid(
            "文件超过 20 MB，请压缩或分成几个文件上传。",
            "The file is larger than 20 MB. Compress it or split it.",
        ));
    }
    let waiting = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT id FROM upload WHERE region = $1 AND owner = $2 \
                   AND casefile IS NULL LIMIT 201) AS waiting";
    let rows = city.store().query(waiting, &[city.region().into(), owner.into()]).await?;
    let count = rows.first().map(|row| row.int(0)).transpose()?.unwrap_or(0);
    if count >= MAX_WAITING && owner != SPECIMEN_OWNER {
        return Err(ServiceError::TooMany(3600));
    }
    let now = city.now();
    let id = UploadId::new(now, city.random()).to_string();
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let upload =
        Upload { id, owner: owner.to_owned(), name, size, offset: 0, sha256: None, media_type: None };
    let file = path(city, &upload.id);
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).await.map_err(disk)?;
    }
    OpenOptions::new().create_new(true).write(true).open(&file).await.map_err(disk)?;
    let mut change = Change::new(city.region(), now);
    change.plain.push(row(&upload, None, now));
    city.store().commit(change).await?;
    Ok(upload)
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

/// A full disk is the operator's business; the person may try again.
fn disk(error: std::io::Error) -> ServiceError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            ServiceError::Storage(store::StoreError::Full)
        }
        _ => ServiceError::internal(error),
    }
}

/// One file of the actor's own, or a specimen in a demo city.
pub async fn upload(city: &City, actor: &Actor, id: &str) -> Result<Upload, ServiceError> {
    Ok(load(city, actor, id).await?.0)
}

async fn load(city: &City, actor: &Actor, id: &str) -> Result<(Upload, Timestamp), ServiceError> {
    let sql = "SELECT owner, name, size, sha256, media_type, created FROM upload WHERE region = $1 AND id = $2";
    let rows = city.store().query(sql, &[city.region().into(), id.into()]).await?;
    let row = rows.first().ok_or(ServiceError::NotFound("upload"))?;
    let owner = row.text(0)?;
    let specimen = city.settings().demo && owner == SPECIMEN_OWNER;
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
        None => match fs::metadata(path(city, id)).await {
            Ok(metadata) => i64::try_from(metadata.len()).unwrap_or(i64::MAX),
            Err(_) => 0,
        },
    };
    Ok((upload, Timestamp::from_micros(row.int(5)?)))
}

/// Appends bytes at an offset, which must be where the file ends now; the last bytes finish it.
pub async fn continue_upload(
    city: &City,
    actor: &Actor,
    id: &str,
    offset: i64,
    bytes: &[u8],
) -> Result<Upload, ServiceError> {
    let (mut upload, created) = load(city, actor, id).await?;
    if upload.sha256.is_some() || offset != upload.offset {
        return Err(ServiceError::Changed);
    }
    let after = offset + i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    if after > upload.size {
        return Err(invalid("文件比声明的大，请重新上传。", "The file is larger than announced. Upload it again."));
    }
    let mut file = OpenOptions::new().write(true).open(path(city, id)).await.map_err(disk)?;
    file.seek(SeekFrom::Start(u64::try_from(offset).unwrap_or(0))).await.map_err(disk)?;
    file.write_all(bytes).await.map_err(disk)?;
    file.flush().await.map_err(disk)?;
    upload.offset = after;
    if after < upload.size {
        return Ok(upload);
    }
    // Before the digest is acknowledged the bytes must be on the disk.
    file.sync_all().await.map_err(disk)?;
    let content = fs::read(path(city, id)).await.map_err(disk)?;
    let media = media_type(&content).ok_or_else(|| {
        invalid(
            "只接受 PDF、JPG、PNG 文件。请用手机拍照，或把文件另存为 PDF。",
            "Only PDF, JPG and PNG files are taken. Take a photo, or save the file as PDF.",
        )
    })?;
    upload.sha256 = Some(seal::digest::sha256_hex(&content));
    upload.media_type = Some(media.to_owned());
    let mut change = Change::new(city.region(), city.now());
    change.plain.push(row(&upload, None, created));
    city.store().commit(change).await?;
    Ok(upload)
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
    let upload = match upload(city, actor, id).await {
        Ok(upload) => upload,
        Err(ServiceError::NotFound(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let (Some(sha256), Some(media_type)) = (upload.sha256, upload.media_type) else { return Ok(None) };
    let id = id.parse().map_err(ServiceError::internal)?;
    Ok(Some(UploadRef { id, name: upload.name, sha256, size: upload.size, media_type }))
}

/// Marks the uploads of a case as its own, in the case's commit. Specimens stay everybody's.
pub(super) async fn bind(city: &City, case: &Case) -> Result<Vec<PlainWrite>, ServiceError> {
    let mut writes = Vec::new();
    for item in &case.application.materials {
        let Provided::Upload { files } = &item.provided else { continue };
        for file in files {
            let sql = "SELECT owner, created FROM upload WHERE region = $1 AND id = $2 AND casefile IS NULL";
            let rows = city.store().query(sql, &[city.region().into(), file.id.to_string().into()]).await?;
            let Some(found) = rows.first() else { continue };
            if found.text(0)? == SPECIMEN_OWNER {
                continue;
            }
            let upload = Upload {
                id: file.id.to_string(),
                owner: found.text(0)?.to_owned(),
                name: file.name.clone(),
                size: file.size,
                offset: file.size,
                sha256: Some(file.sha256.clone()),
                media_type: Some(file.media_type.clone()),
            };
            writes.push(row(&upload, Some(case.id.to_string()), Timestamp::from_micros(found.int(1)?)));
        }
    }
    Ok(writes)
}

/// A file of the actor's own with its bytes, complete or not yet bound to any case.
pub async fn own_file(city: &City, actor: &Actor, id: &str) -> Result<(Upload, Vec<u8>), ServiceError> {
    let found = upload(city, actor, id).await?;
    let content = fs::read(path(city, &found.id)).await.map_err(disk)?;
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
    let mut file = fs::File::open(path(city, id)).await.map_err(disk)?;
    file.read_to_end(&mut content).await.map_err(disk)?;
    if seal::digest::sha256_hex(&content) != reference.sha256 {
        return Err(ServiceError::Internal(format!("the file of upload {id} was changed on disk")));
    }
    Ok((reference, content))
}
