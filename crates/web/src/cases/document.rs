//! A sealed document as a page one can print, with the result of checking its seal just now.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::time::date_words;
use seal::document::{DocumentData, verify_document};
use seal::licence::SPECIMEN;
use seal::stamp::seal_svg;
use service::ServiceError;
use service::cases;

use super::tasks::Drawn;
use super::uploads::download;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Crumbs, Html, Icon, Tag, Tone};
use crate::layout::{Page, Part, respond};

struct Check {
    words: String,
    tag: Tag,
}

#[derive(Template)]
#[template(path = "cases/document.html")]
struct DocumentPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    data: &'a DocumentData,
    title: &'a str,
    date: String,
    seal: Html,
    valid: bool,
    checks: Vec<Check>,
    file: String,
    specimen: &'static str,
}

/// `GET /documents/{id}`.
pub(super) async fn page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let city = visit.city();
    let document = cases::document(city, visit.actor()?, &id).await?;
    let report = verify_document(document.signed.as_bytes(), &city.keys().roots, city.moment());
    let file = report.content.ok_or_else(|| ServiceError::internal("a stored document cannot be read"))?;
    let data = &file.document;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Cases));
    let drawn = seal_svg(&data.issuer.name, data.specimen);
    let case = format!("/cases/{}", data.case_number);
    let view = DocumentPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_cases(), "/cases").link(data.case_number.as_str(), case),
        data,
        title: t.of(&data.title),
        date: date_words(data.date).zh,
        seal: Html::of(&Drawn { svg: &drawn }),
        valid: report.valid,
        checks: report
            .checks
            .iter()
            .map(|check| Check {
                words: t.of(&check.detail).to_owned(),
                tag: match check.ok {
                    true => Tag::new(Tone::Good, t.cases_check_ok()),
                    false => Tag::new(Tone::Bad, t.cases_check_bad()),
                },
            })
            .collect(),
        file: format!("/documents/{id}/file"),
        specimen: SPECIMEN,
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// `GET /documents/{id}/file`: the signed file, byte for byte.
pub(super) async fn file(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let document = cases::document(visit.city(), visit.actor()?, &id).await?;
    Ok(download(&format!("{}.json", document.number), "application/json", document.signed.into_bytes()))
}
