//! Reading `ratings.json` of the catalogue, and what is wrong with it.

use std::collections::BTreeSet;

use super::scheme::{RatingRules, Ratings};
use crate::catalog::source::Source;
use crate::catalog::{Files, Finding};
use crate::text::Text;

/// The file inside a catalogue. Without it nothing can be rated.
pub const RATINGS: &str = "ratings.json";

impl Ratings {
    /// Reads the file; a catalogue without it has no levels.
    ///
    /// # Errors
    /// A finding when the file is not JSON or has the wrong shape.
    pub fn load(files: &Files) -> Result<Ratings, Vec<Finding>> {
        match files.get(RATINGS) {
            Some(text) => Source::parse(RATINGS, text)?.read(),
            None => Ok(Ratings::default()),
        }
    }
}

/// What is wrong with levels, tags, rules and contests of a catalogue.
pub fn lint_ratings(files: &Files) -> Vec<Finding> {
    let Some(text) = files.get(RATINGS) else { return Vec::new() };
    let source = match Source::parse(RATINGS, text) {
        Ok(source) => source,
        Err(findings) => return findings,
    };
    let ratings: Ratings = match source.read() {
        Ok(ratings) => ratings,
        Err(findings) => return findings,
    };
    let mut lint = Lint { source: &source, findings: Vec::new() };
    lint.levels(&ratings);
    lint.rules(&ratings);
    lint.contests(&ratings);
    lint.findings
}

struct Lint<'s> {
    source: &'s Source<'s>,
    findings: Vec<Finding>,
}

impl Lint<'_> {
    fn say(&mut self, pointer: &str, check: &'static str, [zh, en]: [&str; 2]) {
        let fix = Text::new("请对照国家标准或本市规则改正。", "Correct it by the standard or the city's rules.");
        self.findings.push(self.source.error(pointer, check, Text::new(zh, en), fix));
    }

    /// GB/T 39046 A.8: five levels, coded 1 to 5 from the best to the worst; each with its tags.
    fn levels(&mut self, ratings: &Ratings) {
        let five: Vec<(u8, u8)> = ratings.levels.iter().map(|level| (level.stars, level.code)).collect();
        let worded = ratings.levels.iter().all(|level| !level.name.is_incomplete());
        if five != [(5, 1), (4, 2), (3, 3), (2, 4), (1, 5)] || !worded || !ratings.levels.iter().any(|own| own.bad) {
            self.say(
                "/levels",
                "rating-levels",
                [
                    "须有五个等级，从 5 星（代码 1）到 1 星（代码 5），中英文齐全，并标明哪些是差评。",
                    "There are five levels from 5 stars (code 1) to 1 star (code 5), in both languages, some marked as bad.",
                ],
            );
        }
        let mut seen = BTreeSet::new();
        for (at, tag) in ratings.tags.iter().enumerate() {
            let digits = tag.code.len() == 3 && tag.code.chars().all(|c| c.is_ascii_digit());
            let known = ratings.level(tag.stars).is_some();
            if !digits || !known || tag.text.is_incomplete() || !seen.insert(&tag.code) {
                self.say(
                    &format!("/tags/{at}"),
                    "rating-tag",
                    [
                        "标签须有不重复的三位代码、等级和中英文。",
                        "A tag has its own three digits, a level and both languages.",
                    ],
                );
            }
        }
    }

    fn rules(&mut self, ratings: &Ratings) {
        if !ratings.levels.is_empty() && ratings.rules.is_empty() {
            self.say("/rules", "rating-rules", ["没有评价规则。", "There are no rules of rating."]);
        }
        let mut last: Option<&RatingRules> = None;
        for (at, rules) in ratings.rules.iter().enumerate() {
            let pointer = format!("/rules/{at}");
            let overlaps = last.is_some_and(|before| before.valid_to.is_none_or(|end| end >= rules.valid_from));
            if overlaps || rules.valid_to.is_some_and(|end| end < rules.valid_from) {
                self.say(&pointer, "rating-dates", ["评价规则的日期前后重叠。", "The dates of the rules overlap."]);
            }
            let rising = rules.points.iter().zip(rules.points.iter().skip(1)).all(|(low, high)| low < high);
            let sizes = (1..=366).contains(&rules.open_days)
                && (1..=1440).contains(&rules.window_minutes)
                && (1..=10).contains(&rules.contact_attempts)
                && (1..=366).contains(&rules.rerate_days)
                && (10..=5000).contains(&rules.text_chars);
            let unrated = rules.unrated_stars.is_none_or(|stars| ratings.level(stars).is_some());
            if !sizes || !rising || !unrated || rules.source.trim().is_empty() || rules.hall_department.is_empty() {
                self.say(
                    &pointer,
                    "rating-rules",
                    [
                        "天数、分钟、次数、字数、分值或未评计法不对，或者没有写明依据和大厅主管部门。",
                        "Days, minutes, attempts, length, points or the level of unrated services are wrong, or source or the hall's department is missing.",
                    ],
                );
            }
            let mut graded = rules.grades.iter().zip(rules.grades.iter().skip(1));
            if !graded.all(|(high, low)| high.stars > low.stars && high.average > low.average) {
                self.say(&pointer, "rating-grades", ["星级须从高到低排列。", "Grades stand from the most stars down."]);
            }
            last = Some(rules);
        }
    }

    fn contests(&mut self, ratings: &Ratings) {
        let mut seen = BTreeSet::new();
        for (at, contest) in ratings.contests.iter().enumerate() {
            let named = !contest.id.is_empty()
                && contest.id.chars().all(|c| c.is_ascii_lowercase() || c == '-')
                && !contest.name.is_incomplete();
            let sized = (1..=100).contains(&contest.winners) && contest.least >= 1;
            if !named || !sized || !seen.insert(&contest.id) || contest.source.trim().is_empty() {
                self.say(
                    &format!("/contests/{at}"),
                    "rating-contest",
                    [
                        "评比须有不重复的小写编号、中英文名称、名额、最少评价数和依据。",
                        "A contest has its own id in lower case, a name in both languages, winners, the fewest ratings and a source.",
                    ],
                );
            }
        }
    }
}
