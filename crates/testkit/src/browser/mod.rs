//! A real browser for tests: Debian's Chromium, driven over the DevTools protocol.
//!
//! ```text
//! let browser = Browser::launch(&Launch::default()).await?;
//! let tab = browser.tab(Screen::PHONE).await?;           // its own cookies and storage: one per person
//! tab.goto("http://127.0.0.1:8080/").await?;
//! tab.fill("#q", "开理发店").await?;
//! tab.press("Enter").await?;                              // real key events
//! tab.wait_for("h3.matter__name").await?;
//! assert_eq!(tab.axe().await?, []);
//! assert_eq!(tab.complaints(), Vec::<String>::new());     // CSP violations, uncaught errors
//! ```
//!
//! Clicks and keys are those of a mouse and a keyboard, at the place where the element is: an element that is covered
//! or outside the page cannot be clicked. Everything but [`Tab::eval`] and [`Tab::axe`] also works in a tab whose
//! JavaScript is off.

mod axe;
mod device;
mod keys;
mod tab;
mod tools;
mod wire;

pub use axe::Violation;
pub use device::Device;
pub use tab::{Screen, Tab};
pub use tools::{axe, chromium, required};

use serde_json::json;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use wire::Wire;

/// What can go wrong while driving the browser.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// The program could not be started, or did not open its port.
    #[error("cannot start the browser {program}: {reason}")]
    Launch {
        /// What was started.
        program: String,
        /// Why it failed.
        reason: String,
    },
    /// The connection broke.
    #[error("the connection to the browser broke: {0}")]
    Connection(String),
    /// The browser refused a command.
    #[error("{method}: {message}")]
    Refused {
        /// The command.
        method: String,
        /// What the browser says.
        message: String,
    },
    /// Something did not happen in time.
    #[error("waited {seconds} s in vain for {what}")]
    Timeout {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },
    /// No element with this selector.
    #[error("there is no {0} on the page")]
    Missing(String),
    /// A script of the test threw.
    #[error("script: {0}")]
    Script(String),
    /// A file of the test (screenshot, axe-core, upload) could not be read or written.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
}

/// How to start the browser.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The program; `YICHUANG_CHROMIUM` or `chromium` by default.
    pub program: String,
    /// Pretends to have a camera and a microphone and grants their use.
    pub fake_media: bool,
}

impl Default for Launch {
    fn default() -> Launch {
        let program = std::env::var("YICHUANG_CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
        Launch { program, fake_media: false }
    }
}

/// A running browser with a profile of its own, both gone when this is dropped.
pub struct Browser {
    child: Child,
    wire: Wire,
    _profile: tempfile::TempDir,
}

const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--remote-debugging-port=0",
    // A page under test that asks for something outside hears at once that there is nothing.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

/// How long the browser may take for anything.
const PATIENCE: Duration = Duration::from_secs(30);

impl Browser {
    /// Starts a browser and waits until it listens.
    pub async fn launch(launch: &Launch) -> Result<Browser, BrowserError> {
        let failed = |reason: String| BrowserError::Launch { program: launch.program.clone(), reason };
        let profile = tempfile::tempdir().map_err(|error| failed(error.to_string()))?;
        let mut command = Command::new(&launch.program);
        command.args(FLAGS).arg(format!("--user-data-dir={}", profile.path().display())).arg("about:blank");
        if launch.fake_media {
            command.args(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
        let connected = match listening(profile.path().join("DevToolsActivePort")).await {
            Some(address) => Wire::connect(&address).await,
            None => Err(failed("it did not open its port in time".to_owned())),
        };
        match connected {
            Ok(wire) => Ok(Browser { child, wire, _profile: profile }),
            Err(error) => {
                stop(&mut child);
                Err(error)
            }
        }
    }

    /// A tab with cookies and storage of its own.
    pub async fn tab(&self, screen: Screen) -> Result<Tab, BrowserError> {
        let context = self.wire.call("", "Target.createBrowserContext", json!({"disposeOnDetach": true})).await?;
        let context = at(&context, "/browserContextId").clone();
        let target = self
            .wire
            .call("", "Target.createTarget", json!({"url": "about:blank", "browserContextId": context}))
            .await?;
        let session = self
            .wire
            .call("", "Target.attachToTarget", json!({"targetId": at(&target, "/targetId"), "flatten": true}))
            .await?;
        Tab::open(self.wire.clone(), at(&session, "/sessionId").as_str().unwrap_or_default(), screen).await
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

/// A part of an answer by JSON pointer; null when it is not there.
fn at<'v>(value: &'v serde_json::Value, pointer: &str) -> &'v serde_json::Value {
    value.pointer(pointer).unwrap_or(&serde_json::Value::Null)
}

fn stop(child: &mut Child) {
    // It may have ended by itself already.
    let _ = child.kill();
    let _ = child.wait();
}

/// The address in the file that the browser writes once it listens: port in the first line, path in the second.
async fn listening(file: PathBuf) -> Option<String> {
    for _ in 0..300 {
        if let Ok(text) = std::fs::read_to_string(&file)
            && let Some((port, path)) = text.trim().split_once('\n')
        {
            return Some(format!("ws://127.0.0.1:{port}{path}"));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    None
}
