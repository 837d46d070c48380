//! Where one is told outside of the platform: an address for each channel that the city serves, confirmed by a code.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Channel, MAX_EMAIL_CHARS};
use service::{ServiceError, messages};

use super::problems::Problems;
use crate::app::{Failure, Limits, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Crumbs, ErrorSummary, Field, Tag, Tone};
use crate::layout::{Page, Part, respond};

/// So many codes may be sent for one account in an hour: nobody's mailbox is flooded from here.
const CODES: Limits = Limits { attempts: 6, window_seconds: 3_600 };

#[derive(Template)]
#[template(path = "accounts/contacts.html")]
struct ContactsPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    ways: Vec<Way>,
}

/// One channel.
struct Way {
    id: &'static str,
    name: String,
    lead: String,
    tag: Tag,
    /// The confirmed address; empty while there is none.
    confirmed: String,
    /// What was sent where, with the field for the code.
    code: Option<(String, Field)>,
    address: Field,
}

/// What was typed into the form of a channel, and what is wrong with it.
struct Typed<'a> {
    channel: Channel,
    address: &'a str,
    code: &'a str,
    problems: Problems,
}

async fn show(visit: &Visit, status: StatusCode, typed: Option<Typed<'_>>) -> Result<Response, Failure> {
    visit.signed_in()?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Me));
    let mut ways = Vec::new();
    for channel in Channel::ALL.into_iter().filter(|own| serves(visit, *own)) {
        let typed = typed.as_ref().filter(|typed| typed.channel == channel);
        ways.push(way(visit, channel, typed).await?);
    }
    if ways.is_empty() {
        return Err(ServiceError::NotFound("channel").into());
    }
    let errors = match &typed {
        Some(typed) => {
            let name = typed.channel.as_str();
            let mut summary = ErrorSummary::new(t);
            for field in ["address", "code"] {
                let words = typed.problems.at(t, field);
                if !words.is_empty() {
                    summary.push(&format!("{name}-{field}"), &words);
                }
            }
            summary
        }
        None => ErrorSummary::new(t),
    };
    let crumbs = Crumbs::new(t).link(t.accounts_me(), "/me");
    Ok(respond(status, t.lang(), &ContactsPage { t, page: &page, crumbs, errors, ways }))
}

fn serves(visit: &Visit, channel: Channel) -> bool {
    visit.city().senders().iter().any(|sender| sender.channel() == channel)
}

async fn way(visit: &Visit, channel: Channel, typed: Option<&Typed<'_>>) -> Result<Way, Failure> {
    let (t, id) = (visit.t(), channel.as_str());
    let account = &visit.signed_in()?.account;
    let own = account.contact(channel);
    let waits = messages::pending(visit.city(), visit.actor()?, channel).await?;
    let problem = |field: &str| typed.map_or_else(String::new, |typed| typed.problems.at(t, field));
    let tag = match (own, &waits) {
        (_, Some(_)) => Tag::new(Tone::Act, t.contact_waits()),
        (Some(_), None) => Tag::new(Tone::Good, t.contact_on()),
        (None, None) => Tag::new(Tone::Quiet, t.contact_off()),
    };
    let label = if channel == Channel::Email { t.contact_email_address() } else { t.contact_phone_number() };
    let address = match channel {
        Channel::Email => Field::text(t, format!("{id}-address"), label)
            .autocomplete("email")
            .input_mode("email")
            .max_length(MAX_EMAIL_CHARS),
        Channel::Sms | Channel::Wechat => Field::phone(t, format!("{id}-address"), label).max_length(20),
    };
    let code = waits.map(|waits| {
        let field = Field::text(t, format!("{id}-code"), t.contact_code())
            .hint(t.contact_code_hint())
            .width("s")
            .input_mode("numeric")
            .autocomplete("one-time-code")
            .max_length(12)
            .value(typed.map_or("", |typed| typed.code))
            .error(problem("code"));
        (t.contact_sent(waits.address, t.clock(waits.until)), field)
    });
    Ok(Way {
        id,
        name: t.contact_channel(id),
        lead: t.contact_channel_lead(id),
        tag,
        confirmed: own.map_or_else(String::new, |own| t.contact_confirmed(own.masked(), t.moment(own.since))),
        code,
        address: address.value(typed.map_or("", |typed| typed.address)).error(problem("address")),
    })
}

/// `GET /me/contacts`.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    show(&visit, StatusCode::OK, None).await
}

fn channel(name: &str) -> Result<Channel, Failure> {
    Channel::parse(name).ok_or_else(|| ServiceError::NotFound("channel").into())
}

/// The page of contacts, or the form again with what is wrong.
async fn answer(posted: &Posted, channel: Channel, result: Result<(), ServiceError>) -> Result<Response, Failure> {
    let Err(error) = result else { return Ok(Redirect::to("/me/contacts").into_response()) };
    let name = channel.as_str();
    let (address, code) = (posted.get(&format!("{name}-address")), posted.get(&format!("{name}-code")));
    let typed = Typed { channel, address, code, problems: Problems::of(error)? };
    show(&posted.visit, StatusCode::UNPROCESSABLE_ENTITY, Some(typed)).await
}

/// `POST /me/contacts/{channel}`: sends a code to an address.
pub(super) async fn ask(Path(name): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = visit.actor()?;
    let channel = channel(&name)?;
    let (limiter, now) = (&visit.app.limiter, visit.city().now());
    limiter.within(CODES, "contact", actor.label(), now).map_err(ServiceError::TooMany)?;
    let typed = posted.get(&format!("{name}-address"));
    let asked = messages::ask_code(visit.city(), actor, channel, typed, visit.t().lang()).await;
    answer(&posted, channel, asked.map(drop)).await
}

/// `POST /me/contacts/{channel}/confirm`: the code that came back.
pub(super) async fn confirm(Path(name): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = visit.actor()?;
    let channel = channel(&name)?;
    visit.attempt("contact-code")?;
    let confirmed = messages::confirm(visit.city(), actor, channel, posted.get(&format!("{name}-code"))).await;
    answer(&posted, channel, confirmed.map(drop)).await
}

/// `POST /me/contacts/{channel}/remove`.
pub(super) async fn remove(Path(name): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let removed = messages::remove(visit.city(), visit.actor()?, channel(&name)?).await;
    answer(&posted, channel(&name)?, removed).await
}
