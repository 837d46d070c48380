//! Playing the stories: every scene at its hour, with what the clock does in between.

use std::sync::Arc;

use domain::accounts::{Actor, Role};
use domain::cases::{Case, CheckKind, Origin};
use domain::licences::LicenceRefusal;
use domain::time::Timestamp;
use serde_json::json;

use super::accounts::{Cast, INTEGRATOR};
use super::clock::Hands;
use super::stories::{Player, Step, Story, Way};
use crate::cases::{self, Changed, GivenMaterial, Submit, Work};
use crate::city::City;
use crate::demo::draw::{draw_for, onward};
use crate::demo::people::{Who, entry, invent};
use crate::demo::random::Dice;
use crate::demo::specimen::specimens;
use crate::error::ServiceError;
use crate::{jobs, licences, registry};

/// Plays all stories in the order of time.
pub(super) async fn play(
    city: &City,
    hands: &Arc<Hands>,
    cast: &Cast,
    stories: Vec<Story>,
    seed: u64,
    end: Timestamp,
) -> Result<(), ServiceError> {
    let mut order: Vec<(Timestamp, usize, usize)> = stories
        .iter()
        .enumerate()
        .flat_map(|(story, told)| told.scenes.iter().enumerate().map(move |(scene, (at, _))| (*at, story, scene)))
        .collect();
    order.sort_unstable();
    let mut numbers: Vec<Option<String>> = vec![None; stories.len()];
    for (at, index, scene) in order {
        pass_time(city, hands, at.min(end)).await?;
        let (Some(story), Some(number)) = (stories.get(index), numbers.get_mut(index)) else { continue };
        let Some((_, step)) = story.scenes.get(scene) else { continue };
        // Each story has dice of its own, so that a new story changes no other.
        let dice = Dice::new(seed ^ (index as u64).wrapping_mul(0x9E37_79B9));
        let stage = Stage { city, cast, story };
        stage.act(step, number, dice).await.map_err(|error| {
            ServiceError::Internal(format!("{} (story {index}), scene {scene}: {error}", story.matter))
        })?;
    }
    pass_time(city, hands, end).await
}

/// Lets the clock run, carrying out each duty at its own hour.
async fn pass_time(city: &City, hands: &Arc<Hands>, until: Timestamp) -> Result<(), ServiceError> {
    let mut last = None;
    loop {
        let due = city.store().due_before(city.region(), until, 1).await?;
        let Some(first) = due.into_iter().next() else { break };
        let key = (first.at, first.kind, first.subject);
        if last.as_ref() == Some(&key) {
            return Err(ServiceError::Internal(format!("a duty was not carried out: {key:?}")));
        }
        hands.turn(first.at);
        jobs::run_due(city).await?;
        last = Some(key);
    }
    hands.turn(until);
    Ok(())
}

struct Stage<'a> {
    city: &'a City,
    cast: &'a Cast,
    story: &'a Story,
}

impl Stage<'_> {
    async fn act(&self, step: &Step, number: &mut Option<String>, mut dice: Dice) -> Result<(), ServiceError> {
        if matches!(step, Step::File | Step::PreReview) {
            *number = Some(self.file(matches!(step, Step::PreReview), &mut dice).await?);
            return Ok(());
        }
        let number = number.as_deref().ok_or(ServiceError::NotFound("case"))?;
        let (case, version) = self.case(number).await?;
        match step {
            Step::File | Step::PreReview => Ok(()),
            Step::Forward => match onward(&case) {
                Some((role, work)) => {
                    let actor = self.cast.staff(role, &case.department)?;
                    self.work(actor, case, version, work).await
                }
                None => Err(ServiceError::Internal(format!("nothing leads on from {}", case.state.name()))),
            },
            Step::Staff(role, work) => {
                let actor = self.cast.staff(*role, &case.department)?;
                self.work(actor, case, version, work.clone()).await
            }
            Step::Applicant(work) => {
                let actor = self.applicant(&case).await?;
                self.work(&actor, case, version, work.clone()).await
            }
            Step::Resubmit => self.resubmit(case, version).await,
            Step::Decline(text) => {
                let points = case.correction.iter().flat_map(|notice| notice.points.clone()).collect();
                let ground = domain::cases::NonAcceptance::StillLacking { points };
                let work = Work::DeclineAcceptance { ground, reasons: (*text).to_owned() };
                self.work(self.cast.staff(Role::Clerk, &case.department)?, case, version, work).await
            }
            Step::Check => self.check(case, version).await,
            Step::Revoke(reason) => {
                let actor = self.cast.staff(Role::Approver, &case.department)?;
                let licence = case.licence.as_ref().ok_or(LicenceRefusal::Ended)?;
                licences::end(self.city, actor, &licence.id.to_string(), licences::Ending::Revoke, reason).await?;
                Ok(())
            }
        }
    }

    async fn case(&self, number: &str) -> Result<(Case, i64), ServiceError> {
        let desk = self.cast.staff(Role::Clerk, "")?;
        let view = cases::case_by_number(self.city, desk, number).await?;
        Ok((view.case, view.version))
    }

    async fn work(&self, actor: &Actor, case: Case, version: i64, work: Work) -> Result<(), ServiceError> {
        cases::run(self.city, actor, case, version, work, None).await?;
        Ok(())
    }

    /// Files the sample of the matter for whoever plays the story.
    async fn file(&self, pre_review: bool, dice: &mut Dice) -> Result<String, ServiceError> {
        let (city, story) = (self.city, self.story);
        let stranger;
        let who: &Who = match story.player {
            Player::Citizen(login) => &self.cast.citizens.get(login).ok_or(ServiceError::NotFound("account"))?.0,
            Player::Stranger => {
                let applicant = city.shelf().matter(&story.matter)?.bundle.sample.applicant.clone();
                stranger = invent(city, dice, applicant.kind, applicant.age).await?;
                &stranger
            }
        };
        let drawn = draw_for(city, &story.matter, who, dice).await?;
        if story.distrusted {
            let doc = json!({"serious_dishonesty": false, "broken_pledges": 1, "abnormal_operation": true});
            registry::put(city, &[entry("credit", &drawn.applicant.code, doc)]).await?;
        }
        let (origin, actor) = match story.way {
            Way::Web => (Origin::Web, self.citizen().await?),
            Way::Window => (Origin::Window, self.cast.staff(Role::Clerk, "")?.clone()),
            Way::System => {
                let actor = self.cast.actors.get(INTEGRATOR).ok_or(ServiceError::NotFound("account"))?;
                (Origin::Api, actor.clone())
            }
        };
        let submit = Submit { pre_review, ..drawn.submit(origin) };
        Ok(cases::submit(city, &actor, submit).await?.number)
    }

    /// The citizen of the story, with the businesses the register lets her act for.
    async fn citizen(&self) -> Result<Actor, ServiceError> {
        let Player::Citizen(login) = self.story.player else { return Err(ServiceError::IdentityNeeded) };
        let (who, account) = self.cast.citizens.get(login).ok_or(ServiceError::NotFound("account"))?;
        Ok(account.actor(registry::acts_for(self.city, &who.person.code).await?))
    }

    /// Whoever stands for the applicant; for strangers one who came to the window with proof of it.
    async fn applicant(&self, case: &Case) -> Result<Actor, ServiceError> {
        if let Player::Citizen(_) = self.story.player {
            return self.citizen().await;
        }
        let mut actor =
            self.cast.citizens.values().next().ok_or(ServiceError::NotFound("account"))?.1.actor(Vec::new());
        actor.account = None;
        actor.name.clone_from(&case.applicant.name);
        actor.person = Some(case.applicant.clone());
        Ok(actor)
    }

    /// Hands in another file for each material that the notice names.
    async fn resubmit(&self, case: Case, version: i64) -> Result<(), ServiceError> {
        let actor = self.applicant(&case).await?;
        let upload = specimens(self.city).await?.png;
        let points = case.correction.iter().flat_map(|notice| &notice.points);
        let materials = points
            .filter(|point| !point.about.starts_with("form:"))
            .map(|point| GivenMaterial { slot: point.about.clone(), uploads: vec![upload.clone()], paper: None })
            .collect();
        let changed = Changed { form: case.application.form.clone(), materials, pledge: None };
        self.work(&actor, case, version, Work::Resubmit { changed }).await
    }

    /// Answers every check that is open.
    async fn check(&self, mut case: Case, mut version: i64) -> Result<(), ServiceError> {
        let open: Vec<CheckKind> =
            case.checks.iter().filter(|check| check.result.is_none()).map(|check| check.kind).collect();
        for kind in open {
            let actor = self.cast.staff(Role::Reviewer, &case.department)?;
            let note = "经核查，登记信息与承诺内容属实。".to_owned();
            self.work(actor, case.clone(), version, Work::AnswerCheck { kind, confirmed: true, note }).await?;
            (case, version) = self.case(&case.number).await?;
        }
        Ok(())
    }
}
