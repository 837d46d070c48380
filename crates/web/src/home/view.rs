//! What the home page shows.

use crate::catalog::{MatterRow, TopicTile};
use crate::i18n::T;
use crate::kit::{Icon, Tag};
use crate::layout::Page;
use askama::Template;

/// One thing that waits for the person, or that is under way.
#[derive(Debug, Clone)]
pub struct Todo {
    /// `补正 1 份材料`.
    pub title: String,
    /// One sentence: which case, what to do.
    pub text: String,
    /// Where to do it.
    pub href: String,
    /// State in a word.
    pub tag: Tag,
    /// `11月30日前`; may be empty.
    pub due: String,
    /// True: the person must act. False: it is under way.
    pub must_act: bool,
}

/// The nearest hall, now.
#[derive(Debug, Clone)]
pub struct HallNow {
    /// Its name.
    pub name: String,
    /// How many people wait.
    pub waiting: i64,
    /// Opening hours and how long one waits.
    pub detail: String,
}

/// The home page.
#[derive(Debug, Template)]
#[template(path = "home/home.html")]
pub struct HomePage<'a> {
    /// Words.
    pub t: T,
    /// Layout.
    pub page: &'a Page,
    /// What people say, with the address that answers it.
    pub examples: Vec<(String, String)>,
    /// What waits for the person; most urgent first.
    pub todos: Vec<Todo>,
    /// Number of matters.
    pub matter_count: i64,
    /// Topics of people.
    pub for_person: Vec<TopicTile>,
    /// Topics of companies.
    pub for_company: Vec<TopicTile>,
    /// Most used matters.
    pub top: Vec<MatterRow>,
    /// The nearest hall; none before halls report.
    pub hall: Option<HallNow>,
}

impl HomePage<'_> {
    /// What the person must do first, for the strip above everything on a phone.
    fn first(&self) -> Option<&Todo> {
        self.todos.iter().find(|todo| todo.must_act && self.page.user.is_some())
    }

    /// The four steps: how many panes of the window are filled, title, text.
    fn how(&self) -> [(usize, &'static str, &'static str); 4] {
        let t = self.t;
        [
            (1, t.home_how_1(), t.home_how_1_text()),
            (2, t.home_how_2(), t.home_how_2_text()),
            (3, t.home_how_3(), t.home_how_3_text()),
            (4, t.home_how_4(), t.home_how_4_text()),
        ]
    }
}
