//! Figures that everybody may read: of the city, a department, a place. Never so few that they would show who rated.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use domain::voice::{ContestOf, Outcome, RatingRules, Tally};
use service::voice::{self, About, Figures, Held, may_publish};

use super::{department_name, level_tag, month_words, months, percent, points, rules, standing, window_name};
use crate::app::{Failure, Visit};
use crate::i18n::{T, grouped};
use crate::kit::{Column, Crumbs, Fact, Facts, Html, Icon, Row, Tab, Table, Tabs, Tag};
use crate::layout::{Page, respond};

/// An answer to a bad rating.
struct AnswerView {
    level: Tag,
    tags: Vec<String>,
    outcome: String,
    text: String,
    date: String,
}

/// A contest with its winners.
struct ContestView {
    title: String,
    winners: Vec<String>,
}

#[derive(Template)]
#[template(path = "voice/figures.html")]
struct FiguresPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    title: String,
    months: Tabs,
    few: String,
    facts: Facts,
    levels: Option<Table>,
    departments: Option<Table>,
    places: Option<Table>,
    contests: Vec<ContestView>,
    answers: Vec<AnswerView>,
    answered: bool,
}

fn facts(t: T, figures: &Figures, rules: &RatingRules, shown: bool) -> Vec<Fact> {
    let tally = &figures.tally;
    let mut facts = vec![Fact::new(t.voice_total(), grouped(tally.total()))];
    if shown {
        let (average, stars) = standing(t, tally, rules);
        facts.push(Fact::new(t.voice_average(), average));
        facts.push(Fact::new(t.voice_star_level(), stars));
    }
    if let Some(share) = tally.rated_share() {
        facts.push(Fact::new(t.voice_rated_share(), percent(share)));
    }
    // One rating and one order beside each other would say which it was.
    if figures.orders > 0 && shown {
        facts.push(Fact::new(t.voice_orders(), grouped(figures.orders)));
    }
    if let Some(share) = figures.in_time_share().filter(|_| shown) {
        facts.push(Fact::new(t.voice_in_time(), percent(share)));
    }
    facts
}

fn levels(visit: &Visit, tally: &Tally) -> Table {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let columns = vec![
        Column::new(t.voice_level()),
        Column::new(t.voice_count()).numeric(),
        Column::new(t.voice_share()).numeric(),
    ];
    let mut table = Table::new(t.voice_levels(), columns);
    for level in &shelf.ratings().levels {
        let cells = vec![
            Html::text(t.of(&level.name)),
            Html::text(grouped(tally.of(level.stars))),
            Html::text(percent(tally.share(level.stars))),
        ];
        table = table.row(Row::new(cells));
    }
    table
}

/// A comparison, in the order of the catalogue, so that it is no ranking of who has few ratings.
fn compared(t: T, caption: &str, rules: &RatingRules, rows: Vec<(String, String, Tally)>) -> Table {
    let columns = vec![
        Column::new(caption),
        Column::new(t.voice_count()).numeric(),
        Column::new(t.voice_average()).numeric(),
        Column::new(t.voice_star_level()),
    ];
    let mut table = Table::new(caption, columns);
    for (href, name, tally) in rows {
        let (average, stars) = standing(t, &tally, rules);
        let cells =
            vec![Html::link(&href, &name), Html::text(grouped(tally.total())), Html::text(average), Html::text(stars)];
        table = table.row(Row::new(cells));
    }
    table
}

async fn answers(visit: &Visit, department: &str) -> Result<Vec<AnswerView>, Failure> {
    let (t, city, shelf) = (visit.t(), visit.city(), visit.city().shelf());
    let found = voice::published(city, department).await?;
    let view = |own: voice::Published| AnswerView {
        level: level_tag(t, city, own.stars),
        tags: own.tags.iter().filter_map(|code| Some(t.of(&shelf.ratings().tag(code)?.text).to_owned())).collect(),
        outcome: t.voice_outcome(if own.outcome == Outcome::PutRight { "put-right" } else { "explained" }),
        text: own.text,
        date: t.date(own.at.date()),
    };
    Ok(found.into_iter().map(view).collect())
}

async fn winner_name(visit: &Visit, held: &Held, id: &str) -> Result<String, Failure> {
    if held.of == ContestOf::Window {
        return Ok(window_name(visit.city(), visit.t(), id));
    }
    match service::accounts::load(visit.city(), id).await {
        Ok((account, _)) => Ok(account.name),
        Err(service::ServiceError::NotFound(_)) => Ok(visit.t().voice_gone().to_owned()),
        Err(other) => Err(other.into()),
    }
}

/// Contests that somebody has won, newest first.
async fn contests(visit: &Visit) -> Result<Vec<ContestView>, Failure> {
    let t = visit.t();
    let mut views = Vec::new();
    for held in voice::held(visit.city()).await?.into_iter().filter(|held| !held.winners.is_empty()) {
        let mut winners = Vec::new();
        for winner in &held.winners {
            let name = winner_name(visit, &held, &winner.id).await?;
            winners.push(t.voice_winner(name, points(winner.average), winner.ratings));
        }
        views.push(ContestView { title: format!("{} · {}", t.of(&held.name), held.period), winners });
    }
    Ok(views)
}

/// The parts that only one of the pages has.
#[derive(Default)]
struct Parts {
    departments: Option<Table>,
    places: Option<Table>,
    contests: Vec<ContestView>,
    answers: Option<Vec<AnswerView>>,
}

async fn show(
    visit: &Visit,
    (about, id, title): (About, &str, String),
    month: (String, Vec<String>),
    parts: Parts,
) -> Result<Response, Failure> {
    let (t, page, city) = (visit.t(), visit.page(), visit.city());
    let rules = rules(city)?;
    let (month, all) = month;
    let figures = voice::figures(city, about, id, &month).await?;
    let shown = may_publish(&figures.tally, &rules);
    let here = visit.path.split('?').next().unwrap_or_default().to_owned();
    let tabs = all.iter().map(|own| Tab {
        label: month_words(t, own),
        href: format!("{here}?month={own}"),
        current: *own == month,
        count: None,
    });
    let mut crumbs = Crumbs::new(t);
    if about != About::City {
        crumbs = crumbs.link(t.voice_title(), "/ratings");
    }
    let answered = parts.answers.is_some();
    let view = FiguresPage {
        t,
        page: &page,
        crumbs,
        title,
        months: Tabs::new(t.voice_months(), tabs.collect()),
        few: if shown { String::new() } else { t.voice_few_text(rules.publish_least) },
        facts: Facts::new(t, facts(t, &figures, &rules, shown)),
        levels: shown.then(|| levels(visit, &figures.tally.counted(&rules))),
        departments: parts.departments,
        places: parts.places,
        contests: parts.contests,
        answers: parts.answers.unwrap_or_default(),
        answered,
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

type Asked = Query<BTreeMap<String, String>>;

/// `GET /ratings?month=`.
pub(super) async fn city(visit: Visit, Query(query): Asked) -> Result<Response, Failure> {
    let (t, city) = (visit.t(), visit.city());
    let (month, all) = months(city, query.get("month"));
    let (rules, shelf) = (rules(city)?, city.shelf());
    let by_department = voice::tallies(city, About::Department, &month).await?;
    let rows = by_department
        .into_iter()
        .map(|(id, tally)| (format!("/ratings/departments/{id}?month={month}"), department_name(city, t, &id), tally));
    let departments = compared(t, t.voice_departments(), &rules, rows.collect());
    let mut by_place = voice::tallies(city, About::Place, &month).await?;
    let places = shelf.places().places.iter().filter(|place| !place.counters.is_empty());
    let rows = places.map(|place| {
        let href = format!("/ratings/places/{}?month={month}", place.id);
        (href, t.of(&place.name).to_owned(), by_place.remove(&place.id).unwrap_or_default())
    });
    let places = compared(t, t.voice_places(), &rules, rows.collect());
    let contests = contests(&visit).await?;
    let departments = (!departments.is_empty()).then_some(departments);
    let places = (!places.is_empty()).then_some(places);
    let parts = Parts { departments, places, contests, answers: None };
    show(&visit, (About::City, "all", t.voice_title().to_owned()), (month, all), parts).await
}

/// `GET /ratings/departments/{id}?month=`.
pub(super) async fn department(visit: Visit, Path(id): Path<String>, Query(query): Asked) -> Result<Response, Failure> {
    let (t, city, shelf) = (visit.t(), visit.city(), visit.city().shelf());
    let title = t.voice_of(t.of(&shelf.department(&id)?.name));
    let parts = Parts { answers: Some(answers(&visit, &id).await?), ..Parts::default() };
    show(&visit, (About::Department, &id, title), months(city, query.get("month")), parts).await
}

/// `GET /ratings/places/{id}?month=`.
pub(super) async fn place(visit: Visit, Path(id): Path<String>, Query(query): Asked) -> Result<Response, Failure> {
    let (t, city, shelf) = (visit.t(), visit.city(), visit.city().shelf());
    let title = t.voice_of(t.of(&shelf.place(&id)?.name));
    show(&visit, (About::Place, &id, title), months(city, query.get("month")), Parts::default()).await
}
