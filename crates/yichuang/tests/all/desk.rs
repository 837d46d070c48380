//! The work of staff in Chromium: a case from the pile to its licence and to its end, a walk-in, proof of identity, the
//! studio, and every page of staff at three widths.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use testkit::browser::{Browser, Launch, Screen, Tab};

use crate::browser::{Person, axe, chromium};
use crate::program::{Demo, code, run};

struct Office<'b> {
    browser: &'b Browser,
    demo: &'b Demo,
    /// A file to hand in.
    scan: PathBuf,
}

impl Office<'_> {
    async fn tab(&self, screen: Screen, language: &str) -> Tab {
        let tab = self.browser.tab(screen).await.unwrap();
        tab.headers(json!({ "Accept-Language": language })).await.unwrap();
        tab
    }

    fn at<'t>(&self, tab: &'t Tab) -> Person<'t> {
        let home = format!("http://127.0.0.1:{}", self.demo.port);
        Person { tab, home, script: true, axe: axe(), seen: Vec::new() }
    }
}

async fn truth(tab: &Tab, script: &str) -> bool {
    tab.eval(script).await.unwrap() == Value::Bool(true)
}

/// Presses a key until the focus is on an element of this kind.
async fn press_until(tab: &Tab, key: &str, selector: &str) {
    let there = format!("document.activeElement.matches({})", json!(selector));
    for _ in 0..80 {
        if truth(tab, &there).await {
            return;
        }
        tab.press(key).await.unwrap();
    }
    panic!("{key} never reaches {selector} on {}", tab.address().await.unwrap());
}

/// Presses Enter, which leads to another page.
async fn enter(person: &mut Person<'_>) {
    person.tab.follow(person.tab.press("Enter")).await.unwrap();
    person.look().await;
}

async fn click(tab: &Tab, selector: &str) {
    tab.click(selector).await.unwrap_or_else(|error| panic!("{selector}: {error}"));
}

/// The clerk's part, by keyboard alone and in English: find the case in the pile, judge its materials, write the notice.
async fn notice_by_keyboard(clerk: &mut Person<'_>, number: &str) {
    let tab = clerk.tab;
    clerk.open("/desk/accept").await;
    press_until(tab, "j", &format!("a[href*='{number}']")).await;
    enter(clerk).await;
    assert!(clerk.path().await.starts_with(&format!("/desk/cases/{number}?pile=accept")));
    // The licence from the register is in order, the floor plan lacks a page, everything else is in order.
    tab.press("m").await.unwrap();
    assert!(truth(tab, "document.activeElement.name === 'verdict.business-licence'").await);
    tab.press("y").await.unwrap();
    assert!(truth(tab, "document.activeElement.name === 'verdict.layout'").await, "on to the next material");
    tab.press("x").await.unwrap();
    assert!(truth(tab, "document.activeElement.name === 'note.layout'").await, "what is wrong with it");
    tab.type_text("Page 2 is missing y").await.unwrap();
    tab.press("Escape").await.unwrap();
    tab.press("m").await.unwrap();
    press_until(tab, "y", "button[data-key=v]").await;
    enter(clerk).await;
    assert!(clerk.path().await.contains("done=give-verdicts"), "{}", clerk.words().await);
    // The verdict has become the first point of the notice.
    tab.press("c").await.unwrap();
    assert!(truth(tab, "document.activeElement.closest('#act-request-correction') !== null").await);
    let point = "document.querySelector('[name=\"correct[0].text\"]').value.includes('Page 2 is missing y')";
    assert!(truth(tab, point).await, "{}", clerk.words().await);
    press_until(tab, "Tab", "#act-request-correction .act__go button:not([name])").await;
    enter(clerk).await;
    assert!(clerk.path().await.contains("done=request-correction"), "{}", clerk.words().await);
    assert!(tab.has("main .after").await.unwrap());
}

/// The applicant hands in what the notice named.
async fn resubmit(applicant: &mut Person<'_>, number: &str, scan: &Path) {
    applicant.sign_in("zhang.officer").await;
    applicant.open(&format!("/cases/{number}/correct")).await;
    applicant.tab.choose_files("#f-layout", &[scan]).await.unwrap();
    applicant.tab.wait_for("input[name='layout.upload']").await.unwrap();
    applicant.press("main .form__actions button[value=send]").await;
    assert_eq!(applicant.path().await.split('?').next(), Some(format!("/cases/{number}").as_str()));
}

/// Examination and inspection, until the case waits for the approver.
async fn review(reviewer: &mut Person<'_>, number: &str) {
    reviewer.sign_in("lin.reviewer").await;
    for _ in 0..3 {
        reviewer.open(&format!("/desk/cases/{number}")).await;
        if !reviewer.tab.has("#act-give-opinion").await.unwrap() {
            return;
        }
        click(reviewer.tab, "label[for='f-opinion-favourable']").await;
        if reviewer.tab.has("#f-opinion-officer2").await.unwrap() {
            reviewer.tab.fill("#f-opinion-officer2", "宋志").await.unwrap();
        }
        reviewer.tab.fill("#f-opinion-reason", "符合条件").await.unwrap();
        reviewer.press("#act-give-opinion .act__go button").await;
        assert!(reviewer.path().await.contains("done=give-opinion"), "{}", reviewer.words().await);
    }
    panic!("the review does not end: {}", reviewer.words().await);
}

const SHEET: &str = "[...document.querySelectorAll('.sheet__p')].map(p => p.innerText).join('|')";

/// The approver sees word for word what is signed, and signs it.
async fn decide(approver: &mut Person<'_>, number: &str) {
    approver.sign_in("gao.approver").await;
    approver.open("/desk/decide").await;
    approver.press(&format!("main a[href*='{number}']")).await;
    approver.tab.fill("#f-grant-reason", "现场符合要求，准予。").await.unwrap();
    approver.press("#act-grant .act__go button").await;
    let shown = approver.tab.eval(SHEET).await.unwrap();
    assert!(shown.as_str().unwrap().contains("现场符合要求，准予。"), "{shown}");
    assert!(approver.words().await.contains("签发时编号"), "nothing is numbered yet");
    approver.press("main button[value=sign]").await;
    assert!(approver.path().await.contains("done=grant"), "{}", approver.words().await);
    let deed = "main .case__side li:last-child a[href^='/documents/']";
    approver.press(deed).await;
    assert_eq!(approver.tab.eval(SHEET).await.unwrap(), shown, "what was shown is what was sealed");
}

/// Every document of the case bears a number, a date and a seal that holds.
async fn documents(person: &mut Person<'_>, number: &str, least: usize) {
    person.open(&format!("/desk/cases/{number}")).await;
    let script =
        "JSON.stringify([...document.querySelectorAll('.case__side a[href^=\"/documents/\"]')].map(a => a.pathname))";
    let found = person.tab.eval(script).await.unwrap();
    let found: Vec<String> = serde_json::from_str(found.as_str().unwrap()).unwrap();
    assert!(found.len() >= least, "{found:?}");
    for path in found {
        person.open(&path).await;
        assert!(!person.tab.has("main .checks .tag--bad").await.unwrap(), "{}", person.words().await);
        assert!(person.tab.has("main .checks .tag--good").await.unwrap());
        let foot = person.tab.text(".sheet__foot").await.unwrap();
        assert!(foot.contains('年') && foot.contains('月') && foot.contains('日'), "{foot}");
        assert!(person.tab.text(".sheet__number").await.unwrap().contains("字〔20"));
    }
}

/// Fills the form of a step in a licence's life and sends it.
async fn step(approver: &mut Person<'_>, id: &str, details: &str) {
    click(approver.tab, &format!("#act-{id} > summary")).await;
    click(approver.tab, &format!("label[for='f-{id}-ground']")).await;
    approver.tab.fill(&format!("#f-{id}-details"), details).await.unwrap();
    click(approver.tab, &format!("label[for='f-{id}-sure']")).await;
    approver.press(&format!("#act-{id} .act__go button")).await;
}

/// A licence is suspended and resumed, and whoever asks is told so.
async fn suspend(approver: &mut Person<'_>, anybody: &mut Person<'_>, number: &str, public: &str) {
    approver.open(&format!("/desk/licences?q={number}")).await;
    approver.press("main [data-queue] a").await;
    assert!(!approver.tab.has("#act-resume").await.unwrap(), "nothing is to be resumed");
    step(approver, "suspend", "处罚决定书第 12 号，暂扣十日。").await;
    assert!(approver.words().await.contains("《行政处罚法》第九条第三项"), "{}", approver.words().await);
    assert!(!approver.tab.has("#act-suspend").await.unwrap(), "it is suspended already");
    anybody.open(public).await;
    assert_eq!(anybody.tab.text("main h1").await.unwrap(), "已暂扣");
    step(approver, "resume", "已按要求整改，现场复查合格。").await;
    anybody.open(public).await;
    assert_eq!(anybody.tab.text("main h1").await.unwrap(), "有效");
}

/// A licence is revoked on a ground of the law, and whoever asks is told so.
async fn revoke(approver: &mut Person<'_>, anybody: &mut Person<'_>, number: &str, public: &str) {
    anybody.open(public).await;
    assert_eq!(anybody.tab.text("main h1").await.unwrap(), "有效");
    approver.open(&format!("/desk/licences?q={number}")).await;
    approver.press("main [data-queue] a").await;
    click(approver.tab, "#act-revoke > summary").await;
    approver.press("#act-revoke .act__go button").await;
    assert!(approver.tab.has(".errors").await.unwrap(), "a ground, the facts and a confirmation are needed");
    click(approver.tab, "label[for='f-revoke-ground']").await;
    approver.tab.fill("#f-revoke-details", "复查发现平面图与现场不符。").await.unwrap();
    click(approver.tab, "label[for='f-revoke-sure']").await;
    approver.press("#act-revoke .act__go button").await;
    assert!(approver.words().await.contains("第六十九条第一款第四项"), "{}", approver.words().await);
    anybody.open(public).await;
    assert_eq!(anybody.tab.text("main h1").await.unwrap(), "已撤销");
}

/// A matter that rules cannot decide: notice, resubmission, acceptance, review, decision, licence, revocation.
async fn from_pile_to_licence(office: &Office<'_>) {
    let items = office.demo.get("clerk", "/api/v1/cases?pile=accept&limit=50").json()["items"].clone();
    let filed = items.as_array().unwrap().iter().find(|item| item["matter"] == "food-operation").unwrap().clone();
    let number = filed["number"].as_str().unwrap();
    let tab = office.tab(Screen::DESKTOP, "en").await;
    let mut clerk = office.at(&tab);
    clerk.sign_in("chen.clerk").await;
    notice_by_keyboard(&mut clerk, number).await;
    let second = office.tab(Screen::DESKTOP, "zh-CN").await;
    resubmit(&mut office.at(&second), number, &office.scan).await;
    clerk.open(&format!("/desk/cases/{number}?pile=accept")).await;
    tab.press("a").await.unwrap();
    enter(&mut clerk).await;
    assert!(clerk.path().await.contains("done=accept"), "{}", clerk.words().await);
    let third = office.tab(Screen::DESKTOP, "zh-CN").await;
    review(&mut office.at(&third), number).await;
    let fourth = office.tab(Screen::DESKTOP, "zh-CN").await;
    let mut approver = office.at(&fourth);
    decide(&mut approver, number).await;
    // Receipt, correction notice, acceptance, decision.
    documents(&mut approver, number, 4).await;
    approver.open(&format!("/desk/cases/{number}")).await;
    let public = fourth.eval("document.querySelector(\"main a[href^='/v/']\").pathname").await.unwrap();
    let fifth = office.tab(Screen::PHONE, "zh-CN").await;
    suspend(&mut approver, &mut office.at(&fifth), number, public.as_str().unwrap()).await;
    revoke(&mut approver, &mut office.at(&fifth), number, public.as_str().unwrap()).await;
}

/// What the registers know is there; what was typed, ticked and scanned survives an error.
async fn walk_in(office: &Office<'_>, clerk: &mut Person<'_>) {
    let applicant = office.demo.sample("birth-registration")["applicant"].clone();
    clerk.open("/desk/walk-in?matter=birth-registration").await;
    clerk.tab.fill("#f-code", applicant["code"].as_str().unwrap()).await.unwrap();
    clerk.press(".who__fields button[value=find]").await;
    assert!(clerk.words().await.contains(applicant["name"].as_str().unwrap()));
    assert!(clerk.tab.has(".window__form .field__source").await.unwrap(), "the registers fill in what they know");
    clerk.tab.fill("[name='paper.household']", "原件 1 份").await.unwrap();
    click(clerk.tab, ".intake__scan summary").await;
    clerk.tab.choose_files(".intake__scan input[type=file]", &[&office.scan]).await.unwrap();
    clerk.tab.wait_for(".intake__scan input[type=hidden]").await.unwrap();
    clerk.press(".window__end button[value=send]").await;
    assert!(clerk.tab.has(".errors").await.unwrap(), "{}", clerk.words().await);
    let kept = "document.querySelector(\"[name='paper.household']\").value === '原件 1 份' \
                && document.querySelector(\".intake__scan input[type=hidden]\") !== null";
    assert!(truth(clerk.tab, kept).await, "nothing typed is lost");
    click(clerk.tab, "label[for='f-incomplete']").await;
    clerk.press(".window__end button[value=send]").await;
    let path = clerk.path().await;
    assert!(path.starts_with("/desk/cases/") && path.contains("done=walk-in"), "{path}: {}", clerk.words().await);
    // What can be corrected while the applicant is here needs no notice.
    let case = path.split('?').next().unwrap();
    clerk.open(&format!("{case}/correct-on-spot?pile=accept")).await;
    clerk.tab.fill("#f-note", "补充验看出生医学证明").await.unwrap();
    if clerk.tab.has("[name='paper.kinship']").await.unwrap() {
        clerk.tab.fill("[name='paper.kinship']", "原件 1 份").await.unwrap();
    }
    clerk.press(".window__end button[value=send]").await;
    if clerk.tab.has("label[for='f-incomplete']").await.unwrap() {
        click(clerk.tab, "label[for='f-incomplete']").await;
        clerk.press(".window__end button[value=send]").await;
    }
    assert!(clerk.path().await.contains("done=correct-on-spot"), "{}", clerk.words().await);
    assert!(clerk.words().await.contains("补充验看出生医学证明"));
}

/// Whoever was proved at the window is known from then on.
async fn identity(office: &Office<'_>, clerk: &mut Person<'_>) {
    let person = office.demo.sample("birth-registration")["applicant"].clone();
    let secret = office.scan.with_extension("password");
    std::fs::write(&secret, "a-long-enough-secret").unwrap();
    let mut arguments = vec!["user", "add", "--dir", office.demo.folder(), "--login", "new.clerk", "--name", "新同事"];
    arguments.extend(["--role", "clerk", "--password-file", secret.to_str().unwrap()]);
    assert_eq!(code(&run(&arguments)), 0);
    clerk.open("/desk/identity").await;
    clerk.tab.fill("#f-login", "new.clerk").await.unwrap();
    clerk.tab.fill("#f-code", person["code"].as_str().unwrap()).await.unwrap();
    clerk.press("main .topic button.button").await;
    assert!(clerk.tab.has(".errors").await.unwrap(), "the clerk must have looked at card and face");
    click(clerk.tab, "label[for='f-seen']").await;
    clerk.press("main .topic button.button").await;
    assert_eq!(clerk.path().await, "/desk/identity?done=yes");
    let tab = office.tab(Screen::DESKTOP, "zh-CN").await;
    let mut known = office.at(&tab);
    known.open("/sign-in").await;
    tab.fill("#f-login", "new.clerk").await.unwrap();
    tab.fill("#f-password", "a-long-enough-secret").await.unwrap();
    known.press("form[action='/sign-in'] .form__actions button").await;
    known.open("/cases").await;
    assert_eq!(known.path().await, "/cases", "a proved person has cases of their own");
}

/// A paper licence: what is missing is named and nothing typed is lost; whoever typed it cannot confirm it, somebody else does.
async fn from_paper(office: &Office<'_>, clerk: &mut Person<'_>) {
    let wallet = office.tab(Screen::PHONE, "zh-CN").await;
    let mut holder = office.at(&wallet);
    holder.sign_in("zhang.officer").await;
    holder.open("/apply/investment-filing").await;
    let code = wallet.eval("document.querySelector('main input[name=applicant]').value").await.unwrap();
    clerk.open("/desk/paper-licences").await;
    clerk.open("/desk/paper-licences/new").await;
    clerk.open("/desk/paper-licences/new?type=investment-filing").await;
    let tab = clerk.tab;
    tab.fill("#f-code", code.as_str().unwrap()).await.unwrap();
    tab.fill("#f-number", "江发改备〔2024〕17号").await.unwrap();
    tab.fill("#f-issuer", "江城市发展和改革委员会").await.unwrap();
    for day in ["issued", "valid_from"] {
        tab.eval(&format!("document.querySelector('#f-{day}').value = '2024-05-06'")).await.unwrap();
    }
    clerk.press("main .window__end button[value=send]").await;
    assert!(tab.has(".errors").await.unwrap(), "the scan is missing: {}", clerk.words().await);
    let kept = tab.eval("document.querySelector('#f-number').value").await.unwrap();
    assert_eq!(kept, json!("江发改备〔2024〕17号"));
    tab.choose_files("#f-scan", &[&office.scan]).await.unwrap();
    tab.wait_for("input[name='scan.upload']").await.unwrap();
    clerk.press("main .window__end button[value=send]").await;
    let path = clerk.path().await;
    assert!(path.ends_with("?done=enter"), "{}", clerk.words().await);
    let path = path.trim_end_matches("?done=enter").to_owned();
    clerk.open(&path).await;
    assert!(!tab.has("#act-confirm").await.unwrap(), "who typed it does not confirm it");

    let other = office.tab(Screen::PHONE, "en").await;
    let mut approver = office.at(&other);
    approver.sign_in("gao.approver").await;
    approver.open("/desk/paper-licences").await;
    approver.press(&format!("main a[href='{path}']")).await;
    approver.press("#act-confirm .act__go button").await;
    assert!(other.has(".errors").await.unwrap(), "the original must have been seen");
    click(&other, "#act-confirm label").await;
    approver.press("#act-confirm .act__go button").await;
    assert!(approver.path().await.ends_with("?done=confirm"), "{}", approver.words().await);
    assert!(other.has("#act-end").await.unwrap() && !other.has("a[href^='/v/']").await.unwrap());
    clerk.open(&format!("{path}/correct")).await;
    holder.open("/licences").await;
    holder.press("main a[href^='/licences/paper/']").await;
    assert!(holder.words().await.contains("没有本平台的签名和印章"), "{}", holder.words().await);
}

/// Automation stops and goes on at once, each with a reason.
async fn studio(office: &Office<'_>) {
    let tab = office.tab(Screen::TABLET, "zh-CN").await;
    let mut administrator = office.at(&tab);
    administrator.sign_in("he.admin").await;
    let automatic = || office.demo.get("", "/api/v1/matters/public-place-hygiene").json()["automatic"] == true;
    administrator.open("/studio").await;
    administrator.open("/studio/public-place-hygiene").await;
    assert!(automatic());
    for (button, after) in [("pause", false), ("resume", true)] {
        administrator.press(&format!("main button[value={button}]")).await;
        assert!(administrator.tab.has(".errors").await.unwrap(), "a reason is needed");
        administrator.tab.fill("#f-reason", "规则正在复核").await.unwrap();
        administrator.press(&format!("main button[value={button}]")).await;
        assert_eq!(administrator.path().await, "/studio/public-place-hygiene");
        assert_eq!(automatic(), after, "{button}");
    }
    tab.screen(Screen::PHONE).await.unwrap();
    administrator.open("/studio").await;
}

/// What staff see every day, at three widths.
async fn rounds(office: &Office<'_>) {
    let pages: [(&str, &[&str]); 3] = [
        ("wu.clerk", &["/desk", "/desk/accept", "/desk/feedback", "/desk/deliver", "/desk/walk-in?q=开饭店"]),
        ("xu.supervisor", &["/desk", "/watch", "/watch/approval?light=late", "/watch/planning?light=paused"]),
        ("song.reviewer", &["/desk", "/desk/review"]),
    ];
    for (login, paths) in pages {
        let tab = office.tab(Screen::DESKTOP, "zh-CN").await;
        let mut person = office.at(&tab);
        person.sign_in(login).await;
        person.open(paths[1]).await;
        let case =
            tab.eval("document.querySelector('main a[href^=\"/desk/cases/\"]')?.getAttribute('href')").await.unwrap();
        for screen in [Screen::PHONE, Screen::TABLET, Screen::DESKTOP] {
            tab.screen(screen).await.unwrap();
            for path in paths.iter().copied().chain(case.as_str()) {
                person.open(path).await;
            }
        }
    }
}

#[test]
fn staff_take_a_case_from_the_pile_to_its_licence() {
    if !chromium() {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let scan = scratch.path().join("平面图.pdf");
    std::fs::write(&scan, b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n").unwrap();
    let demo = Demo::start(&scratch.path().join("city"), 0, None);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let browser = Browser::launch(&Launch::default()).await.unwrap();
        let office = Office { browser: &browser, demo: &demo, scan };
        from_pile_to_licence(&office).await;
        let tab = office.tab(Screen::DESKTOP, "zh-CN").await;
        let mut clerk = office.at(&tab);
        clerk.sign_in("wu.clerk").await;
        walk_in(&office, &mut clerk).await;
        identity(&office, &mut clerk).await;
        from_paper(&office, &mut clerk).await;
        studio(&office).await;
        rounds(&office).await;
    });
}
