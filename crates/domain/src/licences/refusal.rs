//! Why a step in a licence's life is refused.

use crate::text::Text;

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LicenceRefusal {
    /// It has ended already.
    #[error("the licence has ended already")]
    Ended,
    /// Its period is over, so there is nothing to suspend.
    #[error("the licence has expired")]
    Expired,
    /// Its last day is not over.
    #[error("the licence has not expired")]
    NotOver,
    /// It is suspended already.
    #[error("the licence is suspended already")]
    Suspended,
    /// Only a suspended licence can be resumed.
    #[error("the licence is not suspended")]
    NotSuspended,
    /// The last day of a suspension lies before today.
    #[error("the last day of the suspension is past")]
    TermPast,
    /// The reason must name the ground.
    #[error("a reason with its article is required")]
    ReasonMissing,
    /// Only what is in force is shown or shared.
    #[error("only a licence in force is shared")]
    NotInForce,
    /// A use code or link that was used, has run out or was taken back.
    #[error("what was shared is over")]
    ShareOver,
    /// Whoever typed a paper licence does not confirm it.
    #[error("whoever entered it does not confirm it")]
    SamePerson,
    /// A paper licence that waits for nobody.
    #[error("it does not wait to be confirmed")]
    NotWaiting,
}

impl LicenceRefusal {
    /// The sentence for the person.
    pub fn explain(&self) -> Text {
        let (zh, en) = match self {
            LicenceRefusal::Ended => ("该证照已经失效，不能再操作。", "The licence has ended already."),
            LicenceRefusal::Expired => {
                ("该证照已经到期，不能暂扣。", "The licence has expired and cannot be suspended.")
            }
            LicenceRefusal::NotOver => ("该证照还没有到期。", "The licence has not expired."),
            LicenceRefusal::Suspended => ("该证照已经处于暂扣状态。", "The licence is suspended already."),
            LicenceRefusal::NotSuspended => ("该证照没有被暂扣，无须恢复。", "The licence is not suspended."),
            LicenceRefusal::TermPast => {
                ("暂扣的最后一日不能早于今天。", "The last day of the suspension must not lie before today.")
            }
            LicenceRefusal::ReasonMissing => (
                "请写明理由和法律依据，例如“《行政许可法》第六十九条第二款：……”。",
                "Write down the reason with its article, such as “《行政许可法》第六十九条第二款：…”.",
            ),
            LicenceRefusal::NotInForce => (
                "只有有效的证照可以出示或分享；请先处理证照当前的状态。",
                "Only a licence in force can be shown or shared. See to its state first.",
            ),
            LicenceRefusal::ShareOver => (
                "这次分享已经用过、到期或被持证人收回，请向持证人要新的。",
                "This was used, has run out or was taken back by the holder. Ask the holder for a new one.",
            ),
            LicenceRefusal::SamePerson => (
                "录入人不能确认自己录入的证照，请由另一位工作人员核对原件后确认。",
                "Whoever entered it does not confirm it. Ask a colleague to compare it with the original.",
            ),
            LicenceRefusal::NotWaiting => {
                ("这份证照不在待确认状态，请刷新页面。", "It does not wait to be confirmed. Load the page again.")
            }
        };
        Text::new(zh, en)
    }
}
