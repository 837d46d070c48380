//! Remedies 救济途径 in words: where to turn against a decision, and within what time.

use serde::{Deserialize, Serialize};

use super::decision::Remedies;
use super::documents::Around;
use crate::text::Text;
use crate::time::Unit;

/// One remedy as a document prints it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RemedyText {
    /// 行政复议 or 行政诉讼.
    pub name: Text,
    /// Where.
    pub body: Text,
    /// Within what time, with the article that says so.
    pub period: Text,
}

/// Both remedies with their periods. A period runs from the day on which the decision is received (行政复议法 20, 行政诉讼法
/// 46); the last day is known beforehand only where it is served online at once, so it is named for that case alone.
pub(super) fn texts(remedies: &Remedies, around: &Around<'_>) -> Vec<RemedyText> {
    let (body, court) = around.remedies;
    let term = |law: &str, last: jiff::civil::Date| {
        let found = around.law.get(law, around.now.date()).ok();
        let (zh, en) = found.map_or_else(Default::default, |number| length(number.number, number.unit));
        let source = found.map_or("", |number| number.source.as_str());
        Text::new(
            format!("自收到本决定书之日起{zh}内（在线送达的，至 {last} 止，含当日；{source}）"),
            format!("within {en} of receiving this decision (served online: to {last}, that day included; {source})"),
        )
    };
    vec![
        RemedyText {
            name: Text::new("行政复议", "Administrative reconsideration"),
            body: body.clone(),
            period: term("reconsideration", remedies.reconsideration_until),
        },
        RemedyText {
            name: Text::new("行政诉讼", "Lawsuit"),
            body: court.clone(),
            period: term("lawsuit", remedies.lawsuit_until),
        },
    ]
}

/// The paragraph that tells both.
pub(super) fn paragraph(remedies: &Remedies, around: &Around<'_>) -> Option<Text> {
    let [review, action] = <[RemedyText; 2]>::try_from(texts(remedies, around)).ok()?;
    Some(Text::new(
        format!(
            "如不服本决定，可以{}向{}申请行政复议，或者{}向{}提起行政诉讼。",
            review.period.zh, review.body.zh, action.period.zh, action.body.zh
        ),
        format!(
            "You may ask {} for reconsideration {}, or sue before {} {}.",
            review.body.en, review.period.en, action.body.en, action.period.en
        ),
    ))
}

/// A length of time in words.
pub(super) fn length(number: u32, unit: Unit) -> (String, String) {
    let (zh, en) = match unit {
        Unit::WorkingDay => ("个工作日", "working day"),
        Unit::CalendarDay => ("日", "day"),
        Unit::Month => ("个月", "month"),
        Unit::Hour => ("小时", "hour"),
    };
    let plural = if number == 1 { "" } else { "s" };
    (format!("{number}{zh}"), format!("{number} {en}{plural}"))
}
