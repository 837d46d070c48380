//! What is given out once and comes back once: the challenge of a passkey or a device, the state of a sign-in at a provider, the
//! invitation of a kiosk.

use domain::ids::AccountId;
use store::accounts::CHALLENGE;
use store::{Change, Increment, PlainWrite, StoreError};

use crate::city::City;
use crate::error::ServiceError;

/// How long a person has to answer, in seconds.
pub(super) const LIFETIME_SECONDS: i64 = 300;

/// What came back: the account that it was given to (`None` when nobody was signed in), and what was kept with it.
pub(crate) type Taken = (Option<String>, String);

fn digest(secret: &[u8]) -> String {
    seal::digest::sha256_hex(secret)
}

/// Keeps the digest of a fresh secret for [`LIFETIME_SECONDS`].
pub(crate) async fn give(
    city: &City,
    purpose: &str,
    secret: &[u8],
    account: Option<AccountId>,
    doc: String,
) -> Result<(), ServiceError> {
    put(city, purpose, digest(secret), account, doc).await
}

/// The digest under which a secret is kept, for whoever hands the answer over without knowing the secret.
pub(crate) fn kept_as(secret: &[u8]) -> String {
    digest(secret)
}

/// Keeps an answer under a digest from [`kept_as`]: whoever has the secret takes it, once.
pub(crate) async fn put(
    city: &City,
    purpose: &str,
    id: String,
    account: Option<AccountId>,
    doc: String,
) -> Result<(), ServiceError> {
    let now = city.now();
    let mut change = Change::new(city.region(), now);
    change.plain.push(PlainWrite {
        table: &CHALLENGE,
        id,
        columns: vec![
            purpose.into(),
            account.map(|id| id.to_string()).into(),
            1_i64.into(),
            now.plus_seconds(LIFETIME_SECONDS).micros().into(),
            doc.into(),
        ],
    });
    city.store().commit(change).await?;
    Ok(())
}

/// What is kept with a secret that was not taken yet, without taking it.
pub(crate) async fn look(city: &City, purpose: &str, secret: &[u8]) -> Result<Option<Taken>, ServiceError> {
    let sql = "SELECT purpose, account, expires, doc, uses FROM challenge WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), digest(secret).into()]).await?;
    let Some(row) = row else { return Ok(None) };
    let open = row.text(0)? == purpose && row.int(2)? > city.now().micros() && row.int(4)? > 0;
    Ok(if open { Some((row.opt_text(1)?.map(str::to_owned), row.text(3)?.to_owned())) } else { None })
}

/// Takes a secret back, once, whatever comes of it afterwards. `NotFound` for one that was never given out for this
/// purpose, is too old, or has come back before.
pub(crate) async fn take(city: &City, purpose: &str, secret: &[u8]) -> Result<Taken, ServiceError> {
    const GONE: ServiceError = ServiceError::NotFound("challenge");
    let id = digest(secret);
    let sql = "SELECT purpose, account, expires, doc FROM challenge WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.as_str().into()]).await?.ok_or(GONE)?;
    if row.text(0)? != purpose || row.int(2)? <= city.now().micros() {
        return Err(GONE);
    }
    let mut change = Change::new(city.region(), city.now());
    change.increments.push(Increment { table: &CHALLENGE, id, column: "uses", by: -1, guard: Some(0) });
    match city.store().commit(change).await {
        Ok(_) => Ok((row.opt_text(1)?.map(str::to_owned), row.text(3)?.to_owned())),
        Err(StoreError::GuardFailed { .. } | StoreError::NoSuchRow { .. }) => Err(GONE),
        Err(other) => Err(other.into()),
    }
}
