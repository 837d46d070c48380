//! The life of what lies in a locker, and the rules of lockers.

use domain::halls::*;
use domain::ids::{DeviceId, ParcelId};
use domain::time::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;

fn at(hours: i64) -> Timestamp {
    Timestamp::start_of(date(2026, 11, 24)).plus_seconds(hours * 3600)
}

fn rules() -> LockerRules {
    serde_json::from_str(
        r#"{"valid_from": "2026-01-01", "source": "规则", "basis": "L", "reserve_minutes": 30, "hold_hours": 72,
        "remind_hours": 24, "code_hours": 72}"#,
    )
    .unwrap()
}

fn parcel(way: Way, state: ParcelState) -> Parcel {
    let (place, case) = ("locker".to_owned(), "370211202611240001".to_owned());
    Parcel { id: ParcelId::new(at(0), [1; 10]), place, cell: 3, way, case, account: "account".into(), state }
}

fn states() -> [ParcelState; 6] {
    [
        ParcelState::Reserved { until: at(1) },
        ParcelState::Stored { since: at(0), due: at(72) },
        ParcelState::Overdue { since: at(0) },
        ParcelState::Taken { at: at(1), by: Bearer::Recipient },
        ParcelState::Cleared { at: at(1), reason: "超期".into() },
        ParcelState::Lapsed { at: at(1) },
    ]
}

fn proxy() -> Bearer {
    Bearer::Proxy { name: "王*".into() }
}

#[test]
fn a_code_opens_a_cell_only_for_what_it_was_given_for() {
    let kind = |own: &Parcel, bearer: &Bearer| own.open(bearer, false, &rules(), at(0)).map(|fact| fact.kind()).ok();
    for (state, depositor, recipient) in [
        ("reserved", Some("parcel.stored"), None),
        ("stored", None, Some("parcel.taken")),
        ("overdue", None, Some("parcel.taken")),
        ("taken", None, None),
        ("cleared", None, None),
        ("lapsed", None, None),
    ] {
        let own = states().into_iter().find(|own| own.name() == state).unwrap();
        let own = parcel(Way::Out, own);
        assert_eq!(kind(&own, &Bearer::Depositor), depositor, "{state}");
        assert_eq!(kind(&own, &Bearer::Recipient), recipient, "{state}");
        assert_eq!(kind(&own, &proxy()), recipient, "{state}");
        let broken = own.open(&Bearer::Recipient, true, &rules(), at(0)).map(|fact| fact.kind()).ok();
        assert_eq!(broken, own.is_open().then_some("parcel.cell-broken"), "{state}: a broken cell opens for nobody");
        let code = own.issue_code(proxy(), &rules(), at(0)).is_ok();
        assert_eq!((code, own.clear("超期", at(0)).is_ok()), (own.is_inside(), own.is_inside()), "{state}");
        assert!(own.issue_code(Bearer::Depositor, &rules(), at(0)).is_err(), "{state}");
    }
    let late = parcel(Way::Out, ParcelState::Reserved { until: at(0) });
    assert!(late.open(&Bearer::Depositor, false, &rules(), at(0)).is_err(), "the time for putting in is over");
    let incoming = parcel(Way::In, ParcelState::Stored { since: at(0), due: at(72) });
    assert!(incoming.issue_code(proxy(), &rules(), at(0)).is_err(), "what goes to the bureau has no proxy");
    assert!(incoming.issue_code(Bearer::Recipient, &rules(), at(0)).is_ok());
}

#[test]
fn what_nobody_puts_in_lapses_and_what_nobody_takes_is_overdue() {
    let stored = parcel(Way::Out, ParcelState::Stored { since: at(0), due: at(72) });
    assert_eq!(stored.dates(&rules()), Some((at(48), at(72))));
    assert_eq!(stored.overstay(at(71)), None);
    let over = Parcel::evolve(Some(stored.clone()), stored.overstay(at(72)).unwrap()).unwrap();
    assert_eq!((over.state.name(), over.is_open(), over.dates(&rules())), ("overdue", true, None));
    assert_eq!(over.overstay(at(99)), None, "once is enough");
    let kept = parcel(Way::In, ParcelState::Reserved { until: at(1) });
    let gone = Parcel::evolve(Some(kept.clone()), kept.overstay(at(1)).unwrap()).unwrap();
    assert!(!gone.is_open(), "the cell is free again");
}

#[test]
fn the_first_cell_that_is_neither_taken_nor_broken_is_free() {
    let json = r#"{"id": "l", "kind": "locker", "name": {"zh": "柜", "en": "Locker"}, "district": "370211", "area": {"zh": "街", "en": "S"},
        "address": {"zh": "路", "en": "R"}, "phone": "0532-1", "cells": 3, "openings": []}"#;
    let place: Place = serde_json::from_str(json).unwrap();
    let device = |kind, part: &str| Device {
        id: DeviceId::new(at(0), [7; 10]),
        place: "l".into(),
        terminal: String::new(),
        kind,
        name: "柜".into(),
        faults: vec![Fault {
            what: Reported { kind: FaultKind::Cell, part: part.into() },
            since: at(0),
            by_device: true,
        }],
        calling: None,
        state: DeviceState::Active { key: "key".into(), since: at(0) },
    };
    assert_eq!(free_cell(&place, &[], &[]), Some(1));
    assert_eq!(free_cell(&place, &[1], &[device(DeviceKind::Locker, "2")]), Some(3));
    assert_eq!(free_cell(&place, &[1], &[device(DeviceKind::Kiosk, "2")]), Some(2), "a kiosk has no cells");
    assert_eq!(free_cell(&place, &[1, 2, 3], &[]), None, "full");
    assert_eq!(free_cell(&place, &[], &[device(DeviceKind::Locker, "")]), None, "the whole locker is broken");
}

proptest! {
    /// Whatever happens to a parcel, replaying its facts gives the row, and what has left its cell never comes back.
    #[test]
    fn replaying_the_facts_gives_the_parcel(steps in prop::collection::vec((0_u8..6, 0_i64..100), 0..30)) {
        let first = parcel(Way::Out, ParcelState::Reserved { until: at(50) });
        let (mut own, mut facts) = (first.clone(), vec![ParcelFact::Reserved { parcel: Box::new(first) }]);
        for (step, now) in steps {
            let told = match step {
                0 => own.open(&Bearer::Depositor, false, &rules(), at(now)).ok(),
                1 => own.open(&proxy(), false, &rules(), at(now)).ok(),
                2 => own.issue_code(Bearer::Recipient, &rules(), at(now)).ok(),
                3 => own.overstay(at(now)),
                4 => own.clear("超期", at(now)).ok(),
                _ => own.withdraw_proxy().ok(),
            };
            let Some(fact) = told else { continue };
            prop_assert!(own.is_open(), "{:?} after the end", fact);
            own = Parcel::evolve(Some(own), fact.clone()).unwrap();
            facts.push(fact);
        }
        prop_assert_eq!(facts.into_iter().fold(None, Parcel::evolve), Some(own));
    }
}
