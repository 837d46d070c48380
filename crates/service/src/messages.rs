//! In-app messages, made from the journal: at least one look at each fact, each message exactly once, because the
//! cursor moves in the same commit.

use std::collections::{BTreeMap, BTreeSet};

use domain::accounts::Actor;
use domain::cases::{Case, Fact};
use domain::ids::MessageId;
use domain::text::Text;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::accounts::MESSAGE;
use store::{Advance, Change, PlainWrite};

use crate::city::City;
use crate::error::ServiceError;

const SUBSCRIBER: &str = "messages";
const BATCH: i64 = 200;

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
    let mut cases: BTreeMap<String, Option<Case>> = BTreeMap::new();
    for entry in &entries {
        let Some(body) = entry.body.as_deref().filter(|_| entry.kind.starts_with("case.")) else { continue };
        let Ok(fact) = serde_json::from_str::<Fact>(body) else { continue };
        let Some((title, text, act)) = words(&fact) else { continue };
        let id = entry.stream.trim_start_matches("casefile/").to_owned();
        if !cases.contains_key(&id) {
            cases.insert(id.clone(), load(city, &id).await?);
        }
        let Some(Some(case)) = cases.get(&id) else { continue };
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
        for account in recipients(city, case).await? {
            change.plain.push(PlainWrite {
                table: &MESSAGE,
                id: MessageId::new(entry.at, city.random()).to_string(),
                columns: vec![
                    account.into(),
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

async fn load(city: &City, id: &str) -> Result<Option<Case>, ServiceError> {
    let sql = "SELECT doc FROM casefile WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    row.map(|row| serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)).transpose()
}

/// Whoever filed it, and the applicant's own account when it is another one.
async fn recipients(city: &City, case: &Case) -> Result<BTreeSet<String>, ServiceError> {
    let mut accounts = BTreeSet::from([case.filed_by.clone()]);
    let sql = "SELECT id FROM account WHERE region = $1 AND person = $2";
    let params = [city.region().into(), case.applicant.code.as_str().into()];
    for row in city.store().query(sql, &params).await? {
        accounts.insert(row.text(0)?.to_owned());
    }
    Ok(accounts)
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
        Fact::CorrectionRequested { notice, .. } => (
            title("需要补正材料", "Corrections needed"),
            Text::new(
                format!("请在 {} 前一次性补齐 {} 项内容。", notice.until, notice.points.len()),
                format!("Hand in all {} points by {}.", notice.points.len(), notice.until),
            ),
            true,
        ),
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
        Fact::Terminated { reason, .. } => (title("已终止办理", "Terminated"), same(reason), false),
        Fact::CheckDone { result, .. } => (title("核查结果", "Result of the check"), same(&result.note), false),
        _ => return None,
    })
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
