//! A clerk of a company 经办人, in browsers without scripts: appointed, accepted, at work, and without anything the moment the mandate
//! is taken back.

use super::gaps::{picture, reads_well, sign_in};
use super::*;

/// Decided by rules.
const AUTOMATIC: &str = "public-place-hygiene";

/// Somebody in a browser of their own.
struct Person<'h> {
    hall: &'h Hall,
    tab: Tab,
}

impl<'h> Person<'h> {
    async fn new(hall: &'h Hall, browser: &Browser, login: &str, tongue: &str) -> Person<'h> {
        let tab = browser.tab(Screen::PHONE).await.unwrap();
        tab.javascript(false).await.unwrap();
        tab.headers(serde_json::json!({ "Accept-Language": tongue })).await.unwrap();
        sign_in(hall, &tab, login).await;
        Person { hall, tab }
    }

    async fn open(&self, path: &str) {
        self.tab.goto(&format!("{}{path}", self.hall.home)).await.unwrap();
    }

    async fn press(&self, selector: &str) {
        self.tab.follow(self.tab.click(selector)).await.unwrap();
    }

    async fn words(&self) -> String {
        self.tab.text("main").await.unwrap()
    }

    async fn path(&self) -> String {
        self.tab.address().await.unwrap().trim_start_matches(&self.hall.home).to_owned()
    }

    async fn reads_well(&self, paths: &[&str]) {
        self.tab.javascript(true).await.unwrap();
        for path in paths {
            reads_well(&self.tab, &format!("{}{path}", self.hall.home)).await;
        }
        self.tab.javascript(false).await.unwrap();
        self.tab.screen(Screen::PHONE).await.unwrap();
    }

    /// The form with the clerk's name and number; what is wrong is said and nothing typed is lost.
    async fn appoints(&self, clerk: &Who) {
        self.open("/me").await;
        self.press("main a[href='/me/mandates']").await;
        self.press("main a[href='/me/mandates/new']").await;
        self.tab.fill("main input[name=name]", &clerk.person.name).await.unwrap();
        self.press("main .form__actions button").await;
        assert!(self.tab.has("main .errors a").await.unwrap(), "{}", self.words().await);
        picture(&self.tab, "mandates-errors").await;
        let kept = self.tab.eval("document.querySelector('main input[name=name]').value").await.unwrap();
        assert_eq!(kept.as_str(), Some(clerk.person.name.as_str()));
        self.tab.fill("main input[name=code]", &clerk.person.code).await.unwrap();
        for power in ["look", "apply"] {
            self.tab.click(&format!("main input[name=powers][value={power}]")).await.unwrap();
        }
        self.press("main .form__actions button").await;
        assert_eq!(self.path().await, "/me/mandates", "{}", self.words().await);
        assert!(self.words().await.contains(&clerk.person.name), "{}", self.words().await);
    }
}

async fn job(browser: &Browser, hall: &Hall, tongue: &str, words: [&str; 4]) {
    let [head_login, clerk_login] = ["head", "clerk"].map(|login| format!("{login}-{}", &tongue[..2]));
    let who = hall.city.invent(ApplicantKind::Enterprise).await.unwrap();
    let owner = hall.city.citizen(&who, &head_login, PASSWORD).await.unwrap();
    let clerk_who = hall.city.invent(ApplicantKind::Person).await.unwrap();
    hall.city.citizen(&clerk_who, &clerk_login, PASSWORD).await.unwrap();
    hall.file(&who, &owner, AUTOMATIC, 4).await;
    let id = service::licences::mine(&hall.city.city, &owner).await.unwrap()[0].licence.id.to_string();
    let licence = format!("/licences/{id}");
    let [role, acting, until, named] = words;

    let head = Person::new(hall, browser, &head_login, tongue).await;
    let clerk = Person::new(hall, browser, &clerk_login, tongue).await;
    clerk.open(&licence).await;
    assert!(!clerk.tab.has("main .downloads").await.unwrap(), "{}", clerk.words().await);
    head.reads_well(&["/me/mandates", "/me/mandates/new"]).await;
    head.appoints(&clerk_who).await;
    picture(&head.tab, "mandates-given").await;

    // The message leads to the page where it is accepted.
    while service::journal::advance(&hall.city.city).await.unwrap() > 0 {}
    clerk.open("/messages").await;
    clerk.press("main a[href='/me/mandates']").await;
    picture(&clerk.tab, "mandates-offered").await;
    clerk.press("main form[action$='/accept'] button").await;
    clerk.reads_well(&["/me", "/me/mandates"]).await;
    picture(&clerk.tab, "mandates-accepted").await;

    // The wallet says under which role one acts.
    clerk.open("/licences").await;
    assert!(clerk.words().await.contains(until), "{}", clerk.words().await);
    clerk.reads_well(&["/licences", &licence]).await;
    clerk.open(&licence).await;
    assert!(clerk.tab.has("main .downloads").await.unwrap());
    assert!(!clerk.tab.has(&format!("main a[href='{licence}/share']")).await.unwrap(), "sharing was not granted");
    picture(&clerk.tab, "mandates-clerk-licence").await;
    head.open("/licences").await;
    assert!(head.words().await.contains(role), "{}", head.words().await);
    head.open(&licence).await;
    let said = head.words().await;
    assert!(said.contains(&format!("{named} {}", clerk_who.person.name)), "the holder reads who looked: {said}");
    head.open("/me/access").await;
    assert!(head.words().await.contains(&clerk_who.person.name), "{}", head.words().await);

    // An application in the name of the company.
    clerk.open("/apply/device-class3").await;
    clerk.tab.click(&format!("main input[name=applicant][value='{}']", who.party().code)).await.unwrap();
    clerk.press("main .form__actions button").await;
    let draft = clerk.path().await;
    assert!(draft.starts_with("/drafts/"), "{}", clerk.words().await);
    let actor = service::accounts::sign_in(&hall.city.city, &clerk_login, PASSWORD).await.unwrap().secret;
    let actor = service::accounts::resolve(&hall.city.city, &actor).await.unwrap().actor;
    let number = hall.file(&who, &actor, "device-class3", 6).await.number;
    clerk.open(&format!("/cases/{number}")).await;
    assert!(clerk.words().await.contains(acting), "{}", clerk.words().await);
    clerk.reads_well(&[&format!("/cases/{number}")]).await;

    // Taken back: in the browser that is open there is nothing left.
    head.open("/me/mandates").await;
    head.press("main form[action$='/revoke'] button").await;
    for path in [licence.clone(), format!("/cases/{number}")] {
        clerk.open(&path).await;
        assert!(!clerk.words().await.contains(&who.party().name), "{path}: {}", clerk.words().await);
    }
    clerk.open("/licences").await;
    assert!(!clerk.tab.has("main .pass").await.unwrap());
    for person in [&head, &clerk] {
        assert_eq!(person.tab.complaints(), Vec::<String>::new());
    }
}

#[test]
fn a_clerk_is_appointed_works_and_has_nothing_once_the_mandate_is_taken_back() {
    if !chromium() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let browser = Browser::launch(&Launch::default()).await.unwrap();
        let first = browser.tab(Screen::DESKTOP).await.unwrap();
        let hall = Hall::open(&first).await;
        job(&browser, &hall, "zh-CN", ["法定代表人", "凭单位授权", "经办人，至", "经办人"]).await;
        job(&browser, &hall, "en", ["Legal representative", "by mandate", "Clerk, until", "Clerk"]).await;
    });
}
