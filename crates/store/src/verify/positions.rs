//! First pass: every fact in order of position.

use super::{CHUNK, Fault, Report};
use crate::chain::{self, Hash, Header};
use crate::checkpoint::{SignedCheckpoint, signed};
use crate::error::StoreError;
use crate::merkle::Peaks;
use crate::store::Snapshot;
use crate::value::Row;

const FACTS: &str = "SELECT f.position, f.stream, f.version, f.kind, f.actor, f.at, f.row_digest, f.commitment, f.prev_hash, \
                     f.hash, f.link, b.salt, b.body FROM fact f \
                     LEFT JOIN fact_body b ON b.region = f.region AND b.position = f.position \
                     WHERE f.region = $1 AND f.position > $2 ORDER BY f.position LIMIT $3";

struct Walk<'a> {
    region: &'a str,
    position: i64,
    /// Link of the fact before; None after a gap, where nothing can be compared.
    link: Option<Hash>,
    peaks: Peaks,
    /// Facts whose body is there.
    bodies: i64,
    /// Checkpoints still ahead, the next one last.
    ahead: Vec<(SignedCheckpoint, &'static str)>,
}

pub(super) async fn verify(
    snapshot: &Snapshot,
    region: &str,
    held: Option<&SignedCheckpoint>,
    report: &mut Report,
) -> Result<(), StoreError> {
    let ahead = checkpoints(snapshot, region, held, report).await?;
    let mut walk = Walk { region, position: 0, link: Some(chain::NOTHING), peaks: Peaks::default(), bodies: 0, ahead };
    loop {
        let rows = snapshot.query(FACTS, &[region.into(), walk.position.into(), CHUNK.into()]).await?;
        for row in &rows {
            walk.step(row, report)?;
        }
        if rows.is_empty() || report.is_full() {
            break;
        }
    }
    for (missed, whose) in &walk.ahead {
        let problem = format!(
            "the journal ends at position {} but {whose} attests position {}: facts at the end are missing",
            walk.position, missed.checkpoint.position
        );
        report.faults.push(Fault {
            region: region.to_owned(),
            position: Some(walk.position + 1),
            problem,
            ..Fault::default()
        });
    }
    orphans(snapshot, region, walk.bodies, report).await
}

async fn checkpoints(
    snapshot: &Snapshot,
    region: &str,
    held: Option<&SignedCheckpoint>,
    report: &mut Report,
) -> Result<Vec<(SignedCheckpoint, &'static str)>, StoreError> {
    let sql = "SELECT region, position, at, root, peaks, signature, witness FROM checkpoint WHERE region = $1 ORDER BY position";
    let mut all = Vec::new();
    for row in snapshot.query(sql, &[region.into()]).await? {
        match signed(&row) {
            Ok(checkpoint) => all.push((checkpoint, "a checkpoint kept here")),
            Err(e) => report.faults.push(Fault {
                region: region.to_owned(),
                position: row.int(1).ok(),
                problem: e.to_string(),
                ..Fault::default()
            }),
        }
    }
    if let Some(held) = held.filter(|held| held.checkpoint.region == region) {
        all.push((held.clone(), "the given checkpoint"));
    }
    all.sort_by_key(|(c, _)| std::cmp::Reverse(c.checkpoint.position));
    Ok(all)
}

impl Walk<'_> {
    fn step(&mut self, row: &Row, report: &mut Report) -> Result<(), StoreError> {
        let position = row.int(0)?;
        report.facts += 1;
        let mut fault = Fault {
            region: self.region.to_owned(),
            position: Some(position),
            stream: row.text(1).ok().map(str::to_owned),
            version: row.int(2).ok(),
            problem: String::new(),
        };
        if position != self.position + 1 {
            let (from, to) = (self.position + 1, position - 1);
            let problem =
                format!("no fact at position {from}{}", if to > from { format!(" to {to}") } else { String::new() });
            let gap = Fault { region: self.region.to_owned(), position: Some(from), problem, ..Fault::default() };
            report.faults.push(gap);
            self.link = None;
        }
        self.bodies += i64::from(row.opt_bytes(11).is_ok_and(|salt| salt.is_some()));
        match self.check(row, position) {
            Ok(erased) => report.erased += u64::from(erased),
            Err(problem) => {
                fault.problem = problem;
                report.faults.push(fault);
            }
        }
        // From here on with what is stored, so that one change is reported once and not for all that follows.
        self.link = row.digest(10).ok();
        self.position = position;
        self.peaks.push(row.bytes(9).unwrap_or_default());
        self.compare(report);
        Ok(())
    }

    /// Ok(true) if the body is gone, which the second pass judges.
    fn check(&self, row: &Row, position: i64) -> Result<bool, String> {
        let read = |e: StoreError| format!("the fact cannot be read: {e}");
        let header = Header {
            region: self.region,
            stream: row.text(1).map_err(read)?,
            version: row.int(2).map_err(read)?,
            kind: row.text(3).map_err(read)?,
            actor: row.text(4).map_err(read)?,
            at: row.int(5).map_err(read)?,
            row_digest: row.bytes(6).map_err(read)?,
        };
        let (commitment, previous) = (row.bytes(7).map_err(read)?, row.bytes(8).map_err(read)?);
        let (hash, link) = (row.bytes(9).map_err(read)?, row.bytes(10).map_err(read)?);
        if chain::fact_hash(previous, &header, commitment) != hash {
            return Err("the fact was changed: it does not have the hash that is stored with it".to_owned());
        }
        if self.link.is_some_and(|before| chain::link(&before, position, hash) != link) {
            return Err("the fact is not in its place: it does not link to the fact at the position before".to_owned());
        }
        match (row.opt_bytes(11).map_err(read)?, row.opt_text(12).map_err(read)?) {
            (Some(salt), Some(body)) if chain::commitment(salt, body) == commitment => Ok(false),
            (None, None) => Ok(true),
            _ => Err("the body of the fact was changed: it does not fit the commitment".to_owned()),
        }
    }

    fn compare(&mut self, report: &mut Report) {
        while let Some((next, whose)) = self.ahead.pop_if(|(c, _)| c.checkpoint.position <= self.position) {
            report.checkpoints += 1;
            let wanted = next.checkpoint.position;
            // A checkpoint from elsewhere comes without subtrees.
            let problem = if wanted != self.position || self.peaks.root() != next.checkpoint.root {
                format!(
                    "the facts up to here do not give the root of {whose}: the journal was rewritten, or the checkpoint is not of this journal"
                )
            } else if next.peaks.size() > 0 && next.peaks != self.peaks {
                format!("the subtrees beside {whose} were changed; the next one would rest on them")
            } else {
                continue;
            };
            report.faults.push(Fault {
                region: self.region.to_owned(),
                position: Some(wanted),
                problem,
                ..Fault::default()
            });
        }
    }
}

/// Bodies that belong to no fact. Searched for only if there are more bodies than were `seen` with their facts.
async fn orphans(snapshot: &Snapshot, region: &str, seen: i64, report: &mut Report) -> Result<(), StoreError> {
    let sql = "SELECT count(*) FROM fact_body WHERE region = $1";
    if snapshot.query(sql, &[region.into()]).await?.first().map_or(Ok(0), |row| row.int(0))? == seen {
        return Ok(());
    }
    let sql = "SELECT b.position FROM fact_body b WHERE b.region = $1 AND NOT EXISTS \
               (SELECT 1 FROM fact f WHERE f.region = b.region AND f.position = b.position) ORDER BY b.position LIMIT 100";
    for row in snapshot.query(sql, &[region.into()]).await? {
        let problem = "there is a body here but no fact".to_owned();
        report.faults.push(Fault { region: region.to_owned(), position: row.int(0).ok(), problem, ..Fault::default() });
    }
    Ok(())
}
