//! The citizen's pages for everybody: every page without an accessibility violation at three widths, in large type, in
//! high contrast and in the dark; and the whole job with the keyboard alone, in both languages.

mod gaps;
mod mandates;

use std::net::SocketAddr;

use domain::accounts::{Actor, Role};
use domain::cases::{NonAcceptance, Origin, Point};
use domain::catalog::{ApplicantKind, SpecialKind};
use domain::licences::ShareKind;
use domain::time::Timestamp;
use service::cases::{self, Work};
use service::demo::{Dice, Who, draw_for};
use service::licences::{ShareWish, give_share};
use testkit::browser::{Browser, Launch, Screen, Tab};
use testkit::city::{Build, TestCity};
use tokio::net::TcpListener;

use crate::browser::{axe, chromium};

const PASSWORD: &str = "a-long-password";

/// A city without a past, served in this process.
struct Hall {
    city: TestCity,
    home: String,
}

impl Hall {
    /// The city's clock shows what the browser's does, because a code is checked in the browser too.
    async fn open(tab: &Tab) -> Hall {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let home = format!("http://{}", listener.local_addr().unwrap());
        let now = tab.eval("Date.now()").await.unwrap().as_f64().unwrap();
        let start = Timestamp::from_micros(now as i64 * 1_000);
        let city = testkit::city::build(Build { base_url: home.clone(), start, ..Build::default() }).await.unwrap();
        city.clock.run();
        let service = city.router().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Hall { city, home }
    }

    async fn owner(&self, login: &str) -> (Who, Actor) {
        let who = self.city.invent(ApplicantKind::IndividualBusiness).await.unwrap();
        let actor = self.city.citizen(&who, login, PASSWORD).await.unwrap();
        (who, actor)
    }

    async fn staff(&self, role: Role) -> Actor {
        self.city.staff(role, None, role.as_str(), PASSWORD).await.unwrap()
    }

    /// The sample of a matter, filed.
    async fn file(&self, who: &Who, actor: &Actor, slug: &str, seed: u64) -> cases::Submitted {
        let drawn = draw_for(&self.city.city, slug, who, &mut Dice::new(seed)).await.unwrap();
        cases::submit(&self.city.city, actor, drawn.submit(Origin::Web)).await.unwrap()
    }

    async fn work(&self, actor: &Actor, number: &str, work: Work) {
        cases::work(&self.city.city, actor, number, None, work, None).await.unwrap();
    }
}

/// Somebody who has never touched a mouse.
struct Typist<'t> {
    tab: &'t Tab,
    home: &'t str,
}

/// The element with the focus, or what draws its ring, is marked and lies in sight.
const VISIBLE: &str = "(() => { const e = document.activeElement; const box = e.closest('.upload__drop, .search__box');
    const ring = [e, box].filter(Boolean).some(n => [null, '::after'].some(p => {
        const s = getComputedStyle(n, p); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0; }));
    const r = (box ?? e).getBoundingClientRect();
    return ring && r.bottom > 0 && r.top < innerHeight; })()";

impl Typist<'_> {
    async fn goto(&self, path: &str) {
        self.tab.goto(&format!("{}{path}", self.home)).await.unwrap();
    }

    async fn at(&self) -> String {
        self.tab.address().await.unwrap().trim_start_matches(self.home).to_owned()
    }

    async fn yes(&self, script: &str) -> bool {
        self.tab.eval(script).await.unwrap().as_bool().unwrap_or(false)
    }

    /// Presses Tab until the element has the focus; every stop on the way must be visible.
    async fn reach(&self, selector: &str) {
        for _ in 0..120 {
            self.tab.press("Tab").await.unwrap();
            // Past the last element the focus leaves the page once.
            if self.yes("document.activeElement === document.body").await {
                continue;
            }
            if !self.yes(VISIBLE).await {
                let html = self.tab.eval("document.activeElement.outerHTML.slice(0, 300)").await.unwrap();
                panic!("the focus cannot be seen on {}: {html}", self.at().await);
            }
            if self.yes(&format!("document.activeElement.matches({selector:?})")).await {
                return;
            }
        }
        panic!("{selector} cannot be reached on {}", self.at().await);
    }

    /// Goes to a link or a button and presses Enter, which leads to another page.
    async fn enter(&self, selector: &str) {
        self.reach(selector).await;
        self.tab.follow(self.tab.press("Enter")).await.unwrap();
    }

    async fn sign_in(&self, login: &str) {
        self.goto("/sign-in").await;
        self.reach("form[action='/sign-in'] input[name=login]").await;
        self.tab.type_text(login).await.unwrap();
        self.reach("form[action='/sign-in'] input[type=password]").await;
        self.tab.type_text(PASSWORD).await.unwrap();
        self.tab.follow(self.tab.press("Enter")).await.unwrap();
        assert!(!self.at().await.starts_with("/sign-in"), "{}", self.tab.text("main").await.unwrap());
    }

    /// The first stop of every page leads past the header.
    async fn skip(&self) {
        self.tab.press("Tab").await.unwrap();
        assert!(self.yes("document.activeElement.matches('a.skip')").await);
        self.tab.press("Enter").await.unwrap();
        self.tab.wait_until("document.activeElement.id === 'main'").await.unwrap();
    }

    /// From the question to the task list, filled with the sample.
    async fn apply(&self, words: &str) -> String {
        self.goto("/").await;
        self.skip().await;
        self.reach("#q").await;
        self.tab.type_text(words).await.unwrap();
        self.tab.follow(self.tab.press("Enter")).await.unwrap();
        self.enter("main a[href='/matters/public-place-hygiene']").await;
        self.enter("a[href='/matters/public-place-hygiene/apply']").await;
        self.reach("main input[name=applicant]").await;
        self.tab.press("Space").await.unwrap();
        self.enter("main .form__actions button").await;
        self.enter("main form[action$='/sample'] button").await;
        self.at().await
    }

    /// A file box is one stop; what was sent can be taken back.
    async fn upload(&self, draft: &str) {
        self.goto(&format!("{draft}/materials")).await;
        self.reach("main input[type=file]").await;
        let scratch = tempfile::tempdir().unwrap();
        let file = scratch.path().join("plan.png");
        std::fs::write(&file, include_bytes!("../../../service/data/specimen/specimen.png")).unwrap();
        self.tab.choose_files("main input[type=file]", &[&file]).await.unwrap();
        self.tab.wait_for("main .upload__file[data-state=done]").await.unwrap();
        self.tab.wait_for("main [data-saved][data-state=saved]").await.unwrap();
        self.goto(&format!("{draft}/materials")).await;
        self.enter("main .upload__file button").await;
        assert!(!self.tab.has("main .upload__file").await.unwrap(), "the file was taken back");
    }

    /// A connection that is lost in the middle of a file: it goes on where it stopped, and what has arrived is whole.
    async fn upload_over_a_broken_line(&self, draft: &str, city: &TestCity) {
        self.goto(&format!("{draft}/materials")).await;
        let scratch = tempfile::tempdir().unwrap();
        let file = scratch.path().join("long.png");
        let mut bytes = include_bytes!("../../../service/data/specimen/specimen.png").to_vec();
        bytes.resize(3 << 20, 0);
        std::fs::write(&file, &bytes).unwrap();
        // Slow enough that the line is cut between two pieces.
        self.tab.throttle(500_000).await.unwrap();
        self.tab.choose_files("main input[type=file]", &[&file]).await.unwrap();
        self.tab.wait_until("document.querySelector('main .upload__file progress')?.value >= 524288").await.unwrap();
        self.tab.offline(true).await.unwrap();
        self.tab.wait_for("main .upload__file[data-state=waiting]").await.unwrap();
        let sql = "SELECT sha256 FROM upload WHERE region = $1 AND name = 'long.png'";
        let arrived = async || {
            let rows = city.city.store().query(sql, &[city.city.region().into()]).await.unwrap();
            assert_eq!(rows.len(), 1, "it was begun once");
            rows[0].opt_text(0).unwrap().map(str::to_owned)
        };
        assert_eq!(arrived().await, None, "it is not complete while the line is down");
        self.tab.offline(false).await.unwrap();
        self.tab.wait_for("main .upload__file[data-state=done]").await.unwrap();
        assert_eq!(arrived().await, Some(seal::digest::sha256_hex(&bytes)));
    }

    /// The errors take the focus, and each leads to its question.
    async fn pledge(&self, draft: &str) {
        self.goto(&format!("{draft}/pledge")).await;
        self.enter("main form .form__actions button.button").await;
        self.tab.wait_until("document.activeElement.matches('.errors')").await.unwrap();
        self.reach(".errors a").await;
        self.tab.press("Enter").await.unwrap();
        self.tab.wait_until("document.activeElement.name === 'how'").await.unwrap();
        self.tab.press("Space").await.unwrap();
        self.reach("main input[name=accepted]").await;
        self.tab.press("Space").await.unwrap();
        self.enter("main form .form__actions button.button").await;
        assert!(self.at().await.ends_with("/materials"), "{}", self.tab.text("main").await.unwrap());
        self.enter("main form .form__actions button.button").await;
    }

    /// Sent, decided, explained, held and checked.
    async fn receive(&self) {
        assert!(self.at().await.ends_with("/check"), "{}", self.tab.text("main").await.unwrap());
        self.enter("main button[value=send]").await;
        let receipt = self.at().await;
        assert!(receipt.ends_with("/receipt"), "{}", self.tab.text("main").await.unwrap());
        self.enter("main a[href$='/why']").await;
        self.reach("main details.fold summary").await;
        self.tab.press("Enter").await.unwrap();
        assert!(self.yes("document.activeElement.parentElement.open").await, "the rule's version unfolds");
        self.goto(&receipt).await;
        self.enter("main a.button[href^='/licences/']").await;
        self.enter("main a[href^='/v/']").await;
        self.tab.wait_for("[data-qr-check][data-state=good]").await.unwrap();
    }
}

#[test]
fn the_whole_job_needs_no_mouse_in_either_language() {
    if !chromium() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let browser = Browser::launch(&Launch::default()).await.unwrap();
        let first = browser.tab(Screen::DESKTOP).await.unwrap();
        let hall = Hall::open(&first).await;
        for (login, tongue, words) in [("owner-zh", "zh-CN", "开理发店"), ("owner-en", "en", "hair salon")] {
            hall.owner(login).await;
            let tab = browser.tab(Screen::DESKTOP).await.unwrap();
            tab.headers(serde_json::json!({ "Accept-Language": tongue })).await.unwrap();
            let typist = Typist { tab: &tab, home: &hall.home };
            typist.sign_in(login).await;
            let draft = typist.apply(words).await;
            typist.upload(&draft).await;
            typist.pledge(&draft).await;
            typist.receive().await;
            assert_eq!(tab.complaints(), Vec::<String>::new());
        }
    });
}

#[test]
fn an_upload_survives_a_lost_connection_and_a_draft_another_device() {
    if !chromium() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let browser = Browser::launch(&Launch::default()).await.unwrap();
        let first = browser.tab(Screen::DESKTOP).await.unwrap();
        let hall = Hall::open(&first).await;
        hall.owner("owner").await;
        let desktop = browser.tab(Screen::DESKTOP).await.unwrap();
        let typist = Typist { tab: &desktop, home: &hall.home };
        typist.sign_in("owner").await;
        let draft = typist.apply("开理发店").await;
        typist.upload_over_a_broken_line(&draft, &hall.city).await;
        desktop.wait_for("main [data-saved][data-state=saved]").await.unwrap();
        // What was begun at the desk goes on at the telephone, the file with it.
        let phone = browser.tab(Screen::PHONE).await.unwrap();
        let again = Typist { tab: &phone, home: &hall.home };
        again.sign_in("owner").await;
        again.goto(&format!("{draft}/materials")).await;
        assert!(phone.text("main").await.unwrap().contains("long.png"));
    });
}

/// A city with a case in each state that a citizen may meet; answers the addresses of all pages.
async fn pages(hall: &Hall) -> Vec<String> {
    let (who, owner) = hall.owner("owner").await;
    let (clerk, reviewer) = (hall.staff(Role::Clerk).await, hall.staff(Role::Reviewer).await);
    let mut pages: Vec<String> = ["/", "/matters", "/matters?q=饭店", "/matters?q=zzzz", "/matters/food-operation"]
        .into_iter()
        .chain([
            "/matters/public-place-hygiene/sample",
            "/v",
            "/v/offline",
            "/v/nothing",
            "/nowhere",
            "/about/privacy",
            "/display",
        ])
        .map(str::to_owned)
        .collect();
    let point = |text: &str| Point { about: "layout".to_owned(), text: text.to_owned(), new_defect: None };
    let builder = hall.city.invent(ApplicantKind::Enterprise).await.unwrap();
    let actor = hall.city.citizen(&builder, "builder", PASSWORD).await.unwrap();
    let paused = hall.file(&builder, &actor, "project-planning-permit", 1).await.number;
    hall.work(&clerk, &paused, Work::Accept).await;
    let pause = Work::Pause { procedure: SpecialKind::ExpertReview, working_days: 10 };
    hall.work(&reviewer, &paused, pause).await;
    pages.push(format!("builder /cases/{paused}"));
    let (other, second) = hall.owner("second").await;
    let correction = hall.file(&other, &second, "food-operation", 2).await.number;
    hall.work(&clerk, &correction, Work::RequestCorrection { points: vec![point("请标明面积。")] }).await;
    let (third, one) = hall.owner("third").await;
    let declined = hall.file(&third, &one, "food-operation", 3).await.number;
    let ground = NonAcceptance::WrongAuthority { authority: "江城市市场监督管理局".to_owned() };
    hall.work(&clerk, &declined, Work::DeclineAcceptance { ground, reasons: "不属于本机关职权。".to_owned() }).await;
    let granted = hall.file(&who, &owner, "public-place-hygiene", 4).await.number;
    let licence = service::licences::mine(&hall.city.city, &owner).await.unwrap();
    let licence = &licence.first().unwrap().licence;
    let last = Some(hall.city.city.now().date());
    let wish =
        ShareWish { kind: ShareKind::Link, user: "海澜银行江城支行", purpose: "办理单位开户", last };
    let link = give_share(&hall.city.city, &owner, &licence.id.to_string(), &wish).await.unwrap().secret;
    pages.extend([format!("/licences/{}/share", licence.id), "/use".to_owned(), format!("/s/{link}")]);
    pages.extend(["", "/receipt", "/why"].map(|part| format!("/cases/{granted}{part}")));
    pages.extend([format!("/licences/{}", licence.id), format!("/v/{}", licence.public_id)]);
    pages.extend(["/cases", "/licences", "/messages", "/me/access"].map(str::to_owned));
    // One person has one open case of a matter; the others belong to others, named before the address.
    pages.extend([format!("second /cases/{correction}"), format!("second /cases/{correction}/correct")]);
    pages.push(format!("third /cases/{declined}/why"));
    pages
}

#[test]
fn every_page_of_the_citizen_reads_well_for_everybody() {
    if !chromium() || !axe() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let browser = Browser::launch(&Launch::default()).await.unwrap();
        let first = browser.tab(Screen::PHONE).await.unwrap();
        let hall = Hall::open(&first).await;
        let pages = pages(&hall).await;
        let ways = [
            (Screen::PHONE, "zh.elder.normal.light"),
            (Screen::TABLET, "en.standard.high.light"),
            (Screen::DESKTOP, "en.standard.normal.dark"),
        ];
        for (screen, display) in ways {
            let mut people = std::collections::BTreeMap::new();
            for page in &pages {
                let (login, path) = page.split_once(' ').unwrap_or(("owner", page));
                if !people.contains_key(login) {
                    let tab = browser.tab(screen).await.unwrap();
                    Typist { tab: &tab, home: &hall.home }.sign_in(login).await;
                    tab.eval(&format!("document.cookie = 'display={display}; path=/'")).await.unwrap();
                    people.insert(login, tab);
                }
                let tab = &people[login];
                tab.goto(&format!("{}{path}", hall.home)).await.unwrap();
                let wide = tab.eval("document.documentElement.scrollWidth - innerWidth").await.unwrap();
                assert!(wide.as_i64().unwrap() <= 0, "{path} in {display} is {wide} px wider than the window");
                assert_eq!(tab.axe().await.unwrap(), [], "{path} in {display}");
                assert_eq!(tab.complaints(), Vec::<String>::new(), "{path} in {display}");
            }
        }
    });
}
