//! `GET /desk/rota`: a week, day by day, with everything that is wrong with it.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use domain::halls::{DayClass, DayHours};
use jiff::ToSpan;
use jiff::civil::Date;
use service::halls::rota::{self, Week};

use super::rows::{DayCard, SwapRow};
use super::{Typed, address, day_of, forms, place_field, place_of, rows, staff, typed};
use crate::app::{Failure, Visit};
use crate::desk::frame;
use crate::halls::{hours, nonce};
use crate::i18n::T;
use crate::kit::{Field, Notice, Tone};
use crate::layout::{Page, respond};

/// What the head sees beside the week.
struct Head {
    plan: Vec<Field>,
    join: Vec<Field>,
    members: Vec<forms::MemberRow>,
}

/// The form of a swap.
struct SwapForm {
    duty: u32,
    title: String,
    wish: Field,
}

#[derive(Template)]
#[template(path = "halls/rota/week.html")]
struct RotaPage<'a> {
    t: T,
    page: &'a Page,
    problem: Option<Notice>,
    done: String,
    choice: Field,
    place: &'a str,
    name: String,
    week: Date,
    title: String,
    before: String,
    after: String,
    flagged: Option<Notice>,
    days: Vec<DayCard>,
    swaps: Vec<SwapRow>,
    swap: Option<SwapForm>,
    head: Option<Head>,
    rule: String,
    nonce: String,
}

fn kind(t: T, day: &DayHours<'_>) -> String {
    if let Some(name) = day.closed.as_ref().or(day.festival.as_ref()) {
        return t.of(name).to_owned();
    }
    t.halls_day_class(match day.class {
        DayClass::Working => "working",
        DayClass::Weekend => "weekend",
        DayClass::Holiday => "holiday",
    })
}

fn days(t: T, week: &Week<'_>, me: &str, plans: bool, today: Date) -> Vec<DayCard> {
    let card = |day: &DayHours<'_>| DayCard {
        date: day.date.to_string(),
        title: t.day(day.date),
        kind: kind(t, day),
        hours: hours::spans(t, day),
        today: day.date == today,
        duties: week.rota.duties_on(day.date).into_iter().map(|own| rows::duty(t, week, own, me)).collect(),
        gaps: {
            let own = week.flags.gaps.iter().filter(|gap| gap.day == day.date);
            own.map(|gap| rows::gap(t, week, gap, plans)).collect()
        },
    };
    week.days.iter().map(card).collect()
}

/// How much is wrong, above everything else.
fn flagged(t: T, week: &Week<'_>) -> Option<Notice> {
    let (gaps, duties) = (week.flags.gaps.len(), week.flags.duties.len());
    (gaps + duties > 0).then(|| Notice::new(Tone::Act, t.rota_flagged(gaps, duties)))
}

fn swaps(t: T, week: &Week<'_>, me: &str, plans: bool) -> Vec<SwapRow> {
    // Those that wait come first, then the latest.
    let mut own: Vec<_> = week.rota.swaps.iter().collect();
    own.sort_by_key(|swap| (!swap.is_open(), std::cmp::Reverse(swap.id)));
    let concerns = |swap: &&&domain::halls::Swap| plans || swap.by == me || swap.to == me;
    own.iter().filter(concerns).map(|swap| rows::swap(t, week, swap, me, plans)).collect()
}

/// What a page shows beside the week itself.
#[derive(Default)]
pub(super) struct Said {
    pub(super) problem: Option<String>,
    pub(super) done: String,
}

/// Shows a week; `fields` hold what was asked for or typed.
pub(super) async fn show(visit: &Visit, status: StatusCode, fields: &Typed, said: Said) -> Result<Response, Failure> {
    let actor = staff(visit)?;
    let (t, city) = (visit.t(), visit.city());
    let (page, shelf) = (frame::page(visit, "/desk/rota").await?, city.shelf());
    let place = place_of(city, &shelf, actor, typed(fields, "place")).await?;
    let week = rota::week_of(city, actor, place, day_of(visit, typed(fields, "week"))).await?;
    let (me, plans, monday) = (actor.label(), rota::plans(actor, place), week.rota.monday);
    let beside =
        |days: i64| monday.checked_add(days.days()).map_or_else(|_| String::new(), |day| address(&place.id, day));
    let wanted = typed(fields, "duty").parse().ok().and_then(|id| week.rota.duty(id)).filter(|own| own.account == me);
    let view = RotaPage {
        t,
        page: &page,
        problem: said.problem.map(|words| Notice::new(Tone::Act, words)),
        done: said.done,
        choice: place_field(t, &shelf, &place.id),
        place: &place.id,
        name: t.of(&place.name).to_owned(),
        week: monday,
        title: t.rota_week_of(t.date(monday)),
        before: beside(-7),
        after: beside(7),
        flagged: flagged(t, &week),
        days: days(t, &week, &me, plans, city.now().date()),
        swaps: swaps(t, &week, &me, plans),
        swap: wanted.map(|own| SwapForm {
            duty: own.id,
            title: forms::swap_title(t, own),
            wish: forms::swap(t, &week, own, typed(fields, "wish")),
        }),
        head: plans.then(|| Head {
            plan: forms::plan(t, &week, fields),
            join: forms::join(t, &week, fields),
            members: forms::members(t, &week),
        }),
        rule: if week.head_confirms { t.rota_rule_head() } else { t.rota_rule_colleague() }.to_owned(),
        nonce: nonce(city),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /desk/rota?place=&week=`, with `duty=` the form of its swap.
pub(super) async fn page(visit: Visit, Query(fields): Query<Typed>) -> Result<Response, Failure> {
    let said = match typed(&fields, "copied").parse::<usize>() {
        Ok(count) => Said { done: visit.t().rota_copied(count), problem: None },
        Err(_) => Said::default(),
    };
    show(&visit, StatusCode::OK, &fields, said).await
}
