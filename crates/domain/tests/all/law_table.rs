//! Every number of the law is listed with the place where it is applied, and a change counts for new cases only.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::cases::*;
use domain::time::{APPLIED, Calendar, GoverningDay, LawTable, Timestamp};
use jiff::civil::{Date, date};

use crate::cases::play::*;

/// The sources of every crate, by their path below `crates`.
fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = BTreeMap::new();
    let mut folders: Vec<_> =
        std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path().join("src")).collect();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// The names that a source asks the law table for. Each is written where it is asked for, as a word in quotes.
fn asked(text: &str, names: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for call in ["law.get(", "law().get(", "self.get(", "ctx.deadline(", "deadline_by(", "term("] {
        for (at, _) in text.match_indices(call) {
            let rest: String = text[at..].chars().take(call.len() + 60).collect();
            if let Some(word) = rest.split('"').nth(1).filter(|word| names.contains(word)) {
                found.insert(word.to_owned());
            }
        }
    }
    found
}

#[test]
fn each_number_is_listed_where_it_is_applied() {
    let names: BTreeSet<&str> = LawTable::embedded().list().map(|number| number.id.as_str()).collect();
    let mut real: BTreeSet<(String, String)> = BTreeSet::new();
    for (path, text) in sources() {
        real.extend(asked(&text, &names).into_iter().map(|name| (name, path.clone())));
    }
    let listed: BTreeSet<(String, String)> = APPLIED
        .iter()
        .flat_map(|own| own.places.iter().map(|place| (own.id.to_owned(), (*place).to_owned())))
        .collect();
    assert_eq!(listed, real, "crates/domain/src/time/applied.rs says where each number of the law is applied");
    assert!(APPLIED.iter().all(|own| names.contains(own.id) && !own.counts_in.is_empty()));
}

#[test]
fn what_counts_a_number_is_a_command_or_a_duty() {
    let commands: BTreeSet<&str> = every_command(manual()).iter().map(Command::name).collect();
    let duties: BTreeSet<&str> = DutyKind::ALL.into_iter().map(DutyKind::as_str).collect();
    let own = APPLIED.iter().flat_map(|own| own.counts_in);
    let of_matters = CATALOGUE.matters.values().flat_map(|bundle| bundle.matter.periods());
    for name in own.chain(of_matters.flat_map(|period| period.counts_in)) {
        let other = ["lamp", "renew"];
        assert!(commands.contains(name) || duties.contains(name) || other.contains(name), "{name}");
    }
}

/// A law that changes one number from a day on.
fn changed(id: &str, number: u32, from: Date) -> LawTable {
    let old = LawTable::embedded().list().filter(|own| own.id == id).last().unwrap().clone();
    let ended = domain::time::LawNumber { valid_to: from.yesterday().ok(), ..old.clone() };
    let new = domain::time::LawNumber { number, valid_from: from, source: "改后的规定".into(), ..old };
    let file = serde_json::json!({ "numbers": [ended, new] }).to_string();
    LawTable::embedded().with_overrides(&file).unwrap()
}

/// Working days from receipt until an application counts as accepted by silence.
fn answer(received: Date, law: &LawTable) -> Date {
    let play = Play::filed(manual(), received);
    answer_by(&play.case, Calendar::embedded(), law).unwrap().date
}

#[test]
fn a_change_of_law_is_for_applications_received_from_its_day_on() {
    let from = date(2026, 6, 1);
    let days = |start: Date, number| Calendar::embedded().add_working_days(start, number).unwrap().date;
    let law = changed("correction-notice", 8, from);
    let (before, after) = (date(2026, 5, 29), from);
    assert_eq!(answer(before, &law), days(before, 5), "received before: the five days of then");
    assert_eq!(answer(after, &law), days(after, 8));
}

/// A case that was received before the change and is worked on after it, beside one received on its day.
fn both(id: &str, number: u32, until: impl Fn(&mut Play, Timestamp, &LawTable) -> Date) -> (Date, Date) {
    let from = date(2026, 6, 1);
    let law = changed(id, number, from);
    let now = at(date(2026, 6, 2), 11);
    let mut old = Play::filed(manual(), date(2026, 5, 29));
    let mut new = Play::filed(manual(), from);
    (until(&mut old, now, &law), until(&mut new, now, &law))
}

fn give_under(play: &mut Play, now: Timestamp, law: &LawTable, command: Command) {
    let context = Context { law, ..ctx(play.bundle, now) };
    for fact in decide(&play.case, command, &context).unwrap() {
        apply(&mut play.case, fact.clone());
        play.facts.push(fact);
    }
}

#[test]
fn a_case_that_is_underway_keeps_the_numbers_it_began_with() {
    let days = |start: Date, number| Calendar::embedded().add_working_days(start, number).unwrap().date;
    let noticed = both("correction-supply", 30, |play, now, law| {
        give_under(play, now, law, request(vec![point("x")]));
        play.case.correction.as_ref().unwrap().until
    });
    let notice = date(2026, 6, 2);
    assert_eq!(noticed, (days(notice, 15), days(notice, 30)));
    let handed_over = both("delivery", 3, |play, now, law| {
        give_under(play, now, law, Command::Accept { document: doc() });
        while play.case.state != (State::InReview { step: domain::catalog::StepKind::Decide }) {
            let officers = vec!["甲".to_owned(), "乙".to_owned()];
            let opinion = Command::GiveOpinion { favourable: true, text: "同意".into(), officers };
            give_under(play, now, law, opinion);
        }
        give_under(play, now, law, Command::Grant { reasons: String::new(), document: doc() });
        let due = duties(&play.case, Calendar::embedded(), law);
        due.iter().find(|duty| duty.kind == DutyKind::DeliveryLate).unwrap().at.plus_seconds(-1).date()
    });
    assert_eq!(handed_over, (days(notice, 10), days(notice, 3)));
}

/// Remedies are no part of the procedure: they begin with the decision, and so does their law.
#[test]
fn remedies_follow_the_law_of_the_day_on_which_they_begin() {
    let until = both("reconsideration", 90, |play, now, law| {
        let ground = NonAcceptance::NotNeeded;
        give_under(play, now, law, Command::DeclineAcceptance { ground, reasons: "无需许可".into(), document: doc() });
        let Some(Fact::NotAccepted { remedies, .. }) = play.facts.last() else { panic!("not accepted") };
        remedies.as_ref().unwrap().reconsideration_until
    });
    assert_eq!(until.0, until.1);
    assert!(until.0 > date(2026, 8, 20), "ninety days from 2 June: {}", until.0);
    let own = APPLIED.iter().find(|own| own.id == "reconsideration").unwrap();
    assert_eq!(own.governs, GoverningDay::Beginning);
}
