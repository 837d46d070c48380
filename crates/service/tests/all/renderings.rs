//! Licences as files: made once, kept beside the licence, made anew when it ends, gone with the person's data.

use std::path::PathBuf;

use domain::accounts::{Actor, Role};
use domain::cases::Origin;
use seal::cert::{issue, issue_time_stamper};
use seal::key::Alg;
use seal::render::{ofd, pdf};
use service::accounts::erase_person;
use service::cases::{Outcome, Work};
use service::demo::{self, Drawn};
use service::licences::{self, Ending, Form, render};
use service::{City, ServiceError};

use crate::bed::{Bed, Root, actor, administrator};

const SLUG: &str = "old-age-allowance";
const DAY: i64 = 24 * 3600;

/// The city of a bed with all the keys that renderings need. Its maker of seals was certified yesterday, long after its bureaus, as
/// in a city that an earlier version founded.
pub async fn city_with_keys(bed: &Bed) -> City {
    let now = bed.city.now();
    let valid = (now.plus_seconds(-DAY), now.plus_seconds(300 * DAY));
    let department = bed.city.shelf().matter(SLUG).unwrap().bundle.matter.department.clone();
    let (mut sm2, mut p256) = (Root::new(Alg::Sm2Sm3, 7, now), Root::new(Alg::Es256, 8, now));
    let mut keys = bed.city.keys().clone();
    keys.maker = Some(sm2.signer(&bed.city, &department, issue, valid));
    keys.stamper = Some(p256.signer(&bed.city, &department, issue_time_stamper, valid));
    keys.qr.insert(department.clone(), p256.signer(&bed.city, &department, issue, valid));
    keys.roots.extend([sm2.certificate, p256.certificate]);
    bed.beside_with(1, keys).await
}

/// A granted licence: its id, whose it is, and the holder.
pub async fn licence(city: &City) -> (String, Drawn, Actor) {
    let drawn = demo::draw(city, SLUG).await.unwrap();
    let holder = Actor { person: Some(drawn.applicant.clone()), ..actor("持证人", Role::Citizen) };
    let system = actor("测试系统", Role::Integrator);
    let granted = service::cases::submit(city, &system, drawn.submit(Origin::Api)).await.unwrap();
    (granted.licence.unwrap().id.to_string(), drawn, holder)
}

/// Files kept for a licence.
fn kept(city: &City, id: &str) -> Vec<PathBuf> {
    let folder = city.settings().dir.join("renderings").join(id);
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_made_once_and_verifies() {
    let bed = Bed::new(101).await;
    let city = city_with_keys(&bed).await;
    let (id, drawn, holder) = licence(&city).await;
    assert!(kept(&city, &id).is_empty(), "a decision waits for no file");
    for form in [Form::Pdf, Form::Ofd, Form::Svg] {
        let before = kept(&city, &id).len();
        let first = render(&city, &holder, &id, form).await.unwrap();
        assert!(first.name.ends_with(form.ending()) && first.name.is_ascii(), "{}", first.name);
        assert_eq!(kept(&city, &id).len(), before + 1, "{form:?}");
        // The time of signing differs whenever a file is made: the same bytes are those of the disk.
        bed.clock.advance(60);
        assert_eq!(render(&city, &holder, &id, form).await.unwrap().bytes, first.bytes, "{form:?}");
        match form {
            Form::Pdf => {
                let report = pdf::verify(&first.bytes, &city.keys().roots, city.moment());
                assert!(report.valid, "{:?}", report.checks);
                assert!(report.content.unwrap().stamped_at.is_some());
            }
            Form::Ofd => {
                let report = ofd::verify(&first.bytes, &city.keys().roots, city.moment());
                assert!(report.valid, "{:?}", report.checks);
            }
            _ => assert!(first.bytes.starts_with(b"<svg")),
        }
    }
    // What is read is the file, not only something like it.
    let svg = kept(&city, &id).into_iter().find(|path| path.extension().unwrap() == "svg").unwrap();
    std::fs::write(&svg, "from the disk").unwrap();
    assert_eq!(render(&city, &holder, &id, Form::Svg).await.unwrap().bytes, b"from the disk");
    // What a page shows is drawn as the file is, and kept beside it.
    let view = licences::view(&city, &holder, &id).await.unwrap();
    let shown = licences::face(&city, &view).await.unwrap();
    assert!(shown.starts_with("<svg") && shown.contains(&drawn.applicant.name));
    assert!(kept(&city, &id).len() == 4 && svg.exists());
    let data = render(&city, &holder, &id, Form::Data).await.unwrap();
    assert!(String::from_utf8(data.bytes).unwrap().contains(&drawn.applicant.name));
    let stranger = actor("路人", Role::Citizen);
    let refused = render(&city, &stranger, &id, Form::Svg).await;
    assert!(matches!(refused, Err(ServiceError::NotFound(_))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_licence_gets_another_file_and_erasure_takes_them() {
    let bed = Bed::new(102).await;
    let city = city_with_keys(&bed).await;
    let (id, drawn, holder) = licence(&city).await;
    let svg = async || String::from_utf8(render(&city, &holder, &id, Form::Svg).await.unwrap().bytes).unwrap();
    let before = svg().await;
    assert!(!before.contains("已撤销"));
    let approver = actor("审批", Role::Approver);
    licences::end(&city, &approver, &id, Ending::Revoke, "《行政许可法》第六十九条").await.unwrap();
    let after = svg().await;
    assert!(after.contains("（已撤销 REVOKED）</title>"), "{}", &after[..400]);
    assert_eq!(kept(&city, &id).len(), 1, "the file from before has gone");
    render(&city, &holder, &id, Form::Pdf).await.unwrap();
    assert_eq!(kept(&city, &id).len(), 2);

    erase_person(&city, &administrator(), &drawn.applicant.code).await.unwrap();
    assert!(!city.settings().dir.join("renderings").join(&id).exists());
    let gone = render(&city, &holder, &id, Form::Svg).await;
    assert!(matches!(gone, Err(ServiceError::NotFound(_))), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_character_without_a_font_stops_the_decision_before_it_is_signed() {
    let bed = Bed::new(103).await;
    let city = city_with_keys(&bed).await;
    let mut drawn = demo::draw(&city, SLUG).await.unwrap();
    drawn.form["bank"] = "江城\u{20BB7}野家银行".into();
    let system = actor("测试系统", Role::Integrator);
    let filed = service::cases::submit(&city, &system, drawn.submit(Origin::Api)).await.unwrap();
    // Nobody is kept from applying: the case is taken, and people are told what stands in the way.
    assert_eq!((filed.outcome, filed.licence.as_ref()), (Outcome::Manual, None));
    let reason = filed.decision.unwrap().reason;
    for words in [&reason.zh, &reason.en] {
        assert!(words.contains('\u{20BB7}') && words.contains("U+20BB7") && words.contains("发放银行"), "{words}");
    }
    let clerk = actor("窗口", Role::Clerk);
    service::cases::work(&city, &clerk, &filed.number, None, Work::Accept, None).await.unwrap();
    let opinion =
        Work::GiveOpinion { favourable: true, text: "同意".into(), officers: vec!["甲".into(), "乙".into()] };
    let reviewer = actor("审查人", Role::Reviewer);
    service::cases::work(&city, &reviewer, &filed.number, None, opinion, None).await.unwrap();
    let approver = actor("审批人", Role::Approver);
    let grant = Work::Grant { reasons: "符合规定。".into() };
    let refused = service::cases::work(&city, &approver, &filed.number, None, grant, None).await;
    let Err(ServiceError::Invalid(fields)) = refused else { panic!("{refused:?}") };
    assert_eq!(fields[0].field, "发放银行");
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM licence WHERE region = $1";
    assert_eq!(city.store().query(sql, &[city.region().into()]).await.unwrap()[0].int(0), Ok(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_city_without_the_keys_says_so_and_has_the_other_forms() {
    let bed = Bed::new(104).await;
    let (id, _, holder) = licence(&bed.city).await;
    for (form, words) in [(Form::Pdf, "PDF 签名密钥"), (Form::Ofd, "制章密钥")] {
        let refused = render(&bed.city, &holder, &id, form).await;
        let Err(ServiceError::Invalid(fields)) = refused else { panic!("{refused:?}") };
        assert_eq!(fields[0].field, "form");
        assert!(fields[0].message.zh.contains(words), "{}", fields[0].message.zh);
    }
    for form in [Form::Svg, Form::Data] {
        assert!(!render(&bed.city, &holder, &id, form).await.unwrap().bytes.is_empty());
    }
}
