//! The piles of the desk: what waits for whom, most urgent first, and how much of it.

use domain::accounts::{Action, Actor, Role};
use domain::cases::{Case, Risk};
use domain::text::Text;
use domain::time::Timestamp;
use store::Value;

use super::read::{CaseRow, MAX_LIMIT, Page, ROW, bad_cursor, case_row, page};
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

/// Whether this pile of this department is sorted by risk before the deadline: what waits for an approver.
fn by_risk(pile: &str, department: Option<&String>) -> bool {
    pile == "decide" && department.is_some()
}

/// One pile of the desk, most urgent first, by keyset. What waits for the decision of a department comes by risk, then by
/// date.
pub async fn inbox(city: &City, actor: &Actor, wanted: &Inbox) -> Result<Page<CaseRow>, ServiceError> {
    let department = desk_department(actor, wanted.department.clone())?;
    if !PILES.contains(&wanted.pile.as_str()) {
        let (zh, en) = (format!("没有这个列表，请从 {} 中选择。", PILES.join("、")), PILES.join(", "));
        return Err(ServiceError::field("pile", &zh, &format!("There is no such pile. Choose one of {en}.")));
    }
    let limit = wanted.limit.clamp(1, MAX_LIMIT);
    if by_risk(&wanted.pile, department.as_ref()) {
        return decisions(city, department.unwrap_or_default(), wanted.after.as_deref(), limit).await;
    }
    let (deadline, id) = wanted.after.as_deref().and_then(|after| after.split_once('/')).unwrap_or(("-1", ""));
    let deadline: i64 = deadline.parse().map_err(|_| bad_cursor())?;
    let mut params: Vec<Value> =
        vec![city.region().into(), wanted.pile.as_str().into(), deadline.into(), id.into(), (limit + 1).into()];
    let mut filter = String::new();
    if let Some(department) = department {
        params.push(department.into());
        filter.push_str("AND department = $6 ");
    }
    let sql = format!(
        "SELECT {ROW} FROM casefile WHERE region = $1 AND pile = $2 {filter}\
         AND (deadline, id) > ($3, $4) ORDER BY deadline, id LIMIT $5"
    );
    let rows = city.store().query(&sql, &params).await?;
    page(&rows, limit, |row| Ok(format!("{}/{}", row.int(8)?, row.text(0)?)))
}

/// What waits for the decision of a department, by risk, then by date.
async fn decisions(
    city: &City,
    department: String,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<CaseRow>, ServiceError> {
    let mut parts = after.unwrap_or("0/-1/").splitn(3, '/');
    let mut number = || parts.next().and_then(|part| part.parse::<i64>().ok()).ok_or_else(bad_cursor);
    let (mut risk, mut deadline) = (number()?, number()?);
    if !(Risk::High.rank()..=Risk::Ordinary.rank()).contains(&risk) {
        return Err(bad_cursor());
    }
    let mut id = parts.next().unwrap_or("").to_owned();
    // `pile` is written out, so that the partial index of this very pile is used. One seek for each degree of risk.
    let sql = format!(
        "SELECT {ROW} FROM casefile WHERE region = $1 AND department = $2 AND pile = 'decide' AND COALESCE(risk, 1) = $3 \
         AND (deadline, id) > ($4, $5) ORDER BY deadline, id LIMIT $6"
    );
    let mut rows = Vec::new();
    while risk <= Risk::Ordinary.rank() {
        let missing = limit + 1 - i64::try_from(rows.len()).unwrap_or(limit);
        if missing <= 0 {
            break;
        }
        let params: [Value; 6] = [
            city.region().into(),
            department.as_str().into(),
            risk.into(),
            deadline.into(),
            id.as_str().into(),
            missing.into(),
        ];
        rows.extend(city.store().query(&sql, &params).await?);
        (risk, deadline, id) = (risk + 1, -1, String::new());
    }
    page(&rows, limit, |row| Ok(format!("{}/{}/{}", row.opt_int(10)?.unwrap_or(1), row.int(8)?, row.text(0)?)))
}

/// The department whose pile the actor may see: an officer's own, or any for clerks and supervisors.
fn desk_department(actor: &Actor, wanted: Option<String>) -> Result<Option<String>, ServiceError> {
    let staff = |role: Role| matches!(role, Role::Clerk | Role::Reviewer | Role::Approver | Role::Supervisor);
    let mut own = actor.grants.iter().filter(|grant| staff(grant.role)).peekable();
    if own.peek().is_none() {
        return Err(domain::accounts::Forbidden { actor: actor.label(), action: Action::ViewCase }.into());
    }
    let tied: Vec<Option<&String>> = own.map(|grant| grant.department.as_ref()).collect();
    if tied.iter().any(Option::is_none) {
        return Ok(wanted);
    }
    let first = tied.iter().flatten().next().map(|department| (*department).clone());
    match wanted {
        Some(wanted) if tied.iter().flatten().any(|own| **own == wanted) => Ok(Some(wanted)),
        Some(_) => Err(domain::accounts::Forbidden { actor: actor.label(), action: Action::ViewCase }.into()),
        None => Ok(first),
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
    let department = desk_department(actor, department)?;
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
    let department = desk_department(actor, None)?;
    if by_risk(pile, department.as_ref()) {
        // Few cases wait for one approver: the page begins with the riskiest, wherever this one stands.
        return Ok(inbox(city, actor, &wanted).await?.items);
    }
    let mut params: Vec<Value> =
        vec![city.region().into(), pile.into(), deadline.into(), case.id.to_string().into(), (limit / 3).max(1).into()];
    let mut filter = "";
    if let Some(department) = department {
        params.push(department.into());
        filter = "AND department = $6 ";
    }
    let sql = format!(
        "SELECT {ROW} FROM casefile WHERE region = $1 AND pile = $2 {filter}\
         AND (deadline, id) <= ($3, $4) ORDER BY deadline DESC, id DESC LIMIT $5"
    );
    let before = city.store().query(&sql, &params).await?;
    let mut rows: Vec<CaseRow> = before.iter().rev().map(case_row).collect::<Result<_, _>>()?;
    let rest = limit - i64::try_from(rows.len()).unwrap_or(limit);
    let after = Inbox { after: Some(format!("{deadline}/{}", case.id)), limit: rest.max(1), ..wanted };
    rows.extend(inbox(city, actor, &after).await?.items);
    Ok(rows)
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
