//! Acceptance with gaps 容缺受理 from the filing to the licence, and to the end where the rest never comes.

use domain::accounts::{Actor, Grant, Role};
use domain::cases::{DutyKind, Origin, Reason, State};
use domain::catalog::StepKind;
use domain::ids::AccountId;
use domain::time::Timestamp;
use serde_json::json;
use service::cases::{CaseView, GapsGiven, GivenMaterial, Submit, Work, case_by_number, documents, submit, work};
use service::registry::{Entry, put};
use service::{City, ServiceError, demo, jobs};

use crate::bed::{Bed, TODAY, actor, told};

/// Examined by people; its technical drawings may follow.
const MATTER: &str = "drainage-permit";
const SLOT: &str = "facility";
const DAY: i64 = 86_400;

/// The system that files, and that hands in what was to follow.
fn system() -> Actor {
    let account = AccountId::new(Timestamp::start_of(TODAY), [7; 10]);
    Actor { account: Some(account), ..actor("测试系统", Role::Integrator) }
}

fn clerk() -> Actor {
    actor("窗口", Role::Clerk)
}

fn officer(name: &str, role: Role, department: &str) -> Actor {
    let grants = vec![Grant { role, department: Some(department.to_owned()), district: None }];
    Actor { grants, ..actor(name, role) }
}

/// The sample without the material that is to follow, which is given back as it would be handed in later.
async fn wanted(city: &City) -> (Submit, GivenMaterial) {
    let drawn = demo::draw(city, MATTER).await.unwrap();
    let mut wanted = drawn.submit(Origin::Api);
    let at = wanted.materials.iter().position(|item| item.slot == SLOT).unwrap();
    let later = wanted.materials.remove(at);
    (Submit { gaps: Some(GapsGiven { slots: vec![SLOT.into()], accepted: true }), ..wanted }, later)
}

async fn credit(city: &City, code: &str, doc: serde_json::Value) {
    put(city, &[Entry { register: "credit".into(), key: code.into(), doc }]).await.unwrap();
}

async fn seen(city: &City, number: &str) -> CaseView {
    case_by_number(city, &clerk(), number).await.unwrap()
}

async fn give(city: &City, by: &Actor, number: &str, wish: Work) {
    work(city, by, number, None, wish, None).await.unwrap();
}

/// Through the examination to the approver's desk.
async fn examined(city: &City, number: &str) {
    for _ in 0..4 {
        let case = seen(city, number).await.case;
        match case.state {
            State::InReview { step: StepKind::Decide } => return,
            State::InReview { .. } => {
                let officers = vec!["甲".to_owned(), "乙".to_owned()];
                let wish = Work::GiveOpinion { favourable: true, text: "符合要求".into(), officers };
                give(city, &officer("审核", Role::Reviewer, &case.department), number, wish).await;
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_in_time_leads_to_a_licence_and_nothing_before() {
    let bed = Bed::new(171).await;
    let city = &bed.city;
    let (wish, later) = wanted(city).await;
    let number = submit(city, &system(), wish).await.unwrap().number;
    let filed = seen(city, &number).await;
    assert!(
        filed.possible.contains(&"accept-with-gaps") && !filed.possible.contains(&"accept"),
        "{:?}",
        filed.possible
    );
    give(city, &clerk(), &number, Work::AcceptWithGaps).await;
    let accepted = seen(city, &number).await.case;
    let papers = documents(city, &accepted).await.unwrap();
    let notice = papers.iter().find(|paper| paper.kind == "gap-acceptance").unwrap();
    assert!(notice.signed.contains("补齐") && notice.signed.contains("不颁发证照"), "{}", notice.signed);
    assert!(told(city).await.iter().any(|title| title.ends_with("已容缺受理，请按期补齐")));
    examined(city, &number).await;
    let approver = officer("审批", Role::Approver, &accepted.department);
    let grant = || Work::Grant { reasons: String::new() };
    let early = work(city, &approver, &number, None, grant(), None).await.unwrap_err();
    assert!(matches!(early, ServiceError::Refused(refusal) if matches!(refusal.reason, Reason::GapsOpen { .. })));
    give(city, &system(), &number, Work::SupplyGaps { materials: vec![later] }).await;
    // What has arrived waits for the clerk, although the case waits for the approver too.
    assert_eq!(service::cases::pile_of(city, &seen(city, &number).await.case), Some("accept"));
    let check = Work::CheckGap { slot: SLOT.into(), in_order: true, note: String::new() };
    give(city, &clerk(), &number, check).await;
    assert_eq!(service::cases::pile_of(city, &seen(city, &number).await.case), Some("decide"));
    give(city, &approver, &number, grant()).await;
    assert!(seen(city, &number).await.case.licence.is_some());
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_comes_ends_the_case_and_is_not_promised_again_before_it_is_repaired() {
    let bed = Bed::new(172).await;
    let city = &bed.city;
    let (wish, _) = wanted(city).await;
    let again = wish.clone();
    let code = wish.applicant.code.clone();
    let number = submit(city, &system(), wish).await.unwrap().number;
    give(city, &clerk(), &number, Work::AcceptWithGaps).await;
    let subject = format!("casefile/{}", seen(city, &number).await.case.id);
    let due = city.store().due_of(city.region(), &subject).await.unwrap();
    for kind in [DutyKind::GapReminder, DutyKind::GapsOver] {
        assert!(due.iter().any(|row| row.kind == kind.as_str()), "{kind:?} in {due:?}");
    }
    for _ in 0..15 {
        bed.clock.advance(DAY);
        while jobs::run_due(city).await.unwrap() > 0 {}
    }
    let ended = seen(city, &number).await.case;
    assert_eq!(ended.state, State::Terminated);
    let why = ended.ended.clone().unwrap();
    let notice = ended.accepted.as_ref().unwrap().document.number.clone();
    assert!(why.contains(&notice), "it names the notice that made it lawful: {why}");
    let papers = documents(city, &ended).await.unwrap();
    let termination = papers.iter().find(|paper| paper.kind == "termination").unwrap();
    assert!(termination.signed.contains("行政复议"), "remedies are told");
    let heard = told(city).await;
    let times = |title: &str| heard.iter().filter(|own| own.ends_with(title)).count();
    assert_eq!((times("容缺材料即将到期"), times("已终止办理")), (1, 1), "{heard:?}");
    // The broken promise is on record: whoever broke it hands everything in first, until the record is repaired.
    let refused = submit(city, &system(), again.clone()).await.unwrap_err();
    let ServiceError::Invalid(fields) = refused else { panic!("{refused:?}") };
    assert_eq!(fields[0].field, "/gaps");
    credit(city, &code, json!({ "broken_pledges": 0 })).await;
    submit(city, &system(), again).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_credit_record_never_counts_as_a_clear_one() {
    let bed = Bed::new(173).await;
    let city = &bed.city;
    let (wish, _) = wanted(city).await;
    let number = submit(city, &system(), wish).await.unwrap().number;
    let outage = json!(["credit"]).to_string();
    let mut change = store::Change::new(city.region(), city.now());
    change.plain.push(store::PlainWrite {
        table: &store::registry::REGISTER_ENTRY,
        id: service::registry::OUTAGE.into(),
        columns: vec![store::Value::Null, outage.into()],
    });
    city.store().commit(change).await.unwrap();
    let refused = work(city, &clerk(), &number, None, Work::AcceptWithGaps, None).await.unwrap_err();
    assert!(matches!(refused, ServiceError::Refused(refusal) if refusal.reason == Reason::CreditUnknown));
}

#[tokio::test(flavor = "multi_thread")]
async fn at_a_window_the_rest_is_received_on_paper() {
    let bed = Bed::new(174).await;
    let city = &bed.city;
    let (wish, _) = wanted(city).await;
    let number = submit(city, &system(), wish).await.unwrap().number;
    give(city, &clerk(), &number, Work::AcceptWithGaps).await;
    let other = Work::ReceiveGap { slot: "drawings".into(), note: "原件".into() };
    let refused = work(city, &clerk(), &number, None, other, None).await.unwrap_err();
    assert!(matches!(refused, ServiceError::Refused(refusal) if matches!(refusal.reason, Reason::NotAGap { .. })));
    give(city, &clerk(), &number, Work::ReceiveGap { slot: SLOT.into(), note: "原件已核，2 页".into() }).await;
    assert_eq!(seen(city, &number).await.case.open_gaps().count(), 0);
}
