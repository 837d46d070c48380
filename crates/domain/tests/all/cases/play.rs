//! A case that is played through its commands, and the matters that the tests use.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::accounts::Party;
use domain::cases::*;
use domain::catalog::{ApplicantKind, Catalogue, MatterBundle, Necessity, RefContext, SpecialKind, StepKind};
use domain::ids::{CaseId, DocumentId, LicenceId};
use domain::text::Text;
use domain::time::{Calendar, LawTable, Timestamp};
use jiff::civil::{Date, date};
use serde_json::json;

pub static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    Catalogue::load(&files).unwrap()
});

/// A matter with inspection, decided by people.
pub fn manual() -> &'static MatterBundle {
    &CATALOGUE.matters["food-operation"]
}

/// A matter that may be approved by pledge.
pub fn pledge() -> &'static MatterBundle {
    &CATALOGUE.matters["public-place-hygiene"]
}

/// A matter with an expert review.
pub fn reviewed() -> &'static MatterBundle {
    CATALOGUE
        .matters
        .values()
        .find(|bundle| bundle.matter.special_procedures.iter().any(|own| own.kind == SpecialKind::ExpertReview))
        .unwrap()
}

pub fn at(day: Date, hour: i64) -> Timestamp {
    Timestamp::start_of(day).plus_seconds(hour * 3600)
}

pub fn ctx(bundle: &MatterBundle, now: Timestamp) -> Context<'_> {
    Context {
        now,
        by: "张审",
        matter: &bundle.matter,
        form: &bundle.form,
        calendar: Calendar::embedded(),
        law: LawTable::embedded(),
    }
}

pub fn id(n: u8) -> [u8; 10] {
    [n; 10]
}

pub fn doc() -> DocumentRef {
    DocumentRef::new(DocumentId::new(Timestamp::from_micros(0), id(7)), "海澜政务（测）字〔2026〕第000001号")
}

/// What the registers know about the applicant of these tests.
pub fn known() -> RefContext {
    let person = json!({ "name": "欧阳·示例", "id": "370211199003072347", "address": "江城市海澜区观海路88号",
                         "birth": "1990-03-07", "sex": "女", "phone": "13900000000", "district": "370211" });
    let enterprise = json!({ "name": "江城市云帆餐饮有限公司", "address": "江城市海澜区观海路88号",
                             "phone": "13900000000", "legal_representative": person, "capital_fen": 100_000_000,
                             "premises": "370211001001000123", "established": "2020-01-02", "scope": ["餐饮服务"],
                             "industry": "H6210", "status": "active", "kind": "enterprise", "district": "370211" });
    let project = json!({ "code": "2026-370211-77-03-000001", "name": "示例项目" });
    let registers = [("enterprise", enterprise), ("person", person), ("project", project)]
        .into_iter()
        .map(|(name, doc)| (name.to_owned(), doc))
        .chain([("land".to_owned(), json!({ "contract": "江城土合〔2026〕0001号" }))])
        .collect();
    RefContext {
        applicant: domain::catalog::Party {
            name: "江城市云帆餐饮有限公司".into(),
            code: "91370211MA0000000X".into(),
            kind: ApplicantKind::Enterprise,
            phone: Some("13900000000".into()),
        },
        agent: None,
        form: serde_json::Value::Null,
        registers,
        today: date(2026, 11, 23),
        decision: None,
        licence_number: None,
    }
}

/// An application that lacks nothing, whatever the form asks: tests of the lifecycle are not tests of forms.
pub fn complete(bundle: &MatterBundle) -> Application {
    let form = bundle.sample.fill(&known()).unwrap();
    let materials = bundle
        .matter
        .materials
        .iter()
        .map(|material| MaterialItem {
            slot: material.slot.clone(),
            provided: Provided::Paper { note: "原件已核".into() },
            verdict: None,
        })
        .collect();
    Application { form, materials, pledge: None, gaps: None }
}

pub fn opening(bundle: &MatterBundle, application: Application, origin: Origin) -> Opening {
    Opening {
        id: CaseId::new(Timestamp::from_micros(1), id(1)),
        number: "37021120261123000001".into(),
        matter: bundle.matter.slug.clone(),
        matter_version: 1,
        project_type: bundle.matter.project_type,
        department: bundle.matter.department.clone(),
        district: "370211".into(),
        applicant: Party {
            kind: ApplicantKind::Enterprise,
            name: "江城市云帆餐饮有限公司".into(),
            id_type: "uscc".into(),
            code: "91370211MA0000000X".into(),
        },
        agent: None,
        mandate: None,
        filed_by: "account".into(),
        origin,
        terminal_at: None,
        application,
        renews: None,
        amends: None,
        delivery: Default::default(),
    }
}

pub struct Play {
    pub bundle: &'static MatterBundle,
    pub case: Case,
    pub facts: Vec<Fact>,
}

impl Play {
    /// Filed at a window at 10:00 of a day.
    pub fn filed(bundle: &'static MatterBundle, day: Date) -> Play {
        let facts =
            Case::open(opening(bundle, complete(bundle), Origin::Window), true, &ctx(bundle, at(day, 10))).unwrap();
        Play { bundle, case: replay(facts.clone()).unwrap(), facts }
    }

    pub fn give(&mut self, now: Timestamp, command: Command) -> &mut Play {
        let facts = decide(&self.case, command, &ctx(self.bundle, now)).unwrap();
        for fact in facts {
            self.case = evolve(Some(self.case.clone()), fact.clone()).unwrap();
            self.facts.push(fact);
        }
        assert_eq!(replay(self.facts.clone()).unwrap(), self.case, "replay equals state");
        self
    }

    pub fn refused(&self, now: Timestamp, command: Command) -> Reason {
        decide(&self.case, command, &ctx(self.bundle, now)).unwrap_err().reason
    }
}

pub fn point(about: &str) -> Point {
    Point { about: about.into(), text: "请补充盖章页".into(), new_defect: None }
}

pub fn request(points: Vec<Point>) -> Command {
    Command::RequestCorrection { points, document: doc() }
}

pub fn still_lacking(points: Vec<Point>) -> Command {
    Command::DeclineAcceptance {
        ground: NonAcceptance::StillLacking { points },
        reasons: "补正后仍缺少营业执照".into(),
        document: doc(),
    }
}

pub fn first_slot(bundle: &MatterBundle) -> String {
    bundle.matter.materials[0].slot.clone()
}

/// A material that may follow later, else any.
pub fn gap_slot(bundle: &MatterBundle) -> String {
    bundle
        .matter
        .gap_able()
        .find(|own| own.necessity == Necessity::Required)
        .map_or_else(|| first_slot(bundle), |own| own.slot.clone())
}

pub fn paper(slot: &str) -> MaterialItem {
    MaterialItem { slot: slot.to_owned(), provided: Provided::Paper { note: "原件已核".into() }, verdict: None }
}

/// An application that promises a secondary material for later.
pub fn with_gap(bundle: &MatterBundle) -> Application {
    let (mut application, slot) = (complete(bundle), gap_slot(bundle));
    for item in application.materials.iter_mut().filter(|item| item.slot == slot) {
        item.provided = Provided::Later;
    }
    let gaps = Some(GapPromise { slots: vec![slot], signed_at: monday(), signed_by: "a".into() });
    Application { gaps, ..application }
}

/// Filed on Monday with a promise for later.
pub fn filed_with_gap() -> Play {
    let ctx = ctx(manual(), at(date(2026, 11, 23), 10));
    let facts = Case::open(opening(manual(), with_gap(manual()), Origin::Web), true, &ctx).unwrap();
    Play { bundle: manual(), case: replay(facts.clone()).unwrap(), facts }
}

pub fn accepted_with_gap() -> Play {
    with(filed_with_gap(), vec![Command::AcceptWithGaps { credit: CreditStanding::Clear, document: doc() }])
}

/// Every command with content that would be accepted in the right state.
pub fn every_command(bundle: &MatterBundle) -> Vec<Command> {
    let application = Box::new(complete(bundle));
    let rules = Box::new(RuleDecision {
        outcome: "approve".into(),
        rule: bundle.matter.slug.clone(),
        version: "1".into(),
        sha256: String::new(),
        fired: vec!["R01".into()],
        reason: Text::new("符合条件", "conditions met"),
        record_sha256: String::new(),
    });
    let licence = LicenceRef {
        id: LicenceId::new(Timestamp::from_micros(1), id(3)),
        number: "鲁〔2026〕1号".into(),
        public_id: "p".into(),
    };
    vec![
        Command::GiveFeedback { points: vec![point("x")] },
        Command::Revise { application: application.clone() },
        Command::File,
        Command::CorrectOnSpot { application: application.clone(), note: "更正电话".into() },
        Command::GiveVerdicts { verdicts: Vec::new() },
        request(vec![point("x")]),
        Command::Resubmit { application },
        Command::DeclineAcceptance {
            ground: NonAcceptance::NotNeeded, reasons: "无需许可".into(), document: doc()
        },
        Command::Accept { document: doc() },
        Command::DeemAccepted { document: doc() },
        Command::AcceptWithGaps { credit: CreditStanding::Clear, document: doc() },
        Command::SupplyGaps { items: vec![paper(&gap_slot(bundle))] },
        Command::ReceiveGap { item: paper(&gap_slot(bundle)) },
        Command::CheckGap { slot: gap_slot(bundle), verdict: Verdict { in_order: true, note: String::new() } },
        Command::RemindGaps,
        Command::NoteRules { rules: rules.clone() },
        Command::DecideByRules { rules, document: doc(), sampled: false },
        Command::GiveOpinion { favourable: true, text: "同意".into(), officers: vec!["甲".into(), "乙".into()] },
        Command::Return { reason: "补充意见".into() },
        Command::Pause { procedure: SpecialKind::ExpertReview, working_days: 10, document: doc() },
        Command::Resume,
        Command::Extend { reason: "案情复杂".into(), document: doc() },
        Command::Grant { reasons: String::new(), document: doc() },
        Command::Refuse { reasons: "不符合条件".into(), document: doc() },
        Command::IssueLicence { licence },
        Command::Deliver { method: "window".into() },
        Command::Close,
        Command::Withdraw { reason: String::new() },
        Command::Terminate { ground: Termination::ApplicantGone, reason: "申请人终止".into(), document: doc() },
        Command::AskPerson { reason: "请人工看一下".into() },
        Command::AnswerCheck { kind: CheckKind::Sample, confirmed: true, note: "属实".into() },
        Command::RecomputeDeadlines { old: Vec::new() },
        Command::LicenceEnded { reason: "撤销".into() },
        Command::DeemRenewed,
        Command::NoteLate { duty: DutyKind::LimitBroken },
    ]
}

/// When the cases of [`states`] are acted on.
pub fn monday() -> Timestamp {
    at(date(2026, 11, 23), 11)
}

pub fn with(mut play: Play, commands: Vec<Command>) -> Play {
    for command in commands {
        play.give(monday(), command);
    }
    play
}

pub fn filed() -> Play {
    Play::filed(manual(), date(2026, 11, 23))
}

pub fn accepted() -> Play {
    with(filed(), vec![Command::Accept { document: doc() }])
}

pub fn at_step(to: StepKind) -> Play {
    let mut play = accepted();
    while play.case.state != (State::InReview { step: to }) {
        let officers = vec!["甲".into(), "乙".into()];
        play.give(monday(), Command::GiveOpinion { favourable: true, text: "同意".into(), officers });
    }
    play
}

/// Granted, and then so many of: licence made, handed over, closed.
pub fn granted(steps: usize) -> Play {
    let licence = every_command(manual()).into_iter().find(|command| command.name() == "issue-licence").unwrap();
    let then = [licence, Command::Deliver { method: "window".into() }, Command::Close];
    let mut commands = vec![Command::Grant { reasons: String::new(), document: doc() }];
    commands.extend(then.into_iter().take(steps));
    with(at_step(StepKind::Decide), commands)
}

pub fn pre_review() -> Play {
    let bundle = manual();
    let ctx = ctx(bundle, monday());
    let facts = Case::open(opening(bundle, complete(bundle), Origin::Web), false, &ctx).unwrap();
    Play { bundle, case: replay(facts.clone()).unwrap(), facts }
}
