//! Paper licences at the desk: those that wait, one with what may be done to it, its scan. What is typed stands in `paper_entry.rs`.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Actor, Subject, may};
use domain::licences::{Hand, PaperLicence, PaperState};
use domain::text::Text;
use service::ServiceError;
use service::licences::{self, PaperChange};

use super::files::is_picture;
use super::frame;
use crate::accounts::{Problems, party_facts};
use crate::app::{Failure, Posted, Visit};
use crate::cases::download;
use crate::i18n::T;
use crate::kit::{Crumbs, Empty, ErrorSummary, Fact, Facts, Field, Icon, Notice, Tag, Tone};
use crate::layout::{Page, respond};

pub(super) const HERE: &str = "/desk/paper-licences";

/// Whether the actor may do this to paper licences at all.
pub(super) fn permitted(visit: &Visit, action: Action) -> Result<&Actor, Failure> {
    let actor = visit.staff()?;
    may(actor, action, &Subject::default()).map_err(ServiceError::from)?;
    Ok(actor)
}

struct Found {
    href: String,
    name: String,
    number: String,
    holder: String,
    tag: Tag,
}

#[derive(Template)]
#[template(path = "desk/paper_licences.html")]
struct ListPage<'a> {
    t: T,
    page: &'a Page,
    words: &'a str,
    /// May type one.
    enters: bool,
    title: &'static str,
    found: Vec<Found>,
    empty: Empty,
}

/// How far it is, as a word with shape and colour. Never that of a licence in force: nothing of it is sealed here.
pub(crate) fn paper_tag(t: T, licence: &PaperLicence) -> Tag {
    let tone = match &licence.state {
        PaperState::Entered => Tone::Act,
        PaperState::Confirmed { .. } => Tone::Running,
        PaperState::Rejected { .. } | PaperState::Ended { .. } => Tone::Quiet,
    };
    Tag::new(tone, t.desk_paper_state(licence.state.as_str()))
}

/// `GET /desk/paper-licences?q=`: those that wait, or those of a holder.
pub(super) async fn list(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let actor = permitted(&visit, Action::ConfirmPaperLicence)?;
    let (t, city) = (visit.t(), visit.city());
    let words = query.get("q").map_or("", |words| words.trim());
    let papers = match words {
        "" => licences::papers_waiting(city, actor).await?,
        code => licences::papers_found(city, actor, code).await?,
    };
    let row = |own: &PaperLicence| Found {
        href: format!("{HERE}/{}", own.id),
        name: t.of(&own.face.name).to_owned(),
        number: own.face.number.clone(),
        holder: own.face.holder.name.clone(),
        tag: paper_tag(t, own),
    };
    let page = frame::page(&visit, HERE).await?;
    let empty = match words {
        "" => Empty::new(Icon::CheckCircle, t.desk_papers_none(), t.desk_papers_none_text()),
        _ => Empty::new(Icon::Search, t.desk_licence_none(), t.desk_papers_unknown_text()),
    };
    let view = ListPage {
        t,
        page: &page,
        words,
        enters: may(actor, Action::EnterPaperLicence, &Subject::default()).is_ok(),
        title: if words.is_empty() { t.desk_papers_waiting() } else { t.desk_papers_found() },
        found: papers.iter().map(row).collect(),
        empty,
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// Something that may be done, as a form.
struct Way {
    id: &'static str,
    title: String,
    about: String,
    open: bool,
    danger: bool,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "desk/paper_licence.html")]
struct PaperPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    done: Option<Notice>,
    name: &'a str,
    tag: Tag,
    facts: Facts,
    action: String,
    scan: String,
    picture: bool,
    correct: Option<String>,
    ways: Vec<Way>,
}

/// The facts on its face.
pub(crate) fn face_facts(t: T, city: &service::City, licence: &PaperLicence) -> Vec<Fact> {
    let face = &licence.face;
    let mut facts = vec![Fact::new(t.licences_number(), face.number.as_str())];
    facts.extend(party_facts(t, &face.holder));
    facts.push(Fact::new(t.licences_issuer(), face.issuer.as_str()));
    facts.push(Fact::new(t.desk_paper_issued(), t.date(face.issued)));
    let validity = match face.valid_to {
        Some(last) => t.licences_from_to(t.date(face.valid_from), t.date(last)),
        None => t.licences_from_on(t.date(face.valid_from)),
    };
    facts.push(Fact::new(t.licences_validity(), validity));
    let shelf = city.shelf();
    let lines = shelf.licence_type(&face.licence_type).map_or(&[][..], |kind| kind.surface.as_slice());
    let said = lines.iter().filter_map(|line| Some((line, face.surface.get(&line.key)?)));
    facts.extend(said.map(|(line, value)| Fact::new(t.of(&line.label), value.as_str())));
    facts
}

async fn by(visit: &Visit, hand: &Hand) -> String {
    let name = match service::accounts::load(visit.city(), &hand.by).await {
        Ok((account, _)) => account.name,
        Err(_) => hand.by.clone(),
    };
    format!("{name} · {}", visit.t().moment(hand.at))
}

async fn hands(visit: &Visit, licence: &PaperLicence) -> Vec<Fact> {
    let t = visit.t();
    let mut facts = vec![Fact::new(t.desk_paper_entered_by(), by(visit, &licence.entered).await)];
    match &licence.state {
        PaperState::Entered => {}
        PaperState::Confirmed { hand } => facts.push(Fact::new(t.desk_paper_confirmed_by(), by(visit, hand).await)),
        PaperState::Rejected { hand, reason } | PaperState::Ended { hand, reason } => {
            facts.push(Fact::new(t.desk_paper_closed_by(), by(visit, hand).await));
            facts.push(Fact::new(t.desk_paper_reason(), reason.as_str()));
        }
    }
    facts
}

/// What the actor may do with it now; the use case asks again.
fn ways(t: T, actor: &Actor, licence: &PaperLicence, (step, problems): (&str, &Problems)) -> Vec<Way> {
    let waits = licence.state == PaperState::Entered && licence.entered.by != actor.label();
    let offered = [("confirm", waits), ("reject", waits), ("end", licence.lives() && !waits)];
    let open = |id: &str| offered.iter().any(|(own, fits)| *own == id && *fits);
    ["confirm", "reject", "end"]
        .into_iter()
        .filter(|id| open(id))
        .map(|id| {
            let error = |name: &str| if step == id { problems.at(t, name) } else { String::new() };
            let field = match id {
                "confirm" => Field::tick(t, "confirm.seen", t.desk_paper_seen()).error(error("confirm.seen")),
                _ => Field::textarea(t, format!("{id}.reason"), t.desk_paper_reason())
                    .rows(3)
                    .max_length(500)
                    .error(error(&format!("{id}.reason"))),
            };
            Way {
                id,
                title: t.desk_paper_do(id).to_owned(),
                about: t.desk_paper_do_about(id).to_owned(),
                open: step == id || id == "confirm",
                danger: id != "confirm",
                fields: vec![field],
            }
        })
        .collect()
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    licence: &PaperLicence,
    (step, problems): (&str, &Problems),
    done: &str,
) -> Result<Response, Failure> {
    let (t, city, actor) = (visit.t(), visit.city(), visit.staff()?);
    let page = frame::page(visit, HERE).await?;
    let mut facts = face_facts(t, city, licence);
    facts.extend(hands(visit, licence).await);
    let enters = may(actor, Action::EnterPaperLicence, &Subject::default()).is_ok();
    let own = licence.state == PaperState::Entered && licence.entered.by == actor.label();
    let fields: Vec<String> = ["confirm.seen", "reject.reason", "end.reason"].map(str::to_owned).to_vec();
    let shown: Vec<&str> = fields.iter().map(String::as_str).collect();
    let done = match done {
        "" if own => Some(Notice::new(Tone::Act, t.desk_paper_waits()).body(t.desk_paper_waits_text())),
        "" => None,
        other => Some(Notice::new(Tone::Good, t.desk_paper_done(other))),
    };
    let view = PaperPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_name(), "/desk").link(t.desk_papers(), HERE),
        errors: problems.summary(t, &shown),
        done,
        name: t.of(&licence.face.name),
        tag: paper_tag(t, licence),
        facts: Facts::new(t, facts),
        action: format!("{HERE}/{}", licence.id),
        scan: format!("{HERE}/{}/scan", licence.id),
        picture: is_picture(&licence.scan.media_type),
        correct: (enters && licence.lives()).then(|| format!("{HERE}/{}/correct", licence.id)),
        ways: ways(t, actor, licence, (step, problems)),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /desk/paper-licences/{id}?done=`.
pub(super) async fn one(
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let actor = permitted(&visit, Action::ConfirmPaperLicence)?;
    let licence = licences::paper(visit.city(), actor, &id).await?;
    let known = ["enter", "confirm", "reject", "end", "correct"];
    let done = query.get("done").map_or("", String::as_str);
    let done = if known.contains(&done) { done } else { "" };
    show(&visit, StatusCode::OK, &licence, ("", &Problems::default()), done).await
}

/// `POST /desk/paper-licences/{id}`: `do=confirm`, `reject` or `end`.
pub(super) async fn act(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = permitted(visit, Action::ConfirmPaperLicence)?;
    let step = posted.get("do");
    let reason = posted.get(&format!("{step}.reason")).trim().to_owned();
    let change = match step {
        "confirm" if !posted.ticked("confirm.seen") => Err(Problems::one(
            "confirm.seen",
            Text::new("请先核对原件，再勾选。", "Compare it with the original first, then tick."),
        )),
        "confirm" => Ok(PaperChange::Confirm),
        "reject" | "end" if reason.is_empty() => {
            Err(Problems::one(&format!("{step}.reason"), Text::new("请写明理由。", "Write down the reason.")))
        }
        "reject" => Ok(PaperChange::Reject { reason }),
        "end" => Ok(PaperChange::End { reason }),
        _ => return Err(Failure::status(StatusCode::BAD_REQUEST)),
    };
    let (status, problems) = match change {
        Err(problems) => (StatusCode::UNPROCESSABLE_ENTITY, problems),
        Ok(change) => match licences::work_on_paper(visit.city(), actor, &id, change).await {
            Ok(_) => return Ok(Redirect::to(&format!("{HERE}/{id}?done={step}")).into_response()),
            Err(ServiceError::Licence(refusal)) => (StatusCode::CONFLICT, Problems::one("", refusal.explain())),
            Err(other) => (StatusCode::UNPROCESSABLE_ENTITY, Problems::of(other)?),
        },
    };
    let licence = licences::paper(visit.city(), actor, &id).await?;
    show(visit, status, &licence, (step, &problems), "").await
}

/// `GET /desk/paper-licences/{id}/scan`: the scan of the original, in a sandbox.
pub(super) async fn scan(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let actor = permitted(&visit, Action::ConfirmPaperLicence)?;
    let (file, content) = licences::paper_scan(visit.city(), actor, &id).await?;
    let mut response = download(&file.name, &file.media_type, content);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    if is_picture(&file.media_type) {
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    }
    Ok(response)
}
