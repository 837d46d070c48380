//! Duties, gaps and swaps in words.

use domain::halls::{Duty, DutyFlag, Gap, Swap, SwapState};
use service::halls::rota::Week;

use super::address;
use crate::i18n::T;
use crate::kit::{Tag, Tone};

/// A duty with what may be done with it.
pub(super) struct DutyRow {
    pub id: u32,
    pub time: String,
    pub window: String,
    pub name: String,
    pub mine: bool,
    pub flags: Vec<Tag>,
    /// Where its clerk asks for a swap; empty when nobody here may.
    pub swap: String,
    /// What the buttons are named by for those who do not see the row.
    pub what: String,
}

/// A window without anybody.
pub(super) struct GapRow {
    pub words: String,
    /// Where the head fills it; empty for others.
    pub fill: String,
}

/// A day of the week.
pub(super) struct DayCard {
    pub date: String,
    pub title: String,
    pub kind: String,
    pub hours: String,
    pub today: bool,
    pub duties: Vec<DutyRow>,
    pub gaps: Vec<GapRow>,
}

/// A swap with what may be answered.
pub(super) struct SwapRow {
    pub id: u32,
    pub state: Tag,
    pub words: String,
    /// What is or would be open because of it.
    pub leaves: Vec<String>,
    pub leaves_title: String,
    pub answers: Vec<(&'static str, String)>,
}

/// `09:00–12:00`.
pub(super) fn span(own: &Duty) -> String {
    format!("{}–{}", own.from, own.to)
}

fn flag(t: T, own: &DutyFlag) -> Tag {
    let words = match own {
        DutyFlag::TwoWindows { window } => t.rota_flag_two_windows(window),
        DutyFlag::Elsewhere { place } => t.rota_flag_elsewhere(t.of(place)),
        DutyFlag::OutsideHours => t.rota_flag_outside().to_owned(),
        DutyFlag::NotTheirs => t.rota_flag_not_theirs().to_owned(),
    };
    Tag::new(Tone::Act, words)
}

/// A duty in one line: day, time, window.
pub(super) fn duty_words(t: T, own: &Duty) -> String {
    t.rota_duty(t.day(own.day), span(own), own.window.as_str())
}

pub(super) fn duty(t: T, week: &Week<'_>, own: &Duty, me: &str) -> DutyRow {
    let mine = own.account == me;
    let swap = match mine {
        true => format!("{}&duty={}#swap", address(&week.place.id, week.rota.monday), own.id),
        false => String::new(),
    };
    DutyRow {
        id: own.id,
        time: span(own),
        window: t.halls_windows(own.window.as_str()),
        name: week.name(&own.account).to_owned(),
        mine,
        flags: week.flags.of(own.id).iter().map(|own| flag(t, own)).collect(),
        swap,
        what: format!("{} {}", duty_words(t, own), week.name(&own.account)),
    }
}

/// A gap in one line, without its day.
fn gap_words(t: T, own: &Gap) -> String {
    t.rota_gap(own.window.as_str(), format!("{}–{}", own.from, own.to))
}

pub(super) fn gap(t: T, week: &Week<'_>, own: &Gap, plans: bool) -> GapRow {
    let fill = format!(
        "{}&day={}&window={}&from={}&to={}#plan",
        address(&week.place.id, week.rota.monday),
        own.day,
        own.window,
        own.from,
        own.to
    );
    GapRow { words: gap_words(t, own), fill: if plans { fill } else { String::new() } }
}

fn state(t: T, own: &SwapState) -> Tag {
    let tone = match own {
        SwapState::Asked | SwapState::Accepted { .. } => Tone::Act,
        SwapState::Confirmed { .. } => Tone::Good,
        SwapState::Declined { .. } | SwapState::Refused { .. } => Tone::Bad,
        SwapState::Withdrawn { .. } | SwapState::Lapsed { .. } => Tone::Quiet,
    };
    Tag::new(tone, t.rota_swap_state(own.name()))
}

/// What a swap leaves open: before it counts, what would be; afterwards, what is open at its times now.
fn leaves(t: T, week: &Week<'_>, own: &Swap) -> Vec<String> {
    let words = |gap: &Gap| format!("{} {}", t.day(gap.day), gap_words(t, gap));
    if own.is_open() {
        return week.left_by(own).iter().map(words).collect();
    }
    if !matches!(own.state, SwapState::Confirmed { .. }) {
        return Vec::new();
    }
    let parts: Vec<&Duty> = std::iter::once(&own.given).chain(&own.returned).collect();
    let touches = |gap: &&Gap| parts.iter().any(|duty| gap.day == duty.day && gap.from < duty.to && duty.from < gap.to);
    week.flags.gaps.iter().filter(touches).map(words).collect()
}

pub(super) fn swap(t: T, week: &Week<'_>, own: &Swap, me: &str, plans: bool) -> SwapRow {
    let (by, to) = (week.name(&own.by), week.name(&own.to));
    let given = duty_words(t, &own.given);
    let words = match &own.returned {
        Some(back) => t.rota_swap_for(by, given, to, duty_words(t, back)),
        None => t.rota_swap_give(by, given, to),
    };
    let mut names: Vec<&'static str> = Vec::new();
    if matches!(own.state, SwapState::Asked) && own.to == me {
        names.extend(["accept", "decline"]);
    }
    if plans && matches!(own.state, SwapState::Accepted { .. }) {
        names.push("confirm");
    }
    if plans && own.is_open() {
        names.push("refuse");
    }
    if own.is_open() && own.by == me {
        names.push("withdraw");
    }
    let title = if own.is_open() { t.rota_swap_would_leave() } else { t.rota_swap_leaves() };
    SwapRow {
        id: own.id,
        state: state(t, &own.state),
        words,
        leaves: leaves(t, week, own),
        leaves_title: title.to_owned(),
        answers: names.into_iter().map(|name| (name, t.rota_answer(name))).collect(),
    }
}
