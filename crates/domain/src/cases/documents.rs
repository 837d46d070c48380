//! The sealed documents 文书 of a case: which step produces which, and what it says.

use serde::{Deserialize, Serialize};

use super::case::Case;
use super::fact::{Fact, NonAcceptance};
use super::remedies::{self, RemedyText};
use super::wording;
use crate::catalog::Matter;
use crate::text::Text;
use crate::time::{Calendar, LawTable, Timestamp};

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
    /// 容缺受理通知书.
    GapAcceptance,
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
    /// All of them, in the order of the procedure.
    pub const ALL: [DocumentKind; 12] = [
        DocumentKind::Receipt,
        DocumentKind::CorrectionNotice,
        DocumentKind::NonAcceptance,
        DocumentKind::Acceptance,
        DocumentKind::GapAcceptance,
        DocumentKind::DeemedAcceptance,
        DocumentKind::SpecialProcedure,
        DocumentKind::Extension,
        DocumentKind::Combined,
        DocumentKind::Grant,
        DocumentKind::Refusal,
        DocumentKind::Termination,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            DocumentKind::Receipt => "receipt",
            DocumentKind::CorrectionNotice => "correction-notice",
            DocumentKind::Acceptance => "acceptance",
            DocumentKind::GapAcceptance => "gap-acceptance",
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

    /// Where a kind, by its stored name, stands in the procedure; an unknown one comes last.
    pub fn place(name: &str) -> usize {
        DocumentKind::ALL.iter().position(|kind| kind.as_str() == name).unwrap_or(DocumentKind::ALL.len())
    }

    /// The printed title.
    pub fn title(self) -> Text {
        let (zh, en) = match self {
            DocumentKind::Receipt => ("申请材料接收凭证", "Receipt of application"),
            DocumentKind::CorrectionNotice => ("补正材料一次性告知书", "One-time correction notice"),
            DocumentKind::Acceptance => ("受理通知书", "Notice of acceptance"),
            DocumentKind::GapAcceptance => ("容缺受理通知书", "Notice of acceptance with gaps"),
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
            DocumentKind::Acceptance | DocumentKind::DeemedAcceptance | DocumentKind::GapAcceptance => "受",
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
            Fact::Accepted { gap_notice: Some(_), .. } => Some(DocumentKind::GapAcceptance),
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
            items = wording::received_items(case, around.matter);
            let mut words = vec![wording::opening(case, around, *at)];
            words.extend(wording::answer_in_time(case, around));
            words
        }
        Fact::CorrectionRequested { notice, .. } => {
            items = notice.points.iter().map(|p| Text::new(&p.text, &p.text)).collect();
            wording::correction(case, around, notice)
        }
        Fact::NotAccepted { ground, reasons, remedies, .. } => {
            if let NonAcceptance::StillLacking { points } = ground {
                items = points.iter().map(|p| Text::new(&p.text, &p.text)).collect();
            }
            wording::not_accepted(case, around, ground, reasons, remedies.as_ref())
        }
        Fact::Accepted { effective, gap_notice: Some(notice), gaps, .. } => {
            items = wording::gaps(around, gaps);
            wording::accepted_with_gaps(case, around, *effective, notice)
        }
        Fact::Accepted { effective, deemed, .. } => wording::accepted(case, around, *effective, *deemed),
        Fact::Decided { decision, .. } => wording::decided(case, around, decision),
        Fact::Terminated { ground: Some(ground), reason, remedies, .. } => {
            wording::terminated(case, around, *ground, reason, remedies.as_ref())
        }
        Fact::Paused { procedure, working_days, until, .. } => {
            wording::paused(around, *procedure, *working_days, *until)
        }
        Fact::Extended { reason, clocks, .. } => wording::extended(around, reason, clocks),
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
