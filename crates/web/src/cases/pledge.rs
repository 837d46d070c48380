//! 告知承诺: the notice, the promise, and the choice between it and the ordinary procedure.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalog::PledgeTerms;
use domain::text::Text;

use super::wizard::{Help, PLEDGE, Wizard};
use crate::accounts::Problems;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Choice, Crumbs, ErrorSummary, Field, Icon, Steps};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "cases/pledge.html")]
struct PledgePage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    steps: Steps,
    errors: ErrorSummary,
    name: &'a str,
    notice: Vec<&'a str>,
    promise: Vec<&'a str>,
    saved_materials: Vec<&'a str>,
    source: String,
    choice: Field,
    accept: Field,
    signer: String,
    version: &'a str,
    outdated: bool,
    action: String,
    back: String,
    help: Help,
}

fn terms(wizard: &Wizard) -> Result<&PledgeTerms, Failure> {
    wizard.matter().pledge.as_ref().ok_or(Failure::status(StatusCode::NOT_FOUND))
}

/// `GET /drafts/{id}/pledge`.
pub(super) async fn page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let wizard = Wizard::open(&visit, &id).await?;
    let chosen = match (wizard.pledged(), wizard.is_done(PLEDGE)) {
        (true, _) => "pledge",
        (false, true) => "ordinary",
        (false, false) => "",
    };
    show(&visit, StatusCode::OK, &wizard, chosen, wizard.pledged(), &Problems::default())
}

fn show(
    visit: &Visit,
    status: StatusCode,
    wizard: &Wizard,
    chosen: &str,
    accepted: bool,
    problems: &Problems,
) -> Result<Response, Failure> {
    let (t, page) = (visit.t(), wizard.page(visit));
    let terms = terms(wizard)?;
    let matter = wizard.matter();
    let saved = matter.materials.iter().filter(|material| material.pledgeable);
    let choices = vec![
        Choice::new("pledge", t.cases_pledge_yes()).hint(t.cases_pledge_yes_hint(t.period(&matter.promised))),
        Choice::new("ordinary", t.cases_pledge_no()).hint(t.cases_pledge_no_hint()),
    ];
    let person = visit.person()?;
    let signer = match &wizard.applicant {
        Some(party) if person.person.as_ref() != Some(party) => t.cases_signer_for(&party.name, &person.name),
        _ => person.name.clone(),
    };
    let view = PledgePage {
        t,
        page: &page,
        crumbs: wizard.crumbs(t, true),
        steps: wizard.steps(t, "pledge", false),
        errors: problems.summary(t, &["how", "accepted"]),
        name: t.of(&matter.name),
        notice: terms.notice.iter().map(|text| t.of(text)).collect(),
        promise: terms.promise.iter().map(|text| t.of(text)).collect(),
        saved_materials: saved.map(|material| t.of(&material.name)).collect(),
        source: format!("《{}》{}", terms.source.law, terms.source.article),
        choice: Field::radio(t, "how", t.cases_pledge_question(), choices).value(chosen).error(problems.at(t, "how")),
        accept: Field::tick(t, "accepted", t.cases_pledge_accept())
            .value(if accepted { "true" } else { "" })
            .error(problems.at(t, "accepted")),
        signer,
        version: &terms.version,
        outdated: wizard.draft.pledge.is_some() && !wizard.pledged(),
        action: wizard.href("pledge"),
        back: wizard.href(""),
        help: wizard.help(visit, ""),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `POST /drafts/{id}/pledge`. The signature names the version that was on the page.
pub(super) async fn sign(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let mut wizard = Wizard::open(visit, &id).await?;
    let version = terms(&wizard)?.version.clone();
    let (how, accepted) = (posted.get("how"), posted.ticked("accepted"));
    let problem = match how {
        "pledge" if posted.get("version") != version => Some((
            "how",
            Text::new(
                "告知承诺书刚刚更新，请重新阅读后再签署。",
                "The notice has just been updated. Read it again, then sign.",
            ),
        )),
        "pledge" if !accepted => Some((
            "accepted",
            Text::new(
                "请勾选同意承诺内容；不同意的，选择一般程序。",
                "Tick that you promise this, or choose the ordinary procedure.",
            ),
        )),
        "pledge" | "ordinary" => None,
        _ => Some(("how", Text::new("请选择办理方式。", "Choose how to apply."))),
    };
    if let Some((field, text)) = problem {
        let problems = Problems::one(field, text);
        return show(visit, StatusCode::UNPROCESSABLE_ENTITY, &wizard, how, accepted, &problems);
    }
    wizard.draft.pledge = (how == "pledge").then_some(version);
    wizard.mark(PLEDGE, true);
    wizard.save(visit).await?;
    let to = wizard.after("pledge", false);
    Ok(Redirect::to(&to).into_response())
}
