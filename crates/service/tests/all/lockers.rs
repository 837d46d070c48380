//! Lockers: a result out, by oneself and by a proxy at night; originals in; what is overdue, full or broken; and the case that follows.

use domain::accounts::{Account, Actor, Grant, Role};
use domain::cases::{Origin, State};
use domain::catalog::ApplicantKind;
use domain::halls::{Device, DeviceKind, FaultKind, HallReason, Parcel, Reported, Way};
use service::accounts::{NewAccount, open_account};
use service::halls::devices;
use service::halls::lockers::{self, Reserve};
use service::{City, ServiceError, cases, demo, jobs};

use crate::bed::{Bed, actor, administrator, told};
use crate::devices::{Terminal, new};

const LOCKER: &str = "locker-centre";

fn reason<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> HallReason {
    match result.unwrap_err() {
        ServiceError::Hall(refusal) => refusal.reason,
        other => panic!("{other:?}"),
    }
}

async fn due(city: &City) {
    while jobs::run_due(city).await.unwrap() > 0 {}
}

async fn clerk(city: &City) -> Actor {
    let grants = vec![Grant { role: Role::Clerk, department: None, district: None }];
    let new = NewAccount { login: "clerk".into(), password: None, name: "窗口".into(), grants, person: None };
    open_account(city, &administrator(), new).await.unwrap().actor(Vec::new())
}

/// The controller of the lockers beside the hall.
async fn locker(city: &City) -> Device {
    let (_, code) = devices::register(city, &administrator(), new(DeviceKind::Locker, LOCKER)).await.unwrap();
    Terminal::new(5).enrol(city, &code).await.unwrap().device
}

/// A citizen whose application was filed at a window, where the result waits: what is filed from afar is downloaded at once.
async fn granted(city: &City, clerk: &Actor, seed: u64) -> (Actor, String) {
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
    let acts_for = service::registry::acts_for(city, &person.code).await.unwrap();
    let citizen = account.actor(acts_for);
    let drawn = demo::draw_for(city, "nurse-registration", &who, &mut dice).await.unwrap();
    let filed = cases::submit(city, clerk, drawn.submit(Origin::Window)).await.unwrap();
    (citizen, filed.number)
}

async fn state(city: &City, actor: &Actor, number: &str) -> State {
    cases::case_by_number(city, actor, number).await.unwrap().case.state
}

fn out(case: &str) -> Reserve {
    Reserve { place: LOCKER.into(), case: case.into(), way: Way::Out }
}

/// Puts the result of a case in; answers with the parcel as it lies there.
async fn put_in(city: &City, clerk: &Actor, device: &Device, case: &str) -> Parcel {
    let (parcel, code) = lockers::reserve(city, clerk, &out(case)).await.unwrap();
    let opened = lockers::open(city, device, &code).await.unwrap();
    assert_eq!((opened.cell, opened.deposit), (parcel.cell, true));
    assert_eq!(reason(lockers::open(city, device, &code).await), HallReason::ParcelCodeGone, "a code opens once");
    parcel
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_takes_a_result_at_night_and_the_case_is_handed_over() {
    let bed = Bed::new(901).await;
    let city = &bed.city;
    let (clerk, device) = (clerk(city).await, locker(city).await);
    let (citizen, case) = granted(city, &clerk, 1).await;
    assert_eq!(state(city, &citizen, &case).await, State::Issued);
    let parcel = put_in(city, &clerk, &device, &case).await;
    let id = parcel.id.to_string();
    assert!(told(city).await.contains(&"办件结果已放入文件柜".to_owned()));
    assert_eq!(reason(lockers::reserve(city, &clerk, &out(&case)).await), HallReason::ParcelThere);

    let stranger = actor("路人", Role::Citizen);
    assert!(matches!(lockers::give_code(city, &stranger, &id, None).await, Err(ServiceError::NotFound(_))));
    assert!(
        matches!(lockers::give_code(city, &clerk, &id, None).await, Err(ServiceError::NotFound(_))),
        "not even a clerk"
    );
    let unnamed = lockers::give_code(city, &citizen, &id, Some(" ")).await;
    assert!(matches!(unnamed, Err(ServiceError::Invalid(_))));
    let (_, own) = lockers::give_code(city, &citizen, &id, None).await.unwrap();
    let (_, first) = lockers::give_code(city, &citizen, &id, Some("李建国")).await.unwrap();
    lockers::withdraw_proxy(city, &citizen, &id).await.unwrap();
    assert_eq!(reason(lockers::open(city, &device, &first).await), HallReason::ParcelCodeGone, "consent taken back");
    let (_, second) = lockers::give_code(city, &citizen, &id, Some("李建国")).await.unwrap();
    let row = city.store().query("SELECT doc FROM parcel WHERE region = $1", &[city.region().into()]).await.unwrap();
    assert!(!row[0].text(0).unwrap().contains(&second.replace('-', "")), "codes are not kept");

    // Two in the morning of a Sunday.
    bed.clock.advance(40 * 3600);
    let (_, elsewhere) =
        devices::register(city, &administrator(), new(DeviceKind::Locker, "civic-centre")).await.unwrap();
    let elsewhere = Terminal::new(9).enrol(city, &elsewhere).await.unwrap().device;
    assert_eq!(reason(lockers::open(city, &elsewhere, &second).await), HallReason::ParcelCodeGone, "another locker");
    let opened = lockers::open(city, &device, &second).await.unwrap();
    assert_eq!((opened.cell, opened.deposit), (parcel.cell, false));
    assert_eq!(reason(lockers::open(city, &device, &own).await), HallReason::ParcelCodeGone, "there is nothing left");
    due(city).await;
    assert_eq!(state(city, &citizen, &case).await, State::Closed, "the case follows what was taken");
    assert!(told(city).await.contains(&"结果已取走".to_owned()));
    let mine = lockers::my_parcels(city, &citizen).await.unwrap();
    assert_eq!((mine.len(), mine[0].state.name()), (1, "taken"));
    let bodies =
        city.store().query("SELECT body FROM fact_body WHERE region = $1", &[city.region().into()]).await.unwrap();
    assert!(
        !bodies.iter().any(|row| row.text(0).is_ok_and(|body| body.contains("李建国"))),
        "of a proxy only a mask is kept"
    );
    assert!(city.store().verify(None).await.unwrap().is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_takes_is_reminded_overdue_and_taken_back() {
    let bed = Bed::new(902).await;
    let city = &bed.city;
    let (clerk, device) = (clerk(city).await, locker(city).await);
    let (citizen, case) = granted(city, &clerk, 2).await;
    let parcel = put_in(city, &clerk, &device, &case).await;
    let id = parcel.id.to_string();
    bed.clock.advance(48 * 3600);
    due(city).await;
    assert!(told(city).await.contains(&"请尽快取件".to_owned()));
    bed.clock.advance(24 * 3600);
    due(city).await;
    assert!(told(city).await.contains(&"存放已到期".to_owned()));
    assert_eq!(lockers::parcels_of(city, &clerk, LOCKER).await.unwrap()[0].state.name(), "overdue");
    let (_, code) = lockers::give_code(city, &citizen, &id, None).await.unwrap();
    assert!(matches!(lockers::clear(city, &citizen, &id, "超期").await, Err(ServiceError::Forbidden(_))));
    assert!(matches!(lockers::clear(city, &clerk, &id, "").await, Err(ServiceError::Invalid(_))));
    lockers::clear(city, &clerk, &id, "超期").await.unwrap();
    assert_eq!(reason(lockers::open(city, &device, &code).await), HallReason::ParcelCodeGone);
    due(city).await;
    assert_eq!(state(city, &citizen, &case).await, State::Issued, "it waits at the window");
    assert!(lockers::parcels_of(city, &clerk, LOCKER).await.unwrap().is_empty());
    put_in(city, &clerk, &device, &case).await;
    // A cell that is kept for nothing is free again.
    let (second, other) = granted(city, &clerk, 3).await;
    let (kept, code) = lockers::reserve(city, &clerk, &out(&other)).await.unwrap();
    bed.clock.advance(30 * 60);
    due(city).await;
    assert_eq!(reason(lockers::open(city, &device, &code).await), HallReason::ParcelCodeGone);
    let (again, _) = lockers::reserve(city, &clerk, &out(&other)).await.unwrap();
    assert_eq!(again.cell, kept.cell);
    assert!(matches!(lockers::reserve(city, &second, &out(&other)).await, Err(ServiceError::Forbidden(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_cell_opens_for_nobody_and_a_full_locker_takes_nothing() {
    let bed = Bed::new(903).await;
    let city = &bed.city;
    let (clerk, device) = (clerk(city).await, locker(city).await);
    let (citizen, case) = granted(city, &clerk, 4).await;
    let parcel = put_in(city, &clerk, &device, &case).await;
    let (_, code) = lockers::give_code(city, &citizen, &parcel.id.to_string(), None).await.unwrap();
    let fault = |part: String| [Reported { kind: FaultKind::Cell, part }];
    devices::beat(city, &device, Some(&fault(parcel.cell.to_string()))).await.unwrap();
    assert_eq!(reason(lockers::open(city, &device, &code).await), HallReason::CellBroken { cell: parcel.cell });
    let troubled = devices::troubled(city, &clerk).await.unwrap().devices;
    assert!(troubled[0].device.calling.is_some(), "staff are called");
    let (_, other) = granted(city, &clerk, 5).await;
    let (next, _) = lockers::reserve(city, &clerk, &out(&other)).await.unwrap();
    assert_ne!(next.cell, parcel.cell);
    // Mended, the same code opens it.
    devices::beat(city, &device, Some(&[])).await.unwrap();
    assert_eq!(lockers::open(city, &device, &code).await.unwrap().cell, parcel.cell);
    devices::beat(city, &device, Some(&fault(String::new()))).await.unwrap();
    let (_, third) = granted(city, &clerk, 6).await;
    assert_eq!(reason(lockers::reserve(city, &clerk, &out(&third)).await), HallReason::LockerFull);
    let nowhere = Reserve { place: "bank-wanghai".into(), ..out(&third) };
    assert!(matches!(lockers::reserve(city, &clerk, &nowhere).await, Err(ServiceError::NotFound("locker"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn originals_go_to_the_bureau_and_only_staff_take_them() {
    let bed = Bed::new(904).await;
    let city = &bed.city;
    let (clerk, device) = (clerk(city).await, locker(city).await);
    let (citizen, case) = granted(city, &clerk, 7).await;
    let wish = Reserve { way: Way::In, ..out(&case) };
    let (other, _) = granted(city, &clerk, 8).await;
    assert!(
        matches!(lockers::reserve(city, &other, &wish).await, Err(ServiceError::NotFound(_))),
        "a case of somebody else"
    );
    let (parcel, code) = lockers::reserve(city, &citizen, &wish).await.unwrap();
    let id = parcel.id.to_string();
    assert!(lockers::open(city, &device, &code).await.unwrap().deposit);
    assert!(matches!(lockers::give_code(city, &citizen, &id, None).await, Err(ServiceError::Forbidden(_))));
    let (_, code) = lockers::give_code(city, &clerk, &id, None).await.unwrap();
    assert!(!lockers::open(city, &device, &code).await.unwrap().deposit);
    due(city).await;
    assert!(told(city).await.contains(&"原件已收到".to_owned()));
    assert_eq!(state(city, &citizen, &case).await, State::Issued, "originals hand nothing over");
}
