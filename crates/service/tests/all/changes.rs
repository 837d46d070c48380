//! What people change in an application that is on file.

use domain::accounts::{Actor, Role};
use domain::cases::{Origin, Point};
use serde_json::{Value, json};
use service::ServiceError;
use service::cases::{Changed, Submitted, Work, case_by_number, work};
use service::demo::{self, Drawn};

use crate::bed::{Bed, actor};

const MANUAL: &str = "device-class3";

/// A system with an account, so that it stays the one that filed the case.
async fn filed(bed: &Bed) -> (Actor, Drawn, Submitted) {
    let drawn = demo::draw(&bed.city, MANUAL).await.unwrap();
    let system = actor("测试系统", Role::Integrator);
    let submitted = service::cases::submit(&bed.city, &system, drawn.submit(Origin::Api)).await.unwrap();
    (system, drawn, submitted)
}

fn point(about: &str) -> Point {
    Point { about: about.into(), text: "请补正。".into(), new_defect: None }
}

fn changed(form: Value) -> Changed {
    Changed { form, materials: Vec::new(), pledge: None }
}

#[tokio::test]
async fn a_form_that_replaces_another_is_checked_like_the_first() {
    let bed = Bed::new(61).await;
    let (_, drawn, submitted) = filed(&bed).await;
    let clerk = actor("窗口", Role::Clerk);
    for form in [json!({}), json!("text"), json!({"category": 3})] {
        let wish = Work::CorrectOnSpot { changed: changed(form.clone()), note: "改".into() };
        let answer = work(&bed.city, &clerk, &submitted.number, None, wish, None).await;
        assert!(matches!(answer, Err(ServiceError::Invalid(_))), "{form}: {answer:?}");
    }
    let mut better = drawn.form.clone();
    better["area_sqm"] = json!(130);
    let wish = Work::CorrectOnSpot { changed: changed(better.clone()), note: "面积写错".into() };
    work(&bed.city, &clerk, &submitted.number, None, wish, None).await.unwrap();
    let found = case_by_number(&bed.city, &clerk, &submitted.number).await.unwrap();
    assert_eq!(found.case.application.form, better);
}

#[tokio::test]
async fn a_notice_names_what_the_application_has() {
    let bed = Bed::new(62).await;
    let (_, _, submitted) = filed(&bed).await;
    let clerk = actor("窗口", Role::Clerk);
    for points in [vec![point("nosuch")], vec![point("form:nosuch")], vec![point("organisation"); 101]] {
        let wish = Work::RequestCorrection { points };
        let answer = work(&bed.city, &clerk, &submitted.number, None, wish, None).await;
        assert!(matches!(answer, Err(ServiceError::Invalid(_))), "{answer:?}");
    }
    let wish = Work::RequestCorrection { points: vec![point("organisation"), point("form:area_sqm")] };
    work(&bed.city, &clerk, &submitted.number, None, wish, None).await.unwrap();
}
