//! A PostgreSQL server of its own: encryption, and a server that goes away and comes back.

use crate::bed::{AT, REGION, fact};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::catalog::CITY;
use store::{Change, Config, Expected, Idempotency, RowWrite, Store, StoreError};

/// The user that runs the server when the tests run as root, which `initdb` refuses.
const NOBODY: u32 = 65_534;

struct Cluster {
    dir: tempfile::TempDir,
    bin: PathBuf,
    port: u16,
}

fn found() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|e| e.path()).collect();
    versions.sort();
    versions.into_iter().rev().map(|path| path.join("bin")).find(|bin| bin.join("initdb").is_file())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n")
}

fn openssl(dir: &Path, arguments: &str) {
    let done = Command::new("openssl").args(arguments.split_whitespace()).current_dir(dir).output().unwrap();
    assert!(done.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&done.stderr));
}

/// An authority, and a certificate of its making for `localhost`, but not for `127.0.0.1`.
fn certify(dir: &Path) {
    let config = "[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                  subjectKeyIdentifier=hash\n[server]\nbasicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost\n";
    std::fs::write(dir.join("openssl.cnf"), config).unwrap();
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config openssl.cnf";
    for ca in ["ca", "other"] {
        openssl(dir, &format!("req -x509 {key} -extensions ca -keyout {ca}.key -out {ca}.pem -subj /CN={ca} -days 2"));
    }
    openssl(dir, &format!("req {key} -keyout server.key -out server.csr -subj /CN=localhost"));
    openssl(
        dir,
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile openssl.cnf -extensions server \
         -out server.pem",
    );
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
        certify(dir.path());
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Cluster { dir, bin, port };
        if is_root() {
            let path = cluster.dir.path();
            std::os::unix::fs::chown(&data, Some(NOBODY), Some(NOBODY)).unwrap();
            std::os::unix::fs::chown(path.join("server.key"), Some(NOBODY), Some(NOBODY)).unwrap();
            let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(path, open).unwrap();
        }
        let data = data.to_str().unwrap();
        cluster.run("initdb", &["-D", data, "-U", "yichuang", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
        std::fs::write(cluster.path("data/pg_hba.conf"), "hostssl all all 127.0.0.1/32 trust\n").unwrap();
        cluster.up();
        Some(cluster)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
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

    fn up(&self) {
        let (key, certificate) = (self.path("server.key"), self.path("server.pem"));
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories='' -c ssl=on -c ssl_cert_file={} \
             -c ssl_key_file={}",
            self.port,
            certificate.display(),
            key.display()
        );
        let (data, log) = (self.path("data"), self.path("data/server.log"));
        let (data, log) = (data.to_str().unwrap(), log.to_str().unwrap());
        self.run("pg_ctl", &["-D", data, "-w", "-l", log, "-o", &options, "start"]);
    }

    fn down(&self) {
        self.run("pg_ctl", &["-D", self.path("data").to_str().unwrap(), "-w", "-m", "immediate", "stop"]);
    }

    fn config(&self, host: &str, more: &str) -> Config {
        Config::from_url(&format!("postgres://yichuang@{host}:{}/postgres?{more}", self.port))
    }

    fn full(&self) -> Config {
        self.config("localhost", &format!("sslmode=verify-full&sslrootcert={}", self.path("ca.pem").display()))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.down();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_is_as_encrypted_as_the_address_demands() {
    let Some(cluster) = Cluster::start() else { return };
    let root = |name: &str| format!("sslrootcert={}", cluster.path(name).display());
    let (ca, other) = (root("ca.pem"), root("other.pem"));
    let opens = async |host: &str, more: String| Store::open(&cluster.config(host, &more)).await;
    for (host, more) in [
        ("localhost", format!("sslmode=verify-full&{ca}")),
        ("127.0.0.1", format!("sslmode=verify-ca&{ca}")),
        ("127.0.0.1", format!("sslmode=require&{ca}")),
        ("127.0.0.1", "sslmode=require".to_owned()),
    ] {
        let store = opens(host, more.clone()).await.unwrap_or_else(|e| panic!("{host} {more}: {e}"));
        let sql = "SELECT CASE WHEN ssl THEN 1 ELSE 0 END FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        assert_eq!(store.query(sql, &[]).await.unwrap()[0].int(0), Ok(1), "{more}");
        assert!(store.verify(None).await.unwrap().is_whole());
        store.close().await;
    }
    for (host, more, word) in [
        ("127.0.0.1", format!("sslmode=verify-full&{ca}"), "certificate"),
        ("localhost", format!("sslmode=verify-full&{other}"), "certificate"),
        ("localhost", format!("sslmode=verify-ca&{other}"), "certificate"),
        ("localhost", format!("sslmode=require&{other}"), "certificate"),
        ("localhost", "sslmode=verify-full".to_owned(), "sslrootcert=FILE"),
        ("localhost", "sslmode=disable".to_owned(), "pg_hba"),
    ] {
        let refused = opens(host, more.clone()).await.unwrap_err().to_string();
        assert!(refused.contains(word), "{host} {more}: {refused}");
    }
}

fn keyed(id: &str) -> Change {
    let row = RowWrite {
        table: &CITY,
        id: id.into(),
        expected: Expected::New,
        columns: vec![1_i64.into()],
        doc: "{}".into(),
        facts: vec![fact("founded")],
    };
    let mut c = Change::new(REGION, AT).row(row);
    c.idempotency = Some(Idempotency { token: "t".into(), key: id.into(), body_hash: [1; 32], result: id.into() });
    c
}

/// The server is killed and started anew, and connections are ended under the program's hands, while it writes and reads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_comes_back_is_found_again() {
    let Some(cluster) = Cluster::start() else { return };
    let store = Store::open(&cluster.full()).await.unwrap();
    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let (store, stop, acknowledged) = (store.clone(), stop.clone(), acknowledged.clone());
            tokio::spawn(async move {
                for n in 0.. {
                    let id = format!("{writer}-{n}");
                    match store.commit(keyed(&id)).await {
                        Ok(_) => acknowledged.lock().unwrap().push(id),
                        // Told to send it again; this one does not, so it may be there or not.
                        Err(StoreError::Unavailable(_)) => tokio::time::sleep(Duration::from_millis(20)).await,
                        Err(other) => panic!("{other}"),
                    }
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                }
            })
        })
        .collect();
    let count = || acknowledged.lock().unwrap().len();
    let more_than = async |before: usize| {
        while count() <= before {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    more_than(50).await;
    let admin = Store::open(&cluster.full()).await.unwrap();
    for _ in 0..3 {
        let end = "SELECT CAST(count(pg_terminate_backend(pid)) AS BIGINT) FROM pg_stat_activity \
                   WHERE application_name = 'yichuang' AND pid <> pg_backend_pid()";
        admin.query(end, &[]).await.unwrap();
        // Reading finds a new connection without the caller noticing.
        store.query("SELECT number FROM schema_migration", &[]).await.unwrap();
        more_than(count() + 20).await;
    }
    for _ in 0..2 {
        cluster.down();
        let down = store.commit(keyed("meanwhile")).await.unwrap_err();
        assert!(matches!(down, StoreError::Unavailable(_)) && down.is_transient(), "{down}");
        let down = store.query("SELECT number FROM schema_migration", &[]).await.unwrap_err();
        assert!(matches!(down, StoreError::Unavailable(_)), "{down}");
        assert!(store.ready().await.is_err());
        cluster.up();
        more_than(count() + 20).await;
        store.ready().await.unwrap();
    }
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(store.verify(None).await.unwrap().is_whole());
    let acknowledged = acknowledged.lock().unwrap().clone();
    for id in acknowledged {
        let again = store.commit(keyed(&id)).await;
        assert_eq!(
            again,
            Err(StoreError::IdempotencyReplay { result: id.clone() }),
            "{id} was acknowledged and is lost"
        );
    }
    assert!(store.last_position(REGION).await.unwrap() > 50);
}
