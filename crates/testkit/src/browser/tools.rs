//! Which tools are here. Without `YICHUANG_REQUIRE_TOOLS`, which `script/test` sets, a test may do without them.

use std::path::Path;
use std::process::{Command, Stdio};

use super::Launch;

/// Whether missing tools are a failure.
pub fn required() -> bool {
    std::env::var_os("YICHUANG_REQUIRE_TOOLS").is_some()
}

/// Whether there is a browser to start.
pub fn chromium() -> bool {
    let found = Command::new(Launch::default().program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    assert!(found || !required(), "Chromium is missing: run script/setup, or name it in YICHUANG_CHROMIUM");
    found
}

/// Whether axe-core is at hand.
pub fn axe() -> bool {
    let found = std::env::var_os("YICHUANG_AXE").is_some_and(|path| Path::new(&path).is_file());
    assert!(found || !required(), "YICHUANG_AXE must name axe.min.js of the npm package axe-core; script/test does so");
    found
}
