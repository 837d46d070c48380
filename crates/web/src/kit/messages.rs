//! Messages in a page, empty states, tabs, the trail, confirmations and receipts.

use super::{Facts, Html, Icon, Tone, html_safe};
use crate::i18n::T;
use askama::Template;

/// A message in the page. The tone gives colour and icon; the title says it in words.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/notice.html")]
pub struct Notice {
    tone: Tone,
    title: String,
    body: Html,
}

impl Notice {
    /// A message; give it a body with [`Notice::body`].
    pub fn new(tone: Tone, title: impl Into<String>) -> Notice {
        Notice { tone, title: title.into(), body: Html::default() }
    }

    /// What there is to know or do.
    pub fn body(mut self, body: impl Into<Html>) -> Notice {
        self.body = body.into();
        self
    }

    fn icon(&self) -> Icon {
        match self.tone {
            Tone::Act => Icon::Alert,
            Tone::Bad => Icon::Stop,
            Tone::Good => Icon::CheckCircle,
            Tone::Paused => Icon::Pause,
            Tone::Quiet | Tone::Running => Icon::Info,
        }
    }
}

/// Where one is: links from the top to the page above this one.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/crumbs.html")]
pub struct Crumbs {
    t: T,
    links: Vec<(String, String)>,
}

impl Crumbs {
    /// Starts at the home page.
    pub fn new(t: T) -> Crumbs {
        Crumbs { t, links: vec![(t.nav_home().to_owned(), "/".to_owned())] }
    }

    /// Adds a page on the way.
    pub fn link(mut self, label: impl Into<String>, href: impl Into<String>) -> Crumbs {
        self.links.push((label.into(), href.into()));
        self
    }

    fn back(&self) -> Option<&(String, String)> {
        self.links.last()
    }
}

/// A list with nothing in it: what would be here, and what one can do.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/empty.html")]
pub struct Empty {
    icon: Icon,
    title: String,
    body: String,
    action: Option<(String, String)>,
}

impl Empty {
    /// `title` says what is not there, `body` what would bring it.
    pub fn new(icon: Icon, title: impl Into<String>, body: impl Into<String>) -> Empty {
        Empty { icon, title: title.into(), body: body.into(), action: None }
    }

    /// A button.
    pub fn action(mut self, label: impl Into<String>, href: impl Into<String>) -> Empty {
        self.action = Some((label.into(), href.into()));
        self
    }
}

/// One tab.
#[derive(Debug, Clone)]
pub struct Tab {
    /// Words.
    pub label: String,
    /// Address.
    pub href: String,
    /// The page that is shown.
    pub current: bool,
    /// Number beside the words.
    pub count: Option<i64>,
}

/// Tabs are links: each is a page with an address.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/tabs.html")]
pub struct Tabs {
    label: String,
    tabs: Vec<Tab>,
}

impl Tabs {
    /// `label` names the group for screen readers.
    pub fn new(label: impl Into<String>, tabs: Vec<Tab>) -> Tabs {
        Tabs { label: label.into(), tabs }
    }
}

/// Text with a button that copies it. Without JavaScript the text can be selected.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/copy.html")]
pub struct CopyText {
    t: T,
    text: String,
}

impl CopyText {
    /// The text as it is copied.
    pub fn new(t: T, text: impl Into<String>) -> CopyText {
        CopyText { t, text: text.into() }
    }
}

/// "Are you sure": what will happen, one button to do it, one to go back. The whole body of a page's `main` block.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/confirm.html")]
pub struct Confirm {
    t: T,
    title: String,
    body: Html,
    action: String,
    button: String,
    back: String,
    csrf: String,
    danger: bool,
    hidden: Vec<(String, String)>,
    fields: Html,
}

impl Confirm {
    /// A form that posts to `action`; `back` leads away from it. `csrf` is `page.csrf`.
    pub fn new(
        t: T,
        title: impl Into<String>,
        button: impl Into<String>,
        action: impl Into<String>,
        back: impl Into<String>,
        csrf: impl Into<String>,
    ) -> Confirm {
        Confirm {
            t,
            title: title.into(),
            body: Html::default(),
            action: action.into(),
            button: button.into(),
            back: back.into(),
            csrf: csrf.into(),
            danger: false,
            hidden: Vec::new(),
            fields: Html::default(),
        }
    }

    /// What will happen.
    pub fn body(mut self, body: impl Into<Html>) -> Confirm {
        self.body = body.into();
        self
    }

    /// It cannot be undone: a red button.
    pub fn danger(mut self) -> Confirm {
        self.danger = true;
        self
    }

    /// A hidden field.
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Confirm {
        self.hidden.push((name.into(), value.into()));
        self
    }

    /// Rendered fields, such as a reason.
    pub fn fields(mut self, fields: impl Into<Html>) -> Confirm {
        self.fields = fields.into();
        self
    }
}

/// "We have it": the huge tick, the number, by when, what next. The first thing in a page's `main` block.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/receipt.html")]
pub struct Receipt {
    t: T,
    title: String,
    number: String,
    lead: String,
    facts: Option<Facts>,
    next: Vec<String>,
    actions: Vec<(String, String)>,
}

impl Receipt {
    /// `number` is the number of the case.
    pub fn new(t: T, title: impl Into<String>, number: impl Into<String>) -> Receipt {
        Receipt {
            t,
            title: title.into(),
            number: number.into(),
            lead: String::new(),
            facts: None,
            next: Vec::new(),
            actions: Vec::new(),
        }
    }

    /// One sentence under the title.
    pub fn lead(mut self, lead: impl Into<String>) -> Receipt {
        self.lead = lead.into();
        self
    }

    /// Facts: matter, applicant, received at, decided by.
    pub fn facts(mut self, facts: Facts) -> Receipt {
        self.facts = Some(facts);
        self
    }

    /// What happens next, sentence by sentence.
    pub fn next(mut self, sentence: impl Into<String>) -> Receipt {
        self.next.push(sentence.into());
        self
    }

    /// A button; the first one is the primary.
    pub fn action(mut self, label: impl Into<String>, href: impl Into<String>) -> Receipt {
        self.actions.push((label.into(), href.into()));
        self
    }
}

html_safe!(Notice, Crumbs, Empty, Tabs, CopyText, Confirm, Receipt);
