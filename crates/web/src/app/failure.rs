//! Failures as answers: a page for a person, problem+json for a program, both from the same closed set.
//!
//! A handler only says `?`. The failure travels in the response's extensions to the middleware of its router, which
//! knows whether a page or a document was asked for, and in which language.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::text::{Lang, Text};
use serde_json::json;
use service::ServiceError;
use store::StoreError;

use super::{App, Visit};
use crate::errors::ErrorPage;
use crate::layout::Prefs;

/// Why a request was not answered as asked.
#[derive(Debug)]
pub enum Failure {
    /// A use case refused.
    Service(ServiceError),
    /// The form did not come from our pages, or its token is old.
    Forged,
    /// A plain status: wrong method, too large, no such page.
    Status(StatusCode),
    /// `If-Match` names another version than the present one.
    Stale,
}

impl Failure {
    /// A form that did not come from our pages.
    pub fn forged() -> Failure {
        Failure::Forged
    }

    /// A plain status.
    pub fn status(status: StatusCode) -> Failure {
        Failure::Status(status)
    }
}

/// A failure described for whoever reads it.
#[derive(Debug, Clone)]
pub struct Described {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable kind, the last part of the problem's type.
    pub kind: &'static str,
    /// What happened and what to do.
    pub text: Text,
    /// Fields to change.
    pub fields: Vec<service::FieldError>,
    /// Machine-readable detail of a refusal.
    pub refusal: Option<serde_json::Value>,
    /// Seconds to wait.
    pub retry_after: Option<u64>,
    /// Where an upload goes on, in bytes.
    pub upload_offset: Option<i64>,
    /// Reference number under which the log keeps the detail.
    pub reference: Option<String>,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

fn plain(status: StatusCode, kind: &'static str, zh: &str, en: &str) -> Described {
    let text = Text::new(zh, en);
    let (refusal, retry_after, upload_offset, reference) = (None, None, None, None);
    Described { status, kind, text, fields: Vec::new(), refusal, retry_after, upload_offset, reference }
}

/// The one place where failures get their status and words. `reference` is used when the detail goes to the log.
pub fn describe(failure: &Failure, reference: impl FnOnce() -> String) -> Described {
    use StatusCode as S;
    match failure {
        Failure::Forged => plain(
            S::FORBIDDEN,
            "forged",
            "页面已过期或请求来源不明，请返回上一页刷新后再提交。您填写的内容没有丢失。",
            "This page is out of date or the request came from elsewhere. Go back, reload, and send it again.",
        ),
        Failure::Status(status) if *status == S::NOT_FOUND => not_found(),
        Failure::Status(status) => describe_status(*status),
        Failure::Stale => plain(
            S::PRECONDITION_FAILED,
            "changed",
            "办件已有新的变化，请重新读取后用新的 ETag 再试。",
            "The case has changed since. Read it again and send the new ETag in If-Match.",
        ),
        Failure::Service(error) => describe_service(error, reference),
    }
}

/// What the protocol itself refuses. A status that nobody expected still says what to do.
fn describe_status(status: StatusCode) -> Described {
    use StatusCode as S;
    let (kind, zh, en) = match status {
        S::PAYLOAD_TOO_LARGE => (
            "too-large",
            "提交的内容过大：表单和 JSON 不超过 1 MB，每个文件不超过 20 MB。请压缩或分开提交。",
            "What you sent is too large: forms and JSON up to 1 MB, files up to 20 MB. Compress it or split it.",
        ),
        S::METHOD_NOT_ALLOWED => (
            "method",
            "这个网址不支持该请求方法，请按 Allow 响应头或接口文档 /openapi.json 调整。",
            "This address does not take that method. See the Allow header or the contract at /openapi.json.",
        ),
        S::UNSUPPORTED_MEDIA_TYPE => (
            "media-type",
            "请求内容须为未压缩的 JSON（Content-Type: application/json）。",
            "The body must be JSON without compression (Content-Type: application/json).",
        ),
        S::URI_TOO_LONG => (
            "address-too-long",
            "网址过长，请缩短查询内容后重试；较长的内容请填写在表单或请求正文中。",
            "The address is too long. Shorten it and try again; long content belongs into a form or into the body.",
        ),
        S::REQUEST_HEADER_FIELDS_TOO_LARGE => (
            "headers-too-large",
            "请求头过多或过大，请清除浏览器中本站的 Cookie 后重试；接口调用方请减少请求头。",
            "There are too many or too large headers. Delete the cookies of this site and try again, or send fewer headers.",
        ),
        S::PRECONDITION_REQUIRED => (
            "version-missing",
            "请在请求头 If-Match 中给出读取办件时得到的 ETag，例如 If-Match: \"3\"。",
            "Send the ETag that came with the case in the If-Match header, for instance If-Match: \"3\".",
        ),
        S::REQUEST_TIMEOUT => (
            "timeout",
            "接收超时，没有保存任何内容。请检查网络后重试；文件会从中断处继续上传。",
            "Receiving took too long and nothing was saved. Try again; uploads go on where they stopped.",
        ),
        _ => (
            "bad-request",
            "请求的格式有误：请检查网址参数是否重复、请求头和编码是否正确，再重新发送。",
            "The request is malformed: check for repeated parameters, headers and encoding, and send it again.",
        ),
    };
    plain(status, kind, zh, en)
}

fn not_found() -> Described {
    plain(
        StatusCode::NOT_FOUND,
        "not-found",
        "没有找到您要的内容。请检查网址，或从首页重新查找。",
        "There is nothing here. Check the address, or start again from the home page.",
    )
}

/// What a state does not allow, with the refusal itself for programs.
fn refused(refusal: &impl serde::Serialize, text: Text) -> Described {
    let refusal = serde_json::to_value(refusal).ok();
    Described { refusal, text, ..plain(StatusCode::CONFLICT, "refused", "", "") }
}

fn describe_service(error: &ServiceError, reference: impl FnOnce() -> String) -> Described {
    use StatusCode as S;
    let with_text = |status, kind, text: Text| Described { text, ..plain(status, kind, "", "") };
    match error {
        ServiceError::Refused(refusal) => refused(refusal, refusal.reason.explain()),
        ServiceError::Mandate(refusal) => with_text(S::CONFLICT, "refused", refusal.explain()),
        ServiceError::Licence(refusal) => with_text(S::CONFLICT, "refused", refusal.explain()),
        ServiceError::Hall(refusal) => refused(refusal, refusal.reason.explain()),
        ServiceError::Rating(refusal) => refused(refusal, refusal.reason.explain()),
        ServiceError::Forbidden(forbidden) => with_text(S::FORBIDDEN, "forbidden", forbidden.explain()),
        ServiceError::SignInNeeded => {
            plain(S::UNAUTHORIZED, "sign-in", "请先登录，或检查令牌是否正确。", "Sign in first, or check your token.")
        }
        ServiceError::IdentityNeeded => {
            plain(S::FORBIDDEN, "identity", "请先完成实名认证。", "Prove your identity first.")
        }
        ServiceError::NotFound(_) => not_found(),
        ServiceError::Invalid(fields) => Described {
            fields: fields.clone(),
            ..plain(
                S::UNPROCESSABLE_ENTITY,
                "invalid",
                "有内容需要修改，请按提示更正后再提交。",
                "Some answers need to change. Correct what is marked and send again.",
            )
        },
        ServiceError::Changed => plain(
            S::CONFLICT,
            "changed",
            "其他人刚刚更新了这份内容，请刷新后再操作。",
            "Somebody else has just changed this. Reload it and try again.",
        ),
        ServiceError::Duplicate(number) => with_text(
            S::CONFLICT,
            "duplicate",
            Text::new(
                format!("同样的申请正在办理中，办件编号 {number}，无需重复提交。"),
                format!("The same application is already being handled as case {number}."),
            ),
        ),
        ServiceError::KeyReused => plain(
            S::UNPROCESSABLE_ENTITY,
            "key-reused",
            "这个幂等键已用于另一个请求，请换用新的键。",
            "This idempotency key was used for another request. Use a new one.",
        ),
        ServiceError::Offset(offset) => stands_at(*offset),
        ServiceError::Busy => Described { retry_after: Some(1), ..busy() },
        ServiceError::TooMany(seconds) => Described {
            retry_after: Some(*seconds),
            ..with_text(
                S::TOO_MANY_REQUESTS,
                "too-many",
                Text::new(
                    format!("尝试次数过多，请 {seconds} 秒后再试。"),
                    format!("Too many attempts. Try again in {seconds} seconds."),
                ),
            )
        },
        ServiceError::Storage(StoreError::Full) => {
            Described { retry_after: Some(10), ..logged(S::SERVICE_UNAVAILABLE, "unavailable", error, reference) }
        }
        ServiceError::Storage(StoreError::Unavailable(_)) => away(error, reference),
        ServiceError::Storage(_) | ServiceError::Internal(_) => {
            logged(S::INTERNAL_SERVER_ERROR, "internal", error, reference)
        }
    }
}

/// An upload goes on elsewhere than the sender thought.
fn stands_at(offset: i64) -> Described {
    let text = Text::new(
        format!("文件已收到 {offset} 字节，请从 Upload-Offset: {offset} 处继续上传。"),
        format!("{offset} bytes of the file have arrived. Go on from Upload-Offset: {offset}."),
    );
    Described { upload_offset: Some(offset), text, ..plain(StatusCode::CONFLICT, "upload-offset", "", "") }
}

fn busy() -> Described {
    plain(
        StatusCode::CONFLICT,
        "upload-busy",
        "另一个请求正在上传这个文件，请稍后查询进度再继续。",
        "Another request is sending this file. Wait, ask how far it is, and go on from there.",
    )
}

/// The database does not answer. What was under way may have been written or not, so the sentence promises only what keys
/// and tokens of forms keep: that sending it again does nothing twice.
fn away(error: &ServiceError, reference: impl FnOnce() -> String) -> Described {
    let described = logged(StatusCode::SERVICE_UNAVAILABLE, "unavailable", error, reference);
    let number = described.reference.clone().unwrap_or_default();
    let text = Text::new(
        format!("系统暂时连不上数据库，请 10 秒后重试，重试不会重复提交。如需帮助，请提供编号 {number}。"),
        format!("The database cannot be reached. Try again in 10 seconds; nothing is done twice. Or quote {number}."),
    );
    Described { text, retry_after: Some(10), ..described }
}

/// Unknown to the person, known to the log.
fn logged(
    status: StatusCode,
    kind: &'static str,
    error: &ServiceError,
    reference: impl FnOnce() -> String,
) -> Described {
    let reference = reference();
    tracing::error!(reference, %error, "a request failed");
    let text = Text::new(
        format!("系统暂时无法完成操作，内容没有保存。请稍后重试；如需帮助，请提供编号 {reference}。"),
        format!("This cannot be done right now and nothing was saved. Try again later, or quote {reference}."),
    );
    Described { text, reference: Some(reference), ..plain(status, kind, "", "") }
}

/// Eight characters that a person can read out over the telephone.
fn reference(app: &App) -> String {
    seal::digest::public_id(app.city.random()).chars().take(8).collect::<String>().to_uppercase()
}

fn failure_of(response: &mut Response) -> Option<Arc<Failure>> {
    response.extensions_mut().remove::<Arc<Failure>>()
}

/// Middleware of the pages: failures become pages, and a missing sign-in leads to the sign-in page.
pub async fn as_page(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut visit = Visit::anonymous(&app, &mut parts);
    let headers = parts.headers.clone();
    let get = parts.method == Method::GET;
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let Some(failure) = failure_of(&mut response).or_else(|| refused_unheard(&response)) else { return response };
    if get {
        match &*failure {
            Failure::Service(ServiceError::SignInNeeded) => return lead(&visit, "/sign-in"),
            Failure::Service(ServiceError::IdentityNeeded) => return lead(&visit, "/me/identity"),
            _ => {}
        }
    }
    // What goes wrong at a kiosk stays in its frame, which forgets the visit when nobody is there.
    visit.device = super::visit::at_device(&app, &headers).await.ok().and_then(|(device, _)| device);
    let described = describe(&failure, || reference(&app));
    let mut page = error_page(&visit, &described);
    tell_offset(&mut page, &described);
    if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allow);
    }
    page
}

/// What the framework refuses before a handler runs (a broken query, a wrong method) has bare words or none at all.
fn refused_unheard(response: &Response) -> Option<Arc<Failure>> {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let bare = kind.is_none_or(|kind| kind.starts_with("text/plain"));
    (response.status().is_client_error() && bare).then(|| Arc::new(Failure::Status(response.status())))
}

pub(super) fn error_page(visit: &Visit, described: &Described) -> Response {
    let page = visit.page();
    let mut error = ErrorPage::new(&page, described.status).text(visit.t().of(&described.text));
    if let Some(reference) = &described.reference {
        error = error.reference(reference.clone());
    }
    if let Some(seconds) = described.retry_after {
        error = error.retry_after(u32::try_from(seconds).unwrap_or(u32::MAX));
    }
    error.respond()
}

fn tell_offset(response: &mut Response, described: &Described) {
    if let Some(offset) = described.upload_offset {
        response.headers_mut().insert("upload-offset", HeaderValue::from(offset));
    }
}

fn lead(visit: &Visit, to: &str) -> Response {
    let next: String = form_urlencoded::byte_serialize(visit.path.as_bytes()).collect();
    Redirect::to(&format!("{to}?next={next}")).into_response()
}

/// Middleware of the API: failures become problem+json (RFC 9457).
pub async fn as_problem(State(app): State<App>, request: Request, next: Next) -> Response {
    let lang = Prefs::from_headers(request.headers()).lang;
    let mut response = next.run(request).await;
    let own = failure_of(&mut response);
    // What the framework refuses before a handler runs (a body too large, a broken query) speaks the same language.
    let framework = response.status().is_client_error().then(|| Arc::new(Failure::Status(response.status())));
    let Some(failure) = own.or(framework) else { return response };
    let described = describe(&failure, || reference(&app));
    let allow = response.headers_mut().remove(header::ALLOW);
    let mut answer = problem(&described, lang);
    if let Some(allow) = allow {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    answer
}

/// Middleware inside of those that give failures their words: a request of HTTP/1.1 names its host once (RFC 9112 §3.2).
pub async fn one_host(request: Request, next: Next) -> Response {
    let named = request.headers().get_all(header::HOST).iter().count();
    let must = request.version() == Version::HTTP_11;
    if named > 1 || (named == 0 && must) {
        return Failure::status(StatusCode::BAD_REQUEST).into_response();
    }
    next.run(request).await
}

/// One problem document: `detail` in the language asked for (RFC 9457 wants one string), `text` in both.
pub fn problem(described: &Described, lang: Lang) -> Response {
    let mut body = json!({
        "type": format!("urn:yichuang:problem:{}", described.kind),
        "title": described.kind.replace('-', " "),
        "status": described.status.as_u16(),
        "detail": described.text.get(lang),
        "text": { "zh": described.text.zh, "en": described.text.en },
    });
    if let Some(members) = body.as_object_mut() {
        if !described.fields.is_empty() {
            members.insert("errors".into(), json!(described.fields));
        }
        if let Some(refusal) = &described.refusal {
            members.insert("refusal".into(), refusal.clone());
        }
        if let Some(reference) = &described.reference {
            members.insert("instance".into(), json!(format!("urn:yichuang:error:{reference}")));
        }
    }
    let mut response = (described.status, body.to_string()).into_response();
    tell_offset(&mut response, described);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = described.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if described.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"yichuang\""));
    }
    response
}

impl Visit {
    /// A visit without looking the session up: enough to draw a page around a failure.
    pub(super) fn anonymous(app: &App, parts: &mut axum::http::request::Parts) -> Visit {
        Visit {
            app: app.clone(),
            prefs: Prefs::from_headers(&parts.headers),
            path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            client: std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED),
            signed_in: None,
            session: None,
            unread: 0,
            device: None,
            cut_off: false,
        }
    }
}
