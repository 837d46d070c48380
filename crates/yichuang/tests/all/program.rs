//! The program under test: its commands, and a demo city that ends with the test.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use crate::http::{self, Answer};

/// The repository's catalogue.
pub fn catalogue() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog")
}

/// Runs a command to its end, with this on its standard input.
pub fn run_with(arguments: &[&str], input: &str) -> Output {
    run_in(&[], arguments, input)
}

/// The same in an environment.
pub fn run_in(environment: &[(&str, &str)], arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_yichuang"))
        .args(arguments)
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Runs a command to its end.
pub fn run(arguments: &[&str]) -> Output {
    run_with(arguments, "")
}

/// Exit code of a command.
pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("ended by a signal: {output:?}"))
}

/// What it printed.
pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What it complained.
pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A running demo city; dropping it kills the process by its own id.
pub struct Demo {
    child: Child,
    /// Where it listens.
    pub port: u16,
    /// Its folder.
    pub dir: PathBuf,
    tokens: BTreeMap<String, String>,
    counter: AtomicU64,
}

impl Demo {
    /// Starts the city of a folder, made on first use. `port` 0 takes a free one.
    pub fn start(dir: &Path, port: u16, database: Option<&str>) -> Demo {
        Demo::start_in(&[], dir, port, database)
    }

    /// The same in an environment.
    pub fn start_in(environment: &[(&str, &str)], dir: &Path, port: u16, database: Option<&str>) -> Demo {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yichuang"));
        command.envs(environment.iter().copied());
        command.arg("demo").args(["--port", &port.to_string()]).arg("--dir").arg(dir);
        if let Some(database) = database {
            command.args(["--database", database]);
        }
        let log = std::fs::OpenOptions::new().create(true).append(true).open(dir.with_extension("log")).unwrap();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        let read = BufReader::new(child.stdout.take().unwrap()).read_line(&mut line);
        let port = line.split("127.0.0.1:").nth(1).and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        let (Ok(_), Some(port)) = (read, port) else {
            let _ = child.kill();
            let _ = child.wait();
            panic!("no city: {line} {}", std::fs::read_to_string(dir.with_extension("log")).unwrap_or_default());
        };
        let tokens = std::fs::read_to_string(dir.join("demo-tokens.json")).unwrap();
        let tokens = serde_json::from_str(&tokens).unwrap();
        Demo { child, port, dir: dir.to_owned(), tokens, counter: AtomicU64::new(0) }
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The folder as an argument.
    pub fn folder(&self) -> &str {
        self.dir.to_str().unwrap()
    }

    /// The secret of one of the demo's systems.
    pub fn token(&self, who: &str) -> &str {
        &self.tokens[who]
    }

    /// One request with a system's token; nobody's when `who` is empty.
    pub fn send(&self, who: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let bearer = self.tokens.get(who).map(|token| format!("Bearer {token}"));
        let mut all = vec![("Content-Type", "application/json")];
        if let Some(bearer) = &bearer {
            all.push(("Authorization", bearer));
        }
        all.extend_from_slice(headers);
        http::send(self.port, method, path, &all, body.as_bytes()).unwrap()
    }

    /// Reads with a system's token.
    pub fn get(&self, who: &str, path: &str) -> Answer {
        self.send(who, "GET", path, &[], "")
    }

    /// A key that no other request of this run uses.
    pub fn key(&self) -> String {
        format!("key-{}-{}", std::process::id(), self.counter.fetch_add(1, Ordering::SeqCst))
    }

    /// The sample of a matter, for a fictitious applicant of its own.
    pub fn sample(&self, slug: &str) -> Value {
        self.get("", &format!("/api/v1/matters/{slug}")).json()["sample"].clone()
    }

    /// Files an application under a key.
    pub fn file(&self, key: &str, body: &Value) -> Answer {
        self.send("integrator", "POST", "/api/v1/cases", &[("Idempotency-Key", key)], &body.to_string())
    }

    /// A case and the tag of its version.
    pub fn case(&self, who: &str, number: &str) -> (Value, String) {
        let answer = self.get(who, &format!("/api/v1/cases/{number}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        (answer.json(), answer.header("etag").to_owned())
    }

    /// Gives one command on what is there now, and returns the case after it.
    pub fn work(&self, who: &str, number: &str, command: &str, body: &Value) -> Value {
        let (_, tag) = self.case(who, number);
        let answer = self.command(who, number, command, &[("If-Match", &tag)], body);
        assert_eq!(answer.status, 200, "{command}: {}", answer.text());
        answer.json()
    }

    /// Gives one command with these headers and a fresh key.
    pub fn command(&self, who: &str, number: &str, command: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let key = self.key();
        let mut all = vec![("Idempotency-Key", key.as_str())];
        all.extend_from_slice(headers);
        self.send(who, "POST", &format!("/api/v1/cases/{number}/{command}"), &all, &body.to_string())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
