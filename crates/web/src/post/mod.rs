//! The post: what an applicant has sent and gets (`mine.rs`), and what the desk does with it (`desk.rs`).

mod desk;
mod mine;

use axum::Router;
use axum::routing::get;
use domain::cases::ResultWay;
use domain::post::{MailState, PostAddress};

use crate::accounts::Problems;
use crate::app::{App, Posted};
use crate::i18n::T;
use crate::kit::{Choice, Field, Tag, Tone};

/// `/cases/{number}/mail` and `/desk/mail`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/cases/{number}/mail", get(mine::page).post(mine::send))
        .route("/desk/mail", get(desk::page).post(desk::send))
        .route("/desk/mail/{id}/label", get(desk::label))
}

/// Names of the fields of an address, in the order of the form.
pub(crate) const FIELDS: [&str; 4] = ["name", "phone", "region", "street"];

/// The fields of an address.
pub(crate) fn address_fields(t: T, typed: &PostAddress, problems: &Problems) -> Vec<Field> {
    vec![
        Field::text(t, "name", t.post_name())
            .autocomplete("name")
            .width("m")
            .max_length(50)
            .value(&typed.name)
            .error(problems.at(t, "name")),
        Field::phone(t, "phone", t.post_phone()).max_length(20).value(&typed.phone).error(problems.at(t, "phone")),
        Field::text(t, "region", t.post_region())
            .hint(t.post_region_hint())
            .max_length(50)
            .value(&typed.region)
            .error(problems.at(t, "region")),
        Field::text(t, "street", t.post_street())
            .autocomplete("street-address")
            .max_length(100)
            .value(&typed.street)
            .error(problems.at(t, "street")),
    ]
}

/// The address of a posted form.
pub(crate) fn typed_address(posted: &Posted) -> PostAddress {
    let text = |name: &str| posted.get(name).to_owned();
    PostAddress { name: text("name"), phone: text("phone"), region: text("region"), street: text("street") }
}

/// How the result is wanted. Lockers are offered where there are any.
pub(crate) fn way_field(t: T, lockers: bool, chosen: ResultWay) -> Field {
    let offered = ResultWay::ALL.into_iter().filter(|way| lockers || *way != ResultWay::Locker);
    let choice = |way: ResultWay| Choice::new(way.as_str(), t.post_way(way.as_str()));
    Field::radio(t, "delivery", t.post_way_question(), offered.map(choice).collect()).value(chosen.as_str())
}

fn tag(t: T, state: &MailState) -> Tag {
    let tone = match state {
        MailState::Wanted | MailState::Labelled | MailState::Announced => Tone::Act,
        MailState::Returned { .. } => Tone::Bad,
        MailState::Delivered { .. } | MailState::Collected { .. } | MailState::Received { .. } => Tone::Good,
        MailState::Underway { .. } | MailState::Cancelled { .. } => Tone::Quiet,
    };
    Tag::new(tone, t.post_state(state.name()))
}
