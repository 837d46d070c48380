//! Slots, appointments, tickets, devices, lockers, and the rota.

use crate::table::{Column, PlainTable, Table};

/// A day of a place whose slots were released.
pub static SLOT_DAY: Table = Table { name: "slot_day", columns: &[Column::int("slots")] };

/// A slot; `free` is counted down under a guard.
pub static SLOT: PlainTable = PlainTable {
    name: "visit_slot",
    columns: &[
        Column::text("place"),
        Column::text("counter"),
        Column::int("start"),
        Column::int("ends"),
        Column::int("capacity"),
        Column::int("free"),
    ],
};

/// An appointment.
pub static APPOINTMENT: Table = Table {
    name: "appointment",
    columns: &[
        Column::text("place"),
        Column::text("account"),
        Column::text("person"),
        Column::text("state"),
        Column::int("start"),
        Column::text("open_key"),
        Column::text("code_key"),
    ],
};

/// A ticket in the queue of a place.
pub static TICKET: Table = Table {
    name: "ticket",
    columns: &[
        Column::text("room"),
        Column::text("letter"),
        Column::int("seq"),
        Column::text("counter"),
        Column::text("state"),
        Column::int("rank"),
        Column::text("desk"),
        Column::text("account"),
        Column::int("moved"),
        Column::int("served"),
        Column::text("open_key"),
    ],
};

/// A registered device.
pub static DEVICE: Table = Table {
    name: "device",
    columns: &[
        Column::text("place"),
        Column::text("kind"),
        Column::text("state"),
        Column::text("code_key"),
        Column::int("alert"),
    ],
};

/// A session of a device.
pub static DEVICE_SESSION: PlainTable =
    PlainTable { name: "device_session", columns: &[Column::text("device"), Column::int("expires")] };

/// When a device was heard last.
pub static DEVICE_SEEN: PlainTable =
    PlainTable { name: "device_seen", columns: &[Column::text("place"), Column::int("seen")] };

/// What lies in a cell of a locker.
pub static PARCEL: Table = Table {
    name: "parcel",
    columns: &[
        Column::text("place"),
        Column::text("account"),
        Column::text("case_number"),
        Column::text("state"),
        Column::text("cell_key"),
        Column::text("open_key"),
    ],
};

/// A code that opens a cell.
pub static PARCEL_CODE: PlainTable = PlainTable {
    name: "parcel_code",
    columns: &[Column::text("parcel"), Column::text("bearer"), Column::int("expires")],
};

/// A week of duties of a place.
pub static ROTA: Table = Table { name: "rota", columns: &[Column::text("place"), Column::text("monday")] };

/// The duties of all weeks, by who has them.
pub static ROTA_DUTY: PlainTable = PlainTable {
    name: "rota_duty",
    columns: &[Column::text("place"), Column::text("account"), Column::int("start"), Column::int("ends")],
};

/// The staff of a place.
pub static ROSTER: Table = Table { name: "roster", columns: &[Column::int("members")] };

/// Overtime and time off in lieu of one member of staff.
pub static LIEU: Table = Table { name: "lieu", columns: &[Column::int("worked"), Column::int("balance")] };
