//! What a draft of a rule would change, asked before it is published.

use domain::accounts::Role;
use domain::cases::Origin;
use rules::{Outcome, RuleSet};
use service::ServiceError;
use service::cases::{Flip, replay};
use service::demo;

use crate::bed::{Bed, actor, administrator};

const SLUG: &str = "public-place-hygiene";

/// The rule in force, with one cell's text exchanged.
fn draft(bed: &Bed, old: &str, new: &str) -> RuleSet {
    let shelf = bed.city.shelf();
    let files = shelf.matter(SLUG).unwrap().bundle.rules_files.as_ref().unwrap();
    assert!(files.table.contains(old));
    RuleSet::load(&files.schema, &files.table.replace(old, new), &files.tests).unwrap()
}

#[tokio::test]
async fn a_draft_shows_whom_it_would_decide_otherwise() {
    let bed = Bed::new(41).await;
    let system = actor("测试系统", Role::Integrator);
    let mut numbers = Vec::new();
    for _ in 0..3 {
        let drawn = demo::draw(&bed.city, SLUG).await.unwrap();
        assert_eq!(drawn.form["place_kind"], "hairdresser");
        numbers.push(service::cases::submit(&bed.city, &system, drawn.submit(Origin::Api)).await.unwrap().number);
    }
    let other = demo::draw(&bed.city, "device-class2-filing").await.unwrap();
    service::cases::submit(&bed.city, &system, other.submit(Origin::Api)).await.unwrap();

    let same = replay(&bed.city, &administrator(), SLUG, &draft(&bed, "其余情形转人工", "其余情形")).await.unwrap();
    assert_eq!((same.cases, same.flips), (3, Vec::new()));

    let stricter = draft(&bed, r#"\"hairdresser\", \"beauty\""#, r#"\"beauty\""#);
    let found = replay(&bed.city, &administrator(), SLUG, &stricter).await.unwrap();
    assert_eq!(found.cases, 3);
    // The clock of this city stands still, so nothing says which of the three is the oldest.
    let mut flipped: Vec<&str> = found.flips.iter().map(|flip: &Flip| flip.number.as_str()).collect();
    flipped.sort_unstable();
    assert_eq!(flipped, numbers);
    for flip in &found.flips {
        assert_eq!((flip.was.as_str(), flip.draft), ("approve", Outcome::Manual));
        assert_eq!(
            (flip.was_fired.as_slice(), flip.draft_fired.as_slice()),
            (&["R01".into()][..], &["R99".into()][..])
        );
    }

    let nobody = replay(&bed.city, &system, SLUG, &stricter).await;
    assert!(matches!(nobody, Err(ServiceError::Forbidden(_))), "{nobody:?}");
}
