//! `yichuang bench`: measures what the design promises, in one run on one machine, and says what was missed.
//!
//! | file | what |
//! |---|---|
//! | `report.rs` | figures against targets, as table, JSON and Markdown |
//! | `machine.rs` | what machine this is, and how long its disk takes to make something durable |
//! | `http.rs`, `load.rs` | the client, and load by callers or at a constant rate |
//! | `server.rs` | this program as a server of its own process |
//! | `approvals.rs` | approvals over HTTP on both engines |
//! | `bulk/`, `pages.rs` | a city with very many cases, and its pages |
//! | `store.rs`, `rules/`, `pgbench.rs` | the store and the rules by themselves, beside their yardsticks |
//! | `release.rs` | very many people for the slots of a hall |
//! | `screens.rs` | very many screens that listen to a queue |
//! | `start.rs` | start, memory, sizes |
//! | `render.rs` | licences as PDF, OFD and SVG |

mod approvals;
mod bulk;
mod http;
mod load;
mod machine;
mod pages;
mod pgbench;
mod release;
mod render;
mod report;
mod rules;
mod screens;
mod server;
mod start;
mod store;

use std::path::Path;
use std::time::{Duration, Instant};

use ::store::{Config, Store};
use anyhow::{Context, Result};

use report::Row;
pub use report::{Report, replace_figures};

/// What is measured, and how much of it.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Approvals sent before any is measured.
    pub warm_up: usize,
    /// Approvals by 64 callers.
    pub approvals: usize,
    /// Approvals by 64 callers over all automatic matters.
    pub mixed_approvals: usize,
    /// Approvals by one caller.
    pub single_approvals: usize,
    /// Cases of the large city.
    pub cases: u64,
    /// Requests a second for pages.
    pub page_rate: u32,
    /// Seconds for each sort of page.
    pub page_seconds: u32,
    /// How long commits are counted.
    pub store_time: Duration,
    /// Rounds of which the best counts, for rules.
    pub rule_rounds: u32,
    /// Starts of which the median counts.
    pub starts: usize,
    /// Scale of pgbench.
    pub pgbench_scale: u32,
    /// Seconds of pgbench.
    pub pgbench_seconds: u32,
    /// Rounds of which the best counts, for renderings of licences.
    pub render_rounds: u32,
    /// Renderings over which memory must stay flat.
    pub renderings: u32,
    /// People who want a place at the release of slots.
    pub seekers: usize,
    /// Places that there are.
    pub slot_places: usize,
    /// Screens that listen to one place.
    pub screens: usize,
    /// Numbers taken while they listen.
    pub movements: usize,
    /// Parts to run.
    pub parts: Vec<Part>,
}

/// A part of the measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Approvals over HTTP.
    Approvals,
    /// Pages of a large city.
    Pages,
    /// The store by itself.
    Store,
    /// The rules by themselves.
    Rules,
    /// Start, memory, sizes.
    Start,
    /// Licences as files.
    Render,
    /// The release of slots.
    Release,
    /// Screens in halls.
    Screens,
}

impl Plan {
    /// The whole measurement.
    pub fn full() -> Plan {
        Plan {
            warm_up: 1_000,
            approvals: 16_000,
            mixed_approvals: 4_000,
            single_approvals: 500,
            cases: 1_000_000,
            page_rate: 200,
            page_seconds: 20,
            store_time: Duration::from_secs(4),
            rule_rounds: 400,
            starts: 5,
            pgbench_scale: 64,
            pgbench_seconds: 10,
            render_rounds: 200,
            renderings: 10_000,
            seekers: 5_000,
            slot_places: 500,
            screens: 1_000,
            movements: 20,
            parts: vec![
                Part::Approvals,
                Part::Pages,
                Part::Store,
                Part::Rules,
                Part::Start,
                Part::Render,
                Part::Release,
                Part::Screens,
            ],
        }
    }

    /// The same with small numbers, to see that it works at all.
    pub fn quick() -> Plan {
        Plan {
            warm_up: 64,
            approvals: 256,
            mixed_approvals: 128,
            single_approvals: 20,
            cases: 2_000,
            page_rate: 50,
            page_seconds: 2,
            store_time: Duration::from_millis(200),
            rule_rounds: 2,
            starts: 1,
            pgbench_scale: 1,
            pgbench_seconds: 1,
            render_rounds: 5,
            renderings: 40,
            seekers: 80,
            slot_places: 20,
            screens: 20,
            movements: 3,
            ..Plan::full()
        }
    }

    fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }
}

/// Runs the plan in a folder. `server` is the address of a PostgreSQL server on which databases may be made.
pub fn run(plan: &Plan, dir: &Path, server: Option<&str>) -> Result<Report> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let mut report = Report { machine: describe(dir, server)?, parts: Vec::new() };
    for (name, value) in &report.machine {
        eprintln!("{name}: {value}");
    }
    let demo = dir.join("demo");
    approvals::make_city(&demo, None)?;
    let fsync = machine::fsync(dir, 300)?;
    let note = format!("4 KiB appended; p99 {:.2} ms", fsync.percent(99));
    report.part("The disk", vec![Row::new("fsync, p50", fsync.percent(50), "ms").note(note)]);
    // Copied before anything is measured in it, so that the large city grows from a fresh one.
    let large = dir.join("large");
    if plan.has(Part::Pages) {
        copy(&demo, &large)?;
    }
    if plan.has(Part::Start) {
        report.part("Start and size", start::measure(plan, dir, &demo)?);
    }
    if plan.has(Part::Rules) {
        report.part("Rules", rules::measure(plan)?);
    }
    if plan.has(Part::Render) {
        report.part("Licences as files", render::measure(plan)?);
    }
    if plan.has(Part::Store) {
        report.part("Store, embedded database", store::sqlite(plan, dir)?);
    }
    if plan.has(Part::Approvals) {
        report.part("Approvals over HTTP, embedded database", approvals::sqlite(plan, &demo)?);
    }
    if plan.has(Part::Release) {
        report.part("The release of slots, embedded database", release::measure(plan, &demo)?);
    }
    if plan.has(Part::Screens) {
        report.part("Screens in halls", screens::measure(plan, &demo, &dir.join("screens"))?);
    }
    if plan.has(Part::Approvals) || plan.has(Part::Store) {
        on_postgres(plan, dir, server, &mut report)?;
    }
    if plan.has(Part::Pages) {
        large_city(plan, &large, &mut report)?;
    }
    Ok(report)
}

fn on_postgres(plan: &Plan, dir: &Path, server: Option<&str>, report: &mut Report) -> Result<()> {
    let title = "PostgreSQL";
    let Some(server) = server else {
        report.part(title, vec![Row::missing("PostgreSQL", "no server was named with --postgres")]);
        return Ok(());
    };
    let yardstick = match pgbench::tpc_b(plan, server) {
        Ok(tps) => tps,
        Err(why) => {
            report.part(title, vec![Row::missing("PostgreSQL", format!("{why:#}"))]);
            return Ok(());
        }
    };
    let note = "TPC-B-like, prepared statements, 64 clients, as many branches; the yardstick, on the same server";
    let mut rows = vec![Row::new("pgbench", yardstick, "/s").note(note)];
    if plan.has(Part::Approvals) {
        rows.extend(approvals::postgres(plan, &dir.join("demo-postgres"), server, yardstick)?);
    }
    if plan.has(Part::Store) {
        rows.extend(store::postgres(plan, server, yardstick)?);
    }
    report.part(title, rows);
    Ok(())
}

fn large_city(plan: &Plan, dir: &Path, report: &mut Report) -> Result<()> {
    let begun = Instant::now();
    let filled = block_on(bulk::fill(dir, plan.cases))??;
    let seconds = begun.elapsed().as_secs_f64();
    let bytes = std::fs::metadata(dir.join("city.db")).map_or(0, |file| file.len());
    let made = Row::new("cases written in bulk", plan.cases as f64 / seconds, "/s").note(format!(
        "{} cases in {seconds:.0} s, {:.1} KB each without keys; the file has {:.1} GB",
        plan.cases,
        filled.mean_bytes / 1e3,
        bytes as f64 / 1e9
    ));
    let mut rows = vec![made];
    rows.extend(start::starts(plan, "the large city", || server::Server::demo(dir, None))?);
    rows.extend(pages::measure(plan, dir, &filled)?);
    rows.extend(block_on(async {
        let store = Store::open(&Config::sqlite(dir.join("city.db"))).await?;
        let rows = store::lists(&store, "370200", plan.cases).await;
        store.close().await;
        rows
    })??);
    report.part(&format!("A city with {} cases, embedded database", plan.cases), rows);
    Ok(())
}

fn describe(dir: &Path, server: Option<&str>) -> Result<Vec<(String, String)>> {
    let sqlite = block_on(async {
        let store = Store::open(&Config::sqlite(dir.join("version.db"))).await?;
        let row = store.query_opt("SELECT sqlite_version()", &[]).await?;
        store.close().await;
        anyhow::Ok(row.as_ref().map_or(Ok(""), |row| row.text(0))?.to_owned())
    })??;
    Ok(machine::describe(dir, server.and_then(pgbench::version).as_deref(), sqlite))
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let (entry, target) = entry.map(|entry| (entry.path(), to.join(entry.file_name())))?;
        if entry.is_dir() {
            copy(&entry, &target)?;
        } else {
            std::fs::copy(&entry, &target).with_context(|| format!("cannot copy {}", entry.display()))?;
        }
    }
    Ok(())
}

fn block_on<T>(work: impl Future<Output = T>) -> Result<T> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work))
}
