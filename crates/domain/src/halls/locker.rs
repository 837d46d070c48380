//! The city's rules of lockers, dated, and which cell is free.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::device::{Device, DeviceKind, FaultKind};
use super::place::Place;
use crate::law::Confidence;

/// Rules of document lockers 智能文件柜. Local practice: data of the city, dated, with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockerRules {
    /// First day on which they count.
    pub valid_from: Date,
    /// Last day; absent = for the time being.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Who has ordered them.
    pub source: String,
    /// How sure we are of the source.
    pub basis: Confidence,
    /// How long a cell is kept free for what somebody wants to put in, in minutes.
    pub reserve_minutes: u32,
    /// How long something may lie in a cell, in hours.
    pub hold_hours: u32,
    /// How many hours before that its recipient is reminded.
    pub remind_hours: u32,
    /// How long a code for taking out works, in hours.
    pub code_hours: u32,
}

impl LockerRules {
    /// Whether the numbers can be meant.
    pub(super) fn is_sound(&self) -> bool {
        (5..=240).contains(&self.reserve_minutes)
            && (1..=720).contains(&self.hold_hours)
            && self.remind_hours < self.hold_hours
            && (1..=720).contains(&self.code_hours)
    }
}

/// The rules in force on a day.
pub fn locker_rules_on(all: &[LockerRules], date: Date) -> Option<&LockerRules> {
    all.iter().find(|rules| rules.valid_from <= date && rules.valid_to.is_none_or(|last| date <= last))
}

/// Whether a cell of a place is reported as broken by one of its devices.
pub fn is_broken(cell: u32, devices: &[Device]) -> bool {
    let lockers = devices.iter().filter(|own| own.kind == DeviceKind::Locker);
    let mut faults = lockers.flat_map(|own| &own.faults);
    faults
        .any(|own| own.what.kind == FaultKind::Cell && (own.what.part.is_empty() || own.what.part == cell.to_string()))
}

/// The first cell that is neither taken nor broken.
pub fn free_cell(place: &Place, taken: &[u32], devices: &[Device]) -> Option<u32> {
    (1..=place.cells).find(|cell| !taken.contains(cell) && !is_broken(*cell, devices))
}
