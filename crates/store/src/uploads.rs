//! Resumable uploads to a local folder, with the semantics of tus 1.0: create with a size, append at an offset, go on after a lost
//! connection from the offset that the server states, finish.
//!
//! ```text
//! <root>/incoming/<id>.json   size, creation, and the SHA-256 once finished
//! <root>/incoming/<id>.part   what has arrived
//! <root>/stored/ab/abcd…      finished content under its SHA-256
//! ```
//!
//! The length of the `.part` file *is* the offset, so there is nothing that could disagree with it after a crash.
//! What was acknowledged is on the disk. Who owns an upload, quotas and expiry are the caller's: content is never addressed by hash from outside.

use bytes::Bytes;
use domain::time::Timestamp;
use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Why an upload could not go on.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// No upload of this id, or it has expired. Create it again.
    #[error("there is no such upload: start it again")]
    Unknown,
    /// Declared or sent size is beyond the limit (HTTP 413).
    #[error("the file is larger than allowed: at most {limit} bytes")]
    TooLarge {
        /// The largest size allowed, or the size declared, in bytes.
        limit: u64,
    },
    /// The client appends elsewhere than the server stands (HTTP 409). Ask for the offset and go on from there.
    #[error("the upload stands at byte {offset}: go on from there")]
    WrongOffset {
        /// Bytes that have arrived.
        offset: u64,
    },
    /// Another request is appending right now (HTTP 423).
    #[error("another request is writing to this upload: wait and ask for its offset")]
    Busy,
    /// Not everything has arrived.
    #[error("the upload is not complete: {offset} of {size} bytes have arrived")]
    Incomplete {
        /// Bytes that have arrived.
        offset: u64,
        /// Bytes declared.
        size: u64,
    },
    /// It is finished; nothing can be appended.
    #[error("the upload is finished")]
    Finished,
    /// The id or hash has characters that none of ours has.
    #[error("that is not an upload id")]
    BadId,
    /// The disk is full. What had arrived before is kept.
    #[error("there is no space left for uploads: try again later, what has arrived is kept")]
    Full,
    /// The sender broke off; what arrived is kept (ask for the offset).
    #[error("the connection broke: go on from byte {offset}")]
    Broken {
        /// Bytes that have arrived.
        offset: u64,
    },
    /// Any other failure of the file system; for the log.
    #[error("the upload could not be stored: {0}")]
    Io(io::Error),
}

impl From<io::Error> for UploadError {
    fn from(e: io::Error) -> Self {
        match e.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => UploadError::Full,
            io::ErrorKind::NotFound => UploadError::Unknown,
            _ => UploadError::Io(e),
        }
    }
}

/// How far an upload has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Bytes declared.
    pub size: u64,
    /// Bytes that have arrived and are on the disk.
    pub offset: u64,
    /// SHA-256 in hex, once finished.
    pub sha256: Option<String>,
}

/// Finished content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// SHA-256 in hex.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// Where it lies; read-only.
    pub path: PathBuf,
}

#[derive(Debug, Serialize, Deserialize)]
struct Meta {
    size: u64,
    created: i64,
    sha256: Option<String>,
}

/// The folder of uploads. Cloning is cheap; one per process and folder.
#[derive(Debug, Clone)]
pub struct Uploads {
    root: PathBuf,
    max_bytes: u64,
    busy: Arc<Mutex<HashSet<String>>>,
}

/// Keeps an id reserved for one request at a time.
struct Busy {
    id: String,
    all: Arc<Mutex<HashSet<String>>>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

impl Uploads {
    /// Opens or creates the folder; no upload may be larger than `max_bytes`.
    pub async fn open(root: impl Into<PathBuf>, max_bytes: u64) -> Result<Uploads, UploadError> {
        let uploads = Uploads { root: root.into(), max_bytes, busy: Arc::default() };
        fs::create_dir_all(uploads.incoming()).await?;
        fs::create_dir_all(uploads.stored()).await?;
        Ok(uploads)
    }

    /// The folder of finished content, for backups.
    pub fn stored(&self) -> PathBuf {
        self.root.join("stored")
    }

    /// Begins an upload of exactly `size` bytes. `id` is made by the caller: letters, digits and `-`, at most 64.
    /// Creating the same again with the same size is no error.
    pub async fn create(&self, id: &str, size: u64, now: Timestamp) -> Result<(), UploadError> {
        let _busy = self.reserve(id)?;
        if size > self.max_bytes {
            return Err(UploadError::TooLarge { limit: self.max_bytes });
        }
        match self.meta(id).await {
            Ok(meta) if meta.size == size => return Ok(()),
            Ok(meta) => return Err(UploadError::TooLarge { limit: meta.size }),
            Err(UploadError::Unknown) => {}
            Err(e) => return Err(e),
        }
        File::create(self.part(id)).await?.sync_all().await?;
        self.write_meta(id, &Meta { size, created: now.micros(), sha256: None }).await
    }

    /// How far the upload has come: what a client asks before it goes on.
    pub async fn progress(&self, id: &str) -> Result<Progress, UploadError> {
        check_id(id)?;
        let meta = self.meta(id).await?;
        let offset = if meta.sha256.is_some() { meta.size } else { fs::metadata(self.part(id)).await?.len() };
        Ok(Progress { size: meta.size, offset, sha256: meta.sha256 })
    }

    /// Appends a stream at `offset`, which must be where the upload stands, and returns the new offset, which is on the disk.
    ///
    /// If the stream breaks, what had arrived is kept ([`UploadError::Broken`]). If more than the declared size
    /// comes, this request's bytes are dropped ([`UploadError::TooLarge`]).
    pub async fn append<E>(
        &self,
        id: &str,
        offset: u64,
        stream: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<u64, UploadError> {
        let _busy = self.reserve(id)?;
        let meta = self.meta(id).await?;
        if meta.sha256.is_some() {
            return Err(UploadError::Finished);
        }
        let mut file = File::options().append(true).open(self.part(id)).await?;
        let here = file.metadata().await?.len();
        if here != offset {
            return Err(UploadError::WrongOffset { offset: here });
        }
        let mut stream = pin!(stream);
        let mut at = here;
        let mut broken = false;
        while let Some(piece) = stream.next().await {
            let Ok(piece) = piece else {
                broken = true;
                break;
            };
            at += piece.len() as u64;
            if at > meta.size {
                file.flush().await?;
                file.set_len(here).await?;
                file.sync_all().await?;
                return Err(UploadError::TooLarge { limit: meta.size });
            }
            file.write_all(&piece).await?;
        }
        file.flush().await?;
        file.sync_all().await?;
        if broken { Err(UploadError::Broken { offset: at }) } else { Ok(at) }
    }

    /// The first bytes of what has arrived, at most `most`, so that the caller can look at the type before it is stored.
    pub async fn head(&self, id: &str, most: u64) -> Result<Vec<u8>, UploadError> {
        check_id(id)?;
        let meta = self.meta(id).await?;
        let stored = meta.sha256.as_deref().map(|sha256| self.content_path(sha256)).transpose()?;
        let file = match stored {
            Some(path) if fs::try_exists(&path).await? => File::open(path).await?,
            _ => File::open(self.part(id)).await?,
        };
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes).await?;
        Ok(bytes)
    }

    /// Ends a complete upload: its content lies under its SHA-256 from now on. Asking again gives the same answer.
    pub async fn finish(&self, id: &str) -> Result<Content, UploadError> {
        let _busy = self.reserve(id)?;
        let mut meta = self.meta(id).await?;
        let sha256 = match &meta.sha256 {
            Some(sha256) => sha256.clone(),
            None => {
                let offset = fs::metadata(self.part(id)).await?.len();
                if offset != meta.size {
                    return Err(UploadError::Incomplete { offset, size: meta.size });
                }
                hash(&self.part(id)).await?
            }
        };
        let path = self.content_path(&sha256)?;
        if meta.sha256.is_none() {
            // First the note, then the move: after a crash in between, asking again completes the move.
            meta.sha256 = Some(sha256.clone());
            self.write_meta(id, &meta).await?;
        }
        if fs::try_exists(self.part(id)).await? {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).await?;
                fs::rename(self.part(id), &path).await?;
                sync_folder(folder).await?;
                sync_folder(&self.stored()).await?;
            }
            sync_folder(&self.incoming()).await?;
        }
        Ok(Content { sha256, size: meta.size, path })
    }

    /// Opens finished content for reading; [`UploadError::Unknown`] if there is none.
    pub async fn read(&self, sha256: &str) -> Result<File, UploadError> {
        Ok(File::open(self.content_path(sha256)?).await?)
    }

    /// Drops an upload that is not needed any more. Finished content stays.
    pub async fn cancel(&self, id: &str) -> Result<(), UploadError> {
        let _busy = self.reserve(id)?;
        for path in [self.part(id), self.meta_path(id)] {
            match fs::remove_file(path).await {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e.into()),
                _ => {}
            }
        }
        Ok(sync_folder(&self.incoming()).await?)
    }

    /// Deletes finished content. The caller makes sure that no other upload has the same.
    pub async fn delete(&self, sha256: &str) -> Result<(), UploadError> {
        Ok(fs::remove_file(self.content_path(sha256)?).await?)
    }

    /// Drops what was created before `before` and never finished, and the notes of what was; returns how many.
    pub async fn sweep(&self, before: Timestamp) -> Result<u64, UploadError> {
        let mut swept = 0;
        let mut entries = fs::read_dir(self.incoming()).await?;
        while let Some(entry) = entries.next_entry().await? {
            let name = entry.file_name();
            let Some(id) = name.to_str().and_then(|n| n.strip_suffix(".json")) else { continue };
            if self.meta(id).await.is_ok_and(|meta| meta.created < before.micros()) {
                // An upload that is being written to is not swept now; it will be next time.
                if self.cancel(id).await.is_ok() {
                    swept += 1;
                }
            }
        }
        Ok(swept)
    }

    fn reserve(&self, id: &str) -> Result<Busy, UploadError> {
        check_id(id)?;
        if !self.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned()) {
            return Err(UploadError::Busy);
        }
        Ok(Busy { id: id.to_owned(), all: self.busy.clone() })
    }

    fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    fn part(&self, id: &str) -> PathBuf {
        self.incoming().join(format!("{id}.part"))
    }

    fn meta_path(&self, id: &str) -> PathBuf {
        self.incoming().join(format!("{id}.json"))
    }

    fn content_path(&self, sha256: &str) -> Result<PathBuf, UploadError> {
        let hex = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let folder = sha256.get(..2).filter(|_| hex).ok_or(UploadError::BadId)?;
        Ok(self.stored().join(folder).join(sha256))
    }

    async fn meta(&self, id: &str) -> Result<Meta, UploadError> {
        let text = fs::read(self.meta_path(id)).await?;
        serde_json::from_slice(&text).map_err(|e| UploadError::Io(e.into()))
    }

    async fn write_meta(&self, id: &str, meta: &Meta) -> Result<(), UploadError> {
        let text = serde_json::to_vec(meta).map_err(|e| UploadError::Io(e.into()))?;
        let draft = self.incoming().join(format!("{id}.new"));
        let mut file = File::create(&draft).await?;
        file.write_all(&text).await?;
        file.flush().await?;
        file.sync_all().await?;
        fs::rename(&draft, self.meta_path(id)).await?;
        Ok(sync_folder(&self.incoming()).await?)
    }
}

fn check_id(id: &str) -> Result<(), UploadError> {
    let good = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if good { Ok(()) } else { Err(UploadError::BadId) }
}

async fn hash(path: &Path) -> Result<String, UploadError> {
    let mut file = File::open(path).await?;
    let mut hasher = Sha256::new();
    let mut part = vec![0; 65_536];
    loop {
        let n = file.read(&mut part).await?;
        if n == 0 {
            return Ok(hex::encode(hasher.finalize()));
        }
        hasher.update(part.get(..n).unwrap_or_default());
    }
}

/// Makes new and renamed entries of a folder survive a power failure.
async fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder).await?.sync_all().await
}
