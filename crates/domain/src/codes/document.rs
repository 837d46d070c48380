//! Identity documents of persons, beside the citizen number.
//!
//! Layouts of passports and travel permits are from general knowledge of the printed documents; only the cards of 18
//! characters have a check character.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

use super::citizen_id::{self, CitizenId};
use super::{Code, CodeError, Part, characters, clip, part};
use crate::text::Text;

/// Kind of an identity document 证件类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdKind {
    /// 居民身份证.
    CitizenId,
    /// 港澳居民居住证, 81 or 82.
    HongKongMacaoResidence,
    /// 台湾居民居住证, 83.
    TaiwanResidence,
    /// 外国人永久居留身份证.
    PermanentResident,
    /// 中华人民共和国护照.
    Passport,
    /// 外国护照.
    ForeignPassport,
    /// 港澳居民来往内地通行证.
    HongKongMacaoPermit,
    /// 台湾居民来往大陆通行证.
    TaiwanPermit,
}

impl IdKind {
    /// All kinds, commonest first, as a form offers them.
    pub const ALL: [IdKind; 8] = [
        IdKind::CitizenId,
        IdKind::HongKongMacaoResidence,
        IdKind::TaiwanResidence,
        IdKind::PermanentResident,
        IdKind::Passport,
        IdKind::ForeignPassport,
        IdKind::HongKongMacaoPermit,
        IdKind::TaiwanPermit,
    ];

    /// The word that is stored: `taiwan-permit`.
    pub fn as_str(self) -> &'static str {
        match self {
            IdKind::CitizenId => "citizen-id",
            IdKind::HongKongMacaoResidence => "hong-kong-macao-residence",
            IdKind::TaiwanResidence => "taiwan-residence",
            IdKind::PermanentResident => "permanent-resident",
            IdKind::Passport => "passport",
            IdKind::ForeignPassport => "foreign-passport",
            IdKind::HongKongMacaoPermit => "hong-kong-macao-permit",
            IdKind::TaiwanPermit => "taiwan-permit",
        }
    }

    /// The document's name.
    pub fn name(self) -> Text {
        let (zh, en) = match self {
            IdKind::CitizenId => ("居民身份证", "Resident identity card"),
            IdKind::HongKongMacaoResidence => ("港澳居民居住证", "Residence permit for Hong Kong and Macao residents"),
            IdKind::TaiwanResidence => ("台湾居民居住证", "Residence permit for Taiwan residents"),
            IdKind::PermanentResident => ("外国人永久居留身份证", "Foreign permanent resident card"),
            IdKind::Passport => ("中华人民共和国护照", "Passport of the People's Republic of China"),
            IdKind::ForeignPassport => ("外国护照", "Foreign passport"),
            IdKind::HongKongMacaoPermit => {
                ("港澳居民来往内地通行证", "Mainland travel permit for Hong Kong and Macao residents")
            }
            IdKind::TaiwanPermit => ("台湾居民来往大陆通行证", "Mainland travel permit for Taiwan residents"),
        };
        Text::new(zh, en)
    }

    fn code(self) -> Code {
        match self {
            IdKind::CitizenId => Code::CitizenId,
            IdKind::HongKongMacaoResidence => Code::HongKongMacaoResidence,
            IdKind::TaiwanResidence => Code::TaiwanResidence,
            IdKind::PermanentResident => Code::PermanentResident,
            IdKind::Passport => Code::Passport,
            IdKind::ForeignPassport => Code::ForeignPassport,
            IdKind::HongKongMacaoPermit => Code::HongKongMacaoPermit,
            IdKind::TaiwanPermit => Code::TaiwanPermit,
        }
    }
}

impl FromStr for IdKind {
    type Err = CodeError;

    /// # Errors
    /// A word that names no document.
    fn from_str(word: &str) -> Result<Self, CodeError> {
        let found = IdKind::ALL.into_iter().find(|kind| kind.as_str() == word);
        found.ok_or_else(|| CodeError::Unlisted { code: Code::CitizenId, found: clip(word) })
    }
}

/// An identity document whose number can exist. `Debug` hides the middle of the number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum IdDocument {
    /// 居民身份证 of a citizen on the mainland or in Taiwan's range 71.
    Citizen(CitizenId),
    /// 港澳居民居住证.
    HongKongMacaoResidence(CitizenId),
    /// 台湾居民居住证.
    TaiwanResidence(CitizenId),
    /// 外国人永久居留身份证: 18 characters from 9 (since 2023), or three letters and twelve digits.
    PermanentResident(String),
    /// 中华人民共和国护照.
    Passport(String),
    /// 外国护照.
    ForeignPassport(String),
    /// 港澳居民来往内地通行证.
    HongKongMacaoPermit(String),
    /// 台湾居民来往大陆通行证.
    TaiwanPermit(String),
}

/// Reads a number of a kind of document as printed.
///
/// # Errors
/// What does not fit the layout of the document, a birth after `today`, a wrong check character.
pub fn parse(kind: IdKind, number: &str, today: Date) -> Result<IdDocument, CodeError> {
    if number.is_empty() {
        return Err(CodeError::Empty(kind.code()));
    }
    let text = || number.to_owned();
    match kind {
        IdKind::CitizenId => Ok(IdDocument::Citizen(residence(kind, number, today, |p| !p.starts_with('8'))?)),
        IdKind::HongKongMacaoResidence => {
            let id = residence(kind, number, today, |p| matches!(p, "81" | "82"))?;
            Ok(IdDocument::HongKongMacaoResidence(id))
        }
        IdKind::TaiwanResidence => Ok(IdDocument::TaiwanResidence(residence(kind, number, today, |p| p == "83")?)),
        IdKind::PermanentResident => permanent_resident(number, today).map(|()| IdDocument::PermanentResident(text())),
        IdKind::Passport => passport(number).map(|()| IdDocument::Passport(text())),
        IdKind::ForeignPassport => foreign_passport(number).map(|()| IdDocument::ForeignPassport(text())),
        IdKind::HongKongMacaoPermit => hong_kong_macao(number).map(|()| IdDocument::HongKongMacaoPermit(text())),
        IdKind::TaiwanPermit => taiwan(number).map(|()| IdDocument::TaiwanPermit(text())),
    }
}

/// A card of the layout of the citizen number whose first two digits `fit`.
fn residence(kind: IdKind, number: &str, today: Date, fit: impl Fn(&str) -> bool) -> Result<CitizenId, CodeError> {
    let code = kind.code();
    let id = citizen_id::parse(number, today).map_err(|error| match error {
        CodeError::Length { expected, found, .. } => CodeError::Length { code, expected, found },
        CodeError::Character { position, found, .. } => CodeError::Character { code, position, found },
        CodeError::Check { position, .. } => CodeError::Check { code, position },
        CodeError::Part { part, position, found, .. } => CodeError::Part { code, part, position, found },
        other => other,
    })?;
    if fit(part(number, 0..2)) { Ok(id) } else { Err(prefix(code, part(number, 0..2))) }
}

fn prefix(code: Code, found: &str) -> CodeError {
    CodeError::Part { code, part: Part::Prefix, position: 1, found: clip(found) }
}

fn permanent_resident(number: &str, today: Date) -> Result<(), CodeError> {
    let code = Code::PermanentResident;
    if number.chars().count() == 15 {
        characters(code, part(number, 0..3), 0, |c| c.is_ascii_uppercase())?;
        return characters(code, number.get(3..).unwrap_or_default(), 3, |c| c.is_ascii_digit());
    }
    citizen_id::layout(code, number, today)?;
    if !number.starts_with('9') {
        return Err(prefix(code, part(number, 0..1)));
    }
    citizen_id::check(code, number)
}

/// Refuses another number of characters than one of `lengths`, and characters that are no digits or capitals.
fn plain(code: Code, number: &str, lengths: std::ops::RangeInclusive<usize>) -> Result<(), CodeError> {
    characters(code, number, 0, |c| c.is_ascii_digit() || c.is_ascii_uppercase())?;
    if lengths.contains(&number.len()) {
        return Ok(());
    }
    let expected = match lengths.start() == lengths.end() {
        true => lengths.start().to_string(),
        false => format!("{}–{}", lengths.start(), lengths.end()),
    };
    Err(CodeError::Length { code, expected, found: number.len() })
}

/// One letter and eight digits (ordinary E and G, service P and SE, diplomatic D and DE …), or two letters and seven digits.
fn passport(number: &str) -> Result<(), CodeError> {
    let code = Code::Passport;
    plain(code, number, 9..=9)?;
    if !number.starts_with(['D', 'E', 'G', 'H', 'K', 'M', 'P', 'S']) {
        return Err(prefix(code, part(number, 0..1)));
    }
    characters(code, part(number, 2..9), 2, |c| c.is_ascii_digit())
}

/// Countries differ: 5 to 20 digits and capitals, at least one digit.
fn foreign_passport(number: &str) -> Result<(), CodeError> {
    let code = Code::ForeignPassport;
    plain(code, number, 5..=20)?;
    if number.contains(|c: char| c.is_ascii_digit()) { Ok(()) } else { Err(prefix(code, number)) }
}

/// H (Hong Kong) or M (Macao) and eight digits; older cards add two digits for the renewal.
fn hong_kong_macao(number: &str) -> Result<(), CodeError> {
    let code = Code::HongKongMacaoPermit;
    plain(code, number, 9..=11)?;
    if number.len() == 10 {
        return Err(CodeError::Length { code, expected: "9、11".into(), found: 10 });
    }
    if !number.starts_with(['H', 'M']) {
        return Err(prefix(code, part(number, 0..1)));
    }
    characters(code, part(number, 1..number.len()), 1, |c| c.is_ascii_digit())
}

/// Eight digits.
fn taiwan(number: &str) -> Result<(), CodeError> {
    plain(Code::TaiwanPermit, number, 8..=8)?;
    characters(Code::TaiwanPermit, number, 0, |c| c.is_ascii_digit())
}

impl IdDocument {
    /// Its kind.
    pub fn kind(&self) -> IdKind {
        match self {
            IdDocument::Citizen(_) => IdKind::CitizenId,
            IdDocument::HongKongMacaoResidence(_) => IdKind::HongKongMacaoResidence,
            IdDocument::TaiwanResidence(_) => IdKind::TaiwanResidence,
            IdDocument::PermanentResident(_) => IdKind::PermanentResident,
            IdDocument::Passport(_) => IdKind::Passport,
            IdDocument::ForeignPassport(_) => IdKind::ForeignPassport,
            IdDocument::HongKongMacaoPermit(_) => IdKind::HongKongMacaoPermit,
            IdDocument::TaiwanPermit(_) => IdKind::TaiwanPermit,
        }
    }

    /// Its number.
    pub fn number(&self) -> &str {
        match self {
            IdDocument::Citizen(id) | IdDocument::HongKongMacaoResidence(id) | IdDocument::TaiwanResidence(id) => {
                id.as_str()
            }
            IdDocument::PermanentResident(number)
            | IdDocument::Passport(number)
            | IdDocument::ForeignPassport(number)
            | IdDocument::HongKongMacaoPermit(number)
            | IdDocument::TaiwanPermit(number) => number,
        }
    }

    /// Its number with the middle hidden.
    pub fn mask(&self) -> String {
        super::mask(self.number())
    }
}

impl fmt::Debug for IdDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({})", self.kind(), self.mask())
    }
}
