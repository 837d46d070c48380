//! Check your answers, what still stands in the way, and sending.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::cases::{Origin, ResultWay, application_blockers};
use domain::catalog::{Field as Question, FieldKind};
use serde_json::Value;
use service::cases::{GapsGiven, PledgeGiven, Submit, submit};
use service::post::Delivery;
use service::{ServiceError, licences};

use super::given::{self, Slot};
use super::known::source_of;
use super::wizard::Wizard;
use crate::accounts::{Problems, party_facts};
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Answers, Crumbs, ErrorSummary, Fact, Field, Html, Icon, Notice, Steps, Tone, anchor};
use crate::layout::{Page, respond};
use crate::post::{FIELDS, address_fields, typed_address, way_field};

/// Lines of text, one below the other.
#[derive(Template)]
#[template(source = r#"{% for line in lines %}<span class="line">{{ line }}</span>{% endfor %}"#, ext = "html")]
pub(super) struct Lines<'a> {
    lines: Vec<&'a str>,
}

impl askama::filters::HtmlSafe for Lines<'_> {}

/// Text with its line breaks.
pub(super) fn lines(text: &str) -> Html {
    Html::of(&Lines { lines: text.lines().collect() })
}

struct Missing {
    text: String,
    href: String,
}

/// How the result is wanted, as it was typed.
#[derive(Default)]
struct Wish {
    own: Delivery,
    problems: Problems,
}

impl Wish {
    fn of(posted: &Posted) -> Wish {
        let way = ResultWay::parse(posted.get("delivery")).unwrap_or_default();
        Wish { own: Delivery { way, address: typed_address(posted) }, problems: Problems::default() }
    }
}

fn lockers(visit: &Visit) -> bool {
    visit.city().shelf().places().places.iter().any(|place| place.cells > 0)
}

#[derive(Template)]
#[template(path = "cases/check.html")]
struct CheckPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    steps: Steps,
    errors: ErrorSummary,
    name: &'a str,
    missing: Vec<Missing>,
    answers: Answers,
    notice: Option<Notice>,
    automatic: bool,
    pre_review: bool,
    action: String,
    back: String,
    signer: String,
    gaps: Vec<&'a str>,
    promise: Option<Field>,
    delivery: Field,
    address: Vec<Field>,
    /// The address is in sight.
    opened: bool,
}

/// `GET /drafts/{id}/check`.
pub(super) async fn page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let wizard = Wizard::open(&visit, &id).await?;
    if wizard.applicant.is_none() {
        return Ok(Redirect::to(&wizard.href("applicant")).into_response());
    }
    let slots = given::slots(&visit, &wizard).await?;
    show(&visit, StatusCode::OK, &wizard, &slots, ErrorSummary::new(visit.t()), (None, Wish::default())).await
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    wizard: &Wizard,
    slots: &[Slot],
    errors: ErrorSummary,
    (notice, wish): (Option<Notice>, Wish),
) -> Result<Response, Failure> {
    let (t, page) = (visit.t(), wizard.page(visit));
    let later = given::later(slots);
    // What is to follow is looked at by people.
    let automatic = visit.city().shelf().is_automatic(&wizard.draft.matter) && later.is_empty();
    let view = CheckPage {
        t,
        page: &page,
        crumbs: wizard.crumbs(t, true),
        steps: wizard.steps(t, "check", false),
        errors,
        name: t.of(&wizard.matter().name),
        missing: missing(visit, wizard, slots),
        answers: answers(t, wizard, slots, renews(visit, wizard).await?),
        notice,
        automatic,
        pre_review: !automatic,
        action: wizard.href("check"),
        back: wizard.href(""),
        signer: visit.person()?.name.clone(),
        delivery: way_field(t, lockers(visit), wish.own.way),
        address: address_fields(t, &wish.own.address, &wish.problems),
        opened: wish.own.way == ResultWay::Mail,
        promise: (!later.is_empty()).then(|| Field::tick(t, "gaps", t.cases_gaps_accept())),
        gaps: slots
            .iter()
            .filter(|slot| later.contains(&slot.material.slot))
            .map(|slot| t.of(&slot.material.name))
            .collect(),
    };
    Ok(respond(status, t.lang(), &view))
}

/// What keeps the application from being filed, each with the place where it is put right.
fn missing(visit: &Visit, wizard: &Wizard, slots: &[Slot]) -> Vec<Missing> {
    let t = visit.t();
    let application = given::application(visit, wizard, slots);
    let blockers = application_blockers(wizard.matter(), wizard.form(), &application);
    blockers
        .into_iter()
        .map(|blocker| Missing {
            text: t.of(&blocker.text).to_owned(),
            href: match blocker.about.strip_prefix("form:/") {
                Some(pointer) => {
                    let name = pointer.split('/').next().unwrap_or(pointer);
                    let step = wizard.form().step_of(name);
                    let page = step.map_or_else(|| wizard.href(""), |step| wizard.step_href(step));
                    format!("{page}?from=check#{}", anchor(name))
                }
                None => format!("{}#{}", wizard.href("materials"), anchor(&blocker.about)),
            },
        })
        .collect()
}

/// An answer in words.
pub(super) fn shown(t: T, question: &Question, form: &Value) -> Html {
    let value = form.get(&question.name).unwrap_or(&Value::Null);
    let words = question.display(value, t.lang());
    match question.kind {
        FieldKind::Group(_) => lines(&words),
        _ => words.into(),
    }
}

/// The licence that the application is to renew.
async fn renews(visit: &Visit, wizard: &Wizard) -> Result<Option<Fact>, Failure> {
    let Some(id) = wizard.draft.renews else { return Ok(None) };
    let t = visit.t();
    match licences::view(visit.city(), visit.actor()?, &id.to_string()).await {
        Ok(view) => {
            let link = Html::link(&format!("/licences/{id}"), &view.licence.number);
            Ok(Some(Fact::new(t.cases_renews(), link)))
        }
        // Sending says what is wrong with it.
        Err(ServiceError::NotFound(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

fn answers(t: T, wizard: &Wizard, slots: &[Slot], renews: Option<Fact>) -> Answers {
    let mut answers = Answers::new(t);
    if let Some(applicant) = &wizard.applicant {
        let mut facts = party_facts(t, applicant);
        facts.extend(renews);
        answers = answers.card(t.cases_check_applicant(), wizard.href("applicant"), facts);
    }
    let form = &wizard.draft.form;
    for step in wizard.form().steps() {
        let visible = wizard.form().visible_fields(Some(&step.id), form);
        let facts = visible.into_iter().map(|question| {
            let place = format!("{}?from=check#{}", wizard.step_href(step), anchor(&question.name));
            let fact = Fact::new(t.of(&question.label), shown(t, question, form)).change(place);
            match source_of(&wizard.prefill, form, &question.name) {
                Some(known) => fact.source(t.of(&known.source)),
                None => fact,
            }
        });
        answers = answers.card(t.of(&step.title), String::new(), facts.collect());
    }
    if !slots.is_empty() {
        let facts = slots.iter().map(|slot| material_fact(t, slot)).collect();
        answers = answers.card(t.cases_part_materials(), wizard.href("materials"), facts);
    }
    if wizard.matter().pledge.is_some() {
        let words = if wizard.pledged() { t.cases_check_pledged() } else { t.cases_check_ordinary() };
        let facts = vec![Fact::new(t.cases_pledge_question(), words)];
        answers = answers.card(t.cases_part_pledge(), wizard.href("pledge"), facts);
    }
    answers
}

fn material_fact(t: T, slot: &Slot) -> Fact {
    let name = t.of(&slot.material.name);
    if !slot.files.is_empty() {
        let names: Vec<&str> = slot.files.iter().map(|file| file.name.as_str()).collect();
        let fact = Fact::new(name, lines(&names.join("\n")));
        return if slot.later { fact.source(t.cases_material_image()) } else { fact };
    }
    match &slot.ready {
        Some((_, source)) => Fact::new(name, t.cases_material_ready()).source(t.of(source)),
        None if slot.pledged => Fact::new(name, t.cases_material_pledged()),
        None if slot.later => Fact::new(name, t.cases_material_follows()),
        None if slot.needed => Fact::new(name, ""),
        None => Fact::new(name, t.cases_material_none()),
    }
}

/// `POST /drafts/{id}/check`: files the application, or asks for a look at it first (`do=pre-review`).
pub(super) async fn send(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let (city, actor) = (visit.city(), visit.person()?);
    let wizard = match Wizard::open(visit, &id).await {
        // Sent twice: the first one took the draft with it.
        Err(Failure::Service(ServiceError::NotFound("draft"))) => return Ok(Redirect::to("/cases").into_response()),
        other => other?,
    };
    let Some(applicant) = wizard.applicant.clone() else {
        return Ok(Redirect::to(&wizard.href("applicant")).into_response());
    };
    let slots = given::slots(visit, &wizard).await?;
    let form = wizard.form().normalise(&wizard.draft.form);
    let pre_review = posted.get("do") == "pre-review";
    let later = given::later(&slots);
    if !later.is_empty() && !posted.ticked("gaps") {
        let mut errors = ErrorSummary::new(visit.t());
        errors.push("gaps", visit.t().cases_gaps_missing());
        let wish = Wish::of(&posted);
        return show(visit, StatusCode::UNPROCESSABLE_ENTITY, &wizard, &slots, errors, (None, wish)).await;
    }
    let delivery = Wish::of(&posted).own;
    let wanted_by = (delivery.way, &delivery.address);
    let content = serde_json::json!([form, given::sent(&slots), wizard.pledged(), pre_review, later, wanted_by]);
    let agent = actor.person.clone().filter(|person| person.code != applicant.code);
    let wanted = Submit {
        matter: wizard.draft.matter.clone(),
        applicant,
        agent,
        form,
        materials: given::sent(&slots),
        pledge: wizard
            .draft
            .pledge
            .clone()
            .filter(|_| wizard.pledged())
            .map(|version| PledgeGiven { version, accepted: true }),
        gaps: (!later.is_empty()).then_some(GapsGiven { slots: later, accepted: true }),
        origin: Origin::Web,
        terminal_at: visit.device.as_ref().map(|device| device.place.clone()),
        pre_review,
        // A double click sends the same draft twice and gets the same answer.
        key: Some((actor.label(), wizard.draft.id.clone(), seal::digest::sha256(content.to_string().as_bytes()))),
        renews: wizard.draft.renews,
        draft: Some(wizard.draft.id.clone()),
        delivery,
    };
    match submit(city, actor, wanted).await {
        Ok(done) => Ok(Redirect::to(&format!("/cases/{}/receipt", done.number)).into_response()),
        Err(error) => refused(&posted, &wizard, &slots, error).await,
    }
}

/// The same page with what stands in the way; nothing of the draft is lost.
async fn refused(posted: &Posted, wizard: &Wizard, slots: &[Slot], error: ServiceError) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let t = visit.t();
    let (mut errors, mut wish) = (ErrorSummary::new(t), Wish::of(posted));
    let (status, notice) = match error {
        ServiceError::Invalid(fields) => {
            for field in &fields {
                match FIELDS.contains(&field.field.as_str()) {
                    true => errors.push(&field.field, t.of(&field.message)),
                    false => errors.push_general(t.of(&field.message)),
                }
            }
            wish.problems = Problems::of(ServiceError::Invalid(fields))?;
            (StatusCode::UNPROCESSABLE_ENTITY, None)
        }
        ServiceError::Refused(refusal) => {
            errors.push_general(t.of(&refusal.reason.explain()));
            (StatusCode::UNPROCESSABLE_ENTITY, None)
        }
        ServiceError::Duplicate(number) => {
            let link = Html::link(&format!("/cases/{number}"), &number);
            let notice = Notice::new(Tone::Act, t.cases_duplicate_title())
                .body(Html::text(t.cases_duplicate_text()).then(" ").then(link));
            (StatusCode::CONFLICT, Some(notice))
        }
        other => return Err(other.into()),
    };
    show(visit, status, wizard, slots, errors, (notice, wish)).await
}
