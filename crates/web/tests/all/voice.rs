//! Rating as people see it: a bad one from the case's page, followed up at the desk until the rater rates again; by the code of a
//! message and at a window; the published figures; at three widths, in both languages, in the larger type and without scripts. And
//! the same by API.

use domain::accounts::{Actor, Role};
use domain::cases::Origin;
use domain::catalog::ApplicantKind;
use domain::halls::{TicketCommand, TicketSource};
use serde_json::{Value, json};
use service::cases::{self, Work};
use service::demo::{self, Dice};
use service::halls::{self, Take};
use service::{City, journal, messages};
use testkit::browser::{Browser, Launch, Screen, Tab, chromium};

use crate::routes::Scene;
use crate::sign_in::{Open, Person, open};

const WORD: &str = "a good password";
const RATER: &str = "rater";

async fn sign_in(person: &Person<'_>, login: &str, next: &str) {
    person.go(&format!("/sign-in?next={next}")).await;
    person.tab.fill("#f-login", login).await.unwrap();
    person.tab.fill("#f-password", WORD).await.unwrap();
    person.press("form[action='/sign-in'] button").await;
    assert_eq!(person.path().await, next, "{}", person.words().await);
}

/// A case that is over, and the citizen whose it was.
async fn ended_case(city: &Open) -> String {
    let who = city.test.invent(ApplicantKind::Person).await.unwrap();
    let citizen = city.test.citizen(&who, RATER, WORD).await.unwrap();
    let town = &city.test.city;
    let drawn = demo::draw_for(town, "residence-permit", &who, &mut Dice::new(5)).await.unwrap();
    let number = cases::submit(town, &citizen, drawn.submit(Origin::Web)).await.unwrap().number;
    cases::work(town, &citizen, &number, None, Work::Withdraw { reason: "不办了".into() }, None).await.unwrap();
    number
}

/// A number that was just served at window 3.
async fn served(city: &City, clerk: &Actor) -> String {
    let (place, counter) = ("civic-centre".to_owned(), "general".to_owned());
    let (matter, code, source) = (String::new(), String::new(), TicketSource::Reception);
    let wish = Take { place, counter, matter, assisted: false, code, source, key: None };
    let id = halls::take(city, clerk, wish).await.unwrap().id.to_string();
    let at = || "3".to_owned();
    for step in [
        TicketCommand::Call { window: at() },
        TicketCommand::Serve { window: at() },
        TicketCommand::Finish { window: at() },
    ] {
        halls::work(city, clerk, &id, step, None).await.unwrap();
    }
    halls::ticket(city, clerk, &id).await.unwrap().number
}

/// The bad rating: given, contacted, answered, given again, closed.
async fn follow_up(city: &Open, tabs: &[Tab], language: &str, name: &str, scripts: bool) {
    let [citizen, handler] = [0, 1].map(|at| Person { tab: &tabs[at], home: &city.home });
    citizen.speaks(language).await;
    handler.speaks(language).await;
    let look = async |person: &Person<'_>, what: &str| {
        if scripts {
            person.look(&format!("{name}-{what}")).await;
        }
    };
    let number = ended_case(city).await;
    sign_in(&citizen, RATER, &format!("/cases/{number}")).await;
    citizen.press("nav a[href$='/rate']").await;
    look(&citizen, "rate").await;
    citizen.press(".rate__go").await;
    assert!(citizen.tab.has("#f-stars-error").await.unwrap(), "without a level nothing is sent");
    look(&citizen, "no-level").await;
    citizen.tab.click("input[name=stars][value='1']").await.unwrap();
    if scripts {
        let tall = "[...document.querySelectorAll('.rate__level, .rate__tags--1 .rate__tag, .rate__go')]\
                    .every(own => own.getBoundingClientRect().height >= 64)";
        assert_eq!(citizen.tab.eval(tall).await.unwrap(), json!(true), "targets are 64 pixels high");
        let hidden = "getComputedStyle(document.querySelector('.rate__tags--5')).display";
        assert_eq!(citizen.tab.eval(hidden).await.unwrap(), json!("none"), "tags of the chosen level only");
    }
    citizen.tab.click("#f-tag-113").await.unwrap();
    citizen.tab.fill("#f-text", "跑了三趟").await.unwrap();
    citizen.tab.fill("#f-phone", "13800000000").await.unwrap();
    look(&citizen, "bad").await;
    citizen.press(".rate__go").await;
    look(&citizen, "thanks").await;
    assert!(citizen.words().await.contains("PJ2026"), "the order is named: {}", citizen.words().await);
    citizen.go(&format!("/cases/{number}/rate")).await;
    assert!(!citizen.tab.has(".rate__go").await.unwrap(), "a second attempt is told so");
    look(&citizen, "once").await;

    sign_in(&handler, "handler", "/desk/ratings").await;
    look(&handler, "pile").await;
    handler.press("a[href^='/desk/ratings/PJ']").await;
    assert!(handler.words().await.contains("跑了三趟"));
    look(&handler, "order").await;
    handler.press("#act-contact button").await;
    assert!(handler.tab.has("#errors").await.unwrap());
    look(&handler, "not-said").await;
    handler.tab.click("input[name=contact-reached][value=yes]").await.unwrap();
    handler.tab.fill("#f-contact-note", "已电话核实").await.unwrap();
    handler.press("#act-contact button").await;
    look(&handler, "contacted").await;
    handler.tab.click("input[name=answer-outcome][value=put-right]").await.unwrap();
    handler.tab.fill("#f-answer-text", "已合并为一次办理。").await.unwrap();
    handler.tab.click("input[name=answer-public]").await.unwrap();
    handler.press("#act-answer button").await;
    look(&handler, "answered").await;
    assert!(!handler.tab.has("#act-answer").await.unwrap());

    citizen.go(&format!("/cases/{number}/rate")).await;
    assert!(citizen.words().await.contains("已合并为一次办理。"));
    look(&citizen, "again").await;
    citizen.tab.click("input[name=stars][value='4']").await.unwrap();
    citizen.press(".rate__go").await;
    handler.go(&handler.path().await).await;
    let closed = if language == "en" { "Closed" } else { "已办结" };
    assert!(handler.tab.text(".headline").await.unwrap().contains(closed), "{}", handler.words().await);
    look(&handler, "closed").await;
}

/// By the code of a message and at a window, and what the public and the watch see afterwards.
async fn figures(city: &Open, tabs: &[Tab], language: &str, name: &str, scripts: bool) {
    let [visitor, staff] = [2, 3].map(|at| Person { tab: &tabs[at], home: &city.home });
    visitor.speaks(language).await;
    staff.speaks(language).await;
    let look = async |person: &Person<'_>, what: &str| {
        if scripts {
            person.look(&format!("{name}-{what}")).await;
        }
    };
    let town = &city.test.city;
    let clerk = city.test.staff(Role::Clerk, None, "clerk", WORD).await.unwrap();
    let number = served(town, &clerk).await;
    visitor.go("/rate/at/civic-centre/3").await;
    look(&visitor, "window").await;
    visitor.tab.fill("#f-number", "A999").await.unwrap();
    visitor.tab.click("input[name=stars][value='5']").await.unwrap();
    visitor.press(".rate__go").await;
    assert!(visitor.tab.has("#f-number-error").await.unwrap(), "an unknown number is said");
    look(&visitor, "unknown-number").await;
    visitor.tab.fill("#f-number", &number).await.unwrap();
    visitor.press(".rate__go").await;
    assert!(visitor.path().await.ends_with("done=5"), "what was chosen was kept: {}", visitor.words().await);

    while journal::advance(town).await.unwrap() > 0 {}
    let (account, _) = service::accounts::find_by_login(town, RATER).await.unwrap();
    let told = messages::mine(town, &account.actor(Vec::new())).await.unwrap();
    let code = told.iter().filter_map(|own| own.link.as_deref()?.strip_prefix("/rate/")).next().unwrap().to_owned();
    visitor.go("/rate").await;
    look(&visitor, "enter").await;
    visitor.tab.fill("#f-code", "AAAAAAAAAA").await.unwrap();
    visitor.press("form[action='/rate'] button").await;
    assert!(visitor.tab.has("#errors").await.unwrap());
    look(&visitor, "no-code").await;
    visitor.tab.fill("#f-code", &code.to_lowercase()).await.unwrap();
    visitor.press("form[action='/rate'] button").await;
    assert!(!visitor.tab.has(".rate__go").await.unwrap(), "the case was rated already: {}", visitor.words().await);

    visitor.go("/ratings").await;
    look(&visitor, "ratings").await;
    visitor.go("/ratings/places/civic-centre").await;
    look(&visitor, "ratings-place").await;
    let department = town.shelf().matter("residence-permit").unwrap().bundle.matter.department.clone();
    visitor.go(&format!("/ratings/departments/{department}")).await;
    look(&visitor, "ratings-department").await;
    let words = visitor.words().await;
    assert!(
        words.contains("已合并为一次办理。") && !words.contains("跑了三趟"),
        "the answer, not the rater's words: {words}"
    );

    sign_in(&staff, "clerk", "/desk/ratings").await;
    look(&staff, "own").await;
    staff.press("a[href='/desk/rating-codes']").await;
    assert!(staff.tab.has(".rate__codes svg").await.unwrap());
    look(&staff, "codes").await;
    city.test.staff(Role::Supervisor, None, "supervisor", WORD).await.unwrap();
    staff.go("/me").await;
    staff.press(".me__out button").await;
    sign_in(&staff, "supervisor", "/watch/ratings").await;
    look(&staff, "watch").await;
    assert!(staff.words().await.contains("100.0000%"), "answered in time: {}", staff.words().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_rating_is_followed_up_and_closed() {
    if !chromium() {
        return;
    }
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    for (screen, language, scripts, elder) in [
        (Screen::PHONE, "zh-CN", true, false),
        (Screen::TABLET, "en", true, false),
        (Screen::DESKTOP, "zh-CN", true, true),
        (Screen::PHONE, "en", false, false),
    ] {
        let city = open(|_, _| {}).await;
        city.test.staff(Role::Approver, None, "handler", WORD).await.unwrap();
        let name = format!("{language}-{}", screen.width);
        let mut tabs = Vec::new();
        for _ in 0..4 {
            let tab = browser.tab(screen).await.unwrap();
            tab.javascript(scripts).await.unwrap();
            // First: the page of display choices keeps the language in which it was asked.
            Person { tab: &tab, home: &city.home }.speaks(language).await;
            if elder {
                tab.goto(&format!("{}/display?set=elder&back=/", city.home)).await.unwrap();
            }
            tabs.push(tab);
        }
        follow_up(&city, &tabs, language, &name, scripts).await;
        figures(&city, &tabs, language, &name, scripts).await;
    }
}

/// A request of a system with a key of its own.
async fn send(scene: &Scene, system: &str, key: &str, body: Value) -> (u16, Value) {
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    let (status, _, answer) = scene.ask(system, "POST /api/v1/ratings", &headers, body.to_string()).await;
    (status, answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_system_rates_what_it_passed_on_and_reads_the_figures() {
    let scene = Scene::new().await;
    let (status, _, levels) = scene.ask("visitor", "GET /api/v1/ratings/levels", &[], "").await;
    assert_eq!((status, levels.as_array().unwrap().len()), (200, 5));
    assert_eq!(
        (&levels[0]["stars"], &levels[0]["code"], levels[0]["tags"].as_array().unwrap().len()),
        (&json!(5), &json!(1), 8)
    );

    let number = scene.filed_case().await;
    let wish = |case: &str, stars: u8| json!({ "case": case, "stars": stars, "channel": "terminal" });
    let (status, problem) = send(&scene, "owner", "early", wish(&number, 5)).await;
    assert_eq!((status, &problem["refusal"]["reason"]["kind"]), (409, &json!("not-finished")), "{problem}");
    let headers = [("content-type", "application/json"), ("idempotency-key", "w"), ("if-match", "\"1\"")];
    let path = format!("GET /api/v1/cases/{number}");
    let (_, read, _) = scene.ask("owner", &path, &[], "").await;
    let tag = read["etag"].to_str().unwrap().to_owned();
    let headers = headers.map(|(name, value)| if name == "if-match" { (name, tag.as_str()) } else { (name, value) });
    let withdraw = format!("POST /api/v1/cases/{number}/withdraw");
    let (status, _, body) = scene.ask("owner", &withdraw, &headers, json!({ "reason": "不办了" }).to_string()).await;
    assert_eq!(status, 200, "{body}");

    assert_eq!(send(&scene, "foreign", "f", wish(&number, 5)).await.0, 404, "not its own");
    assert_eq!(send(&scene, "clerk", "c", wish(&number, 5)).await.0, 403, "staff may not");
    let (status, problem) =
        send(&scene, "owner", "twice", json!({ "case": number, "code": "A", "stars": 5, "channel": "pc" })).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("code")), "{problem}");
    let wrong = json!({ "case": number, "stars": 5, "tags": ["108"], "channel": "pc" });
    let (status, problem) = send(&scene, "owner", "tags", wrong).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("tags")), "{problem}");
    let (status, taken) = send(&scene, "owner", "rate", wish(&number, 2)).await;
    assert_eq!((status, &taken["stars"], &taken["again"]), (201, &json!(2), &json!(false)), "{taken}");
    assert!(taken["order"].as_str().unwrap().starts_with("PJ2026"));
    assert_eq!(send(&scene, "owner", "rate", wish(&number, 2)).await, (201, taken), "the same key is the same rating");
    let (status, problem) = send(&scene, "owner", "again", wish(&number, 5)).await;
    assert_eq!((status, &problem["refusal"]["reason"]["kind"]), (409, &json!("already-rated")), "{problem}");

    while journal::advance(scene.city()).await.unwrap() > 0 {}
    let (status, _, figures) = scene.ask("visitor", "GET /api/v1/ratings/figures", &[], "").await;
    assert_eq!((status, &figures["ratings"], &figures["orders"]), (200, &json!(1), &Value::Null), "{figures}");
    assert_eq!(figures["by_stars"], Value::Null, "one rating would show who gave it");
    let (status, _, problem) = scene.ask("visitor", "GET /api/v1/ratings/figures?month=soon", &[], "").await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("month")));
    assert_eq!(scene.ask("visitor", "GET /api/v1/ratings/figures?place=nowhere", &[], "").await.0, 404);
}
