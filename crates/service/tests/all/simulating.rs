//! The simulated city: weeks in which everything holds, the same for the same seed, and a fault on purpose for each invariant.

use domain::text::Lang;
use domain::time::Timestamp;
use service::simulate::{FIRST_DAY, Fault, Invariant, Plan, Report, Size, run, scaled};

use crate::bed::{Bed, catalogue};

/// A small town: `yearly` cases a year, which is about a 215th of that on a weekday.
fn plan(days: u32, yearly: u64) -> Plan {
    Plan { yearly, ..Plan::new(days, 7, Size::S).unwrap() }
}

async fn simulated(salt: u64, plan: Plan) -> Report {
    // The same town has other keys each time: nothing that is reported may depend on them.
    let bed = Bed::at(salt, Timestamp::start_of(FIRST_DAY)).await;
    run(&bed.city, None, plan).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_weeks_of_a_small_town_hold() {
    let report = simulated(801, plan(12, 8_000)).await;
    assert!(report.holds(), "{}", report.text(Lang::En));
    assert!((250..500).contains(&report.cases), "{}", report.cases);
    for (name, count) in &report.checks_by_invariant {
        assert!(*count > 0, "{name} was never asked about");
    }
    assert_eq!(report.checks_by_invariant.len(), Invariant::ALL.len());
    assert!(report.approvals["automatic"] > report.approvals["manual"], "{:?}", report.approvals);
    assert!(report.approvals["manual"] > 20, "{:?}", report.approvals);
    for command in ["submit", "accept", "request-correction", "resubmit", "give-opinion", "grant", "deliver", "book"] {
        assert!(
            report.commands_by_name.contains_key(command),
            "nobody has given {command}: {:?}",
            report.commands_by_name
        );
    }
    assert!(report.visits["served"] > 30, "{:?}", report.visits);
    assert!(report.minutes_waited.p50.is_some() && report.hours_to_decision.p90.is_some());
    assert!(report.mistakes.len() > 3, "{:?}", report.mistakes);
    let parts: u64 = report.by_channel.values().sum();
    assert_eq!((parts, report.by_kind.values().sum::<u64>()), (report.cases, report.cases));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_gives_the_same_report() {
    let (one, again) = tokio::join!(simulated(802, plan(2, 10_000)), simulated(803, plan(2, 10_000)));
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&again).unwrap());
    assert_eq!(one.text(Lang::Zh), again.text(Lang::Zh));
    let other = simulated(802, Plan { seed: 8, ..plan(1, 10_000) }).await;
    assert_ne!(one.by_matter, other.by_matter, "another seed is another town");
}

/// A fault is noticed: by the invariant that it breaks.
async fn check(fault: Fault, plan: Plan) {
    let report = simulated(804, Plan { fault: Some(fault), ..plan }).await;
    let found: Vec<&str> = report.violations.iter().map(|own| own.invariant.as_str()).collect();
    assert!(!report.holds(), "{} was not noticed", fault.as_str());
    assert!(found.contains(&fault.breaks().as_str()), "{}: {:#?}", fault.as_str(), report.violations);
    assert_eq!(report.fault.as_deref(), Some(fault.as_str()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_cases_are_noticed() {
    for fault in [Fault::LoseCase, Fault::DoublePause, Fault::NegativeClock, Fault::EditRow, Fault::EarlyLicence] {
        check(fault, plan(2, 8_000)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_commands_and_papers_are_noticed() {
    for fault in [Fault::UnlawfulGrant, Fault::RefuseLawful, Fault::RepeatNotice, Fault::SwapDocument] {
        check(fault, plan(2, 8_000)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_timer_is_noticed_when_its_date_has_passed() {
    check(Fault::ForgetDuty, plan(10, 4_000)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_hall_is_noticed() {
    check(Fault::Overbook, plan(7, 8_000)).await;
    // One clerk at each counter, so that people wait.
    check(Fault::JumpQueue, Plan { windows: 1, ..plan(1, 60_000) }).await;
}

#[test]
fn every_invariant_has_a_fault_that_breaks_it() {
    for invariant in Invariant::ALL {
        assert!(Fault::ALL.iter().any(|fault| fault.breaks() == invariant), "{}", invariant.as_str());
    }
    assert!(Fault::ALL.iter().all(|fault| Fault::parse(fault.as_str()) == Some(*fault)));
}

#[test]
fn a_larger_city_has_more_windows_and_no_fault_in_its_catalogue() {
    let small = catalogue();
    let large = scaled(small.clone(), Size::L).unwrap();
    assert_eq!(scaled(small.clone(), Size::S).unwrap(), small);
    assert!(large["places.json"].len() > small["places.json"].len());
    let findings = service::catalog::check(&large);
    let errors: Vec<_> = findings.iter().filter(|own| own.severity == domain::catalog::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}
