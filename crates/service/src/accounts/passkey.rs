//! Passkeys: adding, naming and removing one's own, and signing in with one. Only discoverable credentials with user
//! verification: the device asks for fingerprint, face or PIN, so that a passkey alone is as good as name and password.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::accounts::{Account, AccountFact, Passkey, WayRefusal};
use domain::text::Text;
use seal::passkey::{self, Assertion, PasskeyError, RelyingParty};
use store::Change;

use super::challenge::{self, LIFETIME_SECONDS};
use super::session::{self, Session, SignedIn};
use super::{open, tell};
use crate::city::City;
use crate::error::{FieldError, ServiceError};

const ADD: &str = "passkey-add";
const SIGN_IN: &str = "passkey-sign-in";

/// What the browser needs to make a passkey.
#[derive(Debug, Clone)]
pub struct PasskeyOffer {
    /// Random bytes to be signed, base64url.
    pub challenge: String,
    /// The domain name that the passkey is for.
    pub party: String,
    /// The account as the authenticator keeps it, base64url.
    pub user: String,
    /// Sign-in name.
    pub login: String,
    /// Name shown to the person.
    pub name: String,
    /// Identifiers of passkeys that are there already, base64url.
    pub known: Vec<String>,
    /// COSE numbers of the algorithms that can be checked.
    pub algorithms: &'static [i64],
    /// How long the person has, in milliseconds.
    pub timeout_ms: i64,
}

/// What the browser needs to sign in with a passkey.
#[derive(Debug, Clone)]
pub struct PasskeyQuestion {
    /// Random bytes to be signed, base64url.
    pub challenge: String,
    /// The domain name that the passkey is for.
    pub party: String,
    /// How long the person has, in milliseconds.
    pub timeout_ms: i64,
}

/// What the browser answers, each part base64url as it arrived.
#[derive(Debug, Clone, Copy)]
pub struct PasskeyAnswer<'a> {
    /// Identifier of the passkey.
    pub id: &'a str,
    /// The account as the authenticator kept it.
    pub user: &'a str,
    /// `clientDataJSON`.
    pub client_data: &'a str,
    /// `authenticatorData`.
    pub authenticator_data: &'a str,
    /// `signature`.
    pub signature: &'a str,
}

/// For which site passkeys are made: the host of the city's address. `None` when it is a bare IP address, which browsers
/// refuse; a loopback one counts as `localhost`, which the machine's own browser calls it by.
pub fn relying_party(city: &City) -> Option<RelyingParty> {
    let (scheme, rest) = city.settings().base_url.split_once("://")?;
    let (host, port) = match rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((host, port)) => (host, port),
        None => rest.find(':').map_or((rest, ""), |at| rest.split_at(at)),
    };
    let host = match host.parse::<std::net::IpAddr>() {
        Ok(address) if address.is_loopback() => "localhost",
        Ok(_) => return None,
        Err(_) => host,
    };
    Some(RelyingParty { id: host.to_owned(), origin: format!("{scheme}://{host}{port}") })
}

fn party(city: &City) -> Result<RelyingParty, ServiceError> {
    relying_party(city).ok_or(ServiceError::NotFound("passkeys"))
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

fn refused(text: Text) -> ServiceError {
    ServiceError::Invalid(vec![FieldError::new("passkey", text)])
}

impl From<WayRefusal> for ServiceError {
    fn from(refusal: WayRefusal) -> ServiceError {
        let field = if refusal == WayRefusal::Name { "name" } else { "passkey" };
        ServiceError::Invalid(vec![FieldError::new(field, refusal.explain())])
    }
}

fn too_late() -> ServiceError {
    refused(Text::new("等待时间过长，请再试一次。", "That took too long. Please try again."))
}

/// A person who has just signed in gets what the browser needs to make a passkey. The name is looked at beforehand, so
/// that no authenticator keeps a key that is then refused here.
pub async fn begin_passkey(city: &City, by: &SignedIn, name: &str) -> Result<PasskeyOffer, ServiceError> {
    let party = party(city)?;
    by.must_be_fresh(city)?;
    by.account.may_add_passkey(name)?;
    let challenge: [u8; 32] = city.random();
    challenge::give(city, ADD, &challenge, Some(by.account.id), String::new()).await?;
    Ok(PasskeyOffer {
        challenge: BASE64.encode(challenge),
        party: party.id,
        user: BASE64.encode(by.account.id.to_string()),
        login: by.account.login.clone().unwrap_or_default(),
        name: by.account.name.clone(),
        known: by.account.passkeys.iter().map(|own| own.id.clone()).collect(),
        algorithms: &passkey::ALGORITHMS,
        timeout_ms: LIFETIME_SECONDS * 1000,
    })
}

/// Adds the passkey that the browser has made.
pub async fn add_passkey(
    city: &City,
    by: &SignedIn,
    name: &str,
    client_data: &str,
    attestation: &str,
) -> Result<Account, ServiceError> {
    let party = party(city)?;
    by.must_be_fresh(city)?;
    by.account.may_add_passkey(name)?;
    let wrong = |error: PasskeyError| {
        tracing::info!(account = %by.account.id, %error, "a passkey was not added");
        refused(Text::new(
            "没有添加成功。请再试一次，或换一台设备。",
            "It could not be added. Try again, or use another device.",
        ))
    };
    let malformed = || wrong(PasskeyError::Malformed("encoding"));
    let (client, attestation) = bytes(client_data).zip(bytes(attestation)).ok_or_else(malformed)?;
    let challenge = passkey::challenge_of(&client).map_err(wrong)?;
    let (given_to, _) = match challenge::take(city, ADD, &challenge).await {
        Err(ServiceError::NotFound(_)) => return Err(too_late()),
        other => other?,
    };
    if given_to != Some(by.account.id.to_string()) {
        return Err(wrong(PasskeyError::WrongChallenge));
    }
    let made = passkey::register(&party, &challenge, &client, &attestation).map_err(wrong)?;
    let passkey = Passkey {
        id: BASE64.encode(&made.id),
        name: name.to_owned(),
        key: BASE64.encode(&made.key),
        count: made.count,
        added: city.now(),
        used: None,
        stopped: false,
    };
    change_own(city, by, |account| account.add_passkey(passkey)).await
}

/// Gives one of one's own passkeys another name.
pub async fn name_passkey(city: &City, by: &SignedIn, id: &str, name: &str) -> Result<Account, ServiceError> {
    change_own(city, by, |account| account.name_passkey(id, name)).await
}

/// Removes one of one's own passkeys.
pub async fn remove_passkey(city: &City, by: &SignedIn, id: &str) -> Result<Account, ServiceError> {
    change_own(city, by, |account| account.remove_passkey(id)).await
}

async fn change_own(
    city: &City,
    by: &SignedIn,
    decide: impl FnOnce(&Account) -> Result<AccountFact, WayRefusal>,
) -> Result<Account, ServiceError> {
    let (account, version) = open::load(city, &by.account.id.to_string()).await?;
    let fact = decide(&account)?;
    let mut change = Change::new(city.region(), city.now());
    let after = tell(city, &mut change, account, version, fact)?;
    city.store().commit(change).await?;
    Ok(after)
}

/// Whoever comes to sign in gets a challenge.
pub async fn ask_passkey(city: &City) -> Result<PasskeyQuestion, ServiceError> {
    let party = party(city)?;
    let challenge: [u8; 32] = city.random();
    challenge::give(city, SIGN_IN, &challenge, None, String::new()).await?;
    let timeout_ms = LIFETIME_SECONDS * 1000;
    Ok(PasskeyQuestion { challenge: BASE64.encode(challenge), party: party.id, timeout_ms })
}

/// Checks the answer and opens a session. The account is the one that the authenticator names, and the passkey one of
/// that account: an identifier that somebody else registered as well leads nowhere.
pub async fn sign_in_with_passkey(city: &City, answer: &PasskeyAnswer<'_>) -> Result<Session, ServiceError> {
    let party = party(city)?;
    let wrong = |error: PasskeyError| {
        tracing::info!(%error, "a passkey was refused");
        refused(Text::new(
            "通行密钥没有通过验证。请再试一次，或用密码登录。",
            "The passkey was not accepted. Try again, or sign in with your password.",
        ))
    };
    let decode = |text: &str| bytes(text).ok_or_else(|| wrong(PasskeyError::Malformed("encoding")));
    let client_data = decode(answer.client_data)?;
    let (authenticator_data, signature) = (decode(answer.authenticator_data)?, decode(answer.signature)?);
    let challenge = passkey::challenge_of(&client_data).map_err(wrong)?;
    match challenge::take(city, SIGN_IN, &challenge).await {
        Err(ServiceError::NotFound(_)) => return Err(too_late()),
        other => other?,
    };
    let unknown = || {
        refused(Text::new(
            "这个通行密钥不属于任何账号，可能已被移除。请用密码登录。",
            "This passkey belongs to no account; it may have been removed. Sign in with your password.",
        ))
    };
    let user = String::from_utf8(decode(answer.user)?).map_err(|_| unknown())?;
    let (account, version) = match open::load(city, &user).await {
        Err(ServiceError::NotFound(_)) => return Err(unknown()),
        other => other?,
    };
    let own = account.passkey(answer.id).ok_or_else(unknown)?.clone();
    if own.stopped {
        return Err(stopped());
    }
    let assertion =
        Assertion { client_data: &client_data, authenticator_data: &authenticator_data, signature: &signature };
    let mut change = Change::new(city.region(), city.now());
    match passkey::assert(&party, &challenge, &decode(&own.key)?, own.count, &assertion) {
        Ok(count) => {
            let fact = AccountFact::PasskeyUsed { id: own.id, count, at: city.now() };
            let after = tell(city, &mut change, account, version, fact)?;
            let session = session::start(city, after, &mut change);
            city.store().commit(change).await?;
            Ok(session)
        }
        Err(PasskeyError::CounterWentBack { found, .. }) => {
            tracing::warn!(account = %account.id, "the counter of a passkey went back: it was stopped");
            let fact = AccountFact::PasskeyStopped { id: own.id, count: found };
            tell(city, &mut change, account, version, fact)?;
            city.store().commit(change).await?;
            Err(stopped())
        }
        Err(error) => Err(wrong(error)),
    }
}

fn stopped() -> ServiceError {
    refused(Text::new(
        "这个通行密钥可能被复制过，已停用。请用密码登录，在个人中心移除它，再添加新的。",
        "This passkey may have been copied and is stopped. Sign in with your password, remove it on your page and add \
         a new one.",
    ))
}
