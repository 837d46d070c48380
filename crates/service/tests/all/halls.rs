//! Halls: slots that are released on time and never overbooked, appointments with their duties, and a queue from the reception to
//! the last window.

use std::collections::BTreeSet;

use domain::accounts::{Account, Actor, Party, Role};
use domain::cases::{Origin, Point};
use domain::catalog::ApplicantKind;
use domain::halls::{
    Appointment, AppointmentState, HallReason, Ticket, TicketClass, TicketCommand, TicketSource, TicketState,
};
use domain::time::Timestamp;
use jiff::civil::{Date, date};
use service::accounts::{NewAccount, erase_person, open_account};
use service::cases::{Submit, Work, submit, work};
use service::halls::{self, Book, Take};
use service::{City, ServiceError, demo, jobs, journal};

use crate::bed::{Bed, TODAY, actor, administrator, told};

const PLACE: &str = "civic-centre";
const MATTER: &str = "food-operation";
/// The Tuesday after.
const DAY: Date = date(2026, 11, 24);

fn clerk() -> Actor {
    actor("窗口", Role::Clerk)
}

fn party(number: usize) -> Party {
    let (name, code) = ("王芳".to_owned(), format!("E{number:08}"));
    Party { kind: ApplicantKind::Person, name, id_type: "passport".into(), code }
}

fn wish(slot: &str, number: usize) -> Book {
    Book { slot: slot.into(), matter: MATTER.into(), applicant: party(number), prepared: Vec::new(), key: None }
}

fn reason(refused: ServiceError) -> HallReason {
    match refused {
        ServiceError::Hall(refusal) => refusal.reason,
        other => panic!("{other:?}"),
    }
}

async fn first_slot(city: &City) -> String {
    halls::slots(city, PLACE, DAY, Some(MATTER)).await.unwrap().remove(0).id
}

async fn count(city: &City, table: &str) -> i64 {
    let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM {table} WHERE region = $1");
    city.store().query(&sql, &[city.region().into()]).await.unwrap()[0].int(0).unwrap()
}

async fn due(city: &City) {
    while jobs::run_due(city).await.unwrap() > 0 {}
}

/// The bed stands at ten on a Friday.
fn go(bed: &Bed, day: Date, hour: i64, minute: i64) {
    let to = Timestamp::start_of(day).plus_seconds(hour * 3600 + minute * 60);
    bed.clock.advance((to.micros() - bed.city.now().micros()) / 1_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn slots_are_released_once_at_their_hour() {
    let bed = Bed::new(701).await;
    let city = &bed.city;
    let first = halls::release(city).await.unwrap();
    let placed = city.shelf().places().places.iter().filter(|place| place.books()).count();
    assert_eq!(first, placed * 8, "today and the seven days after it");
    assert_eq!(halls::release(city).await.unwrap(), 0);
    let second = bed.beside(702).await;
    assert_eq!(halls::release(&second).await.unwrap(), 0, "another server finds all of it released");
    // The next day is released at eight, not before.
    let next = date(2026, 11, 28);
    let saturday = format!("{PLACE}.general.20261128.0900");
    go(&bed, date(2026, 11, 21), 7, 59);
    assert_eq!(halls::release(city).await.unwrap(), 0);
    let refused = halls::book(city, &clerk(), wish(&saturday, 1)).await.unwrap_err();
    assert_eq!(
        reason(refused),
        HallReason::NotReleased { at: Timestamp::start_of(TODAY).plus_seconds(86_400 + 8 * 3600) }
    );
    go(&bed, date(2026, 11, 21), 8, 0);
    let (one, other) = tokio::join!(halls::release(city), halls::release(&second));
    assert_eq!(one.unwrap() + other.unwrap(), placed, "each place once, whichever server was quicker");
    assert!(!halls::slots(city, PLACE, next, None).await.unwrap().is_empty(), "Saturdays are served");
    let taken = halls::slots(city, PLACE, next, Some("building-permit")).await.unwrap();
    assert!(taken.is_empty(), "but not with every matter");
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rush_for_a_slot_books_exactly_its_capacity() {
    let bed = Bed::new(703).await;
    let city = bed.city.clone();
    halls::release(&city).await.unwrap();
    let slot = halls::slots(&city, PLACE, DAY, Some(MATTER)).await.unwrap().remove(0);
    assert_eq!(slot.free, slot.capacity);
    let tasks: Vec<_> = (0..120)
        .map(|number| {
            let (city, id) = (city.clone(), slot.id.clone());
            tokio::spawn(async move { halls::book(&city, &clerk(), wish(&id, number)).await })
        })
        .collect();
    let mut codes = BTreeSet::new();
    let mut booked = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(own) => {
                booked += 1;
                codes.insert(own.code);
            }
            Err(error) => assert_eq!(reason(error), HallReason::SlotTaken),
        }
    }
    assert_eq!((booked, codes.len()), (slot.capacity, slot.capacity as usize));
    assert_eq!(count(&city, "appointment").await, slot.capacity);
    assert_eq!(halls::slots(&city, PLACE, DAY, Some(MATTER)).await.unwrap()[0].free, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_open_appointment_for_person_matter_and_day() {
    let bed = Bed::new(704).await;
    let city = &bed.city;
    halls::release(city).await.unwrap();
    let slots = halls::slots(city, PLACE, DAY, Some(MATTER)).await.unwrap();
    let key = Some(("token".to_owned(), "key".to_owned(), [1; 32]));
    let first = halls::book(city, &clerk(), Book { key: key.clone(), ..wish(&slots[0].id, 1) }).await.unwrap();
    let again = halls::book(city, &clerk(), Book { key, ..wish(&slots[0].id, 1) }).await.unwrap();
    assert_eq!(first, again, "the same request is one appointment");
    let reused = Some(("token".to_owned(), "key".to_owned(), [2; 32]));
    let reused = halls::book(city, &clerk(), Book { key: reused, ..wish(&slots[1].id, 9) }).await;
    assert!(matches!(reused, Err(ServiceError::KeyReused)), "{reused:?}");
    let second = halls::book(city, &clerk(), wish(&slots[3].id, 1)).await.unwrap_err();
    assert_eq!(reason(second), HallReason::AlreadyBooked);
    let other = Book { matter: "company-registration".into(), ..wish(&slots[3].id, 1) };
    halls::book(city, &clerk(), other).await.unwrap();
    let wrong = halls::slots(city, PLACE, DAY, Some("building-permit")).await.unwrap();
    let wrong = wrong.into_iter().find(|slot| slot.counter == "project").unwrap();
    let wrong = halls::book(city, &clerk(), wish(&wrong.id, 2)).await.unwrap_err();
    assert_eq!(reason(wrong), HallReason::NotTaken);
    // Given back, it is free again, and the person may book anew.
    halls::cancel(city, &clerk(), &first.id.to_string(), None).await.unwrap();
    assert_eq!(halls::slots(city, PLACE, DAY, Some(MATTER)).await.unwrap()[0].free, slots[0].free);
    halls::book(city, &clerk(), wish(&slots[3].id, 1)).await.unwrap();
    let twice = halls::cancel(city, &clerk(), &first.id.to_string(), None).await.unwrap_err();
    assert_eq!(reason(twice), HallReason::WrongState);
    let gone = halls::book(city, &clerk(), wish("civic-centre.general.20261124.0903", 3)).await;
    assert!(matches!(gone, Err(ServiceError::NotFound("slot"))), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_for_whom_one_stands_and_only_ones_own() {
    let bed = Bed::new(705).await;
    let city = &bed.city;
    halls::release(city).await.unwrap();
    let slot = first_slot(city).await;
    let reviewer = halls::book(city, &actor("审核", Role::Reviewer), wish(&slot, 1)).await;
    assert!(matches!(reviewer, Err(ServiceError::Forbidden(_))), "{reviewer:?}");
    let mut citizen = actor("市民", Role::Citizen);
    citizen.person = Some(party(7));
    let other = halls::book(city, &citizen, wish(&slot, 8)).await;
    assert!(matches!(other, Err(ServiceError::Forbidden(_))), "{other:?}");
    let own = halls::book(city, &citizen, wish(&slot, 7)).await.unwrap().id.to_string();
    let mut stranger = actor("陌生人", Role::Citizen);
    (stranger.person, stranger.account) = (Some(party(9)), Some(domain::ids::AccountId::new(city.now(), [9; 10])));
    assert!(matches!(halls::appointment(city, &stranger, &own).await, Err(ServiceError::NotFound(_))));
    assert!(matches!(halls::cancel(city, &stranger, &own, None).await, Err(ServiceError::NotFound(_))));
    let of_place = halls::of_place(city, &stranger, PLACE, DAY).await;
    assert!(matches!(of_place, Err(ServiceError::Forbidden(_))));
    assert_eq!(halls::of_place(city, &clerk(), PLACE, DAY).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn holders_are_reminded_and_who_misses_too_often_cannot_book() {
    let bed = Bed::new(706).await;
    let city = &bed.city;
    halls::release(city).await.unwrap();
    let ids = [("0900", MATTER), ("0930", "company-registration"), ("1000", "public-place-hygiene")];
    for (time, matter) in ids {
        let slot = format!("{PLACE}.general.20261124.{time}");
        halls::book(city, &clerk(), Book { matter: matter.into(), ..wish(&slot, 1) }).await.unwrap();
    }
    assert_eq!(told(city).await, ["预约成功"; 3]);
    go(&bed, date(2026, 11, 23), 14, 0);
    due(city).await;
    assert_eq!(told(city).await.iter().filter(|title| *title == "预约提醒").count(), 3, "each once");
    go(&bed, DAY, 9, 45);
    due(city).await;
    assert_eq!(
        told(city).await.iter().filter(|title| *title == "预约未到").count(),
        1,
        "the grace of the first is over"
    );
    go(&bed, DAY, 11, 0);
    due(city).await;
    assert_eq!(told(city).await.len(), 9);
    let slot = format!("{PLACE}.general.20261125.0900");
    let refused = halls::book(city, &clerk(), wish(&slot, 1)).await.unwrap_err();
    assert_eq!(reason(refused), HallReason::Barred { until: date(2026, 12, 24) });
    assert!(halls::book(city, &clerk(), wish(&slot, 2)).await.is_ok(), "others may");
    while journal::advance(city).await.unwrap() > 0 {}
    assert_eq!(halls::figures(city, PLACE).await.unwrap().not_kept, 3);
}

fn take(source: TicketSource) -> Take {
    Take {
        place: PLACE.into(),
        counter: "general".into(),
        matter: String::new(),
        assisted: false,
        code: String::new(),
        source,
        key: None,
    }
}

async fn call(city: &City, window: &str) -> Ticket {
    halls::call_next(city, &clerk(), PLACE, window, None).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_from_the_reception_to_the_last_window() {
    let bed = Bed::new(707).await;
    let city = &bed.city;
    halls::release(city).await.unwrap();
    let kept = halls::book(city, &clerk(), wish(&first_slot(city).await, 1)).await.unwrap();
    go(&bed, DAY, 9, 5);
    let ordinary = halls::take(city, &clerk(), take(TicketSource::Reception)).await.unwrap();
    bed.clock.advance(60);
    let coded = Take { code: kept.code.clone(), counter: String::new(), ..take(TicketSource::Reception) };
    let coded = halls::take(city, &clerk(), coded).await.unwrap();
    let helped = Take { assisted: true, ..take(TicketSource::Reception) };
    let helped = halls::take(city, &clerk(), helped).await.unwrap();
    assert_eq!([&ordinary.number, &coded.number, &helped.number], ["A001", "A002", "A003"]);
    assert_eq!((coded.class, coded.matter.as_deref()), (TicketClass::Appointment, Some(MATTER)));
    let arrived = halls::appointment(city, &clerk(), &kept.id.to_string()).await.unwrap();
    assert!(matches!(arrived.state, AppointmentState::Arrived { .. }), "{arrived:?}");
    let twice = Take { code: kept.code, ..take(TicketSource::Reception) };
    assert_eq!(reason(halls::take(city, &clerk(), twice).await.unwrap_err()), HallReason::WrongState);
    // Who needs help goes first, then the appointment, then who came first.
    let order = [call(city, "1").await.number, call(city, "2").await.number, call(city, "3").await.number];
    assert_eq!(order, ["A003", "A002", "A001"]);
    assert_eq!(halls::call_next(city, &clerk(), PLACE, "4", None).await.unwrap(), None);
    let board = halls::board(city, PLACE).await.unwrap();
    assert_eq!((board.called.len(), board.waiting()), (3, 0));

    let work = async |id: &Ticket, command| halls::work(city, &clerk(), &id.id.to_string(), command, None).await;
    let window = |number: &str| number.to_owned();
    work(&helped, TicketCommand::Serve { window: window("1") }).await.unwrap();
    bed.clock.advance(600);
    let done = work(&helped, TicketCommand::Finish { window: window("1") }).await.unwrap();
    assert!(matches!(done.state, TicketState::Done { .. }));
    let moved = work(&coded, TicketCommand::Transfer { counter: "project".into() }).await.unwrap();
    assert_eq!((moved.counter.as_str(), moved.number.as_str()), ("project", "A002"), "the number stays");
    assert_eq!(call(city, "21").await.number, "A002");
    let too_early = work(&ordinary, TicketCommand::Miss { window: window("3") }).await.unwrap_err();
    assert_eq!(reason(too_early), HallReason::CallAgain { called: 1, needed: 3 });
    for _ in 0..2 {
        work(&ordinary, TicketCommand::Recall { window: window("3") }).await.unwrap();
    }
    work(&ordinary, TicketCommand::Miss { window: window("3") }).await.unwrap();
    work(&ordinary, TicketCommand::Resume).await.unwrap();
    go(&bed, date(2026, 11, 25), 0, 0);
    due(city).await;
    let ended = halls::ticket(city, &clerk(), &ordinary.id.to_string()).await.unwrap();
    assert!(matches!(ended.state, TicketState::Expired { .. }), "no number outlives its day: {ended:?}");
    go(&bed, date(2026, 11, 25), 9, 0);
    let tomorrow = halls::take(city, &clerk(), take(TicketSource::Reception)).await.unwrap();
    assert_eq!(tomorrow.number, "A001", "numbers begin anew each day");
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_and_calls_never_meet() {
    let bed = Bed::new(708).await;
    let (one, other) = (bed.city.clone(), bed.beside(709).await);
    // Two servers of one city give out numbers at the same time.
    let tasks: Vec<_> = (0..30)
        .map(|number| {
            let city = if number % 2 == 0 { one.clone() } else { other.clone() };
            tokio::spawn(async move { halls::take(&city, &clerk(), take(TicketSource::Reception)).await.unwrap() })
        })
        .collect();
    let mut numbers = BTreeSet::new();
    for task in tasks {
        numbers.insert(task.await.unwrap().number);
    }
    assert_eq!((numbers.len(), numbers.last().map(String::as_str)), (30, Some("A030")), "no gap, no number twice");
    let tasks: Vec<_> = (0..30)
        .map(|number| {
            let (city, window) =
                (if number % 2 == 0 { one.clone() } else { other.clone() }, (number % 6 + 1).to_string());
            tokio::spawn(async move {
                for _ in 0..200 {
                    match halls::call_next(&city, &clerk(), PLACE, &window, None).await {
                        Ok(called) => return called.unwrap().number,
                        Err(ServiceError::Changed) => {}
                        Err(error) => panic!("{error:?}"),
                    }
                }
                panic!("never got through");
            })
        })
        .collect();
    let mut called = BTreeSet::new();
    for task in tasks {
        called.insert(task.await.unwrap());
    }
    assert_eq!(called, numbers, "each number is called to one window");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_of_ones_own_on_the_phone() {
    let bed = Bed::new(710).await;
    let city = &bed.city;
    let mut citizen = actor("市民", Role::Citizen);
    (citizen.person, citizen.account) = (Some(party(1)), Some(domain::ids::AccountId::new(city.now(), [3; 10])));
    for _ in 0..2 {
        halls::take(city, &clerk(), take(TicketSource::Reception)).await.unwrap();
    }
    let own = halls::take(city, &citizen, take(TicketSource::Web)).await.unwrap();
    let wait = halls::ahead(city, &own).await.unwrap().unwrap();
    assert_eq!((wait.ahead, wait.minutes, wait.from), (2, 24, 0), "two before, at the usual twelve minutes");
    let twice = halls::take(city, &citizen, take(TicketSource::Web)).await.unwrap_err();
    assert_eq!(reason(twice), HallReason::AlreadyWaiting { number: own.number.clone() });
    let helped = halls::take(city, &citizen, Take { assisted: true, ..take(TicketSource::Web) }).await;
    assert!(matches!(helped, Err(ServiceError::Forbidden(_))), "only the reception says who goes first");
    let id = own.id.to_string();
    let called = halls::work(city, &citizen, &id, TicketCommand::Call { window: "1".into() }, None).await;
    assert!(matches!(called, Err(ServiceError::Forbidden(_))));
    halls::work(city, &citizen, &id, TicketCommand::Cancel, None).await.unwrap();
    assert_eq!(halls::take(city, &citizen, take(TicketSource::Web)).await.unwrap().number, "A004");
    go(&bed, TODAY, 20, 0);
    let closed = halls::take(city, &clerk(), take(TicketSource::Reception)).await.unwrap_err();
    assert_eq!(reason(closed), HallReason::Closed);
    go(&bed, date(2026, 11, 21), 12, 0);
    let project = Take { counter: "project".into(), ..take(TicketSource::Reception) };
    assert_eq!(
        reason(halls::take(city, &clerk(), project).await.unwrap_err()),
        HallReason::Closed,
        "only one counter serves on Saturdays"
    );
    halls::take(city, &clerk(), take(TicketSource::Reception)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn screens_hear_of_a_call_and_see_it() {
    let bed = Bed::new(711).await;
    let city = &bed.city;
    let mut news = halls::watch(city, PLACE).unwrap();
    news.borrow_and_update();
    assert!(halls::board(city, PLACE).await.unwrap().called.is_empty());
    halls::take(city, &clerk(), take(TicketSource::Reception)).await.unwrap();
    call(city, "5").await;
    assert!(news.has_changed().unwrap());
    let board = halls::board(city, PLACE).await.unwrap();
    assert_eq!((board.called[0].number.as_str(), board.called[0].window.as_str()), ("A001", "5"));
    assert!(matches!(halls::board(city, "nowhere").await, Err(ServiceError::NotFound(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_served_today_tells_the_next_one_how_long() {
    let bed = Bed::new(712).await;
    let city = &bed.city;
    for _ in 0..5 {
        halls::take(city, &clerk(), take(TicketSource::Reception)).await.unwrap();
    }
    for _ in 0..3 {
        let id = call(city, "1").await.id.to_string();
        let window = || "1".to_owned();
        halls::work(city, &clerk(), &id, TicketCommand::Serve { window: window() }, None).await.unwrap();
        bed.clock.advance(240);
        halls::work(city, &clerk(), &id, TicketCommand::Finish { window: window() }, None).await.unwrap();
    }
    let board = halls::board(city, PLACE).await.unwrap();
    let queue = &board.queues[0];
    assert_eq!((queue.waiting, queue.minutes, queue.from, queue.windows), (2, 8, 3, 1));
    while journal::advance(city).await.unwrap() > 0 {}
    let figures = halls::figures(city, PLACE).await.unwrap();
    assert_eq!((figures.taken, figures.served, figures.waited_minutes), (5, 3, 4), "0, 4 and 8 minutes");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_leaves_no_name_in_the_halls() {
    let bed = Bed::new(713).await;
    let city = &bed.city;
    halls::release(city).await.unwrap();
    let person = demo::draw(city, "residence-permit").await.unwrap().applicant;
    let new = NewAccount {
        login: "13800000001".into(),
        password: Some("one easy sentence".into()),
        name: person.name.clone(),
        grants: Account::citizen(),
        person: Some((person.clone(), "window".into())),
    };
    let citizen = open_account(city, &administrator(), new).await.unwrap().actor(Vec::new());
    let book = Book { applicant: person.clone(), ..wish(&first_slot(city).await, 1) };
    let own = halls::book(city, &citizen, book).await.unwrap();
    let free = halls::slots(city, PLACE, DAY, Some(MATTER)).await.unwrap()[0].free;
    assert_eq!(erase_person(city, &administrator(), &person.code).await.unwrap().appointments, 1);
    assert_eq!(halls::slots(city, PLACE, DAY, Some(MATTER)).await.unwrap()[0].free, free + 1, "it is given back");
    let after = halls::appointment(city, &clerk(), &own.id.to_string()).await.unwrap();
    assert!(after.applicant.is_none() && after.account.is_empty() && !after.is_open(), "{after:?}");
    for sql in [
        "SELECT CAST(count(*) AS BIGINT) FROM fact_body WHERE body LIKE '%' || $1 || '%'",
        "SELECT CAST(count(*) AS BIGINT) FROM appointment WHERE doc LIKE '%' || $1 || '%' OR person = $1",
    ] {
        assert_eq!(
            city.store().query(sql, &[person.code.as_str().into()]).await.unwrap()[0].int(0).unwrap(),
            0,
            "{sql}"
        );
    }
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_looked_at_before_is_shown_with_the_appointment() {
    let bed = Bed::new(721).await;
    let city = &bed.city;
    halls::release(city).await.unwrap();
    let drawn = demo::draw(city, "clinic-filing").await.unwrap();
    let slot = halls::slots(city, PLACE, DAY, Some("clinic-filing")).await.unwrap().remove(0).id;
    let wish = drawn.submit(Origin::Api);
    let applicant = wish.applicant.clone();
    let book =
        Book { slot, matter: "clinic-filing".into(), applicant: applicant.clone(), prepared: Vec::new(), key: None };
    let own = halls::book(city, &clerk(), book).await.unwrap();
    assert_eq!(halls::precheck(city, &own).await.unwrap(), None, "nothing was sent yet");
    let system = actor("测试系统", Role::Integrator);
    let number = submit(city, &system, Submit { pre_review: true, ..wish }).await.unwrap().number;
    let sent = halls::precheck(city, &own).await.unwrap().unwrap();
    assert_eq!((sent.number.as_str(), sent.state.en.as_str(), sent.points), (number.as_str(), "Being pre-checked", 0));
    let point = Point { about: "premises".into(), text: "房屋证明缺少第二页。".into(), new_defect: None };
    let told = Work::GiveFeedback { points: vec![point] };
    work(city, &clerk(), &number, None, told, None).await.unwrap();
    let answered = halls::precheck(city, &own).await.unwrap().unwrap();
    assert_eq!((answered.state.en.as_str(), answered.points), ("Feedback given", 1));
    let other = Appointment { matter: "food-operation".into(), ..own };
    assert_eq!(halls::precheck(city, &other).await.unwrap(), None, "of another matter it says nothing");
}
