//! Numbered migrations, embedded, run at start.
//!
//! One SQL text serves both engines; what only one understands stands in `/*sqlite … */` or `/*postgres … */`, which is
//! unwrapped for that engine and stays a comment for the other. A released migration never changes: its SHA-256 is recorded
//! and compared. To add one, put `NNNN_name.sql` into `migrations/` and a line into [`MIGRATIONS`].

use crate::error::StoreError;
use sha2::{Digest, Sha256};

/// A step of the schema.
#[derive(Debug)]
pub(crate) struct Migration {
    pub number: i64,
    pub name: &'static str,
    pub sql: &'static str,
}

macro_rules! migrations {
    ($($number:literal $name:literal),+ $(,)?) => {
        &[$(Migration { number: $number, name: $name, sql: include_str!(concat!("../migrations/", $name, ".sql")) }),+]
    };
}

/// All migrations, in order.
pub(crate) const MIGRATIONS: &[Migration] = migrations![
    1 "0001_core",
    2 "0002_capabilities",
    3 "0003_sign_in",
    4 "0004_desk",
    5 "0005_second_keys",
    6 "0006_guards",
    7 "0007_state",
    8 "0008_certificates",
    9 "0009_status_lists",
    10 "0010_rule_records",
    11 "0011_log",
    12 "0012_shares",
    13 "0013_halls",
    14 "0014_seals",
    15 "0015_elsewhere",
    16 "0016_rating",
    17 "0017_kiosk",
    18 "0018_locker",
    19 "0019_rota",
    20 "0020_figures",
    21 "0021_post",
    22 "0022_mail",
    23 "0023_mandate",
];

/// Engine for which a text is unwrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// Table that records which migrations were applied.
pub(crate) const LEDGER: &str = "CREATE TABLE IF NOT EXISTS schema_migration (\
     number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL)";

/// Whose a database is, before anything is written to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// It holds no table but, at most, an empty ledger.
    Nobody,
    /// Our first migration stands in its ledger.
    Ours,
    /// It holds tables of another program.
    Other,
}

/// Whether a database may be created where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opening {
    /// Create the schema in an empty database.
    Create,
    /// Only open what is there.
    Existing,
}

/// Judges whether a database of this owner may be opened so; `place` names it in the refusal.
pub(crate) fn admit(owner: Owner, opening: Opening, place: &str) -> Result<(), StoreError> {
    match (owner, opening) {
        (Owner::Other, _) => Err(StoreError::Foreign(place.to_owned())),
        (Owner::Nobody, Opening::Existing) => Err(StoreError::NoDatabase(place.to_owned())),
        (Owner::Ours, _) | (Owner::Nobody, Opening::Create) => Ok(()),
    }
}

/// The newest version this program knows.
pub(crate) fn wanted() -> i64 {
    MIGRATIONS.last().map_or(0, |m| m.number)
}

impl Migration {
    pub(crate) fn sha256(&self) -> String {
        hex::encode(Sha256::digest(self.sql.as_bytes()))
    }

    /// The text for one engine.
    pub(crate) fn text(&self, dialect: Dialect) -> String {
        unwrap_comments(self.sql, dialect)
    }
}

/// Given the ledger (number, sha256), the migrations up to `up_to` that are still to run.
pub(crate) fn pending(applied: &[(i64, String)], up_to: i64) -> Result<Vec<&'static Migration>, StoreError> {
    let found = applied.iter().map(|(number, _)| *number).max().unwrap_or(0);
    if found > wanted() {
        return Err(StoreError::WrongSchemaVersion { found, wanted: wanted() });
    }
    let mut pending = Vec::new();
    for migration in MIGRATIONS.iter().filter(|m| m.number <= up_to) {
        match applied.iter().find(|(number, _)| *number == migration.number) {
            None => pending.push(migration),
            Some((_, sha256)) if *sha256 == migration.sha256() => {}
            Some(_) => {
                return Err(StoreError::Invalid(format!(
                    "migration {} differs from the one applied to this database: a released migration must not be edited, \
                     add a new one (a development database may be deleted instead)",
                    migration.name
                )));
            }
        }
    }
    Ok(pending)
}

fn unwrap_comments(sql: &str, dialect: Dialect) -> String {
    let opening = match dialect {
        Dialect::Sqlite => "/*sqlite",
        Dialect::Postgres => "/*postgres",
    };
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, inside)) = rest.split_once(opening) {
        out.push_str(before);
        let (text, after) = inside.split_once("*/").unwrap_or((inside, ""));
        out.push_str(text);
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed_once_and_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap().replace(".sql", ""))
            .collect();
        files.sort();
        let listed: Vec<String> = MIGRATIONS.iter().map(|m| m.name.to_owned()).collect();
        assert_eq!(files, listed);
        for (place, migration) in MIGRATIONS.iter().enumerate() {
            assert_eq!(migration.number, i64::try_from(place).unwrap() + 1);
            assert!(migration.name.starts_with(&format!("{:04}_", migration.number)));
        }
    }

    #[test]
    fn conditional_text_is_for_one_engine() {
        let sql = "A /*sqlite B */ C /*postgres D */";
        assert_eq!(unwrap_comments(sql, Dialect::Sqlite), "A  B  C /*postgres D */");
        assert_eq!(unwrap_comments(sql, Dialect::Postgres), "A /*sqlite B */ C  D ");
    }

    #[test]
    fn newer_and_edited_schemas_are_refused() {
        let newer = [(wanted() + 1, String::new())];
        assert_eq!(
            pending(&newer, wanted()).unwrap_err(),
            StoreError::WrongSchemaVersion { found: wanted() + 1, wanted: wanted() }
        );
        assert!(matches!(pending(&[(1, "0".to_owned())], wanted()), Err(StoreError::Invalid(_))));
    }
}
