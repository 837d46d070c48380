//! What the clock does: duties that fell due, in the same use cases as people's commands.

use domain::accounts::Actor;
use domain::cases::{Case, Command, DocumentRef, DutyKind, NonAcceptance};
use domain::ids::DocumentId;
use store::{Change, CounterStep, DueOp};

use crate::cases::{apply_system, claim_only};
use crate::city::City;
use crate::error::ServiceError;

/// How many due rows one round executes at most.
const BATCH: i64 = 200;

/// Executes what has fallen due. Answers how many rows were handled; call again while it is the batch size.
pub async fn run_due(city: &City) -> Result<usize, ServiceError> {
    let now = city.now();
    let due = city.store().due_before(city.region(), now, BATCH).await?;
    let count = due.len();
    for row in due {
        let claim = DueOp::Claim { at: row.at, kind: row.kind.clone(), subject: row.subject.clone() };
        match execute(city, &row.kind, &row.subject, claim).await {
            // Somebody else acted in the meantime: the row is gone or the case has moved on; nothing is left to do here.
            Ok(()) | Err(ServiceError::Changed) => {}
            Err(error) => {
                tracing::error!(kind = row.kind, subject = row.subject, %error, "a duty could not be carried out")
            }
        }
    }
    Ok(count)
}

async fn execute(city: &City, kind: &str, subject: &str, claim: DueOp) -> Result<(), ServiceError> {
    let Some(kind) = DutyKind::parse(kind) else {
        return Err(ServiceError::Internal(format!("unknown duty {kind}")));
    };
    let id = subject.strip_prefix("casefile/").ok_or(ServiceError::NotFound("case"))?;
    let (case, version) = load(city, id).await?;
    let document = DocumentRef { id: DocumentId::new(city.now(), [0; 10]), number: String::new() };
    let command = match kind {
        DutyKind::DeemAccepted => Command::DeemAccepted { document },
        DutyKind::PauseOver => Command::Resume,
        DutyKind::CorrectionOver => Command::DeclineAcceptance {
            ground: NonAcceptance::NotSupplied,
            reasons: "在告知的期限内未收到补正材料，视为放弃申请。您可以随时重新申请。".into(),
            document,
        },
        DutyKind::PromiseBroken | DutyKind::LimitBroken | DutyKind::CheckDue => {
            let name = match kind {
                DutyKind::PromiseBroken => "late-promise",
                DutyKind::LimitBroken => "late-limit",
                _ => "check-due",
            };
            let step = CounterStep { name: name.into(), key: case.department.clone(), by: 1 };
            return claim_only(city, claim, step).await;
        }
    };
    apply_system(city, &Actor::system(), case, version, command, claim).await
}

async fn load(city: &City, id: &str) -> Result<(Case, i64), ServiceError> {
    let sql = "SELECT doc, version FROM casefile WHERE region = $1 AND id = $2";
    let rows = city.store().query(sql, &[city.region().into(), id.into()]).await?;
    let row = rows.first().ok_or(ServiceError::NotFound("case"))?;
    Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?))
}

/// Computes every open deadline anew after the calendar changed, journalled case by case (DESIGN §8).
pub async fn recompute_deadlines(city: &City) -> Result<usize, ServiceError> {
    let mut after = String::new();
    let mut count = 0;
    loop {
        let sql = "SELECT doc, version FROM casefile WHERE region = $1 AND id > $2 AND open_key IS NOT NULL \
                   ORDER BY id LIMIT 200";
        let rows = city.store().query(sql, &[city.region().into(), after.as_str().into()]).await?;
        if rows.is_empty() {
            return Ok(count);
        }
        for row in &rows {
            let case: Case = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
            after = case.id.to_string();
            let change = crate::cases::recompute(city, case, row.int(1)?).await?;
            city.store().commit(change).await?;
            count += 1;
        }
    }
}

/// An empty change that takes one due row and counts it.
pub(crate) fn counted(city: &City, claim: DueOp, step: CounterStep) -> Change {
    let mut change = Change::new(city.region(), city.now());
    change.due.push(claim);
    change.counters.push(step);
    change
}
