//! The kit: everything a page is built from. Read this page once and you can build one.
//!
//! # A page
//!
//! A page is an askama template in `templates/<capability>/` with a struct that holds what it shows. Every page has two
//! fields: `t`, the words ([`crate::i18n::T`]), and `page`, the layout ([`crate::layout::Page`]).
//!
//! ```text
//! #[derive(Template)]
//! #[template(path = "cases/list.html")]
//! struct CaseList<'a> { t: T, page: &'a Page, table: Table, pager: Pager }
//! ```
//! ```html
//! {% extends "layout/base.html" %}
//! {% block title %}{{ t.cases_title() }}{% endblock %}
//! {% block main %}
//!   <h1>{{ t.cases_title() }}</h1>
//!   {{ table }}
//!   {{ pager }}
//! {% endblock %}
//! ```
//! and the handler ends with `layout::respond(StatusCode::OK, prefs.lang, &CaseList { .. })`.
//!
//! Blocks of `layout/base.html`: `title` (required), `crumbs` (a [`Crumbs`]), `main` (inside the ordinary column),
//! `page` (instead of `main`: the full width, for heroes and two columns), `dock` (a bar fixed to the lower edge of
//! phones; build the page with `Page::with_dock`), `head` (more `<link>`s). `layout/desk.html` has the same blocks,
//! with the navigation of staff at the left and smaller spacing.
//!
//! # Components
//!
//! Each is a Rust type that renders itself, safe to write as `{{ thing }}`:
//!
//! | you want | take |
//! |---|---|
//! | an input with label, hint, unit, error, named source | [`Field`] |
//! | a list of the same fields again and again, add and remove | [`Repeat`] |
//! | a file with progress and resume | [`Upload`] |
//! | what is wrong with a form, above it | [`ErrorSummary`] |
//! | the parts of an application and which are done | [`TaskList`], [`Steps`] |
//! | "check your answers", or plain facts | [`Answers`], [`Facts`] |
//! | a state in a word | [`Tag`], [`Lamp`] |
//! | what happened, what comes next | [`Timeline`], [`Countdown`] |
//! | a list | [`Table`] (sorting by links), [`Pager`], [`Tabs`], [`Empty`] |
//! | a message in the page | [`Notice`] |
//! | "are you sure", "we have it" | [`Confirm`], [`Receipt`] |
//! | a procedure as a picture | [`Flow`] |
//! | a number to be copied | [`CopyText`] |
//! | a picture beside words | [`Icon`] |
//!
//! What needs only HTML is a class: `button`, `button button--quiet`, `button--danger`, `button--wide`; `card`;
//! `stack` (children with even space), `row` (children in a line that wraps), `columns` (as many equal columns as fit),
//! `split` (main column and a sticky side column), `panel` (white surface with a border), `muted`, `lead`, `num`
//! (tabular figures), `vh` (for screen readers only). `js-only` is hidden until the scripts run, `no-js` afterwards.
//!
//! # Rules
//!
//! * Status is always shape + word + colour: use [`Tag`] or [`Lamp`], never colour alone.
//! * Amber means "you must act", red "late" or "refused", green "done", blue "this is where you can click".
//! * No inline style or script: the content security policy forbids both. Behaviour hangs on `data-` attributes that
//!   `assets/js/app.js` knows: `data-copy`, `data-autosave`, `data-upload`, `data-print`.
//! * Every job works without JavaScript. Buttons that change a form without submitting it for good are
//!   `<button name="do" value="add:partners" formnovalidate>`; the handler saves, changes, and shows the form again.
//! * A form that fails answers 422 with an [`ErrorSummary`] first and each [`Field`] with its value and error.
//! * A page has one `<h1>`, one primary button, and looks finished when its list is empty ([`Empty`]).

mod answers;
mod errors;
mod field;
mod flow;
mod icon;
mod messages;
mod repeat;
mod table;
mod tag;
mod tasks;
mod timeline;
mod upload;

pub use answers::{Answers, AnswersCard, Fact, Facts};
pub use errors::{ErrorSummary, anchor};
pub use field::{Choice, Field};
pub use flow::{Edge, EdgeKind, Flow, Node, NodeState};
pub use icon::Icon;
pub use messages::{Confirm, CopyText, Crumbs, Empty, Notice, Receipt, Tab, Tabs};
pub use repeat::{Action, Repeat};
pub use table::{Cell, Column, Pager, Row, Sorted, Table};
pub use tag::{Lamp, Light, Tag, Tone};
pub use tasks::{Step, Steps, Task, TaskList, TaskSection, TaskState};
pub use timeline::{Clock, ClockState, Countdown, Event, EventState, Timeline};
pub use upload::{Upload, UploadedFile};

use std::fmt;

/// Marks types whose template escapes whatever a person typed, so that pages write them without a filter.
macro_rules! html_safe {
    ($($name:ty),+ $(,)?) => { $(impl askama::filters::HtmlSafe for $name {})+ };
}
use html_safe;

/// HTML that is safe to write as it is: rendered components, or escaped text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// A component, rendered now.
    pub fn of(part: &impl askama::filters::HtmlSafe) -> Html {
        Html(part.to_string())
    }

    /// Text, escaped.
    pub fn text(text: impl AsRef<str>) -> Html {
        let mut out = String::with_capacity(text.as_ref().len());
        for c in text.as_ref().chars() {
            match c {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                c => out.push(c),
            }
        }
        Html(out)
    }

    /// A link with text.
    pub fn link(href: &str, text: &str) -> Html {
        Html(format!("<a href=\"{}\">{}</a>", Html::text(href), Html::text(text)))
    }

    /// This, then that.
    pub fn then(mut self, next: impl Into<Html>) -> Html {
        self.0.push_str(&next.into().0);
        self
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Html {
    fn from(text: &str) -> Html {
        Html::text(text)
    }
}

impl From<String> for Html {
    fn from(text: String) -> Html {
        Html::text(text)
    }
}

html_safe!(Html);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_never_becomes_markup() {
        let nasty = "<script>\"'&";
        assert_eq!(Html::text(nasty).to_string(), "&lt;script&gt;&quot;&#39;&amp;");
        assert_eq!(Html::link("/a?b=1&c=\"", "x").to_string(), "<a href=\"/a?b=1&amp;c=&quot;\">x</a>");
    }
}
