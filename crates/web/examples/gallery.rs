//! The kit on one page, and the public pages filled from the catalogue: for looking at them while working on style.
//!
//! `cargo run -p web --example gallery -- 7171`, then http://127.0.0.1:7171/kit

#[path = "gallery/parts.rs"]
mod parts;
#[path = "gallery/uploads.rs"]
mod uploads;

// Templates name the kit as `crate::kit`.
use web::kit;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::catalog::{ApplicantKind, Matter};
use domain::text::Text;
use kit::{Pager, Tag, Tone};
use std::collections::BTreeMap;
use std::sync::Arc;
use web::catalog::{Audience, Authority, GuidePage, ListFilter, ListPage, MatterRow, Names, tiles, topic};
use web::errors::ErrorPage;
use web::home::{HallNow, HomePage, Todo};
use web::layout::{City, DisplayPage, NavItem, Page, Part, Prefs, User, respond, safe_back};

type Query_ = Query<BTreeMap<String, String>>;

#[derive(serde::Deserialize)]
struct Department {
    id: String,
    name: Text,
    address: Text,
    reconsideration: Reconsideration,
    court: Text,
}

#[derive(serde::Deserialize)]
struct Reconsideration {
    body: Text,
}

struct Sample {
    matters: Vec<Matter>,
    departments: Vec<Department>,
}

impl Sample {
    fn load() -> Sample {
        let root = std::env::var("YICHUANG_CATALOG")
            .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalog").to_owned());
        let mut matters = Vec::new();
        for entry in std::fs::read_dir(format!("{root}/matters")).into_iter().flatten().flatten() {
            let text = std::fs::read_to_string(entry.path().join("matter.json")).unwrap_or_default();
            match serde_json::from_str::<Matter>(&text) {
                Ok(matter) => matters.push(matter),
                Err(error) => eprintln!("{}: {error}", entry.path().display()),
            }
        }
        matters.sort_by(|a, b| a.slug.cmp(&b.slug));
        let departments = std::fs::read_to_string(format!("{root}/departments.json")).unwrap_or_default();
        Sample { matters, departments: serde_json::from_str(&departments).unwrap_or_default() }
    }

    fn authority(&self, id: &str) -> Authority {
        let found = self.departments.iter().find(|department| department.id == id);
        found.map_or_else(Authority::default, |department| Authority {
            name: department.name.clone(),
            address: department.address.clone(),
            reconsideration: department.reconsideration.body.clone(),
            court: department.court.clone(),
        })
    }

    fn counts(&self, person: bool) -> Vec<(String, i64)> {
        let mut counts = BTreeMap::new();
        let person_may = |matter: &&Matter| matter.applicants.contains(&ApplicantKind::Person) == person;
        for topic in self.matters.iter().filter(person_may).flat_map(|matter| &matter.topics) {
            *counts.entry(topic.clone()).or_insert(0) += 1;
        }
        counts.into_iter().collect()
    }
}

fn page(headers: &HeaderMap, path: &str, query: &BTreeMap<String, String>) -> Page {
    let city = City {
        name: Text::new("江城市", "Jiangcheng"),
        district: Text::new("海澜区", "Hailan District"),
        hotline: "12345".to_owned(),
    };
    let mut prefs = Prefs::from_headers(headers);
    if let Some(words) = query.get("show") {
        prefs = words.split('.').fold(prefs, Prefs::with);
    }
    let mut page = Page::new(prefs, city, path).with_csrf("sample");
    page.demo = true;
    if query.contains_key("user") {
        let name = if prefs.lang_word() == "zh" { "林晓岚" } else { "Lin Xiaolan" };
        let company = page.t.of(&Text::new("海澜区拾光理发店", "Shiguang Hair Salon")).to_owned();
        page = page.with_user(User { name: name.to_owned(), acting_for: Some(company), unread: 2, staff: true });
    }
    page
}

async fn home(State(sample): State<Arc<Sample>>, headers: HeaderMap, Query(query): Query_) -> Response {
    let page = page(&headers, "/", &query).with_part(Part::Home);
    let t = page.t;
    let say = |zh: &str, en: &str| t.of(&Text::new(zh, en)).to_owned();
    let examples = [
        ("开理发店", "open a hair salon"),
        ("开饭店", "open a restaurant"),
        ("公司换地址", "move my company"),
        ("刻公章", "company seal"),
        ("提公积金", "housing fund"),
    ];
    let popular = [
        "public-place-hygiene",
        "food-operation",
        "individual-business-registration",
        "company-registration",
        "housing-fund-withdrawal",
        "investment-filing",
    ];
    let top = popular.iter().filter_map(|slug| sample.matters.iter().find(|matter| matter.slug == *slug));
    let todos = vec![
        Todo {
            title: say("补正 1 份材料", "1 paper to correct"),
            text: say(
                "食品经营许可：布局图看不清厨房尺寸，请重拍后上传。",
                "Food licence: the sizes of the kitchen cannot be read on the floor plan. Please upload it again.",
            ),
            href: "/cases/1".to_owned(),
            tag: Tag::new(Tone::Act, say("待补正", "To correct")),
            due: say("11月30日前", "by 30 November"),
            must_act: true,
        },
        Todo {
            title: say("公共场所卫生许可", "Public place hygiene licence"),
            text: say("已受理，审核中。", "Accepted, under review."),
            href: "/cases/2".to_owned(),
            tag: Tag::new(Tone::Running, say("审核中", "In review")),
            due: t.days_left(3),
            must_act: false,
        },
    ];
    let hall = query.contains_key("user").then(|| HallNow {
        name: say("海澜区政务服务中心", "Hailan Service Centre"),
        waiting: 6,
        detail: say("今天 9:00–17:00，约等 8 分钟", "Today 9:00–17:00, about 8 minutes"),
    });
    let view = HomePage {
        t,
        page: &page,
        examples: examples.iter().map(|(zh, en)| (say(zh, en), format!("/matters?q={}", say(zh, en)))).collect(),
        todos: if query.contains_key("empty") { Vec::new() } else { todos },
        matter_count: i64::try_from(sample.matters.len()).unwrap_or(0),
        for_person: tiles(t, Audience::Person, &sample.counts(true), 8),
        for_company: tiles(t, Audience::Company, &sample.counts(false), 8),
        top: top.map(|matter| MatterRow::new(t, matter, "")).collect(),
        hall,
    };
    respond(StatusCode::OK, t.lang(), &view)
}

async fn list(State(sample): State<Arc<Sample>>, headers: HeaderMap, Query(query): Query_) -> Response {
    let page = page(&headers, "/matters", &query).with_part(Part::Matters);
    let t = page.t;
    let q = query.get("q").cloned().unwrap_or_default();
    let wanted = query.get("topic").cloned().unwrap_or_default();
    let hit = |matter: &&Matter| {
        let text = format!("{}{}{}", t.of(&matter.name), t.of(&matter.summary), matter.keywords.join(" "));
        text.contains(&q) && (wanted.is_empty() || matter.topics.contains(&wanted))
    };
    let found: Vec<_> = sample.matters.iter().filter(hit).collect();
    let counts = sample.counts(false);
    let choices = counts.iter().filter_map(|(zh, _)| Some((zh.clone(), topic(zh)?.name(t).to_owned()))).collect();
    let departments = sample.departments.iter();
    let departments = departments.map(|one| (one.id.clone(), t.of(&one.name).replace("江城市海澜区", "")));
    let who = vec![
        ("person".to_owned(), t.catalog_who_person().to_owned()),
        ("company".to_owned(), t.catalog_who_company().to_owned()),
    ];
    let filter = |name: &str, label: &str, choices: Vec<_>, chosen: &str| ListFilter {
        name: name.to_owned(),
        label: label.to_owned(),
        choices,
        chosen: chosen.to_owned(),
    };
    let view = ListPage {
        heading: t.catalog_title().to_owned(),
        t,
        page: &page,
        count: i64::try_from(found.len()).unwrap_or(0),
        filters: vec![
            filter("for", t.catalog_who(), who, ""),
            filter("topic", t.catalog_topic(), choices, &wanted),
            filter("department", t.catalog_department(), departments.collect(), ""),
        ],
        rows: found
            .iter()
            .take(20)
            .map(|matter| MatterRow::new(t, matter, t.of(&sample.authority(&matter.department).name)))
            .collect(),
        pager: Pager::new(t, "", if found.len() > 20 { "/matters?after=20" } else { "" }),
        q,
    };
    respond(StatusCode::OK, t.lang(), &view)
}

async fn guide(
    State(sample): State<Arc<Sample>>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Query(query): Query_,
) -> Response {
    let page = page(&headers, &format!("/matters/{slug}"), &query).with_part(Part::Matters);
    let Some(matter) = sample.matters.iter().find(|matter| matter.slug == slug) else {
        return ErrorPage::new(&page, StatusCode::NOT_FOUND).respond();
    };
    let page = page.with_dock();
    let register = |id: &str| match id {
        "enterprise" => Text::new("市场主体登记库", "business register"),
        "person" => Text::new("人口库", "population register"),
        other => Text::new(other, other),
    };
    let licence = |id: &str| match id {
        "business-licence" => Text::new("营业执照", "business licence"),
        other => Text::new(other, other),
    };
    let names = Names { register: &register, licence: &licence, condition: &|_| None };
    let view = GuidePage::new(&page, matter, &sample.authority(&matter.department), &names);
    respond(StatusCode::OK, page.t.lang(), &view)
}

async fn error(Path(status): Path<u16>, headers: HeaderMap, Query(query): Query_) -> Response {
    let page = page(&headers, "/", &query);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_FOUND);
    let error = ErrorPage::new(&page, status);
    match status.as_u16() {
        429 => error.retry_after(20).respond(),
        500.. => error.reference("YC-7F3K-29QD").respond(),
        _ => error.respond(),
    }
}

async fn display(headers: HeaderMap, Query(query): Query_) -> Response {
    let page = page(&headers, "/display", &query);
    let word = query.get("set").map_or("", String::as_str);
    if word.is_empty() {
        return respond(StatusCode::OK, page.t.lang(), &DisplayPage { t: page.t, page: &page });
    }
    let back = safe_back(query.get("back").map_or("/", String::as_str)).to_owned();
    ([(header::SET_COOKIE, page.prefs.with(word).set_cookie())], Redirect::to(&back)).into_response()
}

async fn kit(Path(name): Path<String>, headers: HeaderMap, Query(query): Query_) -> Response {
    let mut page = page(&headers, &format!("/kit/{name}"), &query);
    if name == "desk" {
        page.desk = desk_nav();
    }
    parts::show(&page, &name)
}

fn desk_nav() -> Vec<NavItem> {
    use web::kit::Icon;
    let item = |label: &str, icon, current, count| NavItem {
        tab: true,
        label: label.to_owned(),
        href: "/kit/desk".to_owned(),
        icon,
        current,
        count,
    };
    vec![
        item("收件箱", Icon::Inbox, true, 12),
        item("窗口收件", Icon::Window, false, 0),
        item("待审批", Icon::Stamp, false, 3),
        item("现场核查", Icon::Pin, false, 0),
        item("台账", Icon::List, false, 0),
    ]
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port: u16 = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(7171);
    let routes = Router::new()
        .route("/", get(home))
        .route("/matters", get(list))
        .route("/matters/{slug}", get(guide))
        .route("/errors/{status}", get(error))
        .route("/display", get(display))
        .route("/kit/{name}", get(kit))
        .with_state(Arc::new(Sample::load()))
        .merge(uploads::routes())
        .merge(web::assets::routes());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://127.0.0.1:{port}/");
    axum::serve(listener, routes).await
}
