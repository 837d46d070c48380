//! Importing a catalogue into the store, and loading it from there.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::accounts::{Action, Actor, Subject, may};
use domain::catalog::{Catalogue, Finding, MatterBundle, SearchIndex, has_errors, lint};
use rules::RuleSet;
use serde::{Deserialize, Serialize};
use store::catalog::{MATTER, MATTER_VERSION};
use store::{Change, Expected, NewFact, PlainWrite, RowWrite};

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
enum MatterFact {
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

/// Checks a catalogue and publishes what changed. Nothing is written when there is an error.
pub async fn import(
    city: &City,
    actor: &Actor,
    files: &BTreeMap<String, String>,
) -> Result<Result<usize, Vec<Finding>>, ServiceError> {
    may(actor, Action::ManageCatalogue, &Subject::default())?;
    let findings = lint(files);
    if has_errors(&findings) {
        return Ok(Err(findings));
    }
    let standings = standings(city).await?;
    let mut published = 0;
    for (slug, own) in by_matter(files) {
        if publish(city, actor, &slug, &own, standings.get(&slug)).await? {
            published += 1;
        }
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

async fn standings(city: &City) -> Result<BTreeMap<String, (Standing, i64)>, ServiceError> {
    let sql = "SELECT doc, version FROM matter WHERE region = $1 ORDER BY id";
    let rows = city.store().query(sql, &[city.region().into()]).await?;
    rows.iter()
        .map(|row| {
            let standing: Standing = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
            Ok((standing.slug.clone(), (standing, row.int(1)?)))
        })
        .collect()
}

async fn publish(
    city: &City,
    actor: &Actor,
    slug: &str,
    own: &BTreeMap<String, String>,
    before: Option<&(Standing, i64)>,
) -> Result<bool, ServiceError> {
    let doc = serde_json::to_string(own).map_err(ServiceError::internal)?;
    let digest = seal::digest::sha256_hex(doc.as_bytes());
    if before.is_some_and(|(standing, _)| standing.digest == digest) {
        return Ok(false);
    }
    let version = before.map_or(1, |(standing, _)| standing.published + 1);
    let standing = Standing {
        slug: slug.to_owned(),
        published: version,
        digest: digest.clone(),
        paused: before.is_some_and(|(standing, _)| standing.paused),
        reason: before.map(|(standing, _)| standing.reason.clone()).unwrap_or_default(),
    };
    let expected = before.map_or(Expected::New, |(_, row)| Expected::Version(*row));
    let mut change = Change::new(city.region(), city.now()).row(row(
        city,
        actor,
        &standing,
        expected,
        &MatterFact::Published { version, digest },
    )?);
    change.plain.push(PlainWrite {
        table: &MATTER_VERSION,
        id: format!("{slug}/{version}"),
        columns: vec![city.now().micros().into(), doc.into()],
    });
    city.store().commit(change).await?;
    Ok(true)
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
        facts: vec![NewFact {
            kind: fact.kind(),
            actor: actor.label(),
            body: serde_json::to_string(fact).map_err(ServiceError::internal)?,
            salt: city.random(),
        }],
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
    let mut standings = standings(city).await?;
    let (mut standing, version) = standings.remove(slug).ok_or(ServiceError::NotFound("matter"))?;
    standing.paused = pause;
    reason.trim().clone_into(&mut standing.reason);
    let reason = standing.reason.clone();
    let fact = if pause { MatterFact::AutomationPaused { reason } } else { MatterFact::AutomationResumed { reason } };
    let change =
        Change::new(city.region(), city.now()).row(row(city, actor, &standing, Expected::Version(version), &fact)?);
    city.store().commit(change).await?;
    load(city).await
}

/// Loads everything published into the shelf.
pub async fn load(city: &City) -> Result<(), ServiceError> {
    let sql = "SELECT m.id, m.published, m.paused, v.doc FROM matter m JOIN matter_version v \
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
    for row in &rows {
        let own: BTreeMap<String, String> = serde_json::from_str(row.text(3)?).map_err(ServiceError::internal)?;
        files.extend(own);
        standing.insert(row.text(0)?.to_owned(), (row.int(1)?, row.int(2)? != 0));
    }
    let catalogue = Catalogue::load(&files)
        .map_err(|findings| ServiceError::Internal(format!("published catalogue: {findings:?}")))?;
    let mut shelf = Shelf::default();
    let matters = catalogue.matters.values().map(|bundle| &bundle.matter);
    shelf.search = SearchIndex::build(matters, &catalogue.synonyms);
    shelf.departments = catalogue.departments;
    shelf.front = catalogue.front;
    shelf.licence_types = catalogue.licence_types;
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
