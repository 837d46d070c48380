//! A conversation with a peer: question, answer, and the verification of everything in it against the peer's own roots and its
//! signed status list. Blocking; without database.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::accounts::Party;
use domain::licences::is_reference;
use domain::time::Timestamp;
use seal::digest::sha256_hex;
use seal::licence::{LicenceFile, verify_licence};
use seal::signed::Moment;
use seal::status::{Status, StatusBits, verify_status_list};
use seal::tlog::logged::{signed_at, verify_logged, without_proof};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Asked, Peer};

/// Longest answer, in bytes; an adapter should keep to it already while reading.
pub const MAX_ANSWER: usize = 1 << 20;
/// Most licences in an answer.
const MAX_ITEMS: usize = 20;

/// Why nothing is known.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It did not answer.
    Silent(String),
    /// What it answers cannot be relied on.
    Unsound(String),
}

/// Everything that a conversation needs.
pub(super) struct Conversation {
    pub peer: Arc<Peer>,
    pub asked: Asked,
    /// Ids of our catalogue by the codes of the types.
    pub types: BTreeMap<String, String>,
    pub applicant: Party,
    pub moment: Moment,
    /// Whether ours is a demo city: its specimens and real licences never mix.
    pub specimen: bool,
}

/// A licence that holds in every respect.
pub(super) struct Verified {
    pub licence_type: String,
    pub file: LicenceFile,
    pub signed: String,
    pub list_sha256: String,
    pub list_until: Timestamp,
    pub log_index: Option<u64>,
}

#[derive(Deserialize)]
struct Answer {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    licence: Sent,
}

#[derive(Deserialize)]
struct Sent {
    data: Box<RawValue>,
    #[serde(default)]
    proof: Option<String>,
}

/// A status list that was verified.
struct List {
    bits: StatusBits,
    sha256: String,
    until: Timestamp,
}

fn unsound<T>(why: impl Into<String>) -> Result<T, Trouble> {
    Err(Trouble::Unsound(why.into()))
}

impl Conversation {
    /// Asks, and verifies what is answered: all of it holds, or nothing of it is used.
    pub(super) fn hold(self) -> Result<Vec<Verified>, Trouble> {
        let bytes = self.peer.exchange.fetch(&self.asked).map_err(Trouble::Silent)?;
        if bytes.len() > MAX_ANSWER {
            return unsound("the answer is too long");
        }
        let answer: Answer = match serde_json::from_slice(&bytes) {
            Ok(answer) => answer,
            Err(error) => return unsound(format!("the answer cannot be read: {error}")),
        };
        if answer.items.len() > MAX_ITEMS {
            return unsound("the answer holds too many licences");
        }
        let mut lists = BTreeMap::new();
        answer.items.into_iter().map(|item| self.verified(&item.licence, &mut lists)).collect()
    }

    fn verified(&self, sent: &Sent, lists: &mut BTreeMap<String, List>) -> Result<Verified, Trouble> {
        let signed = sent.data.get();
        let report = verify_licence(signed.as_bytes(), &self.peer.roots, self.moment);
        let failed = report.failed();
        let file = match report.content {
            Some(file) if report.valid => file,
            _ => return unsound(format!("a licence fails {failed:?}")),
        };
        let data = &file.licence;
        let Some(licence_type) = self.types.get(&data.kind.code).cloned() else {
            return unsound("a licence of a type that was not asked for");
        };
        if data.holder.code != self.applicant.code || data.holder.name != self.applicant.name {
            return unsound("a licence of somebody else");
        }
        if data.specimen != self.specimen {
            return unsound("a specimen and a real licence do not stand for each other");
        }
        if !data.covers(self.moment.now.date()) {
            return unsound("a licence that is not in its period of validity");
        }
        let log_index = self.logged(signed, &data.public_id, sent.proof.as_deref())?;
        let (name, index) = (data.status.list.as_str(), data.status.index);
        if !lists.contains_key(name) {
            lists.insert(name.to_owned(), self.list(name)?);
        }
        let Some(list) = lists.get(name).filter(|list| list.bits.get(index) == Some(Status::Valid)) else {
            return unsound("a licence that its own status list does not call valid");
        };
        let (list_sha256, list_until) = (list.sha256.clone(), list.until);
        Ok(Verified { licence_type, file, signed: signed.to_owned(), list_sha256, list_until, log_index })
    }

    /// Its place in the peer's log, if it keeps one: whoever signs with a stolen key, or back-dates, must have done so in public.
    fn logged(&self, signed: &str, public_id: &str, proof: Option<&str>) -> Result<Option<u64>, Trouble> {
        let Some(trust) = &self.peer.log else { return Ok(None) };
        let Some(proof) = proof else {
            let check = without_proof(signed_at(signed.as_bytes()), self.moment);
            return if check.ok { Ok(None) } else { unsound(check.detail.en) };
        };
        let report = verify_logged(signed.as_bytes(), public_id, proof, trust, self.moment);
        let failed = report.failed();
        match report.content {
            Some(logged) if report.valid => Ok(Some(logged.index)),
            _ => unsound(format!("the proof of its place in the public log fails {failed:?}")),
        }
    }

    fn list(&self, name: &str) -> Result<List, Trouble> {
        // It becomes a part of an address.
        if !is_reference(name) {
            return unsound("a status list with an odd name");
        }
        let bytes = self.peer.exchange.status_list(name).map_err(Trouble::Silent)?;
        if bytes.len() > MAX_ANSWER {
            return unsound("the status list is too long");
        }
        let report = verify_status_list(&bytes, &self.peer.roots, self.moment);
        let failed = report.failed();
        let list = match report.content {
            Some(file) if report.valid && file.status_list.id == name => file.status_list,
            _ => return unsound(format!("the status list fails {failed:?}")),
        };
        match list.states() {
            Some(bits) => Ok(List { bits, sha256: sha256_hex(&bytes), until: list.next_update }),
            None => unsound("the status list has the wrong length"),
        }
    }
}
