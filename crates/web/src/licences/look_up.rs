//! The form of the public check: an address from a QR code, a licence file, or its content pasted.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::text::Text;
use seal::digest::is_public_id;
use seal::licence::{LicenceFile, verify_licence};
use seal::render::{ofd, pdf};
use seal::report::Check;
use service::City;
use service::licences::{public_view, qr_trust};
use service::log;

use super::public::{PublicPage, checks, expected, masked};
use crate::accounts::Problems;
use crate::app::{Failure, Visit};
use crate::cases::Mixed;
use crate::i18n::T;
use crate::kit::{Crumbs, ErrorSummary, Fact, Facts, Field, Icon, Tone};
use crate::layout::{Page, Part, respond};

/// Largest licence file in bytes; ours have a few kilobytes, with annex pages some hundred.
const MAX_LICENCE_BYTES: usize = 2 << 20;

#[derive(Template)]
#[template(path = "licences/look_up.html")]
struct LookUpPage<'a> {
    t: T,
    page: &'a Page,
    errors: ErrorSummary,
    what: Field,
    file_error: String,
    expected: Option<(String, String)>,
}

/// `GET /v`.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    Ok(show(&visit, StatusCode::OK, "", &Problems::default()))
}

fn show(visit: &Visit, status: StatusCode, typed: &str, problems: &Problems) -> Response {
    let (t, page) = (visit.t(), visit.page().with_part(Part::Verify));
    let view = LookUpPage {
        t,
        page: &page,
        errors: problems.summary(t, &["what", "file"]),
        what: Field::textarea(t, "what", t.licences_what())
            .hint(t.licences_what_hint())
            .rows(4)
            .value(typed)
            .error(problems.at(t, "what")),
        file_error: problems.at(t, "file"),
        expected: None,
    };
    respond(status, t.lang(), &view)
}

/// The public id in an address of a public page, or the text itself when it is one.
fn public_id(text: &str) -> Option<&str> {
    let before = text.split(['#', '?']).next().unwrap_or(text);
    let id = before.trim_end_matches('/').rsplit('/').next().unwrap_or(before).trim();
    is_public_id(id).then_some(id)
}

/// `POST /v`.
pub(super) async fn check(mixed: Mixed) -> Result<Response, Failure> {
    let visit = &mixed.visit;
    let text = mixed.get("what").trim().to_owned();
    if let Some(file) = mixed.files.iter().find(|file| file.field == "file") {
        return check_file(visit, &file.bytes, "file", &text).await;
    }
    if text.starts_with('{') {
        return check_file(visit, text.as_bytes(), "what", &text).await;
    }
    if text.contains('#') {
        return check_qr(visit, &text).await;
    }
    match public_id(&text) {
        Some(id) => Ok(Redirect::to(&format!("/v/{id}")).into_response()),
        None => {
            let problems = Problems::one(
                "what",
                Text::new(
                    "请扫描证照上的二维码，把得到的网址粘贴到这里；或上传证照文件。",
                    "Scan the QR code on the licence and paste the address here, or choose the licence file.",
                ),
            );
            Ok(show(visit, StatusCode::UNPROCESSABLE_ENTITY, &text, &problems))
        }
    }
}

/// A licence with its signed data, byte for byte; whether the file holds; and what was checked.
type Examined = (Option<(LicenceFile, Vec<u8>)>, bool, Vec<Check>);

/// Whether bytes begin as a licence file in one of its forms does.
fn is_one(bytes: &[u8]) -> bool {
    ofd::is_ofd(bytes) || pdf::is_pdf(bytes) || bytes.trim_ascii().starts_with(b"{")
}

/// What a licence file holds: OFD and PDF are known by their first bytes, anything else is signed data.
fn read(city: &City, bytes: &[u8]) -> Examined {
    let (roots, at) = (&city.keys().roots, city.moment());
    if ofd::is_ofd(bytes) {
        let report = ofd::verify(bytes, roots, at);
        return (report.content.map(|content| (content.licence, content.data)), report.valid, report.checks);
    }
    if pdf::is_pdf(bytes) {
        let report = pdf::verify(bytes, roots, at);
        return (report.content.map(|content| (content.licence, content.data)), report.valid, report.checks);
    }
    let data = bytes.trim_ascii();
    let report = verify_licence(data, roots, at);
    (report.content.map(|file| (file, data.to_vec())), report.valid, report.checks)
}

/// A licence file: its signature against our roots, then its standing where it is one of ours.
async fn check_file(visit: &Visit, bytes: &[u8], field: &str, typed: &str) -> Result<Response, Failure> {
    let city = visit.city();
    let (t, page, now) = (visit.t(), visit.page().with_part(Part::Verify), city.now());
    if bytes.len() > MAX_LICENCE_BYTES || !is_one(bytes) {
        let problems = Problems::one(
            field,
            Text::new(
                "这不是本平台的证照文件，或者内容已经损坏。请用证照页面下载的文件，不要改动。",
                "This is no licence file of this platform, or it is damaged. Use the file as downloaded from the licence's page.",
            ),
        );
        return Ok(show(visit, StatusCode::UNPROCESSABLE_ENTITY, typed, &problems));
    }
    let (content, valid, made) = read(city, bytes);
    let Some((file, data)) = content else {
        // What is too broken to say whose it is still gets its report: what was found, check by check.
        let view = PublicPage {
            t,
            page: &page,
            crumbs: Crumbs::new(t).link(t.nav_verify(), "/v"),
            word: t.licences_false().to_owned(),
            tone: Tone::Bad,
            sentence: t.licences_false_text().to_owned(),
            checks: checks(t, made.into_iter().map(|check| (check.detail, check.ok))),
            checked: t.licences_checked_at(t.moment(now)),
            facts: None,
            expected: None,
            online: String::new(),
            proof: None,
        };
        return Ok(respond(StatusCode::OK, t.lang(), &view));
    };
    let known = public_view(city, &file.licence.public_id).await.ok();
    // Of our own licences the public log must hold these very bytes, not only some under the same number.
    let logged = log::holds(city, &file.licence.public_id, &data).await?;
    let valid = valid && logged.as_ref().is_none_or(|(_, ok)| *ok);
    let (word, tone, sentence) = match (valid, &known) {
        (true, Some(known)) => (
            t.of(&known.standing.label()).to_owned(),
            super::mine::tone(known.standing),
            t.licences_file_genuine().to_owned(),
        ),
        (true, None) => (t.licences_genuine().to_owned(), Tone::Running, t.licences_file_elsewhere().to_owned()),
        (false, _) => (t.licences_false().to_owned(), Tone::Bad, t.licences_false_text().to_owned()),
    };
    let view = PublicPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_verify(), "/v"),
        word,
        tone,
        sentence,
        checks: checks(t, made.into_iter().map(|check| (check.detail, check.ok)).chain(logged)),
        checked: t.licences_checked_at(t.moment(now)),
        // What a false file says about itself is not repeated here.
        facts: valid.then(|| masked(t, &city.shelf(), &file.licence)),
        expected: expected(&file).filter(|_| valid),
        online: known.map_or_else(String::new, |_| format!("/v/{}", file.licence.public_id)),
        proof: None,
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// An address from a QR code with its proof behind `#`, for people without scripts; with scripts the browser checks it.
async fn check_qr(visit: &Visit, text: &str) -> Result<Response, Failure> {
    let city = visit.city();
    let (t, page, now) = (visit.t(), visit.page().with_part(Part::Verify), city.now());
    let report = seal::qr::verify(text, &qr_trust(city).await?, city.moment());
    let (word, tone, sentence) = match (&report.content, report.valid) {
        (Some(claims), true) if claims.covers(now) => (t.licences_genuine(), Tone::Good, t.licences_qr_genuine()),
        (Some(_), true) => (t.licences_genuine(), Tone::Quiet, t.licences_qr_over()),
        _ => (t.licences_false(), Tone::Bad, t.licences_qr_false()),
    };
    let facts = report.content.as_ref().filter(|_| report.valid).map(|claims| {
        let validity = match claims.valid_to {
            Some(last) => t.licences_from_to(t.date(claims.valid_from), t.date(last)),
            None => t.licences_from_on(t.date(claims.valid_from)),
        };
        Facts::new(
            t,
            vec![
                Fact::new(t.licences_holder(), claims.holder_name.as_str()),
                Fact::new(t.licences_holder_code(), claims.holder_code_masked.as_str()),
                Fact::new(t.licences_issued(), t.date(claims.issue_date)),
                Fact::new(t.licences_validity(), validity),
                Fact::new(t.licences_identifier(), claims.identifier.as_str()),
            ],
        )
    });
    let view = PublicPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_verify(), "/v"),
        word: word.to_owned(),
        tone,
        sentence: sentence.to_owned(),
        checks: checks(t, report.checks.iter().map(|check| (check.detail.clone(), check.ok))),
        checked: t.licences_checked_at(t.moment(now)),
        facts,
        expected: None,
        online: public_id(text).map_or_else(String::new, |id| format!("/v/{id}")),
        proof: None,
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_id_is_found_in_what_people_paste() {
        let id = seal::digest::public_id([7; 16]);
        for text in [id.clone(), format!("https://a.cn/v/{id}"), format!("http://a:80/v/{id}/?x=1#abc")] {
            assert_eq!(public_id(&text), Some(id.as_str()), "{text}");
        }
        for text in ["", "https://a.cn/v/", "鲁卫公证字〔2026〕第000042号"] {
            assert_eq!(public_id(text), None, "{text}");
        }
    }
}
