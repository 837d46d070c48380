//! What a holder hears of a licence: that it expires, each time once, that it has expired, and that it was ended.

use domain::accounts::Role;
use domain::cases::Origin;
use domain::licences::{LicenceFact, Standing};
use service::cases::submit;
use service::licences::{self, Ending};
use service::{City, demo, jobs};

use crate::bed::{Bed, actor, told};

/// Valid for 48 months.
const SLUG: &str = "public-place-hygiene";
const DAY: i64 = 86_400;

/// A granted licence, and the system that applied for it.
async fn granted(city: &City) -> String {
    let drawn = demo::draw(city, SLUG).await.unwrap();
    let system = actor("测试系统", Role::Integrator);
    submit(city, &system, drawn.submit(Origin::Api)).await.unwrap().licence.unwrap().id.to_string()
}

async fn titles(city: &City) -> Vec<String> {
    told(city).await.into_iter().filter(|title| !title.contains("证照已生成")).collect()
}

async fn day_by_day(bed: &Bed, days: i64) {
    for _ in 0..days {
        bed.clock.advance(DAY);
        while jobs::run_due(&bed.city).await.unwrap() > 0 {}
    }
}

#[tokio::test]
async fn a_holder_is_reminded_three_times_before_a_licence_expires() {
    let bed = Bed::new(121).await;
    let city = &bed.city;
    let id = granted(city).await;
    let due = city.store().due_of(city.region(), &format!("licence/{id}")).await.unwrap();
    assert_eq!(due.len(), 1, "one row waits, however often it is reminded");
    bed.clock.advance((due[0].at.micros() - city.now().micros()) / 1_000_000 - 2 * DAY);
    while jobs::run_due(city).await.unwrap() > 0 {}
    assert_eq!(titles(city).await, Vec::<String>::new());
    day_by_day(&bed, 90).await;
    assert_eq!(
        titles(city).await,
        ["还有 60 天到期", "还有 30 天到期", "还有 7 天到期", "已到期"].map(|end| format!("公共场所卫生许可证{end}"))
    );
    assert!(city.store().due_of(city.region(), &format!("licence/{id}")).await.unwrap().is_empty());
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test]
async fn who_has_lost_a_licence_is_told_so_and_not_reminded_of_it() {
    let bed = Bed::new(122).await;
    let city = &bed.city;
    let id = granted(city).await;
    licences::end(
        city,
        &actor("审批", Role::Approver),
        &id,
        Ending::Revoke,
        "《行政许可法》第六十九条第二款：以欺骗手段取得",
    )
    .await
    .unwrap();
    assert!(city.store().due_of(city.region(), &format!("licence/{id}")).await.unwrap().is_empty());
    assert_eq!(titles(city).await, ["公共场所卫生许可证已被撤销"]);
}

#[tokio::test]
async fn that_a_licence_has_expired_is_put_on_record_once_and_told() {
    let bed = Bed::new(123).await;
    let city = &bed.city;
    let id = granted(city).await;
    let approver = actor("审批", Role::Approver);
    let view = licences::view(city, &approver, &id).await.unwrap();
    let last = view.licence.valid_to.unwrap();
    let over = domain::time::Timestamp::end_of(last);
    let to = |at: i64| bed.clock.advance((at - city.now().micros()) / 1_000_000);
    to(over.micros() - 1_000_000);
    while jobs::run_due(city).await.unwrap() > 0 {}
    let kinds = async || {
        let facts = city.store().read_stream(city.region(), &format!("licence/{id}"), 0, 20).await.unwrap();
        facts.into_iter().map(|fact| fact.kind).filter(|kind| kind != "licence.reminded").collect::<Vec<_>>()
    };
    assert_eq!(kinds().await, ["licence.issued"], "the last day is not over");
    to(over.micros());
    let standing = async || licences::view(city, &approver, &id).await.unwrap().standing;
    assert_eq!(standing().await, Standing::Expired, "it follows from the date, before anything is recorded");
    while jobs::run_due(city).await.unwrap() > 0 {}
    assert_eq!(kinds().await, ["licence.issued", "licence.expired"]);
    assert_eq!(standing().await, Standing::Expired);
    let view = licences::view(city, &approver, &id).await.unwrap();
    let life = licences::life(city, &view).await.unwrap();
    assert!(
        matches!(&life[0].1, LicenceFact::Expired { last: day, reason, .. } if *day == last && reason.contains("第七十条")),
        "{life:?}"
    );
    day_by_day(&bed, 3).await;
    assert_eq!(kinds().await.len(), 2, "once");
    assert_eq!(titles(city).await.iter().filter(|title| title.ends_with("已到期")).count(), 1);
    // Cancelling stays a step of the authority, and is open.
    licences::end(city, &approver, &id, Ending::Cancel, "《行政许可法》第七十条第一项：有效期届满未延续。")
        .await
        .unwrap();
    assert_eq!(standing().await, Standing::Cancelled);
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}
