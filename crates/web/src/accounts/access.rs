//! Who looked at my data (PIPL 44).

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::accounts::{Account, Role};
use domain::codes::name;
use service::accounts;
use service::cases::{AccessEntry, who_looked};
use service::licences::{How, LicenceUse, use_of};

use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Cell, Column, Crumbs, Empty, Html, Icon, Row, Table};
use crate::layout::{Page, Part, respond};

#[derive(Template)]
#[template(path = "accounts/access.html")]
struct AccessPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    table: Table,
    empty: Empty,
}

/// `GET /me/access`: every look of somebody else at my data (PIPL 44).
pub(super) async fn access(visit: Visit) -> Result<Response, Failure> {
    let entries = who_looked(visit.city(), visit.person()?).await?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Me));
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for entry in &entries {
        if !names.contains_key(&entry.who) {
            let name = office(&visit, &entry.who).await;
            names.insert(entry.who.clone(), name);
        }
    }
    let columns = vec![
        Column::new(t.accounts_access_when()),
        Column::new(t.accounts_access_who()),
        Column::new(t.accounts_access_what()),
    ];
    let mut table = Table::new(t.nav_access(), columns);
    for entry in &entries {
        let who = names.get(&entry.who).cloned().unwrap_or_default();
        table = table.row(Row::new(vec![Cell::text(t.moment(entry.at)), who.into(), purpose(t, entry)]));
    }
    let view = AccessPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.accounts_me(), "/me"),
        table,
        empty: Empty::new(Icon::Eye, t.accounts_access_none(), t.accounts_access_none_text()),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// The office behind an account. The name of an official is not the citizen's business; the office and its reason are.
///
/// A department stands for itself where its matter used a licence, a link for whoever was given it, and a system for its owner.
pub(crate) async fn office(visit: &Visit, account: &str) -> String {
    let t = visit.t();
    if account == "link" {
        return t.accounts_access_link().to_owned();
    }
    if let Some(id) = account.strip_prefix("department/") {
        let shelf = visit.city().shelf();
        return shelf.department(id).map_or_else(|_| id.to_owned(), |own| t.of(&own.name).to_owned());
    }
    let Ok((account, _)) = accounts::load(visit.city(), account).await else {
        return t.accounts_access_system().to_owned();
    };
    let outside = account.grants.iter().all(|grant| matches!(grant.role, Role::Citizen | Role::Integrator));
    if outside && !account.grants.is_empty() {
        if is_own_clerk(visit, &account).await {
            return t.mandates_access_clerk(&account.name);
        }
        return outsider(t, &account);
    }
    let department = account.grants.iter().find_map(|grant| grant.department.as_deref());
    let shelf = visit.city().shelf();
    let department = department.and_then(|id| shelf.department(id).ok());
    department.map_or_else(|| t.accounts_access_window().to_owned(), |department| t.of(&department.name).to_owned())
}

/// Whether somebody acts, or acted, as clerk for an organisation whose legal representative asks.
async fn is_own_clerk(visit: &Visit, account: &Account) -> bool {
    match (&account.person, visit.actor()) {
        (Some(person), Ok(actor)) => accounts::is_clerk_of(visit.city(), actor, person).await.unwrap_or(false),
        _ => false,
    }
}

/// Who is no official: a system by its name, a person masked, as names of persons are on public pages.
fn outsider(t: T, account: &Account) -> String {
    let system = account.grants.iter().any(|grant| grant.role == Role::Integrator);
    if system { account.name.clone() } else { t.accounts_access_person(name::mask(&account.name)) }
}

/// What a licence was used for, in words, with a link to the case where there is one.
pub(crate) fn used(t: T, own: &LicenceUse<'_>) -> Html {
    let word = Html::text(t.licences_use_how_word(own.how.as_str()));
    match own.how {
        How::Material => word.then(" ").then(Html::link(&format!("/cases/{}", own.words), own.words)),
        How::Code | How::Link | How::Fetch => word.then(" ").then(own.words),
    }
}

fn purpose(t: T, entry: &AccessEntry) -> Cell {
    if let Some(own) = use_of(&entry.purpose) {
        return used(t, &own);
    }
    match entry.purpose.split_once(' ') {
        Some(("view-case", number)) => {
            Cell::text(t.accounts_access_case()).then(" ").then(Html::link(&format!("/cases/{number}"), number))
        }
        Some(("view-document", number)) => {
            Cell::text(t.accounts_access_document()).then(" ").then(Html::link(&format!("/cases/{number}"), number))
        }
        Some(("view-licence" | "view-paper-licence", _)) => Cell::text(t.accounts_access_licence()),
        Some(("post-label", number)) => {
            Cell::text(t.post_label_access()).then(" ").then(Html::link(&format!("/cases/{number}"), number))
        }
        _ if entry.purpose == "list-licences" => Cell::text(t.mandates_access_list()),
        _ if entry.purpose == "reset-password" => Cell::text(t.accounts_access_reset()),
        _ => Cell::text(&entry.purpose),
    }
}
