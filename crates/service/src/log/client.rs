//! Calls to witnesses and to logs of others, each with a limit of time and size, no redirection followed.

use std::sync::OnceLock;
use std::time::Duration;

use seal::tlog::checkpoint::cosigned_at;
use seal::tlog::note::{Signature, VerifierKey};
use seal::tlog::witness::AddCheckpoint;
use tokio::task::spawn_blocking;
use ureq::Agent;

use super::audit::Source;

/// No call takes longer than this as a whole.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer of a witness, in bytes.
const MAX_ANSWER: u64 = 64 << 10;
/// Longest file of a log: 256 entries of the greatest length.
const MAX_FILE: u64 = 17 << 20;

fn agent() -> &'static Agent {
    static AGENT: OnceLock<Agent> = OnceLock::new();
    AGENT.get_or_init(|| {
        Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .user_agent("yichuang")
            .build()
            .into()
    })
}

/// What a witness answers.
pub(super) enum Answer {
    /// Its signature line, verified.
    Signed(Signature),
    /// It has countersigned this size last.
    Stands(u64),
    /// Nothing of use.
    No(String),
}

/// Asks a witness to countersign the checkpoint of this text.
pub(super) async fn add_checkpoint(url: &str, key: &VerifierKey, request: &AddCheckpoint, text: &str) -> Answer {
    let (address, body) = (format!("{url}/add-checkpoint"), request.text());
    let call = spawn_blocking(move || {
        let mut response = agent().post(&address).header("content-type", "text/plain; charset=utf-8").send(body)?;
        let status = response.status().as_u16();
        response.body_mut().with_config().limit(MAX_ANSWER).read_to_string().map(|body| (status, body))
    });
    match call.await {
        Ok(Ok((200, body))) => {
            let mut lines = body.lines().filter_map(Signature::parse);
            match lines.find(|line| cosigned_at(text, line, key).is_some()) {
                Some(line) => Answer::Signed(line),
                None => Answer::No("its answer is not signed with its key".into()),
            }
        }
        Ok(Ok((409, body))) => match body.trim().parse() {
            Ok(size) => Answer::Stands(size),
            Err(_) => Answer::No("status 409 without a size".into()),
        },
        Ok(Ok((status, _))) => Answer::No(format!("status {status}")),
        Ok(Err(error)) => Answer::No(error.to_string()),
        Err(error) => Answer::No(error.to_string()),
    }
}

/// A log reached over HTTP.
#[derive(Debug)]
pub struct Remote {
    base: String,
}

impl Remote {
    /// The log of a city by the city's address, or by the address of the log itself.
    pub fn new(url: &str) -> Remote {
        let url = url.trim_end_matches('/');
        let base = if url.ends_with("/log") { url.to_owned() } else { format!("{url}/log") };
        Remote { base }
    }
}

impl Source for Remote {
    fn get(&mut self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let address = format!("{}/{path}", self.base);
        let told = |error: ureq::Error| format!("{address}: {error}");
        let mut response = agent().get(&address).call().map_err(told)?;
        match response.status().as_u16() {
            200 => response.body_mut().with_config().limit(MAX_FILE).read_to_vec().map(Some).map_err(told),
            404 => Ok(None),
            status => Err(format!("{address}: status {status}")),
        }
    }
}
