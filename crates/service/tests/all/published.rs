//! Publishing and pausing, with more than one server on the same database.

use domain::accounts::{Actor, Role};
use domain::cases::{Origin, State};
use domain::catalog::{Severity, has_errors};
use service::cases::{Outcome, Work};
use service::catalog::{import, pause_automation};
use service::demo;

use crate::bed::{Bed, actor, administrator, catalogue};

const SLUG: &str = "public-place-hygiene";
const TABLE: &str = "matters/public-place-hygiene/rules/table.json";

#[tokio::test]
async fn a_pause_on_one_server_stops_the_approvals_of_another() {
    let bed = Bed::new(61).await;
    let system = actor("测试系统", Role::Integrator);
    let drawn = demo::draw(&bed.city, SLUG).await.unwrap();
    let answer = service::cases::submit(&bed.city, &system, drawn.submit(Origin::Api)).await.unwrap();
    assert_eq!(answer.outcome, Outcome::Approved);

    let other = bed.beside(62).await;
    pause_automation(&other, &administrator(), SLUG, true, "规则复核").await.unwrap();
    assert!(bed.city.shelf().is_automatic(SLUG), "this server has not looked since");
    let drawn = demo::draw(&bed.city, SLUG).await.unwrap();
    let answer = service::cases::submit(&bed.city, &system, drawn.submit(Origin::Api)).await.unwrap();
    assert_eq!((answer.outcome, answer.licence), (Outcome::Manual, None), "a paused rule has approved");
    assert!(!bed.city.shelf().is_automatic(SLUG));

    pause_automation(&other, &administrator(), SLUG, false, "复核完毕").await.unwrap();
    assert!(service::catalog::refresh(&bed.city).await.unwrap());
    assert!(!service::catalog::refresh(&bed.city).await.unwrap(), "nothing new since");
    let drawn = demo::draw(&bed.city, SLUG).await.unwrap();
    let answer = service::cases::submit(&bed.city, &system, drawn.submit(Origin::Api)).await.unwrap();
    assert_eq!(answer.outcome, Outcome::Approved);
}

#[tokio::test]
async fn what_is_filed_after_feedback_meets_a_pause_on_another_server_too() {
    let bed = Bed::new(67).await;
    let system = actor("测试系统", Role::Integrator);
    let drawn = demo::draw(&bed.city, SLUG).await.unwrap();
    let owner = Actor { person: Some(drawn.applicant.clone()), ..actor("申请人", Role::Citizen) };
    let wish = service::cases::Submit { pre_review: true, ..drawn.submit(Origin::Api) };
    let number = service::cases::submit(&bed.city, &system, wish).await.unwrap().number;
    pause_automation(&bed.beside(68).await, &administrator(), SLUG, true, "规则复核").await.unwrap();
    let filed = service::cases::work(&bed.city, &owner, &number, None, Work::File, None).await.unwrap();
    assert_eq!((filed.case.state, filed.case.licence), (State::Filed, None), "received, and left to people");
}

#[tokio::test]
async fn what_another_server_publishes_decides_the_next_application() {
    let bed = Bed::new(63).await;
    let other = bed.beside(64).await;
    let mut files = catalogue();
    let table = files.get_mut(TABLE).unwrap();
    *table = table.replace("其余情形转人工", "其余情形由人工办理");
    assert_eq!(import(&other, &administrator(), &files).await.unwrap().unwrap(), 1);

    let system = actor("测试系统", Role::Integrator);
    let drawn = demo::draw(&bed.city, SLUG).await.unwrap();
    let answer = service::cases::submit(&bed.city, &system, drawn.submit(Origin::Api)).await.unwrap();
    assert_eq!(answer.decision.unwrap().version, "2");
}

/// A rule that approves everything, one that does not compile, one whose tests fail: what `rules check` refuses is never
/// published, and neither is a good matter beside it.
#[tokio::test]
async fn all_of_a_catalogue_is_published_or_nothing() {
    let bed = Bed::new(65).await;
    let facts = "SELECT CAST(count(*) AS BIGINT) FROM fact WHERE stream LIKE 'matter/%'";
    let count = async || bed.city.store().query(facts, &[]).await.unwrap()[0].int(0).unwrap();
    let before = count().await;
    for (path, old, new) in [
        (TABLE, "\\\"hairdresser\\\", \\\"beauty\\\"", "rand(3)"),
        ("matters/public-place-hygiene/rules/tests.json", "\"decision\": \"approve\"", "\"decision\": \"manual\""),
    ] {
        let mut files = catalogue();
        // A harmless change in a matter that comes first in order.
        let good = files.iter().find(|(path, _)| path.ends_with("/matter.json")).unwrap().0.clone();
        let text = files[&good].clone();
        files.insert(good, format!("{text}\n"));
        let text = files[path].clone();
        assert!(text.contains(old), "{path}: {old}");
        files.insert(path.into(), text.replacen(old, new, 1));
        let findings = import(&bed.city, &administrator(), &files).await.unwrap().unwrap_err();
        assert!(has_errors(&findings));
        let named =
            findings.iter().any(|f| f.severity == Severity::Error && f.file.contains("public-place-hygiene/rules/"));
        assert!(named, "{findings:?}");
        assert_eq!(count().await, before, "half a catalogue was published");
    }
}

/// A matter that the folder does not bring stays published, and must fit what it does bring.
#[tokio::test]
async fn a_part_of_a_catalogue_is_checked_with_the_rest() {
    let bed = Bed::new(66).await;
    let mut part = catalogue();
    part.retain(|path, _| !path.starts_with("matters/") || path.contains(SLUG));
    let text = part["matters/public-place-hygiene/matter.json"].clone();
    part.insert("matters/public-place-hygiene/matter.json".into(), format!("{text}\n"));
    let all = bed.city.shelf().matters().count();
    assert_eq!(import(&bed.city, &administrator(), &part).await.unwrap().unwrap(), 1);
    assert_eq!(bed.city.shelf().matters().count(), all);

    part.retain(|path, _| !path.starts_with("licence-types/"));
    let refused = import(&bed.city, &administrator(), &part).await.unwrap();
    assert!(refused.is_err(), "other matters name licence types that would be gone");
}
