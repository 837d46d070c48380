//! The sealed documents 文书 of a case: which step produces which, and what it says.

use serde::{Deserialize, Serialize};

use super::application::CorrectionNotice;
use super::case::Case;
use super::decision::{Decision, Remedies};
use super::fact::{Fact, NonAcceptance, Termination};
use super::remedies::{self, RemedyText, length};
use crate::catalog::Matter;
use crate::text::Text;
use crate::time::{Calendar, CaseClocks, LawTable, Timestamp, date_words};

/// Kinds of documents 过程文书.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// 收件凭证.
    Receipt,
    /// 补齐补正通知书.
    CorrectionNotice,
    /// 受理通知书.
    Acceptance,
    /// 视为受理通知书.
    DeemedAcceptance,
    /// 不予受理决定书.
    NonAcceptance,
    /// 受理暨准予决定书, one document for an instant case.
    Combined,
    /// 准予决定书.
    Grant,
    /// 不予许可决定书.
    Refusal,
    /// 特别程序告知书.
    SpecialProcedure,
    /// 延长期限告知书.
    Extension,
    /// 终止办理决定书.
    Termination,
}

impl DocumentKind {
    /// All of them.
    pub const ALL: [DocumentKind; 11] = [
        DocumentKind::Receipt,
        DocumentKind::CorrectionNotice,
        DocumentKind::Acceptance,
        DocumentKind::DeemedAcceptance,
        DocumentKind::NonAcceptance,
        DocumentKind::Combined,
        DocumentKind::Grant,
        DocumentKind::Refusal,
        DocumentKind::SpecialProcedure,
        DocumentKind::Extension,
        DocumentKind::Termination,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            DocumentKind::Receipt => "receipt",
            DocumentKind::CorrectionNotice => "correction-notice",
            DocumentKind::Acceptance => "acceptance",
            DocumentKind::DeemedAcceptance => "deemed-acceptance",
            DocumentKind::NonAcceptance => "non-acceptance",
            DocumentKind::Combined => "combined",
            DocumentKind::Grant => "grant",
            DocumentKind::Refusal => "refusal",
            DocumentKind::SpecialProcedure => "special-procedure",
            DocumentKind::Extension => "extension",
            DocumentKind::Termination => "termination",
        }
    }

    /// The printed title.
    pub fn title(self) -> Text {
        let (zh, en) = match self {
            DocumentKind::Receipt => ("申请材料接收凭证", "Receipt of application"),
            DocumentKind::CorrectionNotice => ("补正材料一次性告知书", "One-time correction notice"),
            DocumentKind::Acceptance => ("受理通知书", "Notice of acceptance"),
            DocumentKind::DeemedAcceptance => ("视为受理通知书", "Notice of deemed acceptance"),
            DocumentKind::NonAcceptance => ("不予受理决定书", "Decision not to accept"),
            DocumentKind::Combined => ("受理暨准予决定书", "Acceptance and decision to grant"),
            DocumentKind::Grant => ("准予决定书", "Decision to grant"),
            DocumentKind::Refusal => ("不予许可决定书", "Decision to refuse"),
            DocumentKind::SpecialProcedure => ("特别程序告知书", "Notice of a special procedure"),
            DocumentKind::Extension => ("延长办理期限告知书", "Notice of extension"),
            DocumentKind::Termination => ("终止办理决定书", "Decision to end the procedure"),
        };
        Text::new(zh, en)
    }

    /// The character in the printed number, as in 海审（受）字〔2026〕1号.
    pub fn mark(self) -> &'static str {
        match self {
            DocumentKind::Receipt => "收",
            DocumentKind::CorrectionNotice => "补",
            DocumentKind::Acceptance | DocumentKind::DeemedAcceptance => "受",
            DocumentKind::NonAcceptance => "不受",
            DocumentKind::Combined | DocumentKind::Grant => "准",
            DocumentKind::Refusal => "不准",
            DocumentKind::SpecialProcedure => "特",
            DocumentKind::Extension => "延",
            DocumentKind::Termination => "终",
        }
    }

    /// The document that a fact calls for.
    pub fn of(fact: &Fact) -> Option<DocumentKind> {
        match fact {
            Fact::Filed { .. } => Some(DocumentKind::Receipt),
            Fact::CorrectionRequested { .. } => Some(DocumentKind::CorrectionNotice),
            Fact::NotAccepted { .. } => Some(DocumentKind::NonAcceptance),
            Fact::Accepted { deemed: true, .. } => Some(DocumentKind::DeemedAcceptance),
            Fact::Accepted { .. } => Some(DocumentKind::Acceptance),
            Fact::Paused { .. } => Some(DocumentKind::SpecialProcedure),
            Fact::Extended { .. } => Some(DocumentKind::Extension),
            Fact::Decided { decision, .. } if decision.automatic => Some(DocumentKind::Combined),
            Fact::Decided { decision, .. } if decision.granted => Some(DocumentKind::Grant),
            Fact::Decided { .. } => Some(DocumentKind::Refusal),
            Fact::Terminated { document: Some(_), .. } => Some(DocumentKind::Termination),
            _ => None,
        }
    }
}

/// The words of a document, before it is sealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentText {
    /// Which document.
    pub kind: DocumentKind,
    /// Paragraphs, in order.
    pub paragraphs: Vec<Text>,
    /// Numbered items (points to correct, materials received).
    pub items: Vec<Text>,
    /// What can be done against it; empty where the law gives nothing.
    #[serde(default)]
    pub remedies: Vec<RemedyText>,
}

/// What a document needs beside the case.
pub struct Around<'a> {
    /// The matter.
    pub matter: &'a Matter,
    /// Name of the deciding department.
    pub department: &'a Text,
    /// Where remedies are sought: reconsideration body and court.
    pub remedies: (&'a Text, &'a Text),
    /// Working days, for the dates.
    pub calendar: &'a Calendar,
    /// Numbers of the law, for the periods that are told.
    pub law: &'a LawTable,
    /// When the document is made.
    pub now: Timestamp,
}

/// Composes the document that a fact calls for. `case` is the case after the fact.
pub fn compose(case: &Case, fact: &Fact, around: &Around<'_>) -> Option<DocumentText> {
    let kind = DocumentKind::of(fact)?;
    let mut items = Vec::new();
    let paragraphs = match fact {
        Fact::Filed { at, .. } => {
            items = received_items(case, around.matter);
            vec![opening(case, around, *at), within_five_days()]
        }
        Fact::CorrectionRequested { notice, .. } => {
            items = notice.points.iter().map(|p| Text::new(&p.text, &p.text)).collect();
            correction(case, around, notice)
        }
        Fact::NotAccepted { ground, reasons, remedies, .. } => {
            if let NonAcceptance::StillLacking { points } = ground {
                items = points.iter().map(|p| Text::new(&p.text, &p.text)).collect();
            }
            not_accepted(case, around, ground, reasons, remedies.as_ref())
        }
        Fact::Accepted { effective, deemed, .. } => accepted(case, around, *effective, *deemed),
        Fact::Decided { decision, .. } => decided(case, around, decision),
        Fact::Terminated { ground: Some(ground), reason, remedies, .. } => {
            terminated(case, around, *ground, reason, remedies.as_ref())
        }
        Fact::Paused { procedure, working_days, until, .. } => {
            let name = crate::catalog::special_name(*procedure);
            let last = until.map_or_else(Text::default, |until| {
                Text::new(
                    format!("该时间自次日起计，至 {until} 止；期满后办理期限继续计算。"),
                    format!(" It ends on {until} at the latest; then the limit runs on."),
                )
            });
            vec![
                Text::new(
                    format!(
                        "您申请的“{}”依法需要进行{}，预计需要 {working_days} 个工作日。",
                        around.matter.name.zh, name.zh
                    ),
                    format!(
                        "Your application for {} needs: {}. Expected: {working_days} working days.",
                        around.matter.name.en, name.en
                    ),
                ),
                Text::new(
                    format!("依据《行政许可法》第四十五条，所需时间不计入办理期限。{}", last.zh),
                    format!(
                        "Under article 45 of the Administrative Licensing Law this time does not count towards the limit.{}",
                        last.en
                    ),
                ),
            ]
        }
        Fact::Extended { reason, clocks, .. } => extended(around, reason, clocks),
        _ => Vec::new(),
    };
    let remedies = match fact {
        Fact::NotAccepted { remedies, .. } | Fact::Terminated { remedies, .. } => remedies.as_ref(),
        Fact::Decided { decision, .. } => decision.remedies.as_ref(),
        _ => None,
    };
    let remedies = remedies.map_or_else(Vec::new, |told| remedies::texts(told, around));
    Some(DocumentText { kind, paragraphs, items, remedies })
}

/// The extension with the article that allows it, and both new dates (AL 42).
fn extended(around: &Around<'_>, reason: &str, clocks: &CaseClocks) -> Vec<Text> {
    let extended = clocks.statutory.as_ref().unwrap_or(&clocks.promised);
    let (number, source) = extended.extension.as_ref().map_or((0, ""), |own| (own.number, own.source.as_str()));
    let (zh, en) = length(number, extended.period.unit);
    let mut paragraphs = vec![Text::new(
        format!("因{reason}，经本机关负责人批准，依据{source}，办理期限依法延长{zh}，只延长一次。"),
        format!("The limit is extended once, by {en} ({source}). The reason: {reason}."),
    )];
    paragraphs.extend(limits(clocks, around));
    paragraphs
}

fn terminated(
    case: &Case,
    around: &Around<'_>,
    ground: Termination,
    reason: &str,
    told: Option<&Remedies>,
) -> Vec<Text> {
    let ground = ground.label();
    let mut paragraphs = vec![
        Text::new(
            format!(
                "对您申请的“{}”（办件编号 {}），本机关决定终止办理，不再作出许可决定。",
                around.matter.name.zh, case.number
            ),
            format!(
                "We end the procedure on your application for {} (case {}) without a decision on the licence.",
                around.matter.name.en, case.number
            ),
        ),
        Text::new(format!("依据：{}。", ground.zh), format!("Ground: {}.", ground.en)),
        Text::new(format!("理由：{reason}"), format!("Reasons: {reason}")),
    ];
    paragraphs.extend(told.and_then(|told| remedies::paragraph(told, around)));
    paragraphs
}

fn day(at: Timestamp) -> Text {
    date_words(at.date())
}

fn opening(case: &Case, around: &Around<'_>, at: Timestamp) -> Text {
    let when = day(at);
    Text::new(
        format!(
            "您于{}提交的“{}”申请（办件编号 {}）及下列材料，本机关已收到。",
            when.zh, around.matter.name.zh, case.number
        ),
        format!(
            "We received your application for {} (case {}) on {}, with the items below.",
            around.matter.name.en, case.number, when.en
        ),
    )
}

fn within_five_days() -> Text {
    Text::new(
        "本机关将在五个工作日内作出是否受理的答复；逾期未告知补正的，自收到申请材料之日起即为受理（《行政许可法》第三十二条）。",
        "We will answer within five working days. Without a notice by then the application counts as accepted from the day of receipt (Administrative Licensing Law, article 32).",
    )
}

fn received_items(case: &Case, matter: &Matter) -> Vec<Text> {
    let name_of = |slot: &str| matter.materials.iter().find(|m| m.slot == slot).map(|m| m.name.clone());
    case.application.materials.iter().filter_map(|item| name_of(&item.slot)).collect()
}

fn correction(case: &Case, around: &Around<'_>, notice: &CorrectionNotice) -> Vec<Text> {
    let note = if notice.provisional {
        ("（该年度节假日安排尚未公布，日期为暂定）", " (provisional: that year's holidays are not yet announced)")
    } else {
        ("", "")
    };
    // AC-4: an application may be closed for silence only where the notice said so.
    let closing = notice.closing.as_ref().map_or_else(Text::default, |source| {
        Text::new(
            format!("逾期未补正的，视为放弃申请，本机关将退件；您可以重新申请（依据：{source}）。"),
            format!(" Without them by then the application counts as given up and is closed; you may apply again ({source})."),
        )
    });
    vec![
        Text::new(
            format!(
                "您申请的“{}”（办件编号 {}），需要补正下列全部内容。这是一次性告知，不会再次提出本可一并提出的要求。",
                around.matter.name.zh, case.number
            ),
            format!(
                "Your application for {} (case {}) needs all of the corrections below. This is the only notice: nothing that could be seen now will be raised later.",
                around.matter.name.en, case.number
            ),
        ),
        Text::new(
            format!("请在 {}（含当日）以前提交{}。补正期间不计入办理期限。{}", notice.until, note.0, closing.zh),
            format!(
                "Hand them in by {}, that day included{}. The time does not count towards the limit.{}",
                notice.until, note.1, closing.en
            ),
        ),
        Text::new(
            "依据：《行政许可法》第三十二条第一款第四项。",
            "Basis: Administrative Licensing Law, article 32(1)(4).",
        ),
    ]
}

fn not_accepted(
    case: &Case,
    around: &Around<'_>,
    ground: &NonAcceptance,
    reasons: &str,
    told: Option<&Remedies>,
) -> Vec<Text> {
    let ground = match ground {
        NonAcceptance::NotNeeded => Text::new(
            "该事项依法不需要取得行政许可（《行政许可法》第三十二条第一款第一项）。",
            "No licence is needed for this (Administrative Licensing Law, article 32(1)(1)).",
        ),
        NonAcceptance::WrongAuthority { authority } => Text::new(
            format!("该事项不属于本机关职权范围，请向{authority}申请（《行政许可法》第三十二条第一款第二项）。"),
            format!(
                "Another authority decides this. Apply to: {authority} (Administrative Licensing Law, article 32(1)(2))."
            ),
        ),
        NonAcceptance::StillLacking { .. } => Text::new(
            "补正后仍缺少补正告知书已列明的下列内容。",
            "After correction, the following points of the notice are still lacking.",
        ),
        NonAcceptance::NotSupplied => Text::new(
            "在告知的期限内未收到补正材料。您可以随时重新申请。",
            "No corrections arrived within the notified time. You may apply again at any time.",
        ),
        NonAcceptance::Barred { since, decision } => {
            let since = since.map_or_else(String::new, |day| format!("{day} "));
            Text::new(
                format!(
                    "依据《行政许可法》第七十八条，自{since}{decision}认定隐瞒情况或者提供虚假材料之日起，在规定期限内不得再次申请。"
                ),
                format!(
                    "Article 78 of the Administrative Licensing Law bars a new application for a time after hidden facts or false material were found ({since}{decision})."
                ),
            )
        }
    };
    let mut paragraphs = vec![
        Text::new(
            format!("对您申请的“{}”（办件编号 {}），本机关决定不予受理。", around.matter.name.zh, case.number),
            format!(
                "We have decided not to accept your application for {} (case {}).",
                around.matter.name.en, case.number
            ),
        ),
        ground,
        Text::new(format!("理由：{reasons}"), format!("Reasons: {reasons}")),
    ];
    paragraphs.extend(told.and_then(|told| remedies::paragraph(told, around)));
    paragraphs
}

fn accepted(case: &Case, around: &Around<'_>, effective: Timestamp, deemed: bool) -> Vec<Text> {
    let when = day(effective);
    let mut paragraphs = vec![if deemed {
        Text::new(
            format!(
                "本机关收到您的“{}”申请（办件编号 {}）后五个工作日内未告知补正，依据《行政许可法》第三十二条第一款第四项，自{}（收到申请材料之日）起即为受理。",
                around.matter.name.zh, case.number, when.zh
            ),
            format!(
                "No correction notice was sent within five working days. Under article 32(1)(4) of the Administrative Licensing Law your application for {} (case {}) counts as accepted from {}, the day of receipt.",
                around.matter.name.en, case.number, when.en
            ),
        )
    } else {
        Text::new(
            format!(
                "您申请的“{}”（办件编号 {}），材料齐全、符合法定形式，本机关自{}起予以受理。",
                around.matter.name.zh, case.number, when.zh
            ),
            format!(
                "Your application for {} (case {}) is complete and in legal form. It is accepted from {}.",
                around.matter.name.en, case.number, when.en
            ),
        )
    }];
    paragraphs.extend(case.clocks.iter().flat_map(|clocks| limits(clocks, around)));
    paragraphs
}

/// The promised and the statutory last day, marked where a calendar is provisional.
fn limits(clocks: &CaseClocks, around: &Around<'_>) -> Vec<Text> {
    let mark = |provisional: bool| if provisional { ("（暂定）", " (provisional)") } else { ("", "") };
    let mut lines = Vec::new();
    if let Ok(promised) = clocks.promised.deadline(around.calendar) {
        let m = mark(promised.provisional);
        lines.push(Text::new(
            format!("承诺办结日期：{}{}。", promised.date, m.0),
            format!("Promised by {}{}.", promised.date, m.1),
        ));
    }
    if let Some(Ok(statutory)) = clocks.statutory.as_ref().map(|clock| clock.deadline(around.calendar)) {
        let m = mark(statutory.provisional);
        lines.push(Text::new(
            format!("法定办结日期：{}{}。", statutory.date, m.0),
            format!("Statutory limit {}{}.", statutory.date, m.1),
        ));
    }
    lines
}

fn decided(case: &Case, around: &Around<'_>, decision: &Decision) -> Vec<Text> {
    let mut paragraphs = Vec::new();
    let (matter, number) = (&around.matter.name, &case.number);
    if decision.granted {
        let combined = if decision.automatic { ("受理并", "accepted and ") } else { ("", "") };
        paragraphs.push(Text::new(
            format!(
                "对{}申请的“{}”（办件编号 {number}），经审查符合法定条件，本机关决定予以{}准予。",
                case.applicant.name, matter.zh, combined.0
            ),
            format!(
                "The application of {} for {} (case {number}) meets the legal conditions. It is {}granted.",
                case.applicant.name, matter.en, combined.1
            ),
        ));
        if decision.automatic {
            paragraphs.push(Text::new(
                "本决定由系统依据公开的审批规则作出。您可以查看每一项条件的核对结果，也可以要求人工复核（《个人信息保护法》第二十四条）。",
                "This decision was made by published rules. You can see how each condition was checked, and ask for a person to review it (Personal Information Protection Law, article 24).",
            ));
        }
    } else {
        paragraphs.push(Text::new(
            format!("对{}申请的“{}”（办件编号 {number}），本机关决定不予许可。", case.applicant.name, matter.zh),
            format!("The application of {} for {} (case {number}) is refused.", case.applicant.name, matter.en),
        ));
    }
    if !decision.reasons.zh.trim().is_empty() {
        paragraphs
            .push(Text::new(format!("理由：{}", decision.reasons.zh), format!("Reasons: {}", decision.reasons.en)));
    }
    paragraphs.extend(decision.remedies.as_ref().and_then(|told| remedies::paragraph(told, around)));
    paragraphs
}
