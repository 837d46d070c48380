//! `/log`: what the log is, in three sentences, with the newest checkpoint.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use service::ServiceError;
use service::log::{Head, head};

use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{CopyText, Crumbs, Fact, Facts, Icon, Tag, Tone};
use crate::layout::{Page, Part, respond};

/// The newest checkpoint.
struct Newest {
    tag: Tag,
    facts: Facts,
    note: String,
}

#[derive(Template)]
#[template(path = "log/show.html")]
struct LogPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    sentences: [&'static str; 3],
    newest: Option<Newest>,
    command: CopyText,
}

fn newest(t: T, head: &Head) -> Newest {
    let mut facts = vec![
        Fact::new(t.log_origin(), head.checkpoint.origin.as_str()),
        Fact::new(t.log_size(), head.checkpoint.size.to_string()),
        Fact::new(t.log_signed(), t.moment(head.at)),
    ];
    for (name, at) in &head.witnesses {
        facts.push(Fact::new(t.log_witness(), t.log_witness_at(name.as_str(), t.moment(*at))));
    }
    let tag = match head.witnesses.is_empty() {
        true => Tag::new(Tone::Act, t.log_unwitnessed()),
        false => Tag::new(Tone::Good, t.log_witnessed()),
    };
    Newest { tag, facts: Facts::new(t, facts), note: head.note.clone() }
}

/// `GET /log`.
pub(super) async fn show(visit: Visit) -> Result<Response, Failure> {
    let (t, page) = (visit.t(), visit.page().with_part(Part::Verify));
    let head = match head(visit.city()).await {
        Err(ServiceError::NotFound(_)) => None,
        found => found?,
    };
    let view = LogPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_verify(), "/v"),
        sentences: [t.log_first(), t.log_second(), t.log_third()],
        newest: head.map(|head| newest(t, &head)),
        command: CopyText::new(
            t,
            format!("yichuang log audit {} --state log-state.json", visit.city().settings().base_url),
        ),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}
