//! Asking the name register whether a company name may be used.

use domain::codes::division::{self, Level};
use domain::registry::Answer as Register;
use domain::registry::names::{Divisions, NameGround, NameParts, RegisteredName, grounds, possible_brands};
use domain::text::Text;
use rules::{Answer, FactValue};
use store::Value;

use super::entry;
use crate::city::City;
use crate::error::ServiceError;

/// Stored name of the register of company names.
pub const REGISTER: &str = "company-name";
/// Most names with the same beginning that are compared; where there are more, a person looks.
const MAX_NAMES: i64 = 1000;

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

/// The grounds against a name, with the registered names that may stand in its way; `None` when the register is silent or
/// cannot be read whole.
pub async fn against(city: &City, parts: &NameParts<'_>) -> Result<Option<Vec<NameGround>>, ServiceError> {
    // A silent register would look like one in which the brand is free.
    if entry(city, REGISTER, parts.full).await? == Register::Unavailable {
        return Ok(None);
    }
    let own = own_divisions(city);
    let divisions = Divisions { own: &own, is_division: &is_division };
    let Some(brands) = possible_brands(parts, &divisions) else { return Ok(None) };
    let Some(others) = registered(city, &brands).await? else { return Ok(None) };
    Ok(grounds(parts, &others, &divisions, city.now().date()))
}

/// Whether a registered name has this brand, or the register does not say.
pub(crate) async fn has_brand(city: &City, brand: &str) -> Result<bool, ServiceError> {
    Ok(registered(city, &[brand.to_owned()]).await?.is_none_or(|names| !names.is_empty()))
}

/// The names on file with one of these brands; `None` when there are too many or one cannot be read.
async fn registered(city: &City, brands: &[String]) -> Result<Option<Vec<RegisteredName>>, ServiceError> {
    if brands.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let mut params: Vec<Value> = vec![city.region().into()];
    params.extend(brands.iter().map(|brand| format!("brand:{brand}").into()));
    let places: Vec<String> = (2..=params.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT doc FROM register_entry WHERE region = $1 AND also IN ({}) AND id >= '{REGISTER}/' AND id < '{REGISTER}0' \
         ORDER BY id LIMIT {MAX_NAMES}",
        places.join(", ")
    );
    let rows = city.store().query(&sql, &params).await?;
    if i64::try_from(rows.len()).unwrap_or(MAX_NAMES) >= MAX_NAMES {
        return Ok(None);
    }
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        match serde_json::from_str(row.text(0)?) {
            Ok(name) => found.push(name),
            Err(error) => {
                tracing::warn!(%error, "an entry of the company name register cannot be read");
                return Ok(None);
            }
        }
    }
    Ok(Some(found))
}

/// What all names have in common that may stand in the way of this one.
pub(crate) fn common(city: &City, full: &str) -> String {
    let own = own_divisions(city);
    Divisions { own: &own, is_division: &is_division }.common(full)
}

/// With which divisions a name may begin here: the city, the city with its district, a county or a city of its own below it.
fn own_divisions(city: &City) -> Vec<String> {
    let whole = city.settings().name.zh.as_str();
    let mut own = vec![whole.to_owned()];
    let ends = ["市", "自治州", "地区", "盟"];
    let end = ends.iter().filter_map(|end| whole.find(end).map(|at| at + end.len())).min();
    if let Some((city, rest)) = end.and_then(|end| whole.split_at_checked(end)).filter(|(_, rest)| !rest.is_empty()) {
        own.push(city.to_owned());
        if rest.ends_with(['县', '市', '旗']) {
            own.push(rest.to_owned());
        }
    }
    own
}

/// Whether a word is the name of a county or a place above it, with or without its last character (县、区、市).
fn is_division(word: &str) -> bool {
    division::all().iter().filter(|division| division.level() <= Level::County).any(|division| {
        let name = division.name();
        name == word || name.strip_suffix(['省', '市', '县', '区']).is_some_and(|short| short == word)
    })
}
