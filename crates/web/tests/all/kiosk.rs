//! Terminals: registered at the desk, enrolled in the browser, with a frame that forgets; a number from kiosk to call; a signing in by phone;
//! a terminal of another make that reports an empty printer, and a locker's
//! controller; and what is over when one is revoked.

use axum::body::Body;
use axum::http::{Method, Request};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::accounts::Role;
use domain::halls::DeviceKind;
use seal::key::{Alg, PrivateKey};
use serde_json::{Value, json};
use service::halls::devices::{self, NewDevice};
use testkit::browser::{Browser, Launch, Screen, Tab, chromium};
use testkit::city::administrator;
use tower::ServiceExt;

use crate::routes::Scene;
use crate::sign_in::{Open, Person, open};

pub const STAFF: &str = "a good staff password";
pub const PORTRAIT: Screen = Screen { width: 1_080, height: 1_920, mobile: false };

/// Everything that can be pressed and is smaller than 64 px, but for the link that jumps over the head of the page.
const SMALL: &str = "[...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]\
    .filter((own) => own.checkVisibility() && !own.matches('.skip'))\
    .map((own) => [own, own.getBoundingClientRect()])\
    .filter(([, box]) => box.height < 63.5 || box.width < 63.5)\
    .map(([own, box]) => `${own.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)";

pub fn new(kind: DeviceKind, place: &str) -> NewDevice {
    let terminal = if kind == DeviceKind::Kiosk { "t1".into() } else { String::new() };
    NewDevice { place: place.into(), terminal, kind, name: "东门一号机".into() }
}

/// A terminal of another make: a key and the API.
struct Maker(PrivateKey);

impl Maker {
    fn new() -> Maker {
        let mut random = |bytes: &mut [u8]| bytes.fill(5);
        Maker(PrivateKey::generate(Alg::Es256, &mut random))
    }

    fn sign(&self, words: &str) -> String {
        BASE64.encode(self.0.sign(words.as_bytes()).unwrap())
    }

    fn enrolment(&self, code: &str) -> Value {
        let words = format!("yichuang-device-enrol.{}", code.replace('-', ""));
        let key = BASE64.encode(self.0.public_key().to_spki().unwrap());
        json!({ "code": code, "key": key, "signature": self.sign(&words) })
    }
}

async fn post(scene: &Scene, path: &str, token: &str, body: Value) -> (u16, Value) {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("content-type", "application/json")];
    if !token.is_empty() {
        headers.push(("authorization", bearer.as_str()));
    }
    let (status, _, answer) = scene.ask("nobody", &format!("POST {path}"), &headers, body.to_string()).await;
    (status, answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_of_another_make_reports_an_empty_printer() {
    let scene = Scene::new().await;
    let (device, code) =
        devices::register(scene.city(), &administrator(), new(DeviceKind::Kiosk, "civic-centre")).await.unwrap();
    let maker = Maker::new();
    let (status, wrong) = post(&scene, "/api/v1/devices", "", maker.enrolment("00000-00000")).await;
    assert_eq!((status, &wrong["refusal"]["reason"]["kind"]), (409, &json!("code-gone")), "{wrong}");
    let (status, own) = post(&scene, "/api/v1/devices", "", maker.enrolment(&code)).await;
    assert_eq!((status, &own["place"], &own["beat_seconds"]), (201, &json!("civic-centre"), &json!(60)), "{own}");
    let token = own["token"].as_str().unwrap();

    let beat = "/api/v1/devices/heartbeats";
    assert_eq!(post(&scene, beat, "", json!({})).await.0, 401);
    let (status, wrong) = post(&scene, beat, token, json!({ "faults": [{ "kind": "smoke" }] })).await;
    assert_eq!((status, &wrong["errors"][0]["field"]), (422, &json!("/faults")));
    let (status, told) = post(&scene, beat, token, json!({ "faults": [{ "kind": "paper" }] })).await;
    assert_eq!((status, &told["faults"]), (200, &json!([{ "kind": "paper", "part": "" }])), "{told}");
    let (opening, code) = ("/api/v1/lockers/openings", json!({ "code": "00000-00000" }));
    assert_eq!(post(&scene, opening, token, code.clone()).await.0, 404, "a kiosk opens no cells");
    let place = new(DeviceKind::Locker, "locker-centre");
    let (_, enrolment) = devices::register(scene.city(), &administrator(), place).await.unwrap();
    let (_, controller) = post(&scene, "/api/v1/devices", "", maker.enrolment(&enrolment)).await;
    let (status, wrong) = post(&scene, opening, controller["token"].as_str().unwrap(), code).await;
    assert_eq!((status, &wrong["refusal"]["reason"]["kind"]), (409, &json!("parcel-code-gone")), "{wrong}");
    let page = async || {
        let response = scene.as_person(Method::GET, "/desk/terminals", Some("clerk"), "").await;
        String::from_utf8(axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap().to_vec()).unwrap()
    };
    let shown = page().await;
    assert!(shown.contains("data-fault=\"paper\"") && shown.contains("东门一号机"), "the watch of the hall names it");
    assert_eq!(post(&scene, beat, token, json!({ "faults": [] })).await.1["faults"], json!([]));
    let well = page().await;
    assert!(!well.contains("data-fault") && !well.contains("失联</span>"), "the paper is in");
    scene.advance(301);
    assert!(page().await.contains("失联</span>"), "a terminal that says nothing is flagged");

    let (_, asked) = post(&scene, "/api/v1/devices/challenges", "", json!({})).await;
    let challenge = asked["challenge"].as_str().unwrap();
    let signature = maker.sign(&format!("yichuang-device-session.{challenge}"));
    let proof = json!({ "device": device.id.to_string(), "challenge": challenge, "signature": signature });
    let (status, again) = post(&scene, "/api/v1/devices/sessions", "", proof.clone()).await;
    assert_eq!(status, 201, "{again}");
    assert_eq!(post(&scene, "/api/v1/devices/sessions", "", proof).await.0, 409, "a challenge counts once");
    devices::revoke_device(scene.city(), &administrator(), &device.id.to_string(), "丢失").await.unwrap();
    for token in [token, again["token"].as_str().unwrap()] {
        assert_eq!(post(&scene, beat, token, json!({})).await.0, 401, "a revoked terminal is heard no more");
    }
}

/// One request with cookies; status, where it leads, cookies that it sets, and the page.
async fn ask(scene: &Scene, method: &str, path: &str, cookies: &str, body: &str) -> (u16, String, String, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "127.0.0.1:8080")
        .header("cookie", cookies)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .unwrap();
    let response = scene.router().oneshot(request).await.unwrap();
    let header = |name: &str| {
        let all = response.headers().get_all(name).iter().map(|value| value.to_str().unwrap());
        all.collect::<Vec<_>>().join("\n")
    };
    let (status, place, set) = (response.status().as_u16(), header("location"), header("set-cookie"));
    let policy = header("content-security-policy");
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
    (status, place, set, format!("{policy}\n{}", String::from_utf8_lossy(&bytes)))
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_registered_kiosk_has_these_pages_and_revoking_it_ends_the_visit_at_once() {
    let scene = Scene::new().await;
    let (licence, owner) = scene.licence(false).await;
    let (secret, csrf) = scene.session(&owner).await;
    let session = format!("yichuang={secret}");
    let (status, .., page) = ask(&scene, "GET", "/kiosk", &session, "").await;
    assert!(status == 200 && page.contains("data-kiosk-enrol"), "how to register a device");
    for path in ["/kiosk/matters", "/kiosk/tickets", "/kiosk/track", "/kiosk/sign-in", "/kiosk/help"] {
        assert_eq!(ask(&scene, "GET", path, &session, "").await.0, 404, "{path} on a browser that is no kiosk");
    }
    let paper = format!("/kiosk/print/{licence}/pdf");
    assert_eq!(ask(&scene, "GET", &paper, &session, "").await.0, 404);

    let (device, code) =
        devices::register(scene.city(), &administrator(), new(DeviceKind::Kiosk, "civic-centre")).await.unwrap();
    let shown = Maker::new().enrolment(&code);
    let own = post(&scene, "/api/v1/devices", "", shown).await.1;
    let at = format!("terminal={}", own["token"].as_str().unwrap());
    let both = format!("{at}; {session}");
    let (status, .., page) = ask(&scene, "GET", "/kiosk", &at, "").await;
    assert!(
        status == 200 && page.contains("data-kiosk=") && page.contains("http-equiv=\"refresh\""),
        "without scripts as well"
    );
    // Everything of the city is in the frame, also what goes wrong; signing in begins with the phone.
    let (status, .., page) = ask(&scene, "GET", "/no-such-page", &at, "").await;
    assert!(status == 404 && page.contains("data-kiosk="));
    assert_eq!(ask(&scene, "GET", "/sign-in?next=/cases", &at, "").await.1, "/kiosk/sign-in?next=%2Fcases");
    let (status, .., page) = ask(&scene, "GET", &format!("/licences/{licence}"), &both, "").await;
    assert!(status == 200 && page.contains(&format!("/kiosk/print/{licence}")));
    let (status, .., page) = ask(&scene, "GET", &format!("/kiosk/print/{licence}"), &both, "").await;
    assert!(status == 200 && page.contains("frame-src 'self'") && page.contains(&paper));
    let (status, .., file) = ask(&scene, "GET", &paper, &both, "").await;
    assert!(
        status == 200 && file.contains("frame-ancestors 'self'") && file.contains("%PDF-"),
        "the signed file itself"
    );

    let (status, place, set, _) = ask(&scene, "POST", "/kiosk/end", &both, &format!("csrf={csrf}")).await;
    assert_eq!((status, place.as_str()), (303, "/kiosk"));
    assert!(set.contains("yichuang=; ") && set.contains("display=; ") && !set.contains("terminal="), "{set}");
    assert_eq!(ask(&scene, "GET", "/cases", &both, "").await.0, 303, "the session is over on the server");

    let (secret, _) = scene.session("stranger").await;
    let both = format!("{at}; yichuang={secret}");
    assert_eq!(ask(&scene, "GET", "/cases", &both, "").await.0, 200);
    devices::revoke_device(scene.city(), &administrator(), &device.id.to_string(), "丢失").await.unwrap();
    let (status, place, ..) = ask(&scene, "GET", "/cases", &both, "").await;
    assert_eq!((status, place.as_str()), (303, "/sign-in?next=%2Fcases"), "nobody is signed in there any more");
    assert_eq!(ask(&scene, "GET", "/sign-in?next=%2Fcases", &both, "").await.1, "/kiosk");
    let (.., set, page) = ask(&scene, "GET", "/kiosk", &both, "").await;
    assert!(set.contains("terminal=; ") && page.contains("data-kiosk-connect"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_without_counters_has_no_screen() {
    let scene = Scene::new().await;
    for path in ["/screen/bank-wanghai", "/screen/bank-wanghai/board", "/screen/bank-wanghai/events"] {
        assert_eq!(ask(&scene, "GET", path, "", "").await.0, 404, "{path}");
    }
    assert_eq!(ask(&scene, "GET", "/screen/civic-centre", "", "").await.0, 200);
    let (.., page) = ask(&scene, "GET", "/places/bank-wanghai", "", "").await;
    assert!(!page.contains("/screen/"), "nor a link to one");
}

/// The administrator's page gives the code, the browser of the device makes the key.
pub async fn enrol(city: &Open, desk: &Person<'_>, kiosk: &Person<'_>, name: &str) {
    desk.go("/sign-in?next=/desk/terminals?place=civic-centre").await;
    desk.tab.fill("#f-login", "admin").await.unwrap();
    desk.tab.fill("#f-password", STAFF).await.unwrap();
    desk.press("form[action='/sign-in'] button").await;
    desk.look(&format!("{name}-terminals-none")).await;
    desk.press("button[value=register]").await;
    assert!(desk.tab.has("[role=alert]").await.unwrap(), "a device needs a name: {}", desk.words().await);
    desk.tab.fill("#f-name", "东门一号机").await.unwrap();
    desk.tab.eval("document.querySelector('#f-terminal').value = 't1'").await.unwrap();
    desk.press("button[value=register]").await;
    let code = desk.tab.text(".slip__code").await.unwrap().trim().to_owned();
    desk.look(&format!("{name}-terminals-code")).await;
    kiosk.go("/kiosk").await;
    kiosk.look(&format!("{name}-unknown")).await;
    kiosk.tab.fill("#f-code", "00000-00000").await.unwrap();
    kiosk.press("form[data-kiosk-enrol] button").await;
    assert!(kiosk.tab.has("[role=alert]").await.unwrap(), "{}", kiosk.words().await);
    kiosk.tab.fill("#f-code", &code.to_lowercase()).await.unwrap();
    kiosk.press("form[data-kiosk-enrol] button").await;
    assert!(kiosk.tab.has("body[data-kiosk]").await.unwrap(), "{}", kiosk.words().await);
    let row = city.test.city.store();
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM device WHERE region = $1 AND state = 'active'";
    assert_eq!(row.query(sql, &[city.test.city.region().into()]).await.unwrap()[0].int(0).unwrap(), 1);
}

/// Nothing is too small for a finger, at this size of the screen.
pub async fn big(kiosk: &Person<'_>, name: &str) {
    assert_eq!(kiosk.tab.eval(SMALL).await.unwrap(), json!([]), "{} ({name})", kiosk.path().await);
    kiosk.look(name).await;
}

/// A number without signing in, called to a window.
async fn number(kiosk: &Person<'_>, desk: &Person<'_>, name: &str) {
    kiosk.press("a[href='/kiosk/tickets']").await;
    big(kiosk, &format!("{name}-counters")).await;
    kiosk.press("button[value=general]").await;
    assert!(kiosk.tab.text("h1").await.unwrap().contains("A001"), "{}", kiosk.words().await);
    big(kiosk, &format!("{name}-ticket")).await;
    desk.go("/sign-in?next=/desk/queue").await;
    desk.tab.fill("#f-login", "clerk").await.unwrap();
    desk.tab.fill("#f-password", STAFF).await.unwrap();
    desk.press("form[action='/sign-in'] button").await;
    desk.go("/desk/queue?place=civic-centre&window=3").await;
    desk.press("button[value=next]").await;
    assert!(desk.tab.text(".seat").await.unwrap().contains("A001"), "{}", desk.words().await);
    let again = kiosk.path().await;
    kiosk.go(&again).await;
    let told = kiosk.tab.text(".ticket .lead").await.unwrap();
    assert!(told.contains('3'), "the ticket names the window: {told}");
}

/// Signs in with the phone in the other hand.
async fn by_phone(kiosk: &Person<'_>, phone: &Person<'_>, name: &str) {
    kiosk.go("/cases").await;
    assert!(kiosk.path().await.starts_with("/kiosk/sign-in"), "{}", kiosk.path().await);
    big(kiosk, &format!("{name}-sign-in")).await;
    let address = kiosk.tab.text("[data-address]").await.unwrap();
    let code = address.trim().trim_start_matches(phone.home).to_owned();
    phone.sign_in(&code).await;
    phone.look(&format!("{name}-at")).await;
    let number = kiosk.tab.text(".kiosk__number").await.unwrap();
    assert!(phone.words().await.contains(number.trim()), "both show one number");
    phone.press("form[data-accept] button").await;
    phone.look(&format!("{name}-at-done")).await;
    kiosk.tab.wait_until("location.pathname === '/cases'").await.unwrap();
    kiosk.tab.wait_for("body[data-person]").await.unwrap();
}

/// Nobody is there any more: a warning, then nothing is left, neither in the page nor behind "back".
async fn left_alone(kiosk: &Person<'_>, name: &str) {
    let later =
        |seconds: u32| format!("{{ const real = Date.now.bind(Date); Date.now = () => real() + {seconds}000 }}");
    kiosk.tab.eval(&later(91)).await.unwrap();
    kiosk.tab.wait_for("dialog[open]").await.unwrap();
    kiosk.look(&format!("{name}-idle")).await;
    kiosk.tab.click("[data-stay]").await.unwrap();
    kiosk.tab.wait_until("!document.querySelector('dialog').open").await.unwrap();
    kiosk.tab.eval("sessionStorage.setItem('left', '1'); localStorage.setItem('left', '1')").await.unwrap();
    kiosk.tab.eval(&later(111)).await.unwrap();
    kiosk.tab.wait_until("location.pathname === '/kiosk' && !('person' in document.body.dataset)").await.unwrap();
    kiosk.tab.wait_for(".kiosk__tiles").await.unwrap();
    let kept = kiosk.tab.eval("sessionStorage.length + localStorage.length").await.unwrap();
    assert_eq!(kept, json!(0), "nothing is kept");
    kiosk.tab.eval("history.back()").await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    kiosk.tab.wait_for("body[data-kiosk]").await.unwrap();
    assert!(!kiosk.tab.has("body[data-person]").await.unwrap(), "back brings nobody: {}", kiosk.path().await);
    kiosk.go("/cases").await;
    assert!(kiosk.path().await.starts_with("/kiosk/sign-in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_from_its_code_to_a_number_an_application_and_a_forgotten_visit() {
    if !chromium() {
        return;
    }
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    for (screen, language) in
        [(PORTRAIT, "zh-CN"), (Screen::PHONE, "en"), (Screen::TABLET, "zh-CN"), (Screen::DESKTOP, "en")]
    {
        let city = open(|_, _| {}).await;
        city.test.staff(Role::Clerk, None, "clerk", STAFF).await.unwrap();
        city.test.staff(Role::Administrator, None, "admin", STAFF).await.unwrap();
        let name = format!("kiosk-{language}-{}", screen.width);
        let mut tabs: Vec<Tab> = Vec::new();
        for screen in [screen, Screen::DESKTOP, Screen::DESKTOP, Screen::PHONE] {
            tabs.push(browser.tab(screen).await.unwrap());
        }
        let [kiosk, admin, clerk, phone] = [0, 1, 2, 3].map(|at| Person { tab: &tabs[at], home: &city.home });
        for person in [&kiosk, &admin, &clerk, &phone] {
            person.speaks(language).await;
        }
        enrol(&city, &admin, &kiosk, &name).await;
        big(&kiosk, &format!("{name}-home")).await;
        number(&kiosk, &clerk, &name).await;
        for path in ["/kiosk/matters", "/kiosk/track", "/kiosk/help"] {
            kiosk.go(path).await;
            big(&kiosk, &name).await;
        }
        kiosk.press("form[data-call] button").await;
        clerk.go("/desk/terminals?place=civic-centre").await;
        clerk.look(&format!("{name}-called")).await;
        clerk.press("[data-own] button[value=came]").await;
        assert!(!clerk.tab.has("button[value=came]").await.unwrap(), "{}", clerk.words().await);
        by_phone(&kiosk, &phone, &name).await;
        kiosk.go("/matters/residence-permit").await;
        kiosk.look(&format!("{name}-guide")).await;
        kiosk.go("/matters/residence-permit/apply").await;
        assert!(kiosk.tab.has(".kioskbar").await.unwrap(), "the application is inside the frame");
        kiosk.look(&format!("{name}-apply")).await;
        left_alone(&kiosk, &name).await;
        // After a night the session of the device is over; its browser proves the key by itself.
        city.test.clock.advance_seconds(25 * 3600);
        kiosk.go("/kiosk").await;
        kiosk.tab.wait_for(".kiosk__tiles").await.unwrap();
    }
}
