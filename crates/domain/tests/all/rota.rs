//! The rota: what is flagged, the life of a swap, nobody at two windows after one, time past closing, and the ledger of time off.

use domain::halls::*;
use domain::time::{Calendar, Timestamp};
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::halls::{DAY, at, places};

const MONDAY: Date = date(2026, 11, 23);
/// Before everything of the week.
pub fn now() -> Timestamp {
    at(date(2026, 11, 20), 10, 0)
}

pub fn time(text: &str) -> DayTime {
    DayTime::try_from(text.to_owned()).unwrap()
}

pub fn wanted(day: Date, window: &str, from: &str, to: &str, account: &str) -> Wanted {
    Wanted { day, window: window.into(), from: time(from), to: time(to), account: account.into() }
}

/// `a` and `b` may sit anywhere, `c` only at the other counter.
pub fn roster() -> Roster {
    let member = |account: &str, counters: &[&str]| Member {
        account: account.into(),
        counters: counters.iter().map(|&id| id.to_owned()).collect(),
    };
    Roster { place: "hall".into(), members: vec![member("a", &[]), member("b", &[]), member("c", &["other"])] }
}

fn week(place: &Place) -> Vec<DayHours<'_>> {
    let day = |ahead: i64| MONDAY.checked_add(jiff::Span::new().days(ahead)).unwrap();
    (0..7).map(|ahead| hours(place, Calendar::embedded(), day(ahead)).unwrap()).collect()
}

pub fn planned(all: &[Wanted]) -> Rota {
    let places = places();
    all.iter().fold(Rota::empty("hall", MONDAY), |own, next| {
        let fact = own.plan(next.clone(), &places.places[0], &roster(), now()).unwrap();
        Rota::evolve(Some(own), fact).unwrap()
    })
}

fn gap_words(found: &[Gap]) -> Vec<String> {
    found.iter().map(|gap| format!("{} {} {}-{}", gap.day, gap.window, gap.from, gap.to)).collect()
}

/// Carries out the steps of a swap of duty 1 with `to`, for `back`.
fn swapped(rota: Rota, to: &str, back: Option<u32>) -> Result<Rota, HallRefusal> {
    let (places, roster) = (places(), roster());
    let about = SwapAbout { place: &places.places[0], roster: &roster, elsewhere: &[], now: now() };
    let by = rota.duty(1).unwrap().account.clone();
    let asked = rota.ask(&by, 1, to, back, &about)?;
    let RotaFact::SwapAsked { swap } = &asked else { panic!("{asked:?}") };
    let id = swap.id;
    let rota = Rota::evolve(Some(rota), asked).unwrap();
    let accepted = rota.accept(id, to, true, &about)?;
    let rota = accepted.into_iter().fold(rota, |own, fact| Rota::evolve(Some(own), fact).unwrap());
    let confirmed = rota.confirm(id, &about)?;
    Ok(Rota::evolve(Some(rota), confirmed).unwrap())
}

#[test]
fn every_open_window_that_nobody_covers_is_a_gap() {
    let places = places();
    let (place, days) = (&places.places[0], week(&places.places[0]));
    let empty = Rota::empty("hall", MONDAY);
    assert_eq!(gaps(&empty, place, &days).len(), 20, "four working days of four, two of two, one closed");
    let rota = planned(&[wanted(DAY, "1", "09:00", "12:00", "a"), wanted(DAY, "1", "13:00", "17:00", "b")]);
    let found = gaps(&rota, place, &days);
    let own: Vec<Gap> = found.into_iter().filter(|gap| gap.day == DAY && gap.window == "1").collect();
    assert_eq!(gap_words(&own), ["2026-11-24 1 12:00-13:00"], "noon is open at the general windows");
    let noon = gaps(&empty, place, &days).into_iter().filter(|gap| gap.day == DAY && gap.window == "9");
    assert_eq!(gap_words(&noon.collect::<Vec<_>>()), ["2026-11-24 9 09:00-12:00", "2026-11-24 9 13:30-17:00"]);
}

#[test]
fn an_opening_may_name_the_windows_on_duty() {
    let mut places = places();
    places.places[0].openings[1].windows = vec!["2".into()];
    let place = &places.places[0];
    let found = gaps(&Rota::empty("hall", MONDAY), place, &week(place));
    let tuesday = found.into_iter().filter(|gap| gap.day == DAY && gap.counter == "general");
    assert_eq!(
        gap_words(&tuesday.collect::<Vec<_>>()),
        ["2026-11-24 1 09:00-12:00", "2026-11-24 1 13:30-17:00", "2026-11-24 2 09:00-17:00"]
    );
}

#[test]
fn what_is_wrong_with_a_duty_is_flagged() {
    let places = places();
    let (place, days) = (&places.places[0], week(&places.places[0]));
    let other = Busy {
        account: "b".into(),
        day: DAY,
        from: time("10:00"),
        to: time("11:00"),
        name: domain::text::Text::new("街道中心", "Street centre"),
    };
    let closed = date(2026, 11, 26);
    for (duties, names) in [
        (vec![wanted(DAY, "1", "09:00", "12:00", "a")], vec![]),
        (
            vec![wanted(DAY, "1", "09:00", "12:00", "a"), wanted(DAY, "2", "11:00", "13:00", "a")],
            vec!["two-windows"; 2],
        ),
        (vec![wanted(DAY, "1", "09:00", "12:00", "a"), wanted(DAY, "2", "12:00", "13:00", "a")], vec![]),
        (vec![wanted(DAY, "1", "16:00", "18:00", "a")], vec!["outside-hours"]),
        (vec![wanted(DAY, "9", "09:00", "14:00", "a")], vec!["outside-hours"]),
        (vec![wanted(closed, "1", "09:00", "12:00", "a")], vec!["outside-hours"]),
        (vec![wanted(DAY, "1", "09:00", "12:00", "c")], vec!["not-theirs"]),
        (vec![wanted(DAY, "9", "09:00", "12:00", "c")], vec![]),
        (vec![wanted(DAY, "1", "09:00", "12:00", "b")], vec!["elsewhere"]),
        (vec![wanted(DAY, "1", "11:00", "12:00", "b")], vec![]),
    ] {
        let rota = planned(&duties);
        let found = flags(&rota, place, &days, &roster(), std::slice::from_ref(&other));
        let said: Vec<&str> = found.duties.values().flatten().map(DutyFlag::name).collect();
        assert_eq!(said, names, "{duties:?}");
    }
    // Whoever leaves the roster is flagged on what was planned.
    let left = Roster::evolve(Some(roster()), roster().leave("a").unwrap()).unwrap();
    let rota = planned(&[wanted(DAY, "1", "09:00", "12:00", "a")]);
    assert_eq!(flags(&rota, place, &days, &left, &[]).of(1), [DutyFlag::NotTheirs]);
}

#[test]
fn what_cannot_be_planned_is_refused() {
    let places = places();
    let own = planned(&[wanted(DAY, "1", "09:00", "12:00", "a")]);
    for (wish, reason) in [
        (wanted(date(2026, 11, 30), "1", "09:00", "12:00", "a"), HallReason::OtherWeek),
        (wanted(DAY, "1", "12:00", "12:00", "a"), HallReason::NoTime),
        (wanted(DAY, "7", "09:00", "12:00", "a"), HallReason::NoSuchWindow),
        (wanted(DAY, "1", "09:00", "12:00", "z"), HallReason::NotOnRoster),
        (wanted(DAY, "1", "11:00", "13:00", "a"), HallReason::PlannedAlready),
    ] {
        let refused = own.plan(wish, &places.places[0], &roster(), now()).unwrap_err();
        assert_eq!((refused.state, refused.command, refused.reason), ("planned", "plan", reason));
    }
    assert_eq!(own.remove(9, now()).unwrap_err().reason, HallReason::NoSuchDuty);
}

#[test]
fn the_week_before_is_copied_beside_what_stands_already() {
    let last = planned(&[wanted(DAY, "1", "09:00", "12:00", "a"), wanted(DAY, "2", "09:00", "12:00", "b")]);
    let tuesday = date(2026, 12, 1);
    let places = places();
    let next = Rota::empty("hall", date(2026, 11, 30));
    let fact = next.plan(wanted(tuesday, "2", "09:00", "10:00", "c"), &places.places[0], &roster(), now()).unwrap();
    let next = Rota::evolve(Some(next), fact).unwrap();
    let copied = next.copy(&last, now()).unwrap();
    let next = Rota::evolve(Some(next), copied).unwrap();
    let windows: Vec<_> = next.duties.iter().map(|own| (own.id, own.day, own.window.as_str())).collect();
    assert_eq!(windows, [(1, tuesday, "2"), (2, tuesday, "1")], "the window that is planned stays as it is");
    assert_eq!(next.copy(&last, now()), None, "nothing is new the second time");
}

#[test]
fn a_swap_that_leaves_a_gap_says_so_before_and_the_gap_stands_afterwards() {
    let places = places();
    let (place, days) = (&places.places[0], week(&places.places[0]));
    // `b` sits at window 2 from ten to two, and takes over window 1 in the morning.
    let rota = planned(&[wanted(DAY, "1", "09:00", "12:00", "a"), wanted(DAY, "2", "10:00", "14:00", "b")]);
    let about = SwapAbout { place, roster: &roster(), elsewhere: &[], now: now() };
    let RotaFact::SwapAsked { swap } = rota.ask("a", 1, "b", None, &about).unwrap() else { panic!() };
    let left = left_by(&rota, &swap, place, &days);
    assert_eq!(gap_words(&left), ["2026-11-24 2 10:00-12:00"], "only what was covered before");
    let before = gaps(&rota, place, &days);
    let after = swapped(rota, "b", None).unwrap();
    assert!(
        !before
            .iter()
            .any(|gap| gap.window == "2" && gap.from <= time("11:00") && time("11:00") < gap.to && gap.day == DAY)
    );
    let open = gaps(&after, place, &days);
    assert!(
        open.iter()
            .any(|gap| gap.window == "2" && gap.from <= time("10:00") && gap.to >= time("12:00") && gap.day == DAY)
    );
    let of_b: Vec<_> = after.duties_of("b").into_iter().map(|own| (own.window.as_str(), own.from, own.to)).collect();
    assert_eq!(of_b, [("1", time("09:00"), time("12:00")), ("2", time("12:00"), time("14:00"))]);
    // Two who swap windows at the same time leave nothing open.
    let rota = planned(&[wanted(DAY, "1", "09:00", "12:00", "a"), wanted(DAY, "2", "09:00", "12:00", "b")]);
    let before = gaps(&rota, place, &days);
    let after = swapped(rota, "b", Some(2)).unwrap();
    assert_eq!(gaps(&after, place, &days), before);
    assert_eq!((after.duties_of("a")[0].window.as_str(), after.duties_of("b")[0].window.as_str()), ("2", "1"));
}

#[test]
fn a_swap_is_refused_with_its_reason() {
    let places = places();
    let place = &places.places[0];
    let roster = roster();
    let rota = planned(&[
        wanted(DAY, "1", "09:00", "12:00", "a"),
        wanted(DAY, "2", "09:00", "12:00", "b"),
        wanted(DAY, "9", "09:00", "12:00", "c"),
    ]);
    let busy = [Busy {
        account: "b".into(),
        day: DAY,
        from: time("08:00"),
        to: time("09:30"),
        name: domain::text::Text::new("街道中心", "Street centre"),
    }];
    let about = |elsewhere, now| SwapAbout { place, roster: &roster, elsewhere, now };
    let ask = |by, duty, to, back, about: &SwapAbout<'_>| rota.ask(by, duty, to, back, about).unwrap_err().reason;
    let free = about(&[], now());
    assert_eq!(ask("a", 2, "b", None, &free), HallReason::NotYourDuty);
    assert_eq!(ask("a", 1, "b", Some(3), &free), HallReason::NotYourDuty, "the third is nobody's but c's");
    assert_eq!(ask("a", 1, "z", None, &free), HallReason::NotOnRoster);
    assert_eq!(ask("a", 1, "a", None, &free), HallReason::NotOnRoster);
    assert_eq!(ask("a", 8, "b", None, &free), HallReason::NoSuchDuty);
    assert_eq!(ask("a", 1, "c", Some(3), &free), HallReason::NotTheirWindow { window: "1".into() });
    assert_eq!(ask("a", 1, "b", None, &about(&[], at(DAY, 9, 0))), HallReason::DutyBegun);
    assert!(matches!(ask("a", 1, "b", None, &about(&busy, now())), HallReason::OnDutyElsewhere { .. }));

    let fact = rota.ask("a", 1, "b", Some(2), &free).unwrap();
    let rota = Rota::evolve(Some(rota.clone()), fact).unwrap();
    let id = rota.swaps[0].id;
    assert_eq!(rota.ask("b", 2, "a", None, &free).unwrap_err().reason, HallReason::SwapWaits);
    let confirmed = rota.confirm(id, &free).unwrap_err();
    assert_eq!((confirmed.state, confirmed.command, confirmed.reason), ("asked", "confirm", HallReason::WrongState));
    assert_eq!(rota.accept(id, "a", true, &free).unwrap_err().reason, HallReason::NotYourDuty);
    assert_eq!(rota.accept(id, "b", true, &about(&[], at(DAY, 9, 0))).unwrap_err().reason, HallReason::DutyBegun);
    assert_eq!(rota.withdraw(id, "b", now()).unwrap_err().reason, HallReason::NotYourDuty);
    assert_eq!(rota.accept(id, "b", false, &free).unwrap().len(), 2, "where acceptance is enough it counts at once");

    // What the head takes out ends what was asked for.
    let gone = Rota::evolve(Some(rota.clone()), rota.remove(2, now()).unwrap()).unwrap();
    assert_eq!(gone.swaps[0].state.name(), "lapsed");
    assert_eq!(gone.accept(id, "b", true, &free).unwrap_err().reason, HallReason::WrongState);
}

fn seconds(spans: &[(DayTime, DayTime)], taken: (i64, i64), from: (i64, i64), to: (i64, i64)) -> i64 {
    let [taken, from, to] = [taken, from, to].map(|(hour, minute)| at(DAY, hour, minute));
    let parts = past_closing(spans, DAY, taken, from, to);
    parts.iter().map(|(from, to)| (to.micros() - from.micros()) / 60_000_000).sum()
}

#[test]
fn time_past_closing_is_what_lies_after_a_closing() {
    let all = [(time("09:00"), time("17:00"))];
    let two = [(time("09:00"), time("12:00")), (time("13:30"), time("17:00"))];
    for (spans, taken, from, to, minutes) in [
        (&all[..], (16, 50), (17, 0), (17, 40), 40),
        (&all[..], (16, 50), (16, 55), (17, 40), 40),
        (&all[..], (16, 0), (16, 10), (16, 40), 0),
        (&all[..], (16, 0), (16, 10), (17, 0), 0),
        (&all[..], (8, 50), (8, 50), (9, 10), 0),
        (&all[..], (17, 10), (17, 20), (17, 40), 0),
        (&two[..], (11, 40), (11, 50), (12, 20), 20),
        (&two[..], (11, 40), (11, 50), (13, 40), 90),
        (&two[..], (11, 40), (11, 50), (17, 10), 100),
        (&two[..], (13, 40), (16, 50), (17, 10), 10),
        (&[][..], (10, 0), (10, 0), (11, 0), 0),
    ] {
        assert_eq!(seconds(spans, taken, from, to), minutes, "{spans:?} {taken:?} {from:?} {to:?}");
    }
}

fn overtime(from: i64, to: i64) -> Overtime {
    let at = |minute: i64| at(DAY, 17, minute);
    Overtime { place: "hall".into(), window: "1".into(), ticket: "A001".into(), from: at(from), to: at(to) }
}

fn worked(own: Ledger, entry: &Overtime) -> Ledger {
    own.work(entry).into_iter().fold(own, |own, fact| Ledger::evolve(Some(own), fact).unwrap())
}

#[test]
fn the_same_time_counts_once_and_time_off_needs_cover_or_a_reason() {
    let own = worked(Ledger::empty("a"), &overtime(0, 20));
    let own = worked(own, &overtime(10, 40));
    assert_eq!(own.worked_minutes(), 40, "two tickets at the same time");
    let own = worked(own, &overtime(5, 35));
    assert_eq!((own.worked_minutes(), own.overtime.len()), (40, 2));
    let refused = own.grant(41, DAY, " ", now()).unwrap_err();
    assert_eq!((refused.command, refused.reason), ("grant", HallReason::ReasonNeeded { minutes: 40 }));
    let own = Ledger::evolve(Some(own.clone()), own.grant(40, DAY, "", now()).unwrap()).unwrap();
    assert_eq!(own.grant(1, DAY, "", now()).unwrap_err().reason, HallReason::ReasonNeeded { minutes: 0 });
    assert_eq!(own.grant(0, DAY, "理由", now()).unwrap_err().reason, HallReason::NoTime);
    assert_eq!(own.take(60, DAY, "", now()).unwrap_err().reason, HallReason::ReasonNeeded { minutes: 40 });
    let own = Ledger::evolve(Some(own.clone()), own.take(60, DAY, "急事", now()).unwrap()).unwrap();
    assert_eq!((own.balance(), own.state()), (-20, "overdrawn"));
    let own = Ledger::evolve(Some(own), LedgerFact::Erased).unwrap();
    assert!(own.lieu.iter().all(|entry| entry.reason.is_empty()) && own.balance() == -20);
}

/// Whether somebody is at two windows at once.
fn doubled(rota: &Rota) -> bool {
    let pairs = rota.duties.iter().flat_map(|one| rota.duties.iter().map(move |other| (one, other)));
    pairs
        .filter(|(one, other)| one.id < other.id)
        .any(|(one, other)| one.account == other.account && one.overlaps(other))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is planned and swapped in whatever order: a confirmed swap puts nobody at two windows at once, and replay equals state.
    #[test]
    fn nobody_is_at_two_windows_after_a_swap(
        steps in prop::collection::vec((0usize..8, 0usize..4, 0usize..4, 0u32..14, 0i64..2, 1u16..10, 1u16..6), 1..40)
    ) {
        let places = places();
        let roster = roster();
        let about = SwapAbout { place: &places.places[0], roster: &roster, elsewhere: &[], now: now() };
        let (people, windows) = (["a", "b", "c", "a"], ["1", "2", "9", "1"]);
        let mut own = Rota::empty("hall", MONDAY);
        let mut facts = vec![own.opened()];
        for (step, who, other, id, day, from, long) in steps {
            let day = DAY.checked_add(jiff::Span::new().days(day)).unwrap();
            let (from, to) = (DayTime::from_minutes(480 + from * 60), DayTime::from_minutes(480 + (from + long) * 60));
            let wish = Wanted { day, window: windows[other].into(), from, to, account: people[who].into() };
            let back = (id % 2 == 0).then_some(id / 2);
            let done = match step {
                0 | 1 => own.plan(wish, &places.places[0], &roster, now()).map(|fact| vec![fact]),
                2 => own.remove(id, now()).map(|fact| vec![fact]),
                3 | 4 => own.ask(people[who], id, people[other], back, &about).map(|fact| vec![fact]),
                5 => own.accept(id, people[who], id % 3 != 0, &about),
                6 => own.confirm(id, &about).map(|fact| vec![fact]),
                _ => own.withdraw(id, people[who], now()).map(|fact| vec![fact]),
            };
            let Ok(done) = done else { continue };
            for fact in done {
                let clean = !doubled(&own);
                let before = own.clone();
                facts.push(fact.clone());
                own = Rota::evolve(Some(own), fact.clone()).unwrap();
                let RotaFact::SwapConfirmed { swap, .. } = &fact else { continue };
                prop_assert!(!clean || !doubled(&own), "a swap has put somebody at two windows");
                // Whatever the head had planned wrongly: the duties that changed hands clash with nothing.
                let swap = before.swap(*swap).unwrap();
                for (part, taker) in [(Some(&swap.given), &swap.to), (swap.returned.as_ref(), &swap.by)] {
                    let Some(part) = part else { continue };
                    let at_once = own.duties.iter().filter(|duty| duty.account == *taker && duty.overlaps(part));
                    prop_assert_eq!(at_once.count(), 1);
                }
            }
            let mut ids: Vec<u32> = own.duties.iter().map(|duty| duty.id).collect();
            ids.sort_unstable();
            ids.dedup();
            prop_assert_eq!(ids.len(), own.duties.len(), "numbers are never given twice");
        }
        prop_assert_eq!(facts.into_iter().fold(None, Rota::evolve), Some(own));
    }

    /// Whatever is worked, granted and taken: the balance is below nothing only behind a reason, the same time counts once, and replay
    /// equals state.
    #[test]
    fn a_balance_is_never_negative_without_a_reason(
        steps in prop::collection::vec((0usize..4, 0i64..400, 1i64..60, prop::bool::ANY), 1..60)
    ) {
        let mut own = Ledger::empty("a");
        let mut facts = vec![own.opened()];
        let mut minutes = std::collections::BTreeSet::new();
        for (step, start, long, explained) in steps {
            let reason = if explained { "理由" } else { "" };
            let amount = u32::try_from(start).unwrap();
            let done = match step {
                0 | 1 => {
                    minutes.extend(start..start + long);
                    own.work(&overtime(start, start + long))
                }
                2 => own.grant(amount, DAY, reason, now()).into_iter().collect(),
                _ => own.take(amount, DAY, reason, now()).into_iter().collect(),
            };
            for fact in done {
                let before = own.balance();
                facts.push(fact.clone());
                own = Ledger::evolve(Some(own), fact.clone()).unwrap();
                let said = matches!(&fact, LedgerFact::Entered { entry } if !entry.reason.is_empty());
                prop_assert!(own.balance() >= 0 || own.balance() >= before || said, "{:?}", fact);
            }
            prop_assert_eq!(own.worked_minutes(), i64::try_from(minutes.len()).unwrap());
        }
        prop_assert_eq!(own.balance(), own.granted - own.taken);
        prop_assert_eq!(facts.into_iter().fold(None, Ledger::evolve), Some(own));
    }
}
