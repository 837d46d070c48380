//! A draft with everything that its pages need.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::accounts::{Action, Actor, Party};
use domain::catalog::{self, Form, Matter, Prefill};
use service::cases::{self, Draft};
use service::catalog::Published;

use super::known;
use super::tasks::qr;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Crumbs, Html, Step, Steps};
use crate::layout::{Page, Part};

/// Addresses below a draft that are no step of a form.
const RESERVED: [&str; 6] = ["applicant", "sample", "delete", "materials", "pledge", "check"];

/// The pledge page in the list of completed parts; a step may be called `pledge` too.
pub(super) const PLEDGE: &str = "page:pledge";

/// One draft, opened by its owner.
pub(super) struct Wizard {
    /// The draft.
    pub draft: Draft,
    /// The matter as it is published now.
    pub published: Arc<Published>,
    /// Who applies; `None` until chosen, or when the person may no longer act for that party.
    pub applicant: Option<Party>,
    /// First values with their sources.
    pub prefill: BTreeMap<String, Prefill>,
}

/// Where to ask, and how to go on on a phone.
pub(super) struct Help {
    /// Telephone of the office.
    pub phone: String,
    /// QR symbol of the page's address.
    pub qr: Option<Html>,
}

/// The party of that code, if the actor is it or may act for it in that matter.
pub(super) fn party<'a>(actor: &'a Actor, code: &str, matter: &'a str) -> Option<&'a Party> {
    actor.parties_for(Action::Apply, Some(matter)).find(|party| party.code == code)
}

/// The parties as whom the actor may apply for a matter.
pub(super) fn eligible<'a>(actor: &'a Actor, matter: &'a Matter) -> Vec<&'a Party> {
    let parties = actor.parties_for(Action::Apply, Some(&matter.slug));
    parties.filter(|party| matter.applicants.contains(&party.kind)).collect()
}

impl Wizard {
    /// Opens a draft of the actor's own.
    pub(super) async fn open(visit: &Visit, id: &str) -> Result<Wizard, Failure> {
        let actor = visit.person()?;
        let draft = cases::draft(visit.city(), actor, id).await?;
        let published = visit.city().shelf().matter(&draft.matter)?.clone();
        let applicant = party(actor, &draft.applicant, &draft.matter).cloned();
        let prefill = match &applicant {
            Some(applicant) => {
                let bundle = &published.bundle;
                let context =
                    known::context(visit.city(), bundle, actor.person.as_ref(), applicant, &draft.form).await?;
                bundle.form.prefill(&context)
            }
            None => BTreeMap::new(),
        };
        Ok(Wizard { draft, published, applicant, prefill })
    }

    /// The matter.
    pub(super) fn matter(&self) -> &Matter {
        &self.published.bundle.matter
    }

    /// Its form.
    pub(super) fn form(&self) -> &Form {
        &self.published.bundle.form
    }

    /// Address of a page of this draft; an empty `part` is the task list.
    pub(super) fn href(&self, part: &str) -> String {
        match part {
            "" => format!("/drafts/{}", self.draft.id),
            _ => format!("/drafts/{}/{part}", self.draft.id),
        }
    }

    /// Address of a step of the form.
    pub(super) fn step_href(&self, step: &catalog::Step) -> String {
        self.href(&segment(&step.id))
    }

    /// The step behind the last part of an address.
    pub(super) fn step_at(&self, part: &str) -> Option<&catalog::Step> {
        self.form().steps().iter().find(|step| segment(&step.id) == part)
    }

    /// Saves the draft.
    pub(super) async fn save(&mut self, visit: &Visit) -> Result<(), Failure> {
        self.draft = cases::save_draft(visit.city(), visit.person()?, self.draft.clone()).await?;
        Ok(())
    }

    /// Whether a part was completed and left by its own button: the id of a step, or [`PLEDGE`].
    pub(super) fn is_done(&self, part: &str) -> bool {
        self.draft.done.iter().any(|done| done == part)
    }

    /// Marks a part as completed, or as open again.
    pub(super) fn mark(&mut self, part: &str, done: bool) {
        self.draft.done.retain(|own| own != part);
        if done {
            self.draft.done.push(part.to_owned());
        }
    }

    /// The pledge was signed in the version that is in force.
    pub(super) fn pledged(&self) -> bool {
        let current = self.matter().pledge.as_ref().map(|terms| terms.version.as_str());
        current.is_some() && self.draft.pledge.as_deref() == current
    }

    /// The pages after the steps of the form.
    fn later_parts(&self) -> Vec<&'static str> {
        let mut parts = Vec::new();
        if self.matter().pledge.is_some() {
            parts.push("pledge");
        }
        if !self.matter().materials.is_empty() {
            parts.push("materials");
        }
        parts.push("check");
        parts
    }

    /// The page that follows a step (by its id) or a later part.
    pub(super) fn after(&self, part: &str, is_step: bool) -> String {
        let later = self.later_parts();
        let next = if is_step {
            let steps = self.form().steps();
            let at = steps.iter().position(|step| step.id == part);
            match at.and_then(|at| steps.get(at + 1)) {
                Some(step) => return self.step_href(step),
                None => later.first(),
            }
        } else {
            let at = later.iter().position(|own| *own == part);
            at.and_then(|at| later.get(at + 1))
        };
        self.href(next.copied().unwrap_or("check"))
    }

    /// Where one is, above each page.
    pub(super) fn steps(&self, t: T, here: &str, is_step: bool) -> Steps {
        let mut steps = Vec::new();
        let mut current = 0;
        for step in self.form().steps() {
            if is_step && step.id == here {
                current = steps.len();
            }
            steps.push(Step::new(t.of(&step.title), self.step_href(step)));
        }
        for part in self.later_parts() {
            if !is_step && part == here {
                current = steps.len();
            }
            steps.push(Step::new(part_title(t, part), self.href(part)));
        }
        Steps::new(t, steps, current)
    }

    /// The trail: the guide of the matter, then the task list.
    pub(super) fn crumbs(&self, t: T, inside: bool) -> Crumbs {
        let crumbs = Crumbs::new(t).link(t.of(&self.matter().name), format!("/matters/{}", self.draft.matter));
        if inside { crumbs.link(t.cases_tasks_title(), self.href("")) } else { crumbs }
    }

    /// The layout of a page of the wizard.
    pub(super) fn page(&self, visit: &Visit) -> Page {
        visit.page().with_part(Part::Matters)
    }

    /// What stands beside a page of the wizard. `part` names the page with which one may go on on a phone.
    pub(super) fn help(&self, visit: &Visit, part: &str) -> Help {
        let address = format!("{}{}", visit.city().settings().base_url, self.href(part));
        let symbol = (!part.is_empty()).then(|| qr(&address, visit.t().cases_help_phone()));
        Help { phone: self.matter().contact.consult.clone(), qr: symbol.filter(|symbol| !symbol.is_empty()) }
    }

    /// `已保存 10:42`.
    pub(super) fn saved(&self, t: T) -> String {
        t.cases_saved_at(t.clock(self.draft.updated))
    }
}

/// The last part of a step's address: its id, unless a page of the wizard has that name.
pub(super) fn segment(step: &str) -> String {
    if RESERVED.contains(&step) { format!("{step}-form") } else { step.to_owned() }
}

/// The name of a page after the steps.
pub(super) fn part_title(t: T, part: &str) -> &'static str {
    match part {
        "pledge" => t.cases_part_pledge(),
        "materials" => t.cases_part_materials(),
        _ => t.cases_part_check(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_never_hides_a_page_of_the_wizard() {
        assert_eq!(segment("place"), "place");
        for name in RESERVED {
            assert!(!RESERVED.contains(&segment(name).as_str()), "{name}");
        }
    }
}
