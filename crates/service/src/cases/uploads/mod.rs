//! Uploaded files: begun, continued after a lost connection, finished with a digest, bound to a case when it is filed.

mod kind;
mod sweep;
mod take;

use std::collections::{BTreeMap, BTreeSet};

use domain::accounts::Actor;
use domain::cases::{Case, Provided, UploadRef};
use domain::ids::UploadId;
use domain::text::Text;
use domain::time::Timestamp;
use store::cases::UPLOAD;
use store::{PlainWrite, UploadError, Value};
use tokio::io::AsyncReadExt;

use crate::city::City;
use crate::error::{FieldError, ServiceError};

pub(super) use kind::takes;
pub(crate) use sweep::{Whose, give_up, sweep_uploads};
pub(crate) use take::begin_specimen;
pub use take::{begin_upload, continue_upload, whole};

/// Largest file, in bytes.
pub const MAX_FILE_BYTES: u64 = 20 << 20;
/// How long a file waits for its application, in days. After that it can no longer be filed; a day later it is deleted, so
/// that none is deleted while it is being filed.
const WAITING_DAYS: i64 = 30;
const DAY_SECONDS: i64 = 24 * 3600;
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
        UploadError::WrongOffset { offset } | UploadError::Broken { offset } => {
            ServiceError::Offset(i64::try_from(offset).unwrap_or(i64::MAX))
        }
        UploadError::Busy => ServiceError::Busy,
        UploadError::Finished => ServiceError::Changed,
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
    load_all(city, actor, &BTreeSet::from([id])).await?.pop().ok_or(ServiceError::NotFound("upload"))
}

/// Those of the files that are there for the actor, each with the time it was begun.
async fn load_all(city: &City, actor: &Actor, ids: &BTreeSet<&str>) -> Result<Vec<(Upload, Timestamp)>, ServiceError> {
    let mut params: Vec<Value> = vec![city.region().into()];
    params.extend(ids.iter().filter(|id| id.parse::<UploadId>().is_ok()).map(|id| (*id).into()));
    if params.len() == 1 {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..=params.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT id, owner, name, size, sha256, media_type, created, casefile FROM upload \
         WHERE region = $1 AND id IN ({})",
        places.join(", ")
    );
    let mut found = Vec::new();
    for row in city.store().query(&sql, &params).await? {
        let (owner, created) = (row.text(1)?, Timestamp::from_micros(row.int(6)?));
        let specimen = city.settings().demo && owner == SPECIMEN_OWNER;
        let given_up = created < waiting_since(city.now()) && row.opt_text(7)?.is_none() && owner != SPECIMEN_OWNER;
        if given_up || (owner != actor.label() && !specimen) {
            continue;
        }
        let mut upload = Upload {
            id: row.text(0)?.to_owned(),
            owner: owner.to_owned(),
            name: row.text(2)?.to_owned(),
            size: row.int(3)?,
            offset: 0,
            sha256: row.opt_text(4)?.map(str::to_owned),
            media_type: row.opt_text(5)?.map(str::to_owned),
        };
        upload.offset = match upload.sha256 {
            Some(_) => upload.size,
            None => match city.uploads().await?.progress(&upload.id).await {
                Ok(progress) => i64::try_from(progress.offset).unwrap_or(i64::MAX),
                // Its bytes were swept away meanwhile.
                Err(UploadError::Unknown) => continue,
                Err(other) => return Err(refused(other)),
            },
        };
        found.push((upload, created));
    }
    Ok(found)
}

/// The references that a case keeps, by id: of the files that are complete and that the actor may use. Read at once.
pub(super) async fn references(
    city: &City,
    actor: &Actor,
    ids: &BTreeSet<&str>,
) -> Result<BTreeMap<String, UploadRef>, ServiceError> {
    let mut found = BTreeMap::new();
    for (mut upload, created) in load_all(city, actor, ids).await? {
        if upload.sha256.is_none() && upload.offset == upload.size {
            // All bytes are here; the last request was cut off before it could write that down.
            upload = take::complete(city, upload, created).await?;
        }
        let (Some(sha256), Some(media_type)) = (upload.sha256, upload.media_type) else { continue };
        let id = upload.id.parse().map_err(ServiceError::internal)?;
        found.insert(upload.id, UploadRef { id, name: upload.name, sha256, size: upload.size, media_type });
    }
    Ok(found)
}

/// Marks the uploads of a case as its own, in the case's commit: those that it did not have `before`. Specimens stay
/// everybody's.
pub(super) async fn bind(city: &City, before: Option<&Case>, case: &Case) -> Result<Vec<PlainWrite>, ServiceError> {
    let had: BTreeSet<_> = before.map(files).into_iter().flatten().map(|file| file.id).collect();
    let new: BTreeMap<String, &UploadRef> =
        files(case).filter(|file| !had.contains(&file.id)).map(|file| (file.id.to_string(), file)).collect();
    bind_to(city, &new, &case.id.to_string()).await
}

/// Marks these uploads, by id, as belonging to something.
async fn bind_to(
    city: &City,
    new: &BTreeMap<String, &UploadRef>,
    owner: &str,
) -> Result<Vec<PlainWrite>, ServiceError> {
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
        writes.push(row(&upload, Some(owner.to_owned()), Timestamp::from_micros(found.int(2)?)));
    }
    Ok(writes)
}

/// Marks one file as belonging to something that is no case, so that it is kept.
pub(crate) async fn bind_file(city: &City, file: &UploadRef, owner: &str) -> Result<Vec<PlainWrite>, ServiceError> {
    bind_to(city, &BTreeMap::from([(file.id.to_string(), file)]), owner).await
}

/// A complete file of the actor's own, of one of these formats; `None` when there is none.
pub(crate) async fn file_of(
    city: &City,
    actor: &Actor,
    id: &str,
    formats: &[String],
) -> Result<Option<UploadRef>, ServiceError> {
    let found = references(city, actor, &BTreeSet::from([id])).await?.remove(id);
    Ok(found.filter(|file| takes(formats, &file.media_type)))
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
    let content = content(city, &reference).await?;
    Ok((reference, content))
}

/// The bytes of a file that is kept, with their digest compared.
pub(crate) async fn content(city: &City, reference: &UploadRef) -> Result<Vec<u8>, ServiceError> {
    let mut content = Vec::new();
    let mut file = city.uploads().await?.read(&reference.sha256).await.map_err(refused)?;
    file.read_to_end(&mut content).await.map_err(ServiceError::internal)?;
    if seal::digest::sha256_hex(&content) != reference.sha256 {
        return Err(ServiceError::Internal(format!("the file of upload {} was changed on disk", reference.id)));
    }
    Ok(content)
}
