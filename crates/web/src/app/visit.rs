//! Who is asking, and how the answer should look.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use domain::accounts::{Actor, Role};
use domain::halls::{Device, DeviceKind, FaultKind};
use service::ServiceError;
use service::accounts::{SignedIn, resolve};
use service::halls::devices::{resolve_device, terminal_rules};
use service::messages::unread;

use super::{App, Failure};
use crate::i18n::T;
use crate::layout::{Kiosk, Page, Prefs, User};

/// Name of the session's cookie.
pub const SESSION_COOKIE: &str = "yichuang";

/// Name of the cookie that a registered device has.
pub const DEVICE_COOKIE: &str = "terminal";

/// One request of a person: display choices, address, and the session if there is one.
#[derive(Clone)]
pub struct Visit {
    /// The application.
    pub app: App,
    /// Display choices.
    pub prefs: Prefs,
    /// Path and query.
    pub path: String,
    /// Client address.
    pub client: IpAddr,
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
    /// The session's secret, to end it.
    pub session: Option<String>,
    /// Messages that the person has not read, counted up to 100.
    pub unread: u32,
    /// The registered device that asks.
    pub device: Option<Device>,
    /// The browser of a device that was revoked or must prove its key anew: nobody is signed in there any more.
    pub cut_off: bool,
}

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(own, _)| *own == name)
        .map(|(_, value)| value)
}

fn client(app: &App, parts: &Parts) -> IpAddr {
    let proxied = app.options.client_header.as_deref().and_then(|name| parts.headers.get(name));
    // The last entry is the one that the trusted proxy itself added; earlier ones are the client's own words.
    let proxied = proxied.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    let direct = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    proxied.or(direct).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// The device that the cookie belongs to, and whether there is a cookie that belongs to none any more.
pub(super) async fn at_device(app: &App, headers: &HeaderMap) -> Result<(Option<Device>, bool), Failure> {
    let Some(secret) = cookie(headers, DEVICE_COOKIE) else { return Ok((None, false)) };
    match resolve_device(&app.city, secret).await {
        Ok(device) => Ok((Some(device), false)),
        Err(ServiceError::SignInNeeded) => Ok((None, true)),
        Err(other) => Err(other.into()),
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visit, Failure> {
        let (device, cut_off) = at_device(app, &parts.headers).await?;
        let session = cookie(&parts.headers, SESSION_COOKIE).filter(|_| !cut_off).map(str::to_owned);
        let signed_in = match &session {
            Some(secret) => match resolve(&app.city, secret).await {
                Ok(signed_in) => Some(signed_in),
                Err(ServiceError::SignInNeeded) => None,
                Err(other) => return Err(other.into()),
            },
            None => None,
        };
        // Only requests that may answer with a page ask for the number that its header shows.
        let unread = match &signed_in {
            Some(signed_in) if parts.method == Method::GET || parts.method == Method::POST => {
                u32::try_from(unread(&app.city, &signed_in.actor).await?).unwrap_or(0)
            }
            _ => 0,
        };
        Ok(Visit {
            prefs: Prefs::from_headers(&parts.headers),
            path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            client: client(app, parts),
            app: app.clone(),
            signed_in,
            session,
            unread,
            device,
            cut_off,
        })
    }
}

impl Visit {
    /// The running city.
    pub fn city(&self) -> &service::City {
        &self.app.city
    }

    /// The words.
    pub fn t(&self) -> T {
        T::new(self.prefs.lang)
    }

    /// The session, or the failure that leads to the sign-in page.
    pub fn signed_in(&self) -> Result<&SignedIn, Failure> {
        self.signed_in.as_ref().ok_or_else(|| ServiceError::SignInNeeded.into())
    }

    /// The actor of the session.
    pub fn actor(&self) -> Result<&Actor, Failure> {
        Ok(&self.signed_in()?.actor)
    }

    /// The actor, once identity has been proved.
    pub fn person(&self) -> Result<&Actor, Failure> {
        let actor = self.actor()?;
        if actor.person.is_none() {
            return Err(ServiceError::IdentityNeeded.into());
        }
        Ok(actor)
    }

    /// The actor, if a member of staff.
    pub fn staff(&self) -> Result<&Actor, Failure> {
        let actor = self.actor()?;
        if !actor.is_staff() {
            return Err(ServiceError::NotFound("page").into());
        }
        Ok(actor)
    }

    /// True for somebody with the role.
    pub fn has(&self, role: Role) -> bool {
        self.signed_in.as_ref().is_some_and(|signed_in| signed_in.actor.has(role))
    }

    /// Counts an attempt of this address.
    pub fn attempt(&self, what: &'static str) -> Result<(), Failure> {
        let now = self.city().now();
        self.app.limiter.attempt(what, self.client, now).map_err(|wait| ServiceError::TooMany(wait).into())
    }

    /// The kiosk that asks, or the screen of a locker, which shows the same pages.
    pub fn kiosk(&self) -> Option<&Device> {
        self.device.as_ref().filter(|device| matches!(device.kind, DeviceKind::Kiosk | DeviceKind::Locker))
    }

    /// What the frame of a kiosk needs; absent everywhere else.
    fn frame(&self) -> Option<Kiosk> {
        let (device, shelf) = (self.kiosk()?, self.city().shelf());
        let (place, rules) = (shelf.place(&device.place).ok()?, terminal_rules(self.city()).ok()?);
        Some(Kiosk {
            device: device.id.to_string(),
            place: self.t().of(&place.name).to_owned(),
            idle_seconds: rules.idle_seconds,
            warn_seconds: rules.warn_seconds,
            beat_seconds: rules.beat_seconds,
            prints: !device.has(FaultKind::Paper) && !device.has(FaultKind::Printer),
        })
    }

    /// What the layout needs.
    pub fn page(&self) -> Page {
        let mut page = Page::new(self.prefs, self.app.options.place.clone(), self.path.clone());
        page.demo = self.city().settings().demo;
        page.kiosk = self.frame();
        if let Some(signed_in) = &self.signed_in {
            page = page.with_csrf(signed_in.csrf.clone()).with_user(User {
                name: signed_in.actor.name.clone(),
                acting_for: self.office(),
                unread: self.unread,
                staff: signed_in.actor.is_staff(),
            });
        }
        page
    }

    /// The department of a member of staff, in words.
    fn office(&self) -> Option<String> {
        let actor = &self.signed_in.as_ref()?.actor;
        let id = actor.grants.iter().find_map(|grant| grant.department.clone())?;
        let shelf = self.city().shelf();
        let department = shelf.department(&id).ok()?;
        Some(self.t().of(&department.name).to_owned())
    }
}
