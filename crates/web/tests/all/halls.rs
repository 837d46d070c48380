//! A visit as people see it: a weekend appointment from the guide, a number on the phone, the clerk's window and the screen that
//! follows; at three widths, in both languages, in the larger type and without scripts. And the same by API.

use axum::http::Method;
use domain::accounts::Role;
use futures_util::StreamExt;
use serde_json::{Value, json};
use service::halls;
use testkit::browser::{Browser, Launch, Screen, Tab, chromium};

use crate::routes::Scene;
use crate::sign_in::{Open, Person, open};

const CLERK: &str = "clerk";
const CLERKS: &str = "a clerk's password";
/// The Saturday after the Monday on which test cities stand.
const SATURDAY: &str = "2026-11-28";

async fn sign_in_clerk(person: &Person<'_>, next: &str) {
    person.go(&format!("/sign-in?next={next}")).await;
    person.tab.fill("#f-login", CLERK).await.unwrap();
    person.tab.fill("#f-password", CLERKS).await.unwrap();
    person.press("form[action='/sign-in'] button").await;
    assert_eq!(person.path().await, next, "{}", person.words().await);
}

/// From the guide to the code, and back again.
async fn book(city: &Open, tab: &Tab, language: &str, name: &str, scripts: bool) {
    let person = Person { tab, home: &city.home };
    let look = async |what: &str| {
        if scripts {
            person.look(&format!("{name}-{what}")).await;
        }
    };
    person.go("/places").await;
    look("places").await;
    person.go("/places/park-innovation").await;
    look("micro-window").await;
    let words = person.words().await;
    for list in if language == "en" { ["Standard list", "Feature list"] } else { ["标准清单", "特色清单"] } {
        assert!(words.contains(list), "{list}: {words}");
    }
    person.sign_in("/matters/residence-permit").await;
    person.press("a[href='/places?matter=residence-permit']").await;
    look("taking").await;
    person.press("a[href='/places/civic-centre/book?matter=residence-permit']").await;
    look("today").await;
    person.press(&format!("a[href$='date={SATURDAY}']")).await;
    look("saturday").await;
    person.press("form[action='/places/civic-centre/book'] .form__actions button").await;
    assert!(tab.has("#errors").await.unwrap(), "without a time nothing is booked");
    look("no-time").await;
    tab.click("input[name=slot]").await.unwrap();
    person.press("form[action='/places/civic-centre/book'] .form__actions button").await;
    assert!(person.path().await.starts_with("/appointments/"), "{}", person.words().await);
    look("booked").await;
    assert_eq!(tab.text(".slip__code").await.unwrap().trim().len(), 6);
    person.go("/appointments").await;
    look("mine").await;
    person.press(".case__name").await;
    person.press("form[action$='/cancel'] button").await;
    assert!(!tab.has(".slip__code").await.unwrap(), "given back: {}", person.words().await);
    look("cancelled").await;
}

/// A number on the phone, called to a window.
async fn queue(city: &Open, tabs: &[Tab], language: &str, name: &str, scripts: bool) {
    let [citizen, clerk, screen] = [0, 1, 2].map(|at| Person { tab: &tabs[at], home: &city.home });
    let look = async |person: &Person<'_>, what: &str| {
        if scripts {
            person.look(&format!("{name}-{what}")).await;
        }
    };
    screen.go("/screen/civic-centre").await;
    look(&screen, "screen-empty").await;
    citizen.go("/places/civic-centre").await;
    look(&citizen, "place").await;
    citizen.press("form[action='/places/civic-centre/tickets'] button").await;
    look(&citizen, "ticket").await;
    assert_eq!(citizen.tab.text("h1").await.unwrap().split_whitespace().next_back().unwrap(), "A001");

    sign_in_clerk(&clerk, "/desk/reception").await;
    look(&clerk, "reception").await;
    clerk.press("form[method=post][action='/desk/reception'] .act__go button").await;
    assert_eq!(clerk.tab.text(".slip__code").await.unwrap().trim(), "A002");
    look(&clerk, "given").await;
    clerk.tab.fill("input[name=code]", "000000").await.unwrap();
    clerk.press("form[method=post][action='/desk/reception'] .act__go button").await;
    assert!(clerk.tab.has("[role=alert]").await.unwrap(), "an unknown code is said: {}", clerk.words().await);
    clerk.go("/desk/queue").await;
    look(&clerk, "choose").await;
    clerk.go("/desk/queue?place=civic-centre&window=3").await;
    look(&clerk, "waiting").await;
    clerk.press("button[value=next]").await;
    look(&clerk, "called").await;
    assert!(clerk.tab.text(".seat").await.unwrap().contains("A001"), "{}", clerk.words().await);
    if scripts {
        let shown = "document.querySelector('[data-calls] strong')?.textContent === 'A001'";
        screen.tab.wait_until(shown).await.unwrap();
    } else {
        screen.press("a.no-js").await;
    }
    assert!(screen.words().await.contains("A001"), "{}", screen.words().await);
    look(&screen, "screen-called").await;
    citizen.press("a[href^='/tickets/']").await;
    assert!(citizen.words().await.contains('3'), "the window is named: {}", citizen.words().await);
    look(&citizen, "go").await;
    clerk.press(".seat button[value=miss]").await;
    let said = clerk.tab.text("[role=alert]").await.unwrap();
    assert!(said.contains(if language == "en" { "after 3 calls" } else { "叫满 3 次" }), "{said}");
    look(&clerk, "refused").await;
    for step in ["serve", "finish"] {
        clerk.press(&format!(".seat button[value={step}]")).await;
    }
    look(&clerk, "done").await;
    assert!(!clerk.tab.text(".seat").await.unwrap().contains("A001"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_from_the_guide_to_the_window() {
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
        city.test.staff(Role::Clerk, None, CLERK, CLERKS).await.unwrap();
        halls::release(&city.test.city).await.unwrap();
        let name = format!("{language}-{}", screen.width);
        let mut tabs = Vec::new();
        for _ in 0..3 {
            let tab = browser.tab(screen).await.unwrap();
            tab.javascript(scripts).await.unwrap();
            Person { tab: &tab, home: &city.home }.speaks(language).await;
            if elder {
                tab.goto(&format!("{}/display?set=elder&back=/", city.home)).await.unwrap();
            }
            tabs.push(tab);
        }
        book(&city, &tabs[0], language, &name, scripts).await;
        queue(&city, &tabs, language, &name, scripts).await;
    }
}

/// A request of a system with a key of its own.
async fn send(scene: &Scene, path: &str, key: &str, body: Value) -> (u16, Value) {
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    let (status, _, answer) = scene.ask("owner", &format!("POST {path}"), &headers, body.to_string()).await;
    (status, answer)
}

fn applicant(number: i64) -> Value {
    json!({ "kind": "person", "name": "王芳", "id_type": "passport", "code": format!("E{number:08}") })
}

#[tokio::test(flavor = "multi_thread")]
async fn another_system_books_a_slot_and_takes_a_ticket() {
    let scene = Scene::new().await;
    halls::release(scene.city()).await.unwrap();
    let (status, _, places) = scene.ask("visitor", "GET /api/v1/places?limit=3", &[], "").await;
    assert_eq!((status, places["items"].as_array().unwrap().len()), (200, 3));
    let after = places["next"].as_str().unwrap();
    let (_, _, rest) = scene.ask("visitor", &format!("GET /api/v1/places?after={after}"), &[], "").await;
    let mut centre = rest["items"].as_array().unwrap().iter().chain(places["items"].as_array().unwrap());
    let centre = centre.find(|place| place["id"] == "civic-centre").unwrap();
    assert_eq!((&centre["open"], &centre["today"]), (&json!(true), &json!(["09:00-17:00"])));

    let day = "GET /api/v1/places/civic-centre/slots?date=2026-11-24";
    let (status, _, slots) = scene.ask("visitor", day, &[], "").await;
    let slot = &slots["items"][0];
    assert_eq!(status, 200);
    assert_eq!(slot["start"], "2026-11-24T09:00:00+08:00");
    for member in ["id", "start", "end", "free"] {
        assert!(!slot[member].is_null(), "{slot}");
    }
    let (status, _, wrong) = scene.ask("visitor", "GET /api/v1/places/civic-centre/slots?date=soon", &[], "").await;
    assert_eq!((status, &wrong["errors"][0]["field"]), (422, &json!("date")));
    assert_eq!(scene.ask("visitor", "GET /api/v1/places/nowhere/slots", &[], "").await.0, 404);

    let wish = json!({ "slot": slot["id"], "applicant": applicant(0) });
    let (status, booked) = send(&scene, "/api/v1/appointments", "first", wish.clone()).await;
    assert_eq!((status, &booked["state"]), (201, &json!("booked")), "{booked}");
    let again = send(&scene, "/api/v1/appointments", "first", wish.clone()).await;
    assert_eq!(again, (201, booked.clone()), "the same key is the same appointment");
    let (status, problem) = send(&scene, "/api/v1/appointments", "second", wish).await;
    assert_eq!((status, &problem["refusal"]["reason"]["kind"]), (409, &json!("already-booked")), "{problem}");
    let free = slot["free"].as_i64().unwrap();
    for number in 1..free {
        let wish = json!({ "slot": slot["id"], "applicant": applicant(number) });
        assert_eq!(send(&scene, "/api/v1/appointments", &format!("k{number}"), wish).await.0, 201);
    }
    let late = json!({ "slot": slot["id"], "applicant": applicant(9_999) });
    let (status, problem) = send(&scene, "/api/v1/appointments", "late", late).await;
    assert_eq!((status, &problem["refusal"]["reason"]["kind"]), (409, &json!("slot-taken")), "{problem}");
    let nobody = json!({ "slot": slot["id"], "applicant": { "kind": "person", "name": "王芳", "id_type": "passport", "code": "1" } });
    let (status, problem) = send(&scene, "/api/v1/appointments", "nobody", nobody).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("/applicant/code")), "{problem}");
    let cancel = format!("/api/v1/appointments/{}/cancel", booked["id"].as_str().unwrap());
    assert_eq!(send(&scene, &cancel, "back", json!({})).await.1["state"], "cancelled");

    let (status, ticket) = send(&scene, "/api/v1/tickets", "t", json!({ "place": "civic-centre" })).await;
    assert_eq!((status, &ticket["number"], &ticket["ahead"]), (201, &json!("A001"), &json!(0)), "{ticket}");
    let show = format!("GET /api/v1/tickets/{}", ticket["id"].as_str().unwrap());
    assert_eq!(scene.ask("owner", &show, &[], "").await.2, ticket);
    assert_eq!(scene.ask("foreign", &show, &[], "").await.0, 404);
}

/// What the events of a screen say first.
#[tokio::test(flavor = "multi_thread")]
async fn a_screen_hears_the_board_at_once_and_each_call() {
    let scene = Scene::new().await;
    let response = scene.as_person(Method::GET, "/screen/civic-centre/events", None, "").await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert!(!response.headers().contains_key("content-encoding"), "a packed stream would arrive late");
    let mut body = response.into_body().into_data_stream();
    let mut next = async || {
        let frame = body.next().await.unwrap().unwrap();
        let text = String::from_utf8(frame.to_vec()).unwrap();
        let data = text.lines().find_map(|line| line.strip_prefix("data: ").or(line.strip_prefix("data:")));
        serde_json::from_str::<Value>(data.unwrap()).unwrap()
    };
    assert_eq!(next().await["called"], json!([]));
    assert_eq!(send(&scene, "/api/v1/tickets", "t", json!({ "place": "civic-centre" })).await.0, 201);
    assert_eq!(next().await["queues"][0]["waiting"], 1);
    let fields = "place=civic-centre&window=2&do=next";
    let called = scene.as_person(Method::POST, "/desk/queue", Some("clerk"), fields).await;
    assert_eq!(called.status(), 303);
    assert_eq!(next().await["called"], json!([{ "number": "A001", "window": "2", "times": 1 }]));
}
