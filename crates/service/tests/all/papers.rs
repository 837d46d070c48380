//! Paper licences entered at a window: four eyes, what cannot be, and what a confirmed one is good for.

use std::collections::BTreeMap;

use bytes::Bytes;
use domain::accounts::{Actor, Grant, Party, Role};
use domain::cases::{Origin, Provided};
use domain::catalog::ApplicantKind;
use domain::ids::AccountId;
use domain::licences::{LicenceRefusal, PaperFact, PaperLicence, PaperState};
use domain::time::Timestamp;
use jiff::civil::date;
use serde_json::json;
use service::accounts::erase_person;
use service::cases::{self, Submit, begin_upload, continue_upload, submit, whole};
use service::demo::{self, Dice};
use service::licences::{
    PaperChange, PaperWish, enter_paper, my_papers, paper, paper_scan, papers_found, papers_waiting, work_on_paper,
};
use service::{City, ServiceError, registry};
use store::licences::PAPER_LICENCE;

use crate::bed::{Bed, TODAY, actor, administrator};

const KIND: &str = "investment-filing";
const NEEDS_IT: &str = "land-planning-permit";
const SLOT: &str = "project-approval";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR of a paper";

fn account(n: u8, role: Role) -> Actor {
    let grants = vec![Grant { role, department: None, district: None }];
    Actor { account: Some(AccountId::new(Timestamp::start_of(TODAY), [n; 10])), grants, ..actor("某人", role) }
}

async fn scan(city: &City, actor: &Actor, content: &'static [u8]) -> String {
    let upload = begin_upload(city, actor, "原件.png", content.len() as i64, None).await.unwrap();
    continue_upload(city, actor, &upload.id, 0, whole(Bytes::from_static(content))).await.unwrap();
    upload.id
}

fn wish(holder: &Party, number: &str, scan: String) -> PaperWish {
    PaperWish {
        licence_type: KIND.into(),
        number: number.into(),
        holder: holder.clone(),
        issuer: "江城市发展和改革委员会".into(),
        issued: Some(date(2024, 5, 6)),
        valid_from: Some(date(2024, 5, 6)),
        valid_to: None,
        surface: BTreeMap::from([("no-such-line".into(), "x".into())]),
        scan,
    }
}

fn person() -> Party {
    Party {
        kind: ApplicantKind::Person,
        name: "王芳".into(),
        id_type: "citizen-id".into(),
        code: "11010519491231002X".into(),
    }
}

async fn company(city: &City) -> Party {
    let who = demo::invent(city, &mut Dice::new(5), ApplicantKind::Enterprise, None).await.unwrap();
    registry::put(city, &who.entries()).await.unwrap();
    who.party()
}

async fn is_offered(city: &City, holder: &Party) -> Option<Provided> {
    let matter = city.shelf().matter(NEEDS_IT).unwrap().bundle.matter.clone();
    let offers = cases::offers(city, &matter, holder, &[], "draft").await.unwrap();
    offers.into_iter().find(|offer| offer.slot == SLOT).unwrap().ready
}

#[tokio::test(flavor = "multi_thread")]
async fn one_types_another_confirms_and_then_it_stands_for_the_paper() {
    let bed = Bed::new(401).await;
    let city = &bed.city;
    let holder = company(city).await;
    let (first, second) = (account(1, Role::Clerk), account(2, Role::Clerk));
    let file = scan(city, &first, PNG).await;
    let entered = enter_paper(city, &first, wish(&holder, "江发改备〔2024〕17号", file)).await.unwrap();
    let id = entered.id.to_string();
    assert!(entered.face.surface.is_empty(), "lines that the type does not have are left out");
    assert_eq!(is_offered(city, &holder).await, None, "nobody else has seen it");
    assert_eq!(papers_waiting(city, &second).await.unwrap().len(), 1);

    let own = work_on_paper(city, &first, &id, PaperChange::Confirm).await;
    assert!(matches!(own, Err(ServiceError::Licence(LicenceRefusal::SamePerson))), "{own:?}");
    for other in [account(3, Role::Citizen), account(4, Role::Reviewer), account(5, Role::Integrator)] {
        let refused = work_on_paper(city, &other, &id, PaperChange::Confirm).await;
        assert!(matches!(refused, Err(ServiceError::Forbidden(_))), "{refused:?}");
        assert!(matches!(paper(city, &other, &id).await, Err(ServiceError::NotFound(_))));
    }
    // Whoever stands for the holder takes no part.
    let affected = Actor { person: Some(person()), acts_for: vec![holder.clone()], ..account(6, Role::Clerk) };
    let refused = work_on_paper(city, &affected, &id, PaperChange::Confirm).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden(_))), "{refused:?}");

    let confirmed = work_on_paper(city, &second, &id, PaperChange::Confirm).await.unwrap();
    assert!(matches!(&confirmed.state, PaperState::Confirmed { hand } if hand.by == second.label()));
    let again = work_on_paper(city, &second, &id, PaperChange::Confirm).await;
    assert!(matches!(again, Err(ServiceError::Licence(LicenceRefusal::NotWaiting))), "{again:?}");
    let ready = Provided::FromPaper { id: entered.id, number: "江发改备〔2024〕17号".into() };
    assert_eq!(is_offered(city, &holder).await, Some(ready.clone()));
    let (_, content) = paper_scan(city, &second, &id).await.unwrap();
    assert_eq!(content, PNG);

    // In a case, and in the holder's wallet.
    let wanted = Submit {
        matter: NEEDS_IT.into(),
        applicant: holder.clone(),
        agent: None,
        form: json!({}),
        materials: Vec::new(),
        pledge: None,
        gaps: None,
        origin: Origin::Window,
        terminal_at: None,
        pre_review: false,
        key: None,
        renews: None,
        draft: None,
        delivery: Default::default(),
    };
    let filed = submit(city, &first, wanted).await.unwrap();
    let case = cases::case_by_number(city, &first, &filed.number).await.unwrap().case;
    assert!(case.application.materials.iter().any(|item| item.slot == SLOT && item.provided == ready));
    let owner = Actor { person: Some(person()), acts_for: vec![holder.clone()], ..account(7, Role::Citizen) };
    assert_eq!(my_papers(city, &owner).await.unwrap(), std::slice::from_ref(&confirmed));
    assert_eq!(papers_found(city, &second, &holder.code).await.unwrap(), [confirmed]);
    let looks = cases::who_looked(city, &owner).await.unwrap();
    assert!(looks.iter().any(|look| look.purpose == format!("view-paper-licence {id}")), "{looks:?}");

    // The facts make the row.
    let stream = city.store().read_stream(city.region(), &format!("paper_licence/{id}"), 0, 9).await.unwrap();
    assert_eq!(stream.iter().map(|fact| fact.kind.as_str()).collect::<Vec<_>>(), ["paper.entered", "paper.confirmed"]);
    let facts = stream.iter().map(|fact| serde_json::from_str::<PaperFact>(fact.body.as_deref().unwrap()).unwrap());
    let row = city.store().load(city.region(), &PAPER_LICENCE, &id).await.unwrap().unwrap();
    assert_eq!(facts.fold(None, PaperLicence::evolve), Some(serde_json::from_str(&row.doc).unwrap()));
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_anew_is_confirmed_anew_and_what_has_ended_stays_so() {
    let bed = Bed::new(411).await;
    let city = &bed.city;
    let holder = company(city).await;
    let (first, second) = (account(1, Role::Clerk), account(2, Role::Approver));
    let file = scan(city, &first, PNG).await;
    let id = enter_paper(city, &first, wish(&holder, "1号", file)).await.unwrap().id.to_string();
    work_on_paper(city, &second, &id, PaperChange::Confirm).await.unwrap();
    let change = |reason: &str| PaperChange::Correct {
        wish: Box::new(wish(&holder, "2号", String::new())),
        reason: reason.into(),
    };
    let third = account(3, Role::Clerk);
    let refused = work_on_paper(city, &third, &id, change(" ")).await;
    assert!(matches!(refused, Err(ServiceError::Licence(LicenceRefusal::ReasonMissing))), "{refused:?}");
    assert!(matches!(work_on_paper(city, &second, &id, change("抄错")).await, Err(ServiceError::Forbidden(_))));
    let corrected = work_on_paper(city, &third, &id, change("编号抄错")).await.unwrap();
    assert_eq!((corrected.face.number.as_str(), corrected.state.as_str()), ("2号", "entered"));
    assert_eq!(is_offered(city, &holder).await, None);
    let own = work_on_paper(city, &third, &id, PaperChange::Confirm).await;
    assert!(matches!(own, Err(ServiceError::Licence(LicenceRefusal::SamePerson))), "who corrects has typed it");
    work_on_paper(city, &first, &id, PaperChange::Confirm).await.unwrap();
    assert!(is_offered(city, &holder).await.is_some());
    work_on_paper(city, &first, &id, PaperChange::End { reason: "原件已缴回".into() }).await.unwrap();
    assert_eq!(is_offered(city, &holder).await, None);
    for late in [PaperChange::End { reason: "再来".into() }, change("再来")] {
        let refused = work_on_paper(city, &first, &id, late).await;
        assert!(matches!(refused, Err(ServiceError::Licence(LicenceRefusal::Ended))), "{refused:?}");
    }
    // Its number is free again, and one that is rejected never counts.
    let file = scan(city, &first, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR of another").await;
    let other = enter_paper(city, &first, wish(&holder, "2号", file)).await.unwrap().id.to_string();
    work_on_paper(city, &second, &other, PaperChange::Reject { reason: "没有原件".into() }).await.unwrap();
    assert_eq!(is_offered(city, &holder).await, None);
    assert!(papers_waiting(city, &second).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_with_every_field_at_once() {
    let bed = Bed::new(421).await;
    let city = &bed.city;
    let holder = company(city).await;
    let clerk = account(1, Role::Clerk);
    let faults = async |wish: PaperWish| match enter_paper(city, &clerk, wish).await {
        Err(ServiceError::Invalid(fields)) => fields.into_iter().map(|own| own.field).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let file = scan(city, &clerk, PNG).await;
    let good = || wish(&holder, "9号", file.clone());
    assert_eq!(faults(PaperWish { scan: String::new(), number: " ".into(), ..good() }).await, ["number", "scan"]);
    assert_eq!(faults(PaperWish { licence_type: "no-such".into(), ..good() }).await, ["type"]);
    assert_eq!(faults(PaperWish { issued: None, valid_from: None, ..good() }).await, ["issued", "valid_from"]);
    let tomorrow = TODAY.tomorrow().unwrap();
    assert_eq!(
        faults(PaperWish { issued: Some(tomorrow), issuer: "a\u{202e}b".into(), ..good() }).await,
        ["issuer", "issued"]
    );
    assert_eq!(
        faults(PaperWish { valid_to: Some(date(2024, 5, 5)), ..good() }).await,
        ["valid_to"],
        "end before start"
    );
    assert_eq!(faults(PaperWish { valid_to: TODAY.yesterday().ok(), ..good() }).await, ["valid_to"], "expired");
    let odd = Party { code: "91350100M000100Y44".into(), ..holder.clone() };
    assert_eq!(faults(PaperWish { holder: odd, ..good() }).await, ["holder/code"]);
    let stranger = scan(city, &account(2, Role::Clerk), PNG).await;
    assert_eq!(faults(PaperWish { scan: stranger, ..good() }).await, ["scan"], "somebody else's file");

    enter_paper(city, &clerk, good()).await.unwrap();
    assert_eq!(faults(good()).await, ["number"], "twice");
    let other = account(3, Role::Approver);
    assert!(matches!(enter_paper(city, &other, good()).await, Err(ServiceError::Forbidden(_))));

    // One that is on file electronically.
    let drawn = demo::draw(city, KIND).await.unwrap();
    let done = submit(city, &actor("系统", Role::Integrator), drawn.submit(Origin::Api)).await.unwrap();
    let number = done.licence.unwrap().number;
    assert_eq!(faults(PaperWish { holder: drawn.applicant, number, ..good() }).await, ["number"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_person_goes_what_was_taken_from_their_papers() {
    let bed = Bed::new(431).await;
    let city = &bed.city;
    let drawn = demo::draw(city, "residence-permit").await.unwrap();
    let (clerk, holder) = (account(1, Role::Clerk), &drawn.applicant);
    let file = scan(city, &clerk, PNG).await;
    let id = enter_paper(city, &clerk, wish(holder, "证字1号", file)).await.unwrap().id.to_string();
    erase_person(city, &administrator(), &holder.code).await.unwrap();
    let row = city.store().load(city.region(), &PAPER_LICENCE, &id).await.unwrap().unwrap();
    for word in [holder.code.as_str(), holder.name.as_str(), "证字1号", "原件.png"] {
        assert!(!row.doc.contains(word), "{word} in {}", row.doc);
    }
    let stream = city.store().read_stream(city.region(), &format!("paper_licence/{id}"), 0, 9).await.unwrap();
    assert!(stream[0].body.is_none() && stream[1].kind == "erased");
    assert!(matches!(paper(city, &clerk, &id).await, Err(ServiceError::NotFound(_))));
    let sql = "SELECT id FROM upload WHERE region = $1 AND name = $2";
    let left = city.store().query(sql, &[city.region().into(), "原件.png".into()]).await.unwrap();
    assert!(left.is_empty(), "the scan is gone");
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}
