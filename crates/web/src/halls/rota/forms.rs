//! The forms of a week: planning a duty, asking for a swap, and the list of staff.

use domain::halls::Duty;
use service::halls::rota::Week;

use super::rows::{duty_words, span};
use super::{Typed, typed};
use crate::i18n::T;
use crate::kit::{Choice, Field};

/// A member of the staff.
pub(super) struct MemberRow {
    pub account: String,
    pub name: String,
    pub counters: String,
    pub duties: usize,
}

/// The members, with the counters at which they may sit.
pub(super) fn members(t: T, week: &Week<'_>) -> Vec<MemberRow> {
    let row = |own: &domain::halls::Member| {
        let counters = own.counters.iter().filter_map(|id| week.place.counter(id)).map(|own| t.of(&own.name));
        let counters: Vec<&str> = counters.collect();
        MemberRow {
            account: own.account.clone(),
            name: week.name(&own.account).to_owned(),
            counters: match counters.is_empty() {
                true => t.rota_any_counter().to_owned(),
                false => counters.join(t.list_separator()),
            },
            duties: week.rota.duties_of(&own.account).len(),
        }
    };
    week.roster.members.iter().map(row).collect()
}

/// The form that plans a duty.
pub(super) fn plan(t: T, week: &Week<'_>, fields: &Typed) -> Vec<Field> {
    let days = week.days.iter().map(|day| Choice::new(day.date.to_string(), t.day(day.date))).collect();
    let windows = week.place.counters.iter().flat_map(|counter| {
        let name = t.of(&counter.name);
        let choice = move |window: &String| Choice::new(window.as_str(), t.rota_window(window.as_str(), name));
        counter.windows.iter().map(choice)
    });
    let people = week.roster.members.iter().map(|own| Choice::new(own.account.as_str(), week.name(&own.account)));
    let (windows, people): (Vec<Choice>, Vec<Choice>) = (windows.collect(), people.collect());
    let first = |choices: &[Choice]| choices.first().map_or_else(String::new, |choice| choice.value.clone());
    let or = |name: &str, other: String| match typed(fields, name) {
        "" => other,
        text => text.to_owned(),
    };
    let (window, person) = (or("window", first(&windows)), or("account", first(&people)));
    vec![
        Field::select(t, "day", t.rota_day(), days).value(or("day", week.rota.monday.to_string())),
        Field::select(t, "window", t.halls_queue_window(), windows).value(window),
        time(t, "from", t.rota_from(), or("from", "09:00".to_owned())),
        time(t, "to", t.rota_to(), or("to", "12:00".to_owned())),
        Field::select(t, "account", t.rota_member(), people).value(person),
    ]
}

fn time(t: T, name: &str, label: &str, value: String) -> Field {
    Field::text(t, name, label).width("s").max_length(5).autocomplete("off").hint(t.rota_time_hint()).value(value)
}

/// The form with which a clerk asks for a swap of a duty: give it to somebody, or take another one for it.
pub(super) fn swap(t: T, week: &Week<'_>, own: &Duty, chosen: &str) -> Field {
    let others = week.roster.members.iter().filter(|member| member.account != own.account);
    let give = others
        .filter(|member| week.roster.may_take(week.place, &member.account, &own.window))
        .map(|member| Choice::new(format!("give:{}", member.account), t.rota_wish_give(week.name(&member.account))));
    let mut duties: Vec<&Duty> = week.rota.duties.iter().filter(|duty| duty.account != own.account).collect();
    duties.sort_by_key(|duty| (duty.day, duty.from));
    let swaps = duties.into_iter().filter(|duty| {
        week.roster.may_take(week.place, &own.account, &duty.window)
            && week.roster.may_take(week.place, &duty.account, &own.window)
    });
    let swaps = swaps.map(|duty| {
        let words = t.rota_wish_swap(week.name(&duty.account), duty_words(t, duty));
        Choice::new(format!("swap:{}", duty.id), words)
    });
    let choices: Vec<Choice> = give.chain(swaps).collect();
    let first = choices.first().map_or_else(String::new, |choice| choice.value.clone());
    let value = if chosen.is_empty() { first } else { chosen.to_owned() };
    Field::select(t, "wish", t.rota_wish(), choices).value(value)
}

/// What a swap is asked for, in the heading of its form.
pub(super) fn swap_title(t: T, own: &Duty) -> String {
    format!("{} {} {}", t.day(own.day), span(own), t.halls_windows(own.window.as_str()))
}

/// The form that takes somebody into the roster.
pub(super) fn join(t: T, week: &Week<'_>, fields: &Typed) -> Vec<Field> {
    let counters = week.place.counters.iter().map(|own| Choice::new(own.id.as_str(), t.of(&own.name))).collect();
    vec![
        Field::text(t, "login", t.rota_login()).max_length(40).autocomplete("off").value(typed(fields, "login")),
        Field::checkboxes(t, "counter", t.rota_counters(), counters).hint(t.rota_counters_hint()).optional(),
    ]
}
