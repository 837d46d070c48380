//! Pages of staff: the piles of the desk, a case on one screen, walk-ins, proof of identity, licences, the watch, the
//! studio.
//!
//! * `frame.rs` what all of them share: navigation by role with what waits, lamps, masked names; `rows.rs` a list of cases
//! * `piles.rs` the lists; `case.rs` one case, with `clocks.rs`, `papers.rs` (materials and verdicts), `rules.rs` and
//!   `story.rs` as its parts
//! * what may be done with a case: `acts.rs` by whom, `forms.rs` and `points.rs` with which fields, `wish.rs` reads what was
//!   posted, `act.rs` carries it out, `sign.rs` shows a document before it is signed
//! * a window: `find_matter.rs` and `walk_in.rs` take an application, with `applicant.rs` (who it is) and `intake.rs`
//!   (what is handed in);
//!   `correct.rs` corrects one on the spot; `identity.rs` proves who somebody is; `reset.rs` helps whoever forgot
//!   the password
//! * `paper_entry.rs` types what a paper licence says, `paper_licences.rs` shows it to whoever confirms it
//! * `licences.rs` and `licence_ways.rs` suspend, resume and end licences; `seals.rs` shows the bureaus' seals and who used them; `watch.rs` lights and figures; `studio.rs` pauses and resumes automation; `files.rs` hands
//!   over what was uploaded

mod act;
mod acts;
mod applicant;
mod case;
mod clocks;
mod correct;
mod files;
mod find_matter;
mod forms;
pub(crate) mod frame;
mod holidays;
mod identity;
mod intake;
mod licence_ways;
mod licences;
mod paper_entry;
mod paper_licences;
mod papers;
mod piles;
mod points;
mod reset;
pub(crate) mod rows;
mod rules;
mod seals;
mod sign;
mod story;
mod studio;
mod walk_in;
mod watch;
mod wish;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use paper_licences::{face_facts, paper_tag};

/// Addresses of the desk, the watch and the studio.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk", get(piles::overview))
        .route("/desk/walk-in", get(walk_in::page).post(walk_in::send))
        .route("/desk/identity", get(identity::page).post(identity::prove))
        .route("/desk/reset", get(reset::page).post(reset::issue))
        .route("/desk/licences", get(licences::find))
        .route("/desk/licences/{id}", get(licences::licence).post(licences::act))
        .route("/desk/paper-licences", get(paper_licences::list))
        .route("/desk/paper-licences/new", get(paper_entry::page).post(paper_entry::enter))
        .route("/desk/paper-licences/{id}", get(paper_licences::one).post(paper_licences::act))
        .route("/desk/paper-licences/{id}/scan", get(paper_licences::scan))
        .route("/desk/paper-licences/{id}/correct", get(paper_entry::correct_page).post(paper_entry::correct))
        .route("/desk/seals", get(seals::list))
        .route("/desk/seals/{id}", get(seals::uses))
        .route("/desk/{pile}", get(piles::pile))
        .route("/desk/cases/{number}", get(case::page))
        .route("/desk/cases/{number}/files/{upload}", get(files::open))
        .route("/desk/cases/{number}/correct-on-spot", get(correct::page).post(correct::send))
        .route("/desk/cases/{number}/{command}", post(act::post))
        .route("/watch", get(watch::page))
        .route("/watch/departments.csv", get(watch::export))
        .route("/watch/{department}", get(watch::office))
        .route("/studio", get(studio::page))
        .route("/studio/calendar", get(holidays::page).post(holidays::send))
        .route("/studio/{slug}", get(studio::matter).post(studio::switch))
        // Every form here limits its own body; the general limit would cut scans off.
        .layer(DefaultBodyLimit::disable())
}
