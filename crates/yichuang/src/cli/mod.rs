//! Commands of the binary. Exit code 0 = yes or done, 1 = no (with the reason), 2 = could not run.

mod accounts;
mod backup;
mod bench;
mod calendar;
pub(crate) mod catalog;
mod code;
mod demo;
mod devices;
mod figures;
mod init;
mod journal;
mod keys;
mod law;
mod licence;
mod log;
mod messages;
mod rules;
mod serve;
mod simulate;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// One window for a city: from the question to the licence.
#[derive(Debug, Parser)]
#[command(name = "yichuang", version, about, max_term_width = 120)]
struct Cli {
    /// Answer in JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a demo city (created on first use) on this machine only.
    Demo(demo::Args),
    /// Serve the city of a folder.
    Serve(serve::Args),
    /// Create a city: folder, keys, database.
    Init(init::Args),
    /// Bring the database of a city up to this program's schema.
    Migrate(Dir),
    /// Check, import or export matters.
    #[command(subcommand)]
    Catalog(catalog::Command),
    /// Check, test or try approval rules; list the numbers of the law.
    #[command(subcommand)]
    Rules(rules::Command),
    /// Count working days, import a year's holidays.
    #[command(subcommand)]
    Calendar(calendar::Command),
    /// Check codes: uscc, citizen-id, licence-id, impl-code.
    #[command(subcommand)]
    Code(code::Command),
    /// Verify a licence.
    #[command(subcommand)]
    Licence(licence::Command),
    /// Audit a public log of licences.
    #[command(subcommand)]
    Log(log::Command),
    /// Verify or export the journal.
    #[command(subcommand)]
    Journal(journal::Command),
    /// Certificates of a licensed authority for the bureaus' keys.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Write an encrypted backup of a city's database.
    Backup(backup::BackupArgs),
    /// Restore an encrypted backup into an empty database.
    Restore(backup::RestoreArgs),
    /// Tokens of systems.
    #[command(subcommand)]
    Token(accounts::TokenCommand),
    /// Terminals of places.
    #[command(subcommand)]
    Device(devices::Command),
    /// Figures of the city: show them, load published ones.
    #[command(subcommand)]
    Figures(figures::Command),
    /// Messages that leave the platform: what waits, what was given up.
    #[command(subcommand)]
    Messages(messages::Command),
    /// Accounts of staff.
    #[command(subcommand)]
    User(accounts::UserCommand),
    /// Measure this program on this machine.
    Bench(bench::Args),
    /// Let months of a city pass in virtual time, and check at each step what must hold.
    Simulate(simulate::Args),
}

/// The folder of a city.
#[derive(Debug, clap::Args)]
pub struct Dir {
    /// Folder of the city.
    #[arg(long, default_value = "city")]
    pub dir: PathBuf,
}

/// The answer of a command.
pub enum Answer {
    /// Exit 0.
    Yes,
    /// Exit 1; the reason was printed.
    No,
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            if error.use_stderr() && std::env::args_os().any(|argument| argument == "--json") {
                could_not(true, &error.to_string());
            }
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let json = cli.json;
    match run(cli) {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(error) => {
            eprintln!("yichuang: {error:#}");
            could_not(json, &format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// A program that reads our JSON gets the reason there as well.
fn could_not(json: bool, why: &str) {
    if json {
        say(true, &serde_json::json!({ "error": why }), "");
    }
}

fn run(cli: Cli) -> Result<Answer> {
    let json = cli.json;
    match cli.command {
        Command::Catalog(command) => catalog::run(command, json),
        Command::Rules(command) => rules::run(command, json),
        Command::Calendar(command) => block_on(calendar::run(&command, json)),
        Command::Code(command) => code::run(command, json),
        Command::Licence(command) => block_on(licence::run(command, json)),
        Command::Bench(args) => bench::run(&args, json),
        Command::Demo(args) => block_on(demo::run(args)),
        Command::Simulate(args) => block_on(simulate::run(args, json)),
        Command::Serve(args) => block_on(serve::run(args)),
        Command::Init(args) => block_on(init::run(args, json)),
        Command::Migrate(args) => block_on(serve::migrate(args, json)),
        Command::Journal(command) => block_on(journal::run(command, json)),
        Command::Log(command) => block_on(log::run(command, json)),
        Command::Keys(command) => block_on(keys::run(command, json)),
        Command::Backup(args) => block_on(backup::backup(args, json)),
        Command::Restore(args) => block_on(backup::restore(args, json)),
        Command::Token(command) => block_on(accounts::token(command, json)),
        Command::Device(command) => block_on(devices::run(command, json)),
        Command::Figures(command) => block_on(figures::run(command, json)),
        Command::Messages(command) => block_on(messages::run(command, json)),
        Command::User(command) => block_on(accounts::user(command, json)),
    }
}

fn block_on(work: impl Future<Output = Result<Answer>>) -> Result<Answer> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Prints a line, or the same as JSON. A closed pipe is no failure.
pub fn say(json: bool, value: &serde_json::Value, line: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _ = if json { writeln!(out, "{value}") } else { writeln!(out, "{line}") };
}
