//! The rota as its people use it: the head plans and copies a week, a clerk's swap leaves a gap that is flagged before and after it is
//! confirmed, service past closing becomes overtime and time off; at three widths, in both languages, without scripts. And the API.

use domain::accounts::{Actor, Role};
use domain::halls::{DayTime, Wanted};
use domain::time::Timestamp;
use jiff::civil::{Date, date};
use serde_json::json;
use service::City;
use service::halls::rota;
use testkit::browser::{Browser, Launch, Screen, Tab, chromium};
use testkit::city::START;

use crate::routes::Scene;
use crate::sign_in::{Open, Person, open};

const PLACE: &str = "wanghai-street";
const WORD: &str = "one password for all";
const TUESDAY: Date = date(2026, 11, 24);

async fn enter(person: &Person<'_>, login: &str, next: &str) {
    person.go(&format!("/sign-in?next={next}")).await;
    person.tab.fill("#f-login", login).await.unwrap();
    person.tab.fill("#f-password", WORD).await.unwrap();
    person.press("form[action='/sign-in'] button").await;
    assert_eq!(person.path().await, next, "{}", person.words().await);
}

/// The city with a head and two clerks.
async fn staffed() -> (Open, [Actor; 3]) {
    let city = open(|_, _| {}).await;
    let head = city.test.staff(Role::HallHead, None, "head", WORD).await.unwrap();
    let first = city.test.staff(Role::Clerk, None, "first", WORD).await.unwrap();
    let second = city.test.staff(Role::Clerk, None, "second", WORD).await.unwrap();
    (city, [head, first, second])
}

async fn count(tab: &Tab, selector: &str) -> i64 {
    tab.eval(&format!("document.querySelectorAll({}).length", json!(selector))).await.unwrap().as_i64().unwrap()
}

/// The head takes both clerks into the list, fills a gap of Tuesday with each, and copies the week into the next one.
async fn plan(head: &Person<'_>, people: &[Actor], language: &str) {
    let here = format!("/desk/rota?place={PLACE}&week=2026-11-23");
    head.go(&here).await;
    assert!(count(head.tab, "[data-gap]").await > 0, "nobody is planned yet");
    for login in ["nobody", "first", "second"] {
        head.tab.fill("#f-login", login).await.unwrap();
        head.press("button[value=join]").await;
        let refused = head.tab.has("[role=alert]").await.unwrap();
        assert_eq!(refused, login == "nobody", "{login}: {}", head.words().await);
        if refused {
            let kept = head.tab.eval("document.querySelector('#f-login').value").await.unwrap();
            assert_eq!(kept, json!("nobody"), "what was typed is still there");
        }
    }
    for (actor, window) in people.iter().zip(["1", "2"]) {
        let link = format!("[data-day='2026-11-24'] a[href*='window={window}&from=09:00']");
        head.press(&link).await;
        head.tab.fill("#f-to", "noon").await.unwrap();
        let choose = format!("document.querySelector('#f-account').value = {}", json!(actor.label()));
        head.tab.eval(&choose).await.unwrap();
        head.press("button[value=plan]").await;
        assert!(head.tab.has("[role=alert]").await.unwrap(), "a time must be one: {}", head.words().await);
        assert_eq!(head.tab.eval("document.querySelector('#f-account').value").await.unwrap(), json!(actor.label()));
        head.tab.fill("#f-to", "12：00").await.unwrap();
        head.press("button[value=plan]").await;
        assert!(!head.tab.has("[role=alert]").await.unwrap(), "{}", head.words().await);
    }
    assert_eq!(count(head.tab, "[data-duty]").await, 2);
    head.press("a[href$='week=2026-11-30']").await;
    head.press("button[value=copy]").await;
    let said = head.tab.text("[role=status]").await.unwrap();
    assert!(said.contains(if language == "en" { "from the week before: 2" } else { "复制 2 个班次" }), "{said}");
    assert_eq!(count(head.tab, "[data-day='2026-12-01'] [data-duty]").await, 2);
    head.press("[data-day='2026-12-01'] button[value=remove]").await;
    assert_eq!(count(head.tab, "[data-duty]").await, 1);
}

/// The first clerk gives the duty to the second, who sits at the other window at that time.
async fn swap(people: &[Person<'_>; 3], second: &Actor, language: &str) {
    let [head, first, other] = people;
    let here = format!("/desk/rota?place={PLACE}&week=2026-11-23");
    let gap =
        if language == "en" { "Window 2 has nobody, 09:00–12:00" } else { "2 号窗口 09:00–12:00 无人值班" };
    first.go(&here).await;
    assert_eq!(count(first.tab, "button[value=plan], button[value=remove]").await, 0, "clerks plan nothing");
    assert!(!first.tab.text("[data-day='2026-11-24']").await.unwrap().contains(gap), "covered before");
    first.press(".rota__mine a").await;
    let choose = format!("document.querySelector('#f-wish').value = 'give:{}'", second.label());
    first.tab.eval(&choose).await.unwrap();
    first.press("button[value=ask]").await;
    assert!(first.tab.text("[data-leaves]").await.unwrap().contains(gap), "said to whoever asks");
    other.go(&here).await;
    assert!(other.tab.text("[data-leaves]").await.unwrap().contains(gap), "said to the colleague");
    assert_eq!(count(other.tab, "button[value=confirm]").await, 0, "a colleague confirms nothing");
    other.press("button[value=accept]").await;
    head.go(&here).await;
    assert!(head.tab.text("[data-leaves]").await.unwrap().contains(gap), "said to the head before confirming");
    head.press("button[value=confirm]").await;
    assert!(head.tab.text("[data-leaves]").await.unwrap().contains(gap), "and afterwards");
    assert!(head.tab.text("[data-day='2026-11-24'] .rota__gaps").await.unwrap().contains(gap), "flagged on its day");
    first.go(&here).await;
    assert_eq!(count(first.tab, ".rota__mine").await, 0, "{}", first.words().await);
    other.go(&here).await;
    assert_eq!(count(other.tab, ".rota__mine").await, 1, "one window, not two: {}", other.words().await);
}

/// 16:50 taken, 17:00 called, 17:40 done; the head grants the forty minutes.
async fn serve_past_closing(city: &Open, people: &[Person<'_>; 3], second: &Actor, language: &str) {
    let [head, _, clerk] = people;
    let at = |minutes: i64| city.test.clock.set(Timestamp::start_of(START).plus_seconds(minutes * 60));
    at(16 * 60 + 50);
    clerk.go(&format!("/desk/reception?place={PLACE}")).await;
    clerk.press("form[method=post][action='/desk/reception'] .act__go button").await;
    at(17 * 60);
    clerk.go(&format!("/desk/queue?place={PLACE}&window=1")).await;
    clerk.press("button[value=next]").await;
    clerk.press(".seat button[value=serve]").await;
    at(17 * 60 + 40);
    clerk.press(".seat button[value=finish]").await;
    clerk.go("/desk/overtime").await;
    let minutes = if language == "en" { "40 min" } else { "40 分钟" };
    assert_eq!(clerk.tab.text("[data-worked]").await.unwrap().trim(), minutes, "{}", clerk.words().await);
    assert_eq!(count(clerk.tab, "button[value=enter]").await, 0, "nobody grants themselves time off");
    head.go(&format!("/desk/overtime?place={PLACE}")).await;
    for (kind, minutes, reason, refused) in [
        ("granted", "90", "", true),
        ("granted", "40", "", false),
        ("taken", "60", "", true),
        ("taken", "60", "急事", false),
    ] {
        let choose = format!("document.querySelector('#f-account').value = {}", json!(second.label()));
        head.tab.eval(&choose).await.unwrap();
        head.tab.click(&format!("input[name=kind][value={kind}]")).await.unwrap();
        head.tab.fill("#f-minutes", minutes).await.unwrap();
        head.tab.fill("#f-reason", reason).await.unwrap();
        head.press("button[value=enter]").await;
        assert_eq!(head.tab.has("[role=alert]").await.unwrap(), refused, "{kind} {minutes}: {}", head.words().await);
        if refused {
            let kept = head.tab.eval("document.querySelector('#f-minutes').value").await.unwrap();
            assert_eq!(kept, json!(minutes), "what was typed is still there");
        }
    }
    let own = head.tab.text(&format!("[data-ledger='{}']", second.label())).await.unwrap();
    assert!(own.contains("-20"), "{own}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerks_swap_that_leaves_a_gap_is_flagged_and_late_service_is_time_off() {
    if !chromium() {
        return;
    }
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    for (screen, language) in [(Screen::DESKTOP, "zh-CN"), (Screen::PHONE, "en")] {
        let (city, actors) = staffed().await;
        let mut tabs = Vec::new();
        for login in ["head", "first", "second"] {
            let tab = browser.tab(screen).await.unwrap();
            let person = Person { tab: &tab, home: &city.home };
            person.speaks(language).await;
            enter(&person, login, "/desk/rota").await;
            tabs.push(tab);
        }
        let people = [0, 1, 2].map(|at| Person { tab: &tabs[at], home: &city.home });
        plan(&people[0], &actors[1..], language).await;
        swap(&people, &actors[2], language).await;
        serve_past_closing(&city, &people, &actors[2], language).await;
        looks(&browser, &city).await;
    }
}

/// Every page at every width, in both languages, for the head and for a clerk; what it offers to the public as well.
async fn looks(browser: &Browser, city: &Open) {
    for screen in [Screen::PHONE, Screen::TABLET, Screen::DESKTOP] {
        for login in ["head", "first"] {
            let tab = browser.tab(screen).await.unwrap();
            let person = Person { tab: &tab, home: &city.home };
            enter(&person, login, "/desk/overtime").await;
            for language in ["zh-CN", "en"] {
                person.speaks(language).await;
                let name = format!("{login}-{language}-{}", screen.width);
                for path in [
                    format!("/desk/rota?place={PLACE}&week=2026-11-23"),
                    format!("/desk/rota?place={PLACE}&week=2026-11-30&duty=2"),
                    format!("/desk/overtime?place={PLACE}"),
                    format!("/places/{PLACE}"),
                    "/places/park-biomed".to_owned(),
                ] {
                    person.go(&path).await;
                    person.look(&name).await;
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rota_is_read_and_answered_without_scripts() {
    if !chromium() {
        return;
    }
    let (city, [head, first, second]) = staffed().await;
    planned(&city.test.city, &head, [&first, &second]).await;
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    let tab = browser.tab(Screen::PHONE).await.unwrap();
    tab.javascript(false).await.unwrap();
    let person = Person { tab: &tab, home: &city.home };
    person.speaks("zh-CN").await;
    enter(&person, "first", "/desk/rota").await;
    person.go(&format!("/desk/rota?place={PLACE}&week=2026-11-24&duty=1")).await;
    person.press("button[value=ask]").await;
    assert!(person.words().await.contains("等同事答复"), "{}", person.words().await);
    person.press("button[value=withdraw]").await;
    assert!(person.words().await.contains("已撤回"), "{}", person.words().await);
}

fn wanted(actor: &Actor, window: &str, from: u16, to: u16) -> Wanted {
    let time = |hour: u16| DayTime::from_minutes(hour * 60);
    Wanted { day: TUESDAY, window: window.into(), from: time(from), to: time(to), account: actor.label() }
}

async fn planned(city: &City, head: &Actor, people: [&Actor; 2]) {
    for (login, window) in [("first", "1"), ("second", "2")] {
        rota::join(city, head, PLACE, login, Vec::new(), None).await.unwrap();
        let person = people[usize::from(window == "2")];
        rota::plan(city, head, PLACE, wanted(person, window, 9, 12), None).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_of_the_staff_reads_the_rota() {
    let scene = Scene::new().await;
    let read = format!("GET /api/v1/places/{PLACE}/rota?week=2026-11-24");
    let (status, _, body) = scene.ask("clerk", &read, &[], "").await;
    assert_eq!((status, &body["week"], &body["duties"]), (200, &json!("2026-11-23"), &json!([])), "{body}");
    let first = &body["gaps"][0];
    assert_eq!(
        (&first["day"], &first["window"], &first["from"], &first["to"]),
        (&json!("2026-11-23"), &json!("1"), &json!("09:00"), &json!("17:00"))
    );
    assert_eq!(scene.ask("owner", &read, &[], "").await.0, 403, "others do not see who is on duty");
    let (status, _, wrong) = scene.ask("clerk", &format!("GET /api/v1/places/{PLACE}/rota?week=soon"), &[], "").await;
    assert_eq!((status, &wrong["errors"][0]["field"]), (422, &json!("week")));
    assert_eq!(scene.ask("clerk", "GET /api/v1/places/nowhere/rota", &[], "").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_page_says_what_an_opening_offers() {
    let scene = Scene::new().await;
    let response = scene.as_person(axum::http::Method::GET, &format!("/places/{PLACE}"), None, "").await;
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let page = String::from_utf8(bytes.to_vec()).unwrap();
    for words in ["周末服务", "可办 3 个事项", "tel:0532-55550701", "1 号窗口"] {
        assert!(page.contains(words), "{words}");
    }
}
