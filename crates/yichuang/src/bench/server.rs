//! This program as a server of its own process, as it runs in a city.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::http::{Client, get};

/// Longer than the making of a demo city takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(600);

/// A running server; dropping it ends it by its own process id.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Port of this machine.
    pub port: u16,
    /// From the start of the process to the first answer of `/readyz`, in milliseconds.
    pub ready_millis: f64,
}

impl Server {
    /// A demo city; it is made when the folder holds none.
    pub fn demo(dir: &Path, database: Option<&str>) -> Result<Server> {
        let port = free_port()?;
        let mut command = program()?;
        command.arg("demo").args(["--port", &port.to_string()]).arg("--dir").arg(dir);
        if let Some(database) = database {
            command.args(["--database", database]);
        }
        Server::start(command, port, dir)
    }

    /// A real city.
    pub fn real(dir: &Path) -> Result<Server> {
        let port = free_port()?;
        let mut command = program()?;
        command.arg("serve").arg("--dir").arg(dir).args(["--listen", &format!("127.0.0.1:{port}")]);
        Server::start(command, port, dir)
    }

    fn start(mut command: Command, port: u16, dir: &Path) -> Result<Server> {
        let log = dir.with_extension("log");
        let errors = fs::File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors);
        let begun = Instant::now();
        let child = command.spawn().context("cannot start the server")?;
        let mut server = Server { child, port, ready_millis: 0.0 };
        let (mut client, request) = (Client::new(port), get("/readyz", &[]));
        while begun.elapsed() < PATIENCE {
            if client.send(&request).is_ok_and(|answer| answer.status == 200) {
                server.ready_millis = begun.elapsed().as_secs_f64() * 1e3;
                return Ok(server);
            }
            if server.child.try_wait()?.is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        bail!("the server did not become ready: {}", fs::read_to_string(log).unwrap_or_default())
    }

    /// Memory that the process holds, in megabytes; `None` where the system does not tell.
    pub fn resident_mb(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib * 1024.0 / 1e6)
    }

    /// Ends it in good order: requests are finished and the database is closed.
    pub fn stop(mut self) -> Result<()> {
        let told = Command::new("kill").arg(self.child.id().to_string()).status();
        if told.is_ok_and(|status| status.success()) {
            for _ in 0..3000 {
                if self.child.try_wait()?.is_some() {
                    return Ok(());
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        bail!("the server did not end when it was told to")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This program, to be run with other arguments.
pub fn program() -> Result<Command> {
    Ok(Command::new(std::env::current_exe().context("cannot find this program's own file")?))
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on this machine")?;
    Ok(listener.local_addr()?.port())
}
