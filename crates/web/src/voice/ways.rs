//! What may be done with a follow-up, each as a form.

use domain::voice::{ClaimGround, FollowUpCommand, Outcome};

use crate::app::Posted;
use crate::i18n::T;
use crate::kit::{Choice, Field};

/// A command as a form.
pub(super) struct Way {
    pub id: &'static str,
    pub title: String,
    pub about: String,
    pub open: bool,
    pub fields: Vec<Field>,
}

/// What was typed and what is wrong with it.
#[derive(Default)]
pub(super) struct Typed {
    command: String,
    choice: String,
    words: String,
    ticked: bool,
    /// Field and sentence; without a field it concerns the whole form.
    pub errors: Vec<(String, String)>,
}

/// Name of the choice of a command, and its values.
fn choice_of(command: &str) -> Option<(&'static str, [&'static str; 2])> {
    Some(match command {
        "contact" => ("reached", ["yes", "no"]),
        "answer" => ("outcome", ["put-right", "explained"]),
        "claim" => ("ground", ["mistaken", "malicious"]),
        "judge" => ("upheld", ["yes", "no"]),
        _ => return None,
    })
}

/// Name of the words of a command, as the use case calls them.
fn words_of(command: &str) -> &'static str {
    match command {
        "contact" => "note",
        "answer" => "text",
        "claim" => "evidence",
        _ => "reason",
    }
}

fn name(command: &str, field: &str) -> String {
    format!("{command}-{field}")
}

impl Typed {
    /// Reads a form; the second part is the command, unless a choice is missing or there is no such command.
    pub(super) fn read(t: T, posted: &Posted) -> (Typed, Option<FollowUpCommand>) {
        let command = posted.get("do").to_owned();
        let get = |field: &str| posted.get(&name(&command, field)).to_owned();
        let choice = choice_of(&command);
        let mut typed = Typed {
            choice: choice.map_or_else(String::new, |(field, _)| get(field)),
            words: get(words_of(&command)),
            ticked: posted.ticked(&name(&command, "public")),
            errors: Vec::new(),
            command,
        };
        if let Some((field, values)) = choice
            && !values.contains(&typed.choice.as_str())
        {
            typed.errors.push((name(&typed.command, field), t.voice_choose().to_owned()));
            return (typed, None);
        }
        let (words, yes) = (typed.words.trim().to_owned(), typed.choice == "yes");
        let command = match typed.command.as_str() {
            "contact" => FollowUpCommand::Contact { reached: yes, note: words },
            "take-time" => FollowUpCommand::TakeTime { reason: words },
            "claim" => FollowUpCommand::Claim {
                ground: if typed.choice == "malicious" { ClaimGround::Malicious } else { ClaimGround::Mistaken },
                evidence: words,
            },
            "judge" => FollowUpCommand::Judge { upheld: yes, reason: words },
            "answer" => FollowUpCommand::Answer {
                outcome: if typed.choice == "put-right" { Outcome::PutRight } else { Outcome::Explained },
                text: words,
                public: typed.ticked,
            },
            _ => return (typed, None),
        };
        (typed, Some(command))
    }

    /// Notes what the use case found wrong with a field.
    pub(super) fn wrong(&mut self, field: &str, words: &str) {
        self.errors.push((name(&self.command, field), words.to_owned()));
    }
}

/// The forms of the commands that are possible.
pub(super) fn ways(t: T, possible: &[&'static str], typed: &Typed) -> Vec<Way> {
    possible.iter().map(|id| way(t, id, typed, possible.first() == Some(id))).collect()
}

fn way(t: T, id: &'static str, typed: &Typed, first: bool) -> Way {
    let here = typed.command == id;
    let value = |own: &str| if here { own.to_owned() } else { String::new() };
    let wrong = |field: &str| {
        let found = typed.errors.iter().find(|(own, _)| *own == name(id, field));
        found.map_or_else(String::new, |(_, words)| words.clone())
    };
    let mut fields = Vec::new();
    if let Some((field, values)) = choice_of(id) {
        let choices = values.iter().map(|own| Choice::new(*own, t.voice_choice(&format!("{field}-{own}")))).collect();
        let label = t.voice_choice_label(field);
        fields.push(Field::radio(t, name(id, field), label, choices).value(value(&typed.choice)).error(wrong(field)));
    }
    let field = words_of(id);
    let words = Field::textarea(t, name(id, field), t.voice_words(id)).max_length(1000);
    fields.push(words.value(value(&typed.words)).error(wrong(field)));
    if id == "answer" {
        let ticked = if here && typed.ticked { "true" } else { "" };
        fields.push(Field::tick(t, name(id, "public"), t.voice_public()).value(ticked));
    }
    let open = if typed.command.is_empty() { first } else { here };
    Way { id, title: t.voice_do(id), about: t.voice_do_about(id), open, fields }
}
