//! The yearly notices of the State Council, imported into a running city (DESIGN §8).
//!
//! Each import is a row beside the one that founded the city, with a fact of its own. Every node looks for new ones, so none
//! needs a restart. With the import a duty is set that computes the deadlines once more a little later: until every node has
//! seen the notice, some may still have set a date by the old calendar.

use domain::accounts::{Action, Actor, Subject, may};
use domain::text::Text;
use domain::time::{Calendar, Timestamp};
use serde::{Deserialize, Serialize};
use store::catalog::CITY;
use store::{Change, DueOp, Expected, RowWrite, Store};

use crate::city::City;
use crate::error::{FieldError, ServiceError};
use crate::jobs;

/// Kind of the duty that computes all deadlines anew.
pub(crate) const RECOMPUTE: &str = "city.recompute-deadlines";
/// By then every node has looked for new notices several times, in seconds.
const SETTLED_SECONDS: i64 = 30;
/// Longest file, in characters; a year has some forty lines.
const MAX_CHARS: usize = 1 << 20;

/// A notice as it was imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Notice {
    /// Where it is from: 国办发明电〔2026〕7号.
    source: String,
    /// The file.
    csv: String,
    /// When.
    at: Timestamp,
}

/// What the journal says about an import.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
enum CalendarFact {
    CalendarImported { source: String, sha256: String, first: i16, last: i16 },
}

/// What an import has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Last year with a notice before; `None` for a calendar that knew none.
    pub before: Option<i16>,
    /// Last year with a notice now; the years after it are provisional.
    pub last: i16,
    /// Cases of which a date is another one now.
    pub moved: usize,
}

fn refuse(field: &str, text: Text) -> ServiceError {
    ServiceError::Invalid(vec![FieldError::new(field, text)])
}

/// The calendar of a city: what the program brings along, and every notice imported since, in order. Beside it the id of the
/// last one.
///
/// # Errors
/// What the store says; [`ServiceError::Internal`] when a stored notice no longer fits, which names it.
pub async fn load(store: &Store, region: &str, base: &Calendar) -> Result<(String, Calendar), ServiceError> {
    let sql = "SELECT id, doc FROM city WHERE region = $1 AND id >= 'calendar/' AND id < 'calendar0' ORDER BY id";
    let (mut last, mut calendar) = (String::new(), base.clone());
    for row in store.query(sql, &[region.into()]).await? {
        row.text(0)?.clone_into(&mut last);
        let notice: Notice = serde_json::from_str(row.text(1)?).map_err(ServiceError::internal)?;
        calendar = calendar
            .extend(&notice.csv)
            .map_err(|error| ServiceError::Internal(format!("the stored notice {last}: {error}")))?;
    }
    Ok((last, calendar))
}

/// Looks for notices that another node or the command line has imported. Answers whether there were any.
///
/// # Errors
/// As [`load`].
pub async fn refresh(city: &City) -> Result<bool, ServiceError> {
    let sql =
        "SELECT id FROM city WHERE region = $1 AND id >= 'calendar/' AND id < 'calendar0' ORDER BY id DESC LIMIT 1";
    let newest = city.store().query_opt(sql, &[city.region().into()]).await?;
    let newest = newest.map(|row| row.text(0).map(str::to_owned)).transpose()?.unwrap_or_default();
    if newest == city.calendar_loaded() {
        return Ok(false);
    }
    let (last, calendar) = load(city.store(), city.region(), city.base_calendar()).await?;
    city.set_calendar(last, calendar);
    Ok(true)
}

/// Imports a notice: stores it, makes its years no longer provisional, and computes every open deadline anew. `source` says
/// where it is from, `csv` has the columns `date,kind,name` as [`Calendar::extend`] reads them.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Invalid`] naming `source` or `file` with the line and what to do, with nothing
/// written; what the store says.
pub async fn import(city: &City, actor: &Actor, source: &str, csv: &str) -> Result<Imported, ServiceError> {
    may(actor, Action::ManageCatalogue, &Subject::default())?;
    let source = source.trim();
    if source.is_empty() || source.chars().count() > 200 {
        let text = Text::new("请写明通知的文号，不超过 200 字。", "Name the notice, in at most 200 characters.");
        return Err(refuse("source", text));
    }
    if csv.chars().count() > MAX_CHARS {
        let text = Text::new("文件过大，请只导入节假日安排。", "The file is too large for a yearly notice.");
        return Err(refuse("file", text));
    }
    refresh(city).await?;
    let old = city.calendar();
    let new = old.extend(csv).map_err(|error| refuse("file", error.explain()))?;
    let (first, last) = new.published_years().ok_or_else(|| ServiceError::internal("a calendar without years"))?;
    let now = city.now();
    let notice = Notice { source: source.to_owned(), csv: csv.to_owned(), at: now };
    let sha256 = seal::digest::sha256_hex(csv.as_bytes());
    let fact = CalendarFact::CalendarImported { source: source.to_owned(), sha256, first, last };
    let id = format!("calendar/{:020}", now.micros());
    let mut change = Change::new(city.region(), now).row(RowWrite {
        table: &CITY,
        id: id.clone(),
        expected: Expected::New,
        columns: vec![city.settings().demo.into()],
        doc: serde_json::to_string(&notice).map_err(ServiceError::internal)?,
        facts: city.facts(&actor.label(), &[fact], |_| "city.calendar-imported")?,
    });
    let at = now.plus_seconds(SETTLED_SECONDS);
    change.due.push(DueOp::Add { at, kind: RECOMPUTE.into(), subject: format!("city/{id}") });
    city.store().commit(change).await?;
    let before = old.published_years().map(|(_, last)| last);
    city.set_calendar(id, new);
    let moved = jobs::recompute_deadlines(city).await?;
    Ok(Imported { before, last, moved })
}

/// The notices imported so far, latest first: where from, and when.
///
/// # Errors
/// What the store says.
pub async fn imported(city: &City) -> Result<Vec<(String, Timestamp)>, ServiceError> {
    let sql =
        "SELECT doc FROM city WHERE region = $1 AND id >= 'calendar/' AND id < 'calendar0' ORDER BY id DESC LIMIT 50";
    let rows = city.store().query(sql, &[city.region().into()]).await?;
    rows.iter()
        .map(|row| {
            let notice: Notice = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
            Ok((notice.source, notice.at))
        })
        .collect()
}
