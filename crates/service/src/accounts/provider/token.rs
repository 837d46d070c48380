//! What an ID token must say (OpenID Connect Core 1.0, 3.1.3.7), after its signature was found right.

use domain::time::Timestamp;
use serde_json::Value;

use super::config::{ProviderConfig, RealName};

/// How far the clocks of two machines may lie apart, in seconds.
const SKEW_SECONDS: i64 = 60;
/// Oldest token that is taken, in seconds: it was made a moment ago, or it comes from elsewhere.
const MAX_AGE_SECONDS: i64 = 600;

/// Whom the token names, or why it is not for us.
pub(super) fn subject(
    claims: &Value,
    config: &ProviderConfig,
    nonce: &str,
    now: Timestamp,
) -> Result<String, &'static str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let time = |name: &str| claims.get(name).and_then(Value::as_i64);
    let now = now.micros() / 1_000_000;
    if text("iss") != Some(config.issuer.as_str()) {
        return Err("foreign issuer");
    }
    let several = match claims.get("aud") {
        Some(Value::String(one)) if *one == config.client_id => false,
        Some(Value::Array(all)) if all.iter().any(|one| one.as_str() == Some(&config.client_id)) => all.len() > 1,
        _ => return Err("foreign audience"),
    };
    if (several || claims.get("azp").is_some()) && text("azp") != Some(&config.client_id) {
        return Err("made for another party");
    }
    if time("exp").is_none_or(|exp| exp.saturating_add(SKEW_SECONDS) <= now) {
        return Err("expired");
    }
    let young = |at: i64| at <= now + SKEW_SECONDS && at >= now - MAX_AGE_SECONDS;
    if !time("iat").is_some_and(young) || time("nbf").is_some_and(|at| at > now + SKEW_SECONDS) {
        return Err("not of now");
    }
    if text("nonce") != Some(nonce) {
        return Err("wrong nonce");
    }
    text("sub").filter(|sub| !sub.is_empty() && sub.len() <= 255).map(str::to_owned).ok_or("no subject")
}

/// Whether the provider says that it has checked who this is.
pub(super) fn is_real(claims: &Value, level: &RealName) -> bool {
    let enough = |value: &Value| match value {
        Value::String(text) => level.values.contains(text),
        Value::Bool(yes) => level.values.contains(&yes.to_string()),
        Value::Number(number) => level.values.contains(&number.to_string()),
        _ => false,
    };
    match claims.get(&level.claim) {
        Some(Value::Array(values)) => values.iter().any(enough),
        Some(value) => enough(value),
        None => false,
    }
}
