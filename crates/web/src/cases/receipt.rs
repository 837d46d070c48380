//! What one gets after sending: number, by when, what next; or the licence itself.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::{Case, State};
use service::cases;
use service::licences;

use super::clocks;
use super::show::may_rate;
use super::tasks::qr;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{CopyText, Crumbs, Fact, Facts, Html, Icon, Receipt};
use crate::layout::{Page, Part, respond};
use crate::licences::picture;

#[derive(Template)]
#[template(path = "cases/receipt.html")]
struct ReceiptPage<'a> {
    page: &'a Page,
    crumbs: Crumbs,
    title: String,
    receipt: Receipt,
}

#[derive(Template)]
#[template(path = "cases/approved.html")]
struct ApprovedPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    title: String,
    lead: &'a str,
    number: CopyText,
    picture: Html,
    licence: Option<(String, String)>,
    why: String,
    facts: Facts,
    check: String,
    /// Where the service is rated, and the same as a code on the printed receipt.
    rate: Option<(String, Html)>,
}

/// `GET /cases/{number}/receipt`.
pub(super) async fn page(visit: Visit, Path(number): Path<String>) -> Result<Response, Failure> {
    let city = visit.city();
    let found = cases::case_by_number(city, visit.actor()?, &number).await?;
    let case = &found.case;
    let published = service::catalog::version(city, &case.matter, case.matter_version).await?;
    let matter = &published.bundle.matter;
    let name = visit.t().of(&matter.name).to_owned();
    if case.decision.as_ref().is_some_and(|decision| decision.granted) {
        return approved(&visit, case, &name).await;
    }
    let shelf = city.shelf();
    let department = shelf.department(&case.department)?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Cases));
    let filed = case.received_at.is_some();
    let title = if filed { t.cases_receipt_title() } else { t.cases_receipt_pre_title() };
    let mut facts = vec![
        Fact::new(t.cases_matter(), name.as_str()),
        Fact::new(t.cases_check_applicant(), case.applicant.name.as_str()),
        Fact::new(t.cases_department(), t.of(&department.name)),
    ];
    if let Some(at) = case.received_at {
        facts.push(Fact::new(t.cases_received_at(), t.moment(at)));
    }
    let answer = clocks::answer_due(city, case).filter(|_| case.state == State::Filed);
    if let Some((deadline, _)) = &answer {
        facts.push(Fact::new(t.cases_answer_by(), clocks::due(t, deadline)));
    }
    facts.push(Fact::new(t.cases_promise(), t.cases_promise_from(t.period(&matter.promised))));
    let mut receipt = Receipt::new(t, title, case.number.as_str())
        .lead(if filed { t.cases_receipt_lead() } else { t.cases_receipt_pre_lead() })
        .facts(Facts::new(t, facts));
    for sentence in steps_ahead(t, case, answer.is_some()) {
        receipt = receipt.next(sentence);
    }
    let receipt = receipt.action(t.cases_follow(), format!("/cases/{}", case.number)).action(t.nav_cases(), "/cases");
    let crumbs = Crumbs::new(t).link(t.nav_cases(), "/cases");
    Ok(respond(StatusCode::OK, t.lang(), &ReceiptPage { page: &page, crumbs, title: title.to_owned(), receipt }))
}

fn steps_ahead(t: T, case: &Case, answer: bool) -> Vec<&'static str> {
    match case.state {
        State::PreReview | State::Feedback => vec![t.cases_ahead_pre_1(), t.cases_ahead_pre_2()],
        _ if answer && case.rules.is_some() => {
            vec![t.cases_ahead_rules(), t.cases_ahead_filed_1(), t.cases_ahead_filed_2(), t.cases_ahead_filed_3()]
        }
        _ => vec![t.cases_ahead_filed_1(), t.cases_ahead_filed_2(), t.cases_ahead_filed_3()],
    }
}

/// Granted at once: the licence itself is the receipt.
async fn approved(visit: &Visit, case: &Case, name: &str) -> Result<Response, Failure> {
    let (t, page) = (visit.t(), visit.page().with_part(Part::Cases));
    let mut drawn = Html::default();
    let mut licence = None;
    if let Some(own) = &case.licence {
        let view = licences::view(visit.city(), visit.actor()?, &own.id.to_string()).await?;
        drawn = picture(visit, &view).await?;
        licence = Some((format!("/licences/{}", own.id), own.number.clone()));
    }
    let decided = case.decision.as_ref();
    let automatic = decided.is_some_and(|decision| decision.automatic);
    let mut facts =
        vec![Fact::new(t.cases_matter(), name), Fact::new(t.cases_check_applicant(), case.applicant.name.as_str())];
    if let Some(decision) = decided {
        facts.push(Fact::new(t.cases_decided_at(), t.moment(decision.at)));
        let paper = Html::link(&format!("/documents/{}", decision.document.id), &decision.document.number);
        facts.push(Fact::new(t.cases_decision_paper(), paper));
    }
    let check = case.checks.iter().find(|check| check.kind == domain::cases::CheckKind::Pledge);
    let view = ApprovedPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_cases(), "/cases"),
        title: t.cases_approved_title(name),
        lead: if automatic { t.cases_approved_lead() } else { t.cases_approved_lead_person() },
        number: CopyText::new(t, case.number.as_str()),
        picture: drawn,
        licence,
        why: format!("/cases/{}/why", case.number),
        facts: Facts::new(t, facts),
        check: check.map_or_else(String::new, |check| t.cases_approved_check(t.date(check.last_day()))),
        rate: may_rate(visit).then(|| {
            let href = format!("/cases/{}/rate", case.number);
            let address = format!("{}{href}?via=qr", visit.city().settings().base_url);
            (href, qr(&address, t.voice_rate()))
        }),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}
