//! The release of slots: very many people want a place at the same moment, and exactly the places that there are get booked.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::approvals::make_city;
use super::http::{Answer, get, post};
use super::load::{Load, once, status};
use super::report::Row;
use super::server::Server;
use super::{Plan, block_on};
use crate::run::folder::Folder;
use crate::run::open;

const PLACE: &str = "civic-centre";
const CALLERS: usize = 64;
/// How many times, a quarter of a second apart, the server is asked whether it has released the slots of the days to come.
const PATIENCE: u32 = 240;

/// Everybody at once for the places of many slots, on the embedded database.
pub fn measure(plan: &Plan, dir: &Path) -> Result<Vec<Row>> {
    make_city(dir, None)?;
    let folder = Folder::at(dir);
    let tokens: BTreeMap<String, String> =
        serde_json::from_str(&std::fs::read_to_string(folder.file("demo-tokens.json"))?)?;
    let token = tokens.get("integrator").context("the demo city has no token for an integrator")?;
    let today = block_on(async {
        let city = open::city(&folder).await?;
        let today = city.now().date();
        city.store().close().await;
        anyhow::Ok(today)
    })??;
    let server = Server::demo(dir, None)?;
    let places = places(server.port, today, plan.slot_places)?;
    let requests: Vec<Vec<u8>> =
        places.iter().cycle().take(plan.seekers).enumerate().map(|(seeker, slot)| wish(token, slot, seeker)).collect();
    let booked = AtomicUsize::new(0);
    let check = |answer: &Answer| -> Result<(), String> {
        if answer.status == 201 {
            booked.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        status(answer, 409)?;
        let full = answer.text().contains("slot-taken");
        if full { Ok(()) } else { Err(format!("refused for another reason: {}", answer.text())) }
    };
    let taken = Load { port: server.port, requests: &requests, check: &check }.closed(CALLERS)?;
    server.stop()?;
    let booked = booked.into_inner();
    if booked != places.len() {
        bail!("{booked} booked {} places", places.len());
    }
    let note = format!(
        "{} people for {booked} places, each booked once; p50 {:.1} ms",
        requests.len(),
        taken.times.percent(50)
    );
    Ok(vec![
        Row::new("answers, 64 callers", taken.rate, "/s").note(note),
        Row::new("answers, 64 callers, p99", taken.times.percent(99), "ms").at_most(300.0),
    ])
}

/// So many places: the id of a slot once for each place in it.
fn places(port: u16, today: Date, wanted: usize) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for ahead in 1..=7 {
        // The furthest day is released in the course of this one: nobody waits for it who has places enough.
        if found.len() == wanted {
            break;
        }
        let day = today.checked_add(i64::from(ahead).days())?;
        for slot in slots(port, day)? {
            let id = slot.get("id").and_then(Value::as_str).context("a slot without an id")?;
            let free = usize::try_from(slot.get("free").and_then(Value::as_u64).unwrap_or(0))?;
            if found.len() + free <= wanted {
                found.extend(std::iter::repeat_n(id.to_owned(), free));
            }
        }
    }
    if found.len() == wanted { Ok(found) } else { bail!("{} places are free, {wanted} are wanted", found.len()) }
}

/// The slots of a day, once they are released.
fn slots(port: u16, day: Date) -> Result<Vec<Value>> {
    let request = get(&format!("/api/v1/places/{PLACE}/slots?date={day}"), &[]);
    for _ in 0..PATIENCE {
        let list: Value = serde_json::from_slice(&once(port, &request, 200)?.body)?;
        let items = list.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        if !items.is_empty() {
            return Ok(items);
        }
        std::thread::sleep(Duration::from_millis(250));
    }
    bail!("the slots of {day} were not released")
}

fn wish(token: &str, slot: &str, seeker: usize) -> Vec<u8> {
    let (bearer, key) = (format!("Bearer {token}"), format!("release-{seeker}"));
    let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", key.as_str())];
    let code = format!("E{seeker:08}");
    let applicant = json!({ "kind": "person", "name": "王芳", "id_type": "passport", "code": code });
    post("/api/v1/appointments", &headers, &json!({ "slot": slot, "applicant": applicant }).to_string())
}
