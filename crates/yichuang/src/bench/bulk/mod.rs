//! A city with very many cases.
//!
//! The cases are copies of the demo city's own, which came about through the real use cases. A copy has an applicant,
//! numbers, ids and (if nobody has to act any more) dates of its own, and is written with all of its rows: the case with its
//! facts, sealed documents, licence, timers and counters, through the same commits as everything else, so that the journal is
//! whole. Two things differ from cases that were filed one by one: the signatures on copied documents and licences are those
//! of the originals and do not verify, and no in-app messages are made for what has long been over.

mod script;
mod template;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use domain::accounts::{Account, Party};
use domain::catalog::ApplicantKind;
use domain::time::Timestamp;
use jiff::civil::Date;
use service::City;
use service::accounts::{NewAccount, open_account};
use service::demo::{Body, Dice, Person};
use service::registry::Entry;
use store::{Advance, Change, CounterStep};
use tokio::task::JoinSet;

use crate::cli::catalog::operator;
use crate::run::folder::Folder;
use crate::run::open;
use template::{Place, Template};

/// Cases in one change; several changes are prepared while one is written.
const PER_CHANGE: u64 = 400;
const IN_FLIGHT: usize = 4;
/// One case in so many is still open, as in a city that keeps its promises.
const ONE_OPEN_IN: u64 = 50;
/// One closed case in so many may be of any kind; the others are of the lighter half, which keeps the file in bounds.
const ONE_HEAVY_IN: u64 = 20;
/// The closed cases lie so many days back at most.
const PAST_DAYS: i64 = 3 * 365;
/// Closed copies were received this long ago at least, so that nothing in them lies in the future.
const SETTLED_DAYS: i64 = 60;
/// Citizens who have an account.
pub const CITIZENS: usize = 200;
/// Numbers that are remembered for the measurement.
const REMEMBERED: u64 = 20_000;

/// What was made.
#[derive(Debug)]
pub struct Filled {
    /// Numbers of cases of all ages.
    pub numbers: Vec<String>,
    /// For each citizen with an account: its id, and numbers of own cases.
    pub citizens: Vec<(String, Vec<String>)>,
    /// Bytes that a case stores on average, without keys and indexes.
    pub mean_bytes: f64,
}

/// Fills the demo city of a folder up with copies. Must not run beside a server of the same city.
pub async fn fill(dir: &Path, count: u64) -> Result<Filled> {
    let city = open::city(&Folder::at(dir)).await?;
    let mut maker = Maker::new(&city, count).await?;
    let mut running: JoinSet<Result<store::Committed, store::StoreError>> = JoinSet::new();
    let mut next = 0;
    while next < count {
        let end = (next + PER_CHANGE).min(count);
        let change = maker.change(next..end)?;
        next = end;
        while running.len() >= IN_FLIGHT {
            running.join_next().await.transpose()?.transpose()?;
        }
        let store = city.store().clone();
        running.spawn(async move { store.commit(change).await });
    }
    while let Some(done) = running.join_next().await {
        done??;
    }
    maker.count(&city).await?;
    let citizens = maker.citizens(&city).await?;
    city.store().close().await;
    Ok(Filled { numbers: maker.numbers, citizens, mean_bytes: maker.bytes as f64 / count.max(1) as f64 })
}

/// An applicant of copies.
struct Holder {
    party: Party,
    /// Numbers of own cases, kept for those who will have an account.
    own: Option<Vec<String>>,
}

struct Maker {
    region: String,
    now: Timestamp,
    count: u64,
    open: Vec<Arc<Template>>,
    closed: Vec<Arc<Template>>,
    holders: BTreeMap<&'static str, Vec<Holder>>,
    /// Copies by template and days moved; the counters are worked out from them at the end.
    made: BTreeMap<(bool, usize, i64), i64>,
    dice: Dice,
    numbers: Vec<String>,
    bytes: u64,
}

fn kind_name(kind: ApplicantKind) -> &'static str {
    match kind {
        ApplicantKind::Person => "person",
        ApplicantKind::Enterprise => "enterprise",
        ApplicantKind::IndividualBusiness => "individual-business",
        _ => "organisation",
    }
}

impl Maker {
    async fn new(city: &City, count: u64) -> Result<Maker> {
        let sql = "SELECT id FROM casefile WHERE region = $1 ORDER BY id LIMIT 5000";
        let mut templates = Vec::new();
        for row in city.store().query(sql, &[city.region().into()]).await? {
            templates.push(Arc::new(Template::read(city, row.text(0)?).await?));
        }
        let (open, mut closed): (Vec<_>, Vec<_>) = templates.into_iter().partition(|own| own.open);
        closed.sort_by_key(|own| own.bytes);
        anyhow::ensure!(!open.is_empty() && closed.len() > 1, "the demo city has no cases to copy");
        let mut dice = Dice::new(u64::from_le_bytes(city.random()));
        let holders = holders(&mut dice, city.now().date(), count);
        let (region, now) = (city.region().to_owned(), city.now());
        let made = BTreeMap::new();
        Ok(Maker { region, now, count, open, closed, holders, made, dice, numbers: Vec::new(), bytes: 0 })
    }

    /// The change that writes these copies.
    fn change(&mut self, serials: std::ops::Range<u64>) -> Result<Change> {
        let mut change = Change::new(self.region.as_str(), self.now);
        for serial in serials {
            let is_open = serial % ONE_OPEN_IN == 0;
            let (at, template) = self.pick(serial, is_open)?;
            let days = if is_open { 0 } else { self.moved(&template, serial) };
            *self.made.entry((is_open, at, days)).or_default() += 1;
            self.bytes += template.bytes as u64;
            let mut salt = [0; 16];
            self.dice.fill(&mut salt);
            let all = self.holders.get_mut(kind_name(template.kind)).context("a kind of applicant without holders")?;
            let chosen = self.dice.below(u32::try_from(all.len()).unwrap_or(u32::MAX)) as usize;
            let holder = all.get_mut(chosen).context("a holder beyond the last")?;
            let place = Place { name: &holder.party.name, code: &holder.party.code, serial, days, salt };
            let number = template.copy(&place, &mut change)?;
            if serial % (self.count / REMEMBERED).max(1) == 0 {
                self.numbers.push(number.clone());
            }
            if let Some(own) = &mut holder.own {
                own.push(number);
            }
        }
        Ok(change)
    }

    fn pick(&mut self, serial: u64, is_open: bool) -> Result<(usize, Arc<Template>)> {
        let (from, end) = match (is_open, serial % ONE_HEAVY_IN) {
            (true, _) => (&self.open, self.open.len()),
            (false, 1) => (&self.closed, self.closed.len()),
            (false, _) => (&self.closed, self.closed.len() / 2),
        };
        let at = self.dice.below(u32::try_from(end).unwrap_or(u32::MAX)) as usize;
        Ok((at, from.get(at).context("a template beyond the last")?.clone()))
    }

    /// By how many days a closed copy moves: whole weeks, towards a time that goes on from copy to copy, so that ids and
    /// numbers ascend as they would have.
    fn moved(&self, template: &Template, serial: u64) -> i64 {
        let back = PAST_DAYS - i64::try_from(serial * (PAST_DAYS - SETTLED_DAYS) as u64 / self.count).unwrap_or(0);
        let age = (self.now.micros() - template.received.micros()) / script::DAY_MICROS;
        (age - back).div_euclid(7) * 7
    }

    /// Writes the counters and moves the subscribers behind the copies, as they would have done themselves.
    async fn count(&self, city: &City) -> Result<()> {
        let mut steps: BTreeMap<(String, String), i64> = BTreeMap::new();
        for ((is_open, at, days), times) in &self.made {
            let from = if *is_open { &self.open } else { &self.closed };
            for (fact, date) in from.get(*at).map(|template| template.story.as_slice()).unwrap_or_default() {
                let date = date.checked_add(jiff::Span::new().days(*days))?;
                for (name, key) in service::statistics::counted(fact, &date.to_string()) {
                    *steps.entry((name.to_owned(), key)).or_default() += times;
                }
            }
        }
        let steps: Vec<CounterStep> =
            steps.into_iter().map(|((name, key), by)| CounterStep { name, key, by }).collect();
        for some in steps.chunks(5_000) {
            let mut change = Change::new(city.region(), self.now);
            change.counters = some.to_vec();
            city.store().commit(change).await?;
        }
        let to = city.store().last_position(city.region()).await?;
        let (statistics, messages) = (service::statistics::SUBSCRIBER, service::messages::SUBSCRIBER);
        for subscriber in [statistics, messages, service::supervision::SUBSCRIBER] {
            let from = city.store().subscriber_position(city.region(), subscriber).await?;
            let mut change = Change::new(city.region(), self.now);
            change.cursors.push(Advance { subscriber: subscriber.to_owned(), from, to });
            city.store().commit(change).await?;
        }
        Ok(())
    }

    /// Opens accounts for the first citizens, every other of whom also acts for a company.
    async fn citizens(&mut self, city: &City) -> Result<Vec<(String, Vec<String>)>> {
        let mut people = self.holders.remove("person").unwrap_or_default();
        people.truncate(CITIZENS);
        let companies = self.holders.remove("enterprise").unwrap_or_default();
        let mut found = Vec::new();
        for (place, person) in people.into_iter().enumerate() {
            let account = NewAccount {
                login: format!("citizen-{place}-{}", hex::encode(city.random::<4>())),
                password: None,
                name: person.party.name.clone(),
                grants: Account::citizen(),
                person: Some((person.party.clone(), "demo".into())),
            };
            let account = open_account(city, &operator(), account).await?;
            let mut own = person.own.unwrap_or_default();
            if let Some(company) = companies.get(place).filter(|_| place % 2 == 0) {
                let doc = serde_json::json!({ "name": company.party.name, "kind": company.party.kind, "status": "active",
                    "legal_representative": { "name": person.party.name, "id": person.party.code } });
                let entry = Entry { register: "enterprise".into(), key: company.party.code.clone(), doc };
                service::registry::put(city, &[entry]).await?;
                own.extend(company.own.iter().flatten().cloned());
            }
            found.push((account.id.to_string(), own));
        }
        Ok(found)
    }
}

/// Applicants of each kind: people have eight cases on average, companies sixteen.
fn holders(dice: &mut Dice, today: Date, count: u64) -> BTreeMap<&'static str, Vec<Holder>> {
    let kinds = [
        (ApplicantKind::Person, 8),
        (ApplicantKind::Enterprise, 16),
        (ApplicantKind::IndividualBusiness, 16),
        (ApplicantKind::Organisation, 64),
    ];
    let mut all = BTreeMap::new();
    for (kind, share) in kinds {
        let wanted = usize::try_from(count / share).unwrap_or(usize::MAX).max(CITIZENS);
        let mut some = Vec::with_capacity(wanted);
        for place in 0..wanted {
            let party = match kind {
                ApplicantKind::Person => Person::thrown(dice, today, None).party(),
                _ => Body::thrown(dice, today, kind).party(),
            };
            some.push(Holder { party, own: (place < CITIZENS).then(Vec::new) });
        }
        all.insert(kind_name(kind), some);
    }
    all
}
