//! Encrypted backup and restore, the same file for both engines: a backup of SQLite restores into PostgreSQL and back.
//!
//! All tables are read in one snapshot beside a live server, row by row into the envelope: no plain copy of the database ever
//! lies on a disk (which is why SQLite's backup API and `VACUUM INTO` are not used). Restore goes into an empty database, in one
//! transaction, with the schema of the backup; then the missing migrations run, then [`crate::Store::verify`].

mod cipher;
mod load;
mod record;
mod restore;
mod write;

pub use cipher::BackupRandom;
pub use restore::{Restored, restore};

use crate::error::StoreError;

/// Why a backup could not be made or restored. A failed backup leaves no file, a failed restore an empty database.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file is something else.
    #[error("this is not a backup of ours: {0}")]
    NotABackup(&'static str),
    /// The first chunk does not open.
    #[error("the passphrase is wrong, or the first part of the backup is damaged")]
    WrongPassphrase,
    /// A later chunk does not open, or the end is missing.
    #[error("the backup is damaged or cut off: use another copy")]
    Damaged,
    /// Beyond what the format can hold.
    #[error("the backup would be too large for its format")]
    TooLarge,
    /// The target holds data already.
    #[error("the database already holds data (table {0}): restore into an empty one")]
    NotEmpty(String),
    /// The backup was made by a newer program.
    #[error(
        "the backup has schema version {found} but this program knows versions up to {wanted}: restore it with the newer program"
    )]
    TooNew {
        /// Version of the backup.
        found: i64,
        /// Newest version this program knows.
        wanted: i64,
    },
    /// A table with a column that the format has no type for.
    #[error(
        "table {0} has columns that are not BIGINT, TEXT or BYTEA, or no primary key: it is not part of this program; remove it"
    )]
    ForeignTable(String),
    /// Key derivation or encryption refused.
    #[error("the backup could not be encrypted: {0}")]
    Key(String),
    /// No space where a file is written: the disk, a quota, or the largest size of a file.
    #[error("there is no space left to write to, and nothing was kept: free space, or name a place on another disk")]
    Full,
    /// A file could not be read or written.
    #[error("a file could not be read or written: {0}")]
    Io(std::io::Error),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<std::io::Error> for BackupError {
    fn from(error: std::io::Error) -> BackupError {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => BackupError::Full,
            _ => BackupError::Io(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Change, Config, CounterStep, Store};
    use domain::time::Timestamp;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_backup_of_any_older_schema_is_brought_up() {
        let at = Timestamp::from_micros(5);
        for version in 1..=crate::migrate::wanted() {
            let dir = tempfile::tempdir().unwrap();
            let old = Store::open_at(&Config::sqlite(dir.path().join("old.db")), version).await.unwrap();
            let step = CounterStep { name: "n".into(), key: "k".into(), by: 7 };
            old.commit(Change { counters: vec![step], ..Change::new("370200", at) }).await.unwrap();
            let archive = dir.path().join("old.backup");
            let random = BackupRandom { salt: [1; 16], nonce: [1; 19] };
            old.backup(&archive, None, b"secret", random, at).await.unwrap();
            let mut targets = vec![Config::sqlite(dir.path().join("new.db"))];
            targets.extend(postgres(version).await);
            for new in targets {
                let restored = restore(&new, &archive, None, b"secret").await.unwrap();
                assert_eq!(restored.store.counter("370200", "n", "k").await, Ok(7));
                let sql = "SELECT max(number) FROM schema_migration";
                let newest = restored.store.query(sql, &[]).await.unwrap()[0].int(0);
                assert_eq!(newest, Ok(crate::migrate::wanted()));
            }
        }
    }

    /// An empty database on the server of `YICHUANG_TEST_PG`, if there is one.
    async fn postgres(version: i64) -> Option<Config> {
        let url = std::env::var("YICHUANG_TEST_PG").ok()?;
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let name = format!("yichuang_test_schema_{}_{version}", std::process::id());
        client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
        client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")).await.unwrap();
        // The address may name its socket in a query (`?host=/tmp/…`), whose slashes are no part of the path.
        let (path, query) = url.split_once('?').unwrap_or((&url, ""));
        let (server, _) = path.rsplit_once('/').unwrap();
        Some(Config::from_url(&format!("{server}/{name}?{query}")))
    }
}
