//! A whole city in a temporary folder: SQLite, the real catalogue, keys made on the spot, a clock that stands still.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use axum::Router;
use domain::accounts::{Account, Actor, Grant, Party, Role};
use domain::catalog::ApplicantKind;
use domain::ids::Region;
use domain::text::Text;
use domain::time::{Calendar, LawTable, Timestamp};
use jiff::civil::{Date, date};
use seal::cert::{Certificate, Request, Subject, issue, issue_time_stamper, self_sign};
use seal::key::{Alg, KeySigner, PrivateKey, Signer};
use seal::tlog::note::{NoteSigner, Use};
use service::accounts::NewAccount;
use service::demo::{self, Dice, Seeded, Who};
use service::{City, Clock, Entropy, Keys, Settings};
use store::{Config, Store};
use tempfile::TempDir;

/// What can go wrong while building; a test unwraps it.
pub type BuildError = Box<dyn std::error::Error + Send + Sync>;

/// A Monday morning in the middle of ordinary weeks, with the new year's unpublished calendar in sight.
pub const START: Date = date(2026, 11, 23);

/// A clock that a test moves. It can also run, for looking at the city by hand.
pub struct TestClock {
    micros: AtomicI64,
    running_since: OnceLock<Instant>,
}

impl TestClock {
    fn new(at: Timestamp) -> TestClock {
        TestClock { micros: AtomicI64::new(at.micros()), running_since: OnceLock::new() }
    }

    /// Sets it; it never runs backwards by itself, but a test may do so on purpose.
    pub fn set(&self, at: Timestamp) {
        self.micros.store(at.micros(), Ordering::SeqCst);
    }

    /// Moves it on.
    pub fn advance_seconds(&self, seconds: i64) {
        self.micros.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// From now on time passes.
    pub fn run(&self) {
        self.running_since.get_or_init(Instant::now);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let passed =
            self.running_since.get().map_or(0, |since| i64::try_from(since.elapsed().as_micros()).unwrap_or(i64::MAX));
        Timestamp::from_micros(self.micros.load(Ordering::SeqCst).saturating_add(passed))
    }
}

/// Bytes that look random and are the same in every run: SHA-256 of a counter under a seed.
pub struct TestEntropy {
    seed: u64,
    counter: AtomicU64,
}

impl TestEntropy {
    /// From a seed.
    pub fn new(seed: u64) -> TestEntropy {
        TestEntropy { seed, counter: AtomicU64::new(0) }
    }
}

impl Entropy for TestEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let count = self.counter.fetch_add(1, Ordering::SeqCst);
            let block = seal::digest::sha256(&[self.seed.to_le_bytes(), count.to_le_bytes()].concat());
            chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
        }
    }
}

/// A city for tests. The folder goes away with it.
pub struct TestCity {
    /// The city itself, for use cases.
    pub city: City,
    /// Its clock.
    pub clock: Arc<TestClock>,
    dice: Mutex<Dice>,
    _dir: TempDir,
}

/// How a test city is to be.
#[derive(Debug, Clone)]
pub struct Build {
    /// `http://host:port` as its links name it.
    pub base_url: String,
    /// The instant at which it begins.
    pub start: Timestamp,
    /// Which database; `None` = SQLite in the folder.
    pub database: Option<Config>,
    /// A demo city marks its documents and offers its accounts.
    pub demo: bool,
}

impl Default for Build {
    fn default() -> Build {
        Build {
            base_url: "http://127.0.0.1:8080".to_owned(),
            start: Timestamp::start_of(START).plus_seconds(9 * 3600 + 1800),
            database: None,
            demo: true,
        }
    }
}

/// A city with the catalogue on its shelf, nobody in its registers, and no accounts.
pub async fn city() -> Result<TestCity, BuildError> {
    build(Build::default()).await
}

/// As [`city`], with the details chosen.
pub async fn build(how: Build) -> Result<TestCity, BuildError> {
    let dir = tempfile::tempdir()?;
    let config = how.database.clone().unwrap_or_else(|| Config::sqlite(dir.path().join("city.db")));
    let store = Store::open(&config).await?;
    let clock = Arc::new(TestClock::new(how.start));
    let entropy = Arc::new(TestEntropy::new(7));
    let files = catalogue(&catalogue_folder())?;
    let settings = Settings {
        region: Region("370200".to_owned()),
        district: "370211".to_owned(),
        name: Text::new("江城市海澜区", "Hailan District, Jiangcheng"),
        base_url: how.base_url,
        demo: how.demo,
        document_word: "海澜政务".into(),
        operation: service::Operation::default(),
        dir: dir.path().to_owned(),
    };
    let keys = keys(&files, how.start, entropy.as_ref())?;
    let (calendar, law) = (Calendar::embedded().clone(), LawTable::embedded().clone());
    let city = City::new(settings, store, keys, calendar, law, clock.clone(), entropy);
    let imported = service::catalog::import(&city, &administrator(), &files).await?;
    if let Err(findings) = imported {
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        return Err(lines.join("\n").into());
    }
    Ok(TestCity { city, clock, dice: Mutex::new(Dice::new(11)), _dir: dir })
}

/// Somebody who may publish catalogues and open accounts.
pub fn administrator() -> Actor {
    Actor {
        account: None,
        name: "测试管理员".to_owned(),
        grants: vec![Grant { role: Role::Administrator, department: None, district: None }],
        person: None,
        acts_for: Vec::new(),
        mandates: Vec::new(),
    }
}

fn catalogue_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog")
}

/// The catalogue's files by their path inside a folder.
pub fn catalogue(root: &Path) -> Result<BTreeMap<String, String>, BuildError> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "json") {
                let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
                files.insert(name, std::fs::read_to_string(&path)?);
            }
        }
    }
    Ok(files)
}

/// Roots, a pair of signers for each department, and the city's maker of seals and time stamps, valid long before the city begins.
fn keys(files: &BTreeMap<String, String>, start: Timestamp, entropy: &TestEntropy) -> Result<Keys, BuildError> {
    let mut random = |bytes: &mut [u8]| entropy.fill(bytes);
    let from = Timestamp::start_of(demo::history_start(start.date()));
    let validity = |subject| Request { subject, not_before: from, not_after: start.plus_seconds(10 * 366 * 86_400) };
    let departments: Vec<domain::catalog::Department> =
        serde_json::from_str(files.get("departments.json").ok_or("no departments.json")?)?;
    let first = departments.first().ok_or("no department")?;
    let mut keys = Keys::default();
    for alg in [Alg::Sm2Sm3, Alg::Es256] {
        let root_key = PrivateKey::generate(alg, &mut random);
        let subject = Subject {
            common_name: "江城市测试根证书".to_owned(),
            organisation: "江城市人民政府".to_owned(),
            code: None,
        };
        let root = self_sign(&root_key, &validity(subject), &mut random)?;
        let mut signer = |department: &domain::catalog::Department, stamps: bool| -> Result<_, BuildError> {
            let key = PrivateKey::generate(alg, &mut random);
            let subject = Subject {
                common_name: format!("{}签名", department.name.zh),
                organisation: department.name.zh.clone(),
                code: Some(department.uscc.clone()),
            };
            let certify = if stamps { issue_time_stamper } else { issue };
            let certificate = certify(&root_key, &root, &key.public_key(), &validity(subject), &mut random)?;
            let signer: Arc<dyn Signer> = Arc::new(KeySigner::new(key, vec![certificate.der().to_vec()]));
            Ok(signer)
        };
        for department in &departments {
            let own = if alg == Alg::Sm2Sm3 { &mut keys.signers } else { &mut keys.qr };
            own.insert(department.id.clone(), signer(department, false)?);
        }
        match alg {
            Alg::Sm2Sm3 => keys.maker = Some(signer(first, false)?),
            Alg::Es256 => keys.stamper = Some(signer(first, true)?),
        }
        keys.roots.push(Certificate::from_der(root.der())?);
    }
    let seed = || {
        let mut seed = [0; 32];
        entropy.fill(&mut seed);
        seed
    };
    keys.log = Some(Arc::new(NoteSigner::new("jiangcheng.example/log", Use::Note, &seed())?));
    keys.witness = Some(Arc::new(NoteSigner::new("jiangcheng.example/witness", Use::Cosignature, &seed())?));
    Ok(keys)
}

impl TestCity {
    /// Fills it with the demo city's people and past; takes some seconds.
    pub async fn seed(&self, seed: u64) -> Result<Seeded, BuildError> {
        Ok(demo::seed(&self.city, seed, self.city.now().date()).await?)
    }

    /// A fictitious applicant of a kind, known to every register that knows ordinary people and businesses.
    pub async fn invent(&self, kind: ApplicantKind) -> Result<Who, BuildError> {
        // The dice are copied out, because a lock may not be held over an await.
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let who = demo::invent(&self.city, &mut dice, kind, None).await?;
        *self.dice.lock().unwrap_or_else(PoisonError::into_inner) = dice;
        service::registry::put(&self.city, &who.entries()).await?;
        Ok(who)
    }

    /// A citizen with an account and a proved identity, who may act for the business of `who`, if there is one.
    pub async fn citizen(&self, who: &Who, login: &str, password: &str) -> Result<Actor, BuildError> {
        let person = who.person.party();
        let account = self.open(login, password, &person.name, Account::citizen(), Some(person.clone())).await?;
        let acts_for = service::registry::acts_for(&self.city, &person.code).await?;
        Ok(account.actor(acts_for))
    }

    /// A member of staff; `department` narrows the role to one.
    pub async fn staff(
        &self,
        role: Role,
        department: Option<&str>,
        login: &str,
        password: &str,
    ) -> Result<Actor, BuildError> {
        let grants = vec![Grant { role, department: department.map(str::to_owned), district: None }];
        Ok(self.open(login, password, login, grants, None).await?.actor(Vec::new()))
    }

    async fn open(
        &self,
        login: &str,
        password: &str,
        name: &str,
        grants: Vec<Grant>,
        person: Option<Party>,
    ) -> Result<Account, BuildError> {
        let new = NewAccount {
            login: login.to_owned(),
            password: Some(password.to_owned()),
            name: name.to_owned(),
            grants,
            person: person.map(|person| (person, "window".to_owned())),
        };
        Ok(service::accounts::open_account(&self.city, &administrator(), new).await?)
    }

    /// All pages and the API of this city.
    pub fn router(&self) -> Router {
        web::router(self.app())
    }

    /// What the handlers share.
    pub fn app(&self) -> web::app::App {
        let options = web::app::Options {
            place: web::layout::City {
                name: Text::new("江城市", "Jiangcheng"),
                district: Text::new("海澜区", "Hailan District"),
                hotline: "12345".to_owned(),
            },
            client_header: None,
            secure_cookies: false,
            limits: web::app::Limits { attempts: 10_000, window_seconds: 60 },
        };
        web::app::App::new(self.city.clone(), options)
    }
}
