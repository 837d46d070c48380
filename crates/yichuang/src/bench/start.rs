//! How a server starts, what it weighs, and what the first page brings.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::Plan;
use super::http::get;
use super::load::once;
use super::report::Row;
use super::server::{Server, program};

/// The demo city, a real city, the first page, the program itself.
pub fn measure(plan: &Plan, dir: &Path, demo: &Path) -> Result<Vec<Row>> {
    let real = dir.join("real");
    init(dir, &real)?;
    let mut rows = starts(plan, "a real city", || Server::real(&real))?;
    rows.extend(starts(plan, "the demo city", || Server::demo(demo, None))?);
    let server = Server::demo(demo, None)?;
    rows.push(first_page(&server)?);
    server.stop()?;
    let program = std::env::current_exe().and_then(std::fs::metadata).context("cannot read this program's own file")?;
    rows.push(Row::new("the program file", program.len() as f64 / 1e6, "MB").at_most(60.0));
    Ok(rows)
}

/// Time until `/readyz` answers, and memory a second later.
pub fn starts(plan: &Plan, what: &str, start: impl Fn() -> Result<Server>) -> Result<Vec<Row>> {
    let mut ready = Vec::new();
    let mut resident = Vec::new();
    for _ in 0..plan.starts {
        let server = start()?;
        ready.push(server.ready_millis);
        std::thread::sleep(std::time::Duration::from_secs(1));
        resident.extend(server.resident_mb());
        server.stop()?;
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    let note = format!("median of {} starts on an existing database", plan.starts);
    let mut rows = Vec::new();
    if let Some(millis) = median(&mut ready) {
        rows.push(Row::new(format!("{what}, ready after"), millis, "ms").at_most(1_000.0).note(note));
    }
    rows.push(match median(&mut resident) {
        Some(mb) => Row::new(format!("{what}, resident a second after that"), mb, "MB").at_most(150.0),
        None => Row::missing(format!("{what}, resident"), "this system does not tell"),
    });
    Ok(rows)
}

/// `yichuang init` with the recommended protection of its key file, which is what takes time at a real start.
fn init(dir: &Path, real: &Path) -> Result<()> {
    let passphrase = dir.join("real-passphrase");
    std::fs::write(&passphrase, "measured, not kept")?;
    let output = program()?
        .arg("init")
        .arg("--dir")
        .arg(real)
        .args(["--region", "370200", "--district", "370211", "--base-url", "http://127.0.0.1"])
        .args(["--city-name", "江城市/Jiangcheng", "--district-name", "海澜区/Hailan District"])
        .arg("--passphrase-file")
        .arg(&passphrase)
        .arg("--root-key")
        .arg(dir.join("real-root-keys.pem"))
        .output()?;
    if !output.status.success() {
        bail!("`yichuang init` failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// Compressed bytes of the home page with its style sheets and scripts.
fn first_page(server: &Server) -> Result<Row> {
    let plain = once(server.port, &get("/", &[]), 200)?.text();
    let packed = |path: &str| once(server.port, &get(path, &[("Accept-Encoding", "gzip")]), 200);
    let mut bytes = packed("/")?.body.len();
    let mut files = 0;
    for (mark, end) in [("<link rel=\"stylesheet\"", "href=\""), ("<script", "src=\"")] {
        for tag in plain.split(mark).skip(1) {
            let tag = tag.split_once('>').map_or(tag, |(tag, _)| tag);
            if let Some((path, _)) = tag.split_once(end).and_then(|(_, rest)| rest.split_once('"')) {
                bytes += packed(path)?.body.len();
                files += 1;
            }
        }
    }
    anyhow::ensure!(files > 1, "the home page names no style sheet and no script");
    let row = Row::new("first page, compressed, without images", bytes as f64 / 1e3, "kB").at_most(60.0);
    Ok(row.note(format!("home page and {files} style sheets and scripts")))
}
