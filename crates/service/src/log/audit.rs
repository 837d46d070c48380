//! Looking at a log from outside: signatures, countersignatures, every entry against the tree, and the tree against the one that
//! was seen at the visit before. Needs nothing of the city but its published files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::licences::{LOG_FORMAT, LogEntry, MERGE_DELAY_SECONDS};
use domain::merkle::{Hash, leaf};
use domain::text::Text;
use domain::time::Timestamp;
use seal::signed::rfc3339;
use seal::tlog::checkpoint::{Checkpoint, witnesses};
use seal::tlog::note::{Note, VerifierKey};
use seal::tlog::tile::{self, WIDTH, Wanted};
use seal::tlog::tree::root_of;
use serde::{Deserialize, Serialize};

/// How far another clock may be ahead of ours, in seconds.
const TOLERANCE_SECONDS: i64 = 300;
/// Of each leaf the state keeps so many bytes of its hash: they name the place of a change; the root proves it.
const PRINT: usize = 8;
/// More entries than any city makes; a checkpoint that names more is not followed.
const MOST_ENTRIES: u64 = 1 << 32;

/// Where the files of a log come from.
pub trait Source {
    /// A file by its path below the log; `None` where there is none.
    ///
    /// # Errors
    /// The log cannot be reached: nothing is known then.
    fn get(&mut self, path: &str) -> Result<Option<Vec<u8>>, String>;
}

/// Whose signatures are asked for. What is left open is taken from the state of the visit before, and at the first visit from the log
/// itself.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The log's key.
    pub log: Option<VerifierKey>,
    /// The witnesses' keys.
    pub witnesses: Vec<VerifierKey>,
}

/// What is kept between two visits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Verifier key of the log.
    pub log_key: String,
    /// Verifier keys of the witnesses that were asked for.
    pub witness_keys: Vec<String>,
    /// The checkpoint that was seen, as a signed note: with it anybody can show a fork.
    pub checkpoint: String,
    /// When, by the auditor's clock.
    #[serde(with = "rfc3339")]
    pub visited: Timestamp,
    /// Of each entry the first eight bytes of its hash, base64, to name the place of a change.
    pub prints: String,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable name: `checkpoint`, `witnesses`, `entries`, `tree`, `order`, `consistency`, `lateness`.
    pub name: &'static str,
    /// Whether the answer is good.
    pub ok: bool,
    /// The answer in words.
    pub detail: Text,
    /// Where it is wrong: an entry or a file of the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// The outcome of a visit.
#[derive(Debug, Clone)]
pub struct Audited {
    /// Every answer is good.
    pub whole: bool,
    /// The log.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// The answers.
    pub findings: Vec<Finding>,
    /// What to keep for the next visit; only after a good one, so that the evidence of before is not overwritten.
    pub state: Option<State>,
    /// The checkpoint that was found now.
    pub found: String,
}

/// Nothing is known about the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CouldNot(pub String);

fn could_not(error: impl std::fmt::Display) -> CouldNot {
    CouldNot(error.to_string())
}

/// Collects answers.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn yes(&mut self, name: &'static str, zh: impl Into<String>, en: impl Into<String>) {
        self.0.push(Finding { name, ok: true, detail: Text::new(zh, en), place: None });
    }

    fn no(&mut self, name: &'static str, zh: impl Into<String>, en: impl Into<String>, place: Option<String>) {
        self.0.push(Finding { name, ok: false, detail: Text::new(zh, en), place });
    }
}

/// Whose signatures count at this visit.
struct Trusted {
    log: VerifierKey,
    witnesses: Vec<VerifierKey>,
    /// Nobody has compared them with what the log's operator publishes elsewhere.
    by_itself: bool,
}

fn trusted(source: &mut dyn Source, held: Option<&State>, asked: &Asked) -> Result<Trusted, CouldNot> {
    let of_text = |text: &str| VerifierKey::parse(text).map_err(could_not);
    if let Some(held) = held {
        let log = of_text(&held.log_key)?;
        if asked.log.as_ref().is_some_and(|asked| *asked != log) {
            return Err(CouldNot(format!("the state is about the log of another key: {}", held.log_key)));
        }
        let known: Vec<VerifierKey> = held.witness_keys.iter().map(|text| of_text(text)).collect::<Result<_, _>>()?;
        let witnesses = if asked.witnesses.is_empty() { known } else { asked.witnesses.clone() };
        return Ok(Trusted { log, witnesses, by_itself: false });
    }
    if let Some(log) = &asked.log {
        return Ok(Trusted { log: log.clone(), witnesses: asked.witnesses.clone(), by_itself: false });
    }
    let keys = source.get("keys").map_err(CouldNot)?.ok_or_else(|| could_not("there is no log at this address"))?;
    let text = String::from_utf8(keys).map_err(could_not)?;
    let mut keys = text.lines().map(of_text).collect::<Result<Vec<_>, _>>()?.into_iter();
    let log = keys.next().ok_or_else(|| could_not("the log names no key"))?;
    let witnesses = if asked.witnesses.is_empty() { keys.collect() } else { asked.witnesses.clone() };
    Ok(Trusted { log, witnesses, by_itself: true })
}

/// What was read of a log.
struct Read {
    leaves: Vec<Hash>,
    /// The instant of each entry, where it could be read.
    instants: Vec<Option<Timestamp>>,
    /// The first entry that is missing or does not fit its hash.
    wrong: Option<(String, Text)>,
}

/// Visits a log. `held` is the state of the visit before.
///
/// # Errors
/// The log cannot be reached, or has no checkpoint yet.
pub fn audit(
    source: &mut dyn Source,
    held: Option<&State>,
    asked: &Asked,
    now: Timestamp,
) -> Result<Audited, CouldNot> {
    let trusted = trusted(source, held, asked)?;
    let found = source.get("checkpoint").map_err(CouldNot)?;
    let found = found.ok_or_else(|| could_not("the log has not published a checkpoint yet"))?;
    let found = String::from_utf8_lossy(&found).into_owned();
    let mut findings = Findings::default();
    let origin = trusted.log.name().to_owned();
    let opened = Checkpoint::open(&found, &trusted.log);
    let (checkpoint, note) = match opened {
        Ok((checkpoint, note)) if checkpoint.size <= MOST_ENTRIES => (checkpoint, note),
        opened => {
            let why = opened.err().map_or_else(|| "it names too many entries".to_owned(), |error| error.to_string());
            findings.no("checkpoint", format!("检查点不是由日志 {origin} 签名的"), why, Some("checkpoint".into()));
            return Ok(Audited { whole: false, origin, size: 0, findings: findings.0, state: None, found });
        }
    };
    let by = if trusted.by_itself {
        ("；密钥取自日志自身，请另行核对", "; the key is the one that the log names itself, compare it elsewhere")
    } else {
        ("", "")
    };
    findings.yes(
        "checkpoint",
        format!("检查点由日志签名，共 {} 条{}", checkpoint.size, by.0),
        format!("signed by the log, over {} entries{}", checkpoint.size, by.1),
    );
    countersigned(&mut findings, &note, &trusted.witnesses, now);
    let read = read(source, checkpoint.size)?;
    entries_fit(&mut findings, &read, checkpoint.size);
    tree_fits(source, &mut findings, &read, &checkpoint)?;
    in_order(&mut findings, &read, now);
    if let Some(held) = held {
        continues(&mut findings, &read, &checkpoint, held, &trusted.log)?;
    }
    let whole = findings.0.iter().all(|finding| finding.ok);
    let state = whole.then(|| State {
        log_key: trusted.log.to_string(),
        witness_keys: trusted.witnesses.iter().map(ToString::to_string).collect(),
        checkpoint: found.clone(),
        visited: now,
        prints: STANDARD.encode(read.leaves.iter().flat_map(print).copied().collect::<Vec<u8>>()),
    });
    Ok(Audited { whole, origin, size: checkpoint.size, findings: findings.0, state, found })
}

fn print(hash: &Hash) -> &[u8] {
    hash.get(..PRINT).unwrap_or_default()
}

fn countersigned(findings: &mut Findings, note: &Note, known: &[VerifierKey], now: Timestamp) {
    if known.is_empty() {
        findings.yes(
            "witnesses",
            "没有指定外部见证方，只有日志自己的签名",
            "no witness asked for: the log alone vouches",
        );
        return;
    }
    let seen = witnesses(note, known);
    let seen: Vec<_> = seen.iter().filter(|(_, at)| *at <= now.plus_seconds(TOLERANCE_SECONDS)).collect();
    let names = seen.iter().map(|(key, at)| format!("{} {at}", key.name())).collect::<Vec<_>>().join(", ");
    if seen.is_empty() {
        let place = Some("checkpoint".to_owned());
        findings.no("witnesses", "没有任何外部见证方会签", "no witness has countersigned", place);
    } else {
        findings.yes("witnesses", format!("外部见证方会签：{names}"), format!("countersigned by {names}"));
    }
}

/// Reads every entry with the hash that the tree holds of it.
fn read(source: &mut dyn Source, size: u64) -> Result<Read, CouldNot> {
    let mut read = Read { leaves: Vec::new(), instants: Vec::new(), wrong: None };
    for index in 0..size.div_ceil(WIDTH) {
        let place = tile::Place { level: 0, index };
        let width = tile::width(place, size);
        let path = format!("tile/{}", Wanted::Hashes(place, width).path());
        let hashes = source.get(&path).map_err(CouldNot)?.and_then(|bytes| tile::from_bytes(&bytes));
        let Some(hashes) = hashes.filter(|hashes| hashes.len() as u64 == width) else {
            read.wrong = Some((path, Text::new("缺少或损坏的散列文件", "a file of hashes is missing or damaged")));
            return Ok(read);
        };
        let path = format!("tile/{}", Wanted::Entries(index, width).path());
        let bytes = source.get(&path).map_err(CouldNot)?.unwrap_or_default();
        let entries = tile::entries(&bytes).filter(|entries| entries.len() as u64 == width);
        let Some(entries) = entries else {
            let (from, to) = (index * WIDTH, index * WIDTH + width - 1);
            let detail = Text::new(
                format!("第 {from} 至 {to} 号条目中有条目缺失"),
                format!("entries are missing among {from} to {to}"),
            );
            read.wrong = read.wrong.or(Some((path, detail)));
            read.leaves.extend(&hashes);
            read.instants.resize(read.leaves.len(), None);
            continue;
        };
        for (hash, entry) in hashes.iter().zip(entries) {
            let number = read.leaves.len();
            let parsed: Option<LogEntry> =
                seal::jcs::parse(entry).ok().filter(|entry: &LogEntry| entry.format == LOG_FORMAT);
            let instant = parsed.as_ref().and_then(LogEntry::instant);
            if read.wrong.is_none() && leaf(entry) != *hash {
                let detail = Text::new(
                    format!("第 {number} 号条目与树中的散列不符：内容已被改动"),
                    format!("entry {number} does not fit its hash in the tree: it was changed"),
                );
                read.wrong = Some((format!("entry {number}"), detail));
            } else if read.wrong.is_none() && instant.is_none() {
                let detail = Text::new(format!("第 {number} 号条目无法读取"), format!("entry {number} cannot be read"));
                read.wrong = Some((format!("entry {number}"), detail));
            }
            read.leaves.push(*hash);
            read.instants.push(instant);
        }
    }
    Ok(read)
}

fn entries_fit(findings: &mut Findings, read: &Read, size: u64) {
    match &read.wrong {
        None => {
            findings.yes("entries", format!("{size} 条均与散列相符"), format!("all {size} entries fit their hashes"))
        }
        Some((place, detail)) => findings.no("entries", &detail.zh, &detail.en, Some(place.clone())),
    }
}

/// The root over all hashes is the one that was signed, and the upper tiles, from which others make proofs, follow from the lower.
fn tree_fits(
    source: &mut dyn Source,
    findings: &mut Findings,
    read: &Read,
    checkpoint: &Checkpoint,
) -> Result<(), CouldNot> {
    if read.leaves.len() as u64 != checkpoint.size || root_of(&read.leaves) != checkpoint.root {
        let (zh, en) = ("树根与检查点不符", "the root of the tree is not the one that was signed");
        findings.no("tree", zh, en, Some("checkpoint".into()));
        return Ok(());
    }
    let mut below = read.leaves.clone();
    for (place, width) in tile::all(checkpoint.size).into_iter().filter(|(place, _)| place.level > 0) {
        if place.index == 0 {
            below = below.chunks_exact(WIDTH as usize).map(root_of).collect();
        }
        let from = usize::try_from(place.index * WIDTH).map_err(could_not)?;
        let expected = below.get(from..from + usize::try_from(width).map_err(could_not)?);
        let path = format!("tile/{}", Wanted::Hashes(place, width).path());
        let hashes = source.get(&path).map_err(CouldNot)?.and_then(|bytes| tile::from_bytes(&bytes));
        if hashes.as_deref() != expected {
            let (zh, en) = ("上层散列与下层不符", "hashes of an upper level do not follow from those below");
            findings.no("tree", zh, en, Some(path));
            return Ok(());
        }
    }
    findings.yes("tree", "树根与签名的检查点相符", "the root of the tree is the one that was signed");
    Ok(())
}

/// Entries come in the order of their decisions, but for the merge delay; an entry that says an earlier time was put in afterwards.
fn in_order(findings: &mut Findings, read: &Read, now: Timestamp) {
    let mut latest = Timestamp::from_micros(0);
    for (number, at) in read.instants.iter().enumerate() {
        let Some(at) = at else { continue };
        let early = at.plus_seconds(MERGE_DELAY_SECONDS) < latest;
        if early || *at > now.plus_seconds(TOLERANCE_SECONDS) {
            let (zh, en) = match early {
                true => (
                    format!("第 {number} 号条目称作于 {at}，却排在 {latest} 的条目之后：可能是倒签"),
                    format!("entry {number} says {at} but stands behind one of {latest}: back-dated"),
                ),
                false => {
                    (format!("第 {number} 号条目的时间在未来"), format!("entry {number} lies in the future: {at}"))
                }
            };
            findings.no("order", zh, en, Some(format!("entry {number}")));
            return;
        }
        latest = latest.max(*at);
    }
    findings.yes("order", "各条目按时间先后排列", "the entries stand in the order of their times");
}

/// The tree continues the one of the visit before, and what came since is of a later time.
fn continues(
    findings: &mut Findings,
    read: &Read,
    checkpoint: &Checkpoint,
    held: &State,
    log: &VerifierKey,
) -> Result<(), CouldNot> {
    let (before, _) = Checkpoint::open(&held.checkpoint, log).map_err(could_not)?;
    let old = usize::try_from(before.size).map_err(could_not)?;
    let prints = STANDARD.decode(&held.prints).map_err(could_not)?;
    let changed = prints.chunks(PRINT).zip(&read.leaves).position(|(held, now)| held != print(now));
    let same = read.leaves.get(..old).is_some_and(|first| root_of(first) == before.root);
    let (was, is) = (before.size, checkpoint.size);
    match (same, changed) {
        (true, _) => findings.yes(
            "consistency",
            format!("延续上次（{}，{was} 条）所见，增加 {} 条", held.visited, is - was),
            format!("continues what was seen on {} ({was} entries); {} are new", held.visited, is - was),
        ),
        (false, Some(number)) => findings.no(
            "consistency",
            format!("第 {number} 号条目与上次（{}）所见不同：被改动、删除或插入", held.visited),
            format!(
                "entry {number} is not the one of {}: it was changed, removed, or another put before it",
                held.visited
            ),
            Some(format!("entry {number}")),
        ),
        (false, None) => findings.no(
            "consistency",
            format!("上次有 {was} 条，现在只有 {is} 条：第 {is} 号起的条目不见了"),
            format!("there were {was} entries and now there are {is}: those from {is} on are gone"),
            Some(format!("entry {is}")),
        ),
    }
    let floor = held.visited.plus_seconds(-MERGE_DELAY_SECONDS);
    let late = read.instants.iter().enumerate().skip(old).find(|(_, at)| at.is_some_and(|at| at < floor));
    match late {
        None => findings.yes("lateness", "新条目都在合并时限内载入", "what is new was entered within the merge delay"),
        Some((number, at)) => {
            let at = at.map(|at| at.rfc3339()).unwrap_or_default();
            findings.no(
                "lateness",
                format!("第 {number} 号条目称作于 {at}，但上次（{}）还没有它：倒签，或超过时限才载入", held.visited),
                format!(
                    "entry {number} says {at} but was not there on {}: back-dated, or entered later than promised",
                    held.visited
                ),
                Some(format!("entry {number}")),
            );
        }
    }
    Ok(())
}
