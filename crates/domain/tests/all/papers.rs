//! Licences taken from paper, and those of other issuers: what may follow what, and what erasing leaves.

use std::collections::BTreeMap;

use domain::accounts::Party;
use domain::ids::{LicenceId, UploadId};
use domain::licences::{
    ElsewhereFact, ElsewhereLicence, Hand, LicenceRefusal, LookElsewhere, PaperFace, PaperFact, PaperLicence,
    PaperState, Scan,
};
use domain::text::Text;
use domain::time::Timestamp;
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 20);

fn now() -> Timestamp {
    Timestamp::start_of(TODAY).plus_seconds(36_000)
}

fn hand(by: &str) -> Hand {
    Hand { by: by.into(), at: now() }
}

fn holder() -> Party {
    let party =
        serde_json::json!({ "kind": "enterprise", "name": "甲公司", "id_type": "uscc", "code": "91370211MA00000000" });
    serde_json::from_value(party).unwrap()
}

fn face() -> PaperFace {
    PaperFace {
        licence_type: "hygiene".into(),
        name: Text::new("卫生许可证", "Hygiene licence"),
        number: "卫证字1号".into(),
        holder: holder(),
        issuer: "卫生局".into(),
        issued: date(2024, 1, 2),
        valid_from: date(2024, 1, 2),
        valid_to: Some(date(2027, 1, 1)),
        surface: BTreeMap::from([("address".into(), "某路1号".into())]),
    }
}

fn entered() -> PaperLicence {
    let scan = Scan {
        id: UploadId::new(now(), [3; 10]),
        name: "原件.pdf".into(),
        sha256: "ab".repeat(32),
        size: 10,
        media_type: "application/pdf".into(),
    };
    PaperLicence {
        id: LicenceId::new(now(), [1; 10]),
        face: face(),
        scan,
        entered: hand("first"),
        state: PaperState::Entered,
    }
}

fn after(own: &PaperLicence, fact: PaperFact) -> PaperLicence {
    PaperLicence::evolve(Some(own.clone()), fact).unwrap()
}

/// What is answered to each of: confirm, reject, correct, end; by somebody who has not typed it.
fn answers(own: &PaperLicence, by: &str) -> [Option<LicenceRefusal>; 4] {
    [
        own.confirm(hand(by)).err(),
        own.reject(hand(by), "why").err(),
        own.correct(face(), hand(by), "why").err(),
        own.end(hand(by), "why").err(),
    ]
}

#[test]
fn what_may_follow_what() {
    use LicenceRefusal::{Ended, NotWaiting, SamePerson};
    let waiting = entered();
    let confirmed = after(&waiting, waiting.confirm(hand("second")).unwrap());
    let rejected = after(&waiting, waiting.reject(hand("second"), "no original").unwrap());
    let ended = after(&confirmed, confirmed.end(hand("second"), "given back").unwrap());
    let corrected = after(&confirmed, confirmed.correct(face(), hand("third"), "number").unwrap());
    for (own, by, wanted) in [
        (&waiting, "second", [None, None, None, None]),
        (&waiting, "first", [Some(SamePerson), Some(SamePerson), None, None]),
        (&confirmed, "second", [Some(NotWaiting), Some(NotWaiting), None, None]),
        (&rejected, "second", [Some(NotWaiting), Some(NotWaiting), Some(Ended), Some(Ended)]),
        (&ended, "second", [Some(NotWaiting), Some(NotWaiting), Some(Ended), Some(Ended)]),
        (&corrected, "third", [Some(SamePerson), Some(SamePerson), None, None]),
        (&corrected, "first", [None, None, None, None]),
    ] {
        assert_eq!(answers(own, by), wanted, "{:?} by {by}", own.state);
    }
    for blank in [waiting.reject(hand("b"), " "), waiting.end(hand("b"), ""), waiting.correct(face(), hand("b"), "\n")]
    {
        assert_eq!(blank, Err(LicenceRefusal::ReasonMissing));
    }
}

#[test]
fn only_a_confirmed_one_counts_and_only_in_its_period() {
    let waiting = entered();
    let confirmed = after(&waiting, waiting.confirm(hand("second")).unwrap());
    assert!(!waiting.counts_on(TODAY) && confirmed.counts_on(TODAY));
    assert!(confirmed.counts_on(date(2027, 1, 1)) && !confirmed.counts_on(date(2027, 1, 2)));
    assert!(!confirmed.counts_on(date(2024, 1, 1)));
}

#[test]
fn erasing_leaves_nothing_of_the_holder() {
    let own = after(&entered(), PaperFact::Erased);
    let text = serde_json::to_string(&own).unwrap();
    assert!(own.is_erased() && !own.lives());
    for word in ["甲公司", "91370211MA00000000", "卫证字1号", "某路1号", "原件.pdf"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    let look = LookElsewhere {
        at: now(),
        reference: "37021120261120000001".into(),
        matter: "m".into(),
        list_sha256: "cd".repeat(32),
        list_until: now(),
        log_index: None,
    };
    let licence = ElsewhereLicence {
        id: LicenceId::new(now(), [2; 10]),
        peer: "hailan".into(),
        peer_name: Text::new("海澜区", "Hailan"),
        check: "https://hailan.example/v/secret".into(),
        licence_type: "hygiene".into(),
        identifier: "1.2.156.3005.2.x".into(),
        number: "卫证字2号".into(),
        name: Text::new("卫生许可证", "Hygiene licence"),
        issuer: "卫生局".into(),
        holder: holder(),
        valid_from: date(2024, 1, 2),
        valid_to: None,
        sha256: "ef".repeat(32),
        signed: "{\"secret\":1}".into(),
        first: look.clone(),
        last: look,
    };
    let fact = ElsewhereFact::Fetched { licence: Box::new(licence) };
    let kept = ElsewhereLicence::evolve(None, fact).unwrap();
    let own = ElsewhereLicence::evolve(Some(kept), ElsewhereFact::Erased).unwrap();
    let text = serde_json::to_string(&own).unwrap();
    assert!(own.is_erased());
    for word in ["甲公司", "91370211MA00000000", "卫证字2号", "secret", "1.2.156.3005.2.x", &"ef".repeat(32)] {
        assert!(!text.contains(word), "{word} in {text}");
    }
}
