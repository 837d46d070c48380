//! Which figures a fact of the halls moves.

use domain::halls::{AppointmentFact, TicketFact};

/// Counters that a fact of a day moves: name, key (`place/2026-11-24`) and by how much. Nothing for other streams and erased bodies.
pub(crate) fn counted(entry: &store::Fact, day: &str) -> Vec<(&'static str, String, i64)> {
    let Some(body) = entry.body.as_deref() else { return Vec::new() };
    let key = |place: &str| format!("{place}/{day}");
    if entry.stream.starts_with("appointment/") {
        return match serde_json::from_str(body) {
            Ok(AppointmentFact::Booked { appointment }) => vec![("appointments-booked", key(&appointment.place), 1)],
            Ok(AppointmentFact::Arrived { place, .. }) => vec![("appointments-kept", key(&place), 1)],
            Ok(AppointmentFact::Missed { place, .. }) => vec![("appointments-missed", key(&place), 1)],
            Ok(AppointmentFact::Cancelled { place, .. }) => vec![("appointments-cancelled", key(&place), 1)],
            _ => Vec::new(),
        };
    }
    if !entry.stream.starts_with("ticket/") {
        return Vec::new();
    }
    match serde_json::from_str(body) {
        Ok(TicketFact::Taken { ticket }) => vec![("tickets-taken", key(&ticket.place), 1)],
        Ok(TicketFact::Missed { place, .. }) => vec![("tickets-missed", key(&place), 1)],
        Ok(TicketFact::Finished { place, waited, served, .. }) => vec![
            ("tickets-served", key(&place), 1),
            ("tickets-waited-seconds", key(&place), waited),
            ("tickets-served-seconds", key(&place), served),
        ],
        _ => Vec::new(),
    }
}
