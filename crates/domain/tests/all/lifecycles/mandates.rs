//! Mandates of organisations for their clerks.

use domain::accounts::*;
use domain::catalog::ApplicantKind;
use domain::ids::MandateId;
use domain::time::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{Line, Table};

const FIRST: Date = Date::constant(2026, 11, 20);
const LAST: Date = Date::constant(2027, 11, 19);
/// Command and article.
const STEPS: &[(&str, &str)] =
    &[("accept", "民法典 165"), ("revoke", "民法典 173(2)"), ("resign", "民法典 173(2)"), ("end", "民法典 173(1)")];

fn now() -> Timestamp {
    Timestamp::start_of(FIRST).plus_seconds(36_000)
}

fn party(id_type: &str, code: &str) -> Party {
    Party { kind: ApplicantKind::Person, name: "王芳".into(), id_type: id_type.into(), code: code.into() }
}

fn mandate() -> Mandate {
    Mandate {
        id: MandateId::new(now(), [1; 10]),
        principal: party("uscc", "91370211MA00000000"),
        clerk: party("citizen-id", "110105194912310021"),
        powers: Power::ALL.into(),
        matters: Vec::new(),
        first: FIRST,
        last: LAST,
        by: "representative".into(),
        at: now(),
        accepted: None,
        ended: None,
    }
}

fn step(own: &Mandate, command: &str, at: Timestamp) -> Result<MandateFact, MandateRefusal> {
    match command {
        "accept" => own.accept("clerk".into(), at),
        "revoke" => own.revoke(at),
        "resign" => own.resign(at),
        _ => own.end(at),
    }
}

fn after(own: Mandate, fact: MandateFact) -> Mandate {
    Mandate::evolve(Some(own), fact).unwrap()
}

pub fn table() -> Table {
    let own = mandate();
    let by = |own: &Mandate, command: &str| after(own.clone(), step(own, command, now()).unwrap());
    let accepted = by(&own, "accept");
    let lived = [
        ("offered", own.clone()),
        ("accepted", accepted.clone()),
        ("ended (revoked)", by(&accepted, "revoke")),
        ("ended (resigned)", by(&accepted, "resign")),
    ];
    let said = |own: &Mandate, command: &str, at| match step(own, command, at) {
        Err(refusal) => format!("refused: {refusal}"),
        Ok(fact) => {
            let kind = fact.kind().trim_start_matches("mandate.").to_owned();
            format!("{kind} → **{}**", after(own.clone(), fact).state())
        }
    };
    let later = Timestamp::end_of(LAST);
    let states = lived.into_iter().map(|(name, own)| {
        let line = |(command, article): &(&str, &str)| -> Line {
            [(*command).to_owned(), (*article).to_owned(), said(&own, command, now()), said(&own, command, later)]
        };
        (name.to_owned(), STEPS.iter().map(line).collect())
    });
    Table { title: "Mandate 经办人授权", states: states.collect() }
}

#[test]
fn a_mandate_names_powers_and_a_term_that_is_not_too_long() {
    let grant = |own: Mandate| own.grant(12, now()).map(|_| ());
    assert_eq!(grant(mandate()), Ok(()));
    assert_eq!(grant(Mandate { powers: [].into(), ..mandate() }), Err(MandateRefusal::NoPower));
    let narrowed = Mandate { powers: [Power::Look].into(), matters: vec!["food-operation".into()], ..mandate() };
    assert_eq!(grant(narrowed), Err(MandateRefusal::MattersWithoutApply));
    let many = vec!["food-operation".to_owned(); MAX_MANDATE_MATTERS + 1];
    assert_eq!(grant(Mandate { matters: many, ..mandate() }), Err(MandateRefusal::TooManyMatters));
    for (first, last) in [
        (FIRST.yesterday().unwrap(), LAST.yesterday().unwrap()),
        (FIRST, FIRST.yesterday().unwrap()),
        (FIRST, LAST.tomorrow().unwrap()),
    ] {
        assert_eq!(grant(Mandate { first, last, ..mandate() }), Err(MandateRefusal::Term), "{first} {last}");
    }
    assert_eq!(latest_end(date(2028, 2, 29), 12), Some(date(2029, 2, 28)));
}

#[test]
fn a_mandate_counts_from_its_acceptance_and_first_day_through_its_last() {
    let own = mandate();
    assert!(!own.is_in_force(now()), "not accepted");
    let accepted = after(own, step(&mandate(), "accept", now()).unwrap());
    assert!(accepted.is_in_force(now()));
    let early = Mandate { first: FIRST.tomorrow().unwrap(), ..accepted.clone() };
    assert!(!early.is_in_force(now()) && early.is_in_force(Timestamp::start_of(FIRST.tomorrow().unwrap())));
    let over = Timestamp::end_of(LAST);
    assert!(accepted.is_in_force(over.plus_seconds(-1)));
    assert!(!accepted.is_in_force(over), "whether or not the end is on record");
    for command in ["revoke", "resign"] {
        assert!(!after(accepted.clone(), step(&accepted, command, now()).unwrap()).is_in_force(now()), "{command}");
    }
    let erased = after(accepted, MandateFact::Erased);
    assert!(erased.is_erased() && !erased.is_in_force(now()) && erased.clerk.code == "erased");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Whatever is tried in whatever order: it ends once, never counts after that or after its last day, and replay equals state.
    #[test]
    fn a_mandate_ends_once(steps in prop::collection::vec((0usize..STEPS.len(), 0i64..200), 1..12)) {
        let mut own = mandate();
        let mut facts = vec![MandateFact::Granted { mandate: Box::new(own.clone()) }];
        let (mut at, mut ends) = (now(), 0);
        for (command, days) in steps {
            at = at.plus_seconds(days * 86_400);
            let Ok(fact) = step(&own, STEPS[command].0, at) else { continue };
            ends += u32::from(STEPS[command].0 != "accept");
            facts.push(fact.clone());
            own = after(own, fact);
            prop_assert!(own.ended.is_none() || !own.is_in_force(at));
            prop_assert!(!own.is_in_force(Timestamp::end_of(LAST)));
        }
        prop_assert!(ends <= 1);
        prop_assert_eq!(facts.into_iter().fold(None, Mandate::evolve), Some(own));
    }
}
