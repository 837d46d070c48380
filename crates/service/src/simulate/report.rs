//! What a simulation came to: for programs, for people, and for a page of the book. No wall-clock time, no id.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::text::{Lang, Text};
use jiff::ToSpan;
use serde::Serialize;

use super::Plan;
use super::watch::{Tally, Violation};

/// A length of time: the middle, and what nine of ten do not exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// How many there are.
    pub count: u64,
    /// Half of them take no longer.
    pub p50: Option<u32>,
    /// Nine of ten take no longer.
    pub p90: Option<u32>,
}

/// What a simulation came to. The same plan gives the same report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Virtual days.
    pub days: u32,
    /// The seed.
    pub seed: u64,
    /// Name of the size.
    pub size: String,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// The fault on purpose, when there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// Applications filed and acknowledged.
    pub cases: u64,
    /// Commands given by people, those that had to be refused included.
    pub commands: u64,
    /// Duties that the clock carried out or noted.
    pub duties: u64,
    /// Questions asked of what the steps left behind.
    pub checks: u64,
    /// How many of them were answered with no.
    pub violated: u64,
    /// These, word for word; at most a hundred.
    pub violations: Vec<Violation>,
    /// Questions by invariant.
    pub checks_by_invariant: BTreeMap<String, u64>,
    /// Applications by kind: `instant` 即办件, `promise` 承诺件.
    pub by_kind: BTreeMap<String, u64>,
    /// By channel.
    pub by_channel: BTreeMap<String, u64>,
    /// By matter.
    pub by_matter: BTreeMap<String, u64>,
    /// Decisions: `automatic`, `manual` and `refused`.
    pub approvals: BTreeMap<String, u64>,
    /// How applications ended that have ended, by state.
    pub ended: BTreeMap<String, u64>,
    /// Applications under way at the end.
    pub open: u64,
    /// People's decisions by the promised date.
    pub promised_on_time: BTreeMap<String, u64>,
    /// The same by the statutory date.
    pub statutory_on_time: BTreeMap<String, u64>,
    /// Hours from acceptance to a person's decision, nights and weekends included.
    pub hours_to_decision: Span,
    /// Minutes from taking a number to its first call.
    pub minutes_waited: Span,
    /// Visits to places.
    pub visits: BTreeMap<String, u64>,
    /// Appointments.
    pub appointments: BTreeMap<String, u64>,
    /// Commands by name.
    pub commands_by_name: BTreeMap<String, u64>,
    /// What people did wrong.
    pub mistakes: BTreeMap<String, u64>,
    /// Lawful wishes that were refused for a reason, by command and reason.
    pub refused: BTreeMap<String, u64>,
}

impl Report {
    pub(super) fn of(plan: &Plan, tally: &Tally, open: u64) -> Report {
        let last = plan.first.checked_add((i64::from(plan.days) - 1).max(0).days()).unwrap_or(plan.first);
        let span = |name| {
            let ((p50, count), (p90, _)) = (tally.percentile(name, 50), tally.percentile(name, 90));
            Span { count, p50, p90 }
        };
        let checks = tally.checks();
        Report {
            days: plan.days,
            seed: plan.seed,
            size: plan.size.to_owned(),
            from: plan.first.to_string(),
            to: last.to_string(),
            fault: plan.fault.map(|fault| fault.as_str().to_owned()),
            cases: tally.total("case"),
            commands: tally.total("command"),
            duties: tally.count("duty", "carried out"),
            checks: checks.values().sum(),
            violated: tally.violated,
            violations: tally.violations(),
            checks_by_invariant: checks.into_iter().map(|(name, count)| (name.to_owned(), count)).collect(),
            by_kind: tally.by_key("case"),
            by_channel: tally.by_key("channel"),
            by_matter: tally.by_key("matter"),
            approvals: tally.by_key("approval"),
            ended: tally.by_key("end"),
            open,
            promised_on_time: tally.by_key("promise"),
            statutory_on_time: tally.by_key("statute"),
            hours_to_decision: span("hours to a decision"),
            minutes_waited: span("minutes waited"),
            visits: tally.by_key("visit"),
            appointments: tally.by_key("appointment"),
            commands_by_name: tally.by_key("command"),
            mistakes: tally.by_key("mistake"),
            refused: tally.by_key("refused"),
        }
    }

    /// Whether everything held.
    pub fn holds(&self) -> bool {
        self.violated == 0
    }

    /// In lines, for people.
    pub fn text(&self, lang: Lang) -> String {
        let mut out = String::new();
        let title = Text::new(
            format!("模拟城市：{} 至 {}，规模 {}，种子 {}", self.from, self.to, self.size, self.seed),
            format!("A simulated city: {} to {}, size {}, seed {}", self.from, self.to, self.size, self.seed),
        );
        let _ = writeln!(out, "{}", title.get(lang));
        for (what, figure) in self.lines() {
            let _ = writeln!(out, "  {}: {figure}", what.get(lang));
        }
        let verdict = if self.holds() {
            Text::new("全部检查通过。", "Everything held.")
        } else {
            Text::new(format!("{} 项检查未通过：", self.violated), format!("{} did not hold:", self.violated))
        };
        let _ = writeln!(out, "{}", verdict.get(lang));
        for own in &self.violations {
            let _ = writeln!(out, "  {} · {} · {} · {}", own.at, own.invariant.as_str(), own.about, own.what);
        }
        out
    }

    /// As a part of a page: the figures, then the questions by invariant, then the matters asked for most.
    pub fn markdown(&self) -> String {
        let mut out = format!(
            "`yichuang simulate --days {} --seed {} --size {}`: {} to {}.\n\n| what | 内容 | figure |\n|---|---|---:|\n",
            self.days, self.seed, self.size, self.from, self.to
        );
        for (what, figure) in self.lines() {
            let _ = writeln!(out, "| {} | {} | {figure} |", what.en, what.zh);
        }
        out.push_str("\n| what must hold | questions asked |\n|---|---:|\n");
        for (name, count) in &self.checks_by_invariant {
            let _ = writeln!(out, "| {name} | {} |", grouped(*count));
        }
        out.push_str("\n| matters asked for most | applications |\n|---|---:|\n");
        let mut matters: Vec<_> = self.by_matter.iter().collect();
        matters.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
        for (name, count) in matters.into_iter().take(10) {
            let _ = writeln!(out, "| `{name}` | {} |", grouped(*count));
        }
        let _ = writeln!(out, "\n{} of {} questions were answered with no.", self.violated, grouped(self.checks));
        for own in &self.violations {
            let _ = writeln!(out, "* {}, {}, {}: {}", own.at, own.invariant.as_str(), own.about, own.what);
        }
        out
    }

    fn lines(&self) -> Vec<(Text, String)> {
        let line = |zh: &str, en: &str, figure: String| (Text::new(zh, en), figure);
        let of = |from: &BTreeMap<String, u64>, key: &str| from.get(key).copied().unwrap_or(0);
        let sum = |from: &BTreeMap<String, u64>| from.values().sum::<u64>();
        let part = |from: &BTreeMap<String, u64>, key: &str| share(of(from, key), sum(from));
        let late = |from: &BTreeMap<String, u64>| share(of(from, "on time"), sum(from));
        let granted = of(&self.approvals, "automatic") + of(&self.approvals, "manual");
        let times = |own: Span| match own {
            Span { p50: Some(p50), p90: Some(p90), .. } => format!("{p50} / {p90}"),
            _ => "–".into(),
        };
        vec![
            line("申请", "applications", grouped(self.cases)),
            line("其中即办件", "of these instant", part(&self.by_kind, "instant")),
            line("线上（网页、手机、自助终端）", "online (web, phone, kiosk)", {
                let online = ["web", "mobile", "kiosk"].map(|key| of(&self.by_channel, key)).iter().sum();
                share(online, self.cases)
            }),
            line("人员操作", "commands of people", grouped(self.commands)),
            line("其中误操作与越权尝试", "of these mistakes and unlawful attempts", grouped(sum(&self.mistakes))),
            line("时钟执行的事项", "duties of the clock", grouped(self.duties)),
            line("自动审批", "approved by rules", grouped(of(&self.approvals, "automatic"))),
            line("人工准予", "granted by people", grouped(of(&self.approvals, "manual"))),
            line(
                "自动审批占准予的比例",
                "approved by rules, of all grants",
                share(of(&self.approvals, "automatic"), granted),
            ),
            line("不予许可", "refused", grouped(of(&self.approvals, "refused"))),
            line("不予受理", "not accepted", grouped(of(&self.ended, "not-accepted"))),
            line("撤回", "withdrawn", grouped(of(&self.ended, "withdrawn"))),
            line("一次性告知补正", "correction notices", grouped(of(&self.commands_by_name, "request-correction"))),
            line("期末在办", "under way at the end", grouped(self.open)),
            line("承诺期限内作出决定", "decided by the promised date", late(&self.promised_on_time)),
            line("法定期限内作出决定", "decided by the statutory date", late(&self.statutory_on_time)),
            line(
                "受理至人工决定（小时，中位数/九成）",
                "hours from acceptance to a person’s decision, p50 / p90",
                times(self.hours_to_decision),
            ),
            line("窗口办结人次", "people served at windows", grouped(of(&self.visits, "served"))),
            line("取号至叫号（分钟，中位数/九成）", "minutes waited for a call, p50 / p90", times(self.minutes_waited)),
            line("预约", "appointments booked", grouped(of(&self.appointments, "booked"))),
            line("检查", "questions asked", grouped(self.checks)),
        ]
    }
}

/// With thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// In percent, to two places; nothing of nothing is a dash.
fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".into();
    }
    let hundredths = (part * 10_000 + whole / 2) / whole;
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_and_grouped() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(12), "12");
        assert_eq!(share(1, 3), "33.33 %");
        assert_eq!(share(2, 3), "66.67 %");
        assert_eq!(share(0, 0), "–");
    }
}
