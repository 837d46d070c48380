//! Acceptance with gaps 容缺受理: what may follow, by when, and what happens when it does not.

use super::*;

fn with_gaps(credit: CreditStanding) -> Command {
    Command::AcceptWithGaps { credit, document: doc() }
}

fn missed() -> Command {
    let reason = "逾期未补齐".into();
    Command::Terminate { ground: Termination::GapsNotSupplied, reason, document: doc() }
}

fn kinds(play: &Play) -> Vec<DutyKind> {
    duties(&play.case, Calendar::embedded(), LawTable::embedded()).into_iter().map(|duty| duty.kind).collect()
}

#[test]
fn only_published_materials_of_a_matter_with_a_promise_follow_later() {
    let bundle = manual();
    let refused = |bundle: &'static MatterBundle, slot: &str| {
        let mut application = complete(bundle);
        application.gaps = Some(GapPromise { slots: vec![slot.into()], signed_at: monday(), signed_by: "a".into() });
        application.materials.retain(|item| item.slot != slot);
        Case::open(opening(bundle, application, Origin::Web), true, &ctx(bundle, monday())).is_err()
    };
    assert!(refused(bundle, "layout"), "the layout is a main material");
    assert!(!refused(bundle, &gap_slot(bundle)));
    let instant = pledge();
    let slot = instant.matter.materials.iter().find(|own| own.deferrable).unwrap().slot.clone();
    assert!(refused(instant, &slot), "what is decided on the spot has no time in which anything could follow");
    // Without the promise nothing may be missing.
    let mut silent = with_gap(bundle);
    silent.gaps = None;
    let refusal = Case::open(opening(bundle, silent, Origin::Web), true, &ctx(bundle, monday())).unwrap_err();
    assert!(matches!(refusal.reason, Reason::Incomplete { .. }));
}

#[test]
fn whoever_broke_a_promise_hands_everything_in_first() {
    let play = filed_with_gap();
    assert_eq!(play.refused(monday(), with_gaps(CreditStanding::Broken)), Reason::BrokenPromise);
    assert_eq!(play.refused(monday(), with_gaps(CreditStanding::Unknown)), Reason::CreditUnknown);
    assert_eq!(play.refused(monday(), Command::Accept { document: doc() }), Reason::GapsPromised);
    let asked = with(filed_with_gap(), vec![request(vec![point(&gap_slot(manual()))])]);
    assert_eq!(asked.case.state, State::Correction, "a correction notice is the other way");
}

#[test]
fn the_notice_names_what_is_missing_the_last_day_and_what_happens_then() {
    let play = accepted_with_gap();
    let notice = play.case.gap_notice.clone().unwrap();
    // Five working days are promised, which is less than the ten that the city allows.
    assert_eq!(notice.until, Calendar::embedded().add_working_days(date(2026, 11, 23), 5).unwrap().date);
    assert_eq!(play.case.outstanding().map(|gap| gap.slot.clone()).collect::<Vec<_>>(), [gap_slot(manual())]);
    let fact = play.facts.last().unwrap();
    assert_eq!(DocumentKind::of(fact), Some(DocumentKind::GapAcceptance));
    let (body, court) = (Text::new("区政府", "the government"), Text::new("区法院", "the court"));
    let department = Text::new("行政审批服务局", "Approval Bureau");
    let around = Around {
        matter: &manual().matter,
        department: &department,
        remedies: (&body, &court),
        calendar: Calendar::embedded(),
        law: LawTable::embedded(),
        now: monday(),
    };
    let text = compose(&play.case, fact, &around).unwrap();
    let words = text.paragraphs.iter().map(|own| own.zh.as_str()).collect::<Vec<_>>().join("\n");
    assert!(words.contains("11月30日") && words.contains("不颁发证照") && words.contains("终止办理"), "{words}");
    assert!(text.items.len() == 1 && text.items[0].zh.contains("请补交"), "{:?}", text.items);
    assert!(text.paragraphs.iter().chain(&text.items).all(|own| !own.is_incomplete()));
}

#[test]
fn the_case_is_examined_meanwhile_and_nothing_is_granted_before_all_is_in() {
    let slot = gap_slot(manual());
    let mut play = accepted_with_gap();
    while play.case.state != (State::InReview { step: StepKind::Decide }) {
        let officers = vec!["甲".to_owned(), "乙".to_owned()];
        play.give(monday(), Command::GiveOpinion { favourable: true, text: "同意".into(), officers });
    }
    let grant = || Command::Grant { reasons: String::new(), document: doc() };
    let open = || Reason::GapsOpen { slots: vec![slot.clone()] };
    assert_eq!(play.refused(monday(), grant()), open());
    assert!(!possible(&play.case).contains(&"grant"));
    play.give(monday(), Command::SupplyGaps { items: vec![paper(&slot)] });
    assert_eq!(play.refused(monday(), grant()), open(), "a clerk looks first");
    let check = |in_order, note: &str| {
        let verdict = Verdict { in_order, note: note.into() };
        Command::CheckGap { slot: slot.clone(), verdict }
    };
    assert_eq!(play.refused(monday(), check(false, " ")), Reason::ReasonMissing);
    play.give(monday(), check(false, "缺签字页"));
    assert_eq!(play.refused(monday(), check(true, "")), Reason::WrongState, "what was found wanting is owed again");
    play.give(monday(), Command::ReceiveGap { item: paper(&slot) });
    assert!(play.case.open_gaps().next().is_none());
    play.give(monday(), grant());
    assert_eq!(play.case.state, State::Granted);
}

#[test]
fn what_does_not_come_ends_the_case_after_the_day_of_the_notice_and_not_before() {
    let slot = gap_slot(manual());
    let play = accepted_with_gap();
    let over = Timestamp::end_of(play.case.gap_notice.as_ref().unwrap().until);
    assert!(kinds(&play).contains(&DutyKind::GapsOver) && kinds(&play).contains(&DutyKind::GapReminder));
    assert_eq!(play.refused(over.plus_seconds(-1), missed()), Reason::TooEarly);
    let mut ended = Play { bundle: play.bundle, case: play.case.clone(), facts: play.facts.clone() };
    ended.give(over, missed());
    assert_eq!(ended.case.state, State::Terminated);
    assert_eq!(DocumentKind::of(ended.facts.last().unwrap()), Some(DocumentKind::Termination));
    // The day of arrival counts: whoever was in time does not wait for the clerk in fear.
    let mut arrived = play;
    arrived.give(over.plus_seconds(-1), Command::SupplyGaps { items: vec![paper(&slot)] });
    assert!(!kinds(&arrived).contains(&DutyKind::GapsOver));
    assert_eq!(arrived.refused(over, missed()), Reason::WrongState);
}

#[test]
fn the_applicant_is_reminded_once() {
    let mut play = accepted_with_gap();
    let at = duties(&play.case, Calendar::embedded(), LawTable::embedded());
    let at = at.iter().find(|duty| duty.kind == DutyKind::GapReminder).unwrap().at;
    assert_eq!(at, Timestamp::start_of(date(2026, 11, 26)), "two working days before Monday 30 November");
    assert_eq!(play.refused(at.plus_seconds(-1), Command::RemindGaps), Reason::TooEarly);
    play.give(at, Command::RemindGaps);
    assert_eq!(play.refused(at, Command::RemindGaps), Reason::WrongState);
    assert!(!kinds(&play).contains(&DutyKind::GapReminder));
}

#[test]
fn an_image_now_and_the_final_version_later() {
    let slot = gap_slot(manual());
    let mut application = complete(manual());
    application.gaps = Some(GapPromise { slots: vec![slot.clone()], signed_at: monday(), signed_by: "a".into() });
    let ctx = ctx(manual(), at(date(2026, 11, 23), 10));
    let facts = Case::open(opening(manual(), application, Origin::Web), true, &ctx).unwrap();
    let mut play = Play { bundle: manual(), case: replay(facts.clone()).unwrap(), facts };
    play.give(monday(), with_gaps(CreditStanding::Clear));
    assert!(play.case.outstanding().all(|gap| gap.image) && play.case.outstanding().count() == 1);
    play.give(monday(), Command::ReceiveGap { item: paper(&slot) });
    assert_eq!(play.case.open_gaps().count(), 0);
}

#[test]
fn silence_accepts_as_ever_but_without_a_notice_nothing_ends_the_case() {
    let mut play = filed_with_gap();
    let later = at(date(2026, 12, 7), 9);
    play.give(later, Command::DeemAccepted { document: doc() });
    assert_eq!(play.case.open_gaps().count(), 1, "no licence before it is in, all the same");
    assert_eq!(play.refused(at(date(2027, 6, 1), 9), missed()), Reason::NotAnnounced);
    assert!(!kinds(&play).contains(&DutyKind::GapsOver));
}

#[test]
fn a_longer_time_is_for_applications_received_later() {
    let from = date(2026, 11, 24);
    let old = LawTable::embedded().get("gap-supply", from).unwrap().clone();
    let ended = domain::time::LawNumber { valid_to: from.yesterday().ok(), ..old.clone() };
    let new = domain::time::LawNumber { number: 2, valid_from: from, ..old };
    let law = LawTable::embedded().with_overrides(&json!({ "numbers": [ended, new] }).to_string()).unwrap();
    let until = |received: Date| {
        let ctx = Context { law: &law, ..ctx(manual(), at(received, 10)) };
        let facts = Case::open(opening(manual(), with_gap(manual()), Origin::Web), true, &ctx).unwrap();
        let case = replay(facts).unwrap();
        let ctx = Context { now: at(from, 12), ..ctx };
        let facts = decide(&case, with_gaps(CreditStanding::Clear), &ctx).unwrap();
        facts.into_iter().fold(Some(case), evolve).unwrap().gap_notice.unwrap().until
    };
    let days = |number| Calendar::embedded().add_working_days(from, number).unwrap().date;
    assert_eq!((until(date(2026, 11, 23)), until(from)), (days(5), days(2)));
}
