//! The machine that the figures come from.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use super::load::Times;

/// Name and value of everything that matters to the figures. What the system does not tell is left out.
pub fn describe(dir: &Path, postgres: Option<&str>, sqlite: String) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let mut add = |name: &str, value: Option<String>| lines.extend(value.map(|value| (name.to_owned(), value)));
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    add("CPU", field(&cpuinfo, "model name"));
    add("cores", std::thread::available_parallelism().ok().map(|cores| cores.to_string()));
    let meminfo = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = field(&meminfo, "MemTotal").and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    add("memory", kib.map(|kib| format!("{:.1} GiB", kib / 1_048_576.0)));
    add("kernel", fs::read_to_string("/proc/sys/kernel/osrelease").ok().map(|text| text.trim().to_owned()));
    add("file system", file_system(dir));
    add("Rust", said(Command::new("rustc").arg("--version")));
    add("SQLite", Some(sqlite));
    add("PostgreSQL", postgres.map(str::to_owned));
    add("yichuang", Some(env!("CARGO_PKG_VERSION").to_owned()));
    add("load when it began", fs::read_to_string("/proc/loadavg").ok().and_then(first_word));
    lines
}

fn first_word(text: String) -> Option<String> {
    text.split_whitespace().next().map(str::to_owned)
}

fn field(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}

/// What a program prints; `None` when it is not there.
pub fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Type of the file system and of the device under it: `ext4 on vda (not rotating)`.
fn file_system(dir: &Path) -> Option<String> {
    let line = said(Command::new("df").args(["--output=fstype,source"]).arg(dir))?;
    let mut words = line.lines().last()?.split_whitespace();
    let (kind, source) = (words.next()?, words.next()?);
    let device = source.rsplit('/').next()?;
    let disk = device.trim_end_matches(|c: char| c.is_ascii_digit());
    let rotating = fs::read_to_string(format!("/sys/block/{disk}/queue/rotational")).ok();
    let turns = match rotating.as_deref().map(str::trim) {
        Some("0") => " (not rotating)",
        Some("1") => " (rotating, or a virtual disk that does not say)",
        _ => "",
    };
    Some(format!("{kind} on {device}{turns}"))
}

/// How long the disk takes to make 4 KiB durable.
pub fn fsync(dir: &Path, count: usize) -> Result<Times> {
    let path = dir.join("fsync.probe");
    let mut file = fs::File::create(&path).with_context(|| format!("cannot write to {}", dir.display()))?;
    let mut millis = Vec::new();
    for _ in 0..count {
        file.write_all(&[1; 4096])?;
        let begun = Instant::now();
        file.sync_data()?;
        millis.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    fs::remove_file(path)?;
    Ok(Times::of(millis))
}
