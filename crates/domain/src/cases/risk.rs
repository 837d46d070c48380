//! How closely an approver should look at a case before deciding it.

use super::case::Case;

/// The order in which an approver's pile is sorted, before the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// Somebody or something already speaks against granting: the last opinion, the rules, a material with a defect.
    High,
    /// Something was not in order at first: a correction notice, an opinion that once spoke against it.
    Watch,
    /// Nothing stands out.
    Ordinary,
}

impl Risk {
    /// The stored number: the closest look first.
    pub fn rank(self) -> i64 {
        match self {
            Risk::High => 0,
            Risk::Watch => 1,
            Risk::Ordinary => 2,
        }
    }

    /// The risk of a stored number; a row without one gets a second look.
    pub fn of_rank(rank: Option<i64>) -> Risk {
        match rank {
            Some(0) => Risk::High,
            Some(2) => Risk::Ordinary,
            _ => Risk::Watch,
        }
    }

    /// Name for words and style.
    pub fn name(self) -> &'static str {
        match self {
            Risk::High => "high",
            Risk::Watch => "watch",
            Risk::Ordinary => "ordinary",
        }
    }
}

/// How closely to look at this case.
pub fn risk(case: &Case) -> Risk {
    let against = case.opinions.last().is_some_and(|opinion| !opinion.favourable);
    let by_rules = case.rules.as_ref().is_some_and(|rules| rules.outcome == "refuse_proposed");
    let defect = case.application.materials.iter().any(|item| item.verdict.as_ref().is_some_and(|v| !v.in_order));
    if against || by_rules || defect {
        return Risk::High;
    }
    let disputed = case.opinions.iter().any(|opinion| !opinion.favourable);
    if case.correction.is_some() || disputed { Risk::Watch } else { Risk::Ordinary }
}
