//! What a holder sees of a licence that a window took from paper: what it says, who has seen it, and that nobody has sealed it here.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::accounts::Actor;
use domain::licences::{Hand, PaperLicence, PaperState};
use service::licences;

use super::mine::{Card, holder_words};
use crate::accounts::office;
use crate::app::{Failure, Visit};
use crate::desk::{face_facts, paper_tag};
use crate::i18n::T;
use crate::kit::{Crumbs, Fact, Facts, Tag};
use crate::layout::{Page, Part, respond};

#[derive(Template)]
#[template(path = "licences/paper.html")]
struct PaperPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    name: &'a str,
    tag: Tag,
    facts: Facts,
}

/// Its card in the wallet.
pub(super) fn card(t: T, actor: &Actor, own: &PaperLicence) -> Card {
    Card {
        href: format!("/licences/paper/{}", own.id),
        name: t.of(&own.face.name).to_owned(),
        holder: holder_words(t, actor, &own.face.holder),
        number: own.face.number.clone(),
        until: own.face.valid_to.map_or_else(|| t.licences_forever().to_owned(), |day| t.licences_until(t.date(day))),
        soon: None,
        tag: paper_tag(t, own),
        lives: own.lives(),
    }
}

/// `GET /licences/paper/{id}`.
pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let licence = licences::paper(visit.city(), visit.person()?, &id).await?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Licences));
    let mut facts = face_facts(t, visit.city(), &licence);
    facts.push(Fact::new(t.desk_paper_entered_by(), hand(&visit, &licence.entered).await));
    match &licence.state {
        PaperState::Entered => {}
        PaperState::Confirmed { hand: own } => {
            facts.push(Fact::new(t.desk_paper_confirmed_by(), hand(&visit, own).await));
        }
        PaperState::Rejected { hand: own, reason } | PaperState::Ended { hand: own, reason } => {
            facts.push(Fact::new(t.desk_paper_closed_by(), hand(&visit, own).await));
            facts.push(Fact::new(t.desk_paper_reason(), reason.as_str()));
        }
    }
    let view = PaperPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_licences(), "/licences"),
        name: t.of(&licence.face.name),
        tag: paper_tag(t, &licence),
        facts: Facts::new(t, facts),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// The office of whoever did it; the name of an official is not the holder's business.
async fn hand(visit: &Visit, hand: &Hand) -> String {
    format!("{} · {}", office(visit, &hand.by).await, visit.t().moment(hand.at))
}
