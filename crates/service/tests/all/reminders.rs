//! What a holder hears of a licence: that it expires, each time once, and that it was ended.

use domain::accounts::Role;
use domain::cases::Origin;
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
        ["还有 60 天到期", "还有 30 天到期", "还有 7 天到期"].map(|end| format!("公共场所卫生许可证{end}"))
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
