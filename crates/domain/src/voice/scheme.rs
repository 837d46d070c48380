//! Levels, tags and dated rules of rating.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::law::Confidence;
use crate::text::Text;

/// One of the five levels. The platform's stars run the other way round than the code of the standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// 5 = 非常满意 … 1 = 非常不满意.
    pub stars: u8,
    /// Code of GB/T 39046 A.8: 1 = 非常满意 … 5 = 非常不满意.
    pub code: u8,
    /// The word.
    pub name: Text,
    /// 差评: it opens a follow-up.
    #[serde(default)]
    pub bad: bool,
}

/// A national tag 评价标签 of a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelTag {
    /// Three digits: `510`.
    pub code: String,
    /// The level that it belongs to.
    pub stars: u8,
    /// The words.
    pub text: Text,
}

/// From which average on so many stars are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// 1 to 5.
    pub stars: u8,
    /// Least average, in hundredths of a point.
    pub average: i64,
    /// Fewest ratings.
    pub least: i64,
}

/// The city's rules of rating. Local practice: dated, with their source. The working days of follow-ups stand among the numbers
/// of the law (`rating-contact`, `rating-answer`, `rating-complex`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatingRules {
    /// First day on which they count.
    pub valid_from: Date,
    /// Last day; absent = for the time being.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Who has ordered them.
    pub source: String,
    /// How sure we are of the source.
    pub basis: Confidence,
    /// A service may be rated so many calendar days after its end.
    pub open_days: u32,
    /// By the code of a window only the number of a ticket that was served there within so many minutes is taken.
    pub window_minutes: u32,
    /// As which level a service counts that nobody rated; absent = as none.
    #[serde(default)]
    pub unrated_stars: Option<u8>,
    /// After so many attempts a rater counts as out of reach.
    pub contact_attempts: u32,
    /// After the answer one may rate again for so many calendar days.
    pub rerate_days: u32,
    /// Whether the second rating counts in the place of the first, or beside it.
    pub rerate_replaces: bool,
    /// Figures of fewer ratings are not published: they would show who rated.
    pub publish_least: i64,
    /// Longest free text, in characters.
    pub text_chars: u32,
    /// The department that answers for what no other is named for: the hall's.
    pub hall_department: String,
    /// Points of one to five stars, in hundredths; five stars have the most.
    pub points: [i64; 5],
    /// Stars of windows, clerks and departments, the most first.
    pub grades: Vec<Grade>,
}

impl RatingRules {
    /// In force on a day.
    pub fn in_force(&self, date: Date) -> bool {
        self.valid_from <= date && self.valid_to.is_none_or(|last| date <= last)
    }
}

/// Who enters a contest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContestOf {
    /// Clerks: 服务标兵.
    Clerk,
    /// Windows: 优秀窗口.
    Window,
}

/// How often a contest is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Every {
    /// Each calendar month.
    Month,
    /// Each quarter.
    Quarter,
}

/// A periodic contest 评比, decided by counters alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contest {
    /// Name in addresses.
    pub id: String,
    /// Printed name.
    pub name: Text,
    /// Who enters.
    pub of: ContestOf,
    /// How often.
    pub every: Every,
    /// How many win.
    pub winners: usize,
    /// Fewest ratings to enter.
    pub least: i64,
    /// Most bad ratings that do not shut one out.
    pub bad_allowed: i64,
    /// First day of the first period.
    pub valid_from: Date,
    /// Last day; absent = for the time being.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Who has ordered it.
    pub source: String,
    /// How sure we are of the source.
    pub basis: Confidence,
}

/// `ratings.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratings {
    /// The levels, the best first.
    pub levels: Vec<Level>,
    /// Their tags.
    pub tags: Vec<LevelTag>,
    /// The rules, by date.
    pub rules: Vec<RatingRules>,
    /// The contests.
    #[serde(default)]
    pub contests: Vec<Contest>,
}

impl Ratings {
    /// A level.
    pub fn level(&self, stars: u8) -> Option<&Level> {
        self.levels.iter().find(|level| level.stars == stars)
    }

    /// A tag.
    pub fn tag(&self, code: &str) -> Option<&LevelTag> {
        self.tags.iter().find(|tag| tag.code == code)
    }

    /// The tags of a level.
    pub fn tags_of(&self, stars: u8) -> impl Iterator<Item = &LevelTag> {
        self.tags.iter().filter(move |tag| tag.stars == stars)
    }

    /// Whether a level opens a follow-up.
    pub fn is_bad(&self, stars: u8) -> bool {
        self.level(stars).is_some_and(|level| level.bad)
    }

    /// The rules in force on a day.
    pub fn rules_on(&self, date: Date) -> Option<&RatingRules> {
        self.rules.iter().find(|rules| rules.in_force(date))
    }
}
