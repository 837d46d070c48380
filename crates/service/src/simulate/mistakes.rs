//! What people do wrong before they do it right, and the question whether it had any effect.

use domain::accounts::{Actor, Role};
use domain::cases::{Case, Point, possible};

use super::audit;
use super::faults::{self, Fault};
use super::profile::chance;
use super::story::Turn;
use super::watch::Invariant;
use crate::cases::{self, Work};
use crate::error::ServiceError;

impl Turn<'_> {
    /// What people do wrong before they do it right. None of it may have any effect.
    pub(super) async fn mistakes(&mut self, case: &Case, version: i64) -> Result<(), ServiceError> {
        let odds = self.world.profile.simulation_assumed.clone();
        if chance(&mut self.dice, odds.unlawful_attempts) || self.world.plan.fault == Some(Fault::UnlawfulGrant) {
            self.unlawful(case, version).await?;
        }
        if chance(&mut self.dice, odds.stale_pages) && version > 1 {
            self.tally.add("mistake", "acts on an old page");
            let clerk = self.world.clerk(self.story.serial).clone();
            let work = Work::GiveVerdicts { verdicts: Vec::new() };
            self.refused(case, version, (clerk, version - 1, work)).await?;
        }
        if chance(&mut self.dice, odds.wrong_case) && !case.state.is_final() {
            // The page of another case lies open: the command names a material that this one has not.
            self.tally.add("mistake", "picks the wrong case");
            let points = vec![Point { about: "of-another-case".into(), text: "请补充。".into(), new_defect: None }];
            let clerk = self.world.clerk(self.story.serial).clone();
            self.refused(case, version, (clerk, version, Work::RequestCorrection { points })).await?;
        }
        Ok(())
    }

    /// A command that the state does not know, or that the role may not give.
    async fn unlawful(&mut self, case: &Case, version: i64) -> Result<(), ServiceError> {
        let clerk = self.world.clerk(self.story.serial).clone();
        let (reviewer, approver) = (
            self.world.staff(Role::Reviewer, &case.department)?.clone(),
            self.world.staff(Role::Approver, &case.department)?.clone(),
        );
        let opinion =
            Work::GiveOpinion {
                favourable: true, text: "同意。".into(), officers: vec!["林雅".into(), "宋志".into()]
            };
        let mut attempts = vec![
            ("accept", clerk.clone(), Work::Accept),
            ("give-opinion", reviewer.clone(), opinion),
            ("grant", approver.clone(), Work::Grant { reasons: "同意。".into() }),
            ("refuse", approver, Work::Refuse { reasons: "不同意。".into() }),
            ("resume", reviewer, Work::Resume),
            ("deliver", clerk.clone(), Work::Deliver { method: "window".into() }),
            ("close", clerk.clone(), Work::Close),
        ];
        let lawful = possible(case);
        attempts.retain(|(name, ..)| !lawful.contains(name));
        // No state makes it lawful for a clerk to decide.
        attempts.push(("grant by a clerk", clerk, Work::Grant { reasons: "同意。".into() }));
        let Some((name, actor, work)) = self.dice.one(&attempts).cloned() else { return Ok(()) };
        self.tally.add("mistake", format!("unlawful: {name}"));
        self.refused(case, version, (actor, version, work)).await
    }

    /// Gives a command that must be refused, and looks whether it has left a trace.
    async fn refused(
        &mut self,
        case: &Case,
        version: i64,
        (actor, seen, work): (Actor, i64, Work),
    ) -> Result<(), ServiceError> {
        let city = &self.world.city;
        self.gave("unlawful");
        let tried = match self.world.fires(Fault::UnlawfulGrant) {
            true => faults::grant(self.world, case).await.map(|()| case.clone()),
            false => cases::run(city, &actor, case.clone(), seen, work, None).await,
        };
        self.check(Invariant::UnlawfulRefused, is_refused(&tried), || {
            format!("in state {} it was not refused: {:?}", case.state.name(), tried.as_ref().err())
        });
        let after = audit::load(city, &case.number).await?.map(|(_, version)| version);
        self.check(Invariant::UnlawfulRefused, after == Some(version), || "the refused command left a trace".into());
        Ok(())
    }
}

/// Whether it was refused for a reason that people understand, rather than by something that broke.
pub(super) fn is_refused<T>(tried: &Result<T, ServiceError>) -> bool {
    matches!(
        tried,
        Err(ServiceError::Refused(_) | ServiceError::Forbidden(_) | ServiceError::Invalid(_) | ServiceError::Changed)
    )
}
