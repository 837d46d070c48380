//! One case: where it stands, the one thing to do next, what happened, and what was handed in.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::{Case, Provided, ResultWay, State, gap_names};
use domain::catalog::special_name;
use domain::registry::register;
use service::cases::{self, SealedDocument, TimelineEntry};
use service::catalog::{self, Published};

use super::check::{lines, shown};
use super::clocks::{countdowns, marked};
use super::events::Story;
use super::list::{paused_tag, tone};
use crate::accounts::party_facts;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Answers, CopyText, Countdown, Crumbs, Fact, Facts, Html, Icon, Tag, Timeline, Tone};
use crate::layout::{Page, Part, respond};

/// The one next thing.
struct Next {
    act: bool,
    title: String,
    text: String,
    button: Option<(String, String)>,
}

struct Paper {
    href: String,
    title: String,
    number: String,
    date: String,
}

#[derive(Template)]
#[template(path = "cases/show.html")]
struct CasePage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    name: &'a str,
    tag: Tag,
    paused: Option<Tag>,
    number: CopyText,
    next: Next,
    countdowns: Vec<Countdown>,
    timeline: Timeline,
    papers: Vec<Paper>,
    facts: Facts,
    answers: Answers,
    links: Vec<(String, &'static str)>,
}

/// `GET /cases/{number}`.
pub(super) async fn page(visit: Visit, Path(number): Path<String>) -> Result<Response, Failure> {
    let city = visit.city();
    let found = cases::case_by_number(city, visit.actor()?, &number).await?;
    let case = &found.case;
    let published = catalog::version(city, &case.matter, case.matter_version).await?;
    let shelf = city.shelf();
    let department = shelf.department(&case.department)?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Cases));
    let entries = cases::timeline(city, case).await?;
    let documents = cases::documents(city, case).await?;
    let story = Story { t, city, case, documents: &documents, department: t.of(&department.name) };
    let paused = paused(t, case, &entries);
    let standing_still = paused.is_some();
    let view = CasePage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_cases(), "/cases"),
        name: t.of(&published.bundle.matter.name),
        tag: Tag::new(tone(case.state.name()), t.of(&case.state.label())),
        paused: standing_still.then(|| paused_tag(t)),
        number: CopyText::new(t, case.number.as_str()),
        next: owed(t, case, &published, &found.possible).or(paused).unwrap_or_else(|| next(t, case, &found.possible)),
        countdowns: countdowns(t, city, case),
        timeline: Timeline::new(t, story.events(&entries)),
        papers: documents.iter().map(|document| paper(t, document)).collect(),
        facts: Facts::new(t, facts(t, case, department)),
        answers: answers(t, case, &published),
        links: links(&visit, case, &found.possible),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

fn paper(t: T, document: &SealedDocument) -> Paper {
    Paper {
        href: format!("/documents/{}", document.id),
        title: t.cases_document(&document.kind),
        number: document.number.clone(),
        date: t.date(document.at.date()),
    }
}

/// What to know while a special procedure stops the clock: which, how long, and that it is not counted.
fn paused(t: T, case: &Case, entries: &[TimelineEntry]) -> Option<Next> {
    case.clocks.as_ref().filter(|clocks| clocks.is_paused() && !case.state.is_final())?;
    let (procedure, days) = entries.iter().rev().find_map(|entry| match &entry.fact {
        Some(domain::cases::Fact::Paused { procedure, working_days, .. }) => Some((*procedure, *working_days)),
        _ => None,
    })?;
    let name = special_name(procedure);
    Some(Next {
        act: false,
        title: t.cases_next_paused().to_owned(),
        text: t.cases_next_paused_text(t.of(&name), days),
        button: None,
    })
}

/// What the applicant still owes after an acceptance with gaps goes before everything else: without it the case ends.
fn owed(t: T, case: &Case, published: &Published, possible: &[&'static str]) -> Option<Next> {
    let slots: Vec<String> = case.outstanding().map(|gap| gap.slot.clone()).collect();
    if slots.is_empty() || !matches!(case.state, State::InReview { .. }) {
        return None;
    }
    let names = gap_names(&slots, &published.bundle.matter);
    let names = names.iter().map(|name| t.of(name)).collect::<Vec<_>>().join(t.list_separator());
    let text = match &case.gap_notice {
        Some(notice) => t.cases_gaps_owed(names, marked(t, t.date(notice.until), notice.provisional)),
        None => t.cases_gaps_owed_open(names),
    };
    let button = possible
        .contains(&"supply-gaps")
        .then(|| (format!("/cases/{}/gaps", case.number), t.cases_do_supply().to_owned()));
    Some(Next { act: true, title: t.cases_gaps_next().to_owned(), text, button })
}

fn next(t: T, case: &Case, possible: &[&'static str]) -> Next {
    let state = case.state.name();
    let at = |part: &str| format!("/cases/{}/{part}", case.number);
    let button = match &case.state {
        State::Correction => Some((at("correct"), t.cases_do_correct().to_owned())),
        State::Feedback => {
            let fine = case.feedback.last().is_some_and(Vec::is_empty);
            let (href, words) =
                if fine { (at("file"), t.cases_do_file()) } else { (at("correct"), t.cases_do_revise()) };
            Some((href, words.to_owned()))
        }
        State::PreReview if possible.contains(&"file") => None,
        State::Refused | State::NotAccepted => Some((at("why"), t.cases_why_link().to_owned())),
        _ => {
            case.licence.as_ref().map(|licence| (format!("/licences/{}", licence.id), t.cases_do_licence().to_owned()))
        }
    };
    Next {
        act: tone(state) == Tone::Act,
        title: t.cases_next(state).to_owned(),
        text: t.cases_next_text(state).to_owned(),
        button,
    }
}

fn links(visit: &Visit, case: &Case, possible: &[&'static str]) -> Vec<(String, &'static str)> {
    let t = visit.t();
    let at = |part: &str| format!("/cases/{}/{part}", case.number);
    let mut links = Vec::new();
    if ended(case) && may_rate(visit) {
        links.push((at("rate"), t.voice_rate()));
    }
    if case.rules.is_some() || case.decision.is_some() {
        links.push((at("why"), t.cases_why_link()));
    }
    if case.received_at.is_some() {
        links.push((at("receipt"), t.cases_receipt_link()));
    }
    let over = case.state.is_final() || case.state == State::Delivered;
    if case.delivery == ResultWay::Mail || (case.received_at.is_some() && !over) {
        links.push((at("mail"), t.post_title()));
    }
    if possible.contains(&"file") {
        links.push((at("file"), t.cases_do_file()));
    }
    if possible.contains(&"withdraw") {
        links.push((at("withdraw"), t.cases_do_withdraw()));
    }
    links
}

/// Whether a case has come so far that its service may be rated.
pub(super) fn ended(case: &Case) -> bool {
    case.decision.is_some() || case.state.is_final()
}

/// Staff rate nothing in the name of others.
pub(super) fn may_rate(visit: &Visit) -> bool {
    visit.actor().is_ok_and(|actor| !actor.is_staff()) && !visit.city().shelf().ratings().levels.is_empty()
}

fn facts(t: T, case: &Case, department: &domain::catalog::Department) -> Vec<Fact> {
    let mut facts = party_facts(t, &case.applicant);
    if let Some(agent) = &case.agent {
        let ground = case.mandate.as_ref().map(|own| t.mandates_ground(t.date(own.first), t.date(own.last)));
        let words = ground.map_or_else(|| agent.name.clone(), |ground| format!("{} · {ground}", agent.name));
        facts.push(Fact::new(t.cases_agent(), words));
    }
    if let Some(renewal) = &case.renews {
        let href = format!("/licences/{}", renewal.licence);
        facts.push(Fact::new(t.cases_renews(), Html::link(&href, &renewal.number)));
    }
    if let Some(amended) = &case.amends {
        let href = format!("/licences/{}", amended.licence);
        facts.push(Fact::new(t.cases_amends(), Html::link(&href, &amended.number)));
    }
    facts.push(Fact::new(t.cases_department(), t.of(&department.name)));
    let phone = Html::link(&format!("tel:{}", department.phone), &department.phone);
    facts.push(Fact::new(t.cases_phone(), phone));
    facts
}

/// The answers and materials as they were handed in.
fn answers(t: T, case: &Case, published: &Published) -> Answers {
    let form = &published.bundle.form;
    let mut answers = Answers::new(t);
    for step in form.steps() {
        let visible = form.visible_fields(Some(&step.id), &case.application.form);
        let facts = visible
            .into_iter()
            .map(|question| Fact::new(t.of(&question.label), shown(t, question, &case.application.form)));
        answers = answers.card(t.of(&step.title), "", facts.collect());
    }
    let facts: Vec<Fact> = case.application.materials.iter().map(|item| material(t, case, published, item)).collect();
    if facts.is_empty() { answers } else { answers.card(t.cases_part_materials(), "", facts) }
}

fn material(t: T, case: &Case, published: &Published, item: &domain::cases::MaterialItem) -> Fact {
    let found = published.bundle.matter.materials.iter().find(|material| material.slot == item.slot);
    let name = found.map_or(item.slot.as_str(), |material| t.of(&material.name));
    match &item.provided {
        Provided::Upload { files } => {
            let links = files.iter().fold(Html::default(), |html, file| {
                let href = format!("/uploads/{}?case={}", file.id, case.number);
                let space = if html.is_empty() { "" } else { " " };
                html.then(space).then(Html::link(&href, &file.name))
            });
            Fact::new(name, links)
        }
        Provided::Licence { number, .. } => Fact::new(name, t.cases_material_ready()).source(number.as_str()),
        Provided::FromPaper { number, .. } => {
            Fact::new(name, t.cases_material_ready()).source(t.licences_paper_source(number))
        }
        Provided::Elsewhere { number, issuer, .. } => {
            Fact::new(name, t.cases_material_ready()).source(format!("{issuer} · {number}"))
        }
        Provided::Register { register: stored } => {
            let source = register(stored)
                .map_or(stored.as_str(), |own| if t.lang() == domain::text::Lang::Zh { own.zh } else { own.en });
            Fact::new(name, t.cases_material_ready()).source(source)
        }
        Provided::Unanswered { .. } => Fact::new(name, t.cases_material_unanswered()),
        Provided::Pledge => Fact::new(name, t.cases_material_pledged()),
        Provided::Later => Fact::new(name, t.cases_material_follows()),
        Provided::Paper { note } => Fact::new(name, lines(note)),
    }
}
