//! The licences of a person and of the organisations that they may act for.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Actor, Party, Subject, may};
use domain::licences::{Standing, expires_soon};
use jiff::civil::Date;
use service::ServiceError;
use service::licences::{self, LicenceView};
use service::log;

use crate::accounts::{office, role_words, used};
use crate::app::{Failure, Posted, Visit};
use crate::cases::{Drawn, download, qr};
use crate::i18n::T;
use crate::kit::{CopyText, Crumbs, Empty, Fact, Facts, Html, Icon, Tag, Tone};
use crate::layout::{Page, Part, respond};

pub(super) struct Card {
    pub href: String,
    pub name: String,
    pub holder: String,
    pub number: String,
    pub until: String,
    /// How many days are left, when few are.
    pub soon: Option<String>,
    pub tag: Tag,
    pub lives: bool,
}

/// A step of a licence's life.
struct Step {
    at: String,
    title: String,
    reason: String,
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

/// That a licence is suspended or was ended, when, and why.
struct Taken {
    suspended: bool,
    title: String,
    text: String,
}

/// How to renew a licence, or the application that is to.
struct Renew {
    text: String,
    action: String,
    under_way: Option<String>,
}

#[derive(Template)]
#[template(path = "licences/show.html")]
struct LicencePage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    name: String,
    tag: Tag,
    taken: Option<Taken>,
    /// That silence has renewed it, and why.
    deemed: Option<String>,
    renew: Option<Renew>,
    picture: Html,
    qr: Html,
    address: CopyText,
    check: String,
    facts: Facts,
    forms: [(String, &'static str); 5],
    /// Address of the sidecar, once the licence is in the published log.
    proof: Option<String>,
    own: bool,
    /// Where a kiosk prints it.
    print: Option<String>,
    looks: Vec<(String, String, Html)>,
    /// Where the holder shows or shares it, as long as it is in force.
    share: Option<String>,
    life: Vec<Step>,
}

/// What a standing means at a glance.
pub(super) fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Valid => Tone::Good,
        Standing::Future => Tone::Running,
        Standing::Expired | Standing::Superseded => Tone::Quiet,
        Standing::Suspended => Tone::Paused,
        Standing::Revoked | Standing::Cancelled => Tone::Bad,
    }
}

/// A standing as a word with shape and colour.
pub(crate) fn standing_tag(t: T, standing: Standing) -> Tag {
    Tag::new(tone(standing), t.of(&standing.label()))
}

fn until(t: T, view: &LicenceView) -> String {
    view.licence.last_day().map_or_else(|| t.licences_forever().to_owned(), |day| t.licences_until(t.date(day)))
}

/// Days that are left of a licence in force that expires soon.
fn days_left(view: &LicenceView, today: Date) -> Option<i64> {
    let last = view.licence.last_day().filter(|_| view.standing.lives())?;
    expires_soon(view.licence.valid_from, last, today)
}

/// What needs attention comes first: suspended licences, then those that expire soon, the soonest first.
fn attention(view: &LicenceView, today: Date) -> (u8, i64) {
    match (view.standing, days_left(view, today)) {
        (Standing::Suspended, _) => (0, 0),
        (_, Some(left)) => (1, left),
        _ => (2, 0),
    }
}

/// Whose a licence is, and under which role the actor sees it.
pub(super) fn holder_words(t: T, actor: &Actor, holder: &Party) -> String {
    match role_words(t, actor, holder) {
        Some(role) => format!("{} · {role}", holder.name),
        None => holder.name.clone(),
    }
}

/// `GET /licences`.
pub(super) async fn list(visit: Visit) -> Result<Response, Failure> {
    let actor = visit.person()?;
    let mut found = licences::mine(visit.city(), actor).await?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Licences));
    let today = visit.city().now().date();
    // Stable, so that among equals the newest stays first.
    found.sort_by_key(|view| attention(view, today));
    let papers = licences::my_papers(visit.city(), actor).await?;
    let (cards, ended) = found
        .iter()
        .map(|view| Card {
            soon: days_left(view, today).map(|days| t.licences_days_left(days)),
            href: format!("/licences/{}", view.licence.id),
            name: t.of(&view.licence.name).to_owned(),
            holder: holder_words(t, actor, &view.licence.holder),
            number: view.licence.number.clone(),
            until: until(t, view),
            tag: standing_tag(t, view.standing),
            lives: view.standing.lives(),
        })
        .chain(papers.iter().map(|own| super::paper::card(t, actor, own)))
        .partition(|card| card.lives);
    let empty =
        Empty::new(Icon::Card, t.licences_none(), t.licences_none_text()).action(t.licences_none_action(), "/matters");
    Ok(respond(StatusCode::OK, t.lang(), &ListPage { t, page: &page, cards, ended, empty }))
}

/// The picture of a licence: the face that its files have, with its QR symbol and, where it does not count, the word across it.
/// Empty where no font has a character of it; the facts beside it say the same.
pub(crate) async fn picture(visit: &Visit, view: &LicenceView) -> Result<Html, Failure> {
    match licences::face(visit.city(), view).await {
        Ok(svg) => Ok(Html::of(&Drawn { svg: &svg })),
        Err(ServiceError::Invalid(faults)) => {
            tracing::warn!(licence = view.licence.identifier, ?faults, "a licence without a picture");
            Ok(Html::default())
        }
        Err(other) => Err(other.into()),
    }
}

/// What the holder must know before anything else.
fn taken(t: T, view: &LicenceView) -> Option<Taken> {
    let (at, reason) = view.licence.recorded.taken()?;
    let suspended = view.standing == Standing::Suspended;
    let mut text = format!("{} · {reason}", t.moment(at));
    if let Some(last) = view.licence.recorded.suspended_until().filter(|_| suspended) {
        text.push(' ');
        text.push_str(&t.licences_suspended_until(t.date(last)));
    }
    Some(Taken { suspended, title: t.licences_sentence(view.standing.as_str()), text })
}

/// That silence has renewed it, why, and until when.
fn deemed(t: T, view: &LicenceView) -> Option<String> {
    let deemed = view.licence.deemed.as_ref().filter(|_| view.standing.lives())?;
    Some(format!("{} {}", deemed.reason, t.licences_deemed_until(t.date(deemed.until))))
}

/// Whether and how the holder renews it.
async fn renew(visit: &Visit, view: &LicenceView) -> Result<Option<Renew>, Failure> {
    let (t, city) = (visit.t(), visit.city());
    let matter = licences::matter_of(city, &view.licence).await?;
    if !licences::may_renew(visit.actor()?, &view.licence, &matter) {
        return Ok(None);
    }
    let under_way = licences::renewal_under_way(city, &view.licence).await?;
    let offered = licences::renewable(city, view, &matter);
    if offered.is_none() && under_way.is_none() {
        return Ok(None);
    }
    let text = match offered.and_then(|offered| Some((offered.latest?, offered.is_late))) {
        Some((day, true)) => t.licences_renew_late(t.date(day)),
        Some((day, false)) => t.licences_renew_by(t.date(day)),
        None => t.licences_renew_text().to_owned(),
    };
    Ok(Some(Renew { text, action: format!("/licences/{}/renew", view.licence.id), under_way }))
}

/// `POST /licences/{id}/renew`: begins a draft that holds what the first application said.
pub(super) async fn begin_renewal(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let draft = licences::renewal_draft(visit.city(), visit.person()?, &id).await?;
    Ok(Redirect::to(&format!("/drafts/{}", draft.id)).into_response())
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
        Fact::new(t.licences_holder(), holder_words(t, visit.actor()?, &view.licence.holder)),
        Fact::new(t.licences_issuer(), view.file.licence.issuer.name.as_str()),
        Fact::new(t.licences_issued(), t.date(view.file.licence.issue_date)),
        Fact::new(t.licences_validity(), until(t, &view)),
        Fact::new(t.licences_identifier(), view.licence.identifier.as_str()),
    ];
    let case = &view.file.licence.case_number;
    facts.push(Fact::new(t.case_number(), Html::link(&format!("/cases/{case}"), case)));
    let mut looks = Vec::new();
    for look in licences::looks(visit.city(), visit.actor()?, &view).await? {
        let what = licences::use_of(&look.purpose).map_or_else(|| t.licences_looked().into(), |own| used(t, &own));
        looks.push((t.moment(look.at), office(&visit, &look.who).await, what));
    }
    let life = licences::life(visit.city(), &view).await?;
    let life = life.iter().filter_map(|(at, fact)| {
        Some(Step {
            at: t.moment(*at),
            title: t.of(&fact.label()?).to_owned(),
            reason: fact.reason().unwrap_or_default().to_owned(),
        })
    });
    let own = visit.actor()?.stands_for(&view.licence.holder);
    let holder = Subject { party: Some(&view.licence.holder), ..Subject::default() };
    let shares = may(visit.actor()?, Action::ShareLicence, &holder).is_ok();
    let page_view = LicencePage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_licences(), "/licences"),
        name: t.of(&view.licence.name).to_owned(),
        tag: standing_tag(t, view.standing),
        taken: taken(t, &view),
        deemed: deemed(t, &view),
        renew: renew(&visit, &view).await?,
        picture: picture(&visit, &view).await?,
        qr: qr(&symbol, t.licences_qr_title()),
        address: CopyText::new(t, format!("{}{check}", visit.city().settings().base_url)),
        check: format!("{check}{proof}"),
        facts: Facts::new(t, facts),
        forms: [
            ("pdf", t.licences_pdf()),
            ("pdf-lt", t.licences_pdf_lt()),
            ("ofd", t.licences_ofd()),
            ("svg", t.licences_svg()),
            ("data", t.licences_file()),
        ]
        .map(|(form, label)| (format!("/licences/{id}/{form}"), label)),
        proof: log::is_proved(visit.city(), &view.licence).await?.then(|| format!("/licences/{id}/proof")),
        own,
        print: visit.kiosk().map(|_| format!("/kiosk/print/{id}")),
        share: (shares && view.standing == Standing::Valid).then(|| format!("/licences/{id}/share")),
        looks,
        life: life.collect(),
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
    let form = licences::Form::named(&form).ok_or(ServiceError::NotFound("form of a licence"))?;
    let rendering = licences::render(visit.city(), visit.actor()?, &id, form).await?;
    Ok(download(&rendering.name, form.media_type(), rendering.bytes))
}
