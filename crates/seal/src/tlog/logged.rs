//! Whether a licence stands in the log: the sidecar's proof, its checkpoint, and that the entry is about these very bytes.

use domain::licences::{LogEntry, MERGE_DELAY_SECONDS};
use domain::merkle;
use domain::text::Text;
use domain::time::{Timestamp, moment_words};
use serde::{Deserialize, Serialize};

use super::checkpoint::{Checkpoint, witnesses};
use super::note::{Note, VerifierKey};
use super::proof::Proof;
use super::tree::verify_inclusion;
use crate::digest::sha256;
use crate::jcs;
use crate::report::{Check, CheckName, Checks, Report};
use crate::signed::Moment;

/// What is bound by a commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The licence, by its public id.
    Licence,
    /// Its signed data, byte for byte.
    Data,
    /// What else a fact says: its body in the journal.
    Detail,
}

/// Binds content without showing it: SHA-256 over what is bound, a zero byte, the salt and the content, in hex.
pub fn commitment(bound: Bound, salt: &[u8; 16], content: &[u8]) -> String {
    let label: &[u8] = match bound {
        Bound::Licence => b"yichuang/log/licence\0",
        Bound::Data => b"yichuang/log/data\0",
        Bound::Detail => b"yichuang/log/detail\0",
    };
    hex::encode(sha256(&[label, salt, content].concat()))
}

/// What a sidecar carries beside the proof, as canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The entry, byte for byte as in the log.
    pub entry: String,
    /// The salt of its commitments, 32 hex digits: whoever has it can show that the entry is about this licence.
    pub salt: String,
}

impl Opening {
    fn salt(&self) -> Option<[u8; 16]> {
        hex::decode(&self.salt).ok()?.try_into().ok()
    }
}

/// Whom a verifier trusts.
#[derive(Debug, Clone)]
pub struct LogTrust {
    /// The log.
    pub log: VerifierKey,
    /// Witnesses, of whom at least one must have countersigned; none = the log alone vouches.
    pub witnesses: Vec<VerifierKey>,
}

/// What a sidecar proves. Believe it only if the report is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Place of the entry, from 0.
    pub index: u64,
    /// The tree head.
    pub checkpoint: Checkpoint,
    /// The entry.
    pub entry: LogEntry,
    /// Witnesses that countersigned, with their instants.
    pub witnesses: Vec<(String, Timestamp)>,
}

const ALL: [CheckName; 4] =
    [CheckName::LogCheckpoint, CheckName::Witnessed, CheckName::LogInclusion, CheckName::LogEntry];

/// Verifies a sidecar for the signed data of a licence with this public id.
pub fn verify_logged(data: &[u8], public_id: &str, proof: &str, trust: &LogTrust, at: Moment) -> Report<Logged> {
    let mut checks = Checks::default();
    let Ok(proof) = Proof::parse(proof) else {
        let words = "载入凭证格式不对，不是 c2sp.org/tlog-proof@v1";
        checks.add(CheckName::LogCheckpoint, false, words, "this is no proof in the form c2sp.org/tlog-proof@v1");
        checks.fail_unmade(ALL.get(1..).unwrap_or_default());
        return checks.report(None);
    };
    let (checkpoint, note) = match Checkpoint::open(&proof.checkpoint, &trust.log) {
        Ok(opened) => opened,
        Err(error) => {
            let words = format!("检查点不是由日志 {} 签名的", trust.log.name());
            checks.add(CheckName::LogCheckpoint, false, words, error.to_string());
            checks.fail_unmade(ALL.get(1..).unwrap_or_default());
            return checks.report(None);
        }
    };
    checks.add(
        CheckName::LogCheckpoint,
        true,
        format!("检查点由日志 {} 签名，共 {} 条", checkpoint.origin, checkpoint.size),
        format!("the checkpoint over {} entries is signed by the log {}", checkpoint.size, checkpoint.origin),
    );
    let (answer, seen) = witnessed(&note, &trust.witnesses, at);
    checks.add_text(CheckName::Witnessed, answer);
    let opening: Option<Opening> = proof.extra.as_deref().and_then(|extra| jcs::parse(extra).ok());
    let entry: Option<LogEntry> = opening.as_ref().and_then(|own| jcs::parse(own.entry.as_bytes()).ok());
    let (Some(opening), Some(entry)) = (opening, entry) else {
        let words = "载入凭证没有附上可读的日志条目";
        checks.add(CheckName::LogInclusion, false, words, "the proof comes without a readable entry");
        checks.fail_unmade(&[CheckName::LogEntry]);
        return checks.report(None);
    };
    let leaf = merkle::leaf(opening.entry.as_bytes());
    let proved = verify_inclusion(&leaf, proof.index, checkpoint.size, &proof.path, &checkpoint.root).is_ok();
    checks.add_text(CheckName::LogInclusion, inclusion(proved, proof.index, checkpoint.size));
    checks.add_text(CheckName::LogEntry, about(&entry, &opening, data, public_id));
    checks.report(Some(Logged { index: proof.index, checkpoint, entry, witnesses: seen }))
}

fn inclusion(proved: bool, index: u64, size: u64) -> Result<Text, Text> {
    match proved {
        true => Ok(Text::new(
            format!("日志第 {index} 号条目（从 0 起）在这 {size} 条之内"),
            format!("entry {index} (from 0) is one of these {size}"),
        )),
        false => Err(Text::new(
            format!("不能证明第 {index} 号条目在日志中"),
            format!("it is not proved that entry {index} is in the log"),
        )),
    }
}

/// Whether a known witness countersigned, and not in the future.
fn witnessed(note: &Note, known: &[VerifierKey], at: Moment) -> (Result<Text, Text>, Vec<(String, Timestamp)>) {
    let seen: Vec<(String, Timestamp)> = witnesses(note, known)
        .into_iter()
        .filter(|(_, time)| *time <= at.latest())
        .map(|(key, time)| (key.name().to_owned(), time))
        .collect();
    let answer = match seen.first() {
        Some((name, time)) => {
            let moment = moment_words(*time);
            Ok(Text::new(
                format!("外部见证方 {name} 于{}会签", moment.zh),
                format!("countersigned by the outside witness {name}, {}", moment.en),
            ))
        }
        None if known.is_empty() => Ok(Text::new(
            "未要求外部见证：只有日志自己的签名（可用 --witness-key 要求）",
            "no witness asked for: the log alone vouches (demand one with --witness-key)",
        )),
        None => Err(Text::new("没有任何受信任的外部见证方会签", "none of the trusted witnesses has countersigned")),
    };
    (answer, seen)
}

/// Whether the entry is about these bytes.
fn about(entry: &LogEntry, opening: &Opening, data: &[u8], public_id: &str) -> Result<Text, Text> {
    let fits = opening.salt().is_some_and(|salt| {
        entry.format == domain::licences::LOG_FORMAT
            && entry.data.as_deref() == Some(commitment(Bound::Data, &salt, data).as_str())
            && entry.licence == commitment(Bound::Licence, &salt, public_id.as_bytes())
    });
    match fits {
        true => Ok(Text::new("该条目说的正是这份证照", "the entry is about this very licence")),
        false => Err(Text::new("该条目说的不是这份证照", "the entry is about another licence, or about other data")),
    }
}

/// The check of a licence that came without a proof although one is demanded: good only while the merge delay runs.
pub fn without_proof(signed_at: Option<Timestamp>, at: Moment) -> Check {
    let minutes = MERGE_DELAY_SECONDS / 60;
    let due = signed_at.map(|signed| signed.plus_seconds(MERGE_DELAY_SECONDS));
    let ok = due.is_some_and(|due| at.now <= due);
    let detail = match ok {
        true => Text::new(
            format!("签发不到 {minutes} 分钟，可能还没有载入公开日志"),
            format!("signed less than {minutes} minutes ago: it need not be in the public log yet"),
        ),
        false => Text::new(
            format!("签发已超过 {minutes} 分钟，却没有公开日志的载入凭证"),
            format!("signed more than {minutes} minutes ago, and there is no proof that it is in the public log"),
        ),
    };
    Check { name: CheckName::Logged, ok, detail }
}

/// When signed data says that it was signed; to be believed only with its signature.
pub fn signed_at(data: &[u8]) -> Option<Timestamp> {
    let value: serde_json::Value = serde_json::from_slice(data).ok()?;
    let text = value.get("signature")?.get("signed_at")?.as_str()?;
    let parsed: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_micros(parsed.as_microsecond()))
}
