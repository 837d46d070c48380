//! My cases and drafts, each with its state and the one thing to do next.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use service::cases::{self, CaseRow, Standing};

use super::clocks::marked;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Empty, Icon, Pager, Tag, Tone};
use crate::layout::{Page, Part, respond};

const PER_PAGE: i64 = 20;

struct Item {
    href: String,
    name: String,
    number: String,
    applicant: String,
    tag: Tag,
    next: String,
    date: String,
    act: bool,
}

#[derive(Template)]
#[template(path = "cases/list.html")]
struct ListPage<'a> {
    t: T,
    page: &'a Page,
    drafts: Vec<Item>,
    cases: Vec<Item>,
    pager: Option<Pager>,
    empty: Empty,
}

/// What a state means to the applicant.
pub(crate) fn tone(state: &str) -> Tone {
    match state {
        "feedback" | "correction" => Tone::Act,
        "pre-review" | "filed" | "in-review" => Tone::Running,
        "not-accepted" | "refused" => Tone::Bad,
        "withdrawn" | "terminated" => Tone::Quiet,
        _ => Tone::Good,
    }
}

/// A state in a word.
pub(crate) fn state_tag(t: T, state: &str) -> Tag {
    Tag::new(tone(state), t.cases_state(state))
}

/// The clock stands still, which says more to the applicant than the step at which it does.
pub(crate) fn paused_tag(t: T) -> Tag {
    Tag::new(Tone::Paused, t.cases_paused())
}

fn item(t: T, visit: &Visit, row: &CaseRow, standing: Standing) -> Item {
    let shelf = visit.city().shelf();
    let name = shelf.matter(&row.matter).map(|matter| t.of(&matter.bundle.matter.name).to_owned());
    let act = tone(&row.state) == Tone::Act;
    let due = standing.correct_until.map(|(day, provisional)| marked(t, t.cases_due(t.day(day)), provisional));
    Item {
        href: format!("/cases/{}", row.number),
        name: name.unwrap_or_else(|_| row.matter.clone()),
        number: row.number.clone(),
        applicant: row.applicant.clone(),
        tag: if standing.paused { paused_tag(t) } else { state_tag(t, &row.state) },
        next: match (standing.paused, due) {
            (true, _) => t.cases_next_paused().to_owned(),
            (false, Some(due)) => t.cases_next_by(t.cases_next(&row.state), due),
            (false, None) => t.cases_next(&row.state).to_owned(),
        },
        date: row.received.map_or_else(String::new, |at| t.cases_received(t.date(at.date()))),
        act,
    }
}

/// `GET /cases`.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let (city, actor) = (visit.city(), visit.person()?);
    let (t, page) = (visit.t(), visit.page().with_part(Part::Cases));
    let after = query.get("after").map(String::as_str);
    let found = cases::mine(city, actor, after, PER_PAGE).await?;
    let standings = cases::standings(city, &found.items).await?;
    let drafts = if after.is_none() { cases::drafts(city, actor).await? } else { Vec::new() };
    let shelf = city.shelf();
    let drafts = drafts.iter().map(|draft| Item {
        href: format!("/drafts/{}", draft.id),
        name: shelf
            .matter(&draft.matter)
            .map_or_else(|_| draft.matter.clone(), |matter| t.of(&matter.bundle.matter.name).to_owned()),
        number: String::new(),
        applicant: super::wizard::party(actor, &draft.applicant, &draft.matter)
            .map_or_else(String::new, |party| party.name.clone()),
        tag: Tag::new(Tone::Quiet, t.cases_state_draft()),
        next: t.cases_next_draft().to_owned(),
        date: t.cases_saved_at(t.moment(draft.updated)),
        act: false,
    });
    let next = found.next.as_ref().map_or_else(String::new, |next| format!("/cases?after={next}"));
    let first = if after.is_some() { "/cases" } else { "" };
    let view = ListPage {
        t,
        page: &page,
        drafts: drafts.collect(),
        cases: found
            .items
            .iter()
            .map(|row| item(t, &visit, row, standings.get(&row.id).copied().unwrap_or_default()))
            .collect(),
        pager: (!next.is_empty() || !first.is_empty()).then(|| Pager::new(t, first, next)),
        empty: Empty::new(Icon::Folder, t.cases_none(), t.cases_none_text()).action(t.cases_none_action(), "/matters"),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}
