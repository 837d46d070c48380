//! Templates and dated rules of what goes out.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::accounts::Channel;
use crate::halls::DayTime;
use crate::law::Confidence;
use crate::text::Text;
use crate::time::Timestamp;

/// Why something is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// There is news.
    News,
    /// There is something for the person to do.
    Act,
    /// A code that somebody is waiting for: it goes out at any hour.
    Code,
}

impl Occasion {
    /// All of them, for the lint and tests.
    pub const ALL: [Occasion; 3] = [Occasion::News, Occasion::Act, Occasion::Code];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Occasion::News => "news",
            Occasion::Act => "act",
            Occasion::Code => "code",
        }
    }
}

/// What a subject may name: nothing about the person. It lies open on lock screens and in the logs of mail servers.
pub const fn in_subject() -> &'static [&'static str] {
    &["city"]
}

/// What a text may name on an occasion.
pub const fn in_text(occasion: Occasion) -> &'static [&'static str] {
    match occasion {
        Occasion::News | Occasion::Act => &["city", "title", "text", "number", "link"],
        Occasion::Code => &["city", "code", "minutes"],
    }
}

/// The words of one channel on one occasion, with `{placeholders}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// By which way.
    pub channel: Channel,
    /// On which occasion.
    pub occasion: Occasion,
    /// Subject of an e-mail; other channels have none.
    #[serde(default)]
    pub subject: Option<Text>,
    /// The text.
    pub text: Text,
}

/// The city's rules of sending. Local practice: dated, with their source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageRules {
    /// First day on which they count.
    pub valid_from: Date,
    /// Last day; absent = for the time being.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Who has ordered them.
    pub source: String,
    /// How sure we are of the source.
    pub basis: Confidence,
    /// From this time of day nothing is sent but codes.
    pub quiet_from: DayTime,
    /// Until this one; the same = there are no quiet hours.
    pub quiet_to: DayTime,
    /// So often sending is tried, then it is given up and shown to the operator.
    pub tries: u32,
    /// After the first failure it is tried again after so many minutes; four times as many after each further one.
    pub retry_minutes: u32,
    /// Longest time between two tries, in minutes.
    pub longest_retry_minutes: u32,
    /// How long a code that confirms an address works, in minutes.
    pub code_minutes: u32,
    /// How many wrong codes it survives.
    pub code_guesses: u32,
    /// What was sent or given up is forgotten after so many days.
    pub keep_days: u32,
}

impl MessageRules {
    /// In force on a day.
    pub fn in_force(&self, date: Date) -> bool {
        self.valid_from <= date && self.valid_to.is_none_or(|last| date <= last)
    }

    /// Whether the numbers can be meant.
    pub(super) fn is_sound(&self) -> bool {
        (1..=20).contains(&self.tries)
            && (1..=1440).contains(&self.retry_minutes)
            && (self.retry_minutes..=10_080).contains(&self.longest_retry_minutes)
            && (2..=60).contains(&self.code_minutes)
            && (1..=10).contains(&self.code_guesses)
            && (1..=366).contains(&self.keep_days)
            && self.quiet_from.minutes() < 1440
            && self.quiet_to.minutes() < 1440
    }

    /// When something goes out that could go now: at once, or when the quiet hours are over.
    pub fn goes_out(&self, occasion: Occasion, now: Timestamp) -> Timestamp {
        let (from, to, time) = (self.quiet_from, self.quiet_to, DayTime::of(now));
        let quiet = if from <= to { from <= time && time < to } else { time >= from || time < to };
        if !quiet || occasion == Occasion::Code {
            return now;
        }
        let end = to.on(now.date());
        if end > now { end } else { Timestamp::from_micros(end.micros() + DAY_MICROS) }
    }

    /// When it is tried again after so many failures, counted from one.
    pub fn retried(&self, failures: u32, occasion: Occasion, now: Timestamp) -> Timestamp {
        let grown = u64::from(self.retry_minutes) << (2 * failures.saturating_sub(1).min(16));
        let minutes = grown.min(u64::from(self.longest_retry_minutes));
        self.goes_out(occasion, now.plus_seconds(i64::try_from(minutes).unwrap_or(i64::from(u32::MAX)) * 60))
    }
}

const DAY_MICROS: i64 = 86_400_000_000;

/// `messages.json` of the catalogue. Without it nothing goes out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outgoing {
    /// Rules, by date.
    pub rules: Vec<MessageRules>,
    /// The words of each channel and occasion.
    pub templates: Vec<Template>,
}

impl Outgoing {
    /// The rules in force on a day.
    pub fn rules_on(&self, date: Date) -> Option<&MessageRules> {
        self.rules.iter().find(|rules| rules.in_force(date))
    }

    /// The words of a channel on an occasion.
    pub fn template(&self, channel: Channel, occasion: Occasion) -> Option<&Template> {
        self.templates.iter().find(|own| own.channel == channel && own.occasion == occasion)
    }
}

/// A text with its placeholders filled. A line that names something of which there is nothing to say is left out; what has no value at
/// all stays as it stands.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let said =
        |line: &&str| !values.iter().any(|(name, value)| value.is_empty() && line.contains(&format!("{{{name}}}")));
    let lines: Vec<String> = text.split('\n').filter(said).map(|line| filled(line, values)).collect();
    lines.join("\n")
}

/// One line. What a value holds is not looked at again, so that nobody writes a placeholder into a name.
fn filled(line: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, from)) = rest.split_once('{') {
        out.push_str(before);
        let known = |(name, value): &(&str, &str)| {
            from.strip_prefix(name).and_then(|after| after.strip_prefix('}')).map(|after| ((*value).to_owned(), after))
        };
        let (value, after) = values.iter().find_map(known).unwrap_or_else(|| ("{".to_owned(), from));
        out.push_str(&value);
        rest = after;
    }
    out + rest
}
