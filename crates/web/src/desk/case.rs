//! One case on one screen: the queue at the left, the form and what may be done in the middle, the material at the
//! right; below them what the rules said, what colleagues decided before, and what happened.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::{Case, State, risk};
use domain::catalog::StepKind;
use service::cases;
use service::catalog::{self, Published};
use service::licences::material_licences;

use super::acts::{Act, Desk, Typed, allowed};
use super::clocks::{Reading, clocks};
use super::frame;
use super::papers::{Paper, papers};
use super::piles::own_pile;
use super::rows::{Rows, risk_tag};
use super::rules::{Ran, ran};
use super::story;
use crate::accounts::party_facts;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Answers, CopyText, Crumbs, ErrorSummary, Fact, Facts, Html, Icon, Notice, Tag, Timeline, Tone};
use crate::layout::{Page, respond};

/// Rows of the queue beside the case.
const QUEUE: i64 = 12;
/// Earlier decisions on the same matter.
const PRECEDENTS: i64 = 5;

struct Opinion {
    tag: Tag,
    step: String,
    text: String,
    by: String,
}

struct Earlier {
    href: String,
    number: String,
    tag: Tag,
    reasons: String,
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
    risk: Option<Tag>,
    number: CopyText,
    applicant: &'a str,
    address: String,
    version: i64,
    pile: &'static str,
    pile_name: String,
    queue: Rows,
    /// The case has left the pile that the person works through: the next one waits.
    moved_on: bool,
    acts: Vec<Act>,
    on_spot: bool,
    blockers: Vec<String>,
    facts: Facts,
    clocks: Vec<Reading>,
    answers: Answers,
    papers: Vec<Paper>,
    judge: bool,
    ran: Option<Ran>,
    opinions: Vec<Opinion>,
    precedents: Vec<Earlier>,
    documents: Vec<Html>,
    timeline: Timeline,
}

/// `GET /desk/cases/{number}?pile=&done=`: `pile` is the one that the person is working through.
pub(super) async fn page(
    visit: Visit,
    Path(number): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let asked = |name: &str| query.get(name).cloned().unwrap_or_default();
    let typed = Typed { done: asked("done"), pile: asked("pile"), ..Typed::default() };
    show(&visit, StatusCode::OK, &number, &typed, &[]).await
}

/// The pile to work through: the one named, else the one that holds the case, else the person's first.
fn queue_of(visit: &Visit, named: &str, case: &Case) -> Result<&'static str, Failure> {
    if let Ok(pile) = own_pile(visit, named) {
        return Ok(pile);
    }
    let holds = cases::pile_of(visit.city(), case).and_then(|pile| own_pile(visit, pile).ok());
    Ok(holds.or_else(|| frame::piles_of(visit.actor().ok()?).first().copied()).unwrap_or("accept"))
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
    let pile = queue_of(visit, &typed.pile, case)?;
    let around = cases::around(city, actor, pile, case, QUEUE).await?;
    let page = frame::page(visit, &format!("/desk/{pile}")).await?;
    let licences = material_licences(city, &case.application.materials).await?;
    let judge = allowed(&found, "give-verdicts");
    let desk = Desk { t, actor, found: &found, published: &published, typed };
    let view = CasePage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_name(), "/desk").link(t.desk_pile(pile), format!("/desk/{pile}")),
        errors: errors(t, typed, problems),
        done: done(t, &typed.done),
        name: t.of(&published.bundle.matter.name),
        state: state(t, case),
        risk: if deciding(case) { risk_tag(t, risk(case)) } else { None },
        number: CopyText::new(t, case.number.as_str()),
        applicant: &case.applicant.name,
        address: format!("/desk/cases/{}", case.number),
        version: found.version,
        pile,
        pile_name: t.desk_pile(pile),
        queue: Rows::new(visit, pile, &around, &case.number).compact(),
        moved_on: cases::pile_of(city, case) != Some(pile),
        acts: desk.acts(),
        on_spot: allowed(&found, "correct-on-spot"),
        blockers: found.blockers.iter().map(|blocker| t.of(&blocker.text).to_owned()).collect(),
        facts: Facts::new(t, facts(visit, case, &published)?),
        clocks: clocks(t, city, &found),
        answers: answers(t, case, &published),
        papers: papers(t, &found, &published, (typed, judge), &licences),
        judge,
        ran: cases::rule_record(city, case).await?.and_then(|record| record.decision()).map(|ruled| ran(t, &ruled)),
        opinions: opinions(t, case),
        precedents: earlier(visit, case).await?,
        documents: documents.iter().map(|document| story::document_link(t, document)).collect(),
        timeline: Timeline::new(t, story::events(t, city, case, &entries, &documents).await),
    };
    Ok(respond(status, t.lang(), &view))
}

/// The case waits for the approver.
fn deciding(case: &Case) -> bool {
    case.state == State::InReview { step: StepKind::Decide }
}

/// What colleagues decided before on the same matter, for whoever decides now.
async fn earlier(visit: &Visit, case: &Case) -> Result<Vec<Earlier>, Failure> {
    if !deciding(case) {
        return Ok(Vec::new());
    }
    let t = visit.t();
    let found = cases::precedents(visit.city(), case, PRECEDENTS).await?;
    let earlier = found.into_iter().map(|one| Earlier {
        href: format!("/desk/cases/{}", one.number),
        tag: match one.granted {
            true => Tag::new(Tone::Good, t.desk_event("granted")),
            false => Tag::new(Tone::Bad, t.desk_event("refused")),
        },
        reasons: t.of(&one.reasons).to_owned(),
        by: format!("{} · {}", one.by, t.day(one.at.date())),
        number: one.number,
    });
    Ok(earlier.collect())
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
        let ground = case.mandate.as_ref().map(|own| t.mandates_ground(t.date(own.first), t.date(own.last)));
        let words = ground.map_or_else(|| agent.name.clone(), |ground| format!("{} · {ground}", agent.name));
        facts.push(Fact::new(t.cases_agent(), words));
    }
    if let Some(renewal) = &case.renews {
        let href = format!("/desk/licences/{}", renewal.licence);
        let words = t.desk_renews(t.date(renewal.last));
        facts.push(Fact::new(t.cases_renews(), Html::link(&href, &renewal.number).then(" ").then(Html::text(&words))));
    }
    if let Some(amended) = &case.amends {
        let href = format!("/desk/licences/{}", amended.licence);
        facts.push(Fact::new(t.cases_amends(), Html::link(&href, &amended.number)));
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
