//! Tests of the use cases, each in a city of its own.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod accounts;
mod amendments;
mod authenticator;
mod bed;
mod calendar;
mod changes;
mod demo;
mod desk;
mod devices;
mod duties;
mod elsewhere;
mod filing;
mod forgetting;
mod gaps;
mod guards;
mod halls;
mod keeping;
mod law;
mod lists;
mod lockers;
mod logged;
mod mandates;
mod messages;
mod papers;
mod passkeys;
mod post;
mod published;
mod qr_codes;
mod reminders;
mod renderings;
mod renewals;
mod replay;
mod reset;
mod rota;
mod seals;
mod sharing;
mod simulating;
mod supervision;
mod suspensions;
mod told;
mod uploading;
mod voice;
