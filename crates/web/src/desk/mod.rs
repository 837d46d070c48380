//! Pages of staff: the piles of the desk, a case on one screen, walk-ins, proof of identity, the watch, the studio.
//!
//! * `frame.rs` what all of them share: navigation by role, lamps, masked names
//! * `piles.rs` the lists; `case.rs` one case with `papers.rs`, `story.rs`, `rules.rs` and `actions.rs` as its parts;
//!   `act.rs` reads what was posted; `files.rs` hands over what was uploaded
//! * `walk_in.rs` with `sheet.rs` takes an application at a window; `identity.rs` proves who somebody is
//! * `watch.rs` figures; `studio.rs` pauses and resumes automation

mod act;
mod actions;
mod case;
mod files;
mod frame;
mod identity;
mod papers;
mod piles;
mod rules;
mod sheet;
mod story;
mod studio;
mod walk_in;
mod watch;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// Addresses of the desk, the watch and the studio.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk", get(piles::overview))
        .route("/desk/walk-in", get(walk_in::page).post(walk_in::send))
        .route("/desk/identity", get(identity::page).post(identity::prove))
        .route("/desk/{pile}", get(piles::pile))
        .route("/desk/cases/{number}", get(case::page))
        .route("/desk/cases/{number}/files/{upload}", get(files::open))
        .route("/desk/cases/{number}/{command}", post(act::post))
        .route("/watch", get(watch::page))
        .route("/studio", get(studio::page))
        .route("/studio/{slug}", get(studio::matter).post(studio::switch))
}
