//! The duty rota 轮值表 of a place: who sits at which window when, swaps of duties, what is wrong with a week, and overtime.
//!
//! * `duty.rs` a week of duties and what happens to it; `swap.rs` how clerks swap, give away and give back
//! * `roster.rs` who can be planned, and at which counters
//! * `flag.rs` what is wrong with a week, computed from it and never stored
//! * `overtime.rs` time served past closing 延时服务, and the ledger of time off in lieu 调休
//! * `rules.rs` the city's dated rules

mod duty;
mod flag;
mod overtime;
mod roster;
mod rules;
mod swap;

pub use duty::{Duty, Rota, RotaFact, Wanted, monday_of};
pub use flag::{Busy, DutyFlag, Flags, Gap, flags, gaps, left_by};
pub use overtime::{Ledger, LedgerFact, Lieu, LieuKind, Overtime, past_closing};
pub use roster::{Member, Roster, RosterFact};
pub use rules::{RotaRules, rota_rules_on};
pub use swap::{Effect, Swap, SwapAbout, SwapState};
