//! What the QR code says.

use ciborium::Value;
use domain::codes::licence_id::ROOT;
use domain::codes::mask;
use domain::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;

use super::QrError;
use crate::jcs::JcsError;
use crate::licence::{LicenceData, StatusRef};

/// How many characters of the holder's name go into the code.
pub const NAME_CHARS: usize = 40;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// The claims of a QR code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrClaims {
    /// The whole licence identifier.
    pub identifier: String,
    /// Type code, 21 characters.
    pub type_code: String,
    /// The holder's name, at most [`NAME_CHARS`] characters; a cut one ends in `…`.
    pub holder_name: String,
    /// The holder's code, masked as [`mask`] does.
    pub holder_code_masked: String,
    /// The issuer's unified social credit code.
    pub issuer_code: String,
    /// Day of issue.
    pub issue_date: Date,
    /// First legal day of validity.
    pub valid_from: Date,
    /// Last legal day of validity, `None` = without limit.
    pub valid_to: Option<Date>,
    /// SM3 of the licence data.
    pub digest: [u8; 32],
    /// Where the status stands.
    pub status: StatusRef,
}

impl QrClaims {
    /// The claims that belong to a licence.
    pub fn of(data: &LicenceData) -> Result<QrClaims, JcsError> {
        Ok(QrClaims {
            identifier: data.identifier.clone(),
            type_code: data.kind.code.clone(),
            holder_name: cut(&data.holder.name),
            holder_code_masked: mask(&data.holder.code),
            issuer_code: data.issuer.uscc.clone(),
            issue_date: data.issue_date,
            valid_from: data.valid_from,
            valid_to: data.valid_to,
            digest: data.sm3()?,
            status: data.status.clone(),
        })
    }

    /// Whether the instant's legal day lies in the period of validity.
    pub fn covers(&self, now: Timestamp) -> bool {
        let day = now.date();
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    pub(super) fn to_cbor(&self) -> Result<Vec<u8>, QrError> {
        let prefix = self.prefix();
        let own =
            self.identifier.strip_prefix(&prefix).ok_or(QrError::Malformed("identifier, type and issuer differ"))?;
        let text = |text: &str| Value::Text(text.to_owned());
        let status = vec![text(&self.status.list), Value::from(self.status.index)];
        let values = [
            text(own),
            text(&self.type_code),
            text(&self.holder_name),
            text(&self.holder_code_masked),
            text(&self.issuer_code),
            days(self.issue_date),
            days(self.valid_from),
            self.valid_to.map_or(Value::Null, days),
            Value::Bytes(self.digest.to_vec()),
            Value::Array(status),
        ];
        let map = (1u8..).map(Value::from).zip(values).collect();
        let mut bytes = Vec::new();
        ciborium::into_writer(&Value::Map(map), &mut bytes).map_err(|_| QrError::Malformed("not CBOR"))?;
        Ok(bytes)
    }

    pub(super) fn from_cbor(bytes: &[u8]) -> Result<QrClaims, QrError> {
        let bad = QrError::Malformed("unexpected claims");
        let map = match ciborium::from_reader::<Value, _>(bytes) {
            Ok(Value::Map(map)) if map.len() == 10 => map,
            _ => return Err(bad),
        };
        let mut values = map.into_iter().map(|(_, value)| value);
        let mut next = || values.next().unwrap_or(Value::Null);
        let read = (|| {
            let own = next().into_text().ok()?;
            let mut claims = QrClaims {
                identifier: String::new(),
                type_code: next().into_text().ok()?,
                holder_name: next().into_text().ok()?,
                holder_code_masked: next().into_text().ok()?,
                issuer_code: next().into_text().ok()?,
                issue_date: date(next())?,
                valid_from: date(next())?,
                valid_to: match next() {
                    Value::Null => None,
                    value => Some(date(value)?),
                },
                digest: next().into_bytes().ok()?.try_into().ok()?,
                status: status(next())?,
            };
            claims.identifier = claims.prefix() + &own;
            Some(claims)
        })();
        // Writing it again settles everything else: the keys, their order, the shortest forms.
        match read {
            Some(claims) if claims.to_cbor()? == bytes => Ok(claims),
            _ => Err(bad),
        }
    }

    fn prefix(&self) -> String {
        format!("{ROOT}{}.{}.", self.type_code, self.issuer_code)
    }
}

fn status(value: Value) -> Option<StatusRef> {
    let mut parts = value.into_array().ok()?.into_iter();
    let (list, index) = (parts.next()?.into_text().ok()?, parts.next()?.into_integer().ok()?);
    if parts.next().is_some() {
        return None;
    }
    Some(StatusRef { list, index: u32::try_from(index).ok()? })
}

fn days(date: Date) -> Value {
    Value::from(date.since(EPOCH).map_or(0, |span| span.get_days()))
}

fn date(value: Value) -> Option<Date> {
    let days = i32::try_from(value.into_integer().ok()?).ok()?;
    EPOCH.checked_add(days.days()).ok()
}

fn cut(name: &str) -> String {
    if name.chars().count() <= NAME_CHARS {
        return name.to_owned();
    }
    name.chars().take(NAME_CHARS - 1).chain(['…']).collect()
}
