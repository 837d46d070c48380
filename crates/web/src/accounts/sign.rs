//! Signing in, up and out.

use askama::Template;
use axum::Json;
use axum::extract::Query;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::text::Text;
use serde_json::json;
use service::ServiceError;
use service::accounts::{self, PasskeyAnswer};

use super::asked::{Asked, asked, login_field, name_field, next, with_next};
use super::demo;
use super::problems::Problems;
use super::providers::{self, Offer};
use super::reset;
use super::rows::{Line, Rows};
use crate::app::{Failure, Posted, SESSION_COOKIE, Visit};
use crate::i18n::T;
use crate::kit::{ErrorSummary, Field, Icon, Notice};
use crate::layout::{Page, respond, safe_back};

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage<'a> {
    t: T,
    page: &'a Page,
    errors: ErrorSummary,
    /// A new password was set a moment ago.
    done: Option<Notice>,
    login: Field,
    password: Field,
    next: &'a str,
    sign_up: String,
    /// The domain of passkeys; the button shows itself where the browser can use them.
    party: Option<String>,
    providers: Vec<Offer>,
    demo: Rows,
}

#[derive(Template)]
#[template(path = "accounts/sign_up.html")]
struct SignUpPage<'a> {
    t: T,
    page: &'a Page,
    errors: ErrorSummary,
    fields: [Field; 3],
    next: &'a str,
    sign_in: String,
}

/// `GET /sign-in`.
pub(super) async fn sign_in_page(visit: Visit, Query(query): Asked) -> Result<Response, Failure> {
    let next = next(&query);
    if visit.signed_in.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    // At a kiosk one's own phone comes first; a device that was revoked is told so where it was registered.
    let typing = asked(&query, "by") == "password" || !asked(&query, "as").is_empty();
    match (visit.cut_off, visit.kiosk()) {
        (true, _) => return Ok(Redirect::to("/kiosk").into_response()),
        (false, Some(_)) if !typing => return Ok(Redirect::to(&with_next("/kiosk/sign-in", next)).into_response()),
        _ => {}
    }
    // One click on an offered account comes back here with its name, and the form is filled in: no script needed.
    let chosen = demo::offered(visit.city()).iter().find(|account| account.login == asked(&query, "as"));
    let typed = chosen.map(|account| (account.login, account.password)).unwrap_or_default();
    Ok(show_sign_in(&visit, StatusCode::OK, typed, next, &Problems::default()))
}

/// The page of signing in.
pub(super) fn show_sign_in(
    visit: &Visit,
    status: StatusCode,
    typed: (&str, &str),
    next: &str,
    problems: &Problems,
) -> Response {
    let (t, page) = (visit.t(), visit.page());
    let (login, password) = typed;
    let offers = demo::offered(visit.city()).iter().map(|account| {
        let own: String = form_urlencoded::byte_serialize(account.login.as_bytes()).collect();
        Line::new(Icon::User, account.name, t.of(&demo::purpose(account)))
            .mark(account.login)
            .href(with_next(&format!("/sign-in?as={own}"), next))
            .current(account.login == login)
    });
    let view = SignInPage {
        t,
        page: &page,
        errors: problems.summary(t, &["login", "password"]),
        done: reset::done(visit),
        login: login_field(t, login, problems, false),
        password: Field::password(t, "password", t.accounts_password())
            .autocomplete("current-password")
            .value(password)
            .error(problems.at(t, "password")),
        next,
        sign_up: with_next("/sign-up", next),
        party: accounts::relying_party(visit.city()).map(|party| party.id),
        providers: providers::offers(visit, next),
        demo: Rows::new(offers),
    };
    respond(status, t.lang(), &view)
}

/// `POST /sign-in`.
pub(super) async fn sign_in(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    visit.attempt("sign-in")?;
    let (login, next) = (posted.get("login"), safe_back(posted.get("next")));
    match accounts::sign_in(visit.city(), login, posted.get("password")).await {
        Ok(session) => Ok(enter(visit, &session.secret, next)),
        Err(ServiceError::SignInNeeded) => {
            let problems = Problems::one(
                "login",
                Text::new(
                    "账号或密码不对。请检查后再试；忘记密码可带身份证到任一窗口领取重设码。",
                    "The name or the password is wrong. Check both; if you forgot it, any window gives you a reset code.",
                ),
            );
            // The password is typed again: a page must never send one back.
            Ok(show_sign_in(visit, StatusCode::UNPROCESSABLE_ENTITY, (login, ""), next, &problems))
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /sign-in/passkey/challenge`: what the browser asks the authenticator, as JSON.
pub(super) async fn ask_passkey(posted: Posted) -> Result<Response, Failure> {
    posted.visit.attempt("passkey")?;
    let question = accounts::ask_passkey(posted.visit.city()).await?;
    Ok(document(json!({
        "challenge": question.challenge,
        "rpId": question.party,
        "timeout": question.timeout_ms,
        "userVerification": "required",
    })))
}

/// JSON that nobody keeps.
pub(crate) fn document(value: serde_json::Value) -> Response {
    let mut response = Json(value).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// `POST /sign-in/passkey`: the authenticator's answer.
pub(super) async fn sign_in_with_passkey(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    visit.attempt("sign-in")?;
    let next = safe_back(posted.get("next"));
    let answer = PasskeyAnswer {
        id: posted.get("id"),
        user: posted.get("user"),
        client_data: posted.get("client_data"),
        authenticator_data: posted.get("authenticator_data"),
        signature: posted.get("signature"),
    };
    match accounts::sign_in_with_passkey(visit.city(), &answer).await {
        Ok(session) => Ok(enter(visit, &session.secret, next)),
        Err(error) => {
            let problems = Problems::of(error)?;
            Ok(show_sign_in(visit, StatusCode::UNPROCESSABLE_ENTITY, ("", ""), next, &problems))
        }
    }
}

/// Sets the session's cookie and goes on. The browser keeps it as long as the store keeps the session.
pub(crate) fn enter(visit: &Visit, secret: &str, next: &str) -> Response {
    let seconds = visit.city().settings().operation.session_hours * 3600;
    let secure = if visit.app.options.secure_cookies { "; Secure" } else { "" };
    let value = format!("{SESSION_COOKIE}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    with_cookie(Redirect::to(next).into_response(), &value)
}

/// The answer with a cookie.
pub(super) fn with_cookie(mut response: Response, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// `GET /sign-up`.
pub(super) async fn sign_up_page(visit: Visit, Query(query): Asked) -> Result<Response, Failure> {
    let next = next(&query);
    if visit.signed_in.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    Ok(show_sign_up(&visit, StatusCode::OK, ["", ""], next, &Problems::default()))
}

fn show_sign_up(visit: &Visit, status: StatusCode, typed: [&str; 2], next: &str, problems: &Problems) -> Response {
    let (t, page) = (visit.t(), visit.page());
    let [name, login] = typed;
    let view = SignUpPage {
        t,
        page: &page,
        errors: problems.summary(t, &["name", "login", "password"]),
        fields: [
            name_field(t, name, problems),
            login_field(t, login, problems, true),
            Field::password(t, "password", t.accounts_password())
                .hint(t.accounts_password_hint())
                .autocomplete("new-password")
                .error(problems.at(t, "password")),
        ],
        next,
        sign_in: with_next("/sign-in", next),
    };
    respond(status, t.lang(), &view)
}

/// `POST /sign-up`: opens the account and signs in; the next page is the proof of identity.
pub(super) async fn sign_up(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    visit.attempt("sign-up")?;
    let next = safe_back(posted.get("next"));
    let (name, login, password) = (posted.get("name"), posted.get("login"), posted.get("password"));
    if let Err(error) = accounts::sign_up(visit.city(), login, password, name).await {
        let problems = Problems::of(error)?;
        return Ok(show_sign_up(visit, StatusCode::UNPROCESSABLE_ENTITY, [name, login], next, &problems));
    }
    let session = accounts::sign_in(visit.city(), login, password).await?;
    Ok(enter(visit, &session.secret, &with_next("/me/identity", next)))
}

/// `POST /sign-out`.
pub(super) async fn sign_out(posted: Posted) -> Result<Response, Failure> {
    if let Some(secret) = &posted.visit.session {
        accounts::sign_out(posted.visit.city(), secret).await?;
    }
    let gone = format!("{SESSION_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    Ok(with_cookie(Redirect::to(safe_back(posted.get("next"))).into_response(), &gone))
}
