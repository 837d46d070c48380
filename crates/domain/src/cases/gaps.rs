//! Acceptance with gaps 容缺受理: the main materials are complete, secondary ones follow by a named day, and no licence is
//! issued before all of them are in (青岛市优化营商环境条例 二十四, 山东省优化营商环境条例 二十八; RQ-1 to RQ-4).
//!
//! The applicant chooses it and promises in writing; the sealed notice of acceptance names what is missing, the last day and
//! what happens then. Only that notice makes an ending for missing materials lawful.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::application::{Application, MaterialItem, Provided, Verdict};
use super::blockers::is_needed;
use super::case::{Case, DocumentRef, State};
use super::fact::Fact;
use super::lifecycle::{Context, Outcome, accept_now, calendar};
use super::refusal::Reason;
use crate::catalog::{Material, Matter, ProjectType};
use crate::text::Text;
use crate::time::{Calendar, Deadline, LawTable, Timestamp};

/// The applicant's promise to hand in the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GapPromise {
    /// Slots of the materials that follow. One that has files already was given as an image; its final version follows.
    pub slots: Vec<String>,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// Who promised.
    pub signed_by: String,
}

/// One material that is still to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Slot of the matter.
    pub slot: String,
    /// An image was given with the application; its final version follows.
    pub image: bool,
    /// When it was handed in; the day of arrival counts (RQ-3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplied: Option<Timestamp>,
    /// A clerk has found it in order.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
}

/// What the notice of acceptance said about the gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapNotice {
    /// Last legal day for handing in.
    pub until: Date,
    /// Whether it rests on a provisional calendar.
    pub provisional: bool,
    /// The rule under which the case ends without them, as the notice told it.
    pub rule: String,
    /// The applicant was reminded.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reminded: bool,
}

/// What the credit record says of an applicant (RQ-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CreditStanding {
    /// No broken promise that was not made good.
    Clear,
    /// A broken promise, or serious dishonesty, is on record.
    Broken,
    /// The record does not answer.
    Unknown,
}

impl Matter {
    /// The published materials that may follow (RQ-1). A matter decided on the spot knows none: it would never be examined
    /// meanwhile (RQ-2).
    pub fn gap_able(&self) -> impl Iterator<Item = &Material> {
        let open = self.project_type == ProjectType::Promise;
        self.materials.iter().filter(move |material| open && material.deferrable)
    }
}

/// Whether the applicant has promised this material for later, and the matter publishes it as one that may follow.
pub(super) fn may_follow(matter: &Matter, slot: &str, application: &Application) -> bool {
    let promised = application.gaps.as_ref().is_some_and(|promise| promise.slots.iter().any(|own| own == slot));
    promised && matter.gap_able().any(|material| material.slot == slot)
}

/// What was promised for later although the matter does not publish it as such.
pub(super) fn not_gap_able<'a>(matter: &Matter, application: &'a Application) -> Vec<&'a str> {
    let promised = application.gaps.iter().flat_map(|promise| &promise.slots);
    promised.filter(|slot| matter.gap_able().all(|own| own.slot != **slot)).map(String::as_str).collect()
}

/// The gaps that an application leaves when it is accepted: what was promised, is needed, and is not there in its final version.
pub(super) fn gaps_of(matter: &Matter, application: &Application) -> Vec<Gap> {
    let promised = |material: &&Material| may_follow(matter, &material.slot, application);
    let gap = |material: &Material| {
        let item = application.materials.iter().find(|item| item.slot == material.slot);
        let image = matches!(item.map(|item| &item.provided), Some(Provided::Upload { .. } | Provided::Paper { .. }));
        let later = item.is_none_or(|item| matches!(item.provided, Provided::Later));
        let wanted = image || (later && is_needed(material, application));
        wanted.then(|| Gap { slot: material.slot.clone(), image, supplied: None, closed: false })
    };
    matter.materials.iter().filter(promised).filter_map(gap).collect()
}

impl Case {
    /// The materials without which nothing is granted and no licence issued.
    pub fn open_gaps(&self) -> impl Iterator<Item = &Gap> {
        self.gaps.iter().filter(|gap| !gap.closed)
    }

    /// The materials that have not arrived, or were found wanting when they did.
    pub fn outstanding(&self) -> impl Iterator<Item = &Gap> {
        self.open_gaps().filter(|gap| gap.supplied.is_none())
    }

    /// The materials that have arrived and wait for a clerk's look.
    pub fn arrived(&self) -> impl Iterator<Item = &Gap> {
        self.open_gaps().filter(|gap| gap.supplied.is_some())
    }
}

/// RQ-2: no grant and no licence before everything is in.
pub(super) fn all_in(case: &Case) -> Result<(), Reason> {
    let open: Vec<String> = case.open_gaps().map(|gap| gap.slot.clone()).collect();
    if open.is_empty() { Ok(()) } else { Err(Reason::GapsOpen { slots: open }) }
}

/// RQ-3: within the published time, and never beyond the promised limit of the matter.
fn supply_by(case: &Case, ctx: &Context<'_>) -> Result<(Deadline, String), Reason> {
    let on = case.law_day().ok_or(Reason::WrongState)?;
    let own = ctx.law.get("gap-supply", on).map_err(calendar)?;
    let most = own.period().deadline(ctx.calendar, ctx.now, &[]).map_err(calendar)?;
    let promised = ctx.matter.promised.deadline(ctx.calendar, ctx.now, &[]).map_err(calendar)?;
    let until = if promised.date < most.date { promised } else { most };
    Ok((until, own.source.clone()))
}

/// 青岛条例 24, 山东条例 28: accepted although secondary materials follow, with a notice that names them and the last day.
pub(super) fn accept_with_gaps(
    case: &Case,
    credit: CreditStanding,
    document: DocumentRef,
    ctx: &Context<'_>,
) -> Outcome {
    if case.state != State::Filed || gaps_of(ctx.matter, &case.application).is_empty() {
        return Err(Reason::WrongState);
    }
    match credit {
        CreditStanding::Clear => {}
        CreditStanding::Broken => return Err(Reason::BrokenPromise),
        CreditStanding::Unknown => return Err(Reason::CreditUnknown),
    }
    let (until, rule) = supply_by(case, ctx)?;
    let notice = GapNotice { until: until.date, provisional: until.provisional, rule, reminded: false };
    accept_now(case, document, Some(notice), ctx)
}

/// RQ-2, RQ-3: the rest is handed in; the day of arrival counts. What comes late is taken as long as the case has not ended.
pub(super) fn supply(case: &Case, items: Vec<MaterialItem>, ctx: &Context<'_>) -> Outcome {
    let State::InReview { .. } = case.state else { return Err(Reason::WrongState) };
    if case.open_gaps().next().is_none() {
        return Err(Reason::WrongState);
    }
    let open = |item: &MaterialItem| case.open_gaps().any(|gap| gap.slot == item.slot);
    let given = |item: &MaterialItem| match &item.provided {
        Provided::Upload { files } => !files.is_empty(),
        Provided::Paper { note } => !note.trim().is_empty(),
        Provided::Licence { .. }
        | Provided::FromPaper { .. }
        | Provided::Elsewhere { .. }
        | Provided::Register { .. } => true,
        Provided::Unanswered { .. } | Provided::Pledge | Provided::Later => false,
    };
    if items.is_empty() || !items.iter().all(|item| open(item) && given(item)) {
        return Err(Reason::NotAGap { slots: case.open_gaps().map(|gap| gap.slot.clone()).collect() });
    }
    Ok(vec![Fact::GapsSupplied { items, at: ctx.now }])
}

/// RQ-2: the rest is brought to a window, where the clerk looks at it at once.
pub(super) fn receive(case: &Case, item: MaterialItem, ctx: &Context<'_>) -> Outcome {
    let slot = item.slot.clone();
    let mut facts = supply(case, vec![item], ctx)?;
    let verdict = Verdict { in_order: true, note: String::new() };
    facts.push(Fact::GapChecked { slot, verdict, at: ctx.now });
    Ok(facts)
}

/// A clerk looks at what has arrived; what is wanting is owed again.
pub(super) fn check(case: &Case, slot: &str, verdict: Verdict, ctx: &Context<'_>) -> Outcome {
    let State::InReview { .. } = case.state else { return Err(Reason::WrongState) };
    if case.arrived().all(|gap| gap.slot != slot) {
        return Err(Reason::WrongState);
    }
    if !verdict.in_order && verdict.note.trim().is_empty() {
        return Err(Reason::ReasonMissing);
    }
    Ok(vec![Fact::GapChecked { slot: slot.to_owned(), verdict, at: ctx.now }])
}

/// A reminder before the last day, once.
pub(super) fn remind(case: &Case, ctx: &Context<'_>) -> Outcome {
    let State::InReview { .. } = case.state else { return Err(Reason::WrongState) };
    let at = remind_at(case, ctx.calendar, ctx.law).ok_or(Reason::WrongState)?;
    if ctx.now < at {
        return Err(Reason::TooEarly);
    }
    let until = case.gap_notice.as_ref().map(|notice| notice.until).ok_or(Reason::WrongState)?;
    Ok(vec![Fact::GapsReminded { slots: case.outstanding().map(|gap| gap.slot.clone()).collect(), until }])
}

/// RQ-3: a case ends for missing materials only after the last day of the notice that announced it.
pub(super) fn may_end(case: &Case, ctx: &Context<'_>) -> Result<(), Reason> {
    if case.open_gaps().next().is_none() {
        return Err(Reason::WrongState);
    }
    let notice = case.gap_notice.as_ref().ok_or(Reason::NotAnnounced)?;
    if case.outstanding().next().is_none() {
        return Err(Reason::WrongState);
    }
    if ctx.now < Timestamp::end_of(notice.until) { Err(Reason::TooEarly) } else { Ok(()) }
}

/// When the case ends for what has not arrived; `None` where nothing is owed or nothing was announced.
pub(super) fn ends_at(case: &Case) -> Option<Timestamp> {
    let notice = case.gap_notice.as_ref()?;
    case.outstanding().next()?;
    Some(Timestamp::end_of(notice.until))
}

/// When the applicant is reminded: some working days before the last one, at its beginning.
pub(super) fn remind_at(case: &Case, calendar: &Calendar, law: &LawTable) -> Option<Timestamp> {
    let notice = case.gap_notice.as_ref().filter(|notice| !notice.reminded)?;
    case.outstanding().next()?;
    let before = law.get("gap-reminder", case.law_day()?).ok()?.number;
    Some(Timestamp::start_of(calendar.subtract_working_days(notice.until, before).ok()?.date))
}

/// The last day under a calendar of now; `None` where no notice is out.
pub(super) fn recomputed(case: &Case, ctx: &Context<'_>) -> Result<Option<(Date, bool)>, Reason> {
    let (Some(_), Some(accepted)) = (&case.gap_notice, &case.accepted) else { return Ok(None) };
    let (until, _) = supply_by(case, &Context { now: accepted.effective, ..*ctx })?;
    Ok(Some((until.date, until.provisional)))
}

/// The blockers of a promise for later: what it may not name.
pub(super) fn wrong_promises<'a>(
    matter: &'a Matter,
    application: &'a Application,
) -> impl Iterator<Item = (String, Text)> {
    not_gap_able(matter, application).into_iter().map(move |slot| {
        let own = matter.materials.iter().find(|material| material.slot == slot);
        let name = own.map_or_else(|| Text::new(slot, slot), |material| material.name.clone());
        let text = Text::new(
            format!("《{}》不在本事项公布的可容缺材料中，请随申请提交", name.zh),
            format!("{} may not follow later in this matter: hand it in with the application", name.en),
        );
        (slot.to_owned(), text)
    })
}

/// Names of the gaps, for documents and messages.
pub fn gap_names(slots: &[String], matter: &Matter) -> Vec<Text> {
    let name = |slot: &String| {
        let own = matter.materials.iter().find(|material| material.slot == *slot);
        own.map_or_else(|| Text::new(slot, slot), |material| material.name.clone())
    };
    slots.iter().map(name).collect()
}

/// Whether an application leaves something for later, so that it is accepted with gaps or not at all.
pub fn leaves_gaps(matter: &Matter, application: &Application) -> bool {
    !gaps_of(matter, application).is_empty()
}
