//! What lists and bodies have in common.

use axum::body::Bytes;
use domain::text::Text;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use service::{FieldError, ServiceError};
use utoipa::ToSchema;

use crate::app::Failure;

/// Query of a list.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ListQuery {
    /// Words to search for.
    pub q: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<String>,
    /// Cursor from `next`.
    pub after: Option<String>,
    /// Pile of the desk, for staff.
    pub pile: Option<String>,
}

impl ListQuery {
    /// The limit, refused outside 1..=200.
    pub fn limit(&self) -> Result<i64, Failure> {
        // Read as text, so that `limit=ten` is told the same as `limit=0`.
        match self.limit.as_deref().map_or(Some(20), |text| text.parse().ok()) {
            Some(limit @ 1..=200) => Ok(limit),
            _ => {
                Err(ServiceError::field("limit", "limit 应在 1 到 200 之间。", "limit must be between 1 and 200.")
                    .into())
            }
        }
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Cursor of the next page, or null.
    pub next: Option<String>,
}

/// A body as JSON. Wrong JSON is an invalid field with line and column, never a bare 400.
pub fn body<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| {
        let text = Text::new(
            format!("请求内容不是有效的 JSON，或缺少、多出了字段：{error}。"),
            format!("The body is not the JSON expected here: {error}."),
        );
        ServiceError::Invalid(vec![FieldError::new("body", text)]).into()
    })
}
