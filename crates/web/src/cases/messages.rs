//! Messages to the person: what happened to a case, and what must be done.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use service::messages;

use super::check::lines;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Empty, Html, Icon, Tag, Tone};
use crate::layout::{Page, Part, respond};

struct Item {
    title: String,
    text: Html,
    href: String,
    time: String,
    new: bool,
    tag: Option<Tag>,
}

#[derive(Template)]
#[template(path = "cases/messages.html")]
struct MessagesPage<'a> {
    t: T,
    page: &'a Page,
    items: Vec<Item>,
    unread: usize,
    empty: Empty,
}

/// `GET /messages`.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    let found = messages::mine(visit.city(), visit.actor()?).await?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Me));
    let items: Vec<Item> = found
        .iter()
        .map(|message| Item {
            title: t.of(&message.title).to_owned(),
            text: lines(t.of(&message.text)),
            href: message.href(),
            time: t.moment(message.at),
            new: message.read_at.is_none(),
            tag: message.act.then(|| Tag::new(Tone::Act, t.cases_message_act())),
        })
        .collect();
    let view = MessagesPage {
        t,
        page: &page,
        unread: items.iter().filter(|item| item.new).count(),
        items,
        empty: Empty::new(Icon::Message, t.cases_messages_none(), t.cases_messages_none_text()),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// `POST /messages`: all of them are read.
pub(super) async fn read(posted: Posted) -> Result<Response, Failure> {
    messages::mark_read(posted.visit.city(), posted.visit.actor()?).await?;
    Ok(Redirect::to("/messages").into_response())
}
