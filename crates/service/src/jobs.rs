//! What the clock does: duties that fell due, in the same use cases as people's commands.

use domain::accounts::Actor;
use domain::cases::{Case, Command, DocumentRef, Duty, DutyKind, NonAcceptance, Termination};
use domain::ids::DocumentId;
use domain::time::Timestamp;
use store::{Change, CounterStep, Due, DueOp, StoreError};

use crate::calendar;
use crate::cases::{apply_system, claim_only};
use crate::city::City;
use crate::error::{Boxed, ServiceError};
use crate::{accounts, halls, licences, post, voice};

/// How many due rows one round executes at most.
const BATCH: i64 = 200;

/// How long a duty that could not be carried out waits before it is tried again, in seconds. A bureau whose certificate has
/// expired must not stop the duties of the others.
const RETRY_SECONDS: i64 = 300;

/// Executes what has fallen due. Answers how many rows were carried out or put off; call again while there are any.
///
/// A row that cannot be carried out is put off and counted (`duty-failed`), so that the rows behind it get their turn.
pub fn run_due(city: &City) -> Boxed<'_, usize> {
    Box::pin(carry_out_due(city))
}

async fn carry_out_due(city: &City) -> Result<usize, ServiceError> {
    let now = city.now();
    let due = city.store().due_before(city.region(), now, BATCH).await?;
    let count = due.len();
    for row in due {
        let claim = DueOp::Claim { at: row.at, kind: row.kind.clone(), subject: row.subject.clone() };
        match execute(city, &row.kind, &row.subject, claim.clone()).await {
            // Somebody else acted in the meantime: the row is gone or the case has moved on; nothing is left to do here.
            Ok(()) | Err(ServiceError::Changed) => {}
            Err(error) => {
                tracing::error!(kind = row.kind, subject = row.subject, %error, "a duty is put off");
                put_off(city, claim, row).await?;
            }
        }
    }
    Ok(count)
}

async fn put_off(city: &City, claim: DueOp, row: Due) -> Result<(), ServiceError> {
    let step = CounterStep { name: "duty-failed".into(), key: row.kind.clone(), by: 1 };
    let mut change = counted(city, claim, step);
    change.due.push(DueOp::Add { at: city.now().plus_seconds(RETRY_SECONDS), kind: row.kind, subject: row.subject });
    match city.store().commit(change).await {
        Ok(_) | Err(StoreError::DueGone { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn execute(city: &City, kind: &str, subject: &str, claim: DueOp) -> Result<(), ServiceError> {
    if kind == calendar::RECOMPUTE {
        calendar::refresh(city).await?;
        recompute_deadlines(city).await?;
        let step = CounterStep { name: "calendar-recomputed".into(), key: subject.to_owned(), by: 1 };
        return claim_only(city, claim, step).await;
    }
    if kind == licences::EXPIRING {
        return licences::remind(city, subject, claim).await;
    }
    if kind == licences::SUSPENSION_OVER {
        return licences::term_over(city, subject, claim).await;
    }
    if accounts::is_duty(kind) {
        return accounts::run_duty(city, subject, claim).await;
    }
    if halls::is_duty(kind) {
        return halls::run_duty(city, kind, subject, claim).await;
    }
    if voice::is_duty(kind) {
        return voice::run_duty(city, kind, subject, claim).await;
    }
    if post::is_duty(kind) {
        return post::run_duty(city, kind, subject, claim).await;
    }
    let Some(kind) = DutyKind::parse(kind) else {
        return Err(ServiceError::Internal(format!("unknown duty {kind}")));
    };
    let id = subject.strip_prefix("casefile/").ok_or(ServiceError::NotFound("case"))?;
    let (case, version) = load(city, id).await?;
    if kind == DutyKind::RenewalDeemed && !licences::awaits_renewal(city, &case).await? {
        let step = CounterStep { name: "duty-obsolete".into(), key: kind.as_str().into(), by: 1 };
        return claim_only(city, claim, step).await;
    }
    let document = DocumentRef::new(DocumentId::new(city.now(), [0; 10]), "");
    let command = match kind {
        DutyKind::DeemAccepted => Command::DeemAccepted { document },
        DutyKind::PauseOver => Command::Resume,
        DutyKind::RenewalDeemed => Command::DeemRenewed,
        DutyKind::CorrectionOver => Command::DeclineAcceptance {
            ground: NonAcceptance::NotSupplied,
            reasons: "在告知的期限内未收到补正材料，视为放弃申请。您可以随时重新申请。".into(),
            document,
        },
        DutyKind::GapReminder => Command::RemindGaps,
        DutyKind::GapsOver => Command::Terminate {
            ground: Termination::GapsNotSupplied,
            reason: crate::cases::gaps_over(city, &case).await?,
            document,
        },
        DutyKind::PromiseBroken | DutyKind::LimitBroken | DutyKind::DeliveryLate | DutyKind::CheckDue => {
            Command::NoteLate { duty: kind }
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

/// Computes every open deadline anew after the calendar changed, journalled one by one (DESIGN §8): those of open cases, of
/// checks that are still to come, and of follow-ups. Answers how many cases have another date now.
pub async fn recompute_deadlines(city: &City) -> Result<usize, ServiceError> {
    let mut after = String::new();
    let mut count = 0;
    voice::recompute(city).await?;
    loop {
        let sql = "SELECT id FROM casefile WHERE region = $1 AND id > $2 \
                   AND (open_key IS NOT NULL OR pile IS NOT NULL) ORDER BY id LIMIT 200";
        let rows = city.store().query(sql, &[city.region().into(), after.as_str().into()]).await?;
        if rows.is_empty() {
            return Ok(count);
        }
        for row in &rows {
            row.text(0)?.clone_into(&mut after);
            count += usize::from(recompute(city, &after).await?);
        }
    }
}

/// How often a case that others are working on is read again.
const PATIENCE: u32 = 5;

/// Whether one case has another date now.
async fn recompute(city: &City, id: &str) -> Result<bool, ServiceError> {
    for _ in 0..PATIENCE {
        let (case, version) = load(city, id).await?;
        let timers = timers(city, &format!("casefile/{id}")).await?;
        let Some(change) = crate::cases::recompute(city, case, version, timers).await? else { return Ok(false) };
        match city.store().commit(change).await.map_err(ServiceError::from) {
            Ok(_) => return Ok(true),
            // Somebody acted on the case between reading and writing.
            Err(ServiceError::Changed) => {}
            Err(other) => return Err(other),
        }
    }
    Err(ServiceError::Changed)
}

/// What the timers of a case say.
async fn timers(city: &City, subject: &str) -> Result<Vec<Duty>, ServiceError> {
    let sql = "SELECT at, kind FROM due WHERE region = $1 AND subject = $2 ORDER BY kind, at LIMIT 100";
    let rows = city.store().query(sql, &[city.region().into(), subject.into()]).await?;
    let mut found = Vec::new();
    for row in &rows {
        if let Some(kind) = DutyKind::parse(row.text(1)?) {
            found.push(Duty { at: Timestamp::from_micros(row.int(0)?), kind });
        }
    }
    Ok(found)
}

/// An empty change that takes one due row and counts it.
pub(crate) fn counted(city: &City, claim: DueOp, step: CounterStep) -> Change {
    let mut change = Change::new(city.region(), city.now());
    change.due.push(claim);
    change.counters.push(step);
    change
}
