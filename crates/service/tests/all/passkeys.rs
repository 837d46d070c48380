//! Passkeys with a device in software that also says what no honest one would.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::accounts::Account;
use service::accounts::{
    PasskeyAnswer, SignedIn, add_passkey, ask_passkey, begin_passkey, name_passkey, remove_passkey, resolve, sign_in,
    sign_in_with_passkey, sign_up,
};
use service::{City, ServiceError};

use crate::authenticator::{Answer, Device, Said};
use crate::bed::Bed;

const PASSWORD: &str = "a good password";

async fn person(city: &City, login: &str) -> SignedIn {
    sign_up(city, login, PASSWORD, "王芳").await.unwrap();
    again(city, login).await
}

async fn again(city: &City, login: &str) -> SignedIn {
    let session = sign_in(city, login, PASSWORD).await.unwrap();
    resolve(city, &session.secret).await.unwrap()
}

async fn register(city: &City, by: &SignedIn, device: &Device) -> Result<Account, ServiceError> {
    let offer = begin_passkey(city, by, "手机").await?;
    let (client, attestation) = device.create(&Said::to("webauthn.create", &offer.challenge));
    add_passkey(city, by, "手机", &client, &attestation).await
}

async fn enter(city: &City, id: &str, user: &str, answer: &Answer) -> Result<String, ServiceError> {
    let user = BASE64.encode(user);
    let answer = PasskeyAnswer {
        id,
        user: &user,
        client_data: &answer.client_data,
        authenticator_data: &answer.authenticator_data,
        signature: &answer.signature,
    };
    sign_in_with_passkey(city, &answer).await.map(|session| session.secret)
}

/// The English sentence of a refusal.
fn why<T>(result: Result<T, ServiceError>) -> String {
    match result {
        Err(ServiceError::Invalid(fields)) => fields.into_iter().map(|field| field.message.en).collect(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("accepted"),
    }
}

#[tokio::test]
async fn a_passkey_signs_in_and_every_step_is_a_fact() {
    let Bed { city, .. } = &Bed::new(31).await;
    let (by, device) = (person(city, "wang.fang").await, Device::new(1));
    register(city, &by, &device).await.unwrap();
    let id = by.account.id.to_string();
    let question = ask_passkey(city).await.unwrap();
    let answer = device.get(&Said { count: 1, ..Said::to("webauthn.get", &question.challenge) });
    let secret = enter(city, &device.id(), &id, &answer).await.unwrap();
    let entered = resolve(city, &secret).await.unwrap();
    assert_eq!(entered.account.id, by.account.id);
    assert_eq!(entered.account.passkeys[0].count, 1);
    name_passkey(city, &entered, &device.id(), "新手机").await.unwrap();
    remove_passkey(city, &entered, &device.id()).await.unwrap();
    let journal = city.store().read_journal(city.region(), 0, 1000).await.unwrap();
    let kinds: Vec<&str> =
        journal.iter().filter(|fact| fact.stream == format!("account/{id}")).map(|fact| fact.kind.as_str()).collect();
    let expected = [
        "account.opened",
        "account.passkey-added",
        "account.passkey-used",
        "account.passkey-named",
        "account.passkey-removed",
    ];
    assert_eq!(kinds, expected);
    // Removed: the device still has it, and it leads nowhere.
    let question = ask_passkey(city).await.unwrap();
    let answer = device.get(&Said { count: 2, ..Said::to("webauthn.get", &question.challenge) });
    assert!(why(enter(city, &device.id(), &id, &answer).await).contains("belongs to no account"));
}

#[tokio::test]
async fn a_bent_answer_opens_nothing() {
    let Bed { city, .. } = &Bed::new(32).await;
    let (by, other) = (person(city, "wang.fang").await, person(city, "li.na").await);
    let (device, foreign) = (Device::new(1), Device::new(2));
    register(city, &by, &device).await.unwrap();
    register(city, &other, &foreign).await.unwrap();
    let (id, other_id) = (by.account.id.to_string(), other.account.id.to_string());
    let honest = |challenge: &str| Said { count: 1, ..Said::to("webauthn.get", challenge) };
    type Bend = fn(Said) -> Said;
    let bends: [(&str, Bend); 8] = [
        ("another ceremony", |said| Said { kind: "webauthn.create", ..said }),
        ("another origin", |said| Said { origin: "http://evil.example".to_owned(), ..said }),
        ("another port", |said| Said { origin: "http://localhost:8081".to_owned(), ..said }),
        ("inside another site", |said| Said { cross_origin: true, ..said }),
        ("another party", |said| Said { party: "evil.example".to_owned(), ..said }),
        ("nobody present", |said| Said { flags: 0b100, ..said }),
        ("not verified", |said| Said { flags: 0b001, ..said }),
        ("backed up but not eligible", |said| Said { flags: 0b1_0101, ..said }),
    ];
    for (name, bend) in bends {
        let question = ask_passkey(city).await.unwrap();
        let answer = device.get(&bend(honest(&question.challenge)));
        assert!(why(enter(city, &device.id(), &id, &answer).await).contains("not accepted"), "{name}");
    }
    // A challenge that nobody gave out.
    let answer = device.get(&honest(&BASE64.encode([9; 32])));
    assert!(why(enter(city, &device.id(), &id, &answer).await).contains("took too long"));
    // Given out for adding a passkey.
    let offer = begin_passkey(city, &by, "手机").await.unwrap();
    assert!(
        why(enter(city, &device.id(), &id, &device.get(&honest(&offer.challenge))).await).contains("took too long")
    );
    // Somebody else's passkey, somebody else's name, and a signature of another key.
    for (credential, user, signer) in
        [(foreign.id(), &id, &foreign), (device.id(), &other_id, &device), (device.id(), &id, &foreign)]
    {
        let question = ask_passkey(city).await.unwrap();
        why(enter(city, &credential, user, &signer.get(&honest(&question.challenge))).await);
    }
    // Cut off, prolonged, and no base64 at all.
    let question = ask_passkey(city).await.unwrap();
    let fine = device.get(&honest(&question.challenge));
    for data in ["", "AAAA", "not base64!", &format!("{}AAAA", fine.authenticator_data)] {
        let question = ask_passkey(city).await.unwrap();
        let bent = Answer { authenticator_data: data.to_owned(), ..device.get(&honest(&question.challenge)) };
        why(enter(city, &device.id(), &id, &bent).await);
    }
    // None of this has used up the honest answer, which works once.
    enter(city, &device.id(), &id, &fine).await.unwrap();
    assert!(why(enter(city, &device.id(), &id, &fine).await).contains("took too long"), "replayed");
}

#[tokio::test]
async fn of_two_who_bring_back_a_challenge_one_enters() {
    let Bed { city, .. } = &Bed::new(33).await;
    let (by, device) = (person(city, "wang.fang").await, Device::new(1));
    register(city, &by, &device).await.unwrap();
    let id = by.account.id.to_string();
    let question = ask_passkey(city).await.unwrap();
    // Without a counter only the challenge stands between the first and the second.
    let answer = Arc::new(device.get(&Said::to("webauthn.get", &question.challenge)));
    let tries = (0..8).map(|_| {
        let (city, id, answer, key) = (city.clone(), id.clone(), answer.clone(), device.id());
        tokio::spawn(async move { enter(&city, &key, &id, &answer).await.is_ok() })
    });
    let mut entered = 0;
    for one in tries.collect::<Vec<_>>() {
        entered += usize::from(one.await.unwrap());
    }
    assert_eq!(entered, 1);
}

#[tokio::test]
async fn a_counter_that_goes_back_stops_the_passkey() {
    let Bed { city, .. } = &Bed::new(34).await;
    let (by, device) = (person(city, "wang.fang").await, Device::new(1));
    register(city, &by, &device).await.unwrap();
    let id = by.account.id.to_string();
    let enter_with = async |count| {
        let question = ask_passkey(city).await.unwrap();
        let answer = device.get(&Said { count, ..Said::to("webauthn.get", &question.challenge) });
        enter(city, &device.id(), &id, &answer).await
    };
    enter_with(5).await.unwrap();
    assert!(why(enter_with(5).await).contains("may have been copied"));
    // From now on even an honest counter opens nothing; the password does, and the passkey can be removed.
    assert!(why(enter_with(6).await).contains("may have been copied"));
    let by = again(city, "wang.fang").await;
    assert!(by.account.passkeys[0].stopped);
    assert!(remove_passkey(city, &by, &device.id()).await.unwrap().passkeys.is_empty());
}

#[tokio::test]
async fn adding_needs_a_fresh_session_its_own_challenge_and_time() {
    let bed = Bed::new(35).await;
    let city = &bed.city;
    let (by, other, device) = (person(city, "wang.fang").await, person(city, "li.na").await, Device::new(1));
    // Somebody else's challenge.
    let offer = begin_passkey(city, &other, "手机").await.unwrap();
    let (client, attestation) = device.create(&Said::to("webauthn.create", &offer.challenge));
    assert!(why(add_passkey(city, &by, "手机", &client, &attestation).await).contains("could not be added"));
    for bend in [
        Said { origin: "https://evil.example".to_owned(), ..Said::to("webauthn.create", "") },
        Said { party: "evil.example".to_owned(), ..Said::to("webauthn.create", "") },
        Said { flags: 0b001, ..Said::to("webauthn.create", "") },
        Said { kind: "webauthn.get", ..Said::to("webauthn.create", "") },
    ] {
        let offer = begin_passkey(city, &by, "手机").await.unwrap();
        let (client, attestation) = device.create(&Said { challenge: offer.challenge, ..bend });
        assert!(why(add_passkey(city, &by, "手机", &client, &attestation).await).contains("could not be added"));
    }
    // Answered too late.
    let offer = begin_passkey(city, &by, "手机").await.unwrap();
    let (client, attestation) = device.create(&Said::to("webauthn.create", &offer.challenge));
    bed.clock.advance(301);
    assert!(why(add_passkey(city, &by, "手机", &client, &attestation).await).contains("took too long"));
    register(city, &by, &device).await.unwrap();
    let by = again(city, "wang.fang").await;
    assert!(why(register(city, &by, &device).await).contains("there already"));
    // Half an hour after signing in the person is asked to sign in again.
    bed.clock.advance(30 * 60);
    assert!(why(register(city, &by, &Device::new(3)).await).contains("sign out and in again"));
}

#[tokio::test]
async fn what_has_expired_is_forgotten() {
    let bed = Bed::new(36).await;
    let city = &bed.city;
    person(city, "wang.fang").await;
    ask_passkey(city).await.unwrap();
    assert_eq!(service::accounts::sweep(city).await.unwrap(), 0);
    bed.clock.advance(301);
    assert_eq!(service::accounts::sweep(city).await.unwrap(), 1, "the challenge");
    bed.clock.advance(12 * 3600);
    assert_eq!(service::accounts::sweep(city).await.unwrap(), 1, "the session");
}
