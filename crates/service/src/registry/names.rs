//! Asking the name register whether a company name may be used.

use domain::codes::division::{self, Level};
use domain::registry::names::{NameGround, NameParts, RegisteredName, grounds};
use domain::text::Text;
use rules::{Answer, FactValue};

use domain::registry::Answer as Register;

use super::entry;
use crate::city::City;
use crate::error::ServiceError;

/// `true` when nothing stands against the name; missing when a part is missing.
pub async fn check(city: &City, parts: &NameParts<'_>) -> Result<Answer, ServiceError> {
    if parts.full.is_empty() || parts.brand.is_empty() {
        return Ok(Answer::Missing { why: Text::new("名称没有填写完整", "the name is not complete") });
    }
    Ok(match against(city, parts).await? {
        Some(found) => Answer::Value(FactValue::Bool(found.is_empty())),
        None => Answer::Unavailable,
    })
}

/// The grounds against a name, with the registered names of the same brand; `None` when the register is silent.
pub async fn against(city: &City, parts: &NameParts<'_>) -> Result<Option<Vec<NameGround>>, ServiceError> {
    // A silent register would look like one in which the brand is free.
    if entry(city, "company-name", parts.full).await? == Register::Unavailable {
        return Ok(None);
    }
    let sql = "SELECT doc FROM register_entry WHERE region = $1 AND also = $2 AND id >= 'company-name/' \
               AND id < 'company-name0' LIMIT 500";
    let also = format!("brand:{}", parts.brand);
    let rows = city.store().query(sql, &[city.region().into(), also.into()]).await?;
    let mut same = Vec::new();
    for row in &rows {
        let registered: RegisteredName = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
        same.push(registered);
    }
    Ok(grounds(parts, &same, is_division, city.now().date()))
}

/// Whether a word is the name of a county or a place above it, with or without its last character (县、区、市).
fn is_division(word: &str) -> bool {
    division::all().iter().filter(|division| division.level() <= Level::County).any(|division| {
        let name = division.name();
        name == word || name.strip_suffix(['省', '市', '县', '区']).is_some_and(|short| short == word)
    })
}
