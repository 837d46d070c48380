//! The seals of the bureaus: whose they are, until when, how they look, and who had what sealed.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use domain::licences::Seal;
use domain::time::Timestamp;
use service::ServiceError;
use service::licences::{seal_uses, seals};

use super::frame;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Cell, Column, Crumbs, Empty, Fact, Facts, Icon, Row, Table, Tag, Tone};
use crate::layout::{Page, respond};

/// Uses on one page.
const PAGE: i64 = 50;
const HERE: &str = "/desk/seals";

/// One seal as a card.
struct Card {
    href: String,
    picture: String,
    name: String,
    tag: Tag,
    facts: Facts,
}

#[derive(Template)]
#[template(path = "desk/seals.html")]
struct SealsPage<'a> {
    t: T,
    page: &'a Page,
    cards: Vec<Card>,
    empty: Empty,
}

#[derive(Template)]
#[template(path = "desk/seal.html")]
struct SealPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    card: Card,
    uses: Table,
    empty: Empty,
    older: Option<String>,
}

fn card(visit: &Visit, seal: &Seal) -> Card {
    let (t, now) = (visit.t(), visit.city().now());
    let tag = match (seal.retired, now <= seal.valid_to) {
        (Some(_), _) => Tag::new(Tone::Quiet, t.desk_seal_retired()),
        (None, true) => Tag::new(Tone::Good, t.desk_seal_in_use()),
        (None, false) => Tag::new(Tone::Bad, t.desk_seal_over()),
    };
    let mut facts = vec![
        Fact::new(t.desk_seal_number(), seal.id.as_str()),
        Fact::new(t.desk_seal_size(), t.desk_seal_millimetres(seal.side.to_string())),
        Fact::new(
            t.licences_validity(),
            t.licences_from_to(t.date(seal.valid_from.date()), t.date(seal.valid_to.date())),
        ),
        Fact::new(t.desk_seal_edition(), if seal.edition == 5 { t.desk_seal_v5() } else { t.desk_seal_v4() }),
    ];
    if let Some(at) = seal.retired {
        facts.push(Fact::new(t.desk_seal_retired(), t.moment(at)));
    }
    Card {
        href: format!("{HERE}/{}", seal.id),
        picture: seal::stamp::seal_svg(&seal.name, visit.city().settings().demo),
        name: seal.name.clone(),
        tag,
        facts: Facts::new(t, facts),
    }
}

/// `GET /desk/seals`.
pub(super) async fn list(visit: Visit) -> Result<Response, Failure> {
    let found = seals(visit.city(), visit.staff()?).await?;
    let t = visit.t();
    let page = frame::page(&visit, HERE).await?;
    let view = SealsPage {
        t,
        page: &page,
        cards: found.iter().map(|seal| card(&visit, seal)).collect(),
        empty: Empty::new(Icon::Stamp, t.desk_seals_none(), t.desk_seals_none_text()),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// `GET /desk/seals/{id}?before=`: the latest uses, or those before an instant in microseconds.
pub(super) async fn uses(
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let before = match query.get("before") {
        None => visit.city().now().plus_seconds(1),
        Some(text) => Timestamp::from_micros(text.parse().map_err(|_| ServiceError::NotFound("page"))?),
    };
    let (seal, found) = seal_uses(visit.city(), visit.staff()?, &id, before, PAGE).await?;
    let t = visit.t();
    let page = frame::page(&visit, HERE).await?;
    let columns = vec![
        Column::new(t.desk_seal_when()),
        Column::new(t.desk_seal_who()),
        Column::new(t.licences_number()),
        Column::new(t.desk_seal_form()),
    ];
    let mut table = Table::new(t.desk_seal_uses(), columns);
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for own in &found {
        if !names.contains_key(&own.who) {
            names.insert(own.who.clone(), who(&visit, &own.who).await);
        }
        let who = names.get(&own.who).cloned().unwrap_or_default();
        let form = own.form.to_uppercase();
        table = table.row(Row::new(vec![
            Cell::text(t.moment(own.at)),
            who.into(),
            own.licence.as_str().into(),
            form.into(),
        ]));
    }
    let full = found.len() as i64 == PAGE;
    let older = found.last().filter(|_| full).map(|last| format!("{HERE}/{id}?before={}", last.at.micros()));
    let view = SealPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_seals(), HERE),
        card: card(&visit, &seal),
        uses: table,
        empty: Empty::new(Icon::Stamp, t.desk_seal_unused(), t.desk_seal_unused_text()),
        older,
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// Staff by their names, everybody else by what they are: a holder who fetches a licence has it sealed.
async fn who(visit: &Visit, label: &str) -> String {
    let t = visit.t();
    match service::accounts::load(visit.city(), label).await {
        Ok((account, _)) if !account.grants.is_empty() => account.name,
        Ok(_) => t.desk_seal_holder().to_owned(),
        Err(_) => t.accounts_access_system().to_owned(),
    }
}
