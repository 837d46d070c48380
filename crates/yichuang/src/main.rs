//! `yichuang`: one binary that runs a city.
//!
//! `cli` holds one file per command, `run` the wiring of a running city: its folder, keys, clock, jobs and server; `bench`
//! measures all of it.
//! Only this crate reads the machine's clock and its randomness.

mod bench;
mod cli;
mod run;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
