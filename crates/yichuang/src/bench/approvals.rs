//! Approvals over HTTP: submitted, decided by rules, sealed, and durable before the answer.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use service::City;

use super::http::{Answer, post};
use super::load::{Load, Taken, status};
use super::machine;
use super::pgbench::Database;
use super::report::Row;
use super::server::Server;
use super::{Plan, block_on};
use crate::run::folder::Folder;
use crate::run::open;

/// The matter that is applied for: by pledge, decided on facts of registers, and the result is a licence.
const MATTER: &str = "public-place-hygiene";
const CALLERS: usize = 64;
/// Samples drawn at the same time.
const DRAWERS: usize = 32;

/// A demo city in this folder, closed again.
pub fn make_city(dir: &Path, database: Option<&str>) -> Result<()> {
    if Folder::at(dir).is_city() { Ok(()) } else { Server::demo(dir, database)?.stop() }
}

/// The embedded database: many callers, and one.
pub fn sqlite(plan: &Plan, dir: &Path) -> Result<Vec<Row>> {
    make_city(dir, None)?;
    let (many, mixed, one, fsync_millis) = measure(plan, dir)?;
    Ok(vec![
        rate("64 callers", &many).at_least(1_200.0),
        Row::new("64 callers, p99", many.times.percent(99), "ms").at_most(150.0),
        Row::new("one caller, p50", one.times.percent(50), "ms")
            .at_most(4.0 + 2.0 * fsync_millis)
            .note(format!("4 ms + two fsyncs of {fsync_millis:.2} ms, measured just before")),
        rate("64 callers, all automatic matters in turn", &mixed),
    ])
}

/// PostgreSQL, beside the transactions a second that pgbench made on the same server.
pub fn postgres(plan: &Plan, dir: &Path, server: &str, yardstick: f64) -> Result<Vec<Row>> {
    let own = Database::create(server, "approvals")?;
    make_city(dir, Some(&own.address))?;
    let (many, mixed, one, _) = measure(plan, dir)?;
    Ok(vec![
        rate("approvals, 64 callers", &many),
        Row::new("approvals ÷ pgbench transactions", many.rate / yardstick, "×").at_least(0.6),
        Row::new("approvals, 64 callers, p99", many.times.percent(99), "ms"),
        Row::new("approvals, one caller, p50", one.times.percent(50), "ms"),
        rate("approvals, 64 callers, all automatic matters in turn", &mixed),
    ])
}

fn rate(what: &str, taken: &Taken) -> Row {
    let note = format!("{} approvals, p50 {:.1} ms", taken.times.len(), taken.times.percent(50));
    Row::new(what, taken.rate, "/s").note(note)
}

/// Many callers on one matter, many on all of them, one on one; and the fsync before that.
fn measure(plan: &Plan, dir: &Path) -> Result<(Taken, Taken, Taken, f64)> {
    let counts = [plan.warm_up, plan.approvals, plan.mixed_approvals, plan.single_approvals];
    let mut requests = block_on(draw(dir, counts))??.into_iter();
    let mut next = || requests.next().unwrap_or_default();
    let server = Server::demo(dir, None)?;
    let run = |requests: &[Vec<u8>], callers| Load { port: server.port, requests, check: &approved }.closed(callers);
    run(&next(), CALLERS)?;
    let many = run(&next(), CALLERS)?;
    let mixed = run(&next(), CALLERS)?;
    let fsync = machine::fsync(dir, 100)?.percent(50);
    let one = run(&next(), 1)?;
    server.stop()?;
    Ok((many, mixed, one, fsync))
}

/// 201, approved, with a licence.
fn approved(answer: &Answer) -> Result<(), String> {
    status(answer, 201)?;
    let text = answer.text();
    if text.contains(r#""outcome":"approved""#) && text.contains(r#""verify_url":"http"#) {
        return Ok(());
    }
    Err(format!("not approved: {}", text.chars().take(400).collect::<String>()))
}

/// Requests with a fresh fictitious applicant and a fresh key each, drawn before anything is measured. The third group
/// takes every automatic matter whose result is a licence in turn.
async fn draw(dir: &Path, counts: [usize; 4]) -> Result<Vec<Vec<Vec<u8>>>> {
    let folder = Folder::at(dir);
    let tokens: BTreeMap<String, String> =
        serde_json::from_str(&std::fs::read_to_string(folder.file("demo-tokens.json"))?)?;
    let token = tokens.get("integrator").context("the demo city has no token for an integrator")?;
    let city = open::city(&folder).await?;
    let shelf = city.shelf();
    let automatic: Vec<String> = shelf
        .matters()
        .filter(|own| own.rules.is_some() && own.bundle.matter.outcome.licence_type.is_some())
        .map(|own| own.bundle.matter.slug.clone())
        .collect();
    let mut groups = Vec::new();
    for (group, count) in counts.into_iter().enumerate() {
        let of = |place: usize| match group {
            2 => automatic.get(place % automatic.len().max(1)).cloned(),
            _ => None,
        };
        let slugs = (0..count).map(|place| of(place).unwrap_or_else(|| MATTER.to_owned())).collect();
        groups.push(samples(&city, token, slugs).await?);
    }
    city.store().close().await;
    Ok(groups)
}

async fn samples(city: &City, token: &str, slugs: Vec<String>) -> Result<Vec<Vec<u8>>> {
    let bearer = format!("Bearer {token}");
    let mut all = Vec::with_capacity(slugs.len());
    for chunk in slugs.chunks(DRAWERS) {
        let mut drawn = tokio::task::JoinSet::new();
        for slug in chunk {
            let (city, slug) = (city.clone(), slug.clone());
            drawn.spawn(async move { service::catalog::sample(&city, &slug).await });
        }
        while let Some(sample) = drawn.join_next().await {
            let key = hex::encode(city.random::<16>());
            let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", key.as_str())];
            all.push(post("/api/v1/cases", &headers, &sample??.to_string()));
        }
    }
    Ok(all)
}
