//! The life of a case: state × command tables, the law's scenarios, and random command sequences.

mod law;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::accounts::Party;
use domain::cases::*;
use domain::catalog::{ApplicantKind, Catalogue, MatterBundle, RefContext, SpecialKind, StepKind};
use domain::ids::{CaseId, DocumentId, LicenceId};
use domain::text::Text;
use domain::time::{Calendar, LawTable, Timestamp};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::json;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
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
fn manual() -> &'static MatterBundle {
    &CATALOGUE.matters["food-operation"]
}

/// A matter that may be approved by pledge.
fn pledge() -> &'static MatterBundle {
    &CATALOGUE.matters["public-place-hygiene"]
}

/// A matter with an expert review.
fn reviewed() -> &'static MatterBundle {
    CATALOGUE
        .matters
        .values()
        .find(|bundle| bundle.matter.special_procedures.iter().any(|own| own.kind == SpecialKind::ExpertReview))
        .unwrap()
}

fn at(day: Date, hour: i64) -> Timestamp {
    Timestamp::start_of(day).plus_seconds(hour * 3600)
}

fn ctx(bundle: &MatterBundle, now: Timestamp) -> Context<'_> {
    Context {
        now,
        by: "张审",
        matter: &bundle.matter,
        form: &bundle.form,
        calendar: Calendar::embedded(),
        law: LawTable::embedded(),
    }
}

fn id(n: u8) -> [u8; 10] {
    [n; 10]
}

fn doc() -> DocumentRef {
    DocumentRef::new(DocumentId::new(Timestamp::from_micros(0), id(7)), "海澜政务（测）字〔2026〕第000001号")
}

/// What the registers know about the applicant of these tests.
fn known() -> RefContext {
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
fn complete(bundle: &MatterBundle) -> Application {
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
    Application { form, materials, pledge: None }
}

fn opening(bundle: &MatterBundle, application: Application, origin: Origin) -> Opening {
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
        filed_by: "account".into(),
        origin,
        application,
    }
}

struct Play {
    bundle: &'static MatterBundle,
    case: Case,
    facts: Vec<Fact>,
}

impl Play {
    /// Filed at a window at 10:00 of a day.
    fn filed(bundle: &'static MatterBundle, day: Date) -> Play {
        let facts =
            Case::open(opening(bundle, complete(bundle), Origin::Window), true, &ctx(bundle, at(day, 10))).unwrap();
        Play { bundle, case: replay(facts.clone()).unwrap(), facts }
    }

    fn give(&mut self, now: Timestamp, command: Command) -> &mut Play {
        let facts = decide(&self.case, command, &ctx(self.bundle, now)).unwrap();
        for fact in facts {
            self.case = evolve(Some(self.case.clone()), fact.clone()).unwrap();
            self.facts.push(fact);
        }
        assert_eq!(replay(self.facts.clone()).unwrap(), self.case, "replay equals state");
        self
    }

    fn refused(&self, now: Timestamp, command: Command) -> Reason {
        decide(&self.case, command, &ctx(self.bundle, now)).unwrap_err().reason
    }
}

fn point(about: &str) -> Point {
    Point { about: about.into(), text: "请补充盖章页".into(), new_defect: None }
}

fn request(points: Vec<Point>) -> Command {
    Command::RequestCorrection { points, document: doc() }
}

fn still_lacking(points: Vec<Point>) -> Command {
    Command::DeclineAcceptance {
        ground: NonAcceptance::StillLacking { points },
        reasons: "补正后仍缺少营业执照".into(),
        document: doc(),
    }
}

fn first_slot(bundle: &MatterBundle) -> String {
    bundle.matter.materials[0].slot.clone()
}

/// Every command with content that would be accepted in the right state.
fn every_command(bundle: &MatterBundle) -> Vec<Command> {
    let application = Box::new(complete(bundle));
    let rules = Box::new(RuleDecision {
        outcome: "approve".into(),
        rule: bundle.matter.slug.clone(),
        version: "1".into(),
        sha256: String::new(),
        fired: vec!["R01".into()],
        reason: Text::new("符合条件", "conditions met"),
        record: std::sync::Arc::new(json!({})),
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
    ]
}

/// When the cases of [`states`] are acted on.
fn monday() -> Timestamp {
    at(date(2026, 11, 23), 11)
}

fn with(mut play: Play, commands: Vec<Command>) -> Play {
    for command in commands {
        play.give(monday(), command);
    }
    play
}

fn filed() -> Play {
    Play::filed(manual(), date(2026, 11, 23))
}

fn accepted() -> Play {
    with(filed(), vec![Command::Accept { document: doc() }])
}

fn at_step(to: StepKind) -> Play {
    let mut play = accepted();
    while play.case.state != (State::InReview { step: to }) {
        let officers = vec!["甲".into(), "乙".into()];
        play.give(monday(), Command::GiveOpinion { favourable: true, text: "同意".into(), officers });
    }
    play
}

/// Granted, and then so many of: licence made, handed over, closed.
fn granted(steps: usize) -> Play {
    let licence = every_command(manual()).into_iter().find(|command| command.name() == "issue-licence").unwrap();
    let then = [licence, Command::Deliver { method: "window".into() }, Command::Close];
    let mut commands = vec![Command::Grant { reasons: String::new(), document: doc() }];
    commands.extend(then.into_iter().take(steps));
    with(at_step(StepKind::Decide), commands)
}

fn pre_review() -> Play {
    let bundle = manual();
    let ctx = ctx(bundle, monday());
    let facts = Case::open(opening(bundle, complete(bundle), Origin::Web), false, &ctx).unwrap();
    Play { bundle, case: replay(facts.clone()).unwrap(), facts }
}

/// One case in each state, with the commands that it accepts beside computing its deadlines anew.
fn states() -> Vec<(Play, Vec<&'static str>)> {
    let filed_accepts = vec![
        "correct-on-spot",
        "give-verdicts",
        "request-correction",
        "decline-acceptance",
        "accept",
        "note-rules",
        "withdraw",
    ];
    let review = vec!["give-verdicts", "give-opinion", "extend", "withdraw", "terminate"];
    let decide = vec!["give-verdicts", "return", "extend", "grant", "refuse", "withdraw", "terminate"];
    let refuse = Command::Refuse { reasons: "不符合条件".into(), document: doc() };
    vec![
        (pre_review(), vec!["give-feedback", "give-verdicts", "file", "withdraw"]),
        (with(pre_review(), vec![Command::GiveFeedback { points: Vec::new() }]), vec!["revise", "file", "withdraw"]),
        (filed(), filed_accepts),
        (with(filed(), vec![request(vec![point("x")])]), vec!["resubmit", "withdraw", "terminate"]),
        (at_step(StepKind::Review), review.clone()),
        (at_step(StepKind::Inspect), review),
        (at_step(StepKind::Decide), decide),
        (granted(0), vec!["issue-licence"]),
        (granted(1), vec!["deliver"]),
        (granted(2), vec!["close"]),
        (granted(3), vec![]),
        (with(at_step(StepKind::Decide), vec![refuse]), vec![]),
        (with(filed(), vec![Command::Withdraw { reason: String::new() }]), vec![]),
        (with(accepted(), every_command(manual()).into_iter().filter(|c| c.name() == "terminate").collect()), vec![]),
    ]
}

#[test]
fn every_state_accepts_exactly_its_commands() {
    for (play, mut expected) in states() {
        let now = at(date(2026, 11, 23), 12);
        if !play.case.state.is_final() {
            expected.push("recompute-deadlines");
        }
        let accepted: Vec<&'static str> = every_command(play.bundle)
            .into_iter()
            .filter(|command| decide(&play.case, command.clone(), &ctx(play.bundle, now)).is_ok())
            .map(|command| command.name())
            .collect();
        let sorted = |mut names: Vec<&'static str>| {
            names.sort_unstable();
            names
        };
        assert_eq!(sorted(accepted), sorted(expected), "in state {}", play.case.state.name());
    }
}

#[test]
fn a_command_that_is_not_offered_is_refused_for_its_state() {
    for (play, _) in states() {
        let offered = possible(&play.case);
        let now = at(date(2026, 11, 23), 12);
        for command in every_command(play.bundle) {
            let name = command.name();
            let system = matches!(
                name,
                "note-rules" | "decide-by-rules" | "deem-accepted" | "issue-licence" | "recompute-deadlines"
            );
            if !system && !offered.contains(&name) {
                let refusal = decide(&play.case, command, &ctx(play.bundle, now)).unwrap_err();
                assert_eq!((refusal.state, refusal.command), (play.case.state.name(), name));
            }
        }
    }
}

#[test]
fn silence_for_five_working_days_is_acceptance_from_the_day_of_receipt() {
    // Filed on Wednesday 30 September 2026: National Day and Mid-Autumn lie in between.
    let received = at(date(2026, 9, 30), 10);
    let mut play = Play::filed(manual(), date(2026, 9, 30));
    let due = duties(&play.case, Calendar::embedded(), LawTable::embedded());
    let deemed = due.iter().find(|duty| duty.kind == DutyKind::DeemAccepted).unwrap().at;
    let fifth = Calendar::embedded().add_working_days(date(2026, 9, 30), 5).unwrap().date;
    assert_eq!(deemed, Timestamp::end_of(fifth));
    assert_eq!(play.refused(deemed.plus_seconds(-1), Command::DeemAccepted { document: doc() }), Reason::TooEarly);
    assert_eq!(play.refused(deemed, request(vec![point("x")])), Reason::DeemedAccepted);
    let decline = Command::DeclineAcceptance {
        ground: NonAcceptance::WrongAuthority { authority: "市水务局".into() },
        reasons: "不属于本机关".into(),
        document: doc(),
    };
    assert_eq!(play.refused(deemed, decline), Reason::DeemedAccepted);
    play.give(deemed, Command::DeemAccepted { document: doc() });
    let acceptance = play.case.accepted.clone().unwrap();
    assert!(acceptance.deemed);
    assert_eq!(acceptance.effective, received);
}

#[test]
fn corrections_are_asked_for_once() {
    let day = date(2026, 11, 23);
    let slot = first_slot(manual());
    let mut play = Play::filed(manual(), day);
    play.give(at(day, 11), request(vec![point(&slot), point("form:address")]));
    let mut next = play.case.application.clone();
    next.materials[0].provided = Provided::Paper { note: "补正后的原件".into() };
    play.give(at(date(2026, 11, 25), 9), Command::Resubmit { application: Box::new(next) });
    assert_eq!(play.case.changed, std::slice::from_ref(&slot));
    let now = at(date(2026, 11, 26), 9);
    // The same point again, or one that could have been seen: never.
    assert_eq!(play.refused(now, request(vec![point(&slot)])), Reason::SecondNotice { points: vec![slot.clone()] });
    let coded = |about: &str| Point { new_defect: Some(NewDefect::InNewMaterial), ..point(about) };
    let unchanged = request(vec![coded("form:address")]);
    assert_eq!(play.refused(now, unchanged), Reason::SecondNotice { points: vec!["form:address".into()] });
    // A reasoned non-acceptance may rest on what was listed, and on nothing else.
    assert_eq!(
        play.refused(now, still_lacking(vec![point("other")])),
        Reason::NotListed { points: vec!["other".into()] }
    );
    let mut declined = Play { bundle: play.bundle, case: play.case.clone(), facts: play.facts.clone() };
    declined.give(now, still_lacking(vec![point("form:address")]));
    assert_eq!(declined.case.state, State::NotAccepted);
    // A defect of the new material itself, with its reason code, is another matter.
    play.give(now, request(vec![coded(&slot)]));
    assert_eq!(play.case.state, State::Correction);
    assert_eq!(play.case.further_notices.len(), 1);
}

#[test]
fn a_first_notice_is_never_grounded_on_still_lacking() {
    let day = date(2026, 11, 23);
    let play = Play::filed(manual(), day);
    assert_eq!(play.refused(at(day, 11), still_lacking(vec![point("x")])), Reason::WrongState);
    assert_eq!(play.refused(at(day, 11), request(Vec::new())), Reason::ReasonMissing);
}

#[test]
fn time_for_corrections_runs_out_only_at_midnight() {
    let day = date(2026, 12, 25);
    let mut play = Play::filed(manual(), day);
    play.give(at(day, 11), request(vec![point("x")]));
    let notice = play.case.correction.clone().unwrap();
    assert!(notice.provisional, "the fifteen working days run into 2027");
    let over = Timestamp::end_of(notice.until);
    let command =
        || Command::DeclineAcceptance { ground: NonAcceptance::NotSupplied, reasons: "逾期".into(), document: doc() };
    assert_eq!(play.refused(over.plus_seconds(-1), command()), Reason::TooEarly);
    play.give(over, command());
    assert_eq!(play.case.state, State::NotAccepted);
}

#[test]
fn an_incomplete_application_is_refused_online_and_taken_at_a_window() {
    let bundle = manual();
    let mut application = complete(bundle);
    application.materials.clear();
    let now = at(date(2026, 11, 23), 10);
    for origin in [Origin::Web, Origin::Api] {
        let refusal = Case::open(opening(bundle, application.clone(), origin), true, &ctx(bundle, now)).unwrap_err();
        assert!(matches!(refusal.reason, Reason::Incomplete { missing } if !missing.is_empty()));
    }
    let facts = Case::open(opening(bundle, application, Origin::Window), true, &ctx(bundle, now)).unwrap();
    let case = replay(facts).unwrap();
    let refusal = decide(&case, Command::Accept { document: doc() }, &ctx(bundle, now)).unwrap_err();
    assert!(matches!(refusal.reason, Reason::Incomplete { .. }));
}

#[test]
fn two_officers_inspect() {
    let (mut play, _) = states().remove(5);
    assert_eq!(play.case.state, State::InReview { step: StepKind::Inspect });
    let now = at(date(2026, 11, 24), 9);
    let opinion = |officers: &[&str]| Command::GiveOpinion {
        favourable: true,
        text: "现场符合要求".into(),
        officers: officers.iter().map(|name| (*name).to_owned()).collect(),
    };
    assert_eq!(play.refused(now, opinion(&["李检"])), Reason::TwoOfficers);
    assert_eq!(play.refused(now, opinion(&["李检", " 李检 "])), Reason::TwoOfficers);
    play.give(now, opinion(&["李检", "王检"]));
    assert_eq!(play.case.opinions.last().unwrap().by.matches('、').count(), 1);
}

#[test]
fn an_approver_looks_first_where_something_speaks_against_granting() {
    let ordinary = at_step(StepKind::Decide);
    assert_eq!(risk(&ordinary.case), Risk::Ordinary);
    let slot = first_slot(manual());
    let defect = Verdict { in_order: false, note: "缺页".into() };
    let doubted =
        with(at_step(StepKind::Decide), vec![Command::GiveVerdicts { verdicts: vec![(slot.clone(), defect)] }]);
    assert_eq!(risk(&doubted.case), Risk::High);
    let mended = Verdict { in_order: true, note: String::new() };
    let mended = with(doubted, vec![Command::GiveVerdicts { verdicts: vec![(slot, mended)] }]);
    assert_eq!(risk(&mended.case), Risk::Ordinary);
    let officers = vec!["甲".to_owned(), "乙".to_owned()];
    let opinion = |favourable| Command::GiveOpinion { favourable, text: "意见".into(), officers: officers.clone() };
    let mut play = accepted();
    play.give(monday(), opinion(false));
    assert_eq!(risk(&play.case), Risk::High);
    play.give(monday(), opinion(true));
    assert_eq!(risk(&play.case), Risk::Watch);
    let listed: Vec<i64> = [Risk::High, Risk::Watch, Risk::Ordinary].into_iter().map(Risk::rank).collect();
    assert!(listed.is_sorted() && Risk::of_rank(None) == Risk::Watch);
}

#[test]
fn a_refusal_has_reasons_and_remedies_with_dates() {
    let (mut play, _) = states().remove(6);
    let now = at(date(2026, 11, 24), 9);
    assert_eq!(play.refused(now, Command::Refuse { reasons: " ".into(), document: doc() }), Reason::ReasonMissing);
    play.give(now, Command::Refuse { reasons: "布局不符合要求".into(), document: doc() });
    let remedies = play.case.decision.clone().unwrap().remedies.unwrap();
    // 行政复议法 20: 60 days; 行政诉讼法 46: six months.
    assert_eq!(remedies.reconsideration_until, date(2027, 1, 25), "the 60th day is Saturday 23 January 2027");
    assert_eq!(remedies.lawsuit_until, date(2027, 5, 24));
}

#[test]
fn the_clock_stands_still_only_for_what_the_law_lists() {
    let bundle = reviewed();
    let day = date(2026, 11, 23);
    let mut play = Play::filed(bundle, day);
    play.give(at(day, 11), Command::Accept { document: doc() });
    let pause = |procedure| Command::Pause { procedure, working_days: 10, document: doc() };
    assert!(matches!(play.refused(at(day, 12), pause(SpecialKind::Hearing)), Reason::NotOpen { .. }));
    play.give(at(day, 12), pause(SpecialKind::ExpertReview));
    assert_eq!(play.refused(at(day, 13), pause(SpecialKind::ExpertReview)), Reason::WrongState);
    let due = duties(&play.case, Calendar::embedded(), LawTable::embedded());
    assert!(due.iter().all(|duty| duty.kind == DutyKind::PauseOver), "no limit runs meanwhile: {due:?}");
    let before = play.case.clocks.clone().unwrap();
    play.give(at(date(2026, 12, 7), 9), Command::Resume);
    let after = play.case.clocks.clone().unwrap();
    assert!(before.promised.deadline(Calendar::embedded()).is_err());
    assert!(after.promised.deadline(Calendar::embedded()).is_ok());
    // Inspections are in the flow of this matter's neighbours, but a visit on site never stops the clock (AL 45).
    let mut visit = Play::filed(manual(), day);
    visit.give(at(day, 11), Command::Accept { document: doc() });
    assert!(matches!(visit.refused(at(day, 12), pause(SpecialKind::Inspection)), Reason::NotOpen { .. }));
}

#[test]
fn the_limit_is_extended_once() {
    let day = date(2026, 11, 23);
    let mut play = Play::filed(manual(), day);
    play.give(at(day, 11), Command::Accept { document: doc() });
    let extend = || Command::Extend { reason: "现场核查遇大雪".into(), document: doc() };
    let limit = |play: &Play| {
        play.case.clocks.as_ref().unwrap().statutory.as_ref().unwrap().deadline(Calendar::embedded()).unwrap().date
    };
    let before = limit(&play);
    play.give(at(day, 12), extend());
    // Its own rules give five working days, not the ten of AL 42.
    assert_eq!(limit(&play), Calendar::embedded().add_working_days(before, 5).unwrap().date);
    assert!(matches!(play.refused(at(day, 13), extend()), Reason::NotOpen { .. }));
}

#[test]
fn a_pledge_is_to_the_notice_in_force_and_its_check_falls_due() {
    let bundle = pledge();
    let terms = bundle.matter.pledge.as_ref().unwrap();
    let now = at(date(2026, 11, 23), 10);
    let signed = |version: &str| SignedPledge { version: version.into(), signed_at: now, signed_by: "a".into() };
    let mut application = complete(bundle);
    application.pledge = Some(signed("1999-01"));
    let refusal =
        Case::open(opening(bundle, application.clone(), Origin::Window), true, &ctx(bundle, now)).unwrap_err();
    assert_eq!(refusal.reason, Reason::OldPledge);
    application.pledge = Some(signed(&terms.version));
    let facts = Case::open(opening(bundle, application, Origin::Window), true, &ctx(bundle, now)).unwrap();
    let mut play = Play { bundle, case: replay(facts.clone()).unwrap(), facts };
    let approve = every_command(bundle).into_iter().find(|c| c.name() == "decide-by-rules").unwrap();
    play.give(now, approve);
    assert_eq!(play.case.checks.len(), 1);
    let due = terms.check.deadline(Calendar::embedded(), now, &[]).unwrap();
    assert_eq!(play.case.checks[0].due, due.at);
    // PIPL 24: whoever was decided about by a machine may ask for a person, once at a time.
    let ask = || Command::AskPerson { reason: "想请人工看一下".into() };
    play.give(now, ask());
    assert_eq!(play.refused(now, ask()), Reason::WrongState);
}

#[test]
fn only_an_approval_of_the_rules_decides() {
    let bundle = pledge();
    let mut play = Play::filed(bundle, date(2026, 11, 23));
    let now = at(date(2026, 11, 23), 11);
    for outcome in ["manual", "refuse_proposed", ""] {
        let mut command = every_command(bundle).into_iter().find(|c| c.name() == "decide-by-rules").unwrap();
        if let Command::DecideByRules { rules, .. } = &mut command {
            rules.outcome = outcome.into();
        }
        assert_eq!(play.refused(now, command), Reason::WrongState, "{outcome}");
    }
    let note = every_command(bundle).into_iter().find(|c| c.name() == "note-rules").unwrap();
    play.give(now, note);
    assert_eq!(play.case.state, State::Filed);
}

#[test]
fn each_step_of_the_law_has_its_document() {
    let day = date(2026, 11, 23);
    let mut play = Play::filed(manual(), day);
    play.give(at(day, 11), request(vec![point(&first_slot(manual()))]));
    let application = Box::new(play.case.application.clone());
    play.give(at(date(2026, 11, 24), 9), Command::Resubmit { application });
    play.give(at(date(2026, 11, 24), 10), Command::Accept { document: doc() });
    let kinds: Vec<DocumentKind> = play.facts.iter().filter_map(DocumentKind::of).collect();
    assert_eq!(kinds, [DocumentKind::Receipt, DocumentKind::CorrectionNotice, DocumentKind::Acceptance]);
    let (body, court) = (Text::new("区政府", "the district government"), Text::new("区法院", "the district court"));
    let department = Text::new("行政审批服务局", "Approval Bureau");
    for fact in play.facts.iter().filter(|fact| DocumentKind::of(fact).is_some()) {
        let around = Around {
            matter: &manual().matter,
            department: &department,
            remedies: (&body, &court),
            calendar: Calendar::embedded(),
            law: LawTable::embedded(),
            now: at(date(2026, 11, 24), 10),
        };
        let text = compose(&play.case, fact, &around).unwrap();
        assert!(!text.paragraphs.is_empty() && text.paragraphs.iter().all(|words| !words.is_incomplete()));
    }
}

fn any_command(bundle: &'static MatterBundle) -> impl Strategy<Value = (usize, i64)> {
    (0..every_command(bundle).len(), 0i64..400_000)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is tried in whatever order: replay equals state, the clocks never run backwards, a case never leaves a
    /// final state, nothing is decided twice, and a licence needs a grant.
    #[test]
    fn random_sequences_keep_the_law(
        paused in any::<bool>(),
        steps in prop::collection::vec(any_command(manual()), 1..50),
    ) {
        let bundle = if paused { reviewed() } else { manual() };
        let mut play = Play::filed(bundle, date(2026, 3, 2));
        let mut now = at(date(2026, 3, 2), 11);
        for (index, pause) in steps {
            now = now.plus_seconds(pause);
            let command = every_command(bundle).swap_remove(index);
            let before = play.case.clone();
            let Ok(facts) = decide(&before, command, &ctx(bundle, now)) else { continue };
            let after_the_end = facts.iter().all(|fact| matches!(fact, Fact::CheckDone { .. }));
            prop_assert!(!before.state.is_final() || after_the_end);
            for fact in facts {
                if let Fact::Decided { .. } | Fact::OpinionGiven { .. } = &fact {
                    prop_assert!(before.clocks.as_ref().and_then(open_pause).is_none(), "judged while a pause is open");
                }
                if let Fact::Decided { .. } = &fact {
                    prop_assert!(before.decision.is_none());
                }
                if let Fact::LicenceIssued { .. } = &fact {
                    prop_assert!(before.decision.as_ref().is_some_and(|decision| decision.granted));
                }
                play.case = evolve(Some(play.case.clone()), fact.clone()).unwrap();
                play.facts.push(fact);
            }
            let notices = play.facts.iter().filter(|f| matches!(f, Fact::CorrectionRequested { further: false, .. }));
            prop_assert!(notices.count() <= 1);
            let end = |case: &Case| case.clocks.as_ref().and_then(|c| c.promised.deadline(Calendar::embedded()).ok());
            if let (Some(was), Some(is)) = (end(&before), end(&play.case)) {
                prop_assert!(is.at >= was.at);
            }
        }
        prop_assert_eq!(replay(play.facts.clone()).unwrap(), play.case);
    }
}
