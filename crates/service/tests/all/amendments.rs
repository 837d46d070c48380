//! Licences whose words are put right, and licences that an application changes (AL 49): the next version in the place of the former.

use std::collections::BTreeMap;

use domain::accounts::Role;
use domain::cases::Origin;
use domain::codes::licence_id;
use domain::licences::{CORRECTION, LicenceFact, LicenceRefusal, Recorded, Standing};
use service::cases::{Outcome, Submit, submit};
use service::licences::{self, LicenceView, correct, public_view};
use service::{City, ServiceError, demo};

use crate::bed::{Bed, actor, told};

const HYGIENE: &str = "public-place-hygiene";

async fn view(city: &City, id: &str) -> LicenceView {
    licences::view(city, &actor("审批", Role::Approver), id).await.unwrap()
}

/// A granted licence and the case that led to it.
async fn granted(city: &City, slug: &str) -> (LicenceView, demo::Drawn) {
    let drawn = demo::draw(city, slug).await.unwrap();
    let done = submit(city, &actor("测试系统", Role::Integrator), drawn.submit(Origin::Api)).await.unwrap();
    assert_eq!(done.outcome, Outcome::Approved, "{slug}");
    (view(city, &done.licence.unwrap().id.to_string()).await, drawn)
}

fn versions(old: &LicenceView, new: &LicenceView) -> [u16; 2] {
    let parsed = [old, new].map(|own| licence_id::parse(&own.licence.identifier).unwrap());
    assert_eq!(parsed[0].serial(), parsed[1].serial());
    parsed.map(|own| own.version())
}

fn slip() -> String {
    CORRECTION[0].reason("地址漏写门牌号。")
}

fn one(key: &str, words: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(key.to_owned(), words.to_owned())])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_the_next_version_with_the_same_number_and_period() {
    let bed = Bed::new(171).await;
    let city = &bed.city;
    let (old, _) = granted(city, HYGIENE).await;
    let line = old.file.licence.surface.iter().find(|line| line.key.contains("address")).unwrap();
    let (id, approver) = (old.licence.id.to_string(), actor("审批", Role::Approver));
    let words = format!("{}之一", line.value);
    let new = correct(city, &approver, &id, &one(&line.key, &words), &slip()).await.unwrap();
    let new = view(city, &new.id.to_string()).await;
    assert_eq!(versions(&old, &new), [1, 2]);
    assert_eq!((&new.licence.number, new.licence.valid_to), (&old.licence.number, old.licence.valid_to));
    assert_ne!(new.licence.public_id, old.licence.public_id);
    let printed = new.file.licence.surface.iter().find(|own| own.key == line.key).unwrap();
    assert_eq!(printed.value, words);
    for (own, standing) in [(&old, Standing::Superseded), (&new, Standing::Valid)] {
        let public = public_view(city, &own.licence.public_id).await.unwrap();
        assert_eq!((public.standing, public.genuine), (standing, true));
    }
    let former = view(city, &id).await.licence;
    assert!(matches!(former.recorded, Recorded::Superseded { by, .. } if by == new.licence.id));
    let life = licences::life(city, &new).await.unwrap();
    assert!(matches!(&life[0].1, LicenceFact::Corrected { former, reason, .. }
        if *former == old.licence.id && reason.contains("第三十九条") && reason.contains("门牌号")));
    let due = |id: String| async move { city.store().due_of(city.region(), &format!("licence/{id}")).await.unwrap() };
    assert!(due(id).await.is_empty());
    assert_eq!(due(new.licence.id.to_string()).await.len(), 1, "the reminder goes over to the new one");
    assert_eq!(told(city).await.last().unwrap(), "公共场所卫生许可证已更正换发");
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_corrected_that_must_not_be() {
    let bed = Bed::new(172).await;
    let city = &bed.city;
    let (own, _) = granted(city, HYGIENE).await;
    let (id, approver) = (own.licence.id.to_string(), actor("审批", Role::Approver));
    let open = licences::correctable_lines(city, &own).unwrap();
    assert_eq!(open.iter().map(String::as_str).collect::<Vec<_>>(), ["address", "project", "representative"]);
    let line = own.file.licence.surface.iter().find(|line| line.key == "project").unwrap().clone();
    let field = |answer: Result<_, ServiceError>| match answer {
        Err(ServiceError::Invalid(faults)) => faults[0].field.clone(),
        other => panic!("{other:?}"),
    };
    let same = correct(city, &approver, &id, &one(&line.key, &line.value), &slip()).await;
    assert_eq!(field(same), "", "nothing differs");
    for words in ["  ", "甲\u{200b}乙", &"字".repeat(501)] {
        assert_eq!(field(correct(city, &approver, &id, &one(&line.key, words), &slip()).await), line.key, "{words}");
    }
    for closed in ["valid_to", "holder", "holder_code", "number", "nothing"] {
        assert_eq!(field(correct(city, &approver, &id, &one(closed, "长期"), &slip()).await), closed);
    }
    let other = one(&line.key, "别的");
    assert!(matches!(
        correct(city, &approver, &id, &other, " ").await,
        Err(ServiceError::Licence(LicenceRefusal::ReasonMissing))
    ));
    let clerk = actor("窗口", Role::Clerk);
    assert!(matches!(correct(city, &clerk, &id, &other, &slip()).await, Err(ServiceError::Forbidden(_))));
    licences::suspend(city, &approver, &id, None, "《行政处罚法》第九条第三项：暂扣。").await.unwrap();
    assert!(matches!(
        correct(city, &approver, &id, &other, &slip()).await,
        Err(ServiceError::Licence(LicenceRefusal::Suspended))
    ));
    assert_eq!(licences::on_file(city, &own.licence.holder.code).await.unwrap().len(), 1, "nothing was issued");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_takes_the_place_of_the_licence_and_keeps_its_period() {
    let bed = Bed::new(173).await;
    let city = &bed.city;
    let drawn = demo::draw(city, "pesticide-change").await.unwrap();
    let held = licences::on_file(city, &drawn.applicant.code).await.unwrap();
    let old = held.iter().find(|own| own.licence_type == "pesticide-licence" && own.valid).unwrap().licence.clone();
    let old = view(city, &old.id.to_string()).await;
    let done = submit(city, &actor("测试系统", Role::Integrator), drawn.submit(Origin::Api)).await.unwrap();
    assert_eq!(done.outcome, Outcome::Approved);
    let new = view(city, &done.licence.unwrap().id.to_string()).await;
    assert_eq!(versions(&old, &new), [1, 2]);
    assert_eq!((&new.licence.number, new.licence.valid_to), (&old.licence.number, old.licence.valid_to));
    let former = view(city, &old.licence.id.to_string()).await;
    assert_eq!((former.standing, new.standing), (Standing::Superseded, Standing::Valid));
    let Recorded::Superseded { reason, .. } = &former.licence.recorded else { panic!("{:?}", former.licence.recorded) };
    assert!(reason.contains("第四十九条"), "{reason}");
    let matter = licences::matter_of(city, &new.licence).await.unwrap();
    assert_eq!(matter, "pesticide-licence", "a change renews nothing, so the first matter does");
    // Whoever asks for a second change changes the version that counts now.
    let again = Submit { form: drawn.form.clone(), ..drawn.submit(Origin::Api) };
    let done = submit(city, &actor("测试系统", Role::Integrator), again).await.unwrap();
    if let Some(licence) = done.licence {
        assert_eq!(versions(&new, &view(city, &licence.id.to_string()).await), [2, 3]);
    }
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}
