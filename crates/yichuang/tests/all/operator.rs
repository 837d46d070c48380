//! What the person at the machine does: founding a city, publishing matters, asking for proof.

use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::program::{Demo, code, err, out, run};

const SLUG: &str = "public-place-hygiene";

/// The last line of a command's answer as JSON.
fn answer(arguments: &[&str]) -> (i32, Value) {
    let output = run(&[arguments, &["--json"]].concat());
    let text = out(&output);
    let value = text.lines().last().and_then(|line| serde_json::from_str(line).ok());
    (code(&output), value.unwrap_or_else(|| panic!("no JSON: {text}{}", err(&output))))
}

#[test]
fn beside_a_live_city() {
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("city");
    let demo = Demo::start(&dir, 0, None);
    standing_of_licences(&demo, scratch.path());
    standing_by_a_list(&demo, scratch.path());
    let other = Demo::start(&dir, 0, None);
    pauses_reach_both(&demo, &other);
    drop(other);
    bad_catalogues_are_refused(&demo, scratch.path());
    drop(demo);
    a_broken_rule_can_be_mended(&dir, scratch.path());
    a_broken_font_is_told_at_start(&dir);
}

/// Valid, revoked, expired and unknown ones, each with what `--dir` and `--roots` say.
fn standing_of_licences(demo: &Demo, scratch: &Path) {
    let database = Connection::open(demo.dir.join("city.db")).unwrap();
    let signed = |condition: &str| -> String {
        let sql = format!("SELECT doc FROM licence WHERE {condition} LIMIT 1");
        let doc: String = database.query_row(&sql, [], |row| row.get(0)).unwrap();
        let doc: Value = serde_json::from_str(&doc).unwrap();
        doc["signed"].as_str().unwrap().to_owned()
    };
    let file = scratch.join("licence.json");
    let roots = demo.dir.join("roots.pem");
    let verify = |text: &str, whom: &[&str]| {
        std::fs::write(&file, text).unwrap();
        answer(&[&["licence", "verify", file.to_str().unwrap()], whom].concat())
    };
    let (city, offline) = (["--dir", demo.folder()], ["--roots", roots.to_str().unwrap()]);
    let future = "(valid_to IS NULL OR valid_to > 1900000000000000)";

    let valid = signed(&format!("recorded = 'active' AND {future}"));
    let (exit, said) = verify(&valid, &city);
    assert_eq!((exit, &said["status"]["standing"]), (0, &json!("valid")), "{said}");

    let revoked = signed(&format!("recorded = 'revoked' AND {future}"));
    let (exit, said) = verify(&revoked, &city);
    assert_eq!((exit, &said["valid"], &said["status"]["standing"]), (1, &json!(false), &json!("revoked")), "{said}");
    assert!(said["status"]["words"]["zh"].as_str().unwrap().starts_with("已撤销"), "{said}");
    let (exit, said) = verify(&revoked, &offline);
    assert_eq!((exit, &said["status"]["looked_up"]), (0, &json!(false)), "{said}");
    assert_eq!(said["status"]["standing"], "not-looked-up");

    let expired = signed("recorded = 'active' AND valid_to < 1795300000000000");
    for whom in [city, offline] {
        let (exit, said) = verify(&expired, &whom);
        assert_eq!((exit, &said["status"]["standing"]), (1, &json!("expired")), "{said}");
    }

    // Signed by this city and not on record: made with its keys behind its back, or struck from its database.
    let sql = "SELECT identifier FROM licence WHERE recorded = 'active' LIMIT 1";
    let identifier: String = database.query_row(sql, [], |row| row.get(0)).unwrap();
    let text = signed(&format!("identifier = '{identifier}'"));
    database.execute("UPDATE licence SET identifier = 'elsewhere' WHERE identifier = ?1", [&identifier]).unwrap();
    let (exit, said) = verify(&text, &city);
    database.execute("UPDATE licence SET identifier = ?1 WHERE identifier = 'elsewhere'", [&identifier]).unwrap();
    assert_eq!((exit, &said["status"]["standing"]), (1, &json!("unknown")), "{said}");
}

/// The same by a status list that was fetched earlier: without the city, and for a day.
fn standing_by_a_list(demo: &Demo, scratch: &Path) {
    let database = Connection::open(demo.dir.join("city.db")).unwrap();
    let (file, list, roots) = (scratch.join("one.json"), scratch.join("list.json"), demo.dir.join("roots.pem"));
    let sql =
        "SELECT doc FROM licence WHERE recorded = ?1 AND (valid_to IS NULL OR valid_to > 1900000000000000) LIMIT 1";
    let take = |recorded: &str| {
        let doc: String = database.query_row(sql, [recorded], |row| row.get(0)).unwrap();
        let doc: Value = serde_json::from_str(&doc).unwrap();
        std::fs::write(&file, doc["signed"].as_str().unwrap()).unwrap();
    };
    let paths = [&file, &roots, &list].map(|path| path.to_str().unwrap());
    let words = ["licence", "verify", paths[0], "--roots", paths[1], "--status-list", paths[2]];
    let fetched = demo.get("", "/api/v1/status-list/1");
    assert_eq!(fetched.status, 200);
    std::fs::write(&list, fetched.text()).unwrap();
    take("active");
    let (exit, said) = answer(&words);
    assert_eq!((exit, &said["status"]["standing"], &said["valid"]), (0, &json!("valid"), &json!(true)), "{said}");
    take("revoked");
    let (exit, said) = answer(&words);
    assert_eq!((exit, &said["status"]["standing"]), (1, &json!("ended")), "{said}");
    // One bit of the list turned: it says nothing any more.
    std::fs::write(&list, fetched.text().replacen("AAAA", "AAAB", 1)).unwrap();
    let refused = run(&words);
    assert_eq!(code(&refused), 2, "{}", out(&refused));
    assert!(err(&refused).contains("no status list to be trusted"), "{}", err(&refused));
}

/// Publishing by the command line shows on live servers, and an application is decided by what is in force.
fn pauses_reach_both(demo: &Demo, other: &Demo) {
    let version = |city: &Demo| city.get("", &format!("/api/v1/matters/{SLUG}")).json()["version"].clone();
    assert_eq!((version(demo), version(other)), (json!(1), json!(1)));
    let folder = demo.dir.with_extension("catalog");
    assert_eq!(code(&run(&["catalog", "export", folder.to_str().unwrap()])), 0);
    let table = folder.join(format!("matters/{SLUG}/rules/table.json"));
    let text = std::fs::read_to_string(&table).unwrap();
    std::fs::write(&table, text.replace("其余情形转人工", "其余情形由人工办理")).unwrap();
    let (exit, said) = answer(&["catalog", "import", folder.to_str().unwrap(), "--dir", demo.folder()]);
    assert_eq!((exit, said), (0, json!({ "published": 1 })));
    let decided = other.file(&other.key(), &other.sample(SLUG));
    assert_eq!(decided.json()["decision"]["version"], "2", "{}", decided.text());
    assert_eq!((version(demo), version(other)), (json!(2), json!(2)));
}

/// What `rules check` or `rules test` refuse is refused by `catalog check` and `catalog import`, and nothing is published.
fn bad_catalogues_are_refused(demo: &Demo, scratch: &Path) {
    let versions = || {
        let database = Connection::open(demo.dir.join("city.db")).unwrap();
        database.query_row("SELECT count(*) FROM matter_version", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let before = versions();
    let cells = |table: &mut Value, change: &dyn Fn(&mut Value)| {
        let nodes = table["nodes"].as_array_mut().unwrap();
        change(&mut nodes.iter_mut().find(|node| node["type"] == "decisionTableNode").unwrap()["content"]);
    };
    let empty = |content: &mut Value| {
        for input in content["inputs"].as_array().unwrap().clone() {
            content["rules"][0][input["id"].as_str().unwrap()] = json!("");
        }
    };
    let rand = |content: &mut Value| {
        let input = content["inputs"][1]["id"].as_str().unwrap().to_owned();
        content["rules"][0][input] = json!("rand(3)");
    };
    for (name, change) in [("everything", &empty as &dyn Fn(&mut Value)), ("rand", &rand)] {
        let folder = scratch.join(name);
        let folder = folder.to_str().unwrap();
        assert_eq!(code(&run(&["catalog", "export", folder])), 0);
        let path = format!("{folder}/matters/{SLUG}/rules/table.json");
        let mut table: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        cells(&mut table, change);
        std::fs::write(&path, serde_json::to_string_pretty(&table).unwrap()).unwrap();
        assert_eq!(code(&run(&["rules", "check", folder])), 1);
        for command in [&["catalog", "check", folder][..], &["catalog", "import", folder, "--dir", demo.folder()]] {
            let refused = run(command);
            assert_eq!(code(&refused), 1, "{command:?}: {}{}", out(&refused), err(&refused));
            let place = format!("matters/{SLUG}/rules/table.json:");
            assert!(out(&refused).contains(&place), "{place} in {}", out(&refused));
        }
        assert_eq!(versions(), before);
    }
}

/// A rule that cannot be loaded, put into the database by whoever: it is named, and a good catalogue mends it.
fn a_broken_rule_can_be_mended(dir: &Path, scratch: &Path) {
    let folder = dir.to_str().unwrap();
    let database = Connection::open(dir.join("city.db")).unwrap();
    let changed = database
        .execute(
            &format!("UPDATE matter_version SET doc = replace(doc, 'hairdresser', 'rand(3)') WHERE id = '{SLUG}/2'"),
            [],
        )
        .unwrap();
    assert_eq!(changed, 1);
    drop(database);
    let broken = run(&["journal", "verify", "--dir", folder]);
    assert_eq!(code(&broken), 1, "{}{}", out(&broken), err(&broken));
    assert!(out(&broken).contains(&format!("{SLUG}/2")), "{}", out(&broken));
    let good = scratch.join("good");
    assert_eq!(code(&run(&["catalog", "export", good.to_str().unwrap()])), 0);
    let (exit, said) = answer(&["catalog", "import", good.to_str().unwrap(), "--dir", folder]);
    assert_eq!((exit, said), (0, json!({ "published": 1 })));
    let again = Demo::start(dir, 0, None);
    assert_eq!(again.get("", &format!("/api/v1/matters/{SLUG}")).json()["version"], 3);
}

/// Arguments of an `init` into `dir`; later ones override earlier ones.
pub fn init(dir: &Path, changes: &[(&str, &str)]) -> std::process::Output {
    let base = dir.parent().unwrap();
    let (secret, root) = (base.join("secret"), base.join("root-keys.pem"));
    std::fs::write(&secret, "a passphrase of its own\n").unwrap();
    let mut all = vec![
        ("--dir", dir.to_str().unwrap()),
        ("--region", "370200"),
        ("--district", "370211"),
        ("--city-name", "江城市/Jiangcheng"),
        ("--district-name", "海澜区/Hailan"),
        ("--base-url", "https://zwfw.example.cn"),
        ("--passphrase-file", secret.to_str().unwrap()),
        ("--root-key", root.to_str().unwrap()),
    ];
    for (name, value) in changes {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    let words: Vec<&str> = all.iter().flat_map(|(name, value)| [*name, *value]).collect();
    run(&[&["init"], &words[..]].concat())
}

#[test]
fn a_city_is_founded_whole_or_not_at_all() {
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("city");
    let inside = dir.join("root-keys.pem");
    let empty = scratch.path().join("empty");
    std::fs::write(&empty, "\n").unwrap();
    for (name, value) in [
        ("--database", "postgres://127.0.0.1:1/x"),
        ("--database", "mysql://x"),
        ("--database", "/nowhere/at/all/city.db"),
        ("--root-key", "/nowhere/at/all.pem"),
        ("--root-key", inside.to_str().unwrap()),
        ("--passphrase-file", empty.to_str().unwrap()),
        ("--district", "110101"),
        ("--region", "37020"),
        ("--base-url", "ftp://zwfw.example.cn"),
        ("--base-url", "javascript:alert(1)"),
        ("--base-url", "nonsense"),
        ("--base-url", "https://zwfw.example.cn/path"),
        ("--base-url", "https://someone@zwfw.example.cn"),
    ] {
        let refused = init(&dir, &[(name, value)]);
        assert_eq!(code(&refused), 2, "{name} {value}: {}{}", out(&refused), err(&refused));
        assert!(!dir.exists(), "{name} {value} left half a city");
        assert!(!scratch.path().join("root-keys.pem").exists(), "{name} {value} left root keys");
        assert!(!err(&refused).contains("idempotency"), "{}", err(&refused));
    }
    let made = init(&dir, &[]);
    assert_eq!(code(&made), 0, "{}{}", out(&made), err(&made));
    let folder = dir.to_str().unwrap();
    assert_eq!(answer(&["journal", "verify", "--dir", folder]).0, 0);

    // Somebody brought the root keys back under another name.
    std::fs::create_dir(dir.join("old")).unwrap();
    std::fs::copy(scratch.path().join("root-keys.pem"), dir.join("old/notes.txt")).unwrap();
    let refused = run(&["serve", "--dir", folder, "--listen", "127.0.0.1:0"]);
    assert_eq!(code(&refused), 2);
    assert!(err(&refused).contains("notes.txt"), "{}", err(&refused));
}

#[test]
fn a_database_that_is_not_there_is_never_made() {
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("city");
    let made = init(&dir, &[]);
    assert_eq!(code(&made), 0, "{}{}", out(&made), err(&made));
    let (folder, database) = (dir.to_str().unwrap(), dir.join("city.db"));
    std::fs::rename(&database, dir.join("aside.db")).unwrap();
    let commands = [
        &["journal", "verify", "--dir", folder][..],
        &["serve", "--dir", folder, "--listen", "127.0.0.1:0"],
        &["migrate", "--dir", folder],
    ];
    for command in commands {
        let refused = run(command);
        assert_eq!(code(&refused), 2, "{command:?}: {}", out(&refused));
        assert!(err(&refused).contains("city.db"), "{}", err(&refused));
        assert!(!database.exists(), "{command:?} made a database");
    }
    Connection::open(&database).unwrap().execute_batch("CREATE TABLE theirs (a)").unwrap();
    let before = std::fs::read(&database).unwrap();
    for command in commands {
        let refused = run(command);
        assert_eq!(code(&refused), 2, "{command:?}: {}", out(&refused));
        assert!(err(&refused).contains("another program"), "{}", err(&refused));
        assert_eq!(std::fs::read(&database).unwrap(), before, "{command:?} wrote into it");
    }
}

/// Not at the first licence that needs it.
fn a_broken_font_is_told_at_start(dir: &Path) {
    std::fs::create_dir(dir.join("fonts")).unwrap();
    std::fs::write(dir.join("fonts/rare.ttf"), "no font").unwrap();
    let refused = run(&["demo", "--dir", dir.to_str().unwrap(), "--port", "0"]);
    assert_eq!(code(&refused), 2, "{}", out(&refused));
    assert!(err(&refused).contains("rare.ttf"), "{}", err(&refused));
}
