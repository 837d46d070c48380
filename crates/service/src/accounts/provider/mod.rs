//! Signing in at an identity provider: OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636).
//!
//! `config.rs` what a city says about a provider; `client.rs` the calls to it; `token.rs` what its tokens must say;
//! `flow.rs` the way there and back; `binding.rs` whose account it is.

mod binding;
mod client;
mod config;
mod flow;
mod token;

pub use client::Provider;
pub use config::{ProviderConfig, RealName};
pub use flow::{Arrival, Departure, Returned, Unproved, begin_at_provider, return_from_provider, unlink};

use domain::text::Text;

use crate::error::ServiceError;

/// Why signing in at a provider came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The provider does not answer, or not as the standard says; the detail is for the log.
    #[error("the identity provider failed: {0}")]
    Down(String),
    /// It did not work out; the sentence says what to do.
    #[error("refused: {}", .0.en)]
    Refused(Text),
    /// As in every use case.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl ProviderError {
    fn down(error: impl std::fmt::Display) -> ProviderError {
        ProviderError::Down(error.to_string())
    }

    /// Something in the answer does not fit. The person is told to begin again; the log knows what it was.
    fn wrong(why: &str) -> ProviderError {
        tracing::warn!(why, "a sign-in at an identity provider was refused");
        ProviderError::Refused(Text::new(
            "登录没有完成，请重新登录；也可以用密码登录。",
            "Signing in was not completed. Start again, or use your password.",
        ))
    }

    /// The sentence for the person, where there is one.
    pub fn explain(&self, provider: &Text) -> Option<Text> {
        match self {
            ProviderError::Refused(text) => Some(text.clone()),
            ProviderError::Down(_) => Some(Text::new(
                format!("“{}”暂时没有应答。请过几分钟再试，或用密码登录。", provider.zh),
                format!("{} does not answer right now. Try again in some minutes, or use your password.", provider.en),
            )),
            ProviderError::Service(_) => None,
        }
    }
}
