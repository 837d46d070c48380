//! Rating 好差评: giving a rating, the figures that everybody may read, follow-ups at the desk, and what supervisors watch.
//!
//! * `rate.rs` one page by four ways: a case, a ticket, the code of a message, the code of a window
//! * `public.rs` the figures of the city, a department, a place; `follow.rs` the follow-ups, with `ways.rs` their forms
//! * `codes.rs` the codes that hang at the windows; `watch.rs` comparisons, star lists, contests

mod codes;
mod follow;
mod public;
mod rate;
mod watch;
mod ways;

use axum::Router;
use axum::routing::get;
use domain::accounts::Actor;
use domain::text::Text;
use domain::voice::{RatingRules, Tally, grade};
use jiff::civil::Date;
use service::cases::RequestKey;
use service::{City, ServiceError};

use crate::app::{App, Failure, Posted};
use crate::i18n::T;
use crate::kit::{Tag, Tone};

/// Addresses of ratings.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/rate", get(rate::enter))
        .route("/rate/{code}", get(rate::by_code).post(rate::send_by_code))
        .route("/rate/at/{place}/{window}", get(rate::at_window).post(rate::send_at_window))
        .route("/cases/{number}/rate", get(rate::of_case).post(rate::send_of_case))
        .route("/tickets/{id}/rate", get(rate::of_ticket).post(rate::send_of_ticket))
        .route("/ratings", get(public::city))
        .route("/ratings/departments/{id}", get(public::department))
        .route("/ratings/places/{id}", get(public::place))
        .route("/desk/ratings", get(follow::list))
        .route("/desk/ratings/{number}", get(follow::page).post(follow::send))
        .route("/desk/rating-codes", get(codes::page))
        .route("/watch/ratings", get(watch::page))
        .route("/watch/ratings.csv", get(watch::export))
}

/// A value that makes one showing of a form one request, however often it is sent.
fn nonce(city: &City) -> String {
    city.random::<16>().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The key of a posted form of somebody who is signed in; a form that was not shown by us has none.
fn form_key(posted: &Posted, actor: &Actor) -> Option<RequestKey> {
    let content: Vec<&(String, String)> = posted.pairs.iter().filter(|(name, _)| name != "csrf").collect();
    let text = format!("{} {}", posted.visit.path, serde_json::to_string(&content).unwrap_or_default());
    let nonce = posted.get("nonce");
    (nonce.len() == 32).then(|| (actor.label(), nonce.to_owned(), seal::digest::sha256(text.as_bytes())))
}

/// A level as a word with its shape.
fn level_tag(t: T, city: &City, stars: u8) -> Tag {
    let shelf = city.shelf();
    let tone = match stars {
        0..=2 => Tone::Bad,
        3 => Tone::Quiet,
        _ => Tone::Good,
    };
    let name = shelf.ratings().level(stars).map_or_else(String::new, |level| t.of(&level.name).to_owned());
    Tag::new(tone, name)
}

/// Ten thousandths of a per cent as `99.7789%`.
fn percent(share: i64) -> String {
    format!("{}.{:04}%", share / 10_000, share % 10_000)
}

/// Hundredths of a point as `9.90`.
fn points(average: i64) -> String {
    format!("{}.{:02}", average / 100, average % 100)
}

/// The rules in force today.
fn rules(city: &City) -> Result<RatingRules, Failure> {
    let shelf = city.shelf();
    let rules = shelf.ratings().rules_on(city.now().date()).cloned();
    Ok(rules.ok_or(ServiceError::NotFound("rules of rating"))?)
}

/// Average and stars of a tally in words, or that there are too few ratings.
fn standing(t: T, tally: &Tally, rules: &RatingRules) -> (String, String) {
    if !service::voice::may_publish(tally, rules) {
        return (t.voice_few().to_owned(), "—".to_owned());
    }
    let counted = tally.counted(rules);
    let average = counted.average(rules).map_or_else(|| "—".to_owned(), points);
    let stars = grade(&counted, rules).map_or_else(|| "—".to_owned(), |grade| t.voice_stars(u32::from(grade.stars)));
    (average, stars)
}

/// The month that a page shows, and the last six to choose from: `2026-11`.
fn months(city: &City, wanted: Option<&String>) -> (String, Vec<String>) {
    let today = city.now().date();
    let mut list = Vec::new();
    let (mut year, mut month) = (today.year(), today.month());
    for _ in 0..6 {
        list.push(format!("{year:04}-{month:02}"));
        (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
    }
    let chosen = wanted.filter(|own| list.contains(own)).or(list.first()).cloned().unwrap_or_default();
    (chosen, list)
}

/// A month in words.
fn month_words(t: T, month: &str) -> String {
    let day = format!("{month}-01").parse::<Date>();
    day.map_or_else(|_| month.to_owned(), |day| t.voice_month(day.year(), month_name(t, day)))
}

fn month_name(t: T, day: Date) -> String {
    match t.lang() {
        domain::text::Lang::Zh => day.month().to_string(),
        domain::text::Lang::En => domain::time::month_name(day.month()).to_owned(),
    }
}

/// Name of a matter, or nothing for one that is not said or not published any more.
fn matter_name(city: &City, t: T, slug: &str) -> String {
    let shelf = city.shelf();
    shelf.matter(slug).map_or_else(|_| String::new(), |matter| t.of(&matter.bundle.matter.name).to_owned())
}

/// Name of a department; its id where the catalogue does not know it any more.
fn department_name(city: &City, t: T, id: &str) -> String {
    city.shelf().department(id).map_or_else(|_| id.to_owned(), |own| t.of(&own.name).to_owned())
}

/// A window of a place: `place/window`.
fn window_name(city: &City, t: T, id: &str) -> String {
    let (place, window) = id.split_once('/').unwrap_or((id, ""));
    let name = city.shelf().place(place).map_or_else(|_| place.to_owned(), |own| t.of(&own.name).to_owned());
    if window.is_empty() { name } else { format!("{name} · {}", t.halls_windows(window)) }
}

/// What a refusal says in the page's language.
fn said(t: T, text: &Text) -> String {
    t.of(text).to_owned()
}
