//! What every handler stands on: the city, who is asking, forms with their token, and how failures become answers.

mod failure;
mod form;
mod limit;
mod unheard;
mod visit;

use std::sync::Arc;

use axum::extract::FromRef;
use service::City;

use crate::layout;

pub use failure::{Failure, as_page, as_problem, one_host};
pub use form::{Posted, same_origin};
pub use limit::{Limiter, Limits};
pub use unheard::unheard;
pub use visit::{DEVICE_COOKIE, SESSION_COOKIE, Visit, cookie};

/// What the binary decides about the web side.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the city and district for the layout.
    pub place: layout::City,
    /// Header that a trusted proxy sets with the client's address; `None` = the connection itself is the client.
    pub client_header: Option<String>,
    /// Cookies only over HTTPS.
    pub secure_cookies: bool,
    /// How often one address may try.
    pub limits: Limits,
}

/// Shared by all handlers. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The running city.
    pub city: City,
    /// What the binary decided.
    pub options: Arc<Options>,
    /// Attempts per address.
    pub limiter: Arc<Limiter>,
}

impl App {
    /// Puts it together.
    pub fn new(city: City, options: Options) -> App {
        let limiter = Arc::new(Limiter::new(options.limits));
        App { city, options: Arc::new(options), limiter }
    }
}

impl FromRef<App> for City {
    fn from_ref(app: &App) -> City {
        app.city.clone()
    }
}
