//! The law in the use cases: what is received, what is sealed, and what the clock does by itself.

use domain::accounts::{Actor, Role};
use domain::cases::{Case, NonAcceptance, Origin, Termination, open_pause};
use domain::catalog::SpecialKind;
use seal::document::DocumentFile;
use service::cases::{Outcome, Submitted, Work};
use service::demo::{self, Drawn};
use service::{City, ServiceError, cases};

use super::bed::{Bed, actor};

/// An application taken at a window.
async fn taken(city: &City, drawn: &Drawn) -> Result<Submitted, ServiceError> {
    cases::submit(city, &actor("窗口", Role::Clerk), drawn.submit(Origin::Window)).await
}

async fn case(city: &City, by: &Actor, number: &str) -> Case {
    cases::case_by_number(city, by, number).await.unwrap().case
}

async fn give(city: &City, by: &Actor, number: &str, work: Work) {
    cases::work(city, by, number, None, work, None).await.unwrap_or_else(|error| panic!("{error}"));
}

/// The sealed document of a kind.
async fn sealed(city: &City, case: &Case, kind: &str) -> DocumentFile {
    let sql = "SELECT doc FROM document WHERE region = $1 AND casefile = $2 AND kind = $3";
    let params = [city.region().into(), case.id.to_string().into(), kind.into()];
    let rows = city.store().query(sql, &params).await.unwrap();
    let mut file: serde_json::Value = serde_json::from_str(rows[0].text(0).unwrap()).unwrap();
    file.as_object_mut().unwrap().remove("signature");
    serde_json::from_value(file).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_receives_what_rules_cannot_decide_because_something_is_missing() {
    let bed = Bed::new(81).await;
    let city = &bed.city;
    let slugs: Vec<String> = city.shelf().matters().map(|matter| matter.bundle.matter.slug.clone()).collect();
    let mut without_material = 0;
    for slug in slugs.iter().filter(|slug| city.shelf().is_automatic(slug)) {
        let mut drawn = demo::draw(city, slug).await.unwrap();
        if drawn.materials.is_empty() {
            let first = drawn.form.as_object().unwrap().keys().next().unwrap().clone();
            drawn.form.as_object_mut().unwrap().remove(&first);
        } else {
            drawn.materials.remove(0);
            without_material += 1;
        }
        let answer = taken(city, &drawn).await.unwrap_or_else(|error| panic!("{slug}: {error}"));
        assert_eq!((answer.outcome, answer.state.as_str()), (Outcome::Manual, "filed"), "{slug}");
    }
    assert!(without_material > 0, "some automatic matter asks for a file");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_a_case_against_the_applicant_is_sealed_with_its_remedies() {
    let bed = Bed::new(82).await;
    let (city, clerk) = (&bed.city, actor("受理员", Role::Clerk));
    let drawn = demo::draw(city, "food-operation").await.unwrap();
    let declined = taken(city, &drawn).await.unwrap().number;
    let ground = NonAcceptance::WrongAuthority { authority: "市农业农村局".into() };
    give(city, &clerk, &declined, Work::DeclineAcceptance { ground, reasons: "不属于本机关".into() }).await;
    let drawn = demo::draw(city, "food-operation").await.unwrap();
    let ended = taken(city, &drawn).await.unwrap().number;
    give(city, &clerk, &ended, Work::Accept).await;
    let work = Work::Terminate { ground: Termination::ApplicantGone, reason: "企业已经注销".into() };
    give(city, &actor("审批员", Role::Approver), &ended, work).await;
    for (number, kind) in [(declined, "non-acceptance"), (ended, "termination")] {
        let file = sealed(city, &case(city, &clerk, &number).await, kind).await;
        let remedies = &file.document.remedies;
        assert_eq!(remedies.len(), 2, "{kind}");
        assert!(remedies[0].period.zh.contains("60日内") && remedies[1].period.zh.contains("6个月内"), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_of_a_case_runs_again_when_the_notified_time_is_over() {
    let bed = Bed::new(83).await;
    let city = &bed.city;
    let (clerk, reviewer) = (actor("受理员", Role::Clerk), actor("审核员", Role::Reviewer));
    let drawn = demo::draw(city, "project-planning-permit").await.unwrap();
    let number = taken(city, &drawn).await.unwrap().number;
    give(city, &clerk, &number, Work::Accept).await;
    give(city, &reviewer, &number, Work::Pause { procedure: SpecialKind::ExpertReview, working_days: 3 }).await;
    let paused = |case: &Case| case.clocks.as_ref().and_then(open_pause).is_some();
    assert!(paused(&case(city, &clerk, &number).await));
    bed.clock.advance(20 * 86_400);
    while service::jobs::run_due(city).await.unwrap() > 0 {}
    let after = case(city, &clerk, &number).await;
    assert!(!paused(&after), "nobody has to remember it");
    let clocks = after.clocks.unwrap();
    let pause = &clocks.promised.pauses[0];
    let days = city.calendar().working_days_between(pause.from.date(), pause.to.unwrap().date()).unwrap().days;
    assert_eq!(days, 3, "no more than the notified time is excluded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_with_hidden_characters_is_refused_before_anything_is_written() {
    let bed = Bed::new(84).await;
    let city = &bed.city;
    for hidden in ["\u{202e}", "\u{0}", "\n"] {
        let mut drawn = demo::draw(city, "food-operation").await.unwrap();
        drawn.applicant.name = format!("冒名顶替{hidden}有限公司");
        match taken(city, &drawn).await {
            Err(ServiceError::Invalid(fields)) => assert_eq!(fields[0].field, "/applicant/name"),
            other => panic!("{hidden:?}: {other:?}"),
        }
    }
}
