//! Carrying out what was posted at the desk. What is refused is shown in the page with what was typed; what is signed is
//! shown first.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use service::ServiceError;
use service::cases::{self, Work};
use service::catalog;

use super::acts::Typed;
use super::wish::Form;
use super::{case, sign};
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::Action;

fn typed(command: &str, posted: &Posted) -> Typed {
    let dropped = match Action::parse(posted.get("do")) {
        Some(Action::Remove(list, row)) => Some(format!("{list}[{row}].")),
        _ => None,
    };
    let kept = |name: &str| dropped.as_deref().is_none_or(|prefix| !name.starts_with(prefix));
    let more = match Action::parse(posted.get("do")) {
        Some(Action::Add(list)) => list,
        _ => String::new(),
    };
    let mut pairs: Vec<(String, String)> = posted.pairs.iter().filter(|(name, _)| kept(name)).cloned().collect();
    if let Some(list) = dropped.as_deref().and_then(|prefix| prefix.split('[').next()) {
        // The list was touched, although its last row is gone: it must not fill itself again from what is known.
        pairs.push((format!("{list}[999].about"), String::new()));
    }
    Typed { command: command.to_owned(), pile: posted.get("pile").to_owned(), pairs, more, ..Typed::default() }
}

/// Where the person goes on after something was done.
pub(super) fn done(number: &str, command: &str, pile: &str) -> Response {
    let pile: String = form_urlencoded::byte_serialize(pile.as_bytes()).collect();
    Redirect::to(&format!("/desk/cases/{number}?done={command}&pile={pile}")).into_response()
}

/// Why a use case refused, in sentences for the page; what the page cannot mend passes through.
pub(super) fn refused(t: T, error: ServiceError) -> Result<(StatusCode, Vec<String>), Failure> {
    match error {
        ServiceError::Refused(refusal) => Ok((StatusCode::CONFLICT, vec![t.of(&refusal.reason.explain()).to_owned()])),
        ServiceError::Changed => Ok((StatusCode::CONFLICT, vec![t.desk_changed().to_owned()])),
        ServiceError::Invalid(fields) => {
            let texts = fields.iter().map(|field| t.of(&field.message).to_owned()).collect();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, texts))
        }
        other => Err(other.into()),
    }
}

/// `POST /desk/cases/{number}/{command}`: `do=preview` shows the document first, `do=edit` comes back from it, `do=sign`
/// signs what was shown; the row buttons draw the page anew; anything else does it.
pub(super) async fn post(Path((number, command)): Path<(String, String)>, posted: Posted) -> Result<Response, Failure> {
    let visit: &Visit = &posted.visit;
    let (t, actor) = (visit.t(), visit.staff()?);
    let mut typed = typed(&command, &posted);
    let wanted = posted.get("do");
    if Action::parse(wanted).is_some() || wanted == "edit" {
        return case::show(visit, StatusCode::OK, &number, &typed, &[]).await;
    }
    let found = cases::case_by_number(visit.city(), actor, &number).await?;
    cases::permit(actor, &found.case, &command)?;
    let published = catalog::version(visit.city(), &found.case.matter, found.case.matter_version).await?;
    let work = match Form::new(t, &posted, &found.case, &published.bundle.matter).work(&command) {
        Ok(Some(work)) => work,
        Ok(None) => return Err(ServiceError::NotFound("command").into()),
        Err(wrong) => {
            typed.errors = wrong;
            return case::show(visit, StatusCode::UNPROCESSABLE_ENTITY, &number, &typed, &[]).await;
        }
    };
    match carry_out(&posted, &number, &command, work).await {
        Ok(answer) => Ok(answer),
        Err(Failure::Service(error)) => {
            let (status, problems) = refused(t, error)?;
            case::show(visit, status, &number, &typed, &problems).await
        }
        Err(other) => Err(other),
    }
}

async fn carry_out(posted: &Posted, number: &str, command: &str, work: Work) -> Result<Response, Failure> {
    let visit = &posted.visit;
    // A form without the version that was seen could act on something nobody has looked at.
    let seen = posted.get("version").parse().unwrap_or(-1);
    let wanted = posted.get("do");
    if matches!(wanted, "preview" | "sign") {
        let shown = cases::preview(visit.city(), visit.staff()?, number, Some(seen), work.clone()).await?;
        let data = shown.ok_or(ServiceError::NotFound("document"))?;
        // The words may have changed since they were shown, with the day or the calendar: they are shown once more.
        if wanted == "preview" || posted.get("shown") != sign::digest(&data) {
            return sign::show(posted, number, command, &data).await;
        }
    }
    cases::work(visit.city(), visit.staff()?, number, Some(seen), work, None).await?;
    Ok(done(number, command, posted.get("pile")))
}
