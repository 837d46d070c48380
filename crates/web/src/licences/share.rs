//! What a holder gives to others instead of paper: a use code, a link, a marked copy; and what can be taken back.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Subject, may};
use domain::licences::{LINK_DAYS, MAX_PURPOSE_CHARS, MAX_USER_CHARS, ShareKind};
use jiff::Span;
use jiff::civil::Date;
use service::ServiceError;
use service::licences::{self, CopyForm, GivenShare, LicenceView, ShareWish};

use crate::accounts::Problems;
use crate::app::{Failure, Posted, Visit};
use crate::cases::{download, qr};
use crate::i18n::T;
use crate::kit::{CopyText, Crumbs, ErrorSummary, Field, Html, Icon, Notice, Tone};
use crate::layout::{Page, Part, respond};

/// For how many days a link is offered.
const USUAL_DAYS: i64 = 30;

/// What was given just now. It is shown in the answer to the form and nowhere again.
struct Slip {
    done: Notice,
    is_code: bool,
    secret: String,
    symbol: Html,
    address: CopyText,
}

/// What can still be used.
struct Open {
    kind: &'static str,
    user: String,
    purpose: String,
    until: String,
    action: String,
}

#[derive(Template)]
#[template(path = "licences/share.html")]
struct SharePage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    name: String,
    action: String,
    fields: [Field; 3],
    slip: Option<Slip>,
    open: Vec<Open>,
}

/// What was typed.
#[derive(Default)]
struct Typed<'a> {
    user: &'a str,
    purpose: &'a str,
    last: &'a str,
}

fn slip(visit: &Visit, given: &GivenShare) -> Slip {
    let (t, base) = (visit.t(), &visit.city().settings().base_url);
    let is_code = given.share.kind == ShareKind::Code;
    let address =
        if is_code { format!("{base}/use?code={}", given.secret) } else { format!("{base}/s/{}", given.secret) };
    let (user, until) = (given.share.user.as_str(), t.moment(given.share.until));
    let done = match is_code {
        true => Notice::new(Tone::Good, t.licences_code_done()).body(t.licences_code_done_text(user, until)),
        false => Notice::new(Tone::Good, t.licences_link_done()).body(t.licences_link_done_text(user, until)),
    };
    Slip {
        done,
        is_code,
        symbol: qr(&address, if is_code { t.licences_code() } else { t.licences_link() }),
        address: CopyText::new(t, address),
        secret: given.secret.clone(),
    }
}

fn fields(t: T, today: Date, typed: &Typed<'_>, problems: &Problems) -> [Field; 3] {
    let day = |days: i64| today.checked_add(Span::new().days(days)).unwrap_or(today).to_string();
    let last = if typed.last.is_empty() { day(USUAL_DAYS) } else { typed.last.to_owned() };
    [
        Field::text(t, "user", t.licences_share_user())
            .hint(t.licences_share_user_hint())
            .max_length(MAX_USER_CHARS)
            .value(typed.user)
            .error(problems.at(t, "user")),
        Field::text(t, "purpose", t.licences_share_purpose())
            .hint(t.licences_share_purpose_hint())
            .max_length(MAX_PURPOSE_CHARS)
            .value(typed.purpose)
            .error(problems.at(t, "purpose")),
        Field::date(t, "last", t.licences_share_last())
            .hint(t.licences_share_last_hint())
            .range(today.to_string(), day(LINK_DAYS - 1))
            .value(last)
            .error(problems.at(t, "last")),
    ]
}

/// The licence, for somebody who stands for its holder.
async fn own(visit: &Visit, id: &str) -> Result<LicenceView, Failure> {
    let actor = visit.actor()?;
    let view = licences::view(visit.city(), actor, id).await?;
    let subject = Subject { party: Some(&view.licence.holder), ..Subject::default() };
    may(actor, Action::ShareLicence, &subject).map_err(ServiceError::from)?;
    Ok(view)
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    view: &LicenceView,
    typed: &Typed<'_>,
    problems: &Problems,
    given: Option<&GivenShare>,
) -> Result<Response, Failure> {
    let (t, page) = (visit.t(), visit.page().with_part(Part::Licences));
    let id = view.licence.id;
    let open = licences::open_shares(visit.city(), visit.actor()?, view).await?;
    let open = open.into_iter().map(|share| Open {
        kind: if share.kind == ShareKind::Code { t.licences_code() } else { t.licences_link() },
        until: t.licences_share_until(t.moment(share.until)),
        action: format!("/licences/{id}/shares/{}/withdraw", share.id),
        user: share.user,
        purpose: share.purpose,
    });
    let name = t.of(&view.licence.name).to_owned();
    let share_page = SharePage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_licences(), "/licences").link(name.as_str(), format!("/licences/{id}")),
        errors: problems.summary(t, &["user", "purpose", "last"]),
        action: format!("/licences/{id}/share"),
        fields: fields(t, visit.city().now().date(), typed, problems),
        slip: given.map(|given| slip(visit, given)),
        open: open.collect(),
        name,
    };
    Ok(respond(status, t.lang(), &share_page))
}

/// `GET /licences/{id}/share`.
pub(super) async fn page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let view = own(&visit, &id).await?;
    show(&visit, StatusCode::OK, &view, &Typed::default(), &Problems::default(), None).await
}

/// `POST /licences/{id}/share`: `do` says what: `code`, `link` or `copy`.
pub(super) async fn give(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let view = own(visit, &id).await?;
    let (city, actor) = (visit.city(), visit.actor()?);
    let typed = Typed { user: posted.get("user"), purpose: posted.get("purpose"), last: posted.get("last") };
    if posted.get("do") == "copy" {
        return match licences::copy_of_own(city, actor, &id, (typed.user, typed.purpose), CopyForm::Pdf).await {
            Ok(copy) => Ok(download(&copy.name, copy.form.media_type(), copy.bytes)),
            Err(error) => {
                let problems = Problems::of(error)?;
                show(visit, StatusCode::UNPROCESSABLE_ENTITY, &view, &typed, &problems, None).await
            }
        };
    }
    let kind = if posted.get("do") == "link" { ShareKind::Link } else { ShareKind::Code };
    let wish = ShareWish { kind, user: typed.user, purpose: typed.purpose, last: typed.last.parse().ok() };
    match licences::give_share(city, actor, &id, &wish).await {
        Ok(given) => show(visit, StatusCode::OK, &view, &Typed::default(), &Problems::default(), Some(&given)).await,
        Err(error) => {
            let problems = Problems::of(error)?;
            show(visit, StatusCode::UNPROCESSABLE_ENTITY, &view, &typed, &problems, None).await
        }
    }
}

/// `POST /licences/{id}/shares/{share}/withdraw`.
pub(super) async fn withdraw(Path((id, share)): Path<(String, String)>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    licences::withdraw_share(visit.city(), visit.actor()?, &id, &share).await?;
    Ok(Redirect::to(&format!("/licences/{id}/share")).into_response())
}
