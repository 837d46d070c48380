//! The tables that the head of a hall looks at: weeks, what became of their cases, kinds and channels, of the city or of one place.

use std::collections::BTreeMap;

use domain::accounts::Actor;
use domain::supervision::{Channel, Decimal, Kind, Measure, Ratio, Waits, Week};
use domain::text::Text;

use super::read::{Asked, Counts, Range, Wanted, wanted, weeks};
use super::sheet::{About, Cell, Column, Line, Sheet};
use super::{NOWHERE, overview, permit};
use crate::city::City;
use crate::error::ServiceError;

/// How many weeks a table shows, the chosen one among them.
const WEEKS: u32 = 8;
/// Decimals of shares and growth.
const DECIMALS: u32 = 1;

/// A figure at the head of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// Its name for programs.
    pub id: &'static str,
    /// What it is.
    pub label: Text,
    /// The figure.
    pub cell: Cell,
    /// A second one beside it, with its name.
    pub beside: Option<(Text, Cell)>,
}

/// All figures of a week.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The week.
    pub week: Week,
    /// It is not over: growth is not said yet.
    pub running: bool,
    /// The weeks of which there are figures.
    pub range: Range,
    /// Id of the place, when one was chosen.
    pub place: Option<String>,
    /// The figures at the head.
    pub headlines: Vec<Headline>,
    /// The tables.
    pub sheets: Vec<Sheet>,
    /// Received and closed of the last weeks, the oldest first, for a chart.
    pub chart: Vec<(Week, i64, i64)>,
}

/// The figures of a week, of the city or of one place.
///
/// # Errors
/// [`ServiceError::Forbidden`] for whoever does not supervise; [`ServiceError::Invalid`] names `week` or `place` with what to choose
/// from; what the store says.
pub async fn figures(city: &City, actor: &Actor, asked: &Asked) -> Result<Figures, ServiceError> {
    permit(actor)?;
    let wanted = wanted(city, asked).await?;
    let first = wanted.week.back(WEEKS);
    let counted = weeks(city, wanted.place.as_deref(), (first, wanted.week)).await?;
    let shown: Vec<Week> =
        (0..WEEKS).map(|back| wanted.week.back(back)).filter(|week| *week >= wanted.range.first).collect();
    let view = View { wanted: &wanted, counted: &counted, none: Counts::default(), today: city.now().date() };
    let mut sheets = vec![view.weeks(&shown), view.service(&shown), view.kinds(), view.channels()];
    let mut headlines = view.headlines();
    if wanted.place.is_none() {
        sheets.push(overview::places(city, &wanted).await?);
        let (matters, share) = overview::matters(city);
        sheets.push(matters);
        headlines.push(share);
    }
    let point = |week: &Week| {
        let own = view.of(*week);
        (*week, own.of(Measure::Received), own.of(Measure::Closed))
    };
    let chart = shown.iter().rev().map(point).collect();
    let running = wanted.week == wanted.range.last;
    Ok(Figures {
        week: wanted.week,
        running,
        range: wanted.range,
        place: wanted.place.clone(),
        headlines,
        sheets,
        chart,
    })
}

/// Minutes with one decimal, as far as the class of the histogram allows.
pub(super) fn minutes(waits: &Waits, per_cent: i64) -> Cell {
    match waits.quantile(per_cent) {
        None => Cell::Number(None),
        Some(own) if own.within.is_none() => Cell::AtLeast(own.seconds / 60),
        Some(own) => Cell::Number(Decimal::quotient(own.seconds.into(), 60, 1)),
    }
}

/// A share with the usual decimals.
pub(super) fn share(own: Option<Ratio>) -> Cell {
    Cell::ratio(own, DECIMALS)
}

/// What is said of how cases were done, in the order of [`done_columns`].
fn done(own: &Counts) -> Vec<Cell> {
    let (accepted, closed) = (own.of(Measure::Accepted), own.of(Measure::Closed));
    vec![
        Cell::Count(accepted),
        Cell::Count(closed),
        Cell::Count(accepted - closed),
        share(own.closing()),
        Cell::Count(own.of(Measure::LatePromise)),
        share(own.on_time(Measure::SettledPromise, Measure::LatePromise)),
        Cell::Count(own.of(Measure::LateLimit)),
        share(own.on_time(Measure::SettledLimit, Measure::LateLimit)),
        minutes(&own.waits, 50),
        minutes(&own.waits, 90),
    ]
}

fn done_columns() -> Vec<Column> {
    vec![
        Column::cases("accepted", "accepted", "受理", "Accepted"),
        Column::cases("closed", "closed", "办结", "Closed"),
        Column::cases("open", "open", "在办", "Open"),
        Column::per_cent("closing_rate", "办结率", "Closing rate"),
        Column::cases("late_promise", "late-promise", "超承诺", "Past promise"),
        Column::per_cent("on_time_promise", "承诺按时率", "On time, promised"),
        Column::cases("late_limit", "late-limit", "超法定", "Past limit"),
        Column::per_cent("on_time_limit", "法定按时率", "On time, by law"),
        Column::number("wait_p50", "等候 p50（分）", "Wait p50 (min)"),
        Column::number("wait_p90", "等候 p90（分）", "Wait p90 (min)"),
    ]
}

/// The counters of the weeks with what was asked for.
struct View<'v> {
    wanted: &'v Wanted,
    counted: &'v BTreeMap<Week, Counts>,
    none: Counts,
    today: jiff::civil::Date,
}

impl View<'_> {
    fn of(&self, week: Week) -> &Counts {
        self.counted.get(&week).unwrap_or(&self.none)
    }

    fn about(&self, week: Week) -> About {
        About { week: Some(week), place: self.wanted.place.clone(), channel: None, kind: None }
    }

    /// Growth against the week before; not of a week that is not over, nor of the first one counted.
    fn growth(&self, week: Week, count: impl Fn(&Counts) -> i64) -> Cell {
        let whole = week < self.wanted.range.last && week > self.wanted.range.first;
        let (before, now) = (count(self.of(week.back(1))), count(self.of(week)));
        share(whole.then(|| Ratio::growth(before, now)).flatten())
    }

    fn weeks(&self, shown: &[Week]) -> Sheet {
        let line = |week: &Week| {
            let own = self.of(*week);
            let received = |counts: &Counts| counts.of(Measure::Received);
            let mut cells = vec![Cell::Words(week.label()), Cell::Count(received(own)), self.growth(*week, received)];
            for kind in Kind::ALL {
                let count = |counts: &Counts| counts.only(None, Some(kind), Measure::Received);
                cells.extend([Cell::Count(count(own)), self.growth(*week, count)]);
            }
            Line { cells, about: Some(self.about(*week)) }
        };
        Sheet {
            id: "weeks",
            title: Text::new("每周收件和增长", "Cases by week, with growth"),
            note: Text::new(
                "按收件日期计入当周；增长与上一周比，未结束的一周不计算。",
                "Counted in the week of receipt; growth is against the week before and is not said of a week that is not over.",
            ),
            columns: vec![
                Column::words("week", "周", "Week"),
                Column::cases("received", "received", "收件", "Received"),
                Column::per_cent("growth", "增长", "Growth"),
                Column::number("online", "线上办件", "Online"),
                Column::per_cent("online_growth", "线上增长", "Growth online"),
                Column::number("appointment", "预约即办", "By appointment"),
                Column::per_cent("appointment_growth", "预约增长", "Growth by appointment"),
                Column::number("assisted", "帮办代办", "Assisted"),
                Column::per_cent("assisted_growth", "帮办增长", "Growth assisted"),
            ],
            lines: shown.iter().map(line).collect(),
        }
    }

    fn service(&self, shown: &[Week]) -> Sheet {
        let line = |week: &Week| {
            let mut cells = vec![Cell::Words(week.label())];
            cells.extend(done(self.of(*week)));
            Line { cells, about: Some(self.about(*week)) }
        };
        let mut columns = vec![Column::words("week", "收件周", "Received in")];
        columns.extend(done_columns());
        Sheet {
            id: "service",
            title: Text::new("办结、按时和等候", "Closing, punctuality and waiting"),
            note: Text::new(
                "当周收件的办件至今的情况。按时率：已决定或已超期的办件中按时决定的比例。等候时间由固定分段的计数得出，误差小于段宽：10 分钟内 30 秒，30 分钟内 1 分钟，2 小时内 5 分钟。",
                "What has become of the cases received in that week. On time: of those decided or overdue, the share decided in time. Waits come from counts in fixed classes and are wrong by less than the class: 30 s below 10 minutes, 1 minute below 30, 5 minutes below 2 hours.",
            ),
            columns,
            lines: shown.iter().map(line).collect(),
        }
    }

    /// Days of the chosen week that have begun.
    fn days(&self) -> i64 {
        let monday = self.wanted.week.monday();
        let passed = monday.until(self.today).map_or(6, |span| i64::from(span.get_days()));
        passed.clamp(0, 6) + 1
    }

    fn parts(&self, first: Column, title: Text, parts: Vec<(Text, About)>) -> Sheet {
        let week = self.wanted.week;
        let all = self.of(week).of(Measure::Received);
        let line = |(label, about): (Text, About)| {
            let count = |counts: &Counts| counts.only(about.channel, about.kind, Measure::Received);
            let own = count(self.of(week));
            let cells = vec![
                Cell::Words(label),
                Cell::Count(count(self.of(week.back(1)))),
                Cell::Count(own),
                self.growth(week, count),
                share(Ratio::share(own, all)),
                Cell::Number(Decimal::quotient(own.into(), self.days().into(), 1)),
            ];
            Line { cells, about: Some(about) }
        };
        Sheet {
            id: first.id,
            title,
            note: Text::new("所选一周与上一周的收件。", "Received in the chosen week and in the one before."),
            columns: vec![
                Column { id: "part", ..first },
                Column::number("before", "上一周", "Week before"),
                Column::cases("received", "received", "本周", "This week"),
                Column::per_cent("growth", "增长", "Growth"),
                Column::per_cent("share", "占比", "Share"),
                Column::number("per_day", "日均", "Per day"),
            ],
            lines: parts.into_iter().map(line).collect(),
        }
    }

    fn kinds(&self) -> Sheet {
        let part = |kind: Kind| (kind.label(), About { kind: Some(kind), ..self.about(self.wanted.week) });
        let title = Text::new("按办理方式", "By kind of service");
        self.parts(Column::words("kinds", "办理方式", "Kind"), title, Kind::ALL.map(part).into())
    }

    fn channels(&self) -> Sheet {
        let part = |own: Channel| (own.label(), About { channel: Some(own), ..self.about(self.wanted.week) });
        let title = Text::new("按申报渠道", "By channel");
        self.parts(Column::words("channels", "渠道", "Channel"), title, Channel::ALL.map(part).into())
    }

    fn headlines(&self) -> Vec<Headline> {
        let (week, own) = (self.wanted.week, self.of(self.wanted.week));
        let plain = |id, zh: &str, en: &str, cell| Headline { id, label: Text::new(zh, en), cell, beside: None };
        let received = |counts: &Counts| counts.of(Measure::Received);
        vec![
            Headline {
                beside: Some((Text::new("较上周", "on the week before"), self.growth(week, received))),
                ..plain("received", "收件", "Received", Cell::Count(received(own)))
            },
            plain("closing_rate", "办结率", "Closing rate", share(own.closing())),
            plain(
                "on_time_promise",
                "承诺按时率",
                "On time, promised",
                share(own.on_time(Measure::SettledPromise, Measure::LatePromise)),
            ),
            plain(
                "on_time_limit",
                "法定按时率",
                "On time, by law",
                share(own.on_time(Measure::SettledLimit, Measure::LateLimit)),
            ),
            Headline {
                beside: Some((Text::new("p90", "p90"), minutes(&own.waits, 90))),
                ..plain("wait", "等候 p50（分钟）", "Wait p50 (minutes)", minutes(&own.waits, 50))
            },
        ]
    }
}

/// Name of a place, as far as the catalogue knows it.
pub(super) fn place_name(city: &City, id: &str) -> Text {
    if id == NOWHERE {
        return Text::new("不经场所", "At no place");
    }
    city.shelf().place(id).map_or_else(|_| Text::new(id, id), |place| place.name.clone())
}
