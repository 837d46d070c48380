//! Why a use case did not do what it was asked. The web layer matches this exhaustively.

use domain::accounts::{Forbidden, MandateRefusal};
use domain::cases::Refusal;
use domain::halls::HallRefusal;
use domain::licences::LicenceRefusal;
use domain::text::Text;
use domain::voice::RatingRefusal;
use store::StoreError;

/// One field that cannot be taken as it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// JSON pointer or field name.
    pub field: String,
    /// What is wrong and what to do.
    pub message: Text,
}

impl FieldError {
    /// A field with its message.
    pub fn new(field: impl Into<String>, message: Text) -> FieldError {
        FieldError { field: field.into(), message }
    }
}

/// The closed set of failures.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The law or the state of the case does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The licence does not allow it.
    #[error(transparent)]
    Licence(#[from] LicenceRefusal),
    /// The mandate does not allow it.
    #[error(transparent)]
    Mandate(#[from] MandateRefusal),
    /// The state of an appointment, a slot or a ticket does not allow it.
    #[error(transparent)]
    Hall(#[from] HallRefusal),
    /// The state of a rating or of its follow-up does not allow it.
    #[error(transparent)]
    Rating(#[from] RatingRefusal),
    /// The actor may not do it.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Nobody is signed in, or the proof is wrong or expired.
    #[error("not signed in")]
    SignInNeeded,
    /// Identity has not been proved yet (DESIGN §7).
    #[error("identity not proved")]
    IdentityNeeded,
    /// There is no such thing, or it may not be known to the actor.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// Input that must be changed.
    #[error("invalid input: {0:?}")]
    Invalid(Vec<FieldError>),
    /// Somebody else changed it meanwhile; read again.
    #[error("changed meanwhile")]
    Changed,
    /// The same application is already being handled under this number.
    #[error("duplicate of {0}")]
    Duplicate(String),
    /// This idempotency key was used with another body.
    #[error("idempotency key used with another body")]
    KeyReused,
    /// A file goes on from this byte, not from where the sender began.
    #[error("the upload stands at byte {0}")]
    Offset(i64),
    /// Another request writes to the same file at this moment.
    #[error("another request writes to this upload")]
    Busy,
    /// Too many attempts; try again after so many seconds.
    #[error("too many attempts, wait {0} s")]
    TooMany(u64),
    /// The disk or database is full or away; nothing was written.
    #[error("storage: {0}")]
    Storage(StoreError),
    /// Something of ours is broken; the detail is for the log only.
    #[error("internal: {0}")]
    Internal(String),
}

impl ServiceError {
    /// Wraps an unexpected failure with its detail.
    pub fn internal(error: impl std::fmt::Display) -> ServiceError {
        ServiceError::Internal(error.to_string())
    }

    /// The cursor of a list that no page of it has given.
    pub fn bad_cursor() -> ServiceError {
        ServiceError::field(
            "after",
            "翻页参数无效，请从第一页开始。",
            "The page cursor is invalid. Start from the first page.",
        )
    }

    /// One invalid field.
    pub fn field(field: &str, zh: &str, en: &str) -> ServiceError {
        ServiceError::Invalid(vec![FieldError::new(field, Text::new(zh, en))])
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> ServiceError {
        match error {
            StoreError::Conflict { .. } | StoreError::DueGone { .. } | StoreError::CursorMoved { .. } => {
                ServiceError::Changed
            }
            StoreError::IdempotencyMismatch => ServiceError::KeyReused,
            other => ServiceError::Storage(other),
        }
    }
}

/// The answer of a large use case. An async function is compiled anew in every crate that awaits it, with all that it awaits itself; one
/// that answers this is compiled once, here, which makes the program smaller and its building quicker, for one allocation a call.
pub type Boxed<'a, T> = std::pin::Pin<Box<dyn Future<Output = Result<T, ServiceError>> + Send + 'a>>;
