//! Licence and what its holder lets others see.

use domain::licences::*;
use domain::time::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{Line, Table};
use crate::licences::{TODAY, after, licence, now};

const WHY: &str = "《行政许可法》第六十九条";
/// Command and article.
const STEPS: &[(&str, &str)] = &[
    ("suspend", "行政处罚法 9(3)"),
    ("resume", "行政处罚法 9(3)"),
    ("revoke", "AL 69"),
    ("cancel", "AL 70"),
    ("correct", "AL 74; local"),
    ("deem-renewed", "AL 50(2)"),
    ("renewal-lost", "AL 50(2)"),
    ("supersede", "AL 49, 50"),
    ("expire", "AL 70(1)"),
];

fn step(own: &Licence, command: &str, at: Timestamp) -> Result<LicenceFact, LicenceRefusal> {
    let other = domain::ids::LicenceId::new(now(), [9; 10]);
    match command {
        "suspend" => own.suspend(WHY.into(), None, at),
        "resume" => own.resume(WHY.into(), at),
        "revoke" => own.revoke(WHY.into(), at),
        "cancel" => own.cancel(WHY.into(), at),
        // The newly signed data come from elsewhere; here it matters whether the step is open.
        "correct" => own.correctable(WHY).map(|()| LicenceFact::Reminded { days: 0 }),
        "deem-renewed" => own.deem_renewed((own.case, "1"), 12, at),
        "renewal-lost" => own.renewal_lost(own.case, at).ok_or(LicenceRefusal::Ended),
        "expire" => own.expire(at),
        _ => own.supersede(other, WHY.into(), at),
    }
}

fn lived() -> Vec<(&'static str, Licence)> {
    let own = licence();
    let over = Licence { valid_to: TODAY.yesterday().ok(), ..own.clone() };
    let by = |command: &str| after(own.clone(), step(&own, command, now()).unwrap());
    vec![
        ("valid", own.clone()),
        ("suspended", by("suspend")),
        ("valid (renewed by silence)", by("deem-renewed")),
        ("expired", over.clone()),
        ("expired (on record)", after(over.clone(), over.expire(now()).unwrap())),
        ("revoked", by("revoke")),
        ("cancelled", by("cancel")),
        ("superseded", by("supersede")),
    ]
}

fn outcome(own: &Licence, command: &str, at: Timestamp) -> String {
    match step(own, command, at) {
        Err(refusal) => format!("refused: {refusal}"),
        Ok(_) if command == "correct" => "corrected → **same**".to_owned(),
        Ok(fact) => {
            let kind = fact.kind().trim_start_matches("licence.").to_owned();
            let standing = after(own.clone(), fact).standing_on(at.date());
            format!("{kind} → **{}**", standing.as_str())
        }
    }
}

pub fn table() -> Table {
    let later = Timestamp::start_of(date(2029, 1, 1));
    let states = lived().into_iter().map(|(name, own)| {
        let line = |(command, article): &(&str, &str)| -> Line {
            let (within, after) = (outcome(&own, command, now()), outcome(&own, command, later));
            [(*command).to_owned(), (*article).to_owned(), within, after]
        };
        (name.to_owned(), STEPS.iter().map(line).collect())
    });
    Table { title: "Licence 证照", states: states.collect() }
}

const USES: [&str; 3] = ["redeem", "open", "withdraw"];

fn share(kind: ShareKind) -> Share {
    Share {
        id: "0".repeat(64),
        licence: licence().id,
        holder: licence().holder.code,
        kind,
        user: "海澜银行".into(),
        purpose: "开立账户".into(),
        by: "holder".into(),
        at: now(),
        until: Share::until(kind, TODAY, now()).unwrap(),
        ended: None,
    }
}

fn used(own: &Share, command: &str, at: Timestamp) -> Result<Option<ShareFact>, LicenceRefusal> {
    match command {
        "redeem" => own.redeem("海澜银行", "bank", at).map(Some),
        "open" => own.open(at).map(|()| None),
        _ => own.withdraw(at).map(Some),
    }
}

pub fn share_table() -> Table {
    let mut states = Vec::new();
    for (kind, words) in [(ShareKind::Code, "code"), (ShareKind::Link, "link")] {
        let own = share(kind);
        let mut all = vec![(format!("{words}, open"), own.clone())];
        for command in ["redeem", "withdraw"] {
            if let Ok(Some(fact)) = used(&own, command, now()) {
                let ended = Share::evolve(Some(own.clone()), fact).unwrap();
                all.push((format!("{words}, after {command}"), ended));
            }
        }
        for (name, own) in all {
            let said = |command: &str, at| match used(&own, command, at) {
                Err(refusal) => format!("refused: {refusal}"),
                Ok(None) => "shown → **open**".to_owned(),
                Ok(Some(fact)) => format!("{} → **ended**", fact.kind().trim_start_matches("share.")),
            };
            let line = |command: &str| -> Line {
                let later = Timestamp::start_of(date(2027, 6, 1));
                [command.to_owned(), "716号令 7".to_owned(), said(command, now()), said(command, later)]
            };
            states.push((name, USES.into_iter().map(line).collect()));
        }
    }
    Table { title: "Shown licence 用证码与分享链接", states }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Whatever is tried in whatever order: what has ended stays ended, a suspended licence counts nowhere, silence renews once,
    /// a refused step changes nothing, and replay equals state.
    #[test]
    fn a_licence_never_comes_back(steps in prop::collection::vec((0usize..STEPS.len(), 0i64..60), 1..30)) {
        let mut own = licence();
        let mut facts = vec![LicenceFact::Issued { licence: Box::new(own.clone()) }];
        let mut day: Date = TODAY;
        for (command, days) in steps {
            let at = Timestamp::start_of(day).plus_seconds(days * 3_600);
            day = at.date();
            let name = STEPS[command].0;
            let Ok(fact) = step(&own, name, at) else { continue };
            if name == "correct" {
                continue;
            }
            prop_assert!(!own.recorded.has_ended() || name == "renewal-lost", "{name} after the end");
            let (renewed, expired) = (own.deemed.is_some(), own.expired);
            let counted = own.standing_on(day);
            facts.push(fact.clone());
            own = after(own, fact);
            prop_assert!(name != "deem-renewed" || !renewed, "silence renews once");
            prop_assert!(name != "expire" || (expired.is_none() && counted == Standing::Expired), "recorded once, when it is over");
            prop_assert!(name != "expire" || own.standing_on(day) == counted, "what the date says is not changed by recording it");
            prop_assert!(name != "suspend" || own.standing_on(day) != Standing::Valid);
        }
        prop_assert_eq!(facts.into_iter().fold(None, Licence::evolve), Some(own));
    }

    /// A code is used once, by whom it names, and nothing is used after its end.
    #[test]
    fn what_is_shown_ends_once(
        link in any::<bool>(),
        steps in prop::collection::vec((0usize..3, 0i64..400), 1..20),
    ) {
        let mut own = share(if link { ShareKind::Link } else { ShareKind::Code });
        let mut at = now();
        let mut ends = 0;
        for (command, seconds) in steps {
            at = at.plus_seconds(seconds);
            let open = own.is_open(at);
            if let Ok(fact) = used(&own, USES[command], at) {
                prop_assert!(open && (USES[command] == "withdraw" || (USES[command] == "open") == link));
                if let Some(fact) = fact {
                    ends += 1;
                    own = Share::evolve(Some(own), fact).unwrap();
                }
            }
        }
        prop_assert!(ends <= 1);
    }
}
