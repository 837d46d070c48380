//! Sending: whoever claims a row for a while sends it. A server that dies between sending and noting it sends again under the same id,
//! by which the other side knows it.

use std::sync::Arc;

use domain::accounts::Channel;
use domain::messages::{MessageRules, Occasion};
use domain::text::Lang;
use domain::time::Timestamp;
use futures_util::future::join_all;
use store::accounts::OUTBOX;
use store::{Change, PlainDelete, Row};

use super::outbox::{NEVER, Written, add, step};
use crate::city::City;
use crate::error::ServiceError;

/// How many of a channel one round takes.
const BATCH: i64 = 20;
/// How long a row belongs to the server that claimed it, in seconds: longer than any sending may take.
const LEASE_SECONDS: i64 = 300;

/// Something on its way out.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The same at each try.
    pub id: String,
    /// By which way.
    pub channel: Channel,
    /// The address.
    pub to: String,
    /// Subject; empty where the channel has none.
    pub subject: String,
    /// The text.
    pub text: String,
    /// Its language.
    pub lang: Lang,
    /// The instant of this try.
    pub at: Timestamp,
}

/// Why something was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsent {
    /// What the other side answered, as a number of its protocol; 0 = nothing.
    pub answer: u16,
    /// It will not be taken later either.
    pub for_good: bool,
}

/// A way out of the platform. It may block: it is called on a thread of its own.
pub trait Sender: Send + Sync {
    /// Which channel it serves.
    fn channel(&self) -> Channel;

    /// Hands a letter over.
    ///
    /// # Errors
    /// It was not taken.
    fn send(&self, letter: &Letter) -> Result<(), Unsent>;
}

/// A row that is due.
struct DueRow {
    id: String,
    due: i64,
    left: i64,
    expires: i64,
    own: Written,
}

impl DueRow {
    fn read(row: &Row) -> Result<DueRow, ServiceError> {
        Ok(DueRow {
            id: row.text(0)?.to_owned(),
            due: row.int(1)?,
            left: row.int(2)?,
            expires: row.int(3)?,
            own: serde_json::from_str(row.text(4)?).map_err(ServiceError::internal)?,
        })
    }
}

/// Sends what has fallen due, all channels at once. Answers how many were sent, put off or given up; call again while there are any.
///
/// # Errors
/// What the store says.
pub async fn send_due(city: &City) -> Result<usize, ServiceError> {
    let shelf = city.shelf();
    let Some(rules) = shelf.outgoing().rules_on(city.now().date()) else { return Ok(0) };
    let all = join_all(city.senders().iter().map(|sender| send_by(city, sender, rules))).await;
    all.into_iter().try_fold(0, |sum, count| Ok(sum + count?))
}

async fn send_by(city: &City, sender: &Arc<dyn Sender>, rules: &MessageRules) -> Result<usize, ServiceError> {
    let sql = "SELECT id, due_at, tries_left, expires, doc FROM outbox WHERE region = $1 AND channel = $2 AND due_at <= $3 \
               ORDER BY due_at, id LIMIT $4";
    let params = [city.region().into(), sender.channel().as_str().into(), city.now().micros().into(), BATCH.into()];
    let mut count = 0;
    for row in city.store().query(sql, &params).await? {
        let row = DueRow::read(&row)?;
        let outcome = match claim(city, row).await? {
            None => continue,
            // The server that made the last try died over it.
            Some(row) if row.left < 0 => settle(city, sender.channel(), rules, row, Err(GONE)).await?,
            Some(row) => {
                let sent = hand_over(city, sender, &row).await?;
                settle(city, sender.channel(), rules, row, sent).await?
            }
        };
        count += 1;
        if outcome == Outcome::NobodyThere {
            // The others of the round would only lose a try each.
            break;
        }
    }
    Ok(count)
}

const GONE: Unsent = Unsent { answer: 0, for_good: true };

/// Takes the row for a while; `None` when it is gone, another server has it, or nobody waits for it any more.
async fn claim(city: &City, row: DueRow) -> Result<Option<DueRow>, ServiceError> {
    if row.expires <= city.now().micros() {
        let mut change = Change::new(city.region(), city.now());
        change.deletes.push(PlainDelete { table: &OUTBOX, id: row.id });
        city.store().commit(change).await?;
        return Ok(None);
    }
    let steps = vec![
        step(&row.id, "tries_left", -1, Some(row.left - 1)),
        step(&row.id, "due_at", LEASE_SECONDS * 1_000_000, None),
    ];
    let own = add(city, steps).await?;
    Ok(own.then(|| DueRow { left: row.left - 1, due: row.due + LEASE_SECONDS * 1_000_000, ..row }))
}

async fn hand_over(city: &City, sender: &Arc<dyn Sender>, row: &DueRow) -> Result<Result<(), Unsent>, ServiceError> {
    let letter = Letter {
        id: row.id.clone(),
        channel: sender.channel(),
        to: row.own.to.clone(),
        subject: row.own.subject.clone(),
        text: row.own.text.clone(),
        lang: row.own.lang,
        at: city.now(),
    };
    let sender = sender.clone();
    tokio::task::spawn_blocking(move || sender.send(&letter)).await.map_err(ServiceError::internal)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Settled,
    NobodyThere,
}

/// Notes what came of it. A row that was erased meanwhile stays erased, because a number is only ever added to what is there.
async fn settle(
    city: &City,
    channel: Channel,
    rules: &MessageRules,
    row: DueRow,
    sent: Result<(), Unsent>,
) -> Result<Outcome, ServiceError> {
    let (now, occasion) = (city.now(), row.own.occasion);
    // Codes are forgotten when they end; everything else is kept for questions.
    let kept = now.plus_seconds(i64::from(rules.keep_days) * 86_400).micros();
    let forget = if occasion == Occasion::Code { 0 } else { kept - row.expires };
    let mine = step(&row.id, "tries_left", 0, Some(row.left));
    let over = |column| {
        vec![
            mine.clone(),
            step(&row.id, "due_at", NEVER - row.due, None),
            step(&row.id, column, now.micros(), None),
            step(&row.id, "expires", forget, None),
        ]
    };
    let (steps, outcome) = match sent {
        Ok(()) => (over("sent_at"), Outcome::Settled),
        Err(unsent) => {
            let answer = step(&row.id, "answer", i64::from(unsent.answer) - answered(city, &row.id).await?, None);
            let mut steps = if unsent.for_good || row.left <= 0 {
                tracing::error!(
                    id = row.id,
                    channel = channel.as_str(),
                    answer = unsent.answer,
                    "a message is given up"
                );
                over("failed_at")
            } else {
                let failures = u32::try_from(i64::from(rules.tries) - row.left).unwrap_or(1);
                let next = rules.retried(failures, occasion, now);
                vec![mine, step(&row.id, "due_at", next.micros() - row.due, None)]
            };
            steps.push(answer);
            (steps, if unsent.answer == 0 && !unsent.for_good { Outcome::NobodyThere } else { Outcome::Settled })
        }
    };
    add(city, steps).await?;
    Ok(outcome)
}

/// What the other side answered the time before.
async fn answered(city: &City, id: &str) -> Result<i64, ServiceError> {
    let sql = "SELECT answer FROM outbox WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    Ok(row.map_or(Ok(0), |row| row.int(0))?)
}
