//! "Check your answers", and plain facts in two columns.

use super::{Html, html_safe};
use crate::i18n::T;
use askama::Template;

/// One fact: a word, its value, where the value comes from, where to change it.
#[derive(Debug, Clone)]
pub struct Fact {
    key: String,
    value: Html,
    source: String,
    change: String,
}

impl Fact {
    /// A fact. An empty value is shown as "not given".
    pub fn new(key: impl Into<String>, value: impl Into<Html>) -> Fact {
        Fact { key: key.into(), value: value.into(), source: String::new(), change: String::new() }
    }

    /// Names where the value comes from.
    pub fn source(mut self, source: impl Into<String>) -> Fact {
        self.source = source.into();
        self
    }

    /// Address at which it can be changed.
    pub fn change(mut self, href: impl Into<String>) -> Fact {
        self.change = href.into();
        self
    }
}

/// Facts in two columns.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/facts.html")]
pub struct Facts {
    t: T,
    facts: Vec<Fact>,
}

impl Facts {
    /// In this order.
    pub fn new(t: T, facts: Vec<Fact>) -> Facts {
        Facts { t, facts }
    }
}

/// The answers of one step.
#[derive(Debug, Clone)]
pub struct AnswersCard {
    title: String,
    change: String,
    facts: Facts,
}

/// All answers, step by step, each step with a link to change it.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/answers.html")]
pub struct Answers {
    t: T,
    cards: Vec<AnswersCard>,
}

impl Answers {
    /// Nothing yet.
    pub fn new(t: T) -> Answers {
        Answers { t, cards: Vec::new() }
    }

    /// Adds a step; an empty `change` shows no link.
    pub fn card(mut self, title: impl Into<String>, change: impl Into<String>, facts: Vec<Fact>) -> Answers {
        self.cards.push(AnswersCard { title: title.into(), change: change.into(), facts: Facts { t: self.t, facts } });
        self
    }
}

html_safe!(Facts, Answers);
