//! What a command writes: the row of the case with its facts, its timers, and its sealed documents.

use domain::cases::{Application, Case, DocumentRef, Duty, DutyKind, Fact, State, apply, dates, duties, evolve, risk};
use domain::catalog::StepKind;
use domain::text::Text;
use domain::time::Timestamp;
use store::cases::CASEFILE;
use store::{Change, DueOp, Expected, NewFact, Premise, RowWrite, StoreError};

use super::record::RuleRecord;
use crate::city::City;
use crate::error::ServiceError;
use crate::licences;

/// Sorts after every real date: a case in which nobody must act by a date.
const NO_DATE: i64 = i64::MAX / 4;

/// A case with the facts that are about to be committed.
pub(super) struct Draughted {
    /// The case before, with its version.
    pub before: Option<(Case, i64)>,
    /// The case after all facts so far.
    pub case: Case,
    /// The facts so far.
    pub facts: Vec<Fact>,
    /// What must still stand at the commit: the matter that was filed under, whose rules have decided.
    pub premises: Vec<Premise>,
    /// What the rules that ran were shown and said.
    pub record: Option<RuleRecord>,
}

impl Draughted {
    /// Starts from a case that is on file.
    pub(super) fn on(case: Case, version: i64) -> Draughted {
        Draughted {
            case: case.clone(),
            before: Some((case, version)),
            facts: Vec::new(),
            premises: Vec::new(),
            record: None,
        }
    }

    /// Starts from nothing, with the facts that open a case.
    pub(super) fn opening(facts: Vec<Fact>) -> Result<Draughted, ServiceError> {
        let case = domain::cases::replay(facts.iter().cloned())
            .ok_or_else(|| ServiceError::internal("a case must begin with its opening"))?;
        Ok(Draughted { before: None, case, facts, premises: Vec::new(), record: None })
    }

    /// Adds facts.
    pub(super) fn add(&mut self, facts: Vec<Fact>) {
        for fact in facts {
            apply(&mut self.case, fact.clone());
            self.facts.push(fact);
        }
    }

    /// Names the sealed documents in the facts that call for them, by place, and folds the facts anew.
    pub(super) fn seal(&mut self, sealed: Vec<(usize, DocumentRef)>) -> Result<(), ServiceError> {
        for (place, reference) in sealed {
            if let Some(fact) = self.facts.get_mut(place) {
                fact.set_document(reference);
            }
        }
        let before = self.before.as_ref().map(|(case, _)| case.clone());
        let after = self.facts.iter().cloned().fold(before, evolve);
        self.case = after.ok_or_else(|| ServiceError::internal("a case must begin with its opening"))?;
        Ok(())
    }

    /// The change that commits it: row, facts and timers.
    pub(super) fn change(&self, city: &City, actor: &str, now: Timestamp) -> Result<Change, ServiceError> {
        let expected = self.before.as_ref().map_or(Expected::New, |(_, version)| Expected::Version(*version));
        let mut change = Change::new(city.region(), now).row(row(city, &self.case, expected, &self.facts, actor)?);
        change.premises.clone_from(&self.premises);
        change.plain.extend(self.record.iter().map(|record| record.row(&self.case)));
        let (calendar, law) = (city.calendar(), city.law());
        let before = self.before.as_ref().map(|(case, _)| duties(case, &calendar, law)).unwrap_or_default();
        change.due = due_ops(&subject(&self.case), &before, &duties(&self.case, &calendar, law));
        Ok(change)
    }
}

impl Draughted {
    /// Whether computing the deadlines anew has changed nothing: neither the case nor a date of its timers.
    pub(super) fn is_unmoved(&self) -> bool {
        let still = |fact: &Fact| matches!(fact, Fact::DeadlinesRecomputed { moved, .. } if moved.is_empty());
        self.before.as_ref().is_some_and(|(before, _)| *before == self.case) && self.facts.iter().all(still)
    }

    /// The change of a case whose timers say `old`, which follows from a calendar that is no longer there. A duty that the clock
    /// has carried out already is not set again.
    pub(super) fn retimed(
        &self,
        city: &City,
        actor: &str,
        now: Timestamp,
        old: &[Duty],
    ) -> Result<Change, ServiceError> {
        let mut change = self.change(city, actor, now)?;
        let new: Vec<Duty> = duties(&self.case, &city.calendar(), city.law())
            .into_iter()
            .filter(|duty| duty.at > now || old.iter().any(|was| was.kind == duty.kind))
            .collect();
        change.due = due_ops(&subject(&self.case), old, &new);
        Ok(change)
    }
}

/// How the timers name a case.
fn subject(case: &Case) -> String {
    format!("casefile/{}", case.id)
}

/// The difference between two sets of duties, as operations on the timers.
fn due_ops(subject: &str, before: &[Duty], after: &[Duty]) -> Vec<DueOp> {
    let mut ops = Vec::new();
    for kind in DutyKind::ALL {
        let of = |set: &[Duty]| -> Vec<Timestamp> { set.iter().filter(|d| d.kind == kind).map(|d| d.at).collect() };
        let (old, new) = (of(before), of(after));
        if old == new {
            continue;
        }
        let (name, subject) = (kind.as_str().to_owned(), subject.to_owned());
        if !old.is_empty() {
            ops.push(DueOp::Remove { kind: name.clone(), subject: subject.clone() });
        }
        ops.extend(new.into_iter().map(|at| DueOp::Add { at, kind: name.clone(), subject: subject.clone() }));
    }
    ops
}

/// Which pile of the desk holds a case, and the date that matters there, in microseconds.
pub(super) fn pile(city: &City, case: &Case) -> (Option<&'static str>, i64) {
    let (calendar, law) = (city.calendar(), city.law());
    let due = dates(case, &calendar, law);
    let of = |kind: DutyKind| due.iter().find(|d| d.kind == kind).map_or(NO_DATE, |d| d.at.micros());
    match &case.state {
        State::PreReview => (Some("feedback"), NO_DATE),
        State::Filed => (Some("accept"), of(DutyKind::DeemAccepted)),
        // Nothing can be granted before a clerk has looked at what arrived.
        State::InReview { step: StepKind::Decide } if case.arrived().next().is_some() => {
            (Some("accept"), of(DutyKind::PromiseBroken))
        }
        State::InReview { step: StepKind::Decide } => (Some("decide"), of(DutyKind::PromiseBroken)),
        State::InReview { step: StepKind::Inspect } => (Some("inspect"), of(DutyKind::PromiseBroken)),
        State::InReview { .. } => (Some("review"), of(DutyKind::PromiseBroken)),
        State::Granted | State::Issued => (Some("deliver"), of(DutyKind::DeliveryLate)),
        _ => match of(DutyKind::CheckDue) {
            NO_DATE => (None, NO_DATE),
            at => (Some("check"), at),
        },
    }
}

/// A key that two open cases may not share: same matter, same applicant, same form.
pub(super) fn open_key(case: &Case) -> Option<String> {
    if case.state.is_final() || matches!(case.state, State::Delivered) {
        return None;
    }
    let form = seal::jcs::to_bytes(&case.application.form).unwrap_or_default();
    let text = [case.matter.as_bytes(), case.applicant.code.as_bytes(), &form].join(&0);
    Some(seal::digest::sha256_hex(&text))
}

/// The matter, once a person has decided: approvers look at what colleagues decided before.
fn precedent(case: &Case) -> Option<String> {
    case.decision.as_ref().filter(|decision| !decision.automatic).map(|_| case.matter.clone())
}

fn row(city: &City, case: &Case, expected: Expected, facts: &[Fact], actor: &str) -> Result<RowWrite, ServiceError> {
    let facts = city.facts(actor, facts, Fact::kind)?;
    let (pile, deadline) = pile(city, case);
    Ok(RowWrite {
        table: &CASEFILE,
        id: case.id.to_string(),
        expected,
        columns: vec![
            case.number.clone().into(),
            case.matter.clone().into(),
            case.department.clone().into(),
            case.district.clone().into(),
            case.state.name().into(),
            pile.map(str::to_owned).into(),
            case.applicant.code.clone().into(),
            case.applicant.name.clone().into(),
            case.filed_by.clone().into(),
            case.received_at.map(Timestamp::micros).into(),
            deadline.into(),
            open_key(case).into(),
            case.applicant.kind.as_str().into(),
            precedent(case).into(),
            (pile == Some("decide")).then(|| risk(case).rank()).into(),
        ],
        doc: serde_json::to_string(case).map_err(ServiceError::internal)?,
        facts,
    })
}

/// Translates what the store says about a case's commit.
pub(super) async fn commit_error(city: &City, case: &Case, error: StoreError) -> ServiceError {
    match error {
        StoreError::Duplicate { ref columns, .. } if columns.contains("open_key") => {
            let sql = "SELECT number FROM casefile WHERE region = $1 AND open_key = $2";
            let params = [city.region().into(), open_key(case).into()];
            match city.store().query(sql, &params).await {
                Ok(rows) => match rows.first().map(|row| row.text(0).map(str::to_owned)) {
                    Some(Ok(number)) => ServiceError::Duplicate(number),
                    _ => ServiceError::Changed,
                },
                Err(error) => error.into(),
            }
        }
        // What was decided on has changed in the meantime: look again, decide again.
        ref overtaken if licences::was_overtaken(overtaken) => ServiceError::Changed,
        other => other.into(),
    }
}

/// The row of a case whose personal data is erased (PIPL 47): what remains says that there was a case of this matter,
/// when, and how it ended. The bodies of its facts go with the same commit.
pub(crate) fn erased_row(city: &City, case: &Case, version: i64, actor: &str) -> Result<RowWrite, ServiceError> {
    let mut bare = case.clone();
    bare.applicant.name.clear();
    bare.applicant.code = "erased".into();
    bare.agent = None;
    bare.mandate = None;
    bare.application = Application { form: serde_json::Value::Null, materials: Vec::new(), pledge: None, gaps: None };
    bare.gaps.clear();
    bare.gap_notice = None;
    bare.feedback.clear();
    bare.correction = None;
    bare.further_notices.clear();
    bare.changed.clear();
    bare.opinions.clear();
    bare.rules = None;
    bare.checks.clear();
    bare.ended = None;
    if let Some(decision) = &mut bare.decision {
        decision.reasons = Text::default();
    }
    let mut row = row(city, &bare, Expected::Version(version), &[], actor)?;
    row.facts.push(NewFact {
        kind: store::ERASED,
        actor: actor.to_owned(),
        body: "{\"fact\":\"erased\"}".into(),
        salt: city.random(),
    });
    Ok(row)
}
