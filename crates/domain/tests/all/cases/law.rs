//! What the law says on the way: when a case counts as accepted, how long it may be extended, on which grounds it ends,
//! and what its documents must tell.

use super::*;

/// The document of the last fact that has one.
fn last_document(play: &Play, now: Timestamp) -> DocumentText {
    document_under(play, now, LawTable::embedded())
}

fn document_under(play: &Play, now: Timestamp, law: &LawTable) -> DocumentText {
    let (body, court) = (Text::new("区政府", "the district government"), Text::new("区法院", "the district court"));
    let department = Text::new("行政审批服务局", "Approval Bureau");
    let around = Around {
        matter: &play.bundle.matter,
        department: &department,
        remedies: (&body, &court),
        calendar: Calendar::embedded(),
        law,
        now,
    };
    let fact = play.facts.iter().rev().find(|fact| DocumentKind::of(fact).is_some()).unwrap();
    let text = compose(&play.case, fact, &around).unwrap();
    assert!(text.paragraphs.iter().all(|words| !words.is_incomplete()), "{:?}", text.paragraphs);
    text
}

fn words(text: &DocumentText) -> (String, String) {
    let of = |lang| text.paragraphs.iter().map(|own| own.get(lang)).collect::<Vec<_>>().join("\n");
    (of(domain::text::Lang::Zh), of(domain::text::Lang::En))
}

/// The law of a city that has struck one number out since long ago.
fn law_without(id: &str) -> LawTable {
    let number = LawTable::embedded().list().find(|number| number.id == id).unwrap().clone();
    let ended = domain::time::LawNumber { valid_to: Some(number.valid_from), ..number };
    LawTable::embedded().with_overrides(&json!({ "numbers": [ended] }).to_string()).unwrap()
}

#[test]
fn a_clerk_who_accepts_after_the_five_days_says_what_the_law_has_done() {
    // Received on Monday 16 November; the fifth working day is Monday 23 November.
    let received = at(date(2026, 11, 16), 10);
    let mut play = Play::filed(manual(), date(2026, 11, 16));
    play.case.application.materials.clear();
    let last = Timestamp::end_of(date(2026, 11, 23));
    let accept = || Command::Accept { document: doc() };
    let early = decide(&play.case, accept(), &ctx(manual(), last.plus_seconds(-1))).unwrap_err();
    assert!(matches!(early.reason, Reason::Incomplete { .. }), "within the five days completeness is asked for");
    let late = at(date(2026, 11, 25), 9);
    let facts = decide(&play.case, accept(), &ctx(manual(), late)).unwrap();
    let [fact @ Fact::Accepted { effective, deemed, clocks, .. }] = facts.as_slice() else { panic!("{facts:?}") };
    assert!(*deemed);
    assert_eq!((*effective, clocks.promised.started), (received, received));
    assert_eq!(DocumentKind::of(fact), Some(DocumentKind::DeemedAcceptance));
}

#[test]
fn a_non_acceptance_tells_its_remedies_and_their_time() {
    let now = at(date(2026, 11, 24), 9);
    let mut play = Play::filed(manual(), date(2026, 11, 23));
    play.give(
        now,
        Command::DeclineAcceptance {
            ground: NonAcceptance::WrongAuthority { authority: "市水务局".into() },
            reasons: "不属于本机关".into(),
            document: doc(),
        },
    );
    let text = last_document(&play, now);
    assert_eq!(text.remedies.len(), 2);
    for (remedy, body, zh, en, last) in [
        (&text.remedies[0], "区政府", "60日内", "within 60 days", "2027-01-25"),
        (&text.remedies[1], "区法院", "6个月内", "within 6 months", "2027-05-24"),
    ] {
        assert_eq!(remedy.body.zh, body);
        assert!(
            remedy.period.zh.contains(zh) && remedy.period.zh.contains(&format!("{last} 止，含当日")),
            "{remedy:?}"
        );
        assert!(remedy.period.en.contains(en) && remedy.period.en.contains(last), "{remedy:?}");
        assert!(remedy.period.zh.starts_with("自收到本决定书之日起"), "time runs from service: {remedy:?}");
    }
    let (zh, en) = words(&text);
    assert!(zh.contains("60日内") && zh.contains("6个月内"), "{zh}");
    assert!(en.contains("within 60 days") && en.contains("within 6 months"), "{en}");
}

#[test]
fn facts_from_before_remedies_and_grounds_were_kept_are_still_read() {
    let old = [
        json!({"fact": "not-accepted", "ground": {"kind": "barred"}, "reasons": "x", "document": doc()}),
        json!({"fact": "terminated", "reason": "企业注销"}),
        json!({"fact": "correction-requested", "further": false,
               "notice": {"points": [], "at": 0, "until": "2026-12-01", "provisional": false, "document": doc()}}),
    ];
    for fact in old {
        let read: Fact = serde_json::from_value(fact.clone()).unwrap_or_else(|error| panic!("{fact}: {error}"));
        if let Fact::Terminated { .. } = &read {
            assert_eq!(DocumentKind::of(&read), None, "an old ending has no notice");
        }
    }
}

#[test]
fn silence_closes_a_case_only_where_rule_and_notice_say_so() {
    let (day, now) = (date(2026, 11, 23), at(date(2026, 11, 23), 11));
    let close =
        || Command::DeclineAcceptance { ground: NonAcceptance::NotSupplied, reasons: "逾期".into(), document: doc() };
    let closing = |play: &Play, law: &LawTable| {
        duties(&play.case, Calendar::embedded(), law).into_iter().any(|duty| duty.kind == DutyKind::CorrectionOver)
    };
    let mut told = Play::filed(manual(), day);
    told.give(now, request(vec![point("x")]));
    let source = &LawTable::embedded().get("correction-closing", day).unwrap().source;
    let (zh, en) = words(&last_document(&told, now));
    assert!(zh.contains("逾期未补正的，视为放弃申请") && zh.contains(source), "{zh}");
    assert!(zh.contains("（含当日）"), "the last day is part of the time: {zh}");
    assert!(en.contains("counts as given up"), "{en}");
    assert!(closing(&told, LawTable::embedded()));
    // A city without the rule: the notice does not threaten, and nothing closes the case.
    let law = law_without("correction-closing");
    assert!(!closing(&told, &law), "the rule was struck out");
    let mut untold = Play::filed(manual(), day);
    let context = Context { law: &law, ..ctx(manual(), now) };
    for fact in decide(&untold.case, request(vec![point("x")]), &context).unwrap() {
        untold.case = evolve(Some(untold.case.clone()), fact.clone()).unwrap();
        untold.facts.push(fact);
    }
    let (zh, _) = words(&document_under(&untold, now, &law));
    assert!(!zh.contains("放弃"), "{zh}");
    assert!(!closing(&untold, &law) && !closing(&untold, LawTable::embedded()));
    let over = Timestamp::end_of(untold.case.correction.as_ref().unwrap().until);
    assert_eq!(untold.refused(over, close()), Reason::NotAnnounced);
}

#[test]
fn each_matter_is_extended_as_its_own_law_says() {
    let number = |slug: &str| {
        let matter = &CATALOGUE.matters[slug].matter;
        extension_of(matter, LawTable::embedded(), date(2026, 11, 23)).map(|period| (period.number, period.source))
    };
    let al = LawTable::embedded().get("decision-extension", date(2026, 11, 23)).unwrap().source.clone();
    assert_eq!(number("drainage-permit"), Some((10, al)), "its limit is that of AL 42");
    assert_eq!(number("company-registration"), Some((3, "市场主体登记管理条例 第十九条".into())));
    assert_eq!(number("food-operation").map(|own| own.0), Some(5));
    for slug in ["eia-report-form", "clinic-filing", "private-school", "device-class3", "road-freight"] {
        assert_eq!(number(slug), None, "{slug}: its law knows no extension");
    }
    // It is offered only where it is lawful, and once.
    let day = date(2026, 11, 23);
    let offered =
        |play: &Play, slug: &str| is_extensible(&play.case, &CATALOGUE.matters[slug].matter, LawTable::embedded());
    for (slug, lawful) in [("drainage-permit", true), ("private-school", false), ("device-class3", false)] {
        let mut play = Play::filed(&CATALOGUE.matters[slug], day);
        play.give(at(date(2026, 12, 7), 9), Command::DeemAccepted { document: doc() });
        assert_eq!(offered(&play, slug), lawful, "{slug}");
        if lawful {
            play.give(at(date(2026, 12, 7), 10), Command::Extend { reason: "案情复杂".into(), document: doc() });
            assert!(!offered(&play, slug), "{slug} twice");
        }
    }
}

#[test]
fn an_extension_that_the_law_does_not_know_is_refused_in_true_words() {
    let day = date(2026, 11, 23);
    let extend = || Command::Extend { reason: "案情复杂".into(), document: doc() };
    for slug in ["clinic-filing", "private-school"] {
        let (mut play, later) = (Play::filed(&CATALOGUE.matters[slug], day), at(date(2026, 12, 7), 9));
        play.give(later, Command::DeemAccepted { document: doc() });
        let words = play.refused(later, extend()).explain();
        assert!(words.zh.contains("没有规定延长") && !words.zh.contains("一次"), "{slug}: {}", words.zh);
        assert!(!words.en.chars().any(domain::codes::name::is_han), "{}", words.en);
    }
    let mut play = Play::filed(manual(), day);
    play.give(at(day, 11), Command::Accept { document: doc() }).give(at(day, 12), extend());
    assert!(play.refused(at(day, 13), extend()).explain().zh.contains("只能延长一次"));
    // The notice cites the rule that allows it, says how long, and names both new dates.
    let (zh, _) = words(&last_document(&play, at(day, 12)));
    let clock = play.case.clocks.as_ref().unwrap().statutory.clone().unwrap();
    let end = clock.deadline(Calendar::embedded()).unwrap().date;
    for part in ["食品经营许可和备案管理办法", "延长5个工作日", &format!("法定办结日期：{end}")]
    {
        assert!(zh.contains(part), "{part}: {zh}");
    }
    assert!(!zh.contains("第四十二条"), "{zh}");
    let mut late = Play::filed(manual(), day);
    late.give(at(day, 11), Command::Accept { document: doc() });
    assert!(late.refused(at(date(2027, 6, 1), 9), extend()).explain().zh.contains("期限届满后"));
}

#[test]
fn a_case_ends_without_a_decision_only_on_a_closed_ground_by_a_sealed_notice() {
    let (day, now) = (date(2026, 11, 23), at(date(2026, 11, 23), 12));
    for ground in Termination::ALL {
        // What was to follow ends a case only after the day of the notice that named it.
        let gaps = ground == Termination::GapsNotSupplied;
        let mut play = if gaps { accepted_with_gap() } else { accepted() };
        let now = play.case.gap_notice.as_ref().map_or(now, |notice| Timestamp::end_of(notice.until));
        let article =
            if gaps { "《青岛市优化营商环境条例》第二十四条" } else { "《行政许可法》第" };
        let command = |reason: &str| Command::Terminate { ground, reason: reason.into(), document: doc() };
        assert_eq!(play.refused(now, command(" ")), Reason::ReasonMissing);
        play.give(now, command("企业已于当日注销"));
        assert_eq!(play.case.state, State::Terminated);
        let text = last_document(&play, now);
        assert_eq!(text.kind, DocumentKind::Termination);
        assert_eq!(text.remedies.len(), 2, "{day}: the remedies are told");
        let (zh, en) = words(&text);
        assert!(zh.contains(&ground.label().zh) && zh.contains(article) && zh.contains("60日内"), "{zh}");
        assert!(en.contains(&ground.label().en), "{en}");
        assert_eq!(Termination::parse(ground.as_str()), Some(ground));
    }
    let free = json!({"command": "terminate", "reason": "拖得太久", "document": doc()});
    assert!(serde_json::from_value::<Command>(free).is_err(), "a free sentence is no ground");
}

#[test]
fn what_is_missing_is_said_in_both_languages() {
    let now = at(date(2026, 11, 23), 10);
    let application = Application { materials: Vec::new(), ..complete(manual()) };
    let refusal =
        Case::open(opening(manual(), application, Origin::Web), true, &ctx(manual(), now)).unwrap_err().reason;
    let words = refusal.explain();
    assert!(words.zh.contains("请提供《"), "{}", words.zh);
    assert!(words.en.contains("Provide: ") && !words.en.chars().any(domain::codes::name::is_han), "{}", words.en);
}

#[test]
fn the_clock_stands_no_longer_than_was_notified() {
    let day = date(2026, 11, 23);
    let own = reviewed().matter.special_procedures.iter().find(|own| own.kind == SpecialKind::ExpertReview).unwrap();
    let pause = |working_days| Command::Pause { procedure: SpecialKind::ExpertReview, working_days, document: doc() };
    let mut play = Play::filed(reviewed(), day);
    play.give(at(day, 11), Command::Accept { document: doc() });
    for wrong in [0, own.working_days + 1] {
        assert_eq!(play.refused(at(day, 12), pause(wrong)), Reason::PauseTooLong { most: own.working_days });
    }
    play.give(at(day, 12), pause(5));
    let until = Calendar::embedded().add_working_days(day, 5).unwrap().date;
    let (zh, _) = words(&last_document(&play, at(day, 12)));
    assert!(zh.contains(&format!("至 {until} 止")), "the applicant is told when the time is over: {zh}");
    let due = duties(&play.case, Calendar::embedded(), LawTable::embedded());
    assert_eq!(due, [Duty { at: Timestamp::end_of(until), kind: DutyKind::PauseOver }]);
    // However late it is declared over, the days beyond the notified ones count.
    let end_after = |mut play: Play, now: Timestamp| {
        play.give(now, Command::Resume);
        assert!(
            duties(&play.case, Calendar::embedded(), LawTable::embedded())
                .iter()
                .all(|d| d.kind != DutyKind::PauseOver)
        );
        play.case.clocks.unwrap().promised.deadline(Calendar::embedded()).unwrap().date
    };
    let copy = Play { bundle: play.bundle, case: play.case.clone(), facts: play.facts.clone() };
    assert_eq!(end_after(copy, at(until, 15)), end_after(play, at(date(2027, 1, 20), 9)));
}

#[test]
fn nobody_judges_while_a_special_procedure_is_open_and_none_ends_after_the_case() {
    let day = date(2026, 11, 23);
    let mut play = Play::filed(reviewed(), day);
    play.give(at(day, 11), Command::Accept { document: doc() });
    let pause = Command::Pause { procedure: SpecialKind::ExpertReview, working_days: 5, document: doc() };
    play.give(at(day, 12), pause);
    let offered = possible(&play.case);
    assert!(offered.contains(&"resume") && !offered.contains(&"give-opinion"), "{offered:?}");
    let judge = ["give-opinion", "grant", "refuse"];
    for step in [StepKind::Review, StepKind::Decide] {
        let case = Case { state: State::InReview { step }, ..play.case.clone() };
        for command in every_command(reviewed()).into_iter().filter(|command| judge.contains(&command.name())) {
            let refusal = decide(&case, command, &ctx(reviewed(), at(day, 13))).unwrap_err();
            let expected = (refusal.command == "give-opinion") == (step == StepKind::Review);
            assert_eq!(refusal.reason == Reason::ProcedureOpen, expected, "{}", refusal.command);
        }
    }
    play.give(at(day, 14), Command::Withdraw { reason: String::new() });
    assert_eq!(play.refused(at(day, 15), Command::Resume), Reason::WrongState);
    assert!(!possible(&play.case).contains(&"resume"));
}

#[test]
fn barring_somebody_needs_the_earlier_decision_and_lasts_its_time() {
    let (day, now) = (date(2026, 11, 23), at(date(2026, 11, 23), 11));
    let bar = |since: Option<Date>, decision: &str| Command::DeclineAcceptance {
        ground: NonAcceptance::Barred { since, decision: decision.into() },
        reasons: "此前申请提供虚假材料".into(),
        document: doc(),
    };
    let number = "海澜政务（不准）字〔2026〕第000012号";
    let mut play = Play::filed(manual(), day);
    for missing in [bar(None, number), bar(Some(date(2026, 6, 1)), "  ")] {
        assert_eq!(play.refused(now, missing), Reason::EarlierDecisionMissing);
    }
    for over in [date(2025, 11, 20), date(2026, 11, 24)] {
        assert!(matches!(play.refused(now, bar(Some(over), number)), Reason::BarOver { .. }), "{over}");
    }
    play.give(now, bar(Some(date(2026, 6, 1)), number));
    let (zh, _) = words(&last_document(&play, now));
    assert!(zh.contains(number) && zh.contains("2026-06-01"), "{zh}");
}

#[test]
fn a_document_that_ran_out_meanwhile_may_be_asked_for_again() {
    let (day, slot) = (date(2026, 11, 23), first_slot(manual()));
    let mut play = Play::filed(manual(), day);
    play.give(at(day, 11), request(vec![point("form:address")]));
    let application = Box::new(play.case.application.clone());
    play.give(at(date(2026, 11, 25), 9), Command::Resubmit { application });
    let now = at(date(2026, 11, 26), 9);
    let expired = |about: &str| request(vec![Point { new_defect: Some(NewDefect::ExpiredMeanwhile), ..point(about) }]);
    let answer = Reason::SecondNotice { points: vec!["form:address".into()] };
    assert_eq!(play.refused(now, expired("form:address")), answer, "an answer does not run out");
    play.give(now, expired(&slot));
    assert_eq!(play.case.state, State::Correction);
}

#[test]
fn a_licence_ends_the_day_before_or_on_the_last_of_a_shorter_month() {
    for (from, months, last) in [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 30), 2, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2028, 2, 29), 60, date(2033, 2, 28)),
        (date(2027, 2, 28), 12, date(2028, 2, 27)),
        (date(2026, 11, 23), 60, date(2031, 11, 22)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
    ] {
        assert_eq!(domain::licences::last_day(from, months), Some(last), "{from} + {months}");
    }
    assert_eq!(domain::licences::last_day(date(2026, 1, 1), u32::MAX), None);
}
