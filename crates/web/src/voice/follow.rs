//! Follow-ups at the desk: the piles, and one of them on one screen.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Actor, Forbidden, Role};
use domain::codes::name;
use domain::voice::{ClaimGround, FollowUp, FollowUpDuty, Outcome, Tally, Verdict};
use service::ServiceError;
use service::voice::{self, OrderView};

use super::ways::{Typed, Way, ways};
use super::{department_name, form_key, level_tag, matter_name, months, nonce, percent, said, window_name};
use crate::app::{Failure, Posted, Visit};
use crate::desk::frame::{self, Lights};
use crate::i18n::{T, grouped};
use crate::kit::{
    Column, Crumbs, Empty, ErrorSummary, Fact, Facts, Html, Icon, Notice, Pager, Row, Tab, Table, Tabs, Tag, Tone,
};
use crate::layout::{Page, respond};

const PER_PAGE: i64 = 30;

#[derive(Template)]
#[template(path = "voice/orders.html")]
struct OrdersPage<'a> {
    t: T,
    page: &'a Page,
    tabs: Option<Tabs>,
    table: Option<Table>,
    empty: Option<Empty>,
    pager: Option<Pager>,
    /// A clerk's own figures: by level only, and only when they are many.
    own: Option<Table>,
    own_few: String,
    codes: bool,
}

fn own_table(visit: &Visit, tally: &Tally) -> Table {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let columns = vec![
        Column::new(t.voice_level()),
        Column::new(t.voice_count()).numeric(),
        Column::new(t.voice_share()).numeric(),
    ];
    shelf.ratings().levels.iter().fold(Table::new(t.voice_own(), columns), |table, level| {
        let count = grouped(tally.of(level.stars));
        let cells =
            vec![Html::text(t.of(&level.name)), Html::text(count), Html::text(percent(tally.share(level.stars)))];
        table.row(Row::new(cells))
    })
}

fn table(visit: &Visit, pile: &'static str, items: &[FollowUp]) -> Table {
    let (t, city) = (visit.t(), visit.city());
    let lights = Lights::new(t, city);
    let columns = vec![
        Column::new(t.voice_order()),
        Column::new(t.voice_level()),
        Column::new(t.desk_col_department()),
        Column::new(t.voice_opened()),
        Column::new(t.voice_due()),
    ];
    items.iter().fold(Table::new(t.voice_pile(pile), columns), |table, own| {
        let due = own.next_date();
        let lamp = lights.lamp("accept", due);
        let cells = vec![
            Html::link(&format!("/desk/ratings/{}", own.number), &own.number),
            Html::of(&level_tag(t, city, own.stars)),
            Html::text(department_name(city, t, &own.department)),
            Html::text(t.day(own.opened.date())),
            Html::text(frame::day(t, due)).then(" ").then(lamp),
        ];
        let row = Row::new(cells);
        table.row(if due.is_some_and(|due| city.now() >= due) { row.marked() } else { row })
    })
}

/// Whoever handles follow-ups, or has figures of their own.
fn concerned(visit: &Visit) -> Result<&Actor, Failure> {
    let actor = visit.staff()?;
    if voice::piles(actor).is_empty() && !actor.has(Role::Clerk) {
        let actor = actor.label();
        return Err(ServiceError::from(Forbidden { actor, action: Action::FollowRating }).into());
    }
    Ok(actor)
}

/// `GET /desk/ratings?pile=&after=`.
pub(super) async fn list(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let actor = concerned(&visit)?;
    let (t, city) = (visit.t(), visit.city());
    let piles = voice::piles(actor);
    let wanted = query.get("pile").map_or("", String::as_str);
    let pile = piles.iter().copied().find(|own| *own == wanted).or(piles.first().copied());
    let after = query.get("after").map(String::as_str).filter(|after| !after.is_empty());
    let (mut shown, mut pager) = (None, None);
    if let Some(pile) = pile {
        let found = voice::inbox(city, actor, pile, after, PER_PAGE).await?;
        let address = |after: &str| format!("/desk/ratings?pile={pile}&after={after}");
        let first = if after.is_some() { address("") } else { String::new() };
        let next = found.next.as_deref().map_or_else(String::new, address);
        pager = (!first.is_empty() || !next.is_empty()).then(|| Pager::new(t, first, next));
        shown = Some(table(&visit, pile, &found.items)).filter(|_| !found.items.is_empty());
    }
    let clerk = actor.has(Role::Clerk);
    let own = if clerk { voice::own_tally(city, actor, &months(city, None).0).await? } else { None };
    let tabs = piles.iter().map(|own| Tab {
        label: t.voice_pile(own),
        href: format!("/desk/ratings?pile={own}"),
        current: Some(*own) == pile,
        count: None,
    });
    let page = frame::page(&visit, "/desk/ratings").await?;
    let view = OrdersPage {
        t,
        page: &page,
        tabs: (!piles.is_empty()).then(|| Tabs::new(t.voice_orders(), tabs.collect())),
        empty: (shown.is_none() && pile.is_some())
            .then(|| Empty::new(Icon::CheckCircle, t.voice_pile_empty(), t.voice_pile_empty_text())),
        table: shown,
        pager,
        own_few: if clerk && own.is_none() { t.voice_own_few().to_owned() } else { String::new() },
        own: own.as_ref().map(|tally| own_table(&visit, tally)),
        codes: clerk,
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// One thing that has happened.
struct StepView {
    when: String,
    what: String,
    words: String,
}

#[derive(Template)]
#[template(path = "voice/order.html")]
struct OrderPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    number: String,
    tags: Vec<Tag>,
    late: Vec<Notice>,
    facts: Facts,
    said: Facts,
    steps: Vec<StepView>,
    action: String,
    nonce: String,
    ways: Vec<Way>,
}

fn facts(t: T, visit: &Visit, own: &OrderView) -> Vec<Fact> {
    let (city, order, rating) = (visit.city(), &own.order, &own.rating);
    let mut facts = vec![
        Fact::new(t.desk_col_department(), department_name(city, t, &order.department)),
        Fact::new(t.voice_opened(), t.moment(order.opened)),
    ];
    let provisional = |date: String| if order.terms.provisional { t.voice_provisional(date) } else { date };
    if order.reachable {
        let day = t.date(order.terms.contact_by.plus_seconds(-1).date());
        facts.push(Fact::new(t.voice_contact_by(), provisional(day)));
    }
    let day = t.date(order.terms.answer_by.plus_seconds(-1).date());
    facts.push(Fact::new(t.voice_answer_by(), provisional(day)));
    facts.push(Fact::new(t.voice_service(), rating.number.as_str()));
    let matter = matter_name(city, t, &rating.matter);
    if !matter.is_empty() {
        facts.push(Fact::new(t.cases_matter(), matter));
    }
    if !rating.scope.place.is_empty() {
        let window = format!("{}/{}", rating.scope.place, rating.scope.window);
        facts.push(Fact::new(t.voice_place(), window_name(city, t, &window)));
    }
    facts
}

/// What was said and by whom. Only those who handle it get this page.
fn rated(t: T, visit: &Visit, own: &OrderView) -> Vec<Fact> {
    let (shelf, rating) = (visit.city().shelf(), &own.rating);
    let tags: Vec<&str> =
        rating.voice.tags.iter().filter_map(|code| Some(t.of(&shelf.ratings().tag(code)?.text))).collect();
    let mut facts = vec![Fact::new(t.voice_level(), Html::of(&level_tag(t, visit.city(), rating.voice.stars)))];
    if !tags.is_empty() {
        facts.push(Fact::new(t.voice_tags(), tags.join(t.list_separator())));
    }
    if !rating.voice.text.is_empty() {
        facts.push(Fact::new(t.voice_text(), rating.voice.text.as_str()));
    }
    let who = match &rating.rater.party {
        Some(party) => name::mask(&party.name),
        None => t.voice_anonymous().to_owned(),
    };
    facts.push(Fact::new(t.voice_rater(), who));
    if !rating.rater.phone.is_empty() {
        let phone = rating.rater.phone.as_str();
        facts.push(Fact::new(t.voice_phone(), Html::link(&format!("tel:{phone}"), phone)));
    }
    if let Some(again) = &rating.again {
        facts.push(Fact::new(t.voice_again(), Html::of(&level_tag(t, visit.city(), again.voice.stars))));
    }
    facts
}

fn steps(t: T, order: &FollowUp) -> Vec<StepView> {
    let mut steps = Vec::new();
    for own in &order.attempts {
        let what = t.voice_choice(if own.reached { "reached-yes" } else { "reached-no" });
        steps.push(StepView { when: t.moment(own.at), what, words: own.note.clone() });
    }
    if let Some(own) = &order.complex {
        steps.push(StepView { when: t.moment(own.at), what: t.voice_do("take-time"), words: own.reason.clone() });
    }
    if let Some(own) = &order.claim {
        let malicious = own.ground == ClaimGround::Malicious;
        let what = t.voice_choice(if malicious { "ground-malicious" } else { "ground-mistaken" });
        steps.push(StepView { when: t.moment(own.at), what, words: own.evidence.clone() });
        if let Some((upheld, _, reason)) = &own.judged {
            let what = t.voice_choice(if *upheld { "upheld-yes" } else { "upheld-no" });
            steps.push(StepView { when: String::new(), what, words: reason.clone() });
        }
    }
    if let Some(own) = &order.answer {
        let what = t.voice_outcome(if own.outcome == Outcome::PutRight { "put-right" } else { "explained" });
        steps.push(StepView { when: t.moment(own.at), what, words: own.text.clone() });
    }
    steps
}

async fn show(visit: &Visit, status: StatusCode, own: &OrderView, typed: &Typed) -> Result<Response, Failure> {
    let (t, city) = (visit.t(), visit.city());
    let page = frame::page(visit, "/desk/ratings").await?;
    let mut errors = ErrorSummary::new(t);
    for (name, words) in &typed.errors {
        if name.is_empty() { errors.push_general(words.as_str()) } else { errors.push(name, words.as_str()) }
    }
    let order = &own.order;
    let tone = if order.is_open() { Tone::Act } else { Tone::Good };
    let mut tags = vec![Tag::new(tone, t.voice_state(order.state.name()))];
    if own.rating.verdict != Verdict::Counted {
        tags.push(Tag::new(Tone::Quiet, t.voice_not_counted()));
    }
    let late = order.late.iter().map(|duty| {
        let words = if *duty == FollowUpDuty::Contact { t.voice_late_contact() } else { t.voice_late_answer() };
        Notice::new(Tone::Bad, words)
    });
    let view = OrderPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_name(), "/desk").link(t.voice_orders(), "/desk/ratings"),
        errors,
        number: order.number.clone(),
        tags,
        late: late.collect(),
        facts: Facts::new(t, facts(t, visit, own)),
        said: Facts::new(t, rated(t, visit, own)),
        steps: steps(t, order),
        action: format!("/desk/ratings/{}", order.number),
        nonce: nonce(city),
        ways: ways(t, &own.possible, typed),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /desk/ratings/{number}`.
pub(super) async fn page(visit: Visit, Path(number): Path<String>) -> Result<Response, Failure> {
    let own = voice::order(visit.city(), visit.staff()?, &number).await?;
    show(&visit, StatusCode::OK, &own, &Typed::default()).await
}

/// `POST /desk/ratings/{number}`: `do=contact`, `answer`, `take-time`, `claim` or `judge`.
pub(super) async fn send(Path(number): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let (t, city, actor) = (visit.t(), visit.city(), visit.staff()?);
    let own = voice::order(city, actor, &number).await?;
    let (mut typed, command) = Typed::read(t, &posted);
    let Some(command) = command else {
        if typed.errors.is_empty() {
            return Err(Failure::status(StatusCode::BAD_REQUEST));
        }
        return show(visit, StatusCode::UNPROCESSABLE_ENTITY, &own, &typed).await;
    };
    match voice::follow(city, actor, &number, command, form_key(&posted, actor)).await {
        Ok(_) => Ok(Redirect::to(&format!("/desk/ratings/{number}")).into_response()),
        Err(ServiceError::Invalid(fields)) => {
            fields.iter().for_each(|own| typed.wrong(&own.field, t.of(&own.message)));
            show(visit, StatusCode::UNPROCESSABLE_ENTITY, &own, &typed).await
        }
        Err(ServiceError::Rating(refusal)) => {
            typed.errors.push((String::new(), said(t, &refusal.reason.explain())));
            show(visit, StatusCode::CONFLICT, &own, &typed).await
        }
        Err(other) => Err(other.into()),
    }
}
