//! `GET /api/v1/matters`, `GET /api/v1/matters/{slug}`.

use axum::Json;
use axum::extract::{Path, Query, State};
use domain::text::{Lang, Text};
use serde::Serialize;
use serde_json::Value;
use service::ServiceError;
use service::catalog::{Published, public_form};
use utoipa::ToSchema;

use super::case_body::Words;
use super::cases::CaseBody;
use super::query::{List, ListQuery};
use crate::app::{App, Failure};

/// One row of the list of matters.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatterRow {
    /// Name in addresses.
    slug: String,
    /// 实施编码, 31 characters.
    code: String,
    /// 事项名称.
    #[schema(value_type = Words)]
    name: Text,
    /// Whether rules decide it now.
    automatic: bool,
}

/// Matters, all or those that fit a query in people's words.
#[utoipa::path(get, path = "/api/v1/matters", tag = "matters", security(()),
    params(("q" = Option<String>, Query, description = "words to search for"),
           ("limit" = Option<i64>, Query, description = "1 to 200"), ("after" = Option<String>, Query, description = "cursor")),
    responses((status = 200, body = List<MatterRow>)))]
pub async fn list(State(app): State<App>, Query(query): Query<ListQuery>) -> Result<Json<List<MatterRow>>, Failure> {
    let limit = usize::try_from(query.limit()?).unwrap_or(20);
    // What another process has paused or published shows in the very next answer.
    service::catalog::refresh(&app.city).await?;
    let shelf = app.city.shelf();
    let row = |matter: &Published| MatterRow {
        slug: matter.bundle.matter.slug.clone(),
        code: matter.code.clone(),
        name: matter.bundle.matter.name.clone(),
        automatic: shelf.is_automatic(&matter.bundle.matter.slug),
    };
    let after = query.after.unwrap_or_default();
    if !after.is_empty() && shelf.matter(&after).is_err() {
        return Err(ServiceError::bad_cursor().into());
    }
    let slug = |matter: &Published| matter.bundle.matter.slug.clone();
    let found: Vec<&Published> = match query.q.as_deref().filter(|words| !words.trim().is_empty()) {
        // The order is that of the search, so the page begins behind the matter that the last one ended with.
        Some(words) => {
            let lang = if words.is_ascii() { Lang::En } else { Lang::Zh };
            let ranked = shelf.search(words, lang, usize::MAX);
            let begin = ranked.iter().position(|matter| slug(matter) == after).map_or(0, |at| at + 1);
            ranked.into_iter().skip(begin).take(limit + 1).map(AsRef::as_ref).collect()
        }
        None => shelf.matters().filter(|matter| slug(matter) > after).take(limit + 1).map(AsRef::as_ref).collect(),
    };
    let next = found.get(limit).and_then(|_| found.get(limit - 1)).map(|last| slug(last));
    Ok(Json(List { items: found.into_iter().take(limit).map(row).collect(), next }))
}

/// A matter: its definition as in `matter.json` of the catalogue, and what is needed to apply for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatterShown {
    /// 实施编码, 31 characters.
    code: String,
    /// Version in force.
    version: i64,
    /// Whether rules decide it now.
    automatic: bool,
    /// The form as JSON Schema 2020-12.
    #[schema(value_type = Object)]
    form: Value,
    /// An application that `POST /api/v1/cases` accepts as it is.
    #[schema(value_type = CaseBody)]
    sample: Value,
    /// Slug, name, department, periods, materials and all other elements.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    definition: Value,
}

/// One matter: definition, form and a sample that `POST /api/v1/cases` accepts as it is.
///
/// In a demo city every call draws a fresh fictitious applicant.
#[utoipa::path(get, path = "/api/v1/matters/{slug}", tag = "matters", security(()), params(("slug" = String, Path)),
    responses((status = 200, body = MatterShown), (status = 404)))]
pub async fn show(State(app): State<App>, Path(slug): Path<String>) -> Result<Json<MatterShown>, Failure> {
    service::catalog::refresh(&app.city).await?;
    let shelf = app.city.shelf();
    let published = shelf.matter(&slug)?;
    let sample = service::catalog::sample(&app.city, &slug).await?;
    let definition = serde_json::to_value(&published.bundle.matter).map_err(ServiceError::internal)?;
    Ok(Json(MatterShown {
        code: published.code.clone(),
        version: published.version,
        automatic: shelf.is_automatic(&slug),
        form: public_form(published),
        sample,
        definition,
    }))
}
