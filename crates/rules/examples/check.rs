//! Lints the rules in folders, one folder per rule: `cargo run -p rules --example check -- [--pledges] FOLDER…`.
//! `--pledges` says that the matters are open to pledges 告知承诺. Exits with 1 when there are findings.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut open_to_pledges = false;
    let mut clean = true;
    for arg in std::env::args().skip(1) {
        if arg == "--pledges" {
            open_to_pledges = true;
        } else {
            clean &= folder(Path::new(&arg), open_to_pledges);
        }
    }
    if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn folder(path: &Path, open_to_pledges: bool) -> bool {
    let read = |name: &str| std::fs::read_to_string(path.join(name)).map_err(|e| eprintln!("{name}: {e}")).ok();
    let (Some(schema), Some(table), Some(tests)) = (read("schema.json"), read("table.json"), read("tests.json")) else {
        return false;
    };
    let findings = rules::check(&schema, &table, &tests, open_to_pledges);
    for finding in &findings {
        println!("{}/{finding}", path.display());
    }
    println!("{}: {} finding(s)", path.display(), findings.len());
    findings.is_empty()
}
