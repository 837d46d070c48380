//! What the person at the desk may do with a case, each as a form that works without JavaScript.

use domain::accounts::Actor;
use domain::cases::State;
use service::cases::CaseView;
use service::catalog::Published;

use crate::i18n::T;
use crate::kit::Html;

/// What was posted and could not be done, so that nothing typed is lost.
#[derive(Default)]
pub(super) struct Typed {
    /// What was done just now, by the address.
    pub done: String,
    /// The pile that the person is working through.
    pub pile: String,
    /// The command; empty when nothing was posted.
    pub command: String,
    /// Names and values.
    pub pairs: Vec<(String, String)>,
    /// The list that gets one more row.
    pub more: String,
    /// What is wrong, by field.
    pub errors: Vec<(String, String)>,
}

impl Typed {
    /// The first value of a field, if it was posted.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The sentence for a field.
    pub(super) fn error(&self, name: &str) -> String {
        self.errors.iter().find(|(own, _)| own == name).map_or_else(String::new, |(_, text)| text.clone())
    }
}

/// One thing to do.
pub(super) struct Act {
    /// Name in the address.
    pub command: &'static str,
    /// Words of the summary and the button.
    pub title: String,
    /// What will happen.
    pub about: String,
    /// Fields.
    pub fields: Vec<Html>,
    /// Shown unfolded.
    pub open: bool,
    /// The one that is expected here.
    pub primary: bool,
    /// Ends the case against the applicant.
    pub danger: bool,
    /// Key that leads to it, alone where scripts run, and together with the browser's modifier everywhere.
    pub key: &'static str,
    /// Whether a document is signed with it.
    pub signs: Signs,
}

/// What is shown of a document before it is signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Signs {
    /// The command seals nothing.
    Nothing,
    /// The document can be looked at first.
    May,
    /// The document is always looked at first: a decision.
    Must,
}

impl Signs {
    fn of(command: &str) -> Signs {
        match command {
            "grant" | "refuse" => Signs::Must,
            "accept" | "accept-with-gaps" | "request-correction" | "decline-acceptance" | "pause" | "extend"
            | "terminate" => Signs::May,
            _ => Signs::Nothing,
        }
    }
}

impl Act {
    /// The document is always looked at before it is signed.
    pub(super) fn must(&self) -> bool {
        self.signs == Signs::Must
    }

    /// The document can be looked at before it is signed.
    pub(super) fn preview(&self) -> bool {
        self.signs == Signs::May
    }

    /// Class of its button.
    pub(super) fn button(&self) -> &'static str {
        match (self.danger, self.primary) {
            (true, _) => "button button--danger",
            (false, true) => "button",
            (false, false) => "button button--quiet",
        }
    }
}

/// Commands of the desk in the order of the page, each with its key.
const COMMANDS: [(&str, &str); 20] = [
    ("give-feedback", "f"),
    ("accept", "a"),
    ("accept-with-gaps", "a"),
    ("check-gap", "k"),
    ("receive-gap", "w"),
    ("request-correction", "c"),
    ("correct-on-spot", "s"),
    ("decline-acceptance", "d"),
    ("give-opinion", "o"),
    ("grant", "g"),
    ("return", "b"),
    ("refuse", "r"),
    ("pause", "z"),
    ("resume", "z"),
    ("extend", "e"),
    ("deliver", "h"),
    ("close", "l"),
    ("answer-check", "i"),
    ("terminate", "t"),
    ("give-verdicts", "v"),
];

/// Whether state and role both allow a command.
pub(super) fn allowed(found: &CaseView, command: &str) -> bool {
    found.possible.contains(&command) && COMMANDS.iter().any(|(own, _)| *own == command)
}

/// What the forms are drawn from.
pub(super) struct Desk<'a> {
    /// Words.
    pub t: T,
    /// Who looks.
    pub actor: &'a Actor,
    /// The case.
    pub found: &'a CaseView,
    /// Its matter.
    pub published: &'a Published,
    /// What was posted last.
    pub typed: &'a Typed,
}

impl Desk<'_> {
    /// Everything that state and role allow, without the verdicts, which stand beside the materials, and the correction
    /// on the spot, which has the whole form for itself.
    pub(super) fn acts(&self) -> Vec<Act> {
        let elsewhere = |command: &str| matches!(command, "give-verdicts" | "correct-on-spot");
        let wanted = COMMANDS.iter().filter(|(command, _)| !elsewhere(command));
        let mut acts: Vec<Act> = wanted
            .filter(|(command, _)| allowed(self.found, command))
            .filter(|(command, _)| self.makes_sense(command))
            .map(|(command, key)| self.act(command, key))
            .collect();
        if acts.iter().all(|act| !act.open)
            && let Some(first) = acts.iter_mut().find(|act| act.primary)
        {
            first.open = true;
        }
        acts
    }

    /// Leaves out what the law could never allow here although the state does not rule it out.
    fn makes_sense(&self, command: &str) -> bool {
        match command {
            "pause" => !self.procedures().is_empty(),
            "decline-acceptance" => self.found.case.state == State::Filed,
            _ => true,
        }
    }

    fn act(&self, command: &'static str, key: &'static str) -> Act {
        let t = self.t;
        let primary = match command {
            // The notice is what is expected while something stands in the way of acceptance.
            "accept" | "accept-with-gaps" => !self.stuck(),
            "request-correction" => self.stuck(),
            other => matches!(
                other,
                "give-feedback" | "give-opinion" | "grant" | "deliver" | "answer-check" | "close" | "check-gap"
            ),
        };
        Act {
            command,
            title: t.desk_act(command),
            about: t.desk_act_about(command),
            fields: self.fields(command),
            open: self.typed.command == command,
            primary,
            danger: matches!(command, "refuse" | "decline-acceptance" | "terminate"),
            key,
            signs: Signs::of(command),
        }
    }

    /// Whether something keeps the application from being accepted.
    fn stuck(&self) -> bool {
        !self.found.blockers.is_empty() || self.defective().next().is_some()
    }

    pub(super) fn defective(&self) -> impl Iterator<Item = (&str, &str)> {
        self.found.case.application.materials.iter().filter_map(|item| {
            let verdict = item.verdict.as_ref().filter(|verdict| !verdict.in_order)?;
            Some((item.slot.as_str(), verdict.note.as_str()))
        })
    }
}
