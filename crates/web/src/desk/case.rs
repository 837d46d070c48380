//! One case on one screen: what may be done, what was handed in, what the rules said, what happened, and the clocks.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::Case;
use domain::time::{ClockState, Light as Stand};
use service::City;
use service::cases::{self, CaseView};
use service::catalog::{self, Published};

use super::actions::{Act, Desk, Typed, allowed};
use super::frame::{self, Lights};
use super::papers::{Paper, papers};
use super::rules::{Ran, ran};
use super::story;
use crate::accounts::party_facts;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{
    Answers, CopyText, Crumbs, ErrorSummary, Fact, Facts, Html, Icon, Lamp, Light, Notice, Tag, Timeline, Tone,
};
use crate::layout::{Page, respond};

struct Opinion {
    tag: Tag,
    step: String,
    text: String,
    by: String,
}

#[derive(Template)]
#[template(path = "desk/case.html")]
struct CasePage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    done: Option<Notice>,
    name: &'a str,
    state: Tag,
    number: CopyText,
    address: String,
    version: i64,
    acts: Vec<Act>,
    blockers: Vec<String>,
    facts: Facts,
    clocks: Facts,
    answers: Answers,
    papers: Vec<Paper>,
    judge: bool,
    ran: Option<Ran>,
    opinions: Vec<Opinion>,
    documents: Vec<Html>,
    timeline: Timeline,
}

/// `GET /desk/cases/{number}`.
pub(super) async fn page(
    visit: Visit,
    Path(number): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let typed = Typed { done: query.get("done").cloned().unwrap_or_default(), ..Typed::default() };
    show(&visit, StatusCode::OK, &number, &typed, &[]).await
}

/// The page, also after something was refused: `problems` are the sentences for the whole.
pub(super) async fn show(
    visit: &Visit,
    status: StatusCode,
    number: &str,
    typed: &Typed,
    problems: &[String],
) -> Result<Response, Failure> {
    let (city, actor, t) = (visit.city(), visit.staff()?, visit.t());
    let found = cases::case_by_number(city, actor, number).await?;
    let case = &found.case;
    let published = catalog::version(city, &case.matter, case.matter_version).await?;
    let entries = cases::timeline(city, case).await?;
    let documents = cases::documents(city, case).await?;
    let page = frame::page(visit, "")?;
    let judge = allowed(actor, &found, "give-verdicts");
    let desk = Desk { t, actor, found: &found, published: &published, typed };
    let view = CasePage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_name(), "/desk"),
        errors: errors(t, typed, problems),
        done: done(t, &typed.done),
        name: t.of(&published.bundle.matter.name),
        state: state(t, case),
        number: CopyText::new(t, case.number.as_str()),
        address: format!("/desk/cases/{}", case.number),
        version: found.version,
        acts: desk.acts(),
        blockers: found.blockers.iter().map(|blocker| t.of(&blocker.text).to_owned()).collect(),
        facts: Facts::new(t, facts(visit, case, &published)?),
        clocks: Facts::new(t, clocks(t, city, &found)),
        answers: answers(t, case, &published),
        papers: papers(t, &found, &published, typed, judge),
        judge,
        ran: case.rules.as_ref().and_then(|rules| ran(t, &rules.record)),
        opinions: opinions(t, case),
        documents: documents.iter().map(|document| story::document_link(t, document)).collect(),
        timeline: Timeline::new(t, story::events(t, city, case, &entries, &documents).await),
    };
    Ok(respond(status, t.lang(), &view))
}

fn errors(t: T, typed: &Typed, problems: &[String]) -> ErrorSummary {
    let mut summary = ErrorSummary::new(t);
    for (name, text) in &typed.errors {
        summary.push(name, text.as_str());
    }
    for text in problems {
        summary.push_general(text.as_str());
    }
    summary
}

/// A word after something was done; unknown words of the address say nothing.
fn done(t: T, command: &str) -> Option<Notice> {
    let title = t.desk_done(command);
    (!title.is_empty()).then(|| Notice::new(Tone::Good, title))
}

fn state(t: T, case: &Case) -> Tag {
    let tone = match case.state.name() {
        "correction" | "feedback" => Tone::Paused,
        "not-accepted" | "refused" => Tone::Bad,
        "withdrawn" | "terminated" => Tone::Quiet,
        "pre-review" | "filed" | "in-review" => Tone::Running,
        _ => Tone::Good,
    };
    Tag::new(tone, t.of(&case.state.label()))
}

fn facts(visit: &Visit, case: &Case, published: &Published) -> Result<Vec<Fact>, Failure> {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let mut facts = party_facts(t, &case.applicant);
    if let Some(agent) = &case.agent {
        facts.push(Fact::new(t.cases_agent(), agent.name.as_str()));
    }
    facts.push(Fact::new(t.cases_department(), t.of(&shelf.department(&case.department)?.name)));
    let origin = serde_json::to_value(case.origin).ok().and_then(|value| value.as_str().map(str::to_owned));
    facts.push(Fact::new(t.desk_origin(), t.desk_origin_word(&origin.unwrap_or_default())));
    if let Some(received) = case.received_at {
        facts.push(Fact::new(t.desk_col_received(), t.moment(received)));
    }
    if let Some(pledge) = &case.application.pledge {
        facts.push(Fact::new(t.desk_pledge(), t.desk_pledge_signed(&pledge.version, t.moment(pledge.signed_at))));
    }
    if let Some(licence) = &case.licence {
        let href = format!("/v/{}", licence.public_id);
        facts.push(Fact::new(t.desk_licence(), Html::link(&href, &licence.number)));
    }
    let guide = Html::link(&format!("/matters/{}", case.matter), t.desk_guide());
    facts.push(Fact::new(t.desk_matter_version(published.version), guide));
    Ok(facts)
}

fn clock(t: T, city: &City, stand: &ClockState) -> Html {
    let light = city.law().lamps(city.now().date()).ok().map(|lamps| stand.light(&lamps));
    let light = match light {
        Some(Stand::Paused) => Light::Paused,
        Some(Stand::Warning | Stand::Yellow) => Light::Near,
        Some(Stand::Red) => Light::Late,
        Some(Stand::Green) | None => Light::OnTime,
    };
    let (detail, day) = match stand {
        ClockState::Running { deadline, working_days_left } => {
            (t.desk_left(*working_days_left), t.cases_due(t.day(deadline.date)))
        }
        ClockState::Overdue { deadline, working_days_over } => {
            (t.desk_over(*working_days_over), t.cases_due(t.day(deadline.date)))
        }
        ClockState::Paused { remaining } => (t.desk_left(remaining.number), String::new()),
    };
    Html::of(&Lamp::new(t, light).detail(detail)).then(" ").then(Html::text(day))
}

/// The clocks that run now: of acceptance before it, of the decision after it.
fn clocks(t: T, city: &City, found: &CaseView) -> Vec<Fact> {
    let case = &found.case;
    let mut facts = Vec::new();
    if case.accepted.is_none() && case.state.name() == "filed" {
        let received = case.last_received();
        let due = received.and_then(|received| {
            let period = city.law().get("correction-notice", received.date()).ok()?.period();
            period.deadline(&city.calendar(), received, &[]).ok()
        });
        if let Some(due) = due {
            let lamp = Lights::new(t, city).lamp("accept", Some(due.at));
            facts
                .push(Fact::new(t.cases_clock_answer(), lamp.then(" ").then(Html::text(t.cases_due(t.day(due.date))))));
        }
    }
    if let Some(notice) = case.notices().last().filter(|_| case.state.name() == "correction") {
        let until = t.cases_due(t.day(notice.until));
        facts.push(Fact::new(t.desk_event("correction-requested"), until));
    }
    if case.decision.is_none() && !case.state.is_final() {
        if let Some(stand) = &found.promised {
            facts.push(Fact::new(t.cases_clock_promised(), clock(t, city, stand)));
        }
        if let Some(stand) = &found.statutory {
            facts.push(Fact::new(t.cases_clock_statutory(), clock(t, city, stand)));
        }
    }
    for check in case.checks.iter().filter(|check| check.result.is_none()) {
        let lamp = Lights::new(t, city).lamp("check", Some(check.due));
        facts.push(Fact::new(t.desk_check(super::actions::check_name(check.kind)), lamp));
    }
    facts
}

fn answers(t: T, case: &Case, published: &Published) -> Answers {
    let (form, data) = (&published.bundle.form, &case.application.form);
    let mut answers = Answers::new(t);
    for step in form.steps() {
        let facts = form.visible_fields(Some(&step.id), data).into_iter().map(|question| {
            let value = data.get(&question.name).unwrap_or(&serde_json::Value::Null);
            let words = question.display(value, t.lang());
            let fact = Fact::new(t.of(&question.label), words);
            // A clerk looks again at what a resubmission changed, and at nothing else.
            let changed = case.changed.iter().any(|own| own.strip_prefix("form:") == Some(question.name.as_str()));
            if changed { fact.source(t.desk_changed_now()) } else { fact }
        });
        let facts: Vec<Fact> = facts.collect();
        if !facts.is_empty() {
            answers = answers.card(t.of(&step.title), "", facts);
        }
    }
    answers
}

fn opinions(t: T, case: &Case) -> Vec<Opinion> {
    case.opinions
        .iter()
        .map(|opinion| {
            let (tone, word) = match opinion.favourable {
                true => (Tone::Good, t.desk_favourable()),
                false => (Tone::Bad, t.desk_unfavourable()),
            };
            let step = match opinion.step {
                domain::catalog::StepKind::Inspect => t.desk_pile("inspect"),
                _ => t.desk_pile("review"),
            };
            Opinion {
                tag: Tag::new(tone, word),
                step,
                text: opinion.text.clone(),
                by: format!("{} · {}", opinion.by, t.moment(opinion.at)),
            }
        })
        .collect()
}
