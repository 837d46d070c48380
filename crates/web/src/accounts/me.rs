//! One's own page: who I am, for whom I act, proof of identity, and who looked at my data.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Account, Party};
use domain::catalog::ApplicantKind;
use domain::codes::mask;
use service::accounts;
use service::cases::{AccessEntry, who_looked};

use super::problems::Problems;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{
    Cell, Column, Crumbs, Empty, ErrorSummary, Fact, Facts, Field, Html, Icon, Notice, Row, Table, Tag, Tone,
};
use crate::layout::{Page, Part, respond, safe_back};

struct Company {
    name: String,
    kind: &'static str,
    code: String,
}

#[derive(Template)]
#[template(path = "accounts/me.html")]
struct ProfilePage<'a> {
    t: T,
    page: &'a Page,
    facts: Facts,
    proved: bool,
    companies: Vec<Company>,
    links: Vec<(Icon, &'static str, &'static str, &'static str)>,
}

/// What a party is, in a word.
pub(crate) fn kind_words(t: T, kind: ApplicantKind) -> &'static str {
    match kind {
        ApplicantKind::Person => t.accounts_kind_person(),
        ApplicantKind::Enterprise => t.accounts_kind_enterprise(),
        ApplicantKind::IndividualBusiness => t.accounts_kind_individual_business(),
        ApplicantKind::Organisation => t.accounts_kind_organisation(),
    }
}

/// The number of a party as pages show it: a person's is masked (PI-4), a credit code is public.
pub(crate) fn shown_code(party: &Party) -> String {
    if party.id_type == "uscc" { party.code.clone() } else { mask(&party.code) }
}

/// Name, kind and number of a party.
pub(crate) fn party_facts(t: T, party: &Party) -> Vec<Fact> {
    vec![
        Fact::new(t.accounts_party_name(), party.name.as_str()),
        Fact::new(t.accounts_party_kind(), kind_words(t, party.kind)),
        Fact::new(t.accounts_party_code(), shown_code(party)),
    ]
}

/// `GET /me`.
pub(super) async fn profile(visit: Visit) -> Result<Response, Failure> {
    let signed_in = visit.signed_in()?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Me));
    let account = &signed_in.account;
    let companies = signed_in.actor.acts_for.iter().map(|party| Company {
        name: party.name.clone(),
        kind: kind_words(t, party.kind),
        code: party.code.clone(),
    });
    let view = ProfilePage {
        t,
        page: &page,
        facts: Facts::new(t, account_facts(t, account)),
        proved: account.person.is_some(),
        companies: companies.collect(),
        links: vec![
            (Icon::Folder, "/cases", t.nav_cases(), t.accounts_link_cases()),
            (Icon::Card, "/licences", t.nav_licences(), t.accounts_link_licences()),
            (Icon::Message, "/messages", t.nav_messages(), t.accounts_link_messages()),
            (Icon::Eye, "/me/access", t.nav_access(), t.accounts_link_access()),
            (Icon::Globe, "/display", t.display_title(), t.accounts_link_display()),
        ],
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

fn account_facts(t: T, account: &Account) -> Vec<Fact> {
    let identity = match &account.person {
        Some(person) => Html::of(&Tag::new(Tone::Good, t.accounts_proved()))
            .then(" ")
            .then(Html::text(t.accounts_proved_how(account.proved_by.as_deref().unwrap_or(""), mask(&person.code)))),
        None => Html::of(&Tag::new(Tone::Act, t.accounts_unproved())),
    };
    let mut proof = Fact::new(t.accounts_identity(), identity);
    if account.person.is_none() {
        proof = proof.change("/me/identity");
    }
    vec![
        Fact::new(t.accounts_name(), account.name.as_str()),
        Fact::new(t.accounts_login(), account.login.clone().unwrap_or_default()),
        proof,
    ]
}

#[derive(Template)]
#[template(path = "accounts/identity.html")]
struct IdentityPage<'a> {
    t: T,
    page: &'a Page,
    errors: ErrorSummary,
    done: Option<Notice>,
    fields: Option<[Field; 2]>,
    next: &'a str,
}

/// `GET /me/identity`.
pub(super) async fn identity_page(
    visit: Visit,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    visit.signed_in()?;
    let next = safe_back(query.get("next").map_or("", String::as_str));
    show_identity(&visit, StatusCode::OK, ["", ""], next, &Problems::default())
}

fn show_identity(
    visit: &Visit,
    status: StatusCode,
    typed: [&str; 2],
    next: &str,
    problems: &Problems,
) -> Result<Response, Failure> {
    let (t, page) = (visit.t(), visit.page().with_part(Part::Me));
    let account = &visit.signed_in()?.account;
    let [name, code] = typed;
    let done = account.person.as_ref().map(|person| {
        Notice::new(Tone::Good, t.accounts_proved_title())
            .body(t.accounts_proved_text(&person.name, mask(&person.code)))
    });
    let name = if name.is_empty() { account.name.as_str() } else { name };
    let fields = (done.is_none() && visit.city().settings().demo).then(|| {
        [
            Field::text(t, "name", t.accounts_name())
                .hint(t.accounts_name_hint())
                .autocomplete("name")
                .max_length(100)
                .value(name)
                .error(problems.at(t, "name")),
            Field::text(t, "code", t.accounts_code())
                .hint(t.accounts_code_hint())
                .width("m")
                .max_length(30)
                .value(code)
                .error(problems.at(t, "code")),
        ]
    });
    let errors = problems.summary(t, &["name", "code"]);
    Ok(respond(status, t.lang(), &IdentityPage { t, page: &page, errors, done, fields, next }))
}

/// `POST /me/identity`: the demo city's provider; a real city has its own, and every city has windows.
pub(super) async fn prove(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    visit.attempt("identity")?;
    let next = safe_back(posted.get("next"));
    let (name, code) = (posted.get("name"), posted.get("code"));
    match accounts::prove_in_demo(visit.city(), visit.actor()?, name, code).await {
        Ok(_) => Ok(Redirect::to(if next == "/" { "/me" } else { next }).into_response()),
        Err(error) => {
            let problems = Problems::of(error)?;
            show_identity(visit, StatusCode::UNPROCESSABLE_ENTITY, [name, code], next, &problems)
        }
    }
}

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
async fn office(visit: &Visit, account: &str) -> String {
    let t = visit.t();
    let Ok((account, _)) = accounts::load(visit.city(), account).await else {
        return t.accounts_access_system().to_owned();
    };
    let department = account.grants.iter().find_map(|grant| grant.department.as_deref());
    let shelf = visit.city().shelf();
    let department = department.and_then(|id| shelf.department(id).ok());
    department.map_or_else(|| t.accounts_access_window().to_owned(), |department| t.of(&department.name).to_owned())
}

fn purpose(t: T, entry: &AccessEntry) -> Cell {
    match entry.purpose.split_once(' ') {
        Some(("view-case", number)) => {
            Cell::text(t.accounts_access_case()).then(" ").then(Html::link(&format!("/cases/{number}"), number))
        }
        Some(("view-document", number)) => {
            Cell::text(t.accounts_access_document()).then(" ").then(Html::link(&format!("/cases/{number}"), number))
        }
        _ if entry.purpose == "view-licence" => Cell::text(t.accounts_access_licence()),
        _ => Cell::text(&entry.purpose),
    }
}
