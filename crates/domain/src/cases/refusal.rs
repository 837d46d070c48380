//! Why a command was refused, for a person and for a program.

use jiff::civil::Date;
use serde::Serialize;

use crate::text::{Lang, Text};

/// A command that the law or the state of the case does not allow.
#[derive(Debug, Clone, PartialEq, Serialize, thiserror::Error)]
#[error("{command} refused in state {state}: {reason:?}")]
pub struct Refusal {
    /// State name.
    pub state: &'static str,
    /// Command name.
    pub command: &'static str,
    /// Why.
    pub reason: Reason,
}

/// The reasons. Each has one sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    /// The state does not know this command.
    WrongState,
    /// Something required is missing; the list names it.
    Incomplete {
        /// What is missing, as shown to the person.
        missing: Vec<Text>,
    },
    /// A register that would answer for these was silent; a person must look first.
    Unanswered {
        /// Names of the materials.
        materials: Vec<String>,
    },
    /// AL 32(4), 72(4): corrections are asked for once.
    SecondNotice {
        /// The points that could have been seen the first time.
        points: Vec<String>,
    },
    /// The time for the one-time notice is over: the application counts as accepted.
    DeemedAccepted,
    /// A reason must be written.
    ReasonMissing,
    /// AL 34: at least two officers inspect.
    TwoOfficers,
    /// AL 32(2): the right authority must be named.
    AuthorityMissing,
    /// The ground does not fit: "still lacking" needs an earlier notice with that point.
    NotListed {
        /// The points that no notice held.
        points: Vec<String>,
    },
    /// The matter is not open to this.
    NotOpen {
        /// To what.
        what: Text,
    },
    /// AC-4: the rule of the city, or the notice itself, does not say that silence closes the case.
    NotAnnounced,
    /// The notice shown is not the current one.
    OldPledge,
    /// A date could not be computed, e.g. beyond the calendar's horizon.
    Calendar {
        /// The calendar's own words.
        detail: String,
    },
    /// A special procedure runs; its result is needed first.
    ProcedureOpen,
    /// T-4: only the time that the matter declares may be notified.
    PauseTooLong {
        /// Working days at most.
        most: u32,
    },
    /// AL 78: the earlier decision must be named with its day.
    EarlierDecisionMissing,
    /// AL 78: the time is over, or the day lies ahead.
    BarOver {
        /// Last day of the bar.
        until: Date,
    },
    /// Only after the day has come.
    TooEarly,
    /// RQ-2: materials that were to follow are not all in.
    GapsOpen {
        /// Their slots.
        slots: Vec<String>,
    },
    /// Materials were promised for later: the notice of acceptance must name them.
    GapsPromised,
    /// What was handed in is none of the materials that are still to come.
    NotAGap {
        /// Slots that are.
        slots: Vec<String>,
    },
    /// RQ-4: a promise was broken before and not made good.
    BrokenPromise,
    /// RQ-4: the credit record does not answer.
    CreditUnknown,
}

impl Reason {
    /// [`Reason::NotOpen`] in both languages.
    pub(super) fn not_open(zh: &str, en: &str) -> Reason {
        Reason::NotOpen { what: Text::new(zh, en) }
    }

    /// The sentence for the person.
    pub fn explain(&self) -> Text {
        match self {
            Reason::WrongState => Text::new(
                "办件当前所处的环节不能进行这项操作，请刷新页面查看最新状态。",
                "The case is at a stage where this cannot be done. Reload the page to see where it stands.",
            ),
            Reason::Incomplete { missing } => still_missing(missing),
            Reason::Unanswered { materials } => Text::new(
                format!("收件时登记库没有应答，请先人工核实并给出审查意见：{}。", materials.join("、")),
                format!("A register was silent at filing. Look and give a verdict first: {}.", materials.join(", ")),
            ),
            Reason::SecondNotice { points } => Text::new(
                format!("补正只能一次性告知。以下各项第一次就能发现，不能再次要求：{}。", points.join("、")),
                format!("Corrections are asked for once. These could have been seen then: {}.", points.join(", ")),
            ),
            Reason::DeemedAccepted => Text::new(
                "收件后未在法定期限内告知补正，依法视为受理，不能再要求补正或不予受理。",
                "The time for a notice has passed: by law the application counts as accepted.",
            ),
            Reason::ReasonMissing => Text::new("请写明理由。", "Write down the reason."),
            Reason::TwoOfficers => Text::new(
                "现场核查须由两名以上工作人员进行，请填写两名核查人员。",
                "An on-site check takes at least two officers. Name both.",
            ),
            Reason::AuthorityMissing => {
                Text::new("请写明应当向哪个行政机关申请。", "Name the authority to which the applicant should turn.")
            }
            Reason::NotListed { points } => not_listed(points),
            Reason::NotOpen { what } => {
                Text::new(format!("本事项不适用：{}。", what.zh), format!("This matter is not open to: {}.", what.en))
            }
            Reason::NotAnnounced => Text::new(
                "补正告知书没有告知逾期不补正的后果，不能据此退件。请联系申请人，或按现有材料作出决定。",
                "The notice did not say that silence closes the case, so it cannot be closed for that. Ask the applicant, or decide on what is there.",
            ),
            Reason::OldPledge => Text::new(
                "告知承诺书已更新，请重新阅读并签署最新版本。",
                "The notice has been updated. Read and sign the current version.",
            ),
            Reason::Calendar { detail } => Text::new(
                format!("无法计算期限：{detail}。请管理员导入该年度的节假日安排。"),
                format!("The date cannot be computed: {detail}. An administrator must import that year's holidays."),
            ),
            Reason::ProcedureOpen => Text::new(
                "特别程序（听证、检验检测、专家评审）尚未结束，请先登记其结束，再提出意见或作出决定。",
                "A special procedure (hearing, testing or expert review) is still open. Record its end first, then give the opinion or decide.",
            ),
            Reason::PauseTooLong { most } => Text::new(
                format!("特别程序的时间须为 1 至 {most} 个工作日（以事项公布的为限）。"),
                format!("The special procedure takes 1 to {most} working days, as the matter publishes it."),
            ),
            Reason::EarlierDecisionMissing => Text::new(
                "请写明此前认定隐瞒情况或者提供虚假材料的决定书文号和日期。",
                "Name the earlier decision that found hidden facts or false material, and its day.",
            ),
            Reason::BarOver { until } => Text::new(
                format!("不得再次申请的期限至 {until} 止，现不能以此为由不予受理。请核对决定日期。"),
                format!(
                    "The bar runs to {until} and cannot ground a non-acceptance today. Check the day of the decision."
                ),
            ),
            Reason::TooEarly => Text::new("期限尚未届满。", "The period has not ended yet."),
            Reason::GapsOpen { .. }
            | Reason::GapsPromised
            | Reason::NotAGap { .. }
            | Reason::BrokenPromise
            | Reason::CreditUnknown => self.explain_gaps(),
        }
    }

    /// The sentences of an acceptance with gaps.
    fn explain_gaps(&self) -> Text {
        match self {
            Reason::GapsOpen { slots } => Text::new(
                format!("容缺材料尚未补齐并核对，不能准予或者发证：{}。", slots.join("、")),
                format!(
                    "Materials that were to follow are not all in and checked: {}. Nothing is granted before.",
                    slots.join(", ")
                ),
            ),
            Reason::GapsPromised => Text::new(
                "申请人选择了容缺受理，请用“容缺受理”，由通知书载明所缺材料和期限；或者请申请人先补齐。",
                "The applicant promised materials for later. Use “Accept with gaps”, whose notice names them and the last day, or have them handed in first.",
            ),
            Reason::NotAGap { slots } => Text::new(
                format!("请只补交尚缺的材料，每项至少一个文件：{}。", slots.join("、")),
                format!("Hand in only what is still to come, with at least one file for each: {}.", slots.join(", ")),
            ),
            Reason::BrokenPromise => Text::new(
                "申请人有尚未修复的失信承诺记录，不适用容缺受理。请一次性告知补正，或请申请人先修复信用。",
                "The applicant has a broken promise on record that was not made good, so nothing may follow later. Ask for corrections, or have the record repaired first.",
            ),
            Reason::CreditUnknown => Text::new(
                "信用库暂时没有应答，不能核实是否适用容缺受理，请稍后再试。",
                "The credit record does not answer, so it cannot be seen whether materials may follow later. Try again soon.",
            ),
            _ => Text::default(),
        }
    }
}

fn still_missing(missing: &[Text]) -> Text {
    let of = |lang| missing.iter().map(|one| one.get(lang).trim_end_matches(['。', '.'])).collect::<Vec<_>>();
    Text::new(
        format!("还缺少：{}。请补齐后再继续。", of(Lang::Zh).join("、")),
        format!("Still missing: {}. Add it, then go on.", of(Lang::En).join("; ")),
    )
}

fn not_listed(points: &[String]) -> Text {
    Text::new(
        format!("以下各项没有在补正告知中列出，不能作为不予受理的理由：{}。", points.join("、")),
        format!("These were not listed in the notice and cannot ground a non-acceptance: {}.", points.join(", ")),
    )
}
