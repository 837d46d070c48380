//! The post: a result by mail with a returned parcel and a second posting, one that is collected after all, originals that come in, and
//! addresses that go with the person.

use std::path::PathBuf;

use domain::accounts::{Account, Actor, Grant, Role};
use domain::cases::{Origin, ResultWay, State};
use domain::catalog::ApplicantKind;
use domain::halls::HallReason;
use domain::post::{MailState, PostAddress, is_number};
use service::accounts::{NewAccount, erase_person, open_account};
use service::post::{self, Delivery};
use service::{City, ServiceError, cases, demo, jobs};

use crate::bed::{Bed, actor, administrator, told};

const STREET: &str = "望海路 1 号 2 单元 301";

fn address() -> PostAddress {
    PostAddress {
        name: "王大明".into(),
        phone: "13800000000".into(),
        region: "山东省青岛市黄岛区".into(),
        street: STREET.into(),
    }
}

fn by_mail() -> Delivery {
    Delivery { way: ResultWay::Mail, address: address() }
}

fn reason<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> HallReason {
    match result.unwrap_err() {
        ServiceError::Hall(refusal) => refusal.reason,
        other => panic!("{other:?}"),
    }
}

async fn due(city: &City) {
    while jobs::run_due(city).await.unwrap() > 0 {}
}

/// Somebody whose application rules approve at once, filed over the web, with the result wanted so.
async fn filed(city: &City, seed: u64, delivery: Delivery) -> (Actor, String, String) {
    let mut dice = demo::Dice::new(seed);
    let who = demo::invent(city, &mut dice, ApplicantKind::Person, None).await.unwrap();
    service::registry::put(city, &who.entries()).await.unwrap();
    let person = who.person.party();
    let new = NewAccount {
        login: format!("citizen-{seed}"),
        password: None,
        name: person.name.clone(),
        grants: Account::citizen(),
        person: Some((person.clone(), "window".to_owned())),
    };
    let account = open_account(city, &administrator(), new).await.unwrap();
    let citizen = account.actor(service::registry::acts_for(city, &person.code).await.unwrap());
    let drawn = demo::draw_for(city, "nurse-registration", &who, &mut dice).await.unwrap();
    let wanted = cases::Submit { delivery, ..drawn.submit(Origin::Web) };
    let number = cases::submit(city, &citizen, wanted).await.unwrap().number;
    (citizen, number, person.code)
}

async fn clerk(city: &City) -> Actor {
    let grants = vec![Grant { role: Role::Clerk, department: None, district: None }];
    let new = NewAccount { login: "clerk".into(), password: None, name: "窗口".into(), grants, person: None };
    open_account(city, &administrator(), new).await.unwrap().actor(Vec::new())
}

async fn state(city: &City, actor: &Actor, number: &str) -> State {
    cases::case_by_number(city, actor, number).await.unwrap().case.state
}

async fn items(city: &City, actor: &Actor, number: &str) -> Vec<domain::post::Mailing> {
    let case = cases::case_by_number(city, actor, number).await.unwrap().case;
    post::of_case(city, actor, &case).await.unwrap()
}

fn folder(city: &City) -> PathBuf {
    city.settings().dir.join("mail")
}

/// The carrier reports, at the instant of the city.
async fn reports(city: &City, name: &str, lines: &[(&str, &str, &str)]) -> usize {
    let status = folder(city).join("status");
    std::fs::create_dir_all(&status).unwrap();
    let at = city.now().rfc3339();
    let text: Vec<String> = lines.iter().map(|(number, kind, note)| format!("{number},{kind},{at},{note}")).collect();
    std::fs::write(status.join(name), text.join("\n")).unwrap();
    post::take_reports(city).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_is_posted_once_more_and_then_served() {
    let bed = Bed::new(921).await;
    let city = &bed.city;
    let clerk = clerk(city).await;
    let (citizen, case, _) = filed(city, 1, by_mail()).await;
    assert_eq!(state(city, &citizen, &case).await, State::Issued, "not downloaded and closed at once");
    let waiting = post::pile(city, &clerk, "wanted").await.unwrap();
    assert_eq!(waiting.len(), 1);
    let id = waiting[0].id.to_string();
    assert!(matches!(post::pile(city, &citizen, "wanted").await, Err(ServiceError::Forbidden(_))));
    assert!(matches!(post::label(city, &citizen, &id).await, Err(ServiceError::Forbidden(_))));
    assert_eq!(reason(post::hand_over(city, &clerk, &id).await), HallReason::WrongState, "without a label");

    let labelled = post::label(city, &clerk, &id).await.unwrap();
    let first = labelled.number.clone().unwrap();
    assert!(is_number(&first), "{first}");
    let (name, pdf) = post::label_pdf(city, &clerk, &id).await.unwrap();
    assert!(name == format!("{first}.pdf") && pdf.starts_with(b"%PDF"), "{name}");
    assert_eq!(std::fs::read(folder(city).join("labels").join(&name)).unwrap(), pdf);
    let looks = cases::who_looked(city, &citizen).await.unwrap();
    assert!(looks.iter().any(|look| look.purpose == format!("post-label {case}")), "{looks:?}");
    assert_eq!(reason(post::ask(city, &citizen, &case, &address()).await), HallReason::WrongState, "it has a label");
    post::hand_over(city, &clerk, &id).await.unwrap();
    assert_eq!(reports(city, "1.csv", &[(&first, "accepted", ""), (&first, "in-transit", "青岛")]).await, 2);
    assert_eq!(reports(city, "2.csv", &[(&first, "in-transit", "青岛"), ("EZ000000015CN", "delivered", "")]).await, 0);
    bed.clock.advance(3600);
    assert_eq!(reports(city, "3.csv", &[(&first, "returned", "收件人不在")]).await, 1);
    due(city).await;
    assert_eq!(state(city, &citizen, &case).await, State::Issued);

    // The second posting goes to another address under another number; the old one changes nothing any more.
    let stranger = actor("路人", Role::Citizen);
    assert!(matches!(post::again(city, &stranger, &id, &address()).await, Err(ServiceError::NotFound(_))));
    let nowhere = post::again(city, &citizen, &id, &PostAddress::default()).await;
    assert!(matches!(nowhere, Err(ServiceError::Invalid(fields)) if fields.len() == 4));
    let moved = PostAddress { street: "望海路 2 号".into(), ..address() };
    assert_eq!(post::again(city, &citizen, &id, &moved).await.unwrap().posting, 2);
    assert!(!folder(city).join("labels").join(&name).exists(), "the first label is forgotten");
    let second = post::label(city, &clerk, &id).await.unwrap().number.unwrap();
    assert_ne!(first, second);
    post::hand_over(city, &clerk, &id).await.unwrap();
    assert_eq!(reports(city, "4.csv", &[(&first, "delivered", "")]).await, 0);
    bed.clock.advance(3600);
    let served = city.now();
    assert_eq!(reports(city, "5.csv", &[(&second, "delivered", "门卫")]).await, 1);
    due(city).await;
    assert_eq!(state(city, &citizen, &case).await, State::Closed);
    let own = items(city, &citizen, &case).await.remove(0);
    assert_eq!(
        own.state,
        MailState::Delivered { at: domain::time::Timestamp::from_micros(served.micros() / 1_000_000 * 1_000_000) }
    );
    assert_eq!(
        std::fs::read_dir(folder(city).join("labels")).unwrap().count(),
        0,
        "no address is left with the carrier"
    );
    is_told(city, &id).await;
}

/// The applicant heard of each step, and the journal holds all of them.
async fn is_told(city: &City, id: &str) {
    let said = told(city).await;
    for title in ["办件结果已寄出", "邮件被退回，请选择再寄或领取", "办件结果已签收"] {
        assert!(said.iter().any(|own| own == title), "{title}: {said:?}");
    }
    let sql = "SELECT kind FROM fact WHERE region = $1 AND stream = $2 ORDER BY position";
    let stream = format!("mailing/{id}");
    let facts = city.store().query(sql, &[city.region().into(), stream.into()]).await.unwrap();
    let kinds: Vec<&str> = facts.iter().map(|row| row.text(0).unwrap().trim_start_matches("mailing.")).collect();
    assert_eq!(
        kinds,
        [
            "opened",
            "labelled",
            "handed-over",
            "accepted",
            "in-transit",
            "returned",
            "sent-again",
            "labelled",
            "handed-over",
            "delivered"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_collected_after_all_and_everything_is_erased_with_the_person() {
    let bed = Bed::new(922).await;
    let city = &bed.city;
    let clerk = clerk(city).await;
    let (citizen, case, code) = filed(city, 2, by_mail()).await;
    let id = items(city, &citizen, &case).await[0].id.to_string();
    let number = post::label(city, &clerk, &id).await.unwrap().number.unwrap();
    reports(city, "1.csv", &[(&number, "accepted", ""), (&number, "returned", "地址不详")]).await;
    post::collect(city, &clerk, &id).await.unwrap();
    due(city).await;
    assert_eq!(state(city, &citizen, &case).await, State::Closed);
    assert_eq!(reason(post::collect(city, &clerk, &id).await), HallReason::WrongState);

    // Erased as soon as the licence has ended.
    let found = cases::case_by_number(city, &citizen, &case).await.unwrap().case;
    let approver = actor("审批", Role::Approver);
    let licence = found.licence.unwrap().id.to_string();
    service::licences::end(
        city,
        &approver,
        &licence,
        service::licences::Ending::Cancel,
        "《行政许可法》第七十条：申请注销",
    )
    .await
    .unwrap();
    while service::journal::advance(city).await.unwrap() > 0 {}
    erase_person(city, &administrator(), &code).await.unwrap();
    for (table, text) in [("mailing", "doc"), ("fact_body", "body"), ("message", "doc")] {
        for words in [STREET, "13800000000", "王大明", "地址不详"] {
            let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM {table} WHERE region = $1 AND {text} LIKE $2");
            let rows = city.store().query(&sql, &[city.region().into(), format!("%{words}%").into()]).await.unwrap();
            assert_eq!(rows[0].int(0), Ok(0), "{words} in {table}");
        }
    }
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_may_come_late_and_be_taken_back_and_originals_come_in() {
    let bed = Bed::new(923).await;
    let city = &bed.city;
    let clerk = clerk(city).await;
    let wrong = Delivery { way: ResultWay::Mail, address: PostAddress::default() };
    let drawn = demo::draw(city, "residence-permit").await.unwrap();
    let own = Actor { person: Some(drawn.applicant.clone()), ..actor("本人", Role::Citizen) };
    let refused = cases::submit(city, &own, cases::Submit { delivery: wrong, ..drawn.submit(Origin::Web) }).await;
    assert!(matches!(refused, Err(ServiceError::Invalid(fields)) if fields.len() == 4));

    // At the window nobody asked for anything; the applicant does so later, changes the address, and takes it back.
    let case = cases::submit(city, &own, drawn.submit(Origin::Web)).await.unwrap().number;
    assert!(matches!(post::ask(city, &clerk, &case, &address()).await, Err(ServiceError::NotFound(_))));
    let asked = post::ask(city, &own, &case, &address()).await.unwrap();
    let moved = PostAddress { street: "望海路 2 号".into(), ..address() };
    assert_eq!(post::ask(city, &own, &case, &moved).await.unwrap().address, moved);
    assert_eq!(post::pile(city, &clerk, "wanted").await.unwrap().len(), 0, "there is no result yet");
    assert_eq!(reason(post::label(city, &clerk, &asked.id.to_string()).await), HallReason::NothingToHandOver);
    post::collect_instead(city, &own, &asked.id.to_string()).await.unwrap();

    let nonsense = post::announce(city, &own, &case, "??").await;
    assert!(matches!(nonsense, Err(ServiceError::Invalid(fields)) if fields[0].field == "tracking"));
    let item = post::announce(city, &own, &case, " sf1234567890 ").await.unwrap();
    assert_eq!(item.number.as_deref(), Some("SF1234567890"));
    assert_eq!(reason(post::announce(city, &own, &case, "SF1234567891").await), HallReason::AlreadyPosted);
    assert_eq!(post::pile(city, &clerk, "announced").await.unwrap().len(), 1);
    post::receive(city, &clerk, &item.id.to_string()).await.unwrap();
    assert_eq!(post::pile(city, &clerk, "announced").await.unwrap().len(), 0);
    assert!(told(city).await.contains(&"寄来的原件已收到".to_owned()));
}
