//! A demo city for one test: SQLite in a temporary folder, keys of its own, the catalogue of the project, a clock that stands.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use domain::accounts::{Actor, Grant, Role};
use domain::ids::Region;
use domain::text::Text;
use domain::time::{Calendar, LawTable, Timestamp};
use jiff::civil::Date;
use seal::cert::{CertError, Certificate, Request, Subject, issue, self_sign};
use seal::key::{Alg, KeySigner, PrivateKey, PublicKey, Signer};
use seal::tlog::note::{NoteSigner, Use};
use service::demo::Dice;
use service::{City, Clock, Entropy, Keys, Settings};
use store::{Config, Store};

/// Ten in the morning of a Friday.
pub const TODAY: Date = Date::constant(2026, 11, 20);

pub struct Still(AtomicI64);

impl Still {
    pub fn new(at: Timestamp) -> Still {
        Still(AtomicI64::new(at.micros()))
    }

    /// Moves it on by so many seconds.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Dice instead of the operating system, so that a failure can be repeated.
pub struct Thrown(Mutex<Dice>);

impl Thrown {
    pub fn new(seed: u64) -> Thrown {
        Thrown(Mutex::new(Dice::new(seed)))
    }
}

impl Entropy for Thrown {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.lock().unwrap().fill(buffer);
    }
}

pub struct Bed {
    pub city: City,
    pub clock: Arc<Still>,
    _dir: tempfile::TempDir,
}

impl Bed {
    /// An empty demo city with the catalogue; `salt` makes its secrets differ from those of another bed.
    pub async fn new(salt: u64) -> Bed {
        Bed::at(salt, Timestamp::start_of(TODAY).plus_seconds(10 * 3600)).await
    }

    /// The same at another hour.
    pub async fn at(salt: u64, now: Timestamp) -> Bed {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&Config::sqlite(dir.path().join("city.db"))).await.unwrap();
        let (files, clock) = (catalogue(), Arc::new(Still::new(now)));
        let settings = Settings {
            region: Region("370200".into()),
            district: "370211".into(),
            name: Text::new("江城市海澜区", "Hailan District, Jiangcheng"),
            base_url: "http://127.0.0.1:8080".into(),
            demo: true,
            document_word: "海澜政务".into(),
            operation: service::Operation::default(),
            dir: dir.path().to_owned(),
        };
        let city = City::new(
            settings,
            store,
            keys(&files, now, salt),
            Calendar::embedded().clone(),
            LawTable::embedded().clone(),
            clock.clone(),
            Arc::new(Thrown::new(salt)),
        );
        let imported = service::catalog::import(&city, &administrator(), &files).await.unwrap();
        if let Err(findings) = imported {
            let errors: Vec<_> =
                findings.into_iter().filter(|f| f.severity == domain::catalog::Severity::Error).collect();
            panic!("the catalogue has errors: {errors:#?}");
        }
        Bed { city, clock, _dir: dir }
    }

    /// A second server of the same city, on the same database, that has loaded what is published now.
    pub async fn beside(&self, salt: u64) -> City {
        self.beside_with(salt, self.city.keys().clone()).await
    }

    /// The same with other keys.
    pub async fn beside_with(&self, salt: u64, keys: Keys) -> City {
        let settings = self.city.settings().clone();
        let store = Store::open(&Config::sqlite(settings.dir.join("city.db"))).await.unwrap();
        let city = City::new(
            settings,
            store,
            keys,
            Calendar::embedded().clone(),
            LawTable::embedded().clone(),
            self.clock.clone(),
            Arc::new(Thrown::new(salt)),
        );
        service::catalog::load(&city).await.unwrap();
        city
    }
}

pub fn administrator() -> Actor {
    actor("测试管理员", Role::Administrator)
}

pub fn actor(name: &str, role: Role) -> Actor {
    Actor {
        account: None,
        name: name.into(),
        grants: vec![Grant { role, department: None, district: None }],
        person: None,
        acts_for: Vec::new(),
        mandates: Vec::new(),
    }
}

/// Titles of everything that holders were told so far, without the invitations to rate what has ended.
pub async fn told(city: &City) -> Vec<String> {
    while service::journal::advance(city).await.unwrap() > 0 {}
    let sql = "SELECT doc FROM message WHERE region = $1 ORDER BY id";
    let rows = city.store().query(sql, &[city.region().into()]).await.unwrap();
    let title = |row: &store::Row| {
        let doc: serde_json::Value = serde_json::from_str(row.text(0).unwrap()).unwrap();
        doc["title"]["zh"].as_str().unwrap().to_owned()
    };
    rows.iter().map(title).filter(|title| !title.ends_with("请您评价")).collect()
}

/// The files of the project's catalogue.
pub fn catalogue() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog");
    let mut files = BTreeMap::new();
    walk(&root, &root, &mut files);
    files
}

fn walk(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// How a root certifies: `issue`, or for time stamps.
pub type Certify =
    fn(&PrivateKey, &Certificate, &PublicKey, &Request, &mut dyn seal::Random) -> Result<Certificate, CertError>;

/// A root beside those of the bed, and what it certifies.
pub struct Root {
    key: PrivateKey,
    pub certificate: Certificate,
    dice: Dice,
}

impl Root {
    pub fn new(alg: Alg, seed: u64, now: Timestamp) -> Root {
        let mut dice = Dice::new(seed);
        let mut random = |bytes: &mut [u8]| dice.fill(bytes);
        let key = PrivateKey::generate(alg, &mut random);
        let days = |days: i64| now.plus_seconds(days * 24 * 3600);
        let wanted = request("测试城市根", None, (days(-900), days(900)));
        let certificate = self_sign(&key, &wanted, &mut random).unwrap();
        Root { key, certificate, dice }
    }

    /// A key in the name of a department.
    pub fn signer(
        &mut self,
        city: &City,
        department: &str,
        certify: Certify,
        valid: (Timestamp, Timestamp),
    ) -> Arc<dyn Signer> {
        let shelf = city.shelf();
        let department = shelf.department(department).unwrap();
        let mut random = |bytes: &mut [u8]| self.dice.fill(bytes);
        let key = PrivateKey::generate(self.key.alg(), &mut random);
        let wanted = request(&department.name.zh, Some(department.uscc.clone()), valid);
        let certificate = certify(&self.key, &self.certificate, &key.public_key(), &wanted, &mut random).unwrap();
        Arc::new(KeySigner::new(key, vec![certificate.der().to_vec()]))
    }
}

fn request(name: &str, code: Option<String>, (not_before, not_after): (Timestamp, Timestamp)) -> Request {
    let subject = Subject { common_name: name.into(), organisation: name.into(), code };
    Request { subject, not_before, not_after }
}

/// A root and a signer for every department, certified since long before the city's past.
fn keys(files: &BTreeMap<String, String>, now: Timestamp, salt: u64) -> Keys {
    let mut dice = Dice::new(salt ^ 0x5EA1);
    let mut random = move |bytes: &mut [u8]| dice.fill(bytes);
    let year = 366 * 24 * 3600;
    let request = |common_name: &str, code: Option<String>| Request {
        subject: Subject { common_name: common_name.into(), organisation: common_name.into(), code },
        not_before: now.plus_seconds(-6 * year),
        not_after: now.plus_seconds(6 * year),
    };
    let root_key = PrivateKey::generate(Alg::Sm2Sm3, &mut random);
    let root: Certificate = self_sign(&root_key, &request("测试城市根", None), &mut random).unwrap();
    let departments: Vec<domain::catalog::Department> =
        serde_json::from_str(files.get("departments.json").unwrap()).unwrap();
    let mut keys = Keys { roots: vec![root.clone()], ..Keys::default() };
    for department in departments {
        let key = PrivateKey::generate(Alg::Sm2Sm3, &mut random);
        let wanted = request(&department.name.zh, Some(department.uscc.clone()));
        let certificate = issue(&root_key, &root, &key.public_key(), &wanted, &mut random).unwrap();
        let signer: Arc<dyn Signer> = Arc::new(KeySigner::new(key, vec![certificate.der().to_vec()]));
        keys.signers.insert(department.id, signer);
    }
    let seeds = [salt, salt + 1].map(|seed| seal::digest::sha256(&seed.to_be_bytes()));
    let log = NoteSigner::new(&format!("city-{salt}.example/log"), Use::Note, &seeds[0]).unwrap();
    let witness = NoteSigner::new(&format!("city-{salt}.example/witness"), Use::Cosignature, &seeds[1]).unwrap();
    (keys.log, keys.witness) = (Some(Arc::new(log)), Some(Arc::new(witness)));
    keys
}
