//! People, systems and what each may do.
//!
//! The permission matrix is [`may`]: role × action × scope (department, district, ownership). Pages, API, CLI and jobs
//! ask it through the same use cases, so a button and a token can never differ.

mod account;
mod contact;
mod mandate;
mod permission;
pub mod reset;
mod role;
mod ways;

pub use account::{Account, AccountFact};
pub use contact::{Channel, Contact, MAX_EMAIL_CHARS, contact_code, masked};
pub use mandate::{
    MAX_MANDATE_MATTERS, Mandate, MandateEnd, MandateFact, MandateRef, MandateRefusal, Power, latest_end,
};
pub use permission::{Action, Forbidden, Subject, may};
pub use reset::{ResetRefusal, SeenDocument};
pub use role::{Actor, Grant, Party, Role};
pub use ways::{Link, MAX_NAME_CHARS, MAX_PASSKEYS, Passkey, WayRefusal};
