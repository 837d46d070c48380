//! Who asks, and what there is to ask for: one city with one applicant's draft, cases, licence, document and file.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, Response};
use domain::accounts::{Actor, Grant, Power, Role};
use domain::cases::{Origin, Provided};
use domain::catalog::ApplicantKind;
use domain::halls::TicketSource;
use domain::voice::Channel;
use serde_json::Value;
use service::City;
use service::accounts::{
    MandateWish, NewAccount, Scope, create_token, grant_mandate, mandate_terms, open_account, resolve, sign_in,
};
use service::cases::{self, Submitted, Work};
use service::demo::{self, Dice, Who};
use service::halls::{self, Book, Take};
use service::voice::{self, Entry, Wish};
use testkit::city::{TestCity, administrator};
use tower::ServiceExt;

use super::table::{API, Row};

const PASSWORD: &str = "海澜区-一窗-2026";
/// Decided by rules.
const AUTOMATIC: &str = "public-place-hygiene";
/// Decided by people.
const MANUAL: &str = "device-class3";

/// One kind of visitor, or of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Nobody is signed in, or there is no token.
    Visitor,
    /// A citizen whose identity is not proved yet.
    Newcomer,
    /// A citizen with a proved identity, whom the subject does not concern.
    Stranger,
    /// Staff of the department that decides.
    Staff(Role),
    /// An approver of another department.
    Elsewhere,
    /// The citizen, or the system, whose subject it is.
    Owner,
    /// A system that may only read.
    Reader,
    /// A system that files cases, but not this one.
    Foreign,
}

impl Caller {
    /// People, the owner last: what the owner may do changes the subject.
    pub const PEOPLE: [Caller; 11] = [
        Caller::Visitor,
        Caller::Newcomer,
        Caller::Stranger,
        Caller::Elsewhere,
        Caller::Staff(Role::Clerk),
        Caller::Staff(Role::Reviewer),
        Caller::Staff(Role::Approver),
        Caller::Staff(Role::Supervisor),
        Caller::Staff(Role::Administrator),
        Caller::Staff(Role::HallHead),
        Caller::Owner,
    ];
    /// Systems.
    pub const SYSTEMS: [Caller; 6] = [
        Caller::Visitor,
        Caller::Reader,
        Caller::Foreign,
        Caller::Staff(Role::Clerk),
        Caller::Staff(Role::Approver),
        Caller::Owner,
    ];

    /// Head of the column, and login.
    pub fn name(self) -> &'static str {
        match self {
            Caller::Visitor => "visitor",
            Caller::Newcomer => "newcomer",
            Caller::Stranger => "stranger",
            Caller::Staff(role) => role.as_str(),
            Caller::Elsewhere => "elsewhere",
            Caller::Owner => "owner",
            Caller::Reader => "reader",
            Caller::Foreign => "foreign",
        }
    }
}

/// The city with its people.
pub struct Scene {
    city: TestCity,
    /// The account of a system, and its token, by the caller's name.
    systems: BTreeMap<&'static str, (Actor, String)>,
    /// Sessions by login: secret and token of forms.
    sessions: Mutex<BTreeMap<String, (String, String)>>,
    /// What was made for reading, by its name.
    made: Mutex<BTreeMap<(&'static str, bool), Made>>,
    count: AtomicU32,
}

/// A subject, and the login of the citizen whose it is.
#[derive(Debug, Clone)]
struct Made {
    value: String,
    owner: String,
}

impl Scene {
    /// Opens the accounts.
    pub async fn new() -> Scene {
        let city = testkit::city().await.unwrap();
        for login in ["stranger", "owner"] {
            let who = city.invent(ApplicantKind::Enterprise).await.unwrap();
            city.citizen(&who, login, PASSWORD).await.unwrap();
        }
        service::accounts::sign_up(&city.city, "newcomer", PASSWORD, "新来的").await.unwrap();
        let shelf = city.city.shelf();
        let department = shelf.matter(MANUAL).unwrap().bundle.matter.department.clone();
        for role in [Role::Clerk, Role::Reviewer, Role::Approver] {
            city.staff(role, Some(&department), role.as_str(), PASSWORD).await.unwrap();
        }
        for role in [Role::Supervisor, Role::Administrator, Role::HallHead] {
            city.staff(role, None, role.as_str(), PASSWORD).await.unwrap();
        }
        let mut departments = shelf.matters().map(|matter| &matter.bundle.matter.department);
        let another = departments.find(|other| **other != department).unwrap();
        city.staff(Role::Approver, Some(another), "elsewhere", PASSWORD).await.unwrap();
        let systems = open_systems(&city.city, &department).await;
        Scene { city, systems, sessions: Mutex::default(), made: Mutex::default(), count: AtomicU32::new(0) }
    }

    /// One request of a system with any headers; the body of the answer is JSON, or null.
    pub async fn ask(
        &self,
        system: &str,
        request: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> (u16, HeaderMap, Value) {
        let (status, headers, bytes) = self.ask_raw(system, request, headers, body).await;
        (status, headers, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// The same with the bytes of the answer.
    pub async fn ask_raw(
        &self,
        system: &str,
        request: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> (u16, HeaderMap, Vec<u8>) {
        let (method, path) = request.split_once(' ').unwrap();
        let mut builder = Request::builder().method(method).uri(path).header("host", "127.0.0.1:8080");
        if let Some((_, token)) = self.systems.get(system) {
            builder = builder.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        let response = self.city.router().oneshot(builder.body(body.into()).unwrap()).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        (status, headers, axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap().to_vec())
    }

    /// The pages as they are, for requests with headers of one's own.
    pub fn router(&self) -> axum::Router {
        self.city.router()
    }

    /// The secret of a system's token.
    pub fn token(&self, system: &str) -> &str {
        &self.systems[system].1
    }

    /// A case that the system `owner` has filed and people will decide.
    pub async fn filed_case(&self) -> String {
        self.subject("filed", true, false).await.value
    }

    /// The id of a licence, for which the system `owner` applied, or the citizen of the login that comes with it.
    pub async fn licence(&self, by_system: bool) -> (String, String) {
        let made = self.subject("licence", by_system, false).await;
        (made.value, made.owner)
    }

    /// A business, and the citizen who may act for it, with the login.
    pub async fn business(&self) -> (Who, Actor, String) {
        let who = self.city.invent(ApplicantKind::Enterprise).await.unwrap();
        let login = format!("business-{}", self.count.fetch_add(1, Ordering::SeqCst));
        let actor = self.city.citizen(&who, &login, PASSWORD).await.unwrap();
        (who, actor, login)
    }

    /// The city of this scene.
    pub fn city(&self) -> &City {
        &self.city.city
    }

    /// Lets time pass.
    pub fn advance(&self, seconds: i64) {
        self.city.clock.advance_seconds(seconds);
    }

    /// What the caller gets: the status, and where a redirection leads.
    pub async fn outcome(&self, row: &Row, caller: Caller) -> String {
        let (method, line) = row.line.split_once(' ').unwrap();
        let by_system = line.starts_with("/api/");
        let shared = method == "GET" || method == "HEAD";
        let (mut path, mut rest, mut owner) = (String::new(), line, String::new());
        let mut values = Vec::new();
        while let Some((before, after)) = rest.split_once('{') {
            let (variable, after) = after.split_once('}').unwrap();
            let name = variable.split_once('=').unwrap().1;
            let made = self.subject(name, by_system, shared).await;
            path += &format!("{before}{}", made.value);
            owner = if made.owner.is_empty() { owner } else { made.owner };
            values.push((name, made.value));
            rest = after;
        }
        path += rest;
        let login = if caller == Caller::Owner && !owner.is_empty() { &owner } else { caller.name() };
        let method: Method = method.parse().unwrap();
        let response = if API.iter().any(|api| api.line == row.line) {
            self.as_system(method, &path, caller).await
        } else {
            self.as_person(method, &path, (caller != Caller::Visitor).then_some(login), "").await
        };
        let mut outcome = response.status().as_u16().to_string();
        if let Some(place) = response.headers().get("location") {
            let mut place = place.to_str().unwrap().split('?').next().unwrap().to_owned();
            values.iter().for_each(|(name, value)| place = place.replace(value.as_str(), name));
            // Enough of the address to tell the sign-in page from the subject's own.
            outcome = format!("{outcome} {}", place.chars().take(9).collect::<String>());
        }
        outcome
    }

    /// A draft of an application with the login of its owner.
    pub async fn draft_of_owner(&self) -> (String, String) {
        let made = self.subject("draft", false, false).await;
        (made.value, made.owner)
    }

    /// One request of a person; `fields` go with a posted form beside the session's token.
    pub async fn as_person(&self, method: Method, path: &str, login: Option<&str>, fields: &str) -> Response<Body> {
        self.as_person_in("zh", method, path, login, fields).await
    }

    /// The same in a language.
    pub async fn as_person_in(
        &self,
        lang: &str,
        method: Method,
        path: &str,
        login: Option<&str>,
        fields: &str,
    ) -> Response<Body> {
        let mut request = Request::builder().method(method.clone()).uri(path).header("host", "127.0.0.1:8080");
        let mut body = String::new();
        if let Some(login) = login {
            let (secret, csrf) = self.session(login).await;
            if path == "/sign-out" {
                self.sessions.lock().unwrap().remove(login);
            }
            request =
                request.header("cookie", format!("display={lang}; yichuang={secret}")).header("x-csrf-token", &csrf);
            body = format!("csrf={csrf}&{fields}");
        }
        if method == Method::POST {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        } else {
            body.clear();
        }
        if method == Method::PATCH || path == "/uploads" {
            request = request.header("upload-offset", "0").header("upload-length", "1000");
        }
        self.city.router().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
    }

    /// The secret of a session of this login, and the token of its forms.
    pub async fn session(&self, login: &str) -> (String, String) {
        let known = self.sessions.lock().unwrap().get(login).cloned();
        if let Some(known) = known {
            return known;
        }
        let secret = sign_in(self.city(), login, PASSWORD).await.unwrap().secret;
        let csrf = resolve(self.city(), &secret).await.unwrap().csrf;
        self.sessions.lock().unwrap().insert(login.to_owned(), (secret.clone(), csrf.clone()));
        (secret, csrf)
    }

    async fn as_system(&self, method: Method, path: &str, caller: Caller) -> Response<Body> {
        let mut request = Request::builder().method(method.clone()).uri(path).header("host", "127.0.0.1:8080");
        if let Some((_, token)) = self.systems.get(caller.name()) {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut body = "";
        if method == Method::POST {
            let key: String = self.city().random::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
            request = request.header("content-type", "application/json").header("idempotency-key", key);
            request = request.header("if-match", format!("\"{}\"", self.version(path).await));
            body = "{}";
        }
        if method == Method::PATCH {
            request = request.header("upload-offset", "0");
        }
        self.city.router().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
    }

    /// The version of the case that an address names; 1 for anything else.
    async fn version(&self, path: &str) -> i64 {
        let Some(number) = path.strip_prefix("/api/v1/cases/").and_then(|rest| rest.split('/').next()) else {
            return 1;
        };
        let (secret, _) = self.session("clerk").await;
        let clerk = resolve(self.city(), &secret).await.unwrap().actor;
        cases::case_by_number(self.city(), &clerk, number).await.unwrap().version
    }

    /// A subject by its name, made once for reading and anew for each change; any other name stands for itself.
    async fn subject(&self, name: &'static str, by_system: bool, shared: bool) -> Made {
        let known = self.made.lock().unwrap().get(&(name, by_system)).cloned();
        if let Some(known) = known.filter(|_| shared) {
            return known;
        }
        let made = self.make(name, by_system).await;
        self.made.lock().unwrap().insert((name, by_system), made.clone());
        made
    }

    async fn make(&self, name: &'static str, by_system: bool) -> Made {
        let by_itself = |value: &str| Made { value: value.to_owned(), owner: String::new() };
        match name {
            "app.css" => return by_itself("app.css"),
            "hash" => return by_itself(web::assets::url("app.css").split('/').nth(2).unwrap()),
            "step" => return by_itself(&self.city().shelf().matter(AUTOMATIC).unwrap().bundle.form.steps()[0].id),
            "file" => return by_itself(&self.file().await),
            "mandate" => return self.mandate(true).await,
            "offer" => return self.mandate(false).await,
            "draft" | "filed" | "accepted" | "granted" | "licence" | "public" | "document" | "upload"
            | "appointment" | "ticket" | "order" => {}
            other => return by_itself(other),
        }
        let who = self.city.invent(ApplicantKind::Enterprise).await.unwrap();
        let owner = format!("owner-{}", self.count.fetch_add(1, Ordering::SeqCst));
        let citizen = self.city.citizen(&who, &owner, PASSWORD).await.unwrap();
        let (actor, origin) = if by_system { (&self.systems["owner"].0, Origin::Api) } else { (&citizen, Origin::Web) };
        let value = match name {
            "draft" => self.draft(actor, &who).await,
            "upload" => cases::begin_upload(self.city(), actor, "证明.pdf", 1000, None).await.unwrap().id,
            "filed" => self.submit(MANUAL, &who, actor, origin).await.number,
            "accepted" => self.accepted(&who, actor, origin).await,
            "appointment" => self.appointment(actor, &who).await,
            "ticket" => self.ticket(actor, by_system).await,
            _ => {
                let granted = self.submit(AUTOMATIC, &who, actor, origin).await;
                let licence = granted.licence.unwrap();
                match name {
                    "granted" => granted.number,
                    "licence" => licence.id.to_string(),
                    "public" => licence.public_id,
                    "order" => self.order(actor, granted.number).await,
                    _ => self.document(actor, &granted.number).await,
                }
            }
        };
        Made { value, owner }
    }

    /// A mandate that waits to be accepted; its owner is whoever granted it, or whom it is for.
    async fn mandate(&self, granted: bool) -> Made {
        let who = self.city.invent(ApplicantKind::Enterprise).await.unwrap();
        let clerk = self.city.invent(ApplicantKind::Person).await.unwrap();
        let owner = format!("owner-{}", self.count.fetch_add(1, Ordering::SeqCst));
        let own = self.city.citizen(if granted { &who } else { &clerk }, &owner, PASSWORD).await.unwrap();
        let head = match granted {
            true => own,
            false => Actor { person: Some(who.person.party()), acts_for: vec![who.party()], ..own },
        };
        let terms = mandate_terms(self.city());
        let wish = MandateWish {
            principal: who.party().code,
            name: clerk.person.name.clone(),
            code: clerk.person.code.clone(),
            powers: Power::ALL.into(),
            matters: Vec::new(),
            first: Some(terms.today),
            last: Some(terms.latest),
            key: None,
        };
        Made { value: grant_mandate(self.city(), &head, wish).await.unwrap(), owner }
    }

    async fn submit(&self, matter: &str, who: &Who, actor: &Actor, origin: Origin) -> Submitted {
        let mut dice = Dice::new(u64::from_le_bytes(self.city().random()));
        let drawn = demo::draw_for(self.city(), matter, who, &mut dice).await.unwrap();
        cases::submit(self.city(), actor, drawn.submit(origin)).await.unwrap()
    }

    async fn appointment(&self, actor: &Actor, who: &Who) -> String {
        halls::release(self.city()).await.unwrap();
        let day = jiff::civil::date(2026, 11, 24);
        let slots = halls::slots(self.city(), "civic-centre", day, None).await.unwrap();
        let slot = slots.into_iter().find(|slot| slot.free > 0).unwrap().id;
        let (applicant, matter) = (who.person.party(), String::new());
        let wish = Book { slot, matter, applicant, prepared: Vec::new(), key: None };
        halls::book(self.city(), actor, wish).await.unwrap().id.to_string()
    }

    async fn ticket(&self, actor: &Actor, by_system: bool) -> String {
        let source = if by_system { TicketSource::System } else { TicketSource::Web };
        let (place, counter) = ("civic-centre".to_owned(), "general".to_owned());
        let wish =
            Take { place, counter, matter: String::new(), assisted: false, code: String::new(), source, key: None };
        halls::take(self.city(), actor, wish).await.unwrap().id.to_string()
    }

    /// The follow-up of a bad rating.
    async fn order(&self, actor: &Actor, case: String) -> String {
        let (tags, text, phone) = (Vec::new(), String::new(), String::new());
        let (entry, channel, stars, key) = (Entry::Case(case), Channel::Pc, 1, None);
        let wish = Wish { entry, stars, tags, text, phone, channel, key };
        voice::rate(self.city(), Some(actor), wish).await.unwrap().order.unwrap()
    }

    async fn draft(&self, actor: &Actor, who: &Who) -> String {
        let mut draft = cases::create_draft(self.city(), actor, AUTOMATIC).await.unwrap();
        draft.applicant = who.party().code;
        cases::save_draft(self.city(), actor, draft).await.unwrap().id
    }

    async fn accepted(&self, who: &Who, actor: &Actor, origin: Origin) -> String {
        let number = self.submit(MANUAL, who, actor, origin).await.number;
        let (secret, _) = self.session("clerk").await;
        let clerk = resolve(self.city(), &secret).await.unwrap().actor;
        cases::work(self.city(), &clerk, &number, None, Work::Accept, None).await.unwrap();
        number
    }

    async fn document(&self, actor: &Actor, number: &str) -> String {
        let found = cases::case_by_number(self.city(), actor, number).await.unwrap();
        found.case.decision.unwrap().document.id.to_string()
    }

    /// The first file of the case that was made for reading.
    async fn file(&self) -> String {
        let number = Box::pin(self.subject("filed", false, true)).await.value;
        let (secret, _) = self.session("clerk").await;
        let clerk = resolve(self.city(), &secret).await.unwrap().actor;
        let found = cases::case_by_number(self.city(), &clerk, &number).await.unwrap();
        let files = found.case.application.materials.into_iter().find_map(|item| match item.provided {
            Provided::Upload { files } => files.into_iter().next(),
            _ => None,
        });
        files.unwrap().id.to_string()
    }
}

async fn open_systems(city: &City, department: &str) -> BTreeMap<&'static str, (Actor, String)> {
    let mut systems = BTreeMap::new();
    let staff = |role| (role, Some(department.to_owned()), Scope::Staff);
    for (name, (role, department, scope)) in [
        ("reader", (Role::Integrator, None, Scope::Read)),
        ("foreign", (Role::Integrator, None, Scope::Cases)),
        ("owner", (Role::Integrator, None, Scope::Cases)),
        ("bank", (Role::Integrator, None, Scope::Licences)),
        ("clerk", staff(Role::Clerk)),
        ("approver", staff(Role::Approver)),
        ("supervisor", (Role::Supervisor, None, Scope::Staff)),
    ] {
        let new = NewAccount {
            login: format!("system-{name}"),
            password: None,
            name: format!("系统 {name}"),
            grants: vec![Grant { role, department, district: None }],
            person: None,
        };
        let account = open_account(city, &administrator(), new).await.unwrap();
        let scopes = if scope == Scope::Read { vec![scope] } else { vec![Scope::Read, scope] };
        let token = create_token(city, &administrator(), &account, &scopes, None, name).await.unwrap();
        systems.insert(name, (account.actor(Vec::new()), token));
    }
    systems
}
