//! The code on a licence is signed when it is issued and goes on verifying after the key of the codes has been renewed.

use std::sync::Arc;

use domain::cases::Origin;
use seal::cert::{Certificate, issue};
use seal::key::{Alg, Signer};
use service::demo;
use service::licences::{on_file, public_view, qr_trust};
use service::{City, Keys};
use store::licences::CERTIFICATE;
use store::{Change, PlainWrite};

use crate::bed::{Bed, Root};

const DAY: i64 = 24 * 3600;

/// The text of the symbol of a fresh licence, with its public id.
async fn licence(city: &City) -> (String, String) {
    let drawn = demo::draw(city, "public-place-hygiene").await.unwrap();
    let submitter = crate::bed::actor("测试系统", domain::accounts::Role::Integrator);
    service::cases::submit(city, &submitter, drawn.submit(Origin::Api)).await.unwrap();
    let held = on_file(city, &drawn.applicant.code).await.unwrap();
    let own = held.iter().find(|own| own.licence_type == "public-place-hygiene").unwrap();
    let file: serde_json::Value = serde_json::from_str(&own.licence.signed).unwrap();
    (file["qr"]["url"].as_str().unwrap_or_default().to_owned(), own.licence.public_id.clone())
}

#[tokio::test]
async fn a_printed_code_outlives_the_key_that_signed_it() {
    let bed = Bed::new(91).await;
    let now = bed.city.now();
    let mut root = Root::new(Alg::Es256, 7, now);
    let department = bed.city.shelf().matter("public-place-hygiene").unwrap().bundle.matter.department.clone();
    let keys = |root: &Root, signer: Arc<dyn Signer>| {
        let mut keys: Keys = bed.city.keys().clone();
        keys.roots.push(root.certificate.clone());
        keys.qr.insert(department.clone(), signer);
        keys
    };
    let first = root.signer(&bed.city, &department, issue, (now.plus_seconds(-DAY), now.plus_seconds(30 * DAY)));
    let before = bed.beside_with(92, keys(&root, first)).await;
    let (code, public_id) = licence(&before).await;
    assert!(code.starts_with(&format!("https://{}/v/{public_id}#", before.settings().host())), "{code}");
    assert_eq!(qr_trust(&before).await.unwrap().len(), 1);

    // The key is renewed, and its certificate runs out.
    let second = root.signer(&bed.city, &department, issue, (now.plus_seconds(29 * DAY), now.plus_seconds(90 * DAY)));
    bed.clock.advance(60 * DAY);
    let after = bed.beside_with(93, keys(&root, second)).await;
    let (newer, _) = licence(&after).await;
    let trust = qr_trust(&after).await.unwrap();
    assert_eq!(trust.len(), 2, "the old certificate stays");
    for code in [&code, &newer] {
        let report = seal::qr::verify(code, &trust, after.moment());
        assert!(report.valid, "{:?}", report.checks);
    }
    assert!(public_view(&after, &public_id).await.unwrap().genuine, "the file with its code");

    // A certificate of another root that somebody wrote into the database is trusted by nobody.
    let mut stranger = Root::new(Alg::Es256, 8, now);
    let foreign = stranger.signer(&bed.city, &department, issue, (now.plus_seconds(-DAY), now.plus_seconds(90 * DAY)));
    let der = foreign.certificate_chain()[0].clone();
    let mut change = Change::new(after.region(), after.now());
    let kid = hex::encode(Certificate::from_der(&der).unwrap().kid());
    change.plain.push(PlainWrite { table: &CERTIFICATE, id: kid, columns: vec!["qr".into(), der.into()] });
    after.store().commit(change).await.unwrap();
    assert_eq!(qr_trust(&after).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_licence_without_a_key_for_codes_is_issued_without_one() {
    let bed = Bed::new(94).await;
    let (code, public_id) = licence(&bed.city).await;
    assert_eq!(code, "");
    assert!(public_view(&bed.city, &public_id).await.unwrap().genuine);
}
