//! Pages of a city with very many cases, at a constant rate of requests.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use service::City;
use service::accounts::find_by_login;
use service::demo::Dice;
use store::accounts::SESSION;
use store::{Change, PlainWrite};

use super::bulk::Filled;
use super::http::get;
use super::load::{Load, Taken, once, status};
use super::report::Row;
use super::server::Server;
use super::{Plan, block_on};
use crate::run::folder::Folder;
use crate::run::open;

/// Connections of the generator: as many as answers can be under way before requests wait for one.
const CONNECTIONS: usize = 32;
/// Pages of a pile that are asked for, from its beginning.
const PAGES_DEEP: usize = 5;
/// Staff of the demo city, with the piles on their desks.
const STAFF: [(&str, &[&str]); 4] = [
    ("chen.clerk", &["", "feedback", "accept", "deliver"]),
    ("lin.reviewer", &["", "review", "inspect", "check"]),
    ("gao.approver", &["", "decide", "check"]),
    ("xu.supervisor", &["", "accept", "review", "inspect", "decide", "deliver", "check"]),
];

/// Cookies of people.
struct Visitors {
    staff: BTreeMap<&'static str, String>,
    /// Cookie and numbers of own cases.
    citizens: Vec<(String, Vec<String>)>,
}

/// Inbox, case, my cases and dashboards.
pub fn measure(plan: &Plan, dir: &Path, filled: &Filled) -> Result<Vec<Row>> {
    let visitors = block_on(visitors(dir, filled))??;
    let server = Server::demo(dir, None)?;
    let inbox = inbox(&server, &visitors)?;
    let case = cases(&visitors, filled)?;
    let mine = visitors.citizens.iter().map(|(cookie, _)| page("/cases", cookie)).collect::<Vec<_>>();
    let mut rows = Vec::new();
    for (what, requests) in [("inbox", inbox), ("case", case), ("my cases", mine)] {
        let taken = steady(plan, &server, &requests)?;
        let note = format!(
            "{} requests at {}/s, each from the moment it was due; p50 {:.1} ms, slowest {:.0} ms",
            taken.times.len(),
            plan.page_rate,
            taken.times.percent(50),
            taken.times.percent(100)
        );
        rows.push(Row::new(format!("{what} pages, p99"), taken.times.percent(99), "ms").at_most(25.0).note(note));
    }
    rows.push(dashboards(&server, &visitors)?);
    server.stop()?;
    Ok(rows)
}

/// The request of a browser.
fn page(path: &str, cookie: &str) -> Vec<u8> {
    let cookie = format!("yichuang={cookie}");
    get(path, &[("Cookie", &cookie), ("Accept-Encoding", "gzip"), ("Accept-Language", "zh-CN")])
}

fn steady(plan: &Plan, server: &Server, requests: &[Vec<u8>]) -> Result<Taken> {
    let count = (plan.page_rate * plan.page_seconds) as usize;
    let mut dice = Dice::new(7);
    let mut drawn = |count: usize| -> Vec<Vec<u8>> { (0..count).filter_map(|_| dice.one(requests).cloned()).collect() };
    let check = |answer: &super::http::Answer| match status(answer, 200) {
        Ok(()) if answer.body.len() < 1_000 => Err("a page of less than 1,000 bytes".to_owned()),
        other => other,
    };
    let load =
        |requests: &[Vec<u8>]| Load { port: server.port, requests, check: &check }.open(plan.page_rate, CONNECTIONS);
    // The first second opens connections and prepares statements.
    load(&drawn(plan.page_rate as usize))?;
    load(&drawn(count))
}

/// Every pile of everybody, page by page as far as one would read, where there are cases on it.
fn inbox(server: &Server, visitors: &Visitors) -> Result<Vec<Vec<u8>>> {
    let mut requests = Vec::new();
    for (login, piles) in STAFF {
        let cookie = visitors.staff.get(login).context("a member of staff without a session")?;
        for pile in piles {
            let mut path = Some(format!("/desk/{pile}").trim_end_matches('/').to_owned());
            for _ in 0..PAGES_DEEP {
                let Some(here) = path.take() else { break };
                let plain = get(&here, &[("Cookie", &format!("yichuang={cookie}"))]);
                let shown = once(server.port, &plain, 200)?.text();
                if shown.contains("/desk/cases/") {
                    requests.push(page(&here, cookie));
                }
                path = next(&shown, pile);
            }
        }
    }
    if requests.len() < 10 {
        bail!("the desks of the city are nearly empty: only {} pages show cases", requests.len());
    }
    Ok(requests)
}

/// The address of a pile's next page, where it has one.
fn next(shown: &str, pile: &str) -> Option<String> {
    let mark = format!("\"/desk/{pile}?");
    let links = shown.split(&mark).skip(1).filter_map(|rest| rest.split_once('"'));
    let query = links.map(|(query, _)| query.replace("&amp;", "&")).find(|query| query.contains("after="))?;
    Some(format!("/desk/{pile}?{query}"))
}

/// Half of the pages are those of staff, who see any case (and whose look is recorded durably before the page is sent); half
/// are those of applicants, who see their own.
fn cases(visitors: &Visitors, filled: &Filled) -> Result<Vec<Vec<u8>>> {
    let clerk = visitors.staff.get("chen.clerk").context("no clerk")?;
    let own = visitors.citizens.iter().flat_map(|(cookie, numbers)| numbers.iter().map(move |own| (cookie, own)));
    let own: Vec<Vec<u8>> = own.map(|(cookie, number)| page(&format!("/cases/{number}"), cookie)).collect();
    let of_staff = filled.numbers.iter().map(|number| page(&format!("/desk/cases/{number}"), clerk));
    let all: Vec<Vec<u8>> = of_staff.take(own.len().max(200)).chain(own.iter().cloned()).collect();
    anyhow::ensure!(!own.is_empty(), "no citizen with an account has a case");
    Ok(all)
}

/// The supervisor's figures, one request after the other.
fn dashboards(server: &Server, visitors: &Visitors) -> Result<Row> {
    let cookie = visitors.staff.get("xu.supervisor").context("no supervisor")?;
    let requests = vec![page("/watch", cookie); 300];
    let check = |answer: &super::http::Answer| status(answer, 200);
    let taken = Load { port: server.port, requests: &requests, check: &check }.closed(1)?;
    let note =
        format!("whole page over HTTP, one caller, {} times; p99 {:.1} ms", requests.len(), taken.times.percent(99));
    Ok(Row::new("dashboards by counters, p50", taken.times.percent(50), "ms").at_most(5.0).note(note))
}

/// Opens sessions for staff and citizens, as signing in does.
async fn visitors(dir: &Path, filled: &Filled) -> Result<Visitors> {
    let city = open::city(&Folder::at(dir)).await?;
    let mut staff = BTreeMap::new();
    for (login, _) in STAFF {
        let (account, _) = find_by_login(&city, login).await?;
        staff.insert(login, session(&city, &account.id.to_string()).await?);
    }
    let mut citizens = Vec::new();
    for (account, numbers) in &filled.citizens {
        citizens.push((session(&city, account).await?, numbers.clone()));
    }
    city.store().close().await;
    Ok(Visitors { staff, citizens })
}

async fn session(city: &City, account: &str) -> Result<String> {
    let secret = hex::encode(city.random::<32>());
    let mut change = Change::new(city.region(), city.now());
    let expires = city.now().plus_seconds(12 * 3600).micros();
    change.plain.push(PlainWrite {
        table: &SESSION,
        id: seal::digest::sha256_hex(secret.as_bytes()),
        columns: vec![account.into(), expires.into(), hex::encode(city.random::<16>()).into()],
    });
    city.store().commit(change).await?;
    Ok(secret)
}
