//! How a person wants to see the pages: language, size of type, contrast, light or dark. Kept in a cookie that scripts
//! may read, since it holds nothing personal.

use axum::http::{HeaderMap, HeaderValue, header};
use domain::text::Lang;

/// Size of the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// 18 px.
    #[default]
    Standard,
    /// 长辈版: 22 px, larger targets.
    Elder,
}

/// Contrast of the colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Contrast {
    /// WCAG AA.
    #[default]
    Standard,
    /// Black on white (or white on black), every edge drawn.
    High,
}

/// Light or dark surfaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// How a person wants to see the pages. Kept in a cookie, so that it works before signing in and without JavaScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prefs {
    /// Language.
    pub lang: Lang,
    /// Size of type.
    pub size: Size,
    /// Contrast.
    pub contrast: Contrast,
    /// Surfaces.
    pub theme: Theme,
}

impl Prefs {
    /// Name of the cookie; `js/prefs.js` writes the same.
    pub const COOKIE: &str = "display";

    /// From the headers of a request: the cookie, else the browser's language, else Chinese.
    pub fn from_headers(headers: &HeaderMap) -> Prefs {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or("");
        let cookie = text(header::COOKIE).split(';').filter_map(|pair| pair.trim().split_once('='));
        match cookie.filter(|(name, _)| *name == Prefs::COOKIE).map(|(_, value)| value).next_back() {
            Some(value) => Prefs::parse(value),
            None => Prefs { lang: preferred(text(header::ACCEPT_LANGUAGE)), ..Prefs::default() },
        }
    }

    /// From the value of the cookie: words joined by dots, unknown words ignored (`en.elder.high.dark`).
    pub fn parse(value: &str) -> Prefs {
        value.split('.').fold(Prefs::default(), Prefs::with)
    }

    /// The same with one choice changed; an unknown word changes nothing.
    pub fn with(mut self, word: &str) -> Prefs {
        match word {
            "zh" => self.lang = Lang::Zh,
            "en" => self.lang = Lang::En,
            "standard" => self.size = Size::Standard,
            "elder" => self.size = Size::Elder,
            "normal" => self.contrast = Contrast::Standard,
            "high" => self.contrast = Contrast::High,
            "auto" => self.theme = Theme::Auto,
            "light" => self.theme = Theme::Light,
            "dark" => self.theme = Theme::Dark,
            _ => {}
        }
        self
    }

    /// The value of the cookie; [`Prefs::parse`] reads it.
    pub fn value(self) -> String {
        [self.lang_word(), self.size_word(), self.contrast_word(), self.theme_word()].join(".")
    }

    /// The `Set-Cookie` header that keeps these choices for a year. Readable by our scripts; it holds nothing personal.
    pub fn set_cookie(self) -> String {
        format!("{}={}; Path=/; Max-Age=31536000; SameSite=Lax", Prefs::COOKIE, self.value())
    }

    /// `zh` or `en`.
    pub fn lang_word(self) -> &'static str {
        match self.lang {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    /// `data-size`: `standard` or `elder`.
    pub fn size_word(self) -> &'static str {
        match self.size {
            Size::Standard => "standard",
            Size::Elder => "elder",
        }
    }

    /// `data-contrast`: `normal` or `high`.
    pub fn contrast_word(self) -> &'static str {
        match self.contrast {
            Contrast::Standard => "normal",
            Contrast::High => "high",
        }
    }

    /// `data-theme`: `auto`, `light` or `dark`.
    pub fn theme_word(self) -> &'static str {
        match self.theme {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// True for 长辈版.
    pub fn elder(self) -> bool {
        self.size == Size::Elder
    }

    /// True for high contrast.
    pub fn high(self) -> bool {
        self.contrast == Contrast::High
    }
}

/// The first language of `Accept-Language` that we speak. Weights are ignored: browsers send the list in order.
fn preferred(accept: &str) -> Lang {
    let mut tags = accept.split(',').map(|tag| tag.trim().to_ascii_lowercase());
    match tags.find(|tag| tag.starts_with("zh") || tag.starts_with("en")) {
        Some(tag) if tag.starts_with("en") => Lang::En,
        _ => Lang::Zh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_choices_survive_their_cookie() {
        let chosen = Prefs::default().with("en").with("elder").with("high").with("dark");
        assert_eq!(Prefs::parse(&chosen.value()), chosen);
        assert_eq!(Prefs::parse("en.bogus.dark"), Prefs { lang: Lang::En, theme: Theme::Dark, ..Prefs::default() });
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; display=zh.elder"));
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        assert_eq!(Prefs::from_headers(&headers), Prefs { size: Size::Elder, ..Prefs::default() });
    }

    #[test]
    fn the_language_of_the_browser_counts_until_one_is_chosen() {
        for (accept, lang) in [("", Lang::Zh), ("fr, en;q=0.8, zh;q=0.5", Lang::En), ("de", Lang::Zh)] {
            assert_eq!(preferred(accept), lang, "{accept}");
        }
    }
}
