//! Openings in words.

use domain::halls::{DayHours, Door, Opening, PlaceKind, Service};
use domain::time::Timestamp;

use crate::i18n::T;
use crate::kit::{Icon, Tag, Tone};

/// The word of a kind of service, as messages choose by it.
fn service_word(service: Service) -> &'static str {
    match service {
        Service::Ordinary => "ordinary",
        Service::Noon => "noon",
        Service::Weekend => "weekend",
        Service::Holiday => "holiday",
        Service::Season => "season",
        Service::Evening => "evening",
        Service::AroundTheClock => "around-the-clock",
    }
}

/// `09:00–12:00、13:30–17:00`; a dash where nobody is there.
pub(super) fn spans(t: T, day: &DayHours<'_>) -> String {
    let spans: Vec<String> = day.spans().iter().map(|(from, to)| format!("{from}–{to}")).collect();
    if spans.is_empty() { t.halls_hours_none().to_owned() } else { spans.join(t.list_separator()) }
}

/// Whether the door is open, as a tag.
pub(super) fn door_tag(t: T, door: Door, now: Timestamp) -> Tag {
    match door {
        Door::Open(until) if until.micros() - now.micros() > 0 && until.date() != now.date() => {
            Tag::new(Tone::Good, t.halls_open_day())
        }
        Door::Open(until) => Tag::new(Tone::Good, t.halls_open_until(t.clock(until))),
        Door::Next(from) if from.date() == now.date() => Tag::new(Tone::Quiet, t.halls_next_today(t.clock(from))),
        Door::Next(from) => Tag::new(Tone::Quiet, t.halls_next_day(t.day(from.date()), t.clock(from))),
        Door::Closed => Tag::new(Tone::Quiet, t.halls_closed()),
    }
}

/// One opening of a day.
pub(super) struct OpeningRow {
    pub time: String,
    pub service: String,
    /// `1、2 号窗口`; empty when all windows of its counters are open.
    pub windows: String,
    /// Names and addresses of the matters that are taken then; empty = all that are taken at all.
    pub matters: Vec<(String, String)>,
    /// How many those are, in words.
    pub count: String,
    pub phone: String,
    pub remote: String,
    pub note: String,
}

pub(super) fn opening(t: T, city: &service::City, opening: &Opening) -> OpeningRow {
    let shelf = city.shelf();
    let matters = opening.matters.iter().filter_map(|slug| {
        let name = t.of(&shelf.matter(slug).ok()?.bundle.matter.name).to_owned();
        Some((format!("/matters/{slug}"), name))
    });
    let matters: Vec<_> = matters.collect();
    let windows = opening.windows.join(t.list_separator());
    OpeningRow {
        windows: if windows.is_empty() { windows } else { t.rota_opening_windows(windows) },
        count: t.rota_matters(matters.len()),
        matters,
        phone: opening.phone.clone().unwrap_or_default(),
        remote: opening.remote.as_ref().map_or_else(String::new, |own| t.of(own).to_owned()),
        time: format!("{}–{}", opening.from, opening.to),
        service: t.halls_service(service_word(opening.service)),
        note: opening.note.as_ref().map_or_else(String::new, |note| t.of(note).to_owned()),
    }
}

/// Picture of a kind of place.
pub(super) fn icon(kind: PlaceKind) -> Icon {
    match kind {
        PlaceKind::Hall => Icon::Building,
        PlaceKind::Centre => Icon::Home,
        PlaceKind::MicroWindow => Icon::Window,
        PlaceKind::Bank => Icon::Card,
        PlaceKind::Locker => Icon::Lock,
    }
}
