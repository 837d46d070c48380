//! What others see of a licence that its holder has let them see: by use code, once, or by link. The picture and the copies carry
//! the mark: for whom, for what, when.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use domain::accounts::{Action, Actor, Subject, may};
use domain::codes::mask;
use seal::licence::CodeKind;
use service::ServiceError;
use service::licences::{self, CopyForm, Shown, UseCode};

use super::mine::standing_tag;
use crate::accounts::Problems;
use crate::app::{Failure, Posted, Visit};
use crate::cases::{Drawn, download};
use crate::i18n::T;
use crate::kit::{Crumbs, ErrorSummary, Fact, Facts, Field, Html, Icon, Notice, Tag, Tone};
use crate::layout::{Page, Part, respond};

#[derive(Template)]
#[template(path = "licences/use.html")]
struct UsePage<'a> {
    t: T,
    page: &'a Page,
    errors: ErrorSummary,
    fields: [Field; 2],
}

#[derive(Template)]
#[template(path = "licences/shown.html")]
struct ShownPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    name: String,
    tag: Tag,
    note: Notice,
    picture: Html,
    facts: Facts,
    check: String,
    copies: [(String, &'static str); 2],
}

/// Whoever takes a code is known: an account with a proved identity, or staff.
fn known(visit: &Visit) -> Result<&Actor, Failure> {
    let actor = if visit.actor()?.is_staff() { visit.actor()? } else { visit.person()? };
    may(actor, Action::UseLicence, &Subject::default()).map_err(ServiceError::from)?;
    Ok(actor)
}

fn form(visit: &Visit, status: StatusCode, [code, verifier]: [&str; 2], problems: &Problems) -> Response {
    let (t, page) = (visit.t(), visit.page().with_part(Part::Verify));
    let view = UsePage {
        t,
        page: &page,
        errors: problems.summary(t, &["code", "verifier"]),
        fields: [
            Field::text(t, "code", t.licences_code())
                .hint(t.licences_use_code_hint())
                .autocomplete("off")
                .width("m")
                .max_length(20)
                .value(code)
                .error(problems.at(t, "code")),
            Field::text(t, "verifier", t.licences_use_verifier())
                .hint(t.licences_use_verifier_hint())
                .max_length(60)
                .value(verifier)
                .error(problems.at(t, "verifier")),
        ],
    };
    respond(status, t.lang(), &view)
}

/// `GET /use?code=`: where a QR code of a holder leads.
pub(super) async fn enter(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    known(&visit)?;
    let code = query.get("code").map_or("", String::as_str);
    Ok(form(&visit, StatusCode::OK, [code, ""], &Problems::default()))
}

/// `POST /use`: the code is used up by this.
pub(super) async fn redeem(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = known(visit)?;
    visit.attempt("use-code")?;
    let (code, verifier) = (posted.get("code"), posted.get("verifier"));
    match licences::use_code(visit.city(), actor, &UseCode { code, verifier }, None).await {
        Ok(used) => {
            let base = format!("/use/{}", used.share.id);
            show(visit, used, &base).await
        }
        Err(error) => {
            let problems = Problems::of(error)?;
            Ok(form(visit, StatusCode::UNPROCESSABLE_ENTITY, [code, verifier], &problems))
        }
    }
}

/// `GET /use/{share}/{form}`: the marked copy, for the account that has just used the code.
pub(super) async fn copy_of_used(
    visit: Visit,
    Path((share, form)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let actor = known(&visit)?;
    let form = CopyForm::named(&form).ok_or(ServiceError::NotFound("form of a copy"))?;
    let copy = licences::copy_of_used(visit.city(), actor, &share, form).await?;
    Ok(download(&copy.name, copy.form.media_type(), copy.bytes))
}

/// `GET /s/{secret}`.
pub(super) async fn link(visit: Visit, Path(secret): Path<String>) -> Result<Response, Failure> {
    visit.attempt("share-link")?;
    let found = licences::open_link(visit.city(), &secret).await?;
    show(&visit, found, &format!("/s/{secret}")).await
}

/// `GET /s/{secret}/{form}`.
pub(super) async fn copy_of_link(
    visit: Visit,
    Path((secret, form)): Path<(String, String)>,
) -> Result<Response, Failure> {
    visit.attempt("share-link")?;
    let form = CopyForm::named(&form).ok_or(ServiceError::NotFound("form of a copy"))?;
    let copy = licences::copy_of_link(visit.city(), &secret, form).await?;
    Ok(download(&copy.name, copy.form.media_type(), copy.bytes))
}

async fn show(visit: &Visit, shown: Shown, base: &str) -> Result<Response, Failure> {
    let (t, page) = (visit.t(), visit.page().with_part(Part::Verify));
    let picture = licences::copy_of_shown(visit.city(), shown.clone(), CopyForm::Svg).await?;
    let picture = String::from_utf8(picture.bytes).map_err(ServiceError::internal)?;
    let Shown { view, share } = shown;
    let data = &view.file.licence;
    let code = if data.holder.code_kind == CodeKind::Uscc { data.holder.code.clone() } else { mask(&data.holder.code) };
    let until = view.licence.last_day();
    let facts = vec![
        Fact::new(t.licences_number(), view.licence.number.as_str()),
        Fact::new(t.licences_holder(), view.licence.holder.name.as_str()),
        Fact::new(t.licences_holder_code(), code),
        Fact::new(t.licences_issuer(), data.issuer.name.as_str()),
        Fact::new(
            t.licences_validity(),
            until.map_or_else(|| t.licences_forever().to_owned(), |day| t.licences_until(t.date(day))),
        ),
        Fact::new(t.licences_identifier(), view.licence.identifier.as_str()),
    ];
    let note = t.licences_shown_text(share.user.as_str(), share.purpose.as_str(), t.moment(share.until));
    let shown_page = ShownPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_verify(), "/v"),
        name: t.of(&view.licence.name).to_owned(),
        tag: standing_tag(t, view.standing),
        note: Notice::new(Tone::Running, t.licences_shown_title()).body(note),
        picture: Html::of(&Drawn { svg: &picture }),
        facts: Facts::new(t, facts),
        check: format!("/v/{}", view.licence.public_id),
        copies: [("pdf", t.licences_pdf()), ("svg", t.licences_svg())]
            .map(|(form, name)| (format!("{base}/{form}"), name)),
    };
    let mut response = respond(StatusCode::OK, t.lang(), &shown_page);
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex"));
    Ok(response)
}
