//! A state in a word: shape, word and colour together.

use super::html_safe;
use crate::i18n::T;
use askama::Template;

/// What a state means to the person who reads it. Colour and shape follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Grey diamond: a draft, something that does not count yet.
    Quiet,
    /// Blue ring: under way, nothing to do for the reader.
    Running,
    /// Amber triangle: the reader must act.
    Act,
    /// Red square: late, refused, revoked.
    Bad,
    /// Green disc: done, granted, valid.
    Good,
    /// Grey bars: the clock stands still.
    Paused,
}

impl Tone {
    /// All of them, for the gallery.
    pub const ALL: [Tone; 6] = [Tone::Quiet, Tone::Running, Tone::Act, Tone::Bad, Tone::Good, Tone::Paused];

    /// Class suffix.
    pub fn word(self) -> &'static str {
        match self {
            Tone::Quiet => "quiet",
            Tone::Running => "running",
            Tone::Act => "act",
            Tone::Bad => "bad",
            Tone::Good => "good",
            Tone::Paused => "paused",
        }
    }

    fn shape(self) -> &'static str {
        match self {
            Tone::Quiet => r#"<path d="M6 .8 11.2 6 6 11.2.8 6z"/>"#,
            Tone::Running => {
                r#"<path fill-rule="evenodd" d="M6 .5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zm0 2.7a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z"/>"#
            }
            Tone::Act => r#"<path d="M6 .7 11.8 11.3H.2z"/>"#,
            Tone::Bad => r#"<path d="M1 1h10v10H1z"/>"#,
            Tone::Good => r#"<circle cx="6" cy="6" r="5.5"/>"#,
            Tone::Paused => r#"<path d="M1.5 1h3.3v10H1.5zM7.2 1h3.3v10H7.2z"/>"#,
        }
    }
}

/// A status tag: `Tag::new(Tone::Act, "待补正")`.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<span class="tag tag--{{ tone.word() }}"><svg class="tag__shape" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">{{ tone.shape()|safe }}</svg>{{ word }}</span>"#,
    ext = "html"
)]
pub struct Tag {
    tone: Tone,
    word: String,
}

impl Tag {
    /// A tag with its word.
    pub fn new(tone: Tone, word: impl Into<String>) -> Tag {
        Tag { tone, word: word.into() }
    }
}

/// The light of a clock 红绿灯.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Light {
    /// 正常.
    OnTime,
    /// 临期.
    Near,
    /// 超期.
    Late,
    /// 暂停 (补正, special procedures).
    Paused,
    /// 办结.
    Closed,
}

/// A light with its word, and the time left or overdue beside it.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<span class="lamp">{{ tag }}{% if !detail.is_empty() %}<span class="lamp__detail">{{ detail }}</span>{% endif %}</span>"#,
    ext = "html"
)]
pub struct Lamp {
    tag: Tag,
    detail: String,
}

impl Lamp {
    /// A light with its word alone.
    pub fn new(t: T, light: Light) -> Lamp {
        let (tone, word) = match light {
            Light::OnTime => (Tone::Good, t.light_on_time()),
            Light::Near => (Tone::Act, t.light_near()),
            Light::Late => (Tone::Bad, t.light_late()),
            Light::Paused => (Tone::Paused, t.light_paused()),
            Light::Closed => (Tone::Quiet, t.light_closed()),
        };
        Lamp { tag: Tag::new(tone, word), detail: String::new() }
    }

    /// Adds the time left: `剩 2 个工作日`.
    pub fn detail(mut self, detail: impl Into<String>) -> Lamp {
        self.detail = detail.into();
        self
    }
}

html_safe!(Tag, Lamp);
