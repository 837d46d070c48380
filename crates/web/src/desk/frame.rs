//! What all pages of staff share: the navigation by role with what waits, lamps of dates, names that lists mask.

use domain::accounts::{Action, Actor, Role, Subject, may};
use domain::catalog::ApplicantKind;
use domain::codes::name;
use domain::time::{Calendar, Lamps, Timestamp};
use service::City;
use service::cases::{self, CaseRow, PILES, Waiting};

use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Html, Icon, Lamp, Light};
use crate::layout::{NavItem, Page};

/// The piles that concern somebody with these roles. Supervisors see all of them and can change nothing.
pub(super) fn piles_of(actor: &Actor) -> Vec<&'static str> {
    let concerns = |pile: &str| match pile {
        "feedback" | "accept" | "deliver" => actor.has(Role::Clerk),
        "review" | "inspect" | "check" => actor.has(Role::Reviewer) || actor.has(Role::Approver),
        _ => actor.has(Role::Approver),
    };
    let all = actor.has(Role::Supervisor);
    PILES.into_iter().filter(|pile| all || concerns(pile)).collect()
}

fn icon(pile: &str) -> Icon {
    match pile {
        "feedback" => Icon::Message,
        "accept" => Icon::Inbox,
        "review" => Icon::File,
        "inspect" => Icon::Eye,
        "decide" => Icon::Stamp,
        "deliver" => Icon::Card,
        _ => Icon::ShieldCheck,
    }
}

/// A page of staff: its layout, and how much waits in each pile of the actor.
pub(super) struct Frame {
    /// Layout.
    pub page: Page,
    /// The piles of the actor with what waits in them.
    pub waiting: Vec<(&'static str, Waiting)>,
}

/// The layout of a page of staff; `here` is the address that the navigation marks.
pub(crate) async fn page(visit: &Visit, here: &str) -> Result<Page, Failure> {
    Ok(frame(visit, here).await?.page)
}

/// The layout together with the counts that it shows.
pub(super) async fn frame(visit: &Visit, here: &str) -> Result<Frame, Failure> {
    let actor = visit.staff()?;
    let (t, city) = (visit.t(), visit.city());
    let lights = Lights::new(t, city);
    let piles = piles_of(actor);
    let counted: Vec<(&str, Timestamp)> = piles.iter().map(|pile| (*pile, lights.near_until(pile))).collect();
    let counts = match counted.is_empty() {
        true => Vec::new(),
        false => cases::waiting(city, actor, &counted, None).await?,
    };
    let waiting: Vec<(&'static str, Waiting)> = piles.into_iter().zip(counts).collect();
    let mut page = visit.page();
    page.desk = nav(t, actor, here, &waiting);
    Ok(Frame { page, waiting })
}

fn nav(t: T, actor: &Actor, here: &str, waiting: &[(&'static str, Waiting)]) -> Vec<NavItem> {
    let mut nav: Vec<NavItem> = Vec::new();
    let mut add = |label: &str, href: String, icon: Icon, count: i64| {
        let current = href == here;
        let count = u32::try_from(count).unwrap_or(0);
        nav.push(NavItem { label: label.to_owned(), href, icon, current, count, tab: false });
    };
    if !waiting.is_empty() {
        add(t.desk_home(), "/desk".to_owned(), Icon::Home, 0);
    }
    for (pile, waits) in waiting {
        add(&t.desk_pile(pile), format!("/desk/{pile}"), icon(pile), waits.all);
    }
    if actor.has(Role::Clerk) {
        add(t.halls_queue(), "/desk/queue".to_owned(), Icon::Queue, 0);
        add(t.halls_reception(), "/desk/reception".to_owned(), Icon::Bell, 0);
        add(t.desk_walk_in(), "/desk/walk-in".to_owned(), Icon::User, 0);
        add(t.desk_identity(), "/desk/identity".to_owned(), Icon::ShieldCheck, 0);
        add(t.desk_reset(), "/desk/reset".to_owned(), Icon::Key, 0);
    }
    if actor.has(Role::Clerk) || !service::voice::piles(actor).is_empty() {
        add(t.voice_orders(), "/desk/ratings".to_owned(), Icon::Message, 0);
    }
    if may(actor, Action::RevokeLicence, &Subject::default()).is_ok() {
        add(t.desk_licences(), "/desk/licences".to_owned(), Icon::ShieldCheck, 0);
    }
    if may(actor, Action::ConfirmPaperLicence, &Subject::default()).is_ok() {
        add(t.desk_papers(), "/desk/paper-licences".to_owned(), Icon::FileCheck, 0);
    }
    if may(actor, Action::Decide, &Subject::default()).is_ok() || actor.has(Role::Administrator) {
        add(t.desk_seals(), "/desk/seals".to_owned(), Icon::Stamp, 0);
    }
    if actor.has(Role::Clerk) {
        add(t.locker_desk(), "/desk/parcels".to_owned(), Icon::Lock, 0);
        add(t.post_desk(), "/desk/mail".to_owned(), Icon::Message, 0);
    }
    if may(actor, Action::WorkRota, &Subject::default()).is_ok() {
        add(t.rota_title(), "/desk/rota".to_owned(), Icon::Calendar, 0);
        add(t.rota_overtime(), "/desk/overtime".to_owned(), Icon::Clock, 0);
    }
    if actor.has(Role::Clerk) || watches(actor) {
        add(t.kiosk_desk(), "/desk/terminals".to_owned(), Icon::Window, 0);
    }
    if watches(actor) {
        add(t.desk_watch(), "/watch".to_owned(), Icon::Clock, 0);
    }
    if actor.has(Role::Administrator) {
        add(t.desk_studio(), "/studio".to_owned(), Icon::Book, 0);
    }
    choose_tabs(&mut nav);
    nav
}

/// What a thumb reaches on a phone: the work of the role first. Everything has a place when there are five or fewer.
fn choose_tabs(nav: &mut [NavItem]) {
    const FIRST: [&str; 9] = [
        "/desk",
        "/watch",
        "/desk/accept",
        "/desk/decide",
        "/desk/walk-in",
        "/desk/review",
        "/desk/deliver",
        "/desk/inspect",
        "/studio",
    ];
    let places = if nav.len() <= 5 { 5 } else { 4 };
    let mut left = places;
    for href in FIRST {
        if let Some(item) = nav.iter_mut().find(|item| item.href == href && left > 0) {
            item.tab = true;
            left -= 1;
        }
    }
    for item in nav.iter_mut().filter(|item| !item.tab).take(left) {
        item.tab = true;
    }
}

/// Whether the figures of the watch concern the actor.
pub(super) fn watches(actor: &Actor) -> bool {
    actor.has(Role::Supervisor) || actor.has(Role::Administrator)
}

/// The applicant as a list shows it: natural persons are masked, organisations are not. A row that does not say what its
/// applicant is counts as a person's.
pub(super) fn masked(row: &CaseRow) -> String {
    match row.applicant_kind {
        Some(ApplicantKind::Enterprise | ApplicantKind::IndividualBusiness | ApplicantKind::Organisation) => {
            row.applicant.clone()
        }
        Some(ApplicantKind::Person) | None => name::mask(&row.applicant),
    }
}

/// What lamps are drawn with: one reading of clock, calendar and law for a whole list.
pub(crate) struct Lights {
    t: T,
    now: Timestamp,
    calendar: std::sync::Arc<Calendar>,
    lamps: Option<Lamps>,
}

impl Lights {
    /// As everything stands now.
    pub(crate) fn new(t: T, city: &City) -> Lights {
        let now = city.now();
        Lights { t, now, calendar: city.calendar(), lamps: city.law().lamps(now.date()).ok() }
    }

    /// The light of a date, as the watch names it: `late`, `near`, `on-time`, `paused`.
    pub(super) fn word(&self, pile: &str, deadline: Option<Timestamp>) -> &'static str {
        match deadline {
            None => "paused",
            Some(deadline) if self.now >= deadline => "late",
            Some(deadline) if deadline <= self.near_until(pile) => "near",
            Some(_) => "on-time",
        }
    }

    /// From how many working days left a date of this pile is close. The five working days of acceptance are short
    /// themselves, so that only the last of them warns.
    fn near_days(&self, pile: &str) -> Option<u32> {
        self.lamps.as_ref().map(|lamps| if pile == "accept" { lamps.yellow } else { lamps.warning })
    }

    /// The last instant of the dates that are close today.
    pub(super) fn near_until(&self, pile: &str) -> Timestamp {
        let days = self.near_days(pile).unwrap_or(0);
        self.calendar.add_working_days(self.now.date(), days).map_or(self.now, |last| Timestamp::end_of(last.date))
    }

    /// The lamp of a date, with the working days left or over. Without a date the clock stands still, where the pile
    /// has clocks at all.
    pub(crate) fn lamp(&self, pile: &str, deadline: Option<Timestamp>) -> Html {
        let t = self.t;
        let Some(deadline) = deadline else {
            let clocked = matches!(pile, "review" | "inspect" | "decide");
            return if clocked { Html::of(&Lamp::new(t, Light::Paused)) } else { Html::default() };
        };
        let last = deadline.plus_seconds(-1).date();
        let between = |from, to| self.calendar.working_days_between(from, to).map_or(0, |count| count.days);
        if self.now >= deadline {
            let over = between(last, self.now.date());
            return Html::of(&Lamp::new(t, Light::Late).detail(t.desk_over(over)));
        }
        let left = between(self.now.date(), last);
        let near = self.near_days(pile).is_some_and(|days| left <= days);
        let light = if near { Light::Near } else { Light::OnTime };
        Html::of(&Lamp::new(t, light).detail(t.desk_left(left)))
    }
}

/// The last legal day before a deadline, in words; a dash where no date matters.
pub(crate) fn day(t: T, deadline: Option<Timestamp>) -> String {
    deadline.map_or_else(|| "—".to_owned(), |deadline| t.day(deadline.plus_seconds(-1).date()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_hide_people_and_show_organisations() {
        let row = |applicant: &str, applicant_kind| CaseRow {
            id: String::new(),
            number: String::new(),
            matter: String::new(),
            department: String::new(),
            state: String::new(),
            pile: None,
            applicant: applicant.to_owned(),
            applicant_kind,
            risk: None,
            received: None,
            deadline: None,
        };
        // A name says nothing about what bears it: only the register's word counts.
        for name in ["王芳", "阿依古丽·买买提", "John Smith", "海澜"] {
            assert_ne!(masked(&row(name, Some(ApplicantKind::Person))), name);
            assert_ne!(masked(&row(name, None)), name);
            assert_eq!(masked(&row(name, Some(ApplicantKind::Enterprise))), name);
        }
    }

    #[test]
    fn a_phone_shows_five_places_and_never_an_empty_more() {
        for (count, tabs) in [(1, 1), (5, 5), (6, 4), (10, 4)] {
            let item = |at: usize| NavItem {
                label: String::new(),
                href: format!("/x/{at}"),
                icon: Icon::Home,
                current: false,
                count: 0,
                tab: false,
            };
            let mut nav: Vec<NavItem> = (0..count).map(item).collect();
            choose_tabs(&mut nav);
            assert_eq!(nav.iter().filter(|item| item.tab).count(), tabs, "{count}");
        }
    }
}
