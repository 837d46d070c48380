//! One visit as a whole: a terminal without paper, a number from it, the screens that follow (by events, and where these do not get
//! through by asking), what a screen says aloud, the window, the rating. And an appointment on a public holiday.

use domain::accounts::Role;
use domain::time::Timestamp;
use jiff::civil::{Date, date};
use service::halls;
use testkit::browser::{Browser, Launch, Screen, Tab, chromium};

use crate::kiosk::{PORTRAIT, STAFF, enrol};
use crate::sign_in::{Open, Person, open, open_at};

/// National Day; it was a Thursday in 2026.
const HOLIDAY: Date = date(2026, 10, 1);
/// Keeps the words that a page says aloud, instead of saying them: a machine without a voice says nothing, and tells nobody.
const EAR: &str =
    "window.heard = []; window.speechSynthesis.speak = (words) => window.heard.push(`${words.lang}: ${words.text}`)";

async fn sign_in(person: &Person<'_>, login: &str, next: &str) {
    person.go(&format!("/sign-in?next={next}")).await;
    person.tab.fill("#f-login", login).await.unwrap();
    person.tab.fill("#f-password", STAFF).await.unwrap();
    person.press("form[action='/sign-in'] button").await;
    assert_eq!(person.path().await, next, "{}", person.words().await);
}

/// Somebody at the terminal says that the paper is out; the desk sees it.
async fn without_paper(kiosk: &Person<'_>, desk: &Person<'_>, name: &str) {
    kiosk.go("/kiosk/help").await;
    kiosk.press("button[value=paper]").await;
    assert!(kiosk.tab.has("[role=status]").await.unwrap(), "{}", kiosk.words().await);
    assert!(!kiosk.tab.has("button[value=paper]").await.unwrap(), "it is known now");
    kiosk.look(&format!("{name}-reported")).await;
    desk.go("/desk/terminals?place=civic-centre").await;
    assert!(desk.tab.has("[data-fault=paper]").await.unwrap(), "{}", desk.words().await);
    desk.look(&format!("{name}-no-paper")).await;
}

/// A number from the terminal, called, served and rated; both screens show it.
async fn visit(city: &Open, browser: &Browser, tabs: &[Tab], name: &str) {
    let [kiosk, desk, live, asking, phone] = [0, 1, 2, 3, 4].map(|at| Person { tab: &tabs[at], home: &city.home });
    enrol(city, &desk, &kiosk, name).await;
    without_paper(&kiosk, &desk, name).await;
    kiosk.go("/kiosk/matters").await;
    kiosk.press("a[href='/matters/social-insurance-certificate']").await;
    assert!(kiosk.tab.has(".kioskbar").await.unwrap(), "a look-up or print is done inside the frame");
    asking.tab.block(&["*/screen/civic-centre/events"]).await.unwrap();
    for screen in [&live, &asking] {
        screen.go("/screen/civic-centre").await;
    }
    asking.tab.wait_until("document.querySelector('[data-how]').textContent === document.querySelector('[data-screen]').dataset.polling").await.unwrap();
    live.tab
        .wait_until(
            "document.querySelector('[data-how]').textContent === document.querySelector('[data-screen]').dataset.live",
        )
        .await
        .unwrap();
    live.tab.eval(EAR).await.unwrap();
    live.tab.click("[data-sound]").await.unwrap();

    kiosk.go("/kiosk/tickets").await;
    kiosk.press("button[value=general]").await;
    let own = kiosk.path().await;
    for screen in [&live, &asking] {
        screen
            .tab
            .wait_until("document.querySelector('[data-queue=general] [data-count]').textContent === '1'")
            .await
            .unwrap();
    }
    let clerk = browser.tab(Screen::DESKTOP).await.unwrap();
    let clerk = Person { tab: &clerk, home: &city.home };
    sign_in(&clerk, "clerk", "/desk/queue").await;
    clerk.go("/desk/queue?place=civic-centre&window=3").await;
    clerk.press("button[value=next]").await;
    for screen in [&live, &asking] {
        screen.tab.wait_until("document.querySelector('[data-calls] strong')?.textContent === 'A001'").await.unwrap();
    }
    let heard = live.tab.eval("window.heard").await.unwrap();
    let heard = heard.as_array().unwrap();
    let said = heard.first().and_then(|words| words.as_str()).unwrap_or_default();
    assert!(heard.len() == 1 && said.contains("A 0 0 1") && said.contains('3'), "said once: {heard:?}");
    live.look(&format!("{name}-screen")).await;
    kiosk.go(&own).await;
    assert!(kiosk.tab.text(".ticket .lead").await.unwrap().contains('3'));
    for step in ["serve", "finish"] {
        clerk.press(&format!(".seat button[value={step}]")).await;
    }
    for screen in [&live, &asking] {
        screen.tab.wait_until("!document.querySelector('[data-calls] strong')").await.unwrap();
    }
    phone.go("/rate/at/civic-centre/3").await;
    phone.tab.fill("#f-number", "A001").await.unwrap();
    phone.tab.click("input[name=stars][value='5']").await.unwrap();
    phone.press(".rate__go").await;
    assert!(phone.path().await.ends_with("done=5"), "{}", phone.words().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_from_the_terminal_to_the_rating_while_the_screens_follow() {
    if !chromium() {
        return;
    }
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    for language in ["zh-CN", "en"] {
        let city = open(|_, _| {}).await;
        city.test.staff(Role::Clerk, None, "clerk", STAFF).await.unwrap();
        city.test.staff(Role::Administrator, None, "admin", STAFF).await.unwrap();
        let mut tabs: Vec<Tab> = Vec::new();
        for screen in [PORTRAIT, Screen::TABLET, Screen::DESKTOP, Screen::DESKTOP, Screen::PHONE] {
            let tab = browser.tab(screen).await.unwrap();
            Person { tab: &tab, home: &city.home }.speaks(language).await;
            tabs.push(tab);
        }
        visit(&city, &browser, &tabs, &format!("day-{language}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_on_a_public_holiday() {
    if !chromium() {
        return;
    }
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    let start = Timestamp::start_of(HOLIDAY.yesterday().unwrap()).plus_seconds(10 * 3600);
    for (screen, language) in [(Screen::PHONE, "zh-CN"), (Screen::DESKTOP, "en")] {
        let city = open_at(start).await;
        halls::release(&city.test.city).await.unwrap();
        let tab = browser.tab(screen).await.unwrap();
        let person = Person { tab: &tab, home: &city.home };
        person.speaks(language).await;
        person.sign_in("/places/civic-centre/book?matter=residence-permit").await;
        person.press(&format!("a[href$='date={HOLIDAY}']")).await;
        person.look(&format!("holiday-{language}")).await;
        tab.click("input[name=slot]").await.unwrap();
        person.press("form[action='/places/civic-centre/book'] .form__actions button").await;
        assert!(person.path().await.starts_with("/appointments/"), "{}", person.words().await);
        let booked = city.test.city.store();
        let sql = "SELECT doc FROM appointment WHERE region = $1";
        let rows = booked.query(sql, &[city.test.city.region().into()]).await.unwrap();
        let own: domain::halls::Appointment = serde_json::from_str(rows[0].text(0).unwrap()).unwrap();
        assert_eq!(own.start.date(), HOLIDAY);
        // The hall is open; to the law the day is a holiday all the same, and whole periods go around it.
        let next = city.test.city.calendar().next_working_day_on_or_after(HOLIDAY).unwrap();
        assert_eq!((next.date, next.provisional), (date(2026, 10, 8), false));
    }
}
