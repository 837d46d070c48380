//! Published matters: importing a catalogue, loading it, pausing a matter's automation.

mod import;
mod sample;
mod shelf;

pub use import::{import, load, pause_automation, version};
pub use sample::sample;
pub use shelf::{Published, Shelf, public_form};
