//! The piles of the desk: what waits for whom, most urgent first, and how much of it.

use std::collections::BTreeSet;

use domain::accounts::{Action, Actor, Forbidden, Role};
use domain::cases::{Case, Risk};
use domain::text::Text;
use domain::time::Timestamp;
use store::{Row, Value};

use super::read::{CaseRow, MAX_LIMIT, Page, ROW, case_row, page};
use super::write;
use crate::city::City;
use crate::error::ServiceError;

/// Piles in the order of the work.
pub const PILES: [&str; 7] = ["feedback", "accept", "review", "inspect", "decide", "deliver", "check"];
/// Counts go no further than this, so that they cost the same in a city with a million cases.
pub const MOST_COUNTED: i64 = 100;

/// Which pile of the desk.
#[derive(Debug, Clone, Default)]
pub struct Inbox {
    /// `feedback`, `accept`, `review`, `inspect`, `decide`, `deliver`, `check`.
    pub pile: String,
    /// Only this department.
    pub department: Option<String>,
    /// Cursor: `<deadline>/<id>` of the last row seen, with `<risk>/` before it when sorted by risk.
    pub after: Option<String>,
    /// Rows a page, at most 200.
    pub limit: i64,
}

/// Whether this pile is sorted by risk before the deadline: what waits for an approver of these departments.
fn by_risk(pile: &str, departments: &[Option<String>]) -> bool {
    pile == "decide" && departments.iter().all(Option::is_some)
}

/// One pile of the desk, most urgent first, by keyset. What waits for the decision of an officer's departments comes by risk,
/// then by date.
pub async fn inbox(city: &City, actor: &Actor, wanted: &Inbox) -> Result<Page<CaseRow>, ServiceError> {
    let departments = desk_departments(actor, wanted.department.clone())?;
    if !PILES.contains(&wanted.pile.as_str()) {
        let (zh, en) = (format!("没有这个列表，请从 {} 中选择。", PILES.join("、")), PILES.join(", "));
        return Err(ServiceError::field("pile", &zh, &format!("There is no such pile. Choose one of {en}.")));
    }
    let limit = wanted.limit.clamp(1, MAX_LIMIT);
    let mut rows = Vec::new();
    // One index range per department; an officer is tied to few.
    if by_risk(&wanted.pile, &departments) {
        let (risk, deadline, id) = risk_cursor(wanted.after.as_deref())?;
        for department in departments.iter().flatten() {
            rows.extend(decisions(city, department, (risk, deadline, id), limit + 1).await?);
        }
        let rows = sorted(rows, |row| Ok((risk_of(row)?, row.int(8)?, row.text(0)?.to_owned())))?;
        return page(&rows, limit, |row| Ok(format!("{}/{}/{}", risk_of(row)?, row.int(8)?, row.text(0)?)));
    }
    let from = date_cursor(wanted.after.as_deref())?;
    for department in &departments {
        rows.extend(waiting_after(city, &wanted.pile, department.as_deref(), from, limit + 1).await?);
    }
    let rows = sorted(rows, |row| Ok((row.int(8)?, row.text(0)?.to_owned())))?;
    page(&rows, limit, |row| Ok(format!("{}/{}", row.int(8)?, row.text(0)?)))
}

/// What was read for several departments, in one order.
fn sorted<K: Ord>(rows: Vec<Row>, key: impl Fn(&Row) -> Result<K, ServiceError>) -> Result<Vec<Row>, ServiceError> {
    let mut keyed = rows.into_iter().map(|row| Ok((key(&row)?, row))).collect::<Result<Vec<_>, ServiceError>>()?;
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(keyed.into_iter().map(|(_, row)| row).collect())
}

fn risk_of(row: &Row) -> Result<i64, ServiceError> {
    Ok(row.opt_int(10)?.unwrap_or(1))
}

/// Where a page by date begins: `<deadline>/<id>`.
fn date_cursor(after: Option<&str>) -> Result<(i64, &str), ServiceError> {
    let Some(after) = after else { return Ok((-1, "")) };
    let (deadline, id) = after.split_once('/').ok_or_else(ServiceError::bad_cursor)?;
    Ok((deadline.parse().map_err(|_| ServiceError::bad_cursor())?, id))
}

/// Where a page by risk begins: `<risk>/<deadline>/<id>`.
fn risk_cursor(after: Option<&str>) -> Result<(i64, i64, &str), ServiceError> {
    let Some(after) = after else { return Ok((Risk::High.rank(), -1, "")) };
    let (risk, rest) = after.split_once('/').ok_or_else(ServiceError::bad_cursor)?;
    let risk = risk.parse().ok().filter(|risk| (Risk::High.rank()..=Risk::Ordinary.rank()).contains(risk));
    let (deadline, id) = date_cursor(Some(rest))?;
    Ok((risk.ok_or_else(ServiceError::bad_cursor)?, deadline, id))
}

/// What waits in a pile, of one department or of all, behind a place in the order of dates.
async fn waiting_after(
    city: &City,
    pile: &str,
    department: Option<&str>,
    (deadline, id): (i64, &str),
    limit: i64,
) -> Result<Vec<Row>, ServiceError> {
    let mut params: Vec<Value> = vec![city.region().into(), pile.into(), deadline.into(), id.into(), limit.into()];
    let mut filter = "";
    if let Some(department) = department {
        params.push(department.into());
        filter = "AND department = $6 ";
    }
    let sql = format!(
        "SELECT {ROW} FROM casefile WHERE region = $1 AND pile = $2 {filter}\
         AND (deadline, id) > ($3, $4) ORDER BY deadline, id LIMIT $5"
    );
    Ok(city.store().query(&sql, &params).await?)
}

/// What waits for the decision of a department, by risk, then by date.
async fn decisions(
    city: &City,
    department: &str,
    (mut risk, mut deadline, mut id): (i64, i64, &str),
    limit: i64,
) -> Result<Vec<Row>, ServiceError> {
    // `pile` is written out, so that the partial index of this very pile is used. One seek for each degree of risk.
    let sql = format!(
        "SELECT {ROW} FROM casefile WHERE region = $1 AND department = $2 AND pile = 'decide' AND COALESCE(risk, 1) = $3 \
         AND (deadline, id) > ($4, $5) ORDER BY deadline, id LIMIT $6"
    );
    let mut rows = Vec::new();
    while risk <= Risk::Ordinary.rank() {
        let missing = limit - i64::try_from(rows.len()).unwrap_or(limit);
        if missing <= 0 {
            break;
        }
        let params: [Value; 6] =
            [city.region().into(), department.into(), risk.into(), deadline.into(), id.into(), missing.into()];
        rows.extend(city.store().query(&sql, &params).await?);
        (risk, deadline, id) = (risk + 1, -1, "");
    }
    Ok(rows)
}

/// The departments whose piles the actor sees: an officer's own, or all (`None`) for clerks and supervisors; only the wanted
/// one, where one is wanted.
fn desk_departments(actor: &Actor, wanted: Option<String>) -> Result<Vec<Option<String>>, ServiceError> {
    let staff = |role: Role| matches!(role, Role::Clerk | Role::Reviewer | Role::Approver | Role::Supervisor);
    let own: Vec<Option<&String>> =
        actor.grants.iter().filter(|grant| staff(grant.role)).map(|grant| grant.department.as_ref()).collect();
    let forbidden = || ServiceError::from(Forbidden { actor: actor.label(), action: Action::ViewCase });
    if own.is_empty() {
        return Err(forbidden());
    }
    if own.iter().any(Option::is_none) {
        return Ok(vec![wanted]);
    }
    let tied: BTreeSet<&String> = own.into_iter().flatten().collect();
    match wanted {
        Some(wanted) if tied.contains(&wanted) => Ok(vec![Some(wanted)]),
        Some(_) => Err(forbidden()),
        None => Ok(tied.into_iter().cloned().map(Some).collect()),
    }
}

/// How much waits in a pile; neither number is greater than [`MOST_COUNTED`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// All of it.
    pub all: i64,
    /// Whose date has passed.
    pub late: i64,
    /// Whose date falls before the instant that was asked about, the late ones left out.
    pub near: i64,
}

/// How much waits in each of the piles, in their order; beside each stands the instant up to which a date is close. Reads
/// at most [`MOST_COUNTED`] entries of an index for each pile.
pub async fn waiting(
    city: &City,
    actor: &Actor,
    piles: &[(&str, Timestamp)],
    department: Option<String>,
) -> Result<Vec<Waiting>, ServiceError> {
    let mut all = vec![Waiting::default(); piles.len()];
    for department in desk_departments(actor, department)? {
        for (sum, own) in all.iter_mut().zip(waiting_of(city, department, piles).await?) {
            let add = |a: i64, b: i64| (a + b).min(MOST_COUNTED);
            *sum = Waiting { all: add(sum.all, own.all), late: add(sum.late, own.late), near: add(sum.near, own.near) };
        }
    }
    Ok(all)
}

async fn waiting_of(
    city: &City,
    department: Option<String>,
    piles: &[(&str, Timestamp)],
) -> Result<Vec<Waiting>, ServiceError> {
    let mut params: Vec<Value> = vec![city.region().into(), city.now().micros().into(), MOST_COUNTED.into()];
    let mut filter = "";
    if let Some(department) = department {
        params.push(department.into());
        filter = "AND department = $4 ";
    }
    let first = params.len() + 1;
    let parts: Vec<String> = (0..piles.len())
        .map(|at| {
            format!(
                "SELECT CAST({at} AS BIGINT) AS place, CAST(count(*) AS BIGINT) AS n, \
                 CAST(COALESCE(sum(CASE WHEN deadline <= $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late, \
                 CAST(COALESCE(sum(CASE WHEN deadline > $2 AND deadline <= ${} THEN 1 ELSE 0 END), 0) AS BIGINT) AS near \
                 FROM (SELECT deadline FROM casefile WHERE region = $1 AND pile = ${} {filter}\
                 ORDER BY deadline LIMIT $3) p{at}",
                first + 2 * at + 1,
                first + 2 * at
            )
        })
        .collect();
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    for (pile, near) in piles {
        params.push((*pile).into());
        params.push(near.micros().into());
    }
    let sql = format!("{} ORDER BY place", parts.join(" UNION ALL "));
    let rows = city.store().query(&sql, &params).await?;
    rows.iter().map(|row| Ok(Waiting { all: row.int(1)?, late: row.int(2)?, near: row.int(3)? })).collect()
}

/// The pile that holds a case now; `None` when nobody must act.
pub fn pile_of(city: &City, case: &Case) -> Option<&'static str> {
    write::pile(city, case).0
}

/// The part of a pile around a case: a few that are more urgent, the case itself, and those after it. A case that is
/// not in the pile gets the beginning of it.
pub async fn around(
    city: &City,
    actor: &Actor,
    pile: &str,
    case: &Case,
    limit: i64,
) -> Result<Vec<CaseRow>, ServiceError> {
    let (own, deadline) = write::pile(city, case);
    let wanted = Inbox { pile: pile.to_owned(), limit, ..Inbox::default() };
    if own != Some(pile) {
        return Ok(inbox(city, actor, &wanted).await?.items);
    }
    let departments = desk_departments(actor, None)?;
    if by_risk(pile, &departments) {
        // Few cases wait for one approver: the page begins with the riskiest, wherever this one stands.
        return Ok(inbox(city, actor, &wanted).await?.items);
    }
    let most = (limit / 3).max(1);
    let mut before = Vec::new();
    for department in &departments {
        before.extend(waiting_before(city, pile, department.as_deref(), (deadline, &case.id.to_string()), most).await?);
    }
    let before = sorted(before, |row| Ok((row.int(8)?, row.text(0)?.to_owned())))?;
    let skipped = before.len().saturating_sub(usize::try_from(most).unwrap_or(usize::MAX));
    let mut rows: Vec<CaseRow> = before.iter().skip(skipped).map(case_row).collect::<Result<_, _>>()?;
    let rest = limit - i64::try_from(rows.len()).unwrap_or(limit);
    let after = Inbox { after: Some(format!("{deadline}/{}", case.id)), limit: rest.max(1), ..wanted };
    rows.extend(inbox(city, actor, &after).await?.items);
    Ok(rows)
}

/// The last ones in a pile up to a place in the order of dates, that place itself among them.
async fn waiting_before(
    city: &City,
    pile: &str,
    department: Option<&str>,
    (deadline, id): (i64, &str),
    limit: i64,
) -> Result<Vec<Row>, ServiceError> {
    let mut params: Vec<Value> = vec![city.region().into(), pile.into(), deadline.into(), id.into(), limit.into()];
    let mut filter = "";
    if let Some(department) = department {
        params.push(department.into());
        filter = "AND department = $6 ";
    }
    let sql = format!(
        "SELECT {ROW} FROM casefile WHERE region = $1 AND pile = $2 {filter}\
         AND (deadline, id) <= ($3, $4) ORDER BY deadline DESC, id DESC LIMIT $5"
    );
    Ok(city.store().query(&sql, &params).await?)
}

/// One earlier decision of a person on the same matter.
#[derive(Debug, Clone)]
pub struct Precedent {
    /// 办件编号.
    pub number: String,
    /// Granted or refused.
    pub granted: bool,
    /// When.
    pub at: Timestamp,
    /// Who decided.
    pub by: String,
    /// The reasons.
    pub reasons: Text,
}

/// The latest decisions of people on the matter of a case that the actor was shown, this case left out.
pub async fn precedents(city: &City, case: &Case, limit: i64) -> Result<Vec<Precedent>, ServiceError> {
    let sql = "SELECT doc FROM casefile WHERE region = $1 AND precedent = $2 AND precedent IS NOT NULL \
               AND id <> $3 ORDER BY id DESC LIMIT $4";
    let params = [city.region().into(), case.matter.as_str().into(), case.id.to_string().into(), limit.into()];
    let rows = city.store().query(sql, &params).await?;
    let mut found = Vec::new();
    for row in &rows {
        let case: Case = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
        let Some(decision) = case.decision else { continue };
        found.push(Precedent {
            number: case.number,
            granted: decision.granted,
            at: decision.at,
            by: decision.by,
            reasons: decision.reasons,
        });
    }
    Ok(found)
}
