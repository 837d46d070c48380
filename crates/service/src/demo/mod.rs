//! The demo city: fictitious people and businesses, applications ready to be sent, and a district with a past.
//!
//! Everything here goes through the use cases that people use. The one exception is [`crate::registry::put`], which stands
//! for the registers' owners. A city that is no demo city has none of it: every function answers "no such thing" there.
//!
//! The same seed and the same day make the same city. Secrets do not come from the seed (DESIGN §7).

mod draw;
mod names;
mod people;
mod random;
mod seed;
mod specimen;

pub use draw::{Drawn, DrawnMaterial, draw, draw_for};
pub use people::{Body, Person, Who, invent};
pub use random::Dice;
pub(crate) use seed::common;
pub use seed::{DemoAccount, PASSWORD, Seeded, SeededCase, accounts, history_start, is_seeded, seed};
pub use specimen::{Specimens, specimens};

use crate::city::City;
use crate::error::ServiceError;

/// Refuses in a city with real people.
fn only_in_demo(city: &City) -> Result<(), ServiceError> {
    if city.settings().demo { Ok(()) } else { Err(ServiceError::NotFound("demo")) }
}
