//! A result in a locker as people see it: the clerk puts it in, the citizen consents to a proxy, the proxy takes it at night, and the case
//! is closed; at three sizes of the locker's screen and in both languages.

use domain::accounts::{Actor, Role};
use domain::cases::Origin;
use domain::catalog::ApplicantKind;
use domain::halls::DeviceKind;
use service::demo::{self, Dice};
use service::halls::devices;
use service::{cases, jobs};
use testkit::browser::{Browser, Launch, Screen, chromium};
use testkit::city::administrator;

use crate::kiosk::{PORTRAIT, STAFF, big, new};
use crate::sign_in::{Open, Person, open};

const OWNER: &str = "owner";

/// A citizen with a case whose result waits for collection.
async fn granted(city: &Open, clerk: &Actor) -> (Actor, String) {
    let who = city.test.invent(ApplicantKind::Person).await.unwrap();
    let citizen = city.test.citizen(&who, OWNER, STAFF).await.unwrap();
    let mut dice = Dice::new(11);
    let drawn = demo::draw_for(&city.test.city, "nurse-registration", &who, &mut dice).await.unwrap();
    // What is filed at a window is handed over there; what is filed from afar is downloaded at once.
    let filed = cases::submit(&city.test.city, clerk, drawn.submit(Origin::Window)).await.unwrap();
    (citizen, filed.number)
}

async fn enter(person: &Person<'_>, login: &str, next: &str) {
    person.go(&format!("/sign-in?next={next}")).await;
    person.tab.fill("#f-login", login).await.unwrap();
    person.tab.fill("#f-password", STAFF).await.unwrap();
    person.press("form[action='/sign-in'] button").await;
    assert_eq!(person.path().await, next, "{}", person.words().await);
}

/// Types a code at the locker; answers whether a door opened.
async fn types(locker: &Person<'_>, code: &str, name: &str) -> bool {
    locker.go("/kiosk/locker").await;
    locker.tab.fill("#f-code", code).await.unwrap();
    locker.press("form[action='/kiosk/locker'] button").await;
    big(locker, name).await;
    locker.tab.has("[data-open-cell]").await.unwrap()
}

async fn code(person: &Person<'_>) -> String {
    person.tab.text(".slip__code").await.unwrap().trim().to_owned()
}

async fn night(city: &Open, window: &Actor, people: [&Person<'_>; 3], name: &str) {
    let [locker, clerk, citizen] = people;
    let (owner, case) = granted(city, window).await;
    let (_, enrolment) =
        devices::register(&city.test.city, &administrator(), new(DeviceKind::Locker, "locker-centre")).await.unwrap();
    locker.go("/kiosk").await;
    locker.tab.fill("#f-code", &enrolment).await.unwrap();
    locker.press("form[data-kiosk-enrol] button").await;
    big(locker, &format!("{name}-home")).await;
    locker.press("a[href='/kiosk/locker']").await;

    enter(clerk, "clerk", "/desk/parcels").await;
    clerk.look(&format!("{name}-empty")).await;
    clerk.press("button[value=put]").await;
    assert!(clerk.tab.has("[role=alert]").await.unwrap(), "without a case there is nothing to put in");
    clerk.tab.fill("#f-case", &case).await.unwrap();
    clerk.press("button[value=put]").await;
    clerk.look(&format!("{name}-put")).await;
    let deposit = code(clerk).await;
    assert!(!types(locker, "00000-00000", &format!("{name}-wrong")).await, "a wrong code opens nothing");
    assert!(types(locker, &deposit, &format!("{name}-deposit")).await, "{}", locker.words().await);

    enter(citizen, OWNER, "/parcels").await;
    citizen.look(&format!("{name}-mine")).await;
    citizen.tab.fill("input[name=proxy]", "李建国").await.unwrap();
    citizen.press("[data-proxy-code]").await;
    citizen.look(&format!("{name}-proxy")).await;
    let proxy = code(citizen).await;

    // Two in the night after.
    city.test.clock.advance_seconds(17 * 3600);
    assert!(types(locker, &proxy, &format!("{name}-taken")).await, "{}", locker.words().await);
    assert!(!types(locker, &proxy, &format!("{name}-again")).await, "a code opens once");
    while jobs::run_due(&city.test.city).await.unwrap() > 0 {}
    let after = cases::case_by_number(&city.test.city, &owner, &case).await.unwrap().case;
    assert_eq!(after.state.name(), "closed", "the case follows what was taken");
    // The clerk's own session was over at night.
    enter(clerk, "clerk", "/desk/parcels").await;
    assert!(!clerk.tab.has(".case").await.unwrap(), "{}", clerk.words().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_takes_a_result_from_the_locker_at_night() {
    if !chromium() {
        return;
    }
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    for (screen, language) in [(PORTRAIT, "zh-CN"), (Screen::PHONE, "en"), (Screen::TABLET, "zh-CN")] {
        let city = open(|_, _| {}).await;
        let window = city.test.staff(Role::Clerk, None, "clerk", STAFF).await.unwrap();
        let name = format!("locker-{language}-{}", screen.width);
        let mut tabs = Vec::new();
        for screen in [screen, Screen::DESKTOP, screen] {
            tabs.push(browser.tab(screen).await.unwrap());
        }
        let [locker, clerk, citizen] = [0, 1, 2].map(|at| Person { tab: &tabs[at], home: &city.home });
        for person in [&locker, &clerk, &citizen] {
            person.speaks(language).await;
        }
        night(&city, &window, [&locker, &clerk, &citizen], &name).await;
    }
}
