//! What a new version of a rule would change.

use std::sync::Arc;

use domain::text::Text;
use serde::Serialize;

use crate::decision::Outcome;
use crate::fact::Facts;
use crate::load::RuleSet;

/// A case that the two versions decide differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flip {
    /// Position among the cases.
    pub case: usize,
    /// Outcome of the old version.
    pub old: Outcome,
    /// Outcome of the new version.
    pub new: Outcome,
    /// Rows that fired in the old version.
    pub old_fired: Vec<Arc<str>>,
    /// Rows that fired in the new version.
    pub new_fired: Vec<Arc<str>>,
    /// Sentence of the old version.
    pub old_reason: Text,
    /// Sentence of the new version.
    pub new_reason: Text,
}

/// Applies both versions to every case and lists those whose outcome differs, in the order of the cases.
///
/// Facts are those that were recorded: a field that only the new version knows is missing in them and so sends the case
/// to a person, which then shows as a flip.
pub fn replay(old: &RuleSet, new: &RuleSet, cases: &[Facts]) -> Vec<Flip> {
    let mut flips = Vec::new();
    for (case, facts) in cases.iter().enumerate() {
        let (was, is) = (old.evaluate(facts), new.evaluate(facts));
        if was.outcome != is.outcome {
            flips.push(Flip {
                case,
                old: was.outcome,
                new: is.outcome,
                old_fired: was.fired,
                new_fired: is.fired,
                old_reason: was.reason,
                new_reason: is.reason,
            });
        }
    }
    flips
}
