//! Why a rating or a follow-up does not take a command.

use serde::Serialize;

use crate::text::Text;
use crate::time::{Timestamp, moment_words};

/// A command that the state does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{command} refused in state {state}: {reason:?}")]
pub struct RatingRefusal {
    /// State name.
    pub state: &'static str,
    /// Command name.
    pub command: &'static str,
    /// Why.
    pub reason: RatingReason,
}

/// The reasons. Each has one sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum RatingReason {
    /// The state does not know this command.
    WrongState,
    /// A service is rated once.
    AlreadyRated {
        /// When it was.
        at: Timestamp,
    },
    /// The service goes on.
    NotFinished,
    /// The time for rating is over.
    Over {
        /// Since when.
        at: Timestamp,
    },
    /// Whoever rendered the service neither rates it nor handles its rating.
    OwnWork,
    /// Whoever was asked for the second look is the one who asked for it.
    SamePerson,
    /// The reason may be given once.
    Once,
    /// The rater can be reached and is talked to first (EV-2).
    ContactFirst,
    /// The rater has left no way to be reached.
    OutOfReach,
}

impl RatingReason {
    /// One sentence in both languages.
    pub fn explain(&self) -> Text {
        match self {
            RatingReason::WrongState => Text::new(
                "当前状态不能进行这项操作，请刷新后按最新状态处理。",
                "This cannot be done in the present state. Reload and go on from there.",
            ),
            RatingReason::AlreadyRated { at } => {
                let words = moment_words(*at);
                Text::new(
                    format!("这次服务已于 {} 评价过，一次服务只评价一次，谢谢您。", words.zh),
                    format!("This service was rated on {}. Each is rated once; thank you.", words.en),
                )
            }
            RatingReason::NotFinished => Text::new(
                "这次服务还没有结束，办结后再来评价。",
                "This service has not ended yet. Rate it once it is done.",
            ),
            RatingReason::Over { at } => {
                let words = moment_words(*at);
                Text::new(
                    format!("评价时间已于 {} 截止。有意见请拨打 12345。", words.zh),
                    format!("The time for rating ended on {}. Call 12345 with what you have to say.", words.en),
                )
            }
            RatingReason::OwnWork => Text::new(
                "经办人不能评价自己的服务，也不能处理对自己的评价，请交由他人处理。",
                "Whoever rendered a service neither rates it nor handles its rating. Leave it to somebody else.",
            ),
            RatingReason::SamePerson => Text::new(
                "误评、恶意评价须由提出人以外的第二人复核。",
                "A second person decides about a misrating, not the one who asked for it.",
            ),
            RatingReason::Once => Text::new(
                "这项申请只能提出一次，请按期答复评价人。",
                "This may be asked for once. Answer the rater in time.",
            ),
            RatingReason::ContactFirst => {
                Text::new("请先联系评价人核实情况，再答复。", "Talk to the rater first, then answer.")
            }
            RatingReason::OutOfReach => Text::new(
                "评价人没有留下联系方式，无法回访，请核查后直接答复。",
                "The rater left no way to be reached. Look into it and answer.",
            ),
        }
    }
}
