//! A running city: its store, keys, calendar and published matters, shared by every use case.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use domain::ids::Region;
use domain::text::Text;
use domain::time::{Calendar, LawTable, Timestamp};
use seal::cert::Certificate;
use seal::key::Signer;
use seal::page::Fonts;
use seal::render::ofd::SealVersion;
use seal::signed::Moment;
use seal::tlog::note::NoteSigner;
use serde::{Deserialize, Serialize};
use store::{NewFact, Store, Uploads};
use tokio::sync::OnceCell;

use crate::accounts::provider::Provider;
use crate::cases::MAX_FILE_BYTES;
use crate::catalog::{Published, Shelf};
use crate::error::ServiceError;
use crate::halls::Rooms;
use crate::licences::{HttpAuthority, Lists, Memory, Peer};
use crate::log::Peers;
use crate::messages::Sender;
use crate::post::{Carrier, FolderCarrier};
use crate::voice::Contests;

/// Where the present instant comes from: the machine's clock in the binary, virtual time in tests and simulations.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Where randomness comes from: the operating system in the binary, a seed in tests and simulations.
pub trait Entropy: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// What never changes while the city runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The tenant.
    pub region: Region,
    /// The district that this instance serves, six digits.
    pub district: String,
    /// Printed name of the city or district.
    pub name: Text,
    /// `https://host` as citizens reach it, without a trailing slash.
    pub base_url: String,
    /// A demo city marks every document as a specimen, for ever.
    pub demo: bool,
    /// 机关代字: the word before the kind in the numbers of its documents, as in 海澜政务（受）字〔2026〕第000001号.
    pub document_word: String,
    /// What its operator may set.
    pub operation: Operation,
    /// Folder of uploads and other files.
    pub dir: PathBuf,
}

impl Settings {
    /// `host` of `https://host`, with its port, as QR codes name it.
    pub fn host(&self) -> &str {
        self.base_url.split_once("://").map_or(self.base_url.as_str(), |(_, rest)| rest).trim_end_matches('/')
    }
}

/// Numbers that are no law but a matter of running the city; `operation` in `city.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Operation {
    /// How long a session lasts, in hours, 1 to 720.
    pub session_hours: u32,
    /// How long after signing in the ways of signing in may be changed, in minutes, 1 to 1440: whoever finds a browser left
    /// open must not make themselves a key.
    pub fresh_minutes: u32,
    /// How long the code for a forgotten password works, in minutes, 5 to 1440.
    pub reset_code_minutes: u32,
    /// How far a signing time may lie in the future of our clock when we verify, in seconds, 0 to 3600.
    pub clock_tolerance_seconds: u32,
    /// How often the token of a system may take use codes or fetch licences, in times a minute, 1 to 6000.
    pub licence_calls_per_minute: u32,
    /// The longest term of a mandate for a clerk, in months, 1 to 60.
    pub mandate_months: u32,
}

impl Default for Operation {
    fn default() -> Operation {
        Operation {
            session_hours: 12,
            fresh_minutes: 30,
            reset_code_minutes: 30,
            clock_tolerance_seconds: 300,
            licence_calls_per_minute: 120,
            mandate_months: 12,
        }
    }
}

impl Operation {
    /// The first number that lies outside its bounds: its name, and the bounds.
    pub fn out_of_bounds(&self) -> Option<(&'static str, u32, u32)> {
        let bounds = [
            ("session_hours", self.session_hours, 1, 720),
            ("fresh_minutes", self.fresh_minutes, 1, 1440),
            ("reset_code_minutes", self.reset_code_minutes, 5, 1440),
            ("clock_tolerance_seconds", self.clock_tolerance_seconds, 0, 3600),
            ("licence_calls_per_minute", self.licence_calls_per_minute, 1, 6000),
            ("mandate_months", self.mandate_months, 1, 60),
        ];
        let wrong = bounds.into_iter().find(|(_, value, least, most)| value < least || value > most);
        wrong.map(|(name, _, least, most)| (name, least, most))
    }
}

/// Signing keys by department, and the anchors that our own verification trusts.
#[derive(Clone, Default)]
pub struct Keys {
    /// SM2 signers by department id.
    pub signers: BTreeMap<String, Arc<dyn Signer>>,
    /// P-256 signers for QR codes by department id.
    pub qr: BTreeMap<String, Arc<dyn Signer>>,
    /// The maker of the bureaus' electronic seals 制章人 (SM2); without one there are no OFD renderings.
    pub maker: Option<Arc<dyn Signer>>,
    /// The edition of the seals that it makes.
    pub seal_version: SealVersion,
    /// The built-in time-stamping authority (P-256); without one PDF signatures carry no time stamp.
    pub stamper: Option<Arc<dyn Signer>>,
    /// The outside time-stamping authority that takes its place.
    pub time_authority: Option<HttpAuthority>,
    /// Revocation lists (DER) for the long-term data of PDF files.
    pub revocation_lists: Vec<Vec<u8>>,
    /// The key of the public log (Ed25519), under the log's origin; without one there is no log.
    pub log: Option<Arc<NoteSigner>>,
    /// The key with which this city countersigns the logs of others; without one it is nobody's witness.
    pub witness: Option<Arc<NoteSigner>>,
    /// Trusted roots.
    pub roots: Vec<Certificate>,
    /// Certificates under which QR codes were signed before they were renewed.
    pub former: Vec<Certificate>,
}

struct Inner {
    settings: Settings,
    store: Store,
    keys: Keys,
    law: LawTable,
    base_calendar: Calendar,
    /// With the id of the last notice in it.
    calendar: RwLock<(String, Arc<Calendar>)>,
    shelf: RwLock<Arc<Shelf>>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    numbers: Mutex<HashMap<String, Block>>,
    refill: tokio::sync::Mutex<()>,
    old_versions: Mutex<HashMap<(String, i64), Arc<Published>>>,
    uploads: OnceCell<Uploads>,
    providers: OnceLock<Vec<Provider>>,
    log_peers: OnceLock<Peers>,
    peers: OnceLock<Vec<Arc<Peer>>>,
    senders: OnceLock<Vec<Arc<dyn Sender>>>,
    carrier: OnceLock<Arc<dyn Carrier>>,
    elsewhere: Memory,
    list_secrets: Mutex<HashMap<String, [u8; 16]>>,
    /// Key ids of the certificates that are known to be kept.
    certificates: Mutex<HashSet<[u8; 8]>>,
    shelving: tokio::sync::RwLock<()>,
    lists: Lists,
    rooms: Rooms,
    contests: Contests,
    fonts: OnceLock<Result<Arc<Fonts>, String>>,
}

/// A running city. Cheap to clone.
#[derive(Clone)]
pub struct City(Arc<Inner>);

/// Numbers reserved durably beforehand, so that a number inside signed bytes is never given twice.
struct Block {
    next: i64,
    end: i64,
}

/// How many numbers are reserved at once. A crash loses at most this many numbers of a series, never repeats one.
const BLOCK: i64 = 256;

/// Reads the fonts in a folder; a folder that is not there holds none.
fn fonts(folder: &Path) -> Result<Fonts, String> {
    let mut paths: Vec<PathBuf> = match std::fs::read_dir(folder) {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(_) => Vec::new(),
    };
    let is_font = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ["ttf", "otf", "ttc"].iter().any(|known| ending == *known))
    };
    paths.retain(is_font);
    paths.sort();
    let read = |path: &PathBuf| {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok((path.display().to_string(), bytes))
    };
    let own: Vec<(String, Vec<u8>)> = paths.iter().map(read).collect::<Result<_, String>>()?;
    Fonts::with(own).map_err(|error| error.to_string())
}

impl City {
    /// Puts a city together. The shelf is empty until [`crate::catalog::load`] or an import fills it.
    pub fn new(
        settings: Settings,
        store: Store,
        keys: Keys,
        calendar: Calendar,
        law: LawTable,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> City {
        City(Arc::new(Inner {
            settings,
            store,
            keys,
            law,
            calendar: RwLock::new((String::new(), Arc::new(calendar.clone()))),
            base_calendar: calendar,
            shelf: RwLock::new(Arc::new(Shelf::default())),
            clock,
            entropy,
            numbers: Mutex::new(HashMap::new()),
            refill: tokio::sync::Mutex::new(()),
            old_versions: Mutex::new(HashMap::new()),
            uploads: OnceCell::new(),
            providers: OnceLock::new(),
            log_peers: OnceLock::new(),
            peers: OnceLock::new(),
            senders: OnceLock::new(),
            carrier: OnceLock::new(),
            elsewhere: Memory::default(),
            list_secrets: Mutex::new(HashMap::new()),
            certificates: Mutex::new(HashSet::new()),
            shelving: tokio::sync::RwLock::new(()),
            lists: Lists::default(),
            rooms: Rooms::default(),
            contests: Contests::default(),
            fonts: OnceLock::new(),
        }))
    }

    /// What never changes.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The tenant as the store's key.
    pub fn region(&self) -> &str {
        self.0.settings.region.as_str()
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The folder of uploads, opened at first use.
    pub(crate) async fn uploads(&self) -> Result<&Uploads, ServiceError> {
        let open = || Uploads::open(self.0.settings.dir.join("uploads"), MAX_FILE_BYTES);
        self.0.uploads.get_or_try_init(open).await.map_err(ServiceError::internal)
    }

    /// Names the identity providers, once, before the city serves anybody.
    pub fn set_providers(&self, providers: Vec<Provider>) {
        let _ = self.0.providers.set(providers);
    }

    /// Names witnesses and watched logs, once, before the city serves anybody.
    pub fn set_log_peers(&self, peers: Peers) {
        let _ = self.0.log_peers.set(peers);
    }

    /// Who countersigns the public log, and whose logs are countersigned here.
    pub fn log_peers(&self) -> &Peers {
        self.0.log_peers.get_or_init(Peers::default)
    }

    /// Names the issuers that are asked for licences, once, before the city serves anybody.
    pub fn set_peers(&self, peers: Vec<Peer>) {
        let _ = self.0.peers.set(peers.into_iter().map(Arc::new).collect());
    }

    /// The issuers that are asked for licences.
    pub(crate) fn peers(&self) -> &[Arc<Peer>] {
        self.0.peers.get().map_or(&[], Vec::as_slice)
    }

    /// Names the ways out of the platform, once, before the city serves anybody.
    pub fn set_senders(&self, senders: Vec<Arc<dyn Sender>>) {
        let _ = self.0.senders.set(senders);
    }

    /// The ways by which messages leave the platform, at most one for each channel.
    pub fn senders(&self) -> &[Arc<dyn Sender>] {
        self.0.senders.get().map_or(&[], Vec::as_slice)
    }

    /// Names the carrier of results, once, before the city serves anybody.
    pub fn set_carrier(&self, carrier: Arc<dyn Carrier>) {
        let _ = self.0.carrier.set(carrier);
    }

    /// The carrier of results; unless another was named, files in the city's folder `mail`.
    pub(crate) fn carrier(&self) -> &Arc<dyn Carrier> {
        self.0.carrier.get_or_init(|| {
            let service = Text::new("政务寄递", "Government mail");
            Arc::new(FolderCarrier::new(self.0.settings.dir.join("mail"), "EZ", service))
        })
    }

    /// What they have answered a short while ago.
    pub(crate) fn elsewhere(&self) -> &Memory {
        &self.0.elsewhere
    }

    /// Identity providers where people may sign in.
    pub fn providers(&self) -> &[Provider] {
        self.0.providers.get().map_or(&[], Vec::as_slice)
    }

    /// Held shared by whoever stores content and names it in a row, alone by whoever deletes what no row names.
    pub(crate) fn shelving(&self) -> &tokio::sync::RwLock<()> {
        &self.0.shelving
    }

    /// Reads the fonts that the operator has added, so that a broken one is told at start and not at the first licence.
    pub fn check_fonts(&self) -> Result<(), ServiceError> {
        if self.0.settings.dir.join("fonts").is_dir() { self.fonts().map(drop) } else { Ok(()) }
    }

    /// The fonts that licences are printed with: the bundled one, and those in the city's folder `fonts`, in the order of their
    /// names. Read at first use.
    pub(crate) fn fonts(&self) -> Result<Arc<Fonts>, ServiceError> {
        let folder = self.0.settings.dir.join("fonts");
        self.0.fonts.get_or_init(|| fonts(&folder).map(Arc::new)).clone().map_err(ServiceError::Internal)
    }

    /// Signing keys.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// Numbers of the law.
    pub fn law(&self) -> &LawTable {
        &self.0.law
    }

    /// Working days, as loaded now.
    pub fn calendar(&self) -> Arc<Calendar> {
        self.0.calendar.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// The calendar before any import.
    pub(crate) fn base_calendar(&self) -> &Calendar {
        &self.0.base_calendar
    }

    /// Id of the last imported notice in the calendar; empty when there is none.
    pub(crate) fn calendar_loaded(&self) -> String {
        self.0.calendar.read().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// Replaces the calendar; `last` is the id of the last notice in it.
    pub(crate) fn set_calendar(&self, last: String, calendar: Calendar) {
        *self.0.calendar.write().unwrap_or_else(PoisonError::into_inner) = (last, Arc::new(calendar));
    }

    /// Published matters, as loaded now.
    pub fn shelf(&self) -> Arc<Shelf> {
        self.0.shelf.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the published matters, unless somebody has loaded later ones meanwhile.
    pub(crate) fn set_shelf(&self, shelf: Shelf) {
        let mut present = self.0.shelf.write().unwrap_or_else(PoisonError::into_inner);
        if shelf.stamp() >= present.stamp() {
            *present = Arc::new(shelf);
        }
    }

    /// A superseded version of a matter that was compiled before.
    pub(crate) fn old_version(&self, slug: &str, version: i64) -> Option<Arc<Published>> {
        let kept = self.0.old_versions.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&(slug.to_owned(), version)).cloned()
    }

    /// Keeps a superseded version; few are in use at a time, so the map is simply emptied when it grows large.
    pub(crate) fn keep_old_version(&self, slug: &str, published: Arc<Published>) {
        let mut kept = self.0.old_versions.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= 256 {
            kept.clear();
        }
        kept.insert((slug.to_owned(), published.version), published);
    }

    /// The secret of a status list that was read before.
    pub(crate) fn list_secret(&self, list: &str) -> Option<[u8; 16]> {
        self.0.list_secrets.lock().unwrap_or_else(PoisonError::into_inner).get(list).copied()
    }

    /// Keeps the secret of the list that is being filled, in place of the one before.
    pub(crate) fn keep_list_secret(&self, list: &str, secret: [u8; 16]) {
        let mut kept = self.0.list_secrets.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clear();
        kept.insert(list.to_owned(), secret);
    }

    /// The status lists that were published last.
    pub(crate) fn lists(&self) -> &Lists {
        &self.0.lists
    }

    /// What is known of the queues without asking the database.
    pub(crate) fn rooms(&self) -> &Rooms {
        &self.0.rooms
    }

    /// Which contests are known to be held.
    pub(crate) fn contests(&self) -> &Contests {
        &self.0.contests
    }

    /// Whether this certificate is known to be kept.
    pub(crate) fn is_kept(&self, kid: &[u8; 8]) -> bool {
        self.0.certificates.lock().unwrap_or_else(PoisonError::into_inner).contains(kid)
    }

    /// Remembers that this certificate is kept.
    pub(crate) fn note_kept(&self, kid: [u8; 8]) {
        self.0.certificates.lock().unwrap_or_else(PoisonError::into_inner).insert(kid);
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// As of when, and how strictly, signatures are verified.
    pub fn moment(&self) -> Moment {
        Moment { now: self.now(), tolerance_seconds: self.settings().operation.clock_tolerance_seconds.into() }
    }

    /// Fresh random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.entropy.fill(&mut bytes);
        bytes
    }

    /// Facts as the journal takes them: serialised, each with a fresh salt. `actor` is [`domain::accounts::Actor::label`].
    pub(crate) fn facts<F: Serialize>(
        &self,
        actor: &str,
        facts: &[F],
        kind: impl Fn(&F) -> &'static str,
    ) -> Result<Vec<NewFact>, ServiceError> {
        let one = |fact: &F| {
            Ok(NewFact {
                kind: kind(fact),
                actor: actor.to_owned(),
                body: serde_json::to_string(fact).map_err(ServiceError::internal)?,
                salt: self.random(),
            })
        };
        facts.iter().map(one).collect()
    }

    /// The next number of a series, from a block reserved durably beforehand.
    pub async fn number(&self, series: &str) -> Result<i64, ServiceError> {
        if let Some(number) = self.take(series) {
            return Ok(number);
        }
        // One refill at a time: without the lock every caller that finds the block empty would reserve one of its own.
        let _guard = self.0.refill.lock().await;
        if let Some(number) = self.take(series) {
            return Ok(number);
        }
        let first = self.0.store.reserve(self.region(), series, BLOCK).await?;
        let mut numbers = self.0.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.insert(series.to_owned(), Block { next: first + 1, end: first + BLOCK });
        Ok(first)
    }

    fn take(&self, series: &str) -> Option<i64> {
        let mut numbers = self.0.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let block = numbers.get_mut(series)?;
        let number = block.next;
        (number < block.end).then(|| {
            block.next += 1;
            number
        })
    }
}
