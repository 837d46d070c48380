//! Mandates of organisations for their clerks: who acts for whom, granting, accepting, taking back.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Actor, Mandate, MandateEnd, Party, Power};
use domain::codes::mask;
use domain::time::Timestamp;
use service::ServiceError;
use service::accounts::{self, Answer, MandateTerms, MandateWish};

use super::problems::Problems;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Choice, Crumbs, Empty, ErrorSummary, Field, Icon, Tag, Tone};
use crate::layout::{Page, Part, respond};

/// What the box for all powers sends.
const ALL: &str = "all";

/// A button of a mandate.
struct Press {
    action: String,
    label: &'static str,
    icon: Icon,
    quiet: bool,
}

/// One mandate.
struct Item {
    id: String,
    title: String,
    code: String,
    scope: String,
    term: String,
    tag: Tag,
    /// Which mandate, for those who hear the buttons.
    of: String,
    presses: Vec<Press>,
}

#[derive(Template)]
#[template(path = "accounts/mandates.html")]
struct ListPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    mine: Vec<Item>,
    represents: bool,
    given: Vec<Item>,
    empty: Empty,
}

#[derive(Template)]
#[template(path = "accounts/mandate_new.html")]
struct NewPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    months: u32,
    key: String,
    fields: Vec<Field>,
    matters: Field,
    matters_open: bool,
    term: [Field; 2],
}

/// What was typed.
#[derive(Default)]
struct Typed {
    principal: String,
    name: String,
    code: String,
    powers: Vec<String>,
    matters: Vec<String>,
    first: String,
    last: String,
    key: String,
}

/// Under which role somebody acts for an organisation; `None` for oneself.
pub(crate) fn role_words(t: T, actor: &Actor, party: &Party) -> Option<String> {
    if actor.acts_for.iter().any(|own| own.code == party.code) {
        return Some(t.mandates_role(party.kind.as_str()));
    }
    let own = actor.mandates.iter().filter(|own| own.principal.code == party.code).map(|own| own.last).max()?;
    Some(t.mandates_clerk_until(t.date(own)))
}

fn standing(own: &Mandate, now: Timestamp) -> (&'static str, Tone) {
    match (own.ended, own.accepted.is_some()) {
        (Some((MandateEnd::Revoked, _)), _) => ("revoked", Tone::Quiet),
        (Some((MandateEnd::Resigned, _)), _) => ("resigned", Tone::Quiet),
        (Some(_), _) => ("over", Tone::Quiet),
        (None, _) if !own.is_open(now) => ("over", Tone::Quiet),
        (None, false) => ("offered", Tone::Act),
        (None, true) if own.is_in_force(now) => ("active", Tone::Good),
        (None, true) => ("future", Tone::Running),
    }
}

fn scope(visit: &Visit, own: &Mandate) -> String {
    let t = visit.t();
    let mut words: Vec<String> = own.powers.iter().map(|power| t.mandates_power(power.as_str())).collect();
    if !own.matters.is_empty() {
        let shelf = visit.city().shelf();
        let name = |slug: &String| match shelf.matter(slug) {
            Ok(found) => t.of(&found.bundle.matter.name).to_owned(),
            Err(_) => slug.clone(),
        };
        let names: Vec<String> = own.matters.iter().map(name).collect();
        words.push(t.mandates_only(names.join(" / ")));
    }
    words.join(" · ")
}

fn item(visit: &Visit, own: &Mandate, for_me: bool) -> Item {
    let (t, now) = (visit.t(), visit.city().now());
    let (state, tone) = standing(own, now);
    let press = |verb: &str, label, icon, quiet| Press {
        action: format!("/me/mandates/{}/{verb}", own.id),
        label,
        icon,
        quiet,
    };
    let presses = match (own.is_open(now), for_me, own.accepted.is_some()) {
        (false, ..) => Vec::new(),
        (true, true, false) => vec![
            press("accept", t.mandates_accept(), Icon::Check, false),
            press("resign", t.mandates_decline(), Icon::Cross, true),
        ],
        (true, true, true) => vec![press("resign", t.mandates_resign(), Icon::Return, true)],
        (true, false, _) => vec![press("revoke", t.mandates_revoke(), Icon::Return, true)],
    };
    let (title, code) = match for_me {
        true => (own.principal.name.clone(), own.principal.code.clone()),
        false => (t.mandates_of(&own.clerk.name, &own.principal.name), mask(&own.clerk.code)),
    };
    Item {
        id: own.id.to_string(),
        of: title.clone(),
        title,
        code,
        scope: scope(visit, own),
        term: t.mandates_term(t.date(own.first), t.date(own.last)),
        tag: Tag::new(tone, t.mandates_state(state)),
        presses,
    }
}

/// `GET /me/mandates`.
pub(super) async fn list(visit: Visit) -> Result<Response, Failure> {
    let (city, actor) = (visit.city(), visit.person()?);
    let (t, page) = (visit.t(), visit.page().with_part(Part::Me));
    let mine = accounts::my_mandates(city, actor).await?;
    let given = accounts::given_mandates(city, actor).await?;
    let view = ListPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.accounts_me(), "/me"),
        mine: mine.iter().map(|own| item(&visit, own, true)).collect(),
        represents: !actor.acts_for.is_empty(),
        given: given.iter().map(|own| item(&visit, own, false)).collect(),
        empty: Empty::new(Icon::User, t.mandates_none(), t.mandates_none_text()),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// Only who represents an organisation has anything to grant.
fn representative(visit: &Visit) -> Result<&Actor, Failure> {
    let actor = visit.person()?;
    if actor.acts_for.is_empty() { Err(ServiceError::NotFound("organisation").into()) } else { Ok(actor) }
}

/// `GET /me/mandates/new`.
pub(super) async fn new_page(visit: Visit) -> Result<Response, Failure> {
    representative(&visit)?;
    let key = seal::digest::public_id(visit.city().random());
    show(&visit, StatusCode::OK, &Typed { key, ..Typed::default() }, &Problems::default())
}

fn who(t: T, actor: &Actor, typed: &Typed, problems: &Problems) -> Vec<Field> {
    let choices: Vec<Choice> = actor
        .acts_for
        .iter()
        .map(|own| Choice::new(own.code.as_str(), own.name.as_str()).hint(own.code.as_str()))
        .collect();
    let only = actor.acts_for.first().filter(|_| actor.acts_for.len() == 1).map_or("", |own| own.code.as_str());
    let principal = if typed.principal.is_empty() { only } else { &typed.principal };
    let mut powers: Vec<Choice> =
        Power::ALL.map(|power| Choice::new(power.as_str(), t.mandates_power(power.as_str()))).into();
    powers.push(Choice::new(ALL, t.mandates_power_all()));
    let powers = Field::checkboxes(t, "powers", t.mandates_powers(), powers).error(problems.at(t, "powers"));
    vec![
        Field::radio(t, "principal", t.mandates_principal(), choices)
            .value(principal)
            .error(problems.at(t, "principal")),
        Field::text(t, "name", t.mandates_name())
            .hint(t.mandates_name_hint())
            .max_length(50)
            .width("l")
            .value(typed.name.as_str())
            .error(problems.at(t, "name")),
        Field::text(t, "code", t.mandates_code())
            .hint(t.mandates_code_hint())
            .max_length(30)
            .width("l")
            .value(typed.code.as_str())
            .error(problems.at(t, "code")),
        typed.powers.iter().fold(powers, |field, power| field.value(power.as_str())),
    ]
}

fn matters(visit: &Visit, actor: &Actor, typed: &Typed, problems: &Problems) -> Field {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let own = shelf.matters().map(|found| &found.bundle.matter);
    let fits = own.filter(|matter| actor.acts_for.iter().any(|party| matter.applicants.contains(&party.kind)));
    let choices = fits.map(|matter| Choice::new(matter.slug.as_str(), t.of(&matter.name))).collect();
    let field = Field::checkboxes(t, "matters", t.mandates_matters(), choices)
        .hint(t.mandates_matters_hint())
        .optional()
        .error(problems.at(t, "matters"));
    typed.matters.iter().fold(field, |field, slug| field.value(slug.as_str()))
}

fn term(t: T, terms: &MandateTerms, typed: &Typed, problems: &Problems) -> [Field; 2] {
    let or =
        |typed: &str, usual: jiff::civil::Date| if typed.is_empty() { usual.to_string() } else { typed.to_owned() };
    [
        Field::date(t, "first", t.mandates_first())
            .range(terms.today.to_string(), "")
            .value(or(&typed.first, terms.today))
            .error(problems.at(t, "first")),
        Field::date(t, "last", t.mandates_last())
            .hint(t.mandates_last_hint())
            .range(terms.today.to_string(), "")
            .value(or(&typed.last, terms.latest))
            .error(problems.at(t, "last")),
    ]
}

fn show(visit: &Visit, status: StatusCode, typed: &Typed, problems: &Problems) -> Result<Response, Failure> {
    let actor = representative(visit)?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Me));
    let terms = accounts::mandate_terms(visit.city());
    let view = NewPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.accounts_me(), "/me").link(t.mandates_title(), "/me/mandates"),
        errors: problems.summary(t, &["principal", "name", "code", "powers", "matters", "first", "last"]),
        months: terms.months,
        key: typed.key.clone(),
        fields: who(t, actor, typed, problems),
        matters: matters(visit, actor, typed, problems),
        matters_open: !typed.matters.is_empty() || !problems.at(t, "matters").is_empty(),
        term: term(t, &terms, typed, problems),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `POST /me/mandates`.
pub(super) async fn grant(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = representative(visit)?;
    // Whoever tries names and numbers is slowed down.
    visit.attempt("mandate")?;
    let texts = |name: &str| posted.all(name).into_iter().map(str::to_owned).collect::<Vec<String>>();
    let typed = Typed {
        principal: posted.get("principal").to_owned(),
        name: posted.get("name").to_owned(),
        code: posted.get("code").to_owned(),
        powers: texts("powers"),
        matters: texts("matters"),
        first: posted.get("first").to_owned(),
        last: posted.get("last").to_owned(),
        key: posted.get("key").to_owned(),
    };
    let only = actor.acts_for.first().filter(|_| actor.acts_for.len() == 1);
    let principal = match only {
        Some(own) if typed.principal.is_empty() => own.code.clone(),
        _ => typed.principal.clone(),
    };
    if principal.is_empty() {
        let text = domain::text::Text::new("请选择单位。", "Choose the organisation.");
        return show(visit, StatusCode::UNPROCESSABLE_ENTITY, &typed, &Problems::one("principal", text));
    }
    let powers = match typed.powers.iter().any(|power| power == ALL) {
        true => Power::ALL.into(),
        false => typed.powers.iter().filter_map(|power| Power::parse(power)).collect(),
    };
    let content =
        serde_json::json!([principal, typed.name, typed.code, typed.powers, typed.matters, typed.first, typed.last]);
    let digest = seal::digest::sha256(content.to_string().as_bytes());
    let wish = MandateWish {
        principal,
        name: typed.name.clone(),
        code: typed.code.clone(),
        powers,
        matters: typed.matters.clone(),
        first: typed.first.parse().ok(),
        last: typed.last.parse().ok(),
        // A double click sends the same form twice and gets the same answer.
        key: (!typed.key.is_empty()).then(|| (actor.label(), format!("mandate {}", typed.key), digest)),
    };
    match accounts::grant_mandate(visit.city(), actor, wish).await {
        Ok(_) => Ok(Redirect::to("/me/mandates").into_response()),
        Err(error) => {
            let problems = Problems::of(error)?;
            show(visit, StatusCode::UNPROCESSABLE_ENTITY, &typed, &problems)
        }
    }
}

async fn answer(id: &str, posted: &Posted, answer: Answer) -> Result<Response, Failure> {
    let visit = &posted.visit;
    accounts::answer_mandate(visit.city(), visit.person()?, id, answer).await?;
    Ok(Redirect::to("/me/mandates").into_response())
}

/// `POST /me/mandates/{id}/accept`.
pub(super) async fn accept(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    answer(&id, &posted, Answer::Accept).await
}

/// `POST /me/mandates/{id}/resign`.
pub(super) async fn resign(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    answer(&id, &posted, Answer::Resign).await
}

/// `POST /me/mandates/{id}/revoke`.
pub(super) async fn revoke(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    accounts::revoke_mandate(visit.city(), visit.person()?, &id).await?;
    Ok(Redirect::to("/me/mandates").into_response())
}
