//! Figures: counted from the journal where and how a case came in, the same as the cases themselves, with the cases behind each.

use std::collections::BTreeMap;

use domain::accounts::{Actor, Grant, Role};
use domain::cases::{Case, DutyKind, Origin};
use domain::halls::{TicketCommand, TicketSource};
use domain::supervision::Week;
use domain::time::Timestamp;
use jiff::civil::date;
use serde_json::{Value, json};
use service::cases::{CaseRow, Submit, Work, submit, work};
use service::halls::{self, Book, Take};
use service::simulate::{FIRST_DAY, Plan, Size, run};
use service::supervision::{Asked, Behind, Figures, behind, figures, load, load_embedded, published};
use service::{City, ServiceError, demo, jobs, journal};

use crate::bed::{Bed, TODAY, actor, administrator};

const PLACE: &str = "civic-centre";
const AUTOMATIC: &str = "public-place-hygiene";
const MANUAL: &str = "device-class3";
const DAY: i64 = 86_400;

fn clerk() -> Actor {
    actor("窗口", Role::Clerk)
}

fn head() -> Actor {
    actor("大厅负责人", Role::Supervisor)
}

async fn follow(city: &City) {
    while journal::advance(city).await.unwrap() > 0 {}
}

async fn file(city: &City, matter: &str, origin: Origin, terminal_at: Option<&str>) -> String {
    let drawn = demo::draw(city, matter).await.unwrap();
    let by = match origin {
        Origin::Window => clerk(),
        Origin::Api => actor("测试系统", Role::Integrator),
        Origin::Web => Actor { person: Some(drawn.applicant.clone()), ..actor("申请人", Role::Citizen) },
    };
    let wanted = Submit { terminal_at: terminal_at.map(str::to_owned), ..drawn.submit(origin) };
    submit(city, &by, wanted).await.unwrap().number
}

/// Somebody is served at window 1: brought there, and sent away again after `then`.
async fn serve(city: &City, code: &str, then: impl AsyncFnOnce()) {
    let wish = Take {
        place: PLACE.into(),
        counter: if code.is_empty() { "general".into() } else { String::new() },
        matter: String::new(),
        assisted: false,
        code: code.into(),
        source: TicketSource::Reception,
        key: None,
    };
    let id = halls::take(city, &clerk(), wish).await.unwrap().id.to_string();
    let at = || "1".to_owned();
    for step in [TicketCommand::Call { window: at() }, TicketCommand::Serve { window: at() }] {
        halls::work(city, &clerk(), &id, step, None).await.unwrap();
    }
    then().await;
    halls::work(city, &clerk(), &id, TicketCommand::Finish { window: at() }, None).await.unwrap();
}

fn rows(own: &Figures, sheet: &str) -> Vec<serde_json::Map<String, Value>> {
    own.sheets.iter().find(|own| own.id == sheet).unwrap().rows()
}

async fn of_week(city: &City, week: &str) -> Figures {
    figures(city, &head(), &Asked { week: Some(week.into()), place: None }).await.unwrap()
}

async fn of_place(city: &City, week: &str, place: &str) -> Figures {
    figures(city, &head(), &Asked { week: Some(week.into()), place: Some(place.into()) }).await.unwrap()
}

/// All cases behind a figure, read page by page.
async fn all_behind(city: &City, actor: &Actor, wanted: Behind) -> Vec<CaseRow> {
    let (mut wanted, mut all) = (Behind { limit: 7, ..wanted }, Vec::new());
    loop {
        let page = behind(city, actor, &wanted).await.unwrap();
        assert!(page.items.len() <= 7);
        all.extend(page.items);
        match page.next {
            Some(next) => wanted.after = Some(next),
            None => return all,
        }
    }
}

fn about(week: &str, figure: &str) -> Behind {
    let asked = Asked { week: Some(week.into()), place: None };
    Behind { asked, figure: Some(figure.into()), ..Behind::default() }
}

fn counts(rows: &[serde_json::Map<String, Value>]) -> Vec<i64> {
    rows.iter().map(|row| row["received"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_counts_where_and_how_it_came_in() {
    let bed = Bed::new(901).await;
    let city = &bed.city;
    halls::release(city).await.unwrap();
    let slot = halls::slots(city, PLACE, date(2026, 11, 24), Some(AUTOMATIC)).await.unwrap().remove(0).id;
    let party = demo::draw(city, AUTOMATIC).await.unwrap().applicant;
    let wish = Book { slot, matter: AUTOMATIC.into(), applicant: party, prepared: Vec::new(), key: None };
    let booked = halls::book(city, &clerk(), wish).await.unwrap();
    // A week with two online cases, one of them from a terminal, and one at a window after a ticket.
    file(city, AUTOMATIC, Origin::Web, None).await;
    file(city, AUTOMATIC, Origin::Web, Some("bank-wanghai")).await;
    serve(city, "", async || {
        bed.clock.advance(300);
        file(city, AUTOMATIC, Origin::Window, None).await;
    })
    .await;
    follow(city).await;
    // The week after: three online, one with an appointment, one typed later by the same clerk without anybody called.
    let to = Timestamp::start_of(date(2026, 11, 24)).plus_seconds(9 * 3600 + 300);
    bed.clock.advance((to.micros() - city.now().micros()) / 1_000_000);
    for _ in 0..3 {
        file(city, AUTOMATIC, Origin::Api, None).await;
    }
    serve(city, &booked.code, async || {
        file(city, AUTOMATIC, Origin::Window, None).await;
    })
    .await;
    file(city, AUTOMATIC, Origin::Window, None).await;
    follow(city).await;
    let to = Timestamp::start_of(date(2026, 11, 30)).plus_seconds(9 * 3600);
    bed.clock.advance((to.micros() - city.now().micros()) / 1_000_000);

    let own = figures(city, &head(), &Asked::default()).await.unwrap();
    assert_eq!((own.week.to_string(), own.running), ("2026-11-23".to_owned(), false), "the last whole week");
    let weeks = rows(&own, "weeks");
    let of = |name: &str| weeks.iter().map(|row| row[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("received"), [json!(5), json!(3)]);
    assert_eq!(of("growth"), [json!(66.7), Value::Null], "against the week before; nothing was before the first");
    assert_eq!((of("online"), of("online_growth")), (vec![json!(3), json!(2)], vec![json!(50.0), Value::Null]));
    assert_eq!((of("appointment"), of("assisted")), (vec![json!(1), json!(0)], vec![json!(1), json!(1)]));
    assert_eq!(counts(&rows(&own, "channels")), [0, 0, 2, 3], "web, terminal, window, other systems");
    assert_eq!(rows(&own, "kinds")[0]["per_day"], json!(0.4), "three in seven days");

    let before = of_week(city, "2026-11-20").await;
    assert_eq!(counts(&rows(&before, "channels")), [1, 1, 1, 0]);
    let places: BTreeMap<String, (i64, i64)> = rows(&before, "places")
        .iter()
        .map(|row| {
            let n = |name: &str| row[name].as_i64().unwrap();
            (row["place"]["zh"].as_str().unwrap().to_owned(), (n("received"), n("served")))
        })
        .collect();
    let name = |id: &str| city.shelf().place(id).unwrap().name.zh.clone();
    let expected =
        [(name(PLACE), (1, 1)), (name("bank-wanghai"), (1, 0)), ("不经场所".to_owned(), (1, 0))].into_iter().collect();
    assert_eq!(places, expected);
    let centre = of_place(city, "2026-11-23", PLACE).await;
    assert_eq!(counts(&rows(&centre, "kinds")), [0, 1, 1], "the second belongs to where the clerk sat last");
    assert_eq!(counts(&rows(&centre, "weeks")), [2, 1]);
    let nowhere = of_place(city, "2026-11-23", "-").await;
    assert_eq!(counts(&rows(&nowhere, "kinds")), [3, 0, 0]);

    let web =
        Behind { channel: Some("window".into()), kind: Some("appointment".into()), ..about("2026-11-23", "received") };
    let found = all_behind(city, &head(), web).await;
    assert_eq!(found.len(), 1);
    let mut of_centre = about("2026-11-23", "received");
    of_centre.asked.place = Some(PLACE.into());
    assert_eq!(all_behind(city, &head(), of_centre).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_late_counts_in_the_week_in_which_it_came_in() {
    let bed = Bed::new(902).await;
    let city = &bed.city;
    let late = file(city, MANUAL, Origin::Api, None).await;
    file(city, AUTOMATIC, Origin::Api, None).await;
    work(city, &clerk(), &late, None, Work::Accept, None).await.unwrap();
    follow(city).await;
    let week = "2026-11-16";
    let service = rows(&of_week(city, week).await, "service");
    assert_eq!((&service[0]["late_promise"], &service[0]["accepted"]), (&json!(0), &json!(2)));
    assert_eq!(service[0]["on_time_promise"], json!(100.0), "of the one that is decided");
    bed.clock.advance(400 * DAY);
    for _ in 0..3 {
        while jobs::run_due(city).await.unwrap() > 0 {}
        bed.clock.advance(DAY);
    }
    follow(city).await;
    let service = rows(&of_week(city, week).await, "service");
    let row = &service[0];
    assert_eq!((&row["late_promise"], &row["late_limit"]), (&json!(1), &json!(1)));
    assert_eq!(row["on_time_promise"], json!(50.0), "who does not decide is late, too");
    for figure in ["late-promise", "late-limit"] {
        let found = all_behind(city, &head(), about(week, figure)).await;
        assert_eq!(found.iter().map(|row| row.number.as_str()).collect::<Vec<_>>(), [late.as_str()], "{figure}");
    }
    assert_eq!(all_behind(city, &head(), about(week, "open")).await[0].number, late);
}

/// What the counters must say of some cases.
#[derive(Debug, Default, PartialEq, Eq)]
struct Expected {
    received: i64,
    accepted: i64,
    closed: i64,
    late: i64,
    settled: i64,
    window: i64,
}

async fn expected(city: &City) -> BTreeMap<Week, Expected> {
    let rows = city.store().query("SELECT doc FROM casefile WHERE region = $1", &[city.region().into()]).await.unwrap();
    let mut all: BTreeMap<Week, Expected> = BTreeMap::new();
    for row in rows {
        let case: Case = serde_json::from_str(row.text(0).unwrap()).unwrap();
        let Some(received) = case.received_at else { continue };
        let own = all.entry(Week::of(received.date())).or_default();
        let late = case.late.contains(&DutyKind::PromiseBroken);
        own.received += 1;
        own.accepted += i64::from(case.accepted.is_some());
        own.closed += i64::from(case.accepted.is_some() && case.state.is_final());
        own.late += i64::from(late);
        own.settled += i64::from(late || case.decision.is_some());
        own.window += i64::from(case.origin == Origin::Window);
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_weeks_of_a_town_the_counters_say_what_its_cases_say() {
    let bed = Bed::at(903, Timestamp::start_of(FIRST_DAY)).await;
    let city = &bed.city;
    let plan = Plan { yearly: 8_000, ..Plan::new(10, 7, Size::S).unwrap() };
    run(city, None, plan).await.unwrap();
    follow(city).await;
    bed.clock.advance(10 * DAY);
    let all = expected(city).await;
    assert!(all.len() >= 2 && all.values().all(|own| own.received > 20), "{all:?}");
    for (week, expected) in &all {
        let own = of_week(city, &week.to_string()).await;
        let (weeks, service) = (rows(&own, "weeks"), rows(&own, "service"));
        let n = |row: &serde_json::Map<String, Value>, name: &str| row[name].as_i64().unwrap();
        let row = &service[0];
        assert_eq!(n(&weeks[0], "received"), expected.received, "{week}");
        let done = (n(row, "accepted"), n(row, "closed"), n(row, "open"), n(row, "late_promise"));
        assert_eq!(
            done,
            (expected.accepted, expected.closed, expected.accepted - expected.closed, expected.late),
            "{week}"
        );
        let share = (100.0 * (expected.settled - expected.late) as f64 / expected.settled as f64 * 10.0).round() / 10.0;
        assert_eq!(row["on_time_promise"].as_f64(), Some(share), "{week}");
        let kinds = counts(&rows(&own, "kinds"));
        assert_eq!((kinds.iter().sum::<i64>(), kinds[1] + kinds[2]), (expected.received, expected.window), "{week}");
        assert_eq!(counts(&rows(&own, "places")).iter().sum::<i64>(), expected.received, "{week}");
        for (figure, count) in [("received", expected.received), ("closed", expected.closed)] {
            let found = all_behind(city, &head(), about(&week.to_string(), figure)).await;
            assert_eq!(found.len() as i64, count, "{week}: {figure}");
            assert!(found.windows(2).all(|pair| pair[0].id < pair[1].id), "each once, in order");
        }
        assert!(row["wait_p50"].as_f64() <= row["wait_p90"].as_f64() && row["wait_p90"].is_number(), "{row:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_see_what() {
    let bed = Bed::new(904).await;
    let city = &bed.city;
    let number = file(city, MANUAL, Origin::Api, None).await;
    let other = file(city, "residence-permit", Origin::Api, None).await;
    follow(city).await;
    let department = |slug: &str| city.shelf().matter(slug).unwrap().bundle.matter.department.clone();
    assert_ne!(department(MANUAL), department("residence-permit"));
    let week = "2026-11-20";
    assert_eq!(all_behind(city, &head(), about(week, "received")).await.len(), 2);
    let tied = Actor {
        grants: vec![Grant { role: Role::Supervisor, department: Some(department(MANUAL)), district: None }],
        ..head()
    };
    let seen = all_behind(city, &tied, about(week, "received")).await;
    assert_eq!(seen.iter().map(|row| &row.number).collect::<Vec<_>>(), [&number], "{other} is of another department");
    assert!(figures(city, &administrator(), &Asked::default()).await.is_ok());
    for (who, what) in [(administrator(), "sees figures, no cases"), (clerk(), "sees none")] {
        let refused = behind(city, &who, &about(week, "received")).await;
        assert!(matches!(refused, Err(ServiceError::Forbidden(_))), "{what}");
    }
    assert!(matches!(figures(city, &clerk(), &Asked::default()).await, Err(ServiceError::Forbidden(_))));
    assert!(matches!(load_embedded(city, &clerk()).await, Err(ServiceError::Forbidden(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_said_in_both_languages() {
    let bed = Bed::new(905).await;
    let city = &bed.city;
    file(city, AUTOMATIC, Origin::Api, None).await;
    follow(city).await;
    let field = |refused: ServiceError| match refused {
        ServiceError::Invalid(fields) => {
            assert!(!fields[0].message.is_incomplete());
            (fields[0].field.clone(), fields[0].message.en.clone())
        }
        other => panic!("{other:?}"),
    };
    let ask = async |week: &str, place: &str| {
        let asked = Asked { week: Some(week.into()), place: Some(place.into()) };
        figures(city, &head(), &asked).await.map(|own| own.week)
    };
    assert_eq!(ask("", "").await.unwrap(), Week::of(TODAY), "the only week there is");
    assert_eq!(field(ask("2026-W47", "").await.unwrap_err()).0, "week");
    let (name, text) = field(ask("2026-11-15", "").await.unwrap_err());
    assert_eq!(name, "week");
    assert!(text.contains("2026-11-16") && text.contains("2026-11-22"), "it says which there are: {text}");
    assert_eq!(field(ask("2026-11-23", "").await.unwrap_err()).0, "week");
    assert_eq!(field(ask("", "nowhere").await.unwrap_err()).0, "place");
    for (name, wanted) in [
        ("channel", Behind { channel: Some("pigeon".into()), ..Behind::default() }),
        ("kind", Behind { kind: Some("other".into()), ..Behind::default() }),
        ("figure", Behind { figure: Some("lost".into()), ..Behind::default() }),
    ] {
        assert_eq!(field(behind(city, &head(), &wanted).await.unwrap_err()).0, name);
    }
    let wrong = load(city, &administrator(), "id,n\nA4,1112\n").await.unwrap_err();
    assert_eq!(field(wrong).0, "line 1", "a file that is none");
    assert!(published(city, &head()).await.unwrap().is_empty(), "nothing of it was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn published_figures_stand_apart_and_are_replaced_as_a_whole() {
    let bed = Bed::new(906).await;
    let city = &bed.city;
    assert!(published(city, &head()).await.unwrap().is_empty());
    let loaded = load_embedded(city, &administrator()).await.unwrap();
    assert_eq!((loaded.figures, loaded.replaced), (7, false));
    assert!(load_embedded(city, &administrator()).await.unwrap().replaced);
    let sheets = published(city, &head()).await.unwrap();
    let row = |sheet: &str, id: &str| {
        let rows = sheets.iter().find(|own| own.id == sheet).unwrap().rows();
        rows.into_iter().find(|row| row["id"]["zh"] == json!(id)).unwrap()
    };
    for (id, before, last, growth, print) in [
        ("A4", 1_112, 2_315, 108.2, "108%"),
        ("A5", 72, 215, 198.6, "199%"),
        ("A6", 391, 1_224, 213.0, "213%"),
        ("A7", 1_575, 3_754, 138.3, "—"),
    ] {
        let own = row("published-growth", id);
        assert_eq!(
            (&own["before"], &own["last"], &own["growth"]),
            (&json!(before), &json!(last), &json!(growth)),
            "{id}"
        );
        assert_eq!(own["printed"]["zh"], json!(print));
        assert!(own["source"]["zh"].as_str().unwrap().contains("2020-02"), "source and date stand beside it");
    }
    assert_eq!(row("published-growth", "A7")["total"], json!(5_329));
    let rate = row("published-rates", "A8");
    assert_eq!((&rate["open"], &rate["closing_rate"]), (&json!(40), &json!(97.66)));
    assert_eq!(row("published-times", "A9")["minutes"], json!(40));
    let own = figures(city, &head(), &Asked::default()).await.unwrap();
    assert_eq!(counts(&rows(&own, "weeks")), [0], "none of it is counted as the city's own");
    let file = json!({ "id": "other", "sources": [{ "id": "s", "title": { "zh": "通报", "en": "Report" },
        "about": { "zh": "本市", "en": "Here" }, "published": "2026-10" }],
        "figures": [{ "id": "X1", "source": "s", "name": { "zh": "办结", "en": "Closed" },
        "shape": { "kind": "rate", "accepted": 3, "closed": 2, "printed": "70%" } }] });
    load(city, &administrator(), &file.to_string()).await.unwrap();
    let sheets = published(city, &head()).await.unwrap();
    let rates = sheets.iter().find(|own| own.id == "published-rates").unwrap().rows();
    assert_eq!(rates.len(), 2);
    assert_eq!(
        rates.iter().find(|row| row["id"]["zh"] == json!("X1")).unwrap()["agreement"]["en"],
        json!("Not as printed")
    );
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_city_of_an_earlier_version_is_counted_from_its_beginning() {
    let bed = Bed::new(907).await;
    let city = &bed.city;
    for _ in 0..3 {
        file(city, AUTOMATIC, Origin::Api, None).await;
    }
    follow(city).await;
    let before = of_week(city, "2026-11-20").await;
    // As an earlier version left it: the others have read everything, the figures nothing.
    let raw = rusqlite::Connection::open(city.settings().dir.join("city.db")).unwrap();
    for sql in [
        "DELETE FROM subscriber WHERE name = 'figures'",
        "DELETE FROM counter WHERE name LIKE 'figures-%'",
        "DELETE FROM figure_case",
        "DELETE FROM figure_seat",
    ] {
        raw.execute(sql, []).unwrap();
    }
    drop(raw);
    assert_eq!(counts(&rows(&of_week(city, "2026-11-20").await, "weeks")), [0]);
    file(city, AUTOMATIC, Origin::Api, None).await;
    let opened = async || {
        let counted = service::statistics::counters(city, "opened").await.unwrap();
        counted.iter().map(|own| own.n).sum::<i64>()
    };
    journal::advance(city).await.unwrap();
    assert_eq!(opened().await, 4, "what is new does not wait for those who catch up");
    assert_eq!(counts(&rows(&of_week(city, "2026-11-20").await, "weeks")), [0]);
    follow(city).await;
    assert_eq!(opened().await, 4, "what had been counted is not counted again");
    let after = of_week(city, "2026-11-20").await;
    assert_eq!((counts(&rows(&before, "weeks")), counts(&rows(&after, "weeks"))), (vec![3], vec![4]));
}
