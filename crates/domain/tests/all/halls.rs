//! Halls: opening calendars that leave the law's calendar alone, slots, and the lives of appointments and tickets.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::accounts::Party;
use domain::catalog::ApplicantKind;
use domain::halls::*;
use domain::ids::{AppointmentId, TicketId};
use domain::time::{Calendar, Period, Timestamp};
use jiff::civil::{Date, date};
use proptest::prelude::*;

/// Tuesday.
pub const DAY: Date = date(2026, 11, 24);

pub fn at(day: Date, hour: i64, minute: i64) -> Timestamp {
    Timestamp::start_of(day).plus_seconds(hour * 3600 + minute * 60)
}

fn files() -> BTreeMap<String, String> {
    let json = r#"{
      "booking": [{"valid_from": "2026-01-01", "source": "规则", "basis": "L", "ahead_days": 7, "release": "08:00",
        "grace_minutes": 15, "missed": 3, "within_days": 90, "barred_days": 30, "remind_hours": 20, "calls": 3}],
      "places": [{"id": "hall", "kind": "hall", "name": {"zh": "大厅", "en": "Hall"}, "district": "370211",
        "area": {"zh": "街道", "en": "Street"}, "address": {"zh": "路 1 号", "en": "1 Road"}, "phone": "0532-1",
        "counters": [
          {"id": "general", "name": {"zh": "综合", "en": "General"}, "letter": "A", "windows": ["1", "2"],
           "booking": {"minutes": 30, "capacity": 4}, "usual_minutes": 10},
          {"id": "other", "name": {"zh": "专区", "en": "Other"}, "letter": "B", "windows": ["9"], "usual_minutes": 20}],
        "openings": [
          {"on": ["working"], "service": "ordinary", "from": "09:00", "to": "12:00", "valid_from": "2026-01-01", "source": "办法"},
          {"on": ["working"], "service": "noon", "from": "12:00", "to": "13:30", "valid_from": "2026-01-01",
           "counters": ["general"], "source": "办法"},
          {"on": ["working"], "service": "ordinary", "from": "13:30", "to": "17:00", "valid_from": "2026-01-01", "source": "办法"},
          {"on": ["weekend", "holiday"], "service": "weekend", "from": "09:00", "to": "16:00", "valid_from": "2026-03-05",
           "counters": ["general"], "matters": [], "source": "办法"},
          {"on": ["working"], "service": "season", "from": "17:00", "to": "18:30", "valid_from": "2026-01-01",
           "season": {"from": "06-01", "to": "08-31"}, "source": "办法"}],
        "closed": [{"from": "2026-11-26", "to": "2026-11-26", "reason": {"zh": "系统升级", "en": "Upgrade"}}]}]}"#;
    BTreeMap::from([(PLACES.to_owned(), json.to_owned())])
}

pub fn places() -> Places {
    Places::load(&files()).unwrap()
}

fn spans(day: Date) -> Vec<String> {
    let places = places();
    let day = hours(&places.places[0], Calendar::embedded(), day).unwrap();
    day.spans().iter().map(|(from, to)| format!("{from}-{to}")).collect()
}

#[test]
fn a_place_is_open_as_its_dated_calendar_says() {
    assert_eq!(spans(DAY), ["09:00-17:00"], "noon closes the gap");
    assert_eq!(spans(date(2026, 7, 7)), ["09:00-18:30"], "longer in summer");
    assert_eq!(spans(date(2026, 11, 28)), ["09:00-16:00"], "a Saturday");
    assert_eq!(spans(date(2026, 10, 1)), ["09:00-16:00"], "a festival");
    assert_eq!(spans(date(2026, 2, 28)), ["09:00-17:00"], "a Saturday that the notice has made a working day");
    assert_eq!(spans(date(2026, 1, 10)), [""; 0], "a Saturday before weekends were served");
    assert_eq!(spans(date(2026, 11, 26)), [""; 0], "closed that day");
    let places = places();
    let day = hours(&places.places[0], Calendar::embedded(), DAY).unwrap();
    assert_eq!(day.spans_of("other").len(), 2, "the other counter closes at noon");
}

/// T-3: a weekend service makes no Saturday a working day.
#[test]
fn an_opening_never_moves_a_date_of_the_law() {
    let calendar = Calendar::embedded();
    let (friday, saturday) = (date(2026, 11, 27), date(2026, 11, 28));
    assert!(!spans(saturday).is_empty(), "the door is open");
    assert!(!calendar.day(saturday).unwrap().working, "and the day does not count");
    let period: Period = serde_json::from_value(serde_json::json!({
        "number": 1, "unit": "working-day", "start": "acceptance", "source": "测试", "basis": "L", "valid_from": "2026-01-01"
    }))
    .unwrap();
    // Received while the window was open on Saturday: the first day is Monday, as for what was received on Friday.
    for received in [at(friday, 10, 0), at(saturday, 10, 0)] {
        assert_eq!(period.deadline(calendar, received, &[]).unwrap().date, date(2026, 11, 30));
    }
}

#[test]
fn one_learns_whether_the_door_is_open_and_when_next() {
    let places = places();
    let ask = |now| door(&places.places[0], Calendar::embedded(), now).unwrap();
    assert_eq!(ask(at(DAY, 12, 30)), Door::Open(at(DAY, 17, 0)));
    assert_eq!(ask(at(DAY, 8, 0)), Door::Next(at(DAY, 9, 0)));
    assert_eq!(ask(at(DAY, 17, 0)), Door::Next(at(date(2026, 11, 25), 9, 0)));
    assert_eq!(ask(at(date(2026, 11, 25), 18, 0)), Door::Next(at(date(2026, 11, 27), 9, 0)), "over the closed day");
}

#[test]
fn slots_fill_the_hours_of_their_counter_and_no_more() {
    let places = places();
    let day = hours(&places.places[0], Calendar::embedded(), DAY).unwrap();
    let slots = slots(&places.places[0], &day);
    assert_eq!(slots.len(), 16, "eight hours of half an hour, at the one counter that is booked");
    assert_eq!((slots[0].id.as_str(), slots[0].capacity), ("hall.general.20261124.0900", 4));
    assert_eq!(slots[15].end, at(DAY, 17, 0));
    assert_eq!(released(&places.booking[0], DAY), at(date(2026, 11, 17), 8, 0));
    assert!(rules_on(&places.booking, date(2025, 12, 31)).is_none());
}

#[test]
fn what_is_wrong_with_places_is_found() {
    assert_eq!(lint_places(&files()), []);
    let broken = |from: &str, to: &str| {
        let text = files()[PLACES].replacen(from, to, 1);
        let found = lint_places(&BTreeMap::from([(PLACES.to_owned(), text)]));
        found.into_iter().map(|finding| finding.check).collect::<Vec<_>>()
    };
    for (from, to, check) in [
        ("\"letter\": \"B\"", "\"letter\": \"A\"", "counter-id"),
        ("\"windows\": [\"9\"]", "\"windows\": [\"2\"]", "counter-id"),
        ("\"to\": \"12:00\"", "\"to\": \"08:00\"", "opening-hours"),
        ("\"06-01\"", "\"06-31\"", "opening-hours"),
        ("\"counters\": [\"general\"]", "\"counters\": [\"nobody\"]", "opening-counters"),
        ("\"counters\": [\"general\"],", "\"counters\": [\"general\"], \"windows\": [\"9\"],", "opening-windows"),
        ("\"matters\": []", "\"matters\": [\"no-such-matter\"]", "place-matter"),
        ("\"370211\"", "\"999999\"", "place-district"),
        ("\"capacity\": 4", "\"capacity\": 0", "counter-slots"),
        ("\"en\": \"Hall\"", "\"en\": \"\"", "place-text"),
        ("\"kind\": \"hall\"", "\"kind\": \"micro-window\"", "place-lists"),
        ("\"ahead_days\": 7", "\"ahead_days\": 0", "booking-rules"),
        ("\"from\": \"09:00\"", "\"from\": \"9 o'clock\"", "wrong-shape"),
    ] {
        assert_eq!(broken(from, to), [check], "{to}");
    }
}

#[test]
fn who_misses_too_often_is_barred_for_a_while() {
    let rules = &places().booking[0];
    let days = |ago: i64| at(DAY, 9, 0).plus_seconds(-ago * 86_400);
    let barred = |missed: &[i64]| {
        let missed: Vec<Timestamp> = missed.iter().map(|ago| days(*ago)).collect();
        barred_until(rules, &missed, at(DAY, 12, 0))
    };
    assert_eq!(barred(&[]), None);
    assert_eq!(barred(&[1, 2]), None);
    assert_eq!(barred(&[1, 2, 3]), Some(date(2026, 12, 23)));
    assert_eq!(barred(&[1, 2, 95]), None, "the third lies too far back");
    assert_eq!(barred(&[31, 32, 33]), None, "that is over");
}

pub fn appointment() -> Appointment {
    Appointment {
        id: AppointmentId::new(at(DAY, 8, 0), [1; 10]),
        code: "012345".into(),
        slot: "hall.general.20261124.0900".into(),
        place: "hall".into(),
        counter: "general".into(),
        matter: "food-operation".into(),
        start: at(DAY, 9, 0),
        end: at(DAY, 9, 30),
        account: "a".into(),
        applicant: Some(Party {
            kind: ApplicantKind::Person,
            name: "王芳".into(),
            id_type: "citizen-id".into(),
            code: "1".into(),
        }),
        prepared: vec!["photo".into()],
        booked: at(date(2026, 11, 20), 8, 0),
        state: AppointmentState::Booked,
    }
}

#[test]
fn an_appointment_is_kept_missed_or_given_back_once() {
    let rules = &places().booking[0];
    let own = appointment();
    assert!(own.cancel(at(DAY, 8, 59)).is_ok());
    assert_eq!(own.cancel(at(DAY, 9, 0)).unwrap_err().reason, HallReason::SlotPast);
    assert!(own.arrive(rules, "t", at(DAY, 0, 0)).is_ok(), "that day, also early");
    assert!(own.arrive(rules, "t", at(DAY, 9, 44)).is_ok(), "within the grace");
    for late in [at(DAY, 9, 45), at(date(2026, 11, 23), 9, 0)] {
        let refusal = own.arrive(rules, "t", late).unwrap_err();
        assert_eq!((refusal.state, refusal.command), ("booked", "arrive"));
        assert_eq!(refusal.reason, HallReason::OtherTime { start: own.start });
    }
    assert!(own.miss(rules, at(DAY, 9, 44)).is_err());
    let missed = own.miss(rules, at(DAY, 9, 45)).unwrap();
    let ended = Appointment::evolve(Some(own.clone()), missed).unwrap();
    for refused in [
        ended.cancel(at(DAY, 8, 0)).map(drop),
        ended.arrive(rules, "t", at(DAY, 9, 0)).map(drop),
        ended.miss(rules, at(DAY, 18, 0)).map(drop),
    ] {
        assert_eq!(refused.unwrap_err().reason, HallReason::WrongState);
    }
    let erased = Appointment::evolve(Some(ended), AppointmentFact::Erased).unwrap();
    assert!(erased.applicant.is_none() && erased.account.is_empty() && erased.prepared.is_empty());
    assert_eq!(own.remind_at(rules), Some(at(date(2026, 11, 23), 13, 0)));
    assert_eq!(Appointment { booked: at(DAY, 8, 0), ..own }.remind_at(rules), None, "booked that late, nobody forgets");
}

pub fn ticket() -> Ticket {
    Ticket {
        id: TicketId::new(at(DAY, 9, 0), [1; 10]),
        number: "A001".into(),
        place: "hall".into(),
        day: DAY,
        counter: "general".into(),
        matter: None,
        source: TicketSource::Reception,
        class: TicketClass::Ordinary,
        account: None,
        appointment: None,
        taken: at(DAY, 9, 0),
        since: at(DAY, 9, 0),
        first_call: None,
        began: None,
        state: TicketState::Waiting,
    }
}

pub fn every_command(window: &str) -> Vec<TicketCommand> {
    let w = || window.to_owned();
    vec![
        TicketCommand::Call { window: w() },
        TicketCommand::Recall { window: w() },
        TicketCommand::Serve { window: w() },
        TicketCommand::Transfer { counter: "other".into() },
        TicketCommand::Hold { window: w() },
        TicketCommand::Resume,
        TicketCommand::Finish { window: w() },
        TicketCommand::Miss { window: w() },
        TicketCommand::Cancel,
        TicketCommand::Expire,
    ]
}

/// Every state × command: what is not named here is refused, with state, command and reason.
#[test]
fn a_ticket_takes_exactly_these_commands() {
    let (places, now) = (places(), at(DAY, 10, 0));
    let w = || "1".to_owned();
    let table = [
        (TicketState::Waiting, vec!["call", "transfer", "cancel", "expire"]),
        (
            TicketState::Called { window: w(), at: now, times: 3 },
            vec!["recall", "serve", "transfer", "hold", "miss", "cancel", "expire"],
        ),
        (TicketState::Serving { window: w(), at: now }, vec!["transfer", "hold", "finish", "expire"]),
        (TicketState::Held { at: now }, vec!["resume", "cancel", "expire"]),
        (TicketState::Missed { at: now }, vec!["resume"]),
        (TicketState::Done { window: w(), at: now }, vec![]),
        (TicketState::Cancelled { at: now }, vec![]),
        (TicketState::Expired { at: now }, vec![]),
    ];
    for (state, accepts) in table {
        let own = Ticket { state, ..ticket() };
        let decide = |command: &TicketCommand| own.decide(command, &places.places[0], &places.booking[0], now);
        let taken: Vec<&str> =
            every_command("1").iter().filter(|command| decide(command).is_ok()).map(TicketCommand::name).collect();
        assert_eq!(taken, accepts, "{:?}", own.state);
        for command in every_command("1").iter().filter(|command| !accepts.contains(&command.name())) {
            let refusal = decide(command).unwrap_err();
            assert_eq!((refusal.state, refusal.command), (own.state.name(), command.name()));
            assert_eq!(refusal.reason, HallReason::WrongState);
            assert!(!refusal.reason.explain().is_incomplete());
        }
    }
}

#[test]
fn another_window_and_too_few_calls_are_named() {
    let (places, now) = (places(), at(DAY, 10, 0));
    let own = Ticket { state: TicketState::Called { window: "1".into(), at: now, times: 2 }, ..ticket() };
    let reason = |command| own.decide(&command, &places.places[0], &places.booking[0], now).unwrap_err().reason;
    let other = HallReason::OtherWindow { window: "1".into() };
    assert_eq!(reason(TicketCommand::Serve { window: "2".into() }), other);
    assert_eq!(reason(TicketCommand::Recall { window: "2".into() }), other);
    assert_eq!(reason(TicketCommand::Miss { window: "1".into() }), HallReason::CallAgain { called: 2, needed: 3 });
    assert_eq!(reason(TicketCommand::Transfer { counter: "general".into() }), HallReason::SameCounter);
    assert_eq!(reason(TicketCommand::Transfer { counter: "nobody".into() }), HallReason::NoSuchCounter);
}

#[test]
fn who_goes_first() {
    let at = |class, minute| Ticket { class, since: at(DAY, 9, minute), ..ticket() }.rank();
    let order = [
        at(TicketClass::Returned, 50),
        at(TicketClass::Assisted, 10),
        at(TicketClass::Assisted, 40),
        at(TicketClass::Appointment, 0),
        at(TicketClass::Ordinary, 0),
        at(TicketClass::Ordinary, 1),
    ];
    assert!(order.is_sorted() && order.iter().collect::<std::collections::BTreeSet<_>>().len() == order.len());
}

#[test]
fn the_wait_follows_what_was_served_today() {
    let ask = |ahead, served: &[i64], windows| estimate(ahead, served, windows, 10);
    assert_eq!(ask(4, &[], 1), Estimate { ahead: 4, minutes: 40, from: 0 });
    assert_eq!(ask(4, &[60, 60], 1).from, 0, "two say little");
    assert_eq!(
        ask(4, &[300, 3600, 240], 1),
        Estimate { ahead: 4, minutes: 20, from: 3 },
        "one long talk moves nothing"
    );
    assert_eq!(ask(4, &[300, 300, 300], 2).minutes, 10);
    assert_eq!(ask(0, &[300, 300, 300], 0).minutes, 0);
    assert_eq!(ask(1, &[61, 61, 61], 1).minutes, 2, "rounded up");
}

static HALL: LazyLock<Places> = LazyLock::new(places);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Whatever is tried in whatever order: a refused command changes nothing, replaying the facts gives the ticket, what has ended
    /// stays ended but for a number that was passed over, and the waiting time never runs backwards.
    #[test]
    fn a_ticket_never_goes_where_it_may_not(steps in prop::collection::vec((0usize..10, 0usize..2, 0i64..600), 1..60)) {
        let (place, rules) = (&HALL.places[0], &HALL.booking[0]);
        let mut now = at(DAY, 9, 0);
        let mut own = ticket();
        let mut facts = vec![TicketFact::Taken { ticket: Box::new(own.clone()) }];
        for (command, window, seconds) in steps {
            now = now.plus_seconds(seconds);
            let command = every_command(if window == 0 { "1" } else { "2" }).swap_remove(command);
            let ended = !own.is_open() && !matches!(own.state, TicketState::Missed { .. });
            match own.decide(&command, place, rules, now) {
                Ok(fact) => {
                    prop_assert!(!ended, "{:?} took {}", own.state, command.name());
                    if let TicketFact::Finished { waited, served, .. } = &fact {
                        prop_assert!(*waited >= 0 && *served >= 0);
                    }
                    facts.push(fact.clone());
                    own = Ticket::evolve(Some(own), fact).unwrap();
                }
                Err(refusal) => prop_assert_eq!(refusal.state, own.state.name()),
            }
        }
        let replayed = facts.into_iter().fold(None, Ticket::evolve);
        prop_assert_eq!(replayed, Some(own));
    }
}
