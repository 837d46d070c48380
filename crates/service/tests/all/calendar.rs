//! A yearly notice imported into a running city: dates move, people hear of it, and nothing is taken on trust.

use std::fmt::Write as _;
use std::sync::Arc;

use domain::accounts::{Account, Actor, Role};
use domain::cases::{DutyKind, Fact, Origin};
use domain::time::{Calendar, DayType, LawTable, Timestamp};
use jiff::civil::{Date, date};
use service::cases::{self, Work};
use service::{City, ServiceError, calendar, demo, jobs, journal};

use crate::bed::{Bed, Still, Thrown, actor, administrator};

/// A notice of 2027: the festivals of the regulation, 4 January free in exchange for Saturday the 9th.
fn notice() -> String {
    let mut csv = "date,kind,name\n".to_owned();
    let mut day = date(2027, 1, 1);
    while day.year() == 2027 {
        let known = Calendar::embedded().day(day).unwrap();
        if known.kind == DayType::Holiday {
            writeln!(csv, "{day},holiday,{}", known.name.unwrap().zh).unwrap();
        }
        day = day.tomorrow().unwrap();
    }
    csv + "2027-01-04,in_lieu_holiday,元旦\n2027-01-09,adjusted_workday,元旦调休上班\n"
}

/// The last days of a case's timers, by kind.
async fn timers(city: &City, case: &str) -> Vec<(String, Date)> {
    let sql = "SELECT kind, at FROM due WHERE region = $1 AND subject = $2 ORDER BY kind, at";
    let rows = city.store().query(sql, &[city.region().into(), format!("casefile/{case}").into()]).await.unwrap();
    let day = |at: i64| Timestamp::from_micros(at).plus_seconds(-1).date();
    rows.iter().map(|row| (row.text(0).unwrap().to_owned(), day(row.int(1).unwrap()))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_moves_every_open_date_and_says_so() {
    let now = Timestamp::start_of(date(2026, 12, 28)).plus_seconds(10 * 3600);
    let bed = Bed::at(51, now).await;
    let city = &bed.city;
    let system = actor("系统", Role::Integrator);
    let open = demo::draw(city, "food-operation").await.unwrap();
    let open = cases::submit(city, &system, open.submit(Origin::Api)).await.unwrap().number;
    let decided = demo::draw(city, "remote-care-filing").await.unwrap();
    let person =
        Actor {
            grants: Account::citizen(), person: Some(decided.applicant.clone()), ..actor("申请人", Role::Citizen)
        };
    let decided = cases::submit(city, &system, decided.submit(Origin::Api)).await.unwrap().number;
    let ask = Work::AskPerson { reason: "请人工复核。".into() };
    cases::work(city, &person, &decided, None, ask, None).await.unwrap();
    let clerk = actor("窗口", Role::Clerk);
    let view = async |number: &str| cases::case_by_number(city, &clerk, number).await.unwrap().case;
    let (open_id, decided_id) = (view(&open).await.id.to_string(), view(&decided).await.id.to_string());
    let deemed = DutyKind::DeemAccepted.as_str().to_owned();
    let check = DutyKind::CheckDue.as_str().to_owned();
    assert_eq!(timers(city, &open_id).await, [(deemed.clone(), date(2027, 1, 5))]);
    assert!(timers(city, &decided_id).await.contains(&(check.clone(), date(2027, 1, 5))));

    let done = calendar::import(city, &administrator(), "国办发明电〔2026〕0号", &notice()).await.unwrap();
    assert_eq!((done.before, done.last, done.moved), (Some(2026), 2027, 2));
    assert_eq!(timers(city, &open_id).await, [(deemed, date(2027, 1, 6))]);
    assert!(timers(city, &decided_id).await.contains(&(check, date(2027, 1, 6))));
    assert_eq!(city.calendar().published_years(), Some((2004, 2027)));
    let case = view(&open).await;
    let last = cases::timeline(city, &case).await.unwrap().pop().unwrap().fact;
    let Some(Fact::DeadlinesRecomputed { moved, .. }) = last else { panic!("{last:?}") };
    assert_eq!(
        (moved[0].duty, moved[0].from, moved[0].to),
        (DutyKind::DeemAccepted, date(2027, 1, 5), date(2027, 1, 6))
    );
    // A second look moves nothing and writes nothing.
    let before = city.store().last_position(city.region()).await.unwrap();
    assert_eq!(jobs::recompute_deadlines(city).await.unwrap(), 0);
    assert_eq!(city.store().last_position(city.region()).await.unwrap(), before);

    while journal::advance(city).await.unwrap() > 0 {}
    let sql = "SELECT doc FROM message WHERE region = $1";
    let rows = city.store().query(sql, &[city.region().into()]).await.unwrap();
    let told: Vec<&str> =
        rows.iter().map(|row| row.text(0).unwrap()).filter(|doc| doc.contains("期限已更新")).collect();
    assert!(told.len() == 1 && told[0].contains(&open) && told[0].contains("2027-01-05 改为 2027-01-06"), "{told:?}");
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
    another_node_sees_it(city, now).await;
}

async fn another_node_sees_it(city: &City, now: Timestamp) {
    let other = City::new(
        city.settings().clone(),
        city.store().clone(),
        city.keys().clone(),
        Calendar::embedded().clone(),
        LawTable::embedded().clone(),
        Arc::new(Still::new(now.plus_seconds(60))),
        Arc::new(Thrown::new(9)),
    );
    service::catalog::load(&other).await.unwrap();
    assert!(other.calendar().day(date(2027, 1, 4)).unwrap().provisional);
    // The duty that was set with the import finds the notice by itself, and is done once.
    assert_eq!(jobs::run_due(&other).await.unwrap(), 1);
    assert!(!other.calendar().day(date(2027, 1, 4)).unwrap().working);
    assert_eq!(jobs::run_due(&other).await.unwrap(), 0);
    assert!(!calendar::refresh(&other).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_file_is_named_with_its_line_and_changes_nothing() {
    let bed = Bed::new(52).await;
    let city = &bed.city;
    let good = notice();
    let before = city.store().last_position(city.region()).await.unwrap();
    let wrong = [
        (String::new(), "首行"),
        (good.replacen("kind", "sort", 1), "首行"),
        (good.replacen("2027-01-01,holiday", "2027-01-01,holiday,extra", 1), "第 2 行"),
        (format!("{good}2027-01-09,adjusted_workday,又一次\n"), "2027-01-09 出现了两次"),
        (format!("{good}2027-03-01,adjusted_workday,周一\n"), "矛盾"),
        (format!("{good}2027-02-30,holiday,没有这一天\n"), "2027-02-30"),
        (format!("{good}2029-05-01,holiday,劳动节\n"), "2029-05-01"),
        (good.replace("2027", "2028"), "2027"),
        (good.lines().filter(|line| !line.contains("国庆")).map(|line| format!("{line}\n")).collect(), "法定节日"),
    ];
    for (csv, word) in wrong {
        match calendar::import(city, &administrator(), "通知", &csv).await {
            Err(ServiceError::Invalid(errors)) => {
                assert!(errors[0].field == "file" && errors[0].message.zh.contains(word), "{word}: {errors:?}");
            }
            other => panic!("{word}: {other:?}"),
        }
    }
    let nameless = calendar::import(city, &administrator(), " ", &good).await;
    assert!(matches!(nameless, Err(ServiceError::Invalid(errors)) if errors[0].field == "source"));
    let forbidden = calendar::import(city, &actor("窗口", Role::Clerk), "通知", &good).await;
    assert!(matches!(forbidden, Err(ServiceError::Forbidden(_))));
    assert_eq!(city.store().last_position(city.region()).await.unwrap(), before);
    assert_eq!(city.calendar().published_years(), Some((2004, 2026)));
}
