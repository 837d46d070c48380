//! What lists and bodies have in common.

use axum::body::Bytes;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use domain::text::Text;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
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

/// A body as JSON. Wrong JSON is an invalid field with its place, never a bare 400.
///
/// # Errors
/// 415 for another media type or a compressed body, 422 for JSON that is not the object expected.
pub fn body<T: DeserializeOwned>(headers: &HeaderMap, bytes: &Bytes) -> Result<T, Failure> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).map(str::trim);
    let essence = text(CONTENT_TYPE).map(|kind| kind.split(';').next().unwrap_or(kind).trim().to_ascii_lowercase());
    let json = essence.is_none_or(|essence| essence == "application/json" || essence.ends_with("+json"));
    if !json || text(CONTENT_ENCODING).is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
        return Err(Failure::status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let zh = format!("请求内容不是有效的 JSON，错误在第 {line} 行第 {column} 个字符处。");
        let en = format!("The body is not valid JSON: line {line}, column {column}.");
        ServiceError::field("body", &zh, &en)
    })?;
    typed(value)
}

/// An object as the type it should have; says which member is missing, unknown or of another kind.
pub fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Failure> {
    if !value.is_object() {
        let error = ServiceError::field("body", "请求内容应为一个 JSON 对象。", "The body must be a JSON object.");
        return Err(error.into());
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let place = error.path().to_string();
        let place = if place == "." { "body".to_owned() } else { place };
        let text = misfit(&error.inner().to_string());
        ServiceError::Invalid(vec![FieldError::new(place, text)]).into()
    })
}

/// What does not fit, in the words of people rather than of the deserialiser.
fn misfit(error: &str) -> Text {
    let quoted = error.split('`').nth(1).unwrap_or_default();
    if error.starts_with("missing field") {
        return Text::new(format!("缺少字段 {quoted}，请补上。"), format!("The member {quoted} is missing; add it."));
    }
    if error.starts_with("unknown field") {
        return Text::new(
            format!("没有字段 {quoted}，请删去，或对照 /openapi.json 更正。"),
            format!("There is no member {quoted}; drop it or see /openapi.json."),
        );
    }
    if error.starts_with("unknown variant") {
        return Text::new(
            format!("{quoted} 不是可用的值，请对照 /openapi.json 更正。"),
            format!("{quoted} is not one of the values allowed; see /openapi.json."),
        );
    }
    Text::new(
        "这里的数据类型不对，请对照 /openapi.json 更正。",
        "The value here is of the wrong type; see /openapi.json.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only its reading is tested")]
    struct Wanted {
        name: String,
    }

    fn refused(value: Value) -> (String, String) {
        match typed::<Wanted>(value) {
            Err(Failure::Service(ServiceError::Invalid(fields))) => {
                (fields[0].field.clone(), fields[0].message.en.clone())
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_does_not_fit_is_named_in_plain_words() {
        assert!(typed::<Wanted>(json!({"name": "王芳"})).is_ok());
        assert_eq!(refused(json!(["王芳"])).1, "The body must be a JSON object.");
        assert_eq!(refused(json!({})).1, "The member name is missing; add it.");
        assert!(refused(json!({"name": "王芳", "age": 3})).1.starts_with("There is no member age"));
        assert_eq!(refused(json!({"name": 3})).0, "name");
    }
}
