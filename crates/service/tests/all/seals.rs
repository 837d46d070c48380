//! The seals of the bureaus on record, and who used which when.

use domain::accounts::{Grant, Role};
use domain::licences::{Seal, SealFact};
use seal::cert::issue;
use seal::key::Alg;
use seal::render::ofd::{self, SealVersion};
use service::ServiceError;
use service::licences::{Form, render, seal_uses, seals};

use crate::bed::{Bed, Root, actor, administrator};
use crate::renderings::{city_with_keys, licence};

const DAY: i64 = 24 * 3600;

#[tokio::test(flavor = "multi_thread")]
async fn every_sealed_file_is_on_record_before_it_is_handed_out() {
    let bed = Bed::new(111).await;
    let city = city_with_keys(&bed).await;
    let (id, _, holder) = licence(&city).await;
    assert_eq!(seals(&city, &administrator()).await.unwrap(), []);
    render(&city, &holder, &id, Form::Svg).await.unwrap();
    assert_eq!(seals(&city, &administrator()).await.unwrap(), [], "a picture bears no seal");
    let made = render(&city, &holder, &id, Form::Ofd).await.unwrap();
    bed.clock.advance(60);
    render(&city, &holder, &id, Form::Pdf).await.unwrap();
    // Fetched again from the disk: not sealed again.
    render(&city, &holder, &id, Form::Ofd).await.unwrap();
    let all = seals(&city, &administrator()).await.unwrap();
    let [seal] = &all[..] else { panic!("{all:?}") };
    assert!(seal.id.ends_with("-01") && seal.retired.is_none() && seal.edition == 4 && seal.side == 42, "{seal:?}");
    let report = ofd::verify(&made.bytes, &city.keys().roots, city.moment());
    assert!(report.valid, "{:?}", report.checks);
    assert_eq!(report.content.unwrap().seal_id, seal.id);
    let latest = city.now().plus_seconds(1);
    let (_, uses) = seal_uses(&city, &administrator(), &seal.id, latest, 10).await.unwrap();
    let forms: Vec<&str> = uses.iter().map(|own| own.form.as_str()).collect();
    assert_eq!(forms, ["pdf", "ofd"], "newest first");
    let number = service::licences::view(&city, &holder, &id).await.unwrap().licence.number;
    assert!(uses.iter().all(|own| own.licence == number && own.who == holder.label()), "{uses:?}");
    let (_, older) = seal_uses(&city, &administrator(), &seal.id, uses[0].at, 10).await.unwrap();
    assert_eq!(older, uses[1..], "a page goes on where the last one ended");
    assert!(city.store().verify(None).await.unwrap().is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_key_or_another_edition_makes_another_seal_and_the_old_file_stays_valid() {
    let bed = Bed::new(112).await;
    let city = city_with_keys(&bed).await;
    let (id, _, holder) = licence(&city).await;
    let old = render(&city, &holder, &id, Form::Ofd).await.unwrap();
    let first = seals(&city, &administrator()).await.unwrap().remove(0);

    let now = city.now();
    let mut keys = city.keys().clone();
    let mut root = Root::new(Alg::Sm2Sm3, 9, now);
    let valid = (now.plus_seconds(-DAY), now.plus_seconds(300 * DAY));
    keys.signers.insert(first.department.clone(), root.signer(&city, &first.department, issue, valid));
    keys.roots.push(root.certificate);
    let renewed = bed.beside_with(2, keys.clone()).await;
    let new = render(&renewed, &holder, &id, Form::Ofd).await.unwrap();
    keys.seal_version = SealVersion::V5;
    let modern = bed.beside_with(3, keys).await;
    let latest = render(&modern, &holder, &id, Form::Ofd).await.unwrap();
    for (file, number) in [(old, "-01"), (new, "-02"), (latest, "-03")] {
        let report = ofd::verify(&file.bytes, &modern.keys().roots, modern.moment());
        assert!(report.valid, "{number}: {:?}", report.checks);
        assert!(report.content.unwrap().seal_id.ends_with(number), "{number}");
    }
    let all = seals(&modern, &administrator()).await.unwrap();
    let state: Vec<(bool, u32)> = all.iter().map(|own| (own.retired.is_some(), own.edition)).collect();
    assert_eq!(state, [(true, 4), (true, 4), (false, 5)]);
    // What the journal says about them gives the rows.
    for seal in &all {
        let sql = "SELECT doc FROM seal WHERE region = $1 AND id = $2";
        let row = modern.store().query(sql, &[modern.region().into(), seal.id.as_str().into()]).await.unwrap();
        assert_eq!(serde_json::from_str::<Seal>(row[0].text(0).unwrap()).unwrap(), *seal);
        let facts = modern.store().read_stream(modern.region(), &format!("seal/{}", seal.id), 0, 10).await.unwrap();
        let facts = facts.iter().map(|fact| serde_json::from_str::<SealFact>(fact.body.as_ref().unwrap()).unwrap());
        assert_eq!(facts.fold(None, Seal::evolve).as_ref(), Some(seal));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_whoever_decides_there_or_administers_sees_a_seal() {
    let bed = Bed::new(113).await;
    let city = city_with_keys(&bed).await;
    let (id, _, holder) = licence(&city).await;
    render(&city, &holder, &id, Form::Ofd).await.unwrap();
    let seal = seals(&city, &administrator()).await.unwrap().remove(0);
    let of = |department: &str| {
        let grant = Grant { role: Role::Approver, department: Some(department.to_owned()), district: None };
        domain::accounts::Actor { grants: vec![grant], ..actor("审批", Role::Approver) }
    };
    let own = of(&seal.department);
    assert_eq!(seals(&city, &own).await.unwrap(), std::slice::from_ref(&seal));
    assert!(seal_uses(&city, &own, &seal.id, city.now().plus_seconds(1), 5).await.is_ok());
    let shelf = city.shelf();
    let another = shelf.departments().find(|department| department.id != seal.department).unwrap().id.clone();
    assert_eq!(seals(&city, &of(&another)).await.unwrap(), []);
    let hidden = seal_uses(&city, &of(&another), &seal.id, city.now(), 5).await;
    assert!(matches!(hidden, Err(ServiceError::NotFound(_))), "{hidden:?}");
    let refused = seals(&city, &actor("窗口", Role::Clerk)).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden(_))), "{refused:?}");
}
