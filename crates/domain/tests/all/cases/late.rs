//! A date that passes is noted once, and nobody decides about their own affairs.

use domain::accounts::{Action, Actor, Grant, Role, Subject, may};

use super::*;

fn due(play: &Play) -> Vec<Duty> {
    duties(&play.case, Calendar::embedded(), LawTable::embedded())
}

fn at_of(play: &Play, kind: DutyKind) -> Timestamp {
    due(play).into_iter().find(|duty| duty.kind == kind).unwrap().at
}

#[test]
fn a_promise_that_was_broken_is_not_broken_again_after_a_pause() {
    let day = date(2026, 11, 23);
    let mut play = Play::filed(reviewed(), day);
    play.give(at(day, 11), Command::Accept { document: doc() });
    let promised = at_of(&play, DutyKind::PromiseBroken);
    let note = || Command::NoteLate { duty: DutyKind::PromiseBroken };
    assert_eq!(play.refused(promised.plus_seconds(-1), note()), Reason::TooEarly);
    play.give(promised, note());
    let Some(Fact::BecameLate { duty, due: passed, department }) = play.facts.last() else { panic!("no fact") };
    assert_eq!((*duty, *passed, department), (DutyKind::PromiseBroken, promised, &reviewed().matter.department));

    let pause = Command::Pause { procedure: SpecialKind::ExpertReview, working_days: 1, document: doc() };
    play.give(promised.plus_seconds(3_600), pause);
    play.give(promised.plus_seconds(7_200), Command::Resume);
    assert!(due(&play).iter().all(|duty| duty.kind != DutyKind::PromiseBroken), "{:?}", due(&play));
    assert_eq!(play.refused(promised.plus_seconds(9_000), note()), Reason::WrongState);
    let all = dates(&play.case, Calendar::embedded(), LawTable::embedded());
    assert!(all.iter().any(|duty| duty.kind == DutyKind::PromiseBroken), "the date itself stays on the desk");
}

#[test]
fn a_check_that_fell_due_does_not_fall_due_again_when_another_is_ordered() {
    let mut play = Play::filed(pledge(), date(2026, 11, 23));
    let ask = || Command::AskPerson { reason: "请人工复核".into() };
    let approve = every_command(pledge()).into_iter().find(|command| command.name() == "decide-by-rules").unwrap();
    play.give(at(date(2026, 11, 23), 11), approve);
    play.give(at(date(2026, 11, 23), 12), ask());
    let first = at_of(&play, DutyKind::CheckDue);
    play.give(first, Command::NoteLate { duty: DutyKind::CheckDue });
    let done = Command::AnswerCheck { kind: CheckKind::Asked, confirmed: true, note: "属实".into() };
    assert!(play.case.checks[0].late && due(&play).iter().all(|duty| duty.kind != DutyKind::CheckDue));
    play.give(first.plus_seconds(60), done);
    play.give(first.plus_seconds(120), ask());
    let again: Vec<Duty> = due(&play).into_iter().filter(|duty| duty.kind == DutyKind::CheckDue).collect();
    assert!(again.len() == 1 && again[0].at > first, "{again:?}");
}

#[test]
fn what_was_granted_is_handed_over_within_ten_working_days() {
    let mut play = granted(0);
    let decided = play.case.decision.as_ref().unwrap().at;
    let last = Calendar::embedded().add_working_days(decided.date(), 10).unwrap().date;
    assert_eq!(at_of(&play, DutyKind::DeliveryLate), Timestamp::end_of(last));
    play.give(Timestamp::end_of(last), Command::NoteLate { duty: DutyKind::DeliveryLate });
    assert!(due(&play).iter().all(|duty| duty.kind != DutyKind::DeliveryLate));
}

#[test]
fn only_a_date_can_be_noted_as_passed() {
    let play = filed();
    for duty in [DutyKind::DeemAccepted, DutyKind::CorrectionOver, DutyKind::PauseOver] {
        assert_eq!(play.refused(at(date(2027, 6, 1), 9), Command::NoteLate { duty }), Reason::WrongState);
    }
}

#[test]
fn nobody_takes_part_in_deciding_their_own_affair() {
    let own = filed().case.applicant;
    let other = Party { code: "91370211MA0000001Y".into(), ..own.clone() };
    let grants = [Role::Clerk, Role::Reviewer, Role::Approver]
        .into_iter()
        .map(|role| Grant { role, department: None, district: None })
        .collect();
    let officer = Actor { grants, acts_for: vec![own.clone()], ..Actor::system() };
    for action in [Action::Accept, Action::Review, Action::Decide, Action::Check, Action::RevokeLicence] {
        let about = |party| Subject { party: Some(party), ..Subject::default() };
        assert!(may(&officer, action, &about(&own)).is_err(), "{action:?} of an own affair");
        assert!(may(&officer, action, &about(&other)).is_ok(), "{action:?} of somebody else's");
    }
    let about = Subject { party: Some(&own), ..Subject::default() };
    assert!(may(&officer, Action::Deliver, &about).is_ok(), "handing over decides nothing");
}

#[test]
fn what_a_check_found_wrong_comes_back_until_it_is_right_or_the_licence_has_ended() {
    let day = date(2026, 11, 23);
    let mut play = Play::filed(pledge(), day);
    let approve = every_command(pledge()).into_iter().find(|command| command.name() == "decide-by-rules").unwrap();
    play.give(at(day, 11), approve);
    play.give(at(day, 12), Command::AskPerson { reason: "请人工复核".into() });
    let answer = |kind, confirmed| Command::AnswerCheck { kind, confirmed, note: "已核查".into() };
    let ended =
        || Command::LicenceEnded { reason: "以欺骗手段取得（行政许可法 第六十九条）".into() };
    assert_eq!(play.refused(at(day, 13), ended()), Reason::WrongState, "nothing waits for the licence to end");
    play.give(at(day, 13), answer(CheckKind::Asked, false));
    let last = Calendar::embedded().add_working_days(day, 15).unwrap().date;
    assert_eq!(at_of(&play, DutyKind::CheckDue), Timestamp::end_of(last));
    play.give(at(last, 9), answer(CheckKind::FollowUp, false));
    assert!(at_of(&play, DutyKind::CheckDue) > Timestamp::end_of(last), "not yet right: it comes back");

    let copy = Play { bundle: play.bundle, case: play.case.clone(), facts: play.facts.clone() };
    for (mut play, command) in [(copy, answer(CheckKind::FollowUp, true)), (play, ended())] {
        play.give(at(last, 10), command);
        assert!(due(&play).iter().all(|duty| duty.kind != DutyKind::CheckDue), "it has ended");
        assert_eq!(play.refused(at(last, 11), ended()), Reason::WrongState);
    }
}
