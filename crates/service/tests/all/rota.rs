//! The rota on the store: who may plan, swaps that two people answer, duties at two places, and overtime in the commit of a ticket.

use domain::accounts::{Account, Actor, Grant, Party, Role};
use domain::catalog::ApplicantKind;
use domain::halls::{
    DayTime, DutyFlag, HallReason, Ledger, LedgerFact, LieuKind, Rota, RotaFact, TicketCommand, TicketSource, Wanted,
};
use domain::time::Timestamp;
use jiff::civil::{Date, date};
use service::accounts::{NewAccount, erase_person, open_account};
use service::halls::rota::{self, Answer, LieuEntry, SwapWish};
use service::halls::{self, Take};
use service::{City, ServiceError};

use crate::bed::{Bed, TODAY, administrator};

const PLACE: &str = "wanghai-street";
/// The Tuesday after.
const DAY: Date = date(2026, 11, 24);

async fn person(city: &City, login: &str, role: Role, district: &str, proved: Option<Party>) -> Actor {
    let mut grants = vec![Grant { role, department: None, district: Some(district.to_owned()) }];
    grants.extend(proved.iter().flat_map(|_| Account::citizen()));
    let proved = proved.map(|party| (party, "window".to_owned()));
    let new = NewAccount { login: login.into(), password: None, name: login.into(), grants, person: proved };
    open_account(city, &administrator(), new).await.unwrap().actor(Vec::new())
}

/// The head of a hall and two clerks who are on its list.
async fn staffed(city: &City) -> [Actor; 3] {
    let head = person(city, "head", Role::HallHead, "370211", None).await;
    let first = person(city, "first", Role::Clerk, "370211", None).await;
    let second = person(city, "second", Role::Clerk, "370211", None).await;
    for login in ["first", "second"] {
        rota::join(city, &head, PLACE, login, Vec::new(), None).await.unwrap();
    }
    [head, first, second]
}

fn wanted(actor: &Actor, window: &str, from: u16, to: u16) -> Wanted {
    let time = |hour: u16| DayTime::from_minutes(hour * 60);
    Wanted { day: DAY, window: window.into(), from: time(from), to: time(to), account: actor.label() }
}

fn reason(refused: ServiceError) -> HallReason {
    match refused {
        ServiceError::Hall(refusal) => refusal.reason,
        other => panic!("{other:?}"),
    }
}

fn key(name: &str) -> Option<(String, String, [u8; 32])> {
    Some(("form".to_owned(), name.to_owned(), [7; 32]))
}

async fn week(city: &City, actor: &Actor) -> (Rota, usize) {
    let shelf = city.shelf();
    let own = rota::week_of(city, actor, shelf.place(PLACE).unwrap(), DAY).await.unwrap();
    (own.rota, own.flags.gaps.len())
}

/// The facts of a stream, oldest first.
async fn facts<F: serde::de::DeserializeOwned>(city: &City, stream: &str) -> Vec<F> {
    let sql = "SELECT b.body FROM fact f JOIN fact_body b ON b.region = f.region AND b.position = f.position \
               WHERE f.region = $1 AND f.stream = $2 ORDER BY f.version";
    let rows = city.store().query(sql, &[city.region().into(), stream.into()]).await.unwrap();
    rows.iter().map(|row| serde_json::from_str(row.text(0).unwrap()).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_plans_and_nobody_else() {
    let bed = Bed::new(901).await;
    let city = &bed.city;
    let [head, first, _] = staffed(city).await;
    let elsewhere = person(city, "elsewhere", Role::HallHead, "370212", None).await;
    for stranger in [&first, &elsewhere, &administrator()] {
        let refused = rota::plan(city, stranger, PLACE, wanted(&first, "1", 9, 12), None).await;
        assert!(matches!(refused, Err(ServiceError::Forbidden(_))), "{}: {refused:?}", stranger.name);
        let refused = rota::copy_week(city, stranger, PLACE, DAY, None).await;
        assert!(matches!(refused, Err(ServiceError::Forbidden(_))), "{}", stranger.name);
    }
    let no_clerk = rota::join(city, &head, PLACE, "head", Vec::new(), None).await;
    assert!(matches!(no_clerk, Err(ServiceError::Invalid(_))), "{no_clerk:?}");
    let (_, open) = week(city, &head).await;
    rota::plan(city, &head, PLACE, wanted(&first, "1", 9, 17), key("a")).await.unwrap();
    rota::plan(city, &head, PLACE, wanted(&first, "1", 9, 17), key("a")).await.unwrap();
    let (own, left) = week(city, &first).await;
    assert_eq!((own.duties.len(), left), (1, open - 1), "the same request again plans nothing");
    let copied = rota::copy_week(city, &head, PLACE, date(2026, 12, 2), None).await.unwrap();
    assert_eq!(copied, 1);
    assert_eq!(rota::copy_week(city, &head, PLACE, date(2026, 12, 2), None).await.unwrap(), 0);
    // Two heads at the same moment: both duties stand, or one of them is told that the week has changed.
    let (one, other) = tokio::join!(
        rota::plan(city, &head, PLACE, wanted(&first, "2", 9, 12), None),
        rota::remove(city, &head, PLACE, DAY, 1, None)
    );
    let (now, _) = week(city, &head).await;
    let done = i32::from(one.is_ok()) - i32::from(other.is_ok());
    assert_eq!(i32::try_from(now.duties.len()).unwrap(), 1 + done, "{one:?} {other:?}");
    let replayed =
        facts::<RotaFact>(city, &format!("rota/{PLACE}.20261123")).await.into_iter().fold(None, Rota::evolve);
    assert_eq!(replayed, Some(now));
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swap_waits_for_the_colleague_and_the_head() {
    let bed = Bed::new(902).await;
    let city = &bed.city;
    let [head, first, second] = staffed(city).await;
    rota::plan(city, &head, PLACE, wanted(&first, "1", 9, 12), None).await.unwrap();
    rota::plan(city, &head, PLACE, wanted(&second, "2", 9, 12), None).await.unwrap();
    let give = || SwapWish { duty: 1, to: second.label(), back: None };
    let own = rota::ask_swap(city, &first, PLACE, DAY, give(), key("ask")).await.unwrap();
    let id = own.swaps[0].id;
    rota::ask_swap(city, &first, PLACE, DAY, give(), key("ask")).await.unwrap();
    assert_eq!(
        reason(rota::ask_swap(city, &first, PLACE, DAY, give(), None).await.unwrap_err()),
        HallReason::SwapWaits
    );
    let say = async |actor: &Actor, answer| rota::answer_swap(city, actor, PLACE, DAY, (id, answer), None).await;
    assert!(matches!(say(&second, Answer::Confirm).await, Err(ServiceError::Forbidden(_))));
    assert_eq!(reason(say(&head, Answer::Confirm).await.unwrap_err()), HallReason::WrongState);
    assert_eq!(reason(say(&first, Answer::Accept).await.unwrap_err()), HallReason::NotYourDuty);
    let (_, open) = week(city, &head).await;
    say(&second, Answer::Accept).await.unwrap();
    let (own, still) = week(city, &head).await;
    assert_eq!((own.swaps[0].state.name(), still), ("accepted", open), "nothing has changed hands yet");
    let shelf = city.shelf();
    let looked = rota::week_of(city, &head, shelf.place(PLACE).unwrap(), DAY).await.unwrap();
    let left: Vec<_> = looked.left_by(&own.swaps[0]).into_iter().map(|gap| gap.window).collect();
    assert_eq!(left, ["2"]);
    say(&head, Answer::Confirm).await.unwrap();
    let (own, gaps) = week(city, &head).await;
    assert_eq!((own.swaps[0].state.name(), own.duties.len(), gaps), ("confirmed", 1, open + 1));
    assert_eq!(own.duties[0].account, second.label());
    let kinds: Vec<String> = facts::<RotaFact>(city, &format!("rota/{PLACE}.20261123"))
        .await
        .iter()
        .map(|fact| fact.kind().to_owned())
        .collect();
    let told = ["opened", "planned", "planned", "swap-asked", "swap-accepted", "swap-confirmed"];
    assert_eq!(kinds, told.map(|kind| format!("rota.{kind}")));
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_over_what_clashes_with_another_place() {
    let bed = Bed::new(903).await;
    let city = &bed.city;
    let [head, first, second] = staffed(city).await;
    rota::join(city, &head, "shiling-town", "second", Vec::new(), None).await.unwrap();
    rota::plan(city, &head, PLACE, wanted(&first, "1", 9, 12), None).await.unwrap();
    let there = rota::plan(city, &head, "shiling-town", wanted(&second, "1", 11, 13), None).await.unwrap();
    let give = || SwapWish { duty: 1, to: second.label(), back: None };
    let refused = reason(rota::ask_swap(city, &first, PLACE, DAY, give(), None).await.unwrap_err());
    assert!(matches!(refused, HallReason::OnDutyElsewhere { .. }), "{refused:?}");
    // What the head plans all the same is flagged at both places.
    let here = rota::plan(city, &head, PLACE, wanted(&second, "2", 12, 13), None).await.unwrap();
    let shelf = city.shelf();
    for (place, duty) in [(PLACE, here.duties[1].id), ("shiling-town", there.duties[0].id)] {
        let own = rota::week_of(city, &head, shelf.place(place).unwrap(), DAY).await.unwrap();
        assert!(own.flags.of(duty).iter().any(|flag| matches!(flag, DutyFlag::Elsewhere { .. })), "{place}");
    }
    rota::remove(city, &head, "shiling-town", DAY, there.duties[0].id, None).await.unwrap();
    rota::ask_swap(city, &first, PLACE, DAY, give(), None).await.unwrap();
}

/// A ticket taken at 16:50 of the Friday, called at 17:00 and done at 17:40, by this clerk.
async fn late(bed: &Bed, clerk: &Actor) -> String {
    let city = &bed.city;
    let to = |hour: i64, minute: i64| {
        let at = Timestamp::start_of(TODAY).plus_seconds(hour * 3600 + minute * 60);
        bed.clock.advance((at.micros() - city.now().micros()) / 1_000_000);
    };
    to(16, 50);
    let wish = Take {
        place: PLACE.into(),
        counter: "general".into(),
        matter: String::new(),
        assisted: false,
        code: String::new(),
        source: TicketSource::Reception,
        key: None,
    };
    let id = halls::take(city, clerk, wish).await.unwrap().id.to_string();
    to(17, 0);
    halls::call_next(city, clerk, PLACE, "1", None).await.unwrap().unwrap();
    let window = || "1".to_owned();
    halls::work(city, clerk, &id, TicketCommand::Serve { window: window() }, None).await.unwrap();
    to(17, 40);
    halls::work(city, clerk, &id, TicketCommand::Finish { window: window() }, key("finish")).await.unwrap();
    halls::work(city, clerk, &id, TicketCommand::Finish { window: window() }, key("finish")).await.unwrap();
    id
}

fn lieu(actor: &Actor, kind: LieuKind, minutes: u32, reason: &str) -> LieuEntry {
    LieuEntry { account: actor.label(), kind, minutes, day: TODAY, reason: reason.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn service_past_closing_is_overtime_and_the_head_grants_time_off() {
    let bed = Bed::new(904).await;
    let city = &bed.city;
    let [head, first, second] = staffed(city).await;
    let ticket = late(&bed, &first).await;
    let own = rota::ledger_of(city, &first).await.unwrap();
    assert_eq!((own.worked_minutes(), own.balance(), own.overtime.len()), (40, 0, 1), "once, though sent twice");
    assert_eq!(rota::ledger_of(city, &second).await.unwrap().worked_minutes(), 0);
    // One commit: the ticket's last fact and the overtime have the same time.
    let sql = "SELECT at FROM fact WHERE region = $1 AND stream = $2 ORDER BY version DESC LIMIT 1";
    let mut times = Vec::new();
    for stream in [format!("ticket/{ticket}"), format!("lieu/{}", first.label())] {
        times.push(city.store().query(sql, &[city.region().into(), stream.into()]).await.unwrap()[0].int(0).unwrap());
    }
    assert_eq!(times[0], times[1]);

    let enter = async |actor: &Actor, entry| rota::enter_lieu(city, actor, PLACE, entry, None).await;
    let own_grant = enter(&first, lieu(&first, LieuKind::Granted, 40, "")).await;
    assert!(matches!(own_grant, Err(ServiceError::Forbidden(_))), "nobody grants themselves time off");
    let more = enter(&head, lieu(&first, LieuKind::Granted, 41, "")).await.unwrap_err();
    assert_eq!(reason(more), HallReason::ReasonNeeded { minutes: 40 });
    enter(&head, lieu(&first, LieuKind::Granted, 40, "")).await.unwrap();
    let more = enter(&head, lieu(&first, LieuKind::Taken, 60, "")).await.unwrap_err();
    assert_eq!(reason(more), HallReason::ReasonNeeded { minutes: 40 });
    let after = enter(&head, lieu(&first, LieuKind::Taken, 60, "家中急事")).await.unwrap();
    assert_eq!(after.balance(), -20);
    let stream = format!("lieu/{}", first.label());
    let replayed = facts::<LedgerFact>(city, &stream).await.into_iter().fold(None, Ledger::evolve);
    assert_eq!(replayed, Some(after));
    let all = rota::ledgers(city, &head, PLACE).await.unwrap();
    assert_eq!(
        all.iter().map(|(own, name)| (name.as_str(), own.balance())).collect::<Vec<_>>(),
        [("first", -20), ("second", 0)]
    );
    assert!(matches!(rota::ledgers(city, &first, PLACE).await, Err(ServiceError::Forbidden(_))));
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn reasons_are_forgotten_with_the_person_and_figures_stay() {
    let bed = Bed::new(905).await;
    let city = &bed.city;
    let [head, ..] = staffed(city).await;
    let code = "E12345678";
    let party =
        Party { kind: ApplicantKind::Person, name: "陈立新".into(), id_type: "passport".into(), code: code.into() };
    let clerk = person(city, "third", Role::Clerk, "370211", Some(party)).await;
    rota::join(city, &head, PLACE, "third", Vec::new(), None).await.unwrap();
    late(&bed, &clerk).await;
    rota::enter_lieu(city, &head, PLACE, lieu(&clerk, LieuKind::Granted, 90, "女儿生病"), None).await.unwrap();
    erase_person(city, &administrator(), code).await.unwrap();
    for sql in [
        "SELECT CAST(count(*) AS BIGINT) FROM fact_body WHERE body LIKE '%女儿生病%'",
        "SELECT CAST(count(*) AS BIGINT) FROM lieu WHERE doc LIKE '%女儿生病%'",
    ] {
        assert_eq!(city.store().query(sql, &[]).await.unwrap()[0].int(0).unwrap(), 0, "{sql}");
    }
    let own = &rota::ledgers(city, &head, PLACE).await.unwrap()[2];
    assert_eq!((own.0.worked_minutes(), own.0.granted, own.1.as_str()), (40, 90, "—"));
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

/// The demo city: one Sunday without anybody, a swap that waits, and one evening of overtime.
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_city_has_a_rota_with_a_gap_and_overtime() {
    let bed = Bed::new(906).await;
    let city = &bed.city;
    service::demo::seed(city, 3, TODAY).await.unwrap();
    let head = service::accounts::find_by_login(city, "qin.head").await.unwrap().0.actor(Vec::new());
    let shelf = city.shelf();
    let place = shelf.place(PLACE).unwrap();
    for (day, swaps) in [(TODAY, 0), (DAY, 1)] {
        let own = rota::week_of(city, &head, place, day).await.unwrap();
        let gaps: Vec<_> = own.flags.gaps.iter().map(|gap| gap.day.weekday()).collect();
        assert_eq!(gaps, [jiff::civil::Weekday::Sunday], "{:?}", own.flags);
        assert!(own.flags.duties.is_empty(), "{:?}", own.flags);
        assert_eq!(own.rota.swaps.len(), swaps);
    }
    let worked: Vec<i64> =
        rota::ledgers(city, &head, PLACE).await.unwrap().iter().map(|(own, _)| own.worked_minutes()).collect();
    assert_eq!(worked, [40, 0]);
    assert_eq!(rota::home(city, &head).await.unwrap().as_deref(), Some(PLACE));
}
