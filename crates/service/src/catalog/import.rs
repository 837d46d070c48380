//! Importing a catalogue into the store, and loading it from there.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::accounts::{Action, Actor, Subject, may};
use domain::catalog::{Catalogue, Finding, MatterBundle, SearchIndex, has_errors};
use domain::halls::Places;
use domain::messages::Outgoing;
use domain::voice::Ratings;
use rules::RuleSet;
use serde::{Deserialize, Serialize};
use store::catalog::{MATTER, MATTER_VERSION};
use store::{Change, Expected, PlainWrite, RowWrite};

use super::check::check;
use super::shelf::{Published, Shelf, implementing_code};
use crate::city::City;
use crate::error::ServiceError;

/// Id under which the files that all matters share are kept.
const COMMON: &str = "~common";

/// State of a matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Standing {
    slug: String,
    published: i64,
    digest: String,
    paused: bool,
    reason: String,
}

/// Facts of a matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub(super) enum MatterFact {
    Published { version: i64, digest: String },
    AutomationPaused { reason: String },
    AutomationResumed { reason: String },
}

impl MatterFact {
    fn kind(&self) -> &'static str {
        match self {
            MatterFact::Published { .. } => "matter.published",
            MatterFact::AutomationPaused { .. } => "matter.automation-paused",
            MatterFact::AutomationResumed { .. } => "matter.automation-resumed",
        }
    }
}

/// Checks a catalogue and publishes what changed, all of it in one commit or nothing. A published matter that the files do
/// not name stays published; it is checked together with them, because it shares their departments and licence types.
pub async fn import(
    city: &City,
    actor: &Actor,
    files: &BTreeMap<String, String>,
) -> Result<Result<usize, Vec<Finding>>, ServiceError> {
    may(actor, Action::ManageCatalogue, &Subject::default())?;
    let stored = stored(city).await?;
    let brought = by_matter(files);
    let mut all = files.clone();
    for (slug, matter) in &stored {
        if !brought.contains_key(slug) {
            all.extend(matter.files().unwrap_or_default());
        }
    }
    let findings = check(&all);
    if has_errors(&findings) {
        return Ok(Err(findings));
    }
    let mut change = Change::new(city.region(), city.now());
    for (slug, own) in &brought {
        publish(city, actor, slug, own, stored.get(slug), &mut change)?;
    }
    let published = change.rows.len();
    if published > 0 {
        city.store().commit(change).await?;
    }
    load(city).await?;
    Ok(Ok(published))
}

/// Files of each matter by slug; what belongs to no matter under [`COMMON`].
fn by_matter(files: &BTreeMap<String, String>) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut matters: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (path, text) in files {
        let slug = path.strip_prefix("matters/").and_then(|rest| rest.split('/').next()).unwrap_or(COMMON);
        matters.entry(slug.to_owned()).or_default().insert(path.clone(), text.clone());
    }
    matters
}

/// A matter as the store holds it.
struct Stored {
    standing: Standing,
    /// Version of its row.
    row: i64,
    /// The files of the version in force, as one JSON object; `None` if they are gone.
    doc: Option<String>,
}

impl Stored {
    fn files(&self) -> Option<BTreeMap<String, String>> {
        serde_json::from_str(self.doc.as_deref()?).ok()
    }
}

async fn stored(city: &City) -> Result<BTreeMap<String, Stored>, ServiceError> {
    let sql = "SELECT m.doc, m.version, v.doc FROM matter m LEFT JOIN matter_version v \
               ON v.region = m.region AND v.id = m.id || '/' || CAST(m.published AS TEXT) \
               WHERE m.region = $1 ORDER BY m.id";
    let rows = city.store().query(sql, &[city.region().into()]).await?;
    rows.iter()
        .map(|row| {
            let standing: Standing = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
            let doc = row.opt_text(2)?.map(str::to_owned);
            Ok((standing.slug.clone(), Stored { standing, row: row.int(1)?, doc }))
        })
        .collect()
}

/// Adds a new version to the change, when the files differ from those in force.
fn publish(
    city: &City,
    actor: &Actor,
    slug: &str,
    own: &BTreeMap<String, String>,
    before: Option<&Stored>,
    change: &mut Change,
) -> Result<(), ServiceError> {
    let doc = serde_json::to_string(own).map_err(ServiceError::internal)?;
    // Compared with what is stored and not only by digest: a version that was changed in the database is published anew.
    if before.is_some_and(|before| before.doc.as_ref() == Some(&doc)) {
        return Ok(());
    }
    let digest = seal::digest::sha256_hex(doc.as_bytes());
    let version = before.map_or(1, |before| before.standing.published + 1);
    let standing = Standing {
        slug: slug.to_owned(),
        published: version,
        digest: digest.clone(),
        paused: before.is_some_and(|before| before.standing.paused),
        reason: before.map(|before| before.standing.reason.clone()).unwrap_or_default(),
    };
    let expected = before.map_or(Expected::New, |before| Expected::Version(before.row));
    change.rows.push(row(city, actor, &standing, expected, &MatterFact::Published { version, digest })?);
    change.plain.push(PlainWrite {
        table: &MATTER_VERSION,
        id: format!("{slug}/{version}"),
        columns: vec![change.at.micros().into(), doc.into()],
    });
    Ok(())
}

fn row(
    city: &City,
    actor: &Actor,
    standing: &Standing,
    expected: Expected,
    fact: &MatterFact,
) -> Result<RowWrite, ServiceError> {
    Ok(RowWrite {
        table: &MATTER,
        id: standing.slug.clone(),
        expected,
        columns: vec![standing.published.into(), standing.paused.into()],
        doc: serde_json::to_string(standing).map_err(ServiceError::internal)?,
        facts: city.facts(&actor.label(), std::slice::from_ref(fact), MatterFact::kind)?,
    })
}

/// Pauses or resumes the automation of a matter, at once, with a reason.
pub async fn pause_automation(
    city: &City,
    actor: &Actor,
    slug: &str,
    pause: bool,
    reason: &str,
) -> Result<(), ServiceError> {
    may(actor, Action::ManageCatalogue, &Subject::default())?;
    if reason.trim().is_empty() {
        return Err(ServiceError::field("reason", "请写明理由。", "Write down the reason."));
    }
    let Stored { mut standing, row: version, .. } =
        stored(city).await?.remove(slug).ok_or(ServiceError::NotFound("matter"))?;
    standing.paused = pause;
    reason.trim().clone_into(&mut standing.reason);
    let reason = standing.reason.clone();
    let fact = if pause { MatterFact::AutomationPaused { reason } } else { MatterFact::AutomationResumed { reason } };
    let change =
        Change::new(city.region(), city.now()).row(row(city, actor, &standing, Expected::Version(version), &fact)?);
    city.store().commit(change).await?;
    load(city).await
}

/// Loads the shelf anew when somebody else, be it another server or the command line, has published, paused or resumed a
/// matter. Answers whether it did.
pub async fn refresh(city: &City) -> Result<bool, ServiceError> {
    // No row is ever deleted and each write raises its row's version, so the sum rises with each write.
    let sql = "SELECT CAST(COALESCE(sum(version), 0) AS BIGINT) FROM matter WHERE region = $1";
    let row = city.store().query_opt(sql, &[city.region().into()]).await?;
    let stamp = row.map_or(Ok(0), |row| row.int(0))?;
    if stamp == city.shelf().stamp() {
        return Ok(false);
    }
    load(city).await?;
    Ok(true)
}

/// Whether something later than this shelf is in force; loads it if it was not loaded yet.
pub(crate) async fn supersedes(city: &City, shelf: &Shelf) -> Result<bool, ServiceError> {
    refresh(city).await?;
    Ok(city.shelf().stamp() != shelf.stamp())
}

/// Loads everything published into the shelf.
pub async fn load(city: &City) -> Result<(), ServiceError> {
    let sql = "SELECT m.id, m.published, m.paused, v.doc, m.version FROM matter m JOIN matter_version v \
               ON v.region = m.region AND v.id = m.id || '/' || CAST(m.published AS TEXT) \
               WHERE m.region = $1 ORDER BY m.id";
    let rows = city.store().query(sql, &[city.region().into()]).await?;
    if rows.is_empty() {
        // A city that has just been founded has nothing on its shelf yet.
        city.set_shelf(Shelf::default());
        return Ok(());
    }
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut standing: BTreeMap<String, (i64, bool)> = BTreeMap::new();
    let mut shelf = Shelf::default();
    for row in &rows {
        let own: BTreeMap<String, String> = serde_json::from_str(row.text(3)?).map_err(ServiceError::internal)?;
        files.extend(own);
        standing.insert(row.text(0)?.to_owned(), (row.int(1)?, row.int(2)? != 0));
        shelf.rows.insert(row.text(0)?.to_owned(), row.int(4)?);
    }
    shelf.stamp = shelf.rows.values().sum();
    let catalogue = Catalogue::load(&files)
        .map_err(|findings| ServiceError::Internal(format!("published catalogue: {findings:?}")))?;
    shelf.places =
        Places::load(&files).map_err(|findings| ServiceError::Internal(format!("published places: {findings:?}")))?;
    shelf.ratings =
        Ratings::load(&files).map_err(|findings| ServiceError::Internal(format!("published ratings: {findings:?}")))?;
    shelf.outgoing = Outgoing::load(&files)
        .map_err(|findings| ServiceError::Internal(format!("published messages: {findings:?}")))?;
    let matters = catalogue.matters.values().map(|bundle| &bundle.matter);
    shelf.search = SearchIndex::build(matters, &catalogue.synonyms);
    shelf.departments = catalogue.departments;
    shelf.front = catalogue.front;
    shelf.licence_types = catalogue.licence_types;
    shelf.faces = catalogue.faces;
    for (slug, bundle) in catalogue.matters {
        let (version, paused) = standing.get(&slug).copied().unwrap_or((1, false));
        shelf.paused.insert(slug.clone(), paused);
        let department = shelf.departments.get(&bundle.matter.department);
        let code = department.map(|department| implementing_code(&bundle, department)).unwrap_or_default();
        let rules = compile(&bundle)?;
        shelf.matters.insert(slug, Arc::new(Published { version, bundle, rules, code }));
    }
    city.set_shelf(shelf);
    Ok(())
}

fn compile(bundle: &MatterBundle) -> Result<Option<RuleSet>, ServiceError> {
    let Some(files) = &bundle.rules_files else { return Ok(None) };
    RuleSet::load(&files.schema, &files.table, &files.tests)
        .map(Some)
        .map_err(|findings| ServiceError::Internal(format!("{}: {findings:?}", bundle.matter.slug)))
}

/// A matter in the version under which a case was filed.
pub async fn version(city: &City, slug: &str, version: i64) -> Result<Arc<Published>, ServiceError> {
    let shelf = city.shelf();
    if let Ok(current) = shelf.matter(slug)
        && current.version == version
    {
        return Ok(current.clone());
    }
    if let Some(kept) = city.old_version(slug, version) {
        return Ok(kept);
    }
    // The files that all matters share are those in force: an old version names departments and licence types by id.
    let sql = "SELECT doc FROM matter_version WHERE region = $1 AND (id = $2 OR id = (SELECT m.id || '/' || \
               CAST(m.published AS TEXT) FROM matter m WHERE m.region = $1 AND m.id = $3))";
    let params = [city.region().into(), format!("{slug}/{version}").into(), COMMON.into()];
    let rows = city.store().query(sql, &params).await?;
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for row in &rows {
        let own: BTreeMap<String, String> = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
        files.extend(own);
    }
    let mut catalogue = Catalogue::load(&files)
        .map_err(|findings| ServiceError::Internal(format!("{slug}/{version}: {findings:?}")))?;
    let bundle = catalogue.matters.remove(slug).ok_or(ServiceError::NotFound("matter"))?;
    let department = shelf.department(&bundle.matter.department)?;
    let code = implementing_code(&bundle, department);
    let rules = compile(&bundle)?;
    let published = Arc::new(Published { version, bundle, rules, code });
    city.keep_old_version(slug, published.clone());
    Ok(published)
}
