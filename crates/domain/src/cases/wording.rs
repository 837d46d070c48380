//! What the sealed documents of a case say, paragraph by paragraph.

use jiff::civil::Date;

use super::application::CorrectionNotice;
use super::case::Case;
use super::decision::{Decision, Remedies};
use super::documents::Around;
use super::fact::{NonAcceptance, Termination};
use super::gaps::{Gap, GapNotice, gap_names};
use super::remedies::{self, length};
use crate::catalog::{Matter, SpecialKind};
use crate::text::Text;
use crate::time::{CaseClocks, Timestamp, date_words};

/// AL 45: the special procedure, how long it takes at most, and that this time does not count.
pub(super) fn paused(around: &Around<'_>, procedure: SpecialKind, working_days: u32, until: Option<Date>) -> Vec<Text> {
    let name = crate::catalog::special_name(procedure);
    let last = until.map_or_else(Text::default, |until| {
        Text::new(
            format!("该时间自次日起计，至 {until} 止；期满后办理期限继续计算。"),
            format!(" It ends on {until} at the latest; then the limit runs on."),
        )
    });
    vec![
        Text::new(
            format!("您申请的“{}”依法需要进行{}，预计需要 {working_days} 个工作日。", around.matter.name.zh, name.zh),
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

/// The extension with the article that allows it, and both new dates (AL 42).
pub(super) fn extended(around: &Around<'_>, reason: &str, clocks: &CaseClocks) -> Vec<Text> {
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

pub(super) fn terminated(
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

pub(super) fn opening(case: &Case, around: &Around<'_>, at: Timestamp) -> Text {
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

/// AL 32(4): by when an answer comes, and what silence means.
pub(super) fn answer_in_time(case: &Case, around: &Around<'_>) -> Option<Text> {
    let (zh, en) = notice_time(case, around)?;
    Some(Text::new(
        format!(
            "本机关将在{zh}内作出是否受理的答复；逾期未告知补正的，自收到申请材料之日起即为受理（《行政许可法》第三十二条）。"
        ),
        format!(
            "We will answer within {en}. Without a notice by then the application counts as accepted from the day of receipt (Administrative Licensing Law, article 32)."
        ),
    ))
}

/// The time for the one-time notice, in words, as the law of the case has it.
fn notice_time(case: &Case, around: &Around<'_>) -> Option<(String, String)> {
    let number = around.law.get("correction-notice", case.law_day()?).ok()?;
    Some(length(number.number, number.unit))
}

pub(super) fn received_items(case: &Case, matter: &Matter) -> Vec<Text> {
    let name_of = |slot: &str| matter.materials.iter().find(|m| m.slot == slot).map(|m| m.name.clone());
    case.application.materials.iter().filter_map(|item| name_of(&item.slot)).collect()
}

pub(super) fn correction(case: &Case, around: &Around<'_>, notice: &CorrectionNotice) -> Vec<Text> {
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

pub(super) fn not_accepted(
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

pub(super) fn accepted(case: &Case, around: &Around<'_>, effective: Timestamp, deemed: bool) -> Vec<Text> {
    let when = day(effective);
    let (days, english) = notice_time(case, around).unwrap_or_default();
    let mut paragraphs = vec![if deemed {
        Text::new(
            format!(
                "本机关收到您的“{}”申请（办件编号 {}）后{days}内未告知补正，依据《行政许可法》第三十二条第一款第四项，自{}（收到申请材料之日）起即为受理。",
                around.matter.name.zh, case.number, when.zh
            ),
            format!(
                "No correction notice was sent within {english}. Under article 32(1)(4) of the Administrative Licensing Law your application for {} (case {}) counts as accepted from {}, the day of receipt.",
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

/// What follows later, each with how it is missing.
pub(super) fn gaps(around: &Around<'_>, gaps: &[Gap]) -> Vec<Text> {
    let slots: Vec<String> = gaps.iter().map(|gap| gap.slot.clone()).collect();
    let words = |(gap, name): (&Gap, Text)| match gap.image {
        true => Text::new(
            format!("《{}》：已收到影像，请补交正式件。", name.zh),
            format!("{}: an image is here, the final version is to follow.", name.en),
        ),
        false => Text::new(format!("《{}》：请补交。", name.zh), format!("{}: to follow.", name.en)),
    };
    gaps.iter().zip(gap_names(&slots, around.matter)).map(words).collect()
}

/// RQ-2: what is missing, in which form, by when, and what happens then.
pub(super) fn accepted_with_gaps(
    case: &Case,
    around: &Around<'_>,
    effective: Timestamp,
    notice: &GapNotice,
) -> Vec<Text> {
    let (when, last) = (day(effective), date_words(notice.until));
    let mark = if notice.provisional { ("（暂定）", " (provisional)") } else { ("", "") };
    let mut paragraphs = vec![
        Text::new(
            format!(
                "您申请的“{}”（办件编号 {}），主要材料齐全、符合法定形式，根据您的承诺，本机关自{}起予以容缺受理，并按正常程序审查。",
                around.matter.name.zh, case.number, when.zh
            ),
            format!(
                "The main materials of your application for {} (case {}) are complete and in legal form. On your promise it is accepted with gaps from {} and examined as usual.",
                around.matter.name.en, case.number, when.en
            ),
        ),
        Text::new(
            format!("请在{}{}（含当日）以前补齐下列材料，以到达之日为准，可以网上提交或者交到窗口。", last.zh, mark.0),
            format!(
                "Hand in the materials below by {}{}, that day included, online or at a window. The day of arrival counts.",
                last.en, mark.1
            ),
        ),
        Text::new(
            format!(
                "补齐并核对以前，本机关不作出准予决定，不颁发证照。逾期未补齐的，本机关将终止办理，后果由您承担，并记入信用记录（依据：《青岛市优化营商环境条例》第二十四条、《山东省优化营商环境条例》第二十八条，{}）。",
                notice.rule
            ),
            format!(
                "Nothing is granted and no licence issued before they are in and checked. Without them by then the procedure ends, at your own risk, and the broken promise goes on the credit record (Qingdao regulation on the business environment, article 24; Shandong regulation, article 28; {}).",
                notice.rule
            ),
        ),
    ];
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

pub(super) fn decided(case: &Case, around: &Around<'_>, decision: &Decision) -> Vec<Text> {
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
