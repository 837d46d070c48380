//! A running city: its folder, keys, clock, jobs and server.

pub mod checkpoint;
pub mod clock;
pub mod device;
pub mod embedded;
pub mod folder;
pub mod jobs;
pub mod keys;
mod listen;
pub mod open;
pub mod peer;
pub mod server;
mod unheard;
pub mod ways_out;
