//! How a device comes in: with its code once, and with its key ever after.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::halls::{Device, HallReason, HallRefusal};
use domain::time::Timestamp;
use seal::key::{Alg, PublicKey, der_signature};
use store::halls::{DEVICE_SEEN, DEVICE_SESSION};
use store::{Change, PlainWrite};

use super::{change, digest, load, normal, terminal_rules};
use crate::accounts::challenge;
use crate::city::City;
use crate::error::ServiceError;

/// What a challenge of a device is given out for.
const PURPOSE: &str = "device";
/// Longest key and signature that are looked at, in characters.
const MAX_SIGNS: usize = 400;

/// A device that has proved its key.
#[derive(Clone)]
pub struct Connected {
    /// The device.
    pub device: Device,
    /// Secret of the session: the value of a cookie or a bearer token.
    pub secret: String,
    /// Until when.
    pub expires: Timestamp,
}

impl std::fmt::Debug for Connected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connected")
            .field("device", &self.device.id)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

fn refused(state: &'static str, command: &'static str, reason: HallReason) -> ServiceError {
    ServiceError::Hall(HallRefusal { state, command, reason })
}

/// Checks what a device has signed. The signature has the 64 bytes of WebCrypto or the DER form of openssl, in base64url.
fn check(key: &str, message: &str, signature: &str) -> Result<(), ()> {
    if key.len() > MAX_SIGNS || signature.len() > MAX_SIGNS {
        return Err(());
    }
    let key = PublicKey::from_spki(&BASE64.decode(key).map_err(drop)?).map_err(drop)?;
    if key.alg() != Alg::Es256 {
        return Err(());
    }
    let raw = BASE64.decode(signature).map_err(drop)?;
    let der = if raw.len() == 64 { der_signature(Alg::Es256, &raw).map_err(drop)? } else { raw };
    key.verify(message.as_bytes(), &der).map_err(drop)
}

/// Enrols a device with the code that an administrator was given. It signs `yichuang-device-enrol.CODE` with the key that it
/// shows, so that nobody registers the key of another; its first session opens in the same commit.
///
/// # Errors
/// [`ServiceError::Hall`] when the code is wrong, used or too old, or the signature does not fit the key.
pub async fn enrol(city: &City, code: &str, key: &str, signature: &str) -> Result<Connected, ServiceError> {
    let gone = || refused("registered", "enrol", HallReason::CodeGone);
    let sql = "SELECT id FROM device WHERE region = $1 AND code_key = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), digest(code).into()]).await?.ok_or_else(gone)?;
    let own = load(city, row.text(0)?).await?;
    check(key, &format!("yichuang-device-enrol.{}", normal(code)), signature)
        .map_err(|()| refused("registered", "enrol", HallReason::KeyWrong))?;
    let fact = own.0.enrol(key, city.now())?;
    let by = own.0.label();
    let (mut change, after) = change(city, &by, own, &[fact])?;
    let connected = open(city, after, &mut change)?;
    match city.store().commit(change).await.map_err(ServiceError::from) {
        Ok(_) => Ok(connected),
        // Of two that bring one code at the same moment the second finds it used.
        Err(ServiceError::Changed) => Err(gone()),
        Err(other) => Err(other),
    }
}

/// What a device signs next; it counts once and for five minutes.
///
/// # Errors
/// What the store says.
pub async fn challenge_device(city: &City) -> Result<String, ServiceError> {
    let secret: [u8; 32] = city.random();
    challenge::give(city, PURPOSE, &secret, None, String::new()).await?;
    Ok(BASE64.encode(secret))
}

/// Opens a session for a device that has signed `yichuang-device-session.CHALLENGE` with its key.
///
/// # Errors
/// [`ServiceError::Hall`] for a device that does not count, a challenge that was not given or was used, or a wrong signature.
pub async fn connect(city: &City, id: &str, challenge: &str, signature: &str) -> Result<Connected, ServiceError> {
    let unknown = || refused("unknown", "connect", HallReason::DeviceUnknown);
    let secret = BASE64.decode(challenge).map_err(|_| unknown())?;
    match challenge::take(city, PURPOSE, &secret).await {
        Ok(_) => {}
        Err(ServiceError::NotFound(_)) => return Err(unknown()),
        Err(other) => return Err(other),
    }
    let device = match load(city, id).await {
        Ok((device, _)) => device,
        Err(ServiceError::NotFound(_)) => return Err(unknown()),
        Err(other) => return Err(other),
    };
    let key = device.key().ok_or_else(unknown)?;
    check(key, &format!("yichuang-device-session.{challenge}"), signature)
        .map_err(|()| refused("active", "connect", HallReason::KeyWrong))?;
    let mut change = Change::new(city.region(), city.now());
    let connected = open(city, device, &mut change)?;
    city.store().commit(change).await?;
    Ok(connected)
}

/// Puts a new session of a device into a change, whose commit opens it.
fn open(city: &City, device: Device, change: &mut Change) -> Result<Connected, ServiceError> {
    let (secret, now) = (BASE64.encode(city.random::<32>()), city.now());
    let expires = now.plus_seconds(i64::from(terminal_rules(city)?.session_hours) * 3600);
    change.plain.push(PlainWrite {
        table: &DEVICE_SESSION,
        id: seal::digest::sha256_hex(secret.as_bytes()),
        columns: vec![device.id.to_string().into(), expires.micros().into()],
    });
    change.plain.push(PlainWrite {
        table: &DEVICE_SEEN,
        id: device.id.to_string(),
        columns: vec![device.place.clone().into(), now.micros().into()],
    });
    Ok(Connected { device, secret, expires })
}

/// Which device a session belongs to.
///
/// # Errors
/// [`ServiceError::SignInNeeded`] for a session that there is not, that is over, or whose device does not count any more.
pub async fn resolve_device(city: &City, secret: &str) -> Result<Device, ServiceError> {
    let sql = "SELECT d.doc, s.expires FROM device_session s JOIN device d ON d.region = s.region AND d.id = s.device \
               WHERE s.region = $1 AND s.id = $2";
    let id = seal::digest::sha256_hex(secret.as_bytes());
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    let row = row.ok_or(ServiceError::SignInNeeded)?;
    let device: Device = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    match Timestamp::from_micros(row.int(1)?) > city.now() && device.key().is_some() {
        true => Ok(device),
        false => Err(ServiceError::SignInNeeded),
    }
}
