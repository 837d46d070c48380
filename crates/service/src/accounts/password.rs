//! Passwords: argon2id with 19 MiB and two passes (OWASP's first choice for servers), off the async threads.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::accounts::Account;
use store::PlainWrite;
use store::accounts::SECRET;
use tokio::task::spawn_blocking;

use crate::city::City;
use crate::error::ServiceError;

/// Shortest password, in characters.
pub(super) const MIN_CHARS: usize = 8;
/// Longest password, in bytes: argon2 would take more, but nobody types more.
pub(super) const MAX_BYTES: usize = 200;

fn hasher() -> Result<Argon2<'static>, ServiceError> {
    let params = Params::new(19_456, 2, 1, None).map_err(ServiceError::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The PHC string of a password under a fresh salt.
pub(super) async fn hash(password: String, salt: [u8; 16]) -> Result<String, ServiceError> {
    spawn_blocking(move || {
        let hash = hasher()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(ServiceError::internal)?;
        Ok(hash.to_string())
    })
    .await
    .map_err(ServiceError::internal)?
}

/// Whether a password fits its PHC string. The same work is done when there is no account, so that the time tells nothing.
pub(super) async fn fits(password: String, phc: Option<String>) -> Result<bool, ServiceError> {
    spawn_blocking(move || {
        let known = phc.is_some();
        let phc = phc.unwrap_or_else(|| NOBODY.to_owned());
        let parsed = PasswordHash::new(&phc).map_err(ServiceError::internal)?;
        let fits = hasher()?.verify_password(password.as_bytes(), &parsed).is_ok();
        Ok(fits && known)
    })
    .await
    .map_err(ServiceError::internal)?
}

/// What an account's row and facts say of the hash.
pub(super) fn mark(phc: &str) -> String {
    seal::digest::sha256_hex(phc.as_bytes())
}

/// The row that keeps the hash of an account.
pub(super) fn row(account: &Account, phc: String) -> PlainWrite {
    PlainWrite { table: &SECRET, id: account.id.to_string(), columns: vec![phc.into()] }
}

/// The hash of an account's password; `None` where it has none, or where the one on file is not the one that its row names.
pub(super) async fn of(city: &City, account: &Account) -> Result<Option<String>, ServiceError> {
    let Some(mark_of_row) = &account.password else { return Ok(None) };
    if mark_of_row.starts_with("$argon2") {
        return Ok(Some(mark_of_row.clone()));
    }
    let sql = "SELECT phc FROM account_secret WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), account.id.to_string().into()]).await?;
    let phc = row.map(|row| row.text(0).map(str::to_owned)).transpose()?;
    Ok(phc.filter(|phc| mark(phc) == *mark_of_row))
}

/// The hash of a password that nobody has.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
