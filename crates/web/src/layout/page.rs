//! What the layout needs to know about a page: whose city, who is signed in, where in the hall one is.

use askama::Template;
use domain::text::{Lang, Text};

use super::Prefs;
use crate::i18n::T;
use crate::kit::Icon;

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

/// What the frame of a kiosk needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kiosk {
    /// Id of the device.
    pub device: String,
    /// Where it stands.
    pub place: String,
    /// After so many seconds without a touch it asks whether anybody is there …
    pub idle_seconds: u32,
    /// … and after so many more it forgets the visit.
    pub warn_seconds: u32,
    /// How often it says that it is alive, in seconds.
    pub beat_seconds: u32,
    /// Its printer works.
    pub prints: bool,
}

impl Kiosk {
    /// When a page without scripts forgets the visit.
    pub fn limit_seconds(&self) -> u32 {
        self.idle_seconds + self.warn_seconds
    }
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
    /// The page is shown by a registered kiosk.
    pub kiosk: Option<Kiosk>,
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
            kiosk: None,
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
