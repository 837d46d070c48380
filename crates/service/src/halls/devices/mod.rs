//! Registered devices of places: who registers and revokes them, how they prove their key, what they report, and which of them
//! staff must look at.

mod connect;
mod report;
mod watched;

pub use connect::{Connected, challenge_device, connect, enrol, resolve_device};
pub use report::{beat, call_staff, complain, mend, staff_came};
pub use watched::{Seen, Troubled, devices_of, troubled};

use domain::accounts::{Action, Actor, Subject, may};
use domain::halls::{Device, DeviceFact, DeviceKind, DeviceState, TerminalRules, terminal_rules_on};
use domain::ids::DeviceId;
use domain::text::Text;
use domain::time::Timestamp;
use store::halls::{DEVICE, DEVICE_SEEN, DEVICE_SESSION};
use store::{Change, Expected, PlainDelete, RowWrite};

use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// Longest name of a device and longest reason, in characters.
const MAX_WORDS: usize = 60;
/// Characters of a code: 50 bits, without letters that are read as digits.
const CODE_LENGTH: usize = 10;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A device to be registered.
#[derive(Debug, Clone)]
pub struct NewDevice {
    /// Id of the place.
    pub place: String,
    /// Id of the terminal in the place's list; empty when the list does not name it.
    pub terminal: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Name for staff.
    pub name: String,
}

/// The rules of terminals in force now.
///
/// # Errors
/// [`ServiceError::NotFound`] when the catalogue has none.
pub fn terminal_rules(city: &City) -> Result<TerminalRules, ServiceError> {
    let shelf = city.shelf();
    let rules = terminal_rules_on(&shelf.places().terminals, city.now().date());
    rules.cloned().ok_or(ServiceError::NotFound("rules of terminals"))
}

/// A code as it is compared: capitals without what only makes it readable, and letters that look like digits as those.
fn normal(code: &str) -> String {
    let signs = code.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_uppercase());
    let read = |sign| match sign {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    signs.map(read).collect()
}

pub(in crate::halls) fn digest(code: &str) -> String {
    seal::digest::sha256_hex(normal(code).as_bytes())
}

/// A fresh code, as it is shown: `8K2M4-PQ7XW`.
pub(in crate::halls) fn fresh_code(city: &City) -> String {
    let bytes: [u8; CODE_LENGTH] = city.random();
    let sign = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).copied().map_or('0', char::from);
    let signs: String = bytes.iter().map(sign).collect();
    let (first, second) = signs.split_at(CODE_LENGTH / 2);
    format!("{first}-{second}")
}

/// The row that a device and its facts make.
fn device_row(
    city: &City,
    own: &Device,
    expected: Expected,
    facts: &[DeviceFact],
    by: &str,
) -> Result<RowWrite, ServiceError> {
    let code = match &own.state {
        DeviceState::Registered { code, .. } => Some(code.clone()),
        _ => None,
    };
    let since = own.faults.iter().map(|fault| fault.since).chain(own.calling).min();
    Ok(RowWrite {
        table: &DEVICE,
        id: own.id.to_string(),
        expected,
        columns: vec![
            own.place.clone().into(),
            own.kind.as_str().into(),
            own.state.name().into(),
            code.into(),
            since.map(Timestamp::micros).into(),
        ],
        doc: serde_json::to_string(own).map_err(ServiceError::internal)?,
        facts: city.facts(by, facts, DeviceFact::kind)?,
    })
}

/// A device with the version of its row.
pub(in crate::halls) async fn load(city: &City, id: &str) -> Result<(Device, i64), ServiceError> {
    let sql = "SELECT doc, version FROM device WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("device"))?;
    Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?))
}

/// A change that holds what the facts make of a device, and the device as it is then.
pub(in crate::halls) fn change(
    city: &City,
    by: &str,
    (own, version): (Device, i64),
    facts: &[DeviceFact],
) -> Result<(Change, Device), ServiceError> {
    let after = facts.iter().cloned().fold(Some(own), Device::evolve).ok_or(ServiceError::NotFound("device"))?;
    let row = device_row(city, &after, Expected::Version(version), facts, by)?;
    Ok((Change::new(city.region(), city.now()).row(row), after))
}

/// Puts the end of every session of a device into a change.
async fn end_sessions(city: &City, id: &str, change: &mut Change) -> Result<(), ServiceError> {
    let sql = "SELECT id FROM device_session WHERE region = $1 AND device = $2 ORDER BY id LIMIT 500";
    for row in city.store().query(sql, &[city.region().into(), id.into()]).await? {
        change.deletes.push(PlainDelete { table: &DEVICE_SESSION, id: row.text(0)?.to_owned() });
    }
    change.deletes.push(PlainDelete { table: &DEVICE_SEEN, id: id.to_owned() });
    Ok(())
}

/// Refuses whoever may neither mend nor register devices, before anything typed is looked at.
///
/// # Errors
/// [`ServiceError::Forbidden`].
pub fn permit(actor: &Actor) -> Result<(), ServiceError> {
    report::looks_after(actor)
}

/// What somebody wrote about a device: neither empty nor longer than a line.
fn words(field: &str, text: &str) -> Result<String, ServiceError> {
    let text = text.trim();
    if (1..=MAX_WORDS).contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    Err(ServiceError::field(field, "请填写 1 至 60 个字。", "Write 1 to 60 characters."))
}

/// Registers a device. Answers with the code that enrols it, which is shown this once.
///
/// # Errors
/// [`ServiceError::Forbidden`] for whoever does not manage accounts; [`ServiceError::Invalid`] for a name that cannot be, or a
/// terminal that the place has not; [`ServiceError::NotFound`] for a place that there is not.
pub async fn register(city: &City, actor: &Actor, new: NewDevice) -> Result<(Device, String), ServiceError> {
    may(actor, Action::ManageAccounts, &Subject::default())?;
    let (rules, shelf, now) = (terminal_rules(city)?, city.shelf(), city.now());
    let place = shelf.place(&new.place)?;
    if !new.terminal.is_empty() && !place.terminals.iter().any(|own| own.id == new.terminal) {
        let text = Text::new("这个场所的清单里没有这台终端。", "The place's list has no such terminal.");
        return Err(ServiceError::Invalid(vec![FieldError::new("terminal", text)]));
    }
    let code = fresh_code(city);
    let until = now.plus_seconds(i64::from(rules.enrol_minutes) * 60);
    let device = Device {
        id: DeviceId::new(now, city.random()),
        place: place.id.clone(),
        terminal: new.terminal,
        kind: new.kind,
        name: words("name", &new.name)?,
        faults: Vec::new(),
        calling: None,
        state: DeviceState::Registered { code: digest(&code), until },
    };
    let fact = DeviceFact::Registered { device: Box::new(device.clone()) };
    let row = device_row(city, &device, Expected::New, &[fact], &actor.label())?;
    city.store().commit(Change::new(city.region(), now).row(row)).await?;
    Ok((device, code))
}

/// Gives a device another code; its key and its sessions end at once.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`]; [`ServiceError::Hall`] for a revoked one.
pub async fn issue_code(city: &City, actor: &Actor, id: &str) -> Result<(Device, String), ServiceError> {
    may(actor, Action::ManageAccounts, &Subject::default())?;
    let own = load(city, id).await?;
    let code = fresh_code(city);
    let until = city.now().plus_seconds(i64::from(terminal_rules(city)?.enrol_minutes) * 60);
    let fact = own.0.issue_code(&digest(&code), until)?;
    let (mut change, after) = change(city, &actor.label(), own, &[fact])?;
    end_sessions(city, id, &mut change).await?;
    city.store().commit(change).await?;
    Ok((after, code))
}

/// Revokes a device: what it has opened ends at once.
///
/// # Errors
/// As [`issue_code`]; [`ServiceError::Invalid`] without a reason.
pub async fn revoke_device(city: &City, actor: &Actor, id: &str, reason: &str) -> Result<Device, ServiceError> {
    may(actor, Action::ManageAccounts, &Subject::default())?;
    let reason = words("reason", reason)?;
    let own = load(city, id).await?;
    let fact = own.0.revoke(&reason, city.now())?;
    let (mut change, after) = change(city, &actor.label(), own, &[fact])?;
    end_sessions(city, id, &mut change).await?;
    city.store().commit(change).await?;
    Ok(after)
}
