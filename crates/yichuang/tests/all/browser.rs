//! The main job in Chromium: a shop owner applies with the sample, holds a licence, and anyone can check it.

use std::path::Path;

use testkit::browser::{Browser, Launch, Screen, Tab};
pub use testkit::browser::{axe, chromium};

use crate::program::Demo;

/// A person at the browser, with what must hold on every page that is seen.
pub struct Person<'t> {
    pub tab: &'t Tab,
    pub home: String,
    pub script: bool,
    pub axe: bool,
    pub seen: Vec<String>,
}

impl Person<'_> {
    pub async fn open(&mut self, path: &str) {
        self.tab.goto(&format!("{}{path}", self.home)).await.unwrap();
        self.look().await;
    }

    pub async fn press(&mut self, selector: &str) {
        if let Err(error) = self.tab.follow(self.tab.click(selector)).await {
            panic!("{selector} on {}: {error}\n{}", self.tab.address().await.unwrap(), self.words().await);
        }
        self.look().await;
    }

    pub async fn words(&self) -> String {
        self.tab.text("main").await.unwrap()
    }

    pub async fn path(&self) -> String {
        self.tab.address().await.unwrap().trim_start_matches(&self.home).to_owned()
    }

    /// No violation, no complaint of the browser, nothing wider than the window.
    pub async fn look(&mut self) {
        let path = self.path().await;
        if self.script {
            let wide = self.tab.eval("document.documentElement.scrollWidth - innerWidth").await.unwrap();
            assert!(wide.as_i64().unwrap() <= 0, "{path} is {wide} px wider than the window");
            if self.axe {
                assert_eq!(self.tab.axe().await.unwrap(), [], "{path}");
            }
        }
        assert_eq!(self.tab.complaints(), Vec::<String>::new(), "{path}");
        self.seen.push(path);
    }

    /// Chooses what is not chosen yet.
    pub async fn choose(&self, input: &str, label: &str) {
        if !self.tab.has(&format!("{input}[checked]")).await.unwrap() {
            self.tab.click(label).await.unwrap();
        }
    }

    pub async fn sign_in(&mut self, login: &str) {
        // The offer of the demo fills in name and password.
        self.open(&format!("/sign-in?as={login}")).await;
        self.press("form[action='/sign-in'] .form__actions button").await;
        assert!(!self.path().await.starts_with("/sign-in"), "{}", self.words().await);
    }

    /// From the question to the check of the answers.
    pub async fn apply(&mut self) {
        self.open("/").await;
        self.open("/search?q=%E5%BC%80%E7%90%86%E5%8F%91%E5%BA%97").await;
        assert!(self.tab.has("main a[href='/matters/public-place-hygiene']").await.unwrap(), "{}", self.words().await);
        self.open("/matters/public-place-hygiene").await;
        self.open("/apply/public-place-hygiene").await;
        self.choose("main input[name=applicant]", "main label[for='f-applicant']").await;
        self.press("form[action='/apply/public-place-hygiene'] .form__actions button").await;
        self.press("main form[action$='/sample'] button").await;
        let draft = self.path().await;
        assert!(draft.starts_with("/drafts/"), "{draft}");
        self.press("main .form__actions a.button").await;
        for _ in 0..20 {
            let path = self.path().await;
            if path.ends_with("/check") {
                return;
            }
            if path.ends_with("/pledge") {
                self.choose("main input[name=how][value=pledge]", "main label[for='f-how']").await;
                self.choose("main input[name=accepted]", "main label[for='f-accepted']").await;
            }
            self.press("main form .form__actions button.button").await;
            assert_ne!(self.path().await, path, "stuck: {}", self.words().await);
        }
        panic!("the wizard does not end: {:?}", self.seen);
    }

    /// Sends it, and finds the licence, why it was granted, and what anybody else sees of it.
    async fn receive(&mut self) -> String {
        self.press("main form[action$='/check'] button[value=send]").await;
        let path = self.path().await;
        assert!(path.ends_with("/receipt"), "{path}: {}", self.words().await);
        let licence = "main aside a.button[href^='/licences/']";
        assert!(self.tab.has(licence).await.unwrap(), "approved at once: {}", self.words().await);
        let case = path.trim_end_matches("/receipt").to_owned();
        self.press(licence).await;
        let html = self.tab.html().await.unwrap();
        let public = html.split("/v/").nth(1).unwrap();
        let public: String = public.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
        for path in [case.clone(), format!("{case}/why"), "/cases".to_owned(), "/licences".to_owned()] {
            self.open(&path).await;
        }
        format!("/v/{public}")
    }
}

/// The whole job in a city of its own: one person may hold this licence only once.
async fn job(browser: &Browser, demo: &Demo, screen: Screen, script: bool) {
    let home = format!("http://127.0.0.1:{}", demo.port);
    let owner = browser.tab(screen).await.unwrap();
    owner.javascript(script).await.unwrap();
    owner.headers(serde_json::json!({ "Accept-Language": "zh-CN" })).await.unwrap();
    let axe = axe();
    let mut person = Person { tab: &owner, home: home.clone(), script, axe, seen: Vec::new() };
    person.sign_in("li.shop").await;
    person.apply().await;
    let public = person.receive().await;

    // Anybody, who is not signed in.
    let anybody = browser.tab(screen).await.unwrap();
    anybody.javascript(script).await.unwrap();
    anybody.headers(serde_json::json!({ "Accept-Language": "zh-CN" })).await.unwrap();
    let mut other = Person { tab: &anybody, home, script, axe, seen: Vec::new() };
    other.open(&public).await;
    assert_eq!(anybody.text("main h1").await.unwrap(), "有效", "{}", other.words().await);
}

/// Copies a city that is not running.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target)
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_shop_owner_gets_a_licence_on_every_screen_and_without_scripts() {
    if !chromium() {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let first = scratch.path().join("first");
    let demo = Demo::start(&first, 0, None);
    let port = demo.port;
    demo.kill();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let jobs = [(Screen::PHONE, true), (Screen::TABLET, true), (Screen::DESKTOP, true), (Screen::PHONE, false)];
    for (number, (screen, script)) in jobs.into_iter().enumerate() {
        let dir = scratch.path().join(format!("city-{number}"));
        copy(&first, &dir);
        let demo = Demo::start(&dir, port, None);
        runtime.block_on(async {
            let browser = Browser::launch(&Launch::default()).await.unwrap();
            job(&browser, &demo, screen, script).await;
        });
    }
}
