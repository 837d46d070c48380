//! The licences of a person and of the organisations that they may act for.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::licences::Standing;
use seal::card::{CardOptions, card};
use seal::status::Status;
use service::licences::{self, LicenceView};
use service::log;

use crate::accounts::office;
use crate::app::{Failure, Visit};
use crate::cases::{Drawn, download, qr};
use crate::i18n::T;
use crate::kit::{CopyText, Crumbs, Empty, Fact, Facts, Html, Icon, Tag, Tone};
use crate::layout::{Page, Part, respond};

struct Card {
    href: String,
    name: String,
    holder: String,
    number: String,
    until: String,
    tag: Tag,
    valid: bool,
}

#[derive(Template)]
#[template(path = "licences/list.html")]
struct ListPage<'a> {
    t: T,
    page: &'a Page,
    cards: Vec<Card>,
    ended: Vec<Card>,
    empty: Empty,
}

#[derive(Template)]
#[template(path = "licences/show.html")]
struct LicencePage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    name: String,
    tag: Tag,
    picture: Html,
    qr: Html,
    address: CopyText,
    check: String,
    facts: Facts,
    forms: [(String, &'static str); 4],
    /// Address of the sidecar, once the licence is in the published log.
    proof: Option<String>,
    own: bool,
    looks: Vec<(String, String)>,
}

/// What a standing means at a glance.
pub(super) fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Valid => Tone::Good,
        Standing::Future => Tone::Running,
        Standing::Expired => Tone::Quiet,
        Standing::Revoked | Standing::Cancelled => Tone::Bad,
    }
}

/// A standing as a word with shape and colour.
pub(crate) fn standing_tag(t: T, standing: Standing) -> Tag {
    Tag::new(tone(standing), t.of(&standing.label()))
}

fn until(t: T, view: &LicenceView) -> String {
    view.licence.valid_to.map_or_else(|| t.licences_forever().to_owned(), |day| t.licences_until(t.date(day)))
}

/// `GET /licences`.
pub(super) async fn list(visit: Visit) -> Result<Response, Failure> {
    let found = licences::mine(visit.city(), visit.person()?).await?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Licences));
    let (cards, ended) = found
        .iter()
        .map(|view| Card {
            href: format!("/licences/{}", view.licence.id),
            name: t.of(&view.licence.name).to_owned(),
            holder: view.licence.holder.name.clone(),
            number: view.licence.number.clone(),
            until: until(t, view),
            tag: standing_tag(t, view.standing),
            valid: matches!(view.standing, Standing::Valid | Standing::Future),
        })
        .partition(|card| card.valid);
    let empty =
        Empty::new(Icon::Card, t.licences_none(), t.licences_none_text()).action(t.licences_none_action(), "/matters");
    Ok(respond(StatusCode::OK, t.lang(), &ListPage { t, page: &page, cards, ended, empty }))
}

/// The picture of a licence, with its QR symbol and, where it no longer counts, the word across it.
pub(crate) fn picture(visit: &Visit, view: &LicenceView) -> Result<Html, Failure> {
    let address = licences::symbol(visit.city(), view);
    let status = match view.standing {
        Standing::Valid | Standing::Future => Status::Valid,
        Standing::Expired | Standing::Revoked | Standing::Cancelled => Status::Ended,
    };
    let options = CardOptions { qr: Some(&address), mask_holder: false, status: Some(status) };
    let svg = card(&view.file.licence, &options).map_err(service::ServiceError::internal)?;
    Ok(Html::of(&Drawn { svg: &svg }))
}

/// `GET /licences/{id}`.
pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let view = licences::view(visit.city(), visit.actor()?, &id).await?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Licences));
    let symbol = licences::symbol(visit.city(), &view);
    // What stands behind # stays in the browser, which checks it beside the online answer.
    let proof = symbol.split_once('#').map_or_else(String::new, |(_, proof)| format!("#{proof}"));
    let check = format!("/v/{}", view.licence.public_id);
    let mut facts = vec![
        Fact::new(t.licences_number(), view.licence.number.as_str()),
        Fact::new(t.licences_holder(), view.licence.holder.name.as_str()),
        Fact::new(t.licences_issuer(), view.file.licence.issuer.name.as_str()),
        Fact::new(t.licences_issued(), t.date(view.file.licence.issue_date)),
        Fact::new(t.licences_validity(), until(t, &view)),
        Fact::new(t.licences_identifier(), view.licence.identifier.as_str()),
    ];
    let case = &view.file.licence.case_number;
    facts.push(Fact::new(t.case_number(), Html::link(&format!("/cases/{case}"), case)));
    let mut looks = Vec::new();
    for look in licences::looks(visit.city(), visit.actor()?, &view).await? {
        looks.push((t.moment(look.at), office(&visit, &look.who).await));
    }
    let page_view = LicencePage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_licences(), "/licences"),
        name: t.of(&view.licence.name).to_owned(),
        tag: standing_tag(t, view.standing),
        picture: picture(&visit, &view)?,
        qr: qr(&symbol, t.licences_qr_title()),
        address: CopyText::new(t, format!("{}{check}", visit.city().settings().base_url)),
        check: format!("{check}{proof}"),
        facts: Facts::new(t, facts),
        forms: [
            ("pdf", t.licences_pdf()),
            ("ofd", t.licences_ofd()),
            ("svg", t.licences_svg()),
            ("data", t.licences_file()),
        ]
        .map(|(form, label)| (format!("/licences/{id}/{form}"), label)),
        proof: log::is_proved(visit.city(), &view.licence).await?.then(|| format!("/licences/{id}/proof")),
        own: visit.actor()?.stands_for(&view.licence.holder),
        looks,
    };
    Ok(respond(StatusCode::OK, t.lang(), &page_view))
}

/// `GET /licences/{id}/proof`: the sidecar that proves its place in the public log.
pub(super) async fn proof(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let sidecar = log::proof(visit.city(), visit.actor()?, &id).await?;
    Ok(download(&sidecar.name, "text/plain; charset=utf-8", sidecar.text.into_bytes()))
}

/// `GET /licences/{id}/{form}`: the licence as a file that any reader opens.
pub(super) async fn rendered(visit: Visit, Path((id, form)): Path<(String, String)>) -> Result<Response, Failure> {
    let form = licences::Form::named(&form).ok_or(service::ServiceError::NotFound("form of a licence"))?;
    let rendering = licences::render(visit.city(), visit.actor()?, &id, form).await?;
    Ok(download(&rendering.name, form.media_type(), rendering.bytes))
}
