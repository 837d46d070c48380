//! Reads what a batch must be decided on: one round trip under the region's lock.

use super::call::{Call, Param};
use super::{error, key};
use crate::chain::Hash;
use crate::error::StoreError;
use crate::plan::{Head, Needs, RowHead, View, int_columns};
use tokio_postgres::Row;

/// What the rows of a call are for.
enum Part {
    Lock,
    Head,
    Rows(&'static str),
    Cells(&'static str, Vec<&'static str>),
    Idempotency,
    Due,
    Cursors,
    Blocks,
}

/// The calls of a load, and how to read their answers.
pub(super) struct Load<'a> {
    pub calls: Vec<Call<'a>>,
    parts: Vec<Part>,
}

impl<'a> Load<'a> {
    /// The lock comes first and each statement has its own snapshot, so all that follows sees what the last holder committed.
    pub(super) fn new(region: &'a str, needs: &'a Needs) -> Load<'a> {
        let mut load = Load { calls: Vec::new(), parts: Vec::new() };
        let lock: Vec<Param<'a>> = vec![Box::new(key(&format!("journal/{region}")))];
        load.add(Part::Lock, "SELECT pg_advisory_xact_lock($1)".to_owned(), lock);
        if needs.head {
            let sql = "SELECT position, link FROM fact WHERE region = $1 ORDER BY position DESC LIMIT 1";
            load.add(Part::Head, sql.to_owned(), vec![Box::new(region)]);
        }
        for (table, ids) in &needs.rows {
            let sql = format!("SELECT id, version, head_hash FROM {table} WHERE region = $1 AND id = ANY($2)");
            load.add(Part::Rows(table), sql, vec![Box::new(region), strs(ids)]);
        }
        for (name, (table, ids)) in &needs.cells {
            let columns: Vec<_> = int_columns(table).collect();
            let list: String = columns.iter().map(|c| format!(", COALESCE({c}, 0)")).collect();
            let sql = format!("SELECT id{list} FROM {name} WHERE region = $1 AND id = ANY($2)");
            load.add(Part::Cells(name, columns), sql, vec![Box::new(region), strs(ids)]);
        }
        load.keys(region, needs);
        load
    }

    fn keys(&mut self, region: &'a str, needs: &'a Needs) {
        if !needs.idempotency.is_empty() {
            let sql = "SELECT i.token, i.key, i.body_hash, i.result FROM unnest($2::text[], $3::text[]) AS u(token, key) \
                       JOIN idempotency i ON i.region = $1 AND i.token = u.token AND i.key = u.key";
            let tokens = strs(needs.idempotency.iter().map(|(token, _)| token));
            let keys = strs(needs.idempotency.iter().map(|(_, key)| key));
            self.add(Part::Idempotency, sql.to_owned(), vec![Box::new(region), tokens, keys]);
        }
        if !needs.due.is_empty() {
            let sql = "SELECT d.at, d.kind, d.subject \
                       FROM unnest($2::bigint[], $3::text[], $4::text[]) AS u(at, kind, subject) \
                       JOIN due d ON d.region = $1 AND d.at = u.at AND d.kind = u.kind AND d.subject = u.subject";
            let at: Vec<i64> = needs.due.iter().map(|(at, _, _)| *at).collect();
            let kinds = strs(needs.due.iter().map(|(_, kind, _)| kind));
            let subjects = strs(needs.due.iter().map(|(_, _, subject)| subject));
            self.add(Part::Due, sql.to_owned(), vec![Box::new(region), Box::new(at), kinds, subjects]);
        }
        if !needs.cursors.is_empty() {
            let sql = "SELECT name, position FROM subscriber WHERE region = $1 AND name = ANY($2)";
            self.add(Part::Cursors, sql.to_owned(), vec![Box::new(region), strs(&needs.cursors)]);
        }
        if !needs.blocks.is_empty() {
            let sql = "SELECT series, next FROM number_block WHERE region = $1 AND series = ANY($2)";
            self.add(Part::Blocks, sql.to_owned(), vec![Box::new(region), strs(&needs.blocks)]);
        }
    }

    fn add(&mut self, part: Part, sql: String, params: Vec<Param<'a>>) {
        self.parts.push(part);
        self.calls.push(Call::new(sql, params));
    }

    /// Turns the answers into a view.
    pub(super) fn view(&self, answers: &[Vec<Row>]) -> Result<View, StoreError> {
        let mut view = View::new(Head::EMPTY);
        for (part, rows) in self.parts.iter().zip(answers) {
            for row in rows {
                read(&mut view, part, row).map_err(error)?;
            }
        }
        Ok(view)
    }
}

fn read(view: &mut View, part: &Part, row: &Row) -> Result<(), tokio_postgres::Error> {
    match part {
        Part::Lock => {}
        Part::Head => view.head = Head { position: row.try_get(0)?, link: hash(row.try_get(1)?) },
        Part::Rows(table) => {
            let head = RowHead { version: row.try_get(1)?, hash: hash(row.try_get(2)?) };
            view.rows.insert((table, row.try_get(0)?), head);
        }
        Part::Cells(table, columns) => {
            let cells = columns.iter().enumerate().map(|(i, column)| Ok((*column, row.try_get(i + 1)?)));
            let cells = cells.collect::<Result<_, tokio_postgres::Error>>()?;
            view.cells.insert((table, row.try_get(0)?), cells);
        }
        Part::Idempotency => {
            let key = (row.try_get(0)?, row.try_get(1)?);
            view.idempotency.insert(key, (row.try_get(2)?, row.try_get(3)?));
        }
        Part::Due => {
            view.due.insert((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        }
        Part::Cursors => {
            view.cursors.insert(row.try_get(0)?, row.try_get(1)?);
        }
        Part::Blocks => {
            view.blocks.insert(row.try_get(0)?, row.try_get(1)?);
        }
    }
    Ok(())
}

/// A stored hash of another length was tampered with; it then chains to nothing, and `verify` names the place.
fn hash(bytes: &[u8]) -> Hash {
    bytes.try_into().unwrap_or(crate::chain::NOTHING)
}

fn strs<'a, T: AsRef<str> + 'a>(texts: impl IntoIterator<Item = &'a T>) -> Param<'a> {
    Box::new(texts.into_iter().map(AsRef::as_ref).collect::<Vec<&'a str>>())
}
