//! A database that goes away and comes back, and a disk that is full, under a city that people are using.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::http::{self, Answer};
use crate::program::{Demo, code, err, out, run};

const SLUG: &str = "public-place-hygiene";
/// The user that runs the server when the tests run as root, which `initdb` refuses.
const NOBODY: u32 = 65_534;

/// A PostgreSQL server of its own, that can be stopped and started.
struct Cluster {
    dir: tempfile::TempDir,
    bin: PathBuf,
    port: u16,
}

fn found() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path()).collect();
    versions.sort();
    versions.into_iter().rev().map(|path| path.join("bin")).find(|bin| bin.join("initdb").is_file())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n")
}

impl Cluster {
    /// A running server; None, with a word on stderr, where there is no PostgreSQL and none is demanded.
    fn start() -> Option<Cluster> {
        let Some(bin) = found() else {
            assert!(std::env::var_os("YICHUANG_REQUIRE_TOOLS").is_none(), "PostgreSQL is not installed");
            eprintln!("PostgreSQL is not installed: this test was not run");
            return None;
        };
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        if is_root() {
            std::os::unix::fs::chown(&data, Some(NOBODY), Some(NOBODY)).unwrap();
            let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(dir.path(), open).unwrap();
        }
        let cluster = Cluster { dir, bin, port };
        let data = data.to_str().unwrap();
        cluster.run("initdb", &["-D", data, "-U", "yichuang", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
        cluster.up();
        Some(cluster)
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.bin.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        let status = command.args(arguments).current_dir("/").stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(status.unwrap().success(), "{arguments:?}");
    }

    fn data(&self) -> String {
        self.dir.path().join("data").to_str().unwrap().to_owned()
    }

    fn up(&self) {
        let options = format!("-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories=''", self.port);
        let log = format!("{}/server.log", self.data());
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-l", &log, "-o", &options, "start"]);
    }

    fn down(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-m", "immediate", "stop"]);
    }

    fn url(&self) -> String {
        format!("postgres://yichuang@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.down();
    }
}

/// A page as a browser asks for it.
fn page(demo: &Demo, path: &str) -> Answer {
    http::send(demo.port, "GET", path, &[("Accept", "text/html"), ("Accept-Language", "zh-CN")], b"").unwrap()
}

/// That an answer says: not now, but soon, and what to do.
fn says_soon(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert_eq!(answer.header("retry-after"), "10");
    assert!(answer.text().contains("重试不会重复提交"), "{}", answer.text());
    for detail in ["postgres", "refused", "tokio", "sql"] {
        assert!(!answer.text().to_lowercase().contains(detail), "{detail}: {}", answer.text());
    }
}

/// Asks until it is answered as wanted; the city finds its database again by itself.
fn until(mut ask: impl FnMut() -> Answer, status: u16) -> Answer {
    for _ in 0..300 {
        let answer = ask();
        if answer.status == status {
            return answer;
        }
        assert_eq!(answer.status, 503, "{}", answer.text());
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the city did not recover")
}

#[test]
fn a_city_outlives_its_database_server() {
    let Some(cluster) = Cluster::start() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let demo = Demo::start(&scratch.path().join("city"), 0, Some(&cluster.url()));
    let first = demo.file(&demo.key(), &demo.sample(SLUG));
    assert_eq!(first.status, 201, "{}", first.text());
    let number = first.json()["number"].as_str().unwrap().to_owned();
    let verify = first.json()["licence"]["verify_url"].as_str().unwrap().to_owned();
    let public = verify.split_once("/v/").unwrap().1.to_owned();
    let (key, body) = (demo.key(), demo.sample(SLUG));
    for _ in 0..2 {
        cluster.down();
        let zh = [("Accept-Language", "zh-CN")];
        let looked = demo.send("integrator", "GET", &format!("/api/v1/cases/{number}"), &zh, "");
        assert!(looked.header("content-type").starts_with("application/problem+json"));
        says_soon(&looked);
        let sent = [("Idempotency-Key", key.as_str()), ("Accept-Language", "zh-CN")];
        says_soon(&demo.send("integrator", "POST", "/api/v1/cases", &sent, &body.to_string()));
        let shown = page(&demo, &format!("/v/{public}"));
        assert!(shown.header("content-type").starts_with("text/html"));
        says_soon(&shown);
        assert_eq!((demo.get("", "/readyz").status, demo.get("", "/healthz").status), (503, 200));
        cluster.up();
        until(|| demo.get("", "/readyz"), 200);
        until(|| demo.get("integrator", &format!("/api/v1/cases/{number}")), 200);
        assert_eq!(page(&demo, &format!("/v/{public}")).status, 200);
    }
    // What was sent in vain is done once when it is sent again.
    let again = until(|| demo.file(&key, &body), 201);
    assert_eq!(demo.file(&key, &body).json(), again.json());
    let mine = demo.get("integrator", "/api/v1/cases?limit=200").json();
    let numbers: Vec<&Value> = mine["items"].as_array().unwrap().iter().map(|item| &item["number"]).collect();
    assert_eq!(numbers.len(), 2, "{numbers:?}");
    let whole = run(&["journal", "verify", "--dir", demo.folder()]);
    assert_eq!(code(&whole), 0, "{}", out(&whole));
}

/// Runs a command for which no file may grow beyond so many KiB, as on a disk that is full.
fn cramped(kib: u32, arguments: &[&str]) -> std::process::Output {
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"");
    Command::new("bash").args(["-c", &script, env!("CARGO_BIN_EXE_yichuang")]).args(arguments).output().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_full_disk_leaves_no_half_backup_and_the_city_goes_on() {
    let scratch = tempfile::tempdir().unwrap();
    let demo = Demo::start(&scratch.path().join("city"), 0, None);
    let secret = scratch.path().join("secret");
    std::fs::write(&secret, "a passphrase of a backup").unwrap();
    let place = scratch.path().join("backups");
    std::fs::create_dir(&place).unwrap();
    let target = place.join("city.backup");
    let command = |target: &Path| {
        let arguments = ["backup", "--dir", demo.folder(), "--out", target.to_str().unwrap(), "--passphrase-file"];
        [&arguments[..], &[secret.to_str().unwrap()]].concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let arguments = command(&target);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let full = cramped(256, &arguments);
    assert_eq!(code(&full), 2, "{}", out(&full));
    assert!(err(&full).contains("no space left") && err(&full).contains("free space"), "{}", err(&full));
    assert_eq!(names(&place), Vec::<String>::new());
    let sent = demo.file(&demo.key(), &demo.sample(SLUG));
    assert_eq!(sent.status, 201, "{}", sent.text());
    assert_eq!(code(&run(&arguments)), 0);
    assert_eq!(names(&place), ["city.backup"]);
    let again = run(&arguments);
    assert_eq!(code(&again), 2, "a backup is never written over");
    assert!(err(&again).contains("exists already"), "{}", err(&again));
}
