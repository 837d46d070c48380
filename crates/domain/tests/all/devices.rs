//! The life of a registered device, and the rules of terminals.

use std::collections::BTreeMap;

use domain::halls::*;
use domain::ids::DeviceId;
use domain::time::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::start_of(date(2026, 11, 24)).plus_seconds(seconds)
}

fn device(state: DeviceState) -> Device {
    Device {
        id: DeviceId::new(at(0), [7; 10]),
        place: "hall".into(),
        terminal: "t1".into(),
        kind: DeviceKind::Kiosk,
        name: "一号机".into(),
        faults: Vec::new(),
        calling: None,
        state,
    }
}

fn registered() -> Device {
    device(DeviceState::Registered { code: "digest".into(), until: at(3600) })
}

fn active() -> Device {
    device(DeviceState::Active { key: "key".into(), since: at(0) })
}

fn revoked() -> Device {
    device(DeviceState::Revoked { at: at(0), reason: "丢失".into() })
}

fn paper(part: &str) -> Reported {
    Reported { kind: FaultKind::Paper, part: part.into() }
}

#[test]
fn each_state_allows_what_it_should_and_refuses_the_rest() {
    let reason =
        |result: Result<DeviceFact, HallRefusal>| result.map(|fact| fact.kind()).map_err(|refused| refused.reason);
    let gone = Err(HallReason::CodeGone);
    let wrong = Err(HallReason::WrongState);
    for (own, enrol, code, revoke) in [
        (registered(), Ok("device.enrolled"), Ok("device.code-issued"), Ok("device.revoked")),
        (active(), gone.clone(), Ok("device.code-issued"), Ok("device.revoked")),
        (revoked(), gone.clone(), wrong.clone(), wrong.clone()),
    ] {
        let name = own.state.name();
        assert_eq!(reason(own.enrol("key", at(1))), enrol, "{name}");
        assert_eq!(reason(own.issue_code("other", at(60))), code, "{name}");
        assert_eq!(reason(own.revoke("丢失", at(1))), revoke, "{name}");
        let heard = own.report(&[paper("")], at(1)).is_ok();
        assert_eq!((heard, own.key().is_some()), (name == "active", name == "active"), "{name}");
        assert_eq!(own.call_staff(at(1)).is_ok(), name == "active", "{name}");
    }
    assert_eq!(reason(registered().enrol("key", at(3600))), gone, "a code that is too old enrols nothing");
}

#[test]
fn a_device_takes_back_only_what_it_said_itself() {
    let tell = |own: Device, facts: Vec<DeviceFact>| facts.into_iter().fold(Some(own), Device::evolve).unwrap();
    let own = active();
    let facts = own.report(&[paper("a"), paper("a"), paper("b")], at(1)).unwrap();
    assert_eq!(facts.len(), 2, "the same twice is one fault");
    let own = tell(own, facts);
    let stuck = Reported { kind: FaultKind::Other, part: String::new() };
    let complaint = own.complain(stuck.clone(), at(2)).unwrap();
    let own = tell(own, complaint.into_iter().collect());
    assert_eq!(own.complain(stuck.clone(), at(3)).unwrap(), None, "known already");
    let facts = own.report(&[paper("b")], at(4)).unwrap();
    let own = tell(own, facts);
    let left: Vec<(&str, FaultKind)> = own.faults.iter().map(|own| (own.what.part.as_str(), own.what.kind)).collect();
    assert_eq!(left, [("b", FaultKind::Paper), ("", FaultKind::Other)]);
    assert!(own.needs_staff() && own.has(FaultKind::Paper));
    assert_eq!(own.report(&[paper("b")], at(5)).unwrap(), [], "nothing new is nothing to write");
    assert!(own.mend(&paper("a"), at(6)).is_err(), "what is not wrong cannot be mended");
    let mended = own.mend(&stuck, at(6)).unwrap();
    let own = tell(own, vec![mended]);
    let end = own.revoke("换新", at(7)).unwrap();
    assert!(!tell(own, vec![end]).needs_staff(), "a revoked device needs nobody");
}

#[test]
fn staff_are_called_once_and_come_once() {
    let own = active();
    let called = own.call_staff(at(1)).unwrap().unwrap();
    let own = Device::evolve(Some(own), called).unwrap();
    assert_eq!(own.call_staff(at(2)).unwrap(), None);
    let came = own.staff_came(at(3)).unwrap();
    let own = Device::evolve(Some(own), came).unwrap();
    assert!(own.staff_came(at(4)).is_err() && !own.needs_staff());
}

const RULES: &str = r#"{"valid_from": "2026-01-01", "source": "规则", "basis": "L", "matters": ["a", "b"], "idle_seconds": 90,
    "warn_seconds": 20, "beat_seconds": 60, "silent_seconds": 300, "enrol_minutes": 60, "session_hours": 24}"#;

fn files(rules: &str, matters: &str) -> BTreeMap<String, String> {
    let json = format!(
        r#"{{"terminals": [{rules}], "places": [{{"id": "bank", "kind": "bank", "name": {{"zh": "网点", "en": "Branch"}},
        "district": "370211", "area": {{"zh": "街道", "en": "Street"}}, "address": {{"zh": "路", "en": "Road"}}, "phone": "0532-1",
        "terminals": [{{"id": "t1", "name": {{"zh": "一", "en": "One"}}, "services": [], "matters": {matters}}}], "openings": []}}]}}"#
    );
    let mut files = BTreeMap::from([(PLACES.to_owned(), json)]);
    for slug in ["a", "b", "c"] {
        files.insert(format!("matters/{slug}/matter.json"), String::new());
    }
    files
}

#[test]
fn a_terminal_offers_the_standard_list_and_that_of_its_place() {
    let places = Places::load(&files(RULES, r#"["b", "c"]"#)).unwrap();
    let rules = terminal_rules_on(&places.terminals, date(2026, 11, 24)).unwrap();
    assert_eq!(offered(rules, &places.places[0], "t1"), (vec!["a", "b"], vec!["c"]));
    assert_eq!(offered(rules, &places.places[0], ""), (vec!["a", "b"], vec![]), "one that the list does not name");
    assert!(!is_silent(rules, at(0), at(300)) && is_silent(rules, at(0), at(301)));
    assert_eq!(terminal_rules_on(&places.terminals, date(2025, 12, 31)), None);
}

#[test]
fn what_is_wrong_with_the_rules_of_terminals_is_found() {
    assert_eq!(lint_places(&files(RULES, "[]")), []);
    for (from, to, check) in [
        ("\"idle_seconds\": 90", "\"idle_seconds\": 5", "terminal-rules"),
        ("\"silent_seconds\": 300", "\"silent_seconds\": 60", "terminal-rules"),
        ("\"source\": \"规则\"", "\"source\": \" \"", "terminal-rules"),
        ("\"matters\": [\"a\"", "\"matters\": [\"nothing\"", "place-matter"),
    ] {
        let found = lint_places(&files(&RULES.replacen(from, to, 1), "[]"));
        assert_eq!(found.iter().map(|own| own.check).collect::<Vec<_>>(), [check], "{to}");
    }
    let found = lint_places(&files(RULES, r#"["nothing"]"#));
    assert_eq!(found.iter().map(|own| own.check).collect::<Vec<_>>(), ["place-matter"]);
    let text = files(RULES, "[]")[PLACES].replacen(RULES, "", 1);
    let found = lint_places(&BTreeMap::from([(PLACES.to_owned(), text)]));
    assert_eq!(found.iter().map(|own| own.check).collect::<Vec<_>>(), ["terminal-rules"], "terminals need rules");
}

proptest! {
    /// Whatever is said about a device, replaying its facts gives the row, and no part of it has one fault twice.
    #[test]
    fn replaying_the_facts_gives_the_device(steps in prop::collection::vec((0_u8..6, 0_u8..3), 0..40)) {
        let first = active();
        let (mut own, mut facts) = (first.clone(), vec![DeviceFact::Registered { device: Box::new(first) }]);
        for (now, (step, part)) in (1..).zip(steps) {
            let what = paper(&part.to_string());
            let told = match step {
                0 => own.report(std::slice::from_ref(&what), at(now)).unwrap_or_default(),
                1 => own.complain(what, at(now)).ok().flatten().into_iter().collect(),
                2 => own.mend(&what, at(now)).into_iter().collect(),
                3 => own.call_staff(at(now)).ok().flatten().into_iter().collect(),
                4 => own.staff_came(at(now)).into_iter().collect(),
                _ => own.issue_code("other", at(now + 60)).into_iter().chain(
                    Some(DeviceFact::Enrolled { key: "key".into(), at: at(now) })).collect(),
            };
            for fact in told {
                own = Device::evolve(Some(own), fact.clone()).unwrap();
                facts.push(fact);
            }
            let mut parts: Vec<&Reported> = own.faults.iter().map(|fault| &fault.what).collect();
            parts.sort();
            prop_assert!(parts.windows(2).all(|two| two[0] != two[1]));
        }
        prop_assert_eq!(facts.into_iter().fold(None, Device::evolve), Some(own));
    }
}
