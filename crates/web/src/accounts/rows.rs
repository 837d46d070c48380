//! A list of people and places: an icon, a name with a line of explanation, and perhaps a mark or a link.

use askama::Template;

use crate::kit::Icon;

/// One line of [`Rows`].
pub(super) struct Line {
    icon: Icon,
    title: String,
    hint: String,
    mark: String,
    href: String,
    current: bool,
    count: u32,
}

impl Line {
    /// A name with its explanation.
    pub(super) fn new(icon: Icon, title: impl Into<String>, hint: impl Into<String>) -> Line {
        let (title, hint) = (title.into(), hint.into());
        Line { icon, title, hint, mark: String::new(), href: String::new(), current: false, count: 0 }
    }

    /// Leads somewhere.
    pub(super) fn href(mut self, href: impl Into<String>) -> Line {
        self.href = href.into();
        self
    }

    /// A code at the end of the line.
    pub(super) fn mark(mut self, mark: impl Into<String>) -> Line {
        self.mark = mark.into();
        self
    }

    /// The one that is chosen.
    pub(super) fn current(mut self, current: bool) -> Line {
        self.current = current;
        self
    }

    /// A number of new things; zero shows nothing.
    pub(super) fn count(mut self, count: u32) -> Line {
        self.count = count;
        self
    }
}

/// The list.
#[derive(Template)]
#[template(path = "accounts/rows.html")]
pub(super) struct Rows(Vec<Line>);

impl Rows {
    /// Of these lines.
    pub(super) fn new(lines: impl IntoIterator<Item = Line>) -> Rows {
        Rows(lines.into_iter().collect())
    }

    /// True without lines.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl askama::filters::HtmlSafe for Rows {}
