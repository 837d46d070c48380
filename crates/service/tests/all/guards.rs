//! What rules decide on is guarded in the commit: of many who file at once, those who were overtaken are decided again.

use std::collections::BTreeMap;

use domain::accounts::Role;
use domain::cases::Origin;
use domain::registry::Answer;
use serde_json::json;
use service::cases::{self, Outcome, Submit, Submitted, Work};
use service::demo::{self, Drawn};
use service::registry::{self, Entry};
use service::{City, ServiceError};
use store::licences::{LICENCE, STATUS_LIST};
use store::{Change, Expected, NewFact, PlainWrite, RowWrite};

use crate::bed::{Bed, actor};

async fn file(city: &City, submit: Submit) -> Result<Submitted, ServiceError> {
    cases::submit(city, &actor("测试系统", Role::Integrator), submit).await
}

/// How many ended in which way.
async fn all_at_once(city: &City, submits: Vec<Submit>) -> BTreeMap<String, usize> {
    let tasks: Vec<_> = submits
        .into_iter()
        .map(|submit| {
            let city = city.clone();
            tokio::spawn(async move { file(&city, submit).await })
        })
        .collect();
    let mut ends = BTreeMap::new();
    for task in tasks {
        let end = match task.await.unwrap() {
            Ok(answer) => format!("{:?}", answer.outcome),
            Err(ServiceError::Duplicate(_)) => "Duplicate".to_owned(),
            Err(error) => format!("{error:?}"),
        };
        *ends.entry(end).or_insert(0) += 1;
    }
    ends
}

/// An application for this name by a person of its own.
async fn name(city: &City, full: &str, brand: &str, trade: &str) -> Submit {
    let drawn = demo::draw(city, "company-name").await.unwrap();
    let mut submit = drawn.submit(Origin::Api);
    submit.form["entity_name"] = json!(full);
    submit.form["brand"] = json!(brand);
    submit.form["industry_word"] = json!(trade);
    submit
}

async fn register(city: &City, full: &str, brand: &str, trade: &str) {
    let doc = json!({"brand": brand, "industry": trade, "status": "registered", "since": "2020-01-01"});
    registry::put(city, &[Entry { register: "company-name".into(), key: full.into(), doc }]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_holder_gets_a_licence_once_however_many_file_at_once() {
    let bed = Bed::new(61).await;
    let drawn: Drawn = demo::draw(&bed.city, "public-place-hygiene").await.unwrap();
    // Forms that differ, so that none is the duplicate of another that is open.
    let submits = (0..20).map(|n| {
        let mut submit = drawn.submit(Origin::Api);
        submit.form["sign_name"] = json!(format!("澜岫理发{n}"));
        submit
    });
    let ends = all_at_once(&bed.city, submits.collect()).await;
    assert_eq!(ends, BTreeMap::from([("Approved".to_owned(), 1), ("Manual".to_owned(), 19)]));
    let held = service::licences::on_file(&bed.city, &drawn.applicant.code).await.unwrap();
    assert_eq!(held.iter().filter(|own| own.licence_type == "public-place-hygiene").count(), 1);
    assert!(bed.city.store().verify(None).await.unwrap().is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_reserved_once_and_stands_in_the_register_from_then_on() {
    let bed = Bed::new(62).await;
    let city = &bed.city;
    let full = "江城市海澜区砚溪海洋科技有限公司";
    let mut submits = Vec::new();
    for _ in 0..6 {
        submits.push(name(city, full, "砚溪", "海洋科技").await);
    }
    // Another whole name with the same brand in the same trade, and the same words divided elsewhere.
    for _ in 0..3 {
        submits.push(name(city, "江城市砚溪海洋科技有限公司", "砚溪", "海洋科技").await);
        submits.push(name(city, "江城市砚溪海洋科技有限责任公司", "砚溪海洋", "科技").await);
    }
    let ends = all_at_once(city, submits).await;
    assert_eq!(ends, BTreeMap::from([("Approved".to_owned(), 1), ("Manual".to_owned(), 11)]));
    // Which of the twelve was the first is left to chance.
    let sql =
        "SELECT id FROM register_entry WHERE region = $1 AND also IN ('brand:砚溪', 'brand:砚溪海洋') ORDER BY id";
    let rows = city.store().query(sql, &[city.region().into()]).await.unwrap();
    assert_eq!(rows.len(), 1);
    let key = rows[0].text(0).unwrap().strip_prefix("company-name/").unwrap().to_owned();
    let Answer::Found(doc) = registry::entry(city, "company-name", &key).await.unwrap() else { panic!("not found") };
    let core = format!("{}{}", doc["brand"].as_str().unwrap(), doc["industry"].as_str().unwrap());
    assert_eq!(
        (&doc["status"], core.as_str(), &doc["since"]),
        (&json!("reserved"), "砚溪海洋科技", &json!("2026-11-20"))
    );
    // When the reservation is over the name is free again.
    let last: jiff::civil::Date = doc["valid_to"].as_str().unwrap().parse().unwrap();
    let days = crate::bed::TODAY.until(last).unwrap().get_days();
    bed.clock.advance(i64::from(days) * 86_400);
    assert_eq!(file(city, name(city, &key, "砚溪", "海洋科技").await).await.unwrap().outcome, Outcome::Manual);
    bed.clock.advance(86_400);
    assert_eq!(registry::entry(city, "company-name", &key).await.unwrap(), Answer::Absent);
    assert_eq!(file(city, name(city, &key, "砚溪", "海洋科技").await).await.unwrap().outcome, Outcome::Approved);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_measured_by_the_divisions_of_the_city_not_by_the_applicants() {
    let bed = Bed::new(63).await;
    let city = &bed.city;
    register(city, "江城市海澜区云帆科技有限公司", "云帆", "科技").await;
    for (full, brand) in [
        ("江城市云帆科技有限公司", "市云帆"),
        ("江城市云帆科技有限公司", "云帆"),
        ("北京市砚溪科技有限公司", "砚溪"),
        ("砚溪科技有限公司", "砚溪"),
    ] {
        let answer = file(city, name(city, full, brand, "科技").await).await.unwrap();
        assert_eq!(answer.outcome, Outcome::Manual, "{full} with the brand {brand}");
    }
    let answer = file(city, name(city, "江城市砚溪科技有限公司", "砚溪", "科技").await).await.unwrap();
    assert_eq!(answer.outcome, Outcome::Approved);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_cannot_grant_a_name_that_was_reserved_meanwhile() {
    let bed = Bed::new(64).await;
    let city = &bed.city;
    let full = "江城市海澜区砚溪科技有限公司";
    let mut first = name(city, full, "砚溪", "科技").await;
    first.form["prior_approval"] = json!(true);
    let waiting = file(city, first).await.unwrap();
    assert_eq!(waiting.outcome, Outcome::Manual);
    let quick = file(city, name(city, full, "砚溪", "科技").await).await.unwrap();
    assert_eq!(quick.outcome, Outcome::Approved);
    let mut desk = actor("测试审批", Role::Clerk);
    desk.grants.extend([Role::Reviewer, Role::Approver].map(|role| actor("", role).grants.remove(0)));
    let work = async |work: Work| cases::work(city, &desk, &waiting.number, None, work, None).await;
    work(Work::Accept).await.unwrap();
    let officers = vec!["甲".into(), "乙".into()];
    work(Work::GiveOpinion { favourable: true, text: "同意".into(), officers }).await.unwrap();
    let refused = work(Work::Grant { reasons: String::new() }).await;
    assert!(matches!(refused, Err(ServiceError::Invalid(_))), "{:?}", refused.map(|view| view.case.state));
    let refusal = work(Work::Refuse {
        reasons: "名称已被保留，依据《企业名称登记管理规定》第十七条。".into()
    })
    .await;
    assert_eq!(refusal.unwrap().case.state.name(), "refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_taken_already_is_no_failure() {
    let bed = Bed::new(65).await;
    let city = &bed.city;
    let secret = *b"a secret of ours";
    let mut change = Change::new(city.region(), city.now());
    change.plain.push(PlainWrite {
        table: &STATUS_LIST,
        id: "x".into(),
        columns: vec!["1".into(), secret.to_vec().into()],
    });
    // As a list from before places were computed has them: anywhere.
    let place = seal::status::place(&secret, 0).unwrap();
    change.rows.push(RowWrite {
        table: &LICENCE,
        id: "old".into(),
        expected: Expected::New,
        columns: vec![
            "old".into(),
            "old".into(),
            "nobody".into(),
            "old".into(),
            "old".into(),
            "active".into(),
            None::<i64>.into(),
            "1".into(),
            i64::from(place).into(),
            None::<i64>.into(),
            None::<String>.into(),
        ],
        doc: "{}".into(),
        facts: vec![NewFact { kind: "licence.issued", actor: "test".into(), body: "{}".into(), salt: [0; 16] }],
    });
    city.store().commit(change).await.unwrap();
    let drawn = demo::draw(city, "public-place-hygiene").await.unwrap();
    assert_eq!(file(city, drawn.submit(Origin::Api)).await.unwrap().outcome, Outcome::Approved);
}
