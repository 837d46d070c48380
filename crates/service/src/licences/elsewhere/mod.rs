//! Licences of other issuers in the place of paper: what an application lacks is asked of the peers that issue it, verified in full,
//! and kept with where it came from. A peer that is silent, slow, or answers with what does not verify decides nothing and holds
//! nobody up: then the applicant is asked for the paper, and rules leave the case to people.
//!
//! `check.rs` talks to a peer and verifies, `keep.rs` writes the rows. How a peer is reached is its [`Exchange`].

mod check;
mod keep;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::accounts::Party;
use domain::catalog::{Matter, Necessity};
use domain::ids::LicenceId;
use domain::licences::{ElsewhereLicence, MAX_PURPOSE_CHARS};
use domain::text::Text;
use domain::time::Timestamp;
use futures_util::future::join_all;
use seal::cert::Certificate;
use seal::tlog::logged::LogTrust;
use serde::Serialize;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

pub use check::MAX_ANSWER;
use check::{Conversation, Trouble, Verified};
pub(crate) use keep::{by_id, erase};

use crate::city::City;
use crate::error::ServiceError;

/// No peer is waited for longer, whatever its adapter does. Its own limit is shorter.
const PATIENCE: Duration = Duration::from_secs(35);
/// How long an answer is used for the same case before the peer is asked again, in seconds.
const ANSWER_SECONDS: i64 = 600;
/// How long a peer is left alone that did not answer, in seconds, so that people do not queue up for its time limit.
const REST_SECONDS: i64 = 30;
/// Answers that are remembered before all are forgotten.
const MOST_REMEMBERED: usize = 10_000;

/// What a peer is asked, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Code of the holder.
    pub holder: String,
    /// 基本编码 of the matter, which all authorities share.
    pub matter: String,
    /// What for.
    pub purpose: String,
    /// Number of our case, or id of what is being prepared.
    pub case: String,
    /// 证照类型代码 of the types that it lacks.
    pub licence_types: Vec<String>,
}

/// How a peer is reached. Both calls block, keep a limit of time and of size, and answer bytes that nobody has verified yet; the error is
/// a sentence for the operator's log.
pub trait Exchange: Send + Sync {
    /// The answer to `POST /api/v1/licence-fetches`.
    fn fetch(&self, asked: &Asked) -> Result<Vec<u8>, String>;
    /// The signed status list of this name.
    fn status_list(&self, list: &str) -> Result<Vec<u8>, String>;
}

/// Another issuer that is asked.
pub struct Peer {
    /// Id in the configuration.
    pub id: String,
    /// Its name for people.
    pub name: Text,
    /// Where people find it, without a trailing slash.
    pub base_url: String,
    /// Ids in our catalogue of the types that it issues.
    pub licence_types: Vec<String>,
    /// What its signatures must lead to. They count for what this peer sends only.
    pub roots: Vec<Certificate>,
    /// Its public log: with it, a licence that is older than the merge delay counts only with a proof that it was logged. `None` for an
    /// issuer that keeps no log.
    pub log: Option<LogTrust>,
    /// How it is reached.
    pub exchange: Arc<dyn Exchange>,
}

/// What an application lacks.
#[derive(Debug, Clone, Copy)]
pub struct Need<'a> {
    /// Who applies: the holder.
    pub applicant: &'a Party,
    /// For what.
    pub matter: &'a Matter,
    /// Number of the case, or id of the draft.
    pub reference: &'a str,
}

/// What the peers have answered.
#[derive(Debug, Clone, Default)]
pub struct Elsewhere {
    /// Verified and in force now.
    pub found: Vec<ElsewhereLicence>,
    /// Ids of the types about which nothing is known, because who issues them did not answer or not soundly.
    pub silent: BTreeSet<String>,
}

/// What is remembered of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Found(LicenceId),
    Nothing,
    Unsound,
}

/// What peers have answered a short while ago.
#[derive(Default)]
pub(crate) struct Memory {
    told: Mutex<HashMap<String, (Timestamp, Told)>>,
    silent: Mutex<HashMap<String, Timestamp>>,
}

impl Memory {
    fn told(&self, key: &str, now: Timestamp) -> Option<Told> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, told) = *told.get(key)?;
        let seconds = if told == Told::Unsound { REST_SECONDS } else { ANSWER_SECONDS };
        (at <= now && now < at.plus_seconds(seconds)).then_some(told)
    }

    fn keep(&self, key: String, now: Timestamp, what: Told) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST_REMEMBERED {
            told.clear();
        }
        told.insert(key, (now, what));
    }

    fn rests(&self, peer: &str, now: Timestamp) -> bool {
        let silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        silent.get(peer).is_some_and(|at| *at <= now && now < at.plus_seconds(REST_SECONDS))
    }

    fn was_silent(&self, peer: &str, now: Timestamp) {
        self.silent.lock().unwrap_or_else(PoisonError::into_inner).insert(peer.to_owned(), now);
    }
}

fn key(peer: &Peer, need: &Need<'_>, kind: &str) -> String {
    [peer.id.as_str(), need.applicant.code.as_str(), need.reference, &need.matter.slug, kind].join("\n")
}

/// Types that a paper of the matter may be met by, so that the law allows to ask for them.
pub(crate) fn asked_for(matter: &Matter) -> BTreeSet<String> {
    let called_for = matter.materials.iter().filter(|material| material.necessity != Necessity::Optional);
    called_for.filter_map(|material| material.waived_by.clone()).collect()
}

/// Asks every peer that issues one of these types, all at once. Each answer is remembered for a while with the case.
///
/// # Errors
/// What our own store says; never what a peer does.
pub(crate) async fn ask(city: &City, need: &Need<'_>, types: &BTreeSet<String>) -> Result<Elsewhere, ServiceError> {
    let (now, shelf) = (city.now(), city.shelf());
    let mut answer = Elsewhere::default();
    let mut calls = Vec::new();
    for peer in city.peers() {
        let mut open = BTreeMap::new();
        for kind in peer.licence_types.iter().filter(|kind| types.contains(*kind)) {
            match city.elsewhere().told(&key(peer, need, kind), now) {
                Some(Told::Found(id)) => {
                    answer.found.extend(by_id(city, &id).await?.filter(|own| own.covers(now.date())))
                }
                Some(Told::Nothing) => {}
                Some(Told::Unsound) => answer.silent.extend([kind.clone()]),
                None if city.elsewhere().rests(&peer.id, now) => answer.silent.extend([kind.clone()]),
                None => open.extend([(shelf.licence_type(kind)?.code.clone(), kind.clone())]),
            }
        }
        if !open.is_empty() {
            calls.push(call(city, peer, need, open));
        }
    }
    for told in join_all(calls).await {
        let told = told?;
        answer.found.extend(told.found);
        answer.silent.extend(told.silent);
    }
    for own in &answer.found {
        answer.silent.remove(&own.licence_type);
    }
    Ok(answer)
}

/// Asks one peer for types by their codes, verifies what it sends, and keeps it.
async fn call(
    city: &City,
    peer: &Arc<Peer>,
    need: &Need<'_>,
    open: BTreeMap<String, String>,
) -> Result<Elsewhere, ServiceError> {
    let purpose: String = format!("办理{}", need.matter.name.zh).chars().take(MAX_PURPOSE_CHARS).collect();
    let asked = Asked {
        holder: need.applicant.code.clone(),
        matter: need.matter.basic_code.clone(),
        purpose,
        case: need.reference.to_owned(),
        licence_types: open.keys().cloned().collect(),
    };
    let conversation = Conversation {
        peer: peer.clone(),
        asked,
        types: open.clone(),
        applicant: need.applicant.clone(),
        moment: city.moment(),
        specimen: city.settings().demo,
    };
    let heard = match timeout(PATIENCE, spawn_blocking(move || conversation.hold())).await {
        Ok(Ok(heard)) => heard,
        Ok(Err(error)) => Err(Trouble::Silent(error.to_string())),
        Err(_) => Err(Trouble::Silent("no answer in time".into())),
    };
    settle(city, peer, need, (open, heard)).await
}

/// Keeps what was verified and remembers the rest.
async fn settle(
    city: &City,
    peer: &Peer,
    need: &Need<'_>,
    (open, heard): (BTreeMap<String, String>, Result<Vec<Verified>, Trouble>),
) -> Result<Elsewhere, ServiceError> {
    let (now, memory) = (city.now(), city.elsewhere());
    let mut answer = Elsewhere::default();
    match heard {
        Ok(mut verified) => {
            for kind in open.into_values() {
                let told = match verified.iter().position(|own| own.licence_type == kind) {
                    Some(place) => {
                        let kept = keep::record(city, peer, need, verified.swap_remove(place)).await?;
                        let id = kept.id;
                        answer.found.push(kept);
                        Told::Found(id)
                    }
                    None => Told::Nothing,
                };
                memory.keep(key(peer, need, &kind), now, told);
            }
        }
        Err(trouble) => {
            match &trouble {
                Trouble::Silent(why) => {
                    tracing::warn!(peer = peer.id, why, "a peer does not answer");
                    memory.was_silent(&peer.id, now);
                }
                Trouble::Unsound(why) => {
                    tracing::error!(peer = peer.id, why, "a peer answers with what does not verify");
                    for kind in open.values() {
                        memory.keep(key(peer, need, kind), now, Told::Unsound);
                    }
                }
            }
            answer.silent.extend(open.into_values());
        }
    }
    Ok(answer)
}
