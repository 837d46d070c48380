//! What every page has around it: language and display choices, the header, navigation, the tab bar of phones, the
//! demo strip and the footer. A page template extends `layout/base.html` (the hall, for citizens) or
//! `layout/desk.html` (staff) and holds a [`Page`] named `page` and a [`T`] named `t`.

use crate::i18n::T;
use crate::kit::Icon;
use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::text::{Lang, Text};

/// Everything comes from our own origin and nothing is inline, hence no nonce. `blob:` and `data:` are for previews
/// of pictures that the person has just chosen.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

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

/// A local address to go back to, or `/`: never another site.
pub fn safe_back(path: &str) -> &str {
    let local = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
    if local { path } else { "/" }
}

/// Whose city this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct City {
    /// `江城市`.
    pub name: Text,
    /// `海澜区`.
    pub district: Text,
    /// Telephone for everything, `12345` in Chinese cities.
    pub hotline: String,
}

/// Who is signed in, as the header shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Name to show.
    pub name: String,
    /// The company that the person acts for, or the department of a member of staff.
    pub acting_for: Option<String>,
    /// Messages that the person has not read.
    pub unread: u32,
    /// May use the desk.
    pub staff: bool,
}

/// One entry of the navigation.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Words.
    pub label: String,
    /// Address.
    pub href: String,
    /// Picture; shown in the tab bar and at the desk.
    pub icon: Icon,
    /// Whether the page is inside this part.
    pub current: bool,
    /// Number beside the words; zero shows nothing.
    pub count: u32,
    /// Has a place of its own in the tab bar of phones; the others stand behind "more".
    pub tab: bool,
}

impl NavItem {
    /// The number as it is shown: nobody counts beyond 99.
    pub fn shown(&self) -> String {
        if self.count > 99 { "99+".to_owned() } else { self.count.to_string() }
    }
}

/// The parts of the hall, for the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `/`
    Home,
    /// `/matters`
    Matters,
    /// `/cases`
    Cases,
    /// `/licences`
    Licences,
    /// `/v`
    Verify,
    /// `/me`
    Me,
    /// Anything else.
    Elsewhere,
}

/// What the layout needs to know about a page. Built once per request, changed with the `with_…` methods.
#[derive(Debug, Clone)]
pub struct Page {
    /// The words.
    pub t: T,
    /// Display choices.
    pub prefs: Prefs,
    /// Whose city.
    pub city: City,
    /// Marks a demo city on every page.
    pub demo: bool,
    /// Path and query of this page, to come back to after a change of display.
    pub path: String,
    /// Part of the hall that the navigation marks.
    pub part: Part,
    /// Who is signed in.
    pub user: Option<User>,
    /// Token for the hidden field of forms; empty when the page has none.
    pub csrf: String,
    /// Loads htmx (13 KB): only for pages that use its attributes.
    pub htmx: bool,
    /// Hides the tab bar of phones: for pages with an action bar of their own, and for the wizard.
    pub dock: bool,
    /// Navigation at the desk; empty in the hall, which has its own.
    pub desk: Vec<NavItem>,
}

impl Page {
    /// A page of the hall for somebody who is not signed in.
    pub fn new(prefs: Prefs, city: City, path: impl Into<String>) -> Page {
        Page {
            t: T::new(prefs.lang),
            prefs,
            city,
            demo: false,
            path: path.into(),
            part: Part::Elsewhere,
            user: None,
            csrf: String::new(),
            htmx: false,
            dock: false,
            desk: Vec::new(),
        }
    }

    /// Marks a part of the hall as current.
    pub fn with_part(mut self, part: Part) -> Page {
        self.part = part;
        self
    }

    /// Shows who is signed in.
    pub fn with_user(mut self, user: User) -> Page {
        self.user = Some(user);
        self
    }

    /// Sets the token that [`Page::csrf_field`] writes.
    pub fn with_csrf(mut self, token: impl Into<String>) -> Page {
        self.csrf = token.into();
        self
    }

    /// Loads htmx.
    pub fn with_htmx(mut self) -> Page {
        self.htmx = true;
        self
    }

    /// The page brings its own bar at the lower edge of phones.
    pub fn with_dock(mut self) -> Page {
        self.dock = true;
        self
    }

    /// Whether the tab bar of phones cannot hold the whole navigation of the desk.
    pub fn has_more(&self) -> bool {
        self.desk.iter().any(|item| !item.tab)
    }

    /// Address of an asset.
    pub fn asset(&self, name: &str) -> String {
        crate::assets::url(name)
    }

    /// Address that changes one display choice and comes back: `page.display("elder")`.
    pub fn display(&self, word: &str) -> String {
        let back: String = self.path.bytes().fold(String::new(), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
            out
        });
        format!("/display?set={word}&back={back}")
    }

    /// City and district in one: `江城市海澜区`, `Hailan District, Jiangcheng`.
    pub fn place(&self) -> String {
        let (city, district) = (self.t.of(&self.city.name), self.t.of(&self.city.district));
        match self.t.lang() {
            Lang::Zh => format!("{city}{district}"),
            Lang::En => format!("{district}, {city}"),
        }
    }

    /// The hidden field that every form with `method="post"` needs: `{{ page.csrf_field() }}`.
    pub fn csrf_field(&self) -> CsrfField<'_> {
        CsrfField { token: &self.csrf }
    }

    /// Navigation of the hall: five places on a phone, the same five in the header.
    pub fn nav(&self) -> Vec<NavItem> {
        let t = self.t;
        let item = |part, label: &str, href: &str, icon| NavItem {
            label: label.to_owned(),
            href: href.to_owned(),
            icon,
            current: self.part == part,
            count: 0,
            tab: true,
        };
        vec![
            item(Part::Home, t.nav_home(), "/", Icon::Home),
            item(Part::Matters, t.nav_matters(), "/matters", Icon::Grid),
            item(Part::Cases, t.nav_cases(), "/cases", Icon::Folder),
            item(Part::Licences, t.nav_licences(), "/licences", Icon::Card),
            item(Part::Verify, t.nav_verify(), "/v", Icon::ShieldCheck),
        ]
    }
}

/// See [`Page::csrf_field`].
#[derive(Debug, Template)]
#[template(source = r#"<input type="hidden" name="csrf" value="{{ token }}">"#, ext = "html")]
pub struct CsrfField<'a> {
    token: &'a str,
}

impl askama::filters::HtmlSafe for CsrfField<'_> {}

/// `GET /display`: all display choices on one page, for phones and for those who look for them.
#[derive(Debug, Template)]
#[template(path = "layout/display.html")]
pub struct DisplayPage<'a> {
    /// Words.
    pub t: T,
    /// Layout.
    pub page: &'a Page,
}

/// Renders a page with its status and the headers that every page carries.
pub fn respond(status: StatusCode, lang: Lang, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => {
            let mut response = (status, html).into_response();
            let headers = response.headers_mut();
            for (name, value) in [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::REFERRER_POLICY, "same-origin"),
                (header::CACHE_CONTROL, "no-store"),
                (header::CONTENT_LANGUAGE, lang.tag()),
            ] {
                headers.insert(name, HeaderValue::from_static(value));
            }
            response
        }
        Err(error) => {
            tracing::error!(%error, "a template failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
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

    #[test]
    fn nobody_is_sent_to_another_site() {
        for (path, safe) in
            [("/matters?q=a", "/matters?q=a"), ("//evil.example", "/"), ("https://x", "/"), ("/\\x", "/")]
        {
            assert_eq!(safe_back(path), safe);
        }
    }
}
