//! What is told to whom, and what is told to nobody: looks at a case, secrets, who acted.

use domain::accounts::{Account, Actor, Grant, Party, Role};
use domain::cases::Origin;
use service::accounts::{NewAccount, open_account, resolve, sign_in};
use service::cases::{self, Work};
use service::{City, ServiceError, demo};
use store::accounts::SECRET;
use store::{Change, PlainWrite};

use crate::bed::{Bed, actor, administrator};

const PASSWORD: &str = "one easy sentence";

async fn open(city: &City, login: &str, role: Role, person: Option<Party>) -> Account {
    let new = NewAccount {
        login: login.into(),
        password: Some(PASSWORD.into()),
        name: "王大明".into(),
        grants: vec![Grant { role, department: None, district: None }],
        person: person.map(|party| (party, "window".into())),
    };
    assert!(!format!("{new:?}").contains(PASSWORD));
    open_account(city, &administrator(), new).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_typed_an_application_in_is_seen_looking_at_it() {
    let bed = Bed::new(101).await;
    let city = &bed.city;
    let drawn = demo::draw(city, "residence-permit").await.unwrap();
    let clerk = open(city, "clerk", Role::Clerk, None).await.actor(Vec::new());
    let system = open(city, "system", Role::Integrator, None).await.actor(Vec::new());
    let applicant = Actor { person: Some(drawn.applicant.clone()), ..actor("本人", Role::Citizen) };
    let looks = async || -> Vec<String> {
        let found = cases::who_looked(city, &applicant).await.unwrap();
        found.into_iter().map(|look| look.who).collect()
    };
    let number = cases::submit(city, &clerk, drawn.submit(Origin::Window)).await.unwrap().number;
    assert_eq!(looks().await, Vec::<String>::new());
    cases::case_by_number(city, &clerk, &number).await.unwrap();
    assert_eq!(looks().await, [clerk.label()]);
    // One command is one look, although the case is shown before and after.
    bed.clock.advance(60);
    let view = cases::work(city, &clerk, &number, None, Work::Accept, None).await.unwrap();
    assert_eq!(view.case.state.name(), "in-review");
    assert_eq!(looks().await.len(), 2);
    // The program through which people hand in follows their cases for them.
    let other = demo::draw(city, "residence-permit").await.unwrap();
    let passed = cases::submit(city, &system, other.submit(Origin::Api)).await.unwrap().number;
    cases::case_by_number(city, &system, &passed).await.unwrap();
    let them = Actor { person: Some(other.applicant), ..actor("本人", Role::Citizen) };
    assert!(cases::who_looked(city, &them).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hash_of_a_password_stands_in_the_journal_and_a_changed_one_opens_nothing() {
    let bed = Bed::new(102).await;
    let city = &bed.city;
    let account = open(city, "wang", Role::Clerk, None).await;
    let bodies = city.store().query("SELECT body FROM fact_body WHERE region = $1", &[city.region().into()]).await;
    assert!(bodies.unwrap().iter().all(|row| !row.text(0).unwrap().contains("argon2")));
    let session = sign_in(city, "wang", PASSWORD).await.unwrap();
    let resolved = resolve(city, &session.secret).await.unwrap();
    let told = format!("{session:?} {resolved:?}");
    assert!(!told.contains(&session.secret) && !told.contains(&resolved.csrf) && !told.contains("argon2"), "{told}");
    assert!(matches!(sign_in(city, "wang", "another sentence").await, Err(ServiceError::SignInNeeded)));

    // The hash of a password of one's own, put there behind the program's back.
    let thief = open(city, "thief", Role::Clerk, None).await;
    let sql = "SELECT phc FROM account_secret WHERE region = $1 AND id = $2";
    let phc = city.store().query(sql, &[city.region().into(), thief.id.to_string().into()]).await.unwrap();
    let mut change = Change::new(city.region(), city.now());
    let columns = vec![phc[0].text(0).unwrap().into()];
    change.plain.push(PlainWrite { table: &SECRET, id: account.id.to_string(), columns });
    city.store().commit(change).await.unwrap();
    assert!(matches!(sign_in(city, "wang", PASSWORD).await, Err(ServiceError::SignInNeeded)));
    sign_in(city, "thief", PASSWORD).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_tells_the_operator_from_the_clock() {
    let bed = Bed::new(103).await;
    let city = &bed.city;
    assert_eq!((Actor::operator().label(), Actor::system().label()), ("operator".into(), "system".into()));
    let new = NewAccount {
        login: "first".into(),
        password: None,
        name: "第一个".into(),
        grants: Account::citizen(),
        person: None,
    };
    let opened = open_account(city, &Actor::operator(), new).await.unwrap();
    let sql = "SELECT actor FROM fact WHERE region = $1 AND stream = $2";
    let stream = format!("account/{}", opened.id);
    let rows = city.store().query(sql, &[city.region().into(), stream.into()]).await.unwrap();
    assert_eq!(rows[0].text(0), Ok("operator"));
}
