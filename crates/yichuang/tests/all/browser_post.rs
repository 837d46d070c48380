//! A result by mail in the browser: wanted when applying, sent, returned, posted once more, delivered; with the carrier's files as the
//! only word of where it is. Every page at three widths and in both languages.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::browser::{Browser, Launch, Screen, Tab};

use crate::browser::{Person, axe, chromium};
use crate::program::Demo;

const STREET: &str = "望海路 1 号 2 单元 301";

async fn person<'t>(tab: &'t Tab, demo: &Demo, login: &str) -> Person<'t> {
    tab.headers(json!({ "Accept-Language": "zh-CN" })).await.unwrap();
    let home = format!("http://127.0.0.1:{}", demo.port);
    let mut person = Person { tab, home, script: true, axe: axe(), seen: Vec::new() };
    person.sign_in(login).await;
    person
}

/// The item of a case as it is stored.
fn item(demo: &Demo, case: &str) -> Value {
    let database = rusqlite::Connection::open(demo.dir.join("city.db")).unwrap();
    let sql = "SELECT doc FROM mailing WHERE case_number = ?1";
    let doc: String = database.query_row(sql, [case], |row| row.get(0)).unwrap();
    serde_json::from_str(&doc).unwrap()
}

/// Writes what the carrier says, and waits until it is noted.
async fn reports(demo: &Demo, tab: &Tab, case: &str, (kind, note): (&str, &str)) {
    let number = item(demo, case)["number"].as_str().unwrap().to_owned();
    let now = tab.eval("new Date().toISOString()").await.unwrap();
    let folder = demo.dir.join("mail/status");
    std::fs::create_dir_all(&folder).unwrap();
    let line = format!("{number},{kind},{},{note}\n", now.as_str().unwrap());
    // Renamed into place, so that it is never read half.
    let partial = folder.join("report.partial");
    std::fs::write(&partial, line).unwrap();
    std::fs::rename(&partial, folder.join(format!("{number}-{kind}.csv"))).unwrap();
    let begun = Instant::now();
    while item(demo, case)["state"] != kind {
        assert!(begun.elapsed() < Duration::from_secs(60), "{:#}", item(demo, case));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn fill(person: &Person<'_>, street: &str) {
    for (field, text) in
        [("name", "李晓"), ("phone", "13800000000"), ("region", "山东省青岛市黄岛区"), ("street", street)]
    {
        person.tab.fill(&format!("#f-{field}"), text).await.unwrap();
    }
}

/// Applies with the sample, wants the result by mail, and answers the number of the case.
async fn apply(person: &mut Person<'_>) -> String {
    person.apply().await;
    person.tab.click("main input[name=delivery][value=mail]").await.unwrap();
    person.tab.click("main form details summary").await.unwrap();
    fill(person, STREET).await;
    person.press("main form[action$='/check'] button[value=send]").await;
    let path = person.path().await;
    assert!(path.ends_with("/receipt"), "{path}: {}", person.words().await);
    path.trim_start_matches("/cases/").trim_end_matches("/receipt").to_owned()
}

/// The clerk makes a label, looks at it, and hands the item over.
async fn posts(clerk: &mut Person<'_>, demo: &Demo, case: &str) {
    clerk.open("/desk/mail").await;
    assert!(clerk.words().await.contains(case), "{}", clerk.words().await);
    assert!(!clerk.words().await.contains(STREET), "addresses stand on labels only");
    clerk.press("main button[value=label]").await;
    let own = item(demo, case);
    let (id, number) = (own["id"].as_str().unwrap(), own["number"].as_str().unwrap());
    assert!(clerk.words().await.contains(number), "{}", clerk.words().await);
    let fetch = format!("fetch('/desk/mail/{id}/label').then(r => r.headers.get('content-type') + ' ' + r.status)");
    assert_eq!(clerk.tab.eval(&fetch).await.unwrap(), json!("application/pdf 200"));
    let file = demo.dir.join(format!("mail/labels/{number}.pdf"));
    assert!(std::fs::read(file).unwrap().starts_with(b"%PDF"));
    clerk.press("main button[value=hand-over]").await;
}

/// A page at three widths in both languages.
async fn everywhere(person: &mut Person<'_>, path: &str) {
    for language in ["en", "zh-CN"] {
        person.tab.headers(json!({ "Accept-Language": language })).await.unwrap();
        for screen in [Screen::PHONE, Screen::TABLET, Screen::DESKTOP] {
            person.tab.screen(screen).await.unwrap();
            person.open(path).await;
        }
    }
}

#[test]
fn a_result_that_came_back_is_posted_once_more_and_delivered() {
    if !chromium() {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let demo = Demo::start(&scratch.path().join("city"), 0, None);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let browser = Browser::launch(&Launch::default()).await.unwrap();
        let tabs = [browser.tab(Screen::PHONE).await.unwrap(), browser.tab(Screen::DESKTOP).await.unwrap()];
        let mut owner = person(&tabs[0], &demo, "li.shop").await;
        let case = apply(&mut owner).await;
        let page = format!("/cases/{case}/mail");
        owner.open(&format!("/cases/{case}")).await;
        owner.press(&format!("main a[href='{page}']")).await;
        assert!(owner.words().await.contains(STREET), "{}", owner.words().await);
        everywhere(&mut owner, &page).await;

        let mut clerk = person(&tabs[1], &demo, "wu.clerk").await;
        everywhere(&mut clerk, "/desk/mail").await;
        posts(&mut clerk, &demo, &case).await;
        reports(&demo, owner.tab, &case, ("returned", "收件人不在")).await;
        clerk.open("/desk/mail?pile=returned").await;
        assert!(
            clerk.words().await.contains(&case) && clerk.words().await.contains("收件人不在"),
            "{}",
            clerk.words().await
        );

        everywhere(&mut owner, &page).await;
        let words = owner.words().await;
        assert!(words.contains("已退回窗口") && words.contains("收件人不在"), "{words}");
        fill(&owner, "望海路 2 号 1 单元 101").await;
        owner.press("main button[value=again]").await;
        assert_eq!(item(&demo, &case)["posting"], 2, "{}", owner.words().await);

        posts(&mut clerk, &demo, &case).await;
        reports(&demo, owner.tab, &case, ("delivered", "本人")).await;
        everywhere(&mut owner, &page).await;
        let words = owner.words().await;
        assert!(words.contains("已签收") && words.contains("送达日期"), "{words}");
        let begun = Instant::now();
        loop {
            owner.tab.goto(&format!("{}/cases/{case}", owner.home)).await.unwrap();
            if owner.words().await.contains("已邮寄送达") {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{}", owner.words().await);
        }
        owner.look().await;
    });
}
