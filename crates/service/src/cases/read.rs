//! Looking at cases: one, one's own, what happened, and the sealed documents.

use domain::accounts::{Action, Actor, Subject, may};
use domain::cases::{
    Blocker, Case, DocumentKind, Fact, Risk, application_blockers, is_extensible, leaves_gaps, possible,
};
use domain::catalog::ApplicantKind;
use domain::ids::CaseId;
use domain::time::{ClockState, Light, Timestamp};

use super::access::note_access;
use super::work::permit;
use crate::city::City;
use crate::error::ServiceError;

/// Most rows that one list answers.
pub const MAX_LIMIT: i64 = 200;

/// A case as shown to somebody.
#[derive(Debug, Clone)]
pub struct CaseView {
    /// The case.
    pub case: Case,
    /// Version of the row, for If-Match.
    pub version: i64,
    /// How the promised clock stands.
    pub promised: Option<ClockState>,
    /// How the statutory clock stands.
    pub statutory: Option<ClockState>,
    /// Lamp of the promised clock.
    pub light: Option<Light>,
    /// What still stands in the way.
    pub blockers: Vec<Blocker>,
    /// Commands that neither the state nor the role of whoever looks rules out.
    pub possible: Vec<&'static str>,
}

/// One row of a list.
#[derive(Debug, Clone)]
pub struct CaseRow {
    /// Its id, the cursor of lists by time.
    pub id: String,
    /// 办件编号.
    pub number: String,
    /// Slug of the matter.
    pub matter: String,
    /// Deciding department.
    pub department: String,
    /// State name.
    pub state: String,
    /// Pile of the desk.
    pub pile: Option<String>,
    /// Who applies; pages of lists mask it for natural persons.
    pub applicant: String,
    /// What the applicant is; `None` in rows from before this was recorded.
    pub applicant_kind: Option<ApplicantKind>,
    /// How closely to look at it; known for what waits for a decision.
    pub risk: Option<Risk>,
    /// When it was received.
    pub received: Option<Timestamp>,
    /// Date that matters to the pile.
    pub deadline: Option<Timestamp>,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Cursor of the next page; `None` at the end.
    pub next: Option<String>,
}

/// The case of that number, if the actor may see it. Looking at someone else's is recorded before it is shown.
pub async fn case_by_number(city: &City, actor: &Actor, number: &str) -> Result<CaseView, ServiceError> {
    let (case, version) = by_number(city, number).await?;
    // Whether a case of somebody else exists is itself not to be known.
    may(actor, Action::ViewCase, &subject(&case)).map_err(|_| ServiceError::NotFound("case"))?;
    if is_noted(actor, &case) {
        note_access(city, actor, &case.applicant.code, &format!("view-case {}", case.number)).await?;
    }
    view(city, actor, case, version).await
}

/// Whether the applicant is to learn that this actor looked: everybody but themselves, whoever acts for them, and the
/// system or agent through which they handed the application in. Staff who typed it in are noted like all staff.
fn is_noted(actor: &Actor, case: &Case) -> bool {
    !actor.stands_for(&case.applicant) && (actor.is_staff() || case.filed_by != actor.label())
}

/// The case as the command that the actor has just given left it: the look at it was recorded before.
pub(super) async fn after_command(city: &City, actor: &Actor, number: &str) -> Result<CaseView, ServiceError> {
    let (case, version) = by_number(city, number).await?;
    view(city, actor, case, version).await
}

async fn by_number(city: &City, number: &str) -> Result<(Case, i64), ServiceError> {
    let sql = "SELECT doc, version FROM casefile WHERE region = $1 AND number = $2";
    let rows = city.store().query(sql, &[city.region().into(), number.into()]).await?;
    let row = rows.first().ok_or(ServiceError::NotFound("case"))?;
    Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?))
}

/// What the permission matrix looks at in a case.
pub(super) fn subject(case: &Case) -> Subject<'_> {
    Subject {
        party: Some(&case.applicant),
        matter: Some(&case.matter),
        filed_by: Some(&case.filed_by),
        department: Some(&case.department),
        district: Some(&case.district),
        rated: &[],
    }
}

async fn view(city: &City, actor: &Actor, case: Case, version: i64) -> Result<CaseView, ServiceError> {
    let published = crate::catalog::version(city, &case.matter, case.matter_version).await?;
    let (calendar, now) = (city.calendar(), city.now());
    let lamps = city.law().lamps(now.date()).map_err(ServiceError::internal)?;
    let clocks = case.clocks.as_ref();
    let promised = clocks.and_then(|clocks| clocks.promised.state(&calendar, now).ok());
    let statutory = clocks.and_then(|clocks| clocks.statutory.as_ref()?.state(&calendar, now).ok());
    let blockers = application_blockers(&published.bundle.matter, &published.bundle.form, &case.application);
    // What the law of the matter could never allow is not offered.
    let extensible = is_extensible(&case, &published.bundle.matter, city.law());
    let gaps = leaves_gaps(&published.bundle.matter, &case.application);
    let lawful = |command: &str| match command {
        "extend" => extensible,
        "accept" => !gaps,
        "accept-with-gaps" => gaps,
        _ => true,
    };
    let offered = |command: &&str| lawful(command) && permit(actor, &case, command).is_ok();
    Ok(CaseView {
        light: promised.as_ref().map(|state| state.light(&lamps)),
        promised,
        statutory,
        blockers,
        possible: possible(&case).into_iter().filter(offered).collect(),
        case,
        version,
    })
}

/// What a row of a list is read from.
pub(super) const ROW: &str =
    "id, number, matter, department, state, pile, applicant_name, received, deadline, applicant_kind, risk";

pub(super) fn case_row(row: &store::Row) -> Result<CaseRow, ServiceError> {
    let deadline = row.int(8)?;
    Ok(CaseRow {
        id: row.text(0)?.to_owned(),
        number: row.text(1)?.to_owned(),
        matter: row.text(2)?.to_owned(),
        department: row.text(3)?.to_owned(),
        state: row.text(4)?.to_owned(),
        pile: row.opt_text(5)?.map(str::to_owned),
        applicant: row.text(6)?.to_owned(),
        applicant_kind: row.opt_text(9)?.and_then(ApplicantKind::parse),
        risk: match row.opt_text(5)? {
            Some("decide") => Some(Risk::of_rank(row.opt_int(10)?)),
            _ => None,
        },
        received: row.opt_int(7)?.map(Timestamp::from_micros),
        // Far future means that no date matters; see the column in the migration.
        deadline: (deadline < i64::MAX / 8).then(|| Timestamp::from_micros(deadline)),
    })
}

/// Cases of the actor and of the organisations the actor may act for, newest first.
pub async fn mine(city: &City, actor: &Actor, after: Option<&str>, limit: i64) -> Result<Page<CaseRow>, ServiceError> {
    let limit = limit.clamp(1, MAX_LIMIT);
    let before = before_case(after)?;
    let mut rows = Vec::new();
    // One index range per party; a person acts for few.
    for party in actor.parties_for(Action::ViewCase, None) {
        let sql = format!(
            "SELECT {ROW} FROM casefile WHERE region = $1 AND applicant_code = $2 AND id < $3 ORDER BY id DESC LIMIT $4"
        );
        let of_matter = format!(
            "SELECT {ROW} FROM casefile WHERE region = $1 AND applicant_code = $2 AND id < $3 AND matter = $5 \
             ORDER BY id DESC LIMIT $4"
        );
        let params = [city.region().into(), party.code.as_str().into(), before.into(), (limit + 1).into()];
        // A clerk whose mandate names matters sees the cases of these.
        match actor.matters_for(Action::ViewCase, party) {
            None => rows.extend(city.store().query(&sql, &params).await?),
            Some(matters) => {
                for matter in matters {
                    let params: Vec<store::Value> = params.iter().cloned().chain([matter.into()]).collect();
                    rows.extend(city.store().query(&of_matter, &params).await?);
                }
            }
        }
    }
    let mut keyed: Vec<(String, store::Row)> =
        rows.into_iter().map(|row| Ok((row.text(0)?.to_owned(), row))).collect::<Result<_, ServiceError>>()?;
    keyed.sort_by(|a, b| b.0.cmp(&a.0));
    let rows: Vec<store::Row> = keyed.into_iter().map(|(_, row)| row).collect();
    page(&rows, limit, |row| Ok(row.text(0)?.to_owned()))
}

/// Cases that this very account has filed, newest first: what a system passed on.
pub async fn filed_by(
    city: &City,
    actor: &Actor,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<CaseRow>, ServiceError> {
    let limit = limit.clamp(1, MAX_LIMIT);
    let sql =
        format!("SELECT {ROW} FROM casefile WHERE region = $1 AND filed_by = $2 AND id < $3 ORDER BY id DESC LIMIT $4");
    let params = [city.region().into(), actor.label().into(), before_case(after)?.into(), (limit + 1).into()];
    let rows = city.store().query(&sql, &params).await?;
    page(&rows, limit, |row| Ok(row.text(0)?.to_owned()))
}

/// The rows of some cases, in no particular order; those that are there. Whoever asks has decided who may see them.
pub(crate) async fn rows_of(city: &City, ids: &[String]) -> Result<Vec<CaseRow>, ServiceError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..ids.len() + 2).map(|at| format!("${at}")).collect();
    let sql = format!("SELECT {ROW} FROM casefile WHERE region = $1 AND id IN ({})", places.join(", "));
    let mut params: Vec<store::Value> = vec![city.region().into()];
    params.extend(ids.iter().map(|id| id.as_str().into()));
    city.store().query(&sql, &params).await?.iter().map(case_row).collect()
}

/// The id behind which a page of cases begins; above all of them for the first page.
fn before_case(after: Option<&str>) -> Result<&str, ServiceError> {
    match after {
        None => Ok("~"),
        Some(id) if id.parse::<CaseId>().is_ok() => Ok(id),
        Some(_) => Err(ServiceError::bad_cursor()),
    }
}

/// The rows of one page, with the cursor of the next; one row more than `limit` was asked for.
pub(super) fn page(
    rows: &[store::Row],
    limit: i64,
    cursor: impl Fn(&store::Row) -> Result<String, ServiceError>,
) -> Result<Page<CaseRow>, ServiceError> {
    let limit = usize::try_from(limit).unwrap_or(20);
    let items = rows.iter().take(limit).map(case_row).collect::<Result<Vec<_>, _>>()?;
    let next = if rows.len() > limit { rows.get(limit - 1).map(cursor).transpose()? } else { None };
    Ok(Page { items, next })
}

/// One entry of a timeline.
#[derive(Debug, Clone)]
pub struct TimelineEntry {
    /// When.
    pub at: Timestamp,
    /// Account or `system`.
    pub actor: String,
    /// Stored kind.
    pub kind: String,
    /// The fact, unless its body was erased.
    pub fact: Option<Fact>,
}

/// Everything that happened to a case, oldest first.
pub async fn timeline(city: &City, case: &Case) -> Result<Vec<TimelineEntry>, ServiceError> {
    Ok(facts_of(city, case, 0, 1000).await?.into_iter().map(|(_, entry)| entry).collect())
}

/// The same by pages: the cursor is the version that the last fact of a page led to.
pub async fn timeline_page(
    city: &City,
    case: &Case,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<TimelineEntry>, ServiceError> {
    let limit = limit.clamp(1, MAX_LIMIT);
    let after = after.map_or(Ok(0), str::parse).map_err(|_| ServiceError::bad_cursor())?;
    let mut found = facts_of(city, case, after, limit + 1).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > wanted;
    found.truncate(wanted);
    let next = found.last().filter(|_| more).map(|(version, _)| version.to_string());
    Ok(Page { items: found.into_iter().map(|(_, entry)| entry).collect(), next })
}

async fn facts_of(city: &City, case: &Case, after: i64, limit: i64) -> Result<Vec<(i64, TimelineEntry)>, ServiceError> {
    let sql = "SELECT f.at, f.actor, f.kind, b.body, f.version FROM fact f \
               LEFT JOIN fact_body b ON b.region = f.region AND b.position = f.position \
               WHERE f.region = $1 AND f.stream = $2 AND f.version > $3 ORDER BY f.version LIMIT $4";
    let stream = format!("casefile/{}", case.id);
    let rows = city.store().query(sql, &[city.region().into(), stream.into(), after.into(), limit.into()]).await?;
    rows.iter()
        .map(|row| {
            let entry = TimelineEntry {
                at: Timestamp::from_micros(row.int(0)?),
                actor: row.text(1)?.to_owned(),
                kind: row.text(2)?.to_owned(),
                fact: row.opt_text(3)?.and_then(|body| serde_json::from_str(body).ok()),
            };
            Ok((row.int(4)?, entry))
        })
        .collect()
}

/// A sealed document.
#[derive(Debug, Clone)]
pub struct SealedDocument {
    /// Its id.
    pub id: String,
    /// Case it belongs to.
    pub case: String,
    /// Stored kind.
    pub kind: String,
    /// Printed number.
    pub number: String,
    /// When.
    pub at: Timestamp,
    /// The signed file, canonical bytes.
    pub signed: String,
}

fn sealed(row: &store::Row) -> Result<SealedDocument, ServiceError> {
    Ok(SealedDocument {
        id: row.text(0)?.to_owned(),
        case: row.text(1)?.to_owned(),
        kind: row.text(2)?.to_owned(),
        number: row.text(3)?.to_owned(),
        at: Timestamp::from_micros(row.int(4)?),
        signed: row.text(5)?.to_owned(),
    })
}

/// The sealed documents of a case that the actor has been shown, oldest first; those of one instant in the order of the
/// procedure.
pub async fn documents(city: &City, case: &Case) -> Result<Vec<SealedDocument>, ServiceError> {
    let sql =
        "SELECT id, casefile, kind, number, at, doc FROM document WHERE region = $1 AND casefile = $2 ORDER BY id";
    let rows = city.store().query(sql, &[city.region().into(), case.id.to_string().into()]).await?;
    let mut documents = rows.iter().map(sealed).collect::<Result<Vec<_>, _>>()?;
    // Ids of one instant are random beyond it.
    documents.sort_by_cached_key(|own| (own.at, DocumentKind::place(&own.kind), own.number.clone()));
    Ok(documents)
}

/// One sealed document, if the actor may see its case.
pub async fn document(city: &City, actor: &Actor, id: &str) -> Result<SealedDocument, ServiceError> {
    let sql = "SELECT d.id, d.casefile, d.kind, d.number, d.at, d.doc, c.doc FROM document d \
               JOIN casefile c ON c.region = d.region AND c.id = d.casefile WHERE d.region = $1 AND d.id = $2";
    let rows = city.store().query(sql, &[city.region().into(), id.into()]).await?;
    let row = rows.first().ok_or(ServiceError::NotFound("document"))?;
    let case: Case = serde_json::from_str(row.text(6)?).map_err(ServiceError::internal)?;
    may(actor, Action::ViewCase, &subject(&case)).map_err(|_| ServiceError::NotFound("document"))?;
    if is_noted(actor, &case) {
        note_access(city, actor, &case.applicant.code, &format!("view-document {}", case.number)).await?;
    }
    sealed(row)
}
