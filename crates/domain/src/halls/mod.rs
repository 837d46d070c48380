//! Halls 大厅 and the other places where people are served: what each takes and when it is open, appointments, and the queue.
//!
//! * `place.rs` a place with its counters, windows and terminals; `load.rs` reads them from `places.json` of the catalogue
//! * `hours.rs` the opening calendar: noon, weekend, holiday and seasonal service. It only reads the working-day calendar: an
//!   opening on a Saturday makes no Saturday a working day (T-3)
//! * `booking.rs` the city's dated rules of booking, and the slots of a day; `appointment.rs` the life of an appointment 预约
//! * `ticket.rs` the life of a ticket 号票 in the queue; `wait.rs` how long one will wait
//! * `terminal.rs` the dated rules of terminals; `device.rs` the life of a registered device 终端设备
//! * `locker.rs` the dated rules of lockers and free cells; `parcel.rs` the life of what lies in a cell
//! * `rota` who sits at which window when, swaps, gaps, overtime and time off in lieu
//! * `refusal.rs` why a command was refused

mod appointment;
mod booking;
mod device;
mod hours;
mod load;
mod locker;
mod parcel;
mod place;
mod refusal;
mod rota;
mod terminal;
mod ticket;
mod wait;

pub use appointment::{Appointment, AppointmentFact, AppointmentState, open_key};
pub use booking::{BookingRules, SlotPlan, barred_until, released, rules_on, slots};
pub use device::{Device, DeviceFact, DeviceKind, DeviceState, Fault, FaultKind, Reported};
pub use hours::{DayClass, DayHours, DayTime, Door, Opening, Season, Service, door, hours};
pub use load::{PLACES, Places, lint_places};
pub use locker::{LockerRules, free_cell, is_broken, locker_rules_on};
pub use parcel::{Bearer, Parcel, ParcelFact, ParcelState, Way};
pub use place::{Booking, Closure, Counter, Place, PlaceKind, ServiceAt, Terminal, TerminalService};
pub use refusal::{HallReason, HallRefusal};
pub use rota::{
    Busy, Duty, DutyFlag, Effect, Flags, Gap, Ledger, LedgerFact, Lieu, LieuKind, Member, Overtime, Roster, RosterFact,
    Rota, RotaFact, RotaRules, Swap, SwapAbout, SwapState, Wanted, flags, gaps, left_by, monday_of, past_closing,
    rota_rules_on,
};
pub use terminal::{TerminalRules, is_silent, offered, terminal_rules_on};
pub use ticket::{Ticket, TicketClass, TicketCommand, TicketFact, TicketSource, TicketState};
pub use wait::{Estimate, estimate};
