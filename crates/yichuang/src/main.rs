//! `yichuang`: one binary that runs a city.
//!
//! `cli` holds one file per command, `run` the wiring of a running city: its folder, keys, clock, jobs and server; `bench`
//! measures all of it.
//! Only this crate reads the machine's clock and its randomness.

mod bench;
mod cli;
mod run;

use std::process::ExitCode;

/// A filing makes and drops thousands of small values (JSON, rows, certificates); the system's allocator takes a sixth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
