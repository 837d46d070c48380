//! Filing: numbers that cannot exist, registers that are silent, documents that the journal vouches for.

use domain::accounts::Role;
use domain::cases::{Fact, Origin, Provided, Reason, Verdict};
use domain::catalog::ApplicantKind;
use service::cases::{self, Outcome, Submit, Submitted, Work};
use service::demo::{self, Drawn};
use service::registry::OUTAGE;
use service::{City, ServiceError};
use store::cases::{DOCUMENT, RULE_RECORD};
use store::registry::REGISTER_ENTRY;
use store::{Change, PlainDelete, PlainWrite};

use crate::bed::{Bed, actor};

async fn file(city: &City, submit: Submit) -> Result<Submitted, ServiceError> {
    cases::submit(city, &actor("测试系统", Role::Integrator), submit).await
}

async fn silence(city: &City, registers: &[&str]) {
    let mut change = Change::new(city.region(), city.now());
    let doc = serde_json::to_string(registers).unwrap();
    change.plain.push(PlainWrite {
        table: &REGISTER_ENTRY,
        id: OUTAGE.into(),
        columns: vec![None::<String>.into(), doc.into()],
    });
    city.store().commit(change).await.unwrap();
}

/// The fields that a filing was refused for.
async fn refused(city: &City, drawn: &Drawn, change: impl Fn(&mut Submit)) -> Vec<String> {
    let mut submit = drawn.submit(Origin::Api);
    change(&mut submit);
    match file(city, submit).await {
        Err(ServiceError::Invalid(fields)) => fields.into_iter().map(|field| field.field).collect(),
        other => panic!("not refused as invalid: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_cannot_exist_is_named() {
    let bed = Bed::new(41).await;
    let city = &bed.city;
    let business = demo::draw(city, "public-place-hygiene").await.unwrap();
    assert_eq!(refused(city, &business, |s| s.applicant.code = "91350100M000100Y44".into()).await, ["/applicant/code"]);
    assert_eq!(refused(city, &business, |s| s.applicant.code = "11010519491231002X".into()).await, ["/applicant/code"]);
    assert_eq!(refused(city, &business, |s| s.applicant.id_type = "citizen-id".into()).await, ["/applicant/id_type"]);
    let person = demo::draw(city, "remote-care-filing").await.unwrap();
    assert_eq!(person.applicant.kind, ApplicantKind::Person);
    assert_eq!(refused(city, &person, |s| s.applicant.code = "110105194912310021".into()).await, ["/applicant/code"]);
    assert_eq!(refused(city, &person, |s| s.applicant.code = String::new()).await, ["/applicant/code"]);
    assert_eq!(refused(city, &person, |s| s.applicant.id_type = "library-card".into()).await, ["/applicant/id_type"]);
    let agent = |code: &str| Some(domain::accounts::Party { code: code.into(), ..person.applicant.clone() });
    assert_eq!(refused(city, &person, |s| s.agent = agent("440308199001010018")).await, ["/agent/code"]);
    // The same numbers as drawn are taken.
    assert_eq!(file(city, person.submit(Origin::Api)).await.unwrap().outcome, Outcome::Approved);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_register_waives_and_a_person_looks() {
    let bed = Bed::new(42).await;
    let city = &bed.city;
    // Its one required material comes from the insurance register, as do the facts of its rule.
    let drawn = demo::draw(city, "remote-care-filing").await.unwrap();
    assert!(drawn.materials.is_empty());
    silence(city, &["health-insurance"]).await;
    let filed = file(city, drawn.submit(Origin::Api)).await.unwrap();
    assert_eq!((filed.outcome, filed.state.as_str()), (Outcome::Manual, "filed"));
    let clerk = actor("窗口", Role::Clerk);
    let view = cases::case_by_number(city, &clerk, &filed.number).await.unwrap();
    let items = &view.case.application.materials;
    let silent = |item: &&domain::cases::MaterialItem| matches!(&item.provided, Provided::Unanswered { register } if register == "health-insurance");
    let slot = items.iter().find(silent).unwrap().slot.clone();
    // Nothing rests on it before somebody has looked.
    match cases::work(city, &clerk, &filed.number, None, Work::Accept, None).await {
        Err(ServiceError::Refused(refusal)) => assert!(matches!(refusal.reason, Reason::Unanswered { .. })),
        other => panic!("accepted unseen: {other:?}"),
    }
    let verdicts = vec![(slot, Verdict { in_order: true, note: String::new() })];
    cases::work(city, &clerk, &filed.number, None, Work::GiveVerdicts { verdicts }, None).await.unwrap();
    let after = cases::work(city, &clerk, &filed.number, None, Work::Accept, None).await.unwrap();
    assert_eq!(after.case.state.name(), "in-review");
}

/// Every automatic matter, while each register in turn that waives one of its materials is silent: taken, and left to people.
#[tokio::test(flavor = "multi_thread")]
async fn no_silent_register_refuses_a_filing() {
    let bed = Bed::new(43).await;
    let city = &bed.city;
    let shelf = city.shelf();
    let mut tried = 0;
    for matter in shelf.matters().filter(|matter| matter.rules.is_some()) {
        let own = &matter.bundle.matter;
        for register in own.materials.iter().filter_map(|material| material.shared_from.as_deref()) {
            let drawn = demo::draw(city, &own.slug).await.unwrap();
            let waived = |slot: &String| drawn.materials.iter().all(|given| given.slot != *slot);
            let matters =
                |m: &&domain::catalog::Material| m.shared_from.as_deref() == Some(register) && waived(&m.slot);
            if !own.materials.iter().any(|material| matters(&material)) {
                continue;
            }
            silence(city, &[register]).await;
            let filed = file(city, drawn.submit(Origin::Api)).await.unwrap_or_else(|e| panic!("{}: {e}", own.slug));
            assert_eq!(filed.outcome, Outcome::Manual, "{} approved while {register} was silent", own.slug);
            silence(city, &[]).await;
            tried += 1;
        }
    }
    assert!(tried >= 10, "only {tried} registers were silenced");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_is_approved_while_its_register_is_silent() {
    let bed = Bed::new(44).await;
    let city = &bed.city;
    let drawn = demo::draw(city, "company-name").await.unwrap();
    silence(city, &["company-name"]).await;
    assert_eq!(file(city, drawn.submit(Origin::Api)).await.unwrap().outcome, Outcome::Manual);
    silence(city, &[]).await;
    let drawn = demo::draw(city, "company-name").await.unwrap();
    assert_eq!(file(city, drawn.submit(Origin::Api)).await.unwrap().outcome, Outcome::Approved);
}

/// What the evidence says, as text.
async fn faults(city: &City) -> Vec<String> {
    let evidence = service::evidence::verify(city, None).await.unwrap();
    evidence.journal.faults.iter().map(ToString::to_string).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_vouches_for_every_sealed_document() {
    let bed = Bed::new(45).await;
    let city = &bed.city;
    let instant = demo::draw(city, "public-place-hygiene").await.unwrap();
    file(city, instant.submit(Origin::Api)).await.unwrap();
    let slow = demo::draw(city, "food-operation").await.unwrap();
    let number = file(city, slow.submit(Origin::Api)).await.unwrap().number;
    let clerk = actor("窗口", Role::Clerk);
    let view = cases::work(city, &clerk, &number, None, Work::Accept, None).await.unwrap();
    let facts = cases::timeline(city, &view.case).await.unwrap();
    let named: Vec<_> = facts.iter().filter_map(|entry| entry.fact.as_ref()?.document().cloned()).collect();
    assert_eq!(named.len(), 2, "receipt and acceptance");
    assert!(named.iter().all(|document| document.sha256.as_ref().is_some_and(|digest| digest.len() == 64)));
    assert_eq!(view.case.accepted.as_ref().unwrap().document, named[1]);
    assert!(matches!(facts[1].fact, Some(Fact::Filed { document: Some(_), .. })));
    assert_eq!(faults(city).await, Vec::<String>::new());

    let sql = "SELECT id, casefile, kind, number, at, doc FROM document WHERE region = $1 ORDER BY id";
    let rows = city.store().query(sql, &[city.region().into()]).await.unwrap();
    assert_eq!(rows.len(), 3);
    for row in &rows {
        let (id, number) = (row.text(0).unwrap(), row.text(3).unwrap());
        let write = |number: &str, doc: &str| {
            let mut change = Change::new(city.region(), city.now());
            let (case, kind) = (row.text(1).unwrap(), row.text(2).unwrap());
            let columns = vec![case.into(), kind.into(), number.into(), row.int(4).unwrap().into(), doc.into()];
            change.plain.push(PlainWrite { table: &DOCUMENT, id: id.into(), columns });
            change
        };
        let doc = row.text(5).unwrap();
        let mut remove = Change::new(city.region(), city.now());
        remove.deletes.push(PlainDelete { table: &DOCUMENT, id: id.into() });
        let beside = |kind: &str, at: i64| {
            let mut change = Change::new(city.region(), city.now());
            let columns = vec![row.text(1).unwrap().into(), kind.into(), number.into(), at.into(), doc.into()];
            change.plain.push(PlainWrite { table: &DOCUMENT, id: id.into(), columns });
            change
        };
        let (kind, at) = (row.text(2).unwrap(), row.int(4).unwrap());
        let tampered = [
            write(number, &doc.replacen("江城", "江域", 1)),
            write("伪造字第1号", doc),
            beside("extension", at),
            beside(kind, at - 24 * 3600 * 1_000_000),
            remove,
        ];
        for change in tampered {
            city.store().commit(change).await.unwrap();
            let found = faults(city).await;
            assert!(found.len() == 1 && found[0].contains(number), "{found:?}");
            city.store().commit(write(number, doc)).await.unwrap();
        }
    }
    // A document that no fact names and nobody sealed.
    let mut change = Change::new(city.region(), city.now());
    let case = rows[0].text(1).unwrap();
    let columns =
        vec![case.into(), "grant".into(), "海澜政务（准）字〔2026〕第999999号".into(), 1_i64.into(), "{}".into()];
    change.plain.push(PlainWrite { table: &DOCUMENT, id: "forged".into(), columns });
    city.store().commit(change).await.unwrap();
    let found = faults(city).await;
    assert!(found.len() == 1 && found[0].contains("no fact vouches"), "{found:?}");
}

/// Receipt, acceptance and decision fall into one instant where the clock stands still; their ids are chance beyond it.
#[tokio::test(flavor = "multi_thread")]
async fn documents_of_one_instant_stand_in_the_order_of_the_procedure() {
    let bed = Bed::new(50).await;
    let city = &bed.city;
    let clerk = actor("窗口", Role::Clerk);
    for _ in 0..8 {
        let drawn = demo::draw(city, "company-change").await.unwrap();
        let number = file(city, drawn.submit(Origin::Api)).await.unwrap().number;
        cases::work(city, &clerk, &number, None, Work::Accept, None).await.unwrap();
        let opinion = Work::GiveOpinion { favourable: true, text: "已审查".into(), officers: Vec::new() };
        cases::work(city, &actor("审核", Role::Reviewer), &number, None, opinion, None).await.unwrap();
        let grant = Work::Grant { reasons: "符合规定。".into() };
        let view = cases::work(city, &actor("审批", Role::Approver), &number, None, grant, None).await.unwrap();
        let documents = cases::documents(city, &view.case).await.unwrap();
        let kinds: Vec<&str> = documents.iter().map(|document| document.kind.as_str()).collect();
        assert_eq!(kinds, ["receipt", "acceptance", "grant"]);
    }
}

/// A promise can be taken back; what it stood for is then missing, and a clerk sees that.
#[tokio::test(flavor = "multi_thread")]
async fn a_promise_that_is_taken_back_stands_for_nothing_any_more() {
    let bed = Bed::new(51).await;
    let city = &bed.city;
    const SLUG: &str = "public-place-hygiene";
    service::catalog::pause_automation(city, &crate::bed::administrator(), SLUG, true, "复核").await.unwrap();
    let drawn = demo::draw(city, SLUG).await.unwrap();
    let number = file(city, drawn.submit(Origin::Api)).await.unwrap().number;
    let clerk = actor("窗口", Role::Clerk);
    let owner = domain::accounts::Actor { person: Some(drawn.applicant.clone()), ..actor("本人", Role::Citizen) };
    let view = cases::case_by_number(city, &clerk, &number).await.unwrap();
    let promised = |case: &domain::cases::Case| {
        case.application.materials.iter().filter(|item| matches!(item.provided, Provided::Pledge)).count()
    };
    assert!(promised(&view.case) > 0 && view.blockers.is_empty());
    let about = view.case.application.materials[0].slot.clone();
    let points = vec![domain::cases::Point { about, text: "请核对。".into(), new_defect: None }];
    cases::work(city, &clerk, &number, None, Work::RequestCorrection { points }, None).await.unwrap();
    let version = view.case.application.pledge.unwrap().version;
    let again = |accepted: Option<bool>| {
        let pledge = accepted.map(|accepted| cases::PledgeGiven { version: version.clone(), accepted });
        let changed = cases::Changed { form: drawn.form.clone(), materials: Vec::new(), pledge };
        Work::CorrectOnSpot { changed, note: "当场更正".into() }
    };
    let resubmit = match again(Some(false)) {
        Work::CorrectOnSpot { changed, .. } => Work::Resubmit { changed },
        other => other,
    };
    let view = cases::work(city, &owner, &number, None, resubmit, None).await.unwrap();
    assert!(view.case.application.pledge.is_none() && promised(&view.case) == 0);
    assert!(!view.blockers.is_empty(), "what the promise stood for is missing");
    let view = cases::work(city, &clerk, &number, None, again(Some(true)), None).await.unwrap();
    assert!(view.case.application.pledge.is_some() && promised(&view.case) > 0);
    let view = cases::work(city, &clerk, &number, None, again(None), None).await.unwrap();
    assert!(view.case.application.pledge.is_some() && view.blockers.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rules_were_shown_is_kept_once_and_vouched_for_by_the_fact_of_the_run() {
    let bed = Bed::new(49).await;
    let city = &bed.city;
    let drawn = demo::draw(city, "public-place-hygiene").await.unwrap();
    let integrator = actor("测试系统", Role::Integrator);
    let answer = cases::submit(city, &integrator, drawn.submit(Origin::Api)).await.unwrap();
    let record = answer.record.unwrap();
    assert_eq!(record.decision().unwrap().rule.id.to_string(), "public-place-hygiene");
    let view = cases::case_by_number(city, &actor("测试审批人", Role::Approver), &answer.number).await.unwrap();
    assert_eq!(cases::rule_record(city, &view.case).await.unwrap(), Some(record));
    assert_eq!(faults(city).await, Vec::<String>::new());

    let sql = "SELECT id, doc FROM rule_record WHERE region = $1";
    let rows = city.store().query(sql, &[city.region().into()]).await.unwrap();
    let (id, doc) = (rows[0].text(0).unwrap(), rows[0].text(1).unwrap());
    let write = |id: &str, doc: &str| {
        let mut change = Change::new(city.region(), city.now());
        change.plain.push(PlainWrite { table: &RULE_RECORD, id: id.into(), columns: vec![doc.into()] });
        change
    };
    let mut remove = Change::new(city.region(), city.now());
    remove.deletes.push(PlainDelete { table: &RULE_RECORD, id: id.into() });
    let changed = write(id, &doc.replacen("false", "true", 1));
    for (tampered, problem) in [(changed, "was changed"), (remove, "is gone")] {
        city.store().commit(tampered).await.unwrap();
        let found = faults(city).await;
        assert!(found.len() == 1 && found[0].contains(problem), "{found:?}");
        city.store().commit(write(id, doc)).await.unwrap();
    }
    city.store().commit(write(&format!("{}/{}", view.case.id, "0".repeat(64)), "{}")).await.unwrap();
    let found = faults(city).await;
    assert!(found.len() == 1 && found[0].contains("no fact names"), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_of_a_change_names_the_licence_that_is_held() {
    let bed = Bed::new(46).await;
    let city = &bed.city;
    let drawn = demo::draw(city, "pesticide-change").await.unwrap();
    let held = service::licences::on_file(city, &drawn.applicant.code).await.unwrap();
    assert_eq!(drawn.form["licence_number"], held[0].licence.number.as_str());
}

/// An entry that cannot be read is no answer: people look, nobody gets an error, and nothing is approved.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_cannot_be_read_is_a_register_that_is_silent() {
    let bed = Bed::new(48).await;
    let city = &bed.city;
    let drawn = demo::draw(city, "public-place-hygiene").await.unwrap();
    let mut change = Change::new(city.region(), city.now());
    let id = format!("enterprise/{}", drawn.applicant.code);
    change.plain.push(PlainWrite { table: &REGISTER_ENTRY, id, columns: vec![None::<String>.into(), "{cut o".into()] });
    city.store().commit(change).await.unwrap();
    let filed = file(city, drawn.submit(Origin::Api)).await.unwrap();
    assert_eq!(filed.outcome, Outcome::Manual);
}

/// A matter is open from its first to its last day; on others a window takes the application for people, and no rule decides.
#[tokio::test(flavor = "multi_thread")]
async fn a_matter_outside_its_days_is_refused_or_goes_to_people() {
    let bed = Bed::new(49).await;
    let city = &bed.city;
    let drawn = demo::draw(city, "public-place-hygiene").await.unwrap();
    let dates =
        [("2026-11-20", "2026-11-20", true), ("2025-01-01", "2026-11-19", false), ("2026-11-21", "2027-12-31", false)];
    for (from, to, open) in dates {
        let mut files = crate::bed::catalogue();
        let matter = files.get_mut("matters/public-place-hygiene/matter.json").unwrap();
        let mut changed: serde_json::Value = serde_json::from_str(matter).unwrap();
        changed["effective"] = serde_json::json!({ "from": from, "to": to });
        *matter = changed.to_string();
        service::catalog::import(city, &crate::bed::administrator(), &files).await.unwrap().unwrap();
        if open {
            assert_eq!(
                file(city, demo::draw(city, "public-place-hygiene").await.unwrap().submit(Origin::Api))
                    .await
                    .unwrap()
                    .outcome,
                Outcome::Approved
            );
            continue;
        }
        assert_eq!(refused(city, &drawn, |_| ()).await, ["/matter"], "{from} {to}");
        let at_window = demo::draw(city, "public-place-hygiene").await.unwrap().submit(Origin::Window);
        let taken = cases::submit(city, &actor("窗口", Role::Clerk), at_window).await.unwrap();
        assert_eq!((taken.outcome, taken.state.as_str()), (Outcome::Manual, "filed"), "{from} {to}");
    }
}
