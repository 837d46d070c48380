//! The city's dated rules of rotas.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How a swap of duties comes to count, in force between two days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RotaRules {
    /// First day.
    pub valid_from: Date,
    /// Last day; absent = for the time being.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Who has ordered it.
    pub source: String,
    /// `L` for a local rule.
    pub basis: String,
    /// Whether the hall's head confirms a swap; otherwise it counts when the colleague accepts.
    pub head_confirms: bool,
}

/// The rules in force on a day.
pub fn rota_rules_on(rules: &[RotaRules], day: Date) -> Option<&RotaRules> {
    rules.iter().find(|own| own.valid_from <= day && own.valid_to.is_none_or(|last| day <= last))
}
