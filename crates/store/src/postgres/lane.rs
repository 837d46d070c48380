//! The write lane: takes what is queued, up to 256 pieces of work, and commits it region by region.

use super::call::Session;
use super::load::Load;
use super::{PATIENCE, PostgresConfig, apply, connect, error, inspect, owner};
use crate::error::StoreError;
use crate::lane::{Job, MAX_BATCH};
use crate::migrate::{self, Opening};
use crate::plan::{Needs, Outcome, Work, Writes, plan};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// All statements of the lane look up keys. On a young table without statistics the planner would scan it whole, or choose any index that
/// begins with `region`, and keep that plan while the table grows; so sequential scans are discouraged and plans are made anew
/// for each batch, which costs little when shared by many changes.
const SETTINGS: &str = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off; \
                        SET plan_cache_mode = force_custom_plan; \
                        SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'; \
                        SET default_transaction_isolation = 'read committed'; SET client_min_messages = warning";

type Answers = Vec<Result<Outcome, StoreError>>;

/// Opens the lane's connection, migrates, and starts the task. It ends when all senders are gone.
pub(crate) async fn start(
    config: &PostgresConfig,
    up_to: i64,
    opening: Opening,
    jobs: mpsc::Receiver<Job>,
) -> Result<JoinHandle<()>, StoreError> {
    let config = config.parse()?;
    let mut client = connect(&config).await?;
    inspect(&client).await?;
    let name = config.get_dbname().unwrap_or("the PostgreSQL database").to_owned();
    migrate::admit(owner(&client).await?, opening, &name)?;
    super::migrate(&mut client, up_to).await?;
    let session = settle(client).await?;
    Ok(tokio::spawn(Lane { config, session: Some(session) }.run(jobs)))
}

/// A connection on which an acknowledged commit is durable.
async fn settle(client: tokio_postgres::Client) -> Result<Session, StoreError> {
    client.batch_execute(SETTINGS).await.map_err(error)?;
    let row = client.query_one("SELECT current_setting('synchronous_commit')", &[]).await.map_err(error)?;
    // `remote_apply` and `remote_write` promise more than our disk alone; only what promises less is corrected.
    if matches!(row.get::<_, &str>(0), "off" | "local") {
        client.batch_execute("SET synchronous_commit = on").await.map_err(error)?;
    }
    Ok(Session::new(client))
}

struct Lane {
    config: tokio_postgres::Config,
    session: Option<Session>,
}

impl Lane {
    async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut batch = Vec::with_capacity(MAX_BATCH);
        while jobs.recv_many(&mut batch, MAX_BATCH).await > 0 {
            while let Some(first) = batch.first() {
                let region = first.work.region().to_owned();
                let (group, others) = batch.into_iter().partition(|job| job.work.region() == region);
                batch = others;
                self.group(&region, group).await;
            }
        }
    }

    /// Commits a group. If a statement fails, the group is halved until the poisoned change stands alone, so that it does not
    /// take its neighbours down.
    async fn group(&mut self, region: &str, group: Vec<Job>) {
        let mut stack = vec![group];
        while let Some(mut group) = stack.pop() {
            match self.attempt(region, &group).await {
                Ok(answers) => {
                    for (job, answer) in group.into_iter().zip(answers) {
                        // The caller may have gone away; its change is committed all the same.
                        let _ = job.reply.send(answer);
                    }
                }
                Err(e) if group.len() > 1 && !e.is_transient() => {
                    let second = group.split_off(group.len() / 2);
                    stack.push(second);
                    stack.push(group);
                }
                Err(e) => {
                    if e.is_transient() {
                        tracing::error!(error = %e, changes = group.len(), "a whole batch failed");
                    }
                    for job in group {
                        let _ = job.reply.send(Err(e.clone()));
                    }
                }
            }
        }
    }

    /// One transaction, on a fresh connection if the last one broke. After a failure whose effect is unknown the
    /// connection is given up: its transaction is then over, one way or the other.
    async fn attempt(&mut self, region: &str, group: &[Job]) -> Result<Answers, StoreError> {
        let mut session = match self.session.take() {
            Some(session) if !session.client.is_closed() => session,
            _ => settle(connect(&self.config).await?).await?,
        };
        let work: Vec<&Work> = group.iter().map(|job| &job.work).collect();
        let late = |_| StoreError::Unavailable("PostgreSQL did not answer in time".to_owned());
        let answer = tokio::time::timeout(PATIENCE, transaction(&mut session, region, &work)).await.map_err(late)?;
        let usable = match &answer {
            Ok(_) => true,
            Err(StoreError::Unavailable(_)) => false,
            Err(_) => session.client.batch_execute("ROLLBACK").await.is_ok(),
        };
        if usable {
            self.session = Some(session);
        }
        answer
    }
}

/// Three round trips: lock and read; write; commit. Refusals of single changes are answers, not errors.
async fn transaction(session: &mut Session, region: &str, work: &[&Work]) -> Result<Answers, StoreError> {
    let mut needs = Needs::default();
    for work in work {
        needs.add(work);
    }
    let load = Load::new(region, &needs);
    session.prepare(&load.calls).await?;
    let rows = session.begin(&load.calls).await?;
    let mut view = load.view(&rows)?;
    let mut writes = Writes::default();
    let answers: Answers = work.iter().map(|work| plan(&mut view, &mut writes, work)).collect();
    let calls = apply::calls(region, &writes);
    if calls.is_empty() {
        session.client.batch_execute("ROLLBACK").await.map_err(error)?;
        return Ok(answers);
    }
    session.prepare(&calls).await?;
    let done = session.execute(&calls).await?;
    if !apply::counted(&calls, &done) {
        return Err(StoreError::Database("a counted row vanished while its region was locked".to_owned()));
    }
    session.client.batch_execute("COMMIT").await.map_err(error)?;
    Ok(answers)
}
