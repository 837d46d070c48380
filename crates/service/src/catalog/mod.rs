//! Published matters: importing a catalogue, loading it, pausing a matter's automation.

mod check;
mod evidence;
mod import;
mod sample;
mod shelf;

pub use check::check;
pub use evidence::verify;
pub(crate) use import::supersedes;
pub use import::{import, load, pause_automation, refresh, version};
pub use sample::sample;
pub use shelf::{Published, Shelf, public_form};
