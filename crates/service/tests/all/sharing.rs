//! Licences in the place of paper: by material, by use code, by link, fetched for an open case; and what their holder reads of it.

use std::collections::BTreeSet;

use domain::accounts::{Actor, Grant, Party, Role};
use domain::cases::{Origin, Provided};
use domain::catalog::ApplicantKind;
use domain::ids::AccountId;
use domain::licences::{LicenceRefusal, Share, ShareEnd, ShareFact, ShareKind};
use domain::time::Timestamp;
use seal::render::pdf;
use service::cases::{GivenMaterial, Submit, submit};
use service::demo::{self, Dice, Who};
use service::licences::{
    self, CopyForm, Ending, Fetch, GivenShare, How, ShareWish, UseCode, copy_of_link, copy_of_own, copy_of_used, fetch,
    give_share, open_link, open_shares, use_code, use_of, withdraw_share,
};
use service::{City, ServiceError, registry};
use tokio::task::JoinSet;

use crate::bed::{Bed, TODAY, actor, administrator};

const SLUG: &str = "public-place-hygiene";
/// Decided by rules; what it grants stands in the place of a paper of [`NEEDS_IT`].
const GIVES_IT: &str = "investment-filing";
const NEEDS_IT: &str = "land-planning-permit";
const BANK: &str = "海澜银行江城支行";
const WHY: &str = "办理单位开户";

fn account(n: u8, role: Role) -> Actor {
    let grants = vec![Grant { role, department: None, district: None }];
    Actor { account: Some(AccountId::new(Timestamp::start_of(TODAY), [n; 10])), grants, ..actor("某人", role) }
}

/// Somebody who stands for a holder.
fn holder(party: &Party) -> Actor {
    let person = Party {
        kind: ApplicantKind::Person,
        name: "王芳".into(),
        id_type: "citizen-id".into(),
        code: "11010519491231002X".into(),
    };
    Actor { person: Some(person), acts_for: vec![party.clone()], ..account(1, Role::Citizen) }
}

fn bank() -> Actor {
    account(2, Role::Integrator)
}

/// A licence, and its holder.
async fn granted(city: &City) -> (String, Actor) {
    let drawn = demo::draw(city, SLUG).await.unwrap();
    let done = submit(city, &actor("测试系统", Role::Integrator), drawn.submit(Origin::Api)).await.unwrap();
    (done.licence.unwrap().id.to_string(), holder(&drawn.applicant))
}

fn wish(kind: ShareKind) -> ShareWish<'static> {
    ShareWish { kind, user: BANK, purpose: WHY, last: Some(TODAY) }
}

async fn given(city: &City, owner: &Actor, id: &str, kind: ShareKind) -> GivenShare {
    give_share(city, owner, id, &wish(kind)).await.unwrap()
}

fn code_of(given: &GivenShare) -> UseCode<'_> {
    UseCode { code: &given.secret, verifier: BANK }
}

fn is_wrong(error: &ServiceError) -> bool {
    matches!(error, ServiceError::Invalid(fields) if fields.len() == 1 && fields[0].field == "code")
}

/// Account, way and words of every use that the holder reads on the page of the licence, the newest first.
async fn uses(city: &City, owner: &Actor, id: &str) -> Vec<(String, How, String)> {
    let view = licences::view(city, owner, id).await.unwrap();
    let looks = licences::looks(city, owner, &view).await.unwrap();
    looks
        .iter()
        .filter_map(|look| use_of(&look.purpose).map(|own| (look.who.clone(), own.how, own.words.to_owned())))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_use_code_works_once_for_whom_it_names_and_the_holder_reads_it() {
    let bed = Bed::new(201).await;
    let city = &bed.city;
    let (id, owner) = granted(city).await;
    let code = given(city, &owner, &id, ShareKind::Code).await;
    assert_eq!(code.secret.len(), 11, "ten characters of 32 are 50 bits");
    let other = UseCode { verifier: "别的银行", ..code_of(&code) };
    assert!(is_wrong(&use_code(city, &bank(), &other, None).await.unwrap_err()));
    let other = UseCode { code: "AAAAA-AAAAA", ..code_of(&code) };
    assert!(is_wrong(&use_code(city, &bank(), &other, None).await.unwrap_err()));
    assert!(uses(city, &owner, &id).await.is_empty(), "nothing was shown");

    let typed = code.secret.to_lowercase().replace('-', " ");
    let shown = use_code(city, &bank(), &UseCode { code: &typed, verifier: BANK }, None).await.unwrap();
    assert_eq!((shown.view.licence.id.to_string(), shown.share.purpose.as_str()), (id.clone(), WHY));
    let read = (bank().label(), How::Code, format!("{BANK}：{WHY}"));
    assert_eq!(uses(city, &owner, &id).await, [read]);
    assert!(is_wrong(&use_code(city, &bank(), &code_of(&code), None).await.unwrap_err()), "once");
    let view = licences::view(city, &owner, &id).await.unwrap();
    assert!(open_shares(city, &owner, &view).await.unwrap().is_empty());

    let late = given(city, &owner, &id, ShareKind::Code).await;
    bed.clock.advance(300);
    assert!(is_wrong(&use_code(city, &bank(), &code_of(&late), None).await.unwrap_err()), "five minutes");
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_bring_a_code_at_once_one_is_shown_the_licence() {
    let bed = Bed::new(202).await;
    let city = &bed.city;
    let (id, owner) = granted(city).await;
    for _ in 0..5 {
        // Two looks of the same account at the same instant are one record.
        bed.clock.advance(1);
        let code = given(city, &owner, &id, ShareKind::Code).await;
        let mut running = JoinSet::new();
        for n in 0..12 {
            let (city, secret) = (city.clone(), code.secret.clone());
            running.spawn(async move {
                let verifier = account(10 + n, Role::Integrator);
                use_code(&city, &verifier, &UseCode { code: &secret, verifier: BANK }, None)
                    .await
                    .map(|_| verifier.label())
            });
        }
        let answers = running.join_all().await;
        let shown: Vec<&String> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
        assert_eq!(shown.len(), 1, "{answers:?}");
        assert!(answers.iter().filter_map(|answer| answer.as_ref().err()).all(is_wrong));
        let stream = format!("licence_share/{}", code.share.id);
        let facts = city.store().read_stream(city.region(), &stream, 0, 20).await.unwrap();
        let kinds: Vec<&str> = facts.iter().map(|fact| fact.kind.as_str()).collect();
        assert_eq!(kinds, ["share.given", "share.used"]);
        // The facts make the state.
        let read = |fact: &store::Fact| serde_json::from_str::<ShareFact>(fact.body.as_deref().unwrap()).unwrap();
        let state = facts.iter().map(read).fold(None, Share::evolve).unwrap();
        assert!(matches!(&state.ended, Some(ShareEnd::Used { by, .. }) if by == shown[0]));
        let row =
            city.store().load(city.region(), &store::licences::LICENCE_SHARE, &code.share.id).await.unwrap().unwrap();
        assert_eq!(serde_json::from_str::<Share>(&row.doc).unwrap(), state);
    }
    let looked: BTreeSet<String> = uses(city, &owner, &id).await.into_iter().map(|(who, ..)| who).collect();
    assert!(!looked.is_empty() && uses(city, &owner, &id).await.len() == 5, "who was refused saw nothing: {looked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_gets_its_first_answer_and_no_other_does() {
    let bed = Bed::new(203).await;
    let city = &bed.city;
    let (id, owner) = granted(city).await;
    let code = given(city, &owner, &id, ShareKind::Code).await;
    let key = |name: &str| Some(("token".to_owned(), name.to_owned(), [7; 32]));
    let first = use_code(city, &bank(), &code_of(&code), key("a")).await.unwrap();
    let again = use_code(city, &bank(), &code_of(&code), key("a")).await.unwrap();
    assert_eq!(first.view.licence, again.view.licence);
    assert!(is_wrong(&use_code(city, &bank(), &code_of(&code), key("b")).await.unwrap_err()));
    let stranger = account(9, Role::Integrator);
    assert!(is_wrong(&use_code(city, &stranger, &code_of(&code), key("a")).await.unwrap_err()));
    bed.clock.advance(300);
    assert!(is_wrong(&use_code(city, &bank(), &code_of(&code), key("a")).await.unwrap_err()));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_holder_shares_and_only_what_is_in_force() {
    let bed = Bed::new(204).await;
    let city = &bed.city;
    let (id, owner) = granted(city).await;
    let clerk = give_share(city, &actor("窗口", Role::Clerk), &id, &wish(ShareKind::Code)).await;
    assert!(matches!(clerk, Err(ServiceError::Forbidden(_))), "{clerk:?}");
    let (_, stranger) = granted(city).await;
    let stranger = give_share(city, &stranger, &id, &wish(ShareKind::Code)).await;
    assert!(matches!(stranger, Err(ServiceError::NotFound(_))), "{stranger:?}");
    let faults = async |wish: ShareWish<'_>| match give_share(city, &owner, &id, &wish).await {
        Err(ServiceError::Invalid(fields)) => fields.into_iter().map(|own| own.field).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let link = wish(ShareKind::Link);
    assert_eq!(faults(ShareWish { user: " ", purpose: "开\u{202e}户", ..link }).await, ["user", "purpose"]);
    assert_eq!(faults(ShareWish { last: None, ..link }).await, ["last"]);
    let far = TODAY.checked_add(jiff::Span::new().days(90)).unwrap();
    assert_eq!(faults(ShareWish { last: Some(far), ..link }).await, ["last"]);
    assert_eq!(faults(ShareWish { user: "王𱍊", ..link }).await, ["user"], "no font has it, so no copy could name it");

    let approver = actor("审批", Role::Approver);
    licences::suspend(city, &approver, &id, None, "《行政处罚法》第九条第三项").await.unwrap();
    let suspended = give_share(city, &owner, &id, &wish(ShareKind::Code)).await;
    assert!(matches!(suspended, Err(ServiceError::Licence(LicenceRefusal::NotInForce))), "{suspended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_until_its_end_or_until_it_is_taken_back() {
    let bed = Bed::new(205).await;
    let city = &bed.city;
    let (id, owner) = granted(city).await;
    let (kept, back) =
        (given(city, &owner, &id, ShareKind::Link).await, given(city, &owner, &id, ShareKind::Link).await);
    let view = licences::view(city, &owner, &id).await.unwrap();
    assert_eq!(open_shares(city, &owner, &view).await.unwrap().len(), 2);
    assert!(open_shares(city, &actor("窗口", Role::Clerk), &view).await.unwrap().is_empty());
    assert_eq!(open_link(city, &kept.secret).await.unwrap().view.licence.id.to_string(), id);
    withdraw_share(city, &owner, &id, &back.share.id).await.unwrap();
    let over = |error: ServiceError| matches!(error, ServiceError::Licence(LicenceRefusal::ShareOver));
    assert!(over(open_link(city, &back.secret).await.unwrap_err()));
    assert!(over(withdraw_share(city, &owner, &id, &back.share.id).await.unwrap_err()));
    let (_, stranger) = granted(city).await;
    assert!(matches!(withdraw_share(city, &stranger, &id, &kept.share.id).await, Err(ServiceError::NotFound(_))));
    for unknown in ["", "x", &seal::digest::public_id([9; 16])] {
        assert!(matches!(open_link(city, unknown).await, Err(ServiceError::NotFound(_))), "{unknown}");
    }
    assert_eq!(uses(city, &owner, &id).await, [("link".to_owned(), How::Link, format!("{BANK}：{WHY}"))]);
    bed.clock.advance(14 * 3600);
    assert!(over(open_link(city, &kept.secret).await.unwrap_err()), "its last day is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marked_copy_says_whose_it_is_and_never_passes_for_the_original() {
    let bed = Bed::new(206).await;
    let city = &bed.city;
    let (id, owner) = granted(city).await;
    let link = given(city, &owner, &id, ShareKind::Link).await;
    let code = given(city, &owner, &id, ShareKind::Code).await;
    assert!(copy_of_used(city, &bank(), &code.share.id, CopyForm::Pdf).await.is_err(), "not used yet");
    use_code(city, &bank(), &code_of(&code), None).await.unwrap();
    for form in [CopyForm::Svg, CopyForm::Pdf] {
        bed.clock.advance(1);
        let copies = [
            copy_of_own(city, &owner, &id, (BANK, WHY), form).await.unwrap(),
            copy_of_link(city, &link.secret, form).await.unwrap(),
            copy_of_used(city, &bank(), &code.share.id, form).await.unwrap(),
        ];
        for copy in copies {
            assert!(copy.name.contains("-copy."), "{}", copy.name);
            match form {
                CopyForm::Svg => {
                    let text = String::from_utf8(copy.bytes).unwrap();
                    for words in ["加注件 COPY", BANK, WHY, "2026年11月20日", "本件不是证照原件"] {
                        assert!(text.replace('\n', "").contains(words), "{words}");
                    }
                }
                CopyForm::Pdf => {
                    assert!(pdf::is_pdf(&copy.bytes));
                    let report = pdf::verify(&copy.bytes, &city.keys().roots, city.moment());
                    assert!(!report.valid && report.content.is_none());
                    assert!(!copy.bytes.windows(12).any(|part| part == b"licence.json"), "no signed data inside");
                }
            }
        }
    }
    assert!(copy_of_own(city, &owner, &id, ("", WHY), CopyForm::Pdf).await.is_err());
    let other = account(9, Role::Integrator);
    assert!(copy_of_used(city, &other, &code.share.id, CopyForm::Pdf).await.is_err());
    assert_eq!(uses(city, &owner, &id).await.len(), 1 + 2 + 2, "each copy that others take is a look");
    bed.clock.advance(300);
    assert!(copy_of_used(city, &bank(), &code.share.id, CopyForm::Pdf).await.is_err());
}

/// Filed by the applicant, with everything drawn but the files of those materials.
async fn file(city: &City, slug: &str, who: &Who, without: &[&str]) -> service::cases::Submitted {
    let mut dice = Dice::new(77);
    let drawn = demo::draw_for(city, slug, who, &mut dice).await.unwrap();
    let mut wanted: Submit = drawn.submit(Origin::Api);
    wanted.materials.retain(|item: &GivenMaterial| !without.contains(&item.slot.as_str()));
    submit(city, &actor("测试系统", Role::Integrator), wanted).await.unwrap()
}

/// A business known to the registers.
async fn business(city: &City) -> Who {
    let who = demo::invent(city, &mut Dice::new(5), ApplicantKind::Enterprise, None).await.unwrap();
    registry::put(city, &who.entries()).await.unwrap();
    who
}

/// The slot of the matter that a type of licence stands in for.
fn waived(city: &City) -> String {
    let shelf = city.shelf();
    let matter = &shelf.matter(NEEDS_IT).unwrap().bundle.matter;
    matter.materials.iter().find(|own| own.waived_by.as_deref() == Some(GIVES_IT)).unwrap().slot.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_that_stands_in_for_a_paper_is_looked_at_in_the_name_of_who_decides() {
    let bed = Bed::new(207).await;
    let city = &bed.city;
    let who = business(city).await;
    let licence = file(city, GIVES_IT, &who, &[]).await.licence.unwrap();
    let slot = waived(city);
    let filed = file(city, NEEDS_IT, &who, &[&slot]).await;
    let found = service::cases::case_by_number(city, &actor("窗口", Role::Clerk), &filed.number).await.unwrap();
    let item = found.case.application.materials.iter().find(|item| item.slot == slot).unwrap();
    assert_eq!(item.provided, Provided::Licence { id: licence.id, number: licence.number.clone() });
    let vouched = licences::material_licences(city, &found.case.application.materials).await.unwrap();
    assert!(vouched.iter().any(|own| own.id == licence.id && own.genuine), "{vouched:?}");
    let owner = holder(&who.party());
    let read = uses(city, &owner, &licence.id.to_string()).await;
    assert_eq!(read, [(format!("department/{}", found.case.department), How::Material, filed.number.clone())]);
    let all = service::cases::who_looked(city, &owner).await.unwrap();
    assert!(all.iter().any(|look| look.purpose.ends_with(&filed.number) && use_of(&look.purpose).is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_systems_fetch_for_an_open_case_only_what_its_matter_needs() {
    let bed = Bed::new(208).await;
    let city = &bed.city;
    let who = business(city).await;
    let licence = file(city, GIVES_IT, &who, &[]).await.licence.unwrap();
    let code = who.party().code;
    let asked = Fetch { holder: &code, matter: NEEDS_IT, purpose: "用地审查", abroad: None };
    let nothing = fetch(city, &bank(), &asked).await;
    assert!(matches!(nothing, Err(ServiceError::NotFound(_))), "no open case: {nothing:?}");
    let filed = file(city, NEEDS_IT, &who, &[&waived(city)]).await;
    let nothing = fetch(city, &bank(), &Fetch { holder: "91350100M000100Y43", ..asked }).await;
    assert!(matches!(nothing, Err(ServiceError::NotFound(_))), "another holder: {nothing:?}");
    let nothing = fetch(city, &bank(), &Fetch { matter: GIVES_IT, ..asked }).await;
    assert!(matches!(nothing, Err(ServiceError::NotFound(_))), "a matter that is closed: {nothing:?}");
    for other in [holder(&who.party()), actor("窗口", Role::Clerk), administrator()] {
        assert!(matches!(fetch(city, &other, &asked).await, Err(ServiceError::Forbidden(_))));
    }
    assert!(matches!(fetch(city, &bank(), &Fetch { purpose: " ", ..asked }).await, Err(ServiceError::Invalid(_))));

    let fetched = fetch(city, &bank(), &asked).await.unwrap();
    assert_eq!(fetched.case, filed.number);
    let ids: Vec<_> = fetched.licences.iter().map(|own| own.licence.id).collect();
    assert_eq!(ids, [licence.id]);
    let own = &fetched.licences[0];
    assert!(own.basis.starts_with('《') && own.sha256 == seal::digest::sha256_hex(own.licence.signed.as_bytes()));
    let owner = holder(&who.party());
    let id = licence.id.to_string();
    let read = uses(city, &owner, &id).await;
    let last = read.iter().find(|(_, how, _)| *how == How::Fetch).unwrap();
    assert_eq!(last.0, bank().label());
    for part in [filed.number.as_str(), "用地审查", &own.basis, &own.sha256[..16]] {
        assert!(last.2.contains(part), "{part} in {}", last.2);
    }
    licences::suspend(city, &actor("审批", Role::Approver), &id, None, "《行政处罚法》第九条第三项").await.unwrap();
    assert!(fetch(city, &bank(), &asked).await.unwrap().licences.is_empty(), "only what is in force");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_holder_goes_whom_they_let_see_it() {
    let bed = Bed::new(209).await;
    let city = &bed.city;
    // Erasing is for natural persons; what they hold here is a certificate that everybody gets.
    let drawn = demo::draw(city, "remote-care-filing").await.unwrap();
    let done = submit(city, &actor("测试系统", Role::Integrator), drawn.submit(Origin::Api)).await.unwrap();
    let id = done.licence.unwrap().id.to_string();
    let owner = Actor { person: Some(drawn.applicant.clone()), ..account(1, Role::Citizen) };
    let link = given(city, &owner, &id, ShareKind::Link).await;
    licences::end(city, &actor("审批", Role::Approver), &id, Ending::Cancel, "《行政许可法》第七十条").await.unwrap();
    service::accounts::erase_person(city, &administrator(), &drawn.applicant.code).await.unwrap();
    let row = city.store().load(city.region(), &store::licences::LICENCE_SHARE, &link.share.id).await.unwrap().unwrap();
    assert!(
        !row.doc.contains(BANK) && !row.doc.contains(WHY) && !row.doc.contains(&drawn.applicant.code),
        "{}",
        row.doc
    );
    let stream = format!("licence_share/{}", link.share.id);
    let facts = city.store().read_stream(city.region(), &stream, 0, 20).await.unwrap();
    assert!(facts[0].body.is_none() && facts[1].kind == "erased");
    assert!(matches!(open_link(city, &link.secret).await, Err(ServiceError::NotFound(_))));
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}
