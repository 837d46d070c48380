//! Acceptance with gaps 容缺受理 in a browser without scripts: one applicant hands in the rest and gets a licence, another does not.

use domain::accounts::Grant;
use domain::cases::State;
use domain::catalog::StepKind;

use super::*;

/// Examined by people; this material may follow.
const MATTER: &str = "drainage-permit";
const SLOT: &str = "facility";
const DAY: i64 = 86_400;

/// A picture on the applicant's own disk.
struct Scan {
    file: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

impl Scan {
    fn new() -> Scan {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("scan.png");
        std::fs::write(&file, include_bytes!("../../../../service/data/specimen/specimen.png")).unwrap();
        Scan { file, _folder: folder }
    }
}

/// What one applicant does in a browser.
struct Applicant<'h> {
    hall: &'h Hall,
    tab: Tab,
    code: String,
}

impl<'h> Applicant<'h> {
    async fn new(hall: &'h Hall, browser: &Browser, login: &str, tongue: &str) -> Applicant<'h> {
        let who = hall.city.invent(ApplicantKind::Enterprise).await.unwrap();
        hall.city.citizen(&who, login, PASSWORD).await.unwrap();
        // The registers know what the sample of the matter says.
        draw_for(&hall.city.city, MATTER, &who, &mut Dice::new(7)).await.unwrap();
        let tab = browser.tab(Screen::PHONE).await.unwrap();
        tab.javascript(false).await.unwrap();
        tab.headers(serde_json::json!({ "Accept-Language": tongue })).await.unwrap();
        sign_in(hall, &tab, login).await;
        Applicant { hall, tab, code: who.party().code }
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

    /// From the guide to the receipt: everything but one material, which is promised for later.
    async fn files(&self) -> String {
        self.open(&format!("/apply/{MATTER}")).await;
        self.tab.click(&format!("main input[name=applicant][value='{}']", self.code)).await.unwrap();
        self.press("main .form__actions button").await;
        let draft = self.path().await;
        self.press("main form[action$='/sample'] button").await;
        self.open(&format!("{draft}/materials")).await;
        // The sample's files are one and the same specimen: who takes it back takes it from everywhere, and brings their own.
        self.press(&format!("main .upload[data-name='{SLOT}'] .upload__file button")).await;
        assert!(!self.tab.has("main .upload__file").await.unwrap());
        let scan = Scan::new();
        for slot in ["drawings", "test"] {
            self.gives(slot, &scan).await;
        }
        self.tab.click(&format!("main input[name='{SLOT}.later']")).await.unwrap();
        picture(&self.tab, "gaps-materials").await;
        self.press("main .form__actions button[value=next]").await;
        assert!(self.path().await.ends_with("/check"), "{}", self.words().await);
        // Without the promise nothing is filed, and nothing is lost.
        self.press("main button[value=send]").await;
        picture(&self.tab, "gaps-check").await;
        assert!(self.tab.has("main .errors a[href$='gaps']").await.unwrap(), "{}", self.words().await);
        self.tab.click("main input[name=gaps]").await.unwrap();
        self.press("main button[value=send]").await;
        let receipt = self.path().await;
        assert!(receipt.ends_with("/receipt"), "{}", self.words().await);
        receipt.trim_start_matches("/cases/").trim_end_matches("/receipt").to_owned()
    }

    async fn gives(&self, slot: &str, scan: &Scan) {
        let field = format!("main .upload[data-name='{slot}'] input[type=file]");
        self.tab.choose_files(&field, &[&scan.file]).await.unwrap();
    }

    async fn hands_in(&self, number: &str) {
        self.open(&format!("/cases/{number}")).await;
        picture(&self.tab, "gaps-case").await;
        self.press(&format!("main a[href='/cases/{number}/gaps']")).await;
        picture(&self.tab, "gaps-hand-in").await;
        self.press("main .form__actions button[value=send]").await;
        assert!(self.tab.has("main .errors").await.unwrap(), "an empty page hands in nothing");
        let scan = Scan::new();
        self.gives(SLOT, &scan).await;
        self.press("main .form__actions button[value=send]").await;
        assert_eq!(self.path().await, format!("/cases/{number}"), "{}", self.words().await);
    }
}

pub(super) async fn sign_in(hall: &Hall, tab: &Tab, login: &str) {
    tab.goto(&format!("{}/sign-in", hall.home)).await.unwrap();
    tab.fill("form[action='/sign-in'] input[name=login]", login).await.unwrap();
    tab.fill("form[action='/sign-in'] input[type=password]", PASSWORD).await.unwrap();
    tab.follow(tab.press("Enter")).await.unwrap();
}

/// The clerk at the desk, in a browser.
async fn clerk(hall: &Hall, browser: &Browser) -> Tab {
    let tab = browser.tab(Screen::DESKTOP).await.unwrap();
    tab.headers(serde_json::json!({ "Accept-Language": "zh-CN" })).await.unwrap();
    sign_in(hall, &tab, Role::Clerk.as_str()).await;
    tab
}

async fn does(hall: &Hall, tab: &Tab, number: &str, command: &str, choice: Option<&str>) {
    tab.goto(&format!("{}/desk/cases/{number}", hall.home)).await.unwrap();
    tab.eval(&format!("document.querySelector('#act-{command}').open = true")).await.unwrap();
    if let Some(choice) = choice {
        tab.click(&format!("#act-{command} {choice}")).await.unwrap();
    }
    tab.follow(tab.click(&format!("#act-{command} .act__go button:not([name])"))).await.unwrap();
    assert!(tab.has("main .after").await.unwrap(), "{command}: {}", tab.text("main").await.unwrap());
}

async fn state(hall: &Hall, actor: &Actor, number: &str) -> State {
    cases::case_by_number(&hall.city.city, actor, number).await.unwrap().case.state
}

/// Opinions until the approver's desk, by the people of the department.
async fn examine(hall: &Hall, actor: &Actor, number: &str) {
    while let State::InReview { step } = state(hall, actor, number).await {
        if step == StepKind::Decide {
            return;
        }
        let officers = vec!["甲".to_owned(), "乙".to_owned()];
        let opinion = Work::GiveOpinion { favourable: true, text: "符合要求".to_owned(), officers };
        hall.work(&officer(hall, actor, number, Role::Reviewer).await, number, opinion).await;
    }
}

async fn officer(hall: &Hall, actor: &Actor, number: &str, role: Role) -> Actor {
    let case = cases::case_by_number(&hall.city.city, actor, number).await.unwrap().case;
    let grants = vec![Grant { role, department: Some(case.department), district: None }];
    Actor { grants, person: None, acts_for: Vec::new(), ..actor.clone() }
}

/// A picture for whoever wants to look, where a folder is named.
pub(super) async fn picture(tab: &Tab, name: &str) {
    if let Ok(folder) = std::env::var("YICHUANG_LOOK") {
        tab.screenshot(&std::path::Path::new(&folder).join(format!("{name}.png")), true).await.unwrap();
    }
}

pub(super) async fn reads_well(tab: &Tab, address: &str) {
    for screen in [Screen::PHONE, Screen::TABLET, Screen::DESKTOP] {
        tab.screen(screen).await.unwrap();
        tab.goto(address).await.unwrap();
        let wide = tab.eval("document.documentElement.scrollWidth - innerWidth").await.unwrap();
        assert!(wide.as_i64().unwrap() <= 0, "{address} is {wide} px wider than the window");
        if axe() {
            assert_eq!(tab.axe().await.unwrap(), [], "{address}");
        }
    }
}

#[test]
fn what_follows_later_brings_a_licence_and_what_never_comes_ends_the_case() {
    if !chromium() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let browser = Browser::launch(&Launch::default()).await.unwrap();
        let first = browser.tab(Screen::DESKTOP).await.unwrap();
        let hall = Hall::open(&first).await;
        let staff = hall.staff(Role::Clerk).await;
        let desk = clerk(&hall, &browser).await;
        let (keeper, breaker) = (
            Applicant::new(&hall, &browser, "keeper", "zh-CN").await,
            Applicant::new(&hall, &browser, "breaker", "en").await,
        );
        let (kept, broken) = (keeper.files().await, breaker.files().await);
        for number in [&kept, &broken] {
            does(&hall, &desk, number, "accept-with-gaps", None).await;
            examine(&hall, &staff, number).await;
        }
        keeper.open(&format!("/cases/{kept}")).await;
        assert!(keeper.words().await.contains("请补齐容缺材料"), "{}", keeper.words().await);
        for person in [&keeper, &breaker] {
            let number = if person.code == keeper.code { &kept } else { &broken };
            person.tab.javascript(true).await.unwrap();
            reads_well(&person.tab, &format!("{}/cases/{number}/gaps", hall.home)).await;
            person.tab.javascript(false).await.unwrap();
        }
        keeper.hands_in(&kept).await;
        reads_well(&desk, &format!("{}/desk/cases/{kept}", hall.home)).await;
        picture(&desk, "gaps-desk").await;
        does(&hall, &desk, &kept, "check-gap", Some("input[name='gap.ok'][value=yes]")).await;
        let approver = officer(&hall, &staff, &kept, Role::Approver).await;
        hall.work(&approver, &kept, Work::Grant { reasons: String::new() }).await;
        keeper.open(&format!("/cases/{kept}")).await;
        assert!(keeper.tab.has("main a[href^='/licences/']").await.unwrap(), "{}", keeper.words().await);
        // The other lets the day of the notice pass.
        for _ in 0..12 {
            hall.city.clock.advance_seconds(DAY);
            while service::jobs::run_due(&hall.city.city).await.unwrap() > 0 {}
        }
        assert_eq!(state(&hall, &staff, &broken).await, State::Terminated);
        breaker.open(&format!("/cases/{broken}")).await;
        if breaker.path().await.starts_with("/sign-in") {
            // Twelve days later one signs in again.
            sign_in(&hall, &breaker.tab, "breaker").await;
            breaker.open(&format!("/cases/{broken}")).await;
        }
        let words = breaker.words().await;
        assert!(words.contains("Terminated") && !breaker.tab.has("main a[href$='/gaps']").await.unwrap(), "{words}");
        assert_eq!(keeper.tab.complaints(), Vec::<String>::new());
    });
}
