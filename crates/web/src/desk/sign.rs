//! The step before a signature: the document word for word, and by whom and with whose seal it will be signed.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::time::date_words;
use seal::document::DocumentData;
use seal::licence::SPECIMEN;

use super::frame;
use crate::app::{Failure, Posted};
use crate::i18n::T;
use crate::kit::{Crumbs, Fact, Facts, Html, Icon};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "desk/sign.html")]
struct SignPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    data: &'a DocumentData,
    title: &'a str,
    date: String,
    seal: Html,
    specimen: &'static str,
    facts: Facts,
    changed: bool,
    action: String,
    /// What was typed, to be posted again.
    hidden: Vec<(&'a str, &'a str)>,
    shown: String,
    button: String,
    danger: bool,
}

/// The digest of what is shown; the signature is given to these words and no others.
pub(super) fn digest(data: &DocumentData) -> String {
    seal::digest::sha256_hex(serde_json::to_string(data).unwrap_or_default().as_bytes())
}

/// The document with the button that signs it.
pub(super) async fn show(
    posted: &Posted,
    number: &str,
    command: &str,
    data: &DocumentData,
) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let (t, actor) = (visit.t(), visit.staff()?);
    let page = frame::page(visit, "").await?;
    let own = |name: &str| !matches!(name, "csrf" | "do" | "shown");
    let hidden = posted.pairs.iter().filter(|(name, _)| own(name));
    let changed = posted.get("do") == "sign";
    let case = format!("/desk/cases/{number}");
    let facts = vec![
        Fact::new(t.desk_sign_who(), actor.name.as_str()),
        Fact::new(t.desk_sign_seal(), data.issuer.name.as_str()),
        Fact::new(t.desk_sign_to(), data.addressee.name.as_str()),
        Fact::new(t.case_number(), number),
    ];
    let view = SignPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_name(), "/desk").link(number, case.as_str()),
        data,
        title: t.of(&data.title),
        date: date_words(data.date).zh,
        seal: Html::default(),
        specimen: SPECIMEN,
        facts: Facts::new(t, facts),
        changed,
        action: format!("{case}/{command}"),
        hidden: hidden.map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        shown: digest(data),
        button: t.desk_act(command),
        danger: matches!(command, "refuse" | "decline-acceptance" | "terminate"),
    };
    let status = if changed { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(respond(status, t.lang(), &view))
}
