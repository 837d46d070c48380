//! The city's rules of terminals, dated: what every one of them offers, and the times after which something happens by itself.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::place::Place;
use crate::law::Confidence;
use crate::time::Timestamp;

/// Rules of terminals 自助终端. Local practice: data of the city, dated, with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TerminalRules {
    /// First day on which they count.
    pub valid_from: Date,
    /// Last day; absent = for the time being.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Who has ordered them.
    pub source: String,
    /// How sure we are of the source.
    pub basis: Confidence,
    /// 标准清单: slugs of the matters that every terminal offers.
    pub matters: Vec<String>,
    /// After so many seconds without a touch a kiosk asks whether anybody is there …
    pub idle_seconds: u32,
    /// … and after so many more it signs out and forgets everything.
    pub warn_seconds: u32,
    /// How often a device says that it is alive, in seconds.
    pub beat_seconds: u32,
    /// A device that has said nothing for so many seconds is flagged.
    pub silent_seconds: u32,
    /// How long the code works with which a device is enrolled, in minutes.
    pub enrol_minutes: u32,
    /// How long a device works before it proves its key anew, in hours.
    pub session_hours: u32,
}

impl TerminalRules {
    /// Whether the numbers can be meant: each has bounds, and a device must be able to speak before it counts as silent.
    pub(super) fn is_sound(&self) -> bool {
        (20..=600).contains(&self.idle_seconds)
            && (10..=120).contains(&self.warn_seconds)
            && (10..=600).contains(&self.beat_seconds)
            && self.silent_seconds >= 2 * self.beat_seconds
            && (5..=1440).contains(&self.enrol_minutes)
            && (1..=168).contains(&self.session_hours)
    }
}

/// The rules in force on a day.
pub fn terminal_rules_on(all: &[TerminalRules], date: Date) -> Option<&TerminalRules> {
    all.iter().find(|rules| rules.valid_from <= date && rules.valid_to.is_none_or(|last| date <= last))
}

/// Whether a device that was heard last at `seen` counts as silent now.
pub fn is_silent(rules: &TerminalRules, seen: Timestamp, now: Timestamp) -> bool {
    seen.plus_seconds(i64::from(rules.silent_seconds)) < now
}

/// The matters that a terminal of a place offers: the standard list, and what the place adds to it for this terminal. None stands in
/// both.
pub fn offered<'p>(rules: &'p TerminalRules, place: &'p Place, terminal: &str) -> (Vec<&'p str>, Vec<&'p str>) {
    let standard: Vec<&str> = rules.matters.iter().map(String::as_str).collect();
    let own = place.terminals.iter().find(|own| own.id == terminal);
    let local = own.into_iter().flat_map(|own| &own.matters).map(String::as_str);
    let local = local.filter(|slug| !standard.contains(slug)).collect();
    (standard, local)
}
