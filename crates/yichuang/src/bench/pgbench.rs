//! The tools that come with PostgreSQL: a database of its own for each part, and `pgbench` as the yardstick.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Plan;
use super::machine::said;

/// A database of its own on a server; it goes when this is dropped.
#[derive(Debug)]
pub struct Database {
    server: String,
    name: String,
    /// Its address.
    pub address: String,
}

impl Database {
    /// Creates one.
    pub fn create(server: &str, name: &str) -> Result<Database> {
        let name = format!("yichuang_bench_{name}_{}", std::process::id());
        run(Command::new("createdb").args(["--maintenance-db", server, &name]))?;
        Ok(Database { server: server.to_owned(), address: address(server, &name), name })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = run(Command::new("dropdb").args(["--force", "--maintenance-db", &self.server, &self.name]));
    }
}

/// The same server with another database: the path of the address is replaced.
fn address(server: &str, name: &str) -> String {
    let (scheme, rest) = server.split_once("://").unwrap_or(("postgresql", server));
    let (place, query) = rest.split_once('?').map_or((rest, None), |(place, query)| (place, Some(query)));
    let host = place.split_once('/').map_or(place, |(host, _)| host);
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    format!("{scheme}://{host}/{name}{query}")
}

/// Version of the server.
pub fn version(server: &str) -> Option<String> {
    said(Command::new("psql").args(["-At", "-c", "SHOW server_version", server]))
}

/// Transactions a second of the TPC-B-like script: prepared statements, 64 clients on two threads, and at least as many
/// branches as clients, so that it is not measured waiting for its own locks.
pub fn tpc_b(plan: &Plan, server: &str) -> Result<f64> {
    let own = Database::create(server, "tpcb")?;
    let scale = plan.pgbench_scale.to_string();
    run(Command::new("pgbench").args(["-i", "-q", "-s", &scale, &own.address]))?;
    let seconds = plan.pgbench_seconds.to_string();
    let text = run(Command::new("pgbench").args([
        "-M",
        "prepared",
        "-c",
        "64",
        "-j",
        "2",
        "-T",
        &seconds,
        "-n",
        &own.address,
    ]))?;
    let tps = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
    tps.with_context(|| format!("pgbench did not say how fast it was: {text}"))
}

fn run(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("{name} of PostgreSQL was not found"))?;
    if !output.status.success() {
        bail!("{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn the_database_of_an_address_is_replaced() {
        for (server, own) in [
            ("postgresql://yichuang@/postgres?host=/run/pg", "postgresql://yichuang@/own?host=/run/pg"),
            ("postgres://u:p@127.0.0.1:5432/postgres", "postgres://u:p@127.0.0.1:5432/own"),
            ("postgres://u@127.0.0.1", "postgres://u@127.0.0.1/own"),
        ] {
            assert_eq!(address(server, "own"), own);
        }
    }
}
