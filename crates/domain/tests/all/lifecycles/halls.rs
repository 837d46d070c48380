//! Appointment, ticket and swap of duties.

use std::sync::LazyLock;

use domain::halls::*;
use domain::time::Timestamp;
use proptest::prelude::*;

use super::{Line, Table, refused};
use crate::halls::{DAY, appointment, at, every_command, places, ticket};
use crate::rota::{planned, roster, wanted};

/// What a hall goes by is the city's own published rule; no article counts its numbers.
const LOCAL: &str = "local";

static HALL: LazyLock<Places> = LazyLock::new(places);

fn appointments() -> Vec<Appointment> {
    let states = [
        AppointmentState::Booked,
        AppointmentState::Arrived { at: at(DAY, 9, 0), ticket: "t".into() },
        AppointmentState::Missed { at: at(DAY, 10, 0) },
        AppointmentState::Cancelled { at: at(DAY, 8, 0) },
    ];
    states.into_iter().map(|state| Appointment { state, ..appointment() }).collect()
}

const KEPT: [&str; 3] = ["arrive", "cancel", "miss"];

fn keep(own: &Appointment, command: &str, now: Timestamp) -> Result<AppointmentFact, HallRefusal> {
    let rules = &HALL.booking[0];
    match command {
        "arrive" => own.arrive(rules, "t", now),
        "cancel" => own.cancel(now),
        _ => own.miss(rules, now),
    }
}

fn kept(own: &Appointment, command: &str, now: Timestamp) -> String {
    match keep(own, command, now) {
        Err(refusal) => refused(&refusal.reason),
        Ok(fact) => {
            let kind = fact.kind().trim_start_matches("appointment.").to_owned();
            let after = Appointment::evolve(Some(own.clone()), fact).unwrap();
            format!("{kind} → **{}**", after.state.name())
        }
    }
}

pub fn appointment_table() -> Table {
    let states = appointments().into_iter().map(|own| {
        let line = |command: &str| -> Line {
            let (within, later) = (kept(&own, command, at(DAY, 8, 30)), kept(&own, command, at(DAY, 12, 0)));
            [command.to_owned(), LOCAL.to_owned(), within, later]
        };
        (own.state.name().to_owned(), KEPT.into_iter().map(line).collect())
    });
    Table { title: "Appointment 预约", states: states.collect() }
}

pub fn ticket_table() -> Table {
    let (place, rules) = (&HALL.places[0], &HALL.booking[0]);
    let w = || "1".to_owned();
    let now = at(DAY, 10, 0);
    let states = [
        TicketState::Waiting,
        TicketState::Called { window: w(), at: now, times: 3 },
        TicketState::Serving { window: w(), at: now },
        TicketState::Held { at: now },
        TicketState::Missed { at: now },
        TicketState::Done { window: w(), at: now },
        TicketState::Cancelled { at: now },
        TicketState::Expired { at: now },
    ];
    let states = states.into_iter().map(|state| {
        let own = Ticket { state, ..ticket() };
        let ended = |command: &TicketCommand, now| match own.decide(command, place, rules, now) {
            Err(refusal) => refused(&refusal.reason),
            Ok(fact) => {
                let kind = fact.kind().trim_start_matches("ticket.").to_owned();
                format!("{kind} → **{}**", Ticket::evolve(Some(own.clone()), fact).unwrap().state.name())
            }
        };
        let line = |command: &TicketCommand| -> Line {
            [command.name().to_owned(), LOCAL.to_owned(), ended(command, now), ended(command, at(DAY, 23, 0))]
        };
        (own.state.name().to_owned(), every_command("1").iter().map(line).collect())
    });
    Table { title: "Ticket 号票", states: states.collect() }
}

const SWAPPED: [&str; 5] = ["accept", "decline", "withdraw", "confirm", "refuse"];

/// What a command does to a swap of a duty that begins at nine.
fn swap_after(rota: &Rota, command: &str, now: Timestamp) -> String {
    let roster = roster();
    let about = SwapAbout { place: &HALL.places[0], roster: &roster, elsewhere: &[], now };
    let id = rota.swaps[0].id;
    let fact = match command {
        "accept" => rota.accept(id, "b", true, &about).map(|facts| facts[0].clone()),
        "decline" => rota.decline(id, "b", now),
        "withdraw" => rota.withdraw(id, "a", now),
        "confirm" => rota.confirm(id, &about),
        _ => rota.refuse_swap(id, now),
    };
    match fact {
        Err(refusal) => refused(&refusal.reason),
        Ok(fact) => {
            let kind = fact.kind().trim_start_matches("rota.").to_owned();
            format!("{kind} → **{}**", Rota::evolve(Some(rota.clone()), fact).unwrap().swaps[0].state.name())
        }
    }
}

pub fn swap_table() -> Table {
    let rota = planned(&[wanted(DAY, "1", "09:00", "12:00", "a")]);
    let roster = roster();
    let about = SwapAbout { place: &HALL.places[0], roster: &roster, elsewhere: &[], now: at(DAY, 8, 0) };
    let asked = rota.ask("a", 1, "b", None, &about).unwrap();
    let asked = Rota::evolve(Some(rota), asked).unwrap();
    let at = about.now;
    let states = [
        SwapState::Asked,
        SwapState::Accepted { at },
        SwapState::Declined { at },
        SwapState::Withdrawn { at },
        SwapState::Refused { at },
        SwapState::Confirmed { at },
        SwapState::Lapsed { at },
    ];
    let states = states.into_iter().map(|state| {
        let mut own = asked.clone();
        own.swaps[0].state = state;
        let line = |command: &str| -> Line {
            let (within, later) =
                (swap_after(&own, command, at), swap_after(&own, command, crate::halls::at(DAY, 9, 30)));
            [command.to_owned(), LOCAL.to_owned(), within, later]
        };
        (own.swaps[0].state.name().to_owned(), SWAPPED.into_iter().map(line).collect())
    });
    Table { title: "Swap of duties 调班", states: states.collect() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Whatever is tried in whatever order: an appointment ends once, never leaves its end, and replay equals state.
    #[test]
    fn an_appointment_ends_once(steps in prop::collection::vec((0usize..3, 0i64..7_200), 1..30)) {
        let mut own = appointment();
        let mut facts = vec![AppointmentFact::Booked { appointment: Box::new(own.clone()) }];
        let mut now = at(DAY, 0, 0).plus_seconds(-7_200);
        for (command, seconds) in steps {
            now = now.plus_seconds(seconds);
            let open = own.is_open();
            match keep(&own, KEPT[command], now) {
                Ok(fact) => {
                    prop_assert!(open);
                    facts.push(fact.clone());
                    own = Appointment::evolve(Some(own), fact).unwrap();
                    prop_assert!(!own.is_open());
                }
                Err(refusal) => prop_assert_eq!((refusal.state, refusal.command), (own.state.name(), KEPT[command])),
            }
        }
        prop_assert!(facts.len() <= 2, "it ends once");
        prop_assert_eq!(facts.into_iter().fold(None, Appointment::evolve), Some(own));
    }
}
