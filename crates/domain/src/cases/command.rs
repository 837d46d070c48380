//! What somebody wants to happen to a case.

use serde::{Deserialize, Serialize};

use super::application::{Application, MaterialItem, Point, Verdict};
use super::case::{Case, DocumentRef, LicenceRef, State};
use super::decision::{CheckKind, RuleDecision};
use super::documents::DocumentKind;
use super::duties::{Duty, DutyKind};
use super::fact::{NonAcceptance, Termination};
use super::gaps::CreditStanding;
use super::periods::open_pause;
use crate::accounts::Action;
use crate::catalog::{SpecialKind, StepKind};
use crate::text::Text;

/// A command on an existing case. Numbers and ids of documents are reserved by the caller and come in as data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum Command {
    /// Feedback before filing.
    GiveFeedback {
        /// What to improve; empty = ready to file.
        points: Vec<Point>,
    },
    /// Change before filing.
    Revise {
        /// The new version.
        application: Box<Application>,
    },
    /// File what was pre-checked.
    File,
    /// AL 32(3): errors that can be corrected on the spot.
    CorrectOnSpot {
        /// The new version.
        application: Box<Application>,
        /// What was corrected.
        note: String,
    },
    /// Verdicts on materials.
    GiveVerdicts {
        /// Slot and verdict.
        verdicts: Vec<(String, Verdict)>,
    },
    /// The one-time notice.
    RequestCorrection {
        /// Everything that must be corrected.
        points: Vec<Point>,
        /// The document to be sealed.
        document: DocumentRef,
    },
    /// Hand in corrections.
    Resubmit {
        /// The new version.
        application: Box<Application>,
    },
    /// 不予受理.
    DeclineAcceptance {
        /// Ground.
        ground: NonAcceptance,
        /// Reasons in words.
        reasons: String,
        /// The document to be sealed.
        document: DocumentRef,
    },
    /// 受理.
    Accept {
        /// The document to be sealed.
        document: DocumentRef,
    },
    /// 容缺受理: accepted although secondary materials follow.
    AcceptWithGaps {
        /// What the credit record says.
        credit: CreditStanding,
        /// The document to be sealed.
        document: DocumentRef,
    },
    /// Hand in what was to follow.
    SupplyGaps {
        /// The materials.
        items: Vec<MaterialItem>,
    },
    /// Receive at a window, on paper, what was to follow.
    ReceiveGap {
        /// The material, as the clerk saw it.
        item: MaterialItem,
    },
    /// Look at what has arrived.
    CheckGap {
        /// Slot.
        slot: String,
        /// What was found.
        verdict: Verdict,
    },
    /// The applicant is reminded of what is still to come; only the clock says so.
    RemindGaps,
    /// 视为受理, by the clock.
    DeemAccepted {
        /// The document to be sealed.
        document: DocumentRef,
    },
    /// Keep what the rules said and leave the case to people.
    NoteRules {
        /// What they said.
        rules: Box<RuleDecision>,
    },
    /// Approve by rules: one combined acceptance and decision.
    DecideByRules {
        /// What they said; outcome must be `approve`.
        rules: Box<RuleDecision>,
        /// The combined document.
        document: DocumentRef,
        /// The bureau's share falls on this case.
        sampled: bool,
    },
    /// An opinion in the present step.
    GiveOpinion {
        /// Proposes to grant.
        favourable: bool,
        /// Reasons.
        text: String,
        /// Officers present, at an inspection.
        officers: Vec<String>,
    },
    /// Send back to review.
    Return {
        /// Why.
        reason: String,
    },
    /// Stop the clock for a special procedure, notified in writing.
    Pause {
        /// Which.
        procedure: SpecialKind,
        /// Expected working days, as notified.
        working_days: u32,
        /// The notice.
        document: DocumentRef,
    },
    /// Let the clock run again.
    Resume,
    /// AL 42: extend once.
    Extend {
        /// Why.
        reason: String,
        /// The notice.
        document: DocumentRef,
    },
    /// Grant.
    Grant {
        /// Reasons, if any beside the opinions.
        reasons: String,
        /// The document to be sealed.
        document: DocumentRef,
    },
    /// Refuse (AL 38).
    Refuse {
        /// Reasons, mandatory.
        reasons: String,
        /// The document to be sealed.
        document: DocumentRef,
    },
    /// The licence was made.
    IssueLicence {
        /// Which.
        licence: LicenceRef,
    },
    /// The result was handed over.
    Deliver {
        /// `download` or `window`.
        method: String,
    },
    /// Close the file.
    Close,
    /// The applicant withdraws.
    Withdraw {
        /// Why, if said.
        reason: String,
    },
    /// End without a decision.
    Terminate {
        /// On which ground.
        ground: Termination,
        /// Why, in words.
        reason: String,
        /// The notice.
        document: DocumentRef,
    },
    /// 转人工: the applicant asks for a person to look at an automatic decision.
    AskPerson {
        /// What about.
        reason: String,
    },
    /// The result of a check that fell due.
    AnswerCheck {
        /// Which.
        kind: CheckKind,
        /// The decision stands.
        confirmed: bool,
        /// What was found.
        note: String,
    },
    /// Compute open deadlines anew after the calendar changed.
    RecomputeDeadlines {
        /// What the timers say so far.
        old: Vec<Duty>,
    },
    /// The licence that the case led to has been revoked or cancelled.
    LicenceEnded {
        /// Why, with the article.
        reason: String,
    },
    /// AL 50(2): silence until the expiry renews the licence; only the clock says so.
    DeemRenewed,
    /// A date has passed; only the clock says so.
    NoteLate {
        /// What was owed by then.
        duty: DutyKind,
    },
}

impl Command {
    /// Name in addresses, refusals and logs.
    pub fn name(&self) -> &'static str {
        match self {
            Command::GiveFeedback { .. } => "give-feedback",
            Command::Revise { .. } => "revise",
            Command::File => "file",
            Command::CorrectOnSpot { .. } => "correct-on-spot",
            Command::GiveVerdicts { .. } => "give-verdicts",
            Command::RequestCorrection { .. } => "request-correction",
            Command::Resubmit { .. } => "resubmit",
            Command::DeclineAcceptance { .. } => "decline-acceptance",
            Command::Accept { .. } => "accept",
            Command::AcceptWithGaps { .. } => "accept-with-gaps",
            Command::SupplyGaps { .. } => "supply-gaps",
            Command::ReceiveGap { .. } => "receive-gap",
            Command::CheckGap { .. } => "check-gap",
            Command::RemindGaps => "remind-gaps",
            Command::DeemAccepted { .. } => "deem-accepted",
            Command::NoteRules { .. } => "note-rules",
            Command::DecideByRules { .. } => "decide-by-rules",
            Command::GiveOpinion { .. } => "give-opinion",
            Command::Return { .. } => "return",
            Command::Pause { .. } => "pause",
            Command::Resume => "resume",
            Command::Extend { .. } => "extend",
            Command::Grant { .. } => "grant",
            Command::Refuse { .. } => "refuse",
            Command::IssueLicence { .. } => "issue-licence",
            Command::Deliver { .. } => "deliver",
            Command::Close => "close",
            Command::Withdraw { .. } => "withdraw",
            Command::Terminate { .. } => "terminate",
            Command::AskPerson { .. } => "ask-person",
            Command::AnswerCheck { .. } => "answer-check",
            Command::RecomputeDeadlines { .. } => "recompute-deadlines",
            Command::LicenceEnded { .. } => "licence-ended",
            Command::DeemRenewed => "deem-renewed",
            Command::NoteLate { .. } => "note-late",
        }
    }

    /// The permission it needs.
    pub fn action(&self) -> Action {
        action_of(self.name())
    }

    /// The words on the button and in the timeline.
    pub fn label(&self) -> Text {
        let (zh, en) = match self {
            Command::GiveFeedback { .. } => ("预审反馈", "Give feedback"),
            Command::Revise { .. } => ("修改申请", "Change the application"),
            Command::File => ("正式提交", "File"),
            Command::CorrectOnSpot { .. } => ("当场更正", "Correct on the spot"),
            Command::GiveVerdicts { .. } => ("核对材料", "Check materials"),
            Command::RequestCorrection { .. } => ("一次性告知补正", "Send the one-time correction notice"),
            Command::Resubmit { .. } => ("提交补正材料", "Hand in corrections"),
            Command::DeclineAcceptance { .. } => ("不予受理", "Do not accept"),
            Command::Accept { .. } => ("受理", "Accept"),
            Command::AcceptWithGaps { .. } => ("容缺受理", "Accept with gaps"),
            Command::SupplyGaps { .. } => ("补交容缺材料", "Hand in what was to follow"),
            Command::ReceiveGap { .. } => ("窗口收取容缺材料", "Receive what was to follow"),
            Command::CheckGap { .. } => ("核对补交材料", "Check what arrived"),
            Command::RemindGaps => ("容缺材料催交", "Remind of what is to follow"),
            Command::DeemAccepted { .. } => ("视为受理", "Deemed accepted"),
            Command::NoteRules { .. } => ("规则核对", "Rules checked"),
            Command::DecideByRules { .. } => ("自动审批", "Approve by rules"),
            Command::GiveOpinion { .. } => ("提交意见", "Give an opinion"),
            Command::Return { .. } => ("退回审核", "Return to review"),
            Command::Pause { .. } => ("启动特别程序", "Begin a special procedure"),
            Command::Resume => ("特别程序结束", "End the special procedure"),
            Command::Extend { .. } => ("延长期限", "Extend"),
            Command::Grant { .. } => ("准予", "Grant"),
            Command::Refuse { .. } => ("不予许可", "Refuse"),
            Command::IssueLicence { .. } => ("制证", "Make the licence"),
            Command::Deliver { .. } => ("送达", "Deliver"),
            Command::Close => ("办结", "Close"),
            Command::Withdraw { .. } => ("撤回申请", "Withdraw"),
            Command::Terminate { .. } => ("终止办理", "Terminate"),
            Command::AskPerson { .. } => ("转人工复核", "Ask a person"),
            Command::AnswerCheck { .. } => ("登记核查结果", "Record the check"),
            Command::RecomputeDeadlines { .. } => ("重新计算期限", "Recompute deadlines"),
            Command::LicenceEnded { .. } => ("证照已终止", "The licence has ended"),
            Command::DeemRenewed => ("视为准予延续", "Deemed renewed"),
            Command::NoteLate { .. } => ("记录超期", "Note that it is late"),
        };
        Text::new(zh, en)
    }

    /// The document that this command will have sealed. Its number is filled in only after the command is known to be
    /// lawful, so that a refused command uses none up.
    pub fn document_mut(&mut self) -> Option<(DocumentKind, &mut DocumentRef)> {
        match self {
            Command::RequestCorrection { document, .. } => Some((DocumentKind::CorrectionNotice, document)),
            Command::DeclineAcceptance { document, .. } => Some((DocumentKind::NonAcceptance, document)),
            Command::Accept { document } => Some((DocumentKind::Acceptance, document)),
            Command::AcceptWithGaps { document, .. } => Some((DocumentKind::GapAcceptance, document)),
            Command::DeemAccepted { document } => Some((DocumentKind::DeemedAcceptance, document)),
            Command::DecideByRules { document, .. } => Some((DocumentKind::Combined, document)),
            Command::Pause { document, .. } => Some((DocumentKind::SpecialProcedure, document)),
            Command::Extend { document, .. } => Some((DocumentKind::Extension, document)),
            Command::Grant { document, .. } => Some((DocumentKind::Grant, document)),
            Command::Refuse { document, .. } => Some((DocumentKind::Refusal, document)),
            Command::Terminate { document, .. } => Some((DocumentKind::Termination, document)),
            _ => None,
        }
    }
}

/// The permission that a command needs, by the command's name. A name that no person may give needs the clock's own.
pub fn action_of(command: &str) -> Action {
    match command {
        "revise" | "file" | "resubmit" | "supply-gaps" | "withdraw" | "ask-person" => Action::Apply,
        "give-feedback" | "correct-on-spot" | "give-verdicts" | "request-correction" | "decline-acceptance"
        | "accept" | "accept-with-gaps" | "receive-gap" | "check-gap" => Action::Accept,
        "give-opinion" | "pause" | "resume" => Action::Review,
        "return" | "extend" | "grant" | "refuse" | "terminate" => Action::Decide,
        "answer-check" => Action::Check,
        "deliver" | "close" => Action::Deliver,
        _ => Action::RunDuty,
    }
}

/// Commands by name that the state of a case does not rule out, for buttons and for the API. A command that is not
/// listed is refused with [`super::Reason::WrongState`]; one that is listed may still be refused for its content.
pub fn possible(case: &Case) -> Vec<&'static str> {
    let checks_open = case.checks.iter().any(|check| check.result.is_none());
    let mut names: Vec<&'static str> = match &case.state {
        State::PreReview => vec!["give-feedback", "give-verdicts", "file", "withdraw"],
        State::Feedback => vec!["revise", "file", "withdraw"],
        State::Filed => {
            vec!["accept", "request-correction", "decline-acceptance", "correct-on-spot", "give-verdicts", "withdraw"]
        }
        State::Correction => vec!["resubmit", "decline-acceptance", "withdraw", "terminate"],
        State::InReview { step: StepKind::Decide } => {
            vec!["grant", "refuse", "return", "extend", "pause", "give-verdicts", "withdraw", "terminate"]
        }
        State::InReview { .. } => vec!["give-opinion", "extend", "pause", "give-verdicts", "withdraw", "terminate"],
        State::Granted | State::Issued => vec!["deliver"],
        State::Delivered => vec!["close"],
        _ => Vec::new(),
    };
    let examined = matches!(case.state, State::InReview { .. });
    if examined && case.clocks.as_ref().is_some_and(|clocks| open_pause(clocks).is_some()) {
        // Until its result is there nobody can judge by it.
        names.retain(|name| !matches!(*name, "pause" | "give-opinion" | "grant" | "refuse"));
        names.push("resume");
    }
    if case.state == State::Filed && case.application.gaps.is_some() {
        names.push("accept-with-gaps");
    }
    if examined && case.open_gaps().next().is_some() {
        // No licence before all is in.
        names.retain(|name| *name != "grant");
        names.extend(["supply-gaps", "receive-gap"]);
        names.extend(case.arrived().next().map(|_| "check-gap"));
    }
    if checks_open {
        names.push("answer-check");
    }
    let asked = case.checks.iter().any(|check| check.kind == CheckKind::Asked && check.result.is_none());
    if case.decision.as_ref().is_some_and(|decision| decision.automatic) && !asked {
        names.push("ask-person");
    }
    names
}
