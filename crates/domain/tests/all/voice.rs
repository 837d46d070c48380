//! Rating: the shipped levels and tags, the life of a rating and of its follow-up as tables and as random sequences, published
//! figures, and contests.

use std::collections::BTreeMap;

use domain::law::Confidence;
use domain::text::Text;
use domain::time::{Calendar, LawTable, Timestamp};
use domain::voice::*;
use jiff::civil::date;
use proptest::prelude::*;

const HANDLER: &str = "handler";
const SECOND: &str = "second";
const RATED: &str = "rated";

fn ratings() -> Ratings {
    let text = include_str!("../../../../catalog/ratings.json");
    Ratings::load(&BTreeMap::from([(RATINGS.to_owned(), text.to_owned())])).unwrap()
}

fn rules() -> RatingRules {
    ratings().rules_on(date(2026, 11, 23)).unwrap().clone()
}

/// Ten in the morning of a Monday, and so many days later.
fn day(days: i64) -> Timestamp {
    Timestamp::start_of(date(2026, 11, 23)).plus_seconds(10 * 3600 + days * 86_400)
}

fn terms(complex: bool) -> Terms {
    Terms::of(LawTable::embedded(), Calendar::embedded(), day(0), complex).unwrap()
}

fn opened(reachable: bool) -> FollowUp {
    FollowUp {
        id: "case.1".into(),
        number: "PJ2026000001".into(),
        department: "approval".into(),
        staff: vec![RATED.into()],
        stars: 1,
        opened: day(0),
        reachable,
        terms: terms(false),
        attempts: Vec::new(),
        complex: None,
        claim: None,
        answer: None,
        again_until: None,
        late: Vec::new(),
        state: FollowUpState::Open,
    }
}

fn contact(reached: bool) -> FollowUpCommand {
    FollowUpCommand::Contact { reached, note: "说明".into() }
}

fn take_time() -> FollowUpCommand {
    FollowUpCommand::TakeTime { reason: "须与两个部门核对".into() }
}

fn claim() -> FollowUpCommand {
    FollowUpCommand::Claim { ground: ClaimGround::Mistaken, evidence: "评价人称按错".into() }
}

fn judge(upheld: bool) -> FollowUpCommand {
    FollowUpCommand::Judge { upheld, reason: "核对录音".into() }
}

fn answer() -> FollowUpCommand {
    FollowUpCommand::Answer { outcome: Outcome::PutRight, text: "已补上样本".into(), public: true }
}

fn decide(own: &FollowUp, command: &FollowUpCommand, by: &str, now: Timestamp) -> Result<FollowUp, RatingReason> {
    let fact = own.decide(command, by, &rules(), terms(true), now).map_err(|refusal| refusal.reason)?;
    Ok(FollowUp::evolve(Some(own.clone()), fact).unwrap())
}

/// A follow-up after these commands of its handler; the second person judges.
fn after(reachable: bool, commands: &[FollowUpCommand]) -> FollowUp {
    commands.iter().fold(opened(reachable), |own, command| {
        let by = if command.name() == "judge" { SECOND } else { HANDLER };
        decide(&own, command, by, day(0)).unwrap()
    })
}

#[test]
fn the_shipped_table_is_whole_and_named_by_the_standard() {
    let text = include_str!("../../../../catalog/ratings.json").to_owned();
    let files = BTreeMap::from([(RATINGS.to_owned(), text.clone())]);
    assert!(lint_ratings(&files).is_empty(), "{:?}", lint_ratings(&files));
    let ratings = ratings();
    assert_eq!(ratings.tags.len(), 40);
    for stars in 1..=5 {
        // The first digit of a tag is the number of stars of its level.
        let digit = char::from(b'0' + stars);
        assert_eq!(ratings.tags_of(stars).filter(|tag| tag.code.starts_with(digit)).count(), 8, "{stars}");
        assert_eq!(ratings.level(stars).unwrap().code, 6 - stars);
        assert_eq!(ratings.is_bad(stars), stars <= 2, "levels 4 and 5 of the standard are bad");
    }
    assert_eq!(ratings.tag("110").unwrap().text.zh, "无理由超过法定办理时间");
    for (from, to, check) in [
        ("\"stars\": 5, \"code\": 1", "\"stars\": 5, \"code\": 5", "rating-levels"),
        ("\"code\": \"510\"", "\"code\": \"511\"", "rating-tag"),
        ("\"open_days\": 30", "\"open_days\": 0", "rating-rules"),
        ("\"points\": [0, 200", "\"points\": [200, 0", "rating-rules"),
        ("\"average\": 850", "\"average\": 990", "rating-grades"),
        ("\"winners\": 3", "\"winners\": 0", "rating-contest"),
    ] {
        let broken = text.replacen(from, to, 1);
        assert_ne!(broken, text, "{from}");
        let findings = lint_ratings(&BTreeMap::from([(RATINGS.to_owned(), broken)]));
        assert!(findings.iter().any(|finding| finding.check == check), "{check}: {findings:?}");
    }
}

/// EV-3: one working day to talk to the rater, five to answer, fifteen where things are complex. The weekend does not count.
#[test]
fn dates_follow_the_working_days() {
    let end = Timestamp::end_of;
    let (short, long) = (terms(false), terms(true));
    assert_eq!(short.contact_by, end(date(2026, 11, 24)));
    assert_eq!(short.answer_by, end(date(2026, 11, 30)));
    assert_eq!(long.answer_by, end(date(2026, 12, 14)));
    let friday = Timestamp::start_of(date(2026, 11, 27)).plus_seconds(3600);
    let weekend = Terms::of(LawTable::embedded(), Calendar::embedded(), friday, false).unwrap();
    assert_eq!(weekend.contact_by, end(date(2026, 11, 30)));
    // A change of the rule by a dated file changes it from that day.
    let tighter = LawTable::embedded()
        .with_overrides(
            r#"{"numbers": [
            {"id": "rating-answer", "number": 5, "unit": "working-day", "start": "receipt", "source": "旧", "basis": "L", "valid_from": "2020-10-16", "valid_to": "2026-11-25", "purpose": {"zh": "答复", "en": "Answer"}},
            {"id": "rating-answer", "number": 3, "unit": "working-day", "start": "receipt", "source": "新", "basis": "L", "valid_from": "2026-11-26", "purpose": {"zh": "答复", "en": "Answer"}}]}"#,
        )
        .unwrap();
    let before = Terms::of(&tighter, Calendar::embedded(), day(0), false).unwrap();
    assert_eq!(before.answer_by, short.answer_by, "what was opened before keeps its date");
    let new = Terms::of(&tighter, Calendar::embedded(), friday, false).unwrap();
    assert_eq!(new.answer_by, end(date(2026, 12, 2)));
}

/// What the six commands of the table come to.
type Outcomes = [Result<FollowUpState, RatingReason>; 6];

/// State × command × who.
#[test]
fn every_state_takes_the_commands_it_should() {
    use FollowUpState as S;
    use RatingReason as R;
    let open = opened(true);
    let out_of_reach = opened(false);
    let contacted = after(true, &[contact(true)]);
    let claimed = after(true, &[contact(true), claim()]);
    let answered = after(true, &[contact(true), answer()]);
    let dismissed = after(true, &[claim(), judge(true)]);
    let commands = [contact(true), take_time(), claim(), answer(), judge(true), FollowUpCommand::RateAgain];
    let wrong = Err(R::WrongState);
    let table: [(&FollowUp, Outcomes); 6] = [
        (
            &open,
            [
                Ok(S::Contacted),
                Err(R::ContactFirst),
                Ok(S::Claimed),
                Err(R::ContactFirst),
                wrong.clone(),
                wrong.clone(),
            ],
        ),
        (
            &out_of_reach,
            [Err(R::OutOfReach), Ok(S::Open), Ok(S::Claimed), Ok(S::Answered), wrong.clone(), wrong.clone()],
        ),
        (&contacted, [wrong.clone(), Ok(S::Contacted), Ok(S::Claimed), Ok(S::Answered), wrong.clone(), wrong.clone()]),
        (&claimed, [wrong.clone(), wrong.clone(), wrong.clone(), wrong.clone(), Ok(S::Dismissed), wrong.clone()]),
        (&answered, [wrong.clone(), wrong.clone(), wrong.clone(), wrong.clone(), wrong.clone(), Ok(S::Closed)]),
        (&dismissed, [wrong.clone(), wrong.clone(), wrong.clone(), wrong.clone(), wrong.clone(), wrong.clone()]),
    ];
    for (own, outcomes) in table {
        for (command, expected) in commands.iter().zip(outcomes) {
            let found = decide(own, command, SECOND, day(0)).map(|own| own.state);
            assert_eq!(found, expected, "{:?} {}", own.state, command.name());
            let rated = decide(own, command, RATED, day(0)).unwrap_err();
            assert_eq!(rated, R::OwnWork, "the rated take no part: {:?} {}", own.state, command.name());
        }
        let offered = own.possible();
        for command in commands.iter().filter(|own| own.name() != "rate-again") {
            let taken = decide(own, command, SECOND, day(0)).is_ok();
            assert_eq!(offered.contains(&command.name()), taken, "{:?} {}", own.state, command.name());
        }
    }
}

#[test]
fn a_second_person_decides_about_a_misrating_and_the_follow_up_goes_on_where_it_stood() {
    let claimed = after(true, &[contact(true), claim()]);
    assert_eq!(decide(&claimed, &judge(true), HANDLER, day(0)), Err(RatingReason::SamePerson));
    let back = decide(&claimed, &judge(false), SECOND, day(0)).unwrap();
    assert_eq!(back.state, FollowUpState::Contacted);
    assert_eq!(decide(&back, &claim(), HANDLER, day(0)), Err(RatingReason::Once));
    let early = after(true, &[claim(), judge(false)]);
    assert_eq!(early.state, FollowUpState::Open, "nobody has talked to the rater yet");
    assert_eq!(after(true, &[contact(true), take_time()]).terms, terms(true));
    let twice = decide(&after(true, &[contact(true), take_time()]), &take_time(), HANDLER, day(0));
    assert_eq!(twice, Err(RatingReason::Once));
}

#[test]
fn whoever_cannot_be_reached_after_several_attempts_is_answered_without() {
    let tried = after(true, &[contact(false), contact(false)]);
    assert_eq!(tried.state, FollowUpState::Open);
    let enough = decide(&tried, &contact(false), HANDLER, day(0)).unwrap();
    assert_eq!(enough.state, FollowUpState::Contacted);
}

#[test]
fn what_is_late_is_noted_once_and_more_time_gives_a_new_date() {
    let own = opened(true);
    let late = |own: &FollowUp, duty, now| decide(own, &FollowUpCommand::NoteLate { duty }, "system", now);
    assert_eq!(late(&own, FollowUpDuty::Contact, day(0)), Err(RatingReason::WrongState), "its time is not over");
    let noted = late(&own, FollowUpDuty::Contact, own.terms.contact_by).unwrap();
    assert_eq!(noted.late, [FollowUpDuty::Contact]);
    assert_eq!(late(&noted, FollowUpDuty::Contact, own.terms.contact_by), Err(RatingReason::WrongState));
    let talked = decide(&noted, &contact(true), HANDLER, own.terms.contact_by).unwrap();
    let over = late(&talked, FollowUpDuty::Answer, own.terms.answer_by).unwrap();
    assert_eq!(over.late, [FollowUpDuty::Contact, FollowUpDuty::Answer]);
    let longer = decide(&over, &take_time(), HANDLER, own.terms.answer_by).unwrap();
    assert_eq!(longer.late, [FollowUpDuty::Contact], "the new date is ahead");
    assert_eq!(longer.duties(), [(terms(true).answer_by, FollowUpDuty::Answer)]);
    let fact = longer.decide(&answer(), HANDLER, &rules(), terms(true), longer.terms.answer_by).unwrap();
    assert!(matches!(fact, FollowUpFact::Answered { in_time: false, .. }));
}

#[test]
fn one_rates_again_until_the_time_for_it_is_over() {
    let answered = after(true, &[contact(true), answer()]);
    let until = answered.again_until.unwrap();
    assert_eq!(until, day(i64::from(rules().rerate_days)));
    assert_eq!(answered.duties(), [(until, FollowUpDuty::Close)]);
    assert_eq!(decide(&answered, &FollowUpCommand::RateAgain, "system", until), Err(RatingReason::WrongState));
    assert_eq!(decide(&answered, &FollowUpCommand::Close, "system", day(1)), Err(RatingReason::WrongState));
    assert_eq!(decide(&answered, &FollowUpCommand::Close, "system", until).unwrap().state, FollowUpState::Closed);
}

fn given(stars: u8) -> Rating {
    Rating {
        id: "case.1".into(),
        number: "1".into(),
        matter: String::new(),
        scope: Scope {
            department: "approval".into(),
            place: String::new(),
            window: String::new(),
            staff: vec![RATED.into()],
            on: date(2026, 11, 23),
        },
        finished: day(0),
        given: day(0),
        channel: Channel::Pc,
        voice: Voice { stars, tags: Vec::new(), text: "没有样本".into() },
        rater: Rater { account: Some("a".into()), party: None, phone: "13800000000".into() },
        again: None,
        verdict: Verdict::Counted,
    }
}

#[test]
fn a_rating_is_given_again_once_counted_as_the_rules_say_and_forgotten() {
    for (replaces, counts) in [(true, 5), (false, 1)] {
        let voice = Voice { stars: 5, tags: Vec::new(), text: "改好了".into() };
        let fact = given(1).give_again(voice.clone(), replaces, day(2)).unwrap();
        let own = Rating::evolve(Some(given(1)), fact).unwrap();
        assert_eq!(own.stars(), counts);
        let twice = own.give_again(voice, replaces, day(3)).unwrap_err();
        assert_eq!(twice.reason, RatingReason::AlreadyRated { at: day(2) });
        let gone = Rating::evolve(Some(own), RatingFact::Erased).unwrap();
        assert_eq!((gone.voice.text.as_str(), gone.stars()), ("", counts));
        assert_eq!(gone.rater, Rater::default());
    }
    let fact = given(1).discount(day(1)).unwrap();
    let own = Rating::evolve(Some(given(1)), fact).unwrap();
    assert!(own.discount(day(2)).is_err());
    assert!(own.give_again(given(5).voice, true, day(2)).is_err(), "what does not count is not rated again");
}

fn tally(by_stars: [i64; 5], services: i64) -> Tally {
    Tally { by_stars, services }
}

/// The published figures of a province's month, to their printed rounding: shares of 13,461,728 ratings, 9.9 of 10 points.
#[test]
fn published_shares_come_out_as_they_were_printed() {
    let own = tally([980, 295, 18_062, 10_421, 13_431_970], 13_879_360);
    assert_eq!(own.total(), 13_461_728);
    for (stars, printed, decimals) in
        [(5, "99.779", 3), (4, "0.077", 3), (3, "0.134", 3), (2, "0.0022", 4), (1, "0.0073", 4)]
    {
        let rounded = format!("{:.decimals$}", own.share(stars) as f64 / 10_000.0);
        assert_eq!(rounded, printed, "{stars} stars");
    }
    let average = own.average(&rules()).unwrap();
    assert_eq!(average / 10, 99, "9.9 of ten points, not rounded up to ten: {average}");
    assert_eq!(own.rated_share(), Some(969_910));
}

/// EV-1: rating is voluntary. What nobody rated counts as nothing, unless a dated rule says as what.
#[test]
fn silence_is_not_praise_unless_a_rule_says_so() {
    let own = tally([1, 0, 0, 0, 1], 10);
    let silent = rules();
    assert_eq!(silent.unrated_stars, None);
    assert_eq!(own.counted(&silent).by_stars, [1, 0, 0, 0, 1]);
    let counted = RatingRules { unrated_stars: Some(3), ..silent.clone() };
    assert_eq!(own.counted(&counted).by_stars, [1, 0, 8, 0, 1]);
    assert_eq!(tally([0; 5], 0).average(&silent), None);
    assert_eq!(grade(&tally([0, 0, 0, 0, 4], 4), &silent).map(|own| own.stars), None, "too few for any");
    assert_eq!(grade(&tally([0, 0, 0, 0, 19], 19), &silent).map(|own| own.stars), Some(3), "too few for more");
    assert_eq!(grade(&tally([0, 0, 0, 0, 20], 20), &silent).map(|own| own.stars), Some(5));
    assert_eq!(grade(&tally([20, 0, 0, 0, 0], 20), &silent).map(|own| own.stars), Some(1));
}

#[test]
fn contests_are_won_by_counters_and_come_out_the_same_twice() {
    for (every, day, name, first) in [
        (Every::Month, date(2026, 11, 1), "2026-10", date(2026, 10, 1)),
        (Every::Month, date(2026, 1, 31), "2025-12", date(2025, 12, 1)),
        (Every::Quarter, date(2026, 1, 1), "2025-Q4", date(2025, 10, 1)),
        (Every::Quarter, date(2026, 6, 30), "2026-Q1", date(2026, 1, 1)),
        (Every::Quarter, date(2026, 11, 23), "2026-Q3", date(2026, 7, 1)),
    ] {
        let round = Round::before(every, day);
        assert_eq!((round.name.as_str(), round.first), (name, first));
        assert_eq!(round.months.len(), if every == Every::Month { 1 } else { 3 });
    }
    let contest = Contest {
        id: "best".into(),
        name: Text::new("优", "Best"),
        of: ContestOf::Window,
        every: Every::Month,
        winners: 2,
        least: 10,
        bad_allowed: 0,
        valid_from: date(2026, 1, 1),
        valid_to: None,
        source: "办法".into(),
        basis: Confidence::L,
    };
    let entrant = |id: &str, by_stars| Entrant { id: id.into(), tally: tally(by_stars, 0) };
    let mut all = vec![
        entrant("few", [0, 0, 0, 0, 9]),
        entrant("bad", [1, 0, 0, 0, 90]),
        entrant("good", [0, 0, 0, 2, 10]),
        entrant("more", [0, 0, 0, 0, 20]),
        entrant("best", [0, 0, 0, 0, 30]),
    ];
    let names = |all: &[Entrant]| -> Vec<String> {
        winners(&contest, &ratings(), &rules(), all).into_iter().map(|own| own.id).collect()
    };
    assert_eq!(names(&all), ["best", "more"]);
    all.reverse();
    assert_eq!(names(&all), ["best", "more"]);
    assert!(contest.covers(&Round::before(Every::Month, date(2026, 2, 1)), date(2026, 2, 1)));
    assert!(!contest.covers(&Round::before(Every::Month, date(2026, 1, 1)), date(2026, 1, 1)));
}

fn any_command() -> impl Strategy<Value = FollowUpCommand> {
    prop_oneof![
        any::<bool>().prop_map(contact),
        Just(take_time()),
        Just(claim()),
        any::<bool>().prop_map(judge),
        Just(answer()),
        Just(FollowUpCommand::RateAgain),
        Just(FollowUpCommand::Close),
        Just(FollowUpCommand::NoteLate { duty: FollowUpDuty::Contact }),
        Just(FollowUpCommand::NoteLate { duty: FollowUpDuty::Answer }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Replaying the facts gives the state; nothing is answered before somebody talked to a rater who can be reached; what is late is
    /// noted once; nothing happens after the end.
    #[test]
    fn random_commands_keep_the_rules(
        reachable in any::<bool>(),
        steps in prop::collection::vec((any_command(), 0..3_usize, 0..6_i64), 1..30),
    ) {
        let by = [HANDLER, SECOND, RATED];
        let mut own = opened(reachable);
        let mut facts = vec![FollowUpFact::Opened { follow_up: Box::new(own.clone()) }];
        let mut now = day(0);
        for (command, who, days) in steps {
            now = now.plus_seconds(days * 86_400);
            let ended = matches!(own.state, FollowUpState::Closed | FollowUpState::Dismissed);
            match own.decide(&command, by[who], &rules(), terms(true), now) {
                Ok(fact) => {
                    prop_assert!(!ended && by[who] != RATED);
                    own = FollowUp::evolve(Some(own), fact.clone()).unwrap();
                    facts.push(fact);
                }
                Err(refusal) => prop_assert_eq!(refusal.command, command.name()),
            }
            let once = |duty| own.late.iter().filter(|own| **own == duty).count() <= 1;
            prop_assert!(once(FollowUpDuty::Contact) && once(FollowUpDuty::Answer));
            let talked = own.attempts.iter().any(|attempt| attempt.reached) || own.attempts.len() >= 3;
            prop_assert!(own.answer.is_none() || talked || !reachable);
            prop_assert_eq!(own.pile().is_some(), own.is_open());
        }
        let replayed = facts.into_iter().fold(None, FollowUp::evolve);
        prop_assert_eq!(replayed, Some(own));
    }
}
