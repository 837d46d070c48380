//! How fast rules are applied, beside raw zen-expression. Every evaluation is the public one, with the whole record that a
//! decision keeps.

mod raw;
mod tables;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use ::rules::{Facts, RuleSet};
use anyhow::Result;

use self::raw::Raw;
use self::tables::{Dice, facts, licence, policies};
use super::Plan;
use super::report::Row;

/// Loading, deciding with a trace, and many policies at once.
pub fn measure(plan: &Plan) -> Result<Vec<Row>> {
    let (schema, table) = licence();
    let (schema, table) = (schema.to_string(), table.to_string());
    let rule = load(&schema, &table)?;
    let mut dice = Dice(1);
    let cases: Vec<Facts> = (0..2_000).map(|_| facts(&mut dice)).collect();
    let rounds = plan.rule_rounds;
    let compile = best(rounds / 2, 5, |_| drop(black_box(RuleSet::load(&schema, &table, "[]"))));
    let traced = best(rounds, 250, |i| drop(black_box(rule.evaluate(case(&cases, i)))));
    let bare_rule = Raw::new(&table);
    let bare = best(rounds, 250, |i| drop(black_box(bare_rule.run(case(&cases, i)))));
    let (schema, table) = policies();
    let policies = load(&schema.to_string(), &table.to_string())?;
    let collect = best(rounds / 2, 5, |i| drop(black_box(policies.evaluate_collect(case(&cases, i)))));
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    let rate = |time: Duration| 1.0 / time.as_secs_f64();
    Ok(vec![
        Row::new("decisions with a trace per cell, one core", rate(traced), "/s").at_least(60_000.0),
        Row::new("the same ÷ raw zen-expression on the same cells", rate(traced) / rate(bare), "×")
            .note(format!("raw: {:.0}/s, without checks and without a record", rate(bare))),
        Row::new("load and compile one licence", millis(compile), "ms").at_most(1.0),
        Row::new("2,000 policies × 1 enterprise", millis(collect), "ms").at_most(5.0),
    ])
}

fn load(schema: &str, table: &str) -> Result<RuleSet> {
    RuleSet::load(schema, table, "[]").map_err(|findings| anyhow::anyhow!("the measured rules: {findings:?}"))
}

fn case(cases: &[Facts], index: usize) -> &Facts {
    static NONE: Facts = BTreeMap::new();
    cases.get(index % cases.len().max(1)).unwrap_or(&NONE)
}

/// The time of one call in the best of `rounds` short rounds: other work on the machine only ever adds to it.
fn best(rounds: u32, calls: u32, mut work: impl FnMut(usize)) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..rounds.max(1) {
        let start = Instant::now();
        for index in 0..calls {
            work(index as usize);
        }
        best = best.min(start.elapsed() / calls);
    }
    best
}
