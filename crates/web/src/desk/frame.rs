//! What all pages of staff share: the navigation by role, lamps of dates, names that lists mask.

use domain::accounts::{Actor, Role};
use domain::codes::name;
use domain::time::{Calendar, Lamps, Timestamp};
use service::City;

use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Html, Icon, Lamp, Light};
use crate::layout::{NavItem, Page};

/// Piles in the order of the work.
pub(super) const PILES: [&str; 7] = ["feedback", "accept", "review", "inspect", "decide", "deliver", "check"];

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

/// The layout of a page of staff; `here` is the address that the navigation marks.
pub(super) fn page(visit: &Visit, here: &str) -> Result<Page, Failure> {
    let actor = visit.staff()?;
    let t = visit.t();
    let mut nav = Vec::new();
    let mut add = |label: &str, href: String, icon: Icon| {
        let current = href == here;
        nav.push(NavItem { label: label.to_owned(), href, icon, current, count: 0 });
    };
    let piles = piles_of(actor);
    if !piles.is_empty() {
        add(t.desk_home(), "/desk".to_owned(), Icon::Home);
    }
    for pile in piles {
        add(&t.desk_pile(pile), format!("/desk/{pile}"), icon(pile));
    }
    if actor.has(Role::Clerk) {
        add(t.desk_walk_in(), "/desk/walk-in".to_owned(), Icon::User);
        add(t.desk_identity(), "/desk/identity".to_owned(), Icon::Key);
    }
    if watches(actor) {
        add(t.desk_watch(), "/watch".to_owned(), Icon::Clock);
    }
    if actor.has(Role::Administrator) {
        add(t.desk_studio(), "/studio".to_owned(), Icon::Book);
    }
    let mut page = visit.page();
    page.desk = nav;
    Ok(page)
}

/// Whether the figures of the watch concern the actor.
pub(super) fn watches(actor: &Actor) -> bool {
    actor.has(Role::Supervisor) || actor.has(Role::Administrator)
}

/// The applicant as a list shows it. A row does not say what its applicant is, so a name that could be a person's is
/// masked: a short one, one in parts, or one in Latin script. A short company name is masked too, which hides nothing
/// that the case itself does not show.
pub(super) fn masked(applicant: &str) -> String {
    let may_be_person = name::check_person(applicant).is_ok()
        && (applicant.chars().count() <= 4 || applicant.contains('·') || applicant.is_ascii());
    if may_be_person { name::mask(applicant) } else { applicant.to_owned() }
}

/// What lamps are drawn with: one reading of clock, calendar and law for a whole list.
pub(super) struct Lights {
    t: T,
    now: Timestamp,
    calendar: std::sync::Arc<Calendar>,
    lamps: Option<Lamps>,
}

impl Lights {
    /// As everything stands now.
    pub(super) fn new(t: T, city: &City) -> Lights {
        let now = city.now();
        Lights { t, now, calendar: city.calendar(), lamps: city.law().lamps(now.date()).ok() }
    }

    /// The lamp of a date, with the working days left or over. Without a date the clock stands still, where the pile
    /// has clocks at all.
    pub(super) fn lamp(&self, pile: &str, deadline: Option<Timestamp>) -> Html {
        let t = self.t;
        let Some(deadline) = deadline else {
            let clocked = matches!(pile, "review" | "inspect" | "decide");
            return if clocked { Html::of(&Lamp::new(t, Light::Paused)) } else { Html::text("—") };
        };
        let last = deadline.plus_seconds(-1).date();
        let between = |from, to| self.calendar.working_days_between(from, to).map_or(0, |count| count.days);
        if self.now >= deadline {
            let over = between(last, self.now.date());
            return Html::of(&Lamp::new(t, Light::Late).detail(t.desk_over(over)));
        }
        let left = between(self.now.date(), last);
        let near = self.lamps.as_ref().is_some_and(|lamps| left <= lamps.warning.max(lamps.yellow));
        let light = if near { Light::Near } else { Light::OnTime };
        Html::of(&Lamp::new(t, light).detail(t.desk_left(left)))
    }
}

/// The last legal day before a deadline, in words; a dash where no date matters.
pub(super) fn day(t: T, deadline: Option<Timestamp>) -> String {
    deadline.map_or_else(|| "—".to_owned(), |deadline| t.day(deadline.plus_seconds(-1).date()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_hide_people_and_show_companies() {
        for person in ["王芳", "阿依古丽·买买提", "John Smith"] {
            assert_ne!(masked(person), person);
        }
        for company in ["海澜区阿芳理发店", "青岛某某餐饮有限公司"] {
            assert_eq!(masked(company), company);
        }
    }
}
