//! Signing in as a browser does it: passkeys of a pretended device, by keyboard, without scripts, at three widths and
//! in both languages.

use domain::catalog::ApplicantKind;
use domain::time::Timestamp;
use serde_json::json;
use store::accounts::MESSAGE;
use store::{Change, PlainWrite};
use testkit::browser::{self, Browser, Launch, Screen, Tab};
use testkit::city::{Build, TestCity, build};

const PASSWORD: &str = "a good password";
pub const LOGIN: &str = "wang.fang";

/// A city that listens, with one citizen.
pub struct Open {
    pub test: TestCity,
    pub home: String,
}

/// Opens a city under `http://localhost`; `before` sees it before it listens.
pub async fn open(before: impl FnOnce(&TestCity, &str)) -> Open {
    opened(Build::default(), before).await
}

/// The same at another instant.
pub async fn open_at(start: Timestamp) -> Open {
    opened(Build { start, ..Build::default() }, |_, _| {}).await
}

async fn opened(how: Build, before: impl FnOnce(&TestCity, &str)) -> Open {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let home = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let test = build(Build { base_url: home.clone(), ..how }).await.unwrap();
    let who = test.invent(ApplicantKind::Person).await.unwrap();
    test.citizen(&who, LOGIN, PASSWORD).await.unwrap();
    before(&test, &home);
    let service = test.router().into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    Open { test, home }
}

/// A person at the browser, with what must hold on every page that is seen.
pub struct Person<'t> {
    pub tab: &'t Tab,
    pub home: &'t str,
}

impl Person<'_> {
    pub async fn go(&self, path: &str) {
        self.tab.goto(&format!("{}{path}", self.home)).await.unwrap();
    }

    /// Presses what leads to another page.
    pub async fn press(&self, selector: &str) {
        if let Err(error) = self.tab.follow(self.tab.click(selector)).await {
            panic!("{selector} on {}: {error}\n{}", self.path().await, self.words().await);
        }
    }

    pub async fn path(&self) -> String {
        self.tab.address().await.unwrap().trim_start_matches(self.home).to_owned()
    }

    pub async fn words(&self) -> String {
        self.tab.text("main").await.unwrap()
    }

    pub async fn speaks(&self, language: &str) {
        self.tab.headers(json!({ "Accept-Language": language })).await.unwrap();
    }

    /// No violation, no complaint of the browser, nothing wider than the window.
    pub async fn look(&self, name: &str) {
        let path = self.path().await;
        let wide = self.tab.eval("document.documentElement.scrollWidth - innerWidth").await.unwrap();
        assert!(wide.as_i64().unwrap() <= 0, "{path} ({name}) is {wide} px wider than the window");
        if browser::axe() {
            assert_eq!(self.tab.axe().await.unwrap(), [], "{path} ({name})");
        }
        assert_eq!(self.tab.complaints(), Vec::<String>::new(), "{path} ({name})");
        if let Some(folder) = std::env::var_os("YICHUANG_PICTURES") {
            let file = format!("{}-{name}.png", path.split('?').next().unwrap_or("").replace('/', "_"));
            self.tab.screenshot(&std::path::Path::new(&folder).join(file), true).await.unwrap();
        }
    }

    pub async fn sign_in(&self, next: &str) {
        self.go(&format!("/sign-in?next={next}")).await;
        self.tab.fill("#f-login", LOGIN).await.unwrap();
        self.tab.fill("#f-password", PASSWORD).await.unwrap();
        self.press("form[action='/sign-in'] button").await;
        assert_eq!(self.path().await, next, "{}", self.words().await);
    }

    async fn sign_out(&self) {
        self.press(".me__out button").await;
    }

    /// Goes on with the keyboard until an element has the focus.
    async fn tab_to(&self, selector: &str) {
        for _ in 0..60 {
            self.tab.press("Tab").await.unwrap();
            let there = format!("document.activeElement?.matches({selector:?}) === true");
            if self.tab.eval(&there).await.unwrap() == json!(true) {
                return;
            }
        }
        panic!("{selector} cannot be reached by keyboard on {}", self.path().await);
    }
}

const GET: &str = "form[data-passkey=get] button";
const CREATE: &str = "form[data-passkey=create] button";

#[tokio::test(flavor = "multi_thread")]
async fn the_way_by_passkey_is_there_with_the_page_and_pushes_nothing_away_later() {
    if !browser::chromium() {
        return;
    }
    let city = open(|_, _| {}).await;
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    let tab = browser.tab(Screen::PHONE).await.unwrap();
    tab.block(&["*passkey*"]).await.unwrap();
    let person = Person { tab: &tab, home: &city.home };
    person.go("/sign-in").await;
    assert_eq!(tab.eval("document.querySelector('form[data-passkey]').hidden").await.unwrap(), json!(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_added_used_named_and_removed_in_the_browser() {
    if !browser::chromium() {
        return;
    }
    let city = open(|_, _| {}).await;
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    let tab = browser.tab(Screen::DESKTOP).await.unwrap();
    let device = tab.device().await.unwrap();
    let person = Person { tab: &tab, home: &city.home };
    person.speaks("zh-CN").await;
    person.sign_in("/me").await;

    // A finger that the device does not know adds nothing, and the page says so without being left.
    device.verifies(false).await.unwrap();
    tab.click(CREATE).await.unwrap();
    tab.wait_until("document.querySelector('.entry__status').textContent !== ''").await.unwrap();
    assert_eq!(device.count().await.unwrap(), 0);
    device.verifies(true).await.unwrap();

    // By keyboard alone.
    person.go("/me").await;
    person.tab_to("form[data-passkey=create] input[name=name]").await;
    tab.press("End").await.unwrap();
    tab.type_text(" 2").await.unwrap();
    person.tab_to(CREATE).await;
    tab.follow(tab.press("Enter")).await.unwrap();
    assert!(person.words().await.contains("这台设备 2"), "{}", person.words().await);
    assert_eq!(device.count().await.unwrap(), 1);
    // The device knows that it has one already.
    tab.click(CREATE).await.unwrap();
    tab.wait_until("document.querySelector('.entry__status').textContent !== ''").await.unwrap();

    person.go("/me").await;
    person.sign_out().await;
    person.go("/sign-in?next=/me/access").await;
    device.verifies(false).await.unwrap();
    tab.click(GET).await.unwrap();
    tab.wait_until("document.querySelector('.entry__status').textContent !== ''").await.unwrap();
    device.verifies(true).await.unwrap();
    person.tab_to(GET).await;
    tab.follow(tab.press("Enter")).await.unwrap();
    assert_eq!(person.path().await, "/me/access");

    person.go("/me").await;
    person.press("a.person[href^='/me/passkeys/']").await;
    person.look("passkey").await;
    tab.fill("#f-name", "").await.unwrap();
    person.press("form.form button").await;
    assert!(person.words().await.contains("请输入名称"), "{}", person.words().await);
    tab.fill("#f-name", "办公室电脑").await.unwrap();
    person.press("form.form button").await;
    assert!(person.words().await.contains("办公室电脑"));
    person.press("a.person[href^='/me/passkeys/']").await;
    person.press("form[action$='/remove'] button").await;
    assert!(!tab.has("a.person[href^='/me/passkeys/']").await.unwrap());

    // The device still has it; here it opens nothing any more, and the password is offered on the same page.
    person.sign_out().await;
    person.go("/sign-in").await;
    person.press(GET).await;
    assert!(person.words().await.contains("不属于任何账号"), "{}", person.words().await);
    assert!(tab.has("#f-password").await.unwrap());
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_accounts_fit_every_screen_in_both_languages() {
    if !browser::chromium() {
        return;
    }
    let city = open(|_, _| {}).await;
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    for (width, screen) in [("390", Screen::PHONE), ("768", Screen::TABLET), ("1440", Screen::DESKTOP)] {
        for language in ["zh-CN", "en"] {
            let name = format!("{language}-{width}");
            let tab = browser.tab(screen).await.unwrap();
            let person = Person { tab: &tab, home: &city.home };
            let device = tab.device().await.unwrap();
            person.speaks(language).await;
            for path in ["/sign-in", "/sign-up"] {
                person.go(path).await;
                person.look(&name).await;
                person.press(&format!("form[action='{path}'] button")).await;
                assert!(tab.has("[data-focus]").await.unwrap(), "what is wrong stands above {path}");
                let order = "[...document.querySelectorAll('.errors a')].map(a => a.hash.slice(1)).join()";
                let fields = "[...document.querySelectorAll('main form [aria-invalid]')].map(f => f.id).join()";
                assert_eq!(tab.eval(order).await.unwrap(), tab.eval(fields).await.unwrap(), "in the order of {path}");
                person.look(&format!("{name}-wrong")).await;
            }
            person.sign_in("/me").await;
            person.look(&name).await;
            person.press(CREATE).await;
            person.look(&format!("{name}-passkey")).await;
            person.press("a.person[href^='/me/passkeys/']").await;
            person.look(&format!("{name}-one")).await;
            for path in ["/me/identity", "/me/access"] {
                person.go(path).await;
                person.look(&name).await;
            }
            assert_eq!(device.count().await.unwrap(), 1);
        }
    }
    // Half an hour later the page asks to sign in again, and leads back.
    let tab = browser.tab(Screen::PHONE).await.unwrap();
    let person = Person { tab: &tab, home: &city.home };
    person.sign_in("/me").await;
    city.test.clock.advance_seconds(31 * 60);
    person.go("/me").await;
    assert!(!tab.has(CREATE).await.unwrap());
    person.look("stale").await;
    person.press(".me__add button").await;
    assert_eq!(person.path().await, "/sign-in?next=/me");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_the_password_is_offered_and_works() {
    if !browser::chromium() {
        return;
    }
    let city = open(|_, _| {}).await;
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    let tab = browser.tab(Screen::PHONE).await.unwrap();
    tab.javascript(false).await.unwrap();
    let person = Person { tab: &tab, home: &city.home };
    person.speaks("zh-CN").await;
    person.go("/sign-in").await;
    assert!(!person.words().await.contains("通行密钥"), "{}", person.words().await);
    person.sign_in("/me").await;
    assert!(person.words().await.contains("可以一直用密码登录"), "{}", person.words().await);
    assert!(tab.click(CREATE).await.is_err(), "no button that does nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_header_counts_messages_that_were_not_read() {
    let city = open(|_, _| {}).await;
    let own = city.test.city.clone();
    let (account, _) = service::accounts::find_by_login(&own, LOGIN).await.unwrap();
    let session = service::accounts::sign_in(&own, LOGIN, PASSWORD).await.unwrap();
    let header = async || {
        use tower::ServiceExt;
        let request = axum::http::Request::get("/")
            .header("host", "127.0.0.1:8080")
            .header("cookie", format!("yichuang={}; display=zh", session.secret))
            .body(axum::body::Body::empty())
            .unwrap();
        let answer = city.test.router().oneshot(request).await.unwrap();
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap().split("</header>").next().unwrap().to_owned()
    };
    assert!(!header().await.contains("badge"));
    let mut change = Change::new(own.region(), own.now());
    for (id, read) in [("m1", None), ("m2", Some(own.now().micros())), ("m3", None)] {
        change.plain.push(PlainWrite {
            table: &MESSAGE,
            id: id.to_owned(),
            columns: vec![account.id.to_string().into(), own.now().micros().into(), read.into(), "{}".into()],
        });
    }
    own.store().commit(change).await.unwrap();
    let header = header().await;
    assert!(header.contains("未读消息：</span>2</span>"), "{header}");
}
