//! The way to a provider and back.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64};
use domain::accounts::{Account, Party};
use domain::text::Text;
use seal::digest::{sha256, sha256_hex};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::accounts::ACCOUNT_LINK;
use store::{Change, PlainDelete};

use super::binding::{self, Who, link_id};
use super::client::{Call, Metadata, Provider};
use super::{ProviderError, token};
use crate::accounts::session::{Session, SignedIn};
use crate::accounts::{challenge, identity, open, tell};
use crate::city::City;
use crate::error::ServiceError;

const PURPOSE: &str = "provider";

/// Where to send the browser.
#[derive(Debug, Clone)]
pub struct Departure {
    /// Address at the provider.
    pub address: String,
    /// Secret for a cookie: only the browser that left may come back.
    pub browser: String,
}

/// What the browser brings back.
#[derive(Debug, Clone, Copy)]
pub struct Returned<'a> {
    /// `state` of the query.
    pub state: &'a str,
    /// `code` of the query; empty when there is none.
    pub code: &'a str,
    /// `error` of the query; empty when there is none.
    pub error: &'a str,
    /// `iss` of the query (RFC 9207); empty when there is none.
    pub issuer: &'a str,
    /// The secret of the cookie; empty when there is none.
    pub browser: &'a str,
}

/// Why the provider's word about a person could not be taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unproved {
    /// The population register does not know the number under that name.
    Unknown,
    /// Another account is this person's already.
    Elsewhere,
}

/// Somebody came back from a provider.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The session that was opened; `None` when somebody signed in already has bound the provider's account.
    pub session: Option<Session>,
    /// The account.
    pub account: Account,
    /// Where the person was going.
    pub next: String,
    /// The provider proved an identity that cannot be bound.
    pub unproved: Option<Unproved>,
}

/// What is kept between leaving and coming back.
#[derive(Serialize, Deserialize)]
struct Kept {
    provider: String,
    nonce: String,
    verifier: String,
    next: String,
    browser: String,
}

fn secret(city: &City) -> String {
    BASE64.encode(city.random::<32>())
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn back(city: &City, provider: &Provider) -> String {
    format!("{}/sign-in/with/{}/back", city.settings().base_url, provider.config().id)
}

/// Begins to sign in at a provider, or, for somebody signed in, to bind the account there. `next` is a local address.
pub async fn begin_at_provider(
    city: &City,
    provider: &Provider,
    next: &str,
    by: Option<&SignedIn>,
) -> Result<Departure, ProviderError> {
    if let Some(by) = by {
        by.must_be_fresh(city)?;
    }
    let metadata = provider.metadata(city.now()).await?;
    let (state, browser) = (secret(city), secret(city));
    let kept = Kept {
        provider: provider.config().id.clone(),
        nonce: secret(city),
        verifier: secret(city),
        next: next.to_owned(),
        browser: sha256_hex(browser.as_bytes()),
    };
    let doc = serde_json::to_string(&kept).map_err(ServiceError::internal)?;
    challenge::give(city, PURPOSE, state.as_bytes(), by.map(|by| by.account.id), doc).await?;
    let scopes = provider.config().scopes.iter().map(String::as_str);
    let scope = std::iter::once("openid").chain(scopes).collect::<Vec<_>>().join(" ");
    let (redirect, proof) = (back(city, provider), BASE64.encode(sha256(kept.verifier.as_bytes())));
    let mut query = vec![
        ("response_type", "code"),
        ("client_id", &provider.config().client_id),
        ("redirect_uri", &redirect),
        ("scope", &scope),
        ("state", &state),
        ("nonce", &kept.nonce),
        ("code_challenge", &proof),
        ("code_challenge_method", "S256"),
    ];
    let levels = provider.config().real_name.as_ref().filter(|level| level.claim == "acr");
    let levels = levels.map(|level| level.values.join(" ")).unwrap_or_default();
    if !levels.is_empty() {
        query.push(("acr_values", &levels));
    }
    let query: Vec<String> = query.into_iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let endpoint = &metadata.authorization_endpoint;
    let join = if endpoint.contains('?') { '&' } else { '?' };
    Ok(Departure { address: format!("{endpoint}{join}{}", query.join("&")), browser })
}

/// Somebody comes back: the state is taken once, the code is exchanged, the token is checked, and the account is found,
/// made or bound.
pub async fn return_from_provider(
    city: &City,
    provider: &Provider,
    returned: &Returned<'_>,
    by: Option<&SignedIn>,
) -> Result<Arrival, ProviderError> {
    let (given_to, doc) = match challenge::take(city, PURPOSE, returned.state.as_bytes()).await {
        Err(ServiceError::NotFound(_)) => return Err(ProviderError::wrong("unknown, old or used state")),
        other => other?,
    };
    let kept: Kept = serde_json::from_str(&doc).map_err(ServiceError::internal)?;
    if kept.provider != provider.config().id || kept.browser != sha256_hex(returned.browser.as_bytes()) {
        return Err(ProviderError::wrong("the state was given to another browser or provider"));
    }
    // Binding is for whoever began it, and only for them.
    let by = match given_to {
        Some(account) => {
            let same = by.filter(|by| by.account.id.to_string() == account);
            Some(same.ok_or_else(|| ProviderError::wrong("another person is signed in"))?)
        }
        None => None,
    };
    let metadata = provider.metadata(city.now()).await?;
    let named = !returned.issuer.is_empty() || metadata.authorization_response_iss_parameter_supported;
    if named && returned.issuer != provider.config().issuer {
        return Err(ProviderError::wrong("the answer names a foreign issuer"));
    }
    if !returned.error.is_empty() {
        return Err(cancelled(returned.error));
    }
    let (id_token, access) = exchange(city, provider, &metadata, returned.code, &kept.verifier).await?;
    let mut claims = provider.verified(&id_token, city.now()).await?;
    let subject = token::subject(&claims, provider.config(), &kept.nonce, city.now()).map_err(ProviderError::wrong)?;
    complete(provider, &metadata, &mut claims, &subject, access).await?;
    let (person, mut unproved) = match proved(city, provider, &claims).await? {
        Some(Ok(person)) => (Some(person), None),
        Some(Err(why)) => (None, Some(why)),
        None => (None, None),
    };
    let name = claims.get("name").and_then(Value::as_str).map(str::to_owned);
    let who = Who { provider: provider.config(), subject, name, person };
    let bound = binding::arrive(city, who, by).await?;
    unproved = unproved.or(bound.unproved);
    Ok(Arrival { session: bound.session, account: bound.account, next: kept.next, unproved })
}

fn cancelled(error: &str) -> ProviderError {
    if error == "access_denied" {
        return ProviderError::Refused(Text::new(
            "您取消了登录。可以重新登录，或用密码登录。",
            "You cancelled. Start again, or use your password.",
        ));
    }
    ProviderError::wrong("the provider answered with an error")
}

/// Gives the code and gets the ID token and, if there is one, the access token.
async fn exchange(
    city: &City,
    provider: &Provider,
    metadata: &Metadata,
    code: &str,
    verifier: &str,
) -> Result<(String, Option<String>), ProviderError> {
    if code.is_empty() || code.len() > 4096 {
        return Err(ProviderError::wrong("no code"));
    }
    let config = provider.config();
    let mut form: Vec<(String, String)> = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &back(city, provider)),
        ("code_verifier", verifier),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let methods = &metadata.token_endpoint_auth_methods_supported;
    let in_form = !methods.is_empty() && !methods.iter().any(|method| method == "client_secret_basic");
    let authorization = if in_form {
        form.push(("client_id".to_owned(), config.client_id.clone()));
        form.push(("client_secret".to_owned(), provider.secret.clone()));
        None
    } else {
        let pair = format!("{}:{}", encoded(&config.client_id), encoded(&provider.secret));
        Some(format!("Basic {}", STANDARD.encode(pair)))
    };
    let (status, answer) = provider.call(&metadata.token_endpoint, Call::Form(form, authorization)).await?;
    let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
    match text("id_token").filter(|_| status == 200) {
        Some(id_token) => Ok((id_token, text("access_token"))),
        // `invalid_client` is the operator's mistake, and waiting does not mend it; the log says which it is.
        None => Err(ProviderError::wrong(&format!("no token: {}", text("error").unwrap_or_default()))),
    }
}

/// Adds what the provider tells only at its address for claims, if the answer is about the same subject.
async fn complete(
    provider: &Provider,
    metadata: &Metadata,
    claims: &mut Value,
    subject: &str,
    access: Option<String>,
) -> Result<(), ProviderError> {
    let Some(level) = &provider.config().real_name else { return Ok(()) };
    let (Some(endpoint), Some(access)) = (&metadata.userinfo_endpoint, access) else { return Ok(()) };
    if [&level.claim, &level.code_claim, &level.name_claim].into_iter().all(|name| claims.get(name).is_some()) {
        return Ok(());
    }
    let (status, more) = provider.call(endpoint, Call::GetAs(access)).await?;
    if status != 200 || more.get("sub").and_then(Value::as_str) != Some(subject) {
        return Err(ProviderError::wrong("claims of another subject"));
    }
    if let (Some(own), Some(more)) = (claims.as_object_mut(), more.as_object()) {
        for (name, value) in more {
            own.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    Ok(())
}

/// The person whose citizen number the provider has checked, found in the population register as at a window.
async fn proved(
    city: &City,
    provider: &Provider,
    claims: &Value,
) -> Result<Option<Result<Party, Unproved>>, ServiceError> {
    let Some(level) = provider.config().real_name.as_ref().filter(|level| token::is_real(claims, level)) else {
        return Ok(None);
    };
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let (Some(code), Some(name)) = (text(&level.code_claim), text(&level.name_claim)) else { return Ok(None) };
    match identity::person(city, code, Some(name)).await {
        Ok(person) => Ok(Some(Ok(person))),
        Err(ServiceError::Invalid(_)) => Ok(Some(Err(Unproved::Unknown))),
        Err(other) => Err(other),
    }
}

/// The account at a provider may sign in no more.
pub async fn unlink(city: &City, by: &SignedIn, provider: &str) -> Result<Account, ServiceError> {
    let (account, version) = open::load(city, &by.account.id.to_string()).await?;
    let fact = account.unlink(provider)?;
    let mut change = Change::new(city.region(), city.now());
    change.deletes.push(PlainDelete { table: &ACCOUNT_LINK, id: link_id(&account, provider) });
    let after = tell(city, &mut change, account, version, fact)?;
    city.store().commit(change).await?;
    Ok(after)
}
