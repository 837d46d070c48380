//! Lists of matters: all of them, filtered, or found.

use crate::i18n::T;
use crate::kit::{Empty, Icon, Pager};
use crate::layout::Page;
use askama::Template;
use domain::catalog::Matter;

/// One matter in a list: name, what it is for, and what the office promises.
#[derive(Debug, Clone, Template)]
#[template(path = "home/matter_row.html")]
pub struct MatterRow {
    href: String,
    name: String,
    summary: String,
    department: String,
    days: String,
    at_once: bool,
    fee: String,
    visits: String,
}

impl askama::filters::HtmlSafe for MatterRow {}

impl MatterRow {
    /// From the catalogue. `department` is the printed name; empty leaves it out.
    pub fn new(t: T, matter: &Matter, department: &str) -> MatterRow {
        MatterRow {
            href: format!("/matters/{}", matter.slug),
            name: t.of(&matter.name).to_owned(),
            summary: t.of(&matter.summary).to_owned(),
            department: department.to_owned(),
            days: t.period(&matter.promised),
            at_once: matter.promised.number == 0,
            fee: matter.fee.as_ref().map_or_else(|| t.free().to_owned(), |fee| t.money(fee.amount_fen)),
            visits: t.catalog_visits(matter.visits.count),
        }
    }
}

/// One way to narrow a list down: a drop-down with the chosen value.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// `for`, `topic`, `department`.
    pub name: String,
    /// Words.
    pub label: String,
    /// Value and words of each choice; the empty value for all comes by itself.
    pub choices: Vec<(String, String)>,
    /// The chosen value; empty = all.
    pub chosen: String,
}

/// `/matters`, with or without a question.
#[derive(Debug, Template)]
#[template(path = "catalog/list.html")]
pub struct ListPage<'a> {
    /// Words.
    pub t: T,
    /// Layout.
    pub page: &'a Page,
    /// The heading: what is looked for, the topic, or everything.
    pub heading: String,
    /// What the person looks for; empty = everything.
    pub q: String,
    /// How many there are in all.
    pub count: i64,
    /// Ways to narrow down.
    pub filters: Vec<ListFilter>,
    /// The rows of this page.
    pub rows: Vec<MatterRow>,
    /// On to more.
    pub pager: Pager,
}

impl ListPage<'_> {
    fn narrowed(&self) -> bool {
        self.filters.iter().any(|filter| !filter.chosen.is_empty())
    }

    /// The chosen filters in words, for the closed fold on a phone.
    fn chosen(&self) -> String {
        let words = self.filters.iter().filter_map(|filter| {
            let (_, words) = filter.choices.iter().find(|(value, _)| *value == filter.chosen)?;
            Some(words.as_str())
        });
        words.collect::<Vec<_>>().join(self.t.list_separator())
    }

    fn empty(&self) -> Empty {
        let t = self.t;
        Empty::new(Icon::Search, t.catalog_nothing(&self.q), t.catalog_nothing_text(&self.page.city.hotline))
            .action(t.catalog_see_all(), "/matters")
    }
}
