//! Messages leave the platform through a real mail server and a gateway: a person confirms addresses in a browser, and what comes then
//! arrives encrypted, signed, once, and with a subject that says nothing about anybody.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::browser::{Browser, Launch, Screen, required};

use crate::browser::{Person, axe, chromium};
use crate::program::{Demo, catalogue, code, err, out, run};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Runs a tool of the machine in a folder; `None` when it is missing and need not be there.
fn tool(folder: &Path, program: &str, arguments: &[&str]) -> Option<()> {
    match Command::new(program).args(arguments).current_dir(folder).output() {
        Ok(output) if output.status.success() => Some(()),
        other => {
            assert!(!required(), "{program} {arguments:?}: {other:?}");
            eprintln!("skipped: {program} {arguments:?}");
            None
        }
    }
}

/// The Python that `YICHUANG_PYTHON` names, if it has aiosmtpd.
fn python(folder: &Path) -> Option<String> {
    let python = std::env::var("YICHUANG_PYTHON").ok();
    assert!(python.is_some() || !required(), "YICHUANG_PYTHON must name a Python with aiosmtpd");
    let python = python?;
    tool(folder, &python, &["-c", "import aiosmtpd"])?;
    Some(python)
}

/// Mail server and gateway; dropping them ends the process by its own id.
struct OtherSide {
    child: Child,
    mail: u16,
    gateway: u16,
    arrived: PathBuf,
}

impl OtherSide {
    fn start(folder: &Path, python: &str) -> OtherSide {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all/ways_out/other_side.py");
        let arrived = folder.join("arrived.jsonl");
        let mut child = Command::new(python)
            .arg(script)
            .arg(&arrived)
            .args(["server.pem", "server.key", SECRET])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ports: Vec<u16> = line.split_whitespace().map(|port| port.parse().unwrap()).collect();
        OtherSide { child, mail: ports[0], gateway: ports[1], arrived }
    }

    fn all(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.arrived).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The first that fits, once it is there.
    fn wait_for(&self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            if let Some(found) = self.all().into_iter().find(&fits) {
                return found;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "no {what}: {:#?}", self.all());
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for OtherSide {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn digits(text: &str) -> String {
    text.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 6).unwrap().to_owned()
}

/// A catalogue without quiet hours, because the test runs at any hour.
fn wakeful(scratch: &Path) -> PathBuf {
    let folder = scratch.join("catalog");
    let mut files = testkit::city::catalogue(&catalogue()).unwrap();
    let messages = files.get_mut("messages.json").unwrap();
    *messages = messages.replace("\"22:00\"", "\"07:00\"");
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn configure(demo: &Path, scratch: &Path, other: &OtherSide) {
    std::fs::write(scratch.join("password"), "open sesame\n").unwrap();
    std::fs::write(scratch.join("secret"), format!("{SECRET}\n")).unwrap();
    let path = demo.join("city.json");
    let mut config: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    config["messages"] = json!({
        "email": {
            "host": "localhost",
            "port": other.mail,
            "security": "starttls",
            "user": "yichuang",
            "password_file": scratch.join("password"),
            "from": "noreply@hailan.example.cn",
            "ca_file": scratch.join("server.pem"),
        },
        "gateways": [{
            "channel": "sms",
            "url": format!("http://127.0.0.1:{}/send", other.gateway),
            "secret_file": scratch.join("secret"),
        }],
    });
    std::fs::write(&path, config.to_string()).unwrap();
}

/// Asks for a code for an address, takes the code from what has arrived, and confirms it.
async fn confirm(person: &mut Person<'_>, other: &OtherSide, channel: &str, address: &str) {
    person.tab.fill(&format!("#f-{channel}-address"), address).await.unwrap();
    person.press(&format!("form[action='/me/contacts/{channel}'] button")).await;
    let to = address.to_owned();
    let fits = |own: &Value| own["to"] == json!([to]) || own["to"] == json!(to);
    let code = digits(&text(&other.wait_for("code", fits), "text"));
    person.tab.fill(&format!("#f-{channel}-code"), &code).await.unwrap();
    person.press(&format!("form[action='/me/contacts/{channel}/confirm'] button")).await;
    assert_eq!(person.path().await, "/me/contacts", "{}", person.words().await);
}

#[test]
fn messages_leave_by_mail_and_by_gateway() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    let request = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "server.key",
        "-out",
        "server.pem",
        "-days",
        "30",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
    ];
    let (Some(python), true, Some(())) = (python(folder), chromium(), tool(folder, "openssl", &request)) else {
        return;
    };
    let other = OtherSide::start(folder, &python);
    let dir = folder.join("city");
    Demo::start(&dir, 0, None).kill();
    configure(&dir, folder, &other);
    let imported = run(&["catalog", "import", wakeful(folder).to_str().unwrap(), "--dir", dir.to_str().unwrap()]);
    assert_eq!(code(&imported), 0, "{} {}", out(&imported), err(&imported));
    let demo = Demo::start(&dir, 0, None);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let browser = Browser::launch(&Launch::default()).await.unwrap();
        let home = format!("http://127.0.0.1:{}", demo.port);
        let tab = browser.tab(Screen::PHONE).await.unwrap();
        tab.headers(json!({ "Accept-Language": "zh-CN" })).await.unwrap();
        let mut person = Person { tab: &tab, home: home.clone(), script: true, axe: axe(), seen: Vec::new() };
        person.sign_in("li.shop").await;
        person.open("/me").await;
        person.press("aside a[href='/me/contacts']").await;
        confirm(&mut person, &other, "email", "li.shop@example.cn").await;
        assert!(person.words().await.contains("li***@example.cn"), "{}", person.words().await);
        confirm(&mut person, &other, "sms", "13800000000").await;
        for (screen, language) in [
            (Screen::PHONE, "en"),
            (Screen::TABLET, "zh-CN"),
            (Screen::TABLET, "en"),
            (Screen::DESKTOP, "zh-CN"),
            (Screen::DESKTOP, "en"),
        ] {
            tab.screen(screen).await.unwrap();
            tab.headers(json!({ "Accept-Language": language })).await.unwrap();
            person.open("/me/contacts").await;
        }
        // An address where nobody lives.
        person.tab.fill("#f-email-address", "gone@example.cn").await.unwrap();
        person.press("form[action='/me/contacts/email'] button").await;
    });
    check_mail(&other);
    check_gateway(&other);
    check_status(&demo);
}

fn check_mail(other: &OtherSide) {
    let news =
        other.wait_for("news by mail", |own| own["by"] == "smtp" && text(own, "text").contains("消息通知已开通"));
    assert_eq!(news["subject"], "【江城市海澜区】您有一条新消息");
    assert_eq!((&news["encrypted"], &news["authenticated"]), (&json!(true), &json!(true)));
    assert_eq!((&news["from"], &news["auto"]), (&json!("noreply@hailan.example.cn"), &json!("auto-generated")));
    assert!(text(&news, "sender").contains("江城市海澜区"), "{news}");
    assert!(text(&news, "id").ends_with("@127.0.0.1>") && text(&news, "id").contains(".email"), "{news}");
    assert!(text(&news, "text").contains("/me") && !text(&news, "text").contains('{'), "{news}");
    let mut ids: Vec<String> =
        other.all().iter().filter(|own| own["by"] == "smtp").map(|own| text(own, "id")).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "each goes out once");
}

fn check_gateway(other: &OtherSide) {
    let news =
        other.wait_for("news by gateway", |own| own["by"] == "gateway" && text(own, "text").contains("消息通知"));
    assert_eq!((&news["signed"], &news["channel"], &news["lang"]), (&json!(true), &json!("sms"), &json!("zh-CN")));
    assert_eq!((&news["key"], &news["to"]), (&news["id"], &json!("13800000000")));
    assert!(other.all().iter().filter(|own| own["by"] == "gateway").all(|own| own["signed"] == true));
}

/// The operator sees what the mail server refused for ever, and may try it anew.
fn check_status(demo: &Demo) {
    let begun = Instant::now();
    loop {
        let status = run(&["--json", "messages", "status", "--dir", demo.folder()]);
        let found: Value = serde_json::from_str(&out(&status)).unwrap();
        let failed = found["failed"].as_array().unwrap();
        if failed.is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(60), "{found}");
            std::thread::sleep(Duration::from_millis(500));
            continue;
        }
        assert_eq!((code(&status), failed.len()), (1, 1), "{found}");
        assert_eq!((&failed[0]["answer"], &failed[0]["channel"]), (&json!(550), &json!("email")));
        assert!(!out(&status).contains("example.cn"), "no address of anybody: {found}");
        break;
    }
    let retried = run(&["messages", "retry", "--dir", demo.folder()]);
    assert!(code(&retried) == 0 && out(&retried).starts_with("1 "), "{}", out(&retried));
}
