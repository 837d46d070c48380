//! Figures as the head of a hall sees them: at three widths, in both languages, down to the cases; every table as CSV and XLSX with the
//! same numbers, also in LibreOffice; and the same by API.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use axum::body::to_bytes;
use axum::http::{Method, header};
use calamine::{Data, Reader, Xlsx};
use domain::accounts::{Actor, Role};
use domain::cases::Origin;
use domain::halls::{TicketCommand, TicketSource};
use serde_json::{Value, json};
use service::cases::{self, Submit};
use service::halls::{self, Take};
use service::{City, demo, journal, supervision};
use testkit::browser::{Browser, Launch, Screen, chromium, required};

use crate::routes::Scene;
use crate::sign_in::{Open, Person, open};

const WORD: &str = "a good password";
const PLACE: &str = "civic-centre";

/// Cases of two kinds, a ticket that was served, and the published figures.
async fn fill(city: &City, clerk: &Actor) {
    for (origin, terminal_at) in
        [(Origin::Api, None), (Origin::Api, None), (Origin::Web, Some(PLACE.to_owned())), (Origin::Window, None)]
    {
        let drawn = demo::draw(city, "public-place-hygiene").await.unwrap();
        let by = match origin {
            Origin::Window => clerk.clone(),
            Origin::Api => staff(Role::Integrator),
            Origin::Web => Actor { person: Some(drawn.applicant.clone()), ..staff(Role::Citizen) },
        };
        cases::submit(city, &by, Submit { terminal_at, ..drawn.submit(origin) }).await.unwrap();
    }
    let take = Take {
        place: PLACE.into(),
        counter: "general".into(),
        matter: String::new(),
        assisted: false,
        code: String::new(),
        source: TicketSource::Reception,
        key: None,
    };
    let id = halls::take(city, clerk, take).await.unwrap().id.to_string();
    let at = || "1".to_owned();
    for step in [
        TicketCommand::Call { window: at() },
        TicketCommand::Serve { window: at() },
        TicketCommand::Finish { window: at() },
    ] {
        halls::work(city, clerk, &id, step, None).await.unwrap();
    }
    while journal::advance(city).await.unwrap() > 0 {}
    supervision::load_embedded(city, &Actor::operator()).await.unwrap();
}

fn staff(role: Role) -> Actor {
    Actor { grants: vec![grant(role)], ..Actor::operator() }
}

fn grant(role: Role) -> domain::accounts::Grant {
    domain::accounts::Grant { role, department: None, district: None }
}

async fn sign_in(person: &Person<'_>, login: &str, next: &str) {
    person.go(&format!("/sign-in?next={next}")).await;
    person.tab.fill("#f-login", login).await.unwrap();
    person.tab.fill("#f-password", WORD).await.unwrap();
    person.press("form[action='/sign-in'] button").await;
    assert_eq!(person.path().await, next, "{}", person.words().await);
}

/// From the figures of the morning to the cases behind one, and to one place.
async fn morning(city: &Open, person: &Person<'_>, name: &str) {
    sign_in(person, "head", "/watch").await;
    person.press("a[href='/watch/figures']").await;
    person.look(&format!("{name}-city")).await;
    let words = person.words().await;
    for number in ["108.2%", "198.6%", "213.0%", "138.3%", "97.66%", "5,329"] {
        assert!(words.contains(number), "{number}: {words}");
    }
    let cell = "#sheet-weeks";
    assert!(person.tab.has(cell).await.unwrap());
    person.press("section[aria-labelledby=sheet-weeks] tbody tr:first-child td a").await;
    person.look(&format!("{name}-cases")).await;
    let listed = person.tab.eval("document.querySelectorAll('[data-queue] > li').length").await.unwrap();
    assert_eq!(listed, json!(4), "the number and its cases are the same: {}", person.words().await);
    person.press("[data-queue] a").await;
    assert!(person.path().await.starts_with("/desk/cases/"));
    person.go("/watch/figures").await;
    let chosen = format!("(document.querySelector('#f-place').value = '{PLACE}') !== ''");
    assert_eq!(person.tab.eval(&chosen).await.unwrap(), json!(true));
    person.press("form[action='/watch/figures'] button").await;
    assert!(person.path().await.contains(&format!("place={PLACE}")), "{}", person.path().await);
    person.look(&format!("{name}-place")).await;
    let name_of = city.test.city.shelf().place(PLACE).unwrap().name.clone();
    person.press("section[aria-labelledby=sheet-channels] tbody tr:nth-child(2) td a").await;
    assert!(person.path().await.contains("channel=kiosk"), "{}", person.path().await);
    let words = person.words().await;
    assert!(words.contains(&name_of.zh) || words.contains(&name_of.en), "{words}");
    person.go("/watch/figures?week=2031-01-01").await;
    assert!(person.tab.has("#errors").await.unwrap() && person.tab.has("#f-week-error").await.unwrap());
    person.look(&format!("{name}-no-such-week")).await;
    person.go("/watch/figures/cases?figure=late-limit").await;
    person.look(&format!("{name}-nothing")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_of_a_hall_looks_at_the_figures_of_the_week() {
    if !chromium() {
        return;
    }
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    let city = open(|_, _| {}).await;
    let clerk = city.test.staff(Role::Clerk, None, "clerk", WORD).await.unwrap();
    city.test.staff(Role::Supervisor, None, "head", WORD).await.unwrap();
    fill(&city.test.city, &clerk).await;
    for (screen, language, elder) in [
        (Screen::PHONE, "zh-CN", false),
        (Screen::PHONE, "en", true),
        (Screen::TABLET, "en", false),
        (Screen::TABLET, "zh-CN", true),
        (Screen::DESKTOP, "zh-CN", false),
        (Screen::DESKTOP, "en", false),
    ] {
        let tab = browser.tab(screen).await.unwrap();
        let person = Person { tab: &tab, home: &city.home };
        person.speaks(language).await;
        if elder {
            tab.goto(&format!("{}/display?set=elder&back=/", city.home)).await.unwrap();
        }
        morning(&city, &person, &format!("{language}-{}", screen.width)).await;
    }
}

/// A table as numbers and words: what a spreadsheet must show.
type Grid = Vec<Vec<String>>;

/// Numbers are compared as numbers, however many zeros are written.
fn plain(text: &str) -> String {
    text.parse::<f64>().map_or_else(|_| text.to_owned(), |number| number.to_string())
}

fn of_csv(text: &str) -> Grid {
    let line = |line: &str| {
        let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(std::mem::take(&mut cell)),
                c => cell.push(c),
            }
        }
        cells.push(cell);
        cells.iter().map(|cell| plain(cell)).collect()
    };
    text.trim_start_matches('\u{feff}').lines().map(line).collect()
}

fn of_xlsx(bytes: &[u8]) -> Grid {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).unwrap();
    let cell = |cell: &Data| match cell {
        Data::Float(number) => number.to_string(),
        Data::Int(number) => plain(&number.to_string()),
        Data::Empty => String::new(),
        // A number that was written as words would be seen here.
        Data::String(text) => {
            assert!(text.parse::<f64>().is_err(), "{text} is no number in the file");
            text.clone()
        }
        other => panic!("{other:?}"),
    };
    range.rows().map(|row| row.iter().map(cell).collect()).collect()
}

/// The files of a folder as LibreOffice reads them, by name, written anew as CSV; `None` without LibreOffice.
fn by_office(folder: &Path, ending: &str) -> Option<BTreeMap<String, Grid>> {
    let there = |program: &&str| Command::new(program).arg("--version").output().is_ok_and(|out| out.status.success());
    let Some(program) = ["soffice", "libreoffice"].into_iter().find(there) else {
        assert!(!required(), "LibreOffice is missing: run script/setup");
        return None;
    };
    let out = folder.join(format!("from-{ending}"));
    let mut run = Command::new(program);
    run.arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()));
    run.args(["--headless", "--norestore", "--convert-to"]);
    // Comma, quote, UTF-8, all lines; numbers as they are and not as their format shows them; the first page.
    run.arg("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,0");
    if ending == "csv" {
        // The same for reading; what stands in quotes is text.
        run.arg("--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,true,false");
    }
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|own| own == ending));
    let done = run.arg("--outdir").arg(&out).args(files).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, of_csv(&std::fs::read_to_string(&path).unwrap()))
    };
    Some(std::fs::read_dir(&out).unwrap().map(read).collect())
}

async fn download(scene: &Scene, path: &str) -> (String, Vec<u8>) {
    let response = scene.as_person(Method::GET, path, Some("supervisor"), "").await;
    assert_eq!(response.status().as_u16(), 200, "{path}");
    let name = response.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    (name, to_bytes(response.into_body(), 1 << 22).await.unwrap().to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_opens_with_the_same_numbers() {
    let scene = Scene::new().await;
    fill(scene.city(), &staff(Role::Clerk)).await;
    let folder = tempfile::tempdir().unwrap();
    let head = staff(Role::Supervisor);
    let own = supervision::figures(scene.city(), &head, &supervision::Asked::default()).await.unwrap();
    let published = supervision::published(scene.city(), &head).await.unwrap();
    assert_eq!((own.sheets.len(), published.len()), (6, 4));
    let mut all = BTreeMap::new();
    for sheet in own.sheets.iter().chain(&published) {
        let path = format!("/watch/figures/{}", sheet.id);
        let (name, csv) = download(&scene, &format!("{path}/csv")).await;
        assert!(name.contains(sheet.id) && name.ends_with(".csv\""), "{name}");
        assert!(csv.starts_with("\u{feff}".as_bytes()), "spreadsheets need the mark to read UTF-8");
        let shown = of_csv(std::str::from_utf8(&csv).unwrap());
        assert_eq!(shown.len(), sheet.lines.len() + 1, "{}", sheet.id);
        for (line, cells) in sheet.lines.iter().zip(&shown[1..]) {
            for (cell, text) in line.cells.iter().zip(cells) {
                let value = cell.value();
                let expected = match &value {
                    Value::Number(number) => number.as_f64().unwrap().to_string(),
                    Value::Null => String::new(),
                    words => words["zh"].as_str().unwrap().to_owned(),
                };
                assert_eq!(*text, expected, "{}", sheet.id);
            }
        }
        let (_, xlsx) = download(&scene, &format!("{path}/xlsx")).await;
        assert_eq!(of_xlsx(&xlsx), shown, "{}", sheet.id);
        std::fs::write(folder.path().join(format!("{}.csv", sheet.id)), csv).unwrap();
        std::fs::write(folder.path().join(format!("{}.xlsx", sheet.id)), xlsx).unwrap();
        all.insert(sheet.id.to_owned(), shown);
    }
    for ending in ["csv", "xlsx"] {
        if let Some(office) = by_office(folder.path(), ending) {
            assert_eq!(office, all, "{ending} in LibreOffice");
        }
    }
    for path in ["/watch/figures/no-such-table/csv", "/watch/figures/weeks/pdf"] {
        assert_eq!(scene.as_person(Method::GET, path, Some("supervisor"), "").await.status().as_u16(), 404);
    }
    let refused = scene.as_person(Method::GET, "/watch/figures/weeks/csv?week=soon", Some("supervisor"), "").await;
    assert_eq!(refused.status().as_u16(), 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_of_the_head_reads_the_same_figures() {
    let scene = Scene::new().await;
    fill(scene.city(), &staff(Role::Clerk)).await;
    let (status, _, body) = scene.ask("supervisor", "GET /api/v1/figures", &[], "").await;
    assert_eq!(status, 200, "{body}");
    let table = |id: &str| {
        let all = body["tables"].as_array().unwrap().iter().chain(body["published"].as_array().unwrap());
        all.into_iter().find(|own| own["id"] == id).unwrap().clone()
    };
    assert_eq!(table("weeks")["rows"][0]["received"], 4);
    assert_eq!(table("published-growth")["rows"][0]["growth"], 108.2);
    assert_eq!(table("weeks")["columns"][1]["cases"], "received");
    let (status, _, list) = scene.ask("supervisor", "GET /api/v1/figures/cases?limit=3", &[], "").await;
    assert_eq!((status, list["items"].as_array().unwrap().len()), (200, 3), "{list}");
    let next = format!("GET /api/v1/figures/cases?limit=3&after={}", list["next"].as_str().unwrap());
    let (_, _, rest) = scene.ask("supervisor", &next, &[], "").await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
    for (path, field) in [
        ("GET /api/v1/figures?week=soon", "week"),
        ("GET /api/v1/figures?place=nowhere", "place"),
        ("GET /api/v1/figures/cases?figure=lost", "figure"),
        ("GET /api/v1/figures/cases?limit=0", "limit"),
    ] {
        let (status, _, problem) = scene.ask("supervisor", path, &[], "").await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    for system in ["owner", "clerk", "reader"] {
        assert_eq!(scene.ask(system, "GET /api/v1/figures", &[], "").await.0, 403, "{system}");
    }
    assert_eq!(scene.ask("visitor", "GET /api/v1/figures", &[], "").await.0, 401);
}
