//! One's own page: who I am, for whom I act, and how I sign in.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::accounts::{Account, Party};
use domain::catalog::ApplicantKind;
use domain::codes::mask;

use super::mandates::role_words;
use super::passkeys::{self, Adding};
use super::problems::Problems;
use super::providers::{self, Offer};
use super::rows::{Line, Rows};
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{ErrorSummary, Fact, Facts, Html, Icon, Tag, Tone};
use crate::layout::{Page, Part, respond};

#[derive(Template)]
#[template(path = "accounts/me.html")]
struct ProfilePage<'a> {
    t: T,
    page: &'a Page,
    errors: ErrorSummary,
    facts: Facts,
    proved: bool,
    companies: Rows,
    passkeys: Rows,
    adding: Option<Adding>,
    providers: Vec<Offer>,
    links: Rows,
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
    show(&visit, StatusCode::OK, "", &Problems::default())
}

/// The page; `name` is what was typed as the name of a new passkey.
pub(super) fn show(visit: &Visit, status: StatusCode, name: &str, problems: &Problems) -> Result<Response, Failure> {
    let signed_in = visit.signed_in()?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Me));
    let account = &signed_in.account;
    let actor = &signed_in.actor;
    let others = actor.mandates.iter().map(|own| &own.principal).filter(|party| !actor.stands_for(party));
    let companies = actor.acts_for.iter().chain(others).map(|party| {
        let role = role_words(t, actor, party).unwrap_or_default();
        let hint = format!("{} · {role}", kind_words(t, party.kind));
        Line::new(Icon::Building, party.name.as_str(), hint).mark(party.code.as_str())
    });
    let view = ProfilePage {
        t,
        page: &page,
        errors: problems.summary(t, &["name"]),
        facts: Facts::new(t, account_facts(t, account)),
        proved: account.person.is_some(),
        companies: Rows::new(companies),
        passkeys: passkeys::rows(t, account),
        adding: passkeys::adding(visit, signed_in, name, problems),
        providers: providers::bindings(visit, account),
        links: Rows::new(links(visit)),
    };
    Ok(respond(status, t.lang(), &view))
}

/// Where else one's own things are. Addresses are offered where messages leave the platform at all.
fn links(visit: &Visit) -> Vec<Line> {
    let t = visit.t();
    let contacts = !visit.city().senders().is_empty();
    let contacts = contacts.then(|| Line::new(Icon::Phone, t.contact_title(), t.contact_link()).href("/me/contacts"));
    let mut lines = vec![
        Line::new(Icon::Folder, t.nav_cases(), t.accounts_link_cases()).href("/cases"),
        Line::new(Icon::Card, t.nav_licences(), t.accounts_link_licences()).href("/licences"),
        Line::new(Icon::Message, t.nav_messages(), t.accounts_link_messages()).href("/messages").count(visit.unread),
    ];
    lines.extend(contacts);
    lines.push(Line::new(Icon::Building, t.mandates_title(), t.mandates_link()).href("/me/mandates"));
    lines.push(Line::new(Icon::Eye, t.nav_access(), t.accounts_link_access()).href("/me/access"));
    lines.push(Line::new(Icon::Globe, t.display_title(), t.accounts_link_display()).href("/display"));
    lines
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
