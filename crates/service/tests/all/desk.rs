//! What staff see before they act: the piles in their order, and documents before they are signed.

use domain::accounts::{Actor, Grant, Role};
use domain::cases::Origin;
use service::cases::{self, Inbox, Waiting, Work};
use service::licences::{self, Ending};
use service::{City, ServiceError, demo};

use crate::bed::{Bed, actor};

/// A matter that people examine and decide, without inspection.
const MATTER: &str = "company-change";

fn officer(name: &str, role: Role) -> Actor {
    let grants = vec![Grant { role, department: Some("approval".into()), district: None }];
    Actor { grants, ..actor(name, role) }
}

/// Files an application that rules do not decide.
async fn filed(city: &City) -> String {
    let drawn = demo::draw(city, MATTER).await.unwrap();
    let system = actor("测试系统", Role::Integrator);
    service::cases::submit(city, &system, drawn.submit(Origin::Api)).await.unwrap().number
}

async fn work(city: &City, by: &Actor, number: &str, work: Work) {
    cases::work(city, by, number, None, work, None).await.unwrap();
}

fn opinion(favourable: bool) -> Work {
    Work::GiveOpinion { favourable, text: "已审查".into(), officers: Vec::new() }
}

/// Files it and brings it before the approver with this opinion.
async fn before_approver(city: &City, favourable: bool) -> String {
    let number = filed(city).await;
    work(city, &actor("窗口", Role::Clerk), &number, Work::Accept).await;
    work(city, &officer("审核", Role::Reviewer), &number, opinion(favourable)).await;
    number
}

async fn count(city: &City, table: &str) -> i64 {
    let rows = city.store().query(&format!("SELECT count(*) FROM {table}"), &[]).await.unwrap();
    rows[0].int(0).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_before_signing_is_what_is_sealed_and_showing_it_writes_nothing() {
    let bed = Bed::new(21).await;
    let city = &bed.city;
    let number = before_approver(city, true).await;
    let approver = officer("审批", Role::Approver);
    let before = (count(city, "fact").await, count(city, "document").await);
    let grant = || Work::Grant { reasons: "符合规定。".into() };
    let shown = cases::preview(city, &approver, &number, None, grant()).await.unwrap().unwrap();
    assert_eq!(shown, cases::preview(city, &approver, &number, None, grant()).await.unwrap().unwrap());
    assert_eq!((count(city, "fact").await, count(city, "document").await), before);
    assert!(shown.number.is_empty() && shown.public_id.is_empty(), "only the seal brings them");
    work(city, &approver, &number, grant()).await;
    let case = cases::case_by_number(city, &approver, &number).await.unwrap().case;
    let documents = cases::documents(city, &case).await.unwrap();
    let sealed = documents.iter().find(|document| document.kind == "grant").unwrap();
    let file: serde_json::Value = serde_json::from_str(&sealed.signed).unwrap();
    let mut sealed: seal::document::DocumentData = serde_json::from_value(file["document"].clone()).unwrap();
    assert!(!sealed.number.is_empty());
    sealed.number.clear();
    sealed.public_id.clear();
    assert_eq!(sealed, shown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_refused_as_the_command_would_be() {
    let bed = Bed::new(22).await;
    let city = &bed.city;
    let number = filed(city).await;
    let clerk = actor("窗口", Role::Clerk);
    let preview = |by: &Actor, version, work| {
        let (by, number) = (by.clone(), number.clone());
        async move { cases::preview(city, &by, &number, version, work).await }
    };
    let grant = Work::Grant { reasons: String::new() };
    let forbidden = preview(&clerk, None, grant.clone()).await;
    assert!(matches!(forbidden, Err(ServiceError::Forbidden(_))), "{forbidden:?}");
    let early = preview(&officer("审批", Role::Approver), None, grant).await;
    assert!(matches!(early, Err(ServiceError::Refused(_))), "{early:?}");
    let stale = preview(&clerk, Some(99), Work::Accept).await;
    assert!(matches!(stale, Err(ServiceError::Changed)), "{stale:?}");
    let verdicts = Work::GiveVerdicts { verdicts: Vec::new() };
    assert_eq!(preview(&clerk, None, verdicts).await.unwrap(), None, "a command that seals nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_approvers_pile_begins_with_what_needs_the_closest_look() {
    let bed = Bed::new(23).await;
    let city = &bed.city;
    let ordinary = before_approver(city, true).await;
    bed.clock.advance(60);
    let second = before_approver(city, true).await;
    bed.clock.advance(60);
    let doubted = before_approver(city, false).await;
    let approver = officer("审批", Role::Approver);
    let mut wanted = Inbox { pile: "decide".into(), limit: 1, ..Inbox::default() };
    let mut seen = Vec::new();
    loop {
        let page = cases::inbox(city, &approver, &wanted).await.unwrap();
        seen.extend(page.items.into_iter().map(|row| row.number));
        match page.next {
            Some(next) => wanted.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, [&doubted, &ordinary, &second].map(Clone::clone), "by risk, then by date, page by page");
    let now = city.now();
    let waits = cases::waiting(city, &approver, &[("decide", now), ("review", now)], None).await.unwrap();
    assert_eq!(waits, [Waiting { all: 3, late: 0, near: 0 }, Waiting::default()]);
    let bad = Inbox { pile: "decide".into(), after: Some("x".into()), limit: 1, ..Inbox::default() };
    assert!(matches!(cases::inbox(city, &approver, &bad).await, Err(ServiceError::Invalid(_))));
    // What was decided before on the matter is there for the next decision.
    let view = cases::case_by_number(city, &approver, &second).await.unwrap();
    assert!(cases::precedents(city, &view.case, 5).await.unwrap().is_empty());
    work(city, &approver, &doubted, Work::Refuse { reasons: "不符合条件。".into() }).await;
    let earlier = cases::precedents(city, &view.case, 5).await.unwrap();
    assert_eq!(earlier.len(), 1);
    assert!(!earlier[0].granted && earlier[0].number == doubted && earlier[0].reasons.zh == "不符合条件。");
}

/// Whoever works for two departments sees the work of both in one order, page by page, and can look at one of them.
#[tokio::test(flavor = "multi_thread")]
async fn an_officer_of_two_departments_has_one_pile() {
    let bed = Bed::new(26).await;
    let city = &bed.city;
    let system = actor("测试系统", Role::Integrator);
    let shelf = city.shelf();
    let other = shelf.matters().find(|own| own.rules.is_none() && own.bundle.matter.department != "approval").unwrap();
    let (slug, elsewhere) = (other.bundle.matter.slug.clone(), other.bundle.matter.department.clone());
    let mut numbers = Vec::new();
    for slug in [MATTER, &slug, MATTER, &slug] {
        let drawn = demo::draw(city, slug).await.unwrap();
        numbers.push(service::cases::submit(city, &system, drawn.submit(Origin::Api)).await.unwrap().number);
        bed.clock.advance(60);
    }
    let grant = |department: &str| Grant { role: Role::Reviewer, department: Some(department.into()), district: None };
    let both = Actor { grants: vec![grant("approval"), grant(&elsewhere)], ..actor("审核", Role::Reviewer) };
    let read = async |department: Option<&str>| {
        let department = department.map(str::to_owned);
        let mut wanted = Inbox { pile: "accept".into(), department, after: None, limit: 3 };
        let mut seen = Vec::new();
        loop {
            let page = cases::inbox(city, &both, &wanted).await.unwrap();
            seen.extend(page.items.into_iter().map(|row| row.number));
            match page.next {
                Some(next) => wanted.after = Some(next),
                None => return seen,
            }
        }
    };
    assert_eq!(read(None).await, numbers);
    assert_eq!(read(Some(&elsewhere)).await, [numbers[1].clone(), numbers[3].clone()]);
    let waits = cases::waiting(city, &both, &[("accept", city.now())], None).await.unwrap();
    assert_eq!(waits, [Waiting { all: 4, late: 0, near: 0 }]);
    let case = cases::case_by_number(city, &both, &numbers[1]).await.unwrap().case;
    let around = cases::around(city, &both, "accept", &case, 6).await.unwrap();
    assert_eq!(around.into_iter().map(|row| row.number).collect::<Vec<_>>(), numbers);
    for after in ["x", "1", "y/z"] {
        let bad = Inbox { pile: "accept".into(), after: Some(after.into()), limit: 1, ..Inbox::default() };
        assert!(matches!(cases::inbox(city, &both, &bad).await, Err(ServiceError::Invalid(_))), "{after}");
        assert!(matches!(cases::filed_by(city, &system, Some(after), 5).await, Err(ServiceError::Invalid(_))));
        assert!(matches!(cases::mine(city, &system, Some(after), 5).await, Err(ServiceError::Invalid(_))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_beside_a_case_holds_its_neighbours() {
    let bed = Bed::new(24).await;
    let city = &bed.city;
    let mut numbers = Vec::new();
    for _ in 0..5 {
        numbers.push(filed(city).await);
        bed.clock.advance(60);
    }
    let clerk = actor("窗口", Role::Clerk);
    let case = cases::case_by_number(city, &clerk, &numbers[3]).await.unwrap().case;
    let around = cases::around(city, &clerk, "accept", &case, 4).await.unwrap();
    let around: Vec<&String> = around.iter().map(|row| &row.number).collect();
    assert_eq!(around, [&numbers[3], &numbers[4]], "the last of the more urgent is the case itself");
    let other = cases::around(city, &clerk, "review", &case, 4).await.unwrap();
    assert!(other.is_empty(), "a pile that it is not in begins at its own beginning");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_is_found_by_what_is_written_on_it_and_by_nobody_elses_officer() {
    let bed = Bed::new(25).await;
    let city = &bed.city;
    let drawn = demo::draw(city, "public-place-hygiene").await.unwrap();
    let system = actor("测试系统", Role::Integrator);
    let done = service::cases::submit(city, &system, drawn.submit(Origin::Api)).await.unwrap();
    let licence = done.licence.unwrap();
    let approver = officer("审批", Role::Approver);
    let own = licences::view(city, &approver, &licence.id.to_string()).await.unwrap().licence;
    let address = format!("http://127.0.0.1:8080/v/{}#q", own.public_id);
    for words in [&own.identifier, &own.public_id, &address, &own.holder.code, &done.number] {
        let found = licences::find(city, &approver, words).await.unwrap();
        assert_eq!(found.iter().map(|view| view.licence.id).collect::<Vec<_>>(), [own.id], "{words}");
    }
    let grants = vec![Grant { role: Role::Approver, department: Some("planning".into()), district: None }];
    let stranger = Actor { grants, ..actor("规划", Role::Approver) };
    assert!(licences::find(city, &stranger, &own.identifier).await.unwrap().is_empty());
    licences::end(city, &approver, &own.id.to_string(), Ending::Revoke, "《行政许可法》第六十九条").await.unwrap();
    let again = licences::end(city, &approver, &own.id.to_string(), Ending::Cancel, "再次").await;
    assert!(matches!(again, Err(ServiceError::Licence(_))), "{again:?}");
}
