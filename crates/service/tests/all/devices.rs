//! Terminals: a code that works once, a key that only the device has, what it reports, and what is over when it is revoked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::accounts::{Actor, Role};
use domain::catalog::ApplicantKind;
use domain::halls::{Device, DeviceKind, FaultKind, HallReason, Reported, TicketSource};
use seal::key::{Alg, PrivateKey, raw_signature};
use service::accounts::{SignedIn, resolve};
use service::halls::devices::{self, Connected, NewDevice};
use service::halls::{self, kiosk};
use service::{City, ServiceError, demo};

use crate::bed::{Bed, actor, administrator};

const PLACE: &str = "civic-centre";

/// A device that keeps its key, as a browser does.
pub struct Terminal(PrivateKey);

impl Terminal {
    pub fn new(seed: u8) -> Terminal {
        let mut random = |bytes: &mut [u8]| bytes.fill(seed);
        Terminal(PrivateKey::generate(Alg::Es256, &mut random))
    }

    fn key(&self) -> String {
        BASE64.encode(self.0.public_key().to_spki().unwrap())
    }

    fn sign(&self, words: &str) -> String {
        let der = self.0.sign(words.as_bytes()).unwrap();
        BASE64.encode(raw_signature(Alg::Es256, &der).unwrap())
    }

    pub async fn enrol(&self, city: &City, code: &str) -> Result<Connected, ServiceError> {
        let plain = code.replace('-', "");
        devices::enrol(city, code, &self.key(), &self.sign(&format!("yichuang-device-enrol.{plain}"))).await
    }

    async fn connect(&self, city: &City, id: &str) -> Result<Connected, ServiceError> {
        let challenge = devices::challenge_device(city).await?;
        let signature = self.sign(&format!("yichuang-device-session.{challenge}"));
        devices::connect(city, id, &challenge, &signature).await
    }
}

fn clerk() -> Actor {
    actor("窗口", Role::Clerk)
}

pub fn new(kind: DeviceKind, place: &str) -> NewDevice {
    NewDevice { place: place.into(), terminal: String::new(), kind, name: "东门一号机".into() }
}

fn reason<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> HallReason {
    match result.unwrap_err() {
        ServiceError::Hall(refusal) => refusal.reason,
        other => panic!("{other:?}"),
    }
}

/// A kiosk that is connected, with its key.
async fn connected(city: &City) -> (Device, Terminal, String) {
    let (device, code) = devices::register(city, &administrator(), new(DeviceKind::Kiosk, PLACE)).await.unwrap();
    let terminal = Terminal::new(5);
    let own = terminal.enrol(city, &code).await.unwrap();
    assert_eq!(own.device.id, device.id);
    (own.device, terminal, own.secret)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_administrator_registers_and_a_code_enrols_one_key_once() {
    let bed = Bed::new(801).await;
    let city = &bed.city;
    let refused = devices::register(city, &clerk(), new(DeviceKind::Kiosk, PLACE)).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden(_))), "{refused:?}");
    let nowhere = devices::register(city, &administrator(), new(DeviceKind::Kiosk, "nowhere")).await;
    assert!(matches!(nowhere, Err(ServiceError::NotFound("place"))), "{nowhere:?}");
    for wrong in [
        NewDevice { name: " ".into(), ..new(DeviceKind::Kiosk, PLACE) },
        NewDevice { terminal: "t9".into(), ..new(DeviceKind::Kiosk, PLACE) },
    ] {
        let refused = devices::register(city, &administrator(), wrong).await;
        assert!(matches!(refused, Err(ServiceError::Invalid(_))), "{refused:?}");
    }
    let (device, code) = devices::register(city, &administrator(), new(DeviceKind::Kiosk, PLACE)).await.unwrap();
    let row = city.store().query("SELECT doc FROM device WHERE region = $1", &[city.region().into()]).await.unwrap();
    assert!(!row[0].text(0).unwrap().contains(&code.replace('-', "")), "the code is not kept");

    let (own, other) = (Terminal::new(5), Terminal::new(6));
    assert_eq!(reason(own.enrol(city, "00000-00000").await), HallReason::CodeGone);
    let plain = code.replace('-', "");
    let stolen = devices::enrol(city, &code, &own.key(), &other.sign(&format!("yichuang-device-enrol.{plain}"))).await;
    assert_eq!(reason(stolen), HallReason::KeyWrong, "whoever shows a key must have it");
    // Typed in small letters with spaces it is the same code.
    let session = own.enrol(city, &code.to_lowercase().replace('-', " ")).await;
    assert_eq!(reason(session), HallReason::KeyWrong, "what is signed is the code as the server reads it");
    let session = own.enrol(city, &code).await.unwrap();
    assert_eq!(session.device.id, device.id);
    assert_eq!(reason(other.enrol(city, &code).await), HallReason::CodeGone, "a code works once");
    assert_eq!(devices::resolve_device(city, &session.secret).await.unwrap().id, device.id);
    assert!(city.store().verify(None).await.unwrap().is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_too_old_enrols_nothing_and_another_one_ends_the_key() {
    let bed = Bed::new(802).await;
    let city = &bed.city;
    let (device, code) = devices::register(city, &administrator(), new(DeviceKind::Locker, PLACE)).await.unwrap();
    bed.clock.advance(3600);
    let own = Terminal::new(5);
    assert_eq!(reason(own.enrol(city, &code).await), HallReason::CodeGone);
    let id = device.id.to_string();
    let (_, code) = devices::issue_code(city, &administrator(), &id).await.unwrap();
    let session = own.enrol(city, &code).await.unwrap();
    let again = own.connect(city, &id).await.unwrap();
    let (_, code) = devices::issue_code(city, &administrator(), &id).await.unwrap();
    for secret in [&session.secret, &again.secret] {
        assert!(matches!(devices::resolve_device(city, secret).await, Err(ServiceError::SignInNeeded)));
    }
    assert_eq!(reason(own.connect(city, &id).await), HallReason::DeviceUnknown, "the former key counts no more");
    Terminal::new(6).enrol(city, &code).await.unwrap();
    assert_eq!(reason(own.connect(city, &id).await), HallReason::KeyWrong);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_needs_the_key_and_ends_with_its_time_or_with_the_device() {
    let bed = Bed::new(803).await;
    let city = &bed.city;
    let (device, terminal, first) = connected(city).await;
    let id = device.id.to_string();
    let challenge = devices::challenge_device(city).await.unwrap();
    let signature = terminal.sign(&format!("yichuang-device-session.{challenge}"));
    let second = devices::connect(city, &id, &challenge, &signature).await.unwrap().secret;
    let replayed = devices::connect(city, &id, &challenge, &signature).await;
    assert_eq!(reason(replayed), HallReason::DeviceUnknown, "a challenge counts once");
    bed.clock.advance(24 * 3600);
    assert!(matches!(devices::resolve_device(city, &first).await, Err(ServiceError::SignInNeeded)));
    assert!(service::accounts::sweep(city).await.unwrap() >= 2, "what has expired is forgotten");
    let third = terminal.connect(city, &id).await.unwrap().secret;
    let refused = devices::revoke_device(city, &clerk(), &id, "丢失").await;
    assert!(matches!(refused, Err(ServiceError::Forbidden(_))));
    devices::revoke_device(city, &administrator(), &id, "丢失").await.unwrap();
    for secret in [&second, &third] {
        assert!(matches!(devices::resolve_device(city, secret).await, Err(ServiceError::SignInNeeded)));
    }
    assert_eq!(reason(terminal.connect(city, &id).await), HallReason::DeviceUnknown);
    assert_eq!(reason(devices::beat(city, &device, Some(&[])).await), HallReason::DeviceUnknown);
    let listed = devices::devices_of(city, &clerk(), PLACE).await.unwrap();
    assert_eq!(listed[0].device.state.name(), "revoked", "what it did stays on record");
    assert!(devices::troubled(city, &clerk()).await.unwrap().devices.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_reports_an_empty_printer_and_a_silent_one_is_flagged() {
    let bed = Bed::new(804).await;
    let city = &bed.city;
    let (device, ..) = connected(city).await;
    let id = device.id.to_string();
    let names = async || {
        let all = devices::troubled(city, &clerk()).await.unwrap().devices;
        all.into_iter().map(|own| (own.silent, own.device.faults.len())).collect::<Vec<_>>()
    };
    assert_eq!(names().await, []);
    let paper = Reported { kind: FaultKind::Paper, part: String::new() };
    let own = devices::beat(city, &device, Some(std::slice::from_ref(&paper))).await.unwrap();
    assert!(own.has(FaultKind::Paper));
    assert_eq!(names().await, [(false, 1)]);
    devices::beat(city, &device, None).await.unwrap();
    assert_eq!(names().await, [(false, 1)], "a beat without a word on faults mends nothing");
    let long = Reported { kind: FaultKind::Cell, part: "x".repeat(21) };
    let refused = devices::beat(city, &device, Some(&[long])).await;
    assert!(matches!(refused, Err(ServiceError::Invalid(_))));
    bed.clock.advance(300);
    assert_eq!(names().await, [(false, 1)]);
    bed.clock.advance(1);
    assert_eq!(names().await, [(true, 1)]);
    devices::beat(city, &device, Some(&[])).await.unwrap();
    assert_eq!(names().await, [], "heard again, and the paper is in");

    devices::complain(city, &device, &paper).await.unwrap();
    devices::call_staff(city, &device).await.unwrap();
    devices::call_staff(city, &device).await.unwrap();
    devices::beat(city, &device, Some(&[])).await.unwrap();
    assert_eq!(names().await, [(false, 1)], "what people say the device does not take back");
    let citizen = actor("王芳", Role::Citizen);
    assert!(matches!(devices::mend(city, &citizen, &id, &paper).await, Err(ServiceError::Forbidden(_))));
    devices::mend(city, &clerk(), &id, &paper).await.unwrap();
    assert_eq!(names().await, [(false, 0)], "somebody still waits there");
    devices::staff_came(city, &clerk(), &id).await.unwrap();
    assert_eq!(names().await, []);
    assert_eq!(reason(devices::staff_came(city, &clerk(), &id).await), HallReason::WrongState);
    assert!(city.store().verify(None).await.unwrap().is_whole());
}

async fn signed_in(city: &City) -> SignedIn {
    service::accounts::sign_up(city, "wang.fang", "a good password", "王芳").await.unwrap();
    let session = service::accounts::sign_in(city, "wang.fang", "a good password").await.unwrap();
    resolve(city, &session.secret).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_signs_in_at_the_kiosk_that_invited_it_and_at_no_other() {
    let bed = Bed::new(805).await;
    let city = &bed.city;
    let (device, ..) = connected(city).await;
    let (_, code) = devices::register(city, &administrator(), new(DeviceKind::Kiosk, PLACE)).await.unwrap();
    let other = Terminal::new(9).enrol(city, &code).await.unwrap().device;
    let person = signed_in(city).await;

    let invitation = kiosk::invite(city, &device).await.unwrap();
    let found = kiosk::invited(city, &invitation.code).await.unwrap();
    assert_eq!((found.device.id, &found.number), (device.id, &invitation.number));
    assert!(!kiosk::is_accepted(city, &invitation.secret).await.unwrap());
    assert!(kiosk::enter(city, &device, &invitation.secret).await.unwrap().is_none(), "nobody has said yes");
    kiosk::accept(city, &person, &invitation.code).await.unwrap();
    let twice = kiosk::accept(city, &person, &invitation.code).await;
    assert!(matches!(twice, Err(ServiceError::NotFound(_))), "an invitation is accepted once");
    assert!(kiosk::is_accepted(city, &invitation.secret).await.unwrap());
    let session = kiosk::enter(city, &device, &invitation.secret).await.unwrap().unwrap();
    assert_eq!(resolve(city, &session.secret).await.unwrap().account.id, person.account.id);
    assert!(kiosk::enter(city, &device, &invitation.secret).await.unwrap().is_none(), "the answer is taken once");

    let invitation = kiosk::invite(city, &device).await.unwrap();
    kiosk::accept(city, &person, &invitation.code).await.unwrap();
    assert!(kiosk::enter(city, &other, &invitation.secret).await.unwrap().is_none(), "another kiosk gets nothing");
    let late = kiosk::invite(city, &device).await.unwrap();
    bed.clock.advance(300);
    assert!(matches!(kiosk::accept(city, &person, &late.code).await, Err(ServiceError::NotFound(_))));
    let last = kiosk::invite(city, &device).await.unwrap();
    devices::revoke_device(city, &administrator(), &device.id.to_string(), "丢失").await.unwrap();
    assert!(matches!(kiosk::accept(city, &person, &last.code).await, Err(ServiceError::NotFound(_))));
    let facts = "SELECT CAST(count(*) AS BIGINT) FROM fact WHERE region = $1 AND kind = 'device.signed-in'";
    assert_eq!(city.store().query(facts, &[city.region().into()]).await.unwrap()[0].int(0).unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_gives_out_numbers_of_its_place_and_says_how_a_case_stands() {
    let bed = Bed::new(806).await;
    let city = &bed.city;
    let (device, ..) = connected(city).await;
    let key = || Some(("device".to_owned(), "n".repeat(32), [1; 32]));
    let own = halls::take_at(city, &device, None, "general", key()).await.unwrap();
    assert_eq!((own.number.as_str(), own.source, own.account.is_none()), ("A001", TicketSource::Kiosk, true));
    let again = halls::take_at(city, &device, None, "general", key()).await.unwrap();
    assert_eq!(again.id, own.id, "pressed twice it is one number");
    let nobody = halls::take_at(city, &device, None, "nothing", None).await;
    assert!(matches!(nobody, Err(ServiceError::NotFound("counter"))), "{nobody:?}");
    assert_eq!(kiosk::ticket_at(city, &device, &own.id.to_string()).await.unwrap().id, own.id);
    bed.clock.advance(8 * 3600);
    assert_eq!(reason(halls::take_at(city, &device, None, "general", None).await), HallReason::Closed);

    let mut dice = demo::Dice::new(7);
    let who = demo::invent(city, &mut dice, ApplicantKind::Person, None).await.unwrap();
    service::registry::put(city, &who.entries()).await.unwrap();
    let drawn = demo::draw_for(city, "residence-permit", &who, &mut dice).await.unwrap();
    let filed = service::cases::submit(city, &clerk(), drawn.submit(domain::cases::Origin::Window)).await.unwrap();
    let code = who.party().code;
    let tail = &code[code.len() - 4..];
    let found = kiosk::track(city, &filed.number, tail).await.unwrap();
    assert_eq!((found.number, found.matter.as_str()), (filed.number.clone(), "residence-permit"));
    for (number, tail) in [(filed.number.as_str(), "0"), (filed.number.as_str(), ""), ("370211-none", tail)] {
        let refused = kiosk::track(city, number, tail).await;
        assert!(matches!(refused, Err(ServiceError::Invalid(_))), "{number} {tail}");
    }
}
