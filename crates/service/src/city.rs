//! A running city: its store, keys, calendar and published matters, shared by every use case.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use domain::ids::Region;
use domain::text::Text;
use domain::time::{Calendar, LawTable, Timestamp};
use seal::cert::Certificate;
use seal::key::Signer;
use store::{Store, Uploads};
use tokio::sync::OnceCell;

use crate::cases::MAX_FILE_BYTES;
use crate::catalog::{Published, Shelf};
use crate::error::ServiceError;

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
    /// Folder of uploads and other files.
    pub dir: PathBuf,
}

/// Signing keys by department, and the anchors that our own verification trusts.
#[derive(Clone, Default)]
pub struct Keys {
    /// SM2 signers by department id.
    pub signers: BTreeMap<String, Arc<dyn Signer>>,
    /// P-256 signers for QR codes by department id.
    pub qr: BTreeMap<String, Arc<dyn Signer>>,
    /// Trusted roots.
    pub roots: Vec<Certificate>,
}

struct Inner {
    settings: Settings,
    store: Store,
    keys: Keys,
    law: LawTable,
    calendar: RwLock<Arc<Calendar>>,
    shelf: RwLock<Arc<Shelf>>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    numbers: Mutex<HashMap<String, Block>>,
    refill: tokio::sync::Mutex<()>,
    old_versions: Mutex<HashMap<(String, i64), Arc<Published>>>,
    uploads: OnceCell<Uploads>,
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
            calendar: RwLock::new(Arc::new(calendar)),
            shelf: RwLock::new(Arc::new(Shelf::default())),
            clock,
            entropy,
            numbers: Mutex::new(HashMap::new()),
            refill: tokio::sync::Mutex::new(()),
            old_versions: Mutex::new(HashMap::new()),
            uploads: OnceCell::new(),
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
        self.0.calendar.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the calendar after an import.
    pub fn set_calendar(&self, calendar: Calendar) {
        *self.0.calendar.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(calendar);
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

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Fresh random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.entropy.fill(&mut bytes);
        bytes
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
