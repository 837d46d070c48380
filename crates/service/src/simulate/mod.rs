//! The simulated city: months of arrivals in virtual time through the real use cases, with people who make mistakes, and at each
//! step the question whether what must hold does hold.
//!
//! * `profile.rs`, `arrivals.rs` how much comes in, when and how; `habits.rs` what befalls an application, and when people act
//! * `story.rs` one application from filing to end, with `desk.rs` what is lawfully done and `mistakes.rs` what is not; `hall.rs` one place with its appointments and its queue
//! * `watch.rs` what must hold, as pure questions; `audit.rs` asks them of what is stored; `faults.rs` breaks each on purpose
//! * `engine.rs` virtual time; `clock.rs` its clock and its dice; `world.rs` who works there; `report.rs` what came of it
//!
//! Everything of one virtual second is given to the platform at once, so that its commits share a durable write. What is done
//! at the same time never depends on its order: each application has dice of its own, and each place goes through its acts one by one.
//! So the same seed gives the same report. A simulated city is a demo city, marked as one for ever.

mod arrivals;
mod audit;
mod clock;
mod desk;
mod engine;
mod faults;
mod habits;
mod hall;
mod mistakes;
mod profile;
mod report;
mod story;
mod watch;
mod world;

use std::collections::BTreeMap;

use jiff::civil::Date;

pub use engine::run;
pub use faults::Fault;
pub use report::{Report, Span};
pub use watch::{Invariant, Violation};

use crate::error::ServiceError;
use profile::Profile;

/// The first day of a simulation when none is named: a Monday.
pub const FIRST_DAY: Date = Date::constant(2026, 3, 2);

/// How large the city is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// For tests: 50,000 cases a year.
    S,
    /// A tenth of the city: 1,000,000 cases a year.
    M,
    /// A city of 10 million people: 10,600,000 cases a year.
    L,
}

impl Size {
    /// As the profile and the command line name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Size::S => "S",
            Size::M => "M",
            Size::L => "L",
        }
    }

    /// How many times the windows and the places of slots of the demo city its visitors need.
    pub fn windows(self) -> usize {
        match self {
            Size::S => 1,
            Size::M => 10,
            Size::L => 100,
        }
    }
}

/// What is simulated.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Virtual days.
    pub days: u32,
    /// Same seed, same report.
    pub seed: u64,
    /// The first day.
    pub first: Date,
    /// Name of the size in the report.
    pub size: &'static str,
    /// Cases expected in a year.
    pub yearly: u64,
    /// People act on a grid of so many virtual seconds.
    pub beat_seconds: i64,
    /// At most so many windows of a counter are staffed.
    pub windows: usize,
    /// Whether every sealed document and record of rules is verified at the end, beside chains and rows.
    pub thorough: bool,
    /// A fault on purpose, to see whether it is noticed.
    pub fault: Option<Fault>,
}

impl Plan {
    /// So many days of a city of a size.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when the profile cannot be read.
    pub fn new(days: u32, seed: u64, size: Size) -> Result<Plan, ServiceError> {
        let yearly = Profile::embedded()?.yearly(size.as_str());
        Ok(Plan {
            days,
            seed,
            first: FIRST_DAY,
            size: size.as_str(),
            yearly: yearly.ok_or_else(|| ServiceError::internal("the profile does not know this size"))?,
            beat_seconds: if size == Size::L { 10 } else { 60 },
            windows: usize::MAX,
            thorough: size == Size::S,
            fault: None,
        })
    }
}

/// The files of a catalogue for a city of a size: as many windows and places in slots as its visitors need.
///
/// # Errors
/// [`ServiceError::Internal`] for a `places.json` that cannot be read.
pub fn scaled(mut files: BTreeMap<String, String>, size: Size) -> Result<BTreeMap<String, String>, ServiceError> {
    const PLACES: &str = "places.json";
    let times = size.windows();
    let Some(text) = files.get(PLACES).filter(|_| times > 1) else { return Ok(files) };
    let mut places: serde_json::Value = serde_json::from_str(text).map_err(ServiceError::internal)?;
    let all = places.get_mut("places").and_then(|places| places.as_array_mut()).into_iter().flatten();
    let counters = all.filter_map(|place| place.get_mut("counters")?.as_array_mut()).flatten();
    for counter in counters {
        if let Some(windows) = counter.get_mut("windows").and_then(|windows| windows.as_array_mut()) {
            let names: Vec<String> = windows.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
            let more = (1..times)
                .flat_map(|copy| names.iter().map(move |name| serde_json::Value::from(format!("{name}-{copy}"))));
            windows.extend(more);
        }
        if let Some(capacity) = counter.pointer_mut("/booking/capacity") {
            let wanted = capacity.as_u64().unwrap_or(1) * times as u64;
            *capacity = wanted.min(1000).into();
        }
    }
    files.insert(PLACES.to_owned(), places.to_string());
    Ok(files)
}
