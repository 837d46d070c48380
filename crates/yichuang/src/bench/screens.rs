//! Screens in halls: very many listen to the queue of one place, and each hears of every movement.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;

use super::http::{get, post};
use super::load::{Times, once};
use super::report::Row;
use super::server::{Server, program};
use super::{Plan, block_on, copy};
use crate::run::folder::Folder;

const PLACE: &str = "civic-centre";
const COUNTER: &str = "general";
/// How long a screen may take to hear of a movement before the measurement ends.
const PATIENCE: Duration = Duration::from_secs(20);
/// What begins the text of an event (WHATWG HTML, server-sent events).
const MARK: &[u8] = b"data:";

/// All screens of a place on the embedded database: the memory they take, and when the last one hears of a number.
pub fn measure(plan: &Plan, demo: &Path, dir: &Path) -> Result<Vec<Row>> {
    copy(demo, dir)?;
    never_closing(dir)?;
    let tokens: BTreeMap<String, String> =
        serde_json::from_str(&std::fs::read_to_string(Folder::at(dir).file("demo-tokens.json"))?)?;
    let token = tokens.get("integrator").context("the demo city has no token for an integrator")?.clone();
    let server = Server::demo(dir, None)?;
    // The first look at the place reads what all later ones share.
    once(server.port, &get(&format!("/screen/{PLACE}"), &[]), 200)?;
    let memory = || server.resident_mb().context("this system does not tell how much memory a process holds");
    let before = memory()?;
    let (last, after) = block_on(async {
        let (tell, mut heard) = unbounded_channel();
        let mut screens = JoinSet::new();
        for _ in 0..plan.screens {
            screens.spawn(listen(server.port, tell.clone()));
        }
        everybody(plan.screens, &mut heard, &mut screens).await?;
        let after = memory()?;
        let mut last = Vec::new();
        for number in 0..plan.movements {
            let (port, token) = (server.port, token.clone());
            let begun = Instant::now();
            spawn_blocking(move || take(port, &token, number)).await??;
            last.push(
                everybody(plan.screens, &mut heard, &mut screens).await?.duration_since(begun).as_secs_f64() * 1e3,
            );
        }
        anyhow::Ok((Times::of(last), after))
    })??;
    server.stop()?;
    let note = format!("{} screens; {:.1} MB before, {:.1} MB after", plan.screens, before, after);
    let told = format!("from asking for a number to the last of {} screens, {} numbers", plan.screens, plan.movements);
    Ok(vec![
        Row::new("memory grown by screens that listen", after - before, "MB").at_most(200.0).note(note),
        Row::new("the last screen hears of it, worst", last.percent(100), "ms").at_most(500.0).note(told),
        Row::new("the last screen hears of it, p50", last.percent(50), "ms"),
    ])
}

/// Gives the place hours around the clock, so that numbers are to be had whenever it is measured.
fn never_closing(dir: &Path) -> Result<()> {
    let files = dir.join("catalogue");
    let run = |arguments: &[&str]| -> Result<()> {
        let done = program()?.args(arguments).stdin(Stdio::null()).output()?;
        ensure!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        Ok(())
    };
    let folder = files.to_str().context("a folder whose name is no text")?;
    run(&["catalog", "export", folder])?;
    let path = files.join("places.json");
    let mut places: Value = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
    let all = places.get_mut("places").and_then(Value::as_array_mut).context("places.json has no places")?;
    let own = all.iter_mut().find(|place| place.get("id").is_some_and(|id| id == PLACE));
    let first = own.as_deref().and_then(|place| place.pointer("/openings/0")).cloned();
    let (Some(own), Some(mut opening)) = (own, first) else { bail!("{PLACE} has no hours") };
    for (key, value) in
        [("on", json!(["working", "weekend", "holiday"])), ("from", json!("00:00")), ("to", json!("23:59"))]
    {
        *opening.get_mut(key).context("an opening without hours")? = value;
    }
    *own.get_mut("openings").context("no hours")? = json!([opening]);
    std::fs::write(&path, serde_json::to_string(&places)?)?;
    run(&["catalog", "import", folder, "--dir", dir.to_str().context("a folder whose name is no text")?])
}

/// One screen: tells at what instant it has heard each state of the board.
async fn listen(port: u16, tell: UnboundedSender<Instant>) -> Result<()> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    stream.write_all(&get(&format!("/screen/{PLACE}/events"), &[("Accept", "text/event-stream")])).await?;
    let mut chunk = vec![0; 4 << 10];
    let mut rest: Vec<u8> = Vec::new();
    loop {
        let count = stream.read(&mut chunk).await?;
        ensure!(count > 0, "a screen was cut off");
        let at = Instant::now();
        rest.extend_from_slice(chunk.get(..count).unwrap_or_default());
        while let Some(place) = rest.windows(MARK.len()).position(|part| part == MARK) {
            rest.drain(..place + MARK.len());
            tell.send(at)?;
        }
        // A mark may be cut in two by the next read.
        rest.drain(..rest.len().saturating_sub(MARK.len() - 1));
    }
}

/// Waits until so many have heard; answers when the last did.
async fn everybody(
    screens: usize,
    heard: &mut UnboundedReceiver<Instant>,
    listening: &mut JoinSet<Result<()>>,
) -> Result<Instant> {
    let mut last = None;
    for count in 0..screens {
        let at = tokio::select! {
            at = timeout(PATIENCE, heard.recv()) => at,
            Some(ended) = listening.join_next() => { ended??; bail!("a screen has stopped listening") }
        };
        let Ok(Some(at)) = at else { bail!("only {count} of {screens} screens have heard") };
        last = last.max(Some(at));
    }
    last.context("there are no screens")
}

/// Asks for a number at the counter, as a terminal does.
fn take(port: u16, token: &str, number: usize) -> Result<()> {
    let (bearer, key) = (format!("Bearer {token}"), format!("screens-{number}"));
    let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", key.as_str())];
    let body = json!({ "place": PLACE, "counter": COUNTER }).to_string();
    once(port, &post("/api/v1/tickets", &headers, &body), 201)?;
    Ok(())
}
