//! Who is on duty at the street's centre this week and next: one Sunday has nobody, one swap waits for an answer, and one evening a
//! clerk stayed until the last ticket was served.

use domain::accounts::Actor;
use domain::halls::{DayClass, DayTime, TicketCommand, TicketSource, Wanted, hours, monday_of};
use domain::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::accounts::{Cast, HALL_HEAD};
use super::clock;
use crate::city::City;
use crate::error::ServiceError;
use crate::halls::rota::{self, SwapWish};
use crate::halls::{self, Take};

const PLACE: &str = "wanghai-street";
const WINDOW: &str = "1";
/// How many days back one looks for a working day: longer than any holiday.
const LOOK_BACK_DAYS: i64 = 15;

/// Window, from and to in minutes since midnight, and whose duty: the first clerk's or the second's.
const WORKING: [(&str, u16, u16, usize); 5] =
    [("1", 540, 720, 0), ("2", 540, 720, 1), ("1", 720, 810, 1), ("1", 810, 1020, 0), ("2", 810, 1020, 1)];
const SATURDAY: (&str, u16, u16, usize) = ("1", 540, 960, 0);

fn person<'c>(cast: &'c Cast, login: &str) -> Result<&'c Actor, ServiceError> {
    cast.actors.get(login).ok_or(ServiceError::NotFound("account"))
}

/// Plans both weeks. A catalogue without the place has no rota.
pub(super) async fn plan(city: &City, cast: &Cast, seed: u64, now: Timestamp) -> Result<(), ServiceError> {
    if city.shelf().place(PLACE).is_err() {
        return Ok(());
    }
    let head = person(cast, HALL_HEAD)?;
    let (first, second) = (person(cast, "chen.clerk")?, person(cast, "wu.clerk")?);
    stay_late(city, first, seed, now.date()).await?;
    for login in ["chen.clerk", "wu.clerk"] {
        rota::join(city, head, PLACE, login, Vec::new(), None).await?;
    }
    let monday = monday_of(now.date());
    for ahead in 0..7 {
        let day = monday.checked_add(ahead.days()).unwrap_or(monday);
        plan_day(city, head, [first, second], day).await?;
    }
    let next = monday.checked_add(7.days()).unwrap_or(monday);
    rota::copy_week(city, head, PLACE, next, None).await?;
    ask(city, head, [first, second], next).await
}

async fn plan_day(city: &City, head: &Actor, clerks: [&Actor; 2], day: Date) -> Result<(), ServiceError> {
    let shelf = city.shelf();
    let own = hours(shelf.place(PLACE)?, &city.calendar(), day).map_err(ServiceError::internal)?;
    let duties: &[_] = match (own.class, day.weekday()) {
        (DayClass::Working, _) => &WORKING,
        (DayClass::Weekend, Weekday::Saturday) => &[SATURDAY],
        _ => &[],
    };
    for (window, from, to, who) in duties {
        let Some(clerk) = clerks.get(*who) else { continue };
        let (from, to) = (DayTime::from_minutes(*from), DayTime::from_minutes(*to));
        let wanted = Wanted { day, window: (*window).to_owned(), from, to, account: clerk.label() };
        rota::plan(city, head, PLACE, wanted, None).await?;
    }
    Ok(())
}

/// The first clerk would give the next Saturday to the second.
async fn ask(city: &City, head: &Actor, clerks: [&Actor; 2], monday: Date) -> Result<(), ServiceError> {
    let [first, second] = clerks;
    let shelf = city.shelf();
    let week = rota::week_of(city, head, shelf.place(PLACE)?, monday).await?;
    let saturday = week.rota.duties.iter().find(|duty| duty.day.weekday() == Weekday::Saturday);
    let Some(duty) = saturday.filter(|duty| duty.account == first.label()) else { return Ok(()) };
    let wish = SwapWish { duty: duty.id, to: second.label(), back: None };
    rota::ask_swap(city, first, PLACE, monday, wish, None).await.map(|_| ())
}

/// On the last working day somebody came at ten to five, and was served until twenty to six.
async fn stay_late(city: &City, clerk: &Actor, seed: u64, today: Date) -> Result<(), ServiceError> {
    let calendar = city.calendar();
    let mut days = (1..=LOOK_BACK_DAYS).filter_map(|back| today.checked_sub(back.days()).ok());
    let Some(day) = days.find(|day| calendar.day(*day).is_ok_and(|own| own.working)) else { return Ok(()) };
    let at = |hour: i64, minute: i64| Timestamp::start_of(day).plus_seconds(hour * 3600 + minute * 60);
    let (evening, hands) = clock::past(city, seed, at(16, 50)).await?;
    let wish = Take {
        place: PLACE.into(),
        counter: String::new(),
        matter: "social-insurance-certificate".into(),
        assisted: false,
        code: String::new(),
        source: TicketSource::Reception,
        key: None,
    };
    let id = halls::take(&evening, clerk, wish).await?.id.to_string();
    hands.turn(at(17, 0));
    halls::call_next(&evening, clerk, PLACE, WINDOW, None).await?;
    let window = || WINDOW.to_owned();
    halls::work(&evening, clerk, &id, TicketCommand::Serve { window: window() }, None).await?;
    hands.turn(at(17, 40));
    halls::work(&evening, clerk, &id, TicketCommand::Finish { window: window() }, None).await?;
    Ok(())
}
