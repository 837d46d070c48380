//! Backup beside writers, restore into either engine, and every way in which it must be refused.

use crate::bed::{AT, Bed, CASE, REGION, SLOT, change, row};
use std::path::{Path, PathBuf};
use store::{
    Access, BackupError, BackupRandom, Config, CounterStep, DueOp, Expected, Idempotency, PlainWrite, PostgresConfig,
    Restored, restore,
};

contract!(what_is_backed_up_comes_back, a_backup_runs_beside_writers, what_cannot_be_restored_is_refused);

const PASSPHRASE: &[u8] = b"correct horse battery staple";
const RANDOM: BackupRandom = BackupRandom { salt: [3; 16], nonce: [4; 19] };

/// Empty databases on both engines (PostgreSQL if there is one), whatever `bed` is.
async fn targets(bed: &Bed) -> Vec<Config> {
    let mut all = vec![Config::sqlite(bed.dir.path().join("restored.db"))];
    if let Ok(url) = std::env::var("YICHUANG_TEST_PG") {
        let url = crate::bed::fresh_database(&url).await;
        all.push(Config::Postgres(PostgresConfig { url, readers: 2 }));
    }
    all
}

async fn fill(bed: &Bed) {
    let mut c = change(row("a", Expected::New));
    c.rows[0].columns[3] = vec![0u8, 1, 255].into();
    c.plain = vec![PlainWrite { table: &SLOT, id: "s".into(), columns: vec!["大厅".into(), 4i64.into()] }];
    c.counters = vec![CounterStep { name: "filed".into(), key: "k".into(), by: 3 }];
    c.due = vec![DueOp::Add { at: AT, kind: "deem".into(), subject: "thing/a".into() }];
    c.idempotency = Some(Idempotency { token: "t".into(), key: "k".into(), body_hash: [9; 32], result: "答".into() });
    bed.store.commit(c).await.unwrap();
    for n in 0..1_200 {
        bed.put(&format!("{n:05}"), Expected::New).await.unwrap();
    }
    let look = Access { at: AT, who: "w".into(), subject: "s".into(), purpose: "p".into() };
    bed.store.record_access(REGION, vec![look]).await.unwrap();
    bed.store.reserve(REGION, "case", 10).await.unwrap();
    let draft = bed.store.draft_checkpoint(REGION, AT).await.unwrap().unwrap();
    bed.store.keep_checkpoint(draft, vec![5; 64], "witness").await.unwrap();
}

fn files(bed: &Bed) -> PathBuf {
    let root = bed.dir.path().join("stored");
    std::fs::create_dir_all(root.join("ab")).unwrap();
    std::fs::write(root.join("ab/abcd"), vec![42u8; 150_000]).unwrap();
    std::fs::write(root.join("empty"), "").unwrap();
    root
}

/// The tables of the tests are not part of any migration, so a restored database must be given them first.
async fn restore_with_tables(config: &Config, archive: &Path, files: Option<&Path>) -> Result<Restored, BackupError> {
    Bed::tables(config).await;
    restore(config, archive, files, PASSPHRASE).await
}

async fn what_is_backed_up_comes_back(bed: Bed) {
    fill(&bed).await;
    let (archive, stored) = (bed.dir.path().join("city.backup"), files(&bed));
    bed.store.backup(&archive, Some(&stored), PASSPHRASE, RANDOM, AT).await.unwrap();
    assert!(!archive.with_extension("part").exists());
    let sealed = std::fs::read(&archive).unwrap();
    assert!(!sealed.windows(8).any(|w| w == b"thing/a\"" || w == b"clerk-1\""), "nothing readable in it");
    for (n, config) in targets(&bed).await.into_iter().enumerate() {
        let into = bed.dir.path().join(format!("files-{n}"));
        let restored = restore_with_tables(&config, &archive, Some(&into)).await.unwrap();
        assert!(restored.report.is_whole(), "{:?}", restored.report.faults);
        assert_eq!((restored.report.facts, restored.report.checkpoints, restored.files), (1_201, 1, 2));
        assert_eq!(restored.at, AT);
        assert_eq!(std::fs::read(into.join("ab/abcd")).unwrap(), vec![42u8; 150_000]);
        assert!(into.join("empty").exists());
        let (old, new) = (&bed.store, &restored.store);
        assert_eq!(new.load(REGION, &CASE, "a").await.unwrap(), old.load(REGION, &CASE, "a").await.unwrap());
        assert_eq!(new.read_journal(REGION, 0, 2_000).await, old.read_journal(REGION, 0, 2_000).await);
        assert_eq!(new.counter(REGION, "filed", "k").await, Ok(3));
        assert_eq!(new.due_before(REGION, AT, 9).await.unwrap().len(), 1);
        assert_eq!(new.lookup(REGION, "t", "k", &[9; 32]).await, Ok(Some("答".into())));
        assert_eq!(new.reserve(REGION, "case", 1).await, Ok(11));
        assert_eq!(new.accesses_to(REGION, "s", AT.plus_seconds(1), 9).await.unwrap().len(), 1);
        let free = new.query("SELECT free FROM slot WHERE place = $1", &["大厅".into()]).await.unwrap();
        assert_eq!(free[0].int(0), Ok(4));
        // Life goes on where it stood.
        assert_eq!(new.commit(change(row("a", Expected::Version(1)))).await.unwrap().positions, [1_202]);
        assert!(new.verify(None).await.unwrap().is_whole());
    }
}

async fn a_backup_runs_beside_writers(bed: Bed) {
    let writer = bed.store.clone();
    let writing = tokio::spawn(async move {
        for n in 0..400 {
            let mut c = change(row(&n.to_string(), Expected::New));
            c.counters = vec![CounterStep { name: "n".into(), key: "k".into(), by: 1 }];
            writer.commit(c).await.unwrap();
        }
    });
    let mut last = None;
    for n in 0..3 {
        let archive = bed.dir.path().join(format!("{n}.backup"));
        bed.store.backup(&archive, None, PASSPHRASE, RANDOM, AT).await.unwrap();
        last = Some(archive);
    }
    let config = targets(&bed).await.remove(0);
    let restored = restore_with_tables(&config, &last.unwrap(), None).await.unwrap();
    assert!(restored.report.is_whole(), "one state of everything: {:?}", restored.report.faults);
    let counted = restored.store.counter(REGION, "n", "k").await.unwrap();
    assert_eq!(counted, i64::try_from(restored.report.facts).unwrap());
    writing.await.unwrap();
}

async fn what_cannot_be_restored_is_refused(bed: Bed) {
    fill(&bed).await;
    let (archive, stored) = (bed.dir.path().join("city.backup"), files(&bed));
    bed.store.backup(&archive, Some(&stored), PASSPHRASE, RANDOM, AT).await.unwrap();
    let config = targets(&bed).await.remove(0);
    Bed::tables(&config).await;
    let into = bed.dir.path().join("into");
    let wrong = restore(&config, &archive, Some(&into), b"incorrect horse").await.unwrap_err();
    assert!(matches!(wrong, BackupError::WrongPassphrase), "{wrong}");
    let full = restore(&bed.config, &archive, Some(&into), PASSPHRASE).await.unwrap_err();
    assert!(matches!(full, BackupError::NotEmpty(_)), "{full}");
    let homeless = restore(&config, &archive, None, PASSPHRASE).await.unwrap_err();
    assert!(homeless.to_string().contains("say where to put them"), "{homeless}");
    let sealed = std::fs::read(&archive).unwrap();
    for (name, bytes) in [
        ("cut", &sealed[..sealed.len() - 20]),
        ("cut at a chunk", &sealed[..63 + 65_552 * 4]),
        ("empty", &[]),
        ("foreign", b"PK\x03\x04 and so on, long enough to be a header of some sixty bytes or more"),
    ] {
        let damaged = bed.dir.path().join("damaged.backup");
        std::fs::write(&damaged, bytes).unwrap();
        let refused = restore(&config, &damaged, Some(&into), PASSPHRASE).await.unwrap_err();
        assert!(matches!(refused, BackupError::Damaged | BackupError::NotABackup(_)), "{name}: {refused}");
    }
    let mut flipped = sealed.clone();
    flipped[200_000] ^= 1;
    std::fs::write(bed.dir.path().join("flipped.backup"), flipped).unwrap();
    let refused = restore(&config, &bed.dir.path().join("flipped.backup"), Some(&into), PASSPHRASE).await.unwrap_err();
    assert!(matches!(refused, BackupError::Damaged), "{refused}");
    // After all these the target is still empty, and the whole backup goes in.
    let restored = restore(&config, &archive, Some(&into), PASSPHRASE).await.unwrap();
    assert!(restored.report.is_whole() && restored.report.facts == 1_201);
    let nowhere = bed.dir.path().join("no/such/folder/x.backup");
    assert!(matches!(bed.store.backup(&nowhere, None, PASSPHRASE, RANDOM, AT).await, Err(BackupError::Io(_))));
}
