//! Every lifecycle as a table of state × command with outcome and article, written to `docs/lifecycles.md` and compared with it,
//! and ten thousand random sequences of commands through each.

mod halls;
mod licences;
mod mandates;
mod sequences;

use std::fmt::Write;
use std::path::Path;

use domain::cases::*;
use domain::catalog::StepKind;
use domain::time::Timestamp;
use jiff::civil::date;

use crate::cases::play::*;

/// One line of a table: command, article, outcome within time, outcome after every date has passed.
pub type Line = [String; 4];

/// A lifecycle: its name, and its states with a line for each command.
pub struct Table {
    pub title: &'static str,
    pub states: Vec<(String, Vec<Line>)>,
}

/// The kind of a refusal, as programs read it.
pub fn refused(reason: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(reason).unwrap();
    let kind = value.get("kind").and_then(|kind| kind.as_str()).map(str::to_owned);
    format!("refused: {}", kind.unwrap_or_else(|| value.as_str().unwrap_or_default().to_owned()))
}

/// How one command ends: the facts and the state after them, or the reason.
fn outcome(play: &Play, command: Command, now: Timestamp) -> String {
    match decide(&play.case, command, &ctx(play.bundle, now)) {
        Err(refusal) => refused(&refusal.reason),
        Ok(facts) => {
            let names: Vec<&str> = facts.iter().map(|fact| fact.kind().trim_start_matches("case.")).collect();
            let after = facts.iter().cloned().fold(Some(play.case.clone()), evolve).unwrap();
            format!("{} → **{}**", names.join(", "), standing(&after))
        }
    }
}

/// The state with its step.
fn standing(case: &Case) -> String {
    match case.state {
        State::InReview { step } => {
            format!("in-review/{}", serde_json::to_value(step).unwrap().as_str().unwrap_or_default())
        }
        _ => case.state.name().to_owned(),
    }
}

/// A case in each state, and in each situation in which a state takes other commands.
pub fn situations() -> Vec<(String, Play)> {
    let refuse = Command::Refuse { reasons: "不符合条件".into(), document: doc() };
    let closing = every_command(manual()).into_iter().find(|command| command.name() == "terminate").unwrap();
    let mut paused = Play::filed(reviewed(), date(2026, 11, 23));
    paused.give(monday(), Command::Accept { document: doc() });
    let stop = every_command(reviewed()).into_iter().find(|command| command.name() == "pause").unwrap();
    let not_accepted =
        Command::DeclineAcceptance {
            ground: NonAcceptance::NotNeeded, reasons: "无需许可".into(), document: doc()
        };
    let named = |play: Play| (standing(&play.case), play);
    let more = |play: Play, words: &str| (format!("{} ({words})", standing(&play.case)), play);
    vec![
        named(pre_review()),
        named(with(pre_review(), vec![Command::GiveFeedback { points: Vec::new() }])),
        named(filed()),
        named(with(filed(), vec![request(vec![point("x")])])),
        more(resubmitted(), "corrections were asked for once"),
        more(filed_with_gap(), "a material is promised for later"),
        more(accepted_with_gap(), "a material is to follow"),
        more(arrived(), "what was to follow has arrived"),
        more(decide_with_gap(), "a material is to follow"),
        named(at_step(StepKind::Review)),
        more(with(paused, vec![stop]), "the clock stands still"),
        named(at_step(StepKind::Inspect)),
        named(at_step(StepKind::Decide)),
        named(granted(0)),
        named(granted(1)),
        named(granted(2)),
        named(granted(3)),
        named(with(filed(), vec![not_accepted])),
        named(with(at_step(StepKind::Decide), vec![refuse])),
        named(with(filed(), vec![Command::Withdraw { reason: String::new() }])),
        named(with(accepted(), vec![closing])),
    ]
}

fn arrived() -> Play {
    with(accepted_with_gap(), vec![Command::SupplyGaps { items: vec![paper(&gap_slot(manual()))] }])
}

fn decide_with_gap() -> Play {
    let officers = vec!["甲".to_owned(), "乙".to_owned()];
    let opinion = || Command::GiveOpinion { favourable: true, text: "同意".into(), officers: officers.clone() };
    let mut play = accepted_with_gap();
    while play.case.state != (State::InReview { step: StepKind::Decide }) {
        play.give(monday(), opinion());
    }
    play
}

fn resubmitted() -> Play {
    let mut play = with(filed(), vec![request(vec![point("x")])]);
    let application = Box::new(play.case.application.clone());
    play.give(monday(), Command::Resubmit { application });
    play
}

fn case_table() -> Table {
    // A year later every date of the case has passed.
    let (within, later) = (at(date(2026, 11, 23), 12), at(date(2027, 11, 23), 12));
    let line = |play: &Play, command: &Command| {
        [
            command.name().to_owned(),
            article(command.name()).to_owned(),
            outcome(play, command.clone(), within),
            outcome(play, command.clone(), later),
        ]
    };
    let states = situations().into_iter().map(|(name, play)| {
        let lines = every_command(play.bundle).iter().map(|command| line(&play, command)).collect();
        (name, lines)
    });
    Table { title: "Case 办件", states: states.collect() }
}

fn written(tables: &[Table]) -> String {
    let mut text = String::from(
        "# Lifecycles: every state × command\n\n\
         Made from the code by the test `every_lifecycle_is_written_down` and compared with it: what a command does in each state, \
         within time and after every date has passed, and the article it rests on. `AL` is 行政许可法. A refusal is named as programs \
         read it.\n",
    );
    for table in tables {
        let _ = write!(text, "\n## {}\n", table.title);
        for (state, lines) in &table.states {
            let _ = write!(
                text,
                "\n### {state}\n\n| command | article | within time | after its dates |\n|---|---|---|---|\n"
            );
            for line in lines {
                let [command, article, within, later] = line;
                let later = if later == within { "same" } else { later };
                let _ = writeln!(text, "| {command} | {article} | {within} | {later} |");
            }
        }
    }
    text
}

#[test]
fn every_lifecycle_is_written_down() {
    let tables = [
        case_table(),
        licences::table(),
        licences::share_table(),
        mandates::table(),
        halls::appointment_table(),
        halls::ticket_table(),
        halls::swap_table(),
    ];
    let text = written(&tables);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lifecycles.md");
    if std::env::var("INSTA_UPDATE").is_ok_and(|wish| wish == "always") {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "docs/lifecycles.md is not what the code does: run the test with INSTA_UPDATE=always");
}

#[test]
fn every_state_and_every_command_of_a_case_is_in_the_table() {
    let table = case_table();
    let commands = every_command(manual()).len();
    assert!(table.states.iter().all(|(_, lines)| lines.len() == commands));
    let states = [
        "pre-review",
        "feedback",
        "filed",
        "correction",
        "in-review/review",
        "in-review/inspect",
        "in-review/decide",
        "granted",
        "issued",
        "delivered",
        "closed",
        "not-accepted",
        "refused",
        "withdrawn",
        "terminated",
    ];
    for state in states {
        assert!(table.states.iter().any(|(name, _)| name == state), "{state}");
    }
    // Every command has its way somewhere, but those that other matters, or an automatic decision, call for.
    let elsewhere =
        ["decide-by-rules", "ask-person", "answer-check", "licence-ended", "deem-renewed", "pause", "resume"];
    for command in every_command(manual()) {
        let name = command.name();
        let own = |line: &Line| line[0] == name && (line[2].contains('→') || line[3].contains('→'));
        let somewhere = table.states.iter().any(|(_, lines)| lines.iter().any(own));
        assert!(somewhere || elsewhere.contains(&name), "{name} is accepted nowhere");
    }
}
