//! The writer thread: takes what is queued, up to 256 pieces of work, and commits it at once.

use super::apply::{Texts, apply};
use super::{error, load};
use crate::error::StoreError;
use crate::lane::{Job, MAX_BATCH, Reply};
use crate::plan::{Head, Needs, Outcome, Work, Writes, plan};
use rusqlite::Connection;
use std::collections::HashMap;
use tokio::sync::mpsc;

type Answer = (Reply, Result<Outcome, StoreError>);

/// Starts the thread. It ends when all senders are gone.
pub(crate) fn start(
    conn: Connection,
    jobs: mpsc::Receiver<Job>,
    most: usize,
) -> Result<std::thread::JoinHandle<()>, StoreError> {
    std::thread::Builder::new()
        .name("store-writer".to_owned())
        .spawn(move || run(&conn, jobs, most.clamp(1, MAX_BATCH)))
        .map_err(|e| StoreError::Unavailable(format!("cannot start the writer thread: {e}")))
}

fn run(conn: &Connection, mut jobs: mpsc::Receiver<Job>, most: usize) {
    let mut texts = Texts::default();
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < most {
            match jobs.try_recv() {
                Ok(job) => batch.push(job),
                Err(_) => break,
            }
        }
        for (reply, answer) in commit(conn, &mut texts, batch) {
            // The caller may have gone away; its change is committed all the same.
            let _ = reply.send(answer);
        }
    }
    // Leave a short WAL behind, so that the next start is quick.
    if let Err(e) = conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(error = %e, "the last WAL checkpoint failed; the next start will do it");
    }
}

/// One transaction. Answers are given only after the commit: what a change saw of its neighbours counts only if they are durable.
fn commit(conn: &Connection, texts: &mut Texts, batch: Vec<Job>) -> Vec<Answer> {
    // IMMEDIATE: a transaction that reads first and writes later fails at once when another process has written in between.
    if let Err(e) = conn.execute_batch("BEGIN IMMEDIATE") {
        return fail(batch, &error(e));
    }
    let mut heads = HashMap::new();
    let mut answers = Vec::with_capacity(batch.len());
    let mut fatal = None;
    for job in &batch {
        let answer = one(conn, texts, &mut heads, &job.work);
        // After a full disk or an I/O error SQLite may have rolled back everything, not only the savepoint.
        if let Err(e) = &answer
            && (conn.is_autocommit() || e.is_transient())
        {
            fatal = Some(e.clone());
            break;
        }
        answers.push(answer);
    }
    if fatal.is_none() {
        fatal = conn.execute_batch("COMMIT").err().map(error);
    }
    match fatal {
        None => batch.into_iter().map(|job| job.reply).zip(answers).collect(),
        Some(e) => {
            if !conn.is_autocommit()
                && let Err(e) = conn.execute_batch("ROLLBACK")
            {
                tracing::error!(error = %e, "rollback failed");
            }
            fail(batch, &e)
        }
    }
}

fn fail(batch: Vec<Job>, e: &StoreError) -> Vec<Answer> {
    tracing::error!(error = %e, changes = batch.len(), "a whole batch failed");
    batch.into_iter().map(|job| (job.reply, Err(e.clone()))).collect()
}

/// One piece of work inside a savepoint, so that a poisoned change does not take its neighbours down.
fn one(
    conn: &Connection,
    texts: &mut Texts,
    heads: &mut HashMap<String, Head>,
    work: &Work,
) -> Result<Outcome, StoreError> {
    let region = work.region();
    let mut needs = Needs::default();
    needs.add(work);
    let head = match heads.get(region) {
        Some(head) => *head,
        None => load::head(conn, region)?,
    };
    let mut view = load::view(conn, region, &needs, head)?;
    let mut writes = Writes::default();
    let outcome = plan(&mut view, &mut writes, work)?;
    savepoint(conn, "SAVEPOINT change")?;
    match apply(conn, texts, region, &writes) {
        Ok(()) => {
            savepoint(conn, "RELEASE change")?;
            heads.insert(region.to_owned(), view.head);
            Ok(outcome)
        }
        Err(e) => {
            if !conn.is_autocommit() {
                savepoint(conn, "ROLLBACK TO change")?;
                savepoint(conn, "RELEASE change")?;
            }
            Err(e)
        }
    }
}

fn savepoint(conn: &Connection, sql: &str) -> Result<(), StoreError> {
    conn.prepare_cached(sql).and_then(|mut stmt| stmt.execute([])).map(|_| ()).map_err(error)
}
