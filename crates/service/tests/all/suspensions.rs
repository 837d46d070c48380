//! A licence that is suspended: it counts nowhere at once, and again when its term is over or somebody resumes it.

use domain::accounts::Role;
use domain::cases::Origin;
use domain::licences::{LicenceRefusal, Standing};
use seal::status::{Status, verify_status_list};
use service::cases::{Outcome, submit};
use service::demo::Drawn;
use service::licences::{self, Ending, face, public_view, status_list};
use service::{City, ServiceError, demo, jobs};

use crate::bed::{Bed, TODAY, actor, administrator, told};

const SLUG: &str = "public-place-hygiene";
const DAY: i64 = 86_400;
const WHY: &str = "《行政处罚法》第九条第三项：依法作出的暂扣许可证件的行政处罚决定。暂扣三日。";

/// A granted licence, and what was applied with.
async fn granted(city: &City) -> (String, Drawn) {
    let drawn = demo::draw(city, SLUG).await.unwrap();
    let system = actor("测试系统", Role::Integrator);
    let done = submit(city, &system, drawn.submit(Origin::Api)).await.unwrap();
    (done.licence.unwrap().id.to_string(), drawn)
}

async fn titles(city: &City) -> Vec<String> {
    told(city).await.into_iter().filter(|title| !title.contains("证照已生成")).collect()
}

/// What holder, public page, status list and register of what is on file say of it.
async fn everywhere(city: &City, id: &str) -> (Standing, Standing, Status, bool) {
    let view = licences::view(city, &actor("审批", Role::Approver), id).await.unwrap();
    let public = public_view(city, &view.licence.public_id).await.unwrap();
    assert!(public.genuine);
    let list = status_list(city, &view.licence.status_list).await.unwrap();
    let report = verify_status_list(&list.bytes, &city.keys().roots, city.moment());
    let state = report.content.unwrap().status_list.states().unwrap().get(view.licence.status_index).unwrap();
    let held = licences::on_file(city, &view.licence.holder.code).await.unwrap();
    (view.standing, public.standing, state, held.iter().any(|own| own.valid))
}

const IN_FORCE: (Standing, Standing, Status, bool) = (Standing::Valid, Standing::Valid, Status::Valid, true);
const OUT_OF_FORCE: (Standing, Standing, Status, bool) =
    (Standing::Suspended, Standing::Suspended, Status::Suspended, false);

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_counts_everywhere_at_once_and_ends_with_its_term() {
    let bed = Bed::new(131).await;
    let city = &bed.city;
    let (id, _) = granted(city).await;
    assert_eq!(everywhere(city, &id).await, IN_FORCE);
    let approver = actor("审批", Role::Approver);
    let last = TODAY.checked_add(jiff::Span::new().days(2)).unwrap();
    licences::suspend(city, &approver, &id, Some(last), WHY).await.unwrap();
    assert_eq!(everywhere(city, &id).await, OUT_OF_FORCE);
    let view = licences::view(city, &approver, &id).await.unwrap();
    assert!(face(city, &view).await.unwrap().contains("已暂扣 SUSPENDED"));
    let public = public_view(city, &view.licence.public_id).await.unwrap();
    assert_eq!((public.since, public.suspended_until), (Some(city.now()), Some(last)));
    for _ in 0..2 {
        bed.clock.advance(DAY);
        while jobs::run_due(city).await.unwrap() > 0 {}
        assert_eq!(everywhere(city, &id).await, OUT_OF_FORCE, "its last day is not over");
    }
    bed.clock.advance(DAY);
    while jobs::run_due(city).await.unwrap() > 0 {}
    assert_eq!(everywhere(city, &id).await, IN_FORCE);
    assert_eq!(titles(city).await, ["公共场所卫生许可证已被暂扣", "公共场所卫生许可证已恢复效力"]);
    let facts = city.store().read_stream(city.region(), &format!("licence/{id}"), 0, 20).await.unwrap();
    let kinds: Vec<&str> = facts.iter().map(|fact| fact.kind.as_str()).collect();
    assert_eq!(kinds, ["licence.issued", "licence.suspended", "licence.resumed"]);
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_ends_by_command_and_leaves_no_due_row_behind() {
    let bed = Bed::new(132).await;
    let city = &bed.city;
    let (id, _) = granted(city).await;
    let approver = actor("审批", Role::Approver);
    let waiting = async || {
        let due = city.store().due_of(city.region(), &format!("licence/{id}")).await.unwrap();
        due.iter().filter(|due| due.kind.contains("suspension")).count()
    };
    licences::suspend(city, &approver, &id, Some(TODAY), WHY).await.unwrap();
    assert_eq!(waiting().await, 1);
    let again = licences::suspend(city, &approver, &id, None, WHY).await;
    assert!(matches!(again, Err(ServiceError::Licence(LicenceRefusal::Suspended))), "{again:?}");
    for stranger in [actor("窗口", Role::Clerk), administrator()] {
        assert!(licences::resume(city, &stranger, &id, WHY).await.is_err());
    }
    licences::resume(city, &approver, &id, WHY).await.unwrap();
    assert_eq!((everywhere(city, &id).await, waiting().await), (IN_FORCE, 0));
    // Without a term it lasts until somebody resumes or ends it.
    licences::suspend(city, &approver, &id, None, WHY).await.unwrap();
    bed.clock.advance(400 * DAY);
    while jobs::run_due(city).await.unwrap() > 0 {}
    assert_eq!(everywhere(city, &id).await, OUT_OF_FORCE);
    licences::resume(city, &approver, &id, WHY).await.unwrap();
    licences::suspend(city, &approver, &id, Some(city.now().date()), WHY).await.unwrap();
    licences::end(city, &approver, &id, Ending::Revoke, "《行政许可法》第六十九条").await.unwrap();
    assert_eq!(waiting().await, 0);
    assert_eq!(everywhere(city, &id).await.0, Standing::Revoked);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_licence_by_rules_is_no_way_around_a_suspension() {
    let bed = Bed::new(133).await;
    let city = &bed.city;
    // A certificate that everybody gets as often as they like.
    let drawn = demo::draw(city, "tax-certificate").await.unwrap();
    let system = actor("测试系统", Role::Integrator);
    let first = submit(city, &system, drawn.submit(Origin::Api)).await.unwrap();
    let id = first.licence.unwrap().id.to_string();
    let again = submit(city, &system, drawn.submit(Origin::Api)).await.unwrap();
    assert_eq!(again.outcome, Outcome::Approved, "what follows shows nothing where rules would not approve");
    licences::suspend(city, &actor("审批", Role::Approver), &id, None, WHY).await.unwrap();
    let third = submit(city, &system, drawn.submit(Origin::Api)).await.unwrap();
    assert_eq!((third.outcome, third.licence), (Outcome::Manual, None));
    assert!(third.decision.unwrap().reason.zh.contains("暂扣"));
}
