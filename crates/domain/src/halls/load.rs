//! Reading `places.json` of the catalogue, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::booking::BookingRules;
use super::hours::Opening;
use super::locker::LockerRules;
use super::place::{Counter, Place, PlaceKind, ServiceAt};
use super::rota::RotaRules;
use super::terminal::TerminalRules;
use crate::catalog::source::Source;
use crate::catalog::{Files, Finding};
use crate::codes::division;
use crate::text::Text;

/// The file inside a catalogue. A catalogue without it has no places.
pub const PLACES: &str = "places.json";

/// Places of a city, and the rules of booking.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// Rules of booking and queues, by date.
    #[serde(default)]
    pub booking: Vec<BookingRules>,
    /// Rules of terminals, by date.
    #[serde(default)]
    pub terminals: Vec<TerminalRules>,
    /// Rules of lockers, by date.
    #[serde(default)]
    pub lockers: Vec<LockerRules>,
    /// Rules of rotas, by date.
    #[serde(default)]
    pub rota: Vec<RotaRules>,
    /// The places, in the order in which lists show them.
    pub places: Vec<Place>,
}

impl Places {
    /// Reads the file; a catalogue without it has none.
    ///
    /// # Errors
    /// A finding when the file is not JSON or has the wrong shape.
    pub fn load(files: &Files) -> Result<Places, Vec<Finding>> {
        match files.get(PLACES) {
            Some(text) => Source::parse(PLACES, text)?.read(),
            None => Ok(Places::default()),
        }
    }

    /// A place.
    pub fn get(&self, id: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.id == id)
    }
}

/// What is wrong with the places of a catalogue.
pub fn lint_places(files: &Files) -> Vec<Finding> {
    let Some(text) = files.get(PLACES) else { return Vec::new() };
    let source = match Source::parse(PLACES, text) {
        Ok(source) => source,
        Err(findings) => return findings,
    };
    let places: Places = match source.read() {
        Ok(places) => places,
        Err(findings) => return findings,
    };
    let mut lint = Lint { source: &source, files, findings: Vec::new() };
    lint.rules(&places);
    lint.terminals(&places);
    lint.lockers(&places);
    lint.rota(&places);
    let mut seen = BTreeSet::new();
    for (at, place) in places.places.iter().enumerate() {
        let pointer = format!("/places/{at}");
        if !seen.insert(place.id.as_str()) || !is_name(&place.id) {
            lint.say(
                &pointer,
                "place-id",
                ["场所编号重复或含有非法字符。", "The id of the place is not unique or no name."],
            );
        }
        lint.place(&pointer, place);
    }
    lint.findings
}

/// Lower-case ASCII, digits and hyphens: it stands in addresses and in the ids of slots.
fn is_name(id: &str) -> bool {
    !id.is_empty() && id.len() <= 60 && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

struct Lint<'s> {
    source: &'s Source<'s>,
    files: &'s Files,
    findings: Vec<Finding>,
}

impl Lint<'_> {
    fn say(&mut self, pointer: &str, check: &'static str, [zh, en]: [&str; 2]) {
        let fix = Text::new("请对照同类场所改正。", "Correct it; compare with a place of the same kind.");
        self.findings.push(self.source.error(pointer, check, Text::new(zh, en), fix));
    }

    fn rules(&mut self, places: &Places) {
        if places.places.iter().any(Place::books) && places.booking.is_empty() {
            self.say(
                "/booking",
                "booking-rules",
                ["有场所可预约，但没有预约规则。", "Places can be booked, but there are no rules."],
            );
        }
        let mut last: Option<&BookingRules> = None;
        for (at, rules) in places.booking.iter().enumerate() {
            let pointer = format!("/booking/{at}");
            let overlaps = last.is_some_and(|before| before.valid_to.is_none_or(|end| end >= rules.valid_from));
            let sizes = (1..=60).contains(&rules.ahead_days) && rules.calls >= 1 && rules.calls <= 10;
            if overlaps || rules.valid_to.is_some_and(|end| end < rules.valid_from) {
                self.say(&pointer, "booking-dates", ["预约规则的日期前后重叠。", "The dates of the rules overlap."]);
            }
            if !sizes || rules.source.trim().is_empty() {
                self.say(
                    &pointer,
                    "booking-rules",
                    [
                        "提前天数应为 1 至 60，叫号次数应为 1 至 10，并须写明依据。",
                        "ahead_days is 1 to 60, calls 1 to 10, and the source must be named.",
                    ],
                );
            }
            last = Some(rules);
        }
    }

    fn terminals(&mut self, places: &Places) {
        if places.places.iter().any(|place| !place.terminals.is_empty()) && places.terminals.is_empty() {
            self.say(
                "/terminals",
                "terminal-rules",
                ["有场所设终端，但没有终端管理规则。", "There are terminals, but no rules for them."],
            );
        }
        let mut last: Option<&TerminalRules> = None;
        for (at, rules) in places.terminals.iter().enumerate() {
            let pointer = format!("/terminals/{at}");
            let overlaps = last.is_some_and(|before| before.valid_to.is_none_or(|end| end >= rules.valid_from));
            if overlaps || rules.valid_to.is_some_and(|end| end < rules.valid_from) {
                self.say(&pointer, "terminal-dates", ["终端规则的日期前后重叠。", "The dates of the rules overlap."]);
            }
            if !rules.is_sound() || rules.source.trim().is_empty() {
                self.say(
                    &pointer,
                    "terminal-rules",
                    [
                        "闲置 20 至 600 秒、提醒 10 至 120 秒、心跳 10 至 600 秒、失联不少于两次心跳、登记码 5 至 1440 分钟、会话 1 至 168 小时，并须写明依据。",
                        "idle 20 to 600 s, warning 10 to 120 s, beat 10 to 600 s, silent at least two beats, codes 5 to 1440 minutes, \
                         sessions 1 to 168 hours; the source must be named.",
                    ],
                );
            }
            self.matters(&pointer, &rules.matters);
            last = Some(rules);
        }
    }

    fn lockers(&mut self, places: &Places) {
        if places.places.iter().any(|place| place.cells > 0) && places.lockers.is_empty() {
            self.say(
                "/lockers",
                "locker-rules",
                ["有文件柜，但没有管理规则。", "There are lockers, but no rules for them."],
            );
        }
        let mut last: Option<&LockerRules> = None;
        for (at, rules) in places.lockers.iter().enumerate() {
            let overlaps = last.is_some_and(|before| before.valid_to.is_none_or(|end| end >= rules.valid_from));
            if overlaps || !rules.is_sound() || rules.source.trim().is_empty() {
                self.say(
                    &format!("/lockers/{at}"),
                    "locker-rules",
                    [
                        "日期不得重叠；留格 5 至 240 分钟，存放和取件码 1 至 720 小时，提醒早于到期，并须写明依据。",
                        "Dates must not overlap; reserve 5 to 240 minutes, hold and codes 1 to 720 hours, remind before the end; \
                         the source must be named.",
                    ],
                );
            }
            last = Some(rules);
        }
    }

    fn rota(&mut self, places: &Places) {
        let mut last: Option<&RotaRules> = None;
        for (at, rules) in places.rota.iter().enumerate() {
            let overlaps = last.is_some_and(|before| before.valid_to.is_none_or(|end| end >= rules.valid_from));
            let ends = rules.valid_to.is_some_and(|end| end < rules.valid_from);
            if overlaps || ends || rules.source.trim().is_empty() {
                self.say(
                    &format!("/rota/{at}"),
                    "rota-rules",
                    ["日期不得重叠，并须写明依据。", "Dates must not overlap; the source must be named."],
                );
            }
            last = Some(rules);
        }
    }

    fn place(&mut self, pointer: &str, place: &Place) {
        let texts = [&place.name, &place.area, &place.address];
        let listed = place.standard.iter().chain(&place.feature).chain(place.terminals.iter().map(|own| &own.name));
        if texts.into_iter().chain(listed).any(Text::is_incomplete) {
            self.say(
                pointer,
                "place-text",
                ["名称、地址或清单缺少中文或英文。", "A name, address or list lacks a language."],
            );
        }
        if division::get(&place.district).is_err() {
            self.say(
                &format!("{pointer}/district"),
                "place-district",
                ["没有这个区划代码。", "There is no such division."],
            );
        }
        if place.kind == PlaceKind::MicroWindow && (place.standard.is_empty() || place.feature.is_empty()) {
            self.say(
                pointer,
                "place-lists",
                [
                    "微窗口须公布标准清单和特色清单。",
                    "A micro window publishes its standard list and its feature list.",
                ],
            );
        }
        let (mut ids, mut letters, mut windows) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
        for (at, counter) in place.counters.iter().enumerate() {
            let pointer = format!("{pointer}/counters/{at}");
            let twice = !ids.insert(&counter.id) || !letters.insert(&counter.letter);
            let shared = counter.windows.iter().any(|window| windows.insert(window, &counter.id).is_some());
            if twice || shared {
                self.say(
                    &pointer,
                    "counter-id",
                    [
                        "专区编号、字母或窗口号在本场所重复。",
                        "Id, letter or a window of the counter stands twice in this place.",
                    ],
                );
            }
            self.counter(&pointer, counter);
        }
        for (at, terminal) in place.terminals.iter().enumerate() {
            let pointer = format!("{pointer}/terminals/{at}");
            self.matters(&pointer, &terminal.matters);
            let named = terminal.services.iter().filter_map(|service| match &service.at {
                ServiceAt::Matter(slug) => Some(slug.clone()),
                ServiceAt::Licences | ServiceAt::Cases | ServiceAt::Track => None,
            });
            self.matters(&format!("{pointer}/services"), &named.collect::<Vec<_>>());
        }
        for (at, opening) in place.openings.iter().enumerate() {
            self.opening(&format!("{pointer}/openings/{at}"), place, opening);
        }
    }

    fn counter(&mut self, pointer: &str, counter: &Counter) {
        let letter = counter.letter.len() == 1 && counter.letter.chars().all(|c| c.is_ascii_uppercase());
        if !is_name(&counter.id) || !letter || counter.windows.is_empty() || counter.name.is_incomplete() {
            self.say(
                pointer,
                "counter-id",
                [
                    "专区须有小写编号、一个大写字母、名称和至少一个窗口。",
                    "A counter has an id in lower case, one capital letter, a name and at least one window.",
                ],
            );
        }
        let fits =
            counter.booking.is_none_or(|own| (5..=240).contains(&own.minutes) && (1..=1000).contains(&own.capacity));
        if !fits || !(1..=240).contains(&counter.usual_minutes) {
            self.say(
                pointer,
                "counter-slots",
                [
                    "时段为 5 至 240 分钟，每段 1 至 1000 人；平均用时为 1 至 240 分钟。",
                    "A slot has 5 to 240 minutes and 1 to 1,000 people; the usual time is 1 to 240 minutes.",
                ],
            );
        }
        self.matters(pointer, &counter.matters);
    }

    fn matters(&mut self, pointer: &str, matters: &[String]) {
        let unknown = matters.iter().find(|slug| !self.files.contains_key(&format!("matters/{slug}/matter.json")));
        if let Some(slug) = unknown.cloned() {
            self.say(
                &format!("{pointer}/matters"),
                "place-matter",
                [&format!("目录中没有事项 {slug}。"), &format!("The catalogue has no matter {slug}.")],
            );
        }
    }

    fn opening(&mut self, pointer: &str, place: &Place, opening: &Opening) {
        let season = opening.season.as_ref().is_none_or(super::hours::Season::is_valid);
        let dates = opening.valid_to.is_none_or(|last| last >= opening.valid_from);
        if opening.from >= opening.to || opening.on.is_empty() || !season || !dates {
            self.say(
                pointer,
                "opening-hours",
                [
                    "开放时间的起止、日期类型、季节或有效期不对。",
                    "Hours, kinds of days, season or validity of the opening are wrong.",
                ],
            );
        }
        let words = opening.note.iter().chain(&opening.remote);
        if opening.source.trim().is_empty() || words.into_iter().any(Text::is_incomplete) {
            self.say(
                pointer,
                "opening-source",
                ["须写明依据；说明须有中英文。", "Name the source; notes need both languages."],
            );
        }
        if opening.counters.iter().any(|id| place.counter(id).is_none()) {
            self.say(pointer, "opening-counters", ["本场所没有所列的专区。", "The place has no such counter."]);
        }
        let opens = |window: &String| place.counter_of_window(window).is_some_and(|own| opening.serves(&own.id));
        if !opening.windows.iter().all(opens) {
            self.say(
                pointer,
                "opening-windows",
                ["所列窗口不属于开放的专区。", "A window is none of the counters that are open then."],
            );
        }
        self.matters(pointer, &opening.matters);
    }
}
