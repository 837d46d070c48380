//! In-app messages, made from the journal: at least one look at each fact, each message exactly once, because the
//! cursor moves in the same commit.

use std::collections::{BTreeMap, BTreeSet};

use domain::accounts::Actor;
use domain::cases::{DutyKind, Fact, Moved};
use domain::ids::MessageId;
use domain::text::Text;
use domain::time::{Timestamp, date_words};
use serde::{Deserialize, Serialize};
use store::accounts::MESSAGE;
use store::{Advance, Change, PlainWrite};

use crate::cases;
use crate::city::City;
use crate::error::ServiceError;

/// Name of the subscriber whose cursor stands behind what was told.
pub const SUBSCRIBER: &str = "messages";
const BATCH: i64 = 200;
/// Behind a date that rests on a year whose holidays are not announced yet.
const PROVISIONAL: [&str; 2] =
    ["（暂定，当年放假安排尚未公布）", " (provisional: that year’s holidays are not announced yet)"];

/// A message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    #[serde(skip)]
    pub id: String,
    /// What happened.
    pub title: Text,
    /// More words.
    pub text: Text,
    /// Case that it is about.
    pub case: String,
    /// The person must act.
    pub act: bool,
    /// When.
    pub at: Timestamp,
    /// When it was read.
    #[serde(skip)]
    pub read_at: Option<Timestamp>,
}

/// Reads what is new in the journal and writes the messages it calls for. Answers how many facts were read.
pub async fn advance(city: &City) -> Result<usize, ServiceError> {
    let from = city.store().subscriber_position(city.region(), SUBSCRIBER).await?;
    let entries = city.store().read_journal(city.region(), from, BATCH).await?;
    let Some(last) = entries.last() else { return Ok(0) };
    let mut change = Change::new(city.region(), city.now());
    let mut known: BTreeMap<String, Option<About>> = BTreeMap::new();
    for entry in &entries {
        let Some(fact) = cases::told(entry) else { continue };
        let Some((title, text, act)) = words(&fact) else { continue };
        let id = entry.stream.trim_start_matches("casefile/").to_owned();
        if !known.contains_key(&id) {
            known.insert(id.clone(), about(city, &id).await?);
        }
        let Some(Some(case)) = known.get(&id) else { continue };
        let shelf = city.shelf();
        let name = shelf.matter(&case.matter).map(|matter| matter.bundle.matter.name.clone()).unwrap_or_default();
        let message = Message {
            id: String::new(),
            title: Text::new(format!("{}：{}", name.zh, title.zh), format!("{}: {}", name.en, title.en)),
            text,
            case: case.number.clone(),
            act,
            at: entry.at,
            read_at: None,
        };
        for account in &case.recipients {
            change.plain.push(PlainWrite {
                table: &MESSAGE,
                id: MessageId::new(entry.at, city.random()).to_string(),
                columns: vec![
                    account.as_str().into(),
                    entry.at.micros().into(),
                    None::<i64>.into(),
                    serde_json::to_string(&message).map_err(ServiceError::internal)?.into(),
                ],
            });
        }
    }
    change.cursor = Some(Advance { subscriber: SUBSCRIBER.into(), from, to: last.position });
    city.store().commit(change).await?;
    Ok(entries.len())
}

/// What a message needs to know of a case, from its columns: the whole case is large, and a busy day has many.
struct About {
    number: String,
    matter: String,
    recipients: BTreeSet<String>,
}

/// The recipients are whoever filed it, and the applicant's own account when it is another one.
async fn about(city: &City, id: &str) -> Result<Option<About>, ServiceError> {
    let sql = "SELECT c.number, c.matter, c.filed_by, a.id FROM casefile c \
               LEFT JOIN account a ON a.region = c.region AND a.person = c.applicant_code \
               WHERE c.region = $1 AND c.id = $2";
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), id.into()]).await? else { return Ok(None) };
    let accounts = [Some(row.text(2)?), row.opt_text(3)?];
    let recipients = accounts.into_iter().flatten().map(str::to_owned).collect();
    Ok(Some(About { number: row.text(0)?.to_owned(), matter: row.text(1)?.to_owned(), recipients }))
}

/// Title, text, and whether the person must act; nothing for facts that concern staff only.
fn words(fact: &Fact) -> Option<(Text, Text, bool)> {
    let title = |zh: &str, en: &str| Text::new(zh, en);
    let same = |text: &str| Text::new(text, text);
    Some(match fact {
        Fact::FeedbackGiven { points } if points.is_empty() => (
            title("预审通过，可以正式提交", "Pre-check passed: you can file now"),
            title("材料没有问题，请正式提交。", "Everything looks right. File it now."),
            true,
        ),
        Fact::FeedbackGiven { points } => (
            title("预审有反馈，请修改", "Feedback before filing"),
            same(&points.iter().map(|point| point.text.as_str()).collect::<Vec<_>>().join("\n")),
            true,
        ),
        Fact::CorrectionRequested { notice, .. } => {
            let (until, count) = (date_words(notice.until), notice.points.len());
            let mark = if notice.provisional { PROVISIONAL } else { ["", ""] };
            let text = Text::new(
                format!("请在 {}{} 前一次性补齐 {count} 项内容。", until.zh, mark[0]),
                format!("Hand in all {count} points by {}{}.", until.en, mark[1]),
            );
            (title("需要补正材料", "Corrections needed"), text, true)
        }
        Fact::NotAccepted { reasons, .. } => (title("不予受理", "Not accepted"), same(reasons), false),
        Fact::Accepted { deemed: true, .. } => (
            title("视为受理", "Deemed accepted"),
            title(
                "五个工作日内未告知补正，申请自收到之日起即为受理。",
                "No notice came within five working days: your application counts as accepted.",
            ),
            false,
        ),
        Fact::Accepted { .. } => {
            (title("已受理", "Accepted"), title("开始计算办理期限。", "The clock is running."), false)
        }
        Fact::Paused { working_days, .. } => (
            title("进入特别程序，计时暂停", "Special procedure: the clock stands still"),
            Text::new(format!("预计 {working_days} 个工作日。"), format!("Expected: {working_days} working days.")),
            false,
        ),
        Fact::Extended { reason, .. } => (title("办理期限延长", "Extended"), same(reason), false),
        Fact::Decided { decision, .. } if decision.granted => {
            (title("已准予", "Granted"), title("决定书已盖章，可以随时查看。", "The sealed decision is ready."), false)
        }
        Fact::Decided { decision, .. } => (title("不予许可", "Refused"), decision.reasons.clone(), false),
        Fact::LicenceIssued { licence } => (
            title("证照已生成", "Your licence is ready"),
            Text::new(format!("证照编号 {}。", licence.number), format!("Number {}.", licence.number)),
            false,
        ),
        Fact::DeadlinesRecomputed { moved, .. } => return moved_dates(moved),
        Fact::BecameLate { duty, .. } => return late(*duty),
        Fact::Terminated { reason, .. } => (title("已终止办理", "Terminated"), same(reason), false),
        Fact::CheckDone { result, .. } => (title("核查结果", "Result of the check"), same(&result.note), false),
        _ => return None,
    })
}

/// What the applicant is told when a date passes: a breach of the statutory limit opens the way to a review and to the court.
fn late(duty: DutyKind) -> Option<(Text, Text, bool)> {
    let (title, text) = match duty {
        DutyKind::PromiseBroken => (
            Text::new("承诺的期限已过，仍在办理", "Past the promised date, still under way"),
            Text::new(
                "我们没有在承诺的期限内办结，对此致歉。法定期限见办件页面。",
                "We have not kept the promised date and apologise. The statutory date is on the page of the case.",
            ),
        ),
        DutyKind::LimitBroken => (
            Text::new("法定办理期限已过", "Past the statutory date"),
            Text::new(
                "法定期限内没有作出决定的，您可以依法申请行政复议（行政复议法第十一条），或者提起行政诉讼（行政诉讼法第十二条）。",
                "Where no decision is made within the statutory time you may ask for reconsideration (article 11 of the                  Administrative Reconsideration Law) or sue (article 12 of the Administrative Litigation Law).",
            ),
        ),
        _ => return None,
    };
    Some((title, text, false))
}

/// The dates of the applicant's that a new calendar has moved; checks are the authority's.
fn moved_dates(moved: &[Moved]) -> Option<(Text, Text, bool)> {
    let words = |duty| match duty {
        DutyKind::DeemAccepted => Some(("受理期限", "time for acceptance")),
        DutyKind::CorrectionOver => Some(("补正期限", "time for corrections")),
        DutyKind::PromiseBroken => Some(("承诺办结期限", "promised date")),
        DutyKind::LimitBroken => Some(("法定办结期限", "statutory date")),
        DutyKind::CheckDue | DutyKind::PauseOver | DutyKind::DeliveryLate => None,
    };
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for own in moved {
        let Some((name, english)) = words(own.duty) else { continue };
        zh.push(format!("{name}由 {} 改为 {}", own.from, own.to));
        en.push(format!("{english}: {} instead of {}", own.to, own.from));
    }
    if zh.is_empty() {
        return None;
    }
    let act = moved.iter().any(|own| own.duty == DutyKind::CorrectionOver);
    Some((
        Text::new("节假日安排公布，期限已更新", "Holidays were published: dates have moved"),
        Text::new(format!("{}。", zh.join("；")), format!("New {}.", en.join("; "))),
        act,
    ))
}

/// The latest messages of an account, newest first, at most 100.
pub async fn mine(city: &City, actor: &Actor) -> Result<Vec<Message>, ServiceError> {
    let sql = "SELECT id, doc, read_at FROM message WHERE region = $1 AND account = $2 ORDER BY id DESC LIMIT 100";
    let rows = city.store().query(sql, &[city.region().into(), actor.label().into()]).await?;
    rows.iter()
        .map(|row| {
            let mut message: Message = serde_json::from_str(row.text(1)?).map_err(ServiceError::internal)?;
            message.id = row.text(0)?.to_owned();
            message.read_at = row.opt_int(2)?.map(Timestamp::from_micros);
            Ok(message)
        })
        .collect()
}

/// How many messages have not been read, counted up to 100.
pub async fn unread(city: &City, actor: &Actor) -> Result<i64, ServiceError> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT read_at FROM message WHERE region = $1 AND account = $2 \
               ORDER BY id DESC LIMIT 100) AS latest WHERE read_at IS NULL";
    let row = city.store().query_opt(sql, &[city.region().into(), actor.label().into()]).await?;
    Ok(row.map(|row| row.int(0)).transpose()?.unwrap_or(0))
}

/// Marks the latest messages as read.
pub async fn mark_read(city: &City, actor: &Actor) -> Result<(), ServiceError> {
    let now = city.now();
    let mut change = Change::new(city.region(), now);
    for message in mine(city, actor).await?.into_iter().filter(|message| message.read_at.is_none()) {
        let doc = serde_json::to_string(&message).map_err(ServiceError::internal)?;
        change.plain.push(PlainWrite {
            table: &MESSAGE,
            id: message.id,
            columns: vec![actor.label().into(), message.at.micros().into(), now.micros().into(), doc.into()],
        });
    }
    if !change.plain.is_empty() {
        city.store().commit(change).await?;
    }
    Ok(())
}
