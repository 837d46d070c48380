//! What still stands in the way, as a list that the applicant, the clerk and a program all see alike.

use serde::Serialize;

use super::application::{Application, Provided};
use super::gaps::{may_follow, wrong_promises};
use crate::catalog::{Form, Material, Matter, Necessity, When};
use crate::text::Text;

/// One thing that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Blocker {
    /// Material slot, `form:<pointer>` or `pledge`.
    pub about: String,
    /// What to do.
    pub text: Text,
}

/// Whether a simple condition holds for a form.
fn holds(when: &When, form: &serde_json::Value) -> bool {
    form.get(&when.field).is_some_and(|value| when.any_of.contains(value))
}

/// Whether this material must be there, given the form and the pledge.
pub(super) fn is_needed(material: &Material, application: &Application) -> bool {
    let called_for = match material.necessity {
        Necessity::Required => true,
        Necessity::Optional => false,
        Necessity::Conditional => material.when.as_ref().is_some_and(|when| holds(when, &application.form)),
    };
    called_for && !(material.pledgeable && application.pledge.is_some())
}

fn is_provided(matter: &Matter, material: &Material, application: &Application) -> bool {
    if may_follow(matter, &material.slot, application) {
        return true;
    }
    application.materials.iter().any(|item| {
        item.slot == material.slot
            && match &item.provided {
                Provided::Upload { files } => !files.is_empty(),
                Provided::Paper { note } => !note.trim().is_empty(),
                Provided::Licence { .. }
                | Provided::FromPaper { .. }
                | Provided::Elsewhere { .. }
                | Provided::Register { .. } => true,
                // What the government has may not be asked for again; that its register is silent is not the applicant's
                // fault (优化营商环境条例 三十七). A person looks before acceptance.
                Provided::Unanswered { .. } => true,
                // Without a signature there is no pledge to lean on.
                Provided::Pledge => application.pledge.is_some() && material.pledgeable,
                // Without a promise, or where the matter does not publish it, nothing may follow later.
                Provided::Later => false,
            }
    })
}

/// Everything that keeps this application from being filed, in the order of the form and then of the materials.
pub fn application_blockers(matter: &Matter, form: &Form, application: &Application) -> Vec<Blocker> {
    let mut blockers: Vec<Blocker> = form
        .validate(&application.form, None)
        .into_iter()
        .map(|error| Blocker { about: format!("form:{}", error.pointer), text: error.message })
        .collect();
    for material in &matter.materials {
        if is_needed(material, application) && !is_provided(matter, material, application) {
            blockers.push(Blocker {
                about: material.slot.clone(),
                text: Text::new(format!("请提供《{}》", material.name.zh), format!("Provide: {}", material.name.en)),
            });
        }
    }
    blockers.extend(wrong_promises(matter, application).map(|(about, text)| Blocker { about, text }));
    blockers
}
