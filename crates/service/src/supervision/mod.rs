//! Figures 统计 for the head of a hall and for supervisors: all of them from counters that follow the journal.
//!
//! * `counted.rs` follows the journal: which counters a fact moves, and what is remembered of each case and window
//! * `read.rs` reads the counters of weeks; `tables.rs` makes tables of them (with `overview.rs` the parts of the city), which pages,
//!   files, API and command line show alike; `sheet.rs` is what a table is
//! * `cases.rs` the cases behind a figure; `published.rs` figures that were published elsewhere

mod cases;
mod counted;
mod overview;
mod published;
mod read;
mod sheet;
mod tables;

pub use cases::{Behind, behind};
pub use counted::SUBSCRIBER;
pub(crate) use counted::follow;
pub use published::{Loaded, load, load_embedded, published};
pub use read::{Asked, Range, range};
pub use sheet::{About, Cell, Column, Line, Sheet};
pub use tables::{Figures, Headline, figures};

use domain::accounts::{Action, Actor, Subject, may};

use crate::error::ServiceError;

/// The place of what has none, in keys and addresses.
pub const NOWHERE: &str = "-";

/// Refuses whoever may not see figures.
fn permit(actor: &Actor) -> Result<(), ServiceError> {
    Ok(may(actor, Action::Supervise, &Subject::default())?)
}
