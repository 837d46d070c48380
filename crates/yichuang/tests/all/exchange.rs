//! Two cities: what the first has issued is not asked for again in the second, from the wizard to the clerk's screen, and its holder
//! reads in the first who looked. When the first is gone, the second asks for the paper.

use std::path::Path;

use serde_json::{Value, json};
use testkit::browser::{Browser, Launch, Screen, Tab};

use crate::browser::{Person, axe, chromium};
use crate::program::{Demo, code, err, out, run};

const GIVES_IT: &str = "investment-filing";
const NEEDS_IT: &str = "land-planning-permit";
const SLOT: &str = "project-approval";
/// She answers for a company that has filed no project yet.
const OWNER: &str = "zhou.chef";

/// The second city's account, token and roots at the first, as its configuration takes them.
fn befriend(first: &Demo, second: &Path, scratch: &Path) {
    let command = |arguments: &[&str]| {
        let output = run(&[arguments, &["--dir", first.folder()][..]].concat());
        assert_eq!(code(&output), 0, "{} {}", out(&output), err(&output));
        out(&output)
    };
    command(&["user", "add", "--login", "haibin", "--name", "海滨区一窗", "--role", "integrator"]);
    let token = command(&["token", "create", "--account", "haibin", "--scope", "exchange", "--label", "exchange"]);
    let (token_file, roots_file) = (scratch.join("token"), scratch.join("roots.pem"));
    std::fs::write(&token_file, token).unwrap();
    let roots = first.get("", "/trust/roots.pem");
    assert_eq!(roots.status, 200);
    std::fs::write(&roots_file, roots.body).unwrap();
    let keys = run(&["log", "keys", "--json", "--dir", first.folder()]);
    let keys: Value = serde_json::from_str(&out(&keys)).unwrap();
    let path = second.join("city.json");
    let mut config: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    config["peers"] = json!([{
        "id": "hailan",
        "name": { "zh": "海澜区一窗", "en": "Hailan District" },
        "url": format!("http://127.0.0.1:{}", first.port),
        "token_file": token_file,
        "roots_file": roots_file,
        "log_key": keys["log"],
        "licence_types": [GIVES_IT],
        "timeout_seconds": 20,
    }]);
    std::fs::write(&path, config.to_string()).unwrap();
}

async fn person<'t>(tab: &'t Tab, demo: &Demo, login: &str) -> Person<'t> {
    tab.headers(json!({ "Accept-Language": "zh-CN" })).await.unwrap();
    let home = format!("http://127.0.0.1:{}", demo.port);
    let mut person = Person { tab, home, script: true, axe: axe(), seen: Vec::new() };
    person.sign_in(login).await;
    person
}

/// Begins an application for the person's company and answers the address of the draft.
async fn begin(person: &mut Person<'_>, slug: &str) -> String {
    person.open(&format!("/apply/{slug}")).await;
    person.choose("main input[name=applicant]", "main label[for='f-applicant']").await;
    person.press(&format!("form[action='/apply/{slug}'] .form__actions button")).await;
    let draft = person.path().await;
    assert!(draft.starts_with("/drafts/"), "{draft}");
    draft
}

/// The whole way with the sample, until rules have granted it.
async fn receive(person: &mut Person<'_>, slug: &str) {
    begin(person, slug).await;
    person.press("main form[action$='/sample'] button").await;
    person.press("main .form__actions a.button").await;
    for _ in 0..20 {
        let path = person.path().await;
        if path.ends_with("/check") {
            break;
        }
        person.press("main form .form__actions button.button").await;
        assert_ne!(person.path().await, path, "stuck: {}", person.words().await);
    }
    person.press("main form[action$='/check'] button[value=send]").await;
    assert!(person.path().await.ends_with("/receipt"), "{}", person.words().await);
}

/// The licence that was issued last: id, number, holder.
fn issued(demo: &Demo) -> Value {
    let database = rusqlite::Connection::open(demo.dir.join("city.db")).unwrap();
    let sql = "SELECT doc FROM licence WHERE licence_type = ?1 ORDER BY id DESC LIMIT 1";
    let doc: String = database.query_row(sql, [GIVES_IT], |row| row.get(0)).unwrap();
    serde_json::from_str(&doc).unwrap()
}

/// Files in the second city for that holder, without the paper.
fn file(demo: &Demo, holder: &Value) -> String {
    let mut body = demo.sample(NEEDS_IT);
    body["applicant"] = holder.clone();
    let materials = body["materials"].as_array_mut().unwrap();
    materials.retain(|item| item["slot"] != SLOT);
    let mut more = materials[0].clone();
    more["slot"] = json!("land-contract");
    if materials.iter().all(|item| item["slot"] != "land-contract") {
        materials.push(more);
    }
    let filed = demo.file(&demo.key(), &body);
    assert_eq!(filed.status, 201, "{}", filed.text());
    filed.json()["number"].as_str().unwrap().to_owned()
}

#[test]
fn a_licence_of_another_city_is_not_asked_for_again() {
    if !chromium() {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let (one, two) = (scratch.path().join("one"), scratch.path().join("two"));
    let first = Demo::start(&one, 0, None);
    Demo::start(&two, 0, None).kill();
    befriend(&first, &two, scratch.path());
    let second = Demo::start(&two, 0, None);
    // What the sample's industry may do is written into the register by asking for the sample.
    first.sample(GIVES_IT);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let browser = Browser::launch(&Launch::default()).await.unwrap();
        let tabs = [
            browser.tab(Screen::DESKTOP).await.unwrap(),
            browser.tab(Screen::PHONE).await.unwrap(),
            browser.tab(Screen::DESKTOP).await.unwrap(),
        ];
        let mut owner = person(&tabs[0], &first, OWNER).await;
        receive(&mut owner, GIVES_IT).await;
        let licence = issued(&first);
        let number = licence["number"].as_str().unwrap();

        let mut applicant = person(&tabs[1], &second, OWNER).await;
        let draft = begin(&mut applicant, NEEDS_IT).await;
        applicant.open(&format!("{draft}/materials")).await;
        let words = applicant.words().await;
        assert!(words.contains("海澜区一窗") && words.contains(number), "{words}");
        assert!(!applicant.tab.has(&format!("#f-{SLOT}")).await.unwrap(), "nothing is to be handed in");

        let case = file(&second, &licence["holder"]);
        let mut clerk = person(&tabs[2], &second, "wu.clerk").await;
        clerk.open(&format!("/desk/cases/{case}")).await;
        let words = clerk.words().await;
        assert!(words.contains(number) && words.contains("签名核验通过"), "{words}");
        assert!(words.contains("海澜区一窗") && words.contains("确认有效"), "{words}");
        let check = format!("a[href='{}/v/{}']", owner.home, licence["public_id"].as_str().unwrap());
        assert!(clerk.tab.has(&check).await.unwrap(), "anybody checks it where it was issued");

        // The holder reads at the issuer who looked, for which draft and which case.
        owner.open("/me/access").await;
        let words = owner.words().await;
        let draft = draft.trim_start_matches("/drafts/").split('/').next().unwrap().to_owned();
        for part in ["海滨区一窗", &draft, &case] {
            assert!(words.contains(part), "{part} in {words}");
        }

        // When the first city is gone, the second asks for the paper.
        first.kill();
        let later = begin(&mut applicant, NEEDS_IT).await;
        applicant.open(&format!("{later}/materials")).await;
        assert!(applicant.tab.has(&format!("#f-{SLOT}")).await.unwrap(), "{}", applicant.words().await);
    });
}
