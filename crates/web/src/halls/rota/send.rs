//! `POST /desk/rota`: `do` says what; everything typed is shown again when it cannot be done.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::Actor;
use domain::halls::{DayTime, Wanted, monday_of};
use jiff::civil::Date;
use service::ServiceError;
use service::halls::rota::{self, Answer, SwapWish};

use super::week::{Said, show};
use super::{Typed, address, day_of, staff};
use crate::app::{Failure, Posted};
use crate::halls::{form_key, refusal};

/// A time of day as people type it.
fn time(posted: &Posted, name: &str) -> Result<DayTime, ServiceError> {
    let text = posted.get(name).trim().replace('：', ":");
    let text = if text.find(':') == Some(1) { format!("0{text}") } else { text };
    DayTime::try_from(text)
        .map_err(|_| ServiceError::field(name, "时间请写作 09:00 到 24:00。", "Write times as 09:00, up to 24:00."))
}

fn number(posted: &Posted, name: &str) -> Result<u32, ServiceError> {
    posted.get(name).parse().map_err(|_| ServiceError::NotFound("duty"))
}

fn wanted(posted: &Posted) -> Result<Wanted, ServiceError> {
    let day =
        posted.get("day").parse::<Date>().map_err(|_| ServiceError::field("day", "请选择日期。", "Choose a day."))?;
    Ok(Wanted {
        day,
        window: posted.get("window").to_owned(),
        from: time(posted, "from")?,
        to: time(posted, "to")?,
        account: posted.get("account").to_owned(),
    })
}

fn wish(posted: &Posted) -> Result<SwapWish, ServiceError> {
    let duty = number(posted, "duty")?;
    let missing = || ServiceError::field("wish", "请选择调班方式。", "Choose how to swap.");
    match posted.get("wish").split_once(':').ok_or_else(missing)? {
        ("give", account) => Ok(SwapWish { duty, to: account.to_owned(), back: None }),
        ("swap", other) => {
            let back = other.parse().map_err(|_| missing())?;
            Ok(SwapWish { duty, to: String::new(), back: Some(back) })
        }
        _ => Err(missing()),
    }
}

/// Carries out a button. Answers what is added to the address afterwards.
async fn act(posted: &Posted, actor: &Actor) -> Result<String, ServiceError> {
    let (city, place) = (posted.visit.city(), posted.get("place"));
    if ["plan", "copy", "remove", "join", "leave"].contains(&posted.get("do")) {
        rota::permit_plan(actor, city.shelf().place(place)?)?;
    }
    let (day, key) = (day_of(&posted.visit, posted.get("week")), form_key(posted, actor));
    match posted.get("do") {
        "plan" => rota::plan(city, actor, place, wanted(posted)?, key).await.map(|_| ())?,
        "copy" => {
            let count = rota::copy_week(city, actor, place, day, key).await?;
            return Ok(format!("&copied={count}"));
        }
        "remove" => rota::remove(city, actor, place, day, number(posted, "duty")?, key).await.map(|_| ())?,
        "join" => {
            let counters = posted.all("counter").into_iter().map(str::to_owned).collect();
            rota::join(city, actor, place, posted.get("login"), counters, key).await.map(|_| ())?;
        }
        "leave" => rota::leave(city, actor, place, posted.get("account"), key).await.map(|_| ())?,
        "ask" => rota::ask_swap(city, actor, place, day, wish(posted)?, key).await.map(|_| ())?,
        name => {
            let answer = Answer::parse(name).ok_or(ServiceError::NotFound("command"))?;
            let swap = number(posted, "swap")?;
            rota::answer_swap(city, actor, place, day, (swap, answer), key).await.map(|_| ())?;
        }
    }
    Ok(String::new())
}

/// `POST /desk/rota`.
pub(super) async fn send(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = staff(visit)?;
    match act(&posted, actor).await {
        Ok(more) => {
            let monday = monday_of(day_of(visit, posted.get("week")));
            Ok(Redirect::to(&format!("{}{more}", address(posted.get("place"), monday))).into_response())
        }
        Err(error) => {
            let status = match &error {
                ServiceError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::CONFLICT,
            };
            let problem = Some(refusal(visit.t(), error)?);
            let fields: Typed = posted.pairs.iter().cloned().collect();
            show(visit, status, &fields, Said { problem, done: String::new() }).await
        }
    }
}
