//! What the clock does when something stands in its way.

use std::collections::BTreeSet;

use domain::accounts::{Actor, Role};
use domain::cases::{CheckKind, DutyKind, Origin, State};
use domain::time::Timestamp;
use service::cases::{Work, case_by_number, submit, work};
use service::licences::{self, Ending};
use service::{demo, jobs, journal, statistics};
use store::{Change, DueOp};

use crate::bed::{Bed, actor};

/// Decided by people.
const MANUAL: &str = "device-class3";
const DAY: i64 = 86_400;

fn add(at: Timestamp, kind: &str, subject: String) -> DueOp {
    DueOp::Add { at, kind: kind.into(), subject }
}

async fn filed(bed: &Bed) -> String {
    let drawn = demo::draw(&bed.city, MANUAL).await.unwrap();
    let system = actor("测试系统", Role::Integrator);
    service::cases::submit(&bed.city, &system, drawn.submit(Origin::Api)).await.unwrap().number
}

async fn state(bed: &Bed, number: &str) -> State {
    let supervisor = actor("督查", Role::Supervisor);
    case_by_number(&bed.city, &supervisor, number).await.unwrap().case.state
}

#[tokio::test]
async fn duties_that_fail_do_not_keep_the_others_waiting() {
    let bed = Bed::new(51).await;
    let number = filed(&bed).await;
    let mut change = Change::new(bed.city.region(), bed.city.now());
    // More than one round takes at once, and all of them before the one that can be carried out.
    change.due = (0..250).map(|n| add(bed.city.now(), "case.of-tomorrow", format!("casefile/{n}"))).collect();
    bed.city.store().commit(change).await.unwrap();
    bed.clock.advance(30 * DAY);
    let mut rounds = 0;
    while jobs::run_due(&bed.city).await.unwrap() > 0 {
        rounds += 1;
        assert!(rounds < 10, "the rounds come to an end");
    }
    assert!(!matches!(state(&bed, &number).await, State::Filed), "silence for five working days is acceptance");
    let failed = service::statistics::counters(&bed.city, "duty-failed").await.unwrap();
    assert_eq!(failed.iter().map(|counter| counter.n).sum::<i64>(), 250, "nothing that failed is forgotten");
    assert_eq!(bed.city.store().due_before(bed.city.region(), bed.city.now(), 10).await.unwrap().len(), 0);
    bed.clock.advance(300);
    assert!(jobs::run_due(&bed.city).await.unwrap() > 0, "it is tried again");
}

#[tokio::test]
async fn a_duty_that_comes_too_early_waits_for_its_date() {
    let bed = Bed::new(52).await;
    let number = filed(&bed).await;
    let supervisor = actor("督查", Role::Supervisor);
    let case = case_by_number(&bed.city, &supervisor, &number).await.unwrap().case;
    let subject = format!("casefile/{}", case.id);
    let due = bed.city.store().due_of(bed.city.region(), &subject).await.unwrap();
    let deemed = due.iter().find(|due| due.kind == "case.deem-accepted").unwrap().clone();
    let mut change = Change::new(bed.city.region(), bed.city.now());
    change.due = vec![
        DueOp::Remove { kind: deemed.kind.clone(), subject: subject.clone() },
        add(bed.city.now(), &deemed.kind, subject.clone()),
    ];
    bed.city.store().commit(change).await.unwrap();
    jobs::run_due(&bed.city).await.unwrap();
    assert_eq!(state(&bed, &number).await, State::Filed);
    assert_eq!(bed.city.store().due_of(bed.city.region(), &subject).await.unwrap(), due, "back at its date");
}

#[tokio::test]
async fn a_case_is_late_once_and_its_applicant_is_told() {
    let bed = Bed::new(53).await;
    let city = &bed.city;
    let number = filed(&bed).await;
    let clerk = actor("窗口", Role::Clerk);
    work(city, &clerk, &number, None, Work::Accept, None).await.unwrap();
    bed.clock.advance(400 * DAY);
    for _ in 0..3 {
        while jobs::run_due(city).await.unwrap() > 0 {}
        bed.clock.advance(DAY);
    }
    while journal::advance(city).await.unwrap() > 0 {}
    for name in ["late-promise", "late-limit"] {
        let counted = statistics::counters(city, name).await.unwrap();
        assert_eq!(counted.iter().map(|counter| counter.n).collect::<Vec<_>>(), [1], "{name}");
    }
    let case = case_by_number(city, &clerk, &number).await.unwrap().case;
    assert_eq!(case.late, [DutyKind::PromiseBroken, DutyKind::LimitBroken]);
    while journal::advance(city).await.unwrap() > 0 {}
    let sql = "SELECT doc FROM message WHERE region = $1";
    let rows = city.store().query(sql, &[city.region().into()]).await.unwrap();
    let told = rows.iter().filter(|row| row.text(0).unwrap().contains("法定办理期限已过")).count();
    assert_eq!(told, 1, "one message, to the system that passed the application on");
}

#[tokio::test]
async fn a_licence_that_is_revoked_settles_what_its_case_still_waited_for() {
    let bed = Bed::new(54).await;
    let city = &bed.city;
    let drawn = demo::draw(city, "public-place-hygiene").await.unwrap();
    let owner = Actor { person: Some(drawn.applicant.clone()), ..actor("申请人", Role::Citizen) };
    let system = actor("测试系统", Role::Integrator);
    let approved = submit(city, &system, drawn.submit(Origin::Api)).await.unwrap();
    let approver = actor("审批", Role::Approver);
    let give = async |who: &Actor, wish| work(city, who, &approved.number, None, wish, None).await.unwrap().case;
    give(&owner, Work::AskPerson { reason: "请人工复核".into() }).await;
    let wrong = Work::AnswerCheck { kind: CheckKind::Asked, confirmed: false, note: "场所面积不实".into() };
    let case = give(&approver, wrong).await;
    assert!(case.checks.iter().any(|check| check.kind == CheckKind::FollowUp && check.result.is_none()));

    let licence = approved.licence.unwrap().id.to_string();
    let reason = "《行政许可法》第六十九条第二款：以欺骗手段取得";
    licences::end(city, &approver, &licence, Ending::Revoke, reason).await.unwrap();
    let case = case_by_number(city, &approver, &approved.number).await.unwrap().case;
    let follow_up = case.checks.iter().find(|check| check.kind == CheckKind::FollowUp).unwrap();
    assert_eq!(follow_up.result.as_ref().unwrap().note, reason);
    let left = city.store().due_of(city.region(), &format!("casefile/{}", case.id)).await.unwrap();
    let open = case.checks.iter().filter(|check| check.result.is_none());
    assert!(open.clone().all(|check| check.kind != CheckKind::FollowUp));
    let dates: BTreeSet<Timestamp> = open.map(|check| check.due).collect();
    let timers: BTreeSet<Timestamp> =
        left.iter().filter(|due| due.kind == "case.check-due").map(|due| due.at).collect();
    assert_eq!(timers, dates, "one timer for each date that is left");
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}
