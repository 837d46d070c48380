//! Renewing a licence (AL 50): by a decision, by silence, and what the decision then does to what silence has granted.

use domain::accounts::{Actor, Role};
use domain::cases::Origin;
use domain::codes::licence_id;
use domain::ids::LicenceId;
use domain::licences::{Licence, Standing};
use domain::time::Timestamp;
use jiff::civil::{Date, date};
use seal::status::{Status, verify_status_list};
use service::cases::{Outcome, Submit, Submitted, Work, submit, work};
use service::catalog::pause_automation;
use service::demo::Drawn;
use service::licences::{self, Ending, public_view, status_list};
use service::{City, ServiceError, demo, jobs};

use crate::bed::{self, Bed, actor, administrator};

/// Valid for 48 months.
const SLUG: &str = "public-place-hygiene";
const FIRST: Date = date(2022, 11, 21);
const LAST: Date = date(2026, 11, 20);
/// Thirty working days before [`LAST`]: a Saturday that is worked in exchange for National Day.
const LATEST: Date = date(2026, 10, 10);
const NEXT_LAST: Date = date(2030, 11, 20);

/// A city with a licence that was issued on [`FIRST`].
async fn with_licence(salt: u64) -> (Bed, LicenceId, Drawn) {
    let bed = Bed::at(salt, Timestamp::start_of(FIRST).plus_seconds(36_000)).await;
    let drawn = demo::draw(&bed.city, SLUG).await.unwrap();
    let done = submit(&bed.city, &system(), drawn.submit(Origin::Api)).await.unwrap();
    let id = done.licence.unwrap().id;
    assert_eq!(licence(&bed.city, id).await.valid_to, Some(LAST));
    (bed, id, drawn)
}

fn system() -> Actor {
    actor("测试系统", Role::Integrator)
}

async fn licence(city: &City, id: LicenceId) -> Licence {
    licences::view(city, &actor("审批", Role::Approver), &id.to_string()).await.unwrap().licence
}

/// Moves the clock to ten in the morning of a day and lets everything happen that falls due until then.
async fn until(bed: &Bed, day: Date) {
    let at = Timestamp::start_of(day).plus_seconds(36_000);
    bed.clock.advance((at.micros() - bed.city.now().micros()) / 1_000_000);
    while jobs::run_due(&bed.city).await.unwrap() > 0 {}
}

async fn renew(city: &City, drawn: &Drawn, id: LicenceId) -> Result<Submitted, ServiceError> {
    submit(city, &system(), Submit { renews: Some(id), ..drawn.submit(Origin::Api) }).await
}

async fn standing(city: &City, id: LicenceId) -> (Standing, Status) {
    let own = licence(city, id).await;
    let public = public_view(city, &own.public_id).await.unwrap();
    let list = status_list(city, &own.status_list).await.unwrap();
    let report = verify_status_list(&list.bytes, &city.keys().roots, city.moment());
    let state = report.content.unwrap().status_list.states().unwrap().get(own.status_index).unwrap();
    (public.standing, state)
}

/// Kinds of what is on record about a licence.
async fn kinds_of(city: &City, id: LicenceId) -> Vec<String> {
    let facts = city.store().read_stream(city.region(), &format!("licence/{id}"), 0, 50).await.unwrap();
    facts.into_iter().map(|fact| fact.kind).collect()
}

/// Titles of what the holder was told, without reminders.
async fn told(city: &City) -> Vec<String> {
    bed::told(city).await.into_iter().filter(|title| title.contains("延续")).collect()
}

/// Takes an application as far as the decision and decides it.
async fn decide(city: &City, number: &str, decision: Work) {
    let opinion =
        Work::GiveOpinion { favourable: true, text: "同意".into(), officers: vec!["甲".into(), "乙".into()] };
    let case = service::cases::case_by_number(city, &actor("审批", Role::Approver), number).await.unwrap().case;
    if case.accepted.is_none() {
        work(city, &actor("窗口", Role::Clerk), number, None, Work::Accept, None).await.unwrap();
    }
    while service::cases::case_by_number(city, &actor("审批", Role::Approver), number)
        .await
        .unwrap()
        .case
        .opinions
        .len()
        < 4
    {
        let given = work(city, &actor("审查", Role::Reviewer), number, None, opinion.clone(), None).await;
        if given.is_err() {
            break;
        }
    }
    work(city, &actor("审批", Role::Approver), number, None, decision, None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_granted_renewal_is_the_next_version_and_loses_no_day() {
    let (bed, id, drawn) = with_licence(141).await;
    let city = &bed.city;
    until(&bed, date(2026, 9, 1)).await;
    let done = renew(city, &drawn, id).await.unwrap();
    assert_eq!(done.outcome, Outcome::Manual, "a person looks where somebody holds one already");
    decide(city, &done.number, Work::Grant { reasons: "符合规定。".into() }).await;
    let case = service::cases::case_by_number(city, &actor("审批", Role::Approver), &done.number).await.unwrap().case;
    let newer = case.licence.unwrap().id;
    let (old, new) = (licence(city, id).await, licence(city, newer).await);
    assert_eq!((&new.number, new.valid_from, new.valid_to), (&old.number, date(2026, 9, 1), Some(NEXT_LAST)));
    let [before, after] = [&old, &new].map(|own| licence_id::parse(&own.identifier).unwrap());
    assert_eq!((before.serial(), before.version(), after.version()), (after.serial(), 1, 2));
    assert_eq!(standing(city, id).await, (Standing::Superseded, Status::Superseded));
    assert_eq!(standing(city, newer).await, (Standing::Valid, Status::Valid));
    assert!(matches!(renew(city, &drawn, id).await, Err(ServiceError::Invalid(_))), "it has been renewed");
    until(&bed, date(2026, 12, 1)).await;
    assert!(city.store().due_of(city.region(), &format!("licence/{id}")).await.unwrap().is_empty());
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_until_the_expiry_renews_and_the_decision_takes_its_place() {
    let (bed, id, drawn) = with_licence(142).await;
    let city = &bed.city;
    pause_automation(city, &administrator(), SLUG, true, "规则复核").await.unwrap();
    until(&bed, LATEST).await;
    let done = renew(city, &drawn, id).await.unwrap();
    assert_eq!(done.outcome, Outcome::Manual);
    let own = licence(city, id).await;
    assert_eq!(licences::renewal_under_way(city, &own).await.unwrap(), Some(done.number.clone()));
    until(&bed, LAST).await;
    assert_eq!((licence(city, id).await.deemed, standing(city, id).await.0), (None, Standing::Valid));
    until(&bed, LAST.tomorrow().unwrap()).await;
    let deemed = licence(city, id).await.deemed.unwrap();
    assert_eq!((deemed.until, &deemed.number), (NEXT_LAST, &done.number));
    assert!(deemed.reason.contains("第五十条"), "{}", deemed.reason);
    assert_eq!(standing(city, id).await, (Standing::Valid, Status::Valid));
    let held = licences::on_file(city, &drawn.applicant.code).await.unwrap();
    assert!(held[0].valid, "it stands in for papers as before");
    assert_eq!(told(city).await, ["公共场所卫生许可证视为准予延续"]);

    decide(city, &done.number, Work::Grant { reasons: "符合规定。".into() }).await;
    let case = service::cases::case_by_number(city, &actor("审批", Role::Approver), &done.number).await.unwrap().case;
    let newer = case.licence.unwrap().id;
    assert_eq!(standing(city, id).await, (Standing::Superseded, Status::Superseded));
    assert_eq!(licence(city, newer).await.valid_to, Some(NEXT_LAST), "the period that silence had granted");
    let kinds = |facts: Vec<store::Fact>| facts.into_iter().map(|fact| fact.kind).collect::<Vec<_>>();
    let facts = city.store().read_stream(city.region(), &format!("licence/{id}"), 0, 50).await.unwrap();
    let mut own = kinds(facts);
    own.retain(|kind| kind != "licence.reminded");
    assert_eq!(own, ["licence.issued", "licence.deemed-renewed", "licence.superseded"]);
    let facts = city.store().read_stream(city.region(), &format!("casefile/{}", case.id), 0, 50).await.unwrap();
    assert!(kinds(facts).contains(&"case.renewal-deemed".to_owned()));
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_takes_back_what_silence_has_granted() {
    let (bed, id, drawn) = with_licence(143).await;
    let city = &bed.city;
    pause_automation(city, &administrator(), SLUG, true, "规则复核").await.unwrap();
    until(&bed, LATEST).await;
    let done = renew(city, &drawn, id).await.unwrap();
    until(&bed, date(2026, 12, 1)).await;
    assert_eq!(standing(city, id).await.0, Standing::Valid);
    decide(city, &done.number, Work::Refuse { reasons: "不再符合卫生条件。".into() }).await;
    assert_eq!(standing(city, id).await.0, Standing::Expired);
    assert_eq!(told(city).await.last().unwrap(), "公共场所卫生许可证没有获得延续");
    let mut own = kinds_of(city, id).await;
    own.retain(|kind| kind != "licence.reminded");
    assert_eq!(own, ["licence.issued", "licence.deemed-renewed", "licence.renewal-lost", "licence.expired"]);
    assert!(!bed::told(city).await.iter().any(|title| title.ends_with("已到期")), "one piece of news, not two");
    until(&bed, date(2026, 12, 20)).await;
    assert_eq!(kinds_of(city, id).await.iter().filter(|kind| *kind == "licence.expired").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_renews_neither_late_applications_nor_revoked_licences() {
    for (salt, day, revoked) in [(144, LATEST.tomorrow().unwrap(), false), (145, LATEST, true)] {
        let (bed, id, drawn) = with_licence(salt).await;
        let city = &bed.city;
        pause_automation(city, &administrator(), SLUG, true, "规则复核").await.unwrap();
        until(&bed, day).await;
        let done = renew(city, &drawn, id).await.unwrap();
        if revoked {
            let approver = actor("审批", Role::Approver);
            licences::end(city, &approver, &id.to_string(), Ending::Revoke, "《行政许可法》第六十九条").await.unwrap();
        }
        until(&bed, date(2026, 11, 25)).await;
        let expected = if revoked { Standing::Revoked } else { Standing::Expired };
        assert_eq!((standing(city, id).await.0, licence(city, id).await.deemed), (expected, None), "{day}");
        let approver = actor("审批", Role::Approver);
        let case = service::cases::case_by_number(city, &approver, &done.number).await.unwrap().case;
        assert_eq!(case.renews.unwrap().deemed, None, "{day}");
        let expired = kinds_of(city, id).await.contains(&"licence.expired".to_owned());
        assert_eq!(expired, !revoked, "an application that came too late holds up nothing: {day}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_holder_renews_and_the_draft_holds_the_first_answers() {
    let (bed, id, drawn) = with_licence(146).await;
    let city = &bed.city;
    until(&bed, date(2026, 9, 1)).await;
    let account = serde_json::from_value(serde_json::json!(LicenceId::new(city.now(), [9; 10]).to_string())).unwrap();
    let holder =
        Actor { account: Some(account), person: Some(drawn.applicant.clone()), ..actor("持证人", Role::Citizen) };
    let draft = licences::renewal_draft(city, &holder, &id.to_string()).await.unwrap();
    assert_eq!((draft.renews, &draft.applicant, &draft.form), (Some(id), &drawn.applicant.code, &drawn.form));
    assert!(draft.done.is_empty(), "every step is looked through again");
    let other = demo::draw(city, SLUG).await.unwrap();
    let stranger = Actor { person: Some(other.applicant.clone()), ..holder };
    assert!(licences::renewal_draft(city, &stranger, &id.to_string()).await.is_err());
    assert!(matches!(renew(city, &other, id).await, Err(ServiceError::Invalid(_))), "somebody else's licence");
}

/// Where the row of the silence was put off, for whatever reason, the expiry is not recorded before it has run.
#[tokio::test(flavor = "multi_thread")]
async fn no_expiry_is_recorded_while_a_timely_renewal_is_undecided() {
    let (bed, id, drawn) = with_licence(147).await;
    let city = &bed.city;
    pause_automation(city, &administrator(), SLUG, true, "规则复核").await.unwrap();
    until(&bed, LATEST).await;
    let done = renew(city, &drawn, id).await.unwrap();
    let case = service::cases::case_by_number(city, &actor("审批", Role::Approver), &done.number).await.unwrap().case;
    until(&bed, LAST).await;
    let silence = "case.renewal-deemed";
    let rows = city.store().due_of(city.region(), &format!("casefile/{}", case.id)).await.unwrap();
    let row = rows.iter().find(|row| row.kind == silence).unwrap().clone();
    let late = row.at.plus_seconds(3_600);
    let mut change = store::Change::new(city.region(), city.now());
    change.due.push(store::DueOp::Remove { kind: silence.into(), subject: row.subject.clone() });
    change.due.push(store::DueOp::Add { at: late, kind: silence.into(), subject: row.subject });
    city.store().commit(change).await.unwrap();
    bed.clock.advance((row.at.micros() - city.now().micros()) / 1_000_000 + 1_800);
    while jobs::run_due(city).await.unwrap() > 0 {}
    let kinds = kinds_of(city, id).await;
    assert!(!kinds.iter().any(|kind| kind == "licence.expired" || kind == "licence.deemed-renewed"), "{kinds:?}");
    bed.clock.advance(7_200);
    while jobs::run_due(city).await.unwrap() > 0 {}
    let kinds = kinds_of(city, id).await;
    assert_eq!(kinds.last().map(String::as_str), Some("licence.deemed-renewed"), "{kinds:?}");
    assert_eq!(standing(city, id).await.0, Standing::Valid);
    let waits = city.store().due_of(city.region(), &format!("licence/{id}")).await.unwrap();
    assert!(
        waits.iter().all(|row| row.at.date() > date(2030, 1, 1)),
        "the expiry has moved with the validity: {waits:?}"
    );
}
