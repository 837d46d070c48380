//! Who calls the API: a bearer token with scopes.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use domain::accounts::{Action, Actor, Forbidden};
use service::ServiceError;
use service::accounts::{Scope, resolve_token};

use crate::app::{App, Failure};

/// A system, by its token.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The actor.
    pub actor: Actor,
    /// Id of the token, under which its idempotency keys are kept.
    pub token: String,
    scopes: Vec<Scope>,
}

impl Caller {
    /// Refuses a token that lacks a scope.
    pub fn needs(&self, scope: Scope) -> Result<(), Failure> {
        if self.scopes.contains(&scope) {
            return Ok(());
        }
        Err(ServiceError::Forbidden(Forbidden { actor: self.actor.label(), action: Action::ViewCase }).into())
    }

    /// Refuses a token that has none of the scopes.
    pub fn needs_any(&self, scopes: &[Scope]) -> Result<(), Failure> {
        match scopes.iter().find(|scope| self.scopes.contains(scope)) {
            Some(scope) => self.needs(*scope),
            None => {
                Err(ServiceError::Forbidden(Forbidden { actor: self.actor.label(), action: Action::ViewCase }).into())
            }
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Caller, Failure> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        // The scheme's name has no case (RFC 9110 §11.1).
        let (scheme, secret) = header.and_then(|value| value.split_once(' ')).ok_or(ServiceError::SignInNeeded)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(ServiceError::SignInNeeded.into());
        }
        let system = resolve_token(&app.city, secret.trim()).await?;
        Ok(Caller { actor: system.actor, token: system.id, scopes: system.scopes })
    }
}
