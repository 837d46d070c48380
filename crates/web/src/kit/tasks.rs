//! The task list of an application, and the steps of a process.

use super::{Icon, Tag, Tone, html_safe};
use crate::i18n::T;
use askama::Template;

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    /// 已完成.
    Done,
    /// 未开始.
    Todo,
    /// 填了一部分.
    Started,
    /// 有问题，须修改.
    Wrong,
    /// 前面的完成后才能开始.
    Blocked,
    /// 不用做: known or waived.
    Waived,
}

/// One task.
#[derive(Debug, Clone)]
pub struct Task {
    title: String,
    hint: String,
    href: String,
    state: TaskState,
}

impl Task {
    /// A task that `href` opens.
    pub fn new(title: impl Into<String>, href: impl Into<String>, state: TaskState) -> Task {
        Task { title: title.into(), hint: String::new(), href: href.into(), state }
    }

    /// One line under the title.
    pub fn hint(mut self, hint: impl Into<String>) -> Task {
        self.hint = hint.into();
        self
    }

    fn is_link(&self) -> bool {
        !matches!(self.state, TaskState::Blocked | TaskState::Waived) && !self.href.is_empty()
    }

    fn tag(&self, t: &T) -> Tag {
        let (tone, word) = match self.state {
            TaskState::Done => (Tone::Good, t.task_done()),
            TaskState::Todo => (Tone::Quiet, t.task_todo()),
            TaskState::Started => (Tone::Running, t.task_started()),
            TaskState::Wrong => (Tone::Act, t.task_wrong()),
            TaskState::Blocked => (Tone::Paused, t.task_blocked()),
            TaskState::Waived => (Tone::Good, t.task_waived()),
        };
        Tag::new(tone, word)
    }
}

/// Tasks under a heading.
#[derive(Debug, Clone)]
pub struct TaskSection {
    /// Heading; empty shows none.
    pub title: String,
    /// In order.
    pub tasks: Vec<Task>,
}

/// A task list with how much of it is done.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/task_list.html")]
pub struct TaskList {
    t: T,
    sections: Vec<TaskSection>,
}

impl TaskList {
    /// In this order.
    pub fn new(t: T, sections: Vec<TaskSection>) -> TaskList {
        TaskList { t, sections }
    }

    fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.sections.iter().flat_map(|section| &section.tasks)
    }

    fn total(&self) -> usize {
        self.tasks().count()
    }

    fn done(&self) -> usize {
        self.tasks().filter(|task| matches!(task.state, TaskState::Done | TaskState::Waived)).count()
    }
}

/// One step of [`Steps`].
#[derive(Debug, Clone)]
pub struct Step {
    label: String,
    href: String,
}

impl Step {
    /// A step; an empty `href` shows words only.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Step {
        Step { label: label.into(), href: href.into() }
    }
}

/// Where one is in a process: `第 2 步，共 4 步`, with the names of the steps where there is room.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/steps.html")]
pub struct Steps {
    t: T,
    steps: Vec<Step>,
    current: usize,
}

impl Steps {
    /// `current` counts from zero.
    pub fn new(t: T, steps: Vec<Step>, current: usize) -> Steps {
        Steps { t, steps, current }
    }

    fn state(&self, index: &usize) -> &'static str {
        match index.cmp(&self.current) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "next",
        }
    }

    fn at(&self) -> usize {
        self.current + 1
    }

    fn total(&self) -> usize {
        self.steps.len()
    }

    fn name(&self) -> &str {
        self.steps.get(self.current).map_or("", |step| step.label.as_str())
    }
}

html_safe!(TaskList, Steps);
