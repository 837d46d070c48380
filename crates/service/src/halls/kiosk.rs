//! What people do at a kiosk beside what they do everywhere: signing in with their own phone, and asking how an application stands
//! by its number.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::cases::Case;
use domain::halls::{Device, DeviceFact, Ticket};
use domain::text::Text;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::devices;
use crate::accounts::{self, Session, SignedIn, challenge, start};
use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// What the invitation on a kiosk's screen is given out for, and what its answer is.
const INVITATION: &str = "kiosk-invitation";
const ANSWER: &str = "kiosk-answer";
/// How often a device that others change at the same moment is read again.
const PATIENCE: u32 = 5;
/// Signs at the end of the applicant's number that whoever asks for a case must know.
const TAIL: usize = 4;

/// An invitation to sign in with a phone, as a kiosk shows it.
#[derive(Clone)]
pub struct Invitation {
    /// What the QR symbol leads to: the last part of `/at/…`.
    pub code: String,
    /// What the kiosk keeps: with it, it takes the answer.
    pub secret: String,
    /// Two digits that both screens show.
    pub number: String,
}

/// What is kept with an invitation.
#[derive(Serialize, Deserialize)]
struct Kept {
    device: String,
    number: String,
    answer: String,
}

/// A kiosk that somebody's phone has found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The kiosk.
    pub device: Device,
    /// Two digits that both screens show.
    pub number: String,
}

/// Invites whoever stands at a kiosk to sign in with a phone. The invitation works once and for five minutes.
///
/// # Errors
/// What the store says.
pub async fn invite(city: &City, device: &Device) -> Result<Invitation, ServiceError> {
    let (code, secret, [digits]): ([u8; 16], [u8; 32], [u8; 1]) = (city.random(), city.random(), city.random());
    let number = format!("{:02}", digits % 100);
    let kept = Kept { device: device.id.to_string(), number: number.clone(), answer: challenge::kept_as(&secret) };
    let doc = serde_json::to_string(&kept).map_err(ServiceError::internal)?;
    challenge::give(city, INVITATION, &code, None, doc).await?;
    Ok(Invitation { code: BASE64.encode(code), secret: BASE64.encode(secret), number })
}

fn unpack(code: &str) -> Result<Vec<u8>, ServiceError> {
    BASE64.decode(code).map_err(|_| ServiceError::NotFound("invitation"))
}

async fn found(city: &City, kept: &Kept) -> Result<Found, ServiceError> {
    let (device, _) = devices::load(city, &kept.device).await?;
    match device.key() {
        Some(_) => Ok(Found { number: kept.number.clone(), device }),
        None => Err(ServiceError::NotFound("invitation")),
    }
}

/// The kiosk of an invitation, for the phone's page.
///
/// # Errors
/// [`ServiceError::NotFound`] for an invitation that was never given, was answered, or is too old.
pub async fn invited(city: &City, code: &str) -> Result<Found, ServiceError> {
    let kept = challenge::look(city, INVITATION, &unpack(code)?).await?;
    let (_, doc) = kept.ok_or(ServiceError::NotFound("invitation"))?;
    found(city, &serde_json::from_str(&doc).map_err(ServiceError::internal)?).await
}

/// The person at the phone signs in at the kiosk.
///
/// # Errors
/// As [`invited`].
pub async fn accept(city: &City, by: &SignedIn, code: &str) -> Result<Found, ServiceError> {
    let taken = challenge::take(city, INVITATION, &unpack(code)?).await;
    let (_, doc) = taken.map_err(|error| match error {
        ServiceError::NotFound(_) => ServiceError::NotFound("invitation"),
        other => other,
    })?;
    let kept: Kept = serde_json::from_str(&doc).map_err(ServiceError::internal)?;
    let found = found(city, &kept).await?;
    challenge::put(city, ANSWER, kept.answer, Some(by.account.id), kept.device).await?;
    Ok(found)
}

/// Whether somebody has accepted the invitation of this secret.
///
/// # Errors
/// What the store says.
pub async fn is_accepted(city: &City, secret: &str) -> Result<bool, ServiceError> {
    match BASE64.decode(secret) {
        Ok(secret) => Ok(challenge::look(city, ANSWER, &secret).await?.is_some()),
        Err(_) => Ok(false),
    }
}

/// Opens the session of whoever has accepted, at the kiosk that invited. `None` while nobody has.
///
/// # Errors
/// [`ServiceError::Changed`] when others change the device all the time.
pub async fn enter(city: &City, device: &Device, secret: &str) -> Result<Option<Session>, ServiceError> {
    let Ok(secret) = BASE64.decode(secret) else { return Ok(None) };
    let (account, at) = match challenge::take(city, ANSWER, &secret).await {
        Ok((Some(account), at)) => (account, at),
        Ok(_) | Err(ServiceError::NotFound(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    if at != device.id.to_string() {
        return Ok(None);
    }
    let (account, _) = accounts::load(city, &account).await?;
    for _ in 0..PATIENCE {
        let own = devices::load(city, &at).await?;
        let fact = DeviceFact::SignedIn { account: account.id.to_string(), at: city.now() };
        let (mut change, _) = devices::change(city, &account.id.to_string(), own, &[fact])?;
        let session = start(city, account.clone(), &mut change);
        match city.store().commit(change).await.map_err(ServiceError::from) {
            Ok(_) => return Ok(Some(session)),
            Err(ServiceError::Changed) => {}
            Err(other) => return Err(other),
        }
    }
    Err(ServiceError::Changed)
}

/// How an application stands, without a word about its applicant.
#[derive(Debug, Clone)]
pub struct Tracked {
    /// Its number.
    pub number: String,
    /// Slug of its matter.
    pub matter: String,
    /// Where it stands.
    pub state: Text,
    /// When it was received.
    pub received: Option<Timestamp>,
    /// When the next decision is due; `None` while the clock stands still or has ended.
    pub deadline: Option<Timestamp>,
    /// Nothing more will be decided.
    pub ended: bool,
}

/// How an application stands, for whoever knows its number and the end of the applicant's: both stand on the receipt and on the
/// document of the person who applied. The caller limits how often one may try.
///
/// # Errors
/// [`ServiceError::Invalid`] when they do not fit; whether the number or its end was wrong is not said.
pub async fn track(city: &City, number: &str, tail: &str) -> Result<Tracked, ServiceError> {
    let unknown = || {
        let text = Text::new(
            "没有找到相符的办件。请核对受理单上的办件编号和申请人证件号码后四位。",
            "No application fits. Compare the number on the receipt, and the last four signs of the applicant's document.",
        );
        ServiceError::Invalid(vec![FieldError::new("number", text)])
    };
    let sql = "SELECT doc, deadline FROM casefile WHERE region = $1 AND number = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), number.trim().into()]).await?;
    let row = row.ok_or_else(unknown)?;
    let case: Case = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    let tail = tail.trim().to_uppercase();
    if tail.chars().count() != TAIL || !case.applicant.code.to_uppercase().ends_with(&tail) {
        return Err(unknown());
    }
    Ok(Tracked {
        number: case.number.clone(),
        matter: case.matter.clone(),
        state: case.state.label(),
        received: case.received_at,
        deadline: Some(row.int(1)?).filter(|at| *at < i64::MAX / 8).map(Timestamp::from_micros),
        ended: case.state.is_final(),
    })
}

/// A ticket that was taken in the place of a kiosk today, with nothing about whose it is.
///
/// # Errors
/// [`ServiceError::NotFound`] for every other ticket.
pub async fn ticket_at(city: &City, device: &Device, id: &str) -> Result<Ticket, ServiceError> {
    let (own, _) = super::work::load(city, id).await?;
    match own.place == device.place && own.day == city.now().date() {
        true => Ok(own),
        false => Err(ServiceError::NotFound("ticket")),
    }
}
