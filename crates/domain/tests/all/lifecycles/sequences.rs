//! Ten thousand random sequences of commands through a case.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use domain::cases::*;
use domain::catalog::MatterBundle;
use domain::time::{Calendar, Clock, Timestamp};
use jiff::civil::date;
use proptest::prelude::*;

use crate::cases::play::*;

/// Commands of the clock and of rules, which no person is offered.
const SYSTEM: [&str; 9] = [
    "note-rules",
    "decide-by-rules",
    "deem-accepted",
    "issue-licence",
    "recompute-deadlines",
    "licence-ended",
    "deem-renewed",
    "note-late",
    "remind-gaps",
];

/// The commands of each matter, made once: a form is not filled in anew for every step.
struct Kit {
    bundle: &'static MatterBundle,
    commands: Vec<Command>,
    gap: bool,
}

static KITS: LazyLock<Vec<Kit>> = LazyLock::new(|| {
    let kit = |bundle: &'static MatterBundle, gap: bool| {
        let mut commands = every_command(bundle);
        let ground = Termination::GapsNotSupplied;
        commands.push(Command::Terminate { ground, reason: "逾期".into(), document: doc() });
        let verdict = Verdict { in_order: false, note: "缺页".into() };
        commands.push(Command::CheckGap { slot: gap_slot(bundle), verdict });
        let point = |new_defect| Point { about: first_slot(bundle), text: "缺页".into(), new_defect };
        commands.push(request(vec![point(Some(NewDefect::InNewMaterial))]));
        commands.push(still_lacking(vec![point(None)]));
        // A resubmission that keeps the promise, and one that does not.
        let application = if gap { with_gap(bundle) } else { complete(bundle) };
        commands.push(Command::Resubmit { application: Box::new(application) });
        Kit { bundle, commands, gap }
    };
    vec![kit(manual(), false), kit(reviewed(), false), kit(pledge(), false), kit(manual(), true)]
});

fn begin(kit: &Kit) -> Play {
    let application = if kit.gap { with_gap(kit.bundle) } else { complete(kit.bundle) };
    let ctx = ctx(kit.bundle, at(date(2026, 3, 2), 10));
    let facts = Case::open(opening(kit.bundle, application, Origin::Window), true, &ctx).unwrap();
    Play { bundle: kit.bundle, case: replay(facts.clone()).unwrap(), facts }
}

/// The command of a step: any, or one of those that the state offers, so that sequences also come to an end.
fn pick(kit: &Kit, case: &Case, index: usize, offered: bool) -> Command {
    let names: BTreeSet<&str> = possible(case).into_iter().chain(SYSTEM).collect();
    let open: Vec<&Command> = kit.commands.iter().filter(|own| !offered || names.contains(own.name())).collect();
    open[index % open.len()].clone()
}

/// A clock never runs backwards, stands still at most once at a time, and ends after it began.
fn sound(clock: &Clock, now: Timestamp) -> Result<(), TestCaseError> {
    prop_assert!(clock.pauses.iter().filter(|pause| pause.to.is_none()).count() <= 1, "paused twice at once");
    prop_assert!(
        clock.pauses.iter().all(|pause| pause.to.is_none_or(|to| to >= pause.from)),
        "a pause ends before it begins"
    );
    for (one, next) in clock.pauses.iter().zip(clock.pauses.iter().skip(1)) {
        prop_assert!(one.to.is_some_and(|to| to <= next.from), "two pauses overlap");
    }
    prop_assert!(clock.state(Calendar::embedded(), now).is_ok());
    if let Ok(deadline) = clock.deadline(Calendar::embedded()) {
        prop_assert!(deadline.at >= clock.started, "it ends after it began");
    }
    Ok(())
}

fn ends(case: &Case) -> Vec<Option<Timestamp>> {
    let end = |clock: &Clock| clock.deadline(Calendar::embedded()).ok().map(|deadline| deadline.at);
    case.clocks
        .iter()
        .flat_map(|own| [Some(&own.promised), own.statutory.as_ref()])
        .map(|own| own.and_then(end))
        .collect()
}

fn lawful(before: &Case, facts: &[Fact], name: &str) -> Result<(), TestCaseError> {
    let offered = possible(before).contains(&name) || SYSTEM.contains(&name);
    prop_assert!(offered, "{name} is not offered in {} and was done", before.state.name());
    let after_the_end = facts.iter().all(|fact| {
        matches!(
            fact,
            Fact::CheckDone { .. }
                | Fact::CheckOrdered { .. }
                | Fact::DeadlinesRecomputed { .. }
                | Fact::BecameLate { .. }
        )
    });
    prop_assert!(!before.state.is_final() || after_the_end, "{name} after the end");
    for fact in facts {
        match fact {
            Fact::Decided { decision, .. } => {
                prop_assert!(before.decision.is_none(), "decided twice");
                prop_assert!(
                    before.clocks.as_ref().and_then(open_pause).is_none(),
                    "decided while the clock stands still"
                );
                prop_assert!(!decision.granted || before.open_gaps().next().is_none(), "granted with a gap");
            }
            Fact::LicenceIssued { .. } => {
                prop_assert!(before.decision.as_ref().is_some_and(|decision| decision.granted), "no grant");
                prop_assert!(before.open_gaps().next().is_none(), "a licence before all is in");
            }
            Fact::Terminated { ground: Some(Termination::GapsNotSupplied), .. } => {
                prop_assert!(before.gap_notice.is_some(), "nothing announced it");
            }
            _ => {}
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    /// Whatever is tried in whatever order: an illegal command never succeeds, the clocks stay sound, the one-time notice goes out
    /// once, nothing is decided twice, no licence comes before all that was to follow, and replay equals state.
    #[test]
    fn a_case_never_leaves_the_law(
        kit in 0usize..4,
        steps in prop::collection::vec((0usize..1_000, 0i64..300_000, prop::bool::weighted(0.7)), 1..40),
    ) {
        let kit = &KITS[kit];
        let mut play = begin(kit);
        let mut now = at(date(2026, 3, 2), 11);
        for (index, seconds, offered) in steps {
            now = now.plus_seconds(seconds);
            let command = pick(kit, &play.case, index, offered);
            let name = command.name();
            let Ok(facts) = decide(&play.case, command, &ctx(kit.bundle, now)) else { continue };
            lawful(&play.case, &facts, name)?;
            let was = ends(&play.case);
            for fact in facts {
                apply(&mut play.case, fact.clone());
                play.facts.push(fact);
            }
            for clock in play.case.clocks.iter().flat_map(|own| [Some(&own.promised), own.statutory.as_ref()]).flatten() {
                sound(clock, now)?;
            }
            for (was, is) in was.iter().zip(ends(&play.case)) {
                prop_assert!(was.zip(is).is_none_or(|(was, is)| is >= was), "a limit came nearer by {name}");
            }
        }
        let once = play.facts.iter().filter(|fact| matches!(fact, Fact::CorrectionRequested { further: false, .. }));
        prop_assert!(once.count() <= 1, "one notice once");
        let accepted = play.facts.iter().filter(|fact| matches!(fact, Fact::Accepted { .. }));
        prop_assert!(accepted.count() <= 1, "accepted once");
        prop_assert_eq!(replay(play.facts.clone()).unwrap(), play.case);
    }
}
