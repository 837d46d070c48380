//! Every address of the city, with what each kind of visitor gets from it.
//!
//! The outcomes are a table that is reviewed as text (`snapshots/`); the addresses are read from the source, so a route
//! that nobody has stated fails the test. Posted forms are empty but for the session's token: whoever may not act must be
//! told so before anybody looks at what was typed, and whoever may gets the form back (422) or the effect (303).

mod people;
mod source;
mod table;

pub use people::Scene;
pub use source::declared;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use people::Caller;
use table::{API, PAGES, Row};

/// Any number of changing requests, whose subject is made anew for each caller.
async fn outcomes(rows: &[Row], callers: &[Caller], scene: &Scene) -> String {
    let mut text = format!("{:<66}", "");
    callers.iter().for_each(|caller| write!(text, "{:<15}", caller.name()).unwrap());
    text = format!("{}\n", text.trim_end());
    for row in rows {
        let mut line = format!("{:<66}", row.line);
        for caller in callers {
            write!(line, "{:<15}", scene.outcome(row, *caller).await).unwrap();
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_answers_each_role_as_stated() {
    let scene = Scene::new().await;
    insta::assert_snapshot!("pages", outcomes(PAGES, &Caller::PEOPLE, &scene).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_address_of_the_api_answers_each_token_as_stated() {
    let scene = Scene::new().await;
    insta::assert_snapshot!("api", outcomes(API, &Caller::SYSTEMS, &scene).await);
}

#[test]
fn no_route_is_left_unstated() {
    let stated: BTreeSet<String> = PAGES.iter().chain(API).map(Row::route).collect();
    let built: BTreeSet<String> = declared().into_iter().map(|route| route.line).collect();
    let unstated: Vec<&String> = built.difference(&stated).collect();
    let gone: Vec<&String> = stated.difference(&built).collect();
    assert!(unstated.is_empty() && gone.is_empty(), "without stated outcomes: {unstated:?}; not built: {gone:?}");
}
