//! A period of the law as data: number + unit + start event + source + validity.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Unit of a period 时限单位.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// 工作日.
    WorkingDay,
    /// 自然日.
    CalendarDay,
    /// 月.
    Month,
    /// 小时.
    Hour,
}

/// The event from which a period runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StartEvent {
    /// 受理.
    Acceptance,
    /// 收到 (申请材料、全部有效文件).
    Receipt,
    /// 决定.
    Decision,
    /// 通知.
    Notice,
}

/// A period with its source. T-1: numbers of the law are data, never code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// How many units; 0 = at once 当场.
    pub number: u32,
    /// Of what.
    pub unit: Unit,
    /// From when.
    pub start: StartEvent,
    /// Law and article, or the document of the bureau that promised it: `行政许可法 第四十二条`.
    pub source: String,
    /// How sure we are of the source.
    pub basis: crate::law::Confidence,
    /// First legal day on which it applies.
    pub valid_from: Date,
    /// Last legal day on which it applies; absent = still in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
}
