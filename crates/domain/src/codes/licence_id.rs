//! 电子证照标识 (GB/T 36904): `1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>`.

use std::fmt;

use super::{Code, CodeError, Part, characters, clip};

/// The arc of electronic licences with its dot.
pub const ROOT: &str = "1.2.156.3005.2.";

/// A licence identifier with a right check character. Not the printed number 证照编号 of the licence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenceIdentifier {
    type_code: String,
    issuer: String,
    serial: String,
    version: u16,
    check: char,
}

/// Reads an identifier as printed. Older systems put other lengths than 18 in the issuer's place, so 6 to 18 are accepted.
///
/// # Errors
/// Another root, not five parts behind it, a part of wrong length or characters, a wrong check character.
pub fn parse(value: &str) -> Result<LicenceIdentifier, CodeError> {
    if value.is_empty() {
        return Err(CodeError::Empty(Code::LicenceId));
    }
    let rest = value.strip_prefix(ROOT).ok_or_else(|| wrong(Part::Root, 1, value))?;
    let parts: Vec<&str> = rest.splitn(6, '.').collect();
    let &[type_code, issuer, serial, version, check] = parts.as_slice() else {
        return Err(wrong(Part::Parts, ROOT.len() + 1, rest));
    };
    let read = fields(type_code, issuer, serial, 6)?;
    let at = ROOT.len() + type_code.len() + issuer.len() + serial.len() + 4;
    let digits = version.len() == 3 && version.chars().all(|c| c.is_ascii_digit());
    let number = version.parse().ok().filter(|n| digits && *n > 0).ok_or_else(|| wrong(Part::Version, at, version))?;
    let position = at + 4;
    let mut characters = check.chars();
    let (Some(found), None) = (characters.next(), characters.next()) else {
        return Err(wrong(Part::PartLength, position, check));
    };
    let identifier = LicenceIdentifier { version: number, check: found, ..read };
    if identifier.expected_check() != Some(found) {
        return Err(CodeError::Check { code: Code::LicenceId, position });
    }
    Ok(identifier)
}

/// Makes an identifier: `type_code` 21 characters, `issuer` 18, `serial` 1 to 32 capitals or digits, `version` from 1.
///
/// # Errors
/// A part of wrong length or characters; a version of 0 or above 999.
pub fn compose(type_code: &str, issuer: &str, serial: &str, version: u16) -> Result<LicenceIdentifier, CodeError> {
    let mut identifier = fields(type_code, issuer, serial, 18)?;
    if !(1..=999).contains(&version) {
        return Err(wrong(Part::Version, ROOT.len() + 1, &version.to_string()));
    }
    identifier.version = version;
    // The characters were checked, so there is a check character.
    identifier.check = identifier.expected_check().ok_or_else(|| wrong(Part::Parts, ROOT.len() + 1, serial))?;
    Ok(identifier)
}

fn wrong(part: Part, position: usize, found: &str) -> CodeError {
    CodeError::Part { code: Code::LicenceId, part, position, found: clip(found) }
}

/// The three free parts, checked; version and check are still to come.
fn fields(type_code: &str, issuer: &str, serial: &str, shortest_issuer: usize) -> Result<LicenceIdentifier, CodeError> {
    let mut at = ROOT.len();
    for (text, lengths) in [(type_code, 21..=21), (issuer, shortest_issuer..=18), (serial, 1..=32)] {
        characters(Code::LicenceId, text, at, |c| c.is_ascii_digit() || c.is_ascii_uppercase())?;
        if !lengths.contains(&text.len()) {
            return Err(wrong(Part::PartLength, at + 1, text));
        }
        at += text.len() + 1;
    }
    let sequence = super::part(type_code, 18..21);
    characters(Code::LicenceId, sequence, ROOT.len() + 18, |c| c.is_ascii_digit())?;
    Ok(LicenceIdentifier {
        type_code: type_code.to_owned(),
        issuer: issuer.to_owned(),
        serial: serial.to_owned(),
        version: 0,
        check: '0',
    })
}

/// ISO/IEC 7064 MOD 37,36 (GB/T 17710) over digits and capitals; `None` for any other character.
fn mod_37_36(text: impl Iterator<Item = char>) -> Option<char> {
    let mut product = 36;
    for c in text {
        let value = c.to_digit(36).filter(|_| !c.is_ascii_lowercase())?;
        let sum = match (product + value) % 36 {
            0 => 36,
            sum => sum,
        };
        product = sum * 2 % 37;
    }
    char::from_digit((37 - product) % 36, 36).map(|c| c.to_ascii_uppercase())
}

impl LicenceIdentifier {
    fn expected_check(&self) -> Option<char> {
        let version = format!("{:03}", self.version);
        mod_37_36(self.type_code.chars().chain(self.issuer.chars()).chain(self.serial.chars()).chain(version.chars()))
    }

    /// 证照类型代码: credit code of the body that defined the type and three digits.
    pub fn type_code(&self) -> &str {
        &self.type_code
    }

    /// 颁发机构代码.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// 流水号.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// 版本号, from 1: it rises with each change of the licence.
    pub fn version(&self) -> u16 {
        self.version
    }

    /// 校验位.
    pub fn check(&self) -> char {
        self.check
    }
}

impl fmt::Display for LicenceIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LicenceIdentifier { type_code, issuer, serial, version, check } = self;
        write!(f, "{ROOT}{type_code}.{issuer}.{serial}.{version:03}.{check}")
    }
}
