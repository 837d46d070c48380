//! The numbers of the general procedure as dated data (T-1): no number of the law stands in code.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Lamps, Period, StartEvent, Unit};
use crate::law::Confidence;
use crate::text::Text;

/// A number that the law or the city sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LawNumber {
    /// Stable name: `correction-notice`.
    pub id: String,
    /// How many units.
    pub number: u32,
    /// Of what.
    pub unit: Unit,
    /// From when; from `hearing` and `expiry` it is counted backwards.
    pub start: StartEvent,
    /// Law and article, in Chinese.
    pub source: String,
    /// How sure we are; `L` = the city's own choice.
    pub basis: Confidence,
    /// First legal day on which it applies.
    pub valid_from: Date,
    /// Last legal day on which it applies; absent = still in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
    /// What it limits, for staff.
    pub purpose: Text,
}

impl LawNumber {
    /// The same as a period, to be put on a clock.
    pub fn period(&self) -> Period {
        Period {
            number: self.number,
            unit: self.unit,
            start: self.start,
            source: self.source.clone(),
            basis: self.basis,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        }
    }

    /// True when it applies on a legal day.
    pub fn in_force(&self, on: Date) -> bool {
        self.valid_from <= on && self.valid_to.is_none_or(|last| on <= last)
    }
}

/// Why a number is not there, or a table is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LawError {
    /// No number of that name.
    #[error("the law table has no number `{0}`")]
    Unknown(String),
    /// The number exists, but not on that day.
    #[error("`{id}` is not in force on {on}")]
    NotInForce {
        /// Name of the number.
        id: String,
        /// The day asked for.
        on: Date,
    },
    /// Two numbers of one name apply on the same day.
    #[error("`{id}` has two numbers on {on}: give the earlier one a valid_to before that day")]
    Overlap {
        /// Name of the number.
        id: String,
        /// First day on which both apply.
        on: Date,
    },
    /// The validity ends before it begins.
    #[error("`{id}`: valid_to {to} is before valid_from {from}")]
    Backwards {
        /// Name of the number.
        id: String,
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// A number without name, source or purpose.
    #[error("`{id}` has no {field}")]
    Missing {
        /// Name of the number, possibly empty.
        id: String,
        /// What is missing.
        field: &'static str,
    },
    /// The file is not a table; the message names line and column.
    #[error("the law table cannot be read: {0}")]
    Json(String),
}

/// The numbers by name and first day.
#[derive(Debug, Clone, Default)]
pub struct LawTable {
    numbers: BTreeMap<(String, Date), LawNumber>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    numbers: Vec<LawNumber>,
}

/// A broken file would give a table without numbers, so that every look-up is refused; a test keeps the file whole.
static EMBEDDED: LazyLock<LawTable> = LazyLock::new(|| {
    LawTable::default().with_overrides(include_str!("../../data/law_periods.json")).unwrap_or_default()
});

impl LawTable {
    /// The table that comes with the program.
    pub fn embedded() -> &'static LawTable {
        &EMBEDDED
    }

    /// A new table with the numbers of `json` (`{"numbers": [...]}`) added. A number with the name and `valid_from` of one
    /// that is there replaces it; so a change of law is two entries, the old one with a `valid_to` and the new one.
    ///
    /// # Errors
    /// Unreadable JSON, missing words, validity backwards, or two numbers of one name on the same day.
    pub fn with_overrides(&self, json: &str) -> Result<LawTable, LawError> {
        let file: File = serde_json::from_str(json).map_err(|e| LawError::Json(e.to_string()))?;
        let mut table = self.clone();
        let mut seen = std::collections::BTreeSet::new();
        for number in file.numbers {
            number.check()?;
            let key = (number.id.clone(), number.valid_from);
            if !seen.insert(key.clone()) {
                return Err(LawError::Overlap { id: number.id, on: number.valid_from });
            }
            table.numbers.insert(key, number);
        }
        table.check_overlaps()?;
        Ok(table)
    }

    fn check_overlaps(&self) -> Result<(), LawError> {
        for (one, next) in self.numbers.values().zip(self.numbers.values().skip(1)) {
            if one.id == next.id && one.valid_to.is_none_or(|last| last >= next.valid_from) {
                return Err(LawError::Overlap { id: one.id.clone(), on: next.valid_from });
            }
        }
        Ok(())
    }

    /// The number in force on a legal day.
    ///
    /// # Errors
    /// An unknown name, or a day on which no number of that name applies.
    pub fn get(&self, id: &str, on: Date) -> Result<&LawNumber, LawError> {
        let mut known = false;
        for number in self.numbers.values().filter(|n| n.id == id) {
            known = true;
            if number.in_force(on) {
                return Ok(number);
            }
        }
        Err(if known { LawError::NotInForce { id: id.into(), on } } else { LawError::Unknown(id.into()) })
    }

    /// All numbers by name, then by first day.
    pub fn list(&self) -> impl Iterator<Item = &LawNumber> {
        self.numbers.values()
    }

    /// The lamp thresholds in force (T-6): `lamp-warning` and `lamp-yellow`.
    ///
    /// # Errors
    /// As [`LawTable::get`].
    pub fn lamps(&self, on: Date) -> Result<Lamps, LawError> {
        Ok(Lamps { warning: self.get("lamp-warning", on)?.number, yellow: self.get("lamp-yellow", on)?.number })
    }
}

impl LawNumber {
    fn check(&self) -> Result<(), LawError> {
        let missing = |field| Err(LawError::Missing { id: self.id.clone(), field });
        if self.id.is_empty() {
            return missing("id");
        }
        if self.source.trim().is_empty() {
            return missing("source");
        }
        if self.purpose.is_incomplete() {
            return missing("purpose in both languages");
        }
        match self.valid_to {
            Some(to) if to < self.valid_from => {
                Err(LawError::Backwards { id: self.id.clone(), from: self.valid_from, to })
            }
            _ => Ok(()),
        }
    }
}
