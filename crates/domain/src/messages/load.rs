//! Reading `messages.json` of the catalogue, and what is wrong with it.

use std::collections::BTreeSet;

use super::rules::{MessageRules, Occasion, Outgoing, Template, in_subject, in_text};
use crate::accounts::Channel;
use crate::catalog::source::Source;
use crate::catalog::{Files, Finding};
use crate::text::Text;

/// The file inside a catalogue. Without it nothing goes out of the platform.
pub const MESSAGES: &str = "messages.json";

impl Outgoing {
    /// Reads the file; a catalogue without it has no words.
    ///
    /// # Errors
    /// A finding when the file is not JSON or has the wrong shape.
    pub fn load(files: &Files) -> Result<Outgoing, Vec<Finding>> {
        match files.get(MESSAGES) {
            Some(text) => Source::parse(MESSAGES, text)?.read(),
            None => Ok(Outgoing::default()),
        }
    }
}

/// What is wrong with the templates and rules of messages in a catalogue.
pub fn lint_messages(files: &Files) -> Vec<Finding> {
    let Some(text) = files.get(MESSAGES) else { return Vec::new() };
    let source = match Source::parse(MESSAGES, text) {
        Ok(source) => source,
        Err(findings) => return findings,
    };
    let outgoing: Outgoing = match source.read() {
        Ok(outgoing) => outgoing,
        Err(findings) => return findings,
    };
    let mut lint = Lint { source: &source, findings: Vec::new() };
    lint.rules(&outgoing);
    lint.templates(&outgoing);
    lint.findings
}

struct Lint<'s> {
    source: &'s Source<'s>,
    findings: Vec<Finding>,
}

/// The names in braces of a text; an opening brace without a closing one counts as a name that nothing has.
fn placeholders(text: &str) -> Vec<&str> {
    text.split('{').skip(1).map(|rest| rest.split_once('}').map_or(rest, |(name, _)| name)).collect()
}

impl Lint<'_> {
    fn say(&mut self, pointer: &str, check: &'static str, wrong: Text, fix: [&str; 2]) {
        self.findings.push(self.source.error(pointer, check, wrong, Text::new(fix[0], fix[1])));
    }

    fn rules(&mut self, outgoing: &Outgoing) {
        if !outgoing.templates.is_empty() && outgoing.rules.is_empty() {
            let wrong = Text::new("没有发送规则。", "There are no rules of sending.");
            self.say("/rules", "message-rules", wrong, ["请补上规则。", "Add them."]);
        }
        let mut last: Option<&MessageRules> = None;
        for (at, rules) in outgoing.rules.iter().enumerate() {
            let overlaps = last.is_some_and(|before| before.valid_to.is_none_or(|end| end >= rules.valid_from));
            if overlaps || !rules.is_sound() || rules.source.trim().is_empty() {
                let wrong = Text::new(
                    "日期重叠，次数、分钟或天数超出范围，或者没有写明依据。",
                    "Dates overlap, a number lies outside its bounds, or the source is missing.",
                );
                let fix = [
                    "尝试 1 至 20 次，验证码 2 至 60 分钟、可错 1 至 10 次，保留 1 至 366 天。",
                    "Try 1 to 20 times, codes 2 to 60 minutes with 1 to 10 guesses, keep 1 to 366 days.",
                ];
                self.say(&format!("/rules/{at}"), "message-rules", wrong, fix);
            }
            last = Some(rules);
        }
    }

    fn templates(&mut self, outgoing: &Outgoing) {
        let mut seen = BTreeSet::new();
        for (at, own) in outgoing.templates.iter().enumerate() {
            let pointer = format!("/templates/{at}");
            if !seen.insert((own.channel, own.occasion)) {
                let wrong = Text::new("同一渠道、同一场合写了两次。", "This channel and occasion stand twice.");
                self.say(&pointer, "message-template", wrong, ["请删去一处。", "Delete one."]);
            }
            if (own.channel == Channel::Email) != own.subject.is_some() {
                let wrong =
                    Text::new("主题只用于邮件，且邮件必须有主题。", "E-mails have a subject, others have none.");
                self.say(&pointer, "message-template", wrong, ["请补上或删去主题。", "Add or delete it."]);
            }
            self.words(&pointer, own);
        }
        let missing = Channel::ALL.into_iter().flat_map(|channel| Occasion::ALL.map(|occasion| (channel, occasion)));
        for (channel, occasion) in missing.filter(|both| !outgoing.templates.is_empty() && !seen.contains(both)) {
            let wrong = Text::new(
                format!("缺少模板：{} {}。", channel.as_str(), occasion.as_str()),
                format!("There is no template for {} {}.", channel.as_str(), occasion.as_str()),
            );
            self.say("/templates", "message-template", wrong, ["请补上。", "Add it."]);
        }
    }

    fn words(&mut self, pointer: &str, own: &Template) {
        for (part, text) in own.subject.iter().map(|text| ("subject", text)).chain([("text", &own.text)]) {
            let place = format!("{pointer}/{part}");
            if text.is_incomplete() {
                let wrong = Text::new("缺少中文或英文。", "A language is missing.");
                self.say(&place, "message-template", wrong, ["请写全。", "Write both."]);
            }
            for (language, words) in [("zh", &text.zh), ("en", &text.en)] {
                let place = format!("{place}/{language}");
                if part == "text" && own.occasion == Occasion::Code && !words.contains("{code}") {
                    let wrong = Text::new("验证码模板里没有 {code}。", "The template of a code does not hold {code}.");
                    self.say(&place, "message-template", wrong, ["请补上。", "Add it."]);
                }
                let allowed = if part == "subject" { in_subject() } else { in_text(own.occasion) };
                for name in placeholders(words).into_iter().filter(|name| !allowed.contains(name)) {
                    self.not_allowed(&place, part, name);
                }
            }
        }
    }

    fn not_allowed(&mut self, place: &str, part: &str, name: &str) {
        let personal = Occasion::ALL.iter().any(|occasion| in_text(*occasion).contains(&name));
        if part != "subject" || !personal {
            let wrong = Text::new(format!("没有占位符 {{{name}}}。"), format!("There is no placeholder {{{name}}}."));
            return self.say(place, "message-placeholder", wrong, ["请对照说明改正。", "Correct it."]);
        }
        let wrong = Text::new(
            format!("主题里不得出现 {{{name}}}：主题会显示在锁屏上和邮件服务器的日志里，不能含个人信息。"),
            format!(
                "The subject must not hold {{{name}}}: it lies open on lock screens and in logs of mail servers, so nothing about a \
                 person stands in it."
            ),
        );
        self.say(place, "message-subject", wrong, ["请移到正文里。", "Move it into the text."]);
    }
}
