//! The life of a case: state × command tables, the law's scenarios, and random command sequences.

mod gaps;
mod late;
mod law;
pub mod play;

use domain::accounts::Party;
use domain::cases::*;
use domain::catalog::{MatterBundle, SpecialKind, StepKind};
use domain::text::Text;
use domain::time::{Calendar, LawTable, Timestamp};
use jiff::civil::{Date, date};
use play::*;
use proptest::prelude::*;
use serde_json::json;

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
    let play_on = || Play { bundle, case: replay(facts.clone()).unwrap(), facts: facts.clone() };
    let due = terms.check.deadline(Calendar::embedded(), now, &[]).unwrap();
    // A person who grants on a promise has it checked like the rules do; who refuses has nothing to check.
    for granted in [true, false] {
        let mut by_person = play_on();
        by_person.give(now, Command::Accept { document: doc() });
        by_person.give(now, Command::GiveOpinion { favourable: true, text: "同意".into(), officers: Vec::new() });
        let reasons = "经审查".to_owned();
        by_person.give(
            now,
            match granted {
                true => Command::Grant { reasons, document: doc() },
                false => Command::Refuse { reasons, document: doc() },
            },
        );
        let checks: Vec<_> = by_person.case.checks.iter().map(|check| (check.kind, check.due)).collect();
        assert_eq!(checks, if granted { vec![(CheckKind::Pledge, due.at)] } else { Vec::new() });
    }
    let mut play = play_on();
    let approve = every_command(bundle).into_iter().find(|c| c.name() == "decide-by-rules").unwrap();
    play.give(now, approve);
    assert_eq!(play.case.checks.len(), 1);
    assert_eq!((play.case.checks[0].due, play.case.checks[0].last_day()), (due.at, due.date));
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
