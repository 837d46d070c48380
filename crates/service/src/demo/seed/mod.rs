//! A district with a past: the seeding runs the real use cases in virtual time, from the oldest licence to this minute.

mod accounts;
mod clock;
mod mandates;
mod opinions;
mod play;
mod population;
mod rota;
mod stories;

pub use accounts::{DemoAccount, PASSWORD, accounts};
pub(crate) use population::common;

use domain::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use seal::cert::Certificate;

use super::only_in_demo;
use super::random::Dice;
use super::specimen::specimens;
use crate::city::{City, Clock};
use crate::error::ServiceError;
use crate::journal;

/// One case of the city's past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeededCase {
    /// 办件编号.
    pub number: String,
    /// Slug of the matter.
    pub matter: String,
    /// Stored name of its state.
    pub state: String,
}

/// What the seeding made.
#[derive(Debug, Clone)]
pub struct Seeded {
    /// Accounts, the administrator's included.
    pub accounts: usize,
    /// People in the population register, at least.
    pub people: usize,
    /// Companies and individual businesses in their register, at least.
    pub businesses: usize,
    /// Cases by number.
    pub cases: Vec<SeededCase>,
}

/// The first day of a demo city's past. Certificates of its departments must be valid from then on.
pub fn history_start(today: Date) -> Date {
    today.checked_sub(51.months()).unwrap_or(today)
}

/// Whether the seeding of a city has been finished.
///
/// # Errors
/// What the store says.
pub async fn is_seeded(city: &City) -> Result<bool, ServiceError> {
    match crate::accounts::find_by_login(city, accounts::ADMINISTRATOR).await {
        Ok(_) => Ok(true),
        Err(ServiceError::NotFound(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Fills an empty demo city whose catalogue has been imported. The same seed and day make the same city: people, numbers,
/// states and dates; only salts, public ids and password hashes differ.
///
/// # Errors
/// [`ServiceError::NotFound`] outside a demo city; [`ServiceError::Changed`] when it was seeded before;
/// [`ServiceError::Internal`] when a certificate is younger than [`history_start`] or the catalogue lacks a matter; what
/// the store says.
pub async fn seed(city: &City, seed: u64, today: Date) -> Result<Seeded, ServiceError> {
    only_in_demo(city)?;
    if is_seeded(city).await? {
        return Err(ServiceError::Changed);
    }
    let start = Timestamp::start_of(history_start(today));
    old_enough(city, start)?;
    let mut dice = Dice::new(seed);
    let (past, hands) = clock::past(city, dice.throw(), start).await?;
    population::common(&past).await?;
    population::settle(&past, &mut dice, today).await?;
    specimens(&past).await?;
    let cast = accounts::open_all(&past, &mut dice).await?;
    let now = if city.now().date() == today { city.now() } else { Timestamp::start_of(today).plus_seconds(9 * 3600) };
    let stories = stories::all(&past, today, now, &mut dice)?;
    play::play(&past, &hands, &cast, stories, dice.throw(), now).await?;
    opinions::rate(&past, &cast, &mut dice).await?;
    rota::plan(&past, &cast, dice.throw(), now).await?;
    hands.turn(now);
    mandates::appoint(&past, &cast).await?;
    while journal::advance(&past).await? > 0 {}
    crate::supervision::load_embedded(&past, &domain::accounts::Actor::operator()).await?;
    accounts::open_administrator(&past).await?;
    debug_assert_eq!(hands.now(), past.now());
    Ok(Seeded {
        accounts: cast.actors.len() + cast.citizens.len() + 1,
        people: population::COUNT.0,
        businesses: population::COUNT.1,
        cases: cases(&past).await?,
    })
}

/// Signing before a certificate begins would make licences that nobody can verify.
fn old_enough(city: &City, start: Timestamp) -> Result<(), ServiceError> {
    for (department, signer) in &city.keys().signers {
        let Some(der) = signer.certificate_chain().first() else { continue };
        let from = Certificate::from_der(der).map_err(ServiceError::internal)?.not_before();
        if from > start {
            return Err(ServiceError::Internal(format!(
                "the certificate of {department} begins {from}, after the city's past, which begins {start}"
            )));
        }
    }
    Ok(())
}

async fn cases(city: &City) -> Result<Vec<SeededCase>, ServiceError> {
    let sql = "SELECT number, matter, state FROM casefile WHERE region = $1 ORDER BY number LIMIT 5000";
    let rows = city.store().query(sql, &[city.region().into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(SeededCase {
                number: row.text(0)?.to_owned(),
                matter: row.text(1)?.to_owned(),
                state: row.text(2)?.to_owned(),
            })
        })
        .collect()
}
