//! The profile of a simulated city: how much comes in, when, by which channel, and how often something goes wrong. Published
//! figures where there are any; what is assumed says so in its name (`data/sim_profile.json`, `data/PROVENANCE.md`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::demo::Dice;
use crate::error::ServiceError;

static PROFILE: LazyLock<Result<Profile, String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/sim_profile.json")).map_err(|error| error.to_string())
});

/// Figures by name or number: `"9"` is the hour from nine, `"1"` Monday or January.
type Shares = BTreeMap<String, f64>;

/// The profile, as far as the simulation uses it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Profile {
    sizes_cases_per_year: BTreeMap<String, u64>,
    weekday_share_assumed: Shares,
    hour_share_hall_assumed: Shares,
    hour_share_online_assumed: Shares,
    month_factor_assumed: Shares,
    pub channel_share_assumed: Shares,
    pub instant_share_by_volume_assumed: f64,
    pub correction_rate_assumed: Corrections,
    pub correction_never_supplied_assumed: f64,
    pub refused_acceptance_assumed: f64,
    pub withdrawn_assumed: f64,
    pub refused_decision_assumed: f64,
    pub special_procedure_share_of_promise_assumed: f64,
    pub extension_share_of_promise_assumed: f64,
    pub late_rate_assumed: f64,
    pub simulation_assumed: Assumed,
}

/// How often materials must be corrected.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Corrections {
    pub instant: f64,
    pub promise: f64,
}

/// What nobody publishes, and what people do wrong.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Assumed {
    /// Share of the promised time that is used: 21 quantiles, in thousandths.
    promise_used_thousandths: Vec<u32>,
    pub appointment_share_of_hall: f64,
    pub appointment_cancelled: f64,
    pub appointment_missed: f64,
    /// Nobody comes when the number is called.
    pub number_not_answered: f64,
    /// Somebody leaves the window to fetch what is missing.
    pub fetches_something: f64,
    pub unlawful_attempts: f64,
    /// Somebody acts on a page that shows an earlier state.
    pub stale_pages: f64,
    /// Somebody picks the wrong case.
    pub wrong_case: f64,
    pub returned: f64,
    pub forgotten: f64,
    pub asks_person: f64,
    pub checked_within_weeks: f64,
    pub delivered_late: f64,
    pub matter_weights: Shares,
}

/// Weeks of a year, for the share of a week in the yearly volume.
const WEEKS: f64 = 365.25 / 7.0;

impl Profile {
    /// The profile that the program brings along.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when it cannot be read.
    pub fn embedded() -> Result<&'static Profile, ServiceError> {
        PROFILE.as_ref().map_err(|error| ServiceError::Internal(format!("sim_profile.json: {error}")))
    }

    /// Cases a year of a size.
    pub fn yearly(&self, size: &str) -> Option<u64> {
        self.sizes_cases_per_year.get(size).copied()
    }

    /// Cases expected on a day: `weekday` from 1 (Monday), `working` as the calendar says. A festival on a weekday is like a
    /// Sunday, a Saturday that a notice makes a working day like the mean of Monday to Friday.
    pub fn of_day(&self, yearly: u64, weekday: i8, month: i8, working: bool) -> f64 {
        let of = |day: i8| share(&self.weekday_share_assumed, day);
        let share_of_week = match (working, weekday) {
            (true, 1..=5) | (false, 6 | 7) => of(weekday),
            (true, _) => (1..=5).map(of).sum::<f64>() / 5.0,
            (false, _) => of(7),
        };
        yearly as f64 / WEEKS * share_of_week * share(&self.month_factor_assumed, month)
    }

    /// Share of a day's cases that falls into an hour.
    pub fn of_hour(&self, hour: i8, in_person: bool) -> f64 {
        share(if in_person { &self.hour_share_hall_assumed } else { &self.hour_share_online_assumed }, hour)
    }

    /// How much of its promised time a case takes, in thousandths.
    pub fn promise_used(&self, dice: &mut Dice) -> u32 {
        let quantiles = &self.simulation_assumed.promise_used_thousandths;
        let steps = u32::try_from(quantiles.len().saturating_sub(1)).unwrap_or(1).max(1);
        let at = dice.below(steps) as usize;
        let from = quantiles.get(at).copied().unwrap_or(0);
        let to = quantiles.get(at + 1).copied().unwrap_or(1000);
        dice.between(from, to.max(from))
    }
}

fn share(of: &Shares, key: i8) -> f64 {
    of.get(&key.to_string()).copied().unwrap_or(0.0)
}

/// Whether something happens that happens with this probability.
pub(super) fn chance(dice: &mut Dice, probability: f64) -> bool {
    f64::from(dice.below(1_000_000)) < probability * 1e6
}

/// One of several, by weight; `None` when no weight is above zero.
pub(super) fn weighted<'a, T: ?Sized>(dice: &mut Dice, of: &[(&'a T, f64)]) -> Option<&'a T> {
    let total: f64 = of.iter().map(|(_, weight)| weight).sum();
    let mut left = f64::from(dice.below(1_000_000)) / 1e6 * total;
    for (one, weight) in of {
        if left < *weight {
            return Some(*one);
        }
        left -= weight;
    }
    of.iter().rev().find(|(_, weight)| *weight > 0.0).map(|(one, _)| *one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_adds_up() {
        let profile = Profile::embedded().unwrap();
        assert_eq!(profile.yearly("M"), Some(1_000_000));
        let week: f64 = (1..=7).map(|day| profile.of_day(1_000_000, day, 3, day < 6)).sum();
        assert!((week - 1_000_000.0 / WEEKS * 1.15).abs() < 1.0, "{week}");
        for in_person in [true, false] {
            let day: f64 = (0..24).map(|hour| profile.of_hour(hour, in_person)).sum();
            assert!((0.98..1.02).contains(&day), "{day}");
        }
        let monday = profile.of_day(1_000_000, 1, 3, true);
        assert!(profile.of_day(1_000_000, 1, 3, false) < monday / 10.0, "a festival on a Monday is like a Sunday");
        assert!(profile.of_day(1_000_000, 6, 3, true) > monday / 2.0, "a working Saturday is like a weekday");
    }

    #[test]
    fn what_is_thrown_follows_the_shares() {
        let mut dice = Dice::new(3);
        let often = (0..10_000).filter(|_| chance(&mut dice, 0.2)).count();
        assert!((1_800..2_200).contains(&often), "{often}");
        let heavy = (0..10_000).filter(|_| weighted(&mut dice, &[("a", 3.0), ("b", 1.0)]) == Some("a")).count();
        assert!((7_200..7_800).contains(&heavy), "{heavy}");
        let profile = Profile::embedded().unwrap();
        let mean = (0..10_000).map(|_| u64::from(profile.promise_used(&mut dice))).sum::<u64>() / 10_000;
        assert!((320..350).contains(&mean), "a third of the promised time: {mean}");
    }
}
