//! A restored city: what it holds, and that it gives no number a second time.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::program::{Demo, code, err, out, run};

/// The numbers that one filing prints: of the case, of its documents, of the licence.
fn file(demo: &Demo, slug: &str) -> Vec<String> {
    // The restored city has seen the keys of before the backup.
    let answer = demo.file(&format!("{}{}", demo.key(), demo.dir.ends_with("new")), &demo.sample(slug));
    assert_eq!(answer.status, 201, "{}", answer.text());
    let body = answer.json();
    let mut texts = vec![body["number"].as_str().unwrap().to_owned()];
    if let Some(id) = body["licence"]["id"].as_str() {
        let licence = demo.get("integrator", &format!("/api/v1/licences/{id}")).json();
        texts.extend(["number", "identifier"].map(|name| licence["licence"][name].as_str().unwrap().to_owned()));
        texts.push(licence["licence"]["status"].to_string());
    }
    texts
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_file() && !name.starts_with("city.db") {
            std::fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

fn documents(dir: &Path) -> BTreeSet<String> {
    let database = rusqlite::Connection::open(dir.join("city.db")).unwrap();
    let mut statement = database.prepare("SELECT number FROM document").unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_restored_city_gives_no_number_twice() {
    let scratch = tempfile::tempdir().unwrap();
    let (dir, new) = (scratch.path().join("city"), scratch.path().join("new"));
    let demo = Demo::start(&dir, 0, None);
    let secret = scratch.path().join("secret");
    std::fs::write(&secret, "a passphrase of a backup").unwrap();
    let (archive, secret) = (scratch.path().join("city.backup"), secret.to_str().unwrap());
    let archive = archive.to_str().unwrap();
    file(&demo, "public-place-hygiene");
    let backup = run(&["backup", "--dir", demo.folder(), "--out", archive, "--passphrase-file", secret]);
    assert_eq!(code(&backup), 0, "{}", err(&backup));
    let at_backup = documents(&dir);
    // After the backup: a series that it knows, and licences of a type that it may not have.
    let slugs = ["public-place-hygiene", "clinic-filing", "old-age-allowance"];
    let mut printed: BTreeSet<String> = slugs.iter().flat_map(|slug| file(&demo, slug)).collect();
    assert!(printed.len() >= 3 + 2 * 3, "{printed:?}");
    printed.extend(documents(&dir).difference(&at_backup).cloned());
    demo.kill();

    copy(&dir, &new);
    let folder = new.to_str().unwrap();
    let restored = run(&["restore", "--dir", folder, "--from", archive, "--passphrase-file", secret, "--json"]);
    assert_eq!(code(&restored), 0, "{}{}", out(&restored), err(&restored));
    let said: Value = serde_json::from_str(out(&restored).trim()).unwrap();
    assert_eq!(said["numbers_left_out"], json!(100_000), "{said}");
    assert!(said["series"].as_u64().unwrap() > 10, "{said}");
    let demo = Demo::start(&new, 0, None);
    let again: BTreeSet<String> = slugs.iter().flat_map(|slug| file(&demo, slug)).collect();
    let fresh: BTreeSet<String> = documents(&new).difference(&at_backup).cloned().collect();
    let twice: Vec<&String> = printed.intersection(&again).chain(printed.intersection(&fresh)).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let whole = run(&["journal", "verify", "--dir", folder]);
    assert_eq!(code(&whole), 0, "{}", out(&whole));
}
