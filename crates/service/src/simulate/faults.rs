//! Faults on purpose, one for each invariant: they break the simulated city as a defect would, to show that it would be seen.
//! They write around the use cases, through the store, and exist in the simulation only.

use domain::cases::{Case, Decision, DocumentRef, DutyKind, Fact, LicenceRef, State, apply};
use domain::catalog::SpecialKind;
use domain::halls::Appointment;
use domain::ids::{AppointmentId, DocumentId, LicenceId, MessageId};
use domain::text::Text;
use domain::time::{CaseClocks, Pause, PauseKind, Timestamp};
use jiff::civil::Date;
use store::accounts::MESSAGE;
use store::cases::{CASEFILE, DOCUMENT};
use store::halls::APPOINTMENT;
use store::{Change, DueOp, Expected, NewFact, PlainWrite, RowWrite, Value};

use super::watch::Invariant;
use super::world::World;
use crate::error::ServiceError;

/// A fault on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A filing is acknowledged and not kept.
    LoseCase,
    /// A clock that stands is stopped once more.
    DoublePause,
    /// A pause ends before it begins.
    NegativeClock,
    /// A slot is given to one more than it has places for.
    Overbook,
    /// A notice is told twice.
    RepeatNotice,
    /// A row is changed without a fact that says so.
    EditRow,
    /// A licence is named in a case that nobody has decided.
    EarlyLicence,
    /// A clerk's grant goes through.
    UnlawfulGrant,
    /// A lawful command fails.
    RefuseLawful,
    /// A timer gets lost.
    ForgetDuty,
    /// A number is called before its turn.
    JumpQueue,
    /// A sealed document is replaced.
    SwapDocument,
}

impl Fault {
    /// All of them.
    pub const ALL: [Fault; 12] = [
        Fault::LoseCase,
        Fault::DoublePause,
        Fault::NegativeClock,
        Fault::Overbook,
        Fault::RepeatNotice,
        Fault::EditRow,
        Fault::EarlyLicence,
        Fault::UnlawfulGrant,
        Fault::RefuseLawful,
        Fault::ForgetDuty,
        Fault::JumpQueue,
        Fault::SwapDocument,
    ];

    /// Name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Fault::LoseCase => "lose-case",
            Fault::DoublePause => "double-pause",
            Fault::NegativeClock => "negative-clock",
            Fault::Overbook => "overbook",
            Fault::RepeatNotice => "repeat-notice",
            Fault::EditRow => "edit-row",
            Fault::EarlyLicence => "early-licence",
            Fault::UnlawfulGrant => "unlawful-grant",
            Fault::RefuseLawful => "refuse-lawful",
            Fault::ForgetDuty => "forget-duty",
            Fault::JumpQueue => "jump-queue",
            Fault::SwapDocument => "swap-document",
        }
    }

    /// From its name.
    pub fn parse(name: &str) -> Option<Fault> {
        Fault::ALL.into_iter().find(|fault| fault.as_str() == name)
    }

    /// The invariant that it breaks.
    pub fn breaks(self) -> Invariant {
        match self {
            Fault::LoseCase => Invariant::NoLostCase,
            Fault::DoublePause | Fault::NegativeClock => Invariant::Clocks,
            Fault::Overbook => Invariant::Slots,
            Fault::RepeatNotice => Invariant::Notices,
            Fault::EditRow => Invariant::Replay,
            Fault::EarlyLicence => Invariant::LicenceAfterGrant,
            Fault::UnlawfulGrant => Invariant::UnlawfulRefused,
            Fault::RefuseLawful => Invariant::LawfulDone,
            Fault::ForgetDuty => Invariant::Duties,
            Fault::JumpQueue => Invariant::Queue,
            Fault::SwapDocument => Invariant::Evidence,
        }
    }
}

/// Strikes a case, where the fault on purpose is one of a case in this state. Answers whether it did.
pub(super) async fn strike(world: &World, case: &Case) -> Result<bool, ServiceError> {
    let Some(fault) = world.waits() else { return Ok(false) };
    let now = world.city.now();
    let examined = matches!(case.state, State::InReview { .. });
    let facts = match fault {
        Fault::DoublePause | Fault::NegativeClock if examined => paused(case, fault, now),
        Fault::EditRow => Some(vec![Fact::VerdictsGiven { verdicts: Vec::new() }]),
        Fault::EarlyLicence if !case.state.is_final() && case.decision.is_none() => {
            let id = LicenceId::new(now, world.city.random());
            let licence = LicenceRef { id, number: "0".into(), public_id: "0".into() };
            Some(vec![Fact::LicenceIssued { licence }])
        }
        Fault::ForgetDuty if case.state == State::Filed => return forget_duty(world, case).await,
        _ => None,
    };
    let Some(facts) = facts else { return Ok(false) };
    if !world.fires(fault) {
        return Ok(false);
    }
    write(world, case, &facts, fault == Fault::EditRow).await?;
    Ok(true)
}

/// Clocks that stand twice, or whose pause ends before it begins.
fn paused(case: &Case, fault: Fault, now: Timestamp) -> Option<Vec<Fact>> {
    let mut clocks: CaseClocks = case.clocks.clone()?;
    let from = clocks.promised.started;
    let pause = |to| Pause { kind: PauseKind::ExpertReview, from, to };
    clocks.promised.pauses = match fault {
        Fault::DoublePause => vec![pause(None), pause(None)],
        _ => vec![pause(Some(from.plus_seconds(-3600)))],
    };
    let document = DocumentRef::new(DocumentId::new(now, [0; 10]), "0");
    let (procedure, clocks) = (SpecialKind::ExpertReview, Box::new(clocks));
    Some(vec![Fact::Paused { procedure, working_days: 1, clocks, document, until: Some(now.date()) }])
}

/// Writes facts that no law has allowed; `edit` changes the row beside them.
async fn write(world: &World, case: &Case, facts: &[Fact], edit: bool) -> Result<(), ServiceError> {
    let city = &world.city;
    let id = case.id.to_string();
    let Some(stored) = city.store().load(city.region(), &CASEFILE, &id).await? else { return Ok(()) };
    let mut after = case.clone();
    facts.iter().for_each(|fact| apply(&mut after, fact.clone()));
    if edit {
        after.ended = Some("changed by nobody".into());
    }
    let row = RowWrite {
        table: &CASEFILE,
        id,
        expected: Expected::Version(stored.version),
        columns: stored.columns,
        doc: serde_json::to_string(&after).map_err(ServiceError::internal)?,
        facts: city.facts("operator", facts, Fact::kind)?,
    };
    city.store().commit(Change::new(city.region(), city.now()).row(row)).await?;
    Ok(())
}

/// A grant that nobody may give.
pub(super) async fn grant(world: &World, case: &Case) -> Result<(), ServiceError> {
    let now = world.city.now();
    let decision = Decision {
        granted: true,
        at: now,
        by: "nobody".into(),
        reasons: Text::default(),
        automatic: false,
        document: DocumentRef::new(DocumentId::new(now, [0; 10]), "0"),
        remedies: None,
    };
    write(world, case, &[Fact::Decided { decision: Box::new(decision), rules: None }], false).await
}

/// Takes the timers of a case away.
async fn forget_duty(world: &World, case: &Case) -> Result<bool, ServiceError> {
    if !world.fires(Fault::ForgetDuty) {
        return Ok(false);
    }
    let mut change = Change::new(world.city.region(), world.city.now());
    let subject = format!("casefile/{}", case.id);
    let remove = |kind: DutyKind| DueOp::Remove { kind: kind.as_str().to_owned(), subject: subject.clone() };
    change.due.extend(DutyKind::ALL.map(remove));
    world.city.store().commit(change).await?;
    Ok(true)
}

/// A second appointment in a slot, of which the slot knows nothing.
pub(super) async fn overbook(world: &World, own: &Appointment) -> Result<(), ServiceError> {
    let city = &world.city;
    let mut again = own.clone();
    again.id = AppointmentId::new(city.now(), city.random());
    let sql = "SELECT place, account, person, state, start FROM appointment WHERE region = $1 AND id = $2";
    let found = city.store().query_opt(sql, &[city.region().into(), own.id.to_string().into()]).await?;
    let Some(row) = found else { return Ok(()) };
    let mut columns = row.into_values();
    columns.extend([Value::Null, format!("again.{}", again.id).into()]);
    let doc = serde_json::to_string(&again).map_err(ServiceError::internal)?;
    let fact = NewFact { kind: "appointment.booked", actor: "operator".into(), body: doc.clone(), salt: city.random() };
    let id = again.id.to_string();
    let row = RowWrite { table: &APPOINTMENT, id, expected: Expected::New, columns, doc, facts: vec![fact] };
    city.store().commit(Change::new(city.region(), city.now()).row(row)).await?;
    Ok(())
}

/// Tells the first notice about a case of a day once more.
pub(super) async fn repeat_notice(world: &World, day: Date) -> Result<(), ServiceError> {
    let city = &world.city;
    let (from, to) = (Timestamp::start_of(day), Timestamp::end_of(day));
    let sql =
        "SELECT account, at, read_at, doc FROM message WHERE region = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT 200";
    let id = |at| MessageId::new(at, [0; 10]).to_string();
    let rows = city.store().query(sql, &[city.region().into(), id(from).into(), id(to).into()]).await?;
    let about_a_case = |row: &store::Row| row.text(3).is_ok_and(|doc| !doc.contains("\"case\":\"\""));
    let Some(row) = rows.into_iter().find(about_a_case) else { return Ok(()) };
    if !world.fires(Fault::RepeatNotice) {
        return Ok(());
    }
    let mut change = Change::new(city.region(), city.now());
    let at = row.time(1)?;
    let id = MessageId::new(at, city.random()).to_string();
    change.plain.push(PlainWrite { table: &MESSAGE, id, columns: row.into_values() });
    city.store().commit(change).await?;
    Ok(())
}

/// Replaces the first sealed document that a case of the city has.
pub(super) async fn swap_document(world: &World) -> Result<(), ServiceError> {
    let city = &world.city;
    let sql = "SELECT stream FROM fact WHERE region = $1 AND position > $2 AND position <= $3 ORDER BY position";
    let rows = city.store().query(sql, &[city.region().into(), 0_i64.into(), 5000_i64.into()]).await?;
    let documents = "SELECT id, casefile, kind, number, at, doc FROM document WHERE region = $1 AND casefile = $2";
    for row in &rows {
        let Some(case) = row.text(0)?.strip_prefix("casefile/") else { continue };
        let found = city.store().query(documents, &[city.region().into(), case.into()]).await?;
        let Some(first) = found.into_iter().next() else { continue };
        if !world.fires(Fault::SwapDocument) {
            return Ok(());
        }
        let id = first.text(0)?.to_owned();
        let mut values = first.into_values().split_off(1);
        values.pop();
        values.push("{}".into());
        let mut change = Change::new(city.region(), city.now());
        change.plain.push(PlainWrite { table: &DOCUMENT, id, columns: values });
        city.store().commit(change).await?;
        return Ok(());
    }
    Ok(())
}
