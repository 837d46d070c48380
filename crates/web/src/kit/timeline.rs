//! What happened, what comes next, and how much time is left.

use super::{Html, Icon, Tag, Tone, html_safe};
use crate::i18n::T;
use askama::Template;

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventState {
    /// Happened.
    Done,
    /// Happening now.
    Now,
    /// The reader must act.
    Act,
    /// The clock stands still.
    Paused,
    /// Refused, late.
    Bad,
    /// Expected.
    Next,
}

/// One event of a timeline.
#[derive(Debug, Clone)]
pub struct Event {
    state: EventState,
    title: String,
    time: String,
    machine_time: String,
    who: String,
    body: Html,
}

impl Event {
    /// An event with its title.
    pub fn new(state: EventState, title: impl Into<String>) -> Event {
        Event {
            state,
            title: title.into(),
            time: String::new(),
            machine_time: String::new(),
            who: String::new(),
            body: Html::default(),
        }
    }

    /// When, as people read it and as machines do (RFC 3339).
    pub fn at(mut self, t: T, at: domain::time::Timestamp) -> Event {
        self.time = t.moment(at);
        self.machine_time = at.rfc3339();
        self
    }

    /// When, in words: `预计 11月27日前`.
    pub fn when(mut self, words: impl Into<String>) -> Event {
        self.time = words.into();
        self
    }

    /// Who did it: a person's name, a department, a rule.
    pub fn who(mut self, who: impl Into<String>) -> Event {
        self.who = who.into();
        self
    }

    /// What it says: sentences, a document, a button.
    pub fn body(mut self, body: impl Into<Html>) -> Event {
        self.body = body.into();
        self
    }

    fn word(&self) -> &'static str {
        match self.state {
            EventState::Done => "done",
            EventState::Now => "now",
            EventState::Act => "act",
            EventState::Paused => "paused",
            EventState::Bad => "bad",
            EventState::Next => "next",
        }
    }

    fn icon(&self) -> Option<Icon> {
        match self.state {
            EventState::Done => Some(Icon::Check),
            EventState::Act => Some(Icon::Edit),
            EventState::Bad => Some(Icon::Cross),
            EventState::Now | EventState::Next | EventState::Paused => None,
        }
    }
}

/// A parcel-style timeline, newest first or oldest first as the caller orders it.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/timeline.html")]
pub struct Timeline {
    t: T,
    events: Vec<Event>,
}

impl Timeline {
    /// In this order.
    pub fn new(t: T, events: Vec<Event>) -> Timeline {
        Timeline { t, events }
    }
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockState {
    /// Running with time left.
    Running,
    /// Running, the end is near.
    Near,
    /// Standing still: correction, special procedure.
    Paused,
    /// Past its end.
    Late,
    /// Stopped in time.
    Met,
}

/// One clock of a case: how many working days it has, how many are used.
#[derive(Debug, Clone)]
pub struct Clock {
    /// `承诺时限`, `法定时限`.
    pub label: String,
    /// Length in working days.
    pub limit: u32,
    /// Used up, in working days; more than `limit` when late.
    pub used: u32,
    /// How it stands.
    pub state: ClockState,
    /// `11月27日 周五 24:00 前`.
    pub due: String,
    /// The days rest on a year whose holiday notice is not loaded yet.
    pub provisional: bool,
}

/// The countdown of a case: one cell for each working day, the number of days left in words, the due day.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/countdown.html")]
pub struct Countdown {
    t: T,
    clock: Clock,
    note: String,
}

impl Countdown {
    /// One clock.
    pub fn new(t: T, clock: Clock) -> Countdown {
        Countdown { t, clock, note: String::new() }
    }

    /// Why it stands still, or anything else worth a line.
    pub fn note(mut self, note: impl Into<String>) -> Countdown {
        self.note = note.into();
        self
    }

    fn word(&self) -> &'static str {
        match self.clock.state {
            ClockState::Running => "running",
            ClockState::Near => "near",
            ClockState::Paused => "paused",
            ClockState::Late => "late",
            ClockState::Met => "met",
        }
    }

    fn tag(&self) -> Tag {
        let t = self.t;
        match self.clock.state {
            ClockState::Running => Tag::new(Tone::Running, t.clock_running()),
            ClockState::Near => Tag::new(Tone::Act, t.light_near()),
            ClockState::Paused => Tag::new(Tone::Paused, t.clock_paused()),
            ClockState::Late => Tag::new(Tone::Bad, t.light_late()),
            ClockState::Met => Tag::new(Tone::Good, t.clock_met()),
        }
    }

    fn number(&self) -> u32 {
        match self.clock.state {
            ClockState::Met => self.clock.used,
            _ => self.clock.limit.abs_diff(self.clock.used),
        }
    }

    fn before(&self) -> String {
        self.t.clock_before(self.word())
    }

    fn after(&self) -> String {
        self.t.clock_after(self.word(), self.number())
    }

    fn cells(&self) -> Vec<bool> {
        (0..self.clock.limit.min(60)).map(|cell| cell < self.clock.used).collect()
    }
}

html_safe!(Timeline, Countdown);
