//! Reading the journal: by subscribers in order of position, and by people for one stream. Also counters and due rows.
//!
//! *A subscriber* reads what comes after its position, does its work, and commits its counters together with
//! [`crate::Advance`] in one change: the work is then done exactly once, also when two nodes run the same subscriber.
//! Positions have no gaps: what has position n + 1 becomes visible only after n, on both engines.

use crate::error::StoreError;
use crate::store::Store;
use crate::value::Row;
use domain::time::Timestamp;

/// A fact as subscribers and pages see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Place in the region's journal, from 1, without gaps.
    pub position: i64,
    /// `<table>/<id>`.
    pub stream: String,
    /// Place in the stream, from 1.
    pub version: i64,
    /// What happened.
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// Details as JSON; `None` after erasure.
    pub body: Option<String>,
}

impl Fact {
    /// Table and id of the row that the fact belongs to.
    pub fn subject(&self) -> (&str, &str) {
        self.stream.split_once('/').unwrap_or((&self.stream, ""))
    }
}

/// A timer that has fallen due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When it fell due.
    pub at: Timestamp,
    /// What is to be done.
    pub kind: String,
    /// About what.
    pub subject: String,
}

const FACT: &str = "SELECT f.position, f.stream, f.version, f.kind, f.actor, f.at, b.body FROM fact f \
                    LEFT JOIN fact_body b ON b.region = f.region AND b.position = f.position";

impl Store {
    /// The facts of a region after a position, in order, at most `limit`. An empty answer means: nothing new yet.
    pub async fn read_journal(&self, region: &str, after: i64, limit: i64) -> Result<Vec<Fact>, StoreError> {
        let sql = format!("{FACT} WHERE f.region = $1 AND f.position > $2 ORDER BY f.position LIMIT $3");
        let rows = self.query(&sql, &[region.into(), after.into(), limit.into()]).await?;
        rows.iter().map(fact).collect()
    }

    /// The facts about rows of one table among the next `among` positions after a position, in order, and the last position that was
    /// looked at: a subscriber that wants few facts of many need not read the bodies of the others. It is `after` when there is nothing new.
    pub async fn read_journal_of(
        &self,
        region: &str,
        table: &str,
        after: i64,
        among: i64,
    ) -> Result<(i64, Vec<Fact>), StoreError> {
        let sql = "SELECT position FROM fact WHERE region = $1 AND position <= $2 ORDER BY position DESC LIMIT 1";
        let last = self.query_opt(sql, &[region.into(), after.saturating_add(among).into()]).await?;
        let last = last.map_or(Ok(after), |row| row.int(0))?.max(after);
        // Not as a range of streams: a planner might then walk through all streams of the table instead of these positions.
        let prefix = format!("{table}/");
        let sql = format!(
            "{FACT} WHERE f.region = $1 AND f.position > $2 AND f.position <= $3 AND substr(f.stream, 1, {}) = $4 \
             ORDER BY f.position",
            prefix.len()
        );
        let rows = self.query(&sql, &[region.into(), after.into(), last.into(), prefix.into()]).await?;
        Ok((last, rows.iter().map(fact).collect::<Result<_, _>>()?))
    }

    /// The facts of one stream after a version, in order, at most `limit`.
    pub async fn read_stream(
        &self,
        region: &str,
        stream: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Fact>, StoreError> {
        let sql =
            format!("{FACT} WHERE f.region = $1 AND f.stream = $2 AND f.version > $3 ORDER BY f.version LIMIT $4");
        let rows = self.query(&sql, &[region.into(), stream.into(), after.into(), limit.into()]).await?;
        rows.iter().map(fact).collect()
    }

    /// Where a subscriber stands; 0 if it has never committed.
    pub async fn subscriber_position(&self, region: &str, name: &str) -> Result<i64, StoreError> {
        let sql = "SELECT position FROM subscriber WHERE region = $1 AND name = $2";
        let row = self.query_opt(sql, &[region.into(), name.into()]).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// The last position of a region's journal; 0 if it is empty.
    pub async fn last_position(&self, region: &str) -> Result<i64, StoreError> {
        let sql = "SELECT position FROM fact WHERE region = $1 ORDER BY position DESC LIMIT 1";
        let row = self.query_opt(sql, &[region.into()]).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// A statistics counter; 0 if it was never counted.
    pub async fn counter(&self, region: &str, name: &str, key: &str) -> Result<i64, StoreError> {
        let sql = "SELECT n FROM counter WHERE region = $1 AND name = $2 AND key = $3";
        let row = self.query_opt(sql, &[region.into(), name.into(), key.into()]).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// All counters of a name whose key lies in `from..to` in byte order (`"370211/"..."3702110"` is a prefix search), sorted by key.
    pub async fn counters(
        &self,
        region: &str,
        name: &str,
        from: &str,
        to: &str,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = "SELECT key, n FROM counter WHERE region = $1 AND name = $2 AND key >= $3 AND key < $4 ORDER BY key";
        let rows = self.query(sql, &[region.into(), name.into(), from.into(), to.into()]).await?;
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.int(1)?))).collect()
    }

    /// What has fallen due at `now`, oldest first, at most `limit`. Execute each with a change that holds a `DueOp::Claim` of it.
    pub async fn due_before(&self, region: &str, now: Timestamp, limit: i64) -> Result<Vec<Due>, StoreError> {
        let sql =
            "SELECT at, kind, subject FROM due WHERE region = $1 AND at <= $2 ORDER BY at, kind, subject LIMIT $3";
        let rows = self.query(sql, &[region.into(), now.into(), limit.into()]).await?;
        rows.iter().map(due).collect()
    }

    /// The timers of one subject, soonest first.
    pub async fn due_of(&self, region: &str, subject: &str) -> Result<Vec<Due>, StoreError> {
        // Sorted here: the primary key has this order, and a planner would walk through all timers of the city to get it.
        let sql = "SELECT at, kind, subject FROM due WHERE region = $1 AND subject = $2";
        let rows = self.query(sql, &[region.into(), subject.into()]).await?;
        let mut all = rows.iter().map(due).collect::<Result<Vec<Due>, _>>()?;
        all.sort_by(|a, b| (a.at, &a.kind).cmp(&(b.at, &b.kind)));
        Ok(all)
    }
}

fn fact(row: &Row) -> Result<Fact, StoreError> {
    Ok(Fact {
        position: row.int(0)?,
        stream: row.text(1)?.to_owned(),
        version: row.int(2)?,
        kind: row.text(3)?.to_owned(),
        actor: row.text(4)?.to_owned(),
        at: row.time(5)?,
        body: row.opt_text(6)?.map(str::to_owned),
    })
}

fn due(row: &Row) -> Result<Due, StoreError> {
    Ok(Due { at: row.time(0)?, kind: row.text(1)?.to_owned(), subject: row.text(2)?.to_owned() })
}
