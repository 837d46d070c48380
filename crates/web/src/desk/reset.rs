//! A forgotten password at a window: the clerk has looked at the document and the face, and hands over a code.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::accounts::{Action, SeenDocument, Subject, may};
use domain::text::Text;
use service::accounts::ResetCode;
use service::{ServiceError, accounts};

use super::frame;
use crate::accounts::Problems;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Choice, ErrorSummary, Fact, Facts, Field, Icon, Notice, Tone};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "desk/reset.html")]
struct ResetPage<'a> {
    t: T,
    page: &'a Page,
    errors: ErrorSummary,
    fields: Vec<Field>,
    slip: Option<Slip>,
}

/// What is handed over. It is shown in the answer to the form and nowhere again.
struct Slip {
    done: Notice,
    code: String,
    facts: Facts,
}

fn slip(visit: &Visit, given: &ResetCode) -> Slip {
    let t = visit.t();
    let place = format!("{}/sign-in/reset", visit.city().settings().base_url);
    let facts = vec![
        Fact::new(t.desk_reset_login(), given.login.as_str()),
        Fact::new(t.desk_reset_until(), t.moment(given.until)),
        Fact::new(t.desk_reset_where(), place),
    ];
    Slip {
        done: Notice::new(Tone::Good, t.desk_reset_done()).body(t.desk_reset_done_text()),
        code: given.code.clone(),
        facts: Facts::new(t, facts),
    }
}

fn fields(t: T, code: &str, document: &str, problems: &Problems) -> Vec<Field> {
    let choices = SeenDocument::ALL.map(|own| Choice::new(own.as_str(), t.of(&own.label()))).to_vec();
    let code = Field::text(t, "code", t.desk_reset_code()).width("m").max_length(30).value(code);
    vec![
        Field::radio(t, "document", t.desk_reset_document(), choices).value(document).error(problems.at(t, "document")),
        code.error(problems.at(t, "code")),
        Field::tick(t, "seen", t.desk_reset_seen()).error(problems.at(t, "seen")),
    ]
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    typed: [&str; 2],
    problems: &Problems,
    given: Option<&ResetCode>,
) -> Result<Response, Failure> {
    may(visit.staff()?, Action::ResetPassword, &Subject::default()).map_err(ServiceError::from)?;
    let (t, page) = (visit.t(), frame::page(visit, "/desk/reset").await?);
    let [code, document] = typed;
    let view = ResetPage {
        t,
        page: &page,
        errors: problems.summary(t, &["document", "code", "seen"]),
        fields: fields(t, code, document, problems),
        slip: given.map(|given| slip(visit, given)),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /desk/reset`.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    show(&visit, StatusCode::OK, ["", ""], &Problems::default(), None).await
}

/// `POST /desk/reset`.
pub(super) async fn issue(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    may(visit.staff()?, Action::ResetPassword, &Subject::default()).map_err(ServiceError::from)?;
    visit.attempt("reset-code")?;
    let [code, document] = [posted.get("code").trim(), posted.get("document")];
    let problems = match (SeenDocument::parse(document), posted.ticked("seen")) {
        (None, _) => {
            let text = Text::new("请选择核对的是哪一种证件。", "Choose which document you compared.");
            Problems::one("document", text)
        }
        (Some(_), false) => {
            let text =
                Text::new("请先核对本人和证件，再勾选。", "Compare the person with the document first, then tick.");
            Problems::one("seen", text)
        }
        (Some(seen), true) => match accounts::issue_reset(visit.city(), visit.staff()?, code, seen).await {
            Ok(given) => return show(visit, StatusCode::OK, ["", ""], &Problems::default(), Some(&given)).await,
            Err(error) => Problems::of(error)?,
        },
    };
    show(visit, StatusCode::UNPROCESSABLE_ENTITY, [code, document], &problems, None).await
}
