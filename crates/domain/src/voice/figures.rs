//! Figures of ratings: shares, averages, stars.

use super::scheme::{Grade, RatingRules};

/// How many ratings of each level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Of one star to five stars.
    pub by_stars: [i64; 5],
    /// Services that ended in the same time, of which nobody need have rated any.
    pub services: i64,
}

/// One part of another, in ten thousandths of a per cent, rounded half up; 0 of nothing.
fn share(part: i64, whole: i64) -> i64 {
    if whole <= 0 { 0 } else { (part.saturating_mul(2_000_000) + whole) / (2 * whole) }
}

impl Tally {
    /// Adds to a level.
    pub fn add(&mut self, stars: u8, by: i64) {
        if let Some(count) = usize::from(stars).checked_sub(1).and_then(|at| self.by_stars.get_mut(at)) {
            *count += by;
        }
    }

    /// Of a level.
    pub fn of(&self, stars: u8) -> i64 {
        usize::from(stars).checked_sub(1).and_then(|at| self.by_stars.get(at)).copied().unwrap_or(0)
    }

    /// All ratings.
    pub fn total(&self) -> i64 {
        self.by_stars.iter().sum()
    }

    /// The tally by which shares and averages go: what nobody rated counts only where the rules say as what.
    pub fn counted(&self, rules: &RatingRules) -> Tally {
        let mut counted = *self;
        if let Some(stars) = rules.unrated_stars {
            counted.add(stars, (self.services - self.total()).max(0));
        }
        counted
    }

    /// Share of a level, in ten thousandths of a per cent.
    pub fn share(&self, stars: u8) -> i64 {
        share(self.of(stars), self.total())
    }

    /// Share of the services that somebody rated, in ten thousandths of a per cent; `None` where it is not known how many there were.
    pub fn rated_share(&self) -> Option<i64> {
        (self.services > 0).then(|| share(self.total().min(self.services), self.services))
    }

    /// Average in hundredths of a point, cut off, so that nothing looks better than it is; `None` without ratings.
    pub fn average(&self, rules: &RatingRules) -> Option<i64> {
        let points: i64 = self.by_stars.iter().zip(rules.points).map(|(count, points)| count * points).sum();
        (self.total() > 0).then(|| points / self.total())
    }
}

/// The stars that a tally earns; `None` while there are too few ratings for any.
pub fn grade<'r>(tally: &Tally, rules: &'r RatingRules) -> Option<&'r Grade> {
    let average = tally.average(rules)?;
    rules.grades.iter().find(|grade| average >= grade.average && tally.total() >= grade.least)
}
