//! Figures that a newspaper or an authority has published, loaded from a file that names its sources, and what can be derived from them.
//!
//! They are kept apart from what this city counts: whoever reads one sees where it is from and of when. What follows from the numbers
//! (growth, rates, averages) is computed here and compared with what was printed.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::{Decimal, Ratio};
use crate::text::Text;

/// Most figures of one file.
const MOST_FIGURES: usize = 500;
/// Most periods of one figure.
const MOST_PERIODS: usize = 60;
/// Greatest number that is taken for a figure.
const MOST: i64 = 1_000_000_000_000;
/// The file that comes with the program.
const EMBEDDED: &str = include_str!("../../data/published_figures.json");

/// Where figures are from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its name in the file.
    pub id: String,
    /// Title of the article or report.
    pub title: Text,
    /// Which place it speaks of.
    pub about: Text,
    /// When it was published, as far as is known: `2020-02`.
    pub published: String,
    /// What is uncertain about it; may be empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<Text>,
}

/// A number of some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The number.
    pub n: i64,
}

impl Period {
    /// How many days it has.
    pub fn days(&self) -> i64 {
        self.from.until(self.to).map_or(0, |span| i64::from(span.get_days())) + 1
    }

    /// The number for each day, rounded.
    pub fn per_day(&self, decimals: u32) -> Option<Decimal> {
        Decimal::quotient(self.n.into(), self.days().into(), decimals)
    }
}

/// What a figure is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Shape {
    /// A number of each period, one after the other.
    Periods {
        /// The periods in order.
        periods: Vec<Period>,
        /// Growth of the last one, as printed: `108%`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        printed: Option<String>,
    },
    /// The sum of other figures with the same periods.
    Sum {
        /// Their names.
        of: Vec<String>,
        /// Growth of the last period, as printed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        printed: Option<String>,
    },
    /// How many were accepted, and how many of them are done.
    Rate {
        /// Accepted 受理.
        accepted: i64,
        /// Done 办结.
        closed: i64,
        /// The closing rate as printed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        printed: Option<String>,
    },
    /// From one time of a day to another.
    Span {
        /// When it began.
        from: Time,
        /// When it was done.
        to: Time,
        /// Minutes as printed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        printed: Option<String>,
    },
    /// A share that is only printed: nothing follows from it.
    Share {
        /// As printed: `99.4%`.
        printed: String,
    },
}

/// A published figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Its name in the file.
    pub id: String,
    /// Name of its source.
    pub source: String,
    /// What is counted.
    pub name: Text,
    /// The numbers.
    pub shape: Shape,
}

/// A file of published figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// Name of the collection; loading the same name again replaces it.
    pub id: String,
    /// Where the figures are from.
    pub sources: Vec<Source>,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// Why a file cannot be taken: where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Which part: `figures/A4`.
    pub place: String,
    /// In words.
    pub message: Text,
}

/// What follows from a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Derived {
    /// From numbers of periods.
    Periods {
        /// The periods; of a sum, added up.
        periods: Vec<Period>,
        /// All of them together.
        total: i64,
        /// The last one against the one before it.
        growth: Option<Ratio>,
    },
    /// From accepted and done.
    Rate {
        /// Accepted and not done.
        open: i64,
        /// Done of accepted.
        rate: Option<Ratio>,
    },
    /// From a beginning and an end.
    Span {
        /// How long it took.
        minutes: i64,
    },
    /// Nothing follows.
    Nothing,
}

/// Whether what was printed follows from the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// It does, at the rounding of the print.
    Agrees,
    /// It does not.
    Differs,
    /// The source does not print it.
    NotPrinted,
}

fn misfit(place: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Misfit {
    Misfit { place: place.into(), message: Text::new(zh.into(), en.into()) }
}

/// Short names without anything that means something in an address.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 60 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

impl Publication {
    /// The figures that come with the program.
    ///
    /// # Errors
    /// None for the file as it is; a test reads it.
    pub fn embedded() -> Result<Publication, Misfit> {
        Publication::parse(EMBEDDED)
    }

    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`Misfit`] names the first part that does not fit, and what to do.
    pub fn parse(json: &str) -> Result<Publication, Misfit> {
        let own: Publication = serde_json::from_str(json).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            misfit(
                format!("line {line}"),
                format!("第 {line} 行第 {column} 个字符处不是约定的格式：{error}。请对照 docs/operating.md 的样例更正。"),
                format!("Line {line}, column {column} is not in the agreed form: {error}. See the sample in docs/operating.md."),
            )
        })?;
        own.check()?;
        Ok(own)
    }

    fn check(&self) -> Result<(), Misfit> {
        if !is_name(&self.id) {
            return Err(misfit("id", "id 须为字母、数字和连字符。", "id must be letters, digits and hyphens."));
        }
        if self.figures.is_empty() || self.figures.len() > MOST_FIGURES {
            let (zh, en) =
                (format!("须有 1 到 {MOST_FIGURES} 项指标。"), format!("There must be 1 to {MOST_FIGURES} figures."));
            return Err(misfit("figures", zh, en));
        }
        let mut seen = BTreeSet::new();
        for figure in &self.figures {
            let place = format!("figures/{}", figure.id);
            if !is_name(&figure.id) || !seen.insert(&figure.id) {
                return Err(misfit(
                    place,
                    "指标的 id 重复或不合格式。",
                    "The id of this figure is used twice or malformed.",
                ));
            }
            if !self.sources.iter().any(|source| source.id == figure.source) {
                let (zh, en) = ("没有写明来源：sources 中没有这个来源。", "Its source is not among sources.");
                return Err(misfit(place, zh, en));
            }
            self.check_shape(figure).map_err(|(zh, en)| misfit(place, zh, en))?;
        }
        Ok(())
    }

    fn check_shape(&self, figure: &Figure) -> Result<(), (&'static str, &'static str)> {
        let fits = match &figure.shape {
            Shape::Periods { periods, .. } => orderly(periods),
            Shape::Sum { of, .. } => {
                let parts: Option<Vec<&[Period]>> = of.iter().map(|id| self.own_periods(id)).collect();
                parts.is_some_and(|parts| {
                    !parts.is_empty() && parts.windows(2).all(|pair| matches!(pair, [a, b] if days(a) == days(b)))
                })
            }
            Shape::Rate { accepted, closed, .. } => (1..=MOST).contains(accepted) && (0..=*accepted).contains(closed),
            Shape::Span { from, to, .. } => from <= to,
            Shape::Share { printed } => number(printed).is_some(),
        };
        if fits {
            return Ok(());
        }
        Err(match &figure.shape {
            Shape::Periods { .. } => (
                "各期间须按先后排列、互不重叠，数值不小于零。",
                "Periods must be in order without overlap, numbers not negative.",
            ),
            Shape::Sum { .. } => {
                ("合计须由期间相同的指标组成。", "A sum must be of figures that are there and have the same periods.")
            }
            Shape::Rate { .. } => (
                "办结数须在零和受理数之间，受理数大于零。",
                "closed must lie between 0 and accepted, which is more than 0.",
            ),
            Shape::Span { .. } => ("结束时间不能早于开始时间。", "It cannot end before it begins."),
            Shape::Share { .. } => ("printed 须为 99.4% 这样的比例。", "printed must be a share such as 99.4%."),
        })
    }

    fn own_periods(&self, id: &str) -> Option<&[Period]> {
        match &self.figures.iter().find(|figure| figure.id == id)?.shape {
            Shape::Periods { periods, .. } => Some(periods),
            _ => None,
        }
    }

    /// The source of a figure.
    pub fn source(&self, figure: &Figure) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == figure.source)
    }

    /// What follows from a figure of this file.
    pub fn derive(&self, figure: &Figure) -> Derived {
        match &figure.shape {
            Shape::Periods { periods, .. } => of_periods(periods.clone()),
            Shape::Sum { of, .. } => {
                let mut sum: Vec<Period> = Vec::new();
                for part in of.iter().filter_map(|id| self.own_periods(id)) {
                    match sum.is_empty() {
                        true => sum = part.to_vec(),
                        false => sum.iter_mut().zip(part).for_each(|(own, more)| own.n += more.n),
                    }
                }
                of_periods(sum)
            }
            Shape::Rate { accepted, closed, .. } => {
                Derived::Rate { open: accepted - closed, rate: Ratio::share(*closed, *accepted) }
            }
            Shape::Span { from, to, .. } => {
                let minutes = |at: &Time| i64::from(at.hour()) * 60 + i64::from(at.minute());
                Derived::Span { minutes: minutes(to) - minutes(from) }
            }
            Shape::Share { .. } => Derived::Nothing,
        }
    }

    /// Whether what was printed follows from the numbers, at the rounding of the print.
    pub fn agreement(&self, figure: &Figure) -> Agreement {
        let (Shape::Periods { printed: Some(printed), .. }
        | Shape::Sum { printed: Some(printed), .. }
        | Shape::Rate { printed: Some(printed), .. }
        | Shape::Span { printed: Some(printed), .. }) = &figure.shape
        else {
            return Agreement::NotPrinted;
        };
        let Some(printed) = number(printed) else { return Agreement::Differs };
        let ours = match self.derive(figure) {
            Derived::Periods { growth, .. } => growth.and_then(|own| own.per_cent(printed.decimals)),
            Derived::Rate { rate, .. } => rate.and_then(|own| own.per_cent(printed.decimals)),
            Derived::Span { minutes } => Some(Decimal { digits: minutes, decimals: 0 }),
            Derived::Nothing => None,
        };
        if ours == Some(printed) { Agreement::Agrees } else { Agreement::Differs }
    }
}

impl Shape {
    /// As the source prints what follows from the numbers.
    pub fn printed(&self) -> Option<&str> {
        match self {
            Shape::Periods { printed, .. }
            | Shape::Sum { printed, .. }
            | Shape::Rate { printed, .. }
            | Shape::Span { printed, .. } => printed.as_deref(),
            Shape::Share { printed } => Some(printed),
        }
    }
}

fn days(periods: &[Period]) -> Vec<(Date, Date)> {
    periods.iter().map(|one| (one.from, one.to)).collect()
}

fn orderly(periods: &[Period]) -> bool {
    let apart = periods.windows(2).all(|pair| matches!(pair, [a, b] if a.to < b.from));
    let sound = |own: &Period| own.from <= own.to && (0..=MOST).contains(&own.n);
    (1..=MOST_PERIODS).contains(&periods.len()) && apart && periods.iter().all(sound)
}

fn of_periods(periods: Vec<Period>) -> Derived {
    let total = periods.iter().map(|own| own.n).sum();
    let growth = match periods.as_slice() {
        [.., before, last] => Ratio::growth(before.n, last.n),
        _ => None,
    };
    Derived::Periods { periods, total, growth }
}

/// The number of a printed share or time, with the decimals of the print: `99.4%`.
fn number(printed: &str) -> Option<Decimal> {
    let digits = printed.trim().trim_end_matches('%').trim_end();
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || digits.ends_with('.') || !plain(whole) || !plain(part) {
        return None;
    }
    let decimals = u32::try_from(part.len()).ok().filter(|decimals| *decimals <= 9)?;
    Some(Decimal { digits: format!("{whole}{part}").parse().ok()?, decimals })
}
